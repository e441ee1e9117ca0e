"""Batches of import rows: each whole or not at all, in one transaction, and safe to run twice."""

from datetime import date
from decimal import Decimal
from typing import LiteralString

import pytest

from credit.errors import Conflict, IdentityConflict, PartyUnknown
from credit.graph.bolt import Row, Transaction
from credit.model.party import PartyId, RelationKind
from credit.model.record import Category
from credit.model.statements import (
    ROW_PARTY,
    LoadRow,
    Outcome,
    PartyStatement,
    RecordStatement,
    RelationStatement,
    Written,
)
from credit.registry import Registry
from tests.contract.makers import (
    ADMIN,
    City,
    Sha,
    Twice,
    code,
    done,
    firm,
    identity_number,
    org,
    penalty,
    person,
    tie,
    written,
)

A, B, C = code(1), code(2), code(3)


def row(
    *parties: PartyStatement,
    records: tuple[RecordStatement, ...] = (),
    relations: tuple[RelationStatement, ...] = (),
) -> LoadRow:
    return LoadRow(row=0, parties=parties, records=records, relations=relations)


async def load(city: City, *rows: LoadRow) -> list[Outcome]:
    return await city.registry.load(ADMIN, rows)


async def names_of(city: City, *ids: str) -> list[str | None]:
    return [None if (held := await city.store.browser.party(i)) is None else held.party.name for i in ids]


async def test_a_row_writes_its_party_relations_and_records(city: City) -> None:
    await city.firms(2)
    holds = tie(RelationKind.SHAREHOLDER, B, A, share=Decimal("0.6"))
    (outcome,) = await load(city, row(firm(1), relations=(holds,), records=(penalty(A),)))
    facts = await city.gather(A)
    assert written(outcome) == [Written.CREATED]
    assert [r.id for r in facts.dossiers[PartyId(A)].records] == [outcome.id]
    assert [r.source for r in facts.relations] == [B]


async def test_the_same_rows_again_change_nothing(city: City) -> None:
    rows = [row(firm(n), records=(penalty(code(n)),)) for n in range(5)]
    first = await load(city, *rows)
    before = await city.known()
    again = await load(city, *rows)
    assert written(*again) == [Written.UNCHANGED] * 5
    assert [o.id for o in again] == [o.id for o in first]
    assert await city.known() == before


async def test_a_refused_row_leaves_nothing_and_keeps_no_other_out(city: City) -> None:
    bad = row(firm(1), records=(penalty(A), penalty(C)))
    refused, good = await load(city, bad, row(firm(2), records=(penalty(B),)))
    assert isinstance(refused.error, PartyUnknown)
    assert written(good) == [Written.CREATED]
    assert await names_of(city, A) == [None]


async def test_a_refused_row_takes_back_the_correction_that_it_brought(city: City) -> None:
    await city.firms(1)
    bad = row(firm(1, name="错名"), records=(penalty(C),))
    refused, good = await load(city, bad, row(firm(1, only_if_new=True), records=(penalty(A),)))
    assert isinstance(refused.error, PartyUnknown)
    assert written(good) == [Written.CREATED]
    assert await names_of(city, A) == ["资阳1号商贸有限公司"]


async def test_a_row_may_not_rest_on_a_party_that_only_a_refused_row_brought(city: City) -> None:
    refused, also = await load(city, row(firm(1), records=(penalty(C),)), row(records=(penalty(A),)))
    assert isinstance(refused.error, PartyUnknown)
    assert isinstance(also.error, PartyUnknown)


async def test_a_row_may_rest_on_a_party_that_an_earlier_row_brought(city: City) -> None:
    outcomes = await load(city, row(firm(1)), row(records=(penalty(org(1)),)))
    assert written(*outcomes) == [Written.CREATED, Written.CREATED]


async def test_two_rows_with_one_record_behave_as_one_after_the_other(city: City) -> None:
    other = penalty(A, category=Category.COLLUSION)
    rows = [row(firm(1), records=(penalty(A),)), row(records=(penalty(A),)), row(records=(other,))]
    first, again, refused = await load(city, *rows)
    assert written(first, again) == [Written.CREATED, Written.UNCHANGED]
    assert first.id == again.id
    assert isinstance(refused.error, Conflict)


