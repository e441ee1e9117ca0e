"""What was gathered from the graph to answer a question: plain data, as of one place in the order of writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from credit.model.party import Party, PartyId, Relation
from credit.model.project import Project, RecordedBid, Sync
from credit.model.record import Record


@dataclass(frozen=True, slots=True)
class Dossier:
    """A party with its records, newest last."""

    party: Party
    records: tuple[Record, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything ``evaluate`` may look at.

    ``resolved`` maps each id asked about to the party it names (an organisation code to the credit code holding it);
    an id that is absent is not registered. ``dossiers`` holds those parties and the ones tied to them.
    ``known`` is the place in the order of writes up to which facts are held; nothing later is in here. ``keys`` are the
    lasting inner keys of every party that was looked at: whatever changes these facts touches one of them.

    Entries that are one party by a merge are one here (`credit.model.merge.as_one`): ``same`` maps each of the others
    to the entry that is kept, ``named`` those ids asked about that name another to it, ``folded`` holds the last write
    that touched each other. A record's ``party`` stays the entry that it was recorded on.
    """

    known: int
    resolved: Mapping[str, PartyId] = field(default_factory=dict[str, PartyId])
    dossiers: Mapping[PartyId, Dossier] = field(default_factory=dict[PartyId, Dossier])
    relations: tuple[Relation, ...] = ()
    syncs: tuple[Sync, ...] = ()
    project: Project | None = None
    recorded_bids: tuple[RecordedBid, ...] = ()
    keys: tuple[str, ...] = ()
    same: Mapping[PartyId, PartyId] = field(default_factory=dict[PartyId, PartyId])
    named: Mapping[str, PartyId] = field(default_factory=dict[str, PartyId])
    folded: Mapping[PartyId, int] = field(default_factory=dict[PartyId, int])


def joined(one: Facts, other: Facts) -> Facts:
    """Put facts gathered in parts together; both are as of the same place, and of the same project and cut-off."""
    both = {p: _united(d, other.dossiers.get(p)) for p, d in one.dossiers.items()}
    return replace(
        one,
        resolved={**one.resolved, **other.resolved},
        dossiers={**other.dossiers, **both},
        relations=tuple({r.id: r for r in (*one.relations, *other.relations)}.values()),
        same={**one.same, **other.same},
        named={**one.named, **other.named},
        folded={**one.folded, **other.folded},
    )


def _united(one: Dossier, other: Dossier | None) -> Dossier:
    """A party that is a bidder in one part may be a mere owner in another, with fewer of its records."""
    if other is None:
        return one
    records = {r.id: r for r in (*one.records, *other.records)}
    return replace(one, records=tuple(sorted(records.values(), key=lambda r: (r.tick, r.id))))
