"""The list of serious dishonesty in government procurement, L01: entries, decisions out of free text, doubts."""

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import pytest

from credit.errors import FieldInvalid, IdentifierInvalid
from credit.model.caller import Caller
from credit.model.project import SyncOutcome
from credit.model.record import Authority, Ban, BanScope, Category, Listing, MatchedBy, Penalty, PenaltyKind, Source
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement
from credit.model.when import SHANGHAI, When
from importers.ccgp_list import importer
from importers.run import run
from importers.source import Row, heading
from tests.conftest import require

IMPORTER = importer()
REAL = Path(__file__).parents[3] / "shared/data/cn_penalties/ccgp_cr_search_row_fixture_2026.html"
Make = Callable[..., str]
Write = Callable[..., Path]
Cells = dict[str, str]


class Fake(Protocol):
    """The fake of conftest.py, by what these tests look at."""

    parties: dict[str, PartyStatement]
    records: dict[tuple[str, ...], RecordStatement]
    syncs: list[tuple[str, SyncStatement]]

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


@pytest.fixture
def row(credit_code: Make) -> Cells:
    return {
        "序号": "1",
        "企业名称": "某某科技有限公司",
        "统一社会信用代码": credit_code(1),
        "企业地址": "某市某区某路1号",
        "严重违法失信行为的具体情形": "提供虚假材料谋取中标",
        "处罚结果": "罚款5792元, 列入不良行为记录名单, 十二个月内禁止参加政府采购活动",
        "处罚依据": "《中华人民共和国政府采购法》第七十七条第一款",
        "处罚日期": "2026-07-12",
        "公布日期": "2026-07-21 16:34",
        "执法单位": "某某市财政局",
    }


def read(cells: Cells) -> LoadRow:
    fields = IMPORTER.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return IMPORTER.read(Row(1, values, cells), Source("名单", row=1))


def entry(cells: Cells) -> Listing:
    content = read(cells).records[0].content
    assert isinstance(content, Listing)
    return content


def decision(cells: Cells) -> Penalty:
    (_, record) = read(cells).records
    assert isinstance(record.content, Penalty)
    return record.content


def page_of(*rows: Cells) -> str:
    lines = ("".join(f"<td>{cell}</td>" for cell in row.values()) for row in rows)
    return "<table>\n" + "\n".join(f'<tr class="trShow">{line}</tr>' for line in lines) + "\n</table>"


def test_a_row_is_an_entry_on_l01_that_counts_from_its_publication(row: Cells, credit_code: Make) -> None:
    (party,) = read(row).parties
    assert (party.id, party.name, party.only_if_new) == (credit_code(1), "某某科技有限公司", True)
    assert entry(row) == Listing(
        list="L01",
        listed_on=date(2026, 7, 21),
        published_on=When(date(2026, 7, 21), datetime(2026, 7, 21, 16, 34, tzinfo=SHANGHAI)),
        ground="提供虚假材料谋取中标",
        doc_no="未载文号·中国政府采购网名单·2026-07-12",
        authority=Authority("某某市财政局"),
    )


def test_its_decision_is_read_out_of_the_text(row: Cells) -> None:
    assert decision(row) == Penalty(
        doc_no=entry(row).doc_no or "",
        authority=Authority("某某市财政局"),
        decided_on=date(2026, 7, 12),
        violation="提供虚假材料谋取中标",
        category=Category.FALSE_MATERIALS,
        kinds=(PenaltyKind.FINE, PenaltyKind.BAD_CONDUCT_LISTING, PenaltyKind.BAN),
        published_on=entry(row).published_on,
        fine=Decimal("5792.00"),
        legal_basis=("中华人民共和国政府采购法 77¶1",),
        ban=Ban(scope=BanScope.PROCUREMENT, months=12),
    )
    assert not read(row).doubts


