"""Rows of an import that say word for word what they said last, of a party and records that nobody touched since.

What a row says of a party, and of a record, is kept with them as a keyed digest, once the registry has found it to be
what is held; whatever else is written to them takes the digest away. Where both fit nothing is to be done, and neither
has to be read: a list that is told anew each day costs little more than reading its file. The digest is keyed since a
row may hold an identity number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from credit.errors import Malformed
from credit.identifiers import names_of, parse
from credit.model.caller import Caller
from credit.model.statements import ROW_PARTY, LoadRow, Outcome, PartyStatement, RecordStatement
from credit.ports import Hasher, PartyWriter

_FORM: Final = 1
"""Counted up where the registry makes something else of the same words."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a row says, as digests: of the party that ``name`` names, and of each record on it.

    ``party`` empty: the row only mentions it, and leaves it as it is. None of this for rows that say more.
    """

    name: str
    party: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Makes digests of what rows of one caller say."""

    hasher: Hasher
    caller: Caller

    def of(self, row: LoadRow) -> Wording | None:
        """Return the digests of a row; None where it says more than can be told by them."""
        if len(row.parties) != 1 or row.relations or row.projects or row.bids or row.complaints:
            return None
        (party,) = row.parties
        name = _name_of(party)
        if name is None or any(not _is_plain(said, party) for said in row.records):
            return None
        told = self._digest(party)
        records = tuple(self._digest([told, said.content]) for said in row.records)
        return Wording(name, "" if party.only_if_new else told, records)

    def _digest(self, said: object) -> str:
        by = (self.caller.id, self.caller.authority, sorted(self.caller.scopes))
        text = orjson.dumps([_FORM, by, said], default=str)
        return self.hasher.digest("wording", text.decode())[:32]


async def told_before(parties: PartyWriter, wordings: Sequence[Wording | None]) -> Mapping[int, Outcome]:
    """Return the outcome of each row that says just what is held, by its place."""
    asked = [(place, said) for place, said in enumerate(wordings) if said is not None]
    if not asked:
        return {}
    named = {said.name: said.party for _, said in asked if said.party or not said.records}
    held, records = await parties.told(named, [one for _, said in asked for one in said.records])
    found: dict[int, Outcome] = {}
    for place, said in asked:
        is_held = said.name in held and named[said.name] == said.party if said.name in named else True
        if is_held and all(one in records for one in said.records):
            ids = tuple(records[one] for one in said.records)
            found[place] = Outcome(ids[-1] if ids else held[said.name], records=ids)
    return found


def _name_of(party: PartyStatement) -> str | None:
    """The identifier under which a party is found, where it has one of its own."""
    if party.id is None:
        return None
    try:
        return names_of(parse(party.id))[0]
    except Malformed:
        return None


def _is_plain(said: RecordStatement, party: PartyStatement) -> bool:
    return said.party in {ROW_PARTY, party.id} and not said.events and said.proposal is None
