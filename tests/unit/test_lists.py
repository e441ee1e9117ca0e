"""What an entry on a list does, and that no entry does anything without a row that says so (DOMAIN §2, §4)."""

from datetime import date

import pytest

from credit.model.verdict import AlertKind, Answer, Result
from credit.rules.catalogue import Catalogue
from tests.unit.story import CATALOGUE, DAY, FINANCE, P0, Data, Story, bearing, effects, found, questions

NUMBER = "资财采罚〔2025〕7号"
PLAIN = "罚款, 列入不良行为记录名单, 一年内禁止参加政府采购活动"
TERM: Data = {"from_": "2025-12-01", "until": "2026-11-30", "decided_on": "2025-11-25"}
BASES = [
    "保障农民工工资支付条例（国务院令第724号）第四十八条",
    "《保障农民工工资支付条例》第48条",
    "保障农民工工资支付条例 48",
    "国务院令第724号",
    "724号令第四十八条",
]


def listed(list_id: str, **entry: object) -> Result:
    story = Story()
    firm = story.firm()
    story.listing(firm, list_id, **entry)
    return story.result(firm)


def excluding(list_id: str, basis: str, **entry: object) -> Answer:
    """Ask with a document that excludes the subjects of a list."""
    story = Story()
    firm = story.firm()
    story.listing(firm, list_id, **entry)
    return story.ask(firm, document={"excludes": [{"list": list_id, "basis": basis}]})


def on_l01(clause: str = "standard", *, event: str | None = None, **decision: object) -> Result:
    """Ask of an entry on L01 whose decision, ban and all, is recorded too."""
    story = Story()
    firm = story.firm()
    said: Data = {"doc_no": NUMBER, "authority": FINANCE, **decision}
    record = story.ban(firm, **said) if "from_" in said else story.fine(firm, "45000", **said)
    story.listing(firm, "L01", doc_no="资财采罚[2025] 7号")
    if event:
        story.happens(record, event, "2026-06-01")
    return story.result(firm, document={"credit_clause": clause})


# ---------------------------------------------------------------- who keeps a list


@pytest.mark.parametrize(("list_id", "keeper"), [("L03", "资阳市雁江区人民法院"), ("L04", "国家税务总局资阳市税务局")])
def test_an_entry_that_names_a_body_which_does_not_keep_the_list_is_for_a_person(list_id: str, keeper: str) -> None:
    """Lists are their keepers' alone (国办发〔2020〕49号 1): a housing bureau puts nobody on the courts' list."""
    own, other = ({"name": name, "region": "512000", "level": "city"} for name in (keeper, "资阳市住房和城乡建设局"))
    assert listed(list_id, authority=own).verdict == "restricted"
    assert listed(list_id, authority=other).verdict == "review"


# ---------------------------------------------------------------- L01, with and without a ban


def test_on_the_procurement_list_with_a_ban_in_term_restricts() -> None:
    result = on_l01(**TERM)
    assert effects(result) == {"GP-L01-BAN": "restrict", "GP-BAN": "restrict"}
    assert result.until == date(2026, 11, 30)


def test_on_the_procurement_list_by_a_fine_only_is_for_a_person() -> None:
    assert (on_l01().verdict, questions(on_l01())) == ("review", {"Q4"})


def test_a_document_that_excludes_bans_in_term_only_lets_a_fine_pass_with_a_flag() -> None:
    assert on_l01("bans_in_term_only").verdict == "eligible_with_flags"


def test_a_document_that_excludes_bans_in_term_only_still_excludes_a_ban_in_term() -> None:
    assert on_l01("bans_in_term_only", **TERM).verdict == "restricted"


def test_an_entry_whose_decision_is_not_recorded_is_for_a_person() -> None:
    assert effects(listed("L01")) == {"GP-L01-UNDETERMINED": "review"}


def test_an_entry_that_tells_the_ban_itself_restricts() -> None:
    assert listed("L01", ground="罚款, 一年内禁止参加政府采购活动").verdict == "restricted"


def test_an_entry_outliving_its_ban_is_for_a_person() -> None:
    result = on_l01(**{**TERM, "until": "2026-06-09"})
    assert effects(result) == {"GP-L01-BAN": "review"}
    assert questions(result) == {"Q29"}


def test_an_entry_whose_decision_was_annulled_is_for_a_person() -> None:
    assert effects(on_l01(event="annulled", **TERM)) == {"GP-L01-BAN": "review"}


