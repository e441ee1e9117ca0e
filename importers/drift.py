"""Where a header is not that of a layout, and how a person is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from credit.errors import LayoutDrift
from credit.identifiers import redact

_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Faults:
    """Where a header differs from a layout."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    doubled: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.missing) + len(self.unknown) + len(self.doubled)


def drift(title: tuple[str, str], layout: str, faults: Faults) -> LayoutDrift:
    """Say how a header differs from the nearest layout of a source, by its Chinese and its English title."""
    parts = [
        ("缺少列", "missing columns", faults.missing),
        ("未知列", "unknown columns", faults.unknown),
        ("重复列", "doubled columns", faults.doubled),
    ]
    zh = "；".join(f"{name}：{_listed(names)}" for name, _, names in parts if names)
    en = "; ".join(f"{name}: {_listed(names)}" for _, name, names in parts if names)
    return LayoutDrift(
        f"文件不是“{title[0]}”的版式（最接近 {layout}）。{zh}。",
        f"The file is not in a layout of {title[1]} (nearest: {layout}). {en}.",
    )


def _listed(names: Sequence[str]) -> str:
    more = f" … (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return redact("、".join(names[:_SHOWN])) + more  # a file without a header has data where names are looked for
