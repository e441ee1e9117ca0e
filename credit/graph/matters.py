"""Matters within one write, and as they are shown."""

from collections import defaultdict
from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString, Protocol

from credit.graph import mapping, matter_rows, networks
from credit.graph.alike import alike
from credit.graph.bolt import Bolt, Row, Transaction
from credit.graph.parties import GraphParties
from credit.graph.place import Place
from credit.graph.queries import matters as queries
from credit.graph.queries import networks as network_queries
from credit.graph.queries import parties as party_queries
from credit.graph.queries import surroundings
from credit.model.matter import Happening, MatterId, MatterKind, parties_of
from credit.model.matters import AnyMatter
from credit.model.naturalkey import normal
from credit.model.party import Party, PartyId
from credit.model.project import Project, RecordedBid
from credit.model.record import Record
from credit.oversight.links import Around

_TIES: Final[Mapping[str, LiteralString]] = {
    "complainants": queries.CREATE_FILED,
    "respondents": queries.CREATE_FACED,
}
"""By the role in which a party is concerned; all others are tied by CONCERNS."""
_ABOUT: Final = (queries.CREATE_ABOUT_RECORDS, queries.CREATE_ABOUT_PROJECTS, queries.CREATE_ABOUT_MATTERS)
ROLL_OF_COMPLAINANTS: Final = "complainants"


class _Run(Protocol):
    def __call__(self, query: LiteralString, /, **parameters: object) -> Awaitable[list[Row]]: ...


