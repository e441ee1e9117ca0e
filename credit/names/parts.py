"""Taking a name apart: place, trade name, industry, legal form, branch, ordinals (企业名称登记管理规定 6).

Chinese names are read by characters, all others by words. What cannot be told apart stays in the trade name.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import opencc

from credit.names import name_key
from credit.names.words import BRANCHES, INDUSTRY, LATIN_FORMS, LEGAL_FORMS, MARKS
from credit.regions import Regions

_COUNTRY: Final = "中国"
_LONG: Final = 10
_LEAST: Final = 2
"""Characters that must be left of a name when a place is taken away."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)")
_ALNUM: Final = re.compile(r"[^\w]+")
_COUNTY: Final = re.compile(
    r"(?:[^()]{2,5}?(?:高新区|新区|新城|开发区|自治县|自治旗)|[^()]{1,2}[县旗]|[^()]{1,2}(?<![社小校园景时地])区"
    r"|[^()]{2}(?<![超门股城上都])市(?![场政民]))"
)
_BRANCH: Final = tuple(
    re.compile(rf"(?P<head>.*?{end})(?P<branch>.{{0,14}}?(?:{'|'.join(BRANCHES)}))")
    for end in ("(?<!分)(?<!支)公司", "(?:厂|院|所|中心|社|局|集团)")
)
"""A head office that is a company ends so, whatever stands before."""
_FORM: Final = re.compile(rf"(?P<rest>.+?)(?P<form>{'|'.join(LEGAL_FORMS)})")
_NUMERAL: Final = "〇零一二两三四五六七八九十百0-9"
_ORDINAL: Final = re.compile(
    rf"第([{_NUMERAL}]+)"
    rf"|([一二两三四五六七八九十百0-9]+)(?=分公司|分局|分店|分厂|公司|局|建(?!设|筑|材|工)|冶|处|队|院|厂|店|所|部|航局)"
)
_NUMBER: Final = re.compile(r"[0-9]+")
_DIGITS: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_WORD: Final = re.compile("|".join(sorted(INDUSTRY, key=len, reverse=True)))
_WORDS_ALONE: Final = re.compile(rf"(?:{_WORD.pattern}|第?\d+)+")


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart.

    ``text`` is the whole in its comparable form, ``places`` as written and ``province`` the two digits of the first
    that is known; ``core`` is trade name and industry, ``trade`` may be empty (第一建筑); ``ordinals`` are the numbers
    in the core; ``branch`` is what follows the head office's name. ``units`` are what a core is made of: characters, or
    words.
    """

    text: str
    core: str
    trade: str = ""
    industry: str = ""
    form: str = ""
    places: tuple[str, ...] = ()
    province: str = ""
    ordinals: tuple[str, ...] = ()
    branch: str = ""
    units: tuple[str, ...] = ()

    @property
    def is_chinese(self) -> bool:
        """Whether it is read by characters."""
        return bool(_HAN.search(self.core))


@lru_cache(maxsize=4096)
def parts_of(name: str) -> Parts:
    """Take a name apart.

    >>> parts = parts_of("云溪（四川）智能科技有限公司资阳分公司")
    >>> parts.places, parts.trade, parts.industry, parts.form, parts.branch
    (('四川',), '云溪', '智能科技', 'limited', '资阳分公司')
    >>> parts_of("四川第二建筑工程有限公司").ordinals
    ('2',)
    """
    text = text_of(name)
    return _chinese(text) if _HAN.search(text) else _latin(name, text)


def text_of(name: str) -> str:
    """Return the comparable form of a whole name, its traditional characters simplified."""
    return name_key(simplified(name))


def simplified(text: str) -> str:
    """Write traditional characters as simplified ones.

    >>> simplified("臺北騰飛科技有限公司")
    '台北腾飞科技有限公司'
    """
    try:
        text.encode("gb2312")  # has no traditional characters
    except UnicodeEncodeError:
        return str(_converter().convert(text))  # pyright: ignore[reportUnknownArgumentType]
    return text


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")  # pyright: ignore[reportUnknownVariableType]


def _chinese(text: str) -> Parts:
    split = next((found for pattern in _BRANCH if (found := pattern.fullmatch(text))), None) if _ends(text) else None
    head, branch = (split["head"], split["branch"]) if split else (text, "")
    head, inside = _out_of_brackets(head)
    ended = _FORM.fullmatch(head)
    rest, form = (ended["rest"], LEGAL_FORMS[ended["form"]]) if ended else (head, "")
    rest, before = _leading_places(rest)
    places = (*before, *inside)
    core = in_digits(rest)
    trade, industry = _trade(core)
    province = next((code for place in places if (code := _places().get(place))), "")
    return Parts(text, core, trade, industry, form, places, province, _numbers(core), in_digits(branch), tuple(core))


def _ends(text: str) -> bool:
    """Whether a name may be a branch's: asked first, as most are not."""
    return text.endswith(BRANCHES)


