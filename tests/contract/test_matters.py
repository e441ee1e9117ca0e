"""Matters through the graph: written once, found by whom they concern and what they are about, paged by number."""

from datetime import date

import pytest

from credit.errors import (
    CaseAwaitsFeedback,
    CaseHasOpenOrder,
    Conflict,
    CreditError,
    FieldInvalid,
    MatterClosed,
    NotYourAuthority,
    PartyUnknown,
    Unknown,
)
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintOutcome, ItemOutcome
from credit.model.matter import MatterKind
from credit.model.matters import Case, CaseEvent, CaseEventKind, CaseKind, Correction, CorrectionEvent
from credit.model.matters import CorrectionEventKind as OrderEventKind
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.model.statements import Outcome, Written
from credit.registry.complaints import Ledger
from credit.registry.matters import Handling, Opening
from credit.rules.thresholds import Thresholds
from credit.wiring import SystemClock
from tests.contract.makers import ADMIN, FINANCE, MARKET, OFFICER, City, Sha, code

A, B, C = (PartyId(code(n)) for n in (1, 2, 3))
POLICE = Authority("资阳市公安局", None, "512000")


@pytest.fixture
async def handling(city: City) -> Handling:
    await city.firms(1, 2, 3)
    return Handling(city.store.writes, Sha(), Ledger(Thresholds.load(), SystemClock()))


def complaint(number: str, *complainants: PartyId, **said: object) -> Opening:
    content = Complaint(
        complaint_no=number,
        complainants=complainants,
        office=FINANCE,
        filed_on=date(2026, 3, 9),
        items=("中标结果不公", "检测报告不符"),
    )
    return Opening(kind=MatterKind.COMPLAINT, content=content, **said)  # pyright: ignore[reportArgumentType]


def case(number: str, *about: str) -> Opening:
    content = Case(
        case_no=number,
        kind=CaseKind.LEAD,
        parties=(A,),
        authority=FINANCE,
        opened_on=date(2026, 4, 28),
        summary="疑似收取撤诉费",
    )
    return Opening(kind=MatterKind.CASE, content=content, about=about)


def decided(on: date, outcome: ComplaintOutcome, doc_no: str | None = None) -> ComplaintEvent:
    return ComplaintEvent(
        kind=ComplaintEventKind.DECIDED, on=on, doc_no=doc_no, outcome=outcome, items=(ItemOutcome(1, outcome),)
    )


def made(outcome: Outcome) -> str:
    if outcome.error is not None:
        raise outcome.error
    return outcome.id


async def test_a_complaint_is_read_as_it_was_said_with_its_events(handling: Handling, city: City) -> None:
    name = made(await handling.open(OFFICER, complaint("投诉〔2026〕1号", A)))
    event = decided(date(2026, 4, 21), ComplaintOutcome.REJECTED_UNFOUNDED)
    outcome = await handling.follow_up(OFFICER, MatterKind.COMPLAINT, "投诉(2026)1号", event)
    (held,) = await city.store.matters.named(MatterKind.COMPLAINT, name)
    assert held == outcome.matter
    assert held.content == complaint("投诉〔2026〕1号", A).content
    assert [(e.kind, e.on) for e in held.events if isinstance(e, ComplaintEvent)] == [(event.kind, event.on)]
    assert (held.nth, held.recorded_by) == (1, OFFICER.id)


async def test_the_same_complaint_again_changes_nothing_and_another_content_is_a_conflict(handling: Handling) -> None:
    first = await handling.open(OFFICER, complaint("1", A))
    for written in ("1", " １ "):  # however the number is written
        same = await handling.open(OFFICER, complaint(written, A))
        assert (same.id, same.written) == (first.id, Written.UNCHANGED)
    assert isinstance((await handling.open(OFFICER, complaint("1", A, B))).error, Conflict)


async def test_the_same_event_again_changes_nothing_and_another_content_is_a_conflict(handling: Handling) -> None:
    made(await handling.open(OFFICER, complaint("1", A)))
    said = [
        decided(date(2026, 4, 21), o) for o in (ComplaintOutcome.REJECTED_UNFOUNDED, ComplaintOutcome.UPHELD_EFFECT)
    ]
    first = await handling.follow_up(OFFICER, MatterKind.COMPLAINT, "1", said[0])
    again = await handling.follow_up(OFFICER, MatterKind.COMPLAINT, "1", said[0])
    assert (again.id, again.written) == (first.id, Written.UNCHANGED)
    assert isinstance((await handling.follow_up(OFFICER, MatterKind.COMPLAINT, "1", said[1])).error, Conflict)


async def test_only_the_office_itself_records_its_complaints(handling: Handling) -> None:
    made(await handling.open(ADMIN, complaint("1", A)))
    other = Opening(kind=MatterKind.CORRECTION, content=order("1", MARKET))
    assert isinstance((await handling.open(OFFICER, other)).error, NotYourAuthority)


def order(number: str, authority: Authority = FINANCE) -> Correction:
    return Correction(
        order_no=number,
        party=A,
        authority=authority,
        issued_on=date(2026, 5, 6),
        due_on=date(2026, 5, 20),
        items=("公告期限不足",),
    )


