"""``python -m bench planted``: which of the planted complainants are found, and which honest ones are alarmed about.

Everything goes through the registry and is asked as officers ask, on a day: each profile by itself, clusters, and
(``, by the list``) the list of profiles, which holds those with several letters alone.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Final

import uvloop
from rich.box import ASCII2
from rich.console import Console
from rich.table import Table

from bench.filling import CALLER
from bench.planted import AS_OF, Country
from bench.planted_kinds import HONEST, SHOWS, Kind
from bench.stores import STORES, Graph
from bench.table import WIDTH
from credit.logs import configure
from credit.model.party import PartyId
from credit.oversight.profile import Profile
from credit.oversight.signals.signal import Signal, Status
from credit.oversight.trigger import TriggerState
from credit.supervision import Wanted
from credit.wiring import Services, open_services

BATCH: Final = 100
AT_ONCE: Final = 8
SEVERAL: Final = 4
BY_LIST: Final = ", by the list"
ABUSERS: Final = frozenset(Kind) - HONEST


@dataclass(slots=True)
class Score:
    """Of one sign, over all seeds: whom it found of those planted for it, and about whom else it was raised."""

    planted: frozenset[Kind]
    found: list[float] = field(default_factory=list[float])
    honest: list[float] = field(default_factory=list[float])
    alarms: Counter[Kind] = field(default_factory=Counter[Kind])
    known: list[float] = field(default_factory=list[float])

    def take(self, kinds: Mapping[PartyId, Kind], raised: frozenset[PartyId], known: frozenset[PartyId]) -> None:
        """Take one country's result; ``known``: of whom there was enough to say anything."""
        wanted = [party for party, kind in kinds.items() if kind in self.planted]
        honest = [party for party, kind in kinds.items() if kind in HONEST - self.planted]
        self.found.append(len(raised.intersection(wanted)) / len(wanted) if wanted else 1.0)
        self.known.append(len(known.intersection(wanted)) / len(wanted) if wanted else 1.0)
        self.honest.append(len(raised.intersection(honest)) / len(honest) if honest else 0.0)
        self.alarms.update(kinds[party] for party in raised if kinds[party] not in self.planted)


