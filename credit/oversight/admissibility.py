"""Whether a complaint may be taken on: each condition of the law, as far as the registry can tell.

A proposal to the officer who checks the letter, never a refusal. What was questioned and what is complained of are
compared as texts, after width, spaces, punctuation and a number at the head are set aside; never by likeness.

Law: 94号令 6, 11, 17–21; 采购法 52, 55; 条例 55; for tendering 招标投标法实施条例 60, 61; DOMAIN §3.7.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from credit.model.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintEventKind,
    ComplaintLaw,
    ComplaintOutcome,
    HeldComplaint,
)
from credit.model.matter import MatterId, life
from credit.model.verdict import Citation, Reason
from credit.oversight.clocks import deadlines
from credit.oversight.deadlines import DeadlineKind, DeadlineState
from credit.oversight.same_matter import item_key, shared_items
from credit.rules.periods import Periods

K = ComplaintEventKind
_NOT_DEALT_WITH: Final = frozenset({K.NOT_ACCEPTED, K.TRANSFERRED})
_ON_THE_MERITS: Final = frozenset({
    ComplaintOutcome.REJECTED_UNFOUNDED,
    ComplaintOutcome.REJECTED_FABRICATED,
    ComplaintOutcome.REJECTED_UNLAWFUL_PROOF,
    ComplaintOutcome.UPHELD_NO_EFFECT,
    ComplaintOutcome.UPHELD_EFFECT,
    ComplaintOutcome.PARTLY_UPHELD,
})  # fmt: skip


class PointState(StrEnum):
    """Whether a condition is fulfilled."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


