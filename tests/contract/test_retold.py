"""What a source tells otherwise than before: debarments extended, cut short and lifted, relations that have ended."""

import csv
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from credit.errors import Conflict
from credit.graph import schema, series
from credit.model.party import PartyId, RelationKind
from credit.model.project import Domain, SyncOutcome
from credit.model.question import Activity
from credit.model.record import EventKind, Penalty, PenaltyKind, Record, Source
from credit.model.statements import LoadRow, Written
from credit.registry.absences import Absences
from credit.rules.standing import Standing, standing
from credit.rules.timing import CutOff, Timing
from importers.debarments import DebarmentSpec, adb
from importers.report import Report
from importers.rows import rows_of
from importers.run import run
from importers.snapshot import take_snapshot
from importers.source import Taken, describe
from importers.sources import SOURCES, importer_of
from tests.contract.makers import ADMIN, City, code, done, event, tie, written

MONDAY: Final = datetime(2026, 11, 16, 6, tzinfo=UTC)
TUESDAY, WEDNESDAY, SUNDAY = MONDAY.replace(day=17), MONDAY.replace(day=18), MONDAY.replace(day=22)
A, B = code(1), code(2)
FIRM: Final = {
    "Name": "Alder River Works Ltd.",
    "Address": "1 Mill Lane, Leeds",
    "Sanction Type": "Debarred",
    "Other Name": "",
    "Nationality": "United Kingdom",
    "Effect Date": "2024-03-01",
    "Lapse Date": "2027-02-28",
    "Grounds": "Fraudulent Practice",
}
OTHERS: Final = [{**FIRM, "Name": f"Birch {n} Ltd."} for n in range(8)]


def small(module: str, spec: type[DebarmentSpec]) -> DebarmentSpec:
    """Describe a bank's list of which a few entries are a whole."""
    return describe(module, spec).model_copy(update={"min_rows": 1})


class Bank:
    """A bank's list as a file of a day, imported."""

    def __init__(self, city: City, folder: Path) -> None:
        self.city = city
        self.folder = folder
        self.name = PartyId(_id_of(FIRM, folder))

    async def tells(self, at: datetime, *entries: Mapping[str, str]) -> Report:
        path = _file(self.folder, [*entries, *OTHERS])
        os.utime(path, (at.timestamp(), at.timestamp()))
        absences = Absences(self.city.store.writes, self.city.store.feeds)
        return await run(
            "adb", path, registry=self.city.registry, caller=ADMIN, rejects_dir=self.folder / "out", absences=absences
        )

    async def record(self) -> Record:
        (record,) = (await self.city.gather(self.name)).dossiers[self.name].records
        return record

    async def events(self) -> list[tuple[EventKind, date]]:
        return [(e.kind, e.on.day) for e in (await self.record()).events]

    async def stands(self, at: datetime = SUNDAY) -> Standing:
        return standing(await self.record(), CutOff.of(Activity(Domain.GOVERNMENT_PROCUREMENT, at, at)))

    async def until(self, at: datetime = SUNDAY) -> date | None:
        content = (await self.stands(at)).content
        assert isinstance(content, Penalty)
        return content.ban.until if content.ban else None


