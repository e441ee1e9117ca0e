"""Signal 7: items worded alike on several projects, found without comparing every pair.

Candidates come from locality-sensitive hashing of MinHash signatures (``rensa``); whether two texts are alike is
then their exact Jaccard likeness. Law: none; DOMAIN §7.3 (7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, cast

from rensa import RMinHash, RMinHashLSH

from credit.oversight.joining import Joined
from credit.oversight.same_matter import item_key
from credit.oversight.signals.evidence import Scene, project_key
from credit.oversight.signals.signal import Signal, count, unknown

_PERMUTATIONS: Final = 64
_BANDS: Final = 16
"""Parts of a signature of which one must be equal: of texts at the usual line of 0.8, one pair in 5,000 is missed."""
_SEED: Final = 37
_KEPT_BANDS: Final = 4
_KEPT_ROWS: Final = 5
"""Of what is kept of an item: of two at 0.8, 80 pairs in 100 share a part, at 0.9 97, of strangers next to none."""
KEPT_FROM: Final = 15
"""Signs from which on something is kept of an item: no threshold may be lower."""
_KEPT_SIGNS: Final = 3
_SKETCHED: Final = 64
_ERR: Final = 0.1
_FIRST_SIGN: Final = 48
_SIGNS: Final = 64
"""A sketch has a sign of so many, from the figure 0 on, for each permutation."""


def template(scene: Scene) -> Signal:
    """Signal 7: the most projects whose complaints hold items worded alike, of the projects with items long enough.

    What a crowd of complainants writes is a stock phrase and left out.
    """
    least = scene.thresholds.whole("text_minimum")
    where: dict[str, set[str]] = {}
    told_by: dict[str, list[str]] = {}
    for letter in scene.recent:
        project = project_key(letter)
        for text in {item_key(item) for item in letter.held.content.items}:
            if project is not None and len(text) >= least and scene.evidence.stock.isdisjoint(kept(text).keys):
                where.setdefault(text, set()).add(project)
                told_by.setdefault(text, []).append(letter.id)
    projects = frozenset[str]().union(*where.values())
    if len(projects) <= 1:
        return unknown(scene, "template")
    likeness, signs = float(scene.thresholds.number("likeness")), scene.thresholds.whole("shingle")
    clusters = alike(where, likeness=likeness, signs=signs)
    widest = max(clusters, key=lambda texts: (_projects(texts, where), texts))
    value = _projects(widest, where)
    ids = sorted({id_ for text in widest for id_ in told_by[text]}) if value > 1 else []
    return count(scene, "template", ids, value=value, of=len(projects))


def alike(texts: Iterable[str], *, likeness: float, signs: int) -> list[tuple[str, ...]]:
    """Group texts that are alike; every text stands in one group, groups and texts in the order of their signs.

    Each text is held against the first texts of groups that the hashing proposes, so that a hundred thousand near
    copies cost no more than a hundred thousand strangers. The same texts in another order make the same groups.

    >>> alike(["评标委员会认定有误一", "评标委员会认定有误二", "采购文件有歧视"], likeness=0.6, signs=2)
    [('评标委员会认定有误一', '评标委员会认定有误二'), ('采购文件有歧视',)]
    """
    ordered = sorted(set(texts))
    shingles: dict[str, frozenset[str]] = {}
    index = RMinHashLSH(threshold=likeness, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    joined = Joined()
    for place, text in enumerate(ordered):
        mine = shingled(text, signs)
        signature = _signature(mine)
        proposed = [ordered[other] for other in sorted(index.query(signature))]
        friends = [other for other in proposed if jaccard(mine, shingles[other]) >= likeness]
        for friend in friends:
            joined.join(friend, text)
        if not friends:
            shingles[text] = mine
            index.insert(place, signature)
    return joined.groups(ordered)


def shingled(text: str, signs: int) -> frozenset[str]:
    """Return every run of so many signs; a shorter text is one run.

    >>> sorted(shingled("中标结果", 3))
    ['中标结', '标结果']
    """
    return frozenset(text[start : start + signs] for start in range(max(1, len(text) - signs + 1)))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of what both have in what either has."""
    return len(one & other) / len(one | other)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an item: keys by which items worded like it are found, a sketch that tells most others apart."""

    keys: tuple[str, ...] = ()
    sketch: str = ""


def kept(text: str) -> Kept:
    """Return what is kept of an item, nothing of one too short to tell anything; ``text`` is as of `item_key`.

    >>> one, other = kept("评标委员会对中标供应商业绩证明材料的认定有误"), kept("中标结果不公")
    >>> len(one.keys), other.keys
    (4, ())
    """
    if len(text) < KEPT_FROM:
        return Kept()
    signature = RMinHash(num_perm=_SKETCHED, seed=_SEED)
    signature.update(list(shingled(text, _KEPT_SIGNS)))
    values: list[int] = cast("Any", signature).digest()  # its stub does not name it
    parts = (values[start : start + _KEPT_ROWS] for start in range(0, _KEPT_BANDS * _KEPT_ROWS, _KEPT_ROWS))
    keys = tuple(_kept(place, part) for place, part in enumerate(parts))
    return Kept(keys, "".join(chr(_FIRST_SIGN + value % _SIGNS) for value in values))


def sketched_alike(one: str, other: str, *, likeness: float) -> bool:
    """Tell whether two items may be as alike as that by their sketches, which err by 0.05 and are given 0.1."""
    same = sum(a == b for a, b in zip(one, other, strict=False))
    return same >= (likeness - _ERR) * min(len(one), len(other))


def _kept(place: int, part: Sequence[int]) -> str:
    packed = b"".join(value.to_bytes(4, "big") for value in part)
    return f"{place}{blake2b(packed, digest_size=9).hexdigest()}"


def _signature(shingles: frozenset[str]) -> RMinHash:
    signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    signature.update(list(shingles))
    return signature


def _projects(texts: Sequence[str], where: Mapping[str, set[str]]) -> int:
    return len(frozenset[str]().union(*(where[text] for text in texts)))
