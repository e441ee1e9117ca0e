"""How long a search by name takes over a store of so many parties.

Their names are made from the parts of a real list: a place, a trade name of the halves of two, an industry and a legal
form, each as often as it stands there; all of one province, so that keys are shared as much as they ever are. The same
questions go by turns to every size, all of them about parties of the smallest.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Final

from rich.box import ASCII2
from rich.console import Console
from rich.table import Table

from bench.country import Country, Hubs, code
from bench.name_changes import WRITTEN, changed
from bench.name_scores import FIRST
from bench.stores import STORES, filled
from credit.model.party import PartyKind, Role
from credit.model.record import Listing, Penalty
from credit.model.statements import LoadRow, PartyStatement, ProjectStatement
from credit.model.when import SHANGHAI
from credit.names.parts import Parts, parts_of
from credit.search import NameSearch
from credit.wiring import open_graph, rules_of, services_over

SEED: Final = 7
FILES_FROM: Final = 200_000
"""Parties from which Neo4j is filled by files."""
FIRST_ASKED: Final = 0.1
"""Part of the questions that are asked first, and count for nothing."""
BRACKETED: Final = 10
RENAMED: Final = 20
"""One name in so many has its place in brackets; one party in so many bore another name."""
FORMS: Final = {"limited": "有限公司", "limited by shares": "股份有限公司", "company": "公司"}


@dataclass(frozen=True, slots=True)
class Timing:
    """What is to be timed: questions of each kind, over stores of each size."""

    store: str
    sizes: Sequence[int]
    each: int
    directory: Path


@dataclass(frozen=True, slots=True)
class Question:
    """A name as it was written for a party's."""

    kind: str
    asked: str
    meant: str


@dataclass(slots=True)
class Answers:
    """How long answers of one kind took, in seconds, and in how many the right one was among the first five."""

    seconds: list[float] = field(default_factory=list[float])
    right: int = 0

    def percentile(self, part: int) -> float:
        """Return the milliseconds within which so many of a hundred were there."""
        return 1000 * quantiles(self.seconds, n=100, method="inclusive")[part - 1]


@dataclass(frozen=True, slots=True)
class NamedCountry(Country):
    """Organisations with names of the real sort, and nothing else."""

    names: Sequence[str] = ()

    def organisations(self) -> Iterator[LoadRow]:
        """Yield each organisation."""
        for number, name in enumerate(self.names):
            former = (self.names[number - 1],) if number % RENAMED == 1 else ()
            said = PartyStatement(
                id=code(number),
                kind=PartyKind.ORGANISATION,
                name=name,
                former_names=former,
                roles=(Role.SUPPLIER,),
            )
            yield LoadRow(row=number, parties=(said,))

    def leaders(self) -> Iterator[LoadRow]:
        """Yield none."""
        yield from ()

    def ties(self) -> Iterator[LoadRow]:
        """Yield none."""
        yield from ()

    def records(self) -> Iterator[LoadRow]:
        """Yield none."""
        yield from ()

    def records_of(self, number: int) -> int:
        """Count none."""
        del number
        return 0

    def contents_of(self, number: int) -> Iterator[Penalty | Listing]:
        """Yield none."""
        del number
        yield from ()

    def projects(self) -> Iterator[ProjectStatement]:
        """Yield none."""
        yield from ()


def names_like(listed: Sequence[str], count: int) -> list[str]:
    """Make so many names from the parts of a list, no two alike; those of fewer are the first of those of more."""
    random, made = Random(SEED), dict[str, None]()
    parts = [one for one in map(parts_of, listed) if one.trade and one.form in FORMS and not one.branch]
    while len(made) < count:
        made[_name(random.choices(parts, k=5), bracketed=random.randrange(BRACKETED) == 0)] = None
    return list(made)


