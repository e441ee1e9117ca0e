"""What an importer is made of: the source's description, rows as read, and rows as taken or rejected.

Each source is a TOML beside its module (publisher, licence, layouts, bounds, words) and one pure function that makes a
``LoadRow`` of a ``Row``. A column that no layout names fails the whole file: a source that changed is looked at by a
person before anything of it is written.
"""

import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from importlib.resources import files
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from credit.errors import FieldInvalid, Malformed
from credit.model.party import PartyKind
from credit.model.record import Source
from credit.model.statements import LoadRow, PartyStatement, Unset
from importers.drift import Faults, drift
from importers.set_aside import HIDDEN, SetAside, Why

Spec = TypeVar("Spec", bound="SourceSpec")


class Strict(BaseModel):
    """A part of a source's TOML: unknown keys stop the import before it starts."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(Strict):
    """A column by the names it goes under, codes and Chinese ones.

    ``secret``: masked wherever it is shown. ``lines``: free text (in JSON) whose line breaks are kept.
    """

    names: tuple[str, ...] = Field(min_length=1)
    required: bool = False
    secret: bool = False
    lines: bool = False


class Layout(Strict):
    """One shape of the source's files; ``unused`` columns are known and left out on purpose.

    ``orders``: the headings in their order, for pages that print rows without a header; such a row is known by the
    ``shapes`` (patterns over the folded text) of its fields.
    """

    name: str
    columns: Mapping[str, Column]
    unused: tuple[str, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()
    shapes: Mapping[str, str] = Field(default_factory=dict[str, str])

    @model_validator(mode="after")
    def _names_are_told_apart(self) -> Self:
        names = [heading(n) for c in self.columns.values() for n in c.names] + [heading(n) for n in self.unused]
        if twice := {n for n in names if names.count(n) > 1}:
            raise ValueError(f"one name for two columns: {sorted(twice)}")
        if strange := {h for order in self.orders for h in order if heading(h) not in names}:
            raise ValueError(f"headings of an order that are no column: {sorted(strange)}")
        return self

    def fields(self) -> Mapping[str, str]:
        """Map every heading to its field; unused ones to an empty one."""
        named = {heading(n): field for field, column in self.columns.items() for n in column.names}
        return {**dict.fromkeys(map(heading, self.unused), ""), **named}

    def faults(self, header: Sequence[str]) -> Faults:
        """Compare a header with this layout."""
        fields = self.fields()
        found = [fields.get(heading(h)) for h in header]
        named = [f for f in found if f]
        return Faults(
            missing=tuple(c.names[0] for f, c in self.columns.items() if c.required and f not in named),
            unknown=tuple(h for h, f in zip(header, found, strict=True) if f is None),
            doubled=tuple(sorted({f for f in named if named.count(f) > 1})),
        )


class Sections(Strict):
    """The headings of a page that shows one party's records as lists of labels and values: read ones, known others."""

    read: tuple[str, ...] = Field(min_length=1)
    known: tuple[str, ...] = ()


