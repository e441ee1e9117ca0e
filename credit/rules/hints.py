"""Hints through leaders and owners: a list names the person, a ban binds the punished party; others are only shown it.

Law: DOMAIN §8 R11, §9 Q19.
"""

from collections.abc import Callable, Iterator, Sequence

from credit.model.facts import Dossier
from credit.model.party import PartyId, PartyKind, Relation, RelationKind, Role
from credit.model.verdict import Effect, Step
from credit.rules.control import HOLDING
from credit.rules.findings import Bite
from credit.rules.rows import Rule, Trigger
from credit.rules.world import World, step_of

BitesOf = Callable[[Dossier, Role], Sequence[Bite]]


def hint_bites(world: World, party: PartyId, role: Role, bites_of: BitesOf) -> Iterator[Bite]:
    """What leaders' entries and linked firms' bans show of a party; ``bites_of`` judges another party's records."""
    rows = {r.variant: r for r in world.rules.rules_for(Trigger.HINT, world.activity.domain, role, world.reference)}
    if not rows:
        return
    above = [r for r in world.into.get(party, ()) if r.kind in HOLDING and r.holds_on(world.cut_off.day)]
    if rule := rows.get("leader_listing"):
        for relation in above:
            if relation.kind is RelationKind.UNIT_LEADER:
                yield from _leader(world, rule, relation, party, bites_of)
    if rule := rows.get("linked_ban"):
        for firm, path in _linked(world, party, above).items():
            yield from _banned(world, rule, party, firm, path, bites_of)


def _leader(world: World, rule: Rule, relation: Relation, party: PartyId, bites_of: BitesOf) -> Iterator[Bite]:
    dossier = world.dossier(relation.source)
    if dossier is None:
        return
    for bite in bites_of(dossier, Role.SUPPLIER):
        if bite.rule.trigger is Trigger.LISTING:
            values = {**bite.values, "party": world.name(party), "other": world.name(relation.source)}
            yield Bite(rule, values, bite.records, doubts=bite.doubts, path=(step_of(relation),))


def _linked(world: World, party: PartyId, above: Sequence[Relation]) -> dict[PartyId, tuple[Step, ...]]:
    """Other firms linked by an owner or leader: the owners themselves, what they lead or own, what the party owns."""
    own, day = world.same_legal_person(party), world.cut_off.day
    found: dict[PartyId, tuple[Step, ...]] = {}
    for relation in above:
        found.setdefault(relation.source, (step_of(relation),))
        for further in world.out_to_recorded.get(relation.source, ()):
            if further.kind in HOLDING and further.holds_on(day):
                found.setdefault(further.target, (step_of(relation), step_of(further)))
    for relation in world.out_to_recorded.get(party, ()):
        if relation.kind in HOLDING and relation.holds_on(day):
            found.setdefault(relation.target, (step_of(relation),))
    return {firm: path for firm, path in found.items() if firm not in own}


def _banned(
    world: World, rule: Rule, party: PartyId, firm: PartyId, path: tuple[Step, ...], bites_of: BitesOf
) -> Iterator[Bite]:
    dossier = world.dossier(firm)
    if dossier is None or dossier.party.kind is PartyKind.PERSON:
        return
    for bite in bites_of(dossier, Role.SUPPLIER):
        if bite.rule.effect is Effect.RESTRICT and _is_ban(bite):
            values = {**bite.values, "party": world.name(party), "other": world.name(firm)}
            yield Bite(rule, values, bite.records, doubts=bite.doubts, path=path)


def _is_ban(bite: Bite) -> bool:
    if bite.rule.trigger is Trigger.BAN:
        return True
    return bite.rule.trigger is Trigger.LISTING and bool({"L01", "L11"} & set(bite.rule.lists))
