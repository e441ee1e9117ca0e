"""What officers do, on the command line: cases, proposals, correction orders, the ladder, publication.

To act takes the key of an authority (`credit.cli.bearer`), so that who acted is recorded and nobody acts for another.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast

import orjson
import typer

from credit.cli.bearer import KeyOption, asking, key_of, reader_of
from credit.cli.checking import as_json
from credit.cli.dockets import CASES, CORRECTIONS, PROPOSALS, PUBLICATIONS, RUNGS, Columns, docket, sheet
from credit.cli.frame import DataOption, Explained, JsonOption, make_app, say, screen, settings_of
from credit.cli.inprocess import act, answer, read, read_list
from credit.cli.reporting import write
from credit.errors import FieldInvalid
from credit.model.matters import CaseEventKind, ProposalState
from credit.model.record import Level
from credit.oversight.ladder import RungState
from credit.reports.proposal import Document, gather_document
from credit.settings import Settings
from credit.wiring import open_services

app = make_app("监管 / Supervision")
cases = make_app("案件 / Cases")
proposals = make_app("处理建议 / Proposals")
corrections = make_app("责令改正 / Correction orders")
attentions = make_app("关注、提醒、约谈 / Attention, reminder, interview")
app.add_typer(cases, name="cases")
app.add_typer(proposals, name="proposals")
app.add_typer(corrections, name="corrections")
app.add_typer(attentions, name="attentions")

RENDERER: Final = "credit.reports.proposal_html"
AuthorityOption = Annotated[
    str | None, typer.Option("--authority", metavar="NAME", help="机关名称或标识 / Name or id of the authority")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="截至日期（默认今天） / As of a day (default: today)")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=1000, help="至多几件 / How many at most")]
NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help="编号或文号 / Id, or number")]


# ---------------------------------------------------------------- lists


@cases.command("list", cls=Explained)
def list_cases(  # noqa: PLR0913 - one option for each part of the question
    *,
    state: Annotated[Literal["open", "closed"] | None, typer.Option("--state", help="状态 / State")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="仅列逾期的 / Only those overdue")] = False,
    authority: AuthorityOption = None,
    as_of: AsOfOption = None,
    limit: LimitOption = 100,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """案件：承办、等待反馈、逾期 / Cases: with whom they lie, what is awaited, what is overdue."""
    told = {"state": state, "overdue": overdue or None, "authority": authority, "as_of": as_of}
    _list(_Asked("cases", told, limit, CASES), settings_of(data), key_of(key_file), as_json_=as_json_)


@proposals.command("list", cls=Explained)
def list_proposals(
    *,
    state: Annotated[ProposalState | None, typer.Option("--state", help="状态 / State")] = None,
    limit: LimitOption = 100,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """处理建议：系统提出，由机关决定 / Proposals: the registry proposes, an authority decides."""
    asked = _Asked("proposals", {"state": state}, limit, PROPOSALS)
    _list(asked, settings_of(data), key_of(key_file), as_json_=as_json_)


@corrections.command("list", cls=Explained)
def list_corrections(  # noqa: PLR0913 - one option for each part of the question
    *,
    state: Annotated[
        Literal["open", "overdue", "done"] | None, typer.Option("--state", help="open 含逾期的 / open has the overdue")
    ] = None,
    authority: AuthorityOption = None,
    as_of: AsOfOption = None,
    limit: LimitOption = 100,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """责令改正：届满、逾期、整而不改 / Correction orders: due, overdue, of a matter corrected before."""
    told = {"state": state, "authority": authority, "as_of": as_of}
    _list(_Asked("corrections", told, limit, CORRECTIONS), settings_of(data), key_of(key_file), as_json_=as_json_)


@attentions.command("list", cls=Explained)
def list_attentions(  # noqa: PLR0913 - one option for each part of the question
    *,
    party: Annotated[str | None, typer.Option("--party", metavar="ID", help="主体 / Party")] = None,
    state: Annotated[RungState | None, typer.Option("--state", help="状态 / State")] = None,
    authority: AuthorityOption = None,
    as_of: AsOfOption = None,
    limit: LimitOption = 100,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """关注、提醒、约谈：到期自动失效，不限制任何人 / The ladder: each rung expires and restricts nobody."""
    told = {"party": party, "state": state, "authority": authority, "as_of": as_of}
    _list(_Asked("attentions", told, limit, RUNGS), settings_of(data), key_of(key_file), as_json_=as_json_)


@app.command("publications", cls=Explained)
def list_publications(  # noqa: PLR0913 - one option for each part of the question
    *,
    authority: AuthorityOption = None,
    late: Annotated[bool, typer.Option("--late", help="仅列迟公示、未公示的 / Only the late and the missing")] = False,
    as_of: AsOfOption = None,
    limit: LimitOption = 100,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """机关的处罚是否按期公示 / Whether an authority published its penalties in time."""
    told = {"authority": authority, "late": late, "as_of": as_of}
    _list(_Asked("publications", told, limit, PUBLICATIONS), settings_of(data), key_of(key_file), as_json_=as_json_)


@cases.command("show", cls=Explained)
def show_case(
    number: NumberArgument,
    *,
    as_of: AsOfOption = None,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """一个案件：经过、关联案件、整改通知 / A case: its course, the cases linked with it, its orders."""
    shown = asyncio.run(read(settings_of(data), f"cases/{number}", {"as_of": as_of}, key_of(key_file)))
    _print(shown, as_json_=as_json_)


@proposals.command("show", cls=Explained)
def show_proposal(
    proposal: NumberArgument,
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="另存为可签署的 html 文书 / Write it as html, to be signed"),
    ] = None,
    as_json_: JsonOption = False,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """一项建议：事实、规则、当事人的权利 / A proposal: facts, rule, the party's rights."""
    if out is not None and out.suffix.lower() != ".html":
        raise FieldInvalid("--out 应为 .html 文件。", "--out is a file .html")
    shown, document = asyncio.run(_proposal(settings_of(data), proposal, key_of(key_file), written=out is not None))
    _print(shown, as_json_=as_json_)
    if out is not None and document is not None:
        write(out, import_module(RENDERER).render(document))
        say(f"文书已写入 {out}", f"the document is in {out}")


