"""`credit import --all`: what is due of a schedule, one source after the other, whatever became of the one before."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from rich.markup import escape
from rich.table import Table

from credit.cli.frame import report, say
from credit.cli.loading import import_from, tell
from credit.errors import CreditError, Unavailable
from credit.model.when import SHANGHAI
from importers.intake import Intake
from importers.last_runs import Counts, Ended, last_run
from importers.schedule import Entry

HEADINGS: Final = (
    "来源 Source",
    "结果 Outcome",
    "读取 Read",
    "写入 Taken",
    "未变 Unchanged",
    "退回 Rejected",
    "下次到期(北京时间) Next due (Shanghai)",
)
ENDED: Final = {Ended.WHOLE: "完成 done", Ended.PARTLY: "部分 partly", Ended.FAILED: "失败 failed"}
COLOURS: Final = {Ended.WHOLE: "green", Ended.PARTLY: "yellow", Ended.FAILED: "red"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a source: ``ended`` is None where it was not imported, ``next_due`` None where it is due at once.

    ``counts`` are those of the run, None where it ended before its rows were told.
    """

    entry: Entry
    due: bool
    ended: Ended | None = None
    counts: Counts | None = None
    next_due: datetime | None

    @property
    def exit_code(self) -> int:
        """Return the code of the run; 0 where there was none."""
        return self.ended.exit_code if self.ended is not None else 0


async def import_due(
    intake: Intake,
    entries: Sequence[Entry],
    synced: Mapping[str, datetime | None],
    *,
    now: Callable[[], datetime],
    dry_run: bool = False,
) -> list[Outcome]:
    """Import what is due, in the order of the schedule.

    ``synced`` tells of each list of the catalogue when it was synchronised last, None where it never was. With
    ``dry_run`` nothing is imported. What fails is told and recorded, and stops nothing else.
    """
    outcomes: list[Outcome] = []
    for entry in entries:
        last = last_run(intake.data, entry.source)
        due_at = entry.due_at(last, synced.get(entry.list or "", last and last.at))
        due = entry.enabled and (due_at is None or due_at <= now())
        if due and not dry_run:
            outcomes.append(await _import(intake, entry))
        else:
            outcomes.append(Outcome(entry=entry, due=due, next_due=due_at))
    return outcomes


def warn(entries: Sequence[Entry], allowed: timedelta) -> None:
    """Say which lists are imported more seldom than they must be to stay fresh."""
    if seldom := " ".join(entry.source for entry in entries if entry.enabled and entry.list and entry.every > allowed):
        say(
            f"导入间隔超过名单的有效时间，其间名单不是最新：{seldom}",
            f"imported more seldom than their lists stay fresh: {seldom}",
        )


def outcome_table(outcomes: Sequence[Outcome]) -> Table:
    """Lay out what became of every source, in the order of the schedule."""
    table = Table(title="按计划导入 · imports by the schedule", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for one in outcomes:
        told = one.counts
        figures = (told.read, told.taken, told.unchanged, told.rejected) if told is not None else ("—",) * 4
        table.add_row(escape(one.entry.source), _words(one), *map(str, figures), _when(one))
    return table


async def _import(intake: Intake, entry: Entry) -> Outcome:
    ended = await _ended(intake, entry)
    last = last_run(intake.data, entry.source)
    next_due = entry.due_at(last, last.at if last is not None else None)
    return Outcome(entry=entry, due=True, ended=ended, counts=last and last.counts, next_due=next_due)


async def _ended(intake: Intake, entry: Entry) -> Ended:
    """Import a source, say how that went, and whatever happens return."""
    say(f"来源 {entry.source}", "this source now")
    try:
        done = await import_from(intake, entry.source, entry.place)
    except CreditError as error:
        report(error)
        return Ended.FAILED
    except Exception as error:  # noqa: BLE001 - a fault of ours in one source is no reason to leave the others out
        report(_internal(error))
        return Ended.FAILED
    tell(done)
    return Ended.of(done)


def _internal(error: Exception) -> Unavailable:
    """Say where in the program it went wrong; the message of such an error may hold what a row says."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__}, {Path(place.filename).name}:{place.lineno}"
    return Unavailable(f"程序内部错误（{where}）", f"Internal error ({where})")


def _words(one: Outcome) -> str:
    if one.ended is not None:
        return f"[{COLOURS[one.ended]}]{ENDED[one.ended]}[/]"
    if not one.entry.enabled:
        return "停用 disabled"
    return "到期 due" if one.due else "未到期 not due"


def _when(one: Outcome) -> str:
    if not one.entry.enabled:
        return "—"
    return f"{one.next_due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if one.next_due is not None else "立即 now"
