"""The gathered facts, indexed once for a question, and whose records a bidder bears.

Law: 民法典 74 — a branch is part of its legal person; DOMAIN §9 Q8 (branches), Q26 (successors).
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from credit.identifiers import mask_name
from credit.model.facts import Dossier, Facts
from credit.model.party import Party, PartyId, PartyKind, Relation, RelationKind
from credit.model.question import Activity
from credit.model.record import RecordId
from credit.model.verdict import Step
from credit.regions import Regions
from credit.rules.catalogue import Catalogue
from credit.rules.timing import CutOff

_STEPS = 6
"""How many steps of renaming, branching and succession are followed."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A party whose records bear on the bidder, the path to it, and the doubt that the path brings."""

    dossier: Dossier
    path: tuple[Step, ...] = ()
    doubt: str | None = None


@dataclass(frozen=True)
class World:
    """Facts and rules around one activity; pure, made once for a question."""

    facts: Facts
    rules: Catalogue
    regions: Regions
    activity: Activity
    cut_off: CutOff

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """Relations in the order in which they were learnt: answers must not hang on the order of the graph's rows."""
        return tuple(sorted(self.facts.relations, key=lambda r: (r.tick, r.id)))

    @cached_property
    def into(self) -> Mapping[PartyId, list[Relation]]:
        """Relations by target."""
        table: dict[PartyId, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            table[relation.target].append(relation)
        return table

    @cached_property
    def out(self) -> Mapping[PartyId, list[Relation]]:
        """Relations by source."""
        table: dict[PartyId, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            table[relation.source].append(relation)
        return table

    @cached_property
    def out_to_recorded(self) -> Mapping[PartyId, list[Relation]]:
        """Relations by source, only those to a party that anything is recorded on."""
        table: dict[PartyId, list[Relation]] = defaultdict(list)
        for relation in self.relations:
            dossier = self.facts.dossiers.get(relation.target)
            if dossier is not None and dossier.records:
                table[relation.source].append(relation)
        return table

    @cached_property
    def recorded_on(self) -> Mapping[RecordId, PartyId]:
        """The very entry that each record was recorded on."""
        return {r.id: r.party for dossier in self.facts.dossiers.values() for r in dossier.records}

    @cached_property
    def reference(self) -> date:
        """The day that decides which rules are in force and counts the three years back."""
        return self.activity.reference_day

    def dossier(self, party: PartyId) -> Dossier | None:
        """What was gathered on a party, None where nothing was."""
        return self.facts.dossiers.get(party)

    def name(self, party: PartyId) -> str:
        """What a reason may call the party: a person is masked."""
        dossier = self.dossier(party)
        return shown_name(dossier.party) if dossier else party

    def own(self, asked: str) -> PartyId | None:
        """The very entry that an id names, be it shown as another's by a merge or not."""
        return self.facts.named.get(asked) or self.facts.resolved.get(asked)

    def inside(self, outer: str | None) -> bool | None:
        """Whether the activity lies in a region on the reference day; None where the activity names none."""
        if outer is None or self.activity.region is None:
            return None
        return self.regions.contains(outer, self.activity.region, self.reference)

    def bearers(self, party: PartyId) -> Iterator[Bearer]:
        """The party itself, then those whose records it bears by renaming, branching or succession at the cut-off.

        A head office's records are the branch's own; a branch's, a sister branch's and a predecessor's are doubtful.
        What can be reached without a doubt is, before any doubtful way to it is tried.
        """
        seen: set[PartyId] = set()
        sure: deque[tuple[PartyId, tuple[Step, ...], str | None]] = deque([(party, (), None)])
        doubtful: deque[tuple[PartyId, tuple[Step, ...], str | None]] = deque()
        while sure or doubtful:
            at, path, doubt = (sure or doubtful).popleft()
            dossier = self.dossier(at)
            if dossier is None or at in seen:
                continue
            seen.add(at)
            yield Bearer(dossier, path, doubt)
            if len(path) < _STEPS:
                for relation, other, adds in self._kin(at, doubt):
                    (doubtful if doubt or adds else sure).append((other, (*path, step_of(relation)), doubt or adds))

    def same_legal_person(self, party: PartyId) -> tuple[PartyId, ...]:
        """The party, then its other registrations and its head office (not its branches)."""
        return tuple(b.dossier.party.id for b in self.bearers(party) if b.doubt is None)

    def _kin(self, party: PartyId, doubt: str | None) -> Iterator[tuple[Relation, PartyId, str | None]]:
        day = self.cut_off.day
        for relation in self.out.get(party, ()):
            if not relation.holds_on(day):
                continue
            if relation.kind in {RelationKind.RENAMED_FROM, RelationKind.BRANCH_OF}:
                yield relation, relation.target, None
            elif relation.kind is RelationKind.SUCCESSOR_OF:
                yield relation, relation.target, "successor"
        for relation in self.into.get(party, ()):
            if not relation.holds_on(day):
                continue
            if relation.kind is RelationKind.RENAMED_FROM:
                yield relation, relation.source, None
            elif relation.kind is RelationKind.BRANCH_OF and doubt is None:
                yield relation, relation.source, "branch"


def step_of(relation: Relation) -> Step:
    """The step that a relation is, between the entries that it was recorded of."""
    source, target = relation.recorded_ends
    return Step(source, relation.kind.value, target)


def shown_name(party: Party) -> str:
    """The name as kept evidence shows it: a natural person's is masked."""
    return mask_name(party.name) if party.kind is PartyKind.PERSON else party.name
