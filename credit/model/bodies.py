"""Which authorities are one body: whoever has rights in what one of them did has them in what the other did."""

from functools import cache, lru_cache

from credit.model.naturalkey import normal
from credit.model.record import Authority
from credit.regions import Regions


def same_authority(one: Authority, other: Authority) -> bool:
    """Tell whether both name one body: by id where both have one, else by name and place."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return normal(one.name) == normal(other.name) and same_place(one.region, other.region)


def may_be_same(one: Authority, other: Authority) -> bool:
    """Tell whether both may name one body: they do, but for a place that one of them leaves out."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    unplaced = None in {one.region, other.region}
    return normal(one.name) == normal(other.name) and (unplaced or same_place(one.region, other.region))


def same_place(one: str | None, other: str | None) -> bool:
    """Tell whether two codes are one division, also where one took the other's place (512081 became 510185)."""
    if one == other or one is None or other is None:
        return one == other
    return _divisions().are_one(one, other)


@lru_cache(maxsize=8192)
def codes_of(region: str | None) -> tuple[str, ...]:
    """Return all codes that a division has had, the one that it has now first; an empty one for no place.

    >>> codes_of("512081"), codes_of("370200"), codes_of(None)
    (('510185', '512081', '513902'), ('370200',), ('',))
    """
    return ("",) if region is None else _divisions().codes(region)


@cache
def _divisions() -> Regions:
    return Regions.load()
