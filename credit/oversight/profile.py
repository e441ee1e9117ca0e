"""The complainant's profile (the contract's ``GET /v1/complainants/{id}``): counts, trigger, signals, links.

It restricts nobody and calls nobody malicious: a proposal goes to an officer, ``watch`` is attention (关注) that
expires with the window. Law: 财政部令第94号 37; DOMAIN §7.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.model.complaint import ComplaintOutcome
from credit.model.matters import ProposalKind
from credit.model.party import PartyId
from credit.oversight.letters import Letter, province_of
from credit.oversight.networks import Benefit, Gains, benefits, gains
from credit.oversight.signals.bidding import enter_vs_win, no_bid, retaliation
from credit.oversight.signals.evidence import Evidence, Scene
from credit.oversight.signals.likeness import template
from credit.oversight.signals.rulings import confidential, forged, n_unfounded, shields, winner_shield
from credit.oversight.signals.signal import Signal
from credit.oversight.signals.spread import dense, repeat_matter, scatter
from credit.oversight.signals.ties import Linked, co_complaint, links, shell
from credit.oversight.signals.withdrawals import late_withdraw, pause_cost, withdraw_rate
from credit.oversight.trigger import Trigger, Window, trigger_of
from credit.rules.terms import DAY, add_months
from credit.rules.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class ProvinceCount:
    """One province's letters by outcome; ``region`` None: the office's place is not known.

    ``counted`` are those surely counted in the trigger's window.
    """

    region: str | None
    name: str | None
    counts: tuple[tuple[ComplaintOutcome, int], ...]
    counted: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether the registry has any complaint of a province; where not, nothing is known of it."""

    region: str
    name: str
    reports: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that is said of a complainant on a day; ``counts`` are of all letters filed by then, each once.

    ``shielded``: so many were upheld that nothing leads to attention. ``watch_until``: the last day on which the
    letters of this window still lie in it, None without ``watch``.
    """

    id: PartyId
    as_of: date
    counts: tuple[tuple[ComplaintOutcome, int], ...]
    by_province: tuple[ProvinceCount, ...]
    coverage: tuple[Coverage, ...]
    window: Window | None
    signals: tuple[Signal, ...]
    linked: tuple[Linked, ...]
    benefits: tuple[Benefit, ...]
    trigger: Trigger
    proposal: ProposalKind | None
    watch: bool
    shielded: bool
    watch_until: date | None


def profile(evidence: Evidence, *, as_of: date, thresholds: Thresholds) -> Profile:
    """Say what is known of a complainant at the end of a day."""
    scene = Scene.of(evidence, as_of, thresholds)
    found = trigger_of(scene.all, as_of=as_of, thresholds=thresholds, answered=evidence.answered)
    linked = links(scene)
    signals = tuple(_signals(scene, found, linked))
    shielded = any(shields(scene, s) for s in signals if s.name == winner_shield.__name__)
    watch = not shielded and any(s.points_to_watch for s in signals)
    return Profile(
        id=evidence.party.id,
        as_of=as_of,
        counts=_counted(scene.all),
        by_province=_by_province(scene, found),
        coverage=_coverage(evidence),
        window=found.window,
        signals=signals,
        linked=tuple(one for one in linked if one.id in evidence.complaining),
        benefits=benefits(_gains(scene), evidence.won, thresholds),
        trigger=found,
        proposal=found.proposal,
        watch=watch,
        shielded=shielded,
        watch_until=_until(scene) if watch else None,
    )


_ALONE: Final[tuple[Callable[[Scene], Signal], ...]] = (
    withdraw_rate, late_withdraw, no_bid, enter_vs_win, scatter, template, repeat_matter, dense, pause_cost,
    retaliation, winner_shield, forged, confidential,
)  # fmt: skip
_ORDER: Final = (
    "n_unfounded", "withdraw_rate", "late_withdraw", "no_bid", "enter_vs_win", "scatter", "template", "shell",
    "co_complaint", "repeat_matter", "dense", "pause_cost", "retaliation", "winner_shield", "forged", "confidential",
)  # fmt: skip
"""As DOMAIN §7.3 numbers them, from 1."""


def _signals(scene: Scene, found: Trigger, linked: Sequence[Linked]) -> Iterator[Signal]:
    signals = [n_unfounded(scene, found), shell(scene, linked), co_complaint(scene, linked)]
    signals += [signal(scene) for signal in _ALONE]
    by_name = {signal.name: signal for signal in signals}
    yield from (by_name[name] for name in _ORDER)


def _gains(scene: Scene) -> Gains:
    """What the letters of the trailing window opened, and who won it."""
    evidence = scene.evidence
    tenders = {number: (project, evidence.bids.get(number, ())) for number, project in evidence.projects.items()}
    return gains(scene.recent, tenders, [evidence.party.id])


def _counted(read: Sequence[Letter]) -> tuple[tuple[ComplaintOutcome, int], ...]:
    """How many letters ended in which way, in the order in which the outcomes are listed."""
    counts = Counter(letter.outcome for letter in read)
    return tuple((outcome, counts[outcome]) for outcome in ComplaintOutcome if outcome in counts)


def _by_province(scene: Scene, found: Trigger) -> tuple[ProvinceCount, ...]:
    split: dict[str | None, list[Letter]] = {}
    for letter in scene.all:
        split.setdefault(province_of(letter.held.content.office), []).append(letter)
    counted, names = dict(found.provinces), scene.evidence.provinces
    return tuple(
        ProvinceCount(region, names.get(region or ""), _counted(read), counted.get(region, 0))
        for region, read in sorted(split.items(), key=lambda pair: pair[0] or "")
    )


def _coverage(evidence: Evidence) -> tuple[Coverage, ...]:
    """Every province, those that report nothing first: what is counted says nothing of them."""
    rows = (Coverage(code, name, code in evidence.reporting) for code, name in evidence.provinces.items())
    return tuple(sorted(rows, key=lambda row: (row.reports, row.region)))


def _until(scene: Scene) -> date:
    """The day before the newest letter's anniversary."""
    newest = max(letter.filed_on for letter in scene.recent)
    end = add_months(newest, scene.thresholds.whole("window_months"))
    return end - DAY if end < date.max else end
