"""`credit report` where complainants are merged and two letters bear one number: everybody is counted once."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import Workbook, load_workbook

from credit.cli.checking import CALLER
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, ComplaintLaw
from credit.model.matter import MatterKind
from credit.model.merge import MergeStatement
from credit.model.party import PartyId, PartyKind
from credit.model.project import BidOutcome, Domain, Lot
from credit.model.record import Authority, Level
from credit.model.statements import BidStatement, PartyStatement, ProjectStatement
from credit.sample.numbers import credit_code
from credit.settings import Settings
from credit.wiring import Services, open_services
from tests.cli.bureau import BUYER, HONEST, OTHER, QINGDAO, SECTION, SERIAL, SHELL, UNFOUNDED, ZIYANG, Bureau, letter
from tests.cli.bureau import opened as open_matter
from tests.cli.test_reporting import accesses, made, rows

HANGZHOU: Final = Authority("杭州市财政局", region="330100", level=Level.CITY)
WINNER: Final = PartyId(credit_code(79))
"""One that nothing but its gain names."""


async def tell(services: Services) -> None:
    """What the ledger of the other tests has not."""
    await letter(services, "云起2号", OTHER, HANGZHOU, ("2026-07-06", None, UNFOUNDED))
    for who, office in ((SHELL, ZIYANG), (HONEST, SECTION)):
        await letter(services, "云8号", who, office, ("2026-08-03", None, UNFOUNDED))
    bidding = Complaint(
        complaint_no="招1号", complainants=(HONEST,), law=ComplaintLaw.BIDDING, office=ZIYANG,
        filed_on=date(2026, 9, 1), received_on=date(2026, 9, 1), items=("中标结果不公",),
    )  # fmt: skip
    held = await open_matter(services, MatterKind.COMPLAINT, bidding)
    said = ComplaintEvent(kind=ComplaintEventKind.DECIDED, on=date(2026, 9, 10), outcome=UNFOUNDED)
    await services.handling.follow_up(CALLER, MatterKind.COMPLAINT, held, said)
    lacking = Complaint(
        complaint_no="补1号", complainants=(HONEST,), office=QINGDAO, filed_on=date(2026, 11, 16),
        received_on=date(2026, 11, 16), items=("中标结果不公",),
    )  # fmt: skip
    held = await open_matter(services, MatterKind.COMPLAINT, lacking)
    due = ComplaintEvent(kind=ComplaintEventKind.CORRECTION_DUE, on=date(2026, 11, 20))
    await services.handling.follow_up(CALLER, MatterKind.COMPLAINT, held, due)
    firm = PartyStatement(id=WINNER, kind=PartyKind.ORGANISATION, name="青澜得利贸易有限公司")
    await services.registry.register(CALLER, [firm])
    for n in range(3):
        await opened_file(services, f"文{n}")
    same = MergeStatement(keep=SERIAL, same_as=OTHER, on=date(2026, 11, 1), reason="经查为同一主体")
    outcome = await services.registry.merge(CALLER, same)
    assert outcome.error is None


async def opened_file(services: Services, number: str) -> None:
    """A file that one of the linked complains of, after which one firm wins the project."""
    project = ProjectStatement(
        project_no=number, name="设备采购", domain=Domain.GOVERNMENT_PROCUREMENT, region="512000", purchaser=BUYER,
        agency=None, notice_on=date(2026, 5, 15), deadline=datetime(2026, 10, 20, 1, 30, tzinfo=UTC),
        lots=(Lot("1", None, None),),
    )  # fmt: skip
    await services.registry.open_project(CALLER, project)
    won = BidStatement(lot="1", members=(WINNER,), lead=WINNER, result=BidOutcome.WON)
    await services.registry.bid(CALLER, number, won)
    said = Complaint(
        complaint_no=number, complainants=(SHELL,), office=ZIYANG, project_no=number, filed_on=date(2026, 10, 12),
        received_on=date(2026, 10, 12), items=(f"采购文件{number}",),
    )  # fmt: skip
    await open_matter(services, MatterKind.COMPLAINT, said)


@pytest.fixture(scope="module")
def told(bureau: Bureau) -> Bureau:
    async def run() -> None:
        async with open_services(Settings(data=bureau.data, graph_memory="512m")) as services:
            await tell(services)

    asyncio.run(run())
    return bureau


@pytest.fixture(scope="module")
def book(told: Bureau, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    out = tmp_path_factory.mktemp("merged") / "r.xlsx"
    made(told, out)
    return load_workbook(out)


def test_a_merged_party_meets_the_count_once(book: Workbook) -> None:
    assert [SERIAL in row[0] for row in rows(book, "triggers")] == [True]


def test_letters_of_two_complainants_with_one_number_and_day_are_two(book: Workbook) -> None:
    found = [row[1] for row in rows(book, "ledger") if row[0] == "云8号"]
    assert sorted(SHELL in who for who in found) == [False, True]


def test_the_months_leave_out_what_37_does_not_count(book: Workbook) -> None:
    months = {row[0]: row[1:] for row in rows(book, "trend")}
    assert months["2026-09"] == (1, 1, 0)


def test_groups_of_a_region_are_found_by_the_letter_of_a_merged_entry(told: Bureau, tmp_path: Path) -> None:
    out = tmp_path / "z.xlsx"
    made(told, out, region="330000")
    found = load_workbook(out)
    assert [SERIAL in row[1] for row in rows(found, "ledger")] == [True]
    assert [SERIAL in row[0] for row in rows(found, "clusters")] == [True]


def test_what_the_complainant_has_to_correct_is_no_clock_of_the_office(told: Bureau, tmp_path: Path) -> None:
    out = tmp_path / "q.xlsx"
    made(told, out, region="370200")
    clocks: list[tuple[Any, ...]] = [row for row in rows(load_workbook(out), "clocks") if row[0] == "补1号"]
    assert "补正 correction" not in [row[1] for row in clocks]


def test_who_gains_stands_in_the_access_log(told: Bureau, tmp_path: Path) -> None:
    out = tmp_path / "g.xlsx"
    made(told, out, region="512000")
    (group,) = rows(load_workbook(out), "clusters")
    assert WINNER in group[3]
    assert "report" in {access.action for access in asyncio.run(accesses(told, WINNER))}
