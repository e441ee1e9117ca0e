"""A case at the end of a day: with whom it lies, what is awaited, since when it is late."""

from datetime import date

from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import Case, CaseEvent, CaseEventKind, CaseKind
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.oversight.cases import case_state

FINANCE, POLICE, MARKET = (Authority(name, None, "512000") for name in ("财政局", "公安局", "市场监管局"))
END = date(2026, 12, 31)
K = CaseEventKind


def case(*events: CaseEvent) -> Matter[Case, CaseEvent]:
    content = Case(
        case_no="线索1",
        kind=CaseKind.LEAD,
        parties=(PartyId("91512002MAF0000126"),),
        authority=FINANCE,
        opened_on=date(2026, 4, 28),
        summary="疑似收取撤诉费",
    )
    return Matter(MatterId("cas_1"), MatterKind.CASE, content, 1, "key", events)


def event(kind: CaseEventKind, on: date, to: Authority | None = None, due_on: date | None = None) -> CaseEvent:
    return CaseEvent(kind=kind, on=on, to=to, due_on=due_on, tick=on.toordinal())


HANDED = event(K.TRANSFERRED, date(2026, 5, 1), POLICE, date(2026, 6, 1))


def test_a_case_lies_with_its_authority_until_it_is_assigned() -> None:
    assert case_state(case(), END).holder == FINANCE
    assert case_state(case(event(K.ASSIGNED, date(2026, 5, 1), MARKET)), END).holder == MARKET


def test_an_answer_is_late_from_the_day_after_its_last() -> None:
    assert case_state(case(HANDED), date(2026, 6, 1)).overdue_since is None
    assert case_state(case(HANDED), date(2026, 6, 2)).overdue_since == date(2026, 6, 1)


def test_feedback_answers_whatever_the_order_of_arrival() -> None:
    feedback = event(K.FEEDBACK, date(2026, 6, 11))
    assert case_state(case(feedback, HANDED), END).awaiting == ()


def test_feedback_answers_the_hand_over_to_whom_it_names() -> None:
    other = event(K.TRANSFERRED, date(2026, 5, 2), MARKET)
    state = case_state(case(HANDED, other, event(K.FEEDBACK, date(2026, 5, 20), MARKET)), END)
    assert state.awaiting == (HANDED,)


def test_feedback_that_names_nobody_answers_the_oldest() -> None:
    other = event(K.TRANSFERRED, date(2026, 5, 2), MARKET)
    assert case_state(case(HANDED, other, event(K.FEEDBACK, date(2026, 5, 20))), END).awaiting == (other,)


def test_a_closed_case_is_not_late_and_a_reopened_one_may_be() -> None:
    closed = event(K.CLOSED, date(2026, 6, 10))
    assert case_state(case(HANDED, closed), END).overdue_since is None
    again = case_state(case(HANDED, closed, event(K.REOPENED, date(2026, 6, 20))), END)
    assert (again.open, again.overdue_since) == (True, date(2026, 6, 1))


def test_what_nobody_asked_a_body_for_answers_nothing() -> None:
    stranger = event(K.FEEDBACK, date(2026, 5, 20), MARKET)
    assert case_state(case(HANDED, stranger), END).awaiting == (HANDED,)


def test_a_body_is_known_however_its_name_is_written() -> None:
    answer = event(K.FEEDBACK, date(2026, 5, 20), Authority(" 公安局 "))
    assert case_state(case(HANDED, answer), END).awaiting == ()
