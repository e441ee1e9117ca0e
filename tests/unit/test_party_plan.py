"""What is read of merges before parties are stated: once for all of them, and nothing where none was ever merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from credit.model.party import Party, PartyId, PartyKind
from credit.model.statements import PartyStatement
from credit.ports import Alike, HeldParty
from credit.registry.parties import PartyPlan
from tests.unit.story import credit_code


class Plain:
    def digest(self, kind: str, value: str) -> str:
        return f"{kind}:{len(value)}"


@dataclass
class Merges:
    """Answers that every party is alone, and remembers what was asked."""

    asked: list[Sequence[str]] = field(default_factory=list[Sequence[str]])

    async def alike(self, ids: Sequence[str]) -> Mapping[str, Alike]:
        self.asked.append(ids)
        parties = [Party(PartyId(x), PartyKind.ORGANISATION, "甲") for x in ids]
        return {p.id: Alike(p, (p,), frozenset({p.id})) for p in parties}


def held(number: int, *, merged: bool) -> HeldParty:
    party = Party(PartyId(credit_code(number)), PartyKind.ORGANISATION, "甲")
    return HeldParty(f"k{number}", party, 1, merged=merged)


async def asked_of(plan: Sequence[HeldParty], *stated: int) -> list[Sequence[str]]:
    merges = Merges()
    statements = [PartyStatement(id=credit_code(n)) for n in stated]
    await PartyPlan(Plain(), {p.party.id: p for p in plan}).look_through(merges, statements)
    return merges.asked


async def test_of_parties_that_were_never_merged_nothing_is_read() -> None:
    assert await asked_of([held(1, merged=False), held(2, merged=False)], 1, 2, 3) == []


async def test_a_merged_party_that_is_only_named_costs_no_read() -> None:
    assert await asked_of([held(1, merged=False), held(2, merged=True)], 1) == []


async def test_all_merged_parties_that_are_stated_are_read_at_once() -> None:
    assert await asked_of([held(n, merged=n > 1) for n in (1, 2, 3)], 1, 3, 2) == [
        sorted((credit_code(2), credit_code(3)))
    ]
