"""What bidders of one lot are to each other: leaders, holdings, double roles, traces in their files.

Law: 条例 18¶1, 22¶2; 招标投标法实施条例 34, 37, 40; DOMAIN §3.4, §9 Q8, Q18, Q28, Q30.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations, pairwise

from credit.model.party import PartyId, Role
from credit.model.project import RecordedBid, Signals
from credit.model.question import Bid
from credit.model.verdict import Effect, Reason, Step
from credit.rules.control import HOLDING, Control, Reach, Tie
from credit.rules.findings import Bite
from credit.rules.merged import merged
from credit.rules.penalties import number
from credit.rules.rows import Rule, Trigger
from credit.rules.terms import moved
from credit.rules.world import World, step_of

_MANY = 60
"""Bids with a mark in common beyond which not every pair of them is looked at."""


Mark = PartyId | tuple[str, str]
"""What two bids may have in common: a party behind both, or a trace in their files."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A bid that takes part in a lot: asked about (``bid``) or only recorded; members by the party they name."""

    members: tuple[PartyId, ...]
    lot: str | None
    signals: tuple[Signals, ...] = ()
    bid: Bid | None = None
    asked: tuple[str, ...] = ()

    def called(self, party: PartyId) -> str:
        """The id by which the question named a member."""
        return self.asked[self.members.index(party)] if self.asked else party


def entrants(world: World, bids: Sequence[Bid]) -> list[Entrant]:
    """The suppliers' bids asked about, with the recorded bids that are not theirs."""
    asked: list[Entrant] = []
    mine: set[str] = set()
    for bid in bids:
        if bid.role is not Role.SUPPLIER:
            continue
        known = [(m.id, world.facts.resolved[m.id]) for m in bid.members if m.id in world.facts.resolved]
        members, lot = tuple(p for _, p in known), bid.lot if bid.lot is not None else world.activity.lot
        own = [r for r in world.facts.recorded_bids if _same_bid(r, members, lot)]
        mine |= {r.id for r in own}
        asked.append(Entrant(members, lot, tuple(r.signals for r in own), bid, tuple(i for i, _ in known)))
    rest = [Entrant(r.members, r.lot, (r.signals,)) for r in world.facts.recorded_bids if r.id not in mine]
    return asked + rest


def _same_bid(recorded: RecordedBid, members: tuple[PartyId, ...], lot: str | None) -> bool:
    return set(recorded.members) == set(members) and (lot is None or recorded.lot is None or recorded.lot == lot)


