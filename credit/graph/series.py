"""Records in series, numbered as they are written: an authority's penalties, entries of a list that one feed told."""

from collections import defaultdict
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Final, LiteralString, Protocol

from credit.graph import mapping
from credit.graph.bolt import Bolt, Transaction
from credit.graph.queries import matters, moves
from credit.graph.queries import series as queries
from credit.model.naturalkey import digest, normal
from credit.model.record import FEED, Penalty, Record, RecordId

_AT_ONCE: Final = 500


def office_of(name: str) -> str:
    """Return what an authority's penalties are numbered under.

    >>> office_of("资阳市财政局") == office_of(" 资阳市财政局 ")
    True
    """
    return digest("office", normal(name))


def feed_of(list_id: str, source: str) -> str:
    """Return what the entries of a list are numbered under that a source of a name told."""
    return digest("feed", list_id, normal(source))


async def take_numbers(tx: Transaction, records: Iterable[Record]) -> Mapping[RecordId, str]:
    """Number the records that a write is about to make, in their order; those that are in no series have none."""
    groups = _grouped(records)
    if not groups:
        return {}
    asked = [{"series": name, "records": len(ids)} for name, ids in groups.items()]
    ((rows,),) = await tx.run(queries.TAKE_NUMBERS, series=asked)
    return {ident: f"{name} {nth}" for name, held in rows for nth, ident in enumerate(groups[name], held + 1)}


async def size(bolt: Bolt, name: str) -> int:
    """Count the records of a series."""
    rows = await bolt.fetch(matters.MATCH_ROLL, roll=f"office {name}")
    return int(rows[0][0]) if rows else 0


class _Put(Protocol):
    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[None]: ...


async def number_older(bolt: Bolt, put: _Put) -> None:
    """Number the records that were held before their series was, the oldest first; may run twice.

    ``put`` writes while no other write is under way.

    Raises: StoreUnavailable, WriteContended.
    """
    ((rows,),) = await bolt.fetch_latest(moves.RECORDS_WITHOUT_OFFICE)
    ids = [name for name, _ in sorted(rows, key=lambda row: (row[1], row[0]))]
    for start in range(0, len(ids), _AT_ONCE):
        ((held,),) = await bolt.fetch_latest(queries.MATCH_RECORDS_BY_ID, ids=ids[start : start + _AT_ONCE])
        records = sorted(mapping.present(mapping.record_of(row) for row in held), key=lambda r: (r.tick, r.id))
        if groups := _grouped(records):
            told = [{"office": name, "records": found} for name, found in groups.items()]
            await put(queries.NUMBER_OLDER, offices=told)


def _grouped(records: Iterable[Record]) -> Mapping[str, Sequence[RecordId]]:
    found: defaultdict[str, list[RecordId]] = defaultdict(list)
    for record in records:
        name = series_of(record)
        if name is not None:
            found[name].append(record.id)
    return found


def series_of(record: Record) -> str | None:
    """Name the series of a record; None where it is in none."""
    content, source = record.content, record.source
    if isinstance(content, Penalty):
        return office_of(content.authority.name)
    return feed_of(content.list, source.name) if source.kind == FEED else None
