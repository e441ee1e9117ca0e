"""The same record in other roles and other trades, and who the party is at all (DOMAIN §1, §2, §4, §9 Q25, Q31)."""

import pytest

from credit.model.question import Member
from credit.model.verdict import Result
from tests.unit.story import FINANCE, HOUSING, Data, Story, credit_code, effects, found, questions

YEAR: Data = {"from_": "2025-09-01", "until": "2026-08-31", "decided_on": "2025-08-25"}
AGENCY: Data = {**YEAR, "scope": "agency_work", "legal_basis": ["采购法 78"]}
TENDERS: Data = {**YEAR, "scope": "statutory_tenders", "authority": HOUSING, "legal_basis": ["招标投标法 53"]}
REVIEWER: Data = {"decided_on": "2019-06-03", "scope": "review_work", "legal_basis": ["采购法实施条例 75"]}
MILITARY: Data = {**YEAR, "scope": "military_procurement", "authority": {"name": "某战区联勤部队"}}
PRODUCT: Data = {"ground": "涉案产品：注射用头孢曲松钠"}


def banned(role: str = "supplier", domain: str = "government_procurement", **ban: object) -> Result:
    story = Story()
    party = story.firm()
    story.ban(party, **ban)
    return story.result(party, role=role, domain=domain)


def punished(role: str, *kinds: str, **more: object) -> Result:
    story = Story()
    party = story.firm()
    story.penalty(party, *kinds, **more)
    return story.result(party, role=role)


def graded(grade: str, *, where: str = "510000", product: str | None = "注射用头孢曲松钠", **more: object) -> Result:
    """Ask a medical platform in Sichuan of a grade given somewhere."""
    story = Story()
    firm = story.firm()
    story.listing(firm, "L10", grade=grade, region=where, **{**PRODUCT, **more})
    return story.result(firm, domain="medical_platform", product_category=product)


# ---------------------------------------------------------------- a ban binds in its own role and domain


@pytest.mark.parametrize(
    ("ban", "role", "domain", "verdict"),
    [
        (AGENCY, "agency", "government_procurement", "restricted"),
        (AGENCY, "supplier", "government_procurement", "eligible_with_flags"),
        (REVIEWER, "expert", "government_procurement", "restricted"),
        (REVIEWER, "supplier", "government_procurement", "eligible_with_flags"),
        (YEAR, "agency", "government_procurement", "eligible_with_flags"),
        (YEAR, "expert", "government_procurement", "eligible_with_flags"),
        (TENDERS, "supplier", "statutory_tender", "restricted"),
        (TENDERS, "supplier", "government_procurement", "review"),
        (YEAR, "supplier", "statutory_tender", "eligible_with_flags"),
        (MILITARY, "supplier", "military_procurement", "restricted"),
        (MILITARY, "supplier", "government_procurement", "eligible_with_flags"),
        (YEAR, "supplier", "military_procurement", "eligible_with_flags"),
        (YEAR, "supplier", "land", "eligible_with_flags"),
        (YEAR, "supplier", "medical_platform", "eligible"),
        (YEAR, "supplier", "other", "eligible"),
    ],
)
def test_a_ban_restricts_in_its_own_role_and_domain_only(ban: Data, role: str, domain: str, verdict: str) -> None:
    assert banned(role, domain, **ban).verdict == verdict


def test_an_experts_bar_without_a_term_has_no_end() -> None:
    result = banned("expert", **REVIEWER)
    assert (result.verdict, result.until) == ("restricted", None)
    assert banned("expert", **REVIEWER, indefinite=True).until is None


def test_an_experts_bar_holds_until_it_is_lifted() -> None:
    story = Story()
    expert = story.person(roles=["expert"])
    bar = story.ban(expert, **REVIEWER, fine="30000", kinds=["warning", "fine", "ban"])
    assert story.verdict(expert, role="expert") == "restricted"
    story.happens(bar, "lifted", "2026-06-01")
    assert story.verdict(expert, role="expert") == "eligible"


def test_an_agencys_ban_ends_with_its_last_day() -> None:
    assert str(banned("agency", **AGENCY).until) == "2026-08-31"


# ---------------------------------------------------------------- other roles' records


@pytest.mark.parametrize("role", ["agency", "expert", "purchaser"])
def test_article_22_is_for_suppliers_alone(role: str) -> None:
    assert punished(role, "licence_revoked").verdict == "eligible_with_flags"


