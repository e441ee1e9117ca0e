"""Recall and false confidence of `credit.names.matching`, beside rapidfuzz's ratio and OpenSanctions' logic-v2.

logic-v2 comes with a stack that is larger than this project's: it runs in an interpreter of its own (`logic_v2.py`).
"""

import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process
from rich.box import ASCII2
from rich.table import Table

from bench.name_changes import TWINS, WRITTEN, changed
from credit.names.keys import asked_for, keys_of
from credit.names.matching import SURE, likeness

FIRST: Final = 5
FURTHER: Final = 100
"""Likest names by rapidfuzz that logic-v2 has to rank as well, so that our few candidates do not help it."""
OF_ONE_KEY: Final = 40
LOGIC_V2_SURE: Final = 0.7
"""From here on OpenSanctions' API (yente, ``SCORE_THRESHOLD``) calls a result of logic-v2 a match."""
PROGRAM: Final = Path(__file__).with_name("logic_v2.py")
WITHIN: Final = 1800
Scorer = Callable[[Iterable[tuple[str, str]]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Index:
    """Names by the keys of the graph."""

    names: Sequence[str]
    by_key: Mapping[tuple[str, int], Sequence[int]]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Index":
        """Keep names by their keys."""
        by_key: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for place, name in enumerate(names):
            for item in keys_of(name).items():
                by_key[item].append(place)
        return cls(names, by_key)

    def found(self, asked: str) -> list[str]:
        """Return the names that the keys lead to."""
        found: set[int] = set()
        for what, keys in asked_for(asked).items():
            for key in keys:
                found.update(self.by_key.get((what, key), ())[:OF_ONE_KEY])
        return [self.names[place] for place in found]


@dataclass(frozen=True, slots=True)
class Question:
    """A name as it was written for another, and how it went.

    ``found`` are those that the keys lead to, ``likest`` those of rapidfuzz; ``own``: ours has it among the first.
    """

    meant: str
    asked: str
    found: Sequence[str]
    likest: Sequence[str]
    own: bool
    seconds: tuple[float, float]


def logic_v2(python: Path) -> Scorer:
    """Have an interpreter with nomenklatura score pairs of names: the one asked for, and one that is held."""
    return partial(scored, python, PROGRAM)


def scored(python: Path, program: Path, pairs: Iterable[tuple[str, str]]) -> Sequence[float]:
    """Run a program over pairs.

    Raises:
        RuntimeError: it failed; the end of what it said is in the message.
    """
    lines = [json.dumps(pair) for pair in pairs]
    done = subprocess.run(
        [python, program], input="\n".join(lines), capture_output=True, text=True, timeout=WITHIN, check=False
    )
    scores = [float(line) for line in done.stdout.split()] if not done.returncode else []
    if len(scores) != len(lines):
        message = f"logic-v2: {done.stderr[-2000:]}"
        raise RuntimeError(message)
    return scores


def recall(names: Sequence[str], each: int, scorer: Scorer | None) -> Table:
    """Lay out how often the right one is among the first five."""
    index = Index.of(names)
    kinds = {kind: [_ask(index, *pair) for pair in changed(names, change, each)] for kind, change in WRITTEN.items()}
    ranked = _ranked([question for questions in kinds.values() for question in questions], scorer)
    also = ("logic-v2", f"logic-v2, +{FURTHER}") if scorer else ()
    table = _table("前五召回率 · right one among the first five", "rapidfuzz", *also, "found", "ms", "ms rapidfuzz")
    for kind, asked in kinds.items():
        count = max(len(asked), 1)
        shares = [sum(q.own for q in asked), sum(q.meant in q.likest[:FIRST] for q in asked)]
        shares += [sum(q.meant in ranked[q.asked][place] for q in asked) for place in (0, 1) if scorer]
        took = (sum(q.seconds[place] for q in asked) for place in (0, 1))
        table.add_row(kind, str(len(asked)), *(f"{x / count:.3f}" for x in shares),
                      f"{sum(len(q.found) for q in asked) / count:.1f}",
                      *(f"{1000 * x / count:.2f}" for x in took))  # fmt: skip
    return table


def _ask(index: Index, meant: str, asked: str) -> Question:
    """Ask for a name of ours and of rapidfuzz, which goes over the whole list."""
    begun = time.perf_counter()
    found = index.found(asked)
    own = meant in _first(zip(found, (likeness(asked, name).score for name in found), strict=True))
    between = time.perf_counter()
    likest = [name for name, _, _ in process.extract(asked, index.names, scorer=fuzz.ratio, limit=FURTHER)]
    return Question(meant, asked, found, likest, own, (between - begun, time.perf_counter() - between))


def _ranked(questions: Sequence[Question], scorer: Scorer | None) -> Mapping[str, tuple[list[str], list[str]]]:
    """Rank by a scorer what the keys lead to, and that with rapidfuzz's likest, for each name asked for."""
    if scorer is None:
        return {}
    pairs = [(q.asked, name) for q in questions for name in dict.fromkeys((*q.found, *q.likest))]
    scores = dict(zip(pairs, scorer(pairs), strict=True))

    def first(asked: str, names: Iterable[str]) -> list[str]:
        return _first((name, scores[asked, name]) for name in names)

    return {q.asked: (first(q.asked, q.found), first(q.asked, {*q.found, *q.likest})) for q in questions}


def _first(scored: Iterable[tuple[str, float]]) -> list[str]:
    return [name for name, _ in sorted(scored, key=lambda item: (-item[1], item[0]))[:FIRST]]


def confidence(names: Sequence[str], each: int, scorer: Scorer | None) -> Table:
    """Lay out how often a near twin is taken for the same, and how often the same in other writing is."""
    marked = {"同一 same: ": dict(list(WRITTEN.items())[:3]), "近似 twin: ": TWINS}
    kinds = {
        mark + kind: list(changed(names, change, each))
        for mark, made in marked.items()
        for kind, change in made.items()
    }
    told = iter(scorer(pair for pairs in kinds.values() for pair in pairs)) if scorer else None
    table = _table("得分达到各自界线的比例 · share of scores that are sure", f"rapidfuzz ≥ {SURE}",
                   *(f"logic-v2 ≥ {least}" for least in (LOGIC_V2_SURE, SURE) if scorer))  # fmt: skip
    table.columns[2].header = f"credit ≥ {SURE}"
    for kind, pairs in kinds.items():
        sure = [sum(likeness(*pair).score >= SURE for pair in pairs)]
        sure.append(sum(fuzz.ratio(*pair) >= 100 * SURE for pair in pairs))
        if told is not None:
            scores = [next(told) for _ in pairs]
            sure += [sum(score >= least for score in scores) for least in (LOGIC_V2_SURE, SURE)]
        table.add_row(kind, str(len(pairs)), *(f"{x / max(len(pairs), 1):.3f}" for x in sure))
    return table


def _table(title: str, *further: str) -> Table:
    table = Table(title=title, title_justify="left", box=ASCII2)
    table.add_column("")
    for heading in ("n", "credit", *further):
        table.add_column(heading, justify="right", no_wrap=True)
    return table
