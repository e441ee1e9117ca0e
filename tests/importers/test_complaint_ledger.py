"""Ledgers here are written by us in the columns that the source's TOML names; names and codes are invented."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from credit.errors import LayoutDrift
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintLaw, ComplaintOutcome
from credit.model.record import Authority
from credit.model.statements import LoadRow
from importers.complaint_ledger import importer
from importers.rows import rows_of
from importers.snapshot import take_snapshot
from importers.source import Rejected
from tests.importers.reading import read_file

IMPORTER = importer()
Make = Callable[..., str]
Write = Callable[..., Path]
Line = Callable[..., dict[str, str]]


@pytest.fixture
def line(credit_code: Make) -> Line:
    def make(**changes: str) -> dict[str, str]:
        row = {
            "投诉编号": "云财投诉〔2025〕3号",
            "受理机关": "云溪市财政局",
            "行政区划代码": "512000",
            "项目编号": "YX-2025-011",
            "投诉人": "青岚科技有限公司",
            "投诉人统一社会信用代码": credit_code(1),
            "被投诉人": "云溪市图书馆",
            "被投诉人统一社会信用代码": credit_code(2, prefix="12"),
            "投诉类别": "政府采购",
            "投诉日期": "2025-03-03",
            "收到日期": "2025/3/4",
            "投诉事项": "1.评审标准没有量化\n2.业绩不实",
            "是否参加采购活动": "是",
            "受理日期": "2025年3月4日",
            "撤回日期": "",
            "处理决定日期": "2025-04-10",
            "处理决定书文号": "云财采投〔2025〕8号",
            "处理结果": "驳回",
            "各事项处理结果": "",
            "依据条款": "94号令第二十九条第（二）项",
        }
        assert changes.keys() <= row.keys()
        return {**row, **changes}

    return make


def taken(path: Path) -> LoadRow:
    rows, rejected = read_file(IMPORTER, path)
    assert not rejected
    return rows[0]


def refused(path: Path) -> str:
    rows, rejected = read_file(IMPORTER, path)
    assert not rows
    assert all(isinstance(row, Rejected) for row in rejected)
    return "".join(row.zh for row in rejected)


def letter_in(path: Path) -> Complaint:
    (told,) = taken(path).complaints
    return told.content


def events_in(path: Path) -> tuple[ComplaintEvent, ...]:
    (told,) = taken(path).complaints
    return told.events


def test_a_row_is_a_letter_with_its_parties_days_and_items(write_xlsx: Write, line: Line, credit_code: Make) -> None:
    letter = letter_in(write_xlsx([line()]))
    assert (letter.complaint_no, letter.office) == ("云财投诉〔2025〕3号", Authority("云溪市财政局", None, "512000"))
    assert (letter.complainants, letter.respondents) == ((credit_code(1),), (credit_code(2, prefix="12"),))
    assert (letter.law, letter.filed_on) == (ComplaintLaw.PROCUREMENT, date(2025, 3, 3))
    assert (letter.received_on, letter.participated) == (date(2025, 3, 4), True)
    assert letter.items == ("评审标准没有量化", "业绩不实")
    assert letter.source is not None
    assert letter.source.kind == "ledger"


def test_what_happened_to_a_letter_is_its_events(write_xlsx: Write, line: Line) -> None:
    accepted, decided = events_in(write_xlsx([line()]))
    assert (accepted.kind, accepted.on) == (ComplaintEventKind.ACCEPTED, date(2025, 3, 4))
    assert (decided.kind, decided.outcome) == (ComplaintEventKind.DECIDED, ComplaintOutcome.REJECTED_UNFOUNDED)
    assert (decided.on, decided.doc_no) == (date(2025, 4, 10), "云财采投〔2025〕8号")


def test_a_csv_in_gbk_reads_as_the_workbook(write_csv: Write, write_xlsx: Write, line: Line) -> None:
    rows = [line(投诉事项="1.评审标准没有量化")]
    (told,) = taken(write_csv(rows, "gbk")).complaints
    assert told == taken(write_xlsx(rows)).complaints[0]


def test_a_withdrawn_letter_has_no_decision(write_xlsx: Write, line: Line) -> None:
    events = events_in(
        write_xlsx([line(撤回日期="2025-03-20", 处理决定日期="", 处理决定书文号="", 处理结果="撤回", 依据条款="")])
    )
    assert [e.kind for e in events] == [ComplaintEventKind.ACCEPTED, ComplaintEventKind.WITHDRAWN]


def test_outcomes_are_told_item_by_item(write_xlsx: Write, line: Line) -> None:
    told = {"处理结果": "部分成立", "依据条款": "", "各事项处理结果": "1：缺乏事实依据；2：成立（影响采购结果）"}
    decided = events_in(write_xlsx([line(**told)]))[-1]
    assert decided.outcome is ComplaintOutcome.PARTLY_UPHELD
    assert {i.item: i.outcome for i in decided.items} == {
        1: ComplaintOutcome.REJECTED_UNFOUNDED,
        2: ComplaintOutcome.UPHELD_EFFECT,
    }


def test_joint_complainants_each_have_their_code(write_xlsx: Write, line: Line, credit_code: Make) -> None:
    both = {
        "投诉人": "青岚科技有限公司；晴川科技有限公司",
        "投诉人统一社会信用代码": f"{credit_code(1)}；{credit_code(3)}",
    }
    assert letter_in(write_xlsx([line(**both)])).complainants == (credit_code(1), credit_code(3))


def test_a_respondent_without_a_code_is_left_out_and_told_to_a_person(write_xlsx: Write, line: Line) -> None:
    row = taken(write_xlsx([line(被投诉人统一社会信用代码="")]))
    assert row.complaints[0].content.respondents == ()
    assert "Q27" in row.doubts[0][0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"投诉人统一社会信用代码": ""}, "Q27"),
        ({"投诉人统一社会信用代码": "11010519080101001X"}, "没有有效"),
        ({"投诉人统一社会信用代码": "110105080101001"}, "没有有效"),
        ({"投诉人": "青岚**有限公司"}, "掩码"),
        ({"投诉人": "青岚科技有限公司；晴川科技有限公司"}, "对应"),
        ({"投诉编号": "云财投诉〔2025〕*号"}, "掩码"),
        ({"投诉日期": ""}, "投诉日期"),
        ({"受理机关": "云溪市财"}, "截断"),
        ({"投诉类别": "其他"}, "适用法律"),
        ({"依据条款": ""}, "不能确定"),
        ({"依据条款": "94号令第三十二条"}, "不能确定"),
        ({"依据条款": "政府采购法第五十六条"}, "无法识别"),
        ({"处理结果": "已办结"}, "无法识别"),
        ({"处理决定日期": ""}, "日期"),
        ({"处理结果": "", "依据条款": ""}, "不能确定"),
        ({"处理结果": "撤回", "依据条款": ""}, "日期"),
        ({"各事项处理结果": "1：缺乏事实依据；2：成立（影响采购结果）"}, "不一致"),
        ({"各事项处理结果": "1：缺乏事实依据"}, "对不上"),
        ({"投诉事项": "1.评审标准没有量化\n3.业绩不实"}, "编号"),
        ({"投诉事项": "因?qū)φ少彁阂赓|(zhì)疑"}, "损坏"),
    ],
)
def test_what_is_not_certain_goes_to_a_person(write_xlsx: Write, line: Line, changes: dict[str, str], why: str) -> None:
    assert why in refused(write_xlsx([line(**changes)]))


def test_a_new_heading_stops_the_file(write_xlsx: Write, line: Line) -> None:
    path = write_xlsx([{**line(), "投诉人信誉分": "3"}])
    with pytest.raises(LayoutDrift):
        rows_of(take_snapshot(path), IMPORTER.spec)


def test_a_missing_column_stops_the_file(write_xlsx: Write, line: Line) -> None:
    row = line()
    del row["投诉人统一社会信用代码"]
    with pytest.raises(LayoutDrift):
        rows_of(take_snapshot(write_xlsx([row])), IMPORTER.spec)


def test_a_doubled_and_a_shuffled_copy_tell_the_same_letters(write_xlsx: Write, line: Line, credit_code: Make) -> None:
    rows = [line(), line(投诉编号="云财投诉〔2025〕4号", 投诉人统一社会信用代码=credit_code(4))]
    once, _ = read_file(IMPORTER, write_xlsx(rows))
    turned, _ = read_file(IMPORTER, write_xlsx([*reversed(rows), *rows]))
    numbers = {row.complaints[0].content.complaint_no: row.complaints[0].content.complainants for row in once}
    assert len(numbers) == len(rows)
    for row in turned:
        letter = row.complaints[0].content
        assert numbers[letter.complaint_no] == letter.complainants
