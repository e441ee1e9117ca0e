"""Whether a record is shown to everybody."""

from datetime import date

from credit.api.visibility import is_over
from credit.model.party import PartyId
from credit.model.record import BACK, GONE, Event, EventKind, Listing, Record, RecordId, Source
from credit.model.when import When

TODAY = date(2026, 6, 1)


def entry(*events: tuple[EventKind, str, str | None]) -> Record:
    told = tuple(
        Event(f"evt_{n}", kind, When.parse(day), None, None, reason, None, n, "importer")
        for n, (kind, day, reason) in enumerate(events)
    )
    content = Listing(list="L03", listed_on=date(2026, 1, 1))
    source = Source("名单", None, "2026-01-01T00:00:00Z")
    return Record(RecordId("lst_1"), PartyId("91512002MAF0000126"), content, source, 1, "importer", told)


def test_an_entry_that_its_list_tells_again_is_on_display_again() -> None:
    gone, back = (EventKind.REMOVED, "2026-04-01", GONE), (EventKind.RESUMED, "2026-05-01", BACK)
    assert is_over(entry(gone), TODAY)
    assert not is_over(entry(gone, back), TODAY)
    assert is_over(entry(gone, back), date(2026, 4, 20))


def test_an_entry_gone_back_and_gone_again_within_a_day_is_off_display() -> None:
    gone, back = (EventKind.REMOVED, "2026-05-01", GONE), (EventKind.RESUMED, "2026-05-01", BACK)
    assert is_over(entry(gone, back, gone), TODAY)
    assert not is_over(entry(gone, back), TODAY)


def test_a_removal_after_which_an_authority_resumed_what_was_not_suspended_is_shown_to_whom_decides() -> None:
    removed, resumed = (EventKind.REMOVED, "2026-04-01", None), (EventKind.RESUMED, "2026-05-01", None)
    assert not is_over(entry(removed, resumed), TODAY)
    assert not is_over(entry(resumed, removed), TODAY)
    assert is_over(entry(removed, resumed), date(2026, 4, 20))


def test_the_end_of_a_suspension_undoes_no_removal() -> None:
    stayed, resumed = (EventKind.SUSPENDED, "2026-03-01", None), (EventKind.RESUMED, "2026-05-01", None)
    assert is_over(entry(stayed, (EventKind.REMOVED, "2026-04-01", None), resumed), TODAY)


def test_what_an_authority_took_off_stays_off_display() -> None:
    taken, back = (EventKind.REMOVED, "2026-04-01", None), (EventKind.RESUMED, "2026-05-01", BACK)
    assert is_over(entry(taken, back), TODAY)
