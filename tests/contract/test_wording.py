"""Import rows that say word for word what is held: nothing is read for them, and nothing else passes for them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import LiteralString

import pytest

from credit.errors import NotYourAuthority
from credit.graph.bolt import Row, Transaction
from credit.graph.queries import parties as queries
from credit.model.caller import Caller, Scope
from credit.model.party import PartyId, PartyStatus
from credit.model.record import GONE, EventKind
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, Written
from credit.registry import Registry
from tests.contract.makers import ADMIN, City, Sha, code, event, firm, listing, org, penalty, written

A, B = code(1), code(2)
DAYS = ("2026-02-02T00:00:00+00:00", "2026-04-02T00:00:00+00:00")


def row(party: PartyStatement, *records: RecordStatement) -> LoadRow:
    return LoadRow(row=0, parties=(party,), records=records)


async def load(city: City, *rows: LoadRow) -> list[Outcome]:
    return await city.registry.load(ADMIN, rows)


async def name_of(city: City, party: str) -> str | None:
    held = await city.store.browser.party(party)
    return held.party.name if held is not None else None


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Identifiers of the parties that writes have read from now on."""
    asked: list[Sequence[str]] = []
    run = Transaction.run

    async def noted(self: Transaction, query: LiteralString, **parameters: object) -> list[Row]:
        if query == queries.MATCH_PARTIES_BY_IDENTIFIER:
            asked.append(parameters["ids"])  # pyright: ignore[reportArgumentType]
        return await run(self, query, **parameters)

    monkeypatch.setattr(Transaction, "run", noted)
    return asked


async def test_what_is_told_again_is_not_read(city: City, read: list[Sequence[str]]) -> None:
    rows = [row(firm(1), penalty(A), listing(A)), row(firm(2)), row(firm(3, only_if_new=True), penalty(code(3)))]
    first = await load(city, *rows)
    read.clear()
    again = await load(city, *rows)
    assert written(*again) == [Written.UNCHANGED] * 3
    assert [(o.id, o.records) for o in again] == [(o.id, o.records) for o in first]
    assert read == []


async def test_a_row_that_says_something_else_is_read_alone(city: City, read: list[Sequence[str]]) -> None:
    await load(city, row(firm(1)), row(firm(2)))
    read.clear()
    outcomes = await load(city, row(firm(1)), row(firm(2, name="新名称有限公司")))
    assert written(*outcomes) == [Written.UNCHANGED, Written.CORRECTED]
    assert [set(ids) for ids in read] == [{B, org(2)}]
    assert await name_of(city, B) == "新名称有限公司"


async def test_a_party_that_somebody_else_corrected_is_corrected_back(city: City) -> None:
    await load(city, row(firm(1)))
    await city.register(firm(1, name="改后有限公司"))
    (outcome,) = await load(city, row(firm(1)))
    assert outcome.written is Written.CORRECTED
    assert await name_of(city, A) == "资阳1号商贸有限公司"


async def test_a_row_that_also_says_of_its_party_what_is_no_more_so_corrects_it(city: City) -> None:
    (first,) = await load(city, row(firm(1), penalty(A)))
    await city.register(firm(1, status=PartyStatus.REVOKED))
    (again,) = await load(city, row(firm(1, status=PartyStatus.ACTIVE), penalty(A)))
    await city.register(firm(1, status=PartyStatus.REVOKED))
    (once_more,) = await load(city, row(firm(1, status=PartyStatus.ACTIVE), penalty(A)))
    assert written(first, again, once_more) == [Written.CREATED, Written.CORRECTED, Written.CORRECTED]


async def test_a_record_to_which_something_happened_is_read_again(city: City, read: list[Sequence[str]]) -> None:
    said = row(firm(1, only_if_new=True), listing(A))
    ((record,),) = [o.records for o in await load(city, said)]
    await city.follow_up(record, event(EventKind.REMOVED))
    read.clear()
    (again,) = await load(city, said)
    assert (again.written, again.records) == (Written.UNCHANGED, (record,))
    assert read


@pytest.mark.parametrize("order", list(product("同异", repeat=3)))
async def test_rows_of_one_batch_end_as_rows_one_after_the_other(city: City, order: Sequence[str]) -> None:
    said = {"同": row(firm(1)), "异": row(firm(1, name="异名有限公司"))}
    await load(city, said["同"])
    together = await load(city, *(said[sign] for sign in order))
    held = await name_of(city, A)
    await load(city, said["同"])
    alone = [(await load(city, said[sign]))[0] for sign in order]
    assert written(*together) == written(*alone)
    assert held == await name_of(city, A)


async def test_nobody_passes_for_who_may_say_it(city: City) -> None:
    said = row(firm(1, only_if_new=True), penalty(A))
    await load(city, said)
    stranger = Caller("other", "某部门", frozenset({Scope.RECORD}))
    (outcome,) = await city.registry.load(stranger, [said])
    assert isinstance(outcome.error, NotYourAuthority)


async def test_what_is_kept_of_a_row_tells_nothing_without_the_key(city: City, read: list[Sequence[str]]) -> None:
    class Other(Sha):
        def digest(self, kind: str, value: str) -> str:
            return super().digest(f"other {kind}", value)

    await load(city, row(firm(1)))
    read.clear()
    (again,) = await Registry(city.store.writes, Other()).load(ADMIN, [row(firm(1))])
    assert again.written is Written.UNCHANGED
    assert read


async def test_the_party_is_the_one_named_however_the_row_names_it(city: City) -> None:
    await load(city, row(firm(1, id=org(1))))
    (learnt,) = await load(city, row(firm(1)))
    (again,) = await load(city, row(firm(1)))
    assert written(learnt, again) == [Written.CORRECTED, Written.UNCHANGED]
    assert learnt.id == again.id == PartyId(A)


async def test_what_others_wrote_is_read_once(city: City, read: list[Sequence[str]]) -> None:
    await city.register(firm(1))
    (held,) = await city.record(penalty(A))
    said = row(firm(1), penalty(A))
    (first,) = await load(city, said)
    read.clear()
    (again,) = await load(city, said)
    assert [(o.written, o.records) for o in (first, again)] == [(Written.UNCHANGED, (held,))] * 2
    assert read == []


async def test_what_one_row_says_and_the_next_corrects_is_not_kept(city: City) -> None:
    await city.register(firm(1))
    await load(city, row(firm(1)), row(firm(1, name="改后有限公司")))
    (back,) = await load(city, row(firm(1)))
    assert back.written is Written.CORRECTED


async def test_an_entry_that_came_back_on_the_list_by_a_newer_file_is_not_passed_over(city: City) -> None:
    said = listing(A)
    older, newer = (replace(said, source=replace(said.source, kind="feed", fetched_at=day)) for day in DAYS)
    ((record,),) = [o.records for o in await load(city, row(firm(1, only_if_new=True), older))]
    await city.follow_up(record, event(EventKind.REMOVED, on=date(2026, 3, 1), reason=GONE))
    outcomes = [(await load(city, row(firm(1, only_if_new=True), entry)))[0] for entry in (older, older, newer, newer)]
    assert written(*outcomes) == [
        Written.UNCHANGED, Written.UNCHANGED, Written.CREATED, Written.UNCHANGED
    ]  # fmt: skip