async def test_a_record_that_a_refused_row_brought_may_come_in_another_row(city: City) -> None:
    await city.firms(1)
    refused, good = await load(city, row(records=(penalty(A), penalty(C))), row(records=(penalty(A),)))
    assert isinstance(refused.error, PartyUnknown)
    assert written(good) == [Written.CREATED]
    assert [r.id for r in await city.store.browser.records(PartyId(A), before=None, limit=9)] == [good.id]


async def test_a_row_names_a_person_whose_id_the_registry_gives(city: City) -> None:
    await city.firms(1)
    who = person(identity_number=identity_number(1))
    said = row(
        who,
        relations=(tie(RelationKind.UNIT_LEADER, ROW_PARTY, A, since=date(2020, 1, 1)),),
        records=(penalty(ROW_PARTY),),
    )
    first = await load(city, said)
    again = await load(city, said)
    assert written(*first, *again) == [Written.CREATED, Written.UNCHANGED]
    (found,) = await city.store.browser.record(first[0].id)
    assert found.party.startswith("person:")
    assert [r.source for r in (await city.gather(A)).relations] == [found.party]


async def test_a_known_number_under_another_name_refuses_the_row_alone(city: City) -> None:
    await city.register(person("王某某", identity_number=identity_number(1)))
    bad, good = await load(city, row(person("李某某", identity_number=identity_number(1))), row(firm(1)))
    assert isinstance(bad.error, IdentityConflict)
    assert written(good) == [Written.CREATED]


async def test_a_mention_registers_a_party_that_is_not_held(city: City) -> None:
    await city.firms(1)
    rows = [row(firm(n, name="来自处罚", only_if_new=True)) for n in (1, 2)]
    assert written(*await load(city, *rows)) == [Written.UNCHANGED, Written.CREATED]
    assert await names_of(city, A, B) == ["资阳1号商贸有限公司", "来自处罚"]


async def test_many_rows_take_a_handful_of_round_trips(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[str] = []
    run = Transaction.run

    async def counted(self: Transaction, query: LiteralString, **parameters: object) -> list[Row]:
        queries.append(query)
        return await run(self, query, **parameters)

    rows = [row(firm(n), records=(penalty(code(n)),)) for n in range(200)]
    monkeypatch.setattr(Transaction, "run", counted)
    outcomes = await load(city, *rows)
    assert written(*outcomes) == [Written.CREATED] * 200
    assert len(queries) < 10


async def test_a_record_of_a_firm_whose_credit_code_is_learnt_with_it_is_the_one_held(city: City) -> None:
    await city.register(firm(1, id=org(1)))
    held = await city.record(penalty(org(1)))
    (outcome,) = await load(city, row(firm(1, only_if_new=True), records=(penalty(A),)))
    assert (outcome.id, outcome.error) == (held[0], None)
    assert len((await city.gather(A)).dossiers[PartyId(A)].records) == 1


async def test_a_relation_of_a_firm_whose_credit_code_is_learnt_with_it_is_the_one_held(city: City) -> None:
    await city.register(firm(1, id=org(1)), firm(2))
    held = await city.relate(tie(RelationKind.SHAREHOLDER, org(1), B))
    again = tie(RelationKind.SHAREHOLDER, A, B)
    (outcome,) = await load(city, row(firm(1, only_if_new=True), relations=(again,)))
    assert outcome.id == held[0]


async def test_a_person_without_a_number_is_loaded_once_though_the_write_runs_again(city: City) -> None:
    """As after a commit whose reply was lost."""
    await city.firms(1)
    leads = tie(RelationKind.UNIT_LEADER, ROW_PARTY, A)
    registry = Registry(Twice(city.store.writes), Sha())
    done(*await registry.load(ADMIN, [row(person(), relations=(leads,)), row(person(), relations=(leads,))]))
    ((persons,),) = await city.store.bolt.fetch("MATCH (p:Party) WHERE p.id STARTS WITH 'person:' RETURN count(p)")
    assert persons == 2
