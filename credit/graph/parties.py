"""Parties and relations within one write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from credit.graph import mapping
from credit.graph.bolt import Transaction
from credit.graph.names import keys_row, names_of
from credit.graph.networks import contact_keys
from credit.graph.place import Place
from credit.graph.queries import names as name_queries
from credit.graph.queries import networks as network_queries
from credit.graph.queries import parties as party_queries
from credit.graph.queries import records as record_queries
from credit.graph.queries import relations as relation_queries
from credit.model.party import Party, PartyId, Relation
from credit.model.record import RecordId
from credit.ports import HeldParty


@dataclass(slots=True)
class GraphParties:
    """`credit.ports.PartyWriter`; remembers which parties it has met, so that others may tie things to them."""

    _tx: Transaction
    _place: Place
    _keys: dict[PartyId, str] = field(default_factory=dict[PartyId, str])
    _held: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    _called: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The names under which each party is found now."""
    _reached: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The keys of the contacts by which each party is found now."""
    created: set[str] = field(default_factory=set[str])
    """The inner keys of the parties that this write has created: their relations are of this write too."""
    tied: set[str] = field(default_factory=set[str])
    """The inner keys of the parties that this write has tied to others."""

    def key(self, party: PartyId) -> str:
        """Return the inner key of a party that was found or saved before in this write."""
        return self._keys[party]

    @property
    def keys(self) -> Mapping[PartyId, str]:
        """The inner keys of all parties that were found or saved before in this write."""
        return self._keys

    async def find(self, ids: Sequence[str]) -> Mapping[str, HeldParty]:
        """Find parties by any of their identifiers."""
        if not ids:
            return {}
        ((rows,),) = await self._tx.run(party_queries.MATCH_PARTIES_BY_IDENTIFIER, ids=list(dict.fromkeys(ids)))
        found: dict[str, HeldParty] = {}
        once: dict[str, HeldParty] = {}
        for name, *row in rows:
            held = once.get(row[0])
            if held is None:
                held = once[row[0]] = mapping.held_party(row)
                self._keys[held.party.id] = held.key
                self._called.setdefault(held.key, names_of(held.party))
                self._reached.setdefault(held.key, contact_keys(held.party.contacts))
            found[name] = held
            self._held.setdefault(held.key, set()).add(name)
        return found

    async def told(
        self, parties: Mapping[str, str], records: Sequence[str]
    ) -> tuple[Mapping[str, PartyId], Mapping[str, RecordId]]:
        """Find who and what is held just as import rows said last."""
        asked = [list(pair) for pair in parties.items()]
        ((held, found),) = await self._tx.run(
            party_queries.MATCH_TOLD_BEFORE, said=asked, records=list(dict.fromkeys(records))
        )
        return {name: PartyId(id_) for name, id_ in held}, {told: RecordId(id_) for told, id_ in found}

    async def tell(self, parties: Mapping[str, str], records: Mapping[RecordId, str]) -> None:
        """Keep with parties (by inner key) and records the digests of the words that say what is held."""
        if parties:
            rows = [{"key": key, "told": told} for key, told in parties.items()]
            await self._tx.run(party_queries.SET_TOLD_BY_KEY, rows=rows)
        if records:
            rows = [{"id": record, "told": told} for record, told in records.items()]
            await self._tx.run(record_queries.SET_TOLD_BY_RECORD, rows=rows)

    async def save(self, parties: Sequence[tuple[HeldParty, Sequence[str]]]) -> None:
        """Create parties, or append states to those found before."""
        new = [(held, names) for held, names in parties if held.key not in self._held]
        old = [(held, names) for held, names in parties if held.key in self._held]
        tick = self._place.write_facts()
        self._place.touch(held.key for held, _ in parties)
        if new:
            rows = [{**self._row(held), "names": list(names), "called": keys_row(held.party)} for held, names in new]
            await self._tx.run(party_queries.CREATE_PARTIES, rows=rows, tick=tick)
            self.created.update(held.key for held, _ in new)
        if old:
            await self._tx.run(party_queries.APPEND_STATES_BY_KEY, rows=[self._row(held) for held, _ in old], tick=tick)
            await self._name([(held.key, names) for held, names in old])
            await self._call([(held.key, held.party) for held, _ in old])
        await self._trace([(held.key, held.party) for held, _ in parties])
        for held, names in parties:
            self._keys[held.party.id] = held.key
            self._held.setdefault(held.key, set()).update(names)
            self._called[held.key] = names_of(held.party)

    def _row(self, held: HeldParty) -> dict[str, object]:
        state = mapping.state_text(held.party, self._place.tick)
        return {"key": held.key, "id": held.party.id, "state": state, "told": held.told}

    async def _name(self, named: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Give parties the identifiers that do not name them yet."""
        rows = [{"name": n, "key": key} for key, names in named for n in names if n not in self._held[key]]
        if changed := [str(row["key"]) for row in rows if str(row["name"]).startswith("idhash:")]:
            await self._tx.run(party_queries.DELETE_IDENTITY_HASHES_BY_PARTY, keys=changed)
        if rows:
            await self._tx.run(party_queries.CREATE_IDENTIFIERS, rows=rows, tick=self._place.write_facts())

    async def _call(self, parties: Sequence[tuple[str, Party]]) -> None:
        """Let parties be found by the names that they have now."""
        renamed = [(key, party) for key, party in parties if self._called.get(key) != names_of(party)]
        if renamed:
            await self._tx.run(name_queries.DELETE_NAMES_BY_PARTY, keys=[key for key, _ in renamed])
            rows = [{"key": key, "called": keys_row(party)} for key, party in renamed]
            await self._tx.run(name_queries.CREATE_NAMES, rows=rows)

    async def _trace(self, parties: Sequence[tuple[str, Party]]) -> None:
        """Let parties be found by the contacts that they have now."""
        told = {key: contact_keys(party.contacts) for key, party in parties}
        moved = [key for key, keys in told.items() if self._reached.get(key, []) != keys]
        if gone := [key for key in moved if self._reached.get(key)]:
            await self._tx.run(network_queries.DELETE_TRACES_BY_PARTY, keys=gone)
        if rows := [{"party": key, "traces": told[key]} for key in moved if told[key]]:
            await self._tx.run(network_queries.CREATE_TRACES_OF_PARTIES, rows=rows)
        self._reached |= told

    async def relations(self, natural_keys: Sequence[str]) -> Mapping[str, Relation]:
        """Find relations by natural key."""
        if not natural_keys:
            return {}
        ((rows,),) = await self._tx.run(relation_queries.MATCH_RELATIONS_BY_NATURAL_KEY, keys=list(natural_keys))
        return {natural: found for natural, *row in rows if (found := mapping.relation_of(row)) is not None}

    async def relation(self, relation_id: str) -> Relation | None:
        """Find one relation; its parties count as found."""
        rows = await self._tx.run(relation_queries.MATCH_RELATION_BY_ID, id=relation_id)
        if not rows:
            return None
        source, target, *row = rows[0]
        found = mapping.relation_of(row)
        if found is not None:
            self._keys |= {found.source: source, found.target: target}
        return found

    async def relate(self, relations: Sequence[tuple[str, Relation]]) -> None:
        """Create relations, each as a node and as a relationship."""
        if not relations:
            return
        self._place.write_facts()
        rows = [mapping.relation_row(n, r, (self.key(r.source), self.key(r.target))) for n, r in relations]
        ends = {self.key(party) for _, r in relations for party in (r.source, r.target)}
        self._place.touch(ends)
        self.tied |= ends
        for kind in dict.fromkeys(r.kind for _, r in relations):
            of_kind = [row for row in rows if row["kind"] == kind.value]
            await self._tx.run(relation_queries.CREATE_RELATIONSHIPS[kind.value], rows=of_kind)

    async def end_relation(self, relation: Relation) -> None:
        """Append the newest end."""
        end = relation.ends[-1]
        self._place.touch((self.key(relation.source), self.key(relation.target)))
        await self._tx.run(
            relation_queries.APPEND_RELATION_END_BY_ID,
            id=relation.id,
            end=mapping.end_text(end),
            tick=self._place.write_facts(),
        )
