"""What sources abroad have in common: who a body is, when a day is, whether an entry is a person's.

A foreign body is named by a number that a register or the source itself gave: ``foreign:CC:register:number``. A body
that a source knows by name alone is still one entry of that source: it is registered under the source's own register
(``foreign:US:worldbank:…``; CC is the seat of who keeps it), by the entry's number, else by a digest of the entry's
name, address and country. The same entry told twice is then one party, and no two entries are ever joined by a name:
that is for a person to do (a merge). A mainland body is that of a credit code only where the code stands in a column of
its own: one in free text may be an affiliate's, or that of whom the entry follows.

Natural persons get their id from the registry; the entry's key (``PartyStatement.entry``) finds them again.
"""

import re
import unicodedata
from datetime import date
from hashlib import blake2b
from typing import Final, Literal

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.identifiers import IdKind, parse, recognise, redact, repair
from credit.model.party import Contact, PartyKind
from credit.model.statements import UNSET, PartyStatement
from importers.cells import day, folded
from importers.company_register import kind_of

Order = Literal["mdy", "dmy"]

_WORD: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r"[A-Za-z0-9./-]{1,40}")
_CODE: Final = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])")
_STAMP: Final = re.compile(r"(\d{4}-\d{2}-\d{2})T[0-9:.]+(?:Z|[+-]\d{2}:?\d{2})?")
_SLASHED: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_WORDED: Final = re.compile(
    r"(?:(?P<d1>\d{1,2})[\s/-]*(?P<m1>[A-Za-z]{3,9})\.?|(?P<m2>[A-Za-z]{3,9})\.?\s*(?P<d2>\d{1,2}),?)[\s/-]*(?P<y>\d{4})"
)
_NEW_LENGTH: Final = 18
_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")
MAINLAND: Final = "CN"
"""A body of this country has a Chinese number: it is never ``foreign:CN:…``."""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def entry_key(*parts: str) -> str:
    """Make the key of an entry that has no number of its own: case, width, and the signs between words do not matter.

    It is of letters alone, so that it never reads as an identity number.

    >>> entry_key("ACME Ltd.", "1 Road") == entry_key("Acme  LTD", "1, road") != entry_key("Acme Ltd", "2 Road")
    True
    >>> entry_key("ACME Ltd.").isalpha()
    True
    """
    plain = (" ".join(_WORD.findall(unicodedata.normalize("NFKC", part).casefold())) for part in parts)
    return _digest("\0".join(plain))


def in_register(country: str, register: str, number: str, *, told: bool = False) -> str:
    """Return the id of a foreign body; a number with signs that ids do not have is digested.

    ``told``: the source says that the number is the register's own, so that 15 digits are no identity number.
    Raises: FieldInvalid where the number may be a natural person's.

    >>> in_register("GB", "coh", "06292597"), in_register("MX", "rfc", "C&C020101XX1")[:17]
    ('foreign:GB:coh:06292597', 'foreign:MX:rfc:x-')
    """
    bare = "".join(unicodedata.normalize("NFKC", number).split())
    if not told or len(repair(bare)) == _NEW_LENGTH:
        must_be_nobodys(bare)
    if not _NUMBER.fullmatch(bare):
        bare = f"x-{_digest(bare)}"
    return f"foreign:{country}:{register}:{bare}"


def must_be_nobodys(number: str) -> None:
    """Let a number pass that cannot be a citizen's identity number, of 18 signs or of 15.

    Raises: FieldInvalid, without the number.
    """
    if redact(number) != number:
        raise persons_number()


def persons_number() -> FieldInvalid:
    """Say that a number is, or may be, a natural person's."""
    return FieldInvalid(
        "主体的号码是自然人证件号码，或可能是，不予登记，请人工核对",
        "the number of a party is, or may be, a natural person's: it is not kept, a person must look",
    )


def credit_code_of(text: str) -> str | None:
    """Return the right credit code that a text is, None of anything else.

    >>> credit_code_of(" 91512002-MAF0000126 "), credit_code_of("(某某有限公司)(91512002MAF0000126)")
    ('91512002MAF0000126', None)
    """
    plain = repair(text)
    return id_or_none(plain) if len(plain) == _NEW_LENGTH else None


def holds_credit_code(text: str) -> bool:
    """Whether a free text holds a right credit code, which may be anybody's.

    >>> holds_credit_code("(某某有限公司)(91512002MAF0000126)*647"), holds_credit_code("(Reg. No. 202461617902)")
    (True, False)
    """
    return any(id_or_none(code) for code in _CODE.findall(unicodedata.normalize("NFKC", text)))


def organisation(code: str, name: str, *, address: str = "") -> PartyStatement:
    """Name a body by any id of the contract (or a bare credit code)."""
    identifier = parse(code)
    kind = PartyKind.FOREIGN if identifier.kind in {IdKind.FOREIGN, IdKind.LEI} else kind_of(identifier)
    contacts = (Contact("address", address),) if address and kind is PartyKind.FOREIGN else UNSET
    return PartyStatement(id=identifier.id, kind=kind, name=name, contacts=contacts, only_if_new=True)


def person(entry: str, name: str) -> PartyStatement:
    """Name a natural person by the source's entry; only the name is kept, which is masked for ordinary readers."""
    return PartyStatement(id=None, kind=PartyKind.PERSON, name=name, entry=entry, only_if_new=True)


def lei_of(text: str) -> str | None:
    """Return the id of a right LEI, None of anything else."""
    return id_or_none(f"lei:{repair(text)}")


def foreign_day(text: str, name: str, order: Order | None = None) -> date | None:
    """Read a day as sources abroad write it: 2024-12-10, 10-Dec-2024, December 10, 2024, with or without an hour.

    12/10/2024 is read only where the source's ``order`` is known. An empty text is None. Raises: FieldInvalid.

    >>> foreign_day("10-DEC-2024", "From"), foreign_day("12/13/2019", "From", "mdy")
    (datetime.date(2024, 12, 10), datetime.date(2019, 12, 13))
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _STAMP.fullmatch(plain):
        return day(found[1], name)
    if order and (found := _SLASHED.fullmatch(plain)):
        first, second, year = found.groups()
        month, number = (first, second) if order == "mdy" else (second, first)
        return day(f"{year}-{month}-{number}", name)
    if found := _WORDED.fullmatch(plain):
        month = (found["m1"] or found["m2"]).lower()[:3]
        if month in _MONTHS:
            return day(f"{found['y']}-{_MONTHS.index(month) + 1}-{found['d1'] or found['d2']}", name)
    return day(text, name)


def needed_day(text: str, name: str, order: Order | None = None) -> date:
    """Read a day that must be there.

    Raises: FieldInvalid.
    """
    found = foreign_day(text, name, order)
    if found is None:
        raise FieldInvalid(f"{name}为空", f"{name} is empty")
    return found


def word(text: str) -> str:
    """Fold a value for a look-up in a source's TOML: width, case, blanks, a full stop at the end.

    >>> word(" Cross-Debarment. ")
    'cross-debarment'
    """
    return folded(text).casefold().rstrip(".")


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest().translate(_LETTERS)


def id_or_none(text: str) -> str | None:
    """Return the id that a text is, or a bare code by its length; None of anything else."""
    try:
        return parse(text).id if ":" in text else recognise(text).id
    except IdentifierInvalid:
        return None
