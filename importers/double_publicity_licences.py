"""双公示 administrative licences, in the layouts of 2018 and 2015: each row registers the party that it names.

No rule asks for a licence, so that it is not held (DOMAIN §3.3, Q12 speak of revoked ones as penalties alone). What is
not read of a row restricts nobody; a natural person's row is set aside: nobody needs it held (个人信息保护法 6).
"""

from dataclasses import dataclass

from credit.errors import FieldInvalid
from credit.model.party import PartyKind
from credit.model.record import Source
from credit.model.statements import LoadRow
from importers.cells import day, folded
from importers.double_publicity_parties import PublicitySpec, kind_in, name_in, organisation_in
from importers.set_aside import SetAside
from importers.source import Importer, Row, Strict, describe


class States(Strict):
    """States of a licence, as sources write them."""

    known: tuple[str, ...]


class LicenceSpec(PublicitySpec):
    """The TOML of 双公示 licences."""

    states: States


@dataclass(frozen=True, slots=True)
class _Reader:
    spec: LicenceSpec

    def __call__(self, row: Row, source: Source) -> LoadRow:  # noqa: ARG002 - a party carries no source
        """Read a row: whatever the licence's state, the party is one that exists under this code and name."""
        self._must_be_a_licence(row)
        name, kind = name_in(row), kind_in(row, self.spec.parties)
        if kind is PartyKind.PERSON:
            raise SetAside("自然人的行政许可不登记", "a natural person's licence is not recorded")
        party = organisation_in(row, name, single=kind is PartyKind.INDIVIDUAL_BUSINESS)
        return LoadRow(row=row.number, parties=(party,))

    def _must_be_a_licence(self, row: Row) -> None:
        """Look at the cells that every licence has, so that a file of something else does not register parties.

        Raises: FieldInvalid.
        """
        row.needed("doc_no", "行政许可决定文书号")
        row.needed("authority", "许可机关")
        day(row.needed("decided_on", "许可决定日期"), "许可决定日期")
        state = folded(row["state"])
        if state and state not in self.spec.states.known:
            raise FieldInvalid(f"当前状态“{row['state']}”无法识别", f"the state {row['state']!r} is not known")


def importer() -> Importer:
    """Describe this source and how its rows are read."""
    spec = describe("double_publicity_licences", LicenceSpec)
    return Importer(spec, _Reader(spec))
