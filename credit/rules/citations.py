"""Reading what records and documents cite: ``采购法 77``, ``94号令 37¶2``, ``《…条例》第四十八条第一款``.

Instruments are known by the names that the catalogue holds for them; the longest name that fits wins. A name within
another title (``《军队采购法》``, ``政府采购法实施办法``) is not its name, nor an article behind another title its
article, and what a text denies (``不适用…``, ``…不成立``) is not cited: a ban that rests on it is for a person.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from credit.rules.numerals import NUMBER, SIGNS, number_in
from credit.rules.rows import Cite, Instrument

_REMEMBERED: Final = 10_000
"""Texts that a reader keeps what it read of."""
_PLAIN: Final = "零〇一二三四五六七八九十百千"
_ARTICLE: Final = re.compile(
    rf"第?(?P<article>{NUMBER})(?![\d{_PLAIN}年个月日项款目万亿元次倍])(?:条?之[\d{SIGNS}](?P<other>))?条?"
    rf"(?:(?:¶|第)(?P<paragraph>{NUMBER})款?)?"
)
"""A number that is followed by a unit or by 项 is a term, a sum or an item, not an article; nor is 77之一 the 77th."""
_OPENS, _CLOSES = "《〈", "》〉"
_AROUND: Final = 300
"""Signs before and behind a citation in which its words are looked for: no clause that a person reads is longer."""
_LONG: Final = 5
"""Signs from which on a name is seldom the end of another."""
_STATE: Final = "中华人民共和国"
_BRACKETED: Final = re.compile(r"\([^)]*\)")
_TITLE: Final = re.compile(
    r"(?<![违依非不合执方司无守立普])法(?![律人定规院庭治官制])|条例|办法|规则|细则|规程|章程|文件|合同|协议"
)
_SAME: Final = re.compile(r"(?:该|本|前述|上述|(?<!合)同)(?P<kind>法|条例|办法)")
_LISTED: Final = re.compile(rf"[第条款项目、和及与或以()\[\]\d{SIGNS}¶至到]*")
_SENTENCE: Final = re.compile(r"[。;!?]")


@dataclass(frozen=True, slots=True)
class Cited:
    """One article that a text names; ``article`` and ``paragraph`` None where it names none."""

    instrument: str
    article: int | None = None
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """The words by which a text denies what it cites, or means another document; the catalogue's phrases."""

    leads: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()

    @classmethod
    def of(cls, phrases: Mapping[str, Sequence[str]]) -> "Wording":
        """Take them from a catalogue; a kept one may have none yet, and then nothing is denied."""
        return cls(*(tuple(phrases.get(f"cite_{name}", ())) for name in cls.__slots__))