@pytest.mark.parametrize(
    ("result", "fine", "months"),
    [
        ("处以采购金额千分之五的罚款，计人民币贰万元整，列入不良行为记录名单，一年内禁止参加政府采购活动", "20000", 12),
        ("罚款３万元", "30000", None),
        ("列入不良行为记录名单，在三年内禁止参加政府采购活动", None, 36),
        ("没收违法所得1000元，罚款50000元，1年内禁止参加政府采购活动", "50000", 12),
    ],
)
def test_fine_and_term_are_read_in_the_styles_of_such_texts(
    row: Cells, result: str, fine: str | None, months: int | None
) -> None:
    read_out = decision({**row, "处罚结果": result})
    assert read_out.fine == (Decimal(fine) if fine else None)
    assert (read_out.ban.months if read_out.ban else None) == months


def test_an_agencys_ban_keeps_its_scope(row: Cells) -> None:
    told = decision({**row, "处罚结果": "禁止其在一年内代理政府采购业务"})
    assert told.ban == Ban(scope=BanScope.AGENCY_WORK, months=12)


def test_a_ban_in_a_named_city_keeps_the_place_for_the_rules_to_judge(row: Cells) -> None:
    told = decision({**row, "处罚结果": "三年内禁止参加资阳市辖区内政府采购活动"})
    assert told.ban == Ban(scope=BanScope.PROCUREMENT, months=36, region="512000")


@pytest.mark.parametrize(
    "result",
    [
        "在一至三年内禁止参加政府采购活动",
        "一年内禁止参加本市政府采购活动",
        "一年内禁止参加某某镇政府采购活动",
        "五年内禁止参加政府采购活动",
        "处以罚款，一年内禁止参加政府采购活动",
        "对单位罚款5万元，对直接责任人员罚款1万元",
        "罚款50000元，列入名单的决定已撤销",
        "对法定代表人罚款50000元",
        "罚款5000元，列入不良行为记录名单",
        "列入不良行为记录名单",
        "按有关规定处理",
    ],
)
def test_a_result_in_doubt_leaves_the_entry_alone_and_tells_why(row: Cells, result: str) -> None:
    loaded = read({**row, "处罚结果": result})
    assert [record.content for record in loaded.records] == [entry(row)]
    ((zh, en),) = loaded.doubts
    assert zh
    assert en


def test_an_end_of_publication_is_kept(row: Cells) -> None:
    assert entry({**row, "公布截止日期": "2027-07-12"}).until == date(2027, 7, 12)


def test_a_number_that_a_sheet_prints_is_the_decisions(row: Cells) -> None:
    cells = {**row, "处罚决定书文号": "某财采罚〔2026〕7号"}
    assert entry(cells).doc_no == decision(cells).doc_no == "某财采罚〔2026〕7号"


def test_an_organisation_code_is_matched_by_that_code(row: Cells, credit_code: Make) -> None:
    inner = credit_code(1)[8:17]
    cells = {**row, "统一社会信用代码": f"{inner[:8]}-{inner[8]}"}
    assert read(cells).parties[0].id == f"org:{inner}"
    assert entry(cells).matched_by is MatchedBy.ORGANISATION_CODE


@pytest.mark.parametrize("code", ["", "无", "9151****0126"])
def test_a_name_without_a_whole_code_is_no_identity(row: Cells, code: str) -> None:
    with pytest.raises(FieldInvalid, match="人工"):
        read({**row, "统一社会信用代码": code})


def test_a_wrong_code_rejects_the_row(row: Cells) -> None:
    with pytest.raises(IdentifierInvalid):
        read({**row, "统一社会信用代码": row["统一社会信用代码"][::-1]})


@pytest.mark.parametrize(
    "change",
    [{"公布日期": "2026-07-11"}, {"处罚日期": ""}, {"公布日期": ""}, {"执法单位": ""}, {"执法单位": "某某市财"}],
)
def test_days_that_contradict_each_other_or_are_missing_reject_the_row(row: Cells, change: Cells) -> None:
    with pytest.raises(FieldInvalid):
        read({**row, **change})