def numbered(kind: MatterKind, name: str) -> str:
    """Return the form under which a number of a kind is held."""
    return f"{kind} {normal(name)}"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What can be read in a write and outside it."""

    _run: _Run

    async def named(self, kind: MatterKind, name: str) -> Sequence[AnyMatter]:
        """Find the matters of a kind with this id, or this number."""
        rows = await self._run(queries.MATCH_MATTERS_BY_ID_OR_NUMBER, id=name, number=numbered(kind, name))
        return [matter for row in rows if (matter := matter_rows.matter_of(row)).kind is kind]

    async def numbered(self, kind: MatterKind, told: Collection[tuple[str, str]]) -> Sequence[AnyMatter]:
        """Find the matters of a kind with one of these numbers in which the word beside it stands."""
        rows = [{"number": numbered(kind, number), "id": word} for number, word in dict.fromkeys(told)]
        return _once(await self._run(queries.MATCH_MATTERS_BY_NUMBERS, rows=rows)) if rows else []

    async def filed(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Find every complaint of these complainants."""
        return await self._of(queries.MATCH_MATTERS_FILED, parties)

    async def faced(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Find every complaint against these parties."""
        return await self._of(queries.MATCH_MATTERS_FACED, parties)

    async def concerning(self, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Find all other matters of these parties."""
        return await self._of(queries.MATCH_MATTERS_CONCERNING, parties)

    async def _of(self, query: LiteralString, parties: Collection[PartyId]) -> Mapping[PartyId, Sequence[AnyMatter]]:
        """Find the matters of parties, whichever entry they stand with: each is read as if it stood with that asked."""
        found: dict[PartyId, dict[MatterId, AnyMatter]] = defaultdict(dict)
        if not parties:
            return {}
        asked = await self._entries_of(parties)
        for name, *row in await self._run(query, parties=list(asked)):
            for party, renamed in asked[name]:
                matter = matter_rows.matter_of(_under(row, renamed))
                found[party][matter.id] = matter
        return {party: list(held.values()) for party, held in found.items()}

    async def telling(self, parties: Collection[PartyId], words: Collection[str]) -> Mapping[PartyId, Sequence[Record]]:
        """Find the records of parties, with whichever entry they stand, that have one of these words."""
        found: dict[PartyId, list[Record]] = defaultdict(list)
        if not parties:
            return {}
        asked = await self._entries_of(parties)
        rows = await self._run(surroundings.MATCH_RECORDS_TELLING, parties=list(asked), words=list(words))
        for name, *row in rows:
            for record in mapping.present([mapping.record_of(row)]):
                for party, _ in asked[name]:
                    found[party].append(record)
        return found

    async def _entries_of(
        self, parties: Collection[PartyId]
    ) -> Mapping[str, Sequence[tuple[PartyId, Mapping[PartyId, PartyId]]]]:
        """Return every entry to be read, with the ids that its party was asked by and how its ids are to read then."""
        wanted = list(dict.fromkeys(parties))
        same = await alike(self._run, wanted)
        entries: dict[str, list[tuple[PartyId, Mapping[PartyId, PartyId]]]] = defaultdict(list)
        for party in wanted:
            one = same.get(party)
            others = one.others if one is not None else ()
            renamed = dict.fromkeys(others, one.own.id) if one is not None else dict[PartyId, PartyId]()
            for entry in (party, *others):
                entries[entry].append((party, renamed))
        return entries

    async def about_record(self, record: str) -> Sequence[AnyMatter]:
        """Find the matters about a record."""
        return await self._found(queries.MATCH_MATTERS_ABOUT_RECORD, record)

    async def about_projects(self, projects: Collection[str]) -> Sequence[AnyMatter]:
        """Find the matters about projects."""
        rows = await self._run(surroundings.MATCH_MATTERS_ABOUT_PROJECTS, ids=list(dict.fromkeys(projects)))
        return _once(rows)

    async def tallies(self, names: Collection[str]) -> Mapping[str, int]:
        """Read counts; absent where nothing was counted."""
        rows = await self._run(surroundings.MATCH_TALLIES, ids=list(dict.fromkeys(names)))
        return {str(name): int(count) for name, count in rows}

    async def linked(self, matter: MatterId) -> Sequence[AnyMatter]:
        """Find the matters that a matter is about, and those that are about it."""
        return await self._found(queries.MATCH_MATTERS_LINKED, matter)

    async def _found(self, query: LiteralString, name: str) -> Sequence[AnyMatter]:
        return _once(await self._run(query, id=name))


def _under(row: Row, renamed: Mapping[PartyId, PartyId]) -> Row:
    """Return a row whose last part, [key, id] of parties, has other ids."""
    return [*row[:-1], [[key, renamed.get(party, party)] for key, party in row[-1]]] if renamed else row


def _once(rows: Iterable[Row]) -> list[AnyMatter]:
    """Read matters that may be found by several ways."""
    found = map(matter_rows.matter_of, rows)
    return list({matter.id: matter for matter in found}.values())


@dataclass(frozen=True, slots=True)
class GraphMatters(_Reading):
    """`credit.ports.MatterWriter`."""

    _place: Place
    _parties: GraphParties

    @classmethod
    def of(cls, tx: Transaction, place: Place, parties: GraphParties) -> "GraphMatters":
        """Make the writer of one transaction."""
        return cls(tx.run, place, parties)

    async def by_keys(self, natural_keys: Sequence[str]) -> Mapping[str, AnyMatter]:
        """Find matters by natural key."""
        if not natural_keys:
            return {}
        rows = await self._run(queries.MATCH_MATTERS_BY_NATURAL_KEY, keys=list(natural_keys))
        return {row[0]: matter_rows.matter_of(row[1:]) for row in rows}

    async def save(self, kind: MatterKind, matters: Sequence[tuple[str, str, AnyMatter]]) -> None:
        """Create matters under their natural key and number, each tied to its parties."""
        if not matters:
            return
        self._place.write_facts()
        created = [
            {
                "nth": nth,
                "id": matter.id,
                "natural": natural,
                "number": numbered(kind, number) if number else None,
                "tick": matter.tick,
                "body": matter_rows.body_text(matter, self._parties.keys),
            }
            for nth, (natural, number, matter) in enumerate(matters, 1)
        ]
        await self._run(queries.CREATE_MATTERS, kind=kind.value, rows=created)
        await self._tie([matter for _, _, matter in matters])
        if said := networks.said_in(matter for _, _, matter in matters):
            rows = [{"id": id_, "traces": traces} for id_, traces in said.items()]
            await self._run(network_queries.CREATE_TRACES_OF_MATTERS, rows=rows)
            await networks.echo(self._run, {id_: [key for key, _ in traces] for id_, traces in said.items()})

    async def _tie(self, matters: Sequence[AnyMatter]) -> None:
        ties: dict[LiteralString, dict[tuple[str, str], None]] = defaultdict(dict)
        for matter in matters:
            for role, party in parties_of(matter.content):
                ties[_TIES.get(role, queries.CREATE_CONCERNS)][matter.id, self._parties.key(party)] = None
        for query, pairs in ties.items():
            await self._run(query, ties=[{"matter": matter, "party": party} for matter, party in pairs])

    async def tie_to(self, matter: MatterId, about: Collection[str]) -> set[str]:
        """Tie a matter to the records, projects and matters with these ids; return those that are held."""
        wanted = [{"matter": matter, "about": name} for name in dict.fromkeys(about)]
        found: set[str] = set()
        for query in _ABOUT if wanted else ():
            found.update(name for (name,) in await self._run(query, ties=wanted))
        return found

    async def append(self, matter: MatterId, event: Happening) -> None:
        """Append an event."""
        self._place.write_facts()
        await self._run(queries.APPEND_EVENT_BY_MATTER, id=matter, event=matter_rows.event_text(event))

    async def enrol(self, parties: Collection[PartyId], *, least: int) -> None:
        """Put complainants on the roll that have filed so many complaints."""
        keys = [self._parties.key(party) for party in dict.fromkeys(parties)]
        await self._run(queries.ENROL_COMPLAINANTS, parties=keys, least=least)

    async def tally(self, counts: Mapping[str, int]) -> None:
        """Add to counts."""
        if rows := [{"name": name, "by": by} for name, by in counts.items() if by]:
            await self._run(surroundings.ADD_TALLIES, rows=rows)


@dataclass(frozen=True, slots=True)
class GraphMatterBrowser(_Reading):
    """`credit.ports.MatterReader`."""

    @classmethod
    def over(cls, bolt: Bolt) -> "GraphMatterBrowser":
        """Make the reader over a connection."""
        return cls(bolt.fetch)

    async def page(self, kind: MatterKind, *, before: int | None, limit: int) -> Sequence[AnyMatter]:
        """Read the matters of a kind before a number, newest first."""
        last = await self._top(kind.value, before)
        first = max(1, last - limit + 1)
        rows = await self._run(queries.MATCH_MATTERS_BY_PLACE, kind=kind.value, first=first, last=last) if last else []
        return [matter_rows.matter_of(row) for row in rows]

    async def tenders(self, numbers: Collection[str]) -> Mapping[str, Sequence[tuple[Project, Sequence[RecordedBid]]]]:
        """Find projects by number with their bids; of one number there may be several."""
        found: dict[str, list[tuple[Project, Sequence[RecordedBid]]]] = defaultdict(list)
        wanted = list(dict.fromkeys(numbers))
        rows = await self._run(surroundings.MATCH_TENDERS_BY_NUMBER, numbers=wanted) if wanted else []
        for number, *row, bids in rows:
            found[number].append((_project_of(row), tuple(map(mapping.bid_of, bids))))
        return found

    async def entries(self, party: PartyId) -> Sequence[tuple[Project, RecordedBid]]:
        """Find the projects that a party entered, with its bid."""
        asked = await self._entries_of([party])
        found: dict[str, tuple[Project, RecordedBid]] = {}
        for entry, ((_, renamed),) in asked.items():
            for row in await self._run(surroundings.MATCH_ENTRIES_BY_PARTY, party=entry):
                found[row[5]] = (_project_of(row[:5]), mapping.bid_of(_under(row[5:], renamed)))
        return list(found.values())

    async def filers(self, *, before: int | None, limit: int) -> Sequence[tuple[int, Sequence[PartyId]]]:
        """Read the complainants of complaints before a number, newest first."""
        last = await self._top(MatterKind.COMPLAINT.value, before)
        first = max(1, last - limit + 1)
        rows = await self._run(queries.MATCH_FILERS_BY_PLACE, first=first, last=last) if last else []
        return [(int(nth), [PartyId(party) for party in parties]) for nth, parties in rows]

    async def around(self, parties: Collection[PartyId]) -> Around:
        """Read what complainants may be linked by."""
        return await networks.around(self._run, parties)

    async def parties(self, ids: Collection[PartyId]) -> Mapping[PartyId, Party]:
        """Read parties by id."""
        ((rows,),) = await self._run(party_queries.MATCH_PARTIES_BY_IDENTIFIER, ids=list(dict.fromkeys(ids)))
        return {PartyId(name): mapping.held_party(row).party for name, *row in rows}

    async def complainants(self, *, before: int | None, limit: int) -> Sequence[tuple[int, PartyId]]:
        """Read the roll of complainants before a number, newest first."""
        last = await self._top(ROLL_OF_COMPLAINANTS, before)
        first = max(1, last - limit + 1)
        rows = await self._run(queries.MATCH_COMPLAINANTS_BY_NUMBER, first=first, last=last) if last else []
        return [(number, PartyId(party)) for number, party in rows]

    async def _top(self, roll: str, before: int | None) -> int:
        if before is not None:
            return before - 1
        rows = await self._run(queries.MATCH_ROLL, roll=roll)
        return int(rows[0][0]) if rows else 0


def _project_of(row: Row) -> Project:
    """Read [purchaser id, list of no or one agency id, id, tick, body]."""
    purchaser, agencies, *rest = row
    return mapping.project_of([purchaser, next(iter(agencies), None), *rest])
