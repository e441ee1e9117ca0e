"""`credit merges`, `credit twins`: entries that are one party, and those that may be."""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.table import Table

from credit.cli.checking import CALLER, as_json, instant, shown_name
from credit.cli.frame import DataOption, Explained, JsonOption, make_app, say, screen, settings_of
from credit.identifiers import parse
from credit.model.caller import Access
from credit.model.merge import Merge, MergeStatement
from credit.model.statements import Outcome
from credit.model.when import legal_day
from credit.search import Twin
from credit.settings import Settings
from credit.wiring import Services, open_services

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
    data: DataOption = None,
) -> None:
    """登记两个登记为同一主体，可撤销 / Record that two entries are one party; it can be undone."""
    done = asyncio.run(_merge(settings_of(data), (keep, same_as), on, reason))
    say(f"已合并，编号 {done}", f"merged as {done}")
    typer.echo(done)


@merges.command("undo", cls=Explained)
def undo_merge(
    merge: Annotated[str, typer.Argument(metavar="ID", help="合并的编号 / Id of the merge")],
    *,
    reason: ReasonOption,
    data: DataOption = None,
) -> None:
    """撤销合并 / Undo a merge."""
    asyncio.run(_undo(settings_of(data), merge, reason))
    say(f"已撤销 {merge}", f"undone: {merge}")


@merges.command("list", cls=Explained)
def list_merges(*, limit: LimitOption = 100, as_json_: JsonOption = False, data: DataOption = None) -> None:
    """列出合并，最近的在前 / List merges, the newest first."""
    found = asyncio.run(_listed(settings_of(data), limit))
    if as_json_:
        typer.echo(as_json({"items": [_plain(merge) for merge in found]}))
        return
    table = _table("合并 · Merges", "编号 Id", "保留 Kept", "同一 Same", "日期 On", "理由 Why", "撤销 Undone")
    for merge in found:
        undone = merge.undone.reason if merge.undone is not None else ""
        table.add_row(merge.id, merge.keep, merge.same_as, merge.on.isoformat(), merge.reason, undone)
    screen().print(table)


@app.command("twins", cls=Explained)
def list_twins(*, limit: LimitOption = 100, as_json_: JsonOption = False, data: DataOption = None) -> None:
    """列出疑似同一主体的登记，不自动合并 / List entries that may be one party; none is merged by machine."""
    found = asyncio.run(_twins(settings_of(data), limit))
    if as_json_:
        typer.echo(as_json({"items": [_told(twin) for twin in found]}))
        return
    table = _table("疑似同一主体 · Suspected twins", "标识 Ids", "名称 Names", "分值 Score", "理由 Why")
    for twin in found:
        told = _told(twin)
        ids, names = ("\n".join(party[part] for party in told["parties"]) for part in ("id", "name"))
        table.add_row(ids, names, f"{twin.suspicion.score:.2f}", "\n".join(told["why"]))
    screen().print(table)


async def _merge(settings: Settings, ends: tuple[str, str], on: str | None, reason: str) -> str:
    keep, same_as = (parse(end).id for end in ends)
    async with open_services(settings) as services:
        found_on = legal_day(instant(on, "--on") if on else services.clock.now())
        said = MergeStatement(keep, same_as, found_on, reason)
        return _made(await services.registry.merge(CALLER, said))


async def _undo(settings: Settings, merge: str, reason: str) -> None:
    async with open_services(settings) as services:
        _made(await services.registry.undo_merge(CALLER, merge, reason=reason))


def _made(outcome: Outcome) -> str:
    """Return the id of what was written. Raises: CreditError where it was refused."""
    if outcome.error is not None:
        raise outcome.error
    return outcome.id


async def _listed(settings: Settings, limit: int) -> Sequence[Merge]:
    async with open_services(settings) as services:
        found = await services.merges.page(before=None, limit=limit)
        await _note(services, "cli.merges", [party for merge in found for party in (merge.keep, merge.same_as)])
        return found


async def _twins(settings: Settings, limit: int) -> Sequence[Twin]:
    """Go through the list of suspected twins until there are enough, or no more."""
    async with open_services(settings) as services:
        found, place = await services.twins.page(before=None, limit=limit)
        while place is not None and len(found) < limit:
            more, place = await services.twins.page(before=place, limit=limit - len(found))
            found += more
        await _note(services, "cli.twins", [party.id for twin in found for party in twin.parties])
        return found


async def _note(services: Services, action: str, parties: Iterable[str]) -> None:
    request = f"cli-{secrets.token_hex(8)}"
    told = tuple(dict.fromkeys(parties))
    await services.accesses.note(Access(services.clock.now(), CALLER.id, action, told, None, request))
    await services.accesses.flush()


def _plain(merge: Merge) -> dict[str, Any]:
    """Say a merge in the contract's names."""
    return {
        "id": merge.id,
        "keep": merge.keep,
        "same_as": merge.same_as,
        "on": merge.on.isoformat(),
        "reason": merge.reason,
        "recorded_by": merge.recorded_by,
        "undone": None if merge.undone is None else {"reason": merge.undone.reason},
    }


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
