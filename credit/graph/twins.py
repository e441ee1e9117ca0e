"""Parties by where they were stated last, and their namesakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson

from credit.graph import mapping
from credit.graph.bolt import Bolt, Row
from credit.graph.queries import twins as queries
from credit.model.merge import kept_by
from credit.model.party import PartyId
from credit.ports import Entered, Stated

_AT_ONCE: Final = 50
"""Changes that are read at once: one of an import names a thousand parties."""
_NAMESAKES: Final = 40
_FIRMS: Final = 20
_STATED: Final = "party.stated"


@dataclass(frozen=True, slots=True)
class GraphTwins:
    """`credit.ports.TwinFinder`."""

    _bolt: Bolt

    async def stated(self, *, before: int | None) -> tuple[Sequence[Stated], int | None]:
        """Read a stretch of the feed before the number of a change, newest first, and where the next one begins."""
        if before is None:
            ((changes,),) = await self._bolt.fetch(queries.MATCH_CHANGE_COUNT)
            before = int(changes) + 1
        first = max(1, before - _AT_ONCE)
        rows = await self._bolt.fetch(queries.MATCH_CHANGES_BY_NUMBER, first=first, last=before - 1)
        found = [told for number, tick, lines in rows for told in _stated(number, tick, lines)]
        return found, first if first > 1 else None

    async def namesakes(self, ids: Sequence[str]) -> Mapping[str, tuple[Entered, Sequence[Entered]]]:
        """Read parties by id, each with the parties that bear one of its names, or one of the same key."""
        wanted = list(dict.fromkeys(ids))
        rows = await self._bolt.fetch(queries.MATCH_NAMESAKES_BY_IDENTIFIER, ids=wanted, each=_NAMESAKES)
        return {name: (_entered(own), [_entered(other) for other in others]) for name, own, others in rows}

    async def firms(self, keys: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Read by inner key the ids of firms that a party leads or holds, of a hub some."""
        rows = await self._bolt.fetch(queries.MATCH_FIRMS_BY_PARTY, keys=list(keys), each=_FIRMS) if keys else []
        return {key: frozenset(firms) for key, firms in rows}


def _stated(number: int, tick: int, lines: str) -> list[Stated]:
    """Return the parties that a change states, the last first."""
    told = cast("list[dict[str, Any]]", orjson.loads(lines))
    ids = dict.fromkeys(PartyId(line["subject"]) for line in told if line["kind"] == _STATED)
    return [Stated(number, nth, tick, party) for nth, party in reversed(list(enumerate(ids)))]


def _entered(row: Row) -> Entered:
    """Read [key, id, newest state, keys of those it was told not to be, merges]."""
    key, party_id, state, apart, merges = row
    party = mapping.party_of(party_id, [state])
    if party is None:
        raise mapping.RowUnreadable(f"party {party_id}: no state")
    tick = int(mapping.load(state, "party", party_id)["tick"])
    ties = mapping.ties_of(key, merges or ())
    told = {end for tie in ties for end in (tie.keep, tie.other)}.union(apart or ())
    return Entered(key, party, tick, frozenset(told), key not in kept_by(ties))
