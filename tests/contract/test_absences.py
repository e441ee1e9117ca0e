"""Entries of a list told whole: gone from it they are taken off, back on it they restrict again."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from credit.errors import StoreUnavailable
from credit.graph import schema
from credit.graph.series import number_older
from credit.model.caller import Caller
from credit.model.party import PartyId
from credit.model.project import SyncOutcome
from credit.model.record import EventKind, Record, RecordId
from credit.model.statements import SyncStatement
from credit.registry.absences import Absences
from credit.rules.standing import standing
from credit.rules.timing import CutOff
from importers import gone
from importers.run import Report, run
from tests.contract.makers import ADMIN, City, code, event, listing

MONDAY: Final = datetime(2026, 11, 16, 6, tzinfo=UTC)
TUESDAY: Final = MONDAY.replace(day=17)
WEDNESDAY: Final = MONDAY.replace(day=18)
THURSDAY: Final = CutOff(MONDAY.replace(day=19), date(2026, 11, 19), MONDAY.replace(day=19), silent=False)


class Court:
    """The courts' list as a file of a day, imported."""

    def __init__(self, city: City, folder: Path) -> None:
        self.city = city
        self.folder = folder
        self.absences: gone.Absences = Absences(city.store.writes, city.store.feeds)

    async def tells(self, firms: Iterable[int], at: datetime, *, shrunk: bool = False) -> Report:
        path = self.folder / "list.json"
        path.write_text(json.dumps([_row(n) for n in firms], ensure_ascii=False), encoding="utf-8")
        os.utime(path, (at.timestamp(), at.timestamp()))
        return await run(
            "court_list",
            path,
            registry=self.city.registry,
            caller=ADMIN,
            rejects_dir=self.folder,
            absences=self.absences,
            shrunk=shrunk,
        )

    async def record(self, number: int) -> Record:
        (record,) = (await self.city.gather(code(number))).dossiers[PartyId(code(number))].records
        return record

    async def events(self, number: int) -> list[tuple[EventKind, date]]:
        return [(e.kind, e.on.day) for e in (await self.record(number)).events]

    async def happens(self, number: int, kind: EventKind, on: datetime) -> None:
        """Have the court say that something happened to an entry that day."""
        await self.city.follow_up((await self.record(number)).id, event(kind, on.date()))

    async def off(self, firms: Sequence[int]) -> list[int]:
        return [n for n in firms if await self.events(n)]


def _row(number: int) -> dict[str, str]:
    return {
        "iname": f"资阳{number}号商贸有限公司",
        "cardNum": code(number),
        "caseCode": f"（2020）川2002执{number}号",
        "courtName": "某某人民法院",
        "partyTypeName": "1",
        "publishDate": "2026年01月21日",
        "disruptTypeName": "违反财产报告制度",
    }


@pytest.fixture
def court(city: City, tmp_path: Path) -> Court:
    return Court(city, tmp_path)


