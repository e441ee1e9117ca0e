"""The statutory clocks of complaints (采购法 52–57; 94号令; 招标投标法实施条例 60–62; cases E29, E31, E33)."""

from collections.abc import Mapping
from datetime import date, timedelta
from importlib import resources
from random import Random
from tomllib import loads
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintLaw, HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.asked import Asked, Stage, asked_deadline
from credit.oversight.clocks import deadlines
from credit.oversight.deadlines import IMPOSSIBLE, NO_CALENDAR, UNSOURCED, Deadline, DeadlineKind, DeadlineState
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods
from credit.rules.workdays import add_working_days, is_working_day

CATALOGUE = Catalogue.load()
PERIODS = Periods.load(CATALOGUE)
BIDDING = ComplaintLaw.BIDDING


def day(text: str) -> date:
    return date.fromisoformat(text)


def held(
    filed_on: str, *events: str, law: ComplaintLaw = ComplaintLaw.PROCUREMENT, **days: str | None
) -> HeldComplaint:
    """A complaint received on the day of filing unless told otherwise; each event is ``kind day``."""
    dates = {name: day(text) if text else None for name, text in {"received_on": filed_on, **days}.items()}
    content = Complaint(
        complaint_no="川财投1",
        complainants=(PartyId("a"),),
        office=Authority("资阳市财政局"),
        law=law,
        filed_on=day(filed_on),
        received_on=dates["received_on"],
        challenge_received_on=dates.get("challenge_received_on"),
        challenge_replied_on=dates.get("challenge_replied_on"),
    )
    told = [e.split() for e in events]
    happened = tuple(
        ComplaintEvent(kind=ComplaintEventKind(kind), on=day(on), tick=n) for n, (kind, on) in enumerate(told)
    )
    return Matter(MatterId("c1"), MatterKind.COMPLAINT, content, 0, "", happened)


def all_of(complaint: HeldComplaint, as_of: str, kind: str, periods: Periods = PERIODS) -> list[Deadline]:
    return [d for d in deadlines(periods, complaint, day(as_of)) if d.kind == kind]


def only(complaint: HeldComplaint, as_of: str, kind: str) -> tuple[str | None, str]:
    """The due day and the state of the one clock of a kind."""
    (found,) = all_of(complaint, as_of, kind)
    return found.due.isoformat() if found.due else None, found.state.value


# ---------------------------------------------------------------- the complaint and the reply

CHALLENGED: Mapping[str, Any] = {"challenge_received_on": "2026-06-03", "challenge_replied_on": "2026-06-12"}


@pytest.mark.parametrize(
    ("filed_on", "state"), [("2026-07-03", "in_time"), ("2026-07-06", "in_time"), ("2026-07-07", "late")]
)
def test_a_complaint_is_in_time_fifteen_working_days_after_the_replys_period(filed_on: str, state: str) -> None:
    assert only(held(filed_on, **CHALLENGED), "2026-07-10", "complaint") == ("2026-07-06", state)


def test_posting_counts_and_not_arrival_e29() -> None:
    posted = held("2026-07-06", received_on="2026-07-09", **CHALLENGED)
    assert only(posted, "2026-07-10", "complaint") == ("2026-07-06", "in_time")


def test_an_early_reply_does_not_shorten_the_time_to_complain() -> None:
    early = held("2026-07-06", challenge_received_on="2026-06-03", challenge_replied_on="2026-06-04")
    assert only(early, "2026-07-10", "complaint") == ("2026-07-06", "in_time")


@pytest.mark.parametrize(
    ("filed_on", "expected"), [("2026-07-06", ("2026-07-06", "in_time")), ("2026-07-07", (None, "unknown"))]
)
def test_with_the_reply_alone_known_only_its_fifteen_days_are_sure(filed_on: str, expected: tuple[str, str]) -> None:
    assert only(held(filed_on, challenge_replied_on="2026-06-12"), "2026-07-10", "complaint") == expected


