from datetime import date
from decimal import Decimal

import pytest

from credit.errors import FieldInvalid
from credit.model.record import Ban, BanScope
from credit.model.when import When
from importers.decisions import ban_in, citations_in, fines_in
from importers.sanctions import sanction_of


@pytest.mark.parametrize(
    ("text", "fines"),
    [
        ("罚款200元", ["200"]),
        ("处以罚款人民币200万元", ["2000000"]),
        ("罚款人民币１２，３４５．６７元", ["12345.67"]),
        ("处二千元的罚款", ["2000"]),
        ("罚款贰佰万元整（2000000元）", ["2000000"]),
        ("没收违法所得3000元，罚款5000元", ["5000"]),
        ("处以采购金额千分之五的罚款，计人民币5000元", ["5000"]),
        ("对单位罚款20万元；对直接责任人员罚款1万元", ["200000", "10000"]),
        ("依法可处二百元以上二千元以下罚款", []),
        ("罚款二万元以上五万元以下", []),
        ("逾期每日按罚款数额的3%加处罚款", []),
        ("警告", []),
    ],
)
def test_the_fines_that_a_text_states_are_found(text: str, fines: list[str]) -> None:
    assert fines_in(text) == tuple(Decimal(f) for f in fines)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("一年内禁止参加政府采购活动", 12),
        ("1年内禁止参加政府采购活动", 12),
        ("十二个月内禁止参加政府采购活动", 12),
        ("罚款5000元，列入不良行为记录名单，在三年内禁止参加政府采购活动", 36),
        ("自处罚决定书送达之日起两年内，禁止其参加全国政府采购活动", 24),
        ("禁止在一年内参加政府采购活动", 12),
        ("禁止参加政府采购活动一年", 12),
        ("禁止参加政府采购活动（期限：２年）", 24),
        ("二年内不得参加政府采购活动。", 24),
        ("禁止参加政府采购活动", None),
    ],
)
def test_a_plain_ban_from_procurement_is_read(text: str, months: int | None) -> None:
    assert ban_in(text) == Ban(scope=BanScope.PROCUREMENT, months=months)


def test_the_days_that_a_ban_states_are_kept() -> None:
    assert ban_in("自2024年8月1日至2025年7月31日禁止参加政府采购活动") == Ban(
        scope=BanScope.PROCUREMENT, from_=When(date(2024, 8, 1)), until=date(2025, 7, 31)
    )


def test_days_in_brackets_behind_a_term_must_agree_with_it() -> None:
    said = "在一年内（自2024年8月1日至2025年7月31日）禁止参加政府采购活动"
    assert ban_in(said) == Ban(
        scope=BanScope.PROCUREMENT, from_=When(date(2024, 8, 1)), until=date(2025, 7, 31), months=12
    )
    with pytest.raises(FieldInvalid, match="人工"):
        ban_in(said.replace("2025", "2026"))


@pytest.mark.parametrize(
    ("text", "scope", "months"),
    [
        ("禁止其在一年内代理政府采购业务", BanScope.AGENCY_WORK, 12),
        ("一年内禁止从事政府采购代理业务", BanScope.AGENCY_WORK, 12),
        ("禁止参加政府采购评审活动", BanScope.REVIEW_WORK, None),
        ("取消其二年内参加依法必须进行招标的项目的投标资格", BanScope.STATUTORY_TENDERS, 24),
    ],
)
def test_other_bans_keep_their_scope(text: str, scope: BanScope, months: int | None) -> None:
    assert ban_in(text) == Ban(scope=scope, months=months)


