"""Statements of an invented city, said in few words."""
# ruff: noqa: ANN401  # whatever a statement may say

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from credit.graph.store import Store
from credit.model.caller import Caller, Scope
from credit.model.facts import Facts
from credit.model.party import PartyId, PartyKind, RelationKind, Role
from credit.model.project import Domain, Lot, SyncOutcome
from credit.model.record import (
    Authority,
    Ban,
    BanScope,
    Category,
    EventKind,
    Level,
    Listing,
    Penalty,
    PenaltyKind,
    Source,
)
from credit.model.statements import (
    BidStatement,
    EventStatement,
    Outcome,
    PartyStatement,
    ProjectStatement,
    RecordStatement,
    RelationStatement,
    SyncStatement,
    Written,
)
from credit.model.when import When
from credit.ports import Writes, WriteUnit
from credit.registry import Registry

T = TypeVar("T")
FINANCE: Final = Authority("资阳市财政局", None, "512000", Level.CITY)
MARKET: Final = Authority("资阳市市场监督管理局", None, "512000", Level.CITY)
ADMIN: Final = Caller("admin", "管理员", frozenset(Scope))
OFFICER: Final = Caller("officer", "财政局经办", frozenset({Scope.RECORD}), authority=FINANCE)
SOURCE: Final = Source("资阳市财政局网站")
DEADLINE: Final = datetime(2026, 6, 10, 1, 30, tzinfo=UTC)


class Sha:
    """A keyed hash without a key."""

    def digest(self, kind: str, value: str) -> str:
        return hashlib.sha256(f"{kind}\0{value}".encode()).hexdigest()


def code(number: int) -> str:
    """Make a valid credit code of the invented MAF series."""
    body = f"MAF{number:05d}"
    left = 11 - sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    first = f"91512002{body}{ {10: 'X', 11: '0'}.get(left, str(left)) }"
    return first + uscc.calc_check_digit(first)


def org(number: int) -> str:
    return f"org:{code(number)[8:17]}"


def identity_number(number: int) -> str:
    """Make a number of somebody born in 1908."""
    first = f"11010119080101{number:03d}"
    return first + mod_11_2.calc_check_digit(first)


def firm(number: int, **said: Any) -> PartyStatement:
    """Say that a supplier is registered under its credit code."""
    told: dict[str, Any] = {"id": code(number), "kind": PartyKind.ORGANISATION, "roles": (Role.SUPPLIER,)}
    told = {**told, "name": f"资阳{number}号商贸有限公司", **said}
    return PartyStatement(**told)


def person(name: str = "王某某", **said: Any) -> PartyStatement:
    told: dict[str, Any] = {"id": None, "kind": PartyKind.PERSON, "name": name, **said}
    return PartyStatement(**told)


def penalty(party: str, number: str = "资财采罚〔2026〕1号", **said: Any) -> RecordStatement:
    content = Penalty(
        doc_no=number,
        authority=FINANCE,
        decided_on=date(2026, 1, 5),
        violation="提供虚假材料谋取中标",
        category=Category.FALSE_MATERIALS,
        kinds=(PenaltyKind.FINE,),
        served_on=When.of(date(2026, 1, 6)),
        fine=Decimal("20000.00"),
        legal_basis=("采购法 77",),
    )
    return RecordStatement(party=party, content=replace(content, **said), source=SOURCE)


def ban(party: str, number: str = "资财采罚〔2026〕2号", **said: Any) -> RecordStatement:
    barred = Ban(BanScope.PROCUREMENT, When.of(date(2026, 1, 10)), date(2027, 1, 9))
    return penalty(party, number, **{"kinds": (PenaltyKind.BAN,), "fine": None, "ban": barred, **said})


def listing(party: str, name: str = "L03", **said: Any) -> RecordStatement:
    content = Listing(name, date(2026, 2, 1), ground="有履行能力而拒不履行", authority=FINANCE)
    return RecordStatement(party=party, content=replace(content, **said), source=SOURCE)


def event(kind: EventKind = EventKind.SUSPENDED, on: date = date(2026, 3, 1), **said: Any) -> EventStatement:
    told: dict[str, Any] = {"kind": kind, "on": When.of(on), **said}
    return EventStatement(**told)


def tie(kind: RelationKind, source: str, target: str, **said: Any) -> RelationStatement:
    return RelationStatement(kind=kind, source=source, target=target, **said)


def sync(finished_at: datetime, outcome: SyncOutcome = SyncOutcome.COMPLETE, records: int = 10) -> SyncStatement:
    return SyncStatement(finished_at=finished_at, outcome=outcome, records=records)


def project(purchaser: str, number: str = "N5120012026000001", **said: Any) -> ProjectStatement:
    told: dict[str, Any] = {
        "project_no": number,
        "name": "办公设备采购项目",
        "domain": Domain.GOVERNMENT_PROCUREMENT,
        "region": "510000",
        "purchaser": purchaser,
        "agency": None,
        "notice_on": date(2026, 5, 15),
        "deadline": DEADLINE,
        "lots": (Lot("1", None, Decimal("1800000.00")),),
    }
    return ProjectStatement(**{**told, **said})


def bid(*members: str, **said: Any) -> BidStatement:
    told: dict[str, Any] = {"lot": "1", "members": members, "lead": members[0], **said}
    return BidStatement(**told)


@dataclass(frozen=True, slots=True)
class Twice:
    """A door for writing whose every commit is answered by silence, so that the work runs again."""

    writes: Writes

    async def write(self, work: Callable[[WriteUnit], Awaitable[T]]) -> T:
        await self.writes.write(work)
        return await self.writes.write(work)


@dataclass(frozen=True, slots=True)
class City:
    """A registry over a store, asked and told in few words; whatever is refused is raised."""

    store: Store
    registry: Registry

    @classmethod
    def over(cls, store: Store) -> "City":
        return cls(store, Registry(store.writes, Sha()))

    async def register(self, *statements: PartyStatement) -> list[PartyId]:
        return [PartyId(o.id) for o in done(*await self.registry.register(ADMIN, statements))]

    async def firms(self, *numbers: int) -> list[PartyId]:
        return await self.register(*map(firm, numbers))

    async def relate(self, *statements: RelationStatement) -> list[str]:
        return [o.id for o in done(*await self.registry.relate(ADMIN, statements))]

    async def record(self, *statements: RecordStatement) -> list[str]:
        return [o.id for o in done(*await self.registry.record(ADMIN, statements))]

    async def follow_up(self, record: str, said: EventStatement) -> str:
        return done(await self.registry.follow_up(ADMIN, record, said))[0].id

    async def synchronise(self, name: str, *said: SyncStatement) -> list[str]:
        return [done(await self.registry.synchronise(ADMIN, name, s))[0].id for s in said]

    async def open_project(self, said: ProjectStatement) -> str:
        return done(await self.registry.open_project(ADMIN, said))[0].id

    async def bid(self, project: str, said: BidStatement) -> str:
        return done(await self.registry.bid(ADMIN, project, said))[0].id

    async def gather(
        self,
        *ids: str,
        project_no: str | None = None,
        known: int | None = None,
        cut_off: datetime | None = None,
    ) -> Facts:
        return await self.store.facts.gather(ids, project_no=project_no, known=known, cut_off=cut_off)

    async def known(self) -> int:
        """The place up to which everything is seen now."""
        return (await self.gather()).known


def done(*outcomes: Outcome) -> Sequence[Outcome]:
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
    return outcomes


def written(*outcomes: Outcome) -> list[Written]:
    return [outcome.written for outcome in done(*outcomes)]
