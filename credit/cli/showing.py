"""What verdicts and effects are called, and how answers are laid out: on a terminal, and in a workbook."""

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from rich.table import Table

from credit.errors import Unavailable
from credit.model.verdict import Effect, Verdict
from credit.sample.stories import Stories

VERDICTS: Final = {
    Verdict.ELIGIBLE: ("可以参加", "eligible", "green"),
    Verdict.ELIGIBLE_WITH_FLAGS: ("可以参加（有提示）", "eligible, with flags", "green"),
    Verdict.REVIEW: ("需人工复核", "review", "yellow"),
    Verdict.UNKNOWN: ("无法判定", "unknown", "magenta"),
    Verdict.RESTRICTED: ("受限", "restricted", "red"),
}
EFFECTS: Final = {
    Effect.RESTRICT: "限制 restrict",
    Effect.UNKNOWN: "无法判定 unknown",
    Effect.REVIEW: "复核 review",
    Effect.FLAG: "提示 flag",
}
SUMMARY: Final = ("投标 Bid", "主体 Party", "名称 Name", "结论 Verdict", "限制至 Until")
DETAIL: Final = (
    "投标 Bid",
    "成员 Member",
    "效力 Effect",
    "规则 Rule",
    "理由",
    "Reason",
    "依据 Citations",
    "记录 Records",
    "限制至 Until",
    "疑点 Question",
)
WIDTHS: Final = {"理由": 60, "Reason": 60, "名称 Name": 36, "依据 Citations": 48}
NARROW: Final = 22


def verdict_words(verdict: str) -> str:
    """Say a verdict in both languages."""
    zh, en, _ = VERDICTS[Verdict(verdict)]
    return f"{zh} {en}"


def verdict_table(reply: Mapping[str, Any]) -> Table:
    """Lay out an answer for a terminal: a line for each bid, with the Chinese reasons below its verdict."""
    table = Table(show_lines=True)
    for heading in ("投标 Bid", "主体 Party", "结论 Verdict", "限制至 Until", "理由 Reasons"):
        table.add_column(heading, overflow="fold")
    for result in reply["results"]:
        zh, en, colour = VERDICTS[Verdict(result["verdict"])]
        members = "\n".join(f"{member['id']} {member.get('name') or ''}".strip() for member in result["members"])
        reasons = "\n".join(f"[{finding['rule']}] {finding['reason']['zh']}" for finding in result["findings"])
        table.add_row(result["ref"], members, f"[{colour}]{zh}[/]\n{en}", result.get("until") or "", _plain(reasons))
    return table


def story_table() -> Table:
    """Lay out the parties of the sample that have a story, with what to expect when they are asked about."""
    table = Table(title="青澜市（虚构） · an invented city; 2026-06-10", title_justify="left")
    for heading in ("主体 Party", "名称 Name", "预期", "Expected"):
        table.add_column(heading, overflow="fold")
    for firm in Stories.load().cast.firm:
        table.add_row(firm.id, firm.name, firm.zh, firm.en)
    return table


def _plain(text: str) -> str:
    """Keep rich from reading brackets as markup."""
    return text.replace("[", r"\[")


def write_workbook(reply: Mapping[str, Any], path: Path) -> None:
    """Write an answer as a workbook of three sheets: verdicts, findings, and what proves them.

    Raises:
        Unavailable: the file cannot be written.
    """
    book = Workbook(write_only=True)
    _write_sheet(book, "结论 verdicts", SUMMARY, _summary(reply))
    _write_sheet(book, "理由 findings", DETAIL, _detail(reply))
    _write_sheet(book, "证据 evidence", ("项 Item", "值 Value"), _evidence(reply))
    whole = BytesIO()
    book.save(whole)
    try:
        path.write_bytes(whole.getvalue())
    except OSError as error:
        raise Unavailable(f"无法写入 {path}。", f"{path} cannot be written: {error.strerror}") from error


def _summary(reply: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for result in reply["results"]:
        for member in result["members"]:
            alone = verdict_words(member["verdict"] if len(result["members"]) > 1 else result["verdict"])
            yield result["ref"], member["id"], member.get("name") or "", alone, result.get("until") or ""
        if len(result["members"]) > 1:
            yield result["ref"], "", "联合体 consortium", verdict_words(result["verdict"]), result.get("until") or ""


def _detail(reply: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for result in reply["results"]:
        for finding in result["findings"]:
            yield (
                result["ref"],
                finding.get("member") or "",
                EFFECTS[Effect(finding["effect"])],
                finding["rule"],
                finding["reason"]["zh"],
                finding["reason"]["en"],
                "；".join(f"{cite['instrument']} {cite['article']}".strip() for cite in finding["citations"]),
                " ".join(finding["records"]),
                finding.get("until") or "",
                finding.get("question") or "",
            )


def _evidence(reply: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    proof: Mapping[str, Any] = reply.get("proof") or {}
    yield "核查编号 Check", reply["id"]
    yield "核查时间 Checked at", reply["checked_at"]
    yield "所知截至 Known at", reply["known_at"]
    yield "规则版本 Rules", f"{reply['rules']['version']} {reply['rules']['digest']}"
    for name in ("digest", "signature", "key_id", "previous"):
        yield name, str(proof.get(name, ""))
    for source in reply["sources"]:
        yield f"名单 List {source['list']}", f"{source['status']} {source.get('synced_at') or ''}".strip()


def _write_sheet(book: Workbook, title: str, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings):
        sheet.column_dimensions["ABCDEFGHIJ"[place]].width = WIDTHS.get(heading, NARROW)
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:  # noqa: ANN401  # openpyxl leaves its cells untyped
    """Make a cell that holds text and nothing else: a name that begins with ``=`` is no formula."""
    cell: Any = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=bold)
    return cell
