"""`credit complainants`: who complains, what the statutory count says of each, what stands out; it restricts nobody."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from credit.cli.bearer import KeyOption, asking, key_of, reader_of
from credit.cli.bidders import identifier_of
from credit.cli.checking import as_json
from credit.cli.dockets import CLUSTERS, COMPLAINANTS, Columns, Item, docket, proposal_told, trigger_told, window_told
from credit.cli.frame import DataOption, Explained, JsonOption, make_app, say, screen, settings_of
from credit.cli.inprocess import answer, answer_list, read_list
from credit.cli.reporting import code, day
from credit.model.complaint import ComplaintOutcome
from credit.model.party import PartyId
from credit.oversight.signals.signal import told
from credit.oversight.trigger import TriggerState, Weight
from credit.reports import words
from credit.reports.sections.section import NOT_RESTRICTED
from credit.rules.world import shown_name
from credit.settings import Settings
from credit.wiring import Services, open_services

app = make_app("投诉人 / Complainants")
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="截至日期（默认今天） / As of a day (default: today)")
]

LimitOption = Annotated[int, typer.Option("--limit", min=1, max=1000, help="至多几个 / How many at most")]


@app.callback(invoke_without_command=True, no_args_is_help=False)
def list_command(  # noqa: PLR0913 - one option for each part of the question
    context: typer.Context,
    *,
    trigger: Annotated[
        TriggerState | None, typer.Option("--trigger", help="法定次数 / The statutory count", show_default=False)
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="仅列关注的 / Only those under attention")] = False,
    region: Annotated[
        str | None, typer.Option("--region", metavar="CODE", help="在该地区投诉过的 / With a letter in this region")
    ] = None,
    as_of: AsOfOption = None,
    as_json_: JsonOption = False,
    limit: LimitOption = 100,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """投诉人名单：全国次数、关注、关联 / Complainants: the nationwide count, attention, links; it restricts nobody."""
    if context.invoked_subcommand is not None:
        return
    asked = {
        "trigger": trigger,
        "watch": watch or None,
        "region": code(region) if region else None,
        "as_of": day(as_of, "--as-of").isoformat() if as_of else None,
    }
    found, more = asyncio.run(_list(settings_of(data), asked, limit, key_of(key_file)))
    _print(COMPLAINANTS, found, more=more, limit=limit, as_json_=as_json_)


@app.command("clusters", cls=Explained)
def clusters_command(
    *,
    as_of: AsOfOption = None,
    as_json_: JsonOption = False,
    limit: LimitOption = 20,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """关联的投诉人：关联、交集项目、获益供应商 / Groups of linked complainants: links, common projects, who gains."""
    asked = {"as_of": day(as_of, "--as-of").isoformat() if as_of else None}
    found, more = asyncio.run(read_list(settings_of(data), ("complainants/clusters", asked), limit, key_of(key_file)))
    _print(CLUSTERS, found, more=more, limit=limit, as_json_=as_json_)


@app.command("show", cls=Explained)
def show_command(
    party: Annotated[str, typer.Argument(metavar="ID", help="主体标识 / Id of the party")],
    *,
    as_of: AsOfOption = None,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """投诉人画像：计数窗口及窗内投诉、信号、依据 / The profile of a complainant, with what each number rests on."""
    asked = day(as_of, "--as-of").isoformat() if as_of else None
    profile, names = asyncio.run(_show(settings_of(data), identifier_of(party), asked, key_of(key_file)))
    if as_json_:
        typer.echo(as_json(profile))
    else:
        screen().print(profile_group(profile, names))


async def _list(
    settings: Settings, asked: Mapping[str, Any], limit: int, key: str | None
) -> tuple[list[dict[str, Any]], bool]:
    """Read profiles with their names, as the API shows them; the last says whether there are more."""
    async with open_services(settings) as services:
        ask = asking(services, await reader_of(services, key))
        found, more = await answer_list(ask, ("complainants", asked), limit)
        names = await _names(services, [one["id"] for one in found])
        return [{**one, "name": names.get(one["id"], "")} for one in found], more


async def _show(
    settings: Settings, party: str, as_of: str | None, key: str | None
) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Read one profile with its name, as the API shows it, and the names of the linked.

    Raises:
        CreditError: as the API: it is not registered, or the key may not see it.
    """
    async with open_services(settings) as services:
        ask = asking(services, await reader_of(services, key))
        one = await answer(ask, "GET", f"complainants/{party}", {"as_of": as_of})
        names = await _names(services, [one["id"], *(linked["id"] for linked in one["linked"] if linked["id"])])
        return {**one, "name": names.get(one["id"], "")}, names


