"""Every write names the parties whose facts may be others after it, so that held facts can be let go before it counts.

What is promised: when the facts of a party change, the write named at least one of the parties that were in them.
"""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeVar

import pytest

from credit.graph.store import Store
from credit.graph.writing import GraphUnit
from credit.model.facts import Facts
from credit.model.party import PartyId, PartyKind, RelationKind
from credit.model.record import EventKind
from credit.model.statements import LoadRow, PartyStatement
from credit.ports import Writes, WriteUnit
from credit.registry import Registry
from tests.contract.makers import (
    ADMIN,
    City,
    Sha,
    ban,
    bid,
    code,
    done,
    event,
    firm,
    listing,
    org,
    penalty,
    person,
    project,
    tie,
)

T = TypeVar("T")
A, B, C, D = (PartyId(code(n)) for n in range(1, 5))
TO_BAN: Final = {"ban": {"scope": "procurement", "months": 6}}


@dataclass
class Watched:
    """A door for writing that remembers whom the last write named."""

    writes: Writes
    keys: set[str] = field(default_factory=set[str])

    async def write(self, work: Callable[[WriteUnit], Awaitable[T]]) -> T:
        async def watched(unit: WriteUnit) -> T:
            answer = await work(unit)
            assert isinstance(unit, GraphUnit)
            self.keys = set(unit._place.touches)  # pyright: ignore[reportPrivateUsage]  # what the door hands on
            return answer

        return await self.writes.write(watched)


@dataclass(frozen=True)
class Town:
    """A city whose writes are watched."""

    city: City
    door: Watched

    async def key(self, party: str) -> str:
        held = await self.city.store.browser.party(party)
        assert held is not None
        return held.key

    async def named(self, *parties: str) -> bool:
        """Whether the last write named these parties, and no other."""
        return self.door.keys == {await self.key(p) for p in parties}


@pytest.fixture
def town(store: Store) -> Town:
    door = Watched(store.writes)
    return Town(City(store, Registry(door, Sha())), door)


async def test_a_new_party_and_a_new_state_name_the_party(town: Town) -> None:
    await town.city.firms(1, 2)
    assert await town.named(A, B)
    await town.city.register(firm(2, name="资阳改名商贸有限公司"))
    assert await town.named(B)


async def test_a_code_learnt_later_names_the_party(town: Town) -> None:
    await town.city.register(firm(1, id=org(1)))
    await town.city.firms(1)
    assert await town.named(A)


async def test_a_relation_and_its_end_name_both_parties(town: Town) -> None:
    await town.city.firms(1, 2, 3)
    (relation,) = await town.city.relate(tie(RelationKind.SHAREHOLDER, A, B))
    assert await town.named(A, B)
    await town.city.relate(tie(RelationKind.SHAREHOLDER, A, C))
    done(await town.city.registry.end_relation(ADMIN, relation, until=date(2026, 1, 1), reason=None))
    assert await town.named(A, B)


async def test_the_first_record_of_a_branch_names_its_head_office_and_a_later_one_does_not(town: Town) -> None:
    await town.city.firms(1, 2, 3)
    await town.city.relate(tie(RelationKind.BRANCH_OF, A, B), tie(RelationKind.BRANCH_OF, C, B))
    await town.city.record(penalty(A))
    assert await town.named(A, B)
    await town.city.record(penalty(A, "另一号"))
    assert await town.named(A)


@pytest.mark.parametrize(
    "kind", [RelationKind.UNIT_LEADER, RelationKind.SHAREHOLDER, RelationKind.CONTROLS, RelationKind.MANAGES]
)
async def test_the_first_ban_of_a_firm_names_who_leads_or_holds_it(town: Town, kind: RelationKind) -> None:
    await town.city.firms(1)
    (above,) = await town.city.register(person())
    await town.city.relate(tie(kind, above, A))
    await town.city.record(penalty(A))
    assert await town.named(A)
    await town.city.record(ban(A))
    assert await town.named(A, above)
    await town.city.record(listing(A, "L01"))
    assert await town.named(A)


async def test_an_amendment_to_a_ban_names_who_holds_the_firm(town: Town) -> None:
    await town.city.firms(1, 2)
    await town.city.relate(tie(RelationKind.SHAREHOLDER, B, A))
    (record,) = await town.city.record(penalty(A))
    await town.city.follow_up(record, event(EventKind.AMENDED, changes=TO_BAN))
    assert await town.named(A, B)


@pytest.mark.parametrize("barring", ["L01", "L11"])
async def test_an_entry_amended_to_a_list_of_the_banned_names_and_is_seen_by_who_leads_or_holds_the_firm(
    town: Town, barring: str
) -> None:
    await town.city.firms(1, 2)
    (leader,) = await town.city.register(person())
    await town.city.relate(tie(RelationKind.SHAREHOLDER, B, A), tie(RelationKind.UNIT_LEADER, leader, A))
    (record,) = await town.city.record(listing(A, "L03"))
    assert A not in (await town.city.gather(B)).dossiers
    await town.city.follow_up(record, event(EventKind.AMENDED, changes={"list": barring}))
    assert await town.named(A, B, leader)
    for above in (B, leader):
        assert [r.id for r in (await town.city.gather(above)).dossiers[A].records] == [record]


async def test_another_event_names_the_party_alone(town: Town) -> None:
    await town.city.firms(1, 2)
    await town.city.relate(tie(RelationKind.SHAREHOLDER, B, A))
    (record,) = await town.city.record(ban(A))
    await town.city.follow_up(record, event(EventKind.SUSPENDED))
    assert await town.named(A)


