"""Who decided, as a row names it."""

import re
from typing import Final

from credit.errors import FieldInvalid
from credit.model.record import Authority
from importers.cells import folded
from importers.source import Row

_WHOLE: Final = re.compile(r"[部局厅委会府院署处科队所站办心组行)]$")


def authority_in(row: Row, field: str, name: str) -> Authority:
    """Name the authority of a row; a name without the word that ends such names was cut off.

    The name is part of a record's natural key: a cut one would make another record of the same decision.

    Raises: FieldInvalid.
    """
    text = row.needed(field, name)
    if not _WHOLE.search(folded(text)):
        raise FieldInvalid(
            f"{name}“{text}”不是完整的机关名称，可能被截断，请人工核对",
            f"{text!r} is no whole name of an authority, it may be cut off: a person must look",
        )
    return Authority(name=text)
