"""`credit import` and `credit sample`: work that takes its time, with a bar that shows how far it is."""

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
from credit.sample.city import City
from credit.sample.load import Tally, is_loaded, load, size
from credit.wiring import Services
from importers.run import Report, importer_of, run

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


async def import_files(services: Services, source: str, path: Path, rejects: Path | None) -> Report:
    """Import a file, or all files of a folder, with a bar; rejected rows go to files in ``rejects``.

    Raises:
        Unknown: there is no such source.
        Unavailable: the path cannot be read, or the rejects not written.
        StoreUnavailable: the store does not take the rows.
    """
    title = importer_of(source).spec.title
    folder = rejects or services.settings.data / "rejects"
    with bar(f"正在导入{title} · importing") as shown:
        task = shown.add_task("", total=None)
        try:
            return await run(
                source,
                path,
                registry=services.registry,
                caller=IMPORTER,
                rejects_dir=folder,
                absences=services.absences,
                progress=lambda so_far, about: shown.update(task, completed=so_far.read, total=max(about, so_far.read)),
            )
        except OSError as error:
            raise Unavailable(
                f"无法读取 {path} 或写入 {folder}。",
                f"{path} cannot be read, or {folder} not written: {error.strerror}",
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
    if done.gone:
        say(f"名单中已无而登记移出：{done.gone}", f"no longer in the list and taken off it: {done.gone}")
    elif done.missed is not None and done.missed.missed:
        say(
            f"名单比已登记的少 {done.missed.missed} 条（共 {done.missed.held} 条），疑似不全，未作移出",
            f"the list lacks {done.missed.missed} of {done.missed.held} entries: it looks cut off, none was taken off",
        )
    if done.sync is not None:
        say(f"名单同步：{done.sync}", f"the list's sync: {done.sync}")


@contextmanager
def bar(title: str) -> Generator[Progress]:
    """Show a bar on standard error for as long as the block; none where there is no terminal."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        yield progress
