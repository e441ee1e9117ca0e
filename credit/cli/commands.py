"""The commands by name, with their options; what they do lies beside."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group

from credit.cli import archives, callers, complainants, identity, importing, officers, reporting, rulebook, sources
from credit.cli.bidders import Bidder, bidders_of
from credit.cli.checking import Asking, as_json, check, code_of, party
from credit.cli.frame import EXIT_BAD, DataOption, Explained, JsonOption, make_app, say, screen, settings_of
from credit.cli.loading import load_sample
from credit.cli.proof import problems_of
from credit.cli.searching import as_answer, candidate_table, search
from credit.cli.serving import serve
from credit.cli.showing import story_table, verdict_table, write_workbook
from credit.errors import Unavailable
from credit.lists import Lists, Standing
from credit.model.party import Role
from credit.model.project import Domain
from credit.search import Candidate
from credit.settings import Settings
from credit.wiring import open_services, stop_graph

app = make_app("招标采购信用核查 / Credit registry for public procurement")
app.add_typer(rulebook.app, name="rules")
app.add_typer(callers.app, name="keys")
app.add_typer(importing.app)
app.add_typer(identity.app)
app.add_typer(complainants.app, name="complainants")
app.add_typer(reporting.app)
app.add_typer(officers.app)
app.add_typer(archives.app)


@app.command("serve", cls=Explained)
def serve_command(
    *,
    host: Annotated[
        str | None, typer.Option(help="监听地址（默认 127.0.0.1） / Address to listen on", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="端口（默认 8000） / Port (default: 8000)", show_default=False),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="进程数（默认 1） / Processes (default: 1)", show_default=False)
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample/--no-sample", help="装入示例数据（虚构城市） / Load the sample, an invented city")
    ] = False,
    data: DataOption = None,
) -> None:
    """启动 API；Ctrl-C 或 TERM 结束 / Run the API until Ctrl-C or TERM."""
    serve(settings_of(data, host=host, port=port, workers=workers), sample=sample)


@app.command("stop", cls=Explained)
def stop_command(data: DataOption = None) -> None:
    """结束内置图数据库 / End the embedded graph, whoever uses it."""
    if asyncio.run(stop_graph(settings_of(data))):
        say("内置图数据库已结束", "the embedded graph has ended")
    else:
        say("内置图数据库未在运行", "the embedded graph was not running")


@app.command("sources", cls=Explained)
def sources_command(*, as_json_: JsonOption = False, data: DataOption = None) -> None:
    """显示各名单的更新情况 / Show how every list stands, and what follows where it is not fresh.

    退出码：0 必查名单均为最新，1 有必查名单不是最新 /
    Exit codes: 0 every required list is fresh, 1 some are not.
    """
    settings = settings_of(data)
    at, lists, standings = asyncio.run(_sources(settings))
    feeds = sources.feeds_of(settings.data)
    if as_json_:
        typer.echo(as_json(sources.as_answer(lists, standings, at, feeds)))
    else:
        screen().print(sources.source_table(lists, standings, at, feeds))
        screen().print(sources.feed_table(feeds))
    if late := " ".join(one.row.id for one in standings if one.late):
        say(f"必查名单不是最新：{late}", f"required lists that are not fresh: {late}")
    raise typer.Exit(sources.code_of(standings))


@app.command("check", cls=Explained)
def check_command(  # noqa: PLR0913 - one option for each part of the question
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="ID|FILE...",
            help="主体标识，或投标人名单（xlsx、xls、csv） / Ids of parties, or lists of bidders (xlsx, xls, csv)",
        ),
    ],
    *,
    domain: Annotated[
        Domain | None,
        typer.Option(help="领域（默认政府采购） / Domain (default: government_procurement)", show_default=False),
    ] = None,
    role: Annotated[Role, typer.Option(help="角色 / Role")] = Role.SUPPLIER,
    region: Annotated[str | None, typer.Option(help="项目所在地区代码 / Region of the activity, by its code")] = None,
    deadline: Annotated[
        str | None,
        typer.Option(help="投标截止（默认为项目的，否则今天） / Deadline (default: the project's, else today)"),
    ] = None,
    cut_off: Annotated[
        str | None,
        typer.Option("--cut-off", help="信用查询截止时点（默认截止当日终了） / Cut-off (default: end of that day)"),
    ] = None,
    silent: Annotated[
        bool, typer.Option("--silent", help="采购文件未写明截止时点 / The document states no cut-off")
    ] = False,
    project: Annotated[str | None, typer.Option(help="项目编号 / Number of the project")] = None,
    lot: Annotated[str | None, typer.Option(help="标段或包号 / Lot")] = None,
    as_json_: JsonOption = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="另存为 xlsx / Write the answer to an xlsx file too")
    ] = None,
    data: DataOption = None,
) -> None:
    """核查投标人可否参加 / Check whether bidders may take part.

    答复留存为证据 / The answer is kept as evidence.
    退出码：0 均可参加，1 有受限或需复核的，2 无法判定 /
    Exit codes: 0 all may take part, 1 somebody may not or needs review, 2 it cannot be told.
    """
    asking = Asking(
        domain=domain,
        role=role,
        region=region,
        deadline=deadline,
        cut_off=cut_off,
        project_no=project,
        lot=lot,
        silent=silent,
    )
    reply = asyncio.run(_check(settings_of(data), asking, list(bidders_of(targets))))
    if out is not None:
        write_workbook(reply, out)
    if as_json_:
        typer.echo(as_json(reply))
    else:
        screen().print(verdict_table(reply))
        say(f"已留存为 {reply['id']}", f"kept as {reply['id']}")
    raise typer.Exit(code_of(reply))


@app.command("party", cls=Explained)
def party_command(
    party_id: Annotated[str, typer.Argument(metavar="ID", help="主体标识 / Id of the party")],
    data: DataOption = None,
) -> None:
    """显示主体的登记、关联与记录 / Show what is held on a party."""
    screen().print(asyncio.run(_party(settings_of(data), party_id)))


@app.command("search", cls=Explained)
def search_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="名称，如采购文件所写 / A name as documents print it")],
    *,
    region: Annotated[
        str | None, typer.Option(help="登记地区代码，缩小范围 / Region of registration, by its code")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="至多几个 / How many at most")] = 20,
    as_json_: JsonOption = False,
    data: DataOption = None,
) -> None:
    """按名称查找主体 / Find parties by name.

    名称相近不等于同一主体，须再核对标识 / A like name identifies nobody: look at the ids.
    """
    found = asyncio.run(_search(settings_of(data), name, region, limit))
    if as_json_:
        typer.echo(as_json(as_answer(found)))
    else:
        screen().print(candidate_table(found))


@app.command("verify", cls=Explained)
def verify_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="核查证书 / What …/certificate.json answered")],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="公钥：GET /v1/keys 的应答或 PEM（默认数据目录中的） / Public keys: what GET /v1/keys answers, or PEM",
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """离线验证核查证书 / Verify a certificate offline.

    退出码：0 有效，1 无效 / Exit codes: 0 it holds, 1 it does not.
    """
    problems = problems_of(file, key, settings_of(data).data)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(EXIT_BAD)
    typer.echo("证书有效 · the certificate holds")


@app.command("migrate", cls=Explained)
def migrate_command(data: DataOption = None) -> None:
    """更新图数据库的结构 / Bring the schema of the graph up to date."""
    asyncio.run(_migrate(settings_of(data)))
    say("图数据库结构已是当前版本", "the schema of the graph is current")


@app.command("sample", cls=Explained)
def sample_command(data: DataOption = None) -> None:
    """装入示例数据（虚构城市） / Load the sample, an invented city.

    列出可供试查的主体；再次执行不作改动 /
    It lists whom to ask about; to do it again changes nothing.
    """
    asyncio.run(_sample(settings_of(data)))
    screen().print(story_table())


async def _sources(settings: Settings) -> tuple[datetime, Lists, tuple[Standing, ...]]:
    async with open_services(settings) as services:
        return services.clock.now(), services.lists, await services.lists.standing(ask=True)


async def _check(settings: Settings, asking: Asking, bidders: list[Bidder]) -> dict[str, Any]:
    async with open_services(settings) as services:
        return await check(services, asking, bidders)


async def _party(settings: Settings, party_id: str) -> Group:
    async with open_services(settings) as services:
        return await party(services, party_id)


async def _search(settings: Settings, name: str, region: str | None, limit: int) -> Sequence[Candidate]:
    async with open_services(settings) as services:
        return await search(services, name, region=region, limit=limit)


async def _migrate(settings: Settings) -> None:
    async with open_services(settings) as services:
        wanting = [name for name, there in (await services.ready()).items() if not there]
    if wanting:
        raise Unavailable(f"尚未就绪：{'、'.join(wanting)}", f"Not ready: {', '.join(wanting)}")


async def _sample(settings: Settings) -> None:
    async with open_services(settings) as services:
        await load_sample(services)
