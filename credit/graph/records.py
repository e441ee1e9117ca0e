"""Records and events within one write."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from credit.graph import mapping, series
from credit.graph.bolt import Transaction
from credit.graph.parties import GraphParties
from credit.graph.place import Place
from credit.graph.queries import records as record_queries
from credit.graph.queries import series as series_queries
from credit.model.naturalkey import normal
from credit.model.record import Event, Record, RecordId

_NONE: Final[Mapping[RecordId, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GraphRecords:
    """`credit.ports.RecordWriter`."""

    _tx: Transaction
    _place: Place
    _parties: GraphParties

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, Record]:
        """Find records by natural key."""
        if not natural_keys:
            return {}
        ((rows,),) = await self._tx.run(record_queries.MATCH_RECORDS_BY_NATURAL_KEY, keys=list(natural_keys))
        return {natural: found for natural, *row in rows if (found := mapping.record_of(row)) is not None}

    async def by_ids(self, ids: Sequence[RecordId]) -> Sequence[Record]:
        """Find records by id."""
        if not ids:
            return []
        ((rows,),) = await self._tx.run(series_queries.MATCH_RECORDS_BY_ID, ids=list(ids))
        return mapping.present(mapping.record_of(row) for row in rows)

    async def by_id_or_number(self, name: str) -> Sequence[Record]:
        """Find records by id or document number."""
        rows = await self._tx.run(record_queries.MATCH_RECORDS_BY_ID_OR_NUMBER, id=name, number=normal(name))
        return mapping.present(mapping.record_of(row) for row in rows)

    async def save(self, records: Sequence[tuple[str, Record]], told: Mapping[RecordId, str] = _NONE) -> None:
        """Create records, each tied to its party, with the digests of the words of import rows that they say."""
        if not records:
            return
        self._place.write_facts()
        of_party: dict[str, list[tuple[str, Record]]] = defaultdict(list)
        in_order = sorted(records, key=lambda pair: pair[1].tick)
        numbers = await series.take_numbers(self._tx, (record for _, record in in_order))
        for natural, record in in_order:
            of_party[self._parties.key(record.party)].append((natural, record))
        barred = {party for party, held in of_party.items() if any(mapping.bars(r.content) for _, r in held)}
        alone = self._parties.created - self._parties.tied
        ((shown_to,),) = await self._tx.run(
            record_queries.CREATE_RECORDS,
            groups=[_group(party, held, (numbers, told), bans=party in barred) for party, held in of_party.items()],
            first=sorted(of_party.keys() - alone),
            barred=sorted(barred - alone),
        )
        self._place.touch(of_party)
        self._place.touch(shown_to)

    async def append(self, record: RecordId, event: Event, *, suffix: str = "") -> None:
        """Append an event to a record, and a suffix to its natural key."""
        rows = await self._tx.run(
            record_queries.APPEND_EVENT_BY_RECORD,
            id=record,
            event=mapping.event_text(event),
            tick=self._place.write_facts(),
            bans=mapping.amends_to_ban(event),
            suffix=suffix,
        )
        for (touched,) in rows:
            self._place.touch(touched)

    async def append_all(self, events: Sequence[tuple[RecordId, Event]]) -> None:
        """Append events to records, none of which becomes another by that."""
        if not events:
            return
        of_record: dict[RecordId, list[str]] = defaultdict(list)
        for record, event in events:
            of_record[record].append(mapping.event_text(event))
        rows = [{"id": record, "events": told} for record, told in of_record.items()]
        ((touched,),) = await self._tx.run(
            record_queries.APPEND_EVENTS_BY_RECORDS, rows=rows, tick=self._place.write_facts()
        )
        self._place.touch(touched)


def _group(
    party: str,
    records: Sequence[tuple[str, Record]],
    found: tuple[Mapping[RecordId, str], Mapping[RecordId, str]],
    *,
    bans: bool,
) -> dict[str, object]:
    numbers, told = found
    rows = [
        {**mapping.record_row(nth, natural, record, numbers.get(record.id)), "told": told.get(record.id)}
        for nth, (natural, record) in enumerate(records, 1)
    ]
    return {"party": party, "tick": records[-1][1].tick, "bans": bans, "rows": rows}
