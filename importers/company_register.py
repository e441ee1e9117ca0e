"""Lists of registered organisations: each row registers a party or corrects its name, place and state."""

import re
from dataclasses import dataclass
from typing import Final

from credit.errors import FieldInvalid
from credit.identifiers import Identifier, IdKind, repair
from credit.model.party import PartyKind, PartyStatus
from credit.model.record import Source
from credit.model.statements import UNSET, LoadRow, PartyStatement, Unset
from credit.regions import Regions
from importers.cells import day, folded
from importers.codes import recognised
from importers.places import Places
from importers.source import Importer, Row, SourceSpec, describe

_SIX: Final = re.compile(r"\d{6}")
_BETWEEN_NAMES: Final = re.compile(r"[;；、,，|]")


class RegisterSpec(SourceSpec):
    """The register's TOML: with the words for a party's state."""

    statuses: dict[str, PartyStatus]


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: RegisterSpec
    places: Places

    def __call__(self, row: Row, source: Source) -> LoadRow:  # noqa: ARG002 - a party's state carries no source
        """Read a row: code and name must be there; an empty cell of the others leaves what is held."""
        identifier = recognised(repair(row["code"]))
        statement = PartyStatement(
            id=identifier.id,
            kind=kind_of(identifier),
            name=row.needed("name", "名称"),
            former_names=tuple(filter(None, map(str.strip, _BETWEEN_NAMES.split(row["former_names"])))) or UNSET,
            region=self._region(row),
            status=self._status(row["status"]),
            established_on=day(row["established_on"], "成立日期") or UNSET,
        )
        return LoadRow(row=row.number, parties=(statement,))

    def _region(self, row: Row) -> str | Unset:
        """Take the code given, else the place that the address begins with."""
        given = folded(row["region"])
        if _SIX.fullmatch(given):
            return given
        found = self.places.code_of(given) or self.places.code_of(folded(row["address"]))
        if given and found is None:
            raise FieldInvalid(f"行政区划“{row['region']}”无法识别", f"region {row['region']!r} is not recognised")
        return found or UNSET

    def _status(self, word: str) -> PartyStatus | Unset:
        if not word:
            return UNSET
        status = self.spec.statuses.get(folded(word))
        if status is None:
            raise FieldInvalid(f"登记状态“{word}”无法识别", f"status {word!r} is not known")
        return status


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("company_register", RegisterSpec)
    return Importer(spec, _Reader(spec, Places.of(Regions.load())))


def kind_of(identifier: Identifier) -> PartyKind:
    """Tell an individual business by its credit code (92) from an organisation."""
    single = identifier.kind is IdKind.CREDIT_CODE and identifier.value.startswith("92")
    return PartyKind.INDIVIDUAL_BUSINESS if single else PartyKind.ORGANISATION
