"""The stories of the sample end as they say they do: one of every kind of answer."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credit.cli import banner
from credit.model.facts import Dossier, Facts
from credit.model.party import Party, PartyId, Relation, Role
from credit.model.project import Domain, Project, RecordedBid, Signals, Sync
from credit.model.question import Activity, Bid, Member, Question
from credit.model.record import Event, Record, RecordId
from credit.model.statements import PartyStatement, Unset
from credit.model.verdict import AlertKind, Answer, Effect, Verdict
from credit.regions import Regions
from credit.rules.catalogue import Catalogue
from credit.rules.evaluate import Rules, evaluate
from credit.sample.city import SOURCE, City
from credit.sample.numbers import credit_code
from credit.sample.stories import Held, Stories, Tender, person

DEADLINE = datetime.fromisoformat("2026-06-10T09:30:00+08:00")
CUT_OFF = datetime.fromisoformat("2026-06-10T14:00:00+08:00")
NEXT_YEAR = datetime(2027, 6, 1, tzinfo=UTC)

ANSWERS = {
    "clean": Verdict.ELIGIBLE,
    "debt_paid": Verdict.ELIGIBLE,
    "annulled": Verdict.ELIGIBLE,
    "repaired": Verdict.ELIGIBLE,
    "mistaken": Verdict.ELIGIBLE,
    "banned_later": Verdict.ELIGIBLE,
    "shop": Verdict.ELIGIBLE,
    "old_code": Verdict.ELIGIBLE,
    "noted": Verdict.ELIGIBLE_WITH_FLAGS,
    "small_fine": Verdict.ELIGIBLE_WITH_FLAGS,
    "ban_over": Verdict.ELIGIBLE_WITH_FLAGS,
    "amended": Verdict.ELIGIBLE_WITH_FLAGS,
    "new_firm": Verdict.ELIGIBLE_WITH_FLAGS,
    "military": Verdict.ELIGIBLE_WITH_FLAGS,
    "renamed": Verdict.ELIGIBLE_WITH_FLAGS,
    "fine_only": Verdict.REVIEW,
    "ban_here": Verdict.REVIEW,
    "wages": Verdict.REVIEW,
    "suspended": Verdict.REVIEW,
    "withheld": Verdict.REVIEW,
    "no_sector": Verdict.REVIEW,
    "head_clean": Verdict.REVIEW,
    "absorber": Verdict.REVIEW,
    "tender_bar": Verdict.REVIEW,
    "same_name": Verdict.REVIEW,
    "foreign": Verdict.REVIEW,
    "old_number": Verdict.REVIEW,
    "banned": Verdict.RESTRICTED,
    "fined": Verdict.RESTRICTED,
    "debtor": Verdict.RESTRICTED,
    "tax": Verdict.RESTRICTED,
    "false_complaint": Verdict.RESTRICTED,
    "stopped": Verdict.RESTRICTED,
    "revoked": Verdict.RESTRICTED,
    "convicted": Verdict.RESTRICTED,
    "head": Verdict.RESTRICTED,
    "branch": Verdict.RESTRICTED,
    "branch_banned": Verdict.RESTRICTED,
}
"""What each story comes to for a supplier by itself, in government procurement outside the city, at the cut-off."""


def party_of(party_id: str, said: PartyStatement) -> Party:
    """Make what the registry would hold of a party."""
    told: dict[str, Any] = {
        name: value
        for name in ("kind", "name", "former_names", "roles", "region", "status", "established_on", "contacts")
        if not isinstance(value := getattr(said, name), Unset)
    }
    return Party(id=PartyId(party_id), **told)


def record_of(tick: int, held: Held) -> Record:
    """Make what the registry would hold of a record; ``tick`` tells it from others."""
    events = tuple(
        Event(
            f"evt_{tick}_{place}",
            event.kind,
            event.on,
            event.doc_no,
            event.by,
            event.reason,
            json.dumps(event.changes) if event.changes else None,
            tick,
        )
        for place, event in enumerate(held.events)
    )
    return Record(RecordId(f"rec_{tick}"), PartyId(held.party), held.content, SOURCE, tick, "sample", events)


def facts_of(city: City, tender: Tender | None = None) -> Facts:
    """Make the facts that the registry would gather if it gathered all."""
    parties = [(str(firm.id), firm) for firm in city.firms] + list(city.persons)
    records = [record_of(tick, held) for tick, held in enumerate(city.records, 1)]
    dossiers = {
        PartyId(name): Dossier(party_of(name, said), tuple(r for r in records if r.party == name))
        for name, said in parties
    }
    relations = tuple(
        Relation(f"rel_{n}", r.kind, PartyId(r.source), PartyId(r.target), r.share, r.since, r.until, 1)
        for n, r in enumerate(city.relations)
    )
    syncs = tuple(Sync(name, name, s.finished_at, s.outcome, s.records, 1) for name, s in city.syncs)
    facts = Facts(10**6, {name: name for name in dossiers}, dossiers, relations, syncs)
    return replace(facts, project=project_of(tender), recorded_bids=bids_of(tender)) if tender else facts


def project_of(tender: Tender) -> Project:
    said = tender.project
    return Project(
        "prj_1", said.project_no, said.name, said.domain, said.region, PartyId(said.purchaser),
        PartyId(said.agency) if said.agency else None, said.notice_on, said.deadline, said.lots, 1,
    )  # fmt: skip


def bids_of(tender: Tender) -> tuple[RecordedBid, ...]:
    return tuple(
        RecordedBid(
            f"bid_{n}", bid.lot, tuple(map(PartyId, bid.members)), PartyId(bid.lead), bid.price, bid.result,
            Signals(bid.machine_code, bid.deposit_account, bid.ip), 1,
        )
        for n, bid in enumerate(tender.bids)
    )  # fmt: skip


@pytest.fixture(scope="module")
def city() -> City:
    return City.build()


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(Catalogue.load(), Regions.load(), timedelta(hours=72))


@pytest.fixture(scope="module")
def stories() -> Stories:
    return Stories.load()


@pytest.fixture(scope="module")
def alone(city: City, rules: Rules, stories: Stories) -> Mapping[str, Answer]:
    """What is answered on each firm with a story when nobody else is asked about."""
    facts = facts_of(city)
    return {firm.handle: ask(facts, rules, Role.SUPPLIER, (firm.id,)) for firm in stories.cast.firm}


def ask(facts: Facts, rules: Rules, role: Role, *bids: tuple[str, ...], **activity: object) -> Answer:
    told: dict[str, Any] = {"domain": Domain.GOVERNMENT_PROCUREMENT, "deadline": DEADLINE, "cut_off": CUT_OFF}
    told |= {"region": "510000", **activity}
    asked = tuple(Bid(str(n), role, tuple(Member(party) for party in members)) for n, members in enumerate(bids, 1))
    return evaluate(facts, rules, Question(Activity(**told), asked, NEXT_YEAR))


def verdicts(answer: Answer) -> list[Verdict]:
    return [result.verdict for result in answer.results]


@pytest.mark.parametrize("handle", ANSWERS)
def test_a_story_ends_as_it_says(alone: Mapping[str, Answer], handle: str) -> None:
    assert verdicts(alone[handle]) == [ANSWERS[handle]], alone[handle].results[0].findings


def test_every_supplier_with_a_story_is_asked_about(stories: Stories) -> None:
    parts_of_another = {"twin_a", "twin_b", "holding", "held", "absorbed", "renamed_old"}
    suppliers = {firm.handle for firm in stories.cast.firm if Role.SUPPLIER in firm.roles}
    assert suppliers == set(ANSWERS) | parts_of_another


def test_a_code_that_nobody_registered_is_unknown(city: City, rules: Rules) -> None:
    assert verdicts(ask(facts_of(city), rules, Role.SUPPLIER, (credit_code(9999),))) == [Verdict.UNKNOWN]


def test_a_question_about_a_day_long_after_the_syncs_is_unknown(city: City, rules: Rules, stories: Stories) -> None:
    later = datetime.fromisoformat("2026-12-31T09:30:00+08:00")
    answer = ask(facts_of(city), rules, Role.SUPPLIER, (stories.code("clean"),), deadline=later, cut_off=later)
    assert verdicts(answer) == [Verdict.UNKNOWN]


def test_two_bidders_with_one_leader_restrict_each_other_in_a_lot(city: City, rules: Rules, stories: Stories) -> None:
    bids = [(stories.code("twin_a"),), (stories.code("twin_b"),)]
    assert verdicts(ask(facts_of(city), rules, Role.SUPPLIER, *bids, lot="2")) == [Verdict.RESTRICTED] * 2


def test_a_holding_firm_and_the_one_it_holds_restrict_each_other_in_a_lot(
    city: City, rules: Rules, stories: Stories
) -> None:
    bids = [(stories.code("holding"),), (stories.code("held"),)]
    assert verdicts(ask(facts_of(city), rules, Role.SUPPLIER, *bids, lot="1")) == [Verdict.RESTRICTED] * 2


def test_a_dishonest_debtor_taints_the_whole_consortium(city: City, rules: Rules, stories: Stories) -> None:
    consortium = (stories.code("repaired"), stories.code("debtor"))
    assert verdicts(ask(facts_of(city), rules, Role.SUPPLIER, consortium)) == [Verdict.RESTRICTED]


def test_equal_traces_in_two_bid_files_are_told(city: City, rules: Rules, stories: Stories) -> None:
    tender = next(tender for tender in city.tenders if tender.project.domain is Domain.STATUTORY_TENDER)
    said = tender.project
    told = {"domain": said.domain, "project_no": said.project_no, "lot": "1", "region": said.region}
    bids = [(stories.code("amended"),), (stories.code("annulled"),)]
    answer = ask(facts_of(city, tender), rules, Role.SUPPLIER, *bids, **told)
    assert verdicts(answer) == [Verdict.REVIEW] * 2
    assert AlertKind.LEAD in {alert.kind for alert in answer.alerts}


def test_a_ban_served_after_the_cut_off_alerts(alone: Mapping[str, Answer]) -> None:
    assert {alert.kind for alert in alone["banned_later"].alerts} == {AlertKind.LATER_FACT}


def test_an_agency_banned_from_agency_work_is_restricted_as_an_agency(
    city: City, rules: Rules, stories: Stories
) -> None:
    bids = [(stories.code("agency_banned"),), (stories.code("agency"),), (stories.code("agency_clean"),)]
    assert verdicts(ask(facts_of(city), rules, Role.AGENCY, *bids)) == [
        Verdict.RESTRICTED,
        Verdict.ELIGIBLE_WITH_FLAGS,
        Verdict.ELIGIBLE,
    ]


def test_a_barred_expert_is_restricted_and_others_are_not(city: City, rules: Rules) -> None:
    bids = [(person(number),) for number in (301, 302, 303, 304)]
    assert verdicts(ask(facts_of(city), rules, Role.EXPERT, *bids)) == [
        Verdict.RESTRICTED,
        Verdict.REVIEW,
        Verdict.ELIGIBLE_WITH_FLAGS,
        Verdict.ELIGIBLE,
    ]


def test_a_purchaser_that_was_warned_is_only_shown(city: City, rules: Rules, stories: Stories) -> None:
    answer = ask(facts_of(city), rules, Role.PURCHASER, (stories.code("school"),))
    assert verdicts(answer) == [Verdict.ELIGIBLE_WITH_FLAGS]


def test_a_bar_from_statutory_tenders_restricts_there(city: City, rules: Rules, stories: Stories) -> None:
    tender = Domain.STATUTORY_TENDER
    answer = ask(facts_of(city), rules, Role.SUPPLIER, (stories.code("tender_bar"),), domain=tender, works=True)
    assert verdicts(answer) == [Verdict.RESTRICTED]


def test_the_three_bidders_that_are_printed_at_the_start_have_three_answers(
    city: City, rules: Rules, stories: Stories
) -> None:
    tender = next(tender for tender in city.tenders if tender.project.project_no == banner.PROJECT)
    bids = [(stories.code(handle),) for handle in banner.BIDDERS]
    answer = ask(facts_of(city, tender), rules, Role.SUPPLIER, *bids, project_no=banner.PROJECT, lot="1")
    assert verdicts(answer) == [Verdict.ELIGIBLE, Verdict.ELIGIBLE_WITH_FLAGS, Verdict.RESTRICTED]


def test_every_effect_that_a_finding_can_have_occurs_but_unknown(alone: Mapping[str, Answer]) -> None:
    effects = {found.effect for answer in alone.values() for result in answer.results for found in result.findings}
    assert effects == set(Effect) - {Effect.UNKNOWN}
