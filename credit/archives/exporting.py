"""A registry for other programs: the files of a first load, and parties, relations and records as what they are."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from credit.archives.container import Told, reading
from credit.archives.manifest import Manifest
from credit.archives.moving import backup
from credit.archives.tables import prepare, write_tables
from credit.errors import Unavailable
from credit.graph import archive_facts
from credit.graph.archive import ChangedMeanwhileError, GraphArchive, unfit
from credit.graph.queries.archive import PARTY, RECORD, RELATION, Kind
from credit.graph.store import Store
from credit.model.party import Party, Relation
from credit.model.record import Record

T = TypeVar("T")
ARCHIVE: Final = ".archive"
"""Of which the files are made, beside them for as long as that takes."""
Page = tuple[Sequence[Party], Sequence[Relation], Sequence[Record]]


async def export_tables(store: Store, directory: Path, *, ordered: bool, told: Told = lambda _: None) -> Manifest:
    """Write all that a registry holds as of one moment as the files of ``neo4j-admin database import``.

    ``told`` hears of nodes, each of them twice.

    Raises:
        Conflict: the directory holds something.
        Unavailable: it cannot be written, or the graph holds what this program does not write.
        StoreUnavailable, WriteContended: the store.
    """
    prepare(directory)
    held = directory / ARCHIVE
    try:
        await backup(store, held, ordered=ordered, told=told)
        with reading(held) as archive:
            write_tables(archive, directory, told)
            return archive.manifest
    finally:
        held.unlink(missing_ok=True)


async def pages(store: Store, *, ordered: bool) -> AsyncGenerator[Page]:
    """Read parties, then relations, then records as of one moment, page by page.

    Raises:
        Unavailable: something was deleted meanwhile that was to be read, or is not what this program writes.
        StoreUnavailable, WriteContended: the store.
    """
    source = GraphArchive(store.bolt, ordered)
    moment = await source.moment(store.writes)
    async for parties in _told(PARTY, archive_facts.parties(source, moment)):
        yield parties, (), ()
    async for relations in _told(RELATION, archive_facts.relations(store.bolt, source, moment)):
        yield (), relations, ()
    async for records in _told(RECORD, archive_facts.records(store.bolt, source, moment)):
        yield (), (), records


async def _told(kind: Kind, found: AsyncGenerator[T]) -> AsyncGenerator[T]:
    """Read pages of a label, and say in our words why that failed."""
    try:
        async for page in found:
            yield page
    except ValueError as error:
        raise unfit(kind.label) from error
    except ChangedMeanwhileError as error:
        raise Unavailable(
            "导出期间有内容被删除，请重试。", "Something was deleted during the export: try again"
        ) from error
