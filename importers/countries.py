"""Countries as sources abroad write them: by code of ISO 3166-1, or by name."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

_SIGNS = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class Countries:
    """Two-letter codes by what stands for them: the code, the code of three letters, names."""

    codes: dict[str, str]

    @classmethod
    def load(cls) -> Self:
        """Read the table of this package."""
        table: dict[str, Any] = tomllib.loads(files("importers").joinpath("countries.toml").read_text(encoding="utf-8"))
        codes = {_plain(name): code for code, names in table.items() for name in (code, *names)}
        return cls(codes)

    def code_of(self, text: str) -> str | None:
        """Return the code, None where the text is no country known here."""
        return self.codes.get(_plain(text))


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _SIGNS.sub("", bare.casefold())
