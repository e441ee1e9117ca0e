"""Lists of one shape, tax (L04) to safety (L08): their entries, and the remarks, states and days that may end them."""

from datetime import date
from typing import Final

import pytest

from credit.errors import FieldInvalid
from credit.model.party import PartyKind
from credit.model.record import Authority, Basis, EventKind, Listing
from credit.model.statements import EventStatement
from credit.model.when import When
from tests.importers.list_rows import ALL, LISTS, Cells, Make, cells_of, entry, read

LISTED_ON: Final = {
    "tax_violations": date(2024, 3, 12),
    "serious_violations": date(2024, 5, 6),
    "abnormal_operations": date(2024, 7, 8),
    "wage_arrears": date(2024, 6, 1),
    "safety_list": date(2024, 1, 9),
}
AUTHORITIES: Final = {"公布机关", "作出决定机关(列入)", "列入决定机关", "列入部门"}


@pytest.mark.parametrize("source", ALL)
def test_a_row_is_an_entry_on_the_sources_list(credit_code: Make, source: str) -> None:
    cells = cells_of(source, credit_code(1))
    (party,) = read(source, cells).parties
    listing = entry(source, cells)
    assert (party.id, party.kind, party.name) == (credit_code(1), PartyKind.ORGANISATION, "某某贸易有限公司")
    assert (listing.list, listing.listed_on) == (LISTS[source], LISTED_ON[source])
    assert listing.basis is not None
    assert listing.ground
    assert listing.authority


def test_a_tax_entry_keeps_nature_and_facts_and_counts_from_publication(credit_code: Make) -> None:
    cells = cells_of("tax_violations", credit_code(1), 确定日期="2024-02-20")
    assert entry("tax_violations", cells) == Listing(
        list="L04",
        listed_on=date(2024, 3, 12),
        published_on=When(date(2024, 3, 12)),
        ground=f"{cells['案件性质']}；{cells['主要违法事实']}",
        basis=Basis("重大税收违法失信主体信息公布管理办法"),
        authority=Authority("国家税务总局某某市税务局"),
    )


def test_a_stated_end_and_number_are_kept(credit_code: Make) -> None:
    listing = entry("wage_arrears", cells_of("wage_arrears", credit_code(1)))
    assert (listing.until, listing.doc_no) == (date(2027, 6, 1), "某人社列字〔2024〕第3号")


def test_a_permanent_end_is_none(credit_code: Make) -> None:
    assert entry("wage_arrears", cells_of("wage_arrears", credit_code(1), 惩戒截止日期="2099/12/31")).until is None


OVER: Final = ["已撤销", "2025-03-01已移出", "信用修复完成", "列入决定暂停执行"]
OPEN: Final = ["行政复议中", "当事人已提起诉讼", "列入原因更正", "异议处理中"]


@pytest.mark.parametrize(("source", "remark"), [(source, remark) for source in ALL for remark in OVER])
def test_a_remark_that_the_entry_may_be_over_rejects_the_row(credit_code: Make, source: str, remark: str) -> None:
    """An entry may bar, by law or by the document; a gap in a list that verdicts wait for lets nobody pass."""
    with pytest.raises(FieldInvalid, match="备注"):
        read(source, cells_of(source, credit_code(1), 备注=remark))


@pytest.mark.parametrize(("source", "remark"), [(source, remark) for source in ALL for remark in OPEN])
def test_a_remark_in_doubt_is_told_to_a_person_and_the_firm_stays_listed(
    credit_code: Make, source: str, remark: str
) -> None:
    loaded = read(source, cells_of(source, credit_code(1), 备注=remark))
    assert [type(record.content) for record in loaded.records] == [Listing]
    assert ["备注" in zh and "remark" in en for zh, en in loaded.doubts] == [True]


HARMLESS: Final = [
    "首次列入",
    "无变更",
    "无异议",
    "法定代表人变更",
    "未提起行政复议和诉讼",
    "当事人未在法定期限内申请行政复议或者提起行政诉讼",
    "逾期不申请行政复议，也不提起行政诉讼",
    "如不服本决定，可申请复议",
    "本决定可在60日内申请行政复议，也可以在六个月内依法直接向人民法院提起行政诉讼。",
    "行政复议或者行政诉讼期间，本决定不停止执行",
    "公示期满自动撤下",
]


@pytest.mark.parametrize("source", ["tax_violations", "wage_arrears"])
@pytest.mark.parametrize("remark", HARMLESS)
def test_a_remark_that_says_the_opposite_or_what_one_may_do_leaves_no_doubt(
    credit_code: Make, source: str, remark: str
) -> None:
    loaded = read(source, cells_of(source, credit_code(1), 备注=remark))
    assert (len(loaded.records), loaded.doubts) == (1, ())


