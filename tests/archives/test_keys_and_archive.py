"""A registry carried to another data directory: with its hash key everybody is found again, without it nothing goes."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from credit.archives.container import reading
from credit.cli import archives, callers
from credit.cli.bidders import Bidder
from credit.cli.checking import Asking, check
from credit.cli.frame import make_app
from credit.errors import KeyFileUnusable
from credit.evidence import verify_chain
from credit.keys import FileHasher, FileSigner
from credit.keys.belonging import fitting
from credit.model.statements import Outcome
from credit.ports import Entry
from credit.settings import Settings
from credit.wiring import Services, open_graph, open_services
from tests.contract.makers import ADMIN, ban, code, done, firm, identity_number, person
from tests.faults.running import stop_graph

NUMBER: Final = identity_number(1)
ENVIRONMENT: Final = {"CREDIT_GRAPH_MEMORY": "256m", "CREDIT_KEYS_PASSPHRASE": "青山 correct horse 42"}


@dataclass(frozen=True, slots=True)
class Carried:
    """Two data directories, what stood in the first, and what the second said while it had no keys."""

    old: Path
    new: Path
    archive: Path
    person: str
    chain: Sequence[Entry]
    restored: Result
    refused: str
    """What it said to who opened it."""


def settings_of(data: Path) -> Settings:
    return Settings(data=data, graph_memory="256m", log_level="error")


def run(data: Path, *words: str) -> Result:
    app = make_app("test")
    app.add_typer(archives.app)
    app.add_typer(callers.app, name="keys")
    return CliRunner().invoke(app, [*words, "--data", str(data)], env=ENVIRONMENT)


async def register(services: Services) -> str:
    """Register a person by number, and return who that is."""
    outcomes = await services.registry.register(ADMIN, [person("李某某", identity_number=NUMBER)])
    return done(*outcomes)[0].id


async def ask(services: Services) -> None:
    await check(services, Asking(region="510000"), [Bidder(code(1))])


async def chain_of(data: Path) -> Sequence[Entry]:
    async with open_graph(settings_of(data)) as (store, _):
        return await store.evidence.chain(after=0, limit=100)


async def open_all(data: Path) -> None:
    async with open_services(settings_of(data)):
        pass


async def fill(data: Path) -> str:
    async with open_services(settings_of(data)) as services:
        who = await register(services)
        outcomes: list[Outcome] = [*await services.registry.register(ADMIN, [firm(1)])]
        outcomes += await services.registry.record(ADMIN, [ban(code(1))])
        done(*outcomes)
        await ask(services)
        return who


def well(result: Result) -> Result:
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carried]:
    """A registry whose archive was restored in another directory, to which its keys came later."""
    place = tmp_path_factory.mktemp("carried")
    old, new, archive, keys = (place / name for name in ("old", "new", "a.zip", "keys.json"))
    try:
        who = asyncio.run(fill(old))
        well(run(old, "backup", str(archive)))
        well(run(old, "keys", "export", str(keys)))
        restored = well(run(new, "restore", str(archive)))
        with pytest.raises(KeyFileUnusable) as refused:
            asyncio.run(open_all(new))
        well(run(new, "keys", "import", str(keys)))
        yield Carried(old, new, archive, who, asyncio.run(chain_of(old)), restored, refused.value.zh)
    finally:
        stop_graph(old)
        stop_graph(new)


def test_what_was_restored_is_not_opened_before_its_keys_are_there(carried: Carried) -> None:
    assert "credit keys import" in carried.restored.output
    assert "credit keys import" in carried.refused


def test_an_archive_names_its_hash_key(carried: Carried) -> None:
    with reading(carried.archive) as opened:
        assert opened.manifest.hash_key == FileHasher.open(carried.old).mark


def test_files_of_a_first_load_name_it_too(carried: Carried, tmp_path: Path) -> None:
    well(run(carried.old, "export", "--neo4j-import", str(tmp_path / "files")))
    header, line = ((tmp_path / "files" / name).read_text("utf-8") for name in ("Schema.header.csv", "Schema.csv"))
    assert "hash_key:string" in header
    assert f'"{FileHasher.open(carried.old).mark}"' in line


def test_a_person_is_found_by_number_where_the_archive_was_restored(carried: Carried) -> None:
    async def found() -> str:
        async with open_services(settings_of(carried.new)) as services:
            return await register(services)

    assert asyncio.run(found()) == carried.person


def test_the_chain_is_the_same_and_goes_on_under_the_same_signature(carried: Carried) -> None:
    async def asked_again() -> None:
        async with open_services(settings_of(carried.new)) as services:
            await ask(services)

    asyncio.run(asked_again())
    chain = asyncio.run(chain_of(carried.new))
    assert carried.chain
    assert list(chain[: len(carried.chain)]) == list(carried.chain)
    assert len(chain) > len(carried.chain)
    assert {link.key_id for link in chain} == {FileSigner.open(carried.old).key_id}
    assert verify_chain(chain, FileSigner.open(carried.old).public_keys()) == []


def test_an_archive_is_not_restored_beside_another_hash_key(carried: Carried, tmp_path: Path) -> None:
    FileHasher.open(tmp_path)
    refused = run(tmp_path, "restore", str(carried.archive))
    assert refused.exit_code == 2
    assert "不是该登记库的摘要密钥" in refused.output
    assert not (tmp_path / "graph").exists()


async def opened(data: Path) -> None:
    async with open_services(settings_of(data)):
        pass


def test_a_registry_is_opened_with_its_own_hash_key_alone(carried: Carried, tmp_path: Path) -> None:
    own = carried.new / "keys"
    own.rename(tmp_path / "keys")
    try:
        with pytest.raises(KeyFileUnusable, match="keys import"):
            asyncio.run(opened(carried.new))
        assert not own.exists()
        FileHasher.open(carried.new)
        with pytest.raises(KeyFileUnusable, match="not the registry's"):
            asyncio.run(opened(carried.new))
    finally:
        own.rename(tmp_path / "others")
        (tmp_path / "keys").rename(own)
    asyncio.run(opened(carried.new))


def test_a_registry_that_holds_nobody_belongs_to_the_key_that_opens_it(tmp_path: Path) -> None:
    try:
        asyncio.run(opened(tmp_path))
        (tmp_path / "keys").rename(tmp_path / "before")
        asyncio.run(fill(tmp_path))
        asyncio.run(opened(tmp_path))
        (tmp_path / "keys").rename(tmp_path / "after")
        with pytest.raises(KeyFileUnusable):
            asyncio.run(opened(tmp_path))
    finally:
        stop_graph(tmp_path)


def test_where_no_key_is_named_any_will_do_but_there_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFileUnusable):
        fitting(tmp_path, None)
    assert fitting(tmp_path, FileHasher.open(tmp_path).mark) == fitting(tmp_path, None)
