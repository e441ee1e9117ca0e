"""Late publication of penalties (双公示; DOMAIN §6.3, case F01)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from credit.model.party import PartyId
from credit.model.record import (
    Authority,
    Category,
    Event,
    EventKind,
    Listing,
    Penalty,
    PenaltyKind,
    Record,
    RecordId,
    Source,
)
from credit.model.when import When
from credit.oversight.publications import Publication, publication, publications
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods

PERIODS = Periods.load(Catalogue.load())
AS_OF = date(2026, 11, 20)
LEDGER = Source("台账")
PENALTY = Penalty(
    doc_no="资财采罚〔2026〕1号",
    authority=Authority("资阳市财政局"),
    decided_on=date(2026, 9, 25),
    violation="提供虚假材料",
    category=Category.FALSE_MATERIALS,
    kinds=(PenaltyKind.FINE,),
)
"""Decided on Friday 2026-09-25, a holiday; with Saturday 10-10, seven working days end on 2026-10-12."""
DUE = date(2026, 10, 12)


def record(*events: tuple[EventKind, str], source: Source = LEDGER, **changes: Any) -> Record:  # noqa: ANN401 - fields of a penalty
    told = tuple(Event(str(n), kind, When.parse(on), tick=n) for n, (kind, on) in enumerate(events))
    return Record(RecordId("r1"), PartyId("a"), replace(PENALTY, **changes), source, 0, "", told)


def found(one: Record, as_of: date = AS_OF) -> Publication:
    answer = publication(PERIODS, one, as_of)
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("published", "state", "days_late"),
    [
        ("2026-09-28", "in_time", 0),
        ("2026-10-12", "in_time", 0),
        ("2026-10-13", "late", 1),
        ("2026-10-17", "late", 4),  # a Saturday
        ("2026-11-19", "late", 28),
        ("2026-09-24", "unknown", None),  # before the decision
    ],
)
def test_a_decision_is_published_within_seven_working_days(published: str, state: str, days_late: int | None) -> None:
    answer = found(record(published_on=When.parse(published)))
    assert (answer.state.value, answer.days_late, answer.due) == (state, days_late, DUE)


@pytest.mark.parametrize(
    ("as_of", "state", "days_late"),
    [("2026-09-28", "in_time", 0), ("2026-10-12", "in_time", 0), ("2026-10-14", "overdue", 2)],
)
def test_an_unpublished_decision_is_overdue_after_its_last_day(as_of: str, state: str, days_late: int) -> None:
    answer = found(record(), date.fromisoformat(as_of))
    assert (answer.state.value, answer.days_late, answer.published_on) == (state, days_late, None)


def test_a_penalty_of_november_2019_published_in_december_2020_is_late_f01() -> None:
    answer = found(record(decided_on=date(2019, 11, 18), published_on=When(date(2020, 12, 7))))
    assert (answer.state.value, answer.due) == ("late", date(2019, 11, 27))
    assert answer.days_late is not None
    assert answer.days_late > 240
    assert answer.citations[0].instrument.endswith("(国办发〔2015〕51号)")


def test_the_earliest_publication_counts_whether_field_or_event() -> None:
    answer = found(record((EventKind.PUBLISHED, "2026-10-12"), published_on=When(date(2026, 10, 20))))
    assert (answer.published_on, answer.state.value) == (DUE, "in_time")


def test_a_publication_on_the_weekend_after_its_last_day_is_a_day_late() -> None:
    answer = found(record(decided_on=date(2026, 10, 14), published_on=When(date(2026, 10, 24))))
    assert (answer.due, answer.state.value, answer.days_late) == (date(2026, 10, 23), "late", 1)


def test_a_publication_still_to_come_does_not_count_yet() -> None:
    assert found(record((EventKind.PUBLISHED, "2026-10-20")), date(2026, 10, 13)).state.value == "overdue"


def test_a_decision_of_before_the_duty_is_unknown() -> None:
    assert found(record(decided_on=date(2014, 5, 5))).state.value == "unknown"


def test_a_year_without_calendar_is_unknown_with_no_due_day() -> None:
    answer = found(record(decided_on=date(2030, 5, 6)), date(2030, 12, 2))
    assert (answer.due, answer.days_late, answer.state.value) == (None, None, "unknown")


@pytest.mark.parametrize("kind", [PenaltyKind.BAD_CONDUCT_LISTING, PenaltyKind.CORRECTION_ORDER, PenaltyKind.CRIMINAL])
def test_what_is_no_penalty_of_the_penalty_law_is_never_overdue(kind: PenaltyKind) -> None:
    assert found(record(kinds=(kind,))).state.value == "unknown"
    assert found(record(kinds=(kind, PenaltyKind.FINE))).state.value == "overdue"


def test_a_record_from_a_public_source_was_published_on_a_day_unknown() -> None:
    assert found(record(source=Source("信用中国", kind="feed"))).state.value == "unknown"


def test_an_amended_date_of_decision_moves_the_last_day() -> None:
    event = Event("1", EventKind.AMENDED, When(date(2026, 10, 15)), changes='{"decided_on": "2026-10-12"}')
    moved = replace(record(), events=(event,))
    assert found(moved, date(2026, 10, 14)).due == DUE
    assert found(moved).due == date(2026, 10, 21)


@pytest.mark.parametrize(("annulled", "state"), [("2026-10-12", None), ("2026-10-13", "unknown")])
def test_a_decision_annulled_unpublished_is_owed_no_more(annulled: str, state: str | None) -> None:
    answer = publication(PERIODS, record((EventKind.ANNULLED, annulled)), AS_OF)
    assert (answer.state.value if answer else None) == state


def test_what_has_no_publication_to_watch_is_left_out() -> None:
    listing = replace(record(), content=Listing("L01", date(2026, 9, 25)))
    mistaken = record((EventKind.ENTERED_IN_ERROR, "2026-10-30"))
    later = record(decided_on=date(2026, 11, 23))
    assert list(publications(PERIODS, [listing, mistaken, later], AS_OF)) == []


def test_only_the_late_ones_are_listed_when_asked() -> None:
    prompt, late, missing = record(published_on=When(DUE)), record(published_on=When(AS_OF)), record()
    states = [p.state.value for p in publications(PERIODS, [prompt, late, missing], AS_OF, late_only=True)]
    assert states == ["late", "overdue"]
