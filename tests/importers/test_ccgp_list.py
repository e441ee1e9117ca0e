"""The list of serious dishonesty in government procurement, L01: entries, decisions out of free text, doubts."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from credit.model.plain import to_plain
from credit.model.record import Authority, Ban, BanScope, Category, Listing, Penalty, PenaltyKind
from credit.model.when import SHANGHAI, When
from tests.importers.ccgp_rows import Cells, Make, decision, doubts, entry, entry_text, numbered, read, row
from tests.unit.story import Story, effects

__all__ = ["numbered", "row"]


def test_a_row_is_an_entry_on_l01_that_counts_from_its_publication(row: Cells, credit_code: Make) -> None:
    (party,) = read(row).parties
    assert (party.id, party.name, party.only_if_new) == (credit_code(1), "某某科技有限公司", True)
    assert entry(row) == Listing(
        list="L01",
        listed_on=date(2026, 7, 21),
        published_on=When(date(2026, 7, 21), datetime(2026, 7, 21, 16, 34, tzinfo=SHANGHAI)),
        until=date(2027, 7, 11),
        ground="提供虚假材料谋取中标；处罚结果：罚款5792元, 列入不良行为记录名单, 十二个月内禁止参加政府采购活动",
        doc_no=None,
        authority=Authority("某某市财政局"),
    )
    assert not read(row).doubts


def test_a_decision_without_a_number_is_no_record_of_its_own(row: Cells) -> None:
    """Under a number made up here the authority's annulment would not reach it."""
    assert [record.content for record in read(row).records] == [entry(row)]


def test_a_decision_whose_number_is_printed_is_read_out_of_the_text(numbered: Cells) -> None:
    assert decision(numbered) == Penalty(
        doc_no="某财采罚〔2026〕7号",
        authority=Authority("某某市财政局"),
        decided_on=date(2026, 7, 12),
        violation="提供虚假材料谋取中标",
        category=Category.FALSE_MATERIALS,
        kinds=(PenaltyKind.FINE, PenaltyKind.BAD_CONDUCT_LISTING, PenaltyKind.BAN),
        published_on=entry(numbered).published_on,
        fine=Decimal("5792.00"),
        legal_basis=("中华人民共和国政府采购法 77¶1",),
        ban=Ban(scope=BanScope.PROCUREMENT, months=12),
    )
    listing = entry(numbered)
    assert (listing.doc_no, listing.ground, listing.until) == ("某财采罚〔2026〕7号", "提供虚假材料谋取中标", None)
    assert not read(numbered).doubts


@pytest.mark.parametrize(
    ("result", "fine", "months"),
    [
        ("处以采购金额千分之五的罚款，计人民币贰万元整，列入不良行为记录名单，一年内禁止参加政府采购活动", "20000", 12),
        ("罚款３万元", "30000", None),
        ("列入不良行为记录名单，在三年内禁止参加政府采购活动", None, 36),
        ("没收违法所得1000元，罚款50000元，1年内禁止参加政府采购活动", "50000", 12),
        ("对该公司处以罚款50000元，一年内禁止参加政府采购活动", "50000", 12),
    ],
)
def test_fine_and_term_are_read_in_the_styles_of_such_texts(
    numbered: Cells, result: str, fine: str | None, months: int | None
) -> None:
    read_out = decision({**numbered, "处罚结果": result})
    assert read_out.fine == (Decimal(fine) if fine else None)
    assert (read_out.ban.months if read_out.ban else None) == months


def test_an_agencys_ban_keeps_its_scope(row: Cells, numbered: Cells) -> None:
    told = {"处罚结果": "禁止其在一年内代理政府采购业务", "处罚依据": "《中华人民共和国政府采购法》第七十八条"}
    assert decision({**numbered, **told}).ban == Ban(scope=BanScope.AGENCY_WORK, months=12)
    assert entry_text({**row, **told}).endswith("（即禁止代理政府采购业务）")


def test_a_ban_in_a_named_city_keeps_the_place_for_the_rules_to_judge(numbered: Cells) -> None:
    told = decision({**numbered, "处罚结果": "三年内禁止参加资阳市辖区内政府采购活动"})
    assert told.ban == Ban(scope=BanScope.PROCUREMENT, months=36, region="512000")


