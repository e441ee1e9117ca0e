"""Notices here are written by us after the two templates in use and the shifted one; names and codes are invented."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit.errors import LayoutDrift
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintOutcome
from credit.model.party import Role
from credit.model.record import Source
from credit.model.statements import ComplaintInRow, LoadRow
from importers.complaint_notices import importer
from importers.rows import rows_of
from importers.snapshot import take_snapshot
from importers.source import Rejected, Row, Taken

IMPORTER = importer()
Make = Callable[..., str]
O = ComplaintOutcome  # noqa: E741 - short in tables
TITLE = "云溪市财政局投诉处理结果公告"

FORM = """云溪市财政局投诉处理结果公告
（云财采投〔2025〕8号）
一、项目编号：YX-2025-011
二、项目名称：云溪市图书馆设备采购项目
{shift}{three}、相关当事人
投诉人：青岚科技有限公司（统一社会信用代码：{filer}）
地址：云溪市平安路1号
被投诉人1：云溪市图书馆（统一社会信用代码：{purchaser}）
地址：云溪市平安路2号
被投诉人2：松涛招标代理有限公司
地址：云溪市平安路3号
相关供应商：白鹭科技有限公司
地址：云溪市平安路4号
{four}、基本情况
投诉人对质疑答复不满，于2025年3月3日向本机关提起投诉，本机关于2025年3月4日受理。
投诉事项1：评审标准没有量化。
投诉事项2：中标供应商业绩不实。
投诉事项3：采购文件指定品牌。
{five}、处理依据及结果
{results}
如不服本决定，可以在收到之日起六十日内申请行政复议。
{six}、其他补充事宜
无
云溪市财政局
2025年4月10日
"""
CITED = "根据《政府采购质疑和投诉办法》（财政部令第94号）第二十九条第（二）项"
MIXED = (
    f"{CITED}、第三十二条的规定，投诉事项1、3缺乏事实依据，驳回投诉事项1、3；投诉事项2成立，中标结果无效，"
    "责令重新开展采购活动。"
)
UNFOUNDED = f"{CITED}的规定，投诉事项1、2、3缺乏事实依据，投诉事项不成立，驳回投诉。"
LETTER = """政府采购投诉处理决定书〔2025〕9号
投诉人：青岚科技有限公司（统一社会信用代码：{filer}）
地址：云溪市平安路1号
被投诉人：云溪市图书馆（统一社会信用代码：{purchaser}）
地址：云溪市平安路2号
投诉人对云溪市图书馆设备采购项目（项目编号：YX-2025-011）的质疑答复不满意，于2025年3月3日向本机关提起投诉，本机关于2025年3月4日收到。
一、投诉人诉称
投诉事项1：评审标准没有量化，要求：
1.第一章应当改正；
2.第二章应当改正。
投诉事项2：中标供应商业绩不实。
二、被投诉人答复
均不属实。
三、查明
评审标准已经量化。
四、决定
{results}
云溪市财政局
2025年4月10日
"""


@pytest.fixture
def codes(credit_code: Make) -> Mapping[str, str]:
    return {"filer": credit_code(1), "purchaser": credit_code(2, prefix="12")}


@pytest.fixture
def form(codes: Mapping[str, str]) -> Callable[..., str]:
    def make(results: str = MIXED, *, shifted: bool = False) -> str:
        shift, numerals = ("三、采购日期：2025-01-05\n", "四五六七") if shifted else ("", "三四五六")
        three, four, five, six = numerals
        return FORM.format(shift=shift, three=three, four=four, five=five, six=six, results=results, **codes)

    return make


def read(text: str, title: str = TITLE, **fields: str) -> Taken | Rejected:
    values = {"title": title, "text": text, **fields}
    (part,) = IMPORTER.parse([Row(1, values, values)], Source("公告"))
    return part


def loaded(part: Taken | Rejected) -> LoadRow:
    assert isinstance(part, Taken), part
    return part.load


def told(part: Taken | Rejected) -> ComplaintInRow:
    (complaint,) = loaded(part).complaints
    return complaint


def decision(part: Taken | Rejected) -> ComplaintEvent:
    (found,) = [e for e in told(part).events if e.kind is ComplaintEventKind.DECIDED]
    return found


def outcomes(part: Taken | Rejected) -> tuple[ComplaintOutcome | None, dict[int, ComplaintOutcome]]:
    event = decision(part)
    return event.outcome, {i.item: i.outcome for i in event.items}


def reason(part: Taken | Rejected) -> str:
    assert isinstance(part, Rejected), part
    return part.zh


MIXED_OUTCOME = (O.PARTLY_UPHELD, {1: O.REJECTED_UNFOUNDED, 2: O.UPHELD_EFFECT, 3: O.REJECTED_UNFOUNDED})


@pytest.mark.parametrize("shifted", [False, True])
def test_the_web_form_is_read_with_and_without_the_section_that_shifts_the_numbers(
    form: Callable[..., str], codes: Mapping[str, str], shifted: bool
) -> None:
    part = read(form(shifted=shifted))
    letter: Complaint = told(part).content
    assert (letter.complaint_no, letter.project_no, letter.office.name) == (
        "云财采投〔2025〕8号",
        "YX-2025-011",
        "云溪市财政局",
    )
    assert (letter.complainants, letter.respondents) == ((codes["filer"],), (codes["purchaser"],))
    assert (letter.filed_on, decision(part).on) == (date(2025, 3, 3), date(2025, 4, 10))
    assert letter.items == ("评审标准没有量化。", "中标供应商业绩不实。", "采购文件指定品牌。")
    assert letter.source is not None
    assert letter.source.kind == "notice"
    assert outcomes(part) == MIXED_OUTCOME


def test_the_decision_letter_is_read(codes: Mapping[str, str]) -> None:
    part = read(
        LETTER.format(results=f"{CITED}的规定，投诉事项1、2均不成立，驳回投诉。", **codes), title="投诉处理决定"
    )
    letter = told(part).content
    assert (letter.complaint_no, letter.project_no) == ("政府采购投诉处理决定书〔2025〕9号", "YX-2025-011")
    assert (letter.filed_on, letter.received_on) == (date(2025, 3, 3), date(2025, 3, 4))
    assert [len(item.splitlines()) for item in letter.items] == [3, 1]
    assert outcomes(part) == (O.REJECTED_UNFOUNDED, {1: O.REJECTED_UNFOUNDED, 2: O.REJECTED_UNFOUNDED})


def test_a_respondent_known_by_name_alone_is_left_out_and_told_to_a_person(form: Callable[..., str]) -> None:
    part = loaded(read(form()))
    assert "松涛招标代理有限公司" in part.doubts[0][0]
    assert "松涛招标代理有限公司" not in {p.name for p in part.parties}


def test_a_complainant_known_by_name_alone_is_for_a_person_with_what_was_read(
    form: Callable[..., str], codes: Mapping[str, str]
) -> None:
    part = read(form().replace(f"（统一社会信用代码：{codes['filer']}）", ""))
    assert "Q27" in reason(part)
    assert isinstance(part, Rejected)
    assert part.raw["读出·结果"] == "partly_upheld；1：rejected_unfounded；2：upheld_effect；3：rejected_unfounded"
    assert (part.raw["读出·投诉人"], part.raw["读出·项目编号"]) == ("投诉人：青岚科技有限公司", "YX-2025-011")


QUOTED = (
    "根据《政府采购质疑和投诉办法》（财政部令第94号）第二十九条“投诉处理过程中，有下列情形之一的，财政部门应当驳回投诉：（二）投诉事项"
    "缺乏事实依据，投诉事项不成立”规定，本机关对投诉人的投诉事项处理决定如下：投诉事项缺乏事实依据，投诉事项不成立，驳回各项投诉。"
)
ALL_UNFOUNDED = (O.REJECTED_UNFOUNDED, dict.fromkeys((1, 2, 3), O.REJECTED_UNFOUNDED))


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (UNFOUNDED, ALL_UNFOUNDED),
        (QUOTED, ALL_UNFOUNDED),
        (f"1.投诉事项一至三缺乏事实依据。\n2.{CITED}规定，驳回投诉。", ALL_UNFOUNDED),
        (UNFOUNDED.replace("投诉事项1", "青岚公司的投诉事项1"), ALL_UNFOUNDED),
        (
            f"{CITED.replace('（二）', '（一）')}的规定，投诉事项不符合受理条件，驳回投诉。",
            (O.REJECTED_INADMISSIBLE, dict.fromkeys((1, 2, 3), O.REJECTED_INADMISSIBLE)),
        ),
        (
            f"{CITED.replace('（二）', '（三）')}的规定，投诉事项1、2、3属于捏造事实，驳回投诉。",
            (O.REJECTED_FABRICATED, dict.fromkeys((1, 2, 3), O.REJECTED_FABRICATED)),
        ),
        (
            "根据《政府采购质疑和投诉办法》第三十一条的规定，投诉事项1、2、3成立，不影响采购结果，继续开展采购活动。",
            (O.UPHELD_NO_EFFECT, dict.fromkeys((1, 2, 3), O.UPHELD_NO_EFFECT)),
        ),
    ],
)
def test_an_outcome_follows_from_the_article_and_the_words(
    form: Callable[..., str], results: str, expected: tuple[ComplaintOutcome, dict[int, ComplaintOutcome]]
) -> None:
    assert outcomes(read(form(results))) == expected


@pytest.mark.parametrize(
    "results",
    [
        UNFOUNDED.replace("（二）", "（三）"),
        UNFOUNDED.replace("（二）", "（一）"),
        UNFOUNDED.replace("第（二）项", ""),
        UNFOUNDED.replace("质疑和投诉办法》（财政部令第94号）", "法》"),
        UNFOUNDED.replace("1、2、3", "1、2"),
        UNFOUNDED.replace("1、2、3", "1、2、4"),
        UNFOUNDED.replace("不成立", "成立"),
        UNFOUNDED.replace("投诉事项1", "白鹭公司的投诉事项1"),
        UNFOUNDED.replace("投诉事项1", "科技公司的投诉事项1"),
        UNFOUNDED.replace("缺乏事实依据", "因?qū)φ少彁阂赓|(zhì)疑缺乏事实依据"),
        UNFOUNDED.replace("缺乏", "部分缺乏"),
        UNFOUNDED + "投诉事项2的其他内容成立。",
        UNFOUNDED + "撤销本机关作出的决定。",
        MIXED.replace("，中标结果无效，责令重新开展采购活动", ""),
        MIXED.replace("中标结果无效", "不影响采购结果"),
        MIXED.replace("中标结果无效，责令重新开展采购活动", "不必然影响采购结果"),
        MIXED.replace("、第三十二条", ""),
        MIXED.replace("驳回投诉事项1、3", "驳回投诉事项1、2"),
        f"{CITED}、第（三）项的规定，投诉事项1、2、3不成立，驳回投诉。",
        "驳回投诉。",
        "无",
    ],
)
def test_where_article_and_words_do_not_agree_a_person_must_read(form: Callable[..., str], results: str) -> None:
    assert reason(read(form(results)))


@pytest.mark.parametrize(
    ("words", "instead", "why"),
    [
        ("青岚科技有限公司", "青岚**有限公司", "掩码"),
        ("云溪市财政局\n2025年4月10日\n", "", "落款"),
        ("于2025年3月3日向", "向", "日期"),
        ("（云财采投〔2025〕8号）", "（云财采投〔2025〕*号）", "文号"),
        ("一、项目编号：YX-2025-011", "一、项目编号：云溪市图书馆设备采购公司", "错位"),
        ("二、项目名称：云溪市图书馆设备采购项目", "二、项目名称：2025-01-05", "错位"),
        ("四、基本情况", "四、专家意见", "未知"),
        ("四、基本情况", "五、基本情况", "次序"),
        ("地址：云溪市平安路1号", "采购日期：2025-01-05", "未知"),
        ("投诉事项2：", "投诉事项4：", "不连续"),
        ("投诉人：", "举报人：", "未知"),
        ("投诉处理结果公告", "监督检查处理结果公告", "不是投诉"),
    ],
)
def test_what_is_masked_cut_off_shuffled_or_displaced_is_not_read(
    form: Callable[..., str], words: str, instead: str, why: str
) -> None:
    text = form()
    assert words in text
    assert why in reason(read(text.replace(words, instead), title=TITLE.replace(words, instead)))


def test_a_masked_project_number_is_left_out(form: Callable[..., str]) -> None:
    part = read(form().replace("YX-2025-011", "YX-2025-***"))
    assert told(part).content.project_no is None
    assert any("项目编号" in zh for zh, _ in loaded(part).doubts)


def test_two_complainants_are_read_only_where_they_complain_jointly(
    form: Callable[..., str], credit_code: Make
) -> None:
    second = f"地址：云溪市平安路1号\n投诉人2：晴川科技有限公司（统一社会信用代码：{credit_code(5)}）"
    text = form().replace("地址：云溪市平安路1号", second).replace("投诉人：", "投诉人1：", 1)
    assert "多个投诉人" in reason(read(text))
    assert len(told(read(text.replace("投诉人对质疑", "投诉人共同投诉，对质疑"))).content.complainants) == 2


def test_a_short_name_stands_for_the_one_party_that_the_text_announces(form: Callable[..., str]) -> None:
    short = form().replace("投诉人：青岚科技有限公司", "投诉人：青岚公司")
    announced = short.replace("投诉人对质疑", "青岚科技有限公司（以下简称“青岚公司”）对质疑")
    assert {p.name for p in loaded(read(announced)).parties} >= {"青岚科技有限公司"}
    twice = announced.replace("投诉事项1：", "青岚电子有限公司（以下简称“青岚公司”）也参加。\n投诉事项1：")
    assert "多个全称" in reason(read(twice))


def test_the_purchaser_and_the_agency_are_told_by_their_labels(
    form: Callable[..., str], codes: Mapping[str, str]
) -> None:
    text = (
        form()
        .replace("被投诉人1：", "被投诉人1（采购人）：")
        .replace("代理有限公司", "代理有限公司（以下称代理机构）", 1)
    )
    assert [p.roles for p in loaded(read(text)).parties] == [(Role.SUPPLIER,), (Role.PURCHASER,)]
    part = read(text.replace(codes["filer"], "某代码"))
    assert isinstance(part, Rejected)
    assert part.raw["读出·代理机构"] == "被投诉人2：松涛招标代理有限公司"


def test_a_code_on_a_line_of_its_own_identifies_nobody(codes: Mapping[str, str]) -> None:
    text = LETTER.format(results=f"{CITED}的规定，投诉事项1、2均不成立，驳回投诉。", **codes)
    below = text.replace(f"（统一社会信用代码：{codes['filer']}）", f"\n统一社会信用代码：{codes['filer']}", 1)
    assert "另起一行" in reason(read(below, title="投诉处理决定"))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 40), to=st.integers(0, 40), moved=st.booleans())
def test_with_a_line_doubled_or_moved_nobody_gets_another_outcome(
    form: Callable[..., str], codes: Mapping[str, str], at: int, to: int, moved: bool
) -> None:
    lines = form().splitlines()
    line = lines[at % len(lines)]
    if moved:
        del lines[at % len(lines)]
    lines.insert(to % len(lines), line)
    part = read("\n".join(lines))
    if isinstance(part, Taken):
        assert told(part).content.complainants == (codes["filer"],)
        assert outcomes(part) == MIXED_OUTCOME


def test_with_any_two_lines_in_each_others_place_nobody_gets_another_outcome(
    form: Callable[..., str], codes: Mapping[str, str]
) -> None:
    lines = form().splitlines()
    taken = 0
    for one, other in combinations(range(len(lines)), 2):
        turned = list(lines)
        turned[one], turned[other] = turned[other], turned[one]
        part = read("\n".join(turned))
        if isinstance(part, Taken):
            taken += 1
            assert told(part).content.complainants == (codes["filer"],)
            assert outcomes(part) == MIXED_OUTCOME
    assert taken


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.8, 0.9, 0.97])
def test_nothing_is_taken_of_a_text_that_was_cut_off_and_nothing_of_one_that_is_doubled(
    form: Callable[..., str], keep: float
) -> None:
    text = form()
    assert reason(read(text[: int(len(text) * keep)]))
    assert reason(read(text + text))


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_page_is_read_in_its_encoding(form: Callable[..., str], tmp_path: Path, encoding: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in form(UNFOUNDED).splitlines())
    path = tmp_path / "notice.html"
    path.write_bytes(f"<html><head><title>x</title></head><body>{body}</body></html>".encode(encoding))
    (part,) = IMPORTER.parse(rows_of(take_snapshot(path), IMPORTER.spec), Source("公告"))
    assert outcomes(part) == ALL_UNFOUNDED


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.splitlines())


MARKUP: Mapping[str, Callable[[str], str]] = {
    "attributes": lambda text: _paragraphs(text).replace("<p>", "<P style='x' class=\"a b\" align=left>"),
    "line breaks": lambda text: f"<div>{text.replace(chr(10), '<br/>')}</div>",
    "blanks": lambda text: _paragraphs(text).replace("<p>", "<p>\n&nbsp;&nbsp;\u3000").replace("</p>", "\n </p>\n"),
    "spans": lambda text: _paragraphs(text).replace("投诉事项", "<span>投诉</span><b>事<i>项</i></b>"),
    "nested tables": lambda text: (
        f"<table><tr><td><table><tr><td>{_paragraphs(text)}</td></tr></table></td></tr></table>"
    ),
    "scripts": lambda text: f"<script>var a='投诉人：他人';</script>{_paragraphs(text)}<style>p{{}}</style>",
}


@pytest.mark.parametrize("markup", sorted(MARKUP))
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_page_reads_the_same_in_other_markup(
    form: Callable[..., str], tmp_path: Path, markup: str, encoding: str
) -> None:
    path = tmp_path / "notice.html"
    path.write_bytes(f"<!DOCTYPE html><html><body>{MARKUP[markup](form())}</body></html>".encode(encoding))
    (part,) = IMPORTER.parse(rows_of(take_snapshot(path), IMPORTER.spec), Source("公告"))
    assert outcomes(part) == MIXED_OUTCOME
    assert told(part).content == told(read(form())).content


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 2000), sign=st.sampled_from("*?□\ufffd"))
def test_with_a_sign_lost_anywhere_the_outcome_and_the_parties_are_right_or_missing(
    form: Callable[..., str], codes: Mapping[str, str], at: int, sign: str
) -> None:
    text = form()
    part = read(text[: at % len(text)] + sign + text[at % len(text) + 1 :])
    if isinstance(part, Taken):
        assert told(part).content.complainants == (codes["filer"],)
        assert outcomes(part) == MIXED_OUTCOME
        assert (told(part).content.filed_on, told(part).content.complaint_no) == (
            date(2025, 3, 3),
            "云财采投〔2025〕8号",
        )


def test_the_series_of_the_ministry_numbers_its_notices(form: Callable[..., str]) -> None:
    head = "中华人民共和国财政部政府采购信息公告（第二千九百一十七号）"
    part = read(form().replace("（云财采投〔2025〕8号）", head))
    assert (told(part).content.complaint_no, decision(part).doc_no) == (head, None)


def test_the_number_of_a_decision_is_told_of_the_decision(form: Callable[..., str]) -> None:
    assert decision(read(form())).doc_no == "云财采投〔2025〕8号"


def test_a_text_in_traditional_signs_with_their_sounds_is_repaired(form: Callable[..., str]) -> None:
    assert outcomes(read(form(UNFOUNDED.replace("投诉事项", "投訴(sù)事項(xiàng)")))) == ALL_UNFOUNDED


def test_a_page_that_was_cut_off_is_not_read(form: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "notice.html"
    path.write_text(f"<html><body><p>{'</p><p>'.join(form().splitlines())}", encoding="utf-8")
    (part,) = IMPORTER.parse(rows_of(take_snapshot(path), IMPORTER.spec), Source("公告"))
    assert "不完整" in reason(part)


def test_a_page_of_another_sort_stops_the_import(tmp_path: Path) -> None:
    path = tmp_path / "notice.html"
    path.write_text("<html><body><p>成交结果公告</p></body></html>", encoding="utf-8")
    with pytest.raises(LayoutDrift):
        rows_of(take_snapshot(path), IMPORTER.spec)
