"""What a penalty in the double publicity did: fines, confiscations, kinds and bans, out of fields and free text."""

from datetime import date
from decimal import Decimal

import pytest

from credit.errors import FieldInvalid
from credit.model.record import Ban, BanScope, PenaltyKind
from tests.importers.publicity_rows import Cells, penalty, read, row

__all__ = ["row"]


def test_the_fine_line_is_met_to_the_fen(row: Cells) -> None:
    at_the_line = {**row, "CF_NR": "罚款200万元", "CF_NR_FK": "200.000000"}
    assert penalty(at_the_line).fine == Decimal("2000000.00")


def test_a_fine_field_that_the_text_contradicts_is_for_a_person(row: Cells) -> None:
    with pytest.raises(FieldInvalid) as caught:
        read({**row, "CF_NR": "罚款200元", "CF_NR_FK": "200"})
    assert "2000000.00 元" in caught.value.zh
    assert "200.00 元" in caught.value.zh


@pytest.mark.parametrize(
    ("content", "fine"),
    [
        ("对某某建设有限公司处以罚款5000元；对乐至恒远商贸有限公司处以罚款6000元，一年内禁止参加政府采购活动", "0.5"),
        ("罚款5000元；将乐至恒远商贸有限公司列入不良行为记录名单", "0.5"),
        ("对当事人处以罚款1900000元；对法定代表人张某处以罚款190000元", "209"),
        ("对单位罚款20万元，对直接责任人员罚款1万元", "20"),
        ("给予警告；对某某建设有限公司的股东罚款5000元", ""),
    ],
)
def test_a_text_on_another_body_or_person_too_is_for_a_person(row: Cells, content: str, fine: str) -> None:
    with pytest.raises(FieldInvalid, match="涉及他人"):
        read({**row, "CF_NR": content, "CF_NR_FK": fine})


@pytest.mark.parametrize("fine", ["", "0.3", "0.5", "0.8"])
def test_several_fines_are_never_added_up_nor_chosen_from(row: Cells, fine: str) -> None:
    with pytest.raises(FieldInvalid, match="多项罚款"):
        read({**row, "CF_NR": "未备案，罚款3000元；未公示，罚款5000元", "CF_NR_FK": fine})


def test_a_sum_that_is_told_twice_is_one_fine_only_where_the_field_says_so(row: Cells) -> None:
    text = "罚款5000元。综上，处以罚款5000元"
    assert penalty({**row, "CF_NR": text, "CF_NR_FK": "0.5"}).fine == Decimal("5000.00")
    for fine in ("", "1"):
        with pytest.raises(FieldInvalid):
            read({**row, "CF_NR": text, "CF_NR_FK": fine})


@pytest.mark.parametrize(("field", "fine"), [("", Decimal("200.00")), ("0.02", Decimal("200.00"))])
def test_an_empty_field_leaves_the_word_to_the_text(row: Cells, field: str, fine: Decimal) -> None:
    assert penalty({**row, "CF_NR": "罚款200元", "CF_NR_FK": field}).fine == fine


def test_no_fine_is_no_amount(row: Cells) -> None:
    held = penalty({**row, "CF_CFLB": "警告", "CF_NR": "警告", "CF_NR_FK": "0"})
    assert held.fine is None
    assert held.kinds == (PenaltyKind.WARNING,)


def test_confiscation_is_in_yuan_too(row: Cells) -> None:
    assert penalty({**row, "CF_NR_WFFF": "1.5"}).confiscated == Decimal("15000.00")


@pytest.mark.parametrize(
    ("category", "text", "kinds"),
    [
        ("警告、罚款", "罚款2000元", ["warning", "fine"]),
        ("罚款；没收违法所得、没收非法财物", "罚款2000元", ["fine", "confiscation"]),
        ("吊销许可证件", "吊销许可证", ["permit_revoked"]),
        ("吊销许可证件", "吊销营业执照", ["licence_revoked"]),
        ("暂扣或者吊销许可证、暂扣或者吊销执照", "暂扣许可证三十日", ["permit_withheld"]),
        ("责令停产停业", "责令停业", ["production_stopped"]),
        ("责令关闭", "", ["closure"]),
        ("限制从业,行政拘留", "", ["practice_restricted", "detention"]),
        ("其他", "", ["other"]),
    ],
)
def test_categories_become_kinds(row: Cells, category: str, text: str, kinds: list[str]) -> None:
    assert penalty({**row, "CF_CFLB": category, "CF_NR": text, "CF_NR_FK": ""}).kinds == tuple(map(PenaltyKind, kinds))