IN_DOUBT = [
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
    # a law that is quoted is no decision
    "罚款50000元，一年内禁止参加政府采购活动；情节严重的，由工商行政管理机关吊销营业执照",
    "依据“供应商提供虚假材料谋取中标的，处以罚款，列入不良行为记录名单”，决定罚款50000元",
    "提供虚假材料谋取中标的，处以罚款50000元，一年内禁止参加政府采购活动",
    "罚款50000元，构成犯罪的，依法追究刑事责任",
    # heavy measures are never read
    "罚款50000元，吊销营业执照",
    "罚款50000元，取消其政府采购代理机构资格",
    "罚款50000元，责令停业整顿",
    # on somebody else (R11)
    "对法定代表人某甲一年内禁止参加政府采购活动",
    "对其关联企业罚款50000元，一年内禁止参加政府采购活动",
    "对松涛办公设备有限公司罚款50000元，一年内禁止参加政府采购活动",
    "对某某科技有限公司的实际控制人罚款50000元，一年内禁止参加政府采购活动",
    "对某某科技有限公司和松涛办公设备有限公司分别罚款50000元，一年内禁止参加政府采购活动",
    "罚款50000元，中标供应商一年内禁止参加政府采购活动",
    "责令采购人限期改正，罚款50000元",
    "代理机构罚款50000元",
    # never added up, also where they are alike
    "罚款50000元，罚款30000元，一年内禁止参加政府采购活动",
    "罚款50000元，罚款50000元，一年内禁止参加政府采购活动",
    # lost signs
    "罚款5*000元，一年内禁止参加政府采购活动",
    "罚款50000元，因?qū)φ少彁阂赓|(zhì)疑，一年内禁止参加政府采购活动",
]


@pytest.mark.parametrize("result", IN_DOUBT)
def test_a_result_in_doubt_leaves_the_entry_alone_and_tells_why(row: Cells, result: str) -> None:
    loaded = read({**row, "处罚结果": result})
    ((zh, en),) = loaded.doubts
    assert zh
    assert en
    (record,) = loaded.records
    assert isinstance(record.content, Listing)
    assert (record.content.ground, record.content.until) == ("提供虚假材料谋取中标", None)


@pytest.mark.parametrize("result", IN_DOUBT)
def test_a_result_in_doubt_is_no_penalty_under_its_number_either(numbered: Cells, result: str) -> None:
    loaded = read({**numbered, "处罚结果": result})
    assert [type(record.content) for record in loaded.records] == [Listing]
    assert loaded.doubts


@pytest.mark.parametrize(
    "change",
    [
        {"处罚结果": "三年内禁止参加资阳市辖区内政府采购活动"},
        {"处罚结果": "禁止在一年内参加政府采购评审活动"},
        {"处罚依据": "《中华人民共和国政府采购法》第七十一条"},
        {"处罚依据": "《中华人民共和国政府采购法实施条例》第七十二条第二款"},
        {"处罚依据": "《政府采购质疑和投诉办法》第三十七条第一款"},
        {"处罚依据": "有关规定"},
        {"执法单位": "某某市住房和城乡建设局"},
    ],
)
def test_a_ban_that_the_rules_would_ask_about_is_not_told_by_the_entry_alone(row: Cells, change: Cells) -> None:
    """A place (Q7), another scope, an authority or an article that the catalogue does not admit."""
    assert "禁止" in doubts({**row, **change})
    assert (entry({**row, **change}).until, "禁止" in entry_text({**row, **change})) == (None, False)


def test_an_entry_by_a_fine_alone_tells_no_ban_and_its_end_of_publication_is_none(row: Cells) -> None:
    cells = {**row, "处罚结果": "罚款50000元，列入不良行为记录名单", "公布截止日期": "2029-07-20"}
    assert entry(cells).until is None
    assert entry_text(cells).endswith("处罚结果：罚款50000元，列入不良行为记录名单；公布截止日期：2029-07-20")
    assert not read(cells).doubts


def test_a_stated_end_is_kept_where_the_text_is_in_doubt(row: Cells) -> None:
    cells = {**row, "处罚结果": "在一至三年内禁止参加政府采购活动", "公布截止日期": "2029-07-20"}
    assert entry_text(cells) == "提供虚假材料谋取中标；公布截止日期：2029-07-20"


def test_conduct_during_a_ban_is_not_read_as_a_ban(row: Cells) -> None:
    cells = {**row, "严重违法失信行为的具体情形": "在禁止参加政府采购活动期间投标", "处罚结果": "罚款50000元"}
    assert entry_text(cells) == "处罚结果：罚款50000元"
    assert "情形" in doubts(cells)


@pytest.mark.parametrize(
    ("stated", "until"),
    [
        ("2027-07-11", date(2027, 7, 11)),
        ("2027-08-01", date(2027, 8, 1)),
        ("2029-07-20", date(2027, 7, 11)),
        ("", date(2027, 7, 11)),
    ],
)
def test_an_entry_ends_with_its_ban_and_not_with_its_publication(row: Cells, stated: str, until: date) -> None:
    assert entry({**row, "公布截止日期": stated}).until == until


