"""The party of a 双公示 row: named by a code alone, whichever of the columns for codes holds it."""

import re
from collections.abc import Mapping
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import IdKind, redact
from credit.model.party import PartyKind
from credit.model.statements import PartyStatement
from importers.cells import folded
from importers.codes import has_code, identifier_in
from importers.company_register import kind_of
from importers.source import Row, SourceSpec

_CODES: Final = ("credit_code", "organisation_code", "registration_number")
_COVERED: Final = re.compile(r"[*＊]|×{2}|…|\.{3}")


class PublicitySpec(SourceSpec):
    """The TOML of a 双公示 source: with the words for kinds of parties."""

    parties: Mapping[str, PartyKind]


def kind_in(row: Row, parties: Mapping[str, PartyKind]) -> PartyKind | None:
    """Return the kind stated; where none is (2015), a row with an identity number and no code is a person's.

    Raises: FieldInvalid.
    """
    word = folded(row["kind"])
    if word:
        kind = parties.get(word)
        if kind is None:
            raise FieldInvalid(
                f"行政相对人类别“{row['kind']}”无法识别", f"the kind of party {row['kind']!r} is not known"
            )
        return kind
    return PartyKind.PERSON if row["identity_number"] and not any(has_code(row[field]) for field in _CODES) else None


def name_in(row: Row) -> str:
    """Return the party's name; it may become that of a party not held yet, so a covered or cut one is none.

    Raises: FieldInvalid.
    """
    name = redact(row.needed("name", "行政相对人名称"))
    if _COVERED.search(name):
        raise FieldInvalid(
            f"行政相对人名称“{name}”有掩码或不完整，请人工核对",
            f"the name {name!r} is masked or cut: a person must look",
        )
    return name


def organisation_in(row: Row, name: str, *, single: bool) -> PartyStatement:
    """Name an organisation by the surest code there is; two codes that contradict each other name nobody.

    ``single``: the row says that it is an individual business. Raises: FieldInvalid, IdentifierInvalid.
    """
    identifier = identifier_in(row, fields=_CODES)
    if identifier.kind is IdKind.LEI:
        raise FieldInvalid("代码栏中是 LEI，不是境内主体的代码，请人工核对", "the code is an LEI: a person must look")
    kind = PartyKind.INDIVIDUAL_BUSINESS if single else kind_of(identifier)
    return PartyStatement(id=identifier.id, kind=kind, name=name, only_if_new=True)
