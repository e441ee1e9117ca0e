"""Places named at the head of an address, as codes of provinces and prefectures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from credit.regions import Regions


@dataclass(frozen=True, slots=True)
class Places:
    """Codes by name: a prefecture's with and without its province's before it; ``longest`` in signs."""

    codes: Mapping[str, str]
    longest: int

    @classmethod
    def of(cls, regions: Regions) -> Self:
        """Take the provinces and the prefectures that have a name; one that names two places names none."""
        provinces = {code: name for code, name in regions.names.items() if code.endswith("0000")}
        prefectures = {c: n for c, n in regions.names.items() if c.endswith("00") and c not in provinces}
        named = [(name, code) for code, name in provinces.items()]
        named += [(provinces.get(f"{c[:2]}0000", "") + n, c) for c, n in prefectures.items()]
        named += [(n, c) for c, n in prefectures.items()]
        times = Counter(name for name, _ in named)
        codes = {name: code for name, code in named if times[name] == 1}
        return cls(codes, max(map(len, codes)))

    def code_of(self, address: str) -> str | None:
        """Return the code of the longest name that the text begins with."""
        heads = (address[:length] for length in range(min(self.longest, len(address)), 1, -1))
        return next((self.codes[head] for head in heads if head in self.codes), None)