def test_a_publication_that_ends_before_its_ban_is_in_doubt(row: Cells) -> None:
    cells = {**row, "公布截止日期": "2027-01-01"}
    assert (entry(cells).until, "不一致" in doubts(cells)) == (None, True)


@pytest.mark.parametrize(
    ("result", "until"),
    [
        ("自2026年8月1日至2027年7月31日禁止参加政府采购活动", date(2027, 7, 31)),
        ("自2026年8月1日起一年内禁止参加政府采购活动", date(2027, 7, 31)),
        ("禁止参加政府采购活动", date(2027, 7, 11)),
    ],
)
def test_a_ban_surely_bars_to_the_day_it_states_or_for_the_shortest_lawful_term(
    row: Cells, result: str, until: date
) -> None:
    assert entry({**row, "处罚结果": result, "公布日期": "2026-08-03"}).until == until


@pytest.mark.parametrize(
    "result",
    [
        "自2026年8月1日起一年内禁止参加政府采购活动",
        "自2026年7月1日至2036年6月30日禁止参加政府采购活动",
        "六个月内禁止参加政府采购活动",
    ],
    ids=["begins after its publication", "longer than the law allows", "shorter"],
)
def test_a_ban_that_has_not_begun_or_is_none_of_the_law_is_not_told(row: Cells, result: str) -> None:
    assert entry({**row, "处罚结果": result}).until is None
    assert doubts({**row, "处罚结果": result})


def test_an_end_of_publication_is_the_entrys_where_its_decision_is_recorded(numbered: Cells) -> None:
    assert entry({**numbered, "公布截止日期": "2029-07-12"}).until == date(2029, 7, 12)


def test_a_number_that_a_sheet_prints_is_the_decisions(numbered: Cells) -> None:
    assert entry(numbered).doc_no == decision(numbered).doc_no == "某财采罚〔2026〕7号"
    assert entry({**numbered, "处罚决定书文号": "/"}).doc_no is None


@pytest.mark.parametrize(
    "result", ["一年内禁止参加政府采购活动（禁止期满）", "罚款50000元，处罚期已满", "禁止期限届满"]
)
def test_a_penalty_whose_term_is_said_to_be_over_is_in_doubt(numbered: Cells, result: str) -> None:
    assert "满" in doubts({**numbered, "处罚结果": result})


def test_a_place_whose_name_has_the_sign_for_over_leaves_no_doubt(numbered: Cells) -> None:
    told = {"执法单位": "满洲里市财政局", "处罚结果": "满洲里市财政局对该公司罚款50000元"}
    assert not read({**numbered, **told}).doubts


BAN_TOLD = "罚款5792元，列入不良行为记录名单，一年内禁止参加政府采购活动"
AGENCYS = {"处罚结果": "禁止其在一年内代理政府采购业务", "处罚依据": "《中华人民共和国政府采购法》第七十八条"}


@pytest.mark.parametrize(
    ("change", "decided", "found"),
    [
        ({"处罚结果": BAN_TOLD}, "2026-01-15", "GP-L01-BAN restrict"),
        ({"处罚结果": BAN_TOLD}, "2025-06-11", "GP-L01-BAN restrict"),
        ({"处罚结果": BAN_TOLD}, "2025-06-10", "GP-L01-BAN review"),
        ({"处罚结果": BAN_TOLD, "公布截止日期": "2029-01-20"}, "2025-06-09", "GP-L01-BAN review"),
        ({"处罚结果": "罚款50000元", "公布截止日期": "2029-01-20"}, "2026-01-15", "GP-L01-UNDETERMINED review"),
        ({"处罚结果": "对法定代表人一年内禁止参加政府采购活动"}, "2026-01-15", "GP-L01-UNDETERMINED review"),
        ({"处罚结果": "三年内禁止参加资阳市政府采购活动"}, "2026-01-15", "GP-L01-UNDETERMINED review"),
        (AGENCYS, "2026-01-15", "GP-L01-OTHER-ROLE review"),
    ],
    ids=[
        "in its term",
        "its last day",
        "a day beyond",
        "beyond",
        "fine alone",
        "a person's",
        "a city's",
        "an agency's",
    ],
)
def test_what_an_entry_does_by_the_rules(row: Cells, change: Cells, decided: str, found: str) -> None:
    """Asked of 2026-06-10: no more than its text surely tells, and no less than a look by a person."""
    read_out = entry({**row, "处罚日期": decided, "公布日期": "2026-01-20", **change})
    story = Story()
    firm = story.firm()
    story.listing(firm, "L01", **{k: v for k, v in to_plain(read_out).items() if k != "list" and v is not None})
    assert [f"{rule} {effect}" for rule, effect in effects(story.result(firm)).items()] == [found]