class SourceSpec(Strict):
    """A source: who publishes it, on what terms, in which layouts, and how many rows a whole run has.

    ``list``: the list that a complete run synchronises; None for what is no list. ``batch``: rows in one write.
    ``expected_rejects``: rows that the source never tells in full, so that the list is whole without them.
    ``may_lose``: the share of its entries that the list may lose from one whole run to the next, or so many rows as
    ``may_lose_rows``; where more are gone, the file is taken for a part of the list, and nothing is taken off it. Every
    list states the share.
    ``latin``: files may be in ISO-8859-1. ``header_rows``: rows that a merged header takes up; with more than one, rows
    of title may stand above it. ``wrappers``: more keys under which a JSON file holds its records. ``form``: how the
    rows of a file that is no table are found (``rows.FORMS``). ``page_marks``: files may be web pages or plain texts of
    one notice each, which hold at least one of these. ``sections``: web pages show one party's records under headings.
    """

    id: str
    publisher: str
    publisher_en: str
    title: str
    title_en: str
    licence: str
    url: str
    min_rows: int = Field(ge=0)
    max_rows: int = Field(gt=0)
    list: str | None = None
    expected_rejects: frozenset[Why] = frozenset()
    may_lose: Decimal = Field(default=Decimal(0), ge=0, le=1)
    may_lose_rows: int = Field(default=2, ge=0)
    batch: int = Field(default=1000, gt=0)
    latin: bool = False
    header_rows: int = Field(default=1, ge=1, le=3)
    wrappers: tuple[str, ...] = ()
    form: str | None = None
    page_marks: tuple[str, ...] = ()
    sections: Sections | None = None
    layouts: tuple[Layout, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _a_list_says_what_it_may_lose(self) -> Self:
        if self.list is not None and "may_lose" not in self.model_fields_set:
            raise ValueError("a list states may_lose")
        return self

    @property
    def silent(self) -> tuple[PartyKind, ...]:
        """Kinds of parties whose rows are set aside: that none of them is held says of nobody that he is clean."""
        return tuple(HIDDEN[why] for why in sorted(self.expected_rejects) if why in HIDDEN)

    def is_gap(self, reject: "Rejected") -> bool:
        """Whether a list without this row is not whole: it may name a party that would then pass for clean."""
        return reject.why is None or reject.why not in self.expected_rejects

    def is_whole(self, rows: int, gaps: int) -> bool:
        """Whether so many rows with so many gaps may be the whole of a source."""
        return self.min_rows <= rows <= self.max_rows and not gaps

    def layout_of(self, header: Sequence[str]) -> Layout:
        """Find the layout that a header is in.

        Raises: LayoutDrift, naming what is missing or unknown in the nearest one.
        """
        compared = [(layout.faults(header), layout) for layout in self.layouts]
        faults, layout = min(compared, key=lambda pair: len(pair[0]))
        if len(faults):
            raise drift((self.title, self.title_en), layout.name, faults)
        return layout


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read: its number in the file (the header is 1; of JSON the first record is 1), values by field."""

    number: int
    values: Mapping[str, str]
    raw: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        """The cleaned text of a field; empty where the layout or the row has none."""
        return self.values.get(field, "")

    def needed(self, field: str, name: str) -> str:
        """The text of a field that may not be empty; ``name`` is the column's in Chinese, for the message.

        Raises: FieldInvalid.
        """
        if not self[field]:
            raise FieldInvalid(f"{name}为空", f"{name} is empty")
        return self[field]


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that parsed; ``raw`` in case the registry refuses it."""

    load: LoadRow
    raw: Mapping[str, str]

    @property
    def repaired(self) -> bool:
        """Whether a party's number does not stand in the row as it is written now."""
        numbers = (_number(party) for party in self.load.parties if not _is_entry(party))
        return any(number not in self.raw.values() and not self._in_text(number) for number in numbers)

    @property
    def doubts(self) -> "list[Rejected]":
        """What of the row was left out for a person to read."""
        return [Rejected(self.load.row, self.raw, zh, en) for zh, en in self.load.doubts]

    def _in_text(self, number: str | Unset | None) -> bool:
        return isinstance(number, str) and any(
            number in text and len(text.strip()) > len(number) for text in self.raw.values()
        )


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row for a person to look at, with the reason; ``why``: the sort of row that it is, where it was set aside."""

    row: int
    raw: Mapping[str, str]
    zh: str
    en: str
    why: Why | None = None


def _as_it_is(raw: Mapping[str, str]) -> Mapping[str, str]:
    return raw


@dataclass(frozen=True, slots=True)
class Importer:
    """A source's description and the function that reads a row of it, which raises Malformed to reject the row.

    ``read_all`` takes its place where one row speaks of several parties, each taken or rejected for itself. ``hide``
    masks in a row, before a person is shown any of it, what is kept nowhere.
    """

    spec: SourceSpec
    read: Callable[[Row, Source], LoadRow]
    read_all: "Callable[[Row, Source], Sequence[LoadRow | Rejected]] | None" = None
    hide: Callable[[Mapping[str, str]], Mapping[str, str]] = _as_it_is

    def parse(self, rows: Iterable[Row | Rejected], source: Source) -> Iterator[Taken | Rejected]:
        """Read rows one by one; every fact's ``source`` names its row."""
        for row in rows:
            if isinstance(row, Rejected):
                yield self._hidden(row)
            elif self.read_all is not None:
                yield from self._several(self.read_all, row, replace(source, row=row.number))
            else:
                yield self._one(row, replace(source, row=row.number))

    def _several(
        self, read_all: "Callable[[Row, Source], Sequence[LoadRow | Rejected]]", row: Row, source: Source
    ) -> Iterator[Taken | Rejected]:
        try:
            parts = read_all(row, source)
        except Malformed as error:
            parts = (refused(row, error),)
        for part in parts:
            yield self._hidden(part) if isinstance(part, Rejected) else Taken(part, self.hide(row.raw))

    def _one(self, row: Row, source: Source) -> Taken | Rejected:
        try:
            return Taken(self.read(row, source), self.hide(row.raw))
        except Malformed as error:
            return self._hidden(refused(row, error))

    def _hidden(self, reject: Rejected) -> Rejected:
        return replace(reject, raw=self.hide(reject.raw))


def refused(row: Row, error: Malformed) -> Rejected:
    """Reject a row with what it was refused for, and the sort of row that it is where it was set aside."""
    return Rejected(row.number, row.raw, error.zh, error.en, error.why if isinstance(error, SetAside) else None)


def describe(module: str, spec: type[Spec]) -> Spec:
    """Read the TOML beside a module of this package."""
    data: dict[str, Any] = tomllib.loads(files("importers").joinpath(f"{module}.toml").read_text(encoding="utf-8"))
    return spec.model_validate(data)


def heading(text: str) -> str:
    r"""Fold a heading for comparison: width and case, no blanks, no star of a required column.

    >>> heading(" 罚款金额（万元）\n*"), heading("cf_wsh")
    ('罚款金额(万元)', 'CF_WSH')
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("*").upper()


def _is_entry(party: PartyStatement) -> bool:
    """Whether a party is named as an entry of a source abroad: its number is not one that is written and repaired."""
    return party.entry is not None or (party.id or "").startswith(("foreign:", "lei:", "person:"))


def _number(party: PartyStatement) -> str | Unset | None:
    return party.identity_number if party.id is None else party.id.rpartition(":")[2]
