"""Every source abroad, run as an import: twice, doubled, shuffled, cut off, in other encodings, in another shape."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from credit.model.caller import Caller
from credit.model.statements import LoadRow, Outcome, PartyStatement, RecordStatement, SyncStatement
from importers.run import Report, run
from tests.importers.test_debarments import OTHERS
from tests.importers.test_followthemoney import FIRM as ENTITY
from tests.importers.test_followthemoney import SANCTION
from tests.importers.test_us_exclusions import FIRM as EXCLUDED

Json = Mapping[str, Any]
Rows = Sequence[Json]
Write = Callable[..., Path]
Import = Callable[..., Any]
PUBLICATION = {"publicationDetails": {"publisher": {"name": "A Register"}}, "statementDate": "2024-01-01"}


class Fake(Protocol):
    """The fake of conftest.py, by what these tests look at."""

    parties: dict[str, PartyStatement]
    records: dict[tuple[str, ...], RecordStatement]

    async def load(self, caller: Caller, rows: Sequence[LoadRow], /) -> list[Outcome]: ...

    async def synchronise(self, caller: Caller, list_id: str, statement: SyncStatement, /) -> None: ...


def process(number: int) -> Json:
    """A process with a title that only a wide encoding has, each with a firm of its own."""
    parties = [{"id": f"p{n}", "name": f"Müller {n}", "identifier": {"scheme": "GB-COH", "id": f"{n}"}} for n in (1, 2)]
    return {
        "ocid": f"ocds-abc123-{number}",
        "id": "1",
        "date": "2024-03-01T00:00:00Z",
        "parties": parties,
        "buyer": {"id": "p1"},
        "tender": {"title": "Straße", "tenderPeriod": {"endDate": "2024-04-01T12:00:00Z"}, "tenderers": [{"id": "p2"}]},
    }


def entity_statement(number: int) -> Json:
    details = {"entityType": {"type": "registeredEntity"}, "name": f"Müller {number}"}
    told = {"recordId": f"e-{number}", "recordType": "entity", "recordStatus": "new", "recordDetails": details}
    return {"statementId": f"s-{number}", **PUBLICATION, **told}


TABLES: Mapping[str, Rows] = {
    "idb": [{**OTHERS["idb"][1], "Title": f"Müller {n} Ltd"} for n in range(5)],
    "ebrd": [{**OTHERS["ebrd"][1], "title": f"Müller {n} Ltd"} for n in range(5)],
    "adb": [{**OTHERS["adb"][1], "Name": f"Müller {n} Ltd"} for n in range(5)],
    "afdb": [{**OTHERS["afdb"][1], "Name": f"Müller {n} Ltd"} for n in range(5)],
    "us_exclusions": [{**EXCLUDED, "Name": f"Müller {n}", "Unique Entity ID": f"UEI{n}"} for n in range(5)],
}
OBJECTS: Mapping[str, Rows] = {
    "ocds": [process(n) for n in range(5)],
    "followthemoney": [ENTITY, SANCTION, *({**ENTITY, "id": f"NK-{n}"} for n in range(3))],
    "bods": [entity_statement(n) for n in range(5)],
}
SOURCES = sorted({**TABLES, **OBJECTS})


@pytest.fixture
def write(tmp_path: Path, write_csv: Write) -> Callable[..., Path]:
    """Write the sample of a source, as it is or changed."""

    def make(source: str, rows: Rows, encoding: str = "utf-8") -> Path:
        name = f"{source}.{encoding}.{len(rows)}"
        if source in TABLES:
            return write_csv(rows, encoding, name)
        path = tmp_path / name
        path.write_bytes("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(encoding))
        return path

    return make


@pytest.fixture
def imported(registry: Fake, caller: Caller, tmp_path: Path) -> Import:
    """Run an import, and see that its figures add up."""

    async def go(source: str, path: Path) -> Report:
        report = await run(source, path, registry=registry, caller=caller, rejects_dir=tmp_path / "out")
        assert report.read == report.taken + report.unchanged + report.rejected
        return report

    return go


def rows_of(source: str) -> list[Json]:
    return list(TABLES.get(source) or OBJECTS[source])


@pytest.mark.parametrize("source", SOURCES)
async def test_a_second_run_over_rows_doubled_and_shuffled_changes_nothing(
    registry: Fake, imported: Import, write: Write, source: str
) -> None:
    rows = rows_of(source)
    first = await imported(source, write(source, rows))
    assert (first.taken + first.unchanged, first.rejected) == (len(rows), 0)
    held = dict(registry.parties), dict(registry.records)
    doubled = rows * 2
    random.Random(7).shuffle(doubled)
    second = await imported(source, write(source, doubled))
    assert (second.taken, second.rejected) == (0, 0)
    assert (registry.parties, registry.records) == held


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("source", SOURCES)
async def test_another_encoding_tells_the_same(imported: Import, write: Write, source: str, encoding: str) -> None:
    await imported(source, write(source, rows_of(source)))
    again = await imported(source, write(source, rows_of(source), encoding))
    assert (again.taken, again.rejected) == (0, 0)


@pytest.mark.parametrize("source", SOURCES)
async def test_a_file_in_another_shape_fails_before_anything_is_written(
    registry: Fake, imported: Import, write: Write, source: str
) -> None:
    drifted = [{f"new_{key}": value for key, value in row.items()} for row in rows_of(source)]
    report = await imported(source, write(source, drifted))
    assert report.drift is not None
    assert (report.read, registry.parties, registry.records) == (0, {}, {})


@pytest.mark.parametrize("source", SOURCES)
async def test_a_file_that_breaks_off_says_so_and_the_whole_one_brings_the_rest(
    imported: Import, write: Write, source: str
) -> None:
    path = write(source, rows_of(source))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 40])
    cut = await imported(source, path)
    assert cut.rejected
    path.write_bytes(whole)
    again = await imported(source, path)
    assert (again.taken > 0, again.rejected) == (True, 0)
