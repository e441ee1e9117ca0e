"""What Chinese company names are made of; the words stand in ``words.toml``, with what each list is for."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

_SAID: Final[Mapping[str, Any]] = tomllib.loads(files("credit").joinpath("names/words.toml").read_text("utf-8"))

INDUSTRY: Final[tuple[str, ...]] = tuple(_SAID["industry"].split())
BRANCHES: Final[tuple[str, ...]] = tuple(_SAID["branches"].split())
LEGAL_FORMS: Final[Mapping[str, str]] = _SAID["legal_forms"]
SHORTENED: Final[Mapping[str, str]] = _SAID["shortened"]
SHORT_ORDINALS: Final[Mapping[str, str]] = _SAID["short_ordinals"]
LATIN_FORMS: Final[Mapping[str, str]] = {
    **{form: form for form in _SAID["latin_forms"].split()},
    **dict.fromkeys(_SAID["latin_fill"].split(), ""),
    **_SAID["latin_alike"],
}
"""Each in the form in which it is compared."""
MARKS: Final = frozenset({"有限合伙", "普通合伙", "特殊普通合伙", "个体工商户", "集团"})
"""What stands in brackets and is neither place nor part of the trade name."""
