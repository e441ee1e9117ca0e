"""Who the organisations of a contracting process are (see ``ocds.toml``).

A party whose identifier is a natural person's, by its scheme or its form, sets its process aside: nobody is named by
such a number, and none is kept. Law: 个人信息保护法 6, 28.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from credit.errors import FieldInvalid
from credit.identifiers import redact
from credit.model.party import Role
from credit.model.statements import PartyStatement
from importers.foreign import MAINLAND, entry_key, in_register, must_be_nobodys, organisation
from importers.schemes import Schemes
from importers.shapes import object_in, objects_in

_PREFIX: Final = re.compile(r"ocds-([0-9a-z]{6})(?:-|$)", re.IGNORECASE)
_SCHEMED_ID: Final = re.compile(r"(?P<scheme>[A-Z]{2,3}-[A-Z0-9_]{2,20})-(?P<number>.+)")
_SEAT: Final = "US"


@dataclass(slots=True)
class Directory:
    """The organisations of a process: described in ``parties`` (1.1) or where they are named (1.0)."""

    ocid: str
    described: Mapping[str, Mapping[str, Any]]
    schemes: Schemes
    country: str
    _named: dict[str, PartyStatement] = field(default_factory=dict[str, PartyStatement])

    @classmethod
    def of(cls, ocid: str, process: Mapping[str, Any], schemes: Schemes) -> Self:
        """Read who is described, and the one country that the process names."""
        parties = objects_in(process, "parties")
        told = {str(object_in(p, "address").get("countryName") or "") for p in _all_named(process)}
        codes = {code for name in told if (code := schemes.countries.code_of(name)) is not None}
        only = codes.pop() if len(codes) == 1 else _SEAT
        return cls(ocid, {str(p.get("id")): p for p in parties}, schemes, _SEAT if only == MAINLAND else only)

    @property
    def named(self) -> tuple[PartyStatement, ...]:
        """Every organisation that was asked for, once."""
        return tuple(self._named.values())

    def of_whom(self, named: Mapping[str, Any]) -> dict[str, Any]:
        """Return all that the process tells of an organisation."""
        return {**self.described.get(str(named.get("id")), {}), **{k: v for k, v in named.items() if v is not None}}

    def sure(self, named: Mapping[str, Any]) -> str | None:
        """Return the id that a register gave an organisation; None of one known to this process alone.

        Raises: FieldInvalid where its number is a natural person's.
        """
        found = (self._of_register(identifier) for identifier in _identifiers(self.of_whom(named)))
        return next((party for party in found if party is not None), None)

    def member(self, named: Mapping[str, Any], role: Role, *, instead_of: str | None = None) -> str:
        """Return the id of an organisation; ``instead_of``: one that, named again, keeps its role.

        Raises: FieldInvalid where nothing names it.
        """
        party = self.of_whom(named)
        name = str(party.get("name") or object_in(party, "identifier").get("legalName") or "").strip()
        if not name:
            raise FieldInvalid("有一个机构没有名称", "an organisation has no name")
        statement = organisation(self._id(party, name), self.schemes.paperless(name), address=_line(party))
        if statement.id == instead_of or statement.id is None:
            return str(statement.id)
        self._named.setdefault(statement.id, replace(statement, roles=(role,)))
        return statement.id

    def _id(self, party: Mapping[str, Any], name: str) -> str:
        """Return the surest id: of a register, of the publisher's numbers, else one of this process alone.

        Raises: FieldInvalid where a number is, or may be, a natural person's.
        """
        if (found := self.sure(party)) is not None:
            return found
        own = object_in(party, "identifier")
        number = str(own.get("id") or "").strip()
        if number:
            scheme = str(own.get("scheme") or "").strip()
            register = f"{self._register}-{entry_key(scheme)[:6]}" if scheme else self._register
            return in_register(self._country(party), register, number)
        local = str(party.get("id") or "")
        must_be_nobodys(local)
        return in_register(self._country(party), self._register, entry_key(self.ocid, local, name))

    def _of_register(self, identifier: Mapping[str, Any]) -> str | None:
        return self.schemes.id_of(str(identifier.get("scheme") or ""), str(identifier.get("id") or ""))

    @property
    def _register(self) -> str:
        found = _PREFIX.match(self.ocid)
        return f"ocds-{found[1].lower()}" if found else "ocds"

    def _country(self, party: Mapping[str, Any]) -> str:
        code = self.schemes.countries.code_of(str(object_in(party, "address").get("countryName") or ""))
        return self.country if code in {None, MAINLAND} else str(code)


def _identifiers(party: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield object_in(party, "identifier")
    yield from objects_in(party, "additionalIdentifiers")
    if found := _SCHEMED_ID.fullmatch(str(party.get("id") or "")):
        yield {"scheme": found["scheme"], "id": found["number"]}


def _line(party: Mapping[str, Any]) -> str:
    address = object_in(party, "address")
    parts = (address.get(k) for k in ("streetAddress", "locality", "region", "postalCode", "countryName"))
    return redact(", ".join(str(p).strip() for p in parts if p not in (None, "")))


def _all_named(process: Mapping[str, Any]) -> list[dict[str, Any]]:
    tenderers = objects_in(object_in(process, "tender"), "tenderers")
    return [*objects_in(process, "parties"), object_in(process, "buyer"), *tenderers]
