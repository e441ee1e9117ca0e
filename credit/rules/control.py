"""Who holds, controls or manages whom, on a day.

More than half held is control; shares held through controlled firms are added. Law: 条例 18; 招标投标法实施条例 34;
DOMAIN §9 Q18.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from credit.model.party import PartyId, Relation, RelationKind

HOLDING = frozenset({RelationKind.SHAREHOLDER, RelationKind.CONTROLS, RelationKind.MANAGES, RelationKind.UNIT_LEADER})


_PLAIN = {RelationKind.MANAGES: "manages", RelationKind.UNIT_LEADER: "leads"}


class Reach(StrEnum):
    """Which holdings count as control: those surely above the line, exactly half too, or unknown ones too."""

    SURE = "sure"
    HALF = "half"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Tie:
    """How two parties are linked: the variant of the catalogue's row, the relations, who stands between."""

    variant: str
    relations: tuple[Relation, ...]
    share: Decimal | None = None
    through: PartyId | None = None


@dataclass(frozen=True)
class Control:
    """The relations that hold on one day, asked pair by pair."""

    relations: tuple[Relation, ...]
    line: Decimal
    _into: Mapping[PartyId, list[Relation]] = field(repr=False)
    _out: Mapping[PartyId, list[Relation]] = field(repr=False)
    _reach: dict[tuple[PartyId, Reach], frozenset[PartyId]] = field(repr=False, default_factory=dict)

    @classmethod
    def on(cls, relations: Iterable[Relation], day: date, line: Decimal) -> "Control":
        """Take the relations that hold on a day; ``line`` is the share above which holding is control."""
        held = tuple(r for r in relations if r.kind in HOLDING and r.holds_on(day))
        into: dict[PartyId, list[Relation]] = defaultdict(list)
        out: dict[PartyId, list[Relation]] = defaultdict(list)
        for relation in held:
            into[relation.target].append(relation)
            out[relation.source].append(relation)
        return cls(held, line, into, out)

    def leaders(self, party: PartyId) -> dict[PartyId, Relation]:
        """The unit leaders of a party, each with the relation."""
        return {r.source: r for r in self._into.get(party, ()) if r.kind is RelationKind.UNIT_LEADER}

    def controlled(self, party: PartyId, reach: Reach = Reach.SURE) -> frozenset[PartyId]:
        """Everything a party controls, directly or through what it controls."""
        key = (party, reach)
        if key not in self._reach:
            self._reach[key] = self._controlled(party, reach)
        return self._reach[key]

    def controllers(self, party: PartyId, reach: Reach = Reach.SURE) -> frozenset[PartyId]:
        """Everyone that stands above a party in a chain of holdings and controls it."""
        above: set[PartyId] = set()
        queue = [party]
        while queue:
            for relation in self._into.get(queue.pop(), ()):
                if relation.kind in {RelationKind.SHAREHOLDER, RelationKind.CONTROLS} and relation.source not in above:
                    above.add(relation.source)
                    queue.append(relation.source)
        return frozenset(x for x in above if x != party and party in self.controlled(x, reach))

    def ties(self, one: PartyId, other: PartyId) -> list[Tie]:
        """Every link between two different parties, the plainest first."""
        found = [*self._same_leader(one, other), *self._direct(one, other), *self._direct(other, one)]
        found += [*self._led_by_owner(one, other), *self._led_by_owner(other, one)]
        plain = {t.variant for t in found}
        if not plain & {"direct_control"}:
            found += self._indirect(one, other, plain) or self._sister(one, other)
        return found

    def _same_leader(self, one: PartyId, other: PartyId) -> list[Tie]:
        mine, theirs = self.leaders(one), self.leaders(other)
        return [Tie("same_leader", (mine[p], theirs[p]), through=p) for p in sorted(mine.keys() & theirs.keys())]

    def _led_by_owner(self, led: PartyId, owned: PartyId) -> list[Tie]:
        """The one's leader controls the other: neither a same leader nor a holding between them, but worth a look."""
        return [
            Tie("minority", (relation, *self._chain(person, owned)), through=person)
            for person, relation in self.leaders(led).items()
            if owned in self.controlled(person)
        ]

    def _direct(self, holder: PartyId, held: PartyId) -> list[Tie]:
        between = [r for r in self._out.get(holder, ()) if r.target == held]
        found = [Tie("direct_control", (r,)) for r in between if r.kind is RelationKind.CONTROLS]
        found += [Tie(_PLAIN[r.kind], (r,)) for r in between if r.kind in _PLAIN]
        holdings = tuple(r for r in between if r.kind is RelationKind.SHAREHOLDER)
        if not holdings:
            return found
        shares = [r.share for r in holdings if r.share is not None]
        most, total = max(shares, default=None), sum(shares, Decimal(0))
        if most is not None and most > self.line:
            variant = "direct_control"
        elif len(shares) < len(holdings) or total > self.line:
            variant = "unknown_share"
        else:
            variant = "half" if most == self.line else "minority"
        return [*found, Tie(variant, holdings, most)]

    def _indirect(self, one: PartyId, other: PartyId, plain: set[str]) -> list[Tie]:
        for variant, reach in (("indirect", Reach.SURE), ("half", Reach.HALF), ("unknown_share", Reach.UNKNOWN)):
            for top, low in ((one, other), (other, one)):
                if variant not in plain and low in self.controlled(top, reach):
                    return [Tie(variant, self._chain(top, low))]
        return []

    def _sister(self, one: PartyId, other: PartyId) -> list[Tie]:
        for variant, reach in (("sister", Reach.SURE), ("unknown_share", Reach.UNKNOWN)):
            common = sorted(self.controllers(one, reach) & self.controllers(other, reach))
            if common:
                top = common[0]
                return [Tie(variant, (*self._chain(top, one), *self._chain(top, other)), through=top)]
        return []

    def _controlled(self, party: PartyId, reach: Reach) -> frozenset[PartyId]:
        mine: set[PartyId] = {party}
        while new := {p for p, share in self._shares(mine).items() if self._is_control(share, reach)}:
            mine |= new
        return frozenset(mine - {party})

    def _shares(self, mine: set[PartyId]) -> dict[PartyId, Decimal | None]:
        """What a group holds of each firm outside it; None where a share that is not known may be control."""
        best: dict[tuple[PartyId, PartyId], Decimal | None] = {}
        for relation in (r for p in mine for r in self._out.get(p, ()) if r.target not in mine):
            key = (relation.source, relation.target)
            if relation.kind is RelationKind.CONTROLS:
                best[key] = Decimal(1)
            elif relation.kind is RelationKind.SHAREHOLDER:
                held = best.get(key, Decimal(0))
                best[key] = None if relation.share is None or held is None else max(held, relation.share)
        sums: dict[PartyId, Decimal | None] = {}
        for (_, target), share in best.items():
            held = sums.get(target, Decimal(0))
            sums[target] = None if share is None or held is None else held + share
        return sums

    def _is_control(self, share: Decimal | None, reach: Reach) -> bool:
        if share is None:
            return reach is Reach.UNKNOWN
        return share > self.line or (reach is Reach.HALF and share == self.line)

    def _chain(self, top: PartyId, low: PartyId) -> tuple[Relation, ...]:
        """The shortest chain of holdings from one down to the other."""
        paths: dict[PartyId, tuple[Relation, ...]] = {top: ()}
        queue = [top]
        while queue:
            at = queue.pop(0)
            if at == low:
                return paths[at]
            for relation in self._out.get(at, ()):
                if relation.kind in {RelationKind.SHAREHOLDER, RelationKind.CONTROLS} and relation.target not in paths:
                    paths[relation.target] = (*paths[at], relation)
                    queue.append(relation.target)
        return ()
