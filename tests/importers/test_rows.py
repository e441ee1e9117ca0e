"""Files of any kind as rows: encodings, headings, line breaks, shapes that are not the layout's."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from credit.errors import LayoutDrift
from importers.rows import rows_of
from importers.snapshot import Form, files_of, take_snapshot
from importers.source import Column, Layout, Rejected, Row, SourceSpec
from importers.spreadsheets import xls_rows

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
                "code": Column(names=("CODE", "代码"), required=True),
                "name": Column(names=("NAME", "名称（全称）"), required=True),
                "fine": Column(names=("FINE",)),
            },
            unused=("备注",),
        ),
    ),
)
ROWS = [{"代码": "１", "名称（全称）": "某某有限责任公\n司"}, {"代码": "2", "名称（全称）": "第二，公司"}]
Write = Callable[..., Path]


def values(path: Path) -> list[Mapping[str, str]]:
    rows = list(rows_of(take_snapshot(path), SPEC))
    assert all(isinstance(row, Row) for row in rows)
    return [row.values for row in rows if isinstance(row, Row)]


CLEAN = [{"code": "１", "name": "某某有限责任公司"}, {"code": "2", "name": "第二，公司"}]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_csv_file_reads_the_same_in_every_encoding(write_csv: Write, encoding: str) -> None:
    assert values(write_csv(ROWS, encoding)) == CLEAN


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_json_file_reads_the_same_in_every_encoding(write_json: Write, encoding: str) -> None:
    assert values(write_json(ROWS, encoding)) == CLEAN


def test_a_gb18030_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_bytes("\ufeff代码,名称（全称）\r\n1,甲\r\n".encode("gb18030"))
    assert values(path) == [{"code": "1", "name": "甲"}]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_one_that_the_header_has(write_csv: Write, delimiter: str) -> None:
    assert values(write_csv(ROWS, delimiter=delimiter)) == CLEAN


def test_a_workbook_reads_as_a_csv_file_does(write_xlsx: Write) -> None:
    assert values(write_xlsx(ROWS)) == CLEAN


def test_headings_may_be_codes_in_any_order_width_and_case(write_csv: Write) -> None:
    rows = [{" Ｎａｍｅ*": "甲", "备注": "略", "code\n": "1"}]
    assert values(write_csv(rows)) == [{"code": "1", "name": "甲"}]


def test_a_row_keeps_its_number_in_the_file_and_its_raw_cells(write_csv: Write) -> None:
    first, second = rows_of(take_snapshot(write_csv(ROWS)), SPEC)
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert (first.number, second.number) == (2, 3)
    assert first.raw == ROWS[0]


def test_blank_rows_are_passed_over_but_counted_in_the_numbers(tmp_path: Path) -> None:
    path = tmp_path / "blank.csv"
    path.write_text("\n代码,名称（全称）\n,\n1,甲\n", encoding="utf-8")
    (row,) = rows_of(take_snapshot(path), SPEC)
    assert isinstance(row, Row)
    assert row.number == 4


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("代码,全称", "名称|NAME|全称"),
        ("代码", "NAME"),
        ("代码,名称（全称）,新列", "新列"),
        ("代码,CODE,名称（全称）", "code"),
        ("代码,,名称（全称）", "未知列"),
    ],
)
def test_a_header_that_is_not_the_layouts_is_drift_and_says_why(tmp_path: Path, header: str, named: str) -> None:
    path = tmp_path / "drift.csv"
    path.write_text(f"{header}\n1,甲,2\n", encoding="utf-8")
    with pytest.raises(LayoutDrift, match=named):
        rows_of(take_snapshot(path), SPEC)


def test_rows_none_of_which_fits_the_header_are_drift(tmp_path: Path) -> None:
    path = tmp_path / "shift.csv"
    path.write_text("代码,名称（全称）\n1,甲,x\n2,乙,x\n", encoding="utf-8")
    with pytest.raises(LayoutDrift, match="列数不符"):
        rows_of(take_snapshot(path), SPEC)


def test_empty_columns_at_the_end_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("代码,名称（全称）,,\n1,甲,,\n", encoding="utf-8")
    assert values(path) == [{"code": "1", "name": "甲"}]


@pytest.mark.parametrize(
    "lines",
    [
        '代码,NAME,备注\n1,"甲公司,\n2,乙公司,\n3,丙公司,\n',
        '代码,NAME,备注\n1,"甲公司,\n2,"乙公司",\n3,丙公司,\n',
        '代码,NAME,备注\n1,甲公司,\n2,"乙"公司,\n3,丙公司,\n',
    ],
    ids=["never closed", "closed by the next one", "closed in the midst of a cell"],
)
def test_a_quote_that_would_swallow_rows_breaks_the_file_off(tmp_path: Path, lines: str) -> None:
    path = tmp_path / "quote.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(LayoutDrift, match="引号"):
        list(rows_of(take_snapshot(path), SPEC))


def test_a_quote_within_a_cell_and_a_doubled_one_are_read_as_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_text('代码,NAME\n1,甲"一"公司\n2,"乙""二""公司"\n', encoding="utf-8")
    assert [row["name"] for row in values(path)] == ['甲"一"公司', '乙"二"公司']


def test_a_quote_that_is_never_closed_breaks_the_file_off(tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    path.write_text('代码,名称（全称）\n1,甲\n2,"乙\n' + "3,丙\n" * 40_000, encoding="utf-8")
    with pytest.raises(LayoutDrift, match="引号"):
        list(rows_of(take_snapshot(path), SPEC))


def test_a_workbook_in_the_old_format_is_read_by_calamine(write_xlsx: Write, tmp_path: Path) -> None:
    # calamine reads both formats in one way; a workbook in the old one cannot be written here.
    header, first, second = xls_rows(write_xlsx(ROWS))
    assert header == ["代码", "名称（全称）"]
    assert [first[0], second] == ["１", ["2", "第二，公司"]]
    (tmp_path / "broken.xls").write_bytes(b"\xd0\xcf\x11\xe0" * 200)
    with pytest.raises(LayoutDrift, match="完整"):
        rows_of(take_snapshot(tmp_path / "broken.xls"), SPEC)


def test_one_row_that_does_not_fit_is_rejected_whole(tmp_path: Path) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("代码,名称（全称）\n1,甲\n2,乙,多余\n3\n", encoding="utf-8")
    _, long, short = rows_of(take_snapshot(path), SPEC)
    assert isinstance(long, Rejected)
    assert long.raw == {"代码": "2", "名称（全称）": "乙", "+1": "多余"}
    assert isinstance(short, Rejected)


def test_an_empty_file_is_drift(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(LayoutDrift, match="没有表头"):
        rows_of(take_snapshot(tmp_path / "empty.csv"), SPEC)


@pytest.mark.parametrize(
    "content",
    [
        "代码,名称（全称）\n1,甲".encode()[:-1],
        "代码,名称\n1,".encode() + "甲乙丙丁".encode() * 20 + b"\xff\xff",
        "コード,名前\n1,ホームページ株式会社\n".encode("shift_jis") + b"\xff",
    ],
    ids=["cut inside a sign", "damaged UTF-8", "another encoding"],
)
def test_text_that_does_not_decode_is_drift(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bytes.csv").write_bytes(content)
    with pytest.raises(LayoutDrift):
        take_snapshot(tmp_path / "bytes.csv")


def test_utf_8_that_also_decodes_as_gb18030_but_is_damaged_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    damaged = "代码,NAME\n1,某某乙公司\n".encode().replace("某某".encode(), "某某".encode()[:2] + "某".encode())
    damaged.decode("gb18030")  # it does decode, to nonsense
    (tmp_path / "damaged.csv").write_bytes(damaged)
    with pytest.raises(LayoutDrift):
        take_snapshot(tmp_path / "damaged.csv")


def test_the_snapshot_names_the_files_digest_whatever_its_name(write_csv: Write) -> None:
    one, two = write_csv(ROWS, name="a.csv"), write_csv(ROWS, name="b.txt")
    assert take_snapshot(one).digest == take_snapshot(two).digest
    assert take_snapshot(one).digest.startswith("sha256:")
    assert take_snapshot(one).fetched_at.endswith("+00:00")


def test_the_form_is_told_by_the_bytes_not_by_the_name(write_xlsx: Write) -> None:
    path = write_xlsx(ROWS, name="table.csv")
    assert take_snapshot(path).form is Form.XLSX
    assert values(path) == CLEAN


def test_shared_strings_of_a_workbook_are_read_also_formatted_ones(tmp_path: Path) -> None:
    path = tmp_path / "shared.xlsx"
    write_shared_strings(path)
    assert values(path) == [{"code": "1", "name": "甲乙"}]


def test_a_second_sheet_with_content_is_drift_an_empty_one_is_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["代码", "名称（全称）"])
    sheet.append(["1", "甲"])
    other = book.create_sheet("说明")
    path = tmp_path / "two.xlsx"
    book.save(path)
    assert values(path) == [{"code": "1", "name": "甲"}]
    other.append(["说明文字"])
    book.save(path)
    with pytest.raises(LayoutDrift, match="多个工作表"):
        rows_of(take_snapshot(path), SPEC)


def test_a_broken_workbook_is_drift(write_xlsx: Write) -> None:
    path = write_xlsx(ROWS)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(LayoutDrift, match="完整"):
        rows_of(take_snapshot(path), SPEC)


@pytest.mark.parametrize("wrapper", ["data", "result"])
def test_records_are_found_in_an_object_that_holds_them(write_json: Write, wrapper: str) -> None:
    assert values(write_json({"code": 0, "msg": {"a": [1]}, wrapper: ROWS, "total": 2})) == CLEAN
    assert values(write_json({wrapper: {"list": ROWS}})) == CLEAN


def test_one_record_a_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    path.write_text(
        '{"代码": 1, "名称（全称）": "甲", "FINE": 0.20}\n\n{"代码": 2, "名称（全称）": null}\n', encoding="utf-8"
    )
    assert values(path) == [{"code": "1", "name": "甲", "fine": "0.20"}, {"code": "2", "name": ""}]


def test_records_across_many_windows_are_all_read(write_json: Write) -> None:
    rows = [{"代码": str(n), "名称（全称）": "某" * (n % 700)} for n in range(1000)]
    assert [row["code"] for row in values(write_json(rows))] == [str(n) for n in range(1000)]


def test_a_first_record_with_other_keys_is_drift(write_json: Write) -> None:
    with pytest.raises(LayoutDrift, match="新"):
        rows_of(take_snapshot(write_json([{"代码": "1", "名称（全称）": "甲", "新": 1}])), SPEC)


def test_a_later_record_with_an_unknown_key_is_rejected(write_json: Write) -> None:
    path = write_json([*ROWS, {"代码": "3", "名称（全称）": "丙", "新": [1]}])
    *_, last = rows_of(take_snapshot(path), SPEC)
    assert isinstance(last, Rejected)
    assert last.row == 3
    assert last.raw["新"] == "[1]"


@pytest.mark.parametrize("cut", ['[{"代码": "1", "名称（全称）": "甲"}', '[{"代码": "1", "名称（全称）": "甲"}, {"代'])
def test_a_json_file_that_breaks_off_gives_its_whole_records_and_then_says_so(tmp_path: Path, cut: str) -> None:
    path = tmp_path / "cut.json"
    path.write_text(cut, encoding="utf-8")
    rows = rows_of(take_snapshot(path), SPEC)
    assert isinstance(next(rows), Row)
    with pytest.raises(LayoutDrift, match="完整"):
        next(rows)


@pytest.mark.parametrize("text", ["[1, 2]", "{", '{"代码" 1}', "[[]]"])
def test_json_that_holds_no_records_is_drift(tmp_path: Path, text: str) -> None:
    path = tmp_path / "no.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LayoutDrift):
        list(rows_of(take_snapshot(path), SPEC))


def test_a_folder_gives_its_files_by_name_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".DS_Store", "~$a.xlsx"):
        (tmp_path / name).touch()
    assert [path.name for path in files_of(tmp_path)] == ["a.csv", "b.csv"]
    assert files_of(tmp_path / "a.csv") == (tmp_path / "a.csv",)


def test_a_layout_may_not_name_two_columns_alike() -> None:
    with pytest.raises(ValueError, match="one name for two columns"):
        Layout(name="x", columns={"a": Column(names=("甲",)), "b": Column(names=("甲 ",))})


def write_shared_strings(path: Path) -> None:
    """Rewrite a small workbook so that its texts are shared strings, one of them in two runs, as Excel writes them."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(["x"])
    book.save(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{main}"><dimension ref="A1"/><sheetData>'
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>2</v></c></row></sheetData></worksheet>'
    ).encode()
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{main}"><si><t>代码</t></si><si><t>名称（全称）</t></si>'
        "<si><r><t>甲</t></r><r><rPr><b/></rPr><t>乙</t></r></si></sst>"
    ).encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    types = parts["[Content_Types].xml"].decode()
    if "sharedStrings" not in types:
        parts["[Content_Types].xml"] = types.replace("</Types>", override).encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
