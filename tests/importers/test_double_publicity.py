"""Penalties in the double publicity: rows of both layouts, remarks, states and days, and the forms of files."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from credit.errors import FieldInvalid, LayoutDrift
from credit.model.party import PartyKind
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind
from importers.rows import rows_of
from importers.snapshot import take_snapshot
from tests.importers.publicity_rows import IMPORTER, SOURCE, Cells, Make, old_row, penalty, read, row
from tests.importers.reading import penalty_of, read_file

__all__ = ["old_row", "row"]


def test_a_row_of_2018_is_a_penalty_on_the_party_it_names(row: Cells, credit_code: Make) -> None:
    loaded = read(row)
    (party,) = loaded.parties
    assert (party.id, party.kind, party.name) == (credit_code(1), PartyKind.ORGANISATION, "某某建设有限公司")
    assert party.only_if_new
    (record,) = loaded.records
    assert record.party == credit_code(1)
    assert record.source == SOURCE
    assert record.content == Penalty(
        doc_no="资财罚〔2024〕1号",
        authority=Authority("资阳市财政局", id=credit_code(9, prefix="11")),
        decided_on=date(2024, 8, 1),
        violation="提供虚假材料谋取中标；在某项目中提供虚假检测报告",
        category=Category.FALSE_MATERIALS,
        kinds=(PenaltyKind.FINE, PenaltyKind.BAN, PenaltyKind.BAD_CONDUCT_LISTING),
        fine=Decimal("2000.00"),
        legal_basis=("中华人民共和国政府采购法 77¶1",),
        ban=Ban(scope=BanScope.PROCUREMENT, months=12),
    )


def test_a_row_of_2015_is_read_with_what_its_layout_has(old_row: Cells, credit_code: Make) -> None:
    loaded = read(old_row)
    assert loaded.parties[0].id == f"org:{credit_code(1)[8:17]}"
    held = penalty(old_row)
    assert held.kinds == (PenaltyKind.FINE, PenaltyKind.WARNING)
    assert held.fine == Decimal("30000.00")
    assert held.authority == Authority("资阳市财政局", region="512000")
    assert held.decided_on == date(2015, 12, 1)


@pytest.mark.parametrize(
    ("violation", "category"),
    [
        ("串通投标", "collusion"),
        ("捏造事实进行投诉", "malicious_complaint"),
        ("以不合理条件限制供应商", "discriminatory_terms"),
        ("超标排放", "other"),
    ],
)
def test_conduct_is_told_by_its_words(row: Cells, violation: str, category: str) -> None:
    assert penalty({**row, "CF_WFXW": violation, "CF_SY": ""}).category is Category(category)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("CF_WSH", ""),
        ("CF_CFJG", ""),
        ("CF_JDRQ", ""),
        ("CF_JDRQ", "2099/12/31"),
        ("CF_JDRQ", "2024-02-30"),
        ("CF_XDR_LB", "外星人"),
        ("CF_NR_FK", "二十"),
        ("CF_XDR_MC", ""),
        ("CF_NR", "在一至三年内禁止参加政府采购活动"),
    ],
)
def test_a_needed_cell_that_is_empty_or_not_understood_rejects_the_row(row: Cells, field: str, value: str) -> None:
    with pytest.raises(FieldInvalid):
        read({**row, field: value})


@pytest.mark.parametrize("state", ["1", "撤销", "异议"])
def test_a_decision_that_no_longer_stands_is_for_a_person(old_row: Cells, state: str) -> None:
    with pytest.raises(FieldInvalid, match="撤销"):
        read({**old_row, "CF_ZT": state})


def test_a_wrong_code_of_the_authority_does_not_lose_the_penalty(row: Cells) -> None:
    assert penalty({**row, "CF_CFJGDM": "123"}).authority == Authority("资阳市财政局")


@pytest.mark.parametrize(
    "remark",
    [
        "已撤销",
        "该处罚决定已被复议撤销",
        "2025-03-01已移出",
        "信用已修复",
        "停止执行",
        "处罚金额更正",
        "当事人提出异议",
        "确认无效",
    ],
)
def test_a_remark_that_the_decision_may_not_stand_is_for_a_person(row: Cells, old_row: Cells, remark: str) -> None:
    for cells in (row, old_row):
        with pytest.raises(FieldInvalid, match="备注"):
            read({**cells, "BZ": remark})
        assert read({**cells, "BZ": "首次违法"}).records


@pytest.mark.parametrize(
    "remark",
    [
        "无变更",
        "法定代表人变更",
        "未申请行政复议，未提起行政诉讼",
        "如不服本决定，可在60日内向某市人民政府申请行政复议，也可在六个月内向人民法院提起行政诉讼",
        "公示期满自动撤下",
    ],
)
def test_the_usual_instruction_on_appeal_and_what_says_the_opposite_lose_no_row(row: Cells, remark: str) -> None:
    assert penalty({**row, "BZ": remark}) == penalty(row)


def test_a_remark_before_our_own_supplement_counts_and_the_supplement_does_not(row: Cells) -> None:
    told = '登记补充：{"违法事实原文": "捏造诉讼材料"}'
    assert penalty({**row, "BZ": told}).violation == "捏造诉讼材料"
    with pytest.raises(FieldInvalid, match="备注写有“撤销”"):
        read({**row, "BZ": f"已撤销。{told}"})


def test_conduct_must_be_told(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="违法"):
        read({**row, "CF_WFXW": "", "CF_SY": ""})


@pytest.mark.parametrize("state", ["1", "2", "3", "撤销"])
def test_a_state_that_a_province_adds_to_the_layout_of_2018_counts(row: Cells, state: str) -> None:
    with pytest.raises(FieldInvalid, match="当前状态"):
        read({**row, "CF_ZT": state})
    assert penalty({**row, "CF_ZT": "0"}).doc_no == row["CF_WSH"]


@pytest.mark.parametrize("day", ["2024/08/01", "2024年8月1日", "20240801", "2024-8-1 00:00:00"])
def test_a_day_is_read_however_it_is_written(row: Cells, day: str) -> None:
    assert penalty({**row, "CF_JDRQ": day}).decided_on == date(2024, 8, 1)


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gbk", "utf-16", "xlsx"])
def test_a_file_of_any_form_is_read_with_its_columns_in_any_order(
    row: Cells, write_csv: Callable[..., Path], write_xlsx: Callable[..., Path], form: str
) -> None:
    shuffled = dict(sorted(row.items(), reverse=True))
    path = write_xlsx([shuffled, shuffled]) if form == "xlsx" else write_csv([shuffled, shuffled], form)
    rows, rejected = read_file(IMPORTER, path)
    assert rejected == []
    assert [penalty_of(loaded) for loaded in rows] == [penalty(row)] * 2


@pytest.mark.parametrize(
    ("head", "other"), [("CF_NR_FK", "罚款金额(元)"), ("CF_CFLB", "处罚种类"), ("CF_XDR_SHXYM", "代码")]
)
def test_a_drifted_header_stops_the_file(row: Cells, write_csv: Callable[..., Path], head: str, other: str) -> None:
    drifted = {other if name == head else name: text for name, text in row.items()}
    with pytest.raises(LayoutDrift, match=re.escape(other)):
        rows_of(take_snapshot(write_csv([drifted])), IMPORTER.spec)


def test_a_file_that_breaks_off_loses_no_row_in_silence(row: Cells, write_csv: Callable[..., Path]) -> None:
    path = write_csv([row, row, row])
    path.write_bytes(path.read_bytes()[:-40])
    rows, rejected = read_file(IMPORTER, path)
    assert (len(rows), len(rejected)) == (2, 1)


def test_a_text_too_long_to_be_searched_is_for_a_person(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="4000"):
        read({**row, "CF_NR": "罚款2000元。" + "某" * 4_000})


def test_long_facts_are_taken_whole(row: Cells) -> None:
    facts = "在某项目中提供虚假检测报告。" * 3_000
    assert penalty({**row, "CF_SY": facts}).violation.endswith(facts)
