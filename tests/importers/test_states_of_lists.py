"""As of when files tell a list, whom it hides, and how much of it a run believes to be gone."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from pydantic import ValidationError

from credit.model.caller import Caller
from credit.model.party import PartyKind
from credit.model.project import SyncOutcome
from credit.model.record import RecordId
from credit.model.statements import LoadRow, Outcome, SyncStatement
from importers.gone import Missed
from importers.last_runs import Ended, LastRun
from importers.provenance import Provenance, tell_of
from importers.report import Report
from importers.run import run
from importers.set_aside import Why
from importers.snapshot import take_snapshot
from importers.source import SourceSpec
from importers.sources import SOURCES, importer_of

Make = Callable[..., str]
JANUARY = datetime(2025, 1, 6, 2, tzinfo=UTC)
MARCH = JANUARY.replace(month=3)
JUNE = JANUARY.replace(month=6)
SPECS = [importer_of(source).spec for source in SOURCES]
LISTS = [spec for spec in SPECS if spec.list is not None]


class Fake(Protocol):
    """The fake of conftest.py, by what these tests look at."""

    syncs: list[tuple[str, SyncStatement]]

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


@dataclass(slots=True)
class Held:
    """One entry that no file of these tests tells, and what it is asked with."""

    newest: datetime | None = None
    told_by: list[datetime] = field(default_factory=list[datetime])
    taken_off: list[datetime] = field(default_factory=list[datetime])

    async def entries(self, list_id: str, source: str, *, after: int, limit: int) -> Sequence[tuple[int, RecordId]]:
        return [] if after else [(1, RecordId("lst_1"))]

    async def newest_seen(self, list_id: str) -> datetime | None:
        return self.newest

    async def standing(self, ids: Sequence[RecordId], *, told_by: datetime) -> Sequence[RecordId]:
        self.told_by.append(told_by)
        return ids

    async def take_off(self, caller: Caller, ids: Sequence[RecordId], *, seen_at: datetime, snapshot: str) -> int:
        assert snapshot.startswith("sha256:")
        self.taken_off.append(seen_at)
        return len(ids)


@pytest.fixture
def court(tmp_path: Path, credit_code: Make) -> Callable[[datetime, str], Path]:
    """Write the courts' list as a file of an instant."""

    def write(at: datetime, name: str = "list.json") -> Path:
        row = {
            "iname": "某某有限公司",
            "cardNum": credit_code(1),
            "caseCode": "（2020）某1号",
            "courtName": "某某人民法院",
            "partyTypeName": "1",
            "publishDate": "2020年07月21日",
            "disruptTypeName": "违反财产报告制度",
        }
        path = tmp_path / "lists" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps([row], ensure_ascii=False), encoding="utf-8")
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    return write


# ---------------------------------------------------------------- as of when


async def test_a_sync_says_as_of_when_its_file_is(
    registry: Fake, caller: Caller, tmp_path: Path, court: Callable[..., Path]
) -> None:
    await run("court_list", court(JANUARY), registry=registry, caller=caller, rejects_dir=tmp_path)
    ((_, sync),) = registry.syncs
    assert (sync.outcome, sync.seen_at) == (SyncOutcome.COMPLETE, JANUARY)
    assert sync.finished_at > JUNE


