"""The evidence chain: one chain whoever writes, numbered without gaps, read back as it was written."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from credit.graph.store import Store
from credit.model.party import PartyId
from credit.model.record import EventKind, RecordId
from credit.ports import Entry, WriteUnit
from tests.contract.makers import City, bid, code, event, org, penalty, project, sync
from tests.contract.test_projects import EIGHT

A, B, BUYER = (PartyId(code(n)) for n in (1, 2, 8))


async def keep(store: Store, name: str, **said: Any) -> Entry:  # noqa: ANN401  # fields of an entry
    """Append a link named so."""

    async def work(unit: WriteUnit) -> Entry:
        number, previous = await unit.evidence.head()
        entry = Entry(
            id=name,
            kind="check",
            body=f'{{"id":"{name}"}}',
            digest=f"sha256:{name}",
            signature="s",
            key_id="k",
            previous=previous,
            number=number + 1,
            tick=unit.tick,
            subject=name,
        )
        entry = replace(entry, **said)
        await unit.evidence.append(entry)
        return entry

    return await store.writes.write(work)


async def test_a_link_is_read_as_it_was_written(store: Store) -> None:
    records = (RecordId("pen_1"), RecordId("pen_2"))
    kept = await keep(store, "chk_1", project_no="N1", records=records)
    assert await store.evidence.entry("chk_1") == kept


async def test_an_unknown_link_is_none(store: Store) -> None:
    assert await store.evidence.entry("chk_none") is None


async def test_links_follow_each_other(store: Store) -> None:
    links = [await keep(store, f"chk_{n}") for n in range(3)]
    assert [(e.number, e.previous) for e in links] == [(1, ""), (2, "sha256:chk_0"), (3, "sha256:chk_1")]


async def test_links_kept_at_once_form_one_chain(store: Store) -> None:
    await asyncio.gather(*(keep(store, f"chk_{n}") for n in range(20)))
    chain = await store.evidence.chain(after=0, limit=100)
    assert [e.number for e in chain] == list(range(1, 21))
    assert [e.previous for e in chain[1:]] == [e.digest for e in chain[:-1]]


async def test_two_links_of_one_write_follow_each_other(store: Store) -> None:
    async def work(unit: WriteUnit) -> None:
        for name in ("one", "two"):
            number, previous = await unit.evidence.head()
            entry = Entry(name, "check", "{}", f"sha256:{name}", "s", "k", previous, number + 1, unit.tick, name)
            await unit.evidence.append(entry)

    await store.writes.write(work)
    assert [(e.id, e.previous) for e in await store.evidence.chain(after=0, limit=9)] == [
        ("one", ""),
        ("two", "sha256:one"),
    ]


async def test_a_link_that_does_not_follow_the_last_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        await keep(store, "chk_1", number=7)
    assert await store.evidence.chain(after=0, limit=9) == []


async def test_a_link_of_a_failed_write_leaves_no_gap(store: Store) -> None:
    async def fails(unit: WriteUnit) -> None:
        await unit.evidence.append(Entry("x", "check", "{}", "d", "s", "k", "", 1, unit.tick, "x"))
        raise KeyError

    with pytest.raises(KeyError):
        await store.writes.write(fails)
    assert (await keep(store, "chk_1")).number == 1


async def test_the_chain_is_read_in_parts(store: Store) -> None:
    for n in range(5):
        await keep(store, f"chk_{n}")
    assert [e.number for e in await store.evidence.chain(after=2, limit=2)] == [3, 4]


async def test_checks_are_paged_newest_first_without_other_links(store: Store) -> None:
    for n in range(6):
        await keep(store, f"link_{n}", kind="decision" if n % 2 else "check")
    first = await store.evidence.of_project(None, before=None, limit=2)
    rest = await store.evidence.of_project(None, before=first[-1].number, limit=2)
    assert [e.id for e in [*first, *rest]] == ["link_4", "link_2", "link_0"]


async def test_checks_of_one_project_are_paged_newest_first(store: Store) -> None:
    for n in range(4):
        await keep(store, f"chk_{n}", project_no="N1" if n != 1 else "N2")
    first = await store.evidence.of_project("N1", before=None, limit=2)
    rest = await store.evidence.of_project("N1", before=first[-1].number, limit=2)
    assert [e.id for e in [*first, *rest]] == ["chk_3", "chk_2", "chk_0"]


async def test_links_about_a_check_come_oldest_first(store: Store) -> None:
    for name in ("dec_b", "dec_a"):
        await keep(store, name, kind="decision", subject="chk_1")
    assert [e.id for e in await store.evidence.of_subject("chk_1")] == ["dec_b", "dec_a"]


async def test_keeping_a_check_is_no_new_fact(city: City) -> None:
    before = await city.known()
    await keep(city.store, "chk_1")
    assert await city.known() == before


# ── what an answer rests on ────────────────────────────────────────────────────────────────────────────────────────


async def revisions(city: City, *parties: str, project_no: str | None = None) -> dict[str, int]:
    return dict(await city.store.writes.write(lambda u: u.evidence.revisions(parties, project_no)))


async def test_revisions_are_those_of_the_facts_gathered(city: City) -> None:
    await city.firms(1, 2)
    await city.record(penalty(A))
    facts = await city.gather(A, B)
    found = await revisions(city, A, B)
    assert {p: found[p] for p in (A, B)} == {p: d.revision for p, d in facts.dossiers.items()}


async def test_a_later_record_event_or_correction_shows_in_the_revision(city: City) -> None:
    await city.firms(1)
    (record_id,) = await city.record(penalty(A))
    known = await city.known()
    assert (await revisions(city, A))[A] <= known
    await city.follow_up(record_id, event())
    assert (await revisions(city, A))[A] > known


async def test_a_party_registered_since_shows_in_the_revisions(city: City) -> None:
    assert B not in await revisions(city, B)
    await city.firms(2)
    assert org(2) in await revisions(city, org(2))


async def test_a_later_sync_shows_in_the_revision_of_the_sources(city: City) -> None:
    known = await city.known()
    await city.synchronise("L03", sync(EIGHT))
    assert (await revisions(city))["sources"] > known


async def test_a_later_bid_shows_in_the_revision_of_the_project(city: City) -> None:
    await city.firms(1, 8)
    project_id = await city.open_project(project(BUYER))
    known = await city.known()
    assert (await revisions(city, project_no=project_id))["project"] <= known
    await city.bid(project_id, bid(A))
    assert (await revisions(city, project_no="N5120012026000001"))["project"] > known


async def test_what_happened_to_records_since_comes_in_its_order(city: City) -> None:
    await city.firms(1)
    one, other = [RecordId(r) for r in await city.record(penalty(A), penalty(A, "2号"))]
    await city.follow_up(one, event(EventKind.SUSPENDED))
    known = await city.known()
    await city.follow_up(other, event(EventKind.ANNULLED))
    await city.follow_up(one, event(EventKind.RESUMED))
    found = await city.store.evidence.events_since([one, other, one], known)
    assert [(r, e.kind) for r, e in found] == [(other, EventKind.ANNULLED), (one, EventKind.RESUMED)]
