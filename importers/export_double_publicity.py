"""Our own penalties in the 双公示 layout of 2018, such that the importer reads back what is held.

Each row is read by the importer before it is written: what a penalty holds beyond the columns goes into the remark
(`importers.double_publicity_supplement`), and a penalty that would come back as another stays out and is counted. What
was withdrawn is not published. A natural person's row (only where asked for) has the number masked, so that it can't be
read back. Events are no part of the layout: of a decision that was suspended, contested or lifted the remark says so,
and the row is set aside where it is read. Law: 处罚法 48; 个人信息保护法 6; DOMAIN §6.3.
"""

from collections import Counter
from collections.abc import AsyncIterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from credit.errors import FieldInvalid, Malformed
from credit.identifiers import redact
from credit.model.party import Party, PartyKind
from credit.model.record import Event, EventKind, Penalty, PenaltyKind, Record
from credit.rules.catalogue import Catalogue
from credit.rules.periods import Periods
from credit.rules.standing import amend
from importers.cells import clean
from importers.double_publicity import PenaltyReader
from importers.double_publicity_parties import name_in, organisation_in
from importers.double_publicity_rows import ExportSpec, PenaltyCells, kinds_of
from importers.double_publicity_supplement import SupplementSpec, differences, supplement
from importers.source import Row, heading
from importers.written_tables import LONGEST_CELL, written_table

_WITHDRAWN: Final = frozenset({
    EventKind.ANNULLED,
    EventKind.REPAIRED,
    EventKind.REMOVED,
    EventKind.ENTERED_IN_ERROR,
})  # fmt: skip
_CLOSED_BY: Final = {
    EventKind.OBJECTION_OPENED: EventKind.OBJECTION_CLOSED,
    EventKind.REVIEW_OPENED: EventKind.REVIEW_CLOSED,
}


class LeftOut(StrEnum):
    """Why a penalty is not in the file; the words for it stand in the TOML."""

    WITHDRAWN = "withdrawn"
    PERSON = "person"
    ABROAD = "abroad"
    NO_PENALTY = "no_penalty"
    BAN = "ban"
    OTHER = "other"