@pytest.mark.parametrize(
    "remark",
    [
        "未缴款已提起诉讼",
        "未作出复议决定",
        "不服复议决定",
        "许可证变更，当事人申请复议",
        "如不服本决定，可在60日内申请行政复议，当事人已提起诉讼",
        "可在线查询，当事人提起诉讼",
        "法定代表人变更，列入决定变更",
        "当事人申请行政复议期间",
    ],
)
def test_a_doubt_beside_harmless_words_is_seen(credit_code: Make, remark: str) -> None:
    assert read("wage_arrears", cells_of("wage_arrears", credit_code(1), 备注=remark)).doubts


@pytest.mark.parametrize("remark", ["无效异议成立", "如不服可申请复议。已撤销", "无异议后撤销", "公示期满已撤下"])
def test_that_an_entry_may_be_over_is_seen_beside_harmless_words(credit_code: Make, remark: str) -> None:
    with pytest.raises(FieldInvalid, match="备注"):
        read("wage_arrears", cells_of("wage_arrears", credit_code(1), 备注=remark))


def test_a_remark_that_repeats_a_removal_that_the_row_dates_is_no_doubt(credit_code: Make) -> None:
    cells = cells_of("wage_arrears", credit_code(1), 移出日期="2025-03-01", 备注="2025-03-01已移出")
    assert read("wage_arrears", cells).records[0].events
    for change in ({"备注": "移出决定已撤销"}, {"状态": "有效"}):
        with pytest.raises(FieldInvalid, match="备注"):
            read("wage_arrears", {**cells, **change})


@pytest.mark.parametrize("source", ALL)
def test_an_entry_whose_authority_is_missing_is_taken_without_one_and_told_to_a_person(
    credit_code: Make, source: str
) -> None:
    cells = cells_of(source, credit_code(1))
    field = next(head for head in cells if head in AUTHORITIES)
    loaded = read(source, {**cells, field: ""})
    assert entry(source, {**cells, field: "/"}).authority is None
    assert ["机关" in zh for zh, _ in loaded.doubts] == [True]


@pytest.mark.parametrize("source", ALL)
def test_the_name_of_an_authority_that_was_cut_off_rejects_the_row(credit_code: Make, source: str) -> None:
    cells = cells_of(source, credit_code(1))
    field = next(head for head in cells if head in AUTHORITIES)
    with pytest.raises(FieldInvalid, match="截断"):
        read(source, {**cells, field: cells[field][:-1]})


@pytest.mark.parametrize("text", ["/", "—", "无"])
def test_a_sign_for_nothing_is_no_number_day_or_reason(credit_code: Make, text: str) -> None:
    cells = cells_of("wage_arrears", credit_code(1), 列入决定书文号=text, 惩戒截止日期=text, 移出日期=text, 状态=text)
    listing = entry("wage_arrears", cells)
    assert (listing.doc_no, listing.until) == (None, None)
    assert not read("wage_arrears", cells).records[0].events


@pytest.mark.parametrize("source", ALL)
def test_a_row_without_its_day_is_not_dated_by_guess(credit_code: Make, source: str) -> None:
    day = "公布日期" if source == "tax_violations" else "列入日期"
    with pytest.raises(FieldInvalid, match="日期"):
        read(source, cells_of(source, credit_code(1), **{day: ""}))


def test_what_was_taken_off_is_an_event_on_the_entry(credit_code: Make) -> None:
    cells = cells_of("abnormal_operations", credit_code(1))
    removed = {
        **cells,
        "移出经营异常名录原因": "已补报年度报告",
        "移出日期": "2024-09-01",
        "作出决定机关(移出)": "某某区市场监督管理局",
    }
    (record,) = read("abnormal_operations", removed).records
    assert record.content == entry("abnormal_operations", cells)
    assert record.events == (
        EventStatement(
            kind=EventKind.REMOVED, on=When(date(2024, 9, 1)), by="某某区市场监督管理局", reason="已补报年度报告"
        ),
    )


def test_an_entry_taken_off_before_it_was_made_rejects_the_row(credit_code: Make) -> None:
    with pytest.raises(FieldInvalid, match="早于"):
        read("abnormal_operations", cells_of("abnormal_operations", credit_code(1), 移出日期="2024-07-07"))


@pytest.mark.parametrize("change", [{}, {"移出日期": "/"}, {"移出日期": "2024-09-01", "状态": "异议中"}])
@pytest.mark.parametrize("source", ["abnormal_operations", "serious_violations", "safety_list"])
def test_a_state_not_known_or_over_without_its_day_rejects_the_row(
    credit_code: Make, source: str, change: Cells
) -> None:
    with pytest.raises(FieldInvalid, match="移出日期"):
        read(source, cells_of(source, credit_code(1), **{"状态": "已移出", **change}))


def test_an_entry_in_force_that_was_taken_off_stands_and_is_told_to_a_person(credit_code: Make) -> None:
    cells = cells_of("abnormal_operations", credit_code(1), 状态="列入", 移出日期="2024-09-01")
    loaded = read("abnormal_operations", cells)
    assert not loaded.records[0].events
    assert "移出" in loaded.doubts[0][0]
    over = read("abnormal_operations", {**cells, "状态": "已移出"})
    assert [event.kind for event in over.records[0].events] == [EventKind.REMOVED]