async def test_an_entry_gone_from_the_whole_list_is_taken_off_on_the_day_of_the_file(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    report = await court.tells([n for n in range(1, 11) if n != 4], TUESDAY)
    assert (report.gone, report.unchanged, report.sync) == (1, 9, SyncOutcome.COMPLETE)
    assert await court.events(4) == [(EventKind.REMOVED, date(2026, 11, 17))]
    assert await court.off(range(1, 11)) == [4]


async def test_the_same_file_again_takes_nothing_off(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    for _ in range(2):
        await court.tells(range(2, 11), TUESDAY)
    assert await court.events(1) == [(EventKind.REMOVED, date(2026, 11, 17))]
    assert (await court.tells(range(2, 11), WEDNESDAY)).gone == 0


async def test_a_list_that_lost_too_much_is_a_part_of_it_and_takes_nothing_off(court: Court) -> None:
    await court.tells(range(1, 21), MONDAY)
    report = await court.tells(range(1, 13), TUESDAY)
    assert (report.gone, report.sync) == (0, SyncOutcome.FAILED)
    assert report.missed is not None
    assert (report.missed.missed, report.missed.held) == (8, 20)
    assert report.why_not_now is not None
    assert all("8" in told and "20" in told and "--shrunk" in told for told in report.why_not_now)
    assert await court.off(range(1, 21)) == []


async def test_whoever_knows_that_it_did_may_say_so(court: Court) -> None:
    await court.tells(range(1, 21), MONDAY)
    report = await court.tells(range(1, 13), TUESDAY, shrunk=True)
    assert (report.gone, report.sync, report.why_not_now) == (8, SyncOutcome.COMPLETE, None)


async def test_a_file_with_a_rejected_row_takes_nothing_off(court: Court, tmp_path: Path) -> None:
    await court.tells(range(1, 11), MONDAY)
    path = tmp_path / "gap.json"
    wrong = {**_row(10), "cardNum": code(10)[:-1] + "I"}
    path.write_text(json.dumps([*(_row(n) for n in range(1, 10)), wrong], ensure_ascii=False), encoding="utf-8")
    report = await run(
        "court_list",
        path,
        registry=court.city.registry,
        caller=ADMIN,
        rejects_dir=tmp_path,
        absences=court.absences,
    )
    assert (report.rejected, report.gone, report.sync) == (1, 0, SyncOutcome.FAILED)
    assert await court.off(range(1, 11)) == []


async def test_an_entry_that_is_on_the_list_again_restricts_again(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    await court.tells(range(2, 11), TUESDAY)
    report = await court.tells(range(1, 11), WEDNESDAY)
    assert (report.taken, report.unchanged, report.gone) == (1, 9, 0)
    assert await court.events(1) == [
        (EventKind.REMOVED, date(2026, 11, 17)),
        (EventKind.RESUMED, date(2026, 11, 18)),
    ]
    assert (await court.tells(range(1, 11), WEDNESDAY)).unchanged == 10


async def test_an_entry_gone_back_and_gone_again_within_a_day_is_gone(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    reports = [await court.tells(range(n % 2 + 1, 11), TUESDAY.replace(hour=7 + n)) for n in (1, 2, 3)]
    assert [(r.gone, r.sync) for r in reports] == [(n, SyncOutcome.COMPLETE) for n in (1, 0, 1)]
    assert [kind for kind, _ in await court.events(1)] == [EventKind.REMOVED, EventKind.RESUMED, EventKind.REMOVED]
    assert standing(await court.record(1), THURSDAY).gone
    assert (await court.tells(range(2, 11), WEDNESDAY)).gone == 0


async def test_an_earlier_file_of_the_same_day_puts_nothing_back(court: Court) -> None:
    morning, noon = TUESDAY.replace(hour=1), TUESDAY.replace(hour=4)
    await court.tells(range(1, 11), morning)
    await court.tells(range(2, 11), noon)
    assert (await court.tells(range(1, 11), morning)).newer == noon
    assert standing(await court.record(1), THURSDAY).gone
    report = await court.tells(range(2, 11), noon)
    assert (report.gone, report.sync) == (0, SyncOutcome.COMPLETE)


async def test_what_a_newer_file_told_again_is_not_missed_by_an_older_one(court: Court) -> None:
    for firms, day in ((range(1, 11), MONDAY), (range(2, 11), TUESDAY), (range(1, 11), WEDNESDAY)):
        await court.tells(firms, day)
    ids = [(await court.record(1)).id]
    found = [await court.absences.standing(ids, told_by=day) for day in (TUESDAY, WEDNESDAY)]
    assert found == [[], ids]


async def test_what_an_authority_took_off_is_not_put_back_by_a_list_that_still_shows_it(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    await court.city.registry.follow_up(ADMIN, (await court.record(1)).id, event(EventKind.REMOVED, TUESDAY.date()))
    await court.tells(range(1, 11), WEDNESDAY)
    assert await court.events(1) == [(EventKind.REMOVED, date(2026, 11, 17))]


async def test_what_an_authority_took_off_is_gone_though_the_list_told_it_again_before_that_was_recorded(
    court: Court,
) -> None:
    await court.tells(range(1, 11), MONDAY)
    await court.tells(range(2, 11), TUESDAY)
    await court.tells(range(1, 11), WEDNESDAY)
    assert not standing(await court.record(1), THURSDAY).gone
    await court.happens(1, EventKind.REMOVED, TUESDAY)
    assert standing(await court.record(1), THURSDAY).gone
    assert (await court.tells(range(1, 11), WEDNESDAY)).unchanged == 10


async def suspended_and_gone(court: Court) -> None:
    """Have the first of ten entries suspended on Monday and missing from Tuesday's list."""
    await court.tells(range(1, 11), MONDAY)
    await court.happens(1, EventKind.SUSPENDED, MONDAY)
    await court.tells(range(2, 11), TUESDAY)


async def test_a_suspended_entry_is_put_back_by_its_list_on_the_very_day_on_which_the_court_resumes_it(
    court: Court,
) -> None:
    await suspended_and_gone(court)
    await court.happens(1, EventKind.RESUMED, WEDNESDAY)
    assert standing(await court.record(1), THURSDAY).gone
    report = await court.tells(range(1, 11), WEDNESDAY)
    assert (report.taken, report.rejected, report.sync) == (1, 0, SyncOutcome.COMPLETE)
    found = standing(await court.record(1), THURSDAY)
    assert (found.gone, "suspended" in found.doubts) == (False, False)


async def test_a_suspended_entry_that_its_list_tells_again_stays_suspended(court: Court) -> None:
    await suspended_and_gone(court)
    await court.tells(range(1, 11), WEDNESDAY)
    found = standing(await court.record(1), THURSDAY)
    assert (found.gone, "suspended" in found.doubts) == (False, True)


async def test_what_a_court_resumes_after_the_list_told_an_entry_again_the_same_day_is_no_conflict(
    court: Court,
) -> None:
    await suspended_and_gone(court)
    await court.tells(range(1, 11), WEDNESDAY)
    await court.happens(1, EventKind.RESUMED, WEDNESDAY)
    assert len(await court.events(1)) == 4
    assert "suspended" not in standing(await court.record(1), THURSDAY).doubts


async def test_what_somebody_recorded_by_hand_stays(court: Court) -> None:
    await court.city.firms(29)
    (entered,) = await court.city.record(listing(code(29)))
    await court.tells(range(1, 11), MONDAY)
    await court.tells(range(1, 11), TUESDAY)
    assert (await court.record(29)).id == entered
    assert await court.off([29]) == []


async def test_a_file_older_than_the_one_that_told_an_entry_takes_it_not_off(court: Court) -> None:
    await court.tells(range(1, 11), TUESDAY)
    report = await court.tells(range(2, 11), MONDAY)
    assert (report.gone, await court.off([1])) == (0, [])


async def test_an_older_file_takes_nothing_off_that_a_newer_one_told_again(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    await court.tells(range(1, 11), WEDNESDAY)
    report = await court.tells(range(2, 11), TUESDAY)
    assert (report.gone, report.sync, report.newer) == (0, SyncOutcome.FAILED, WEDNESDAY)
    assert await court.off([1]) == []
    assert (await court.tells(range(2, 11), WEDNESDAY)).gone == 1


async def test_a_newer_file_that_was_not_whole_told_its_entries_too(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    partly = SyncStatement(finished_at=THURSDAY.at, outcome=SyncOutcome.FAILED, records=9, seen_at=WEDNESDAY)
    await court.city.synchronise("L03", partly)
    assert (await court.tells(range(2, 11), TUESDAY)).newer == WEDNESDAY


async def test_a_newer_run_that_told_nothing_and_one_of_another_list_are_nothing_to_compare_with(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    nothing = SyncStatement(finished_at=THURSDAY.at, outcome=SyncOutcome.FAILED, records=0, seen_at=WEDNESDAY)
    await court.city.synchronise("L03", nothing)
    await court.city.synchronise("L04", replace(nothing, records=9))
    assert (await court.tells(range(2, 11), TUESDAY)).gone == 1


@dataclass(slots=True)
class Dying:
    """It takes off one entry, and dies at the next."""

    whole: gone.Absences
    taken: int = 0

    async def entries(self, list_id: str, source: str, *, after: int, limit: int) -> Sequence[tuple[int, RecordId]]:
        return await self.whole.entries(list_id, source, after=after, limit=limit)

    async def newest_seen(self, list_id: str) -> datetime | None:
        return await self.whole.newest_seen(list_id)

    async def standing(self, ids: Sequence[RecordId], *, told_by: datetime) -> Sequence[RecordId]:
        return await self.whole.standing(ids, told_by=told_by)

    async def take_off(self, caller: Caller, ids: Sequence[RecordId], *, seen_at: datetime, snapshot: str) -> int:
        if self.taken:
            raise StoreUnavailable("图数据库没有应答", "the graph does not answer")
        self.taken += 1
        return await self.whole.take_off(caller, ids[:1], seen_at=seen_at, snapshot=snapshot)


async def test_a_run_that_dies_while_it_takes_off_is_ended_by_the_next(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importers.gone._AT_ONCE", 1)
    await court.tells(range(1, 11), MONDAY)
    whole = court.absences
    court.absences = Dying(whole)
    with pytest.raises(StoreUnavailable):
        await court.tells(range(3, 11), TUESDAY)
    assert len(await court.off(range(1, 11))) == 1
    court.absences = whole
    await court.tells(range(3, 11), TUESDAY)
    assert await court.off(range(1, 11)) == [1, 2]


async def test_a_long_list_is_compared_page_by_page(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importers.gone._PAGE", 3)
    await court.tells(range(1, 12), MONDAY)
    await court.tells([n for n in range(1, 12) if n not in {1, 11}], TUESDAY)
    assert await court.off(range(1, 12)) == [1, 11]


async def test_entries_held_before_they_were_numbered_are_compared_too(court: Court) -> None:
    await court.tells(range(1, 11), MONDAY)
    bolt = court.city.store.bolt
    await bolt.put("MATCH (r:Record) REMOVE r.office")
    await bolt.put("MATCH (l:Roll) DETACH DELETE l")
    await number_older(bolt, partial(schema.in_turn, bolt))  # as a migration does
    assert (await court.tells(range(2, 11), TUESDAY)).gone == 1
