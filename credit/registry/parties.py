"""Registering and correcting parties: one body is one party under every identifier that names it.

An organisation code contained in a known credit code is the same party, also when the credit code is learnt later; a
person is known by the keyed hash of the identity number. Law: GB 32100, GB 11714, GB 11643; DOMAIN §1.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from credit.errors import FieldInvalid, IdentityConflict, Malformed, PartyUnknown
from credit.identifiers import (
    Identifier,
    IdKind,
    check_identity_number,
    mask_identity_number,
    names_of,
    new_person,
    parse,
)
from credit.model.party import Contact, Party, PartyId, PartyKind
from credit.model.statements import UNSET, Outcome, PartyStatement, Written
from credit.names import same_name
from credit.ports import Alike, Hasher, HeldParty, MergeReader, PartyWriter
from credit.registry.merges import must_stay_one

T = TypeVar("T")
_HASHED_CONTACTS = frozenset({"device", "account"})
_KINDS = {
    IdKind.CREDIT_CODE: {PartyKind.ORGANISATION, PartyKind.INDIVIDUAL_BUSINESS},
    IdKind.ORGANISATION_CODE: {PartyKind.ORGANISATION, PartyKind.INDIVIDUAL_BUSINESS},
    IdKind.REGISTRATION_NUMBER: {PartyKind.ORGANISATION, PartyKind.INDIVIDUAL_BUSINESS},
    IdKind.PERSON: {PartyKind.PERSON},
    IdKind.FOREIGN: {PartyKind.FOREIGN},
    IdKind.LEI: {PartyKind.FOREIGN},
}
_FIELDS = ("kind", "name", "former_names", "roles", "region", "status", "established_on", "contacts")


_Before = tuple[str, HeldParty | None, set[str] | None, Mapping[str, HeldParty | None]]
"""What stood where a statement was planned: inner key, state and names under it, parties by name."""


@dataclass(slots=True)
class PartyPlan:
    """What a write is about to do to parties: held ones by every identifier, and the states to be saved.

    Statements are planned one after the other, so that two in one call with the same identifier behave as two calls.
    """

    hasher: Hasher
    held: dict[str, HeldParty]
    staged: dict[str, HeldParty] = field(default_factory=dict[str, HeldParty])
    names: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    alike: dict[str, Alike] = field(default_factory=dict[str, Alike])
    """By inner key what was read of those that are one party with others (`look_through`)."""
    _before: list["_Before"] = field(default_factory=list["_Before"])

    @classmethod
    async def open(cls, writer: PartyWriter, hasher: Hasher, ids: Iterable[str]) -> "PartyPlan":
        """Read what is held under the identifiers in one go."""
        found = await writer.find(list(dict.fromkeys(ids)))
        return cls(hasher, {**found, **{p.party.id: p for p in found.values()}})

    async def look_through(self, merges: MergeReader, statements: Iterable[PartyStatement]) -> None:
        """Read which entries are one with the parties that statements name; of those never merged nothing is read."""
        if not any(party.merged for party in self.held.values()):
            return
        named = (self.held.get(name) for name in ids_of(statements, self.hasher))
        merged = {p.key: p.party.id for p in named if p is not None and p.merged}
        if merged:
            found = await merges.alike(sorted(merged.values()))
            self.alike = {key: found[party] for key, party in merged.items() if party in found}

    def named(self, party_id: str, pointer: str = "") -> HeldParty:
        """The party that an id names, as it will be after this write.

        Raises: PartyUnknown.
        """
        found = self.held.get(party_id)
        if found is None:
            raise PartyUnknown(f"主体 {party_id} 未登记", f"the party {party_id} is not registered", pointer=pointer)
        return self.staged.get(found.key, found)

    def held_as(self, party_id: str) -> HeldParty | None:
        """The party that an id names, or will name once this write has learnt its credit code; None where none is held.

        It is as it was held before this write.
        """
        if party_id in self.held:
            return self.held[party_id]
        try:
            names = names_of(parse(party_id))
        except Malformed:
            return None
        return next((self.held[name] for name in names if name in self.held), None)

    def key_of(self, party_id: str) -> str:
        """The inner key of the party that an id names, the id itself where this write has nothing to do with it."""
        found = self.held.get(party_id)
        return found.key if found is not None else party_id

    def state(self, statement: PartyStatement, told: str | None = None) -> Outcome:
        """Plan one statement; ``told`` is the digest of its words where it is an import row's.

        Raises: FieldInvalid, IdentifierInvalid, IdentityConflict, CreditCodesDiffer, PartyUnknown.
        """
        outcome = self._plan(statement)
        if outcome.written is not Written.UNCHANGED:
            key = self.held[outcome.id].key
            self.staged[key] = replace(self.staged[key], told=told)
        return outcome

    def _plan(self, statement: PartyStatement) -> Outcome:
        identifier = parse(statement.id) if statement.id is not None else None
        number = identity_of(statement)
        mark = f"idhash:{self.hasher.digest('identity', number)}" if number else None
        names = names_of(identifier) if identifier else _entry_of(statement, self.hasher)
        found = self._found(statement, identifier, names, mark)
        if found is None:
            return self._new(statement, identifier, names, (mark, number))
        if identifier is None or (statement.only_if_new and identifier.id in self.held):
            return Outcome(found.party.id)
        return self._correct(found, statement, identifier, (*names, *filter(None, [mark])))

    def _found(
        self, statement: PartyStatement, identifier: Identifier | None, names: Sequence[str], mark: str | None
    ) -> HeldParty | None:
        by_name = next((self.named(n) for n in names if n in self.held), None)
        by_mark = self.named(mark) if mark and mark in self.held else None
        if by_mark is not None:
            if by_name is not None and by_name.key != by_mark.key:
                raise IdentityConflict("该证件号码属于另一主体", "the identity number is another party's")
            if isinstance(statement.name, str) and not same_name(statement.name, by_mark.party.name):
                raise IdentityConflict("同一证件号码已登记在另一姓名下", "the number is held under another name")
        if by_name is not None and identifier is not None:
            _same_body(by_name, identifier)
        if by_name is None and identifier is not None and identifier.kind is IdKind.PERSON:
            raise PartyUnknown(f"主体 {identifier.id} 未登记", f"the person {identifier.id} is not registered")
        return by_name or by_mark

    def _new(
        self,
        statement: PartyStatement,
        identifier: Identifier | None,
        names: Sequence[str],
        identity: tuple[str | None, str | None],
    ) -> Outcome:
        mark, number = identity
        if statement.kind is UNSET or statement.name is UNSET:
            raise FieldInvalid("新主体须有 kind 和 name", "a new party needs kind and name", pointer="/kind")
        if identifier is None:
            if statement.kind is not PartyKind.PERSON:
                raise FieldInvalid("只有自然人由登记系统编号", "only persons are given an id here", pointer="/kind")
            identifier = Identifier(IdKind.PERSON, new_person())
            names = (*names_of(identifier), *names)
        masked = mask_identity_number(number) if number else None
        blank = Party(PartyId(identifier.id), statement.kind, statement.name, identity_masked=masked)
        party = replace(blank, **self._given(statement, identifier))
        self._stage(HeldParty(secrets.token_hex(12), party, 0, recorded=False), {*names, *filter(None, [mark])})
        return Outcome(party.id, Written.CREATED)

    def _correct(
        self, found: HeldParty, statement: PartyStatement, identifier: Identifier, names: Sequence[str]
    ) -> Outcome:
        given = {} if statement.only_if_new else self._given(statement, identifier)
        number = identity_of(statement)
        if number and not statement.only_if_new:
            given["identity_masked"] = mask_identity_number(number)
        if identifier.kind is IdKind.CREDIT_CODE:
            given["id"] = PartyId(identifier.id)
        party = replace(found.party, **given)
        fresh = {n for n in names if n not in self.held}
        if party == found.party and not fresh:
            return Outcome(found.party.id)
        self._must_stay_one(found, party, fresh)
        self._stage(replace(found, party=party), fresh)
        return Outcome(party.id, Written.CORRECTED)

    def _must_stay_one(self, found: HeldParty, party: Party, fresh: Iterable[str]) -> None:
        """Hold a merged entry to what it could be merged as, the others as they will be after this write."""
        one = self.alike.get(found.key)
        if one is not None:
            others = [self.named(x).party if x in self.held else e for x, e in zip(one.ids, one.entries, strict=True)]
            numbered = any(name.startswith("idhash:") for name in fresh)
            must_stay_one(found.party, party, [p for p in others if p.id != found.party.id], numbered=numbered)

    def _given(self, statement: PartyStatement, identifier: Identifier) -> dict[str, Any]:
        given = {f: v for f in _FIELDS if (v := getattr(statement, f)) is not UNSET}
        if given.get("kind") not in {None, *_KINDS[identifier.kind]}:
            raise FieldInvalid("kind 与标识的种类不符", "the kind does not fit the identifier", pointer="/kind")
        if "contacts" in given:
            given["contacts"] = tuple(self._contact(c) for c in given["contacts"])
        return given

    def _contact(self, contact: Contact) -> Contact:
        if contact.kind not in _HASHED_CONTACTS:
            return contact
        return Contact(contact.kind, self.hasher.digest(contact.kind, contact.value))

    def mark(self) -> int:
        """Name this point, to which what is planned later can be taken back."""
        return len(self._before)

    def back_to(self, mark: int) -> None:
        """Take back what was planned after a point."""
        while len(self._before) > mark:
            key, staged, names, held = self._before.pop()
            _put_back(self.staged, key, staged)
            _put_back(self.names, key, names)
            for name, party in held.items():
                _put_back(self.held, name, party)

    def _stage(self, party: HeldParty, names: set[str]) -> None:
        known = self.names.get(party.key)
        held = {name: self.held.get(name) for name in names}
        self._before.append((party.key, self.staged.get(party.key), None if known is None else set(known), held))
        self.staged[party.key] = party
        self.names.setdefault(party.key, set()).update(names)
        self.held.update(dict.fromkeys(names, party))

    async def save(self, writer: PartyWriter) -> None:
        """Write the planned states."""
        if self.staged:
            await writer.save([(held, sorted(self.names.get(key, ()))) for key, held in self.staged.items()])


def _put_back(table: dict[str, T], key: str, value: T | None) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def ids_of(statements: Iterable[PartyStatement], hasher: Hasher) -> list[str]:
    """Every identifier that statements name, the keyed hashes too; malformed ones are left for planning to refuse."""
    ids: list[str] = []
    for statement in statements:
        try:
            ids += names_of(parse(statement.id)) if statement.id is not None else _entry_of(statement, hasher)
            if number := identity_of(statement):
                ids.append(f"idhash:{hasher.digest('identity', number)}")
        except Malformed:
            continue
    return ids


def lasting(statements: Iterable[PartyStatement]) -> tuple[PartyStatement, ...]:
    """Give an entry to those that have nothing to be found by, before a write that may run twice.

    A person without a number is a new one each time it is told, but once only in one write.
    """
    return tuple(s if _is_found_again(s) else replace(s, entry=secrets.token_hex(16)) for s in statements)


def _is_found_again(statement: PartyStatement) -> bool:
    number = statement.identity_number
    return statement.id is not None or statement.entry is not None or (number is not UNSET and number is not None)


def _entry_of(statement: PartyStatement, hasher: Hasher) -> tuple[str, ...]:
    """Return the name under which a party without an id is found again: the keyed hash of its source's entry."""
    return (f"entry:{hasher.digest('entry', statement.entry)}",) if statement.entry else ()


