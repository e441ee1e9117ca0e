"""What complainants have in common: traces written as parties, bids and letters come in, and read from complainants.

A trace's key begins with its kind. Contacts, devices and accounts are found by what was said, wordings by parts of
their sketch (`credit.oversight.signals.likeness.kept`).
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, Final, LiteralString, Protocol

from credit.graph import mapping
from credit.graph.bolt import Bolt, Row
from credit.graph.queries import moves, surroundings
from credit.graph.queries import networks as queries
from credit.model.complaint import Complaint
from credit.model.matters import AnyMatter
from credit.model.naturalkey import digest, normal
from credit.model.party import Contact, PartyId
from credit.model.project import Signals
from credit.oversight.links import LEAST_LIKE, MOST_READ, STOCK_FROM, TEXT, Around, Common, Holder
from credit.oversight.same_matter import item_key
from credit.oversight.signals.likeness import kept, sketched_alike

_AT_ONCE: Final = 500
_EACH: Final = MOST_READ
"""Parties or letters that are read of one trace, relations of one holder."""
_COUNTED: Final = 2000
"""Letters of a key whose complainants are counted."""
_BIDS_OF_KEY: Final = 2000
_BIDS_OF_ONE: Final = 400
_PARTS_OF_ONE: Final = 80
"""Keys under which letters echo others that are looked up of one complainant, however many it has."""
_WRITING: Final = frozenset({queries.NOTE_ECHOES, surroundings.ADD_TALLIES})
_OF_BIDS: Final = {"machine_code": "device", "deposit_account": "account"}
"""Traces of a bid that tell who made it, as kinds of link; a network address tells too little."""


class _Run(Protocol):
    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[list[Row]]: ...


def contact_keys(contacts: Iterable[Contact]) -> list[str]:
    """Return the keys under which a party is found by its contacts."""
    return list(dict.fromkeys(f"{c.kind} {digest('contact', c.kind, normal(c.value))}" for c in contacts))


def bid_keys(signals: Signals) -> list[str]:
    """Return the keys under which a bid is found by its traces."""
    told = ((kind, name, getattr(signals, name)) for name, kind in _OF_BIDS.items())
    return [f"{kind} {digest('bid', name, value)}" for kind, name, value in told if value]


def item_traces(items: Iterable[str]) -> list[list[str]]:
    """Return [key, sketch] of what a letter is found by: several of each item."""
    found = [kept(item_key(item)) for item in items]
    return [list(row) for row in dict.fromkeys((f"{TEXT} {key}", one.sketch) for one in found for key in one.keys)]


def said_in(matters: Iterable[AnyMatter]) -> dict[str, list[list[str]]]:
    """Return the traces of each letter that has any; nothing for other matters."""
    letters = ((m.id, m.content.items) for m in matters if isinstance(m.content, Complaint))
    return {id_: traces for id_, items in letters if (traces := item_traces(items))}


async def echo(run: _Run, keys: Mapping[str, Iterable[str]]) -> None:
    """Note with letters, which bear these keys, under which of them others are worded alike, and with those others.

    A key that ever more complainants bear is that of a stock phrase and noted down as one, so that nobody reads all of
    them again. Where a key leads to more letters than are read, it is noted unlooked at with who bears it.
    """
    bearers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for letter, borne in keys.items():
        for key in borne:
            bearers[key][letter] = None
    if not bearers:
        return
    stock = await _stock(run, bearers)
    noted: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for key in stock:
        for letter in bearers[key]:
            noted[letter][key] = None
    own, crowded = frozenset(keys), list[str]()
    for key, found in await run(queries.MATCH_SAYING, keys=[k for k in bearers if k not in stock], each=_EACH):
        for letter in (*(bearers[key] if len(found) >= _EACH else ()), *_echoed(found, own)):
            noted[letter][key] = None
        crowded += [key] if len(found) >= STOCK_FROM else []
    if crowded:
        told = await run(queries.COUNT_SAYING, keys=crowded, each=_COUNTED)
        rows = [{"name": key, "by": number} for key, number in told if number >= STOCK_FROM]
        await run(surroundings.ADD_TALLIES, rows=rows)
    if noted:
        await run(queries.NOTE_ECHOES, rows=[{"id": id_, "keys": list(under)} for id_, under in noted.items()])


async def _stock(run: _Run, keys: Iterable[str]) -> dict[str, int]:
    """Return of keys of wordings those that are noted down as stock phrases, with how many complainants at least."""
    rows = await run(surroundings.MATCH_TALLIES, ids=list(keys))
    return {key: int(told) for key, told in rows}


def _echoed(found: Sequence[tuple[str, str]], own: frozenset[str]) -> Iterator[str]:
    """Return of [letter, sketch] those that some other one's wording may be like, one of ``own`` among the two."""
    for (one, mine), (other, theirs) in combinations(found, 2):
        if one != other and (one in own or other in own) and sketched_alike(mine, theirs, likeness=LEAST_LIKE):
            yield from (one, other)


async def around(run: _Run, parties: Collection[PartyId]) -> Around:
    """Read what complainants may be linked by."""
    asked = list(dict.fromkeys(parties))
    if not asked:
        return Around()
    held, reached, left, worded = await asyncio.gather(
        run(queries.MATCH_HELD_BESIDE, parties=asked, each=_EACH),
        run(queries.MATCH_REACHED_ALIKE, parties=asked, each=_EACH),
        run(queries.MATCH_LEFT_ALIKE, parties=asked, each=_EACH, bids=_BIDS_OF_KEY, limit=_BIDS_OF_ONE),
        _worded(run, asked),
    )
    commons = [_common(key, found) for key, found in (*reached, *left) if found]
    return Around(tuple(map(_holder, held)), (*commons, *worded))


