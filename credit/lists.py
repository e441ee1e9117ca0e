"""How the lists stand now: when each was last synchronised, and whether somebody waits for a fresher one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from credit.model.facts import Facts
from credit.model.project import Domain, Sync
from credit.model.question import Activity
from credit.model.verdict import Freshness, SourceState
from credit.ports import Clock, FactReader
from credit.rules.evaluate import Rules
from credit.rules.rows import ListRow
from credit.rules.sources import source_states, state_of
from credit.rules.timing import CutOff
from credit.rules.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a list stands now; ``required`` for any domain at all.

    ``age``: since the list was seen, by which it is fresh or not; None where it was never synchronised.
    """

    row: ListRow
    sync: Sync | None
    state: SourceState
    age: timedelta | None
    required: bool

    @property
    def late(self) -> bool:
        """Whether somebody cannot be called eligible for want of it."""
        return self.required and self.state.status is not Freshness.FRESH


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherStanding:
    """How a list stands now that the catalogue does not know, such as a bank's debarments: no rule asks it."""

    state: SourceState
    age: timedelta


@dataclass(frozen=True, slots=True)
class Lists:
    """How every list of the catalogue stands now, by the rule that verdicts go by."""

    rules: Rules
    _facts: FactReader
    _clock: Clock

    async def standing(self, *, ask: bool) -> tuple[Standing, ...]:
        """Tell of each list how it stands.

        ``ask`` False: by what this process saw when it read last, without a question to the graph; empty where it
        saw no sync yet.

        Raises:
            StoreUnavailable: the graph does not answer; only where it is asked.
        """
        now = self._clock.now()
        syncs = {sync.list: sync for sync in await self._facts.syncs(cut_off=now, ask=ask)}
        if not ask and not syncs:
            return ()
        catalogue = self.rules.catalogue
        states = source_states(self.world(Domain.OTHER, now, tuple(syncs.values())), now, self.rules.allowed_age)
        required = {name for row in catalogue.required for name in row.lists}
        return tuple(
            Standing(
                row=row,
                sync=(sync := syncs.get(row.id)),
                state=states[row.id],
                age=now - sync.as_of if sync else None,
                required=row.id in required,
            )
            for row in catalogue.lists
        )

    async def others(self) -> tuple[OtherStanding, ...]:
        """Tell how the lists stand that were synchronised and are none of the catalogue's, by what this process saw."""
        now, known = self._clock.now(), {row.id for row in self.rules.catalogue.lists}
        syncs = await self._facts.syncs(cut_off=now, ask=False)
        return tuple(
            OtherStanding(state=state_of(sync.list, sync, now, self.rules.allowed_age), age=now - sync.as_of)
            for sync in syncs
            if sync.list not in known
        )

    async def answer(self) -> list[dict[str, Any]]:
        """Say of each list how it stands, in the contract's field names.

        Raises:
            StoreUnavailable: the graph does not answer.
        """
        return [self._item(one) for one in await self.standing(ask=True)]

    def _item(self, one: Standing) -> dict[str, Any]:
        sync = one.sync
        return {
            "list": one.row.id,
            "name": one.row.name.model_dump(),
            "keeper": one.row.keeper.model_dump(),
            "synced_at": sync.finished_at.isoformat() if sync else None,
            "seen_at": sync.seen_at.isoformat() if sync and sync.seen_at else None,
            "outcome": sync.outcome.value if sync else None,
            "records": sync.records if sync else None,
            "status": one.state.status.value,
            "allowed_age_hours": int(self.rules.allowed_age / timedelta(hours=1)),
            "required_for": [
                {"domain": row.domain.value, "roles": [role.value for role in row.roles]}
                for row in self.rules.catalogue.required
                if one.row.id in row.lists
            ],
        }

    def world(self, domain: Domain, at: datetime, syncs: tuple[Sync, ...] = ()) -> World:
        """Have nothing but syncs around an activity of that instant: what rules on sources look at."""
        activity = Activity(domain, at, at)
        facts = Facts(known=0, syncs=syncs)
        return World(facts, self.rules.catalogue, self.rules.regions, activity, CutOff.of(activity))
