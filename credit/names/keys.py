"""Under which keys a name is found: a few numbers a name, so that one wrong character is met without a scan.

Each key is a checksum of the province and a part of the name's core; two parts that share one by chance only cost a
comparison. Let the core be 瑞航智能科技 in 陕西:

* ``core`` is the whole, ``head`` its first four units, ``trade`` the trade name (瑞航), ``short`` what people make
  of it (瑞航科技; 中建三局 for 中国建筑第三工程局)
* ``near0`` … ``near3`` are the core without its first, second … fourth unit: with these a wrong, missing or added
  character there is met; behind the fourth it leaves ``head`` as it is

Units are characters of Chinese names, words of others. A person is found by the whole name alone.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from zlib import crc32

from credit.names.parts import Parts, parts_of, text_of
from credit.names.words import INDUSTRY, SHORT_ORDINALS, SHORTENED

HEAD: Final = 4
NEAR: Final = tuple(f"near{place}" for place in range(HEAD))
PROPERTIES: Final = ("core", "head", "trade", "short", *NEAR)
"""In the order in which a name's keys stand in the graph."""
_TENS: Final = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
PROVINCES: Final = tuple(str(code) for first, last in _TENS for code in range(first, last + 1))
"""The two digits of every province (GB/T 2260)."""
_SLIPS: Final = 3
"""Characters at the beginning that may be a miswritten place."""
_WHOLE: Final = tuple({long[:2] for long in SHORTENED})
_LAST_WORD: Final = re.compile(rf"(?:{'|'.join(sorted(INDUSTRY, key=len, reverse=True))})$")
_ORDINALS: Final = tuple((re.compile(pattern), short) for pattern, short in SHORT_ORDINALS.items())

NameKeys = Mapping[str, int]
Asked = Mapping[str, list[int]]


def keys_of(name: str, *, whole: bool = False) -> NameKeys:
    """Return a name's keys by property; ``whole`` for a person's, which is found as it stands or not at all.

    >>> sorted(keys_of("张三", whole=True))
    ['core']
    """
    if whole:
        return {"core": _key("", text_of(name))}
    parts = parts_of(name)
    said = _said(parts)
    return {what: _key(parts.province, text) for what, text in said.items()}


def asked_for(name: str, *, province: str = "") -> Asked:
    """Return the keys to look under for a name, by property; ``province`` where the name itself says none.

    A name without a place is looked for in every province, though not by the beginning of its core alone.
    """
    parts = parts_of(name)
    found: dict[str, set[int]] = {what: set() for what in PROPERTIES}
    here = parts.province or province
    for what, text in _asked(parts):
        found[what] |= {_key(place, text) for place in {here, ""}}
    if parts.is_chinese and not here:
        for what, text in _asked_anywhere(parts):
            found[what].update(_key(place, text) for place in PROVINCES)
    found["core"].add(_key("", parts.text))  # of a person
    return {what: sorted(keys) for what, keys in found.items()}


def _said(parts: Parts) -> dict[str, str]:
    """Return what of a name is kept under each property."""
    units = _units(parts)
    said = {"core": _joined(units), "head": _joined(units[:HEAD])}
    if parts.trade and parts.trade != parts.core:
        said["trade"] = parts.trade
    short = short_form(parts)
    if short and short != parts.core:
        said["short"] = short
    return said | {NEAR[place]: near for place, near in enumerate(_nears(units)) if near}


def _asked(parts: Parts) -> Iterable[tuple[str, str]]:
    """Return what is looked for under each property, also as if the first characters were a miswritten place."""
    units, said = _units(parts), _said(parts)
    yield from said.items()
    yield from _asked_anywhere(parts)
    if "short" in said:
        yield from ((what, said["short"]) for what in ("core", "trade", "head"))
    if "trade" in said:
        yield "core", said["trade"]
    if parts.is_chinese:
        for slip in range(1, min(_SLIPS, len(units) - HEAD) + 1):
            yield "head", _joined(units[slip : slip + HEAD])


def _asked_anywhere(parts: Parts) -> Iterable[tuple[str, str]]:
    """Return what is looked for in every province: the core as it stands, with one slip, behind a miswritten place."""
    units = _units(parts)
    whole, nears = _joined(units), _nears(units)
    yield from ((what, whole) for what in ("core", "trade", "short", *NEAR))
    yield from zip(NEAR, nears, strict=False)
    yield from (("core", near) for near in nears)
    if len(units) <= HEAD:
        yield "head", whole
    if parts.is_chinese:
        yield from (("core", _joined(units[slip:])) for slip in range(1, min(_SLIPS, len(units) - _SLIPS) + 1))


def short_form(parts: Parts) -> str:
    """Return what people shorten a name to; empty where nothing is known.

    >>> short_form(parts_of("中国建筑第三工程局有限公司")), short_form(parts_of("陕西瑞航智能科技有限公司"))
    ('中建3局', '瑞航科技')
    >>> short_form(parts_of("中铁十二局集团有限公司")), short_form(parts_of("中建三局"))
    ('中铁12局', '中建3局')
    """
    if not parts.is_chinese:
        return ""
    core = bare = parts.core.removesuffix("集团")
    long = next((long for long in SHORTENED if core.startswith(long)), None) if core.startswith(_WHOLE) else None
    if long is not None:
        core = SHORTENED[long] + core.removeprefix(long)
    for pattern, short in _ORDINALS if parts.ordinals else ():
        core = pattern.sub(short, core, count=1)
    last = _LAST_WORD.search(parts.industry.removesuffix("集团"))
    if core == bare and parts.trade and last and not parts.ordinals:
        return parts.trade + last[0]
    return core


def _units(parts: Parts) -> tuple[str, ...]:
    """Return the units of a core; a single word counts as its two halves."""
    if parts.is_chinese or len(parts.units) != 1:
        return parts.units
    (word,) = parts.units
    return (word[: len(word) // 2], word[len(word) // 2 :])


def _nears(units: tuple[str, ...]) -> list[str]:
    """Return the core without each of its first units; not of one so short that next to nothing would be left."""
    if len(units) < 2:  # noqa: PLR2004 - one unit
        return []
    return [_joined(units[:place] + units[place + 1 :]) for place in range(min(HEAD, len(units)))]


def _joined(units: tuple[str, ...]) -> str:
    return "".join(units)


def _key(province: str, text: str) -> int:
    """Make a key; what is kept under one property never meets what is kept under another."""
    return crc32(f"{province} {text}".encode("utf-8", "surrogatepass"))
