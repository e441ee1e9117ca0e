"""`credit backup`, `restore` and `export` as commands: what they say, and how they end."""

import asyncio
import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import pytest
from typer.testing import CliRunner, Result

from credit.archives.moving import open_bare
from credit.cli.archives import app
from credit.keys import FileHasher
from credit.settings import Settings
from tests.faults.running import stop_graph

RUN = CliRunner()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A registry of nothing with its hash key, and beside it its archive."""
    place = tmp_path_factory.mktemp("home")
    FileHasher.open(place)
    done = run(place, "backup", str(place / "a.zip"))
    assert done.exit_code == 0, done.output
    yield place
    stop_graph(place)


def run(data: Path, *words: str) -> Result:
    return RUN.invoke(app, [*words, "--data", str(data)], env={"CREDIT_GRAPH_MEMORY": "256m"})


def test_a_backup_says_as_of_when_it_is(home: Path, tmp_path: Path) -> None:
    done = run(home, "backup", str(tmp_path / "b.zip"))
    assert done.exit_code == 0
    assert "0 nodes and 0 relationships, as of place 1" in done.output


def test_a_file_that_is_there_is_not_written_over(home: Path) -> None:
    before = (home / "a.zip").read_bytes()
    done = run(home, "backup", str(home / "a.zip"))
    assert (done.exit_code, (home / "a.zip").read_bytes()) == (2, before)
    assert "已存在" in done.output


def test_a_registry_of_nothing_takes_an_archive_of_nothing(home: Path) -> None:
    done = run(home, "restore", str(home / "a.zip"))
    assert done.exit_code == 0, done.output
    assert "restored 0 nodes" in done.output


def test_a_damaged_archive_ends_with_2_before_any_graph_is_opened(home: Path, tmp_path: Path) -> None:
    whole = (home / "a.zip").read_bytes()
    (tmp_path / "damaged.zip").write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    done = run(tmp_path / "new", "restore", str(tmp_path / "damaged.zip"))
    assert done.exit_code == 2
    assert "未写入任何内容" in done.output
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_not_there_ends_with_2(tmp_path: Path) -> None:
    assert run(tmp_path, "restore", str(tmp_path / "none.zip")).exit_code == 2


def test_entities_are_exported_one_a_line(home: Path, tmp_path: Path) -> None:
    done = run(home, "export", "--ftm", str(tmp_path / "e.json"))
    assert done.exit_code == 0, done.output
    assert [json.loads(line) for line in (tmp_path / "e.json").read_text(encoding="utf-8").splitlines()] == []


def test_files_of_a_first_load_come_with_a_command(home: Path, tmp_path: Path) -> None:
    done = run(home, "export", "--neo4j-import", str(tmp_path / "files"))
    assert done.exit_code == 0, done.output
    assert "neo4j-admin" in (tmp_path / "files" / "README.md").read_text(encoding="utf-8")


def test_files_of_a_first_load_are_for_their_owner_alone_wherever_they_lie(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "open"
    place.mkdir(0o755)
    assert run(home, "export", "--neo4j-import", str(place)).exit_code == 0
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {0o600}


def test_what_archives_do_not_know_ends_with_2_and_is_named(home: Path, tmp_path: Path) -> None:
    asyncio.run(put(home, "CREATE (:Stranger {id: 'x'})"))
    try:
        for words in (("backup",), ("export", "--ftm"), ("export", "--neo4j-import")):
            done = run(home, *words, str(tmp_path / words[-1]))
            assert (done.exit_code, "Stranger" in done.output) == (2, True)
    finally:
        asyncio.run(put(home, "MATCH (n:Stranger) DELETE n"))


async def put(data: Path, query: LiteralString) -> None:
    async with open_bare(Settings(data=data, graph_memory="256m")) as bolt:
        await bolt.put(query)


def test_an_export_names_one_form(home: Path) -> None:
    assert run(home, "export").exit_code == 2


def test_only_a_graph_that_was_read_from_files_is_adopted(home: Path) -> None:
    done = run(home, "adopt")
    assert done.exit_code == 2
    assert "neo4j-import" in done.output