def test_a_purchaser_warned_twice_is_only_shown() -> None:
    story = Story()
    purchaser = story.firm(roles=["purchaser"])
    for day in ("2025-04-08", "2025-11-12"):
        story.penalty(purchaser, "warning", decided_on=day, authority=FINANCE, legal_basis=["采购法实施条例 67"])
    assert story.verdict(purchaser, role="purchaser") == "eligible_with_flags"


@pytest.mark.parametrize("violation", ["收受供应商贿赂", "提供虚假申请材料", "评审中弄虚作假"])
def test_an_expert_with_bribery_or_fraud_in_the_record_is_for_a_person(violation: str) -> None:
    assert effects(punished("expert", "fine", fine="20000", violation=violation)) == {"GP-EXPERT-INTEGRITY": "review"}


def test_an_experts_other_penalty_is_only_shown() -> None:
    assert punished("expert", "warning", violation="未按规定回避").verdict == "eligible_with_flags"


def test_an_entry_among_experts_bad_conduct_is_for_a_person() -> None:
    story = Story()
    expert = story.person(roles=["expert"])
    story.listing(expert, "L23")
    assert story.verdict(expert, role="expert") == "review"


def test_an_agency_on_the_procurement_list_by_its_own_ban_is_restricted() -> None:
    story = Story()
    agency = story.firm(roles=["agency"])
    story.ban(agency, **AGENCY, doc_no="资财采罚〔2025〕9号")
    story.listing(agency, "L01", doc_no="资财采罚〔2025〕9号")
    result = story.result(agency, role="agency")
    assert (effects(result)["GP-L01-AGENCY-BAN"], effects(result)["GP-AGENCY-BAN"]) == ("restrict", "restrict")
    assert story.verdict(agency) == "review"


# ---------------------------------------------------------------- lists in other domains


@pytest.mark.parametrize(
    ("list_id", "domain", "verdict"),
    [
        ("L03", "statutory_tender", "restricted"),
        ("L01", "statutory_tender", "eligible_with_flags"),
        ("L04", "statutory_tender", "eligible_with_flags"),
        ("L05", "statutory_tender", "eligible_with_flags"),
        ("L07", "statutory_tender", "review"),
        ("L18", "statutory_tender", "eligible_with_flags"),
        ("L24", "statutory_tender", "eligible_with_flags"),
        ("L03", "land", "eligible_with_flags"),
        ("L13", "mining", "eligible_with_flags"),
        ("L06", "state_assets", "eligible_with_flags"),
        ("L11", "military_procurement", "restricted"),
        ("L03", "military_procurement", "eligible_with_flags"),
        ("L03", "other", "eligible"),
        ("L02", "statutory_tender", "eligible"),
        ("L26", "land", "eligible"),
    ],
)
def test_a_list_does_in_each_domain_what_a_row_there_says(list_id: str, domain: str, verdict: str) -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, list_id)
    assert story.verdict(firm, domain=domain) == verdict


@pytest.mark.parametrize(("works", "verdict"), [(True, "eligible_with_flags"), (False, "eligible")])
def test_the_construction_blacklist_is_spoken_of_for_works_only(works: bool, verdict: str) -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L09")
    assert story.verdict(firm, domain="statutory_tender", works=works) == verdict


def test_the_wage_list_adopted_by_a_tender_document_restricts_there() -> None:
    story = Story()
    firm = story.firm()
    story.listing(firm, "L07")
    document = {"excludes": [{"list": "L07", "basis": "保障农民工工资支付条例第四十八条"}]}
    assert story.verdict(firm, domain="statutory_tender", document=document) == "restricted"
    assert story.verdict(firm, domain="land", document=document) == "eligible"


# ---------------------------------------------------------------- the medical platform


@pytest.mark.parametrize(
    ("grade", "product", "verdict"),
    [
        ("特别严重失信", "家具", "restricted"),
        ("严重失信", "注射用头孢曲松钠", "restricted"),
        ("严重失信", "家具", "eligible_with_flags"),
        ("严重失信", None, "review"),
        ("失信", "注射用头孢曲松钠", "eligible_with_flags"),
        ("B级", "注射用头孢曲松钠", "review"),
    ],
)
def test_a_medical_grade_acts_on_its_products_in_its_province(grade: str, product: str | None, verdict: str) -> None:
    assert graded(grade, product=product).verdict == verdict