@pytest.mark.parametrize(
    ("event", "told"), [("annulled", "已被撤销"), ("lifted", "禁止已被解除"), ("entered_in_error", "作为录入错误撤回")]
)
def test_an_entry_whose_decision_is_gone_says_so_and_not_that_its_term_is_over(event: str, told: str) -> None:
    story = Story()
    firm = story.firm()
    decided = story.ban(firm, **TERM, doc_no=NUMBER, authority=FINANCE)
    story.listing(firm, "L01", doc_no=NUMBER, ground=PLAIN)
    story.happens(decided, event, "2026-06-01")
    reason = found(story.result(firm), "GP-L01-BAN").reason.zh
    assert f"{NUMBER}" in reason
    assert told in reason
    assert "届满" not in reason


def test_an_entry_whose_ban_has_not_begun_says_so() -> None:
    result = on_l01(**{**TERM, "from_": "2026-07-01", "until": "2027-06-30"})
    assert effects(result) == {"GP-L01-BAN": "review"}
    assert "尚未开始" in found(result, "GP-L01-BAN").reason.zh


def test_a_decision_entered_by_mistake_says_nothing_of_what_the_entry_holds() -> None:
    """Its fine is no reason to pass the entry by the document's clause."""
    story = Story()
    firm = story.firm()
    wrong = story.fine(firm, "45000", doc_no=NUMBER, authority=FINANCE)
    story.listing(firm, "L01", doc_no=NUMBER, until="2027-01-31")
    story.happens(wrong, "entered_in_error", "2026-06-01")
    result = story.result(firm, document={"credit_clause": "bans_in_term_only"})
    assert effects(result) == {"GP-L01-BAN": "review"}


# An entry without a number tells a ban in its own words, and the bureau annulled a decision: perhaps the entry's.


def beside_annulled(event: str = "annulled", *, entry: Data | None = None, **decision: object) -> Result:
    story = Story()
    firm = story.firm()
    said: Data = {"authority": FINANCE, "decided_on": "2025-11-25", "doc_no": NUMBER, **decision}
    decided = story.fine(firm, "45000", **said) if "violation" in said else story.ban(firm, **said)
    story.happens(decided, event, "2026-03-01")
    story.listing(firm, "L01", **{"listed_on": "2026-01-05", "ground": PLAIN, "authority": FINANCE, **(entry or {})})
    return story.result(firm)


def test_an_entry_without_a_number_may_rest_on_an_annulled_ban_and_the_reason_names_it() -> None:
    result = beside_annulled()
    assert effects(result) == {"GP-L01-BAN": "review"}
    assert questions(result) == {"Q29"}
    reason = found(result, "GP-L01-BAN").reason
    assert NUMBER in reason.zh
    assert "已被撤销" in reason.zh
    assert "annulled" in reason.en
    assert "届满" not in reason.zh


@pytest.mark.parametrize(
    ("listed_on", "verdict"),
    [("2025-11-24", "restricted"), ("2025-11-25", "review"), ("2026-05-20", "review"), ("2026-06-01", "review")],
)
def test_an_entry_made_before_the_annulled_decision_does_not_rest_on_it(listed_on: str, verdict: str) -> None:
    assert beside_annulled(entry={"listed_on": listed_on}).verdict == verdict


@pytest.mark.parametrize(("decided_on", "verdict"), [("2025-04-29", "review"), ("2025-04-28", "restricted")])
def test_an_old_decision_that_was_annulled_weakens_no_entry_of_today(decided_on: str, verdict: str) -> None:
    """251 days, as the catalogue counts from memory: until 2026-01-05 from 2025-04-29."""
    assert beside_annulled(decided_on=decided_on).verdict == verdict
    assert beside_annulled(decided_on="2015-03-02").verdict == "restricted"


def test_an_annulled_decision_without_a_ban_weakens_no_entry_that_tells_one() -> None:
    assert beside_annulled(violation="未按规定签订合同").verdict == "restricted"


def test_a_decision_entered_by_mistake_and_withdrawn_weakens_no_entry() -> None:
    assert beside_annulled("entered_in_error").verdict == "restricted"


@pytest.mark.parametrize(
    ("decided_by", "named_by_the_entry", "verdict"),
    [
        ("资阳市财政局", "成都市财政局", "restricted"),
        ("资阳市财政局", None, "review"),
        ("资阳市住房和城乡建设局", None, "restricted"),
    ],
)
def test_an_annulled_ban_of_another_authority_weakens_no_entry(
    decided_by: str, named_by_the_entry: str | None, verdict: str
) -> None:
    authority = named_by_the_entry and {"name": named_by_the_entry}
    assert beside_annulled(authority={"name": decided_by}, entry={"authority": authority}).verdict == verdict