# ---------------------------------------------------------------- acts


@proposals.command("answer", cls=Explained)
def answer_proposal(
    proposal: NumberArgument,
    *,
    accept: Annotated[bool, typer.Option("--accept/--decline", help="采纳或不采纳 / Accept or decline")],
    reason: Annotated[str, typer.Option("--reason", help="理由 / The reason")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="日期（默认今天） / Day (default: today)")
    ] = None,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """以承办机关的密钥答复建议；答复本身不产生记录 / Answer a proposal by its office's key; no record follows."""
    body = {"accept": accept, "reason": reason, "on": on}
    told = asyncio.run(act(settings_of(data), f"proposals/{proposal}/answer", body, key_of(key_file)))
    say(f"建议 {told['id']}：{told['state']}", f"the proposal is {told['state']}")


@cases.command("event", cls=Explained)
def case_event(  # noqa: PLR0913 - one option for each part of what happened
    number: NumberArgument,
    *,
    kind: Annotated[CaseEventKind, typer.Option("--kind", help="事件 / What happened")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="日期（默认今天） / Day (default: today)")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="移送或答复的机关 / To or by whom")] = None,
    to_region: Annotated[str | None, typer.Option("--to-region", metavar="CODE", help="其地区 / Its region")] = None,
    to_level: Annotated[Level | None, typer.Option("--to-level", help="其层级 / Its level")] = None,
    due: Annotated[str | None, typer.Option("--due", metavar="DATE", help="反馈期限 / Answer due on")] = None,
    doc_no: Annotated[str | None, typer.Option("--doc-no", help="文号 / Number of the document")] = None,
    text: Annotated[str | None, typer.Option("--text", help="说明 / What it says")] = None,
    digest: Annotated[str | None, typer.Option("--digest", help="证据摘要 sha256:… / Digest of evidence")] = None,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """以机关的密钥登记案件的后续 / Record what happened to a case, by its authority's key."""
    if to is None and (to_region or to_level):
        raise FieldInvalid("请用 --to 写明机关名称。", "Name the authority by --to")
    body = {
        "kind": kind,
        "on": on,
        "to": {"name": to, "region": to_region, "level": to_level} if to else None,
        "due_on": due,
        "doc_no": doc_no,
        "text": text,
        "digest": digest,
    }
    told = asyncio.run(act(settings_of(data), f"cases/{number}/events", body, key_of(key_file)))
    say(f"已登记 {told['id']}", f"recorded {told['id']}")


@app.command("act", cls=Explained)
def act_command(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="如 cases、corrections/编号/events / As cases, attentions, repairs")
    ],
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON 正文，- 为标准输入 / The body as JSON; -: standard input")
    ],
    *,
    key_file: KeyOption = None,
    data: DataOption = None,
) -> None:
    """以机关的密钥登记：与 POST /v1/PATH 相同的正文、权限和答复 / Record as POST /v1/PATH does, by an authority's key.

    complaints、proposals、cases、corrections、attentions、evaluations、repairs、objections、sightings、penalties、listings
    """
    typer.echo(as_json(asyncio.run(act(settings_of(data), path, _body(file), key_of(key_file)))))


# ---------------------------------------------------------------- doing it


@dataclass(frozen=True, slots=True)
class _Asked:
    """A list: its path, its parameters, how many, and how it is laid out."""

    path: str
    told: Mapping[str, Any]
    limit: int
    columns: Columns


def _list(asked: _Asked, settings: Settings, key: str | None, *, as_json_: bool) -> None:
    items, more = asyncio.run(read_list(settings, (asked.path, asked.told), asked.limit, key))
    if as_json_:
        typer.echo(as_json({"items": items, "more": more}))
        return
    screen().print(docket(asked.columns, items))
    if more:
        say(f"仅列出前 {asked.limit} 件，请用 --limit 加大", f"only {asked.limit} are shown; raise --limit")


def _print(shown: Mapping[str, Any], *, as_json_: bool) -> None:
    if as_json_:
        typer.echo(as_json(shown))
    else:
        screen().print(sheet(shown))


async def _proposal(
    settings: Settings, proposal: str, key: str | None, *, written: bool
) -> tuple[dict[str, Any], Document | None]:
    async with open_services(settings) as services:
        ask = asking(services, await reader_of(services, key))
        shown = await answer(ask, "GET", f"proposals/{proposal}", {})
        return shown, await gather_document(services, ask.caller, shown["id"]) if written else None


def _body(file: Path) -> dict[str, Any]:
    """Read a body.

    Raises:
        FieldInvalid: it cannot be read, or is no JSON object.
    """
    try:
        held: Any = orjson.loads(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise FieldInvalid(f"{file} 不是可读的 JSON。", f"{file} is no JSON that can be read") from error
    if not isinstance(held, dict):
        raise FieldInvalid(f"{file} 应为一个 JSON 对象。", f"{file} should be one JSON object")
    return cast("dict[str, Any]", held)