def test_without_any_date_of_the_challenge_nobody_can_tell() -> None:
    assert only(held("2026-07-06"), "2026-07-10", "complaint") == (None, "unknown")


def test_before_the_filing_the_time_to_complain_is_open() -> None:
    assert only(held("2026-07-06", **CHALLENGED), "2026-07-01", "complaint") == ("2026-07-06", "open")


@pytest.mark.parametrize(
    ("replied", "as_of", "state"),
    [
        ("2026-06-12", "2026-06-20", "in_time"),
        ("2026-06-15", "2026-06-20", "late"),
        ("2026-06-15", "2026-06-12", "open"),
        ("2026-06-15", "2026-06-13", "overdue"),
        (None, "2026-06-13", "overdue"),
    ],
)
def test_a_reply_is_due_in_seven_working_days(replied: str | None, as_of: str, state: str) -> None:
    complaint = held("2026-07-06", challenge_received_on="2026-06-03", challenge_replied_on=replied)
    assert only(complaint, as_of, "reply") == ("2026-06-12", state)


def test_a_filing_before_its_challenge_is_impossible() -> None:
    (found,) = all_of(held("2026-06-01", **CHALLENGED), "2026-07-10", "complaint")
    assert (found.state, found.note) == (DeadlineState.UNKNOWN, IMPOSSIBLE)


def test_the_challenge_itself_cannot_be_told_from_a_complaint() -> None:
    assert only(held("2026-07-06", **CHALLENGED), "2026-07-10", "question") == (None, "unknown")


# ---------------------------------------------------------------- the check


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("accepted 2026-06-08", ("2026-06-08", "in_time")),
        ("accepted 2026-06-09", ("2026-06-08", "late")),
        ("correction_due 2026-06-08", ("2026-06-08", "in_time")),
        ("not_accepted 2026-06-08", ("2026-06-08", "in_time")),
        ("not_accepted 2026-06-11", (None, "unknown")),  # three days after the check, or beside it
        ("transferred 2026-06-12", ("2026-06-11", "late")),
        ("withdrawn 2026-06-05", ("2026-06-08", "in_time")),
        ("decided 2026-06-30", ("2026-06-08", "unknown")),  # no acceptance is recorded
    ],
)
def test_the_check_takes_five_working_days_from_receipt(event: str, expected: tuple[str | None, str]) -> None:
    assert only(held("2026-06-01", event), "2026-07-10", "acceptance") == expected


def test_a_check_of_which_nothing_is_recorded_is_overdue_the_day_after() -> None:
    assert only(held("2026-06-01"), "2026-06-08", "acceptance") == ("2026-06-08", "open")
    assert only(held("2026-06-01"), "2026-06-09", "acceptance") == ("2026-06-08", "overdue")


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("2026-06-08", ("2026-06-08", "in_time")), ("2026-06-09", (None, "unknown"))],
)
def test_an_unrecorded_receipt_is_no_earlier_than_the_filing(accepted: str, expected: tuple[str | None, str]) -> None:
    complaint = held("2026-06-01", f"accepted {accepted}", received_on=None)
    assert only(complaint, "2026-07-10", "acceptance") == expected


# ---------------------------------------------------------------- the decision

RECEIVED = "2026-05-06"
DUE = "2026-06-16"


@pytest.mark.parametrize(
    ("events", "as_of", "state"),
    [
        ((), DUE, "open"),
        ((), "2026-06-17", "overdue"),
        ((f"decided {DUE}",), "2026-07-10", "in_time"),
        (("decided 2026-06-17",), "2026-07-10", "late"),
        (("decided 2026-06-17",), DUE, "open"),
        (("withdrawn 2026-06-01",), "2026-07-10", "in_time"),
        (("paused 2026-05-11", "resumed 2026-06-01", "decided 2026-06-17"), "2026-07-10", "late"),
    ],
)
def test_a_decision_takes_thirty_working_days_from_receipt(events: tuple[str, ...], as_of: str, state: str) -> None:
    assert only(held(RECEIVED, "accepted 2026-05-08", *events), as_of, "decision") == (DUE, state)


