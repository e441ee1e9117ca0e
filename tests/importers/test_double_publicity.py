import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from stdnum.iso7064 import mod_11_10, mod_97_10

from credit.errors import FieldInvalid, IdentifierInvalid, LayoutDrift
from credit.model.party import PartyKind
from credit.model.record import Authority, Ban, BanScope, Category, Penalty, PenaltyKind, Source
from credit.model.statements import ROW_PARTY, LoadRow
from importers.double_publicity import importer
from importers.rows import rows_of
from importers.snapshot import take_snapshot
from importers.source import Row, heading
from tests.importers.reading import penalty_of, read_file

IMPORTER = importer()
Make = Callable[..., str]
Cells = Mapping[str, str]
SOURCE = Source("双公示", snapshot="sha256:0", row=2)


def read(cells: Cells) -> LoadRow:
    """Read a row given by the codes of its headings, in whichever layout they are of."""
    fields = IMPORTER.spec.layout_of(list(cells)).fields()
    values = {fields[heading(head)]: text for head, text in cells.items()}
    return IMPORTER.read(Row(2, values, cells), SOURCE)


def penalty(cells: Cells) -> Penalty:
    (record,) = read(cells).records
    assert isinstance(record.content, Penalty)
    return record.content


@pytest.fixture
def row(credit_code: Make) -> Cells:
    """A row of the 2018 layout."""
    return {
        "CF_XDR_MC": "某某建设有限公司",
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": credit_code(1),
        "CF_XDR_GSZC": "",
        "CF_XDR_ZZJG": "",
        "CF_FRDB": "某甲",
        "CF_FR_ZJHM": "",
        "CF_XDR_ZJLX": "",
        "CF_XDR_ZJHM": "",
        "CF_WSH": "资财罚〔2024〕1号",
        "CF_WFXW": "提供虚假材料谋取中标",
        "CF_SY": "在某项目中提供虚假检测报告",
        "CF_YJ": "《中华人民共和国政府采购法》第七十七条第一款第（一）项",
        "CF_CFLB": "罚款",
        "CF_NR": "罚款人民币2000元，列入不良行为记录名单，在一年内禁止参加政府采购活动",
        "CF_NR_FK": "0.200000",
        "CF_NR_WFFF": "",
        "CF_NR_ZKDX": "",
        "CF_JDRQ": "2024/08/01",
        "CF_YXQ": "2099/12/31",
        "CF_GSJZQ": "2099/12/31",
        "CF_CFJG": "资阳市财政局",
        "CF_CFJGDM": credit_code(9, prefix="11"),
        "BZ": "",
    }


@pytest.fixture
def old_row(credit_code: Make) -> Cells:
    """A row of the 2015 layout."""
    return {
        "CF_WSH": "资财罚〔2015〕1号",
        "CF_CFMC": "某处罚",
        "CF_CFLB1": "罚款",
        "CF_CFLB2": "警告",
        "CF_SY": "违法",
        "CF_YJ": "",
        "CF_XDR_MC": "某某有限公司",
        "CF_XDR_SHXYM": "",
        "CF_XDR_ZDM": f"{credit_code(1)[8:16]}-{credit_code(1)[16]}",
        "CF_XDR_GSJD": "",
        "CF_XDR_SFZ": "",
        "CF_FR": "某甲",
        "CF_JG": "罚款三万元",
        "CF_JDRQ": "2015年12月1日",
        "CF_XZJG": "资阳市财政局",
        "CF_ZT": "0",
        "DFBM": "512000",
        "SJC": "2015-12-02",
        "BZ": "",
    }


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


def test_a_person_is_known_by_the_identity_number_alone(row: Cells, identity_number: Make) -> None:
    cells = {
        **row,
        "CF_XDR_LB": "自然人",
        "CF_XDR_SHXYM": "",
        "CF_XDR_ZJLX": "身份证",
        "CF_XDR_ZJHM": identity_number(1),
    }
    loaded = read({**cells, "CF_SY": f"某甲（身份证号{identity_number(1)}）伪造材料"})
    (party,) = loaded.parties
    assert (party.id, party.kind, party.identity_number) == (None, PartyKind.PERSON, identity_number(1))
    (record,) = loaded.records
    assert record.party == ROW_PARTY
    assert identity_number(1) not in repr(loaded)