@dataclass(slots=True)
class Exported:
    """How an export went. ``changed``, of those written: the remark says what became of the decision since.

    ``amended``, of those written: with the content as amended, which a registry that holds the first one refuses.
    """

    written: int = 0
    changed: int = 0
    amended: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter[LeftOut])


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes rows that are read back as what is held; ``today``: amendments of later days are not yet made."""

    spec: ExportSpec
    words: SupplementSpec
    reader: PenaltyReader
    fields: Mapping[str, str]
    not_penalties: frozenset[PenaltyKind]
    today: date

    @classmethod
    def load(cls, today: date) -> Self:
        """Read the words of the layout.

        Raises: CatalogueInvalid.
        """
        spec, reader = ExportSpec.load(), PenaltyReader.load()
        fields = reader.spec.layout_of([head for head, _ in spec.columns]).fields()
        not_penalties = Periods.load(Catalogue.load()).kinds["not_penalties"]
        return cls(spec, reader.spec.supplement, reader, fields, frozenset(not_penalties), today)

    @property
    def header(self) -> Sequence[str]:
        """The headings."""
        return [head for head, _ in self.spec.columns]

    def row(self, record: Record, party: Party, *, persons: bool = False) -> Sequence[str] | LeftOut:
        """Return the row of a penalty, or why there is none."""
        held = self.content(record)
        if held is None or any(event.kind in _WITHDRAWN for event in record.events):
            return LeftOut.WITHDRAWN
        if party.kind is PartyKind.FOREIGN:
            return LeftOut.ABROAD
        if party.kind is PartyKind.PERSON and not persons:
            return LeftOut.PERSON
        if not held.fine and not held.ban and set(held.kinds) <= self.not_penalties:
            return LeftOut.NO_PENALTY
        if any(kind not in self.spec.kinds for kind in kinds_of(held)):
            return LeftOut.OTHER
        return self._row(held, party, self.standing(record.events))

    def content(self, record: Record) -> Penalty | None:
        """Return a penalty as amended by today; None of an entry on a list."""
        content = record.content
        for event in sorted(record.events, key=lambda e: (e.on.start, e.tick)):
            if event.kind is EventKind.AMENDED and event.on.day <= self.today:
                content = amend(content, event.changes)
        return content if isinstance(content, Penalty) else None

    def standing(self, events: Sequence[Event]) -> str:
        """Say what became of a decision that may no longer stand as it was made; empty where nothing did."""
        told = [e for e in events if e.kind in self.spec.standing and not _is_over(e, events)]
        return "；".join(f"{e.on.day} {self.spec.standing[e.kind]}" for e in sorted(told, key=lambda e: e.on.start))

    def _row(self, held: Penalty, party: Party, standing: str) -> Sequence[str] | LeftOut:
        """Write the columns, read them, put what is lacking into the remark, and read the whole once more."""
        cells, wanted = PenaltyCells(self.spec).of(held, party), _masked(held)
        try:
            read = self._read(cells)
            remark = supplement(self.words, read, wanted)
            lost = differences(self._read({**cells, "remark": remark}) if remark else read, wanted)
            self._must_name(party, cells)
        except Malformed:
            return LeftOut.BAN if held.ban else LeftOut.OTHER
        if lost:
            return LeftOut.BAN if "ban" in lost else LeftOut.OTHER
        line = self._line(
            {**cells, "remark": supplement(self.words, read, wanted, standing=standing) if standing else remark}
        )
        return LeftOut.OTHER if any(map(_is_unfit, line)) else line

    def _read(self, cells: Mapping[str, str]) -> Penalty:
        """Read the decision as the importer would read it from a file.

        Raises: Malformed.
        """
        return self.reader.penalty(self.as_read(self._line(cells)))

    def _must_name(self, party: Party, cells: Mapping[str, str]) -> None:
        """Look that the row names the party; a natural person's never does.

        Raises: Malformed.
        """
        if party.kind is not PartyKind.PERSON:
            row = self.as_read(self._line(cells))
            if organisation_in(row, name_in(row), single=False).id != party.id:
                raise FieldInvalid("该行不能指明主体", "the row does not name the party")

    def _line(self, cells: Mapping[str, str]) -> Sequence[str]:
        return [cells.get(column, "") for _, column in self.spec.columns]

    def as_read(self, line: Sequence[str]) -> Row:
        """Return a line as the importer finds it in a file."""
        raw = dict(zip(self.header, line, strict=True))
        return Row(0, {self.fields[heading(head)]: clean(text) for head, text in raw.items() if text}, raw)


async def export_penalties(
    held: AsyncIterable[tuple[Record, Party]],
    path: Path,
    exporter: Exporter,
    *,
    since: date | None = None,
    persons: bool = False,
) -> Exported:
    """Write the penalties decided on or after ``since`` into a CSV or XLSX file, one at a time.

    Raises: FieldInvalid for another suffix, Unavailable where the file cannot be written, StoreUnavailable.
    """
    done = Exported()
    with written_table(path) as write:
        write(exporter.header)
        async for record, party in held:
            content = exporter.content(record)
            if content is None or (since is not None and content.decided_on < since):
                continue
            row = exporter.row(record, party, persons=persons)
            if isinstance(row, LeftOut):
                done.left_out[row] += 1
                continue
            write(row)
            done.written += 1
            done.changed += bool(exporter.standing(record.events))
            done.amended += content != record.content
    return done


def _is_over(event: Event, events: Sequence[Event]) -> bool:
    """Whether an objection or a review was closed, that day or later."""
    return any(e.kind is _CLOSED_BY.get(event.kind) and e.on.start >= event.on.start for e in events)


def _masked(penalty: Penalty) -> Penalty:
    """Mask what reads as an identity number in running text."""
    basis = tuple(redact(text) for text in penalty.legal_basis)
    return replace(penalty, violation=redact(penalty.violation), legal_basis=basis)


def _is_unfit(text: str) -> bool:
    """Whether a cell is longer than a spreadsheet's, or reads as an identity number: that never leaves."""
    return len(text) > LONGEST_CELL or redact(text) != text