@pytest.mark.parametrize(
    ("grade", "product", "verdict"),
    [
        ("特别严重失信", "注射用头孢曲松钠", "restricted"),
        ("特别严重失信", "家具", "eligible"),
        ("严重失信", "注射用头孢曲松钠", "eligible"),
        ("失信", "注射用头孢曲松钠", "eligible"),
    ],
)
def test_elsewhere_only_the_worst_grade_reaches_its_products(grade: str, product: str, verdict: str) -> None:
    assert graded(grade, where="370000", product=product).verdict == verdict


def test_products_named_by_the_entry_are_recognised() -> None:
    assert graded("严重失信", ground=None, products=["注射用头孢曲松钠(1g)"]).verdict == "restricted"


# ---------------------------------------------------------------- who it is


@pytest.mark.parametrize("bad", ["91512002MAF0000127", "91512002maf0000126", "９1512002MAF0000126", "nobody"])
def test_a_malformed_id_is_unknown(bad: str) -> None:
    assert effects(Story().result(bad)) == {"PARTY-MALFORMED": "unknown"}


@pytest.mark.parametrize("stranger", [credit_code(55555), "org:MAF000012", "person:nobody", "foreign:US:delaware:1"])
def test_an_unregistered_id_is_unknown(stranger: str) -> None:
    assert effects(Story().result(stranger)) == {"PARTY-UNREGISTERED": "unknown"}


def test_an_unknown_bid_leaves_the_others_answered() -> None:
    story = Story()
    answer = story.ask("nobody", story.firm())
    assert [r.verdict for r in answer.results] == ["unknown", "eligible"]


@pytest.mark.parametrize(
    ("party", "verdict"),
    [
        ({"kind": "foreign", "id": "foreign:US:delaware:1234567"}, "review"),
        ({"id": "reg:440301103097413"}, "review"),
        ({"id": "org:MAF000012"}, "eligible"),
        ({"status": "deregistered"}, "review"),
        ({"status": "revoked"}, "review"),
        ({"kind": "individual_business"}, "eligible"),
    ],
)
def test_a_party_that_the_lists_are_not_keyed_by_or_that_is_gone_is_for_a_person(party: Data, verdict: str) -> None:
    story = Story()
    assert story.verdict(story.firm(**party)) == verdict


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("云溪（四川）科技有限公司", "eligible"),
        ("云溪(四川) 科技有限公司", "eligible"),
        ("云溪旧名有限公司", "eligible"),
        ("云溪(四川)科技有限责任公司", "review"),
        (None, "eligible"),
    ],
)
def test_a_name_that_is_neither_the_registered_nor_a_former_one_is_for_a_person(name: str | None, verdict: str) -> None:
    story = Story()
    firm = story.firm("云溪(四川)科技有限公司", former_names=["云溪旧名有限公司"])
    assert story.verdict(Member(firm, name)) == verdict


def test_a_differing_name_is_q27_and_softens_nothing() -> None:
    story = Story()
    firm = story.firm()
    assert questions(story.result(Member(firm, "别的公司"))) == {"Q27"}
    story.listing(firm, "L03")
    assert story.verdict(Member(firm, "别的公司")) == "restricted"


@pytest.mark.parametrize("differs", [True, False])
def test_what_a_kept_question_found_of_a_masked_name_stands(differs: bool) -> None:
    story = Story()
    person = story.person("司徒试例")
    assert story.verdict(Member(person, "司***", differs)) == ("review" if differs else "eligible")


def test_a_persons_registered_name_is_shown_masked() -> None:
    story = Story()
    person = story.person("司徒试例", roles=["supplier"])
    story.listing(person, "L03")
    result = story.result(person)
    assert "司***" in found(result, "GP-L03").reason.zh
    assert "司徒试例" not in str(result)


def test_the_name_that_a_bid_gives_for_a_person_is_shown_masked() -> None:
    story = Story()
    person = story.person("司徒试例", roles=["supplier"])
    assert "诸葛试例" not in str(story.result(Member(person, "诸葛试例")))


def test_a_question_kept_with_a_masked_name_is_answered_in_the_same_words() -> None:
    story = Story()
    person = story.person("司徒试例", roles=["supplier"])
    asked, kept = Member(person, "诸葛试例"), Member(person, "诸***", differs=True)
    assert story.result(kept) == story.result(asked)
