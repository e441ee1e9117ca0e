"""The whole sample as statements to the registry, in the order in which they are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from credit.model.party import Contact, PartyKind, RelationKind, Role
from credit.model.project import SyncOutcome
from credit.model.record import Source
from credit.model.statements import PartyStatement, RelationStatement, SyncStatement
from credit.model.when import SHANGHAI
from credit.sample import crowd
from credit.sample.numbers import identity_number
from credit.sample.rows import Firm
from credit.sample.stories import Held, Stories, Tender, person

SOURCE: Final = Source("示例数据 · sample data")
SYNCED_AT: Final = datetime(2026, 6, 10, 8, 0, tzinfo=SHANGHAI)
"""When every list was last fetched: the morning of the default project's deadline."""
LISTS: Final = tuple(f"L{number:02d}" for number in range(1, 29))
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
DIGITS: Final = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class City:
    """All statements; persons are named as `stories.person` does until the registry has given their ids."""

    firms: tuple[PartyStatement, ...]
    persons: tuple[tuple[str, PartyStatement], ...]
    relations: tuple[RelationStatement, ...]
    records: tuple[Held, ...]
    tenders: tuple[Tender, ...]
    syncs: tuple[tuple[str, SyncStatement], ...]

    @classmethod
    def build(cls) -> Self:
        """Make the sample: the same each time."""
        stories = Stories.load()
        firms = (*stories.cast.firm, *crowd.firms())
        relations = (*_leaders(firms), *stories.ties(), *crowd.ties())
        records = (*stories.held(), *crowd.held(stories))
        return cls(
            firms=tuple(map(_organisation, firms)),
            persons=tuple((person(number), _person(number)) for number in _numbers(firms)),
            relations=relations,
            records=records,
            tenders=(*stories.tenders(), *crowd.tenders()),
            syncs=tuple((name, _sync(name, records)) for name in LISTS),
        )


def _numbers(firms: tuple[Firm, ...]) -> Iterator[int]:
    """Yield the numbers of all persons: leaders, owners, experts."""
    leaders = {firm.leader or firm.number for firm in firms if firm.kind is not PartyKind.FOREIGN}
    return iter(sorted(leaders | {*crowd.OWNERS, *crowd.EXPERTS}))


def _organisation(firm: Firm) -> PartyStatement:
    return PartyStatement(
        id=firm.id,
        kind=firm.kind,
        name=firm.name,
        former_names=firm.former_names,
        roles=firm.roles,
        region=firm.region,
        status=firm.status,
        established_on=firm.founded_on,
        contacts=firm.contacts or (Contact("phone", f"0999-5550{firm.number:03d}"),),
        only_if_new=True,
    )


def _person(number: int) -> PartyStatement:
    """Make a person whose name nobody bears and whose identity number exists at run time alone."""
    name = SURNAMES[number % len(SURNAMES)] + "示" + "".join(DIGITS[int(digit)] for digit in f"{number:03d}")
    return PartyStatement(
        id=None,
        kind=PartyKind.PERSON,
        name=name,
        roles=(Role.EXPERT,) if number in crowd.EXPERTS else (),
        identity_number=identity_number(number),
        only_if_new=True,
    )


def _leaders(firms: tuple[Firm, ...]) -> Iterator[RelationStatement]:
    for firm in firms:
        if firm.kind is not PartyKind.FOREIGN:
            yield RelationStatement(
                kind=RelationKind.UNIT_LEADER,
                source=person(firm.leader or firm.number),
                target=firm.id,
                since=firm.founded_on,
            )


def _sync(name: str, records: tuple[Held, ...]) -> SyncStatement:
    count = sum(getattr(held.content, "list", None) == name for held in records)
    return SyncStatement(finished_at=SYNCED_AT, outcome=SyncOutcome.COMPLETE, records=count)
