"""The penalties that an authority decided: numbered as they are written, found page by page."""

from collections import defaultdict
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString, Protocol

from credit.graph import mapping
from credit.graph.bolt import Bolt, Transaction
from credit.graph.queries import matters, moves
from credit.graph.queries import publications as queries
from credit.model.naturalkey import digest, normal
from credit.model.record import Penalty, Record

_AT_ONCE: Final = 500


def office_of(name: str) -> str:
    """Return what an authority's penalties are numbered under.

    >>> office_of("资阳市财政局") == office_of(" 资阳市财政局 ")
    True
    """
    return digest("office", normal(name))


def _offices(records: Iterable[Record]) -> list[dict[str, object]]:
    """Group the penalties among records by their authority, in their order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for record in records:
        if isinstance(record.content, Penalty):
            found[office_of(record.content.authority.name)].append(record.id)
    return [{"office": office, "records": ids} for office, ids in found.items()]


async def number(tx: Transaction, records: Sequence[Record]) -> None:
    """Number the penalties among records that this write has made, in the order of writes."""
    if offices := _offices(records):
        await tx.run(queries.NUMBER_BY_OFFICE, offices=offices)


class _Put(Protocol):
    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[None]: ...


async def number_older(bolt: Bolt, put: _Put) -> None:
    """Number the penalties that were held before there was such a number, the oldest first; may run twice.

    ``put`` writes while no other write is under way.

    Raises: StoreUnavailable, WriteContended.
    """
    rows = await bolt.fetch_latest(moves.RECORDS_WITHOUT_OFFICE)
    ids = [name for name, _ in sorted(rows, key=lambda row: (row[1], row[0]))]
    for start in range(0, len(ids), _AT_ONCE):
        ((held,),) = await bolt.fetch_latest(queries.MATCH_RECORDS_BY_ID, ids=ids[start : start + _AT_ONCE])
        records = sorted(mapping.present(mapping.record_of(row) for row in held), key=lambda r: (r.tick, r.id))
        if offices := _offices(records):
            await put(queries.NUMBER_BY_OFFICE, offices=offices)


@dataclass(frozen=True, slots=True)
class GraphPublications:
    """`credit.ports.PublicationBrowser`."""

    _bolt: Bolt

    async def page(self, authority: str, *, before: int | None, limit: int) -> Sequence[tuple[int, Record]]:
        """Read the penalties of an authority of a name before a number, newest first."""
        office = office_of(authority)
        last = before - 1 if before is not None else await self._size(office)
        first = max(1, last - limit + 1)
        if last < first:
            return []
        ((rows,),) = await self._bolt.fetch(queries.MATCH_RECORDS_BY_OFFICE, office=office, first=first, last=last)
        read = [(nth, mapping.record_of(row)) for nth, *row in rows]
        return [(nth, record) for nth, record in read if record is not None]

    async def _size(self, office: str) -> int:
        rows = await self._bolt.fetch(matters.MATCH_ROLL, roll=f"office {office}")
        return int(rows[0][0]) if rows else 0
