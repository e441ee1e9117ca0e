"""Web pages as rows: tables with and without a header, records under headings, pages that changed or broke off."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from credit.errors import LayoutDrift
from importers.rows import rows_of
from importers.snapshot import take_snapshot
from importers.source import Column, Layout, Rejected, Row, Sections, SourceSpec

SPEC = SourceSpec(
    id="trial",
    publisher="某部门",
    publisher_en="some department",
    title="试验",
    title_en="trial",
    licence="公开",
    url="https://example.org",
    min_rows=1,
    max_rows=10,
    layouts=(
        Layout(
            name="甲",
            columns={
                "name": Column(names=("名称",), required=True),
                "code": Column(names=("代码",), required=True),
                "on": Column(names=("日期",), required=True),
            },
            unused=("序号",),
            orders=(("序号", "名称", "代码", "日期"), ("名称", "代码", "日期")),
            shapes={"code": r"^[A-Z]\d+$", "on": r"^\d{4}-\d{2}-\d{2}$"},
        ),
    ),
)
BY_SECTION = SPEC.model_copy(update={"sections": Sections(read=("坏记录",), known=("好记录",))})
HEADER = ["序号", "名称", "代码", "日期"]
ROWS = [["1", "甲公司", "A1", "2026-01-01"], ["2", "乙公司", "A2", "2026-01-02"]]
VALUES = [{"name": "甲公司", "code": "A1", "on": "2026-01-01"}, {"name": "乙公司", "code": "A2", "on": "2026-01-02"}]
Write = Callable[..., Path]


@pytest.fixture
def page(tmp_path: Path) -> Write:
    """Write a text as a page."""

    def write(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "page.html"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def table(rows: Sequence[Sequence[str]], cell: str = "td") -> str:
    lines = ("".join(f"<{cell}>{text}</{cell}>" for text in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table>"


def read(path: Path, spec: SourceSpec = SPEC) -> list[Row | Rejected]:
    return list(rows_of(take_snapshot(path), spec))


def values(path: Path, spec: SourceSpec = SPEC) -> list[object]:
    return [row.values if isinstance(row, Row) else row for row in read(path, spec)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_with_a_header_reads_the_same_in_every_encoding(page: Write, encoding: str) -> None:
    assert values(page(table([HEADER, *ROWS]), encoding)) == VALUES


def test_columns_may_stand_in_any_order_under_a_header(page: Write) -> None:
    assert values(page(table([row[::-1] for row in (HEADER, *ROWS)]))) == VALUES


@pytest.mark.parametrize("first", [0, 1])
def test_a_table_without_a_header_is_read_by_position(page: Write, first: int) -> None:
    assert values(page(table([row[first:] for row in ROWS]))) == VALUES


def test_a_row_without_a_header_names_its_cells_all_the_same(page: Write) -> None:
    (row, _) = read(page(table(ROWS)))
    assert row.raw == {"序号": "1", "名称": "甲公司", "代码": "A1", "日期": "2026-01-01"}


def test_swapped_columns_without_a_header_fit_no_order(page: Write) -> None:
    with pytest.raises(LayoutDrift, match="4 列"):
        read(page(table([[n, name, on, code] for n, name, code, on in ROWS])))


@pytest.mark.parametrize("cell", ["td", "th"])
@pytest.mark.parametrize("header", [["序号", "名称", "编码", "日期"], ["号", "单位", "编码", "日子"]])
def test_a_header_of_other_words_stops_the_page(page: Write, header: list[str], cell: str) -> None:
    head = table([header], cell).removesuffix("</table>")
    with pytest.raises(LayoutDrift):
        read(page(head + table(ROWS).removeprefix("<table>")))


def test_a_page_without_a_table_is_no_list(page: Write) -> None:
    with pytest.raises(LayoutDrift, match="没有"):
        read(page("<html><body><p>系统维护中</p></body></html>"))


def test_a_header_without_rows_is_an_empty_list(page: Write) -> None:
    assert values(page(table([HEADER]))) == []


def test_tables_that_are_no_list_are_passed_over(page: Write) -> None:
    form = table([["查询", "<input>"]])
    assert values(page(f"<html>{form}{table([HEADER, *ROWS])}{form}</html>")) == VALUES


def test_a_list_inside_a_table_of_the_page_is_read_once(page: Write) -> None:
    assert values(page(f"<table><tr><td>{table([HEADER, *ROWS])}</td></tr></table>")) == VALUES


def test_a_row_of_the_list_whose_cell_holds_a_table_is_set_aside_and_not_lost(page: Write) -> None:
    inner = "<table><tr><td>内</td></tr></table>"
    odd = ["3", f"丙公司{inner}", "A3", "2026-01-03"]
    assert [type(row) for row in read(page(table([*ROWS, odd])))] == [Row, Row, Rejected]
    assert [type(row) for row in read(page(table([odd, *ROWS])))] == [Rejected, Row, Row]
    pager = table(ROWS).replace("</table>", f"<tr><td colspan=9>{inner}</td></tr></table>")
    assert [type(row) for row in read(page(pager))] == [Row, Row]


def test_a_second_table_of_the_list_is_read_too(page: Write) -> None:
    assert values(page(table([HEADER, ROWS[0]]) + table([HEADER, ROWS[1]]))) == VALUES


def test_a_second_table_in_another_shape_is_told(page: Write) -> None:
    with pytest.raises(LayoutDrift):
        read(page(table([HEADER, *ROWS]) + table([["甲", "乙", "丙", "2026-01-03"]])))


def test_a_wide_bar_of_links_is_no_list(page: Write) -> None:
    bar = table([["首页", "新闻", "政策", "服务", "互动"]])
    assert values(page(bar + table([HEADER, *ROWS]) + bar)) == VALUES


def test_a_title_may_stand_over_the_header(page: Write) -> None:
    assert values(page(table([["2026年名单"], HEADER, *ROWS]))) == VALUES


def test_a_damaged_first_row_does_not_hide_the_others(page: Write) -> None:
    rows = read(page(table([["1", "甲公司", "", "2026-01-01"], ROWS[1]])))
    assert [row.raw["名称"] for row in rows] == ["甲公司", "乙公司"]


def test_rows_and_cells_that_are_never_closed_end_where_the_next_begins(page: Write) -> None:
    text = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in [HEADER, *ROWS])
    assert values(page(text + "</table>")) == VALUES


def test_text_of_a_cell_is_what_a_reader_sees(page: Write) -> None:
    cell = "<a onclick=\"detail('x')\">甲<b>公</b><!-- 注 -->司</a><script>var a = '<td>';</script>"
    assert values(page(table([HEADER, ["1", cell, "&#65;1&nbsp;", "2026-01-01<br>"]]))) == VALUES[:1]


def test_a_row_of_another_width_is_rejected_with_its_cells(page: Write) -> None:
    (_, reject) = read(page(table([HEADER, ROWS[0], ["2", "乙公司"]])))
    assert isinstance(reject, Rejected)
    assert reject.row == 3


def test_a_page_that_breaks_off_keeps_the_rows_that_are_sure(page: Write) -> None:
    rows = rows_of(take_snapshot(page(table([HEADER, *ROWS])[:-20])), SPEC)
    assert next(rows).raw["名称"] == "甲公司"
    with pytest.raises(LayoutDrift, match="中断"):
        list(rows)


def records(*pairs: tuple[str, str], title: str = "坏记录") -> str:
    items = "".join(f"<li><strong>{label}：</strong>\n {value}\n</li>" for label, value in pairs)
    return f"<h1>{title}\n<small>展开</small></h1><ul>{items}</ul>"


def test_records_under_a_heading_are_rows(page: Write) -> None:
    good = records(("称号", "优"), title="好记录")
    bad = records(("名称", "甲公司"), ("代码", "A1"), ("日期", "2026-01-01"))
    assert values(page(f"<div><h1>甲公司</h1>{good}{bad}</div>"), BY_SECTION) == VALUES[:1]


def test_a_section_without_records_is_an_empty_list(page: Write) -> None:
    assert values(page("<div><h1>坏记录</h1><p>未收录</p></div>"), BY_SECTION) == []


@pytest.mark.parametrize(
    "text",
    [
        "<div><h1>甲公司</h1></div>",
        "<div>" + records(("名称", "甲公司"), ("编码", "A1"), ("日期", "2026-01-01")) + "</div>",
        "<div>" + records(("称", "甲"), title="新栏目") + "<h1>坏记录</h1></div>",
        "<div><ul><li>坏记录（2）</li></ul>"
        + records(("名称", "甲公司"), ("代码", "A1"), ("日期", "2026-01-01"))
        + "</div>",
        "<div><h1>坏记录</h1><ul><li><strong>名称：</strong>甲公司</li>",
    ],
    ids=["no section", "another label", "another section", "fewer than said", "broken off"],
)
def test_a_page_of_records_that_changed_is_told(page: Write, text: str) -> None:
    with pytest.raises(LayoutDrift):
        read(page(text), BY_SECTION)
