"""Signal 7: items worded alike on several projects, found without comparing every pair.

Candidates come from locality-sensitive hashing of MinHash signatures (``rensa``); whether two texts are alike is
then their exact Jaccard likeness. Law: none; DOMAIN §7.3 (7).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rensa import RMinHash, RMinHashLSH

from credit.oversight.same_matter import item_key
from credit.oversight.signals.evidence import Scene, project_key
from credit.oversight.signals.signal import Signal, count, unknown

_PERMUTATIONS: Final = 64
_BANDS: Final = 16
"""Parts of a signature of which one must be equal: of texts at the usual line of 0.8, one pair in 5,000 is missed."""
_SEED: Final = 37


def template(scene: Scene) -> Signal:
    """Signal 7: the most projects whose complaints hold items worded alike, of the projects with items long enough."""
    least = scene.thresholds.whole("text_minimum")
    where: dict[str, set[str]] = {}
    told_by: dict[str, list[str]] = {}
    for letter in scene.recent:
        project = project_key(letter)
        for text in {item_key(item) for item in letter.held.content.items}:
            if project is not None and len(text) >= least:
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
    joined = _Joined()
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


def _signature(shingles: frozenset[str]) -> RMinHash:
    signature = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    signature.update(list(shingles))
    return signature


def _projects(texts: Sequence[str], where: Mapping[str, set[str]]) -> int:
    return len(frozenset[str]().union(*(where[text] for text in texts)))


class _Joined:
    """Texts joined into groups (union-find with path halving)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def top(self, text: str) -> str:
        above = self._above
        while (up := above.get(text, text)) != text:
            above[text] = text = above.get(up, up)
        return text

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.top(one), self.top(other)))
        if low != high:
            self._above[high] = low

    def groups(self, ordered: Iterable[str]) -> list[tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for text in ordered:
            found.setdefault(self.top(text), []).append(text)
        return [tuple(texts) for texts in found.values()]