def _latin(name: str, text: str) -> Parts:
    """Read a name by its words; those that only say the legal form are left out."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold()
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign)).replace(".", "")
    words = [word for word in _ALNUM.split(bare) if word]
    units = tuple(word for word in words if word not in LATIN_FORMS) or tuple(words)
    form = " ".join(LATIN_FORMS[word] for word in words if word in LATIN_FORMS).strip()
    core = " ".join(units)
    return Parts(text, core, trade=core, form=form, units=units or (text,))


def _out_of_brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """Take places and marks out of brackets; what else stands there stays, without them."""
    places: list[str] = []

    def without(found: re.Match[str]) -> str:
        inner = found[1]
        place = _known_place(inner)
        if place:
            places.append(place)
        return "" if place or inner in MARKS else inner

    bare = _BRACKETS.sub(without, text)
    return (bare, tuple(places)) if bare else (text, ())


def _leading_places(text: str) -> tuple[str, tuple[str, ...]]:
    """Take places from the beginning, from province to county, as long as a name is left."""
    places: list[str] = []
    while (place := _leading(text)) is not None and len(text) - len(place) >= _LEAST:
        text = text[len(place) :]
        places.append(_bare(place))
    while (county := _COUNTY.match(text)) and len(text) - county.end() >= _LEAST and not _WORD.match(text):
        places.append(county[0])
        text = text[county.end() :]
    return text, tuple(places)


def _leading(text: str) -> str | None:
    """Return the longest known place that a text begins with."""
    known = _places()
    return next((text[:size] for size in range(_longest(), 1, -1) if text[:size] in known), None)


def _known_place(text: str) -> str:
    """Return a place as it is compared; empty where it is none that is known."""
    if text in _places() or text == _COUNTRY:
        return _bare(text)
    return text if _COUNTY.fullmatch(text) else ""


@cache
def _places() -> dict[str, str]:
    """Return the names of provinces and prefectures, whole and short, with the two digits of their province."""
    found: dict[str, str] = {}
    names = Regions.load().names
    for code in sorted(names, key=lambda code: (not code.endswith("0000"), not code.endswith("00"), code)):
        if code[:2] in {"00", "10"} or not code.endswith("00"):
            continue
        for form in {names[code], _bare(names[code])}:
            if len(form) >= _LEAST:
                found.setdefault(form, code[:2])
    return found


@cache
def _longest() -> int:
    return max(map(len, _places()))


_RANK: Final = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|[^省市]{1,8}族自治州|自治州|地区|省|市|盟)$"
)


@lru_cache(maxsize=1024)
def _bare(place: str) -> str:
    """Name a place without its rank.

    >>> _bare("四川省"), _bare("北京市"), _bare("内蒙古自治区"), _bare("沙市")
    ('四川', '北京', '内蒙古', '沙市')
    """
    short = _RANK.sub("", place)
    return short if len(short) >= _LEAST else place


def in_digits(text: str) -> str:
    """Write the ordinals of a text in digits.

    >>> in_digits("第十二建筑"), in_digits("一分公司")
    ('第12建筑', '1分公司')
    """

    def digits(match: re.Match[str]) -> str:
        number = number_of(match[1] or match[2])
        mark = "第" if match[1] else ""
        return match[0] if number is None else f"{mark}{number}"

    return _ORDINAL.sub(digits, text)


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(_NUMBER.findall(text))


def number_of(text: str) -> int | None:
    """Read a numeral below two hundred.

    >>> [number_of(text) for text in ("三", "十二", "二十", "一百零三", "12", "百十")]
    [3, 12, 20, 103, 12, None]
    """
    if text.isascii():
        return int(text) if len(text) < _LONG else None
    hundreds, mark, rest = text.rpartition("百")
    if mark and _DIGITS.get(hundreds) is None:
        return None
    base = 100 * _DIGITS[hundreds] if mark else 0
    rest = rest.lstrip("零〇")
    tens, ten, ones = rest.rpartition("十")
    values = [_DIGITS.get(sign) for sign in (tens, ones) if sign]
    if None in values:
        return None
    return base + (10 * _DIGITS[tens] if tens else 10 * bool(ten)) + (_DIGITS[ones] if ones else 0)


def _trade(core: str) -> tuple[str, str]:
    """Part the trade name from the industry: no trade name where there are words of industries alone."""
    if _WORDS_ALONE.fullmatch(core):
        return "", core
    found = _WORD.search(core, min(_LEAST, len(core) - 1)) if len(core) > _LEAST else None
    return (core[: found.start()], core[found.start() :]) if found else (core, "")