async def _names(services: Services, parties: Sequence[str]) -> Mapping[str, str]:
    held = await services.matters.parties([PartyId(party) for party in parties])
    return {party: shown_name(one) for party, one in held.items()}


def _print(columns: Columns, found: Sequence[Item], *, more: bool, limit: int, as_json_: bool) -> None:
    """Show items as data or as a table, and say that they restrict nobody and whether there are more."""
    if as_json_:
        typer.echo(as_json({"items": found, "more": more}))
        return
    table = docket(columns, found)
    table.caption, table.caption_justify = words.both(NOT_RESTRICTED), "left"
    screen().print(table)
    if more:
        say(f"仅列出前 {limit} 个，请用 --limit 加大", f"only {limit} are shown; raise --limit")


# ---------------------------------------------------------------- tables


def profile_group(one: Item, names: Mapping[str, str]) -> Group:
    """Lay out one profile: what is said, the letters behind it, signals, the linked; and that it restricts nobody."""
    return Group(_facts(one), _letters(one), _signals(one), _linked(one, names), Text(words.both(NOT_RESTRICTED)))


def _facts(one: Item) -> Table:
    table = _table(f"{escape(one['name'])} · {one['id']}", ("项 Item", "值 Value"))
    silent = [row["name"] for row in one["coverage"] if not row["reports"]]
    counts = (f"{words.both(words.OUTCOMES[ComplaintOutcome(o)])}: {count}" for o, count in one["counts"].items())
    provinces = (f"{row['name'] or '不明 unknown'}: {row['counted']}" for row in one["by_province"])
    facts = (
        ("截至 As of", one["as_of"]),
        ("法定次数 Trigger", trigger_told(one)),
        ("窗口 Window", window_told(one) or "—"),
        ("按提交日、按决定日 By filing, by decision", f"{one['by_filing']}, {one['by_decision']}"),
        ("建议 Proposal", proposal_told(one) or "—"),
        ("关注 Watch", f"至 {one['watch_until']}" if one["watch"] else "否 no"),
        ("结果 Outcomes", "\n".join(counts)),
        ("计入的分省 Counted, by province", "\n".join(provinces)),
        ("未报送的省份 Provinces that report nothing", f"{len(silent)}: {'、'.join(silent)}" if silent else "—"),
    )
    for item, value in facts:
        table.add_row(item, escape(value))
    return table


def _letters(one: Item) -> Table:
    headings = ("编号 Number", "提交 Filed", "决定 Decided", "计数 Counts", "理由 Why", "疑点 Question")
    table = _table("投诉 · letters", headings)
    for letter in one["letters"]:
        weight, why = words.both(words.WEIGHTS[Weight(letter["weight"])]), letter["why"]
        cells = (letter["complaint_no"], letter["filed_on"], letter["decided_on"] or "", weight,
                 f"{why['zh']}\n{why['en']}", letter["question"] or "")  # fmt: skip
        table.add_row(*map(escape, cells))
    return table


def _signals(one: Item) -> Table:
    headings = (
        "信号 Signal", "值 Value", "基数 Of", "区间 Interval", "基准 Base", "阈值 Threshold", "关注 Watch",
        "说明 Reason",
    )  # fmt: skip
    table = _table("信号（线索，不是认定） · signals, hints and no findings", headings)
    for signal in one["signals"]:
        table.add_row(*map(escape, _signal(signal)))
    return table


def _signal(signal: Item) -> tuple[str, ...]:
    return (
        signal["name"],
        _figure(signal["value"]) or "无法判定 unknown",
        _figure(signal["of"]),
        "–".join(map(_figure, signal["interval"] or ())),
        _figure(signal["base"]),
        _figure(signal["threshold"]),
        "是 yes" if signal["points_to_watch"] else "",
        f"{signal['reason']['zh']}\n{signal['reason']['en']}",
    )


def _figure(value: str | int | None) -> str:
    """Write a number as signals do: shares to four places."""
    return "" if value is None else told(value if isinstance(value, int) else Decimal(value))


def _linked(one: Item, names: Mapping[str, str]) -> Table:
    headings = ("主体 Party", "名称 Name", "关联 Linked by")
    table = _table("关联的投诉人（次数从不合并，Q3） · linked complainants, never summed", headings)
    for linked in one["linked"]:
        party = linked["id"] or ""
        table.add_row(party, escape(names.get(party, "")), escape("；".join(map(words.link, linked["by"]))))
    return table


def _table(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
