"""Any file of a source as rows, by what its bytes are."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from importers.bods_statements import bods_rows
from importers.ftm_entities import ftm_rows
from importers.html_tables import html_rows
from importers.ocds_merge import ocds_rows
from importers.pages import page_rows
from importers.records import json_rows
from importers.snapshot import Form, Snapshot
from importers.source import Rejected, Row, SourceSpec
from importers.tables import table_rows

_HEAD: Final = 1024

FORMS: Final[Mapping[str, Callable[[Snapshot, SourceSpec], Iterator[Row | Rejected]]]] = {
    "bods": bods_rows,
    "ftm": ftm_rows,
    "ocds": ocds_rows,
}
"""How the rows of a source are found whose files are no tables (``SourceSpec.form``)."""


def rows_of(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row | Rejected]:
    """Yield the rows of a CSV, XLSX, XLS or JSON file, or a page; its shape is looked at before this returns.

    Raises: LayoutDrift, also later where the file breaks off.
    """
    if spec.page_marks and snapshot.form is Form.TEXT and not _is_json(snapshot):
        return page_rows(snapshot, spec)
    if _begins_with(snapshot, ("<",)):
        return html_rows(snapshot, spec)
    if spec.form is not None:
        return FORMS[spec.form](snapshot, spec)
    return json_rows(snapshot, spec) if _is_json(snapshot) else table_rows(snapshot, spec)


def _is_json(snapshot: Snapshot) -> bool:
    return _begins_with(snapshot, ("[", "{"))


def _begins_with(snapshot: Snapshot, signs: tuple[str, ...]) -> bool:
    if snapshot.form is not Form.TEXT:
        return False
    with snapshot.path.open(encoding=snapshot.encoding) as file:
        return file.read(_HEAD).lstrip("\ufeff \t\r\n").startswith(signs)
