"""What is not archived, for it follows from the rest: keys of names, and traces that link complainants.

It is made with the node that it belongs to, by the code that makes it at every write.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from credit.graph import mapping, names, networks
from credit.graph.queries.archive import BID, MATTER, PARTY, Kind
from credit.model.matter import MatterKind
from credit.model.project import Signals


@dataclass(frozen=True, slots=True)
class Derived:
    """Of one node: ``called`` as in `credit.graph.names.keys_row`, ``traces`` each a key and a sketch or nothing."""

    called: list[list[int | None]] = field(default_factory=list[list[int | None]])
    traces: list[list[str | None]] = field(default_factory=list[list[str | None]])


def derived(kind: Kind, properties: Mapping[str, Any]) -> Derived:
    """Say what follows from a node. Raises: RowUnreadable."""
    if kind is PARTY:
        party = mapping.party_of(properties["id"], properties["states"][-1:])
        return (
            Derived() if party is None else Derived(names.keys_row(party), _bare(networks.contact_keys(party.contacts)))
        )
    if kind is BID:
        said = mapping.load(properties["body"], "bid", properties["id"]).get("signals")
        signals = mapping.read(Signals, said or {}, "bid", properties["id"])
        return Derived(traces=_bare(networks.bid_keys(signals)))
    if kind is MATTER and properties["kind"] == MatterKind.COMPLAINT:
        body = mapping.load(properties["body"], "matter", properties["id"])
        return Derived(traces=[[key, sketch] for key, sketch in networks.item_traces(body["content"]["items"])])
    return Derived()


def _bare(keys: Iterable[str]) -> list[list[str | None]]:
    return [[key, None] for key in keys]
