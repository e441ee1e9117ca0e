"""Web pages that show one party's records under headings: a list a record, an item a label in bold and its value."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Final

from credit.errors import LayoutDrift
from importers.cells import clean, folded
from importers.snapshot import Snapshot
from importers.source import Rejected, Row, Sections, SourceSpec, heading

_LONGEST: Final = 1 << 23
_TAB: Final = re.compile(r"(.+?)\((\d+)\)")
UNSEEN: Final = frozenset({"script", "style", "noscript", "template"})
"""Elements whose text no reader of a page sees."""


def section_rows(snapshot: Snapshot, spec: SourceSpec, sections: Sections) -> Iterator[Row | Rejected]:
    """Yield the records under the headings that are read; their labels are looked at before this returns.

    Raises: LayoutDrift where a heading or a label is not known, or fewer records stand there than the page says.
    """
    with snapshot.path.open(encoding=snapshot.encoding) as file:
        text = file.read(_LONGEST + 1)
    page = _SectionPage(frozenset((*sections.read, *sections.known)))
    page.feed(text.removeprefix("\ufeff"))
    page.close()
    name = snapshot.path.name
    if len(text) > _LONGEST or page.open:
        raise LayoutDrift(f"{name} 过长或中断", f"{name} is too long, or breaks off")
    if missing := set(sections.read) - page.seen:
        raise LayoutDrift(f"{name} 中没有“{'、'.join(missing)}”一栏", f"{name} lacks the section {', '.join(missing)}")
    if strange := [s for s, _ in page.records if s not in {*sections.read, *sections.known}]:
        raise LayoutDrift(f"{name} 有未知的栏目“{strange[0]}”", f"{name} has an unknown section {strange[0]!r}")
    records = [pairs for section, pairs in page.records if section in sections.read]
    stated = [count for section, count in page.counts.items() if section in sections.read]
    if stated and sum(stated) != len(records):
        zh = f"{name} 注明 {sum(stated)} 条记录，实有 {len(records)} 条"
        raise LayoutDrift(zh, f"{name} says that it has {sum(stated)} records, and holds {len(records)}")
    return iter([_record(number, pairs, spec) for number, pairs in enumerate(records, 1)])


def _record(number: int, pairs: Sequence[tuple[str, str]], spec: SourceSpec) -> Row:
    labels = [label for label, _ in pairs]
    fields = spec.layout_of(labels).fields()
    values = {fields[heading(label)]: clean(text) for label, text in pairs if fields[heading(label)]}
    return Row(number, values, dict(pairs))


class _SectionPage(HTMLParser):
    """Records under headings: a list a record, an item a label in bold and its value."""

    def __init__(self, titles: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.records: list[tuple[str, list[tuple[str, str]]]] = []
        self.counts: dict[str, int] = {}
        self.seen: set[str] = set()
        self._titles = titles
        self._section = ""
        self._title: list[str] | None = None
        self._pairs: list[tuple[str, str]] | None = None
        self._label: list[str] | None = None
        self._value: list[str] | None = None
        self._unseen = 0

    @property
    def open(self) -> bool:
        """Whether a list is open."""
        return self._pairs is not None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a heading, a list, an item, its label."""
        del attrs
        self._unseen += tag in UNSEEN
        if tag in {"h1", "h2", "h3"}:
            self._title = []
        elif tag == "small":
            self._heading_ends()
        elif tag == "ul":
            self._pairs = []
        elif tag == "li" and self._pairs is not None:
            self._item_ends()
            self._value = []
        elif tag in {"strong", "b"} and self._value is not None:
            self._label = []

    def handle_endtag(self, tag: str) -> None:
        """Close a heading, a list, an item; what follows a label is its value."""
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        if tag in {"h1", "h2", "h3"}:
            self._heading_ends()
        elif tag in {"strong", "b"} and self._label is not None:
            self._pairs = [*(self._pairs or []), ("".join(self._label).strip().rstrip("：:"), "")]
            self._label, self._value = None, []
        elif tag == "li":
            self._item_ends()
        elif tag == "ul":
            self._item_ends()
            if self._pairs:
                self.records.append((self._section, self._pairs))
            self._pairs = None

    def handle_data(self, data: str) -> None:
        """Take the text of a heading, a label, a value."""
        for text in (self._title, self._label if self._label is not None else self._value):
            if text is not None and not self._unseen:
                text.append(data)

    def _heading_ends(self) -> None:
        if self._title is not None:
            self._section = folded("".join(self._title))
            self.seen.add(self._section)
        self._title = None

    def _item_ends(self) -> None:
        value = "".join(self._value or [])
        if self._pairs and self._value is not None and self._label is None:
            self._pairs[-1] = (self._pairs[-1][0], self._pairs[-1][1] or value.strip())
        elif (tab := _TAB.fullmatch(folded(value))) and tab[1] in self._titles:
            self.counts[tab[1]] = int(tab[2])
        self._label = self._value = None