def main(arguments: Sequence[str]) -> None:
    """Plant, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m bench planted", description="虚构投诉人 · planted complainants")
    parser.add_argument("--seed", type=int, action="append", help="种子，可多次 · seeds; 1, 2 and 3 without")
    parser.add_argument("--scale", type=int, default=1, help="倍数 · how many times as many complainants")
    parser.add_argument("--store", choices=(*STORES,), default="embedded", help="图数据库 · the store")
    given = parser.parse_args(arguments)
    configure("warning")
    seeds = tuple(given.seed or (1, 2, 3))
    console = Console(width=WIDTH, highlight=False)
    scores = {name: Score(planted) for name, planted in SHOWS.items()}
    scores |= {"trigger met": Score(frozenset({Kind.SERIAL})), "watch": Score(ABUSERS),
               f"trigger met{BY_LIST}": Score(frozenset({Kind.SERIAL})), f"watch{BY_LIST}": Score(ABUSERS),
               "cluster": Score(frozenset({Kind.SHELL})), "cluster of its own group": Score(frozenset({Kind.SHELL})),
               "benefit": Score(frozenset({Kind.HELPER}))}  # fmt: skip
    for seed in seeds:
        uvloop.run(_score(given.store, Country(seed, given.scale), scores))
    _show(console, scores, seeds)


async def _score(store: str, country: Country, scores: Mapping[str, Score]) -> None:
    with tempfile.TemporaryDirectory(prefix="credit-planted-") as directory:
        async with STORES[store](Path(directory)) as graph:
            await _ask(graph, country, scores)


async def _ask(graph: Graph, country: Country, scores: Mapping[str, Score]) -> None:
    async with open_services(graph.settings) as services:
        rows = sorted(country.rows, key=lambda row: bool(row.complaints))  # projects are there before they are named
        for start in range(0, len(rows), BATCH):
            for outcome in await services.registry.load(CALLER, rows[start : start + BATCH]):
                if outcome.error is not None:
                    raise outcome.error
        profiles = await _profiles(services, list(country.kinds))
        for name in SHOWS:
            raised = {p.id for p in profiles if any(s.name == name and _raised(s) for s in p.signals)}
            known = {p.id for p in profiles if any(s.name == name and s.status is Status.KNOWN for s in p.signals)}
            scores[name].take(country.kinds, frozenset(raised), frozenset(known))
        everybody = frozenset(country.kinds)

        def take(name: str, raised: Iterable[PartyId]) -> None:
            scores[name].take(country.kinds, frozenset(raised), everybody)

        listed = [one async for one in _listed(services)]
        for by, found in (("", profiles), (BY_LIST, listed)):
            take(f"trigger met{by}", (p.id for p in found if p.trigger.state is TriggerState.MET))
            take(f"watch{by}", (p.id for p in found if p.watch))
        take("benefit", (p.id for p in profiles if any(b.conspicuous for b in p.benefits)))
        groups = [group async for group in _clusters(services)]
        take("cluster", (party for group in groups for party in group))
        take("cluster of its own group", (party for group in groups for party in group if _pure(group, country)))


async def _profiles(services: Services, parties: Sequence[PartyId]) -> list[Profile]:
    held = await services.matters.parties(parties)
    found: list[Profile] = []
    for start in range(0, len(parties), AT_ONCE):
        asked = [held[party] for party in parties[start : start + AT_ONCE]]
        found += await asyncio.gather(*(services.supervision.profile(party, AS_OF) for party in asked))
    return found


async def _listed(services: Services) -> AsyncIterator[Profile]:
    before = None
    while True:
        page, before = await services.supervision.profiles(Wanted(), AS_OF, before=before, limit=100)
        for one in page:
            yield one
        if before is None:
            return


async def _clusters(services: Services) -> AsyncIterator[tuple[PartyId, ...]]:
    before = None
    while True:
        page, before = await services.supervision.clusters(AS_OF, before=before, limit=100)
        for one in page:
            yield tuple(party for party, _ in one.cluster.members)
        if before is None:
            return


def _pure(group: Sequence[PartyId], country: Country) -> bool:
    return len({country.groups.get(party) for party in group}) == 1 and group[0] in country.groups


def _raised(signal: Signal) -> bool:
    """Whether a signal says something at its threshold; one that is only shown, by its value alone."""
    if signal.points_to_watch or signal.name not in {"scatter", "late_withdraw"}:
        return signal.points_to_watch
    return signal.value is not None and signal.threshold is not None and signal.value >= signal.threshold


def _show(console: Console, scores: Mapping[str, Score], seeds: Sequence[int]) -> None:
    title = (
        f"播种 {', '.join(map(str, seeds))} · planted: recall of those it is for, alarms on the honest; means over the "
        "seeds, and the worst; known: of how many there was enough to tell"
    )
    table = Table(title=title, box=ASCII2, title_justify="left")
    texts, figures = ("sign", "planted"), ("known", "recall", "least", "false on honest", "most")
    for name in (*texts, *figures, "others it was raised about"):
        table.add_column(name, justify="right" if name in figures else "left")
    for name, one in scores.items():
        others = ", ".join(f"{kind.value} {count}" for kind, count in one.alarms.most_common(5))
        planted = ", ".join(sorted(kind.value for kind in one.planted)) if len(one.planted) < SEVERAL else "all abusers"
        table.add_row(name, planted, *_figures(one), others)
    console.print(table)


def _figures(one: Score) -> Iterator[str]:
    yield f"{mean(one.known):.2f}"
    yield f"{mean(one.found):.2f}"
    yield f"{min(one.found):.2f}"
    yield f"{mean(one.honest):.3f}"
    yield f"{max(one.honest):.3f}"
