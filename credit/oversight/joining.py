"""Things joined into groups by what links them, whatever the order in which links are told (union-find)."""

from collections.abc import Iterable


class Joined:
    """Groups of names; whatever was joined to nothing is a group of its own."""

    def __init__(self) -> None:
        """Begin with nothing joined."""
        self._above: dict[str, str] = {}

    def top(self, name: str) -> str:
        """Return the least name of a group (with path halving)."""
        above = self._above
        while (up := above.get(name, name)) != name:
            above[name] = name = above.get(up, up)
        return name

    def join(self, one: str, other: str) -> None:
        """Make one group of two."""
        low, high = sorted((self.top(one), self.top(other)))
        if low != high:
            self._above[high] = low

    def groups(self, ordered: Iterable[str]) -> list[tuple[str, ...]]:
        """Return the groups of these names, groups and names in the order given.

        >>> joined = Joined()
        >>> joined.join("b", "a")
        >>> joined.groups("abc")
        [('a', 'b'), ('c',)]
        """
        found: dict[str, list[str]] = {}
        for name in ordered:
            found.setdefault(self.top(name), []).append(name)
        return [tuple(names) for names in found.values()]
