"""Natural keys: how two numbers are compared, and what they are held under.

The contract: compared after NFKC, without spaces, with 〔〕 [] () （） alike.
"""

import unicodedata
from functools import lru_cache
from hashlib import blake2b

_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "﹝": "(", "﹞": ")"})


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Return the comparable form of a number or a name.

    >>> normal("资财采罚〔2025〕 7号") == normal("资财采罚（2025）7号")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())


def digest(*parts: str) -> str:
    """Return a natural key of several parts in the form in which it is held: 24 hex digits, however long they are.

    An index takes it sooner than the parts themselves, and none is too long for one.

    >>> digest("penalty", "k") == digest("penalty", "k") != digest("penaltyk", "")
    True
    """
    return blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