async def test_a_list_of_several_files_is_as_old_as_the_oldest(
    registry: Fake, caller: Caller, tmp_path: Path, court: Callable[..., Path]
) -> None:
    court(JUNE, "1.json")
    folder = court(JANUARY, "2.json").parent
    await run("court_list", folder, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert registry.syncs[-1][1].seen_at == JANUARY


async def test_a_fetched_copy_is_as_of_when_its_server_last_said_that_it_is_current(
    registry: Fake, caller: Caller, tmp_path: Path, court: Callable[..., Path]
) -> None:
    path = court(JUNE)
    told = Provenance(
        url="https://files.example.org/shixin.json",
        file=path.name,
        digest=f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        fetched_at=JANUARY.isoformat(),
        checked_at=MARCH.isoformat(),
    )
    tell_of(path, told)
    await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert registry.syncs[-1][1].seen_at == MARCH


async def test_an_older_file_than_was_told_before_takes_nothing_off_and_is_no_update(
    registry: Fake, caller: Caller, tmp_path: Path, court: Callable[..., Path]
) -> None:
    held = Held(newest=MARCH)
    report = await run(
        "court_list",
        court(JANUARY),
        registry=registry,
        caller=caller,
        rejects_dir=tmp_path,
        absences=held,
        shrunk=True,
    )
    assert (report.sync, report.exit_code, report.newer) == (SyncOutcome.FAILED, 1, MARCH)
    assert held.taken_off == []
    last = LastRun.of("court_list", "list.json", report, at=JUNE)
    assert last.ended is Ended.PARTLY
    assert "2025-03-06" in last.why_zh
    assert "2025-03-06" in last.why_en


async def test_the_same_file_again_is_compared(
    registry: Fake, caller: Caller, tmp_path: Path, court: Callable[..., Path]
) -> None:
    held = Held(newest=MARCH)
    report = await run(
        "court_list", court(MARCH), registry=registry, caller=caller, rejects_dir=tmp_path, absences=held
    )
    assert (report.sync, held.taken_off) == (SyncOutcome.COMPLETE, [MARCH])


async def test_of_a_folder_the_oldest_file_says_what_was_told_since_and_the_newest_the_day_of_removal(
    registry: Fake, caller: Caller, tmp_path: Path, court: Callable[..., Path]
) -> None:
    held = Held()
    court(JUNE, "1.json")
    folder = court(JANUARY, "2.json").parent
    await run("court_list", folder, registry=registry, caller=caller, rejects_dir=tmp_path, absences=held)
    assert (held.told_by, held.taken_off) == ([JANUARY], [JUNE])


def test_a_file_whose_time_of_change_lies_ahead_is_of_now(court: Callable[..., Path]) -> None:
    path = court(datetime.now(UTC) + timedelta(hours=8))
    assert take_snapshot(path).fetched <= datetime.now(UTC)


# ---------------------------------------------------------------- why a list is not whole


async def test_a_list_of_too_few_rows_says_so(registry: Fake, caller: Caller, tmp_path: Path) -> None:
    path = tmp_path / "empty.json"
    path.write_text("[]", encoding="utf-8")
    report = await run("court_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    spec = importer_of("court_list").spec
    last = LastRun.of("court_list", "empty.json", report, at=JUNE)
    assert all(f"{n}" in told for n in (spec.min_rows, spec.max_rows) for told in (last.why_zh, last.why_en))


def test_a_list_that_lost_too_much_says_so_and_how_it_is_believed() -> None:
    report = Report(unchanged=12, sync=SyncOutcome.FAILED, missed=Missed(20, 8))
    last = LastRun.of("court_list", "list.json", report, at=JUNE)
    assert all("8" in told and "--shrunk" in told for told in (last.why_zh, last.why_en))


def test_a_whole_list_says_nothing_of_the_kind() -> None:
    report = Report(unchanged=18, sync=SyncOutcome.COMPLETE, missed=Missed(20, 2), gone=2)
    assert LastRun.of("court_list", "list.json", report, at=JUNE).why_zh == ""


# ---------------------------------------------------------------- whom a list hides


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.id)
def test_a_source_that_sets_natural_persons_aside_says_nothing_of_them(spec: SourceSpec) -> None:
    assert (PartyKind.PERSON in spec.silent) == (Why.NATURAL_PERSONS in spec.expected_rejects)


def test_the_courts_and_the_tax_bureaus_lists_hide_natural_persons() -> None:
    hiding = {spec.list for spec in LISTS if spec.silent == (PartyKind.PERSON,)}
    assert {"L03", "L04", "L05", "L07", "L08"} == hiding


# ---------------------------------------------------------------- how much may be gone


def test_a_list_without_the_share_that_it_may_lose_is_none() -> None:
    bare = importer_of("court_list").spec.model_dump(exclude={"may_lose"})
    with pytest.raises(ValidationError, match="may_lose"):
        SourceSpec.model_validate({k: v for k, v in bare.items() if k in SourceSpec.model_fields})


@pytest.mark.parametrize("source", ["ccgp_list", "court_list", "tax_violations"])
def test_a_list_that_verdicts_wait_for_loses_little_from_run_to_run(source: str) -> None:
    spec = importer_of(source).spec
    assert not Missed(10_000, 1_900).is_believed(spec)
    assert not Missed(10_000, 300).is_believed(spec)
    assert Missed(10_000, 90).is_believed(spec)
