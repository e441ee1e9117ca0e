"""What befell a record, told by an import row: an event on it, once, whether the record is new or held."""

from dataclasses import replace
from datetime import date

from credit.errors import Conflict, FieldInvalid
from credit.model.party import PartyId
from credit.model.record import EventKind, Listing, Record, Source
from credit.model.statements import EventStatement, LoadRow, Outcome, RecordStatement, Written
from credit.model.when import When
from tests.contract.makers import ADMIN, City, code, firm, written

A = code(1)
LISTED = Listing(list="L06", listed_on=date(2024, 7, 8), ground="未公示年度报告")
REMOVED = EventStatement(kind=EventKind.REMOVED, on=When(date(2024, 9, 1)), reason="已补报")


def row(*events: EventStatement) -> LoadRow:
    said = RecordStatement(party=A, content=LISTED, source=Source("经营异常名录"), events=events)
    return LoadRow(row=1, parties=(firm(1, only_if_new=True),), records=(said,))


async def load(city: City, *rows: LoadRow) -> list[Outcome]:
    return await city.registry.load(ADMIN, rows)


async def record_of(city: City) -> Record:
    (record,) = (await city.gather(A)).dossiers[PartyId(A)].records
    return record


async def test_a_new_record_is_written_with_what_befell_it(city: City) -> None:
    (outcome,) = await load(city, row(REMOVED))
    record = await record_of(city)
    assert outcome.id == record.id
    assert [(e.kind, e.on, e.reason) for e in record.events] == [(EventKind.REMOVED, REMOVED.on, "已补报")]


async def test_a_held_record_gets_the_event_that_a_later_import_tells(city: City) -> None:
    await load(city, row())
    again = await load(city, row(REMOVED))
    assert written(*again) == [Written.CREATED]
    assert len((await record_of(city)).events) == 1


async def test_the_same_event_told_again_changes_nothing(city: City) -> None:
    await load(city, row(REMOVED))
    before = await city.known()
    assert written(*await load(city, row(REMOVED), row(REMOVED))) == [Written.UNCHANGED] * 2
    assert await city.known() == before


async def test_two_rows_of_a_batch_that_tell_one_event_write_it_once(city: City) -> None:
    await load(city, row(REMOVED), row(REMOVED))
    assert len((await record_of(city)).events) == 1


async def test_an_event_told_otherwise_is_a_conflict_and_leaves_the_row_out(city: City) -> None:
    refused, good = await load(city, row(REMOVED, replace(REMOVED, reason="地址已更正")), row())
    assert isinstance(refused.error, Conflict)
    assert written(good) == [Written.CREATED]
    assert (await record_of(city)).events == ()


async def test_an_import_enters_no_amendment(city: City) -> None:
    (refused,) = await load(city, row(replace(REMOVED, kind=EventKind.AMENDED)))
    assert isinstance(refused.error, FieldInvalid)


async def test_changes_that_an_import_tells_of_another_event_are_not_dropped_in_silence(city: City) -> None:
    (refused,) = await load(city, row(replace(REMOVED, changes={"until": "2026-12-31"})))
    assert isinstance(refused.error, FieldInvalid)


async def test_events_of_many_records_are_each_appended_to_its_own(city: City) -> None:
    firms = range(1, 6)
    rows = [
        LoadRow(
            row=n,
            parties=(firm(n, only_if_new=True),),
            records=(
                RecordStatement(
                    party=code(n),
                    content=LISTED,
                    source=Source("经营异常名录"),
                    events=(REMOVED, replace(REMOVED, kind=EventKind.REPAIRED, reason=f"第{n}家")),
                ),
            ),
        )
        for n in firms
    ]
    assert written(*await load(city, *rows)) == [Written.CREATED] * 5
    for n in firms:
        (record,) = (await city.gather(code(n))).dossiers[PartyId(code(n))].records
        assert [e.reason for e in record.events] == ["已补报", f"第{n}家"]
