"""Which tellings are one letter: of one number and law, one place, and nothing in them that differs."""

from datetime import date

import pytest

from credit.model.complaint import Complaint, ComplaintLaw, HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.letters import letters
from credit.oversight.outcomes import Doubt

FINANCE = Authority("资阳市财政局", region="512000")
AS_OF = date(2026, 5, 20)


def told(name: str, office: Authority = FINANCE, *, project: str | None = None, **said: object) -> HeldComplaint:
    content = Complaint(
        complaint_no="2026-1",
        complainants=(PartyId("a"),),
        office=office,
        project_no=project,
        **{"filed_on": date(2026, 3, 9), **said},  # pyright: ignore[reportArgumentType]
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
