"""Records in series, numbered as they are written: an authority's penalties, entries of a list that one feed told.

A debarment that a bank's list told is an entry of that list: the list is all there is of the decision.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final, LiteralString, Protocol

from credit.graph import mapping
from credit.graph.bolt import Bolt, Transaction
from credit.graph.queries import matters, moves
from credit.graph.queries import series as queries
from credit.model.naturalkey import digest, normal
from credit.model.record import FEED, Penalty, Record, RecordId

_AT_ONCE: Final = 500
OLDER_LISTS: Final = {
    "世界银行不合格企业和个人名单": "worldbank",
    "美洲开发银行制裁名单": "idb",
    "欧洲复兴开发银行不合格主体名单": "ebrd",
    "亚洲开发银行公开制裁名单": "adb",
    "非洲开发银行制裁名单": "afdb",
    "美国联邦采购排除名单（SAM.gov）": "us_exclusions",
}
"""The sources of debarments by their names, as records up to schema 8 have them: those do not say what list it is."""
_Series = Callable[[Record], str | None]


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
    groups = _grouped(records, series_of)
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
    await _number(bolt, moves.RECORDS_WITHOUT_OFFICE, put, queries.NUMBER_OLDER, series_of)


async def list_older(bolt: Bolt, put: _Put) -> None:
    """Number debarments that were held before sources said what list they keep with their lists; may run twice.

    Raises: StoreUnavailable, WriteContended.
    """
    await _number(bolt, moves.PENALTIES_OF_FEEDS, put, queries.NUMBER_LISTED, _list_of_older)


async def _number(
    bolt: Bolt,
    find: LiteralString,
    put: _Put,
    query: LiteralString,
    series: _Series,
) -> None:
    """Number what a query finds, the oldest first, some hundreds at once."""
    ((rows,),) = await bolt.fetch_latest(find)
    ids = [name for name, _ in sorted(rows, key=lambda row: (row[1], row[0]))]
    for start in range(0, len(ids), _AT_ONCE):
        ((held,),) = await bolt.fetch_latest(queries.MATCH_RECORDS_BY_ID, ids=ids[start : start + _AT_ONCE])
        records = sorted(mapping.present(mapping.record_of(row) for row in held), key=lambda r: (r.tick, r.id))
        if groups := _grouped(records, series):
            told = [{"office": name, "records": found} for name, found in groups.items()]
            await put(query, offices=told)


def _grouped(records: Iterable[Record], series: _Series) -> Mapping[str, Sequence[RecordId]]:
    found: defaultdict[str, list[RecordId]] = defaultdict(list)
    for record in records:
        name = series(record)
        if name is not None:
            found[name].append(record.id)
    return found


def series_of(record: Record) -> str | None:
    """Name the series of a record; None where it is in none."""
    content, source = record.content, record.source
    if isinstance(content, Penalty):
        listed = source.kind == FEED and source.list is not None
        return feed_of(source.list or "", source.name) if listed else office_of(content.authority.name)
    return feed_of(content.list, source.name) if source.kind == FEED else None


def _list_of_older(record: Record) -> str | None:
    listed = OLDER_LISTS.get(record.source.name)
    return feed_of(listed, record.source.name) if listed is not None and record.source.kind == FEED else None
