"""Whose record it is: a key bound to an authority writes that authority's records, ``admin`` writes any."""

from credit.errors import NotYourAuthority
from credit.model.caller import Caller, Scope
from credit.model.naturalkey import normal
from credit.model.record import Authority


def must_be_own(caller: Caller, authority: Authority | None) -> None:
    """Let only the authority itself, or ``admin``, go on.

    Raises: NotYourAuthority.
    """
    if caller.has(Scope.ADMIN):
        return
    own = caller.authority
    if (
        authority is None
        or own is None
        or not same_authority(own, authority)
        or normal(own.name) != normal(authority.name)  # the law asks what a body is called, and so do readers
    ):
        raise NotYourAuthority(
            "只能登记本密钥所属机关的记录",
            "this key may only record what its own authority decided",
            pointer="/authority",
        )


def same_authority(one: Authority, other: Authority) -> bool:
    """Whether both name one body: by id where both have one, else by name and region."""
    if one.id is not None and other.id is not None:
        return one.id == other.id
    return normal(one.name) == normal(other.name) and one.region == other.region
