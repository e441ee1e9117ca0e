"""Parties, relations and records as of one moment, page by page, as what they are."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final

from credit.graph import mapping
from credit.graph.archive import GraphArchive, Moment
from credit.graph.bolt import Bolt
from credit.graph.queries import relations as relation_queries
from credit.graph.queries import series
from credit.graph.queries.archive import PARTY, RECORD, RELATION
from credit.model.party import Party, Relation
from credit.model.record import Record

_AT_ONCE: Final = 500


async def parties(source: GraphArchive, moment: Moment) -> AsyncGenerator[Sequence[Party]]:
    """Read the parties. Raises: StoreUnavailable, ChangedMeanwhileError."""
    async for nodes in source.nodes(PARTY, moment):
        told = (node.properties for node in nodes)
        yield mapping.present(mapping.party_of(one["id"], one["states"]) for one in told)


async def relations(bolt: Bolt, source: GraphArchive, moment: Moment) -> AsyncGenerator[Sequence[Relation]]:
    """Read the relations. Raises: StoreUnavailable, ChangedMeanwhileError."""
    async for nodes in source.nodes(RELATION, moment):
        for keys in _batches([node.properties["natural"] for node in nodes]):
            ((rows,),) = await bolt.fetch_latest(relation_queries.MATCH_RELATIONS_BY_NATURAL_KEY, keys=keys)
            yield mapping.present(mapping.relation_of(row, moment.tick) for _, *row in rows)


async def records(bolt: Bolt, source: GraphArchive, moment: Moment) -> AsyncGenerator[Sequence[Record]]:
    """Read the records. Raises: StoreUnavailable, ChangedMeanwhileError."""
    async for nodes in source.nodes(RECORD, moment):
        for ids in _batches([node.properties["id"] for node in nodes]):
            ((rows,),) = await bolt.fetch_latest(series.MATCH_RECORDS_BY_ID, ids=ids)
            yield mapping.present(mapping.record_of(row, moment.tick) for row in rows)


def _batches(keys: Sequence[str]) -> Sequence[Sequence[str]]:
    return [keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE)]
