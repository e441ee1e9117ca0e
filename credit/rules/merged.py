"""Merges as steps of a path: where a finding went on from one entry of a party to another, its path says so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from credit.model.merge import SAME_AS
from credit.model.party import Party, PartyId
from credit.model.verdict import Reason, Step
from credit.rules.findings import Bite
from credit.rules.world import World, shown_name


def explained(world: World, bite: Bite, member: str) -> Bite:
    """Put the merges into the path of a bite that the bidder of an id is shown; without merges it is as it was."""
    own = world.own(member)
    if not world.facts.same or own is None:
        return bite
    path, at = list[Step](), [own]
    for step in bite.path:
        ends = [step.from_, step.to]
        path += [*_between(world, at, ends), step]
        at = ends
    for entry in _recorded_on(world, bite):
        path += _between(world, at, [entry])
    return replace(bite, path=tuple(dict.fromkeys(path)))


def merged(world: World, party: PartyId, asked: tuple[str, str]) -> tuple[Step, ...]:
    """The merge that makes one party of what two ids name; none where they name one entry of it, or another party.

    Where the first names another party, the step begins at ``party``.
    """
    here, there = (world.own(name) or party for name in asked)
    start = here if _kept(world, here) == party else party
    return (Step(start, SAME_AS, there),) if start != there and _kept(world, there) == party else ()


def all_entries(world: World, party: Party) -> str | Reason:
    """The party as a reason calls it that goes by what any of its entries says: with the ids of the others."""
    name = shown_name(party)
    others = sorted(entry for entry, kept in world.facts.same.items() if kept == party.id)
    if not others:
        return name
    return Reason(
        f"{name}(含同一主体的登记{'、'.join(others)})", f"{name} (with its other entries {', '.join(others)})"
    )


def _between(world: World, here: Sequence[PartyId], there: Sequence[PartyId]) -> list[Step]:
    """The merge by which one of these entries is one of those; none where they share one, or are strangers."""
    if set(here) & set(there):
        return []
    pairs = [(x, y) for x in here for y in there if _kept(world, x) == _kept(world, y)]
    return [Step(x, SAME_AS, y) for x, y in pairs[:1]]


def _recorded_on(world: World, bite: Bite) -> Iterable[PartyId]:
    """The entries that a bite's records were recorded on."""
    return dict.fromkeys(world.recorded_on[r] for r in bite.records if r in world.recorded_on)


def _kept(world: World, entry: PartyId) -> PartyId:
    return world.facts.same.get(entry, entry)
