"""Reading a file with an importer, as an import would, but with nothing behind it."""

from pathlib import Path

from credit.model.record import Penalty, Source
from credit.model.statements import LoadRow
from importers.rows import rows_of
from importers.snapshot import take_snapshot
from importers.source import Importer, Rejected, Taken

SHARED = Path(__file__).parents[3] / "shared/data"


def read_file(importer: Importer, path: Path) -> tuple[list[LoadRow], list[Rejected]]:
    """Return the rows that parsed and those that did not."""
    snapshot = take_snapshot(path, latin=importer.spec.latin)
    rows = list(importer.parse(rows_of(snapshot, importer.spec), Source(importer.spec.title)))
    return [r.load for r in rows if isinstance(r, Taken)], [r for r in rows if isinstance(r, Rejected)]


def penalty_of(row: LoadRow) -> Penalty:
    """Return a row's one penalty."""
    (record,) = row.records
    assert isinstance(record.content, Penalty)
    return record.content
