"""`credit report`: what a region's offices did about complaints in a period, as a page or a workbook to be filed."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, Final

import typer

from credit.cli.bearer import KeyOption, key_of, note, reader_of
from credit.cli.checking import instant
from credit.cli.frame import DataOption, Explained, make_app, say, settings_of
from credit.errors import FieldInvalid, Unavailable
from credit.reports.gather import gather
from credit.reports.model import Asked, Report
from credit.settings import Settings
from credit.wiring import open_services

app = make_app("报告 / Reports")
WRITERS: Final = {".html": "credit.reports.html", ".xlsx": "credit.reports.workbook"}
"""Who writes a file, by its suffix; loaded when asked for, since drawing takes half a second to load."""
CODE: Final = re.compile(r"[0-9]{6}")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@app.command("report", cls=Explained)
def report_command(  # noqa: PLR0913 - one option for each part of the question
    *,
    region: Annotated[str, typer.Option(metavar="CODE", help="行政区划代码 / Region, by its code")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="期间首日 / First day of the period")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="期间末日（含） / Last day of it, inside")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="写入的 html 或 xlsx / The html or xlsx file")],
    authority: Annotated[
        list[str] | None,
        typer.Option("--authority", metavar="NAME", help="另查其公示情况的机关，可重复 / Publisher to look up too"),
    ] = None,
    made_at: Annotated[
        str | None, typer.Option("--made-at", metavar="INSTANT", help="生成时刻（默认现在） / Made at (default: now)")
    ] = None,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """生成地区投诉监管报告（内部资料） / Make the report of a region on complaints, for the office's own files.

    同一登记数据和同样的选项，除生成时刻外结果逐字节相同 /
    The same registry and options give the same bytes but for the time it was made.
    """
    render = writer_of(out)
    asked = Asked(
        region=code(region),
        first=day(first, "--from"),
        last=day(last, "--to"),
        authorities=tuple(authority or ()),
        made_at=instant(made_at, "--made-at") if made_at else None,
    )
    report = asyncio.run(_report(settings_of(data), asked, key_of(key_file)))
    write(out, render(report))
    say(f"报告已写入 {out}", f"the report is in {out}")


async def _report(settings: Settings, asked: Asked, key: str | None) -> Report:
    async with open_services(settings) as services:
        caller = await reader_of(services, key)
        report = await gather(services, caller, asked)
        await note(services, caller, "report", parties_of(report))
        return report


def parties_of(report: Report) -> Iterator[str]:
    """Go through the parties that a report names, for the access log."""
    yield from (party.id for row in report.ledger.letters for party in row.complainants)
    yield from (row.party.id for row in (*report.standings.triggers, *report.standings.watched, *report.proposals))
    yield from (party.id for row in report.network.links for party in row.between)
    yield from (party.id for row in report.network.clusters for party, _ in row.members)
    yield from (party.id for row in report.network.clusters for party, _, _ in row.gains)
    yield from (row.party.id for one in report.publishers for row in one.rows)
    yield from (row.party.id for row in (*report.orders, *report.rungs))
    yield from (party.id for row in report.cases for party in row.parties)


def writer_of(out: Path) -> Callable[[Report], bytes]:
    """Return what writes a file of this suffix.

    Raises:
        FieldInvalid: nothing does.
    """
    name = WRITERS.get(out.suffix.lower())
    if name is None:
        raise FieldInvalid("--out 应为 .html 或 .xlsx 文件。", "--out is a file .html or .xlsx")
    return import_module(name).render


def write(path: Path, content: bytes) -> None:
    """Write a file.

    Raises:
        Unavailable: it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Unavailable(f"无法写入 {path}。", f"{path} cannot be written: {error.strerror}") from error


def code(text: str) -> str:
    """Read the code of a region.

    Raises:
        FieldInvalid: it is none.
    """
    if not CODE.fullmatch(text):
        raise FieldInvalid("地区代码为六位数字。", "The code of a region has six digits")
    return text


def day(text: str, option: str) -> date:
    """Read a day.

    >>> day("2026-06-10", "--from")
    datetime.date(2026, 6, 10)

    Raises:
        FieldInvalid: it is none.
    """
    try:
        return date.fromisoformat(text if DAY.fullmatch(text) else "")
    except ValueError as error:
        raise FieldInvalid(f"{option} 应写作 2026-06-10。", f"{option} is written 2026-06-10") from error
