"""Schedules: what is refused in one, and what of it is due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credit.errors import FieldInvalid
from importers.addresses import Address
from importers.last_runs import Ended, LastRun, keep, last_run
from importers.run import Report
from importers.schedule import Entry, read_schedule

NOW = datetime(2026, 6, 10, 6, tzinfo=UTC)
DAY = timedelta(days=1)
RIGHT = """
[[import]]
source = "court_list"
from = "https://example.org/shixin.json?token=s3cret"
every = "24h"

[[import]]
source = "company_register"
from = "register"
every = "7d"
enabled = false
"""


@pytest.fixture
def schedule(tmp_path: Path) -> Callable[[str], tuple[Entry, ...]]:
    """Read a text as a schedule."""

    def read(text: str) -> tuple[Entry, ...]:
        (tmp_path / "schedule.toml").write_text(text, encoding="utf-8")
        return read_schedule(tmp_path / "schedule.toml")

    return read


def test_a_schedule_tells_of_each_source_where_it_lies_and_how_often_it_is_imported(
    schedule: Callable[[str], tuple[Entry, ...]], tmp_path: Path
) -> None:
    court, register = schedule(RIGHT)
    assert isinstance(court.place, Address)
    assert (court.source, court.list, court.every, court.enabled) == ("court_list", "L03", DAY, True)
    assert (register.source, register.list, register.every, register.enabled) == (
        "company_register",
        None,
        timedelta(days=7),
        False,
    )
    assert register.place == tmp_path / "register"


def test_an_empty_schedule_is_one(schedule: Callable[[str], tuple[Entry, ...]]) -> None:
    assert schedule("") == ()


def one(**changes: str) -> str:
    """Write a schedule of one source; an empty text leaves the key out."""
    told = {"source": '"court_list"', "from": '"a.json"', "every": '"24h"', **changes}
    return "[[import]]\n" + "\n".join(f"{key} = {value}" for key, value in told.items() if value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (one(source='"no_such"'), "没有来源“no_such”"),
        (one(source=""), "缺少 source"),
        (one(source="1"), "缺少 source"),
        (one(**{"from": ""}), "缺少 from"),
        (one(**{"from": '" "'}), "缺少 from"),
        (one(**{"from": '"ftp://example.org/a"'}), "http://"),
        (one(every=""), "缺少 every"),
        (one(every='"0h"'), "every"),
        (one(every='"24"'), "every"),
        (one(every='"-1d"'), "every"),
        (one(every='"1.5h"'), "every"),
        (one(every='"９h"'), "every"),
        (one(every='"367d"'), "every"),
        (one(every="24"), "缺少 every"),
        (one(enabled='"yes"'), "enabled"),
        (one(when='"now"'), "未知的键 when"),
        ("source = 1", "未知的键 source"),
        ("[import]\nsource = 'court_list'", r"\[\[import\]\]"),
        ("import = [1]", r"\[\[import\]\]"),
        (one() + "\n" + one(), "重复"),
        ("not toml", "不是 TOML"),
    ],
)
def test_what_is_wrong_in_a_schedule_is_named(
    schedule: Callable[[str], tuple[Entry, ...]], text: str, told: str
) -> None:
    with pytest.raises(FieldInvalid, match=told):
        schedule(text)


def test_all_that_is_wrong_is_named_at_once_with_its_place(schedule: Callable[[str], tuple[Entry, ...]]) -> None:
    with pytest.raises(FieldInvalid, match=r"第 2 项.*第 3 项") as error:
        schedule("\n".join((one(), one(source='"no_such"'), one(every='"x"'))))
    assert "entry 3" in error.value.en


def test_no_password_of_a_schedule_is_told(schedule: Callable[[str], tuple[Entry, ...]]) -> None:
    with pytest.raises(FieldInvalid) as error:
        schedule(one(**{"from": '"ftp://who:s3cret@example.org/a"'}))
    assert "s3cret" not in str(error.value)


def test_a_schedule_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FieldInvalid, match=r"schedule\.toml"):
        read_schedule(tmp_path / "schedule.toml")


# ── what is due ──


def entry(list_id: str | None, every: timedelta = DAY) -> Entry:
    return Entry("some_source", Path("a"), every, enabled=True, list=list_id)


def ended(at: datetime, how: Ended = Ended.WHOLE) -> LastRun:
    return LastRun(source="some_source", at=at, place="a", ended=how)


@pytest.mark.parametrize("list_id", ["L03", None])
def test_what_was_never_imported_is_due_at_once(list_id: str | None) -> None:
    assert entry(list_id).due_at(None, None) is None


def test_a_list_is_due_an_interval_after_its_last_sync_whoever_made_it() -> None:
    assert entry("L03").due_at(None, NOW) == NOW + DAY
    assert entry("L03").due_at(ended(NOW - 5 * DAY), NOW) == NOW + DAY


def test_a_list_that_the_registry_lost_is_due_at_once_whatever_was_run_here() -> None:
    assert entry("L03").due_at(ended(NOW), None) is None
    assert entry("L03").due_at(ended(NOW), NOW - 3 * DAY) == NOW - 2 * DAY


def test_what_is_no_list_is_due_an_interval_after_its_last_run() -> None:
    assert entry(None).due_at(ended(NOW, Ended.PARTLY), None) == NOW + DAY


@pytest.mark.parametrize(("every", "hours"), [(DAY, 1), (timedelta(minutes=30), 0.5)])
@pytest.mark.parametrize("list_id", ["L03", None])
def test_what_failed_is_due_again_soon(list_id: str | None, every: timedelta, hours: float) -> None:
    due = entry(list_id, every).due_at(ended(NOW, Ended.FAILED), NOW - timedelta(seconds=1))
    assert due == NOW + timedelta(hours=hours)


def test_a_failed_run_before_the_first_sync_is_not_tried_without_a_pause() -> None:
    assert entry("L03").due_at(ended(NOW, Ended.FAILED), None) == NOW + timedelta(hours=1)


# ── how the last run ended ──


@pytest.mark.parametrize(
    ("report", "how", "rejected"),
    [
        (Report(read=3, taken=3), Ended.WHOLE, 0),
        (Report(read=3, taken=1, rejected=2), Ended.PARTLY, 2),
        (Report(read=3, taken=3, review=1), Ended.PARTLY, 0),
    ],
)
def test_a_run_is_kept_as_it_ended(tmp_path: Path, report: Report, how: Ended, rejected: int) -> None:
    keep(tmp_path, LastRun.of("some_source", "a.csv", report, at=NOW))
    last = last_run(tmp_path, "some_source")
    assert last is not None
    assert (last.ended, last.at, last.place) == (how, NOW, "a.csv")
    assert last.counts is not None
    assert (last.counts.read, last.counts.rejected) == (3, rejected)


def test_of_a_fault_of_ours_no_text_is_kept(tmp_path: Path) -> None:
    keep(tmp_path, LastRun.failed("some_source", "a.csv", ValueError("what a row says"), at=NOW))
    last = last_run(tmp_path, "some_source")
    assert last is not None
    assert (last.ended, last.counts, last.why_zh) == (Ended.FAILED, None, "ValueError")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"source": "a"', "\x00"])
def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path, content: str) -> None:
    keep(tmp_path, ended(NOW))
    (tmp_path / "imports" / "some_source.json").write_text(content, encoding="utf-8")
    assert last_run(tmp_path, "some_source") is None
