"""An invented country in which complainants of known kinds are planted: honest ones, and every abuse watched for.

Everything follows from a seed. The honest ones are most; they lose most of what they file, as real ones do (65 of 100
by the one study known: DOMAIN §7.1), use stock phrases, share an agent's telephone, belong to a state fund. No abuser
has three letters wholly unproven in the window but the serial ones: whoever has meets the statutory count whatever
moved it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from bench.country import code
from bench.planted_course import INADMISSIBLE, OFFICES, UNFOUNDED, UPHELD, WITHDRAWN, life, mixed
from bench.planted_kinds import FEW, NUMBERS, TIES, Kind
from bench.planted_words import STOCK, SUBJECTS, wording
from credit.model.complaint import Complaint, ComplaintOutcome
from credit.model.party import Contact, PartyId, PartyKind, RelationKind, Role
from credit.model.project import BidOutcome, Domain, Lot
from credit.model.record import Authority
from credit.model.statements import (
    ROW_PARTY,
    BidInProject,
    BidStatement,
    ComplaintInRow,
    LoadRow,
    PartyStatement,
    ProjectStatement,
    RelationStatement,
)

AS_OF: Final = date(2026, 6, 30)
FIRST: Final = date(2025, 7, 5)
DAYS: Final = 320
"""Days from the first on in which letters are filed: all are decided by the day asked about."""
OLD: Final = date(2012, 5, 1)


@dataclass(slots=True)
class Country:
    """The country of a seed, as rows to load in their order; ``kinds`` is the truth about each complainant."""

    seed: int
    scale: int = 1
    kinds: dict[PartyId, Kind] = field(default_factory=dict[PartyId, Kind])
    groups: dict[PartyId, int] = field(default_factory=dict[PartyId, int])
    """The group of each shell."""
    rows: list[LoadRow] = field(default_factory=list[LoadRow])
    _random: Random = field(default_factory=Random)
    _firms: int = 100
    _letters: int = 0

    def __post_init__(self) -> None:
        """Plant everybody."""
        self._random.seed(self.seed)
        self.rows += [LoadRow(row=n, parties=(self._statement(n),)) for n in range(self._firms)]
        plants = {
            Kind.HONEST: self._honest, Kind.SELLER: self._seller, Kind.UNLUCKY: self._unlucky,
            Kind.SERIAL: self._serial, Kind.WITHDRAWER: self._withdrawer, Kind.OUTSIDER: self._outsider,
            Kind.LOSER: self._loser, Kind.DRUMMER: self._drummer, Kind.REPEATER: self._repeater,
            Kind.SWARM: self._swarm, Kind.AVENGER: self._avenger, Kind.FORGER: self._forger,
            Kind.LEAKER: self._leaker, Kind.HELPER: self._helper,
        }  # fmt: skip
        for kind, plant in plants.items():
            for _ in range(NUMBERS.get(kind, FEW) * self.scale):
                party = self._complainant(kind, contacts=self._shared_phone(kind))
                plant(party)
        for group in range(NUMBERS[Kind.SHELL] * self.scale // 3):
            self._shells(group)
        self._fund()

    # ---------------------------------------------------------------- parties

    def _statement(self, number: int, *contacts: Contact, young: bool = False) -> PartyStatement:
        return PartyStatement(
            id=code(number),
            kind=PartyKind.ORGANISATION,
            name=f"虚构第{number}号有限公司",
            roles=(Role.PURCHASER if number < 20 else Role.SUPPLIER,),
            region=OFFICES[number % len(OFFICES)].region,
            established_on=FIRST + timedelta(days=DAYS - 175) if young else OLD,
            contacts=contacts,
        )

    def _complainant(self, kind: Kind, *, contacts: Sequence[Contact] = (), young: bool = False) -> PartyId:
        party = PartyId(code(self._firms))
        self.rows.append(LoadRow(row=self._firms, parties=(self._statement(self._firms, *contacts, young=young),)))
        self._firms += 1
        self.kinds[party] = kind
        return party

    def _shared_phone(self, kind: Kind) -> tuple[Contact, ...]:
        """One honest firm in five has its telephone from an agent who files for many."""
        shared = kind is Kind.HONEST and self._random.random() < 0.2
        return (Contact("phone", "0999-5550000" if shared else f"0999-{self._firms:07d}"),)

    def _fund(self) -> None:
        """A state fund holds a part of every honest firm, and of others that never complain."""
        honest = [party for party, kind in self.kinds.items() if kind is Kind.HONEST]
        held = [RelationStatement(kind=RelationKind.SHAREHOLDER, source=code(20), target=p, share=Decimal("0.30"))
                for p in honest]  # fmt: skip
        self.rows += [LoadRow(row=n, relations=(relation,)) for n, relation in enumerate(held)]

    # ---------------------------------------------------------------- letters

    def _winner(self) -> str:
        return code(self._random.randrange(30, 90))

    def _day(self) -> date:
        return FIRST + timedelta(days=self._random.randrange(DAYS))

    def _item(self, *, stock: bool = True) -> str:
        if stock and self._random.random() < 0.3:
            return self._random.choice(STOCK)
        return wording(self._random)

    def _project(self, deadline: date, bids: Sequence[BidStatement]) -> str:
        number = f"ZT{self.seed:04d}{len(self.rows):07d}"
        said = ProjectStatement(
            project_no=number,
            name=f"{self._random.choice(SUBJECTS)}采购项目",
            domain=Domain.GOVERNMENT_PROCUREMENT,
            region=self._random.choice(OFFICES).region,
            purchaser=code(self._random.randrange(20)),
            agency=None,
            notice_on=deadline - timedelta(days=25),
            deadline=datetime.combine(deadline, time(1, 30), UTC),
            lots=(Lot("1", self._random.choice(SUBJECTS), Decimal(self._random.randrange(3, 90) * 100_000)),),
        )
        told = tuple(BidInProject(project=number, bid=bid) for bid in bids)
        self.rows.append(LoadRow(row=len(self.rows), projects=(said,), bids=told))
        return number

    def _tender(
        self, party: str, filed: date, *, winner: str | None = None, took_part: bool = True, device: str | None = None
    ) -> str:
        """A project that was decided before a letter, in which its complainant lost, or did not bid."""
        lost = BidStatement(lot="1", members=(party,), lead=party, result=BidOutcome.LOST, machine_code=device)
        others = self._contest(winner or self._winner())
        return self._project(filed - timedelta(days=25), (*others, lost) if took_part else others)

    def _contest(self, winner: str) -> tuple[BidStatement, ...]:
        """Somebody wins, two others of the same trade lose."""
        losers = {self._winner(), self._winner()} - {winner}
        won = BidStatement(lot="1", members=(winner,), lead=winner, result=BidOutcome.WON)
        return (won, *(BidStatement(lot="1", members=(x,), lead=x, result=BidOutcome.LOST) for x in sorted(losers)))

    def _letter(  # noqa: PLR0913  # a complaint has many sides
        self,
        party: PartyId,
        outcome: ComplaintOutcome | None,
        *,
        filed: date | None = None,
        items: Sequence[str] = (),
        project: str | None = None,
        took_part: bool = True,
        office: Authority | None = None,
    ) -> None:
        """A letter with its life: decided, withdrawn after the reply, or (None) never heard."""
        day = filed or self._day()
        number = project or self._tender(party, day, took_part=took_part)
        self._letters += 1
        said = Complaint(
            complaint_no=f"虚投〔{self.seed}〕{self._letters}号",
            complainants=(party,),
            project_no=number,
            office=office or self._random.choice(OFFICES),
            filed_on=day,
            received_on=day,
            items=tuple(items) or (self._item(), self._item()),
            participated=took_part,
        )
        events = tuple(life(day, outcome, len(said.items), self._random))
        self.rows.append(LoadRow(row=len(self.rows), complaints=(ComplaintInRow(content=said, events=events),)))

    # ---------------------------------------------------------------- honest ones

    def _honest(self, party: PartyId) -> None:
        for _ in range(self._random.choice((1, 1, 1, 2, 2))):
            self._letter(party, mixed(self._random), took_part=self._random.random() < 0.95)

    def _seller(self, party: PartyId) -> None:
        """Sells nationwide, wins some, complains of some, and is right in nearly every other."""
        self._entries(party, 12, won=4)
        partly = ComplaintOutcome.PARTLY_UPHELD
        for place, outcome in enumerate((UPHELD, UNFOUNDED, partly, UNFOUNDED, UPHELD, INADMISSIBLE)):
            self._letter(party, outcome, office=OFFICES[place])

    def _unlucky(self, party: PartyId) -> None:
        """Is never right within a year, for reasons that do not count together."""
        for outcome in (UNFOUNDED, INADMISSIBLE, UNFOUNDED, None, INADMISSIBLE)[: self._random.randrange(3, 6)]:
            self._letter(party, outcome)

    # ---------------------------------------------------------------- the others

    def _serial(self, party: PartyId) -> None:
        text = self._item(stock=False)
        for place in range(self._random.randrange(6, 11)):
            took_part = self._random.random() < 0.2
            self._letter(
                party, UNFOUNDED, items=(f"{text}{'请' * (place % 3)}",), took_part=took_part, office=OFFICES[place % 8]
            )

    def _withdrawer(self, party: PartyId) -> None:
        for _ in range(self._random.randrange(4, 8)):
            self._letter(party, WITHDRAWN)

    def _outsider(self, party: PartyId) -> None:
        for outcome in (UNFOUNDED, INADMISSIBLE, UNFOUNDED, INADMISSIBLE, None):
            self._letter(party, outcome, took_part=False, items=(f"结果不公，{self._item(stock=False)}",))

    def _loser(self, party: PartyId) -> None:
        self._entries(party, self._random.randrange(8, 13), won=0)
        for outcome in (UNFOUNDED, INADMISSIBLE, UNFOUNDED, INADMISSIBLE, INADMISSIBLE, None):
            self._letter(party, outcome)

    def _entries(self, party: str, count: int, *, won: int) -> None:
        for place in range(count):
            result = BidOutcome.WON if place < won else BidOutcome.LOST
            self._project(self._day(), (BidStatement(lot="1", members=(party,), lead=party, result=result),))

    def _drummer(self, party: PartyId) -> None:
        text = self._item(stock=False)
        for place, outcome in enumerate((UNFOUNDED, INADMISSIBLE, UNFOUNDED, INADMISSIBLE, None)):
            self._letter(party, outcome, items=(f"{place + 1}. {text}{'。' * place}", self._item(stock=False)))

    def _repeater(self, party: PartyId) -> None:
        day, items = FIRST + timedelta(days=self._random.randrange(100)), (self._item(stock=False),)
        project = self._tender(party, day)
        for place in range(4):
            office = OFFICES[place % 2]
            self._letter(
                party, INADMISSIBLE if place else UNFOUNDED, filed=day + timedelta(days=50 * place), items=items,
                project=project, office=office,
            )  # fmt: skip

    def _swarm(self, party: PartyId) -> None:
        day = self._day()
        project = self._tender(party, day)
        for place in range(self._random.randrange(5, 8)):
            filed = day + timedelta(days=min(14, 2 * place))
            self._letter(party, INADMISSIBLE, filed=filed, items=(self._item(stock=False),), project=project)

    def _avenger(self, party: PartyId) -> None:
        winner = self._winner()
        for outcome in (UNFOUNDED, INADMISSIBLE, UNFOUNDED, INADMISSIBLE):
            day = self._day()
            self._letter(party, outcome, filed=day, project=self._tender(party, day, winner=winner))

    def _forger(self, party: PartyId) -> None:
        self._letter(party, ComplaintOutcome.REJECTED_FABRICATED)
        self._letter(party, UNFOUNDED)

    def _leaker(self, party: PartyId) -> None:
        self._letter(party, ComplaintOutcome.REJECTED_UNLAWFUL_PROOF)
        self._letter(party, UNFOUNDED)

    def _helper(self, party: PartyId) -> None:
        """Complains of the file before the deadline, again and again where the same supplier then wins."""
        winner = self._winner()
        for outcome in (UPHELD, UNFOUNDED, None, UNFOUNDED):
            filed = self._day()
            project = self._project(filed + timedelta(days=20), self._contest(winner))
            self._letter(party, outcome, filed=filed, project=project, items=("招标文件评分标准具有倾向性",))

    def _shells(self, group: int) -> None:
        """Three firms behind which one stands; two of them meet on a project, and none files three times."""
        tie, text = TIES[group % len(TIES)], f"{self._item(stock=False)}，请求重新组织评审并公开全部评分明细"
        phone = (Contact("phone", f"0998-{self.seed:03d}{group:04d}"),) if tie == "phone" else ()
        account = (Contact("account", f"虚户{self.seed}-{group}"),) if tie == "account" else ()
        young = bool(group % 3)
        parties = [self._complainant(Kind.SHELL, contacts=(*phone, *account), young=young) for _ in range(3)]
        self.groups |= dict.fromkeys(parties, group)
        self._tie(tie, parties)
        shared = self._day()
        meeting = self._tender(parties[0], shared)
        for place, party in enumerate(parties):
            for turn in range(2):
                filed = shared if place < 2 and not turn else self._day()
                device = f"虚机{self.seed}-{group}" if tie == "device" else None
                project = meeting if filed == shared else self._tender(party, filed, device=device)
                own = (text,) if tie == "text" else (f"{self._item(stock=False)}，我司认为不妥",)
                self._letter(party, UNFOUNDED if turn else INADMISSIBLE, filed=filed, items=own, project=project)

    def _tie(self, tie: str, parties: Sequence[PartyId]) -> None:
        """What stands behind a group: a person who leads, owns or manages all, or one of them that owns the others."""
        kinds = {"unit_leader": RelationKind.UNIT_LEADER, "owner": RelationKind.SHAREHOLDER,
                 "agent": RelationKind.MANAGES}  # fmt: skip
        if tie == "holding":
            held = [RelationStatement(kind=RelationKind.CONTROLS, source=parties[0], target=p) for p in parties[1:]]
            self.rows.append(LoadRow(row=len(self.rows), relations=tuple(held)))
        elif tie in kinds:
            person = PartyStatement(id=None, kind=PartyKind.PERSON, name=f"虚幕后{self.seed}{self._firms}")
            ties = tuple(RelationStatement(kind=kinds[tie], source=ROW_PARTY, target=p) for p in parties)
            self.rows.append(LoadRow(row=len(self.rows), parties=(person,), relations=ties))
