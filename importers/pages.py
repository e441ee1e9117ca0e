"""Web pages and plain texts that hold one notice each, as a row with its title and its text line by line."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from credit.errors import LayoutDrift
from importers.snapshot import Snapshot
from importers.source import Row, SourceSpec

_LONGEST: Final = 1 << 23
_BLOCKS: Final = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "header", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "li", "main", "nav", "ol", "option", "p", "pre", "section", "ul"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    }
)
_UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "head", "title", "select"})
_HEADS: Final = ("h1", "h2", "h3", "h4")
_IS_PAGE: Final = re.compile(r"<\s*(?:!doctype|html|head|body|div|table|p)\b", re.IGNORECASE)
_IS_WHOLE: Final = re.compile(r"</html\s*>\s*(?:<!--[^>]*-->\s*)*\Z", re.IGNORECASE)
_HEAD: Final = 2048


def page_rows(snapshot: Snapshot, spec: SourceSpec) -> Iterator[Row]:
    """Yield the one row of a page: ``title``, ``text``, and ``broken`` where the page was cut off.

    Raises: LayoutDrift where the page is none of the source's, or too long for one notice.
    """
    raw = _content(snapshot)
    if not any(mark in raw for mark in spec.page_marks):
        marks = "、".join(spec.page_marks)
        raise LayoutDrift(
            f"{snapshot.path.name} 不是“{spec.title}”的页面（应含有：{marks}）",
            f"{snapshot.path.name} is no page of {spec.title_en} (it should hold one of: {marks})",
        )
    title, text, broken = _read(raw)
    shown = {"title": title, "text": text}
    return iter((Row(1, {**shown, "broken": "1" if broken else ""}, shown),))


def _content(snapshot: Snapshot) -> str:
    with snapshot.path.open(encoding=snapshot.encoding) as file:
        raw = file.read(_LONGEST + 1)
    if len(raw) > _LONGEST:
        raise LayoutDrift(
            f"{snapshot.path.name} 太长，不是单篇公告", f"{snapshot.path.name} is too long for one notice"
        )
    return raw.removeprefix("\ufeff")


def _read(raw: str) -> tuple[str, str, bool]:
    if not _IS_PAGE.search(raw[:_HEAD]):
        return raw.strip().partition("\n")[0].strip(), raw, False
    page = _Page()
    page.feed(raw)
    page.close()
    return page.headline, page.text(), not _IS_WHOLE.search(raw)


class _Page(HTMLParser):
    """The text of a page as a reader sees it: a line for each block and cell, inline marks joined."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._unseen = 0
        self._in_head = False
        self.headline = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block; leave out what no reader sees."""
        del attrs
        self._unseen += tag in _UNSEEN
        self._in_head = self._in_head or (tag in _HEADS and not self.headline)
        if tag in _BLOCKS:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line at a block."""
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        self._in_head = self._in_head and tag not in _HEADS
        if tag in _BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Take text; a line break in the source is a blank on the page."""
        if self._unseen:
            return
        plain = re.sub(r"\s+", " ", data)
        self._parts.append(plain)
        if self._in_head:
            self.headline += plain.strip()

    def text(self) -> str:
        """The lines that hold anything."""
        return "\n".join(filter(None, map(str.strip, "".join(self._parts).split("\n"))))
