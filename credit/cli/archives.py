"""`credit backup`, `restore`, `export` and `adopt`: a whole registry in files."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from credit.archives.container import Archive, reading, whole
from credit.archives.exporting import export_tables, pages
from credit.archives.manifest import Manifest
from credit.archives.moving import adopt, backup, open_bare, restore
from credit.archives.tables import README
from credit.cli.exporting import export_double_publicity
from credit.cli.frame import DataOption, Explained, make_app, say, settings_of
from credit.cli.loading import bar
from credit.errors import FieldInvalid
from credit.keys import FileHasher
from credit.keys.belonging import awaited
from credit.settings import Settings
from credit.wiring import open_graph, open_services
from importers.cells import day
from importers.export_ftm import entities, write_entities

app = make_app("备份与恢复 / Backup and restore")
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 / The archive")]


@app.command("backup", cls=Explained)
def backup_command(file: FileArgument, data: DataOption = None) -> None:
    """备份登记库到一个文件，写入不停 / Write the registry to one file, while writes go on.

    内容为某一时刻的全部登记，不含密钥（另用 credit keys export）/
    It holds all of one moment, and no keys: those travel by credit keys export.
    """
    manifest = asyncio.run(_backup(settings_of(data), file))
    say(
        f"已备份 {manifest.nodes} 个节点、{manifest.relationships} 条关系，截至写入次序 {manifest.tick}",
        f"{manifest.nodes} nodes and {manifest.relationships} relationships, as of place {manifest.tick}",
    )


@app.command("restore", cls=Explained)
def restore_command(file: FileArgument, data: DataOption = None) -> None:
    """从备份恢复到空库 / Restore an archive into an empty registry.

    先停止使用该库的全部进程；备份所属的密钥由 credit keys import 导入；中断后再执行即续 /
    First stop every process that uses that registry. The keys that the archive belongs to come by credit keys import.
    After a kill, run it again: it goes on where it stopped.
    """
    with bar("正在核对备份 · verifying") as shown:
        task = shown.add_task("", total=2 * (file.stat().st_size if file.is_file() else 0))
        with reading(file, lambda count: shown.advance(task, count)) as archive:
            manifest = archive.manifest
            shown.stop()
            settings = settings_of(data)
            asyncio.run(_restore(settings, archive, awaited(settings.data, manifest.hash_key)))
    say(
        f"已恢复 {manifest.nodes} 个节点、{manifest.relationships} 条关系",
        f"restored {manifest.nodes} nodes and {manifest.relationships} relationships",
    )
    if FileHasher.held(settings.data) is None:
        say(
            f"{settings.data / 'keys'} 中尚无该库的密钥，此前不能打开：请执行 credit keys import FILE",
            "its keys are not there yet, and nobody can open it before: run `credit keys import FILE`",
        )


@app.command("export", cls=Explained)
def export_command(  # noqa: PLR0913 - one option for each kind of file, and what it is of
    *,
    tables: Annotated[
        Path | None,
        typer.Option(
            "--neo4j-import",
            metavar="DIR",
            help="neo4j-admin database import 的 CSV 文件，写入空目录 / CSV files of a first load",
        ),
    ] = None,
    ftm: Annotated[
        Path | None,
        typer.Option("--ftm", metavar="FILE", help="FollowTheMoney 实体，每行一个 / Entities, one a line"),
    ] = None,
    penalties: Annotated[
        Path | None,
        typer.Option(
            "--double-publicity",
            metavar="FILE",
            help="双公示行政处罚（2018 版式，csv 或 xlsx） / Penalties, csv or xlsx",
        ),
    ] = None,
    authority: Annotated[
        str | None,
        typer.Option("--authority", metavar="NAME", help="仅此机关的处罚 / Penalties of this authority alone"),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="此日起决定的处罚 / Penalties decided from this day on"),
    ] = None,
    persons: Annotated[bool, typer.Option("--persons", help="写出自然人姓名 / Write persons' names in full")] = False,
    data: DataOption = None,
) -> None:
    """导出供其他程序使用的文件 / Write files for other programs."""
    if [tables, ftm, penalties].count(None) != 2:  # noqa: PLR2004 - one of three
        raise FieldInvalid(
            "请在 --neo4j-import、--ftm 与 --double-publicity 中择一。",
            "Name one of --neo4j-import, --ftm and --double-publicity",
        )
    if penalties is not None:
        first = day(since, "--since") if since is not None else None
        asyncio.run(_penalties(settings_of(data), penalties, authority=authority, since=first, persons=persons))
    if tables is not None:
        manifest = asyncio.run(_tables(settings_of(data), tables))
        say(
            f"已写入 {manifest.nodes} 个节点，装载步骤见 {tables / README}",
            f"{manifest.nodes} nodes; read {README} there",
        )
    if ftm is not None:
        count = asyncio.run(_ftm(settings_of(data), ftm, persons=persons))
        say(f"已写入 {count} 个实体", f"{count} entities written")


async def _penalties(
    settings: Settings, path: Path, *, authority: str | None, since: date | None, persons: bool
) -> None:
    async with open_services(settings) as services:
        await export_double_publicity(services.penalties, path, authority=authority, since=since, persons=persons)


@app.command("adopt", cls=Explained)
def adopt_command(data: DataOption = None) -> None:
    """接管 neo4j-admin 装载的图数据库 / Make whole a graph that neo4j-admin database import has read."""
    asyncio.run(_adopt(settings_of(data)))
    say("图数据库已可使用", "the graph may be used now")


async def _tables(settings: Settings, directory: Path) -> Manifest:
    async with open_graph(settings) as (store, _):
        with bar("正在导出 · exporting") as shown:
            task = shown.add_task("", total=None)
            return await export_tables(
                store, directory, ordered=bool(settings.graph_uri), told=lambda count: shown.advance(task, count)
            )


async def _ftm(settings: Settings, file: Path, *, persons: bool) -> int:
    count = 0
    async with open_graph(settings) as (store, _):
        with bar("正在导出 · exporting") as shown, whole(file) as out:
            task = shown.add_task("", total=None)
            async for parties, relations, records in pages(store, ordered=bool(settings.graph_uri)):
                written = write_entities(out, entities(parties, relations, records, persons=persons))
                shown.advance(task, written)
                count += written
    return count


async def _adopt(settings: Settings) -> None:
    async with open_bare(settings) as bolt:
        await adopt(bolt)


async def _backup(settings: Settings, file: Path) -> Manifest:
    async with open_graph(settings) as (store, _):
        with bar("正在备份 · backing up") as shown:
            task = shown.add_task("", total=None)
            return await backup(
                store,
                file,
                ordered=bool(settings.graph_uri),
                told=lambda count: shown.advance(task, count),
                about=lambda total: shown.update(task, total=total),
            )


async def _restore(settings: Settings, archive: Archive, hash_key: str) -> None:
    manifest = archive.manifest
    async with open_bare(settings) as bolt:
        with bar("正在恢复 · restoring") as shown:
            task = shown.add_task("", total=manifest.nodes + manifest.relationships)
            if await restore(bolt, archive, hash_key, lambda count: shown.advance(task, count)):
                say("已接续上次中断的恢复", "gone on with the restore that was cut short")
