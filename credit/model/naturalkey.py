"""Natural keys: how two numbers are compared.

The contract: compared after NFKC, without spaces, with 〔〕 [] () （） alike.
"""

import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "﹝": "(", "﹞": ")"})


@lru_cache(maxsize=8192)
def normal(text: str) -> str:
    """Return the comparable form of a number or a name.

    >>> normal("资财采罚〔2025〕 7号") == normal("资财采罚（2025）7号")
    True
    """
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())
