"""Signals from what the complainant bid for: whether it took part, how often it wins, whom it complains against.

DOMAIN §7.3 (4), (5), (13).
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias

from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.model.project import BidOutcome, RecordedBid
from credit.model.when import legal_day
from credit.oversight.letters import Letter
from credit.oversight.outcomes import UPHELD
from credit.oversight.signals.evidence import Scene, project_key
from credit.oversight.signals.signal import Reading, Signal, base_rate, interval, known, rate, unknown

_Beaten: TypeAlias = tuple[Letter, frozenset[PartyId]]
"""A letter with the winners that beat the complainant on its project."""


def no_bid(scene: Scene) -> Signal:
    """Signal 4: letters on projects in which it took no part, of those of which that is known.

    What was complained of before the deadline, or by its words may have been, is the file: for that nobody need have
    bid (94号令 11).
    """
    took_part = {x.id: _took_part(scene, x) for x in scene.recent if not _about_file(scene, x)}
    answers = {letter: part for letter, part in took_part.items() if part is not None}
    return rate(scene, "no_bid", [letter for letter, part in answers.items() if not part], len(answers))


def enter_vs_win(scene: Scene) -> Signal:
    """Signal 5: letters to projects entered, where enough were entered and none was won."""
    if scene.evidence.entries is None:
        return unknown(scene, "enter_vs_win")
    entries = [e for e in scene.evidence.entries if scene.opened <= e.on <= scene.as_of]
    if not entries:
        return unknown(scene, "enter_vs_win")
    row, of = scene.thresholds.signals["enter_vs_win"], len(entries)
    wins = sum(e.result is BidOutcome.WON for e in entries)
    value, hits = Decimal(len(scene.recent)) / of, min(len(scene.recent), of)
    spread, base = interval(scene, hits, of), base_rate(scene, "enter_vs_win", hits, of)
    enough = of >= row.minimum and value >= (row.threshold or 0) and not wins
    reading = Reading(
        value=value,
        of=of,
        interval=spread,
        base=base,
        holds=enough and (base is None or spread[0] > base),
        rests_on=tuple(x.id for x in scene.recent),
        inputs=(("wins", str(wins)), ("complaints", str(len(scene.recent)))),
    )
    return known(scene, "enter_vs_win", reading)


def retaliation(scene: Scene) -> Signal:
    """Signal 13: the most projects in a row of letters, none of them upheld, each on a loss to the same winner.

    Several letters on one project are one loss; many of them are signal 11.
    ``inputs`` give the longest row of letters after any loss, which most honest complainants have.
    """
    results = [(x, scene.bids(x)) for x in scene.recent]
    seen = [(x, bids) for x, bids in results if bids is not None and any(b.result is BidOutcome.WON for b in bids)]
    if not seen:
        return unknown(scene, "retaliation")
    beaten = [(x, _beaten_by(scene, bids, upheld=x.outcome in UPHELD)) for x, bids in seen]
    same, after_loss = _longest_against_one(beaten), _longest_after_loss(beaten)
    threshold = scene.thresholds.signals["retaliation"].threshold
    reading = Reading(
        value=_projects(same),
        of=len(seen),
        holds=threshold is not None and _projects(same) >= threshold,
        rests_on=tuple(x.id for x, _ in same),
        inputs=(("after_loss", str(after_loss)),),
    )
    return known(scene, "retaliation", reading)


def _about_file(scene: Scene, letter: Letter) -> bool:
    """Whether it was challenged, or complained of, before the deadline; where days do not tell, whether items say so.

    Where every item names the file, its stage is not known.
    """
    project, content = scene.project(letter), letter.held.content
    if project is not None and (content.challenge_received_on or content.filed_on) <= legal_day(project.deadline):
        return True
    if project is not None and content.challenge_received_on is not None:
        return False
    words, items = scene.thresholds.sets["procurement_file"].values, content.items
    return bool(items) and all(any(word in normal(item) for word in words) for item in items)


def _took_part(scene: Scene, letter: Letter) -> bool | None:
    """Whether it bid, by the recorded bids, else by what the office noted; None where neither tells."""
    bids = scene.bids(letter)
    noted = letter.held.content.participated
    if bids and any(scene.evidence.party.id in bid.members for bid in bids):
        return True
    return noted if noted is not None else (False if bids else None)


def _beaten_by(scene: Scene, bids: Sequence[RecordedBid], *, upheld: bool) -> frozenset[PartyId]:
    """Who won the lots in which the complainant bid and did not win; nobody where the complaint was right."""
    if upheld:
        return frozenset()
    party = scene.evidence.party.id
    lost = {b.lot for b in bids if party in b.members and b.result in {BidOutcome.LOST, BidOutcome.REJECTED}}
    winners = (b for b in bids if b.lot in lost and b.result is BidOutcome.WON and party not in b.members)
    return frozenset(member for bid in winners for member in bid.members)


def _longest_against_one(beaten: Sequence[_Beaten]) -> Sequence[_Beaten]:
    """The row of letters, on the most projects, that one winner is common to."""
    since: dict[PartyId, int] = {}
    best, most = (0, 0), 0
    for place, (_, winners) in enumerate(beaten):
        since = {winner: since.get(winner, place) for winner in winners}
        first = min(since.values(), default=place + 1)
        if (projects := _projects(beaten[first : place + 1])) > most:
            best, most = (first, place + 1), projects
    return beaten[best[0] : best[1]]


def _projects(row: Sequence[_Beaten]) -> int:
    return len({project_key(letter) for letter, _ in row})


def _longest_after_loss(beaten: Sequence[_Beaten]) -> int:
    longest = row = 0
    for _, winners in beaten:
        row = row + 1 if winners else 0
        longest = max(longest, row)
    return longest