@pytest.mark.parametrize("category", ["", "罚单", "警告、罚单", "暂扣或者吊销许可证"])
def test_a_category_that_is_not_known_or_not_told_rejects_the_row(row: Cells, category: str) -> None:
    with pytest.raises(FieldInvalid, match="处罚类别"):
        read({**row, "CF_CFLB": category})


@pytest.mark.parametrize(
    "content",
    [
        "罚款2000元，暂停参加政府采购活动一年",
        "罚款2000元，限制参加政府采购活动一年",
        "罚款2000元，不准参加政府采购活动一年",
        "罚款2000元，三年内不参加政府采购活动",
        "罚款2000元，市场禁入一年",
        "罚款2000元，依法限制参加招标投标活动",
        "罚款2000元，取消政府采购代理资格",
    ],
)
def test_a_bar_in_other_words_is_never_overlooked(row: Cells, content: str) -> None:
    with pytest.raises(FieldInvalid, match="禁止或限制参加活动"):
        read({**row, "CF_NR": content})


@pytest.mark.parametrize(
    "content",
    [
        "罚款2000元，一年内禁止参加政府采购活动，2025年7月31日到期",
        "罚款2000元，三年内禁止参加政府采购活动（2024年8月1日至2027年7月31日）",
        "罚款2000元，三年内永久禁止参加政府采购活动",
    ],
)
def test_a_day_or_word_that_leaves_a_bans_end_in_doubt_is_for_a_person(row: Cells, content: str) -> None:
    with pytest.raises(FieldInvalid, match="请人工录入"):
        read({**row, "CF_NR": content})


def test_a_last_day_that_the_text_states_is_the_bans_last(row: Cells) -> None:
    text = "罚款2000元，禁止参加政府采购活动，至2025年7月31日到期"
    assert penalty({**row, "CF_NR": text}).ban == Ban(BanScope.PROCUREMENT, until=date(2025, 7, 31))


def test_a_ban_without_end_is_one(row: Cells) -> None:
    text = "罚款2000元，永久禁止参加政府采购活动"
    assert penalty({**row, "CF_NR": text}).ban == Ban(BanScope.PROCUREMENT, indefinite=True)


@pytest.mark.parametrize(
    "end", ["在一年内禁止参加政府采", "在一年内禁止参加政府采购", "在一年内禁止", "列入不良行为…", "..."]
)
def test_a_text_that_breaks_off_may_have_held_a_ban(row: Cells, end: str) -> None:
    with pytest.raises(FieldInvalid):
        read({**row, "CF_NR": f"罚款2000元，{end}"})


@pytest.mark.parametrize("content", ["不予行政处罚", "免予处罚", "违法情节轻微，免除罚款"])
def test_a_decision_not_to_punish_is_no_penalty(row: Cells, content: str) -> None:
    with pytest.raises(FieldInvalid, match="免予处罚"):
        read({**row, "CF_NR": content})


def test_a_heavy_kind_in_the_text_alone_is_for_a_person(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="吊销营业执照"):
        read({**row, "CF_NR": "罚款2000元，吊销营业执照"})
    assert (
        penalty({**row, "CF_CFLB": "罚款;吊销营业执照", "CF_NR": "罚款2000元，吊销营业执照"}).kinds[1]
        == "licence_revoked"
    )


@pytest.mark.parametrize(
    "measure",
    [
        "吊销安全生产许可证",
        "吊销《药品经营许可证》",
        "责令停产停业整顿",
        "停业整顿三个月",
        "责令停产整顿",
        "责令停止经营",
        "暂扣安全生产许可证60日",
        "移送司法机关追究刑事责任",
        "撤销建筑业企业资质",
        "限制从业三年",
        "处以行政拘留五日",
    ],
)
def test_a_heavy_measure_in_whatever_words_that_the_category_does_not_tell_is_for_a_person(
    row: Cells, measure: str
) -> None:
    with pytest.raises(FieldInvalid, match="处罚类别没有列出"):
        read({**row, "CF_NR": f"罚款3万元；{measure}", "CF_NR_FK": "3"})


