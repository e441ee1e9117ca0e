"""Names as people write them, and near twins: what is made of each name of a list, always the same."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, cast

import opencc

from credit.names.keys import short_form
from credit.names.parts import parts_of

Change = Callable[[str, random.Random, str], str | None]
PLACES: Final = ("四川", "北京", "成都", "武汉", "陕西", "西安")


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
