"""Any file of a source as rows, by what its bytes are."""

from collections.abc import Iterator
from typing import Final

from importers.records import json_rows
from importers.snapshot import Form, Snapshot
from importers.source import Rejected, Row, SourceSpec
from importers.tables import table_rows

_HEAD: Final = 1024


def rows_of(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the rows of a CSV, XLSX, XLS or JSON file; its shape is looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off.
    """
    return json_rows(snapshot, spec) if _is_json(snapshot) else table_rows(snapshot, spec)


def _is_json(snapshot: Snapshot) -> bool:
    if snapshot.form is not Form.TEXT:
        return False
    with snapshot.path.open(encoding=snapshot.encoding) as file:
        return file.read(_HEAD).lstrip("\ufeff \t\r\n").startswith(("[", "{"))
