"""``python -m bench.names LIST.xlsx``: whether the right company is among the first five, and what is wrongly sure.

The list is one of real companies (a column ``name``). Every name is asked for as people write it, found by the keys
that the graph keeps (here in memory) and ranked by `credit.names.matching`; beside it stands rapidfuzz's plain ratio
over the whole list. A near twin is another firm by one word: a score of `SURE` for it, or a ratio as high, is false
confidence. OpenSanctions' logic-v2 is left out: it comes with a stack that is larger than this project's.
"""

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import opencc
from python_calamine import CalamineWorkbook
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table

from credit.names.keys import asked_for, keys_of, short_form
from credit.names.matching import SURE, likeness
from credit.names.parts import parts_of

FIRST: Final = 5
OF_ONE_KEY: Final = 40
Change = Callable[[str, random.Random, str], str | None]
PLACES: Final = ("四川", "北京", "成都", "武汉", "陕西", "西安")


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

    def first(self, asked: str) -> list[tuple[str, float]]:
        """Return the likest names with their scores."""
        found: set[int] = set()
        for what, keys in asked_for(asked).items():
            for key in keys:
                found.update(self.by_key.get((what, key), ())[:OF_ONE_KEY])
        compared = ((self.names[place], likeness(asked, self.names[place]).score) for place in found)
        return sorted(compared, key=lambda item: (-item[1], item[0]))[:FIRST]


def traditional(name: str, _: random.Random, __: str) -> str | None:
    return cast("str", opencc.OpenCC("s2t").convert(name))  # pyright: ignore[reportUnknownMemberType]


def brackets(name: str, _: random.Random, __: str) -> str | None:
    return name.translate(str.maketrans("（）()", "()（）")) if "（" in name or "(" in name else None


def long_form(name: str, _: random.Random, __: str) -> str | None:
    return name.replace("有限公司", "有限责任公司") if name.endswith("有限公司") and "股份" not in name else None


def without_form(name: str, _: random.Random, __: str) -> str | None:
    return name.removesuffix("有限公司").removesuffix("股份") if name.endswith("有限公司") else None


def without_place(name: str, _: random.Random, __: str) -> str | None:
    parts = parts_of(name)
    return parts.core + "有限公司" if parts.places else None


def shortened(name: str, _: random.Random, __: str) -> str | None:
    short = short_form(parts_of(name))
    return short if short and short != parts_of(name).core else None


def wrong_sign(name: str, chance: random.Random, signs: str) -> str | None:
    place = _spot(name, chance)
    other = chance.choice(signs)
    return None if place is None or other == name[place] else name[:place] + other + name[place + 1 :]


def missing_sign(name: str, chance: random.Random, _: str) -> str | None:
    place = _spot(name, chance)
    return None if place is None else name[:place] + name[place + 1 :]


def doubled_sign(name: str, chance: random.Random, _: str) -> str | None:
    place = _spot(name, chance)
    return None if place is None else name[:place] + name[place] + name[place:]


def wrong_in_place(name: str, chance: random.Random, signs: str) -> str | None:
    return name[:1] + chance.choice(signs) + name[2:] if parts_of(name).places and not name[:2].isascii() else None


def other_trade(name: str, chance: random.Random, signs: str) -> str | None:
    trade = parts_of(name).trade
    if not trade or trade not in name:
        return None
    at = chance.randrange(len(trade))
    return name.replace(trade, trade[:at] + chance.choice(signs.replace(trade[at], "")) + trade[at + 1 :], 1)


def other_place(name: str, chance: random.Random, _: str) -> str | None:
    place = next((p for p in PLACES if p in name), None)
    return name.replace(place, chance.choice([p for p in PLACES if p != place]), 1) if place else None


def branch(name: str, _: random.Random, __: str) -> str | None:
    return name + "第一分公司"


def numbered(name: str, _: random.Random, __: str) -> str | None:
    parts = parts_of(name)
    return name.replace(parts.industry, "第二" + parts.industry, 1) if parts.industry in name and parts.trade else None


def other_industry(name: str, _: random.Random, __: str) -> str | None:
    industry = parts_of(name).industry
    return (
        name.replace(industry, "商贸" if industry != "商贸" else "科技", 1) if industry and industry in name else None
    )


def shares(name: str, _: random.Random, __: str) -> str | None:
    return name.replace("有限公司", "股份有限公司") if "股份" not in name else None


