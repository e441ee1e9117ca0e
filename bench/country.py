"""An invented country of any size, always the same: organisations, leaders, owners, branches, records.

Everything follows from an organisation's number, so that one of two million is made batch by batch in flat memory.

* every organisation is led by a person, who owns part of it; one leader in ten leads two
* one organisation in seven belongs to the holding of its hundred
* one in twenty is a branch: of a neighbour, of the chain of its thousand, or of the one chain of the whole country
* one in ten has a record: a penalty (fines below and above the line, bans) or an entry on L01, L03, L04, L05, L07
* the fund (number 2) owns many firms, one firm (number 3) has many records, one agency (57) many projects: `Hubs`
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from credit.model.party import PartyKind, RelationKind, Role
from credit.model.project import Domain, Lot
from credit.model.record import Authority, Ban, BanScope, Category, Level, Listing, Penalty, PenaltyKind, Source
from credit.model.statements import LoadRow, PartyStatement, ProjectStatement, RecordStatement, RelationStatement
from credit.model.when import When

PLACES: Final = ("510100", "510700", "512000", "610100", "610900", "330100", "440300", "110100")
SOURCE: Final = Source("虚构国 · invented country", kind="bench")
SINCE: Final = date(2015, 1, 1)
FIRST_BIRTH: Final = date(1908, 1, 1)
BIRTHS: Final = 1461
"""Days from 1908 to 1911: no living person was born on one of them."""
SERIALS: Final = 999
FUND: Final = 2
PUNISHED: Final = 3
AGENCY: Final = 57
PURCHASER: Final = 17
HEAD: Final = 0
"""Number of the head office of one organisation in two hundred."""
WHOLE: Final = 2_000_000
"""Organisations of a country whose hubs are whole."""
LEAST: Final = 1000
WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
SIGNS: Final = "0123456789X"
"""Of an organisation code (GB 11714), whose check sign is that at eleven less the weighted sum, modulo eleven."""
LISTS: Final = ("L03", "L04", "L07", "L05", "L01")


@dataclass(frozen=True, slots=True)
class Hubs:
    """How many firms the fund owns, records the punished firm has, projects the agency runs."""

    firms: int = 10_000
    records: int = 10_000
    projects: int = 100_000

    def of(self, parties: int) -> "Hubs":
        """Scale the hubs of a whole country down to a smaller one."""
        return Hubs(*(max(1, n * min(parties, WHOLE) // WHOLE) for n in (self.firms, self.records, self.projects)))


@dataclass(frozen=True, slots=True)
class Country:
    """So many organisations, as they stand on a day; at least `LEAST`."""

    parties: int
    day: date
    hubs: Hubs

    def organisations(self) -> Iterator[LoadRow]:
        """Yield each organisation."""
        for number in range(self.parties):
            yield LoadRow(row=number, parties=(_organisation(number),))

    def leaders(self) -> Iterator[LoadRow]:
        """Yield each organisation's leader; one in ten is there already, as the leader of the one before."""
        for number in range(self.parties):
            yield LoadRow(row=number, parties=(_person(number - 1 if number % 10 == 1 else number),))

    def ties(self) -> Iterator[LoadRow]:
        """Yield owners that are organisations, and head offices."""
        step = max(1, self.parties // self.hubs.firms)
        for number in range(self.parties):
            for relation in _ties(number, self.parties, step):
                yield LoadRow(row=number, relations=(relation,))

    def records(self) -> Iterator[LoadRow]:
        """Yield the records, all made before the day."""
        for number in filter(has_record, range(self.parties)):
            for nth in range(self.records_of(number)):
                content = _content(number, nth, self.day)
                statement = RecordStatement(party=code(number), content=content, source=SOURCE)
                yield LoadRow(row=number, records=(statement,))

    def records_of(self, number: int) -> int:
        """Count the records of an organisation."""
        return self.hubs.records if number == PUNISHED else int(has_record(number))

    def contents_of(self, number: int) -> Iterator[Penalty | Listing]:
        """Yield what the records of an organisation say."""
        return (_content(number, nth, self.day) for nth in range(self.records_of(number)))

    def projects(self) -> Iterator[ProjectStatement]:
        """Yield the projects of the agency, each of another purchaser."""
        for number in range(self.hubs.projects):
            yield _project(number, code(PURCHASER + number * 100 % (self.parties - 100)), self.day)


@lru_cache(maxsize=1 << 16)
def code(number: int) -> str:
    """Return the credit code of an organisation; its organisation code is of no series that is given out.

    >>> code(0), number_of(code(1234))
    ('91510100M00000000W', 1234)
    """
    body = f"M{number:07d}"
    left = sum(int(sign, 36) * weight for sign, weight in zip(body, WEIGHTS, strict=True)) % 11
    head = f"91{place(number)}{body}{SIGNS[-left % 11]}"
    return head + uscc.calc_check_digit(head)


def number_of(party: str) -> int | None:
    """Return the number of the organisation that has a credit code; None for a person's id."""
    return None if ":" in party else int(party[9:16])


def place(number: int) -> str:
    """Return the region in which an organisation is registered."""
    return PLACES[number % len(PLACES)]


def has_record(number: int) -> bool:
    """Tell whether an organisation has a record from the start."""
    return number % 10 == 3


def led_by(number: int, leader: str) -> LoadRow:
    """Return what an organisation's leader, named by the id that the registry gave, leads and owns."""
    leads = _tie(RelationKind.UNIT_LEADER, leader, number)
    owns = _tie(RelationKind.SHAREHOLDER, leader, number, Decimal("0.60"))
    return LoadRow(row=number, relations=(leads, owns))


def _organisation(number: int) -> PartyStatement:
    role = {PURCHASER: Role.PURCHASER, AGENCY: Role.AGENCY}.get(number % 100, Role.SUPPLIER)
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


def _ties(number: int, count: int, step: int) -> Iterator[RelationStatement]:
    holding = number - number % 100 + 1
    if number % 7 == 0 and number not in {holding, FUND} and holding < count:
        yield _tie(RelationKind.SHAREHOLDER, code(holding), number, Decimal("0.30"))
    if number % step == step // 2 and number != FUND:
        yield _tie(RelationKind.SHAREHOLDER, code(FUND), number, Decimal("0.05"))
    if number % 20 == 7:
        yield _tie(RelationKind.BRANCH_OF, code(number), _head(number))


def _head(number: int) -> int:
    if number % 200 == 107:
        return HEAD
    return number - number % 1000 if number % 40 == 27 else number - 1


def _tie(kind: RelationKind, source: str, target: int, share: Decimal | None = None) -> RelationStatement:
    return RelationStatement(kind=kind, source=source, target=code(target), share=share, since=SINCE)


def _content(number: int, nth: int, day: date) -> Penalty | Listing:
    """Make a record of the last two years and a half; those of a firm with many are mostly small fines."""
    turn = number // 10 + 4 * nth
    decided = day - timedelta(days=30 + turn * 37 % 900)
    authority = Authority(f"{place(number)}示例财政局", region=place(number), level=Level.CITY)
    if turn % 3 == 0:
        name = LISTS[turn % len(LISTS)]
        return Listing(list=name, listed_on=decided, doc_no=f"虚列〔{number}〕{nth + 1}号", authority=authority)
    return _penalty(f"虚罚〔{number}〕{nth + 1}号", authority, decided, turn)


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


def _project(number: int, purchaser: str, day: date) -> ProjectStatement:
    deadline = datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC) + timedelta(days=number % 30)
    return ProjectStatement(
        project_no=f"XG{number:08d}",
        name=f"虚构第{number}号采购项目",
        domain=Domain.GOVERNMENT_PROCUREMENT,
        region=PLACES[number % len(PLACES)],
        purchaser=purchaser,
        agency=code(AGENCY),
        notice_on=day - timedelta(days=25),
        deadline=deadline,
        lots=(Lot("1", None, Decimal(1_800_000)),),
    )
