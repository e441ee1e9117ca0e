"""Merges: two entries of the registry that turned out to be one party; nothing is moved, answers look through it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from credit.model.facts import Dossier, Facts
from credit.model.party import Party, PartyId, PartyStatus, Relation
from credit.model.project import Project, RecordedBid

SAME_AS = "same_as"
"""How a path names the step from one entry to another that is the same party."""
MOST_ALIKE = 64
"""Entries that may stand for one party."""
_GRAVITY = {PartyStatus.ACTIVE: 0, PartyStatus.REVOKED: 1, PartyStatus.DEREGISTERED: 2}
"""A body whose licence is revoked still is one until it is deregistered."""


@dataclass(frozen=True, slots=True)
class MergeStatement:
    """Says that ``same_as`` is the party ``keep``, under whose id and name it is shown from now on."""

    keep: str
    same_as: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """What ``POST /v1/merges/{id}/undo`` said."""

    reason: str
    tick: int
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Merge:
    """An act of ``admin``; ``tick`` is its place in the order of writes, ``nth`` its number among the merges."""

    id: str
    keep: PartyId
    same_as: PartyId
    on: date
    reason: str
    tick: int
    recorded_by: str
    undone: Undoing | None = None
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Tie:
    """A merge as its parties hold it: ``keep`` and ``other`` are inner keys, ``undone`` the place of its undoing."""

    id: str
    keep: str
    other: str
    tick: int
    undone: int | None = None

    def holds(self, until: int | None) -> bool:
        """Whether it is in force by a place in the order of writes; None: now."""
        if until is None:
            return self.undone is None
        return self.tick <= until and (self.undone is None or self.undone > until)


def kept_by(ties: Iterable[Tie], until: int | None = None) -> dict[str, str]:
    """Return for every entry that is shown under another one the inner key of that one.

    Merges are read in the order in which they were made: each puts the whole of ``other`` under whatever stands for
    ``keep``, so that chains and rings end in one.

    >>> kept_by([Tie("1", "a", "b", 1), Tie("2", "c", "a", 2), Tie("3", "b", "c", 3)])
    {'b': 'c', 'a': 'c'}
    """
    above: dict[str, str] = {}

    def top(key: str) -> str:
        while key in above:
            key = above[key]
        return key

    once = {tie.id: tie for tie in ties if tie.holds(until)}
    for tie in sorted(once.values(), key=lambda t: (t.tick, t.id)):
        keep, other = top(tie.keep), top(tie.other)
        if keep != other:
            above[other] = keep
    return {key: top(key) for key in above}


def merged_picture(
    parties: Mapping[str, Party], relations: Iterable[Relation], kept: Mapping[str, str], centre: str
) -> tuple[list[Party], list[Relation]]:
    """Return parties (given by inner key) and their relations with every party once, the one in the centre first.

    ``kept`` is as `kept_by` returns it; the centre stands under the entry that was asked for.
    """
    top = kept.get(centre, centre)
    same = {key: centre if above == top else above for key, above in {**kept, top: top}.items() if key != centre}
    same = {key: above for key, above in same.items() if key != above and {key, above} <= parties.keys()}
    others: dict[str, list[Party]] = {}
    for key, above in same.items():
        others.setdefault(above, []).append(parties[key])
    order = [centre, *(key for key in parties if key not in same and key != centre)]
    ids = {parties[key].id: parties[above].id for key, above in same.items()}
    tied = (_tied(relation, ids) for relation in relations)
    shown = [called_too(parties[key], others.get(key, ())) for key in order]
    return shown, [relation for relation in tied if relation.source != relation.target]


def around(
    parties: Sequence[Party], relations: Sequence[Relation], *, depth: int
) -> tuple[list[Party], list[Relation]]:
    """Return of a picture what lies within some steps of its first party: a merge that was undone leads nowhere."""
    near = {parties[0].id}
    for _ in range(depth):
        near |= {end for r in relations for end in (r.source, r.target) if near & {r.source, r.target}}
    return [p for p in parties if p.id in near], [r for r in relations if {r.source, r.target} <= near]


def called_too(party: Party, others: Iterable[Party]) -> Party:
    """Return a party as all its entries tell it: the others' names as further former ones, the gravest status of all.

    One register may hold as active, by default or since long ago, what another one revoked: whoever asks is told.
    """
    told = tuple(others)
    names = chain.from_iterable((other.name, *other.former_names) for other in told)
    known = {party.name, *party.former_names}
    more = tuple(name for name in dict.fromkeys(names) if name not in known)
    status = max((party.status, *(other.status for other in told)), key=_GRAVITY.__getitem__)
    if not more and status is party.status:
        return party
    return replace(party, former_names=(*party.former_names, *more), status=status)


def as_one(facts: Facts, same: Mapping[PartyId, PartyId]) -> Facts:
    """Return facts in which every entry of one party is that party; ``same`` maps the others to the one that is kept.

    A relation between two of them says nothing of the party and is left out. What the others were called, asked about
    and last written at stays known: `Facts.named`, `Facts.same`, `Facts.folded`.
    """
    if not same:
        return facts
    gone = {party: dossier for party, dossier in facts.dossiers.items() if party in same}
    relations = (_tied(relation, same) for relation in facts.relations)
    return replace(
        facts,
        resolved={name: same.get(party, party) for name, party in facts.resolved.items()},
        dossiers=_united(facts.dossiers, gone, same),
        relations=tuple(relation for relation in relations if relation.source != relation.target),
        project=_opened(facts.project, same),
        recorded_bids=tuple(_entered(bid, same) for bid in facts.recorded_bids),
        same=dict(same),
        named={name: party for name, party in facts.resolved.items() if party in same},
        folded={party: dossier.revision for party, dossier in gone.items()},
    )


def _united(
    dossiers: Mapping[PartyId, Dossier], gone: Mapping[PartyId, Dossier], same: Mapping[PartyId, PartyId]
) -> dict[PartyId, Dossier]:
    others: dict[PartyId, list[Dossier]] = {}
    for party, dossier in gone.items():
        others.setdefault(same[party], []).append(dossier)
    return {p: _with(d, others[p]) if p in others else d for p, d in dossiers.items() if p not in gone}


def _with(kept: Dossier, others: Iterable[Dossier]) -> Dossier:
    in_order = sorted(others, key=lambda d: d.party.id)
    records = chain(kept.records, *(d.records for d in in_order))
    return replace(
        kept,
        party=called_too(kept.party, (d.party for d in in_order)),
        records=tuple(sorted(records, key=lambda r: (r.tick, r.id))),
    )


def _tied(relation: Relation, same: Mapping[PartyId, PartyId]) -> Relation:
    ends = (relation.source, relation.target)
    source, target = (same.get(end, end) for end in ends)
    return relation if (source, target) == ends else replace(relation, source=source, target=target, told=ends)


def _opened(project: Project | None, same: Mapping[PartyId, PartyId]) -> Project | None:
    if project is None:
        return None
    agency = project.agency and same.get(project.agency, project.agency)
    return replace(project, purchaser=same.get(project.purchaser, project.purchaser), agency=agency)


def _entered(bid: RecordedBid, same: Mapping[PartyId, PartyId]) -> RecordedBid:
    members = tuple(dict.fromkeys(same.get(member, member) for member in bid.members))
    return replace(bid, members=members, lead=same.get(bid.lead, bid.lead))
