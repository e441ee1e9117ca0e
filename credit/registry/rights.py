"""Whose record it is: a key bound to an authority writes that authority's records, ``admin`` writes any."""

from datetime import date

from credit.errors import NotYourAuthority
from credit.model.bodies import same_authority
from credit.model.caller import Caller, Scope
from credit.model.naturalkey import normal
from credit.model.party import PartyId
from credit.model.record import Authority, Record
from credit.ports import WriteUnit
from credit.rules.standing import as_amended

__all__ = ["authority_of", "is_one_party", "must_be_own", "same_authority"]


def authority_of(record: Record, today: date) -> Authority | None:
    """Return the authority whose record it is: that of its content as amended by the end of a day."""
    return as_amended(record, today).authority


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


async def is_one_party(unit: WriteUnit, one: PartyId, other: PartyId) -> bool:
    """Tell whether two ids name one party, by a merge if not by themselves."""
    if one == other:
        return True
    alike = (await unit.merges.alike([one])).get(one)
    return alike is not None and other in alike.ids