async def test_the_first_records_of_several_in_one_write_name_all_that_see_them(town: Town) -> None:
    await town.city.firms(1, 2, 3, 4)
    await town.city.relate(tie(RelationKind.BRANCH_OF, A, B), tie(RelationKind.SHAREHOLDER, D, C))
    await town.city.record(penalty(A), ban(A, "另一号"), ban(C))
    assert await town.named(A, B, C, D)


async def test_what_changes_nothing_names_nobody(town: Town) -> None:
    await town.city.firms(1, 2)
    await town.city.relate(tie(RelationKind.SHAREHOLDER, B, A))
    await town.city.record(ban(A))
    for again in (town.city.firms(1), town.city.record(ban(A)), town.city.relate(tie(RelationKind.SHAREHOLDER, B, A))):
        await again
        assert await town.named()


async def test_a_project_and_a_bid_name_nobody_for_a_look_up_does_not_show_them(town: Town) -> None:
    await town.city.firms(1, 2)
    opened = await town.city.open_project(project(B))
    assert await town.named()
    await town.city.bid(opened, bid(A))
    assert await town.named()


# ── whatever is written ────────────────────────────────────────────────────────────────────────────────────────────

FIRMS: Final = 9
STEPS: Final = 25


@dataclass
class Story:
    """Random writes in a small town, one after the other."""

    town: Town
    chance: random.Random
    people: list[PartyId] = field(default_factory=list[PartyId])
    records: list[str] = field(default_factory=list[str])
    relations: list[str] = field(default_factory=list[str])
    numbers: int = 0

    async def begin(self) -> None:
        await self.town.city.register(*(firm(n, id=org(n) if n % 4 == 0 else code(n)) for n in range(1, FIRMS)))
        self.people = await self.town.city.register(person("王某某"), person("赵某某"))

    @property
    def everybody(self) -> list[PartyId]:
        return [*(PartyId(org(n)) for n in range(1, FIRMS)), *self.people]

    async def step(self) -> None:
        told = self.chance.choice(
            (self.correct, self.relate, self.relate, self.record, self.amend, self.end, self.load)
        )
        await told()

    async def correct(self) -> None:
        number = self.chance.randrange(1, FIRMS)
        await self.town.city.register(firm(number, name=f"资阳{self.chance.randrange(100)}号商贸有限公司"))

    def _tie(self) -> tuple[RelationKind, str, str]:
        kind = self.chance.choice(list(RelationKind))
        of_people = kind in {RelationKind.UNIT_LEADER, RelationKind.SHAREHOLDER}
        source, target = self.chance.sample([org(n) for n in range(1, FIRMS)], 2)
        return kind, self.chance.choice(self.people) if of_people and self.chance.random() < 0.5 else source, target

    async def relate(self) -> None:
        kind, source, target = self._tie()
        self.relations += await self.town.city.relate(tie(kind, source, target, since=self._day()))

    def _day(self) -> date:
        self.numbers += 1
        return date.fromordinal(date(2020, 1, 1).toordinal() + self.numbers)

    async def record(self) -> None:
        make = self.chance.choice((penalty, ban))
        self.numbers += 1
        whom = self.chance.choice(self.everybody)
        self.records += await self.town.city.record(make(whom, f"第{self.numbers}号"))

    async def amend(self) -> None:
        if self.records:
            kind = self.chance.choice((EventKind.AMENDED, EventKind.SUSPENDED, EventKind.ENTERED_IN_ERROR))
            changes = TO_BAN if kind is EventKind.AMENDED else None
            said = event(kind, self._day(), changes=changes)
            await self.town.city.registry.follow_up(ADMIN, self.chance.choice(self.records), said)

    async def end(self) -> None:
        if self.relations:
            relation = self.chance.choice(self.relations)
            await self.town.city.registry.end_relation(ADMIN, relation, until=self._day(), reason=None)

    async def load(self) -> None:
        rows: list[LoadRow] = []
        for number in range(3):
            kind, source, target = self._tie()
            self.numbers += 1
            mention = PartyStatement(id=source, kind=PartyKind.ORGANISATION, name="x", only_if_new=True)
            rows.append(
                LoadRow(
                    row=number,
                    parties=(mention,) if source.startswith("org:") else (),
                    relations=(tie(kind, source, target, since=self._day()),),
                    records=(self.chance.choice((penalty, ban))(source, f"第{self.numbers}号"),),
                )
            )
        await self.town.city.registry.load(ADMIN, rows)


def content(facts: Facts) -> object:
    """All that a verdict may rest on, whatever the order."""
    return (
        facts.resolved,
        {name: (d.party, d.records, d.revision) for name, d in facts.dossiers.items()},
        sorted(facts.relations, key=lambda r: r.id),
    )


@pytest.mark.parametrize("seed", range(4))
async def test_whenever_facts_change_one_of_the_parties_in_them_was_named(town: Town, seed: int) -> None:
    story = Story(town, random.Random(seed))
    await story.begin()
    changed = 0
    for _ in range(STEPS):
        before = {party: await town.city.gather(party) for party in story.everybody}
        keys = {p: await town.key(p) for facts in before.values() for p in facts.dossiers}
        town.door.keys = set()
        await story.step()
        for party, held in before.items():
            if content(await town.city.gather(party)) != content(held):
                changed += 1
                assert town.door.keys & {keys[p] for p in held.dossiers}, party
    assert changed > STEPS
