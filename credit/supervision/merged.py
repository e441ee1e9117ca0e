"""Reads what entries of one party told as that party's: what is read raw bears the id of the entry it was written on.

A merge moves nothing (`credit.model.merge`), so that two entries of one party look like two that have much in common.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from credit.model.complaint import HeldComplaint
from credit.model.matter import MatterId
from credit.model.party import Party, PartyId, Relation
from credit.model.project import RecordedBid
from credit.oversight.links import Around, Holder
from credit.oversight.networks import Tenders
from credit.ports import Alike


@dataclass(frozen=True, slots=True)
class AsOne:
    """By the id of an entry that of the party it is read as; entries that are not named are read as themselves."""

    names: Mapping[PartyId, PartyId] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, alike: Mapping[str, Alike], own: Collection[PartyId] = (), asked: PartyId | None = None) -> "AsOne":
        """Read every entry as the one that is kept; ``own``, those of the party asked about, as ``asked``."""
        kept = {entry: one.kept.id for one in alike.values() for entry in one.ids}
        names = kept | (dict.fromkeys(own, asked) if asked is not None else {})
        return cls({entry: party for entry, party in names.items() if entry != party})

    def party(self, entry: PartyId) -> PartyId:
        """Return the party that an entry is read as."""
        return self.names.get(entry, entry)

    def parties(self, entries: Iterable[PartyId]) -> tuple[PartyId, ...]:
        """Return parties in the order of their entries, each once."""
        return tuple(dict.fromkeys(map(self.party, entries)))

    def kin(self, parties: Iterable[Party]) -> dict[PartyId, Party]:
        """Return parties by the id that they are read as."""
        return {self.party(one.id): replace(one, id=self.party(one.id)) for one in parties}

    def letter(self, held: HeldComplaint) -> HeldComplaint:
        """Return a complaint with its complainants as they are read."""
        complainants = self.parties(held.content.complainants)
        if complainants == held.content.complainants:
            return held
        return replace(held, content=replace(held.content, complainants=complainants))

    def letters(self, filed: Mapping[PartyId, Sequence[HeldComplaint]]) -> dict[PartyId, list[HeldComplaint]]:
        """Return the complaints of each party, those of its entries together and each once."""
        found: dict[PartyId, dict[MatterId, HeldComplaint]] = defaultdict(dict)
        for entry, held in filed.items():
            found[self.party(entry)].update((one.id, self.letter(one)) for one in held)
        return {party: list(held.values()) for party, held in found.items()}

    def tenders(self, tenders: Tenders) -> Tenders:
        """Return projects with their bids, whose members and leads are as they are read."""
        if not self.names:
            return tenders
        return {number: (project, [self._bid(bid) for bid in bids]) for number, (project, bids) in tenders.items()}

    def _bid(self, bid: RecordedBid) -> RecordedBid:
        return replace(bid, members=self.parties(bid.members), lead=self.party(bid.lead))

    def around(self, around: Around) -> Around:
        """Return what complainants may be linked by; what a party holds of itself is left out."""
        if not self.names:
            return around
        holders: dict[PartyId, Holder] = {}
        for holder in map(self._holder, around.holders):
            other = holders.get(holder.id, holder)
            relations = tuple(dict.fromkeys((*other.relations, *holder.relations)))
            holders[holder.id] = Holder(holder.id, relations, other.complaining | holder.complaining)
        commons = (
            replace(common, found=tuple(dict.fromkeys((self.party(p), id_) for p, id_ in common.found)))
            for common in around.commons
        )
        return Around(tuple(holders.values()), tuple(commons))

    def _holder(self, holder: Holder) -> Holder:
        complaining = frozenset(map(self.party, holder.complaining))
        return Holder(self.party(holder.id), self.relations(holder.relations), complaining)

    def relations(self, told: Iterable[Relation]) -> tuple[Relation, ...]:
        """Return relations between parties; what a party is to itself is left out."""
        read = (replace(one, source=self.party(one.source), target=self.party(one.target)) for one in told)
        return tuple(one for one in read if one.source != one.target)
