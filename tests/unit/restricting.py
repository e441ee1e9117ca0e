"""For each row of the catalogue that may restrict, a story that makes it bite."""

from collections.abc import Callable, Mapping
from typing import Final

from credit.model.verdict import Result
from tests.unit.story import FINANCE, HOUSING, Data, Story

Bites = Callable[[Story], Result]
TENDER: Final = "statutory_tender"
NUMBER: Final = "资财采罚〔2025〕7号"
YEAR: Final[Data] = {"from_": "2025-09-01", "until": "2026-08-31", "decided_on": "2025-08-25"}
WAGES: Final[Data] = {"excludes": [{"list": "L07", "basis": "保障农民工工资支付条例第四十八条"}]}
GRADED: Final[Data] = {"region": "510000", "ground": "涉案产品：注射用头孢曲松钠"}


def punished(*kinds: str, **more: object) -> Bites:
    def tell(story: Story) -> Result:
        firm = story.firm()
        story.penalty(firm, *kinds, **more)
        return story.result(firm)

    return tell


def banned(role: str = "supplier", domain: str = "government_procurement", **ban: object) -> Bites:
    def tell(story: Story) -> Result:
        party = story.firm()
        story.ban(party, **{**YEAR, **ban})
        return story.result(party, role=role, domain=domain)

    return tell


def listed(list_id: str, entry: Data | None = None, **activity: object) -> Bites:
    def tell(story: Story) -> Result:
        firm = story.firm()
        story.listing(firm, list_id, **(entry or {}))
        return story.ask(firm, **activity).results[0]  # pyright: ignore[reportArgumentType]  # fields of an activity

    return tell


def on_l01(role: str, **ban: object) -> Bites:
    def tell(story: Story) -> Result:
        party = story.firm()
        story.ban(party, **YEAR, doc_no=NUMBER, authority=FINANCE, **ban)
        story.listing(party, "L01", doc_no=NUMBER)
        return story.result(party, role=role)

    return tell


def related(kind: str, domain: str = "government_procurement", **more: object) -> Bites:
    def tell(story: Story) -> Result:
        one, other = story.firm(), story.firm()
        story.relate(kind, one, other, **more)
        return story.ask(one, other, domain=domain).results[0]

    return tell


def same_leader(domain: str) -> Bites:
    def tell(story: Story) -> Result:
        one, other, leader = story.firm(), story.firm(), story.person()
        story.leads(leader, one)
        story.leads(leader, other)
        return story.ask(one, other, domain=domain).results[0]

    return tell


def double_role(domain: str) -> Bites:
    def tell(story: Story) -> Result:
        one, other = story.firm(), story.firm()
        return story.ask([one, other], [one], domain=domain).results[0]

    return tell


def indirect(story: Story) -> Result:
    one, between, other = story.firm(), story.firm(), story.firm()
    story.holds(one, between, "0.60")
    story.holds(between, other, "0.60")
    return story.ask(one, other, domain=TENDER).results[0]


def prior_service(story: Story) -> Result:
    firm = story.firm()
    return story.result(firm, prior_services=[{"party": firm, "service": "design"}])


STORIES: Final[Mapping[str, Bites]] = {
    "GP-ART22-CRIME": punished("criminal"),
    "GP-ART22-STOP": punished("production_stopped"),
    "GP-ART22-REVOKED": punished("licence_revoked"),
    "GP-ART22-FINE": punished("fine", fine="2000000.00"),
    "GP-BAN": banned(),
    "GP-AGENCY-BAN": banned("agency", scope="agency_work", legal_basis=["采购法 78"]),
    "GP-EXPERT-BAN": banned("expert", scope="review_work", legal_basis=["采购法实施条例 75"]),
    "BID-BAN": banned("supplier", TENDER, scope="statutory_tenders", authority=HOUSING, legal_basis=["招标投标法 53"]),
    "BID-BAN-AGENCY": banned("agency", TENDER, scope="agency_work", authority=HOUSING, legal_basis=["招标投标法 50"]),
    "BID-BAN-EXPERT": banned(
        "expert", TENDER, scope="review_work", authority=HOUSING, legal_basis=["招标投标法实施条例 71"]
    ),
    "MIL-BAN": banned(
        "supplier", "military_procurement", scope="military_procurement", authority={"name": "某战区联勤部队"}
    ),
    "GP-L01-BAN": on_l01("supplier"),
    "GP-L01-AGENCY-BAN": on_l01("agency", scope="agency_work", legal_basis=["采购法 78"]),
    "GP-L03": listed("L03"),
    "GP-L04": listed("L04"),
    "GP-L07-DOCUMENT": listed("L07", document=WAGES),
    "BID-L03": listed("L03", domain=TENDER),
    "BID-L07-DOCUMENT": listed("L07", document=WAGES, domain=TENDER),
    "MED-L10-ALL": listed("L10", {**GRADED, "grade": "特别严重失信"}, domain="medical_platform"),
    "MED-L10-INVOLVED": listed(
        "L10", {**GRADED, "grade": "严重失信"}, domain="medical_platform", product_category="注射用头孢曲松钠"
    ),
    "MIL-L11": listed("L11", domain="military_procurement"),
    "GP-SAME-LEADER": same_leader("government_procurement"),
    "GP-DIRECT-CONTROL": related("shareholder", share="0.51"),
    "GP-MANAGES": related("manages"),
    "GP-DOUBLE-ROLE": double_role("government_procurement"),
    "BID-SAME-LEADER": same_leader(TENDER),
    "BID-DIRECT-CONTROL": related("controls", TENDER),
    "BID-INDIRECT": indirect,
    "BID-MANAGES": related("manages", TENDER),
    "BID-DOUBLE-ROLE": double_role(TENDER),
    "GP-PRIOR-SERVICE": prior_service,
}
