"""The graph's schema as data: labels, what is unique, what is indexed; made at the first start, migrated by version.

========== ====================================================================================================
label      holds
========== ====================================================================================================
Party      a party: lasting ``key``, current ``id``, append-only ``states`` (JSON), ``revision`` (tick)
Identifier one identifier, ``NAMES`` its party: credit code, ``org:``, ``reg:``, ``foreign:``, ``lei:``,
           ``person:``, ``idhash:`` (keyed hash)
Name       the keys of one name (`credit.names.keys`), ``CALLS`` its party, which is then ``called``
Relation   one relation by ``id`` and ``natural`` key; the same stands as a relationship between its parties
Record     a penalty or an entry on a list, ``ON`` its party and numbered there (``nth``, ``place``), a penalty with its
           authority, an entry (or debarment) told by a feed with its list (``office``); append-only ``events`` (JSON);
           ``told``, as of a party: the digest of the import row that says what is held (`credit.registry.wording`)
Project    a project, ``BOUGHT_BY`` and ``RUN_BY`` parties; Bid ``IN`` it; parties ``IN_BID`` bids
Sync       one run over a list, numbered without gaps
Change     what one write did, numbered without gaps (the feed)
Entry      one link of the evidence chain, numbered without gaps
Matter     a complaint, case, order or the like, ``FILED`` and ``FACED`` by parties or ``CONCERNS``, ``ABOUT`` others,
           numbered within its kind (``nth``, ``place``); append-only ``events`` (JSON); ``echoes``: the keys of a
           complaint under which another is worded like it
Merge      two parties told to be one, by ``id`` and ``natural`` key, numbered without gaps; what facts need of it
           stands with the parties (``merges``, ``alike``)
Trace      what complainants may have in common, by ``key``: a contact ``REACHES`` a party, a device or an account is
           ``LEFT_IN`` a bid, a part of a wording ``SAID_IN`` a complaint
Complainant one with several complaints, numbered without gaps; Roll: how many there are of a kind; Tally: a count, of
           complainants who write a stock phrase too, by the key of its trace
Caller     a key's holder, ``LISTED_IN`` AccessLog; Key ``OF`` it, by hash
Access     one line of the access log, numbered without gaps; AccessLog: how many, one node
Reply, Job what an Idempotency-Key was answered; long checks
Ledger     the place in the order of writes, and the counters; one node, locked by every write
Horizon    the place up to which every write is wholly visible; one node
Schema     the version; one node
========== ====================================================================================================

Relationships between parties: UNIT_LEADER, SHAREHOLDER, CONTROLS, MANAGES, BRANCH_OF, SUCCESSOR_OF, RENAMED_FROM; and
to the few of a hub that count: SHOWN_BRANCH to a branch with records, SHOWN_FIRM to a banned firm of a leader or owner.
"""

import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, LiteralString, Protocol

from credit.graph import names, networks, series
from credit.graph.bolt import Bolt
from credit.graph.conflicts import insist
from credit.graph.queries import ledger, moves
from credit.graph.queries.moves import Move

VERSION: Final = 10
_MOVED_AT_ONCE: Final = 500


class _Put(Protocol):
    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """What brings the schema from the version before to ``version``; every statement may run twice.

    Ids made by chance are indexed without being watched for uniqueness, which costs every write.
    """

    version: int
    unique: tuple[tuple[LiteralString, LiteralString], ...] = ()
    indexed: tuple[tuple[LiteralString, LiteralString], ...] = ()
    moved: tuple[Move, ...] = ()
    """What brings data that are held already into their new form."""
    filled: tuple[Callable[[Bolt, "_Put"], Awaitable[None]], ...] = ()
    """The same where it takes more than the graph knows; each may run twice."""