@pytest.mark.parametrize(
    "text",
    [
        "在一至三年内禁止参加政府采购活动",
        "1-3年内禁止参加政府采购活动",
        "不予禁止参加政府采购活动",
        "在本市一年内禁止参加政府采购活动",
        "一年内禁止参加资阳市政府采购活动",
        "三年内有违法记录，一年内禁止参加政府采购活动",
        "一年内禁止参加政府采购活动；二年内禁止参加政府采购活动",
        "禁止一年零六个月内参加政府采购活动",
        "解除一年内禁止参加政府采购活动的处罚",
        "禁止有关人员进入政府采购领域",
    ],
)
def test_a_ban_that_leaves_a_doubt_is_for_a_person(text: str) -> None:
    with pytest.raises(FieldInvalid, match="人工"):
        ban_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "半年内禁止参加政府采购活动",
        "一年半内禁止参加政府采购活动",
        "一个半月内禁止参加政府采购活动",
        "180日内禁止参加政府采购活动",
        "一百八十天内禁止参加政府采购活动",
        "十二月内禁止参加政府采购活动",
        "两个季度内禁止参加政府采购活动",
        "禁止参加政府采购活动30个工作日",
        "1.5年内禁止参加政府采购活动",
        "0.5年内禁止参加政府采购活动",
        "一点五年内禁止参加政府采购活动",
        "１．１２年内禁止参加政府采购活动",
        "禁止参加政府采购活动至2025年底",
    ],
)
def test_a_term_that_is_not_read_is_no_ban_without_one(text: str) -> None:
    """A ban without a term is taken for the shortest lawful one, or for one without end."""
    with pytest.raises(FieldInvalid, match="期限"):
        ban_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "从2025年1月10日到2025年7月9日禁止参加政府采购活动",
        "从2025年1月10日起至2025年7月9日止，禁止参加政府采购活动",
        "自2025-01-10至2025-07-09禁止参加政府采购活动",
        "禁止参加政府采购活动（自2025.1.10至2025.7.9）",
    ],
)
def test_first_and_last_day_are_read_however_they_are_written(text: str) -> None:
    assert ban_in(text) == Ban(
        scope=BanScope.PROCUREMENT, from_=When(date(2025, 1, 10)), until=date(2025, 7, 9), months=None
    )


@pytest.mark.parametrize(
    "text",
    [
        "2025年1月10日开始禁止参加政府采购活动，2025年7月9日结束",
        "一年内禁止参加政府采购活动，2026年1月9日届满",
        "一年内禁止参加政府采购活动。禁止期限：2025年1月10日—2025年7月9日",
        "自2025年1月10日至7月9日，一年内禁止参加政府采购活动",
        "自2025年1月10日至2026年1月9日，自2025年2月1日起执行，禁止参加政府采购活动",
    ],
)
def test_a_written_day_that_is_neither_the_first_nor_the_last_leaves_a_doubt(text: str) -> None:
    with pytest.raises(FieldInvalid, match="期限"):
        ban_in(text)


def test_days_that_are_no_part_of_the_ban_leave_none() -> None:
    text = "罚款5000元，于2025年1月25日前缴纳；一年内禁止参加政府采购活动"
    assert ban_in(text) == Ban(scope=BanScope.PROCUREMENT, months=12)


def test_a_day_that_is_not_in_the_calendar_rejects_the_ban() -> None:
    with pytest.raises(FieldInvalid, match="禁止期限"):
        ban_in("自2024年2月30日起一年内禁止参加政府采购活动")


@pytest.mark.parametrize("text", ["罚款200元", "", "责令停产停业", "违反政府采购法，警告", "不得再次发生同类行为"])
def test_a_text_without_a_ban_has_none(text: str) -> None:
    assert ban_in(text) is None


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("《中华人民共和国政府采购法》第七十七条第一款第（一）项", ["中华人民共和国政府采购法 77¶1"]),
        ("《政府采购质疑和投诉办法》（财政部令第94号）第三十七条第二款", ["政府采购质疑和投诉办法 37¶2"]),
        ("《甲法》第一条、第二条，《乙条例》第133条之一", ["甲法 1", "甲法 2", "乙条例 133之一"]),
        ("采购法77条", ["采购法77条"]),
        ("不适用《政府采购法》第七十七条", ["不适用《政府采购法》第七十七条"]),
        (" ", []),
    ],
)
def test_the_law_cited_is_told_by_title_article_and_paragraph(text: str, cited: list[str]) -> None:
    assert citations_in(text) == tuple(cited)


def test_a_decision_too_long_to_be_searched_is_for_a_person() -> None:
    with pytest.raises(FieldInvalid, match="4000"):
        sanction_of("给予警告。" + "试" * 4_000)


@pytest.mark.parametrize(
    "text", ["给予警告，责令停止营业", "给予警告，撤销资质", "给予警告，限制从业", "给予警告，行政拘留五日"]
)
def test_a_heavy_measure_is_for_a_person_wherever_a_decision_speaks_of_it(text: str) -> None:
    with pytest.raises(FieldInvalid, match="人工"):
        sanction_of(text)