def identity_of(statement: PartyStatement) -> str | None:
    """The checked identity number of a person's statement, None where none is given.

    Raises: FieldInvalid, IdentifierInvalid; neither names the number.
    """
    if statement.identity_number is UNSET or statement.identity_number is None:
        return None
    is_person = statement.kind is PartyKind.PERSON or (statement.id or "").startswith("person:")
    if not is_person:
        raise FieldInvalid("只有自然人有身份证号码", "only a person has an identity number", pointer="/identity_number")
    return check_identity_number(statement.identity_number)


def _same_body(held: HeldParty, identifier: Identifier) -> None:
    """Refuse a credit code whose organisation code another credit code holds.

    Raises: IdentityConflict.
    """
    if identifier.kind is not IdKind.CREDIT_CODE or held.party.id == identifier.id:
        return
    if parse(held.party.id).kind is IdKind.CREDIT_CODE:
        raise IdentityConflict(
            f"组织机构代码已属于 {held.party.id}", f"its organisation code is already {held.party.id}'s"
        )


def resolved(plan: PartyPlan, ids: Mapping[str, str]) -> dict[str, PartyId]:
    """The current ids of the parties named under each field.

    Raises: PartyUnknown, pointing to the field.
    """
    return {name: plan.named(party_id, f"/{name}").party.id for name, party_id in ids.items()}
