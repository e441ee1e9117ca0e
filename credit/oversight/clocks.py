"""The statutory clocks of a complaint: which run, from when, and what met them (the contract's "deadlines").

Only what had happened by the end of the day asked about counts. A letter is filed on the day it was posted, and runs
an office's clocks from the day that received it; where that is not recorded, from some day between the posting and the
office's first act. What cannot have happened, as a decision before the filing, is shown as ``unknown``.

Law: 采购法 52–57; 条例 53, 58; 94号令 10–28, 42; 招标投标法实施条例 22, 54, 60–62; DOMAIN §§3.7, 3.8, §8 R2, R6.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintLaw, HeldComplaint
from credit.model.matter import life
from credit.model.verdict import Reason
from credit.oversight.deadlines import IMPOSSIBLE, NO_CALENDAR, Clock, Deadline, DeadlineKind, Span, judged
from credit.rules.periods import Periods
from credit.rules.workdays import working_days_between

K = ComplaintEventKind
RULES: Final[dict[ComplaintLaw, dict[DeadlineKind, str]]] = {
    ComplaintLaw.PROCUREMENT: {
        DeadlineKind.QUESTION: "GP-QUESTION",
        DeadlineKind.REPLY: "GP-REPLY",
        DeadlineKind.COMPLAINT: "GP-COMPLAINT",
        DeadlineKind.CORRECTION: "GP-CORRECTION",
        DeadlineKind.ACCEPTANCE: "GP-CHECK",
        DeadlineKind.DECISION: "GP-DECISION",
        DeadlineKind.PAUSE: "GP-PAUSE",
    },
    ComplaintLaw.BIDDING: {
        DeadlineKind.QUESTION: "BID-QUESTION",
        DeadlineKind.REPLY: "BID-REPLY",
        DeadlineKind.COMPLAINT: "BID-COMPLAINT",
        DeadlineKind.CORRECTION: "BID-CORRECTION",
        DeadlineKind.ACCEPTANCE: "BID-ACCEPTANCE",
        DeadlineKind.DECISION: "BID-DECISION",
        DeadlineKind.PAUSE: "BID-PAUSE",
    },
}
"""The period of each kind of clock, by the law a complaint is filed under."""
_RECEIVED: Final = frozenset(K) - {K.WITHDRAWN, K.REVERSED}
"""What an office does only to a letter that it has received."""
_TURNED_AWAY: Final = frozenset({K.NOT_ACCEPTED, K.TRANSFERRED})
_ENDS: Final = frozenset({K.DECIDED, K.WITHDRAWN})
_KNOWLEDGE: Final = Reason("知道或者应当知道之日没有记录", "the day it was or should have been known is not recorded")
_NOTICE: Final = Reason(
    "公告期限或者环节结束之日没有记录,可另行查询",
    "the day the notice or the step ended is not recorded; ask for it apart",
)
_REPLY_ONLY: Final = Reason(
    "收到质疑之日没有记录,自答复之日起算只能确定期内",
    "the receipt of the question is not recorded: the reply's day can only show it in time",
)
_RECEIPT: Final = Reason(
    "收到投诉之日没有记录,不早于提交之日", "the receipt of the complaint is not recorded; it is not before the filing"
)
_STOPPED: Final = Reason("补正期间不计算在内,尚未恢复计算", "time for correction does not count, and has not ended")
_TESTS: Final = Reason(
    "检验、检测、鉴定、专家评审所需时间不计算在内,本系统没有记录",
    "time for tests and experts does not count, and is not recorded here",
)
_IMPLIED: Final = Reason(
    "没有受理记录,至迟于此日已受理或者终止", "no acceptance is recorded: at the latest it was by then"
)
_SUM: Final = Reason("多次暂停是否合并计算没有规定", "whether several pauses are added up is not said")


def deadlines(periods: Periods, held: HeldComplaint, as_of: date) -> tuple[Deadline, ...]:
    """Answer every clock of a complaint that has begun, or whose act is recorded, by the end of a day.

    In the order of ``DeadlineKind``; of one kind, in the order of their days.
    """
    case = _Case.of(periods, held, as_of)
    clocks = [case.question(), case.reply(), case.complaint()]
    clocks += [*case.corrections(), *case.acceptance(), *case.decisions(), *case.pauses()]
    return tuple(judged(periods, clock, as_of) for clock in clocks)


@dataclass(frozen=True, slots=True)
class _Case:
    """A complaint as it stood at the end of a day: its events by day, its dates None where they were still to come."""

    periods: Periods
    content: Complaint
    events: tuple[ComplaintEvent, ...]
    as_of: date

    @classmethod
    def of(cls, periods: Periods, held: HeldComplaint, as_of: date) -> "_Case":
        return cls(periods, held.content, tuple(life(held.events, as_of)), as_of)

    def rule(self, kind: DeadlineKind) -> str:
        return RULES[self.content.law][kind]

    @property
    def bidding(self) -> bool:
        return self.content.law is ComplaintLaw.BIDDING

    def past(self, day: date | None) -> date | None:
        return day if day and day <= self.as_of else None

    def days(self, *kinds: K) -> list[date]:
        return [e.on for e in self.events if e.kind in kinds]

    def receipt(self) -> Span | None:
        """The days one of which the office received the letter on; None before it was filed."""
        filed, received = self.past(self.content.filed_on), self.past(self.content.received_on)
        if received or filed is None:
            return Span.on(received)
        return Span(filed, min((d for d in self.days(*_RECEIVED) if d >= filed), default=None))

    def question(self) -> Clock:
        """The challenge: a complaint does not say when the notice or the step ended."""
        return Clock(kind=DeadlineKind.QUESTION, rule=self.rule(DeadlineKind.QUESTION), starts=None, note=_NOTICE)

    def reply(self) -> Clock:
        content = self.content
        return Clock(
            kind=DeadlineKind.REPLY,
            rule=self.rule(DeadlineKind.REPLY),
            starts=Span.on(self.past(content.challenge_received_on)),
            met_on=self.past(content.challenge_replied_on),
        )

    def complaint(self) -> Clock:
        """The complaint: it may come before the reply's period ends, after an early reply; not before the challenge."""
        kind, content = DeadlineKind.COMPLAINT, self.content
        received, replied = self.past(content.challenge_received_on), self.past(content.challenge_replied_on)
        starts, note = None, _KNOWLEDGE if self.bidding else None
        if received and not self.bidding:
            starts = Span.on(self.periods.period(self.rule(DeadlineKind.REPLY)).last_day(received))
            note = None if starts else NO_CALENDAR
        elif replied and not self.bidding:
            starts, note = Span(replied, None), _REPLY_ONLY
        return Clock(
            kind=kind,
            rule=self.rule(kind),
            starts=starts,
            met_on=self.past(content.filed_on),
            not_before=received or date.min,
            note=note,
        )

    def corrections(self) -> Iterator[Clock]:
        kind = DeadlineKind.CORRECTION
        for day in self.days(K.CORRECTION_DUE):
            accepted = min((d for d in self.days(K.ACCEPTED) if d >= day), default=None)
            yield Clock(kind=kind, rule=self.rule(kind), starts=Span.on(day), met_on=accepted)

    def acceptance(self) -> Iterator[Clock]:
        """The check of the letter; under the procurement law a notice to correct meets it too."""
        receipt, kind = self.receipt(), DeadlineKind.ACCEPTANCE
        done = self.days(K.ACCEPTED, *_TURNED_AWAY, *(() if self.bidding else (K.CORRECTION_DUE,)))
        ended = self.days(*_ENDS)
        if receipt is None and not done:
            return
        met, implied = (done[0], False) if done else (ended[0], True) if ended else (None, False)
        yield Clock(
            kind=kind,
            rule=self.rule(kind),
            starts=receipt,
            met_on=met,
            extra=(0, self._time_to_tell(met)),
            excused=implied or (self.bidding and bool(self.days(K.CORRECTION_DUE))),
            note=_IMPLIED if implied else self._doubtful_receipt(receipt),
        )

    def _time_to_tell(self, met: date | None) -> int:
        """The days for telling that a letter is turned away, which may follow those of the check."""
        turned_away = not self.bidding and met in self.days(*_TURNED_AWAY)
        return (self.periods.period("GP-TURN-AWAY").length or 0) if turned_away else 0

    @staticmethod
    def _doubtful_receipt(receipt: Span | None) -> Reason | None:
        return _RECEIPT if receipt and receipt.first != receipt.last else None

    def decisions(self) -> Iterator[Clock]:
        """The decision, those after a reversal, and any that stands beside them without one."""
        kind, decided = DeadlineKind.DECISION, self.days(K.DECIDED)
        ends = self.days(*_ENDS)
        if self._turned_away() or (self.receipt() is None and not ends):
            return
        first = ends[0] if ends else None
        yield self._first_decision(first)
        if first and first in decided:
            decided.remove(first)
        for day in self.days(K.REVERSED):
            again = min((d for d in decided if d >= day), default=None)
            if again:
                decided.remove(again)
            yield Clock(kind=kind, rule="DECIDE-AGAIN", starts=Span.on(day), met_on=again)
        for day in decided:
            yield Clock(kind=kind, rule=self.rule(kind), starts=None, met_on=day, note=IMPOSSIBLE)

    def _turned_away(self) -> bool:
        """Whether the last that was said of the letter is that this office does not take it."""
        said = [e for e in self.events if e.kind in _TURNED_AWAY | {K.ACCEPTED, K.DECIDED}]
        last = {e.kind for e in said if e.on == said[-1].on}
        return bool(last) and last <= _TURNED_AWAY

    def _first_decision(self, met: date | None) -> Clock:
        kind = DeadlineKind.DECISION
        if self.bidding:
            return Clock(kind=kind, rule=self.rule(kind), starts=self._accepted(), met_on=met, late_note=_TESTS)
        least, most, stopped = self._correcting(met)
        receipt = self.receipt()
        return Clock(
            kind=kind,
            rule=self.rule(kind),
            starts=receipt,
            met_on=met,
            extra=(least, most),
            stopped_on=stopped,
            note=_STOPPED if stopped else self._doubtful_receipt(receipt),
            late_note=_TESTS,
        )

    def _accepted(self) -> Span | None:
        """The days one of which a bidding complaint was accepted on: not before its receipt."""
        accepted, receipt = self.days(K.ACCEPTED), self.receipt()
        return Span.on(accepted[0]) if accepted else Span(receipt.first, None) if receipt else None

    def _correcting(self, met: date | None) -> tuple[int, int | None, date | None]:
        """The working days that corrections took, at least and at most, and since when one is still awaited."""
        least, most, until = 0, 0, date.min
        for day in self.days(K.CORRECTION_DUE):
            if day < until or (met and day >= met):
                continue
            accepted = min((d for d in self.days(K.ACCEPTED) if d >= day), default=None)
            if accepted is None and met is None:
                return least, most, day
            until = min(accepted or date.max, met or date.max)
            taken = working_days_between(day, until)
            if taken is None:
                return least, None, None
            least, most = least + (taken if accepted else 0), most + taken
        return least, most, None

    def pauses(self) -> Iterator[Clock]:
        """Each pause, and each resumption of none; several may share the thirty days or have them each."""
        kind, taken = DeadlineKind.PAUSE, set[date]()
        before: list[tuple[date, date]] = []
        resumed, ends = self.days(K.RESUMED), self.days(*_ENDS, *_TURNED_AWAY)
        for day in sorted(set(self.days(K.PAUSED))):
            after = next((d for d in resumed if d > day or (d == day and d not in taken)), None)
            taken |= {after} if after else set()
            over = min([*(d for d in (after,) if d), *(d for d in ends if d >= day)], default=None)
            used = _paused(before, day)
            yield Clock(
                kind=kind,
                rule=self.rule(kind),
                starts=Span.on(day),
                met_on=over,
                extra=(-used, 0),
                note=_SUM if used else None,
            )
            before.append((day, over or date.max))
        for day in resumed:
            if day not in taken:
                yield Clock(kind=kind, rule=self.rule(kind), starts=None, met_on=day, note=IMPOSSIBLE)


def _paused(pauses: Sequence[tuple[date, date]], day: date) -> int:
    """The days before ``day`` on which one of these pauses, in the order of their beginning, was in force."""
    total, reach = 0, date.min
    for start, end in pauses:
        stop = min(end, day)
        total += max((stop - max(start, reach)).days, 0)
        reach = max(reach, stop)
    return total
