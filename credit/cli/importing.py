"""`credit import`: one source, from wherever it lies, or with `--all` whatever is due by the schedule."""

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Final

import typer

from credit.cli.frame import DataOption, Explained, make_app, screen, settings_of
from credit.cli.loading import import_from, intake_of, tell
from credit.cli.scheduled import Outcome, import_due, outcome_table, warn
from credit.errors import FieldInvalid
from credit.settings import Settings
from credit.wiring import open_services
from importers.last_runs import Ended
from importers.own_files import alone
from importers.run import Report
from importers.schedule import NAME, Entry, Place, place_of, read_schedule
from importers.sources import SOURCES, importer_of

app = make_app("导入 / Import")

LOCK: Final = "imports.lock"
SourceArgument = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE", help=f"来源：{'、'.join(SOURCES)} / Source, one of these", show_default=False),
]
PlaceArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="FILE|DIR|URL",
        help="文件、目录或 http(s) 网址 / A file, a folder of them, or an http(s) URL",
        show_default=False,
    ),
]
ScheduleOption = Annotated[
    Path | None,
    typer.Option(
        "--schedule",
        metavar="FILE",
        help=f"导入计划（默认 数据目录/{NAME}） / The schedule (default: {NAME} in the data directory)",
        show_default=False,
    ),
]
ShrunkOption = Annotated[
    bool,
    typer.Option("--shrunk", help="名单确已大幅缩减，照此移出 / Believe that the list lost more than lists usually do"),
]
RejectsOption = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="DIR", help="退回行的目录（默认 数据目录/rejects） / Folder for rejected rows"),
]


@app.command("import", cls=Explained)
def import_command(  # noqa: PLR0913 - one source and what is done with it, or all
    source: SourceArgument = None,
    place: PlaceArgument = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="按计划导入全部到期的来源 / Import whatever is due by the schedule")
    ] = False,
    schedule: ScheduleOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只显示到期的来源，不导入 / Only show what is due")
    ] = False,
    shrunk: ShrunkOption = False,
    rejects: RejectsOption = None,
    data: DataOption = None,
) -> None:
    """导入文件、目录或网址；--all 按计划导入 / Import a file, a folder or a URL; with --all by the schedule.

    可重复执行，中断后再执行即续 / It may be run again, or after a kill: what is there stays unchanged.
    退出码：0 全部写入，1 有退回或待核对的行，或名单不完整，2 文件不是该来源的版式或无法取得（未写入）；--all 取最差者 /
    Exit codes: 0 all rows went in, 1 some were rejected or want a review, or they make no whole list, 2 the file is not
    in the source's layout or cannot be had (nothing written); of --all the worst.
    """
    settings = settings_of(data)
    if everything:
        _refuse_with(
            source is not None or shrunk, "--all 不与来源或 --shrunk 同用", "--all goes without SOURCE, --shrunk"
        )
        entries = read_schedule(schedule or settings.data / NAME)
        outcomes = asyncio.run(_import_due(settings, entries, rejects, dry_run=dry_run))
        screen().print(outcome_table(outcomes))
        raise typer.Exit(max((outcome.exit_code for outcome in outcomes), default=0))
    _refuse_with(
        schedule is not None or dry_run, "--schedule、--dry-run 须与 --all 同用", "--schedule and --dry-run need --all"
    )
    if source is None or place is None:
        raise FieldInvalid("请指明来源和文件、目录或网址，或用 --all", "Name SOURCE and FILE, DIR or URL, or use --all")
    importer_of(source)
    done = asyncio.run(_import(settings, source, place_of(place), rejects, shrunk=shrunk))
    tell(done)
    raise typer.Exit(Ended.of(done).exit_code)


async def _import(settings: Settings, source: str, place: Place, rejects: Path | None, *, shrunk: bool) -> Report:
    async with open_services(settings) as services:
        return await import_from(intake_of(services, rejects), source, place, shrunk=shrunk)


async def _import_due(
    settings: Settings, entries: Sequence[Entry], rejects: Path | None, *, dry_run: bool
) -> list[Outcome]:
    lock = alone(settings.data / LOCK, "另一个 credit import --all 正在运行", "Another credit import --all is running")
    with nullcontext() if dry_run else lock:
        async with open_services(settings) as services:
            warn(entries, services.lists.rules.allowed_age)
            standings = await services.lists.standing(ask=True)
            synced = {one.row.id: one.sync.finished_at if one.sync is not None else None for one in standings}
            intake = intake_of(services, rejects, scheduled=True)
            return await import_due(intake, entries, synced, now=services.clock.now, dry_run=dry_run)


def _refuse_with(wrong: bool, zh: str, en: str) -> None:  # noqa: FBT001 - what is looked at comes first
    if wrong:
        raise FieldInvalid(zh, en)
