"""Services that a bidder, or whom it bears, gave for the project before it was tendered.

Law: 条例 18¶2; DOMAIN §3.4.
"""

from collections.abc import Iterator

from credit.model.party import PartyId, Role
from credit.model.verdict import Reason
from credit.rules.findings import Bite
from credit.rules.merged import merged
from credit.rules.rows import Trigger
from credit.rules.words import SERVICES
from credit.rules.world import World, shown_name


def prior_service_bites(world: World, party: PartyId, role: Role, asked: str) -> Iterator[Bite]:
    """Every row that a service sets off for a party; ``asked`` is the id by which the question names it."""
    if world.activity.single_source:
        return
    gave = {world.facts.resolved.get(s.party, s.party): s for s in world.activity.prior_services}
    for bearer in world.bearers(party) if gave else ():
        service = gave.get(bearer.dossier.party.id)
        if service is not None:
            values: dict[str, str | Reason] = {
                "party": world.name(party),
                "other": shown_name(bearer.dossier.party),
                "service": SERVICES[service.service],
            }
            path = (*bearer.path, *merged(world, bearer.dossier.party.id, (asked, service.party)))
            rows = world.rules.rules_for(Trigger.PRIOR_SERVICE, world.activity.domain, role, world.reference)
            yield from (Bite(r, values, path=path).doubted(bearer.doubt) for r in rows)
