"""How fresh each list was at the cut-off; a failed or stale one is never a pass.

Law: 财库〔2016〕125号; DOMAIN §8 R7; the contract's "Records" on syncs.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from credit.model.party import Party, Role
from credit.model.project import Sync, SyncOutcome
from credit.model.verdict import Freshness, SourceState
from credit.rules.findings import Bite
from credit.rules.rows import Trigger
from credit.rules.words import STATES
from credit.rules.world import World, shown_name


def source_states(world: World, asked_at: datetime, allowed: timedelta) -> dict[str, SourceState]:
    """The state of every list by the last sync finished at or before the cut-off.

    Its age is measured against the cut-off, or against now where that lies ahead; it began when its list was seen, not
    when a file of it was run over.
    """
    measured, last = min(world.cut_off.at, asked_at), _last_syncs(world)
    return {row.id: state_of(row.id, last.get(row.id), measured, allowed) for row in world.rules.lists}


def _last_syncs(world: World) -> dict[str, Sync]:
    last: dict[str, Sync] = {}
    for sync in world.facts.syncs:
        held = last.get(sync.list)
        if sync.finished_at <= world.cut_off.at and (
            held is None or (sync.finished_at, sync.tick) > (held.finished_at, held.tick)
        ):
            last[sync.list] = sync
    return last


def state_of(list_id: str, sync: Sync | None, measured: datetime, allowed: timedelta) -> SourceState:
    """The state of a list by its last sync, its age measured against an instant."""
    if sync is None:
        return SourceState(list_id, None, Freshness.NEVER)
    if sync.outcome is SyncOutcome.FAILED:
        return SourceState(list_id, sync.finished_at, Freshness.FAILED)
    stale = measured - sync.as_of > allowed
    return SourceState(list_id, sync.finished_at, Freshness.STALE if stale else Freshness.FRESH)


def source_bites(world: World, states: dict[str, SourceState], role: Role) -> Iterator[Bite]:
    """One finding for each required list that is not fresh, one flag for all the others."""
    domain = world.activity.domain
    rows = {r.variant: r for r in world.rules.rules_for(Trigger.SOURCE, domain, role, world.reference)}
    required = world.rules.required_lists(domain, role)
    for list_id in required:
        if (state := states[list_id]).status is not Freshness.FRESH and "required" in rows:
            name = world.rules.list_row(list_id).name
            yield Bite(rows["required"], {"list": f"{name.zh}({list_id})", "category": STATES[state.status]})
    others = [x for x in sorted(states.keys() - set(required)) if states[x].status is not Freshness.FRESH]
    if others and "others" in rows:
        yield Bite(rows["others"], {"lists": ", ".join(others)})


def silence_bites(world: World, party: Party, role: Role) -> Iterator[Bite]:
    """One finding for each required list that says nothing of parties of this kind: a person looks them up (Q27)."""
    domain, last = world.activity.domain, _last_syncs(world)
    rows = [r for r in world.rules.rules_for(Trigger.SOURCE, domain, role, world.reference) if r.variant == "silent"]
    for list_id in world.rules.required_lists(domain, role):
        sync = last.get(list_id)
        if sync is not None and party.kind in sync.silent:
            name = world.rules.list_row(list_id).name
            values = {"party": shown_name(party), "list": f"{name.zh}({list_id})"}
            yield from (Bite(row, values) for row in rows)
