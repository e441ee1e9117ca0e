"""Which tellings are one letter: of one number and law, one place, and nothing in them that differs."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        told("z", project="N11"),
        told("z", complainants=(PartyId("b"),)),
        told("z", filed_on=date(2026, 4, 2)),
        ended(told("z"), by("office", doc_no="决2")),
        ended(told("z"), by("office", kind="withdrawn")),
    ],
    ids=[
        *("law", "province", "office", "project", "a longer number", "complainant", "filed after it ended"),
        *("decision", "withdrawn"),
    ],
)
def test_what_is_surely_another_letter_than_that_of_a_notice_is_not_doubtful(other: HeldComplaint) -> None:
    assert doubts(noticed(project="N1"), other) == {"n": frozenset(), "z": frozenset()}


SECTION = Authority("资阳市财政局政府采购监督管理科", region="512000")
BUREAU = Authority("资阳市财政评审中心", region="512000")


def reversed_after(one: HeldComplaint, *events: ComplaintEvent) -> HeldComplaint:
    return ended(one, *events, by("office", kind="reversed", on=date(2026, 5, 4)))


def certain(*held: HeldComplaint) -> list[str]:
    """The letters that are surely rejected."""
    rejected = (one for one in letters(held, AS_OF) if one.outcome is ComplaintOutcome.REJECTED_UNFOUNDED)
    return [one.id for one in rejected if not one.standing.doubts]


@pytest.mark.parametrize("doc_no", ["决1", None])
def test_a_decision_that_the_office_tells_was_reversed_is_certain_by_no_notice(doc_no: str | None) -> None:
    assert certain(noticed(), reversed_after(told("z"), by("office", doc_no=doc_no))) == []


def test_what_the_office_decided_after_a_reversal_goes_before_the_notice_of_the_first_decision() -> None:
    again = ComplaintEvent(
        kind=ComplaintEventKind.DECIDED,
        on=date(2026, 5, 11),
        outcome=ComplaintOutcome.UPHELD_EFFECT,
        doc_no="决3",
    )
    own = reversed_after(told("z"), by("office", doc_no="决1"))
    (letter,) = letters([noticed(), ended(own, *own.events, again)], AS_OF)
    assert (letter.id, letter.outcome, letter.standing.doubts) == ("z", ComplaintOutcome.UPHELD_EFFECT, frozenset())


@pytest.mark.parametrize("doc_no", ["决1", None])
def test_a_reversal_that_a_notice_alone_tells_makes_the_offices_own_doubtful(doc_no: str | None) -> None:
    notice = noticed()
    undone = ended(notice, *notice.events, by("n", kind="reversed", on=date(2026, 5, 4)))
    assert certain(undone, ended(told("z"), by("office", doc_no=doc_no))) == []


@pytest.mark.parametrize("project", ["ZY-2026-01(包1)", "zy202601", "ocds-213czf-1", "N2"])
def test_of_one_decision_a_letter_is_one_whatever_the_project_is_called(project: str) -> None:
    own = ended(told("z", project="ZY-2026-01"), by("office", doc_no="决1"))
    (letter,) = letters([noticed(project=project), own], AS_OF)
    assert (letter.id, letter.told) == ("z", (MatterId("n"),))


def test_a_notice_of_a_joint_decision_is_of_the_letter_on_its_project() -> None:
    two = [ended(told(n, complaint_no=n, project=n), by("office", doc_no="决1")) for n in ("P1", "P2")]
    assert {one.id: one.told for one in letters([noticed(project="P2"), *two], AS_OF)} == {"P1": (), "P2": ("n",)}


@pytest.mark.parametrize("project", ["ZY-2026-01(包1)", "zy202601", "ocds-213czf-1"])
def test_a_project_that_is_written_otherwise_clears_no_doubt(project: str) -> None:
    own = ended(told("z", project="ZY-2026-01"), by("office"))
    assert doubts(noticed(project=project), own) == {"n": {Doubt.TOLD_TWICE}, "z": frozenset()}


def test_two_processes_are_two_projects() -> None:
    own = ended(told("z", project="ocds-213czf-1"), by("office"))
    assert not any(doubts(noticed(project="ocds-213czf-12"), own).values())


def test_a_notice_with_a_number_of_its_own_is_no_other_decision() -> None:
    notice = ended(told("n", complaint_no="T-77", source=NOTICE), by("n"))
    own = ended(told("z"), by("office", doc_no="决1"))
    assert doubts(notice, own) == {"n": {Doubt.TOLD_TWICE}, "z": frozenset()}


def test_an_end_that_was_undone_clears_no_doubt() -> None:
    refused, taken = by("office", kind="not_accepted", on=date(2026, 3, 10)), by("office", kind="accepted", on=AS_OF)
    decided = by("office", on=AS_OF)
    own = ended(told("z"), refused, replace(taken, on=date(2026, 3, 12)), decided)
    assert doubts(noticed(filed_on=date(2026, 3, 11)), own) == {"n": {Doubt.TOLD_TWICE}, "z": frozenset()}


@pytest.mark.parametrize("filed", [date(2026, 4, 3), date(2026, 4, 5)])
def test_the_day_of_publishing_clears_no_doubt(filed: date) -> None:
    notice = ended(told("n", source=NOTICE, complaint_no="决1", filed_on=filed), by("n", on=date(2026, 4, 3)))
    assert Doubt.TOLD_TWICE in doubts(notice, ended(told("z"), by("office")))["n"]


def test_what_was_decided_on_one_day_may_be_one_whenever_it_was_filed() -> None:
    own = ended(told("z", filed_on=date(2026, 4, 2)), by("office"))
    assert Doubt.TOLD_TWICE in doubts(noticed(), own)["n"]


@pytest.mark.parametrize("office", [SECTION, BUREAU])
def test_of_one_decision_number_in_one_province_both_never_count(office: Authority) -> None:
    assert certain(noticed(office=office), ended(told("z"), by("office", doc_no="决1"))) == ["z"]


def test_one_number_of_an_office_and_of_its_section_is_doubtful() -> None:
    two = told("a"), told("b", SECTION, filed_on=date(2026, 3, 10))
    assert doubts(*two) == {"a": frozenset(), "b": {Doubt.CONTRADICTION}}


def test_a_letter_knows_its_decision_by_whatever_tells_it() -> None:
    bare = ended(told("y", Authority("四川省资阳市财政局", region="512000")), by("office"))
    other = ended(told("n", complaint_no="决2", source=NOTICE), by("n", doc_no="决2"))
    assert doubts(ended(told("z"), by("office", doc_no="决1")), bare, other) == {"n": frozenset(), "y": frozenset()}


def test_notices_of_two_publishers_may_be_one_and_the_one_without_a_decision_is_doubtful() -> None:
    other = ended(told("o", complaint_no="T-77", source=Source("OCDS", kind="notice")), by("n"))
    assert doubts(noticed(), other) == {"n": frozenset(), "o": {Doubt.TOLD_TWICE}}


def test_two_notices_of_one_publisher_are_two_letters() -> None:
    two = [ended(told(n, complaint_no=n, source=NOTICE), by("n")) for n in ("T-1", "T-2")]
    assert not any(doubts(*two).values())


tellings = st.fixed_dictionaries({
    "letter": st.integers(0, 2),
    "kind": st.sampled_from(["own", "notice", "process"]),
    "doc": st.booleans(),
    "project": st.sampled_from([None, "P-{}", "p{}(包1)", "ocds-213czf-{}"]),
    "office": st.sampled_from([FINANCE, SECTION, Authority("资阳市财政局"), Authority("四川省资阳市财政局")]),
    "shift": st.integers(-1, 2),
    "undone": st.booleans(),
})  # fmt: skip


def of_telling(nth: int, said: dict[str, Any]) -> HeldComplaint:
    """A telling of one of three letters, filed a week apart and decided at the end of the month."""
    letter, kind, number = said["letter"], said["kind"], f"决{said['letter']}"
    decided = by("x", on=date(2026, 4, 1 + letter), doc_no=number if said["doc"] and kind != "process" else None)
    source = None if kind == "own" else Source(kind, kind="notice")
    one = told(
        f"m{nth}",
        said["office"],
        project=said["project"] and said["project"].format(letter),
        complaint_no={"own": f"投{letter}", "notice": number, "process": f"T-{letter}"}[kind],
        filed_on=date(2026, 3, 5 + 7 * letter + said["shift"]),
        source=source,
    )
    return (reversed_after if said["undone"] and kind == "own" else ended)(one, decided)


@given(st.lists(tellings, max_size=6))
def test_however_letters_are_told_no_more_are_certain_than_there_are_and_none_that_its_office_reversed(
    said: list[dict[str, Any]],
) -> None:
    sure = certain(*(of_telling(nth, one) for nth, one in enumerate(said)))
    of = [said[int(name[1:])]["letter"] for name in sure]
    undone = {one["letter"] for one in said if one["undone"] and one["kind"] == "own"}
    assert len(of) == len(set(of))
    assert undone.isdisjoint(of)


def test_letters_of_two_complainants_are_two_whatever_their_number() -> None:
    assert len(letters([told("a"), told("b", complainants=(PartyId("b"),))], AS_OF)) == 2
