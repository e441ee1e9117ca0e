"""Complainants that are linked, and to whose gain complaints end: clusters with the links that make them, never a sum.

Nothing here restricts anyone or enters the statutory count, which is of one complainant (DOMAIN §9 Q3); a cluster is a
hint for an officer, shown with its evidence. Law behind `Together`: 条例 18; DOMAIN §7.3 (7)–(9).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from credit.model.complaint import ComplaintOutcome
from credit.model.naturalkey import digest, normal
from credit.model.party import PartyId
from credit.model.project import BidOutcome, Project, RecordedBid
from credit.model.when import legal_day
from credit.oversight.joining import Joined
from credit.oversight.letters import Letter
from credit.oversight.links import Link
from credit.oversight.signals.evidence import BaseRate
from credit.oversight.signals.signal import Interval, wilson
from credit.rules.thresholds import Thresholds

Tenders = Mapping[str, tuple[Project, Sequence[RecordedBid]]]
"""Projects with their bids, by number in comparable form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A project of which some linked complainants complain and in which others of them complain apart, or bid.

    Joint letters and bids of one consortium are open and tell nothing.
    """

    project_no: str
    complained: tuple[PartyId, ...]
    bid: tuple[PartyId, ...]
    won: tuple[PartyId, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """A supplier that won what a complaint had opened: the file complained of before the deadline, an award undone.

    ``of`` are the projects opened so, whoever won them; ``base`` is how often the supplier wins what it enters
    elsewhere. ``conspicuous``: enough projects, nearly all of them, and an interval above the base.
    """

    party: PartyId
    projects: tuple[str, ...]
    of: int
    share: Decimal
    interval: Interval
    base: Decimal
    conspicuous: bool
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Linked complainants, each with the number of its own letters in the window: no number stands for all."""

    id: str
    members: tuple[tuple[PartyId, int], ...]
    links: tuple[Link, ...]
    together: tuple[Together, ...] = ()
    benefits: tuple[Benefit, ...] = ()


def clusters(links: Iterable[Link], letters: Mapping[PartyId, Sequence[object]]) -> tuple[Cluster, ...]:
    """Group complainants by their links, whatever the order in which links are told.

    >>> link = Link(kind="phone", between=(PartyId("a"), PartyId("b")), rests_on=("a", "b"))
    >>> [one.members for one in clusters([link], {PartyId("a"): [], PartyId("b"): [], PartyId("c"): []})]
    [(('a', 0), ('b', 0))]
    """
    told, joined = tuple(links), Joined()
    for link in told:
        for party in link.between[1:]:
            joined.join(link.between[0], party)
    of_top: dict[str, list[Link]] = defaultdict(list)
    for link in told:
        of_top[joined.top(link.between[0])].append(link)
    found = (tuple(map(PartyId, group)) for group in joined.groups(sorted(letters)) if len(group) > 1)
    return tuple(
        Cluster(
            id=f"net_{digest('cluster', *group)}",
            members=tuple((party, len(letters[party])) for party in group),
            links=tuple(of_top[joined.top(group[0])]),
        )
        for group in found
    )


def together(letters: Mapping[PartyId, Sequence[Letter]], tenders: Tenders) -> tuple[Together, ...]:
    """Return the projects on which linked complainants meet, by number."""
    filed: dict[str, dict[str, Letter]] = defaultdict(dict)
    for letter in (letter for of_one in letters.values() for letter in of_one):
        if letter.held.content.project_no is not None:
            filed[normal(letter.held.content.project_no)][letter.id] = letter
    found = (_meeting(number, list(on_it.values()), letters.keys(), tenders) for number, on_it in sorted(filed.items()))
    return tuple(one for one in found if one is not None)


