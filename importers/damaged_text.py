"""Text that a web conversion spoilt (DOMAIN §0): what can be put right, and what must be marked.

One fault can be repaired: traditional signs with their pinyin in brackets behind them (``關(guān)于``). The brackets go
where the letters carry at least one tone mark, so that ``數字證書(CA)`` stays, and the text becomes simplified. The
other cannot: bytes were lost, and a ``?``, a replacement sign, or pinyin without its bracket shows where
(``因?qū)φ少``). Such a passage is damaged as a whole: no name, number or amount is read from it.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import opencc

_CJK: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TONED: Final = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SOUND: Final = rf"(?=[a-züê{_TONED}]*[{_TONED}])[a-züê{_TONED}]{{1,7}}"
_PINYIN: Final = re.compile(rf"(?<=[{_CJK}])[(（]{_SOUND}[)）]")
_LEFT_OVER: Final = re.compile(rf"{_SOUND}[)）]|[(（]{_SOUND}")
_LOST: Final = re.compile(
    rf"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x80-\x9f]|锟斤拷|烫烫烫|屯屯屯|[ÃÂâäåæçèé][\x80-\xbf¡-¿]"
    rf"|[{_CJK}）》”][?]+[{_CJK}\w]|\w[?]+[{_CJK}]|[?]{{2,}}"
)
_PASSAGE: Final = re.compile(r"[^。；;\n]*[。；;\n]?")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text as far as it can be repaired, and the passages (clauses or lines) of it that are damaged."""

    text: str
    damaged: tuple[str, ...] = ()

    def touches(self, part: str) -> bool:
        """Whether a part of the text lies in a damaged passage, or holds one."""
        return any(part in passage or passage in part for passage in self.damaged) if part else False


def repaired(raw: str) -> Repaired:
    """Repair a text and mark what cannot be repaired.

    >>> repaired("關(guān)于區(qū)級數字證書(CA)的通知").text
    '关于区级数字证书(CA)的通知'
    >>> repaired("一是好。二是因?qū)φ少彁阂赓|(zhì)疑。三是好。").damaged
    ('二是因?qū)φ少彁阂赓|(zhì)疑。',)
    """
    text = unicodedata.normalize("NFC", raw)
    plain = _PINYIN.sub("", text)
    if plain != text:
        plain = _simplified().convert(plain)
    passages = (p.strip() for p in _PASSAGE.findall(plain))
    return Repaired(plain, tuple(dict.fromkeys(p for p in passages if p and is_damaged(p))))


def is_damaged(passage: str) -> bool:
    """Whether a passage shows signs of lost bytes; a question that ends a sentence is none."""
    return bool(_LOST.search(passage) or _LEFT_OVER.search(passage))


@cache
def _simplified() -> Any:
    """OpenCC's table from traditional to simplified signs."""
    return opencc.OpenCC("t2s")  # pyright: ignore[reportUnknownVariableType] - it comes without types