def test_a_person_of_the_2015_layout_is_told_by_the_number_being_alone(old_row: Cells, identity_number: Make) -> None:
    cells = {**old_row, "CF_XDR_ZDM": "", "CF_XDR_SFZ": identity_number(2)}
    assert read(cells).parties[0].identity_number == identity_number(2)


@pytest.mark.parametrize("papers", ["护照", "军官证"])
def test_other_papers_fix_no_identity(row: Cells, identity_number: Make, papers: str) -> None:
    cells = {**row, "CF_XDR_LB": "自然人", "CF_XDR_ZJLX": papers, "CF_XDR_ZJHM": identity_number(1)}
    with pytest.raises(FieldInvalid, match=papers):
        read(cells)


def test_a_masked_or_missing_number_of_a_person_is_for_a_person_to_match(row: Cells, identity_number: Make) -> None:
    masked = identity_number(1)[:10] + "****" + identity_number(1)[14:]
    for number in (masked, ""):
        with pytest.raises(FieldInvalid, match="请人工核对"):
            read({**row, "CF_XDR_LB": "自然人", "CF_XDR_ZJHM": number})


def test_a_wrong_identity_number_is_not_told_in_the_reason(row: Cells, identity_number: Make) -> None:
    wrong = identity_number(1)[:17] + ("1" if identity_number(1)[17] != "1" else "2")
    with pytest.raises(IdentifierInvalid) as caught:
        read({**row, "CF_XDR_LB": "自然人", "CF_XDR_ZJHM": wrong})
    assert wrong not in str(caught.value)


def test_an_organisation_without_any_code_is_not_guessed_by_its_name(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="仅凭名称"):
        read({**row, "CF_XDR_SHXYM": "0", "CF_XDR_ZZJG": "/"})


def test_two_codes_of_different_bodies_name_nobody(row: Cells, credit_code: Make) -> None:
    with pytest.raises(FieldInvalid, match="不是同一主体"):
        read({**row, "CF_XDR_ZZJG": credit_code(2)[8:17]})


def test_an_organisation_code_that_is_the_credit_codes_own_is_no_contradiction(row: Cells, credit_code: Make) -> None:
    assert read({**row, "CF_XDR_ZZJG": credit_code(1)[8:17]}).parties[0].id == credit_code(1)


def test_an_individual_business_is_one_by_the_rows_own_word(row: Cells) -> None:
    assert read({**row, "CF_XDR_LB": "个体工商户"}).parties[0].kind is PartyKind.INDIVIDUAL_BUSINESS


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


@pytest.mark.parametrize("name", ["云溪建*有限公司", "云溪建设有限公…"])
def test_a_covered_or_cut_name_names_nobody(row: Cells, name: str) -> None:
    with pytest.raises(FieldInvalid, match="掩码"):
        read({**row, "CF_XDR_MC": name})


def test_fifteen_digits_that_may_be_a_citizens_are_a_registration_number_in_its_own_column_alone(row: Cells) -> None:
    number = next(n for n in (f"110105080101{k:03d}" for k in range(1000)) if mod_11_10.is_valid(n))
    with pytest.raises(FieldInvalid, match="公民身份号码") as caught:
        read({**row, "CF_XDR_SHXYM": number})
    assert number not in str(caught.value)
    assert read({**row, "CF_XDR_SHXYM": "—", "CF_XDR_GSZC": number}).parties[0].id == f"reg:{number}"


def test_an_organisation_code_names_the_party_before_a_registration_number(row: Cells, credit_code: Make) -> None:
    old = {**row, "CF_XDR_SHXYM": "440301103097413", "CF_XDR_ZZJG": credit_code(1)[8:17]}
    assert read(old).parties[0].id == f"org:{credit_code(1)[8:17]}"


def test_a_code_of_a_body_abroad_names_nobody_here(row: Cells) -> None:
    with pytest.raises(FieldInvalid, match="LEI"):
        read({**row, "CF_XDR_SHXYM": "0000TESTFIRM000001" + mod_97_10.calc_check_digits("0000TESTFIRM000001")})


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
