"""Which tellings are one letter: of one number and law, one place, and nothing in them that differs."""

from dataclasses import replace
from datetime import date

import pytest

from credit.model.complaint import (
    Complaint,
    ComplaintEvent,
    ComplaintEventKind,
    ComplaintLaw,
    ComplaintOutcome,
    HeldComplaint,
)
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.party import PartyId
from credit.model.record import Authority, Source
from credit.oversight.letters import letters
from credit.oversight.outcomes import Doubt

FINANCE = Authority("资阳市财政局", region="512000")
AS_OF = date(2026, 5, 20)


def told(name: str, office: Authority = FINANCE, *, project: str | None = None, **said: object) -> HeldComplaint:
    content = Complaint(
        office=office,
        project_no=project,
        **{  # pyright: ignore[reportArgumentType]
            "complaint_no": "2026-1",
            "complainants": (PartyId("a"),),
            "filed_on": date(2026, 3, 9),
            **said,
        },
    )
    return Matter(MatterId(name), MatterKind.COMPLAINT, content, 1, "x")


@pytest.mark.parametrize(
    "other",
    [
        told("b", Authority("资阳市公共资源局", region="512000"), project="N2"),
        told("b", Authority("资阳市住房和城乡建设局", region="512000"), law=ComplaintLaw.BIDDING),
        told("b", Authority("资阳市公共资源局", region="512000"), filed_on=date(2026, 4, 1)),
    ],
)
def test_letters_that_bear_one_number_by_chance_are_two(other: HeldComplaint) -> None:
    assert len(letters([told("a", project="N1"), other], AS_OF)) == 2


def test_a_letter_told_by_two_sources_is_one() -> None:
    (letter,) = letters([told("a", project="N1"), told("b")], AS_OF)
    assert letter.told == (MatterId("b"),)


@pytest.mark.parametrize("filed", [date(2026, 3, 9), date(2026, 3, 10)])
def test_one_number_of_one_office_told_once_without_its_place_is_doubtful_whatever_the_day(filed: date) -> None:
    first, second = letters([told("a"), told("b", Authority("资阳市财政局"), filed_on=filed)], AS_OF)
    assert (first.standing.doubts, second.standing.doubts) == (frozenset(), {Doubt.CONTRADICTION})


def test_what_may_be_one_letter_told_without_its_place_is_doubtful() -> None:
    first, second = letters([told("a"), told("b", Authority("四川省资阳市财政局"))], AS_OF)
    assert (first.standing.doubts, second.standing.doubts) == (frozenset(), {Doubt.CONTRADICTION})


NOTICE = Source("四川政府采购网", kind="notice")


def by(who: str, *, kind: str = "decided", on: date = date(2026, 4, 1), doc_no: str | None = None) -> ComplaintEvent:
    """What the registry holds that somebody told of a course."""
    outcome = ComplaintOutcome.REJECTED_UNFOUNDED if kind == "decided" else None
    return ComplaintEvent(kind=ComplaintEventKind(kind), on=on, outcome=outcome, doc_no=doc_no, recorded_by=who)


def ended(one: HeldComplaint, *events: ComplaintEvent) -> HeldComplaint:
    return replace(one, events=events)


def noticed(name: str = "n", **said: object) -> HeldComplaint:
    """A notice of a decision, whose number it bears."""
    return ended(told(name, **{"complaint_no": "决1", "source": NOTICE, **said}), by("n", doc_no="决1"))  # pyright: ignore[reportArgumentType]


def doubts(*held: HeldComplaint) -> dict[str, frozenset[Doubt]]:
    return {letter.id: letter.standing.doubts for letter in letters(held, AS_OF)}


def test_a_notice_of_the_same_decision_tells_the_same_letter_and_the_offices_own_is_kept() -> None:
    (letter,) = letters([noticed(), ended(told("z"), by("office", doc_no="决1"))], AS_OF)
    assert (letter.id, letter.told, letter.standing.doubts) == ("z", (MatterId("n"),), frozenset())


def test_a_notice_of_a_joint_decision_is_of_one_of_its_letters_and_the_other_stands() -> None:
    two = [ended(told(n, complaint_no=n), by("office", doc_no="决1")) for n in ("p", "q")]
    assert doubts(noticed(), *two) == {"p": frozenset(), "q": frozenset()}


def test_of_a_notice_and_a_letter_of_the_office_that_may_be_one_the_undecided_is_doubtful() -> None:
    assert doubts(noticed(), told("z")) == {"n": frozenset(), "z": {Doubt.TOLD_TWICE}}


def test_of_two_that_are_decided_and_may_be_one_the_notice_is_doubtful() -> None:
    assert doubts(noticed(), ended(told("z"), by("office"))) == {"n": {Doubt.TOLD_TWICE}, "z": frozenset()}


@pytest.mark.parametrize(
    "other",
    [
        told("z", law=ComplaintLaw.BIDDING),
        told("z", Authority("资阳市财政局", region="370200")),
        told("z", Authority("青岛市财政局", region="512000")),
        told("z", project="N2"),
        told("z", complainants=(PartyId("b"),)),
        told("z", filed_on=date(2026, 4, 2)),
        ended(told("z"), by("office", doc_no="决2")),
        ended(told("z"), by("office", kind="withdrawn")),
    ],
    ids=["law", "province", "office", "project", "complainant", "filed after it ended", "decision", "withdrawn"],
)
def test_what_is_surely_another_letter_than_that_of_a_notice_is_not_doubtful(other: HeldComplaint) -> None:
    assert doubts(noticed(project="N1"), other) == {"n": frozenset(), "z": frozenset()}


def test_letters_of_two_complainants_are_two_whatever_their_number() -> None:
    assert len(letters([told("a"), told("b", complainants=(PartyId("b"),))], AS_OF)) == 2
