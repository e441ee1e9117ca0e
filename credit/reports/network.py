"""Groups of linked complainants of a region: who is linked by what, on which project they meet, who gains.

A link is a lead and sums nothing: the law counts one complainant (DOMAIN §9 Q3).
"""

from collections.abc import Collection
from datetime import date
from typing import Final

from credit.model.party import PartyId
from credit.oversight.links import Link
from credit.reports.model import ClusterRow, LinkRow, Network
from credit.reports.reading import Reading, must_fit
from credit.supervision import NamedCluster

PAGE: Final = 100


async def gather_network(reading: Reading, here: Collection[PartyId], as_of: date, oldest: int) -> Network:
    """Go through the clusters of the country whose newest letter is no older than one in the order of letters.

    Those with one of these complainants are kept. Raises: TooLarge.
    """
    clusters, links = list[ClusterRow](), list[LinkRow]()
    before: int | None = None
    while before is None or before >= oldest:
        page, before = await reading.services.supervision.clusters(as_of, before=before, limit=PAGE)
        for found in page:
            if any(party in here for party, _ in found.cluster.members):
                clusters.append(await _cluster(reading, found))
                links += [await _link(reading, link) for link in found.cluster.links]
                must_fit(max(len(clusters), len(links)))
        if before is None:
            break
    return Network(tuple(sorted(clusters, key=_size)), tuple(sorted(links, key=_place)))


async def _cluster(reading: Reading, found: NamedCluster) -> ClusterRow:
    cluster = found.cluster
    return ClusterRow(
        members=tuple([(await reading.named(party), count) for party, count in cluster.members]),
        by=tuple(sorted({link.kind for link in cluster.links})),
        projects=tuple(sorted({one.project_no for one in cluster.together})),
        gains=tuple([(await reading.named(x.party), len(x.projects), x.of) for x in cluster.benefits if x.conspicuous]),
        whole=found.whole,
    )


async def _link(reading: Reading, link: Link) -> LinkRow:
    rests_on = [await reading.told(name) for name in link.rests_on]
    return LinkRow(link.kind, await reading.all_named(link.between), tuple(rests_on))


def _place(row: LinkRow) -> tuple[tuple[str, ...], str]:
    return tuple(party.id for party in row.between), row.kind


def _size(row: ClusterRow) -> tuple[int, str]:
    return -len(row.members), row.members[0][0].id