def test_a_catalogue_of_before_these_doubts_answers_as_it_did() -> None:
    plain = CATALOGUE.plain
    new = {"decision_annulled", "decision_withdrawn", "ban_lifted", "ban_not_begun"}
    assert new <= plain["doubts"].keys()
    old = {
        **plain,
        "doubts": {k: v for k, v in plain["doubts"].items() if k not in new},
        "numbers": {k: v for k, v in plain["numbers"].items() if k != "listing_days"},
    }
    story = Story(catalogue=Catalogue.of(old))
    firm = story.firm()
    story.happens(story.ban(firm, decided_on="2015-03-02"), "annulled", "2016-03-01")
    story.listing(firm, "L01", ground=PLAIN)
    result = story.result(firm)
    assert effects(result) == {"GP-L01-BAN": "review"}
    assert "届满" in found(result, "GP-L01-BAN").reason.zh


def test_an_entry_whose_ban_is_suspended_is_for_a_person() -> None:
    assert on_l01(event="suspended", **TERM).verdict == "review"


def test_an_entry_whose_ban_was_lifted_is_for_a_person() -> None:
    assert on_l01(event="lifted", **TERM).verdict == "review"


def test_a_ban_over_and_deleted_leaves_the_small_fine_to_be_shown() -> None:
    story = Story()
    firm = story.firm()
    over: Data = {"from_": "2025-02-01", "until": "2026-01-31", "decided_on": "2025-01-27", "doc_no": NUMBER}
    story.ban(firm, **over, kinds=["fine", "ban"], fine="50000")
    story.happens(story.listing(firm, "L01", doc_no=NUMBER, until="2026-01-31"), "removed", "2026-02-02")
    assert effects(story.result(firm)) == {"GP-FINE-BELOW": "flag"}


def test_of_two_decisions_under_one_number_the_order_of_recording_does_not_choose() -> None:
    story = Story()
    firm = story.firm()
    story.fine(firm, "45000", doc_no=NUMBER, authority=FINANCE)
    story.ban(firm, **TERM, doc_no=NUMBER, authority={"name": "成都市财政局"}, legal_basis=["采购法 99"])
    story.listing(firm, "L01", doc_no=NUMBER)
    forth = story.verdict(firm)
    story.records = dict(reversed(story.records.items()))
    assert story.verdict(firm) == forth


def test_an_entry_with_a_last_day_restricts_until_its_decision_says_that_there_is_no_ban() -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L01", doc_no=NUMBER, until="2027-01-31")
    assert story.verdict(firm) == "restricted"
    story.fine(firm, "45000", doc_no=NUMBER, authority=FINANCE)
    assert story.verdict(firm) == "review"


# ---------------------------------------------------------------- L04


@pytest.mark.parametrize(
    ("published", "verdict"), [("2023-06-09", "review"), ("2023-06-10", "restricted"), ("2023-06-11", "restricted")]
)
def test_a_tax_entry_stands_for_three_years_and_then_is_for_a_person(published: str, verdict: str) -> None:
    assert listed("L04", listed_on=published).verdict == verdict


def test_a_tax_entrys_term_runs_from_publication() -> None:
    assert listed("L04", listed_on="2023-05-20", published_on="2023-06-10").until == P0


def test_a_tax_entry_stopped_early_is_gone() -> None:
    story = Story()
    firm = story.firm()
    story.happens(story.listing(firm, "L04"), "removed", "2026-05-30")
    assert story.verdict(firm) == "eligible"


def test_a_tax_penalty_below_the_line_without_an_entry_is_only_shown() -> None:
    story = Story()
    firm = story.firm()
    story.happens(story.fine(firm, "800000"), "review_opened", "2026-04-13")
    assert story.verdict(firm) == "eligible_with_flags"


# ---------------------------------------------------------------- lists that are considered, or shown, or neither


@pytest.mark.parametrize("list_id", ["L02", "L05", "L06", "L08", "L11", "L12", "L13", "L16", "L20", "L21", "L26",
                                     "L27", "L28"])  # fmt: skip
def test_a_considered_list_is_shown_in_procurement(list_id: str) -> None:
    result = listed(list_id)
    assert result.verdict == "eligible_with_flags"
    assert list_id in result.findings[0].reason.zh


@pytest.mark.parametrize("list_id", ["L09", "L10", "L14", "L15", "L17", "L18", "L19", "L23", "L24"])
def test_a_list_without_a_row_for_procurement_shows_nothing(list_id: str) -> None:
    assert listed(list_id).findings == ()


@pytest.mark.parametrize("list_id", ["L07", "L22"])
def test_a_list_that_the_law_names_without_a_procedure_is_for_a_person(list_id: str) -> None:
    assert listed(list_id).verdict == "review"


