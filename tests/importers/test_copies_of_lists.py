"""Copies of the Chinese lists: cut, shuffled, doubled, in another encoding or spoilt by one, or changed in shape.

Whatever a copy looks like, each row is taken, unchanged or rejected, no party gets another's entry, and a file of
another shape writes nothing. Names are invented and codes synthetic, but for the two pages of the shared data.
"""

import random
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.errors import LayoutDrift
from credit.model.caller import Caller
from credit.model.project import SyncOutcome
from credit.model.record import Listing, Source
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement
from importers.rows import rows_of
from importers.run import Report, run
from importers.snapshot import take_snapshot
from importers.source import Rejected, Taken
from importers.sources import importer_of
from tests.conftest import require
from tests.importers.list_rows import ROWS
from tests.importers.reading import SHARED

Make = Callable[..., str]
Write = Callable[..., Path]
Cells = dict[str, str]
Imported = Callable[[str, Path], Awaitable[Report]]
Markup = Callable[[str], str]
Rows = Callable[[str], list[Cells]]


class Fake(Protocol):
    """The fake of conftest.py, by what these tests look at."""

    parties: dict[str, PartyStatement]
    records: dict[tuple[str, ...], RecordStatement]
    syncs: list[tuple[str, SyncStatement]]

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


CCGP: Final = {
    "企业名称": "某某贸易有限公司",
    "统一社会信用代码": "",
    "企业地址": "某市某路1号",
    "严重违法失信行为的具体情形": "提供虚假材料谋取中标",
    "处罚结果": "罚款5792元，列入不良行为记录名单，在一年内禁止参加政府采购活动",
    "处罚依据": "《中华人民共和国政府采购法》第七十七条",
    "处罚日期": "2026-07-12",
    "公布日期": "2026-07-21",
    "执法单位": "某某市财政局",
}
SHAPES: Final[Mapping[str, Cells]] = {**ROWS, "ccgp_list": CCGP}
ALL: Final = sorted(SHAPES)
ROWS_OF_A_COPY: Final = 12
CCGP_PAGE: Final = SHARED / "cn_penalties/ccgp_cr_search_row_fixture_2026.html"
CREDIT_PAGE: Final = SHARED / "cn_penalties/creditchina_2016_company_detail_procurement_bad_record.html"


@pytest.fixture
def rows(credit_code: Make) -> Rows:
    def make(source: str) -> list[Cells]:
        field = next(f for f in SHAPES[source] if f in {"纳税人识别号", "统一社会信用代码"})
        return [
            {**SHAPES[source], field: credit_code(n), **_named(source, f"云溪第{n}贸易有限公司")}
            for n in range(1, ROWS_OF_A_COPY + 1)
        ]

    return make


@pytest.fixture
def imported(registry: Fake, caller: Caller, tmp_path: Path) -> Imported:
    async def work(source: str, path: Path) -> Report:
        return await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path / "out")

    return work


def _named(source: str, name: str) -> Cells:
    return {field: name for field, text in SHAPES[source].items() if text == "某某贸易有限公司"}


