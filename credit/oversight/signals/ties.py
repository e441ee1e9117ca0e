"""Signals from who stands with whom: marks of a shell, linked parties on one project; and the links themselves.

A link is a hint and sums nothing: the law counts one complainant (DOMAIN §9 Q3). DOMAIN §7.3 (8), (9).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId, Relation, RelationKind
from credit.oversight.signals.evidence import Scene, project_key
from credit.oversight.signals.signal import Reading, Signal, count, known, unknown
from credit.rules.thresholds import Thresholds

_BONDS = {
    RelationKind.UNIT_LEADER: "unit_leader", RelationKind.CONTROLS: "owner", RelationKind.MANAGES: "agent",
}  # fmt: skip
_WORDING = ("text",)
"""A link that is no mark of a shell by itself: wording is a signal of its own."""
Trait = tuple[str, str]
"""What two parties may have in common: its kind, and who or what it is."""


@dataclass(frozen=True, slots=True)
class Linked:
    """Another party and what links it: a kind of link as `credit.oversight.links` has them."""

    id: PartyId
    by: tuple[str, ...]


def links(scene: Scene) -> tuple[Linked, ...]:
    """Return the parties linked with the complainant within the trailing window, by id; whether they complain or not.

    A contact of more parties than the hub line links nobody: it is an agent's, or a park's.
    """
    kin, own = scene.evidence.kin or {}, scene.evidence.party
    traits = _traits(scene, [own, *kin.values()])
    mine = traits.pop(own.id, frozenset[Trait]())
    held, found = _holdings(scene, own.id), defaultdict[PartyId, set[str]](set)
    for party, theirs in traits.items():
        found[party] |= {kind for kind, _ in mine & theirs} | held.get(party, set())
    for party, kinds in scene.evidence.shared.items():
        found[party] |= kinds
    return tuple(Linked(party, tuple(sorted(by))) for party, by in sorted(found.items()) if by)


def shell(scene: Scene, linked: Iterable[Linked]) -> Signal:
    """Signal 8: marks of a shell: linked complainants, young at its first complaint, abnormal operations.

    The denominator is the number of marks on which anything is known.
    """
    marks = dict(_marks(scene, linked))
    if not marks:
        return unknown(scene, "shell")
    value = sum(bool(ids) for ids in marks.values())
    threshold = scene.thresholds.signals["shell"].threshold
    reading = Reading(
        value=value,
        of=len(marks),
        holds=threshold is not None and value >= threshold,
        rests_on=tuple(id_ for ids in marks.values() for id_ in ids),
        inputs=tuple((name, "true" if ids else "false") for name, ids in marks.items()),
    )
    return known(scene, "shell", reading)


def co_complaint(scene: Scene, linked: Iterable[Linked]) -> Signal:
    """Signal 9: projects complained of on which a linked party complains in a letter of its own, or bids.

    Letters filed jointly, and bids of one consortium, are open and tell nothing.
    """
    evidence, friends = scene.evidence, {one.id for one in linked}
    named = [x for x in scene.recent if project_key(x) is not None]
    if not named or evidence.kin is None or (evidence.beside is None and not evidence.bids):
        return unknown(scene, "co_complaint")
    beside = _beside(scene, friends)
    found: dict[str, list[str]] = {}
    for letter in named:
        project = project_key(letter) or ""
        others = [bid for bid in scene.bids(letter) or () if evidence.party.id not in bid.members]
        bids = [bid.id for bid in others if friends & set(bid.members)]
        if ids := [*beside.get(project, []), *bids]:
            found.setdefault(project, list(ids)).insert(0, letter.id)
    rests_on = list(dict.fromkeys(id_ for ids in found.values() for id_ in ids))
    return count(scene, "co_complaint", rests_on, value=len(found), of=len({project_key(x) for x in named}))


def _beside(scene: Scene, friends: set[PartyId]) -> Mapping[str, list[str]]:
    """Ids of the letters of linked parties, by project, that the complainant did not file with them."""
    own, found = scene.evidence.party.id, defaultdict[str, list[str]](list)
    for held in scene.evidence.beside or ():
        content = held.content
        theirs = own not in content.complainants and not friends.isdisjoint(content.complainants)
        if theirs and content.project_no is not None and scene.opened <= content.filed_on <= scene.as_of:
            found[normal(content.project_no)].append(held.id)
    return found


def _marks(scene: Scene, linked: Iterable[Linked]) -> Iterator[tuple[str, list[str]]]:
    """Every mark on which something is known, with the ids it rests on; none where it does not apply."""
    evidence = scene.evidence
    if evidence.kin is not None:
        yield "linked_complainants", [x.id for x in linked if x.id in evidence.complaining and x.by != _WORDING]
    if evidence.party.established_on is not None and scene.all:
        young = (scene.all[0].filed_on - evidence.party.established_on).days < scene.thresholds.whole("young_days")
        yield "young", [scene.all[0].id] if young else []
    if evidence.abnormal is not None:
        yield "abnormal", list(evidence.abnormal)


def _traits(scene: Scene, parties: Iterable[Party]) -> dict[PartyId, frozenset[Trait]]:
    """What each party may have in common with another: leaders, owners, contacts."""
    held = {party.id: party for party in parties}
    found: dict[PartyId, set[Trait]] = {party: set() for party in held}
    for relation in _standing(scene):
        kind = bond(relation, scene.thresholds)
        if relation.target in found and kind:
            found[relation.target].add((kind, relation.source))
    contacts = {party.id: {(c.kind, normal(c.value)) for c in party.contacts} for party in held.values()}
    shared = Counter(contact for of_one in contacts.values() for contact in of_one)
    hub = scene.thresholds.whole("contact_hub")
    for party, of_one in contacts.items():
        found[party] |= {contact for contact in of_one if shared[contact] <= hub}
    return {party: frozenset(traits) for party, traits in found.items()}


def bond(relation: Relation, thresholds: Thresholds) -> str | None:
    """Return what a relation makes its source to its target: leader, owner of enough, manager; None: no link."""
    if relation.kind is RelationKind.SHAREHOLDER:
        enough = relation.share is None or relation.share >= thresholds.number("owner_share")
        return "owner" if enough else None
    return _BONDS.get(relation.kind)


def stood(relation: Relation, opened: date, as_of: date) -> bool:
    """Tell whether a relation held on some day of a window, both ends inside."""
    until = relation.ends_on()
    return (relation.since is None or relation.since <= as_of) and (until is None or until > opened)


def _holdings(scene: Scene, party: PartyId) -> dict[PartyId, set[str]]:
    """The parties that hold or lead this one, or are held or led by it."""
    found: dict[PartyId, set[str]] = defaultdict(set)
    for relation in _standing(scene):
        if party in {relation.source, relation.target}:
            found[relation.target if relation.source == party else relation.source].add("holding")
    return found


def _standing(scene: Scene) -> Iterator[Relation]:
    """The relations that link and held on some day of the trailing window."""
    for relation in scene.evidence.relations:
        if bond(relation, scene.thresholds) and stood(relation, scene.opened, scene.as_of):
            yield relation
