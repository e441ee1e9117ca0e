"""An invented country of any size, always the same: organisations, leaders, owners, branches, records.

Everything follows from an organisation's number, so that one of two million is made batch by batch in flat memory.

* every organisation is led by a person, who owns part of it; one leader in ten leads two
* one organisation in seven belongs to the holding of its hundred; one in a hundred to the fund (number 2), a hub
* one in twenty is a branch: of a neighbour, of the chain of its thousand, or of the one chain of the whole country
* one in ten has a record: a penalty (fines below and above the line, bans) or an entry on L01, L03, L04, L05, L07
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from credit.errors import IdentifierInvalid
from credit.identifiers import parse
from credit.model.party import PartyKind, RelationKind, Role
from credit.model.record import Authority, Ban, BanScope, Category, Level, Listing, Penalty, PenaltyKind, Source
from credit.model.statements import LoadRow, PartyStatement, RecordStatement, RelationStatement
from credit.model.when import When

PLACES: Final = ("510100", "510700", "512000", "610100", "610900", "330100", "440300", "110100")
SOURCE: Final = Source("虚构国 · invented country", kind="bench")
SINCE: Final = date(2015, 1, 1)
FIRST_BIRTH: Final = date(1908, 1, 1)
BIRTHS: Final = 1461
"""Days from 1908 to 1911: no living person was born on one of them."""
SERIALS: Final = 999
FUND: Final = 2
SIGNS: Final = "0123456789X"
LISTS: Final = ("L03", "L04", "L07", "L05", "L01")


@lru_cache(maxsize=1 << 16)
def code(number: int) -> str:
    """Return the credit code of an organisation; its organisation code is of no series that is given out.

    >>> parse(code(0)).id == code(0)
    True
    """
    body = f"M{number:07d}"
    check = next(sign for sign in SIGNS if _is_right(f"org:{body}{sign}"))
    head = f"91{place(number)}{body}{check}"
    return head + uscc.calc_check_digit(head)


def place(number: int) -> str:
    """Return the region in which an organisation is registered."""
    return PLACES[number % len(PLACES)]


def has_record(number: int) -> bool:
    """Tell whether an organisation has a record from the start."""
    return number % 10 == 3


def organisations(count: int) -> Iterator[LoadRow]:
    """Yield each organisation."""
    for number in range(count):
        yield LoadRow(row=number, parties=(_organisation(number),))


def leaders(count: int) -> Iterator[LoadRow]:
    """Yield each organisation's leader; one in ten is there already, as the leader of the one before."""
    for number in range(count):
        yield LoadRow(row=number, parties=(_person(number - 1 if number % 10 == 1 else number),))


def led(number: int, leader: str) -> LoadRow:
    """Return what an organisation's leader, named by the id that the registry gave, leads and owns."""
    leads = _tie(RelationKind.UNIT_LEADER, leader, number)
    owns = _tie(RelationKind.SHAREHOLDER, leader, number, Decimal("0.60"))
    return LoadRow(row=number, relations=(leads, owns))


def ties(count: int) -> Iterator[LoadRow]:
    """Yield owners that are organisations, and head offices."""
    for number in range(count):
        for relation in _ties(number, count):
            yield LoadRow(row=number, relations=(relation,))


def records(count: int, day: date) -> Iterator[LoadRow]:
    """Yield the records, all made before a day."""
    for number in filter(has_record, range(count)):
        statement = RecordStatement(party=code(number), content=_content(number, day), source=SOURCE)
        yield LoadRow(row=number, records=(statement,))


def _organisation(number: int) -> PartyStatement:
    role = {17: Role.PURCHASER, 57: Role.AGENCY}.get(number % 100, Role.SUPPLIER)
    return PartyStatement(
        id=code(number),
        kind=PartyKind.ORGANISATION,
        name=f"虚构第{number}号有限公司",
        former_names=(f"虚构第{number}号商行",) if number % 25 == 0 else (),
        roles=(role,),
        region=place(number),
        established_on=SINCE,
    )


def _person(number: int) -> PartyStatement:
    day, serial = FIRST_BIRTH + timedelta(days=number % BIRTHS), number // BIRTHS
    body = f"{PLACES[serial // SERIALS]}{day:%Y%m%d}{1 + serial % SERIALS:03d}"
    return PartyStatement(
        id=None,
        kind=PartyKind.PERSON,
        name=f"虚{number}",
        identity_number=body + mod_11_2.calc_check_digit(body),
        only_if_new=True,
    )


def _ties(number: int, count: int) -> Iterator[RelationStatement]:
    holding = number - number % 100 + 1
    if number % 7 == 0 and number not in {holding, FUND} and holding < count:
        yield _tie(RelationKind.SHAREHOLDER, code(holding), number, Decimal("0.30"))
    if number % 100 == 50:
        yield _tie(RelationKind.SHAREHOLDER, code(FUND), number, Decimal("0.05"))
    if number % 20 == 7:
        yield _tie(RelationKind.BRANCH_OF, code(number), _head(number))


def _head(number: int) -> int:
    if number % 200 == 107:
        return 0
    return number - number % 1000 if number % 40 == 27 else number - 1


def _tie(kind: RelationKind, source: str, target: int, share: Decimal | None = None) -> RelationStatement:
    return RelationStatement(kind=kind, source=source, target=code(target), share=share, since=SINCE)


def _content(number: int, day: date) -> Penalty | Listing:
    """Make a record of the last two years and a half."""
    turn = number // 10
    decided = day - timedelta(days=30 + turn * 37 % 900)
    authority = Authority(f"{place(number)}示例财政局", region=place(number), level=Level.CITY)
    if turn % 3 == 0:
        name = LISTS[turn % len(LISTS)]
        return Listing(list=name, listed_on=decided, doc_no=f"虚列〔{number}〕", authority=authority)
    return _penalty(f"虚罚〔{number}〕1号", authority, decided, turn)


def _penalty(doc_no: str, authority: Authority, decided: date, turn: int) -> Penalty:
    """Make a penalty: a small fine, a fine above the line, a ban of a year."""
    banned = turn % 4 == 1
    return Penalty(
        doc_no=doc_no,
        authority=authority,
        decided_on=decided,
        served_on=When.of(decided),
        published_on=When.of(decided + timedelta(days=5)),
        violation="提供虚假材料谋取中标",
        category=Category.FALSE_MATERIALS if banned else Category.OTHER,
        kinds=(PenaltyKind.FINE, PenaltyKind.BAN) if banned else (PenaltyKind.FINE,),
        fine=Decimal(3_000 if turn % 2 else 2_500_000),
        legal_basis=("采购法 77",),
        ban=Ban(BanScope.PROCUREMENT, from_=When.of(decided), months=12) if banned else None,
    )


def _is_right(identifier: str) -> bool:
    try:
        parse(identifier)
    except IdentifierInvalid:
        return False
    return True