def entries(registry: Fake) -> dict[str, Listing]:
    return {r.party: r.content for r in registry.records.values() if isinstance(r.content, Listing)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("source", ALL)
async def test_a_shuffled_and_doubled_copy_in_any_encoding_makes_the_same_entries(
    registry: Fake,
    imported: Imported,
    write_csv: Write,
    rows: Rows,
    source: str,
    encoding: str,
) -> None:
    whole = rows(source)
    copy = [*whole, *whole[:5]]
    random.Random(len(encoding)).shuffle(copy)
    await imported(source, write_csv(whole))
    before = entries(registry)
    path = write_csv(copy, encoding, "copy.csv")
    report = await imported(source, path)
    assert (report.read, report.unchanged, report.review) == (len(copy), len(copy), 0)
    assert (entries(registry), len(before)) == (before, ROWS_OF_A_COPY)


@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("spoil", ["gbk as latin", "utf-8 as gbk", "utf-8 as latin"])
async def test_a_copy_that_an_encoding_spoilt_writes_nothing(
    registry: Fake,
    imported: Imported,
    write_csv: Write,
    rows: Rows,
    source: str,
    spoil: str,
) -> None:
    path = write_csv(rows(source), "gb18030" if spoil.startswith("gbk") else "utf-8")
    wrong = "latin-1" if spoil.endswith("latin") else "gbk"
    path.write_text(path.read_bytes().decode(wrong, errors="replace"), encoding="utf-8")
    report = await imported(source, path)
    assert (report.exit_code, report.read, report.sync) == (2, 0, SyncOutcome.FAILED)
    assert not registry.parties
    assert not registry.records


@pytest.mark.parametrize("source", ALL)
async def test_a_name_that_lost_bytes_is_rejected_and_the_list_is_not_whole(
    registry: Fake, imported: Imported, write_csv: Write, rows: Rows, source: str
) -> None:
    first, *others = rows(source)
    path = write_csv([{**first, **_named(source, "锟斤拷贸易有限公司")}, *others])
    report = await imported(source, path)
    assert (report.rejected, report.taken, report.sync) == (1, ROWS_OF_A_COPY - 1, SyncOutcome.FAILED)


@pytest.mark.parametrize("source", ALL)
async def test_of_two_headings_that_changed_places_nothing_is_taken_for_the_other(
    registry: Fake, imported: Imported, write_csv: Write, rows: Rows, source: str
) -> None:
    """Of code and name, which are both text: a code beside a wrong heading names nobody."""
    field = next(f for f in SHAPES[source] if f in {"纳税人识别号", "统一社会信用代码"})
    name = next(iter(_named(source, "")))
    swapped = [{**row, field: row[name], name: row[field]} for row in rows(source)]
    report = await imported(source, write_csv(swapped))
    assert (report.rejected, report.taken, report.sync) == (ROWS_OF_A_COPY, 0, SyncOutcome.FAILED)


@pytest.mark.parametrize("source", ALL)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(share=st.floats(0, 1))
def test_a_copy_that_was_cut_off_anywhere_says_nothing_of_anybody_else(
    tmp_path: Path, write_csv: Write, rows: Rows, source: str, share: float
) -> None:
    path = write_csv(rows(source))
    whole = {_party(row): row for row in _read(source, path)}
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    try:
        cut = [row for row in _read(source, path) if isinstance(row, Taken)]
    except LayoutDrift:
        return
    for row in cut[:-1]:
        assert row.load.records[0].content == _taken(whole[_party(row)]).load.records[0].content
    assert {_party(row) for row in cut} <= whole.keys()


_importer = cache(importer_of)


def _read(source: str, path: Path) -> list[Taken | Rejected]:
    importer = _importer(source)
    return list(importer.parse(rows_of(take_snapshot(path), importer.spec), Source("名单")))


def _taken(row: Taken | Rejected) -> Taken:
    assert isinstance(row, Taken), row
    return row


def _party(row: Taken | Rejected) -> str:
    return _taken(row).load.records[0].party


OTHER_MARKUP: Final[Mapping[str, Markup]] = {
    "attributes": lambda page: re.sub(r"<td>", "<td style='x' class=\"a b\" align=left>", page),
    "capitals": lambda page: re.sub(r"</?[a-z]+", lambda tag: tag[0].upper(), page),
    "whitespace": lambda page: page.replace("<td>", "<td>\n\t\t&nbsp; ").replace("</td>", "\n </td >"),
    "inline": lambda page: re.sub(r"<td>([^<]+)</td>", r"<td><span><font>\1</font></span></td>", page),
    "layout table": lambda page: f"<table><tr><td>导航</td><td>{page}</td></tr></table>",
    "a form beside": lambda page: (
        f"<table><tr><td>查询条件</td></tr></table>{page}<table><tr><td>页脚</td></tr></table>"
    ),
    "whole page": lambda page: f"<!DOCTYPE html><html><head><title>x</title></head><body>{page}</body></html>",
    "one line": lambda page: "".join(line.strip() for line in page.splitlines()),
    "comments": lambda page: page.replace("<td>", "<!-- 格 --><td>"),
}


@pytest.mark.parametrize("markup", sorted(OTHER_MARKUP))
@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
async def test_the_real_page_of_the_list_reads_the_same_in_other_markup(
    registry: Fake, imported: Imported, tmp_path: Path, markup: str, encoding: str
) -> None:
    require("shared data", CCGP_PAGE.exists(), "../shared/data is not beside the project")
    await imported("ccgp_list", CCGP_PAGE)
    path = tmp_path / "copy.html"
    path.write_bytes(OTHER_MARKUP[markup](CCGP_PAGE.read_text(encoding="utf-8")).encode(encoding))
    report = await imported("ccgp_list", path)
    assert (report.read, report.unchanged, report.review) == (1, 1, 0)


@pytest.mark.parametrize("page", [CCGP_PAGE, CREDIT_PAGE], ids=["ccgp_list", "creditchina_page"])
def test_a_real_page_that_was_cut_off_anywhere_says_nothing_else(tmp_path: Path, page: Path) -> None:
    require("shared data", page.exists(), "../shared/data is not beside the project")
    source = "ccgp_list" if page == CCGP_PAGE else "creditchina_page"
    (whole,) = (_taken(row).load for row in _read(source, page))
    raw, path = page.read_bytes(), tmp_path / "cut.html"
    for end in range(1, len(raw), max(1, len(raw) // 60)):
        path.write_bytes(raw[:end])
        try:
            found = [row.load for row in _read(source, path) if isinstance(row, Taken)]
        except LayoutDrift:
            continue
        assert [load.records for load in found] in ([], [whole.records])


COMPANY_MARKUP: Final[Mapping[str, Markup]] = {
    "attributes": lambda page: re.sub(r'class="[^"]*"', "class='x'", page),
    "line breaks": lambda page: page.replace("<li ", "<li\n\t").replace("<ul ", "<ul\n id='z' "),
    "no blanks": lambda page: re.sub(r">\s+<", "><", page),
    "bold by another tag": lambda page: page.replace("strong>", "b>"),
    "in a table": lambda page: f"<html><body><table><tr><td>{page}</td></tr></table></body></html>",
}


@pytest.mark.parametrize("markup", sorted(COMPANY_MARKUP))
async def test_the_real_page_of_a_company_reads_the_same_in_other_markup(
    registry: Fake, imported: Imported, tmp_path: Path, markup: str
) -> None:
    require("shared data", CREDIT_PAGE.exists(), "../shared/data is not beside the project")
    await imported("creditchina_page", CREDIT_PAGE)
    path = tmp_path / "copy.html"
    path.write_text(COMPANY_MARKUP[markup](CREDIT_PAGE.read_text(encoding="utf-8")), encoding="gb18030")
    report = await imported("creditchina_page", path)
    assert (report.read, report.unchanged) == (1, 1)


@pytest.mark.parametrize("source", [*ALL, "creditchina_page"])
@pytest.mark.parametrize(
    "file", ["cn_registry/shaanxi_tech_sme_list.xlsx", "cn_notices/ggzy_api_sample_2026-03-17.json"]
)
async def test_the_real_file_of_another_source_writes_nothing(
    registry: Fake, imported: Imported, source: str, file: str
) -> None:
    require("shared data", (SHARED / file).exists(), "../shared/data is not beside the project")
    report = await imported(source, SHARED / file)
    assert (report.exit_code, report.read) == (2, 0)
    assert not registry.parties


async def test_the_real_notices_of_another_kind_are_no_complaints(
    registry: Fake, imported: Imported, tmp_path: Path
) -> None:
    path = SHARED / "cn_notices/ggzy_bid_data_2026-03-17_dev.json"
    require("shared data", path.exists(), "../shared/data is not beside the project")
    report = await imported("complaint_notices", path)
    assert (report.taken, report.unchanged, report.read == report.rejected > 0) == (0, 0, True)