def test_a_bad_conduct_entry_without_a_ban_is_only_shown() -> None:
    story = Story()
    firm = story.firm()
    fine = story.penalty(firm, "fine", "bad_conduct_listing", fine="12000", legal_basis=["采购法实施条例 72"])
    entry = story.listing(firm, "L02", ground="采购法实施条例 72¶2")
    result = story.result(firm)
    assert (result.verdict, bearing(result)) == ("eligible_with_flags", {fine, entry})


def test_a_pending_objection_is_marked_and_changes_nothing() -> None:
    story = Story()
    firm = story.firm()
    entry = story.listing(firm, "L05")
    story.happens(entry, "objection_opened", "2026-06-01")
    result = story.result(firm)
    assert result.verdict == "eligible_with_flags"
    assert "异议处理中" in result.findings[0].reason.zh
    story.happens(entry, "objection_closed", "2026-06-05")
    assert "异议处理中" not in story.result(firm).findings[0].reason.zh


# ---------------------------------------------------------------- what the document excludes


@pytest.mark.parametrize("basis", BASES)
def test_a_document_that_adopts_the_wage_list_by_its_law_restricts(basis: str) -> None:
    assert excluding("L07", basis).results[0].verdict == "restricted"


@pytest.mark.parametrize("basis", ["采购人自行规定", "保障农民工工资支付条例第四十七条", "采购法 22", "信用良好"])
def test_a_document_that_names_another_basis_leaves_it_to_a_person(basis: str) -> None:
    answer = excluding("L07", basis)
    assert answer.results[0].verdict == "review"
    assert [a.kind for a in answer.alerts] == [AlertKind.DOCUMENT]


def test_a_document_excluding_the_wage_list_leaves_those_who_are_not_on_it_alone() -> None:
    story = Story()
    answer = story.ask(story.firm(), document={"excludes": [{"list": "L07", "basis": BASES[0]}]})
    assert (answer.results[0].verdict, answer.alerts) == ("eligible", ())


@pytest.mark.parametrize(
    ("list_id", "entry"),
    [("L06", {}), ("L25", {"region": "510000", "ground": "公共信用综合评价42分（满分100分）"})],
)
def test_a_documents_own_exclusion_does_not_restrict_and_is_to_be_looked_at(list_id: str, entry: Data) -> None:
    answer = excluding(list_id, "采购人自行规定", **entry)
    result = answer.results[0]
    assert result.verdict == "eligible_with_flags"
    assert found(result, "DOC-OWN-EXCLUSION").question == "Q16"
    assert [a.kind for a in answer.alerts] == [AlertKind.DOCUMENT]


def test_excluding_a_list_that_the_law_excludes_anyway_is_no_defect() -> None:
    assert excluding("L03", "财库〔2016〕125号").alerts == ()


# ---------------------------------------------------------------- local lists

SHANDONG: Data = {"region": "370000", "ground": "严重失信主体名单（山东省社会信用条例）"}


@pytest.mark.parametrize(("asked", "verdict"), [("370200", "review"), ("510000", "eligible"), (None, "review")])
def test_a_provinces_list_acts_only_inside_it(asked: str | None, verdict: str) -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L25", **SHANDONG)
    assert story.verdict(firm, region=asked) == verdict


def test_a_local_score_is_only_shown() -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L25", region="512000", ground="信用评价C级")
    assert effects(story.result(firm, region="512002")) == {"LOCAL-L25": "flag"}


# ---------------------------------------------------------------- whose row it is, and what came later


@pytest.mark.parametrize("matched_by", ["masked_identifier", "name"])
@pytest.mark.parametrize("list_id", ["L01", "L03", "L04"])
def test_a_row_that_does_not_fix_the_identity_is_for_a_person(list_id: str, matched_by: str) -> None:
    assert listed(list_id, matched_by=matched_by).verdict == "review"


@pytest.mark.parametrize("matched_by", ["identifier", "organisation_code"])
def test_a_row_matched_by_a_code_restricts(matched_by: str) -> None:
    assert listed("L03", matched_by=matched_by).verdict == "restricted"


@pytest.mark.parametrize("kind", ["removed", "annulled", "lifted"])
def test_an_entry_that_was_taken_off_shows_nothing(kind: str) -> None:
    story = Story()
    firm = story.firm()
    story.happens(story.listing(firm, "L03"), kind, str(P0 - DAY))
    assert story.result(firm).findings == ()


def test_a_repaired_entry_that_would_only_be_shown_shows_nothing() -> None:
    story = Story()
    firm = story.firm()
    story.happens(story.listing(firm, "L06"), "repaired", "2026-05-15")
    assert story.result(firm).findings == ()