def _name(parts: Sequence[Parts], *, bracketed: bool) -> str:
    """Put a name together from the parts of five."""
    place, before, behind, industry, form = parts
    where = "".join(place.places)
    trade = before.trade[: (len(before.trade) + 1) // 2] + behind.trade[len(behind.trade) // 2 :]
    what = industry.industry + FORMS[form.form]
    return f"{trade}（{where}）{what}" if bracketed and where else where + trade + what


def questions_of(names: Sequence[str], each: int) -> list[Question]:
    """Make so many questions of each kind, the kinds by turns."""
    kinds = [
        [Question(kind, asked, meant) for meant, asked in changed(names, change, each)]
        for kind, change in WRITTEN.items()
    ]
    return [kind[turn] for turn in range(each) for kind in kinds if turn < len(kind)]


async def time_searches(timing: Timing, listed: Sequence[str], console: Console) -> None:
    """Fill what is not filled yet, ask, and print.

    Raises:
        CreditError: a store did not take or answer something.
        RuntimeError: a store did not start.
    """
    names = names_like(listed, timing.sizes[-1])
    questions = questions_of(names[: timing.sizes[0]], timing.each)
    async with AsyncExitStack() as stack:
        searches = {size: await _search_over(stack, timing, names[:size], console) for size in timing.sizes}
        for question in questions[: int(FIRST_ASKED * len(questions))]:
            for search in searches.values():
                await search.search(question.asked)
        answers = await _asked(searches, questions)
    console.print(_table(timing, answers))
    console.print(f"load {', '.join(f'{x:.1f}' for x in os.getloadavg())}")


async def _search_over(stack: AsyncExitStack, timing: Timing, names: Sequence[str], console: Console) -> NameSearch:
    """Open a store with parties of these names for as long as the stack lasts."""
    place = timing.directory / f"names-{timing.store}-{len(names)}"
    place.mkdir(parents=True, exist_ok=True)
    graph = await stack.enter_async_context(STORES[timing.store](place))
    country = NamedCountry(len(names), datetime.now(SHANGHAI).date(), Hubs(), names)
    began = time.perf_counter()
    await filled(graph, country, by_files=timing.store == "neo4j" and len(names) >= FILES_FROM)
    console.print(f"{timing.store}: {len(names):,} parties there after {time.perf_counter() - began:.0f} s")
    store, _ = await stack.enter_async_context(open_graph(graph.settings))
    return services_over(store, graph.settings, rules=rules_of(graph.settings)).search


async def _asked(
    searches: Mapping[int, NameSearch], questions: Sequence[Question]
) -> Mapping[int, Mapping[str, Answers]]:
    """Ask each question of every size in turn, one at a time."""
    answers: dict[int, defaultdict[str, Answers]] = {size: defaultdict(Answers) for size in searches}
    for question in questions:
        for size, search in searches.items():
            began = time.perf_counter()
            found = await search.search(question.asked)
            took = time.perf_counter() - began
            right = question.meant in [candidate.party.name for candidate in found[:FIRST]]
            for kind in (question.kind, ""):
                answers[size][kind].seconds.append(took)
                answers[size][kind].right += right
    return answers


def _table(timing: Timing, answers: Mapping[int, Mapping[str, Answers]]) -> Table:
    """Lay out the times of each kind and size, and how the largest compares with the smallest."""
    title = f"{timing.store}: 名称查找 · search by name; p50, p99 in ms; in {FIRST}: the right one is among the first"
    table = Table(title=title, title_justify="left", box=ASCII2)
    table.add_column("", no_wrap=True)
    headings = [f"{size:,}: {what}" for size in timing.sizes for what in ("p50", "p99", f"in {FIRST}")]
    grown = [f"{what}, times" for what in ("p50", "p99")] if len(timing.sizes) > 1 else []
    for heading in ("n", *headings, *grown):
        table.add_column(heading, justify="right", no_wrap=True)
    for kind in (*WRITTEN, ""):
        of = [answers[size][kind] for size in timing.sizes]
        row = [text for one in of for text in _row(one)]
        ratios = [f"{of[-1].percentile(part) / of[0].percentile(part):.2f}" for part in (50, 99)] if grown else []
        table.add_row(kind or "全部 all", str(len(of[0].seconds)), *row, *ratios, end_section=kind == list(WRITTEN)[-1])
    return table


def _row(one: Answers) -> tuple[str, str, str]:
    return f"{one.percentile(50):.2f}", f"{one.percentile(99):.2f}", f"{one.right / len(one.seconds):.3f}"
