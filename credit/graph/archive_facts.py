"""Parties, relations and records as of one moment, page by page, as what they are, each party under its id of then."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from credit.graph import mapping
from credit.graph.archive import ChangedMeanwhileError, GraphArchive, Moment
from credit.graph.archive_cut import Node
from credit.graph.bolt import Bolt
from credit.graph.queries.archive import MATCH_STATES_BY_PARTY, PARTY, RECORD, RELATION
from credit.model.party import Party, Relation
from credit.model.record import Record

T = TypeVar("T")
_AT_ONCE: Final = 500


async def parties(source: GraphArchive, moment: Moment) -> AsyncGenerator[Sequence[Party]]:
    """Read the parties. Raises: StoreUnavailable, ChangedMeanwhileError, RowUnreadable."""
    async for nodes in source.nodes(PARTY, moment):
        told = (node.properties for node in nodes)
        yield mapping.present(mapping.party_of(one["id"], one["states"]) for one in told)


async def relations(bolt: Bolt, source: GraphArchive, moment: Moment) -> AsyncGenerator[Sequence[Relation]]:
    """Read the relations. Raises: as `parties`."""
    async for nodes in source.nodes(RELATION, moment):
        for some in _batches([node.properties for node in nodes]):
            ids = await _ids(bolt, moment, (one[end] for one in some for end in ("source", "target")))
            yield mapping.present(_relation(one, ids) for one in some)


def _relation(told: Mapping[str, Any], ids: Mapping[str, str]) -> Relation | None:
    ends = ids[told["source"]], ids[told["target"]]
    rest = (told.get(name) for name in ("share", "since", "until", "tick", "ends"))
    return mapping.relation_of([told["kind"], told["id"], *ends, *rest])


async def records(bolt: Bolt, source: GraphArchive, moment: Moment) -> AsyncGenerator[Sequence[Record]]:
    """Read the records. Raises: as `parties`."""
    async for nodes in source.nodes(RECORD, moment):
        for some in _batches([(_subject(node), node.properties) for node in nodes]):
            ids = await _ids(bolt, moment, (key for key, _ in some))
            rows = ([ids[key], *(one.get(name) for name in ("id", "tick", "body", "events"))] for key, one in some)
            yield mapping.present(map(mapping.record_of, rows))


def _subject(record: Node) -> str:
    """Return the key of the party that a record is on."""
    (key,) = (tie.key for tie in record.ties if tie.type == "ON")
    return key


async def _ids(bolt: Bolt, moment: Moment, keys: Iterable[str]) -> dict[str, str]:
    """Read the ids that parties had at the moment; an id may be another by now, an inner key never is."""
    wanted = list(dict.fromkeys(keys))
    ((rows,),) = await bolt.fetch_latest(MATCH_STATES_BY_PARTY, keys=wanted)
    found = {key: name for key, states in rows if (name := _id_then(states, moment.tick)) is not None}
    if found.keys() != set(wanted):
        raise ChangedMeanwhileError(PARTY.label)
    return found


def _id_then(states: Sequence[str], tick: int) -> str | None:
    told = (mapping.load(text, PARTY.label, "") for text in reversed(states))
    return next((state["party"]["id"] for state in told if state["tick"] <= tick), None)


def _batches(found: Sequence[T]) -> Sequence[Sequence[T]]:
    return [found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE)]