@pytest.mark.parametrize(("decided", "state"), [("2026-06-24", "in_time"), ("2026-06-25", "late"), (None, "overdue")])
def test_the_time_for_correction_is_not_counted(decided: str | None, state: str) -> None:
    """2026-05-09 is a Saturday that is worked: 05-09 and 05-11 to 05-14 are five days."""
    events = ["correction_due 2026-05-08", "accepted 2026-05-14", *([f"decided {decided}"] if decided else [])]
    assert only(held(RECEIVED, *events), "2026-07-10", "decision") == ("2026-06-24", state)


def test_a_clock_that_stands_still_is_not_overdue() -> None:
    waiting = held(RECEIVED, "correction_due 2026-05-08")
    assert only(waiting, "2026-06-16", "decision") == (None, "open")
    assert only(waiting, "2026-08-03", "decision") == (None, "unknown")


def test_a_correction_asked_for_too_late_does_not_save_the_decision() -> None:
    assert only(held(RECEIVED, "correction_due 2026-06-18"), "2026-07-10", "decision") == (DUE, "overdue")


def test_a_correction_over_a_year_without_calendar_leaves_the_decision_unknown() -> None:
    events = ("correction_due 2026-11-16", "accepted 2027-01-11", "decided 2027-01-12")
    assert only(held("2026-11-02", *events), "2027-02-01", "decision") == (None, "unknown")


@pytest.mark.parametrize("event", ["not_accepted 2026-05-08", "transferred 2026-05-08"])
def test_a_letter_that_is_turned_away_is_not_to_be_decided(event: str) -> None:
    assert all_of(held(RECEIVED, event), "2026-07-10", "decision") == []


@pytest.mark.parametrize(
    ("events", "as_of", "expected"),
    [
        (("accepted 2026-05-08",), "2026-06-16", (DUE, "open")),
        (("accepted 2026-05-08",), "2026-06-17", (None, "unknown")),
        (("accepted 2026-05-08",), "2026-06-19", ("2026-06-18", "overdue")),
        (("accepted 2026-05-08", "decided 2026-06-22"), "2026-07-10", ("2026-06-18", "late")),
        ((), "2026-08-03", (None, "unknown")),
    ],
)
def test_an_unrecorded_receipt_lies_between_filing_and_first_act(
    events: tuple[str, ...], as_of: str, expected: tuple[str | None, str]
) -> None:
    assert only(held(RECEIVED, *events, received_on=None), as_of, "decision") == expected


def test_in_bidding_the_decision_counts_from_acceptance() -> None:
    complaint = held(RECEIVED, "accepted 2026-05-08", law=BIDDING)
    assert only(complaint, "2026-06-18", "decision") == ("2026-06-18", "open")
    assert only(complaint, "2026-06-22", "decision") == ("2026-06-18", "overdue")


def test_in_bidding_acceptance_takes_three_working_days() -> None:
    assert only(held(RECEIVED, "accepted 2026-05-09", law=BIDDING), "2026-06-01", "acceptance") == (
        "2026-05-09",
        "in_time",
    )
    assert only(held(RECEIVED, "accepted 2026-05-11", law=BIDDING), "2026-06-01", "acceptance") == (
        "2026-05-09",
        "late",
    )


def test_in_bidding_the_complaint_and_a_pause_have_no_day_to_tell() -> None:
    complaint = held(RECEIVED, "paused 2026-05-08", law=BIDDING, **CHALLENGED)
    assert only(complaint, "2026-07-10", "complaint") == (None, "unknown")
    assert only(complaint, "2026-07-10", "pause") == (None, "unknown")


def test_after_a_reversal_no_text_fixes_when_to_decide_again() -> None:
    complaint = held(RECEIVED, "decided 2026-06-10", "reversed 2026-07-01", "decided 2026-07-20")
    first, again = all_of(complaint, "2026-08-03", "decision")
    assert (first.met_on, first.state) == (day("2026-06-10"), DeadlineState.IN_TIME)
    assert (again.rule, again.met_on, again.due, again.state) == (
        "DECIDE-AGAIN",
        day("2026-07-20"),
        None,
        DeadlineState.UNKNOWN,
    )


