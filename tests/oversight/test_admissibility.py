"""The conditions of a complaint (94号令 6, 11, 17–21; 条例 55): met, not met, or for a person to tell."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from credit.model.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintEventKind,
    ComplaintLaw,
    ComplaintOutcome,
    HeldComplaint,
    ItemOutcome,
)
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.admissibility import Point, PointState, admissibility
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods

PERIODS = Periods.load(Catalogue.load())
AS_OF = date(2026, 7, 20)
ITEM = "评标委员会对中标供应商业绩的认定有误"
OTHER = "中标结果不公"
FILE = "招标文件设置的资格条件排斥潜在供应商"
K, O = ComplaintEventKind, ComplaintOutcome  # noqa: E741 - outcomes
BASE = Complaint(
    complaint_no="川财投1",
    complainants=(PartyId("a"),),
    project_no="P-1",
    office=Authority("资阳市财政局"),
    filed_on=date(2026, 7, 6),
    received_on=date(2026, 7, 6),
    challenge_received_on=date(2026, 6, 3),
    challenge_replied_on=date(2026, 6, 12),
    items=(ITEM, OTHER),
    challenge_items=(ITEM, OTHER),
    participated=True,
)


def held(*events: ComplaintEvent, number: str = "c1", **changes: Any) -> HeldComplaint:  # noqa: ANN401 - fields of a complaint
    return Matter(MatterId(number), MatterKind.COMPLAINT, replace(BASE, **changes), 0, "", events)


def happened(
    kind: ComplaintEventKind, on: date = date(2026, 5, 20), outcome: ComplaintOutcome | None = None, *items: ItemOutcome
) -> ComplaintEvent:
    return ComplaintEvent(kind=kind, on=on, outcome=outcome, items=items)


def point(name: str, complaint: HeldComplaint, *others: HeldComplaint) -> Point:
    return next(p for p in admissibility(PERIODS, complaint, others, AS_OF) if p.point == name)


def answer(name: str, complaint: HeldComplaint, *others: HeldComplaint) -> tuple[str, tuple[int, ...]]:
    found = point(name, complaint, *others)
    return found.state.value, found.items


def test_every_condition_of_the_procurement_law_is_answered_with_its_article() -> None:
    points = admissibility(PERIODS, held(), (), AS_OF)
    assert [p.point for p in points] == [
        "prior_challenge", "in_time", "participant", "within_challenge", "not_decided_before", "office", "letter",
    ]  # fmt: skip
    assert all(p.citations and p.reason.zh and p.reason.en for p in points)


def test_a_sound_complaint_fails_no_condition() -> None:
    states = {p.point: p.state for p in admissibility(PERIODS, held(), (), AS_OF)}
    assert {name for name, state in states.items() if state is not PointState.MET} == {"office", "letter"}
    assert PointState.NOT_MET not in states.values()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "met"),
        ({"challenge_received_on": None}, "met"),
        ({"challenge_received_on": None, "challenge_replied_on": None}, "met"),
        ({"challenge_received_on": None, "challenge_replied_on": None, "challenge_items": None}, "unknown"),
        ({"challenge_received_on": None, "challenge_replied_on": None, "challenge_items": ()}, "not_met"),
        ({"challenge_received_on": date(2026, 7, 7)}, "unknown"),
    ],
)
def test_a_question_must_come_first(changes: dict[str, Any], state: str) -> None:
    assert answer("prior_challenge", held(**changes))[0] == state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "met"),
        ({"filed_on": date(2026, 7, 7)}, "not_met"),
        ({"filed_on": date(2026, 6, 12)}, "met"),  # on the day of the reply
        ({"filed_on": date(2026, 6, 11)}, "unknown"),  # before the reply and before its period ended
        ({"challenge_received_on": None, "filed_on": date(2026, 7, 7)}, "unknown"),
        ({"filed_on": date(2026, 8, 3)}, "not_met"),  # a later day than the one asked about
        ({"filed_on": date(2031, 7, 7), "challenge_received_on": date(2031, 6, 3)}, "unknown"),
    ],
)
def test_a_complaint_must_be_in_time(changes: dict[str, Any], state: str) -> None:
    assert answer("in_time", held(**changes))[0] == state


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"participated": None}, ("unknown", ())),
        ({"participated": False}, ("not_met", (1, 2))),
        ({"participated": False, "items": (FILE,)}, ("unknown", (1,))),
        ({"participated": False, "items": (FILE, OTHER)}, ("not_met", (2,))),
        ({"participated": False, "law": ComplaintLaw.BIDDING}, ("unknown", ())),
    ],
)
def test_one_who_took_no_part_may_complain_of_the_file_only(changes: dict[str, Any], expected: tuple[str, Any]) -> None:
    assert answer("participant", held(**changes)) == expected


@pytest.mark.parametrize(
    ("challenged", "expected"),
    [
        ((ITEM, OTHER), ("met", ())),
        (("1、" + ITEM + "。", "(二) 中标结果　不公！"), ("met", ())),
        ((ITEM,), ("not_met", (2,))),
        ((ITEM + "等", OTHER), ("not_met", (1,))),  # alike is not the same
        ((), ("not_met", (1, 2))),
        (None, ("unknown", (1, 2))),
    ],
)
def test_an_item_that_was_never_questioned_is_not_met(
    challenged: tuple[str, ...] | None, expected: tuple[str, Any]
) -> None:
    assert answer("within_challenge", held(challenge_items=challenged)) == expected


def test_without_items_nobody_can_tell_whether_they_go_beyond() -> None:
    assert answer("within_challenge", held(items=()))[0] == "unknown"


DECIDED = happened(K.DECIDED, outcome=O.REJECTED_UNFOUNDED)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((DECIDED,), "not_met"),
        ((happened(K.DECIDED, outcome=O.UPHELD_EFFECT),), "not_met"),
        ((happened(K.DECIDED, date(2026, 7, 10), O.REJECTED_UNFOUNDED),), "unknown"),
        ((happened(K.DECIDED, date(2026, 7, 30), O.REJECTED_UNFOUNDED),), "unknown"),
        ((happened(K.DECIDED, outcome=O.REJECTED_INADMISSIBLE),), "unknown"),
        ((DECIDED, happened(K.REVERSED, date(2026, 6, 20))), "unknown"),
        ((happened(K.WITHDRAWN),), "unknown"),
        ((), "unknown"),
        ((happened(K.NOT_ACCEPTED),), "met"),
        ((happened(K.TRANSFERRED),), "met"),
    ],
)
def test_what_was_decided_before_on_the_merits_is_not_taken_again(
    events: tuple[ComplaintEvent, ...], state: str
) -> None:
    earlier = held(*events, number="c0", filed_on=date(2026, 4, 1), project_no="Ｐ－1", items=(OTHER + "!",))
    found = point("not_decided_before", held(), earlier)
    assert (found.state.value, found.items) == (state, () if state == "met" else (2,))
    assert found.complaints == (() if state == "met" else (MatterId("c0"),))


@pytest.mark.parametrize(
    "changes",
    [
        {"project_no": "P-2"},
        {"project_no": None},
        {"complainants": (PartyId("b"),)},
        {"items": ("评标委员会组成不合法",)},
    ],
)
def test_another_project_complainant_or_item_is_another_matter(changes: dict[str, Any]) -> None:
    assert answer("not_decided_before", held(), held(DECIDED, number="c0", **changes))[0] == "met"


def test_a_complaint_is_not_its_own_precedent() -> None:
    decided = held(DECIDED)
    assert answer("not_decided_before", decided, decided)[0] == "met"


def test_the_outcome_of_the_item_counts_before_that_of_the_letter() -> None:
    event = happened(K.DECIDED, date(2026, 5, 20), O.PARTLY_UPHELD, ItemOutcome(1, O.REJECTED_INADMISSIBLE))
    assert answer("not_decided_before", held(), held(event, number="c0", items=(ITEM,))) == ("unknown", (1,))


def test_without_a_project_nobody_can_tell_whether_it_was_decided() -> None:
    assert answer("not_decided_before", held(project_no=None), held(DECIDED, number="c0"))[0] == "unknown"


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), "unknown"),
        ((happened(K.ACCEPTED, date(2026, 7, 8)),), "met"),
        ((happened(K.TRANSFERRED, date(2026, 7, 8)),), "not_met"),
        ((happened(K.TRANSFERRED, date(2026, 7, 8)), happened(K.ACCEPTED, date(2026, 7, 8))), "unknown"),
        ((happened(K.TRANSFERRED, date(2026, 7, 21)),), "unknown"),
    ],
)
def test_the_office_is_known_only_by_what_it_did(events: tuple[ComplaintEvent, ...], state: str) -> None:
    assert answer("office", held(*events))[0] == state


def test_the_letter_is_for_a_person_to_read() -> None:
    asked = held(happened(K.CORRECTION_DUE, date(2026, 7, 8)))
    assert answer("letter", held())[0] == answer("letter", asked)[0] == "unknown"
    assert point("letter", held()).reason != point("letter", asked).reason


def test_the_bidding_law_has_its_own_conditions() -> None:
    points = admissibility(PERIODS, held(law=ComplaintLaw.BIDDING), (), AS_OF)
    assert "within_challenge" not in {p.point for p in points}
    assert {c.instrument for p in points for c in p.citations} == {
        "中华人民共和国招标投标法实施条例(国务院令第613号, 2019年修订)"
    }


def test_a_condition_from_memory_is_never_failed() -> None:
    plain = PERIODS.model_copy(
        update={"points": tuple(p.model_copy(update={"mark": "M"}) for p in PERIODS.points)}, deep=False
    )
    remembered = Periods.model_validate(dict(plain))
    states = {p.state for p in admissibility(remembered, held(participated=False, challenge_items=()), (), AS_OF)}
    assert PointState.NOT_MET not in states