def _meeting(number: str, filed: Sequence[Letter], members: Iterable[PartyId], tenders: Tenders) -> Together | None:
    """Who of the members complains on a project, and who else of them bids in it."""
    own = frozenset(members)
    by_letter = {letter.id: own.intersection(letter.held.content.complainants) for letter in filed}
    complained = frozenset[PartyId]().union(*by_letter.values())
    bids = [bid for bid in tenders[number][1] if own.intersection(bid.members)] if number in tenders else []
    others = [bid for bid in bids if any(by.isdisjoint(bid.members) for by in by_letter.values())]
    apart = any(one.isdisjoint(other) for one in by_letter.values() for other in by_letter.values())
    if not others and not apart:
        return None
    return Together(
        project_no=number,
        complained=tuple(sorted(complained)),
        bid=tuple(sorted({p for bid in others for p in own.intersection(bid.members)})),
        won=tuple(sorted({p for b in others if b.result is BidOutcome.WON for p in own.intersection(b.members)})),
        rests_on=(*by_letter, *(bid.id for bid in others)),
    )


@dataclass(frozen=True, slots=True)
class Gains:
    """What complaints opened: the projects of which the winner is known, and by winner the letters by project."""

    opened: frozenset[str]
    won: Mapping[PartyId, Mapping[str, frozenset[str]]]

    def candidates(self, thresholds: Thresholds) -> list[PartyId]:
        """Return who won enough of it to be looked at."""
        least = thresholds.whole("benefit_projects")
        return sorted(party for party, projects in self.won.items() if len(projects) >= least)


def winners(tenders: Tenders) -> frozenset[PartyId]:
    """Return who won any of some projects."""
    won = (bid for _, bids in tenders.values() for bid in bids if bid.result is BidOutcome.WON)
    return frozenset(party for bid in won for party in bid.members)


def gains(letters: Iterable[Letter], tenders: Tenders, own: Iterable[PartyId]) -> Gains:
    """Say who won what letters opened; ``own``: those whose letters they are, whose own gain is what the law gives."""
    opened: set[str] = set()
    won: dict[PartyId, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for letter, number in _opening(letters, tenders):
        winners = [bid for bid in tenders[number][1] if bid.result is BidOutcome.WON]
        if winners:
            opened.add(number)
        for party in {party for bid in winners for party in bid.members}.difference(own):
            won[party][number].add(letter.id)
    return Gains(
        frozenset(opened),
        {party: {number: frozenset(ids) for number, ids in projects.items()} for party, projects in won.items()},
    )


def _opening(letters: Iterable[Letter], tenders: Tenders) -> Iterator[tuple[Letter, str]]:
    """Letters that left the award open: on the file before the deadline, or upheld with an effect on the result."""
    for letter in letters:
        content = letter.held.content
        number = normal(content.project_no) if content.project_no is not None else ""
        if number in tenders:
            deadline = legal_day(tenders[number][0].deadline)
            before = (content.challenge_received_on or content.filed_on) <= deadline
            if before or letter.outcome is ComplaintOutcome.UPHELD_EFFECT:
                yield letter, number


def benefits(found: Gains, elsewhere: Mapping[PartyId, BaseRate], thresholds: Thresholds) -> tuple[Benefit, ...]:
    """Return who gains, most projects first; ``elsewhere``: how often each candidate wins what it enters otherwise."""
    made = [_benefit(party, found, elsewhere.get(party), thresholds) for party in found.candidates(thresholds)]
    return tuple(sorted(made, key=lambda one: (-len(one.projects), one.party)))


def _benefit(party: PartyId, found: Gains, rate: BaseRate | None, thresholds: Thresholds) -> Benefit:
    projects, of = found.won[party], len(found.opened)
    share = Decimal(len(projects)) / of
    spread = wilson(len(projects), of, thresholds.number("confidence"))
    known = rate is not None and rate.of >= thresholds.whole("benefit_entries")
    base = Decimal(rate.hits) / rate.of if rate is not None and known else thresholds.number("benefit_base")
    return Benefit(
        party=party,
        projects=tuple(sorted(projects)),
        of=of,
        share=share,
        interval=spread,
        base=base,
        conspicuous=share >= thresholds.number("benefit_share") and spread[0] > base,
        rests_on=tuple(sorted(frozenset[str]().union(*projects.values()))),
    )
