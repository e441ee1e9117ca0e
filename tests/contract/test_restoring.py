"""Restores: into what is empty alone, and half of one is nobody's registry."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from credit.archives import container
from credit.archives.container import Archive, reading
from credit.archives.manifest import Part
from credit.archives.moving import backup, restore
from credit.errors import Conflict, CreditError, Malformed, StoreUnavailable
from credit.graph import schema
from credit.graph.archive_keys import bind, bound_to
from credit.graph.archive_load import half_restored
from credit.graph.bolt import Bolt
from credit.graph.embedded import Endpoint
from credit.graph.queries import archive_writing as writing
from credit.graph.store import Store
from credit.model.party import PartyId
from tests.contract.archived import FIRMS, MARK, Town, emptied, go_on, opened, ordered, picture, restored
from tests.contract.conftest import wipe
from tests.contract.makers import City, ban, code, penalty

A, B, C, D = FIRMS[:4]

# ── into what is empty ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def archive_of_some(store: Store, endpoint: Endpoint, tmp_path: Path) -> Path:
    city = City.over(store)
    await city.firms(*range(1, 7))
    await city.record(penalty(A), ban(B))
    await backup(store, tmp_path / "some.zip", ordered=ordered(endpoint))
    return tmp_path / "some.zip"


async def test_a_registry_that_holds_anything_takes_no_archive(
    store: Store, endpoint: Endpoint, archive_of_some: Path
) -> None:
    before = await picture(store)
    async with Bolt(endpoint) as bolt:
        with reading(archive_of_some) as archive, pytest.raises(Conflict):
            await restore(bolt, archive, MARK)
    assert await picture(store) == before
    assert await schema.version(store.bolt) == schema.VERSION


async def test_a_registry_that_holds_a_key_alone_takes_no_archive(
    store: Store, endpoint: Endpoint, archive_of_some: Path
) -> None:
    await wipe(store.bolt)
    await store.callers.save_caller(Town.caller(), "hash")
    async with Bolt(endpoint) as bolt:
        with reading(archive_of_some) as archive, pytest.raises(Conflict):
            await restore(bolt, archive, MARK)
    assert [caller.id for caller in await store.callers.callers()] == [Town.caller().id]


async def test_a_registry_of_nothing_is_archived_and_restored(store: Store, endpoint: Endpoint, tmp_path: Path) -> None:
    manifest = await backup(store, tmp_path / "none.zip", ordered=ordered(endpoint))
    await restored(endpoint, tmp_path / "none.zip")
    assert (manifest.nodes, await City.over(store).known()) == (0, 0)


async def test_what_is_restored_takes_new_writes(store: Store, endpoint: Endpoint, tmp_path: Path) -> None:
    town = Town.over(store, tmp_path)
    await town.build()
    manifest = await backup(store, tmp_path / "town.zip", ordered=ordered(endpoint))
    await restored(endpoint, tmp_path / "town.zip")
    await go_on(town)
    answers = await town.answers()
    assert answers["problems"] == []
    assert len(answers["chain"]) > 2
    (record,) = (await town.city.gather(code(40))).dossiers[PartyId(code(40))].records
    assert record.tick > manifest.tick


# ── half of it ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Killed(Exception):
    """Stands for the end of the process."""


async def half(endpoint: Endpoint, path: Path, after: int) -> None:
    """Restore until so many nodes and relationships are written."""
    count = 0

    def told(more: int) -> None:
        nonlocal count
        count += more
        if count >= after:
            raise Killed

    await emptied(endpoint)
    async with Bolt(endpoint) as bolt:
        with reading(path) as archive, pytest.raises(Killed):
            await restore(bolt, archive, MARK, told)


@pytest.mark.parametrize("after", [1, 13, 20])
async def test_half_a_registry_is_opened_by_nobody_and_made_whole_by_beginning_again(
    store: Store, endpoint: Endpoint, archive_of_some: Path, tmp_path: Path, after: int
) -> None:
    whole = await picture(store)
    try:
        await half(endpoint, archive_of_some, after)
        assert not await store.is_current()
        assert (await City.over(store).gather(A)).dossiers == {}
        with pytest.raises(StoreUnavailable):
            await City.over(store).firms(9)
        with pytest.raises(StoreUnavailable):
            async with opened(endpoint, tmp_path):
                pass
        async with Bolt(endpoint) as bolt:
            with reading(archive_of_some) as archive:
                assert await restore(bolt, archive, MARK)
        assert await picture(store) == whole
    finally:
        await emptied(endpoint)


async def test_half_of_one_archive_gives_way_to_another(
    store: Store, endpoint: Endpoint, archive_of_some: Path, tmp_path: Path
) -> None:
    try:
        await City.over(store).firms(30, 31)
        whole = await picture(store)
        await backup(store, tmp_path / "more.zip", ordered=ordered(endpoint))
        await half(endpoint, archive_of_some, 8)
        async with Bolt(endpoint) as bolt:
            with reading(tmp_path / "more.zip") as archive:
                assert not await restore(bolt, archive, MARK)
        assert await picture(store) == whole
    finally:
        await emptied(endpoint)


async def test_of_two_restores_at_once_the_later_one_goes_on(
    store: Store, endpoint: Endpoint, archive_of_some: Path
) -> None:
    whole = await picture(store)
    await emptied(endpoint)
    try:
        async with Bolt(endpoint) as bolt:
            with reading(archive_of_some) as archive:
                ways = await asyncio.gather(*(restore(bolt, archive, MARK) for _ in range(2)), return_exceptions=True)
        assert [isinstance(way, CreditError) for way in ways].count(True) == 1
        assert await picture(store) == whole
    finally:
        await emptied(endpoint)


async def test_a_restore_that_was_taken_over_deletes_nothing_any_more(
    store: Store, endpoint: Endpoint, archive_of_some: Path
) -> None:
    try:
        await half(endpoint, archive_of_some, 13)
        before = await picture(store)
        query = writing.delete_nodes("Party")
        assert await store.bolt.put(query, holder="the one before", limit=9, turn=1) == [[0]]
        assert await picture(store) == before
    finally:
        await emptied(endpoint)


def orphaned(path: Path, where: Path) -> Path:
    """Write an archive again with all its records on a party that is not in it."""
    with reading(path) as old, container.writing(where) as draft:
        parts: list[Part] = []
        for part in old.manifest.parts:
            lines = b"".join(old.lines(part))
            if part.label == "Record":
                lines = re.sub(rb'\["ON","Party","[^"]*"', b'["ON","Party","nobody"', lines)
            with draft.part(part.label) as out:
                out.write(lines)
            parts.append(part.model_copy(update={"size": out.size, "sha256": out.sha256()}))
        draft.seal(old.manifest.model_copy(update={"parts": parts}))
    return where


async def test_what_lacks_an_end_is_never_taken_for_whole(
    store: Store, endpoint: Endpoint, archive_of_some: Path, tmp_path: Path
) -> None:
    damaged = orphaned(archive_of_some, tmp_path / "orphaned.zip")
    await emptied(endpoint)
    try:
        async with Bolt(endpoint) as bolt:
            for _ in range(2):
                with reading(damaged) as archive, pytest.raises(Malformed, match="ON"):
                    await restore(bolt, archive, MARK)
        assert not await store.is_current()
    finally:
        await emptied(endpoint)


async def test_a_restored_graph_belongs_to_the_key_that_was_there(
    store: Store, endpoint: Endpoint, archive_of_some: Path
) -> None:
    await restored(endpoint, archive_of_some)
    assert await bound_to(store.bolt) == MARK
    assert await bind(store.bolt, "1" * 16, instead=None) == MARK
    assert await bind(store.bolt, "1" * 16, instead=MARK) == "1" * 16
    await emptied(endpoint)


class Newer:
    """An archive as a newer program would write it."""

    def __init__(self, archive: Archive, **said: Any) -> None:  # noqa: ANN401  # fields of a manifest
        self.seal, self.lines = archive.seal, archive.lines
        self.manifest = archive.manifest.model_copy(update=said)


async def test_an_archive_of_a_newer_schema_is_refused_with_nothing_written(
    store: Store, endpoint: Endpoint, archive_of_some: Path
) -> None:
    await emptied(endpoint)
    async with Bolt(endpoint) as bolt:
        with reading(archive_of_some) as archive, pytest.raises(Malformed):
            await restore(bolt, Newer(archive, schema_version=schema.VERSION + 1), MARK)  # pyright: ignore[reportArgumentType]
        assert await half_restored(bolt) is None
    assert (await store.bolt.fetch("MATCH (n:Party) RETURN count(n)")) == [[0]]
