"""One number that an authority tells with its id and without is one matter, whichever key it is held under."""

from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from credit.model.complaint import Complaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import AnyMatter
from credit.model.naturalkey import digest
from credit.model.party import PartyId
from credit.model.record import Authority
from credit.model.statements import ComplaintInRow, LoadRow, Outcome, Written
from credit.ports import WriteUnit
from credit.registry import Registry
from credit.registry.complaints import Ledger
from credit.registry.matters import Handling, Opening
from credit.rules.thresholds import Thresholds
from credit.wiring import SystemClock
from tests.contract.makers import ADMIN, FINANCE, City, Sha, code, written

A = PartyId(code(1))
NUMBERED = replace(FINANCE, id="11512000MB0F00012D")
RENAMED = replace(NUMBERED, name="资阳市财政国资局")


@pytest.fixture(autouse=True)
async def party(city: City) -> None:
    await city.firms(1)


def complaint(office: Authority, number: str = "投诉（2026）1号") -> Complaint:
    return Complaint(
        complaint_no=number,
        complainants=(A,),
        office=office,
        filed_on=date(2026, 3, 9),
        items=("中标结果不公",),
    )


async def held_by_its_id(city: City) -> MatterId:
    """Hold a complaint as it was written when its natural key was that of its office's id."""
    name, natural = MatterId("cmp_" + "0" * 24), digest("complaint", "11512000MB0F00012D", "投诉(2026)1号")

    async def work(unit: WriteUnit) -> None:
        await unit.parties.find([A])
        letter = Matter(name, MatterKind.COMPLAINT, complaint(NUMBERED), unit.next_tick(), ADMIN.id)
        await unit.matters.save(MatterKind.COMPLAINT, [(natural, "投诉(2026)1号", cast("AnyMatter", letter))])

    await city.store.writes.write(work)
    return name


async def opened(city: City, office: Authority) -> Outcome:
    handling = Handling(city.store.writes, Sha(), Ledger(Thresholds.load(), SystemClock()))
    return await handling.open(ADMIN, Opening(kind=MatterKind.COMPLAINT, content=complaint(office)))


async def loaded(city: City, *offices: Authority) -> list[Outcome]:
    registry = Registry(city.store.writes, Sha(), Ledger(Thresholds.load(), SystemClock()))
    rows = [
        LoadRow(row=n, complaints=(ComplaintInRow(content=complaint(o), events=()),)) for n, o in enumerate(offices, 1)
    ]
    return await registry.load(ADMIN, rows)


@pytest.mark.parametrize("told", [FINANCE, NUMBERED])
async def test_what_is_held_by_its_offices_id_is_found(city: City, told: Authority) -> None:
    name = await held_by_its_id(city)
    assert (await opened(city, told)).id == name
    assert written(*await loaded(city, told)) == [Written.UNCHANGED]


@pytest.mark.parametrize("told", [(FINANCE, NUMBERED), (NUMBERED, FINANCE)])
async def test_rows_that_tell_an_office_in_two_ways_tell_one_complaint(
    city: City, told: tuple[Authority, Authority]
) -> None:
    assert written(*await loaded(city, *told)) == [Written.CREATED, Written.UNCHANGED]
    assert [o.written for o in await loaded(city, *reversed(told))] == [Written.UNCHANGED] * 2


async def test_what_an_office_of_one_id_told_under_its_former_name_is_no_other(city: City) -> None:
    await opened(city, NUMBERED)
    for outcome in (await opened(city, RENAMED), *await loaded(city, RENAMED)):
        assert outcome.error is not None
        assert outcome.error.code == "conflict"


async def test_offices_of_two_places_give_one_number_each(city: City) -> None:
    offices = [FINANCE, replace(FINANCE, region="370200"), replace(NUMBERED, id="11512002MBF000016W", name="另一局")]
    assert written(*await loaded(city, *offices)) == [Written.CREATED] * 3
    assert written(*await loaded(city, *offices)) == [Written.UNCHANGED] * 3