@pytest.mark.parametrize(
    ("category", "measure", "kind"),
    [
        ("吊销许可证件", "吊销《药品经营许可证》", "permit_revoked"),
        ("吊销营业执照", "吊销该公司营业执照", "licence_revoked"),
        ("暂扣许可证件", "暂扣安全生产许可证60日", "permit_withheld"),
        ("责令停产停业", "停业整顿三个月", "production_stopped"),
        ("降低资质等级", "降低建筑业企业资质等级", "downgraded"),
        ("限制从业", "暂停执业六个月", "practice_restricted"),
    ],
)
def test_a_heavy_measure_that_the_category_tells_is_taken_however_it_is_worded(
    row: Cells, category: str, measure: str, kind: str
) -> None:
    told = {**row, "CF_CFLB": f"罚款;{category}", "CF_NR": f"罚款3万元；{measure}", "CF_NR_FK": "3"}
    assert penalty(told).kinds == (PenaltyKind.FINE, PenaltyKind(kind))
    with pytest.raises(FieldInvalid, match="处罚类别没有列出"):
        read({**told, "CF_NR": told["CF_NR"] + "；移送司法机关"})


def test_a_right_to_bid_that_is_taken_away_is_the_ban_and_no_other_measure(row: Cells) -> None:
    text = "罚款3万元；取消其二年内参加依法必须进行招标的项目的投标资格"
    assert penalty({**row, "CF_NR": text, "CF_NR_FK": "3"}).ban == Ban(BanScope.STATUTORY_TENDERS, months=24)
    with pytest.raises(FieldInvalid, match="取消"):
        read({**row, "CF_NR": f"{text}；取消其中标资格", "CF_NR_FK": "3"})


def test_a_confiscation_in_the_text_alone_is_taken(row: Cells) -> None:
    held = penalty({**row, "CF_NR": "罚款2000元，没收违法所得5000元"})
    assert (held.kinds, held.confiscated) == ((PenaltyKind.FINE, PenaltyKind.CONFISCATION), Decimal("5000.00"))
    with pytest.raises(FieldInvalid, match="没收金额"):
        read({**row, "CF_NR": "罚款2000元，没收违法所得5000元", "CF_NR_WFFF": "5000"})


@pytest.mark.parametrize("fine", ["200", "2000", "2,000"])
def test_a_fine_at_the_line_that_only_a_field_tells_is_for_a_person(row: Cells, fine: str) -> None:
    with pytest.raises(FieldInvalid, match="核对单位"):
        read({**row, "CF_NR": "罚款", "CF_NR_FK": fine})


def test_a_heading_without_a_unit_needs_the_text(row: Cells) -> None:
    cells = {**{k: v for k, v in row.items() if k != "CF_NR_FK"}, "罚款金额": "0.2"}
    assert penalty(cells).fine == Decimal("2000.00")
    with pytest.raises(FieldInvalid, match="核对单位"):
        read({**cells, "CF_NR": "罚款"})
    assert penalty({**cells, "CF_NR": "罚款", "罚款金额": "0.2万元"}).fine == Decimal("2000.00")


@pytest.mark.parametrize(
    ("category", "kinds"),
    [
        ("罚款;其他-责令改正", ["fine", "correction_order"]),
        ("其他-没收保证金", ["other"]),
        ("其他（责令停止违法行为）", ["other"]),
        ("其他行政处罚-罚款;", ["fine"]),
    ],
)
def test_what_other_is_may_stand_behind_it(row: Cells, category: str, kinds: list[str]) -> None:
    assert penalty({**row, "CF_CFLB": category, "CF_NR": "罚款2000元"}).kinds == tuple(map(PenaltyKind, kinds))


def test_a_heavy_kind_behind_other_is_not_passed_over(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="处罚类别"):
        read({**row, "CF_CFLB": "其他-一年内禁止参加政府采购活动"})


@pytest.mark.parametrize("category", ["其他-责令停止经营", "其他（停止执业）", "其他-移送司法机关"])
def test_what_stops_a_business_behind_other_is_not_passed_over(row: Cells, category: str) -> None:
    with pytest.raises(FieldInvalid, match="处罚类别"):
        read({**row, "CF_CFLB": category, "CF_NR": "罚款2000元"})