# ---------------------------------------------------------------- impossible lives


def test_a_decision_before_the_filing_is_shown_as_unknown() -> None:
    (found,) = all_of(held(RECEIVED, "decided 2026-05-01"), "2026-07-10", "decision")
    assert (found.met_on, found.state, found.note) == (day("2026-05-01"), DeadlineState.UNKNOWN, IMPOSSIBLE)


def test_a_second_decision_without_a_reversal_is_shown_beside_the_first() -> None:
    first, second = all_of(held(RECEIVED, "decided 2026-06-10", "decided 2026-06-12"), "2026-07-10", "decision")
    assert first.met_on == day("2026-06-10")
    assert (second.met_on, second.state, second.note) == (day("2026-06-12"), DeadlineState.UNKNOWN, IMPOSSIBLE)


def test_a_resumption_of_no_pause_is_shown_as_unknown() -> None:
    (found,) = all_of(held(RECEIVED, "resumed 2026-06-10"), "2026-07-10", "pause")
    assert (found.from_, found.met_on, found.state) == (None, day("2026-06-10"), DeadlineState.UNKNOWN)


def test_a_decision_before_a_filing_still_to_come_is_shown() -> None:
    (found,) = all_of(held(RECEIVED, "decided 2026-05-01"), "2026-05-02", "decision")
    assert found.state is DeadlineState.UNKNOWN


# ---------------------------------------------------------------- the pause


@pytest.mark.parametrize(
    ("events", "as_of", "state"),
    [
        ((), "2026-07-15", "open"),
        ((), "2026-07-16", "overdue"),  # E33
        (("resumed 2026-07-15",), "2026-07-16", "in_time"),
        (("resumed 2026-07-16",), "2026-07-16", "late"),
        (("resumed 2026-07-16",), "2026-07-15", "open"),
        (("decided 2026-07-10",), "2026-08-03", "in_time"),
    ],
)
def test_a_pause_ends_in_thirty_calendar_days(events: tuple[str, ...], as_of: str, state: str) -> None:
    complaint = held("2026-06-10", "accepted 2026-06-12", "paused 2026-06-15", *events)
    assert only(complaint, as_of, "pause") == ("2026-07-15", state)


def test_a_holiday_does_not_lengthen_a_pause() -> None:
    """It is a longest time (采购法 57), no act that somebody must do by its end."""
    for as_of, state in (("2026-10-03", "open"), ("2026-10-04", "overdue")):
        assert only(held("2026-08-20", "paused 2026-09-03"), as_of, "pause") == ("2026-10-03", state)


def test_several_pauses_are_late_only_where_each_alone_would_be() -> None:
    complaint = held("2026-06-10", "paused 2026-06-15", "resumed 2026-07-06", "paused 2026-07-13")
    first, second = all_of(complaint, "2026-07-22", "pause")
    assert (first.state, second.state, second.due) == (DeadlineState.IN_TIME, DeadlineState.OPEN, day("2026-07-22"))
    assert all_of(complaint, "2026-07-23", "pause")[1].state is DeadlineState.UNKNOWN
    assert all_of(complaint, "2026-08-13", "pause")[1].state is DeadlineState.OVERDUE


def test_a_pause_ordered_anew_while_one_runs_does_not_begin_its_days_again() -> None:
    complaint = held("2026-06-10", "paused 2026-06-15", "paused 2026-07-10")
    first, second = all_of(complaint, "2026-07-16", "pause")
    assert (first.state, second.state) == (DeadlineState.OVERDUE, DeadlineState.UNKNOWN)


@pytest.mark.parametrize(
    "events", [("resumed 2026-06-22", "paused 2026-06-22"), ("paused 2026-06-22", "resumed 2026-06-22")]
)
def test_on_one_day_the_order_of_arrival_does_not_matter(events: tuple[str, str]) -> None:
    complaint = held("2026-06-10", "paused 2026-06-15", *events, "resumed 2026-06-29")
    assert [p.met_on for p in all_of(complaint, "2026-07-16", "pause")] == [day("2026-06-22"), day("2026-06-29")]