async def test_what_is_not_held_is_refused_and_nothing_is_written(handling: Handling, city: City) -> None:
    wrong = [complaint("1", PartyId(code(99))), complaint("1", A, about=("pen_0",))]
    errors = [(await handling.open(OFFICER, said)).error for said in wrong]
    assert [type(e) for e in errors] == [PartyUnknown, Unknown]
    assert await city.store.matters.named(MatterKind.COMPLAINT, "1") == []
    assert await city.store.matters.page(MatterKind.COMPLAINT, before=None, limit=10) == []


async def test_an_item_that_the_complaint_does_not_have_is_refused(handling: Handling) -> None:
    made(await handling.open(OFFICER, complaint("1", A)))
    event = ComplaintEvent(
        kind=ComplaintEventKind.DECIDED, on=date(2026, 4, 1), items=(ItemOutcome(3, ComplaintOutcome.UPHELD_EFFECT),)
    )
    assert isinstance((await handling.follow_up(OFFICER, MatterKind.COMPLAINT, "1", event)).error, FieldInvalid)


async def test_complaints_are_found_by_those_who_filed_them_and_those_they_are_against(
    handling: Handling, city: City
) -> None:
    joint = complaint("1", A, B)
    against = Complaint(
        complaint_no="2", complainants=(A,), respondents=(C,), office=FINANCE, filed_on=date(2026, 3, 10)
    )
    names = [
        made(await handling.open(OFFICER, said))
        for said in (joint, Opening(kind=MatterKind.COMPLAINT, content=against))
    ]
    filed = await city.store.matters.filed([A, B, C])
    assert {party: {m.id for m in held} for party, held in filed.items()} == {A: set(names), B: {names[0]}}
    assert {p: [m.id for m in held] for p, held in (await city.store.matters.faced([A, C])).items()} == {C: [names[1]]}


async def test_a_page_goes_on_where_the_one_before_ended(handling: Handling, city: City) -> None:
    names = [made(await handling.open(OFFICER, complaint(str(n), A))) for n in range(5)]
    first = await city.store.matters.page(MatterKind.COMPLAINT, before=None, limit=3)
    rest = await city.store.matters.page(MatterKind.COMPLAINT, before=first[-1].nth, limit=3)
    assert [m.id for m in (*first, *rest)] == names[::-1]


async def test_complainants_come_on_the_roll_with_their_third_complaint_and_once(
    handling: Handling, city: City
) -> None:
    for number in range(4):
        made(await handling.open(OFFICER, complaint(f"A{number}", A, *([B] if number < 2 else []))))
    assert await city.store.matters.complainants(before=None, limit=10) == [(1, A)]
    assert await city.store.matters.complainants(before=1, limit=10) == []


async def test_a_case_that_was_handed_over_is_not_closed_before_its_feedback(handling: Handling) -> None:
    made(await handling.open(OFFICER, case("线索1")))
    handed = CaseEvent(kind=CaseEventKind.TRANSFERRED, on=date(2026, 5, 1), to=POLICE, due_on=date(2026, 6, 1))
    closed = CaseEvent(kind=CaseEventKind.CLOSED, on=date(2026, 6, 10))

    async def happens(event: CaseEvent) -> CreditError | None:
        return (await handling.follow_up(OFFICER, MatterKind.CASE, "线索1", event)).error

    assert await happens(handed) is None
    assert isinstance(await happens(closed), CaseAwaitsFeedback)
    assert await happens(CaseEvent(kind=CaseEventKind.FEEDBACK, on=date(2026, 6, 5), text="不予立案")) is None
    assert await happens(closed) is None
    assert isinstance(await happens(CaseEvent(kind=CaseEventKind.CLOSED, on=date(2026, 6, 11))), MatterClosed)
    assert await happens(CaseEvent(kind=CaseEventKind.REOPENED, on=date(2026, 6, 12))) is None
    assert await happens(CaseEvent(kind=CaseEventKind.CLOSED, on=date(2026, 6, 13))) is None


async def test_a_case_with_an_open_order_is_not_closed(handling: Handling) -> None:
    name = made(await handling.open(OFFICER, case("案1")))
    made(await handling.open(OFFICER, Opening(kind=MatterKind.CORRECTION, content=order("改1"), about=(name,))))
    closed = CaseEvent(kind=CaseEventKind.CLOSED, on=date(2026, 6, 10))
    assert isinstance((await handling.follow_up(OFFICER, MatterKind.CASE, "案1", closed)).error, CaseHasOpenOrder)
    done = CorrectionEvent(kind=OrderEventKind.DONE, on=date(2026, 6, 9))
    made(await handling.follow_up(OFFICER, MatterKind.CORRECTION, "改1", done))
    made(await handling.follow_up(OFFICER, MatterKind.CASE, "案1", closed))


async def test_cases_that_are_looked_into_together_are_found_from_each_other(handling: Handling, city: City) -> None:
    first = made(await handling.open(OFFICER, case("一案")))
    second = made(await handling.open(OFFICER, case("双查", first)))
    for one, other in ((first, second), (second, first)):
        (held,) = await city.store.matters.named(MatterKind.CASE, one)
        assert [m.id for m in await city.store.matters.linked(held.id)] == [other]
