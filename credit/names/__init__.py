"""Names of parties: the form in which two of them are compared. A name is never an identification.

``words`` holds what Chinese company names are made of, ``parts`` takes a name apart, ``keys`` says under what it is
found in the graph, ``matching`` how like two names are and why.
"""

import unicodedata

_DROPPED = str.maketrans("", "", " \t\r\n\u200b\u3000·.．•")
_ALIKE = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "{": "(", "}": ")"})


def name_key(name: str) -> str:
    """Return the comparable form: NFKC, no spaces, brackets alike, lower case.

    >>> name_key("云溪（四川） 科技有限公司") == name_key("云溪(四川)科技有限公司")
    True
    """
    return unicodedata.normalize("NFKC", name).translate(_DROPPED).translate(_ALIKE).casefold()


def same_name(one: str, other: str) -> bool:
    """Whether two names are written alike."""
    return name_key(one) == name_key(other)
