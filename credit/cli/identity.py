"""`credit merges`, `credit twins`: entries that are one party, and those that may be.

To merge, and to undo a merge, takes a key (`credit.cli.bearer`): who says that two are one is recorded.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from credit.api.routes import ADMINS, RECORDERS
from credit.api.schemas.merges import MergeOut
from credit.cli.bearer import KeyOption, key_of, note, officer_of, reader_of
from credit.cli.checking import as_json, instant, shown_name
from credit.cli.frame import DataOption, Explained, JsonOption, make_app, say, screen, settings_of
from credit.identifiers import parse
from credit.model.merge import Merge, MergeStatement
from credit.model.statements import Outcome
from credit.model.when import legal_day
from credit.search import Twin
from credit.settings import Settings
from credit.wiring import open_services

app = make_app("同一主体：合并与疑似 / Entries that are one party, and those that may be")
merges = make_app("合并同一主体的两个登记 / Merge two entries of one party")
app.add_typer(merges, name="merges")
ReasonOption = Annotated[str, typer.Option("--reason", help="理由 / Why")]
OnOption = Annotated[
    str | None, typer.Option("--on", help="认定日期（默认今天） / Day on which it was found (default: today)")
]
LimitOption = Annotated[int, typer.Option(min=1, max=1000, help="至多几条 / How many at most")]


@merges.command("add", cls=Explained)
def add_merge(
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="保留的登记 / Entry that is kept")],
    same_as: Annotated[str, typer.Argument(metavar="OTHER", help="与其为同一主体的登记 / The entry that is the same")],
    *,
    reason: ReasonOption,
    on: OnOption = None,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """登记两个登记为同一主体，可撤销；须用 admin 密钥 / Record that two entries are one party; takes a key of admin."""
    ends = parse(keep).id, parse(same_as).id
    done = asyncio.run(_merge(settings_of(data), ends, (on, reason), key_of(key_file)))
    say(f"已合并，编号 {done}", f"merged as {done}")
    typer.echo(done)


@merges.command("undo", cls=Explained)
def undo_merge(
    merge: Annotated[str, typer.Argument(metavar="ID", help="合并的编号 / Id of the merge")],
    *,
    reason: ReasonOption,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """撤销合并；须用 admin 密钥 / Undo a merge; takes a key of admin."""
    asyncio.run(_undo(settings_of(data), merge, reason, key_of(key_file)))
    say(f"已撤销 {merge}", f"undone: {merge}")


@merges.command("list", cls=Explained)
def list_merges(
    *,
    limit: LimitOption = 100,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """列出合并，最近的在前 / List merges, the newest first."""
    found = asyncio.run(_listed(settings_of(data), limit, key_of(key_file)))
    if as_json_:
        typer.echo(as_json({"items": [MergeOut.of(merge).model_dump(mode="json", by_alias=True) for merge in found]}))
        return
    table = _table(
        "合并 · Merges",
        "编号 Id",
        "保留 Kept",
        "同一 Same",
        "日期 On",
        "理由 Why",
        "登记人 By",
        "撤销 Undone",
        "撤销人 By",
    )
    for merge in found:
        undone = (merge.undone.reason, merge.undone.recorded_by) if merge.undone is not None else ("", "")
        said = merge.on.isoformat(), merge.reason, merge.recorded_by
        table.add_row(merge.id, merge.keep, merge.same_as, *said, *undone)
    screen().print(table)


@app.command("twins", cls=Explained)
def list_twins(
    *,
    limit: LimitOption = 100,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """列出疑似同一主体的登记，不自动合并 / List entries that may be one party; none is merged by machine."""
    found = asyncio.run(_twins(settings_of(data), limit, key_of(key_file)))
    if as_json_:
        typer.echo(as_json({"items": [_told(twin) for twin in found]}))
        return
    table = _table("疑似同一主体 · Suspected twins", "标识 Ids", "名称 Names", "分值 Score", "理由 Why")
    for twin in found:
        told = _told(twin)
        ids, names = ("\n".join(party[part] for party in told["parties"]) for part in ("id", "name"))
        table.add_row(ids, names, f"{twin.suspicion.score:.2f}", "\n".join(told["why"]))
    screen().print(table)


async def _merge(settings: Settings, ends: tuple[str, str], said: tuple[str | None, str], key: str | None) -> str:
    on, reason = said
    async with open_services(settings) as services:
        caller = await officer_of(services, key, ADMINS)
        found_on = legal_day(instant(on, "--on") if on else services.clock.now())
        return _made(await services.registry.merge(caller, MergeStatement(*ends, found_on, reason)))


async def _undo(settings: Settings, merge: str, reason: str, key: str | None) -> None:
    async with open_services(settings) as services:
        caller = await officer_of(services, key, ADMINS)
        _made(await services.registry.undo_merge(caller, merge, reason=reason))


def _made(outcome: Outcome) -> str:
    """Return the id of what was written. Raises: CreditError where it was refused."""
    if outcome.error is not None:
        raise outcome.error
    return outcome.id


async def _listed(settings: Settings, limit: int, key: str | None) -> Sequence[Merge]:
    async with open_services(settings) as services:
        caller = await reader_of(services, key, RECORDERS)
        found = await services.merges.page(before=None, limit=limit)
        parties = [party for merge in found for party in (merge.keep, merge.same_as)]
        await note(services, caller, "cli.merges", parties)
        return found


async def _twins(settings: Settings, limit: int, key: str | None) -> Sequence[Twin]:
    """Go through the list of suspected twins until there are enough, or no more."""
    async with open_services(settings) as services:
        caller = await reader_of(services, key, RECORDERS)
        found, place = await services.twins.page(before=None, limit=limit)
        while place is not None and len(found) < limit:
            more, place = await services.twins.page(before=place, limit=limit - len(found))
            found += more
        await note(services, caller, "cli.twins", [party.id for twin in found for party in twin.parties])
        return found


def _told(twin: Twin) -> dict[str, Any]:
    """Say suspected twins as ``GET /v1/twins`` does, persons' names masked."""
    return {
        "parties": [{"id": party.id, "name": shown_name(party)} for party in twin.parties],
        "why": [f"{zh} · {en}" for zh, en in twin.suspicion.why],
        "score": twin.suspicion.score,
    }


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
