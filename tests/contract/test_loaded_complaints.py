"""Complaints of import rows: the same checks and natural keys as one by one, counted and proposed upon at once."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from credit.errors import Conflict, FieldInvalid, NotYourAuthority, PartyUnknown
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintOutcome, ItemOutcome
from credit.model.matter import MatterKind
from credit.model.matters import Proposal
from credit.model.party import PartyId
from credit.model.record import Authority, Source
from credit.model.statements import ComplaintInRow, LoadRow, Outcome, Written
from credit.registry import Registry
from credit.registry.complaints import Ledger
from credit.registry.matters import Handling, Opening
from credit.rules.thresholds import Thresholds
from credit.wiring import SystemClock
from importers.run import run
from tests.contract.makers import ADMIN, FINANCE, MARKET, OFFICER, City, Sha, Twice, code, done, firm, project, written

A, B, C = (PartyId(code(n)) for n in (1, 2, 3))


def ledger() -> Ledger:
    return Ledger(Thresholds.load(), SystemClock())


@pytest.fixture
async def registry(city: City) -> Registry:
    await city.firms(1, 2)
    return Registry(city.store.writes, Sha(), ledger())


def complaint(number: str, *complainants: PartyId, filed_on: date = date(2026, 3, 9), **said: object) -> Complaint:
    return Complaint(
        complaint_no=number,
        complainants=complainants or (A,),
        office=FINANCE,
        filed_on=filed_on,
        items=("中标结果不公",),
        **said,  # pyright: ignore[reportArgumentType]
    )


def decided(on: date, outcome: ComplaintOutcome = ComplaintOutcome.REJECTED_UNFOUNDED) -> ComplaintEvent:
    return ComplaintEvent(kind=ComplaintEventKind.DECIDED, on=on, outcome=outcome, doc_no=f"{on}")


def row(content: Complaint, *events: ComplaintEvent) -> LoadRow:
    return LoadRow(row=1, complaints=(ComplaintInRow(content=content, events=events),))


async def load(registry: Registry, *rows: LoadRow) -> list[Outcome]:
    return await registry.load(ADMIN, rows)


async def test_a_row_keeps_a_complaint_with_its_events_and_parties_of_its_own(registry: Registry, city: City) -> None:
    letter = complaint("1", C, respondents=(A,))
    said = ComplaintInRow(content=letter, events=(decided(date(2026, 4, 1)),))
    told = LoadRow(row=1, parties=(firm(3),), complaints=(said,))
    assert written(*await load(registry, told)) == [Written.CREATED]
    (held,) = await city.store.matters.named(MatterKind.COMPLAINT, "1")
    assert held.content == letter
    assert [(e.on, e.recorded_by) for e in held.events] == [(date(2026, 4, 1), ADMIN.id)]
    assert (await city.store.matters.faced([A]))[A][0].id == held.id


async def test_a_complaint_is_tied_to_a_project_that_its_own_batch_brings(registry: Registry, city: City) -> None:
    said = ComplaintInRow(content=replace(complaint("1"), project_no="N-9"))
    done(*await load(registry, LoadRow(row=1, projects=(project(B, "N-9"),), complaints=(said,))))
    (opened,) = await city.store.browser.project("N-9")
    (letter,) = await city.store.matters.about_projects([opened.id])
    assert letter.kind is MatterKind.COMPLAINT


async def test_the_same_rows_again_change_nothing_also_beside_the_api(registry: Registry, city: City) -> None:
    handling = Handling(city.store.writes, Sha(), ledger())
    opened = await handling.open(OFFICER, Opening(kind=MatterKind.COMPLAINT, content=complaint("1")))
    (again,) = await load(registry, row(complaint("1")))
    assert (again.id, again.written) == (opened.id, Written.UNCHANGED)
    rows = [row(complaint("1"), decided(date(2026, 4, 1))), row(complaint("2"))]
    assert written(*await load(registry, *rows)) == [Written.CREATED, Written.CREATED]
    assert written(*await load(registry, *rows, *rows)) == [Written.UNCHANGED] * 4


async def test_another_content_is_a_conflict_and_takes_its_whole_row_back(registry: Registry, city: City) -> None:
    done(*await load(registry, row(complaint("1"))))
    two = (ComplaintInRow(content=complaint("2")), ComplaintInRow(content=complaint("1", B)))
    (outcome,) = await load(registry, LoadRow(row=1, complaints=two))
    assert isinstance(outcome.error, Conflict)
    assert not await city.store.matters.named(MatterKind.COMPLAINT, "2")


async def test_what_the_caller_may_not_record_is_refused_with_its_row_alone(registry: Registry) -> None:
    stranger = Complaint(complaint_no="9", complainants=(A,), office=MARKET, filed_on=date(2026, 3, 9))
    refused, taken = await registry.load(OFFICER, [row(stranger), row(complaint("1"))])
    assert isinstance(refused.error, NotYourAuthority)
    assert taken.written is Written.CREATED


async def test_an_unknown_party_and_an_item_that_is_not_there_are_refused(registry: Registry) -> None:
    items = (ItemOutcome(2, ComplaintOutcome.REJECTED_UNFOUNDED),)
    event = ComplaintEvent(kind=ComplaintEventKind.DECIDED, on=date(2026, 4, 1), items=items)
    from_nowhere, no_item = await load(registry, row(complaint("1", C)), row(complaint("2"), event))
    assert isinstance(from_nowhere.error, PartyUnknown)
    assert isinstance(no_item.error, FieldInvalid)


async def test_a_batch_that_meets_the_trigger_makes_one_proposal(registry: Registry, city: City) -> None:
    days = [date(2026, month, 9) for month in (2, 3, 4)]
    rows = [row(complaint(str(n), filed_on=day), decided(day.replace(day=25))) for n, day in enumerate(days)]
    done(*await load(registry, *rows, *rows))
    concerning = (await city.store.matters.concerning([A])).get(A, ())
    assert [len(m.content.facts) for m in concerning if isinstance(m.content, Proposal)] == [3]


async def test_a_batch_addresses_its_proposal_to_the_office_that_decided_last(registry: Registry, city: City) -> None:
    offices = [Authority(name) for name in ("资阳市财政局", "河北省财政厅", "青岛市财政局", "资阳市住房和城乡建设局")]
    days = [date(2026, 2, 25), date(2026, 4, 25), date(2026, 3, 25), date(2026, 5, 25)]
    rows = [
        row(replace(complaint(str(n), filed_on=date(2026, 1, 9)), office=office), decided(day))
        for n, (office, day) in enumerate(zip(offices, days, strict=True))
    ]
    done(*await load(registry, *reversed(rows)))
    concerning = (await city.store.matters.concerning([A])).get(A, ())
    assert [m.content.office.name for m in concerning if isinstance(m.content, Proposal)] == ["河北省财政厅"]


async def test_counts_are_kept_once_also_where_the_write_runs_twice(city: City) -> None:
    await city.firms(1)
    twice = Registry(Twice(city.store.writes), Sha(), ledger())
    await twice.load(ADMIN, [row(complaint("1"), decided(date(2026, 4, 1)))])
    names = ["letters 510000"]
    assert await city.store.matters.tallies(names) == {"letters 510000": 1}


async def test_a_complaint_is_tied_to_the_project_that_its_number_names(registry: Registry, city: City) -> None:
    opened = await city.open_project(project(B))
    (outcome,) = await load(registry, row(complaint("1", project_no="N5120012026000001")))
    found = await city.store.matters.about_projects([opened])
    assert [m.id for m in found] == [outcome.id]


NOTICE = complaint("云财采投〔2026〕8号", source=Source("公告", kind="notice"), project_no="P1")
TOLD = ComplaintEvent(
    kind=ComplaintEventKind.DECIDED,
    on=date(2026, 4, 1),
    outcome=ComplaintOutcome.REJECTED_UNFOUNDED,
    doc_no=NOTICE.complaint_no,
)


async def opened(city: City, content: Complaint) -> Outcome:
    return await Handling(city.store.writes, Sha(), ledger()).open(
        OFFICER, Opening(kind=MatterKind.COMPLAINT, content=content)
    )


@pytest.mark.parametrize("project_no", ["P1", None])
async def test_an_office_records_its_letter_beside_a_notice_that_may_tell_it(
    registry: Registry, city: City, project_no: str | None
) -> None:
    done(*await load(registry, row(NOTICE, TOLD)))
    assert (await opened(city, complaint("资财采投〔2026〕3号", project_no=project_no))).written is Written.CREATED
    (in_a_file,) = await load(registry, row(complaint("资财采投〔2026〕4号", project_no=project_no), TOLD))
    assert in_a_file.written is Written.CREATED


async def test_a_notice_and_the_office_that_tell_three_decisions_propose_once_each_is_known(
    registry: Registry, city: City
) -> None:
    """Two letters, one of which a notice tells too, are not three."""
    own = ((date(2026, 3, 9), date(2026, 4, 1)), (date(2026, 5, 9), date(2026, 6, 1)))
    for n, (filed, on) in enumerate(own):
        done(*await load(registry, row(complaint(f"{n}", project_no=f"P{n}", filed_on=filed), decided(on))))
    notice = complaint("2026-04-01", source=Source("公告", kind="notice"), project_no="P0")
    done(*await load(registry, row(notice, decided(date(2026, 4, 1)))))
    assert await city.store.matters.concerning([A]) == {}
    done(*await load(registry, row(complaint("3", project_no="P3"), decided(date(2026, 4, 3)))))
    assert len((await city.store.matters.concerning([A]))[A]) == 1


async def test_a_code_beside_anothers_name_is_refused(registry: Registry) -> None:
    said = replace(firm(1), name="别家科技有限公司", only_if_new=True)
    told = LoadRow(row=1, parties=(said,), complaints=(ComplaintInRow(content=complaint("1")),))
    assert isinstance((await load(registry, told))[0].error, Conflict)


async def test_a_ledger_file_is_imported_once_however_often_it_comes(registry: Registry, tmp_path: Path) -> None:
    heads = "投诉编号,受理机关,行政区划代码,投诉人,投诉人统一社会信用代码,投诉日期,处理决定日期,处理结果,依据条款"
    of = "资阳市财政局,512000,青岚科技有限公司"
    decided_so = f"{code(7)},2026-02-09,2026-03-02,驳回,94号令第二十九条第（二）项"
    rows = [f"{number},{of},{decided_so}" for number in ("甲1", "甲2", "甲1")] + [f"甲3,{of},,2026-02-09,,,"]
    file = tmp_path / "ledger.csv"
    file.write_text("\n".join([heads, *rows]), encoding="gb18030")
    reports = [
        await run("complaint_ledger", file, registry=registry, caller=OFFICER, rejects_dir=tmp_path) for _ in range(2)
    ]
    assert [(r.read, r.taken, r.unchanged, r.rejected) for r in reports] == [(4, 2, 1, 1), (4, 0, 3, 1)]


async def test_without_a_ledger_complaints_are_refused(city: City) -> None:
    await city.firms(1)
    (outcome,) = await city.registry.load(ADMIN, [row(complaint("1"))])
    assert isinstance(outcome.error, FieldInvalid)