async def test_a_page_without_a_header_and_a_sheet_give_the_same_records(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, row: Cells, credit_code: Make
) -> None:
    rows = [row, {**row, "序号": "2", "统一社会信用代码": credit_code(2), "处罚日期": "2026-07-10"}]
    page = tmp_path / "page.html"
    page.write_text(page_of(*rows), encoding="gb18030")
    first = await run("ccgp_list", page, registry=registry, caller=caller, rejects_dir=tmp_path)
    again = await run("ccgp_list", write_csv(rows), registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (first.read, first.taken, first.exit_code, first.sync) == (2, 2, 0, SyncOutcome.COMPLETE)
    assert (again.read, again.unchanged) == (2, 2)
    assert len(registry.records) == 4


async def test_what_is_in_doubt_goes_to_the_review_file_with_its_text(
    registry: Fake, caller: Caller, tmp_path: Path, write_csv: Write, row: Cells
) -> None:
    path = write_csv([{**row, "处罚结果": "在一至三年内禁止参加政府采购活动"}])
    report = await run("ccgp_list", path, registry=registry, caller=caller, rejects_dir=tmp_path / "out")
    assert (report.read, report.taken, report.rejected, report.review, report.exit_code) == (1, 1, 0, 1, 1)
    (review,) = csv.DictReader(report.reviews[0].read_text(encoding="utf-8").splitlines())
    assert review["row"] == "2"
    assert "一至三年" in review["raw"]
    assert len(registry.records) == 1


@pytest.mark.parametrize("change", ["swapped", "renamed", "added", "empty"])
async def test_a_drifted_page_writes_nothing_and_fails_the_sync(
    registry: Fake, caller: Caller, tmp_path: Path, row: Cells, change: str
) -> None:
    swapped = {**row, "处罚日期": row["执法单位"], "执法单位": row["处罚日期"]}
    pages = {
        "swapped": page_of(swapped, swapped),
        "renamed": page_of({k: k for k in row} | {"处罚结果": "处理结论"}, row),
        "added": page_of({**row, "新列": "新"}),
        "empty": "<html><body>系统维护</body></html>",
    }
    path = tmp_path / "page.html"
    path.write_text(pages[change], encoding="utf-8")
    report = await run("ccgp_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.exit_code, report.read) == (2, 0)
    assert not registry.parties
    assert [(list_id, sync.outcome) for list_id, sync in registry.syncs] == [("L01", SyncOutcome.FAILED)]


async def test_a_page_that_breaks_off_keeps_sure_rows_and_fails_the_sync(
    registry: Fake, caller: Caller, tmp_path: Path, row: Cells, credit_code: Make
) -> None:
    path = tmp_path / "page.html"
    path.write_text(page_of(row, {**row, "统一社会信用代码": credit_code(2)})[:-30], encoding="utf-8")
    report = await run("ccgp_list", path, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.taken, report.rejected, report.sync) == (1, 1, SyncOutcome.FAILED)


async def test_the_real_row_is_an_entry_with_a_ban_of_twelve_months(
    registry: Fake, caller: Caller, tmp_path: Path
) -> None:
    require("shared data", REAL.exists(), "../shared/data is not beside the project")
    report = await run("ccgp_list", REAL, registry=registry, caller=caller, rejects_dir=tmp_path)
    assert (report.read, report.taken, report.review) == (1, 1, 0)
    listing, penalty = (record.content for record in registry.records.values())
    assert isinstance(listing, Listing)
    assert isinstance(penalty, Penalty)
    assert (listing.list, listing.listed_on) == ("L01", date(2026, 7, 21))
    assert (penalty.fine, penalty.ban) == (Decimal("5792.00"), Ban(scope=BanScope.PROCUREMENT, months=12))
