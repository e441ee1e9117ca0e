"""Finding parties by name: the keys that stand for their names, and whom they lead to."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString, Protocol

from credit.graph import mapping
from credit.graph.alike import alike
from credit.graph.bolt import Bolt
from credit.graph.queries import moves
from credit.graph.queries import names as queries
from credit.model.party import Party, PartyKind
from credit.names.keys import PROPERTIES, asked_for, keys_of

_AT_ONCE: Final = 500
_OF_ONE_KEY: Final = 40
_MOST: Final = 400
"""Candidates that are compared."""


class _Put(Protocol):
    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[None]: ...


def names_of(party: Party) -> tuple[str, ...]:
    """Return the names that a party bears and bore, each once."""
    return tuple(dict.fromkeys((party.name, *party.former_names)))


def keys_row(party: Party) -> list[list[int | None]]:
    """Write the keys of a party's names in the order of `PROPERTIES`; names of the same keys stand once."""
    whole = party.kind is PartyKind.PERSON
    found: list[list[int | None]] = []
    for name in names_of(party):
        keys = keys_of(name, whole=whole)
        row = [keys.get(what) for what in PROPERTIES]
        if row not in found:
            found.append(row)
    return found


async def index_older(bolt: Bolt, put: _Put) -> None:
    """Write the keys of parties that were held before there were any; may run twice.

    ``put`` writes while no other write is under way.

    Raises: StoreUnavailable, WriteContended.
    """
    ((keys,),) = await bolt.fetch_latest(moves.PARTIES_WITHOUT_NAMES)
    for start in range(0, len(keys), _AT_ONCE):
        ((held,),) = await bolt.fetch_latest(queries.MATCH_PARTIES_BY_KEY, keys=keys[start : start + _AT_ONCE])
        if rows := list(_rows(held)):
            await put(queries.CREATE_NAMES, rows=rows)


def _rows(held: Iterable[Sequence[str]]) -> Iterable[dict[str, object]]:
    for key, party_id, state in held:
        party = mapping.party_of(party_id, [state])
        if party is not None:
            yield {"key": key, "called": keys_row(party)}


@dataclass(frozen=True, slots=True)
class GraphNames:
    """`credit.ports.NameFinder`."""

    _bolt: Bolt

    async def called(self, name: str, *, province: str = "") -> Sequence[Party]:
        """Read parties whose name may be meant, in no order; at most some hundreds.

        Of entries that are one party the kept one comes, the names of the others among its former ones.
        """
        asked: Mapping[str, Sequence[int]] = asked_for(name, province=province)
        ((rows,),) = await self._bolt.fetch(
            queries.MATCH_PARTIES_BY_NAME_KEYS,
            asked={what: asked[what] for what in PROPERTIES},
            each=_OF_ONE_KEY,
            limit=_MOST,
        )
        found = mapping.present(mapping.party_of(party_id, [state]) for party_id, state, _ in rows)
        one = await alike(self._bolt.fetch, [party_id for party_id, _, merged in rows if merged])
        kept = (one[p.id].kept_with_names if p.id in one else p for p in found)
        return list({party.id: party for party in kept}.values())