def _file(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    path = folder / "adb.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(FIRM))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _rows(folder: Path, *entries: Mapping[str, str], source: Source | None = None) -> list[LoadRow]:
    importer = adb()
    read = importer.parse(rows_of(take_snapshot(_file(folder, entries)), importer.spec), source or Source("x"))
    return [row.load for row in read if isinstance(row, Taken)]


def _id_of(entry: Mapping[str, str], folder: Path) -> str:
    return str(_rows(folder, entry)[0].parties[0].id)


@pytest.fixture
def bank(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setattr("importers.debarments.describe", small)
    return Bank(city, tmp_path)


async def test_a_debarment_gone_from_the_whole_list_is_lifted_and_back_on_it_bars_again(bank: Bank) -> None:
    await bank.tells(MONDAY, FIRM)
    assert (await bank.stands()).lifted is None
    report = await bank.tells(TUESDAY)
    assert (report.gone, report.sync) == (1, SyncOutcome.COMPLETE)
    assert await bank.events() == [(EventKind.LIFTED, TUESDAY.date())]
    assert (await bank.stands()).lifted is Timing.IN
    assert (await bank.stands(MONDAY)).lifted is None
    again = await bank.tells(WEDNESDAY, FIRM)
    assert (again.taken, again.gone) == (1, 0)
    assert (await bank.events())[1:] == [(EventKind.RESUMED, WEDNESDAY.date())]
    assert (await bank.stands()).lifted is None


async def test_a_debarment_lifted_by_hand_is_not_put_back_by_a_list_that_still_shows_it(bank: Bank) -> None:
    await bank.tells(MONDAY, FIRM)
    await bank.city.follow_up((await bank.record()).id, event(EventKind.LIFTED, TUESDAY.date()))
    await bank.tells(WEDNESDAY, FIRM)
    assert (await bank.stands()).lifted is Timing.IN


@pytest.mark.parametrize("end", ["2029-02-28", "2026-12-31"], ids=["longer", "shorter"])
async def test_a_ban_extended_or_cut_short_is_amended_as_of_the_day_of_the_file(bank: Bank, end: str) -> None:
    await bank.tells(MONDAY, FIRM)
    changed = {**FIRM, "Lapse Date": end}
    report = await bank.tells(TUESDAY, changed)
    again = await bank.tells(WEDNESDAY, changed)
    assert [(r.taken, r.rejected, r.sync) for r in (report, again)] == [
        (1, 0, SyncOutcome.COMPLETE),
        (0, 0, SyncOutcome.COMPLETE),
    ]
    assert await bank.events() == [(EventKind.AMENDED, TUESDAY.date())]
    assert await bank.until() == date.fromisoformat(end)
    assert await bank.until(MONDAY) == date(2027, 2, 28)


async def test_of_what_a_list_tells_within_a_day_the_last_counts(bank: Bank) -> None:
    await bank.tells(MONDAY, FIRM)
    ends = ["2028-02-28", "2029-02-28", "2028-02-28", "2030-02-28", "2028-02-28"]
    for hour, end in enumerate(ends):
        report = await bank.tells(TUESDAY.replace(hour=1 + hour), {**FIRM, "Lapse Date": end})
        assert (report.taken, report.sync) == (1, SyncOutcome.COMPLETE)
        assert await bank.until() == date.fromisoformat(end)


async def test_a_reprimand_that_becomes_a_ban_bars(bank: Bank) -> None:
    await bank.tells(MONDAY, {**FIRM, "Sanction Type": "Reprimand"})
    await bank.tells(TUESDAY, FIRM)
    content = (await bank.stands()).content
    assert isinstance(content, Penalty)
    assert content.kinds == (PenaltyKind.BAN,)
    assert await bank.until() == date(2027, 2, 28)
    ((barred,),) = await bank.city.store.bolt.fetch("MATCH (p:Party {id: $id}) RETURN p.banned", id=bank.name)
    assert barred


async def test_two_rows_of_one_file_that_contradict_each_other_are_for_a_person_every_time(bank: Bank) -> None:
    other = {**FIRM, "Lapse Date": "2025-01-01"}
    reports = [await bank.tells(day, FIRM, other) for day in (MONDAY, TUESDAY)]
    assert [(r.rejected, r.sync) for r in reports] == [(1, SyncOutcome.FAILED)] * 2
    assert await bank.until() == date(2027, 2, 28)


async def test_an_older_file_amends_nothing(bank: Bank) -> None:
    await bank.tells(TUESDAY, FIRM)
    report = await bank.tells(MONDAY, {**FIRM, "Lapse Date": "2025-01-01"})
    assert report.rejected == 1
    assert await bank.events() == []


async def test_what_somebody_amended_stays_while_the_list_tells_what_it_told(bank: Bank) -> None:
    await bank.tells(MONDAY, FIRM)
    said = event(EventKind.AMENDED, TUESDAY.date(), changes={"fine": "5.00"})
    await bank.city.follow_up((await bank.record()).id, said)
    assert (await bank.tells(WEDNESDAY, FIRM)).taken == 0
    assert await bank.events() == [(EventKind.AMENDED, TUESDAY.date())]


async def test_a_decision_that_is_on_no_list_is_in_its_authoritys_series_and_never_taken_off(
    bank: Bank, tmp_path: Path
) -> None:
    source = Source(adb().spec.title, fetched_at=MONDAY.isoformat(), kind="feed")
    done(*await bank.city.registry.load(ADMIN, _rows(tmp_path, FIRM, source=source)))
    assert (await bank.tells(TUESDAY)).gone == 0


async def test_debarments_held_before_sources_said_their_list_are_found_after_a_migration(
    bank: Bank, tmp_path: Path
) -> None:
    source = Source(adb().spec.title, fetched_at=MONDAY.isoformat(), kind="feed")
    done(*await bank.city.registry.load(ADMIN, _rows(tmp_path, FIRM, *OTHERS, source=source)))
    bolt = bank.city.store.bolt
    for _ in range(2):
        await series.list_older(bolt, partial(schema.in_turn, bolt))
    assert await series.size(bolt, series.feed_of("adb", adb().spec.title)) == 9
    assert (await bank.tells(TUESDAY)).gone == 1
    assert await bank.events() == [(EventKind.LIFTED, TUESDAY.date())]


def test_the_migration_knows_every_list_of_debarments() -> None:
    specs = [importer_of(source).spec for source in SOURCES]
    assert {spec.title: spec.list for spec in specs if spec.list and spec.list[0] != "L"} == series.OLDER_LISTS


# ── relations ──


async def test_a_relation_told_again_with_its_end_has_ended(city: City) -> None:
    await city.firms(1, 2)
    since = date(2020, 1, 1)
    open_ = LoadRow(row=0, relations=(tie(RelationKind.MANAGES, B, A, since=since),))
    over = LoadRow(row=0, relations=(tie(RelationKind.MANAGES, B, A, since=since, until=date(2026, 1, 1)),))
    first, ended, again = [done(*await city.registry.load(ADMIN, [row]))[0] for row in (open_, over, over)]
    assert written(first, ended, again) == [Written.CREATED, Written.CORRECTED, Written.UNCHANGED]
    found = await city.store.browser.relation(first.id)
    assert found is not None
    assert [e.until for e in found.ends] == [date(2026, 1, 1)]
    assert [r.ends_on() for r in (await city.gather(A)).relations] == [date(2026, 1, 1)]
    assert written(*await city.registry.load(ADMIN, [open_])) == [Written.UNCHANGED]


async def test_a_relation_told_open_and_ended_in_one_batch_has_ended_and_a_refused_row_ends_none(city: City) -> None:
    await city.firms(1, 2)
    open_ = tie(RelationKind.MANAGES, B, A)
    over = tie(RelationKind.MANAGES, B, A, until=date(2026, 1, 1))
    first, refused = await city.registry.load(
        ADMIN,
        [LoadRow(row=0, relations=(open_,)), LoadRow(row=1, relations=(over, tie(RelationKind.MANAGES, code(9), A)))],
    )
    found = await city.store.browser.relation(first.id)
    assert refused.error is not None
    assert found is not None
    assert found.ends == ()
    one, other = [
        LoadRow(row=0, relations=(tie(RelationKind.CONTROLS, B, A, until=u),)) for u in (None, date(2026, 1, 1))
    ]
    held, _ = done(*await city.registry.load(ADMIN, [one, other]))
    found = await city.store.browser.relation(held.id)
    assert found is not None
    assert found.ends_on() == date(2026, 1, 1)


async def test_another_end_than_the_one_held_and_one_that_a_caller_names_are_refused(city: City) -> None:
    await city.firms(1, 2)
    over = [tie(RelationKind.MANAGES, B, A, until=date(2026, month, 1)) for month in (1, 2)]
    (relation,) = await city.relate(tie(RelationKind.MANAGES, B, A))
    (by_caller,) = await city.registry.relate(ADMIN, over[:1])
    done(await city.registry.end_relation(ADMIN, relation, until=date(2026, 1, 1), reason="离任"))
    (other,) = await city.registry.load(ADMIN, [LoadRow(row=0, relations=tuple(over[1:]))])
    (same,) = await city.registry.load(ADMIN, [LoadRow(row=0, relations=tuple(over[:1]))])
    assert isinstance(by_caller.error, Conflict)
    assert isinstance(other.error, Conflict)
    assert written(same) == [Written.UNCHANGED]