_MET, _NOT_MET, _UNKNOWN = PointState.MET, PointState.NOT_MET, PointState.UNKNOWN
_SEVERITY: Final = (_MET, _UNKNOWN, _NOT_MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A condition and how it stands.

    ``items`` are the numbers, from 1, of the items it fails or is unknown for; none: it concerns the whole letter.
    ``complaints`` are ids of others that it rests on. A condition marked ``M`` is never ``not_met``.
    """

    point: str
    title: Reason
    state: PointState
    items: tuple[int, ...] = ()
    complaints: tuple[MatterId, ...] = ()
    reason: Reason
    citations: tuple[Citation, ...]
    mark: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    state: PointState
    reason: Reason
    items: tuple[int, ...] = ()
    complaints: tuple[MatterId, ...] = ()


@dataclass(frozen=True, slots=True)
class _Letter:
    """A complaint with all that its conditions are read from, at the end of a day."""

    periods: Periods
    held: HeldComplaint
    others: tuple[HeldComplaint, ...]
    as_of: date

    @property
    def content(self) -> Complaint:
        return self.held.content

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(range(1, len(self.content.items) + 1))


def admissibility(
    periods: Periods, held: HeldComplaint, others: Iterable[HeldComplaint], as_of: date
) -> tuple[Point, ...]:
    """Answer each condition of the law that a complaint is filed under, at the end of a day.

    ``others`` are the complaints held on the same project or by the same complainants; what does not concern is left
    aside.
    """
    letter = _Letter(periods, held, tuple(others), as_of)
    law = held.content.law
    points: list[Point] = []
    for name, ask in _ASKED:
        row = periods.point(name)
        cites = row.procurement if law is ComplaintLaw.PROCUREMENT else row.bidding
        if cites:
            found = ask(letter)
            remembered = found.state is _NOT_MET and row.mark.startswith("M")
            points.append(
                Point(
                    point=name,
                    title=Reason(row.title.zh, row.title.en),
                    state=_UNKNOWN if remembered else found.state,
                    items=found.items,
                    complaints=found.complaints,
                    reason=found.reason,
                    citations=periods.cite(cites),
                    mark=row.mark,
                    question=row.question,
                )
            )
    return tuple(points)


def _prior_challenge(letter: _Letter) -> _Found:
    content = letter.content
    if content.challenge_received_on and content.challenge_received_on > content.filed_on:
        return _Found(
            _UNKNOWN, Reason("收到质疑晚于提起投诉,请核对日期", "questioned after complaining: check the dates")
        )
    if content.challenge_received_on or content.challenge_replied_on or content.challenge_items:
        return _Found(_MET, Reason("已提出质疑", "a question was raised before"))
    if content.challenge_items is not None:
        return _Found(_NOT_MET, Reason("投诉前没有质疑", "nothing was questioned before"), letter.numbers)
    return _Found(_UNKNOWN, Reason("没有质疑记录", "no question is recorded"))


def _in_time(letter: _Letter) -> _Found:
    content = letter.content
    day = max(letter.as_of, content.filed_on)
    clock = next(d for d in deadlines(letter.periods, letter.held, day) if d.kind is DeadlineKind.COMPLAINT)
    early = clock.from_ is not None and content.filed_on <= clock.from_ and content.challenge_received_on is not None
    answered = content.challenge_replied_on is not None and content.challenge_replied_on <= content.filed_on
    if clock.state is DeadlineState.IN_TIME and early and not answered:
        return _Found(_UNKNOWN, Reason("答复期未满且没有答复", "before the reply, and before its period ended"))
    if clock.state is DeadlineState.IN_TIME:
        return _Found(_MET, Reason("在投诉期限内", "in time"))
    if clock.state is DeadlineState.LATE:
        return _Found(_NOT_MET, Reason(f"投诉期限至{clock.due}届满", f"the period ended on {clock.due}"))
    return _Found(_UNKNOWN, clock.note or Reason("不能确定", "cannot be told"))


def _participant(letter: _Letter) -> _Found:
    content = letter.content
    if content.participated:
        return _Found(_MET, Reason("参与了采购活动", "took part"))
    if content.participated is None:
        return _Found(_UNKNOWN, Reason("是否参与没有记录", "whether it took part is not recorded"))
    if content.law is ComplaintLaw.BIDDING:
        return _Found(
            _UNKNOWN, Reason("未参与投标,是否为其他利害关系人由人认定", "no bidder: a person decides on its interest")
        )
    words = letter.periods.words["procurement_file"]
    on_file = [any(w in unicodedata.normalize("NFKC", item) for w in words) for item in content.items]
    beyond = tuple(n for n, about in zip(letter.numbers, on_file, strict=True) if not about)
    if beyond:
        return _Found(
            _NOT_MET,
            Reason("未参与采购活动,且不限于采购文件", "did not take part, and complains of more than the file"),
            beyond,
        )
    return _Found(
        _UNKNOWN,
        Reason(
            "未参与采购活动,是否依法获取采购文件没有记录",
            "did not take part; whether it lawfully got the file is not recorded",
        ),
        letter.numbers,
    )


def _within_challenge(letter: _Letter) -> _Found:
    content = letter.content
    if content.challenge_items is None:
        return _Found(_UNKNOWN, Reason("质疑事项没有记录", "what was questioned is not recorded"), letter.numbers)
    if not content.items:
        return _Found(_UNKNOWN, Reason("投诉事项没有记录", "what is complained of is not recorded"))
    questioned = {item_key(item) for item in content.challenge_items}
    beyond = tuple(n for n, i in zip(letter.numbers, content.items, strict=True) if item_key(i) not in questioned)
    if beyond:
        return _Found(
            _NOT_MET,
            Reason(
                "所列事项未经质疑;基于质疑答复内容提出的除外,由人认定",
                "these items were never questioned; a person decides whether the reply gave rise to them",
            ),
            beyond,
        )
    return _Found(_MET, Reason("各事项均经质疑", "every item was questioned"))


def _not_decided_before(letter: _Letter) -> _Found:
    content = letter.content
    if content.project_no is None or not content.items:
        return _Found(_UNKNOWN, Reason("项目或者投诉事项没有记录", "the project or the items are not recorded"))
    found = [
        (n, other.id, state)
        for other in letter.others
        for n, there in shared_items(letter.held, other)
        if (state := _matter_state(life(other.events, letter.as_of), there, content.filed_on)) is not _MET
    ]
    if not found:
        return _Found(_MET, Reason("所存投诉中没有同一事项", "no complaint held is of the same matter"))
    worst = max((state for _, _, state in found), key=_SEVERITY.index)
    items = tuple(sorted({n for n, _, state in found if state is worst}))
    complaints = tuple(sorted({other for _, other, state in found if state is worst}))
    if worst is _NOT_MET:
        return _Found(worst, Reason("同一事项已经处理", "the same matter was decided before"), items, complaints)
    return _Found(
        worst,
        Reason("同一事项另有投诉,是否已经处理由人认定", "another complaint is of the same matter: a person decides"),
        items,
        complaints,
    )


def _matter_state(events: Sequence[ComplaintEvent], item: int, filed_on: date) -> PointState:
    """Whether an item of another complaint leaves the way open to complain of it on a day."""
    decided = [e for e in events if e.kind is K.DECIDED]
    if not decided and any(e.kind in _NOT_DEALT_WITH for e in events):
        return _MET
    final = decided and not any(e.kind is K.REVERSED for e in events)
    if final and decided[0].on < filed_on and _outcome(decided[0], item) in _ON_THE_MERITS:
        return _NOT_MET
    return _UNKNOWN


def _outcome(decided: ComplaintEvent, item: int) -> ComplaintOutcome | None:
    return next((i.outcome for i in decided.items if i.item == item), decided.outcome)


def _office(letter: _Letter) -> _Found:
    said = [e for e in life(letter.held.events, letter.as_of) if e.kind in {K.ACCEPTED, K.DECIDED, K.TRANSFERRED}]
    last = {e.kind for e in said if e.on == said[-1].on}
    if last == {K.TRANSFERRED}:
        return _Found(_NOT_MET, Reason("已告知向有管辖权的部门投诉", "was told to go to the competent office"))
    if last and K.TRANSFERRED not in last:
        return _Found(_MET, Reason("该部门已受理", "the office took it on"))
    return _Found(_UNKNOWN, Reason("采购人的预算级次没有记录", "the level of the purchaser's budget is not recorded"))


def _letter_form(letter: _Letter) -> _Found:
    if any(e.kind is K.CORRECTION_DUE for e in life(letter.held.events, letter.as_of)):
        return _Found(_UNKNOWN, Reason("已通知补正,由人核对", "a correction was asked for: a person checks it"))
    return _Found(_UNKNOWN, Reason("投诉书由人核对", "a person checks the letter"))


_ASKED: Final[tuple[tuple[str, Callable[[_Letter], _Found]], ...]] = (
    ("prior_challenge", _prior_challenge),
    ("in_time", _in_time),
    ("participant", _participant),
    ("within_challenge", _within_challenge),
    ("not_decided_before", _not_decided_before),
    ("office", _office),
    ("letter", _letter_form),
)
