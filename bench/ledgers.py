"""``python -m bench ledgers``: how fast profiles, the lists of triggers and attention, and clusters are, by size.

A ledger of so many letters by a fifth as many complainants, a few of which file much; every fiftieth stands in a group
of three with one leader, one telephone or one text. Asked of the use-cases themselves, without HTTP.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Final, cast

import uvloop
from rich.box import ASCII2
from rich.console import Console
from rich.table import Table

from bench.carrying import KEYS, carry
from bench.country import code
from bench.filling import CALLER
from bench.planted import AS_OF, DAYS, FIRST, INADMISSIBLE, OFFICES, UNFOUNDED, UPHELD, wording
from bench.stores import STORES, Graph
from bench.table import WIDTH
from credit.graph import matter_rows
from credit.graph.store import Store
from credit.logs import configure
from credit.model.complaint import Complaint, ComplaintEvent, ComplaintEventKind, HeldComplaint
from credit.model.matter import Matter, MatterId, MatterKind
from credit.model.matters import AnyMatter
from credit.model.naturalkey import digest
from credit.model.party import Contact, PartyId, PartyKind, RelationKind, Role
from credit.model.statements import ROW_PARTY, LoadRow, PartyStatement, RelationStatement
from credit.oversight import tallies
from credit.oversight.trigger import TriggerState
from credit.ports import WriteUnit
from credit.rules.thresholds import Thresholds
from credit.supervision import Wanted
from credit.wiring import Services, open_graph, rules_of, services_over

BATCH: Final = 1000
LETTERS_OF_ONE: Final = 5
OFTEN: Final = 20
"""One complainant in so many files three letters in ten."""
GROUPED: Final = 50
"""One complainant in so many stands in a group, with the next two."""
PAGE: Final = 20
WITHIN: Final = 1.0
"""Seconds in which every page is to be there."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """So many letters; everything follows from their numbers."""

    letters: int
    parties: int

    @property
    def complainants(self) -> int:
        """How many file them."""
        return max(100, self.letters // LETTERS_OF_ONE)

    def firms(self) -> Iterator[LoadRow]:
        """Yield the parties, the complainants first, and who leads groups of them."""
        for number in range(max(self.parties, self.complainants)):
            phone = (Contact("phone", f"0997-{number - number % GROUPED:07d}"),) if self._tie(number) == 1 else ()
            said = PartyStatement(
                id=code(number),
                kind=PartyKind.ORGANISATION,
                name=f"虚构第{number}号有限公司",
                roles=(Role.SUPPLIER,),
                contacts=phone,
            )
            yield LoadRow(row=number, parties=(said,))
        for number in range(0, self.complainants - 2, GROUPED):
            if self._tie(number) == 0:
                person = PartyStatement(id=None, kind=PartyKind.PERSON, name=f"虚幕后{number}")
                leads = (
                    RelationStatement(kind=RelationKind.UNIT_LEADER, source=ROW_PARTY, target=code(number + n))
                    for n in range(3)
                )
                yield LoadRow(row=number, parties=(person,), relations=tuple(leads))

    def _tie(self, number: int) -> int | None:
        """What ties the group that a complainant is in; None where it is in none."""
        grouped = number % GROUPED < 3 and number < self.complainants
        return number // GROUPED % 3 if grouped else None

    def complaints(self) -> Iterator[HeldComplaint]:
        """Yield the letters with their lives."""
        random = Random(1)
        for number in range(self.letters):
            often = number % 10 < 3
            who = number * 7919 % (max(1, self.complainants // OFTEN) if often else self.complainants)
            own = Random(who - who % GROUPED) if self._tie(who) == 2 else random
            filed = FIRST + timedelta(days=random.randrange(DAYS))
            said = Complaint(
                complaint_no=f"虚账{number}号",
                complainants=(PartyId(code(who)),),
                project_no=f"ZL{number:09d}",
                office=OFFICES[number % len(OFFICES)],
                filed_on=filed,
                items=(wording(own), wording(random)),
                participated=True,
            )
            told = (_told(filed + timedelta(days=30), random),)
            yield Matter(MatterId(f"cmp_{number:024x}"), MatterKind.COMPLAINT, said, number, CALLER.id, told)


def _told(day: date, random: Random) -> ComplaintEvent:
    outcome = random.choices([UNFOUNDED, INADMISSIBLE, UPHELD, None], [50, 15, 23, 12])[0]
    kind = ComplaintEventKind.DECIDED if outcome else ComplaintEventKind.WITHDRAWN
    return ComplaintEvent(id="mev", kind=kind, on=day, outcome=outcome)


def main(arguments: Sequence[str]) -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(prog="python -m bench ledgers", description="投诉台账基准 · ledgers by size")
    parser.add_argument("--complaints", type=int, default=100_000, help="投诉件数 · letters")
    parser.add_argument("--parties", type=int, default=0, help="主体数 · parties, at least those who file")
    parser.add_argument("--store", choices=(*STORES, "both"), default="both", help="图数据库 · the store")
    parser.add_argument("--rounds", type=int, default=10, help="每类请求的次数 · how often each is asked")
    parser.add_argument("--keep", type=Path, help="保留并重用数据的目录 · directory where filled stores stay")
    parser.add_argument(
        "--carry", action="store_true", help="以导出文件装载 Neo4j · fill Neo4j by the files of the embedded store"
    )
    given = parser.parse_args(arguments)
    configure("warning")
    console, ledger = Console(width=WIDTH, highlight=False), Ledger(given.complaints, given.parties)
    with tempfile.TemporaryDirectory(prefix="credit-ledgers-") as directory:
        kept, size = given.keep or Path(directory), f"{ledger.letters}-{ledger.parties}"
        places = {name: kept / f"{name}-{size}" for name in STORES}
        for name in tuple(STORES) if given.store == "both" else (given.store,):
            places[name].mkdir(parents=True, exist_ok=True)
            source = places["embedded"] if given.carry and name == "neo4j" else None
            uvloop.run(_bench(name, ledger, places[name], given.rounds, console, source=source))


async def _bench(name: str, ledger: Ledger, place: Path, rounds: int, console: Console, *, source: Path | None) -> None:
    async with STORES[name](place) as graph:
        if source is not None and not (place / KEYS).exists():
            console.print(f"{name}: 以文件装载 · carried by files: {await carry(source, graph)}")
        await _ask(name, ledger, graph, rounds, console)


async def _ask(name: str, ledger: Ledger, graph: Graph, rounds: int, console: Console) -> None:
    async with open_graph(graph.settings) as (store, table):
        services = services_over(store, graph.settings, rules=rules_of(graph.settings), table=table)
        if not await store.matters.filers(before=None, limit=1):
            console.print(f"{name}: 装入 · parties: {await _register(services, ledger.firms()):,.0f} rows/s")
            console.print(f"{name}: 装入 · letters without proposals: {await _file(store, ledger):,.0f}/s")
        asked = {what: await _timed(ask, rounds) for what, ask in _questions(services, ledger).items()}
    size = f"{ledger.letters:,} 件投诉 · letters, {ledger.complainants:,} complainants"
    title = f"{name}: {size}, {max(ledger.parties, ledger.complainants):,} parties, load {os.getloadavg()[0]:.1f}"
    shown = Table(title=title, box=ASCII2, title_justify="left")
    for column in ("asked", "times", "found", "p50 ms", "p99 ms", "p99 of 1 s"):
        shown.add_column(column, justify="left" if column == "asked" else "right")
    for what, (found, seconds) in asked.items():
        worst = quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) > 1 else seconds[0]
        row = (f"{found:,}", f"{median(seconds) * 1000:,.1f}", f"{worst * 1000:,.1f}", f"{worst / WITHIN:.2f}")
        shown.add_row(what, str(len(seconds)), *row)
    console.print(shown)


async def _register(services: Services, rows: Iterator[LoadRow]) -> float:
    """Write parties; return how many rows a second."""
    count, began = 0, time.perf_counter()
    while batch := list(islice(rows, BATCH)):
        for outcome in await services.registry.load(CALLER, batch):
            if outcome.error is not None:
                raise outcome.error
        count += len(batch)
    return count / (time.perf_counter() - began)


async def _file(store: Store, ledger: Ledger) -> float:
    """Write letters as the registry does, many at once, with counts and the roll and without proposals."""
    began, counts, letters = time.perf_counter(), Counter[str](), ledger.complaints()
    while batch := list(islice(letters, BATCH)):
        for held in batch:
            counts.update(tallies.counts_of(held))
        await store.writes.write(partial(_save, batch))
        rows = [{"id": held.id, "events": [matter_rows.event_text(e) for e in held.events]} for held in batch]
        await store.bolt.put("UNWIND $rows AS row MATCH (m:Matter {id: row.id}) SET m.events = row.events", rows=rows)
    await store.writes.write(lambda unit: unit.matters.tally(counts))
    return ledger.letters / (time.perf_counter() - began)


async def _save(batch: Sequence[HeldComplaint], unit: WriteUnit) -> None:
    complainants = [party for held in batch for party in held.content.complainants]
    await unit.parties.find(complainants)
    saved = [(digest("bench", held.id), held.content.complaint_no, cast("AnyMatter", held)) for held in batch]
    await unit.matters.save(MatterKind.COMPLAINT, saved)
    await unit.matters.enrol(complainants, least=Thresholds.load().whole("trigger_count"))
    unit.announce("bench.filed", batch[0].id, complainants[:1])


Ask = Callable[[int], Awaitable[int]]


def _questions(services: Services, ledger: Ledger) -> dict[str, Ask]:
    """What is asked, by the round."""
    often, seldom = ledger.complainants // OFTEN, ledger.complainants
    return {
        "profile of one with few letters": partial(_profile, services, range(often, seldom, 97)),
        "profile of one with many": partial(_profile, services, range(3, often, 7)),
        "list of triggers, first page": partial(_list, services, Wanted(trigger=TriggerState.MET)),
        "list of triggers to review": partial(_list, services, Wanted(trigger=TriggerState.REVIEW)),
        "list of attention, first page": partial(_list, services, Wanted(watch=True)),
        "clusters, first page": partial(_clusters, services, None),
        "clusters, in the middle": partial(_clusters, services, ledger.letters // 2),
    }


async def _profile(services: Services, numbers: Sequence[int], turn: int) -> int:
    party = PartyId(code(numbers[turn % len(numbers)]))
    held = (await services.matters.parties([party]))[party]
    return len((await services.supervision.profile(held, AS_OF)).trigger.letters)


async def _list(services: Services, wanted: Wanted, turn: int) -> int:
    del turn
    found, _ = await services.supervision.profiles(wanted, AS_OF, before=None, limit=PAGE)
    return len(found)


async def _clusters(services: Services, before: int | None, turn: int) -> int:
    place = before + turn if before is not None else None
    found, _ = await services.supervision.clusters(AS_OF, before=place, limit=PAGE)
    return len(found)


async def _timed(ask: Ask, rounds: int) -> tuple[int, list[float]]:
    """Ask several times, once before that for nothing; return what was found last, and the seconds."""
    found, seconds = await ask(0), list[float]()
    for turn in range(rounds):
        began = time.perf_counter()
        found = await ask(turn)
        seconds.append(time.perf_counter() - began)
    return found, seconds