async def _worded(run: _Run, asked: Sequence[PartyId]) -> list[Common]:
    """Read what complainants may have worded as others did; of a stock phrase only that it is one."""
    keys = [key for (key,) in await run(queries.MATCH_ECHOES, parties=asked, limit=_PARTS_OF_ONE)]
    if not keys:
        return []
    stock, near = await _stock(run, keys), frozenset(asked)
    said = await run(queries.MATCH_SAID_ALIKE, keys=[key for key in keys if key not in stock], each=_EACH)
    alike = ((key, [row[:3] for row in found] if len(found) >= _EACH else _alike(found, near)) for key, found in said)
    noted = [Common(TEXT, key.removeprefix(f"{TEXT} "), (), told) for key, told in stock.items()]
    return [*noted, *(_common(key, found) for key, found in alike if found)]


def _holder(row: Row) -> Holder:
    """Read [holder id, whether it complains, list of relations with whether the held party complains]."""
    name, complains, held = row
    relations = mapping.present(mapping.relation_of(relation) for *relation, _ in held)
    complaining = {PartyId(target) for _, _, _, target, *_, told in held if told}
    return Holder(PartyId(name), tuple(relations), frozenset(complaining | ({PartyId(name)} if complains else set())))


def _alike(found: Sequence[Sequence[Any]], asked: frozenset[str]) -> Sequence[Sequence[Any]]:
    """Keep what may be worded as some party asked about worded it: rows of party, whether it complains, letter."""
    own = {(row[0], row[3]) for row in found if row[0] in asked}
    like = {
        sketch: {p for p, mine in own if sketched_alike(mine, sketch, likeness=LEAST_LIKE)}
        for sketch in {row[3] for row in found}
    }
    strangers = [row for row in found if like[row[3]] - {row[0]}]
    return [row[:3] for row in found if row[0] in asked or row in strangers] if strangers else []


def _common(key: str, found: Sequence[Sequence[Any]]) -> Common:
    """Read [party id, whether it complains, no or one id that tells of it], many."""
    told = [(PartyId(party), str(id_[0] if id_ else party)) for party, complains, *id_ in found if complains]
    kind, _, rest = key.partition(" ")
    return Common(kind, rest, tuple(told), len({party for party, *_ in found}))


# ── what was held before there were traces ─────────────────────────────────────────────────────────────────────────


class _Put(Protocol):
    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[None]: ...


async def trace_older(bolt: Bolt, put: _Put) -> None:
    """Write the traces of what was held before there were any; may run twice.

    ``put`` writes while no other write is under way.

    Raises: StoreUnavailable, WriteContended.
    """
    for keys in await _pages(bolt, moves.PARTIES_WITH_CONTACTS):
        held = await bolt.fetch_latest(queries.MATCH_UNTRACED_PARTIES, keys=keys)
        parties = [(key, mapping.party_of(name, [state])) for key, name, state in held]
        told = [{"party": key, "traces": contact_keys(p.contacts)} for key, p in parties if p is not None]
        await _write(put, queries.CREATE_TRACES_OF_PARTIES, told)
    for ids in await _pages(bolt, moves.BIDS):
        held = await bolt.fetch_latest(queries.MATCH_UNTRACED_BIDS, ids=ids)
        bids: list[tuple[str, object]] = [(n, mapping.load(body, "bid", n).get("signals")) for n, body in held]
        told = [{"id": n, "traces": bid_keys(mapping.read(Signals, said or {}, "bid", n))} for n, said in bids]
        await _write(put, queries.CREATE_TRACES_OF_BIDS, told)
    for ids in await _pages(bolt, moves.COMPLAINTS):
        held = await bolt.fetch_latest(queries.MATCH_UNTRACED_MATTERS, ids=ids)
        letters = [(name, mapping.load(body, "matter", name)["content"]["items"]) for name, body in held]
        await _write(put, queries.CREATE_TRACES_OF_MATTERS, [{"id": n, "traces": item_traces(i)} for n, i in letters])


async def echo_older(bolt: Bolt, put: _Put) -> None:
    """Note with letters that were held before under which keys they echo another; may run twice.

    ``put`` writes while no other write is under way.

    Raises: StoreUnavailable, WriteContended.
    """

    async def run(query: LiteralString, /, **parameters: object) -> list[Row]:
        if query not in _WRITING:
            return await bolt.fetch_latest(query, **parameters)
        await put(query, **parameters)
        return []

    for ids in await _pages(bolt, moves.LETTERS_ECHOED):
        borne: defaultdict[str, list[str]] = defaultdict(list)
        for letter, key in await bolt.fetch_latest(queries.MATCH_KEYS_OF_MATTERS, ids=ids):
            borne[letter].append(key)
        await echo(run, borne)
        await put(queries.FORGET_ECHOED, ids=ids)


async def _pages(bolt: Bolt, find: LiteralString) -> list[list[str]]:
    ((names,),) = await bolt.fetch_latest(find)
    return [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]


async def _write(put: _Put, query: LiteralString, rows: Sequence[Mapping[str, object]]) -> None:
    if told := [row for row in rows if row["traces"]]:
        await put(query, rows=told)
