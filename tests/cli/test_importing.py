"""`credit import` by URL and by schedule: what is done, what is shown, and with which exit code it ends."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from credit.cli.commands import app
from credit.cli.frame import screen
from credit.cli.scheduled import Outcome, import_due, outcome_table, warn
from credit.cli.sources import as_answer, feed_table, feeds_of, source_table
from credit.errors import StoreUnavailable, Unavailable
from credit.lists import Lists
from credit.model.caller import Caller, Scope
from credit.model.facts import Facts
from credit.model.project import Sync, SyncOutcome
from credit.model.statements import LoadRow, SyncStatement, Written
from credit.model.statements import Outcome as Loaded
from credit.sample.numbers import credit_code
from credit.settings import Settings
from credit.wiring import SystemClock, rules_of, stop_graph
from importers import run as importers_run
from importers.downloading import Bounds
from importers.intake import Intake
from importers.last_runs import Counts, Ended, LastRun, keep, last_run
from importers.own_files import alone
from importers.schedule import Entry, read_schedule
from tests.services.web import Reply, Server, serving

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
ENV = {"CREDIT_GRAPH_MEMORY": "512m"}
REGISTER = f"name,code\n青澜墨山办公设备有限公司,{credit_code(1)}\n".encode()
LAST = LastRun(source="adb", at=NOW, place="a", ended=Ended.WHOLE, sync=SyncOutcome.COMPLETE)
ADB = """Name,Address,Sanction Type,Other Name,Nationality,Effect Date,Lapse Date,Grounds
Alder Works Ltd.,1 Mill Lane,Debarred,,Kenya,2024-03-01,2027-02-28,Fraudulent Practice
Birch Works Ltd.,2 Mill Lane,Debarred,,Kenya,2024-03-01,2027-02-28,Fraudulent Practice
"""
WRONG = REGISTER + "无码有限公司,x\n".encode()


@dataclass
class FakeRegistry:
    """Takes every row; a row that it had is unchanged."""

    seen: set[str] = field(default_factory=set[str])
    syncs: list[tuple[str, SyncOutcome]] = field(default_factory=list[tuple[str, SyncOutcome]])
    down: bool = False

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Loaded]:
        if self.down:
            raise StoreUnavailable("图数据库没有应答", "the graph does not answer")
        told = [Written.UNCHANGED if repr(row.parties) in self.seen else Written.CREATED for row in rows]
        self.seen |= {repr(row.parties) for row in rows}
        return [Loaded(id="x", written=one) for one in told]

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None:
        self.syncs.append((list_id, statement.outcome))


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def intake(registry: FakeRegistry, tmp_path: Path) -> Intake:
    return Intake(
        registry=registry,
        absences=None,
        caller=Caller("importer", "导入", frozenset({Scope.RECORD, Scope.ADMIN})),
        data=tmp_path / "data",
        rejects_dir=tmp_path / "rejects",
        bounds=Bounds(size=1 << 20, whole=20, quiet=5, pause=0.01, tries=2),
        scheduled=True,
    )


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as served:
        yield served


Planned = Callable[..., tuple[Entry, ...]]


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    """Make a schedule of sources with their places, each imported once a day."""

    def make(**places: str) -> tuple[Entry, ...]:
        path = tmp_path / "schedule.toml"
        path.write_text(schedule_of(**places), encoding="utf-8")
        return read_schedule(path)

    return make


def schedule_of(**places: str) -> str:
    tables = (f'[[import]]\nsource = "{source}"\nfrom = "{place}"\nevery = "1d"\n' for source, place in places.items())
    return "\n".join(tables)


async def go(intake: Intake, entries: Sequence[Entry], *, at: datetime = NOW, dry_run: bool = False) -> list[Outcome]:
    return await import_due(intake, entries, {}, now=lambda: at, dry_run=dry_run)


# ── by schedule ──


async def test_what_is_due_is_imported_and_then_not_due_for_its_interval(
    intake: Intake, tmp_path: Path, planned: Planned
) -> None:
    (tmp_path / "register.csv").write_bytes(REGISTER)
    entries = planned(company_register="register.csv")
    (first,) = await go(intake, entries)
    (again,) = await go(intake, entries)
    (later,) = await go(intake, entries, at=NOW + 2 * DAY)
    assert (first.ended, again.ended, later.ended) == (Ended.WHOLE, None, Ended.WHOLE)
    assert first.counts is not None
    assert later.counts is not None
    assert (first.counts.taken, later.counts.unchanged) == (1, 1)
    assert first.next_due is not None
    assert first.next_due > NOW


async def test_a_source_that_fails_stops_no_other(
    intake: Intake, registry: FakeRegistry, tmp_path: Path, planned: Planned, server: Server
) -> None:
    server.replies(Reply(404))
    (tmp_path / "register.csv").write_bytes(REGISTER)
    (tmp_path / "double.csv").write_text("no,such,layout\n1,2,3\n", encoding="utf-8")
    outcomes = await go(
        intake,
        planned(court_list=server.url(), double_publicity="double.csv", bods="gone", company_register="register.csv"),
    )
    assert [one.ended for one in outcomes] == [Ended.FAILED, Ended.FAILED, Ended.FAILED, Ended.WHOLE]
    assert max(one.exit_code for one in outcomes) == 2
    assert registry.syncs == [("L03", SyncOutcome.FAILED)]


async def test_a_fault_in_an_importer_stops_no_other_and_fails_its_list(
    intake: Intake,
    registry: FakeRegistry,
    tmp_path: Path,
    planned: Planned,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "register.csv").write_bytes(REGISTER)
    (tmp_path / "court.json").write_text("[]", encoding="utf-8")
    entries = planned(court_list="court.json", company_register="register.csv")

    def broken(*_: object) -> None:
        raise RuntimeError("what a row says")

    monkeypatch.setattr(importers_run.SourceSpec, "is_whole", broken)
    court, _register = await go(intake, entries)
    assert court.ended is Ended.FAILED
    assert ("L03", SyncOutcome.FAILED) in registry.syncs
    assert last_run(intake.data, "company_register") is not None
    told = capsys.readouterr()
    assert "RuntimeError" in told.err
    assert "what a row says" not in told.out + told.err


@pytest.mark.parametrize("place", ["importers.run._inspect", "importers.source.SourceSpec.is_whole"])
async def test_a_fault_of_ours_in_one_source_imported_by_hand_fails_its_list(
    intake: Intake, registry: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("what a row says")

    (tmp_path / "court.json").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(place, broken)
    with pytest.raises(KeyError):
        await replace(intake, scheduled=False).take("court_list", tmp_path / "court.json")
    assert registry.syncs == [("L03", SyncOutcome.FAILED)]
    last = last_run(intake.data, "court_list")
    assert last is not None
    assert (last.ended, last.why_zh) == (Ended.FAILED, "KeyError")


async def test_a_file_that_vanished_fails_its_list(intake: Intake, registry: FakeRegistry, planned: Planned) -> None:
    (court,) = await go(intake, planned(court_list="court.json"))
    assert court.exit_code == 2
    assert registry.syncs == [("L03", SyncOutcome.FAILED)]


async def test_a_list_of_too_few_rows_does_not_end_with_code_0(
    intake: Intake, registry: FakeRegistry, tmp_path: Path, planned: Planned
) -> None:
    (tmp_path / "court.json").write_text("[]", encoding="utf-8")
    (court,) = await go(intake, planned(court_list="court.json"))
    assert registry.syncs == [("L03", SyncOutcome.FAILED)]
    assert (court.ended, court.exit_code) == (Ended.PARTLY, 1)


async def test_a_path_given_by_hand_that_is_not_there_is_a_slip_and_fails_no_list(
    intake: Intake, registry: FakeRegistry, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        await replace(intake, scheduled=False).take("court_list", tmp_path / "court.json")
    assert not registry.syncs


async def test_what_failed_is_due_again_within_the_hour(intake: Intake, planned: Planned, tmp_path: Path) -> None:
    entries = planned(company_register="register.csv")
    (failed,) = await go(intake, entries)
    (tmp_path / "register.csv").write_bytes(REGISTER)
    (soon,) = await go(intake, entries)
    (later,) = await go(intake, entries, at=datetime.now(UTC) + timedelta(hours=1, minutes=1))
    assert (failed.ended, soon.ended, later.ended) == (Ended.FAILED, None, Ended.WHOLE)


async def test_a_store_that_is_down_fails_each_source_for_itself(
    intake: Intake, registry: FakeRegistry, tmp_path: Path, planned: Planned
) -> None:
    (tmp_path / "register.csv").write_bytes(REGISTER)
    registry.down = True
    outcomes = await go(intake, planned(company_register="register.csv", double_publicity="register.csv"))
    assert [one.exit_code for one in outcomes] == [2, 2]


async def test_a_dry_run_imports_nothing(
    intake: Intake, registry: FakeRegistry, tmp_path: Path, planned: Planned
) -> None:
    (tmp_path / "register.csv").write_bytes(REGISTER)
    (one,) = await go(intake, planned(company_register="register.csv"), dry_run=True)
    assert (one.due, one.ended, one.exit_code) == (True, None, 0)
    assert not registry.seen
    assert last_run(intake.data, "company_register") is None


async def test_what_is_disabled_is_not_imported(intake: Intake, planned: Planned) -> None:
    entries = [replace(entry, enabled=False) for entry in planned(company_register="register.csv")]
    (one,) = await go(intake, entries)
    assert (one.due, one.ended, one.exit_code) == (False, None, 0)


async def test_a_list_is_due_by_the_registrys_own_last_sync(intake: Intake, planned: Planned) -> None:
    entries = planned(court_list="court.json")
    (fresh,) = await import_due(intake, entries, {"L03": NOW - DAY / 2}, now=lambda: NOW, dry_run=True)
    (old,) = await import_due(intake, entries, {"L03": NOW - DAY}, now=lambda: NOW, dry_run=True)
    assert (fresh.due, fresh.next_due, old.due) == (False, NOW + DAY / 2, True)


async def test_the_table_tells_of_every_source_how_it_ended_and_when_it_is_due(
    intake: Intake, tmp_path: Path, planned: Planned
) -> None:
    (tmp_path / "register.csv").write_bytes(WRONG)
    keep(intake.data, LastRun(source="bods", at=NOW, place="x", ended=Ended.WHOLE))
    entries = planned(company_register="register.csv", court_list="court.json", bods="x")
    console = screen()
    with console.capture() as shown:
        console.print(outcome_table(await go(intake, entries)))
    lines = {line.split("│")[1].strip(): line for line in shown.get().splitlines() if "│" in line}
    assert "部分 partly" in lines["company_register"]
    assert [cell.strip() for cell in lines["company_register"].split("│")[3:7]] == ["2", "1", "0", "1"]
    assert "失败 failed" in lines["court_list"]
    assert "未到期 not due" in lines["bods"]


def test_a_list_that_would_go_stale_between_two_imports_is_named(
    planned: Planned, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = planned(court_list="a", company_register="b")
    warn(entries, timedelta(hours=23))
    assert "court_list" in (told := capsys.readouterr().err)
    assert "company_register" not in told
    warn(entries, DAY)
    assert not capsys.readouterr().err


# ── what is refused before anything runs ──


def credit(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(data)], env=ENV)


@pytest.mark.parametrize(
    "words",
    [
        ["import"],
        ["import", "court_list"],
        ["import", "no_such", "a.json"],
        ["import", "court_list", "ftp://example.org/a.json"],
        ["import", "--all"],
        ["import", "court_list", "a.json", "--all"],
        ["import", "--all", "--shrunk"],
        ["import", "court_list", "a.json", "--dry-run"],
        ["import", "court_list", "a.json", "--schedule", "s.toml"],
    ],
)
def test_a_wrong_command_is_refused_before_the_graph_is_opened(tmp_path: Path, words: list[str]) -> None:
    told = credit(tmp_path, *words)
    assert told.exit_code == 2
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told.stderr)
    assert "Traceback" not in told.output
    assert not list(tmp_path.iterdir())


def test_a_wrong_schedule_is_refused_before_the_graph_is_opened(tmp_path: Path) -> None:
    (tmp_path / "schedule.toml").write_text(schedule_of(no_such="a"), encoding="utf-8")
    told = credit(tmp_path, "import", "--all")
    assert told.exit_code == 2
    assert "没有来源“no_such”" in told.stderr
    assert not (tmp_path / "graph").exists()


def test_two_schedules_do_not_run_at_once(tmp_path: Path) -> None:
    (tmp_path / "schedule.toml").write_text(schedule_of(company_register="a"), encoding="utf-8")
    with alone(tmp_path / "imports.lock", "", ""):
        told = credit(tmp_path, "import", "--all")
    assert told.exit_code == 2
    assert "正在运行" in told.stderr
    assert not (tmp_path / "graph").exists()


def test_a_lock_is_free_again_after_its_block(tmp_path: Path) -> None:
    for _ in range(2):
        with alone(tmp_path / "lock", "甲", "a"), pytest.raises(Unavailable), alone(tmp_path / "lock", "乙", "b"):
            pass


# ── what `credit sources` shows of runs ──


class NoSyncs:
    """`credit.ports.FactReader` of a registry that was never synchronised."""

    async def gather(
        self, ids: Sequence[str], *, project_no: str | None, known: int | None, cut_off: datetime | None
    ) -> Facts:
        raise NotImplementedError

    async def syncs(self, *, cut_off: datetime, ask: bool) -> tuple[Sync, ...]:
        return ()


async def test_sources_show_the_rejects_of_the_last_run_of_lists_and_others(intake: Intake, planned: Planned) -> None:
    entries = planned(court_list="court.json", company_register="register.csv")
    for entry, name, content in zip(entries, ("court.json", "register.csv"), (b"[]", WRONG), strict=True):
        assert isinstance(entry.place, Path)
        (entry.place.parent / name).write_bytes(content)
    await go(intake, entries)
    lists = Lists(rules_of(Settings()), NoSyncs(), SystemClock())
    standings, feeds = await lists.standing(ask=True), feeds_of(intake.data)
    answer = as_answer(lists, standings, NOW, feeds)
    (court,) = next(item for item in answer["items"] if item["list"] == "L03")["imports"]
    others = {item["source"]: item for item in answer["other_sources"]}
    assert (court["source"], court["ended"], court["read"], court["rejected"]) == ("court_list", "partly", 0, 0)
    register = others["company_register"]
    assert (register["ended"], register["read"], register["taken"], register["rejected"]) == ("partly", 2, 1, 1)
    assert (others["bods"]["ended"], others["bods"]["rejected"]) == (None, None)
    console = screen()
    with console.capture() as shown:
        console.print(source_table(lists, standings, NOW, feeds))
        console.print(feed_table(feeds))
    assert "company_register" in shown.get()
    assert "从未导入 never" in shown.get()


async def test_a_list_that_the_catalogue_does_not_know_is_due_an_interval_after_its_last_run(
    intake: Intake, tmp_path: Path, planned: Planned
) -> None:
    (tmp_path / "adb.csv").write_text(ADB, encoding="utf-8")
    entries = planned(adb="adb.csv", court_list="court.json")
    (tmp_path / "court.json").write_text("[]", encoding="utf-8")
    synced = {"L03": None}
    await import_due(intake, entries, synced, now=lambda: NOW)
    dry = await import_due(intake, entries, synced, now=lambda: NOW, dry_run=True)
    assert [one.due for one in dry] == [False, True]


async def test_a_list_that_the_catalogue_does_not_know_is_shown_with_its_age(
    intake: Intake, tmp_path: Path, planned: Planned
) -> None:
    (tmp_path / "adb.csv").write_text(ADB, encoding="utf-8")
    await go(intake, planned(adb="adb.csv"))
    lists = Lists(rules_of(Settings()), NoSyncs(), SystemClock())
    standings, feeds = await lists.standing(ask=True), feeds_of(intake.data)
    answer = as_answer(lists, standings, datetime.now(UTC), feeds)
    others = {item["source"]: item for item in answer["other_sources"]}
    assert {"worldbank", "idb", "ebrd", "adb", "afdb", "us_exclusions"} <= others.keys()
    assert (others["adb"]["list"], others["adb"]["status"]) == ("adb", "failed")  # two rows are no whole list
    assert others["adb"]["age_seconds"] >= 0
    assert (others["idb"]["status"], others["idb"]["age_seconds"]) == ("never", None)
    assert (others["company_register"]["list"], others["company_register"]["status"]) == (None, None)
    assert {"adb", "idb"} <= set(answer["late_others"])
    assert "company_register" not in answer["late_others"]
    console = screen()
    with console.capture() as shown:
        console.print(source_table(lists, standings, datetime.now(UTC), feeds))
    assert "亚洲开发银行" in shown.get()
    assert "不影响结论" in shown.get()


@pytest.mark.parametrize(
    ("last", "status"),
    [
        (LAST, "fresh"),
        (replace(LAST, sync=SyncOutcome.FAILED), "failed"),
        (replace(LAST, at=NOW - 4 * DAY), "stale"),
        (replace(LAST, seen_at=NOW - 4 * DAY), "stale"),
        (replace(LAST, sync=None, ended=Ended.FAILED), "failed"),
    ],
    ids=["fresh", "not whole", "old run", "old file", "failed"],
)
def test_a_list_that_the_catalogue_does_not_know_stands_by_its_last_run(
    tmp_path: Path, last: LastRun, status: str
) -> None:
    keep(tmp_path, last)
    (adb,) = (feed for feed in feeds_of(tmp_path) if feed.source == "adb")
    assert adb.status(NOW, 3 * DAY).value == status


async def test_a_whole_list_says_how_many_rows_it_is_without(tmp_path: Path) -> None:
    counts = Counts(read=1285, taken=1163, unchanged=0, rejected=122, review=0)
    told = LastRun(
        source="worldbank", at=NOW, place="a", ended=Ended.PARTLY, counts=counts, sync=SyncOutcome.COMPLETE, seen_at=NOW
    )
    keep(tmp_path, told)
    lists = Lists(rules_of(Settings()), NoSyncs(), SystemClock())
    standings, feeds = await lists.standing(ask=True), feeds_of(tmp_path)
    others = {item["source"]: item for item in as_answer(lists, standings, NOW, feeds)["other_sources"]}
    assert (others["worldbank"]["status"], others["worldbank"]["set_aside"]) == ("fresh", 122)
    console = screen()
    with console.capture() as shown:
        console.print(source_table(lists, standings, NOW, feeds))
    assert "122 set aside" in " ".join(shown.get().split())


# ── the whole ──


def test_a_register_is_imported_from_a_url_and_by_schedule_and_shown(tmp_path: Path, server: Server) -> None:
    server.replies(Reply(body=WRONG, headers={"ETag": '"1"'}), Reply(304, length=None))
    by_url = credit(tmp_path, "import", "company_register", server.url("/register.csv"))
    court = tmp_path / "court.json"
    court.write_text(json.dumps([debtor()], ensure_ascii=False), encoding="utf-8")
    places = {"company_register": server.url("/register.csv"), "court_list": str(court)}
    (tmp_path / "schedule.toml").write_text(schedule_of(**places), encoding="utf-8")
    dry = credit(tmp_path, "import", "--all", "--dry-run")
    run = credit(tmp_path, "import", "--all")
    again = credit(tmp_path, "import", "--all")
    shown = credit(tmp_path, "sources", "--json")
    table = credit(tmp_path, "sources")
    asyncio.run(stop_graph(Settings(data=tmp_path)))
    assert by_url.exit_code == 1, by_url.output
    assert "到期 due" in dry.stdout
    assert (run.exit_code, again.exit_code) == (0, 0), run.output
    assert "完成 done" in run.stdout
    assert "完成 done" not in again.stdout
    answer = json.loads(shown.stdout)
    imports = {one["source"]: one for item in answer["items"] for one in item["imports"]}
    assert imports["court_list"]["taken"] == 1
    assert {one["source"]: one["rejected"] for one in answer["other_sources"]}["company_register"] == 1
    assert "company_register" in table.stdout


def debtor() -> dict[str, str]:
    return {
        "iname": "青澜墨山办公设备有限公司",
        "cardNum": credit_code(1),
        "caseCode": "（2026）某1号",
        "courtName": "某某人民法院",
        "publishDate": "2026年01月21日",
        "disruptTypeName": "违反财产报告制度",
        "partyTypeName": "1",
    }