# ---------------------------------------------------------------- corrections, calendars, sources


def test_the_term_of_a_correction_is_set_by_the_office_and_so_unknown() -> None:
    (found,) = all_of(held(RECEIVED, "correction_due 2026-05-08", "accepted 2026-05-14"), "2026-07-10", "correction")
    assert (found.from_, found.due, found.met_on) == (day("2026-05-08"), None, day("2026-05-14"))
    assert (found.state, found.citations[0].article) == (DeadlineState.UNKNOWN, "21")


@pytest.mark.parametrize("kind", ["reply", "complaint", "acceptance", "decision"])
def test_a_year_without_a_calendar_makes_the_clock_unknown(kind: str) -> None:
    complaint = held("2031-03-03", challenge_received_on="2031-02-03")
    (found,) = all_of(complaint, "2031-08-01", kind)
    assert (found.due, found.state, found.note) == (None, DeadlineState.UNKNOWN, NO_CALENDAR)


def test_a_period_from_memory_shows_its_day_and_calls_nobody_overdue() -> None:
    data: dict[str, Any] = loads((resources.files("credit.rules") / "periods.toml").read_text(encoding="utf-8"))
    rows: list[Mapping[str, Any]] = data["periods"]
    data["periods"] = [{**row, "mark": "M"} if row["id"] == "GP-REPLY" else row for row in rows]
    remembered = Periods.of(data, CATALOGUE.instruments)
    complaint = held("2026-07-06", challenge_received_on="2026-06-03")
    (found,) = all_of(complaint, "2026-06-20", "reply", remembered)
    assert (found.due, found.state, found.note) == (day("2026-06-12"), DeadlineState.UNKNOWN, UNSOURCED)


def test_a_check_of_before_the_rule_was_in_force_is_unknown() -> None:
    assert only(held("2017-05-02"), "2017-08-01", "acceptance") == (None, "unknown")


def test_before_anything_happened_only_the_challenge_is_told_of() -> None:
    kinds = [d.kind for d in deadlines(PERIODS, held(RECEIVED, "paused 2026-05-11", **CHALLENGED), day("2026-05-01"))]
    assert kinds == [DeadlineKind.QUESTION, DeadlineKind.REPLY, DeadlineKind.COMPLAINT]


# ---------------------------------------------------------------- what the registry does not hold


def ask(as_of: str, acted_on: str | None = None, **given_: Any) -> tuple[str | None, str]:  # noqa: ANN401 - as Asked
    asked = Asked(kind=DeadlineKind.QUESTION, acted_on=day(acted_on) if acted_on else None, **given_)
    found = asked_deadline(PERIODS, asked, day(as_of))
    return found.due.isoformat() if found.due else None, found.state.value


RESULT = {"stage": Stage.RESULT, "notice_on": day("2026-06-15"), "notice_working_days": 1}


@pytest.mark.parametrize(
    ("acted_on", "as_of", "state"),
    [
        ("2026-06-26", "2026-06-30", "in_time"),  # E31
        ("2026-06-29", "2026-06-30", "late"),
        ("2026-06-29", "2026-06-28", "overdue"),
        (None, "2026-06-26", "open"),
    ],
)
def test_a_result_is_questioned_within_seven_working_days_of_its_notice_period(
    acted_on: str | None, as_of: str, state: str
) -> None:
    assert ask(as_of, acted_on, **RESULT) == ("2026-06-26", state)


def test_a_step_is_questioned_from_its_end() -> None:
    assert ask("2026-06-30", "2026-06-25", stage=Stage.PROCESS, notice_on=day("2026-06-15")) == (
        "2026-06-25",
        "in_time",
    )


