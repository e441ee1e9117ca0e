"""Importing a source and loading the sample: work that takes its time, with a bar that shows how far it is."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from credit.cli.frame import report, say
from credit.errors import Unavailable
from credit.model.caller import Caller, Scope
from credit.model.when import SHANGHAI
from credit.sample.city import City
from credit.sample.load import Tally, is_loaded, load, size
from credit.wiring import Services
from importers.downloading import Bounds
from importers.intake import Intake
from importers.run import Report
from importers.schedule import Place, shown
from importers.sources import importer_of

IMPORTER: Final = Caller("importer", "导入程序 · importer", frozenset({Scope.RECORD, Scope.ADMIN}))


async def load_sample(services: Services) -> Tally:
    """Load the sample with a bar, unless it is there already.

    Raises:
        CreditError: the registry refused a statement, or the store did not take it.
    """
    city = City.build()
    if await is_loaded(services, city):
        say("示例数据已在库中", "the sample is there already")
        return Tally(unchanged=size(city))
    with bar("正在装入示例数据 · loading the sample") as shown:
        task = shown.add_task("", total=size(city))
        tally = await load(services, city, told=lambda count: shown.advance(task, count))
    say(f"示例数据已装入：{tally.created} 条", f"the sample is loaded: {tally.created} statements")
    return tally


def intake_of(services: Services, rejects: Path | None = None, *, scheduled: bool = False) -> Intake:
    """Make what sources are taken in with; rejected rows go to files in ``rejects``, else below the data directory."""
    settings = services.settings
    return Intake(
        registry=services.registry,
        absences=services.absences,
        caller=IMPORTER,
        data=settings.data,
        rejects_dir=rejects or settings.data / "rejects",
        bounds=Bounds(size=settings.fetch_max_mib << 20, whole=settings.fetch_seconds),
        scheduled=scheduled,
    )


async def import_from(intake: Intake, source: str, place: Place, *, shrunk: bool = False) -> Report:
    """Import a source from a file, all files of a folder, or an address, with a bar.

    Raises:
        Unknown: there is no such source.
        Unavailable: the address does not give it, the path cannot be read, or the rejects not written.
        TooLarge: it holds more than is fetched.
        StoreUnavailable: the store does not take the rows.
    """
    title = importer_of(source).spec.title
    with bar(f"正在导入{title} · importing") as shown_bar:
        task = shown_bar.add_task("", total=None)

        def progress(so_far: Report, about: int) -> None:
            shown_bar.update(task, completed=so_far.read, total=max(about, so_far.read))

        try:
            return await intake.take(source, place, progress=progress, shrunk=shrunk)
        except OSError as error:
            raise Unavailable(
                f"无法读取 {shown(place)} 或写入 {intake.data}、{intake.rejects_dir}：{error.strerror}",
                f"{shown(place)} cannot be read, or {intake.data}, {intake.rejects_dir} not written: {error.strerror}",
            ) from error


def tell(done: Report) -> None:
    """Say how an import went: figures, files of rejects, what became of the list's sync."""
    if done.drift is not None:
        report(done.drift)
        say("未写入任何内容", "nothing was written")
    else:
        say(
            f"读取 {done.read} = 写入 {done.taken} + 未变 {done.unchanged} + 退回 {done.rejected}"
            f"（修复 {done.repaired}）",
            f"read {done.read} = taken {done.taken} + unchanged {done.unchanged} + rejected {done.rejected}"
            f" (repaired {done.repaired})",
        )
    for path in done.rejects:
        say(f"退回的行见 {path}", "rejected rows lie there")
    if done.review:
        say(f"另有 {done.review} 行已登记, 但部分内容须人工核对", f"{done.review} rows went in but for parts in doubt")
    for path in done.reviews:
        say(f"须核对的行见 {path}", "rows to be read by a person lie there")
    if done.why_not_now is not None:
        say(*done.why_not_now)
    if done.gone:
        say(
            f"已登记的 {done.gone} 条名单中已无，记为移出",
            f"{done.gone} entries are gone from the list, and taken off it",
        )
    if done.sync is not None:
        seen = f"{done.seen_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if done.seen_at is not None else "—"
        say(f"名单同步：{done.sync}（名单截至 {seen}）", f"the list's sync: {done.sync}, as of {seen} (Shanghai)")


@contextmanager
def bar(title: str) -> Generator[Progress]:
    """Show a bar on standard error for as long as the block; none where there is no terminal."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        yield progress
