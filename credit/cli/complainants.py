"""`credit complainants`: who complains, what the statutory count says of each, what stands out; it restricts nobody."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final

import typer
from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from credit.api.schemas.complainants import profile_out
from credit.cli.bearer import KeyOption, key_of, note, reader_of
from credit.cli.bidders import identifier_of
from credit.cli.checking import as_json
from credit.cli.frame import DataOption, Explained, JsonOption, make_app, say, screen, settings_of
from credit.cli.reporting import code, day
from credit.errors import Denied, PartyUnknown
from credit.model.caller import Caller
from credit.model.party import PartyId
from credit.model.when import legal_day
from credit.oversight.profile import Profile
from credit.oversight.signals.signal import Interval, Signal, Status, told
from credit.oversight.trigger import TriggerState
from credit.reports import words
from credit.reports.sections.section import NOT_RESTRICTED
from credit.rules.world import shown_name
from credit.settings import Settings
from credit.supervision import Wanted
from credit.wiring import Services, open_services

app = make_app("投诉人 / Complainants")
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="截至日期（默认今天） / As of a day (default: today)")
]
COLOURS: Final = {TriggerState.MET: "red", TriggerState.REVIEW: "yellow", TriggerState.NOT_MET: "green"}
Named = tuple[Profile, str]
"""A profile and the name that is shown."""


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
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="至多几个 / How many at most")] = 100,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """投诉人名单：全国次数、关注、关联 / Complainants: the nationwide count, attention, links; it restricts nobody."""
    if context.invoked_subcommand is not None:
        return
    wanted = Wanted(trigger=trigger, watch=True if watch else None, region=code(region) if region else None)
    asked = day(as_of, "--as-of") if as_of else None
    found, more = asyncio.run(_list(settings_of(data), wanted, (asked, limit), key_of(key_file)))
    if as_json_:
        typer.echo(as_json({"items": [profile_out(one) | {"name": name} for one, name in found], "more": more}))
    else:
        screen().print(profile_table(found))
        if more:
            say(f"仅列出前 {limit} 个，请用 --limit 加大", f"only {limit} are shown; raise --limit")


@app.command("show", cls=Explained)
def show_command(
    party: Annotated[str, typer.Argument(metavar="ID", help="主体标识 / Id of the party")],
    *,
    as_of: AsOfOption = None,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """投诉人画像：计数窗口、计入的投诉、信号及其依据 / The profile of a complainant, with what each number rests on."""
    asked = day(as_of, "--as-of") if as_of else None
    profile, name, names = asyncio.run(_show(settings_of(data), identifier_of(party), asked, key_of(key_file)))
    if as_json_:
        typer.echo(as_json(profile_out(profile) | {"name": name}))
    else:
        screen().print(profile_group(profile, name, names))


async def _list(
    settings: Settings, wanted: Wanted, asked: tuple[date | None, int], key: str | None
) -> tuple[list[Named], bool]:
    """Read profiles until there are as many as asked for; the last says whether there are more."""
    async with open_services(settings) as services:
        caller = await reader_of(services, key)
        _must_see(services, caller, None)
        as_of, limit = asked[0] or legal_day(services.clock.now()), asked[1]
        found, before = list[Profile](), None
        while len(found) < limit:
            page, before = await services.supervision.profiles(wanted, as_of, before=before, limit=limit - len(found))
            found += page
            if before is None:
                break
        await note(services, caller, "complainants", [one.id for one in found])
        return [(one, await _name(services, one.id)) for one in found], before is not None


async def _show(
    settings: Settings, party: str, as_of: date | None, key: str | None
) -> tuple[Profile, str, dict[str, str]]:
    """Read one profile, its name, and those of the linked.

    Raises:
        PartyUnknown: it is not registered.
        Denied: the key may not see it.
    """
    async with open_services(settings) as services:
        caller = await reader_of(services, key)
        held = await services.browser.party(party)
        _must_see(services, caller, held.party.id if held else PartyId(party))
        if held is None:
            raise PartyUnknown(f"主体 {party} 未登记。", f"The party {party} is not registered")
        profile = await services.supervision.profile(held.party, as_of or legal_day(services.clock.now()))
        names = {str(one.id): await _name(services, one.id) for one in profile.linked}
        await note(services, caller, "complainant", [profile.id])
        return profile, shown_name(held.party), names


async def _name(services: Services, party: PartyId) -> str:
    held = await services.browser.party(party)
    return shown_name(held.party) if held else ""


def _must_see(services: Services, caller: Caller, party: PartyId | None) -> None:
    """Let pass who may see a profile, as the API does.

    Raises:
        Denied: neither a finance authority, nor ``admin``, nor the party itself.
    """
    if not services.supervision.may_see_profile(caller, party):
        raise Denied(
            "投诉人画像仅限财政部门、管理员和本人查看。",
            "A complainant's profile is for finance authorities, admin and the party itself",
        )


# ---------------------------------------------------------------- tables


def profile_table(found: Sequence[Named]) -> Table:
    """Lay out profiles, one a line."""
    table = _table("投诉人 · complainants", words.both(NOT_RESTRICTED))
    for heading in (
        "主体 Party", "名称 Name", "法定次数 Trigger", "按提交日 By filing", "按决定日 By decision", "窗口 Window",
        "关注至 Watch until", "信号 Signals", "关联 Linked", "建议 Proposal",
    ):  # fmt: skip
        table.add_column(heading, overflow="fold")
    for one, name in found:
        state = one.trigger.state
        pointing = [signal.name for signal in one.signals if signal.points_to_watch]
        table.add_row(
            one.id,
            escape(name),
            f"[{COLOURS[state]}]{words.both(words.TRIGGERS[state])}[/] {' '.join(one.trigger.questions)}".strip(),
            str(one.trigger.by_filing),
            str(one.trigger.by_decision),
            _window(one),
            f"{one.watch_until or '关注 watch'}" if one.watch else "",
            " ".join(pointing),
            str(len(one.linked)),
            words.both(words.PROPOSALS[one.proposal]) if one.proposal else "",
        )
    return table


def profile_group(one: Profile, name: str, names: dict[str, str]) -> Group:
    """Lay out one profile: what is said, the letters behind it, signals, the linked; and that it restricts nobody."""
    return Group(_facts(one, name), _letters(one), _signals(one), _linked(one, names), Text(words.both(NOT_RESTRICTED)))


def _facts(one: Profile, name: str) -> Table:
    table = _table(f"{escape(name)} · {one.id}", "")
    for heading in ("项 Item", "值 Value"):
        table.add_column(heading, overflow="fold")
    silent = [row.name for row in one.coverage if not row.reports]
    state = one.trigger.state
    facts = (
        ("截至 As of", str(one.as_of)),
        ("法定次数 Trigger", f"{words.both(words.TRIGGERS[state])} {' '.join(one.trigger.questions)}".strip()),
        ("窗口 Window", _window(one)),
        ("按提交日、按决定日 By filing, by decision", f"{one.trigger.by_filing}, {one.trigger.by_decision}"),
        ("建议 Proposal", words.both(words.PROPOSALS[one.proposal]) if one.proposal else "—"),
        ("关注 Watch", f"至 {one.watch_until}" if one.watch else "否 no"),
        ("结果 Outcomes", "\n".join(f"{words.both(words.OUTCOMES[o])}: {count}" for o, count in one.counts)),
        ("分省 Provinces", "\n".join(f"{row.name or '不明 unknown'}: {row.counted}" for row in one.by_province)),
        ("未报送的省份 Provinces that report nothing", f"{len(silent)}: {'、'.join(silent)}" if silent else "—"),
    )
    for item, value in facts:
        table.add_row(item, escape(value))
    return table


def _letters(one: Profile) -> Table:
    table = _table("投诉 · letters", "")
    for heading in ("编号 Number", "提交 Filed", "决定 Decided", "计数 Counts", "理由 Why", "疑点 Question"):
        table.add_column(heading, overflow="fold")
    for letter in one.trigger.letters:
        weight, why = words.both(words.WEIGHTS[letter.weight]), f"{letter.why.zh}\n{letter.why.en}"
        cells = (letter.complaint_no, letter.filed_on, letter.decided_on or "", weight, why, letter.question or "")
        table.add_row(*(escape(str(cell)) for cell in cells))
    return table


def _signals(one: Profile) -> Table:
    table = _table("信号（线索，不是认定） · signals, hints and no findings", "")
    for heading in (
        "信号 Signal", "值 Value", "基数 Of", "区间 Interval", "基准 Base", "阈值 Threshold", "关注 Watch",
        "说明 Reason",
    ):  # fmt: skip
        table.add_column(heading, overflow="fold")
    for signal in one.signals:
        table.add_row(*map(escape, _signal(signal)))
    return table


def _signal(signal: Signal) -> tuple[str, ...]:
    known = signal.status is Status.KNOWN and signal.value is not None
    return (
        signal.name,
        told(signal.value) if known and signal.value is not None else "无法判定 unknown",
        "" if signal.of is None else str(signal.of),
        _spread(signal.interval),
        "" if signal.base is None else told(signal.base),
        "" if signal.threshold is None else told(signal.threshold),
        "是 yes" if signal.points_to_watch else "",
        f"{signal.reason.zh}\n{signal.reason.en}",
    )


def _spread(interval: Interval | None) -> str:
    return "" if interval is None else "–".join(map(told, interval))


def _linked(one: Profile, names: dict[str, str]) -> Table:
    table = _table("关联的投诉人（次数从不合并，Q3） · linked complainants, never summed", "")
    for heading in ("主体 Party", "名称 Name", "关联 Linked by"):
        table.add_column(heading, overflow="fold")
    for linked in one.linked:
        table.add_row(linked.id, escape(names.get(linked.id, "")), escape("；".join(map(words.link, linked.by))))
    return table


def _window(one: Profile) -> str:
    window = one.window
    return "—" if window is None else f"{window.from_} – {window.to} {words.both(words.COUNTED_BY[window.by])}"


def _table(title: str, caption: str) -> Table:
    return Table(title=title, caption=caption or None, title_justify="left", caption_justify="left", show_lines=True)
