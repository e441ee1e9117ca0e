"""The party of a row on a list of bad conduct in procurement: an organisation by its codes, a person by the number."""

from credit.errors import FieldInvalid
from credit.identifiers import IdKind, check_identity_number, redact, repair
from credit.model.party import PartyKind
from credit.model.record import MatchedBy
from credit.model.statements import PartyStatement
from importers.codes import identifier_in, is_masked_persons, is_persons
from importers.company_register import kind_of
from importers.damaged_text import is_damaged
from importers.person_names import is_a_persons_name
from importers.source import Row


def party_in(row: Row, name: str) -> tuple[PartyStatement, MatchedBy]:
    """Name a row's party by its codes, a natural person by the whole number; ``name`` is what the column is called.

    Raises: FieldInvalid, IdentifierInvalid.
    """
    called = row.needed("name", name)
    if is_damaged(called):
        raise FieldInvalid(f"名称“{called}”有损坏，请人工核对", f"the name {called!r} is damaged: a person must look")
    if is_masked_persons(row["code"]):
        raise FieldInvalid(
            "代码栏中的公民身份号码有掩码，姓名加掩码不能确定身份，请人工核对后录入",
            "the identity number given for a code is masked: with a name it is no identity, a person must match it",
        )
    if is_persons(row["code"]) and is_a_persons_name(called):
        number = check_identity_number(repair(row["code"]))
        person = PartyStatement(
            id=None, kind=PartyKind.PERSON, name=redact(called), identity_number=number, only_if_new=True
        )
        return person, MatchedBy.IDENTIFIER
    identifier = identifier_in(row)
    by_inner = identifier.kind is IdKind.ORGANISATION_CODE
    party = PartyStatement(id=identifier.id, kind=kind_of(identifier), name=redact(called), only_if_new=True)
    return party, MatchedBy.ORGANISATION_CODE if by_inner else MatchedBy.IDENTIFIER
