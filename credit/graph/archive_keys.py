"""The hash key that a graph belongs to, by its mark: it stands at the node of the schema, and in every archive."""

from credit.graph.bolt import Bolt
from credit.graph.queries import archive as queries
from credit.graph.queries import archive_writing as writing
from credit.graph.queries.archive import PARTY


async def bound_to(bolt: Bolt) -> str | None:
    """Return the mark of the key that a graph belongs to; None: none has opened it yet.

    Raises: StoreUnavailable.
    """
    ((mark,),) = await bolt.fetch_latest(queries.MATCH_HASH_KEY)
    return mark


async def holds_parties(bolt: Bolt) -> bool:
    """Tell whether a graph holds anybody who may be sought by a hash. Raises: StoreUnavailable."""
    return bool(await bolt.fetch_latest(queries.any_node(PARTY.label)))


async def bind(bolt: Bolt, mark: str, *, instead: str | None) -> str:
    """Let a graph belong to a key ``instead`` of another; return to which it belongs, were it bound meanwhile.

    Raises: StoreUnavailable, StorageFull, WriteContended.
    """
    ((bound,),) = await bolt.put(writing.BIND_HASH_KEY, mark=mark, instead=instead or "")
    return str(bound)