class Reader:
    """Reads texts by the names of a set of instruments; what it has read once it remembers."""

    def __init__(
        self, instruments: Mapping[str, Instrument], phrases: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Sort the names: the longest that fits wins."""
        named = [(_folded(n)[0], key) for key, row in instruments.items() for n in (row.title, *row.names)]
        named.sort(key=lambda one: -len(one[0]))
        self._keys = dict(reversed(named))
        self._titles = {key: row.title for key, row in instruments.items()}
        self._pattern = re.compile("|".join(re.escape(name) for name, _ in named) or r"(?!)")
        self._words = Wording.of(phrases or {})
        self._verbs = _any_of(self._words.verbs)
        link, denials = _any_of(self._words.link), _any_of(self._words.denials)
        self._denials = re.compile(f"(?:{link.pattern})*(?:{denials.pattern})")
        self._read: dict[str, tuple[Cited, ...]] = {}

    def cited(self, text: str) -> tuple[Cited, ...]:
        """Return every instrument that a text names, with the article and paragraph written after it."""
        found = self._read.get(text)
        if found is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            found = self._read[text] = self._cited(*_folded(text))
        return found

    def _cited(self, text: str, titles: Sequence[tuple[int, int]]) -> tuple[Cited, ...]:
        matches = list(self._pattern.finditer(text))
        ends = [*(m.start() for m in matches[1:]), len(text)] if matches else []
        found: list[Cited] = []
        for match, end in zip(matches, ends, strict=True):
            if self._is_own(text, match, titles):
                opened = min((s for s, _ in titles if match.end() <= s < end), default=end)
                found += self._articles(text, match, opened)
        exact = {c.instrument for c in found if c.article is not None}
        return tuple(c for c in found if c.article is not None or c.instrument not in exact)

    def _is_own(self, text: str, match: re.Match[str], titles: Sequence[tuple[int, int]]) -> bool:
        """Whether a name stands for its instrument, and is no piece of another title."""
        around = [(start, end) for start, end in titles if start <= match.start() < end]
        if any(text[start : match.start()] not in {"", _STATE} for start, _ in around):
            return False
        if any(not self._is_edition(text[match.end() : end]) for _, end in around):
            return False
        stop = max(match.end(), *(end for _, end in around), 0)
        after = text[stop : stop + _AROUND]
        bracketed = _BRACKETED.match(after)
        if bracketed and not self._is_edition(bracketed[0]):
            return False
        if after[bracketed.end() if bracketed else 0 :].startswith(self._words.tails):
            return False
        return bool(around) or self._is_led(
            text[max(0, match.start() - _AROUND) : match.start()].removesuffix(_STATE), match[0]
        )

    def _is_edition(self, rest: str) -> bool:
        """Whether what stands behind a name in its title is nothing, or a bracket that makes no draft of it."""
        return not rest or (bool(_BRACKETED.fullmatch(rest)) and not any(word in rest for word in self._words.drafts))

    def _is_led(self, before: str, name: str) -> bool:
        """Whether a name without title marks begins where it stands, and not as the end of a longer one."""
        if not before or not self._words.leads or before.endswith(self._words.leads):
            return True
        if len(name) >= _LONG:
            return not before.endswith(self._words.others)
        return not (before[-1].isalnum() or before[-1] == "]") or (before[-1].isascii() and not name[0].isdigit())

    def _articles(self, text: str, match: re.Match[str], end: int) -> Iterator[Cited]:
        """The articles written after a name; the instrument alone where there are none."""
        instrument = self._keys[match[0]]
        bracketed = _BRACKETED.match(text, match.end(), end)
        place = at = bracketed.end() if bracketed else match.end()
        named = False
        for m in _ARTICLE.finditer(text, at, end):
            if self._is_others(instrument, text[place : m.start()]):
                break
            if m.start() == at or text[m.start() - 1] in "、,;和及" or m[0].startswith("第"):
                place, named = m.end(), True
                if m["other"] is None and not self._is_denied(text, m.start(), m.end()):
                    paragraph = number_in(m["paragraph"]) if m["paragraph"] else None
                    yield Cited(instrument, number_in(m["article"]), paragraph)
        if not named and not self._is_denied(text, match.start(), match.end()):
            yield Cited(instrument)

    def _is_others(self, instrument: str, between: str) -> bool:
        """Whether the words before an article name another document that it belongs to."""
        same = _SAME.search(between)
        if same and self._titles[instrument].endswith(same["kind"]):
            between = between.replace(same[0], "")
        return bool(self._words.tails) and _TITLE.search(between) is not None

    def _is_denied(self, text: str, start: int, end: int) -> bool:
        """Whether the words around a citation deny it: the last verb before it, or what follows in its clause."""
        denied = self._denials.match(text, end, end + _AROUND)
        if denied and not (text.startswith("第", denied.end()) or self._pattern.match(text, denied.end())):
            return True
        for clause in reversed(_SENTENCE.split(text[max(0, start - _AROUND) : start])[-1].split(",")):
            verbs = list(self._verbs.finditer(clause))
            if verbs:
                return clause[: verbs[-1].start()].endswith(self._words.negations)
            if not _LISTED.fullmatch(self._pattern.sub("", clause)):
                return False
        return False


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words)) or r"(?!)")


def cited(text: str, instruments: Mapping[str, Instrument]) -> list[Cited]:
    """Read one text by the names of these instruments."""
    return list(Reader(instruments).cited(text))


def admits(wanted: Cite, found: Iterable[Cited]) -> bool:
    """Whether one of the citations is of this instrument, and of its article where both name one."""
    article = int(wanted.article) if wanted.article.isdigit() else None
    return any(
        c.instrument == wanted.instrument and (article is None or c.article is None or c.article == article)
        for c in found
    )


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Fold width, brackets and blanks, take title marks away, and say between which places they stood."""
    signs: list[str] = []
    opened: list[int] = []
    titles: list[tuple[int, int]] = []
    for sign in re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_ALIKE):
        if sign in _OPENS:
            opened.append(len(signs))
        elif sign in _CLOSES:
            titles += [(opened.pop(), len(signs))] if opened else []
        else:
            signs.append(sign)
    return "".join(signs), titles


_ALIKE: Final = str.maketrans("〔〕﹝﹞", "[][]")
