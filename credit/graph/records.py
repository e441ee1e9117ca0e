"""Records and events within one write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from credit.graph import mapping
from credit.graph.bolt import Transaction
from credit.graph.parties import GraphParties
from credit.graph.place import Place
from credit.graph.queries import records as record_queries
from credit.model.naturalkey import normal
from credit.model.record import Event, Record, RecordId


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

    async def by_id_or_number(self, name: str) -> Sequence[Record]:
        """Find records by id or document number."""
        rows = await self._tx.run(record_queries.MATCH_RECORDS_BY_ID_OR_NUMBER, id=name, number=normal(name))
        return mapping.present(mapping.record_of(row) for row in rows)

    async def save(self, records: Sequence[tuple[str, Record]]) -> None:
        """Create records, each tied to its party."""
        if not records:
            return
        self._place.write_facts()
        await self._tx.run(
            record_queries.CREATE_RECORDS, rows=[self._row(natural, record) for natural, record in records]
        )

    def _row(self, natural: str, record: Record) -> dict[str, object]:
        return {
            "party": self._parties.key(record.party),
            "id": record.id,
            "natural": natural,
            "number": normal(record.content.doc_no) if record.content.doc_no else None,
            "tick": record.tick,
            "body": mapping.record_text(record),
            "weighs": mapping.weighs(record.content),
            "bans": mapping.bars(record.content),
        }

    async def append(self, record: RecordId, event: Event, *, suffix: str = "") -> None:
        """Append an event to a record, and a suffix to its natural key."""
        await self._tx.run(
            record_queries.APPEND_EVENT_BY_RECORD,
            id=record,
            event=mapping.event_text(event),
            tick=self._place.write_facts(),
            bans=mapping.amends_to_ban(event),
            suffix=suffix,
        )