@dataclass(frozen=True)
class Lots:
    """Tests of bidders against each other."""

    world: World

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        activity = self.world.activity
        rows = self.world.rules.rules_for(Trigger.LINK, activity.domain, Role.SUPPLIER, self.world.reference)
        return {r.variant: r for r in rows}

    @cached_property
    def _control(self) -> Control:
        return Control.on(self.world.relations, self.world.reference, number(self.world, "control_share"))

    @cached_property
    def _before(self) -> list[tuple[Control, str, set[PartyId]]]:
        """The relations before each change shortly before the deadline (Q30), its day, and the parties it touched."""
        world = self.world
        earliest = moved(world.reference, -int(number(world, "recent_change_days")))
        touched: dict[date, set[PartyId]] = defaultdict(set)
        for relation in world.relations:
            until = relation.ends_on()
            if until is not None and earliest <= until <= world.reference:
                touched[until] |= {relation.source, relation.target}
        line = number(world, "control_share")
        return [
            (Control.on(world.relations, moved(day, -1), line), day.isoformat(), parties)
            for day, parties in sorted(touched.items())
        ]

    def bites(self, bids: Sequence[Bid]) -> Iterator[tuple[str, str, Bite]]:
        """(ref of the bid, id of the member as asked, what bit)."""
        present = entrants(self.world, bids)
        yield from self._within([e for e in present if e.bid])
        for one, other in self._pairs(present):
            yield from self._between(one, other)
            yield from self._traces(one, other)

    def _pairs(self, present: Sequence[Entrant]) -> Iterator[tuple[Entrant, Entrant]]:
        """Pairs in one lot, at least one of them asked about, that have anything in common to be tested."""
        close: set[tuple[int, int]] = set()
        for lot in {e.lot for e in present if e.lot is not None} or {None}:
            for mark, group in self._index([(n, e) for n, e in enumerate(present) if e.lot in {lot, None}]).items():
                close |= set(combinations(group, 2)) if len(group) <= _MANY else self._of_many(mark, group, present)
        for a, b in sorted(close):
            if present[a].bid or present[b].bid:
                yield present[a], present[b]

    def _index(self, present: Iterable[tuple[int, Entrant]]) -> dict[Mark, list[int]]:
        """The entrants of one lot by everything that two of them could have in common."""
        index: dict[Mark, list[int]] = defaultdict(list)
        for n, entrant in present:
            traces = {mark for signals in entrant.signals for mark in _trace_marks(signals)}
            for mark in traces | {m for p in entrant.members for m in self._marks(p)}:
                index[mark].append(n)
        return index

    def _of_many(self, mark: Mark, group: list[int], present: Sequence[Entrant]) -> set[tuple[int, int]]:
        """Of many bids with one mark, enough pairs that each is found out: with its neighbour among its likes.

        Alike are those that the mark leads, those it may control, and those that share a trace; a bid of the mark's own
        is paired with each. Other bids with a common mark are strangers.
        """
        if isinstance(mark, tuple):
            return set(pairwise(group))
        reached = self._control.controlled(mark, Reach.UNKNOWN) | self._control.controlled(mark, Reach.HALF)
        led = [n for n in group if any(mark in self._control.leaders(p) for p in present[n].members)]
        held = [n for n in group if any(p in reached for p in present[n].members)]
        own = [n for n in group if any(mark in self.world.same_legal_person(p) for p in present[n].members)]
        with_own = {(min(own[0], m), max(own[0], m)) for m in set(group) - set(own)} if own else set[tuple[int, int]]()
        return with_own | {pair for alike in (own, led, held) for pair in pairwise(alike)}

    def _marks(self, party: PartyId) -> set[PartyId]:
        """Everyone that a party could be linked through; two parties without a common one are strangers."""
        return self._nets.get(party) or {party}

    @cached_property
    def _nets(self) -> dict[PartyId, set[PartyId]]:
        nets: dict[PartyId, set[PartyId]] = {}
        recorded = {m for r in self.world.facts.recorded_bids for m in r.members}
        for bearer in recorded.union(self.world.facts.resolved.values()):
            own = self.world.same_legal_person(bearer)
            net, queue = {bearer, *own}, [bearer, *own]
            while queue:
                at = queue.pop()
                for relation in self.world.into.get(at, ()):
                    if relation.kind in HOLDING and relation.source not in net:
                        net.add(relation.source)
                        queue.append(relation.source)
            nets[bearer] = net
        return nets

    def _between(self, one: Entrant, other: Entrant) -> Iterator[tuple[str, str, Bite]]:
        for mine in one.members:
            for theirs in other.members:
                if mine == theirs or self._one_registration(mine, theirs):
                    path = merged(self.world, mine, (one.called(mine), other.called(theirs)))
                    yield from self._both(one, other, mine, theirs, self._double(one, other, path))
                    continue
                for bite in self._linked(mine, theirs):
                    yield from self._both(one, other, mine, theirs, bite)

    def _double(self, one: Entrant, other: Entrant, path: tuple[Step, ...]) -> Bite | None:
        alone = len(one.members) == 1 and len(other.members) == 1
        rule = self._rules.get("twice" if alone else "double_role")
        return Bite(rule, {}, path=path) if rule else None

    def _one_registration(self, mine: PartyId, theirs: PartyId) -> bool:
        """Whether both ids are registrations of one body (renamed), rather than head office and branch."""
        return any(
            b.dossier.party.id == theirs and all(s.relation == "renamed_from" for s in b.path)
            for b in self.world.bearers(mine)
            if not b.doubt
        )

    def _linked(self, mine: PartyId, theirs: PartyId) -> Iterator[Bite]:
        """The links of two members by the rows of the domain; one given up lately is looked at by a person."""
        kin = set(self.world.same_legal_person(mine)) & set(self.world.same_legal_person(theirs))
        if kin and (rule := self._rules.get("head_and_branch")):
            yield Bite(rule, {"name": self.world.name(min(kin))})
        now = [b for t in self._control.ties(mine, theirs) if (b := self._tie_bite(t))]
        yield from now
        yield from () if kin else self._through_heads(mine, theirs)
        if any(b.rule.effect is Effect.RESTRICT for b in now):
            return
        near = self._marks(mine) | self._marks(theirs)
        for control, day, ended in self._before:
            for tie in control.ties(mine, theirs) if near & ended else ():
                bite = self._tie_bite(tie, day)
                if bite and bite.rule.effect is Effect.RESTRICT:
                    yield bite.doubted("recent_change")
                    return

    def _through_heads(self, mine: PartyId, theirs: PartyId) -> Iterator[Bite]:
        """Links that run through another registration or the head office of either (民法典 74)."""
        for one in self.world.same_legal_person(mine):
            for other in self.world.same_legal_person(theirs):
                if (one, other) != (mine, theirs) and one != other:
                    sure = self._one_registration(mine, one) and self._one_registration(theirs, other)
                    bites = (b for t in self._control.ties(one, other) if (b := self._tie_bite(t)))
                    yield from bites if sure else (b.doubted("head_link") for b in bites)

    def _tie_bite(self, tie: Tie, day: str = "") -> Bite | None:
        rule = self._rules.get(tie.variant)
        if rule is None:
            return None
        path = tuple(map(step_of, tie.relations))
        share = f"{tie.share.normalize():f}" if tie.share is not None else ""
        through = self.world.name(tie.through) if tie.through else ""
        return Bite(rule, {"share": share, "name": through, "edge": day}, path=path)

    def _both(
        self, one: Entrant, other: Entrant, mine: PartyId, theirs: PartyId, bite: Bite | None
    ) -> Iterator[tuple[str, str, Bite]]:
        if bite is None:
            return
        for entrant, own, opposite in ((one, mine, theirs), (other, theirs, mine)):
            if entrant.bid is not None:
                values = {**bite.values, "party": self.world.name(own), "other": self.world.name(opposite)}
                yield entrant.bid.ref, entrant.called(own), _with(bite, values)

    def _within(self, asked: Sequence[Entrant]) -> Iterator[tuple[str, str, Bite]]:
        """Members of one consortium who are linked: one supplier, so shown only (Q28)."""
        rule = self._rules.get("consortium")
        for entrant in asked:
            for mine, theirs in combinations(entrant.members, 2):
                ties = [
                    t
                    for t in self._control.ties(mine, theirs)
                    if t.variant in {"same_leader", "direct_control", "manages"}
                ]
                if rule and ties and entrant.bid:
                    path = tuple(map(step_of, ties[0].relations))
                    values = {"party": self.world.name(mine), "other": self.world.name(theirs)}
                    yield entrant.bid.ref, entrant.called(mine), Bite(rule, values, path=path)

    def _traces(self, one: Entrant, other: Entrant) -> Iterator[tuple[str, str, Bite]]:
        if not (one.members and other.members):
            return
        activity = self.world.activity
        for rule in self.world.rules.rules_for(Trigger.SIGNAL, activity.domain, Role.SUPPLIER, self.world.reference):
            mine = {getattr(x, rule.variant) for x in one.signals} - {None}
            if mine & {getattr(x, rule.variant) for x in other.signals}:
                yield from self._both(one, other, one.members[0], other.members[0], Bite(rule, {}))


def _trace_marks(signals: Signals) -> set[Mark]:
    marks = (("m", signals.machine_code), ("a", signals.deposit_account), ("i", signals.ip))
    return {(kind, value) for kind, value in marks if value is not None}


def _with(bite: Bite, values: dict[str, str | Reason]) -> Bite:
    return Bite(bite.rule, values, bite.records, bite.until, bite.doubts, bite.notes, bite.path, bite.question)