WRITTEN: Final[Mapping[str, Change]] = {
    "繁体 traditional": traditional,
    "括号 brackets": brackets,
    "有限责任公司 long form": long_form,
    "无组织形式 no legal form": without_form,
    "无地名 no place": without_place,
    "简称 short form": shortened,
    "错一字 one wrong character": wrong_sign,
    "漏一字 one missing": missing_sign,
    "重一字 one doubled": doubled_sign,
    "地名错一字 wrong in the place": wrong_in_place,
}
TWINS: Final[Mapping[str, Change]] = {
    "字号一字 trade name": other_trade,
    "地名 place": other_place,
    "分公司 branch": branch,
    "序号 number": numbered,
    "行业 industry": other_industry,
    "股份 limited by shares": shares,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.names", description=__doc__)
    parser.add_argument("list", type=Path, help="企业名单（xlsx，name 列）· a list of companies")
    parser.add_argument("--each", type=int, default=200, help="每种写法的名称数 · names asked for of a kind")
    given = parser.parse_args(sys.argv[1:])
    names = read_names(given.list)
    console = Console(width=110, highlight=False)
    console.print(f"{len(names):,} names, {given.each} asked for of a kind")
    console.print(recall(names, given.each))
    console.print(confidence(names, given.each))


def read_names(path: Path) -> list[str]:
    """Read the names of a list, each once."""
    with path.open("rb") as file:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    at = sheet[0].index("name")
    return list(dict.fromkeys("".join(str(row[at]).split()) for row in sheet[1:] if row[at]))


def recall(names: Sequence[str], each: int) -> Table:
    """Lay out how often the right one is among the first five."""
    index = Index.of(names)
    table = _table("前五召回率 · right one among the first five", "rapidfuzz", "ms", "ms rapidfuzz")
    for kind, change in WRITTEN.items():
        hits, plain, own, other, count = 0, 0, 0.0, 0.0, 0
        for meant, asked in changed(names, change, each):
            begun = time.perf_counter()
            hits += meant in [name for name, _ in index.first(asked)]
            between = time.perf_counter()
            plain += meant in [name for name, _, _ in process.extract(asked, names, scorer=fuzz.ratio, limit=FIRST)]
            own, other, count = own + between - begun, other + time.perf_counter() - between, count + 1
        table.add_row(kind, str(count), *(f"{x / max(count, 1):.3f}" for x in (hits, plain)),
                      *(f"{1000 * x / max(count, 1):.2f}" for x in (own, other)))  # fmt: skip
    return table


def confidence(names: Sequence[str], each: int) -> Table:
    """Lay out how often a near twin is taken for the same, and how often the same in other writing is."""
    table = _table(f"得分 ≥ {SURE} 的比例 · share of scores that are sure", "rapidfuzz")
    same = {kind: WRITTEN[kind] for kind in list(WRITTEN)[:3]}
    for mark, kinds in (("同一 same: ", same), ("近似 twin: ", TWINS)):
        for kind, change in kinds.items():
            pairs = list(changed(names, change, each))
            own = sum(likeness(one, other).score >= SURE for one, other in pairs)
            plain = sum(fuzz.ratio(one, other) >= 100 * SURE for one, other in pairs)
            table.add_row(mark + kind, str(len(pairs)), *(f"{x / max(len(pairs), 1):.3f}" for x in (own, plain)))
    return table


def changed(names: Sequence[str], change: Change, each: int) -> Iterator[tuple[str, str]]:
    """Yield so many names with what a change makes of them, always the same ones."""
    chance = random.Random(5)
    signs = "".join(sorted({sign for name in names for sign in parts_of(name).trade if sign >= "一"}))
    known, made = set(names), 0
    for name in chance.sample(names, len(names)):
        asked = change(name, chance, signs)
        if asked and asked != name and asked not in known:
            yield name, asked
            made += 1
            if made == each:
                return


def _spot(name: str, chance: random.Random) -> int | None:
    """Choose a character of trade name or industry."""
    core = parts_of(name).core
    at = name.find(core)
    return at + chance.randrange(len(core)) if at >= 0 else None


def _table(title: str, *further: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading in ("n", "credit", *further):
        table.add_column(heading, justify="right")
    return table


if __name__ == "__main__":
    main()
