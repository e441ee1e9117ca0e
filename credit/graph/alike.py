"""Which entries are one party, now and ever."""

from collections.abc import Awaitable, Mapping, Sequence
from typing import LiteralString, Protocol

from credit.graph import mapping
from credit.graph.bolt import Row
from credit.graph.queries import merges as queries
from credit.model.merge import Tie, kept_by
from credit.model.party import Party
from credit.ports import Alike


class Run(Protocol):
    """Runs a query, within a write or outside it."""

    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[list[Row]]:
        """Run a query to its end."""
        ...


async def alike(run: Run, ids: Sequence[str]) -> Mapping[str, Alike]:
    """Read by id the entries that are one party with it, or were; absent where there never was another."""
    rows = await run(queries.MATCH_ALIKE_BY_IDENTIFIER, ids=list(dict.fromkeys(ids))) if ids else []
    return {name: _alike_of(key, found) for name, key, found in rows}


def _alike_of(key: str, found: Sequence[Row]) -> Alike:
    """Read the key of a party, and of all that were ever one with it [key, id, merges, newest state]."""
    parties: dict[str, Party] = {}
    ties: list[Tie] = []
    for name, party_id, texts, state in found:
        ties += mapping.ties_of(name, texts or ())
        party = mapping.party_of(party_id, [state])
        if party is not None:
            parties[name] = party
    kept = kept_by(ties)
    top = kept.get(key, key)
    others = sorted((parties[k] for k, above in kept.items() if above == top), key=lambda party: party.id)
    return Alike(parties[key], (parties[top], *others), frozenset(parties))