STEPS: Final = (
    Step(
        1,
        unique=(
            ("Identifier", "key"),
            ("Relation", "natural"),
            ("Record", "natural"),
            ("Project", "id"),
            ("Project", "natural"),
            ("Bid", "id"),
            ("Bid", "natural"),
            ("Sync", "id"),
            ("Sync", "natural"),
            ("Sync", "number"),
            ("Change", "number"),
            ("Entry", "id"),
            ("Entry", "number"),
            ("Caller", "id"),
            ("Key", "hash"),
            ("Access", "number"),
            ("AccessLog", "id"),
            ("Reply", "key"),
            ("Job", "id"),
            ("Ledger", "id"),
            ("Horizon", "id"),
            ("Schema", "id"),
        ),
        indexed=(
            ("Party", "key"),
            ("Relation", "id"),
            ("Record", "id"),
            ("Record", "number"),
            ("Project", "number"),
            ("Entry", "subject"),
            ("Entry", "project_no"),
            ("Job", "state"),
        ),
    ),
    Step(
        2,
        unique=(("Record", "place"),),
        indexed=(("Record", "tick"),),
        moved=(
            moves.LIST_CALLERS,
            moves.NUMBER_RECORDS,
            moves.SHOW_BRANCHES,
            moves.SHOW_FIRMS,
        ),
    ),
    Step(
        3,
        unique=(
            ("Matter", "natural"),
            ("Matter", "place"),
            ("Roll", "id"),
            ("Complainant", "number"),
            ("Tally", "id"),
        ),
        indexed=(
            ("Matter", "id"),
            ("Matter", "number"),
        ),
    ),
    Step(4, unique=(("Record", "office"),), filled=(series.number_older,)),
    Step(
        5,
        indexed=(
            ("Name", "core"),
            ("Name", "head"),
            ("Name", "trade"),
            ("Name", "short"),
            ("Name", "near0"),
            ("Name", "near1"),
            ("Name", "near2"),
            ("Name", "near3"),
        ),
        filled=(names.index_older,),
    ),
    Step(6, filled=(series.number_older,)),
    Step(7, unique=(("Merge", "natural"), ("Merge", "number")), indexed=(("Merge", "id"),)),
    Step(8, indexed=(("Trace", "key"),), filled=(networks.trace_older,)),
    Step(9, indexed=(("Record", "told"),), moved=(moves.SUSPECT_ECHOES,), filled=(series.list_older,)),
    Step(10, filled=(networks.echo_older,)),
)


def statements(step: Step) -> list[LiteralString]:
    """Return the statements of one step."""
    unique: list[LiteralString] = [_unique(label, name) for label, name in step.unique]
    indexed: list[LiteralString] = [_index(label, name) for label, name in step.indexed]
    return unique + indexed


def _unique(label: LiteralString, name: LiteralString) -> LiteralString:
    return f"CREATE CONSTRAINT {label.lower()}_{name}_unique IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"


def _index(label: LiteralString, name: LiteralString) -> LiteralString:
    return f"CREATE INDEX {label.lower()}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"


async def version(bolt: Bolt) -> int:
    """Return the version of the schema held; 0 where there is none.

    Raises: StoreUnavailable.
    """
    rows = await bolt.fetch(ledger.MATCH_SCHEMA)
    return int(rows[0][0]) if rows else 0


async def migrate(bolt: Bolt) -> int:
    """Bring the schema to ``VERSION`` and make the nodes that every write needs; does nothing where that is done.

    Several processes may do so at once: every statement may run twice, and the single nodes are unique. A process of
    an older version writes no more from before the first datum is moved: what it wrote after that would not be in the
    new form, and a restriction might not be found.

    Raises: StoreUnavailable, StorageFull, WriteContended.
    """
    held = await version(bolt)
    ahead = [step for step in STEPS if step.version > held]
    if not ahead:
        return VERSION
    for step in ahead:
        for statement in statements(step):
            await bolt.put(statement)
    await bolt.put(ledger.MERGE_SINGLE_NODES, epoch=secrets.token_hex(8))
    await in_turn(bolt, ledger.CLAIM_SCHEMA, version=VERSION)
    for step in ahead:
        for move in step.moved:
            await _move(bolt, move)
        for fill in step.filled:
            await fill(bolt, partial(in_turn, bolt))
    await bolt.put(ledger.MERGE_SCHEMA, version=VERSION)
    return VERSION


async def _move(bolt: Bolt, move: Move) -> None:
    """Bring data into their new form batch by batch, as a whole province does not fit one transaction."""
    ((keys,),) = await bolt.fetch_latest(move.find)
    for start in range(0, len(keys), _MOVED_AT_ONCE):
        await in_turn(bolt, move.put, keys=keys[start : start + _MOVED_AT_ONCE])


async def in_turn(bolt: Bolt, query: LiteralString, **parameters: object) -> None:
    """Run a query under the lock of the ledger, so that no write is under way; ``tick`` is its place among them."""

    async def once() -> None:
        async with bolt.transaction() as tx:
            ((tick, *_),) = await tx.run(ledger.TAKE_LEDGER, now=time.time_ns() // 1000)
            await tx.run(query, tick=tick, **parameters)

    await insist(lambda: bolt.outlive(once))