def test_without_the_notice_period_only_the_earliest_end_is_sure() -> None:
    given_ = {"stage": Stage.DOCUMENT, "notice_on": day("2026-06-15")}
    assert ask("2026-06-30", "2026-06-25", **given_) == ("2026-06-25", "in_time")
    assert ask("2026-06-30", "2026-06-26", **given_) == (None, "unknown")


@pytest.mark.parametrize(
    "given_",
    [
        {"stage": None, "notice_on": day("2026-06-15"), "notice_working_days": 1},
        {"stage": Stage.RESULT, "notice_on": None, "notice_working_days": 1},
        {"stage": Stage.RESULT, "notice_on": day("2032-06-15"), "notice_working_days": 1},
        {"stage": Stage.RESULT, "notice_on": day("2026-06-15"), "notice_working_days": 10**9},
    ],
)
def test_dates_that_do_not_fix_the_question_leave_it_unknown(given_: dict[str, Any]) -> None:
    assert ask("2026-06-30", **given_) == (None, "unknown")


@pytest.mark.parametrize("kind", ["reply", "complaint", "correction", "acceptance", "decision"])
def test_a_clock_that_runs_from_no_notice_is_unknown(kind: str) -> None:
    asked = Asked(kind=DeadlineKind(kind), notice_on=day("2026-06-15"), notice_working_days=1)
    found = asked_deadline(PERIODS, asked, day("2026-08-03"))
    assert (found.due, found.state) == (None, DeadlineState.UNKNOWN)


def test_a_pause_runs_from_its_notice() -> None:
    found = asked_deadline(PERIODS, Asked(kind=DeadlineKind.PAUSE, notice_on=day("2026-06-15")), day("2026-07-16"))
    assert (found.due, found.state) == (day("2026-07-15"), DeadlineState.OVERDUE)


# ---------------------------------------------------------------- whatever the life

WORKED = {"GP-REPLY", "GP-COMPLAINT", "GP-CHECK", "GP-DECISION", "BID-ACCEPTANCE", "BID-DECISION"}
some_days = st.dates(date(2025, 1, 1), date(2027, 6, 30))
lives = st.lists(st.tuples(st.sampled_from(ComplaintEventKind), some_days), max_size=7)


@given(lives, some_days, some_days, st.sampled_from(ComplaintLaw), st.booleans())
def test_no_life_breaks_a_clock_and_no_working_day_period_ends_on_a_holiday(
    told: list[tuple[ComplaintEventKind, date]], filed: date, as_of: date, law: ComplaintLaw, received: bool
) -> None:
    complaint = held(
        filed.isoformat(),
        *(f"{kind} {on}" for kind, on in told),
        law=law,
        received_on=filed.isoformat() if received else None,
        challenge_received_on=(filed - timedelta(30)).isoformat(),
    )
    for found in deadlines(PERIODS, complaint, as_of):
        assert found.due is None or found.rule not in WORKED or is_working_day(found.due)
        assert found.met_on is None or found.met_on <= as_of
        assert (found.met_on is None) or found.state not in {DeadlineState.OPEN, DeadlineState.OVERDUE}
        assert found.due is not None or found.state in {DeadlineState.UNKNOWN, DeadlineState.OPEN}


@given(lives, some_days, st.randoms())
def test_the_order_of_arrival_never_matters(
    told: list[tuple[ComplaintEventKind, date]], as_of: date, chance: Random
) -> None:
    events = [f"{kind} {on}" for kind, on in told]
    shuffled = list(events)
    chance.shuffle(shuffled)
    assert deadlines(PERIODS, held("2026-01-05", *events), as_of) == deadlines(
        PERIODS, held("2026-01-05", *shuffled), as_of
    )


@given(st.dates(date(2019, 1, 1), date(2026, 6, 30)), st.integers(0, 40))
def test_an_act_is_in_time_up_to_the_due_day_and_late_from_the_next(received: date, later: int) -> None:
    due = add_working_days(received, 30)
    decided = received + timedelta(later)
    complaint = held(received.isoformat(), f"decided {decided}")
    assert due is not None
    assert only(complaint, "2026-12-31", "decision") == (due.isoformat(), "in_time" if decided <= due else "late")
