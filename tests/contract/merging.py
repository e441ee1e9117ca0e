"""Merging and undoing it, said in few words, and random stories with both in them."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from credit.errors import CreditCodesDiffer
from credit.model.merge import MergeStatement
from credit.model.party import PartyId, RelationKind
from tests.contract.makers import ADMIN, City, code, done
from tests.contract.test_touches import Story

A, B, C, D, E = (PartyId(code(n)) for n in range(1, 6))
LEADS, HOLDS, RENAMED = RelationKind.UNIT_LEADER, RelationKind.SHAREHOLDER, RelationKind.RENAMED_FROM
BRANCH: Final = RelationKind.BRANCH_OF
FOUND: Final = date(2026, 5, 6)


def same(keep: str, same_as: str, reason: str = "经查为同一主体") -> MergeStatement:
    return MergeStatement(keep, same_as, FOUND, reason)


async def merge(city: City, keep: str, same_as: str) -> str:
    return done(await city.registry.merge(ADMIN, same(keep, same_as)))[0].id


async def undo(city: City, merge_id: str) -> None:
    done(await city.registry.undo_merge(ADMIN, merge_id, reason="查无实据"))


@dataclass
class Merging(Story):
    """Random writes among which are merges and undoings."""

    merges: list[str] = field(default_factory=list[str])

    async def step(self) -> None:
        if self.chance.random() < 0.6:
            with suppress(CreditCodesDiffer):
                await super().step()
        elif self.merges and self.chance.random() < 0.4:
            await self.town.city.registry.undo_merge(ADMIN, self.chance.choice(self.merges), reason="误并")
        else:
            two = self.chance.sample(self.people if self.chance.random() < 0.3 else list(self.everybody[:-2]), 2)
            outcome = await self.town.city.registry.merge(ADMIN, same(*two))
            self.merges += [] if outcome.error else [outcome.id]
