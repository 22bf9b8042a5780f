"""HTML to segments: lines of text and tables kept as tables. Nothing is run or loaded; what is struck through or
hidden is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import lxml.html
from lxml import etree

from .bounds import DEEPEST_ELEMENT, FAR, LONGEST_GAP, LONGEST_LINE, MOST_COLUMNS, MOST_ROWS

_FULL = LONGEST_LINE * FAR + LONGEST_GAP  # characters of a line that takes no more: it will be cut, and said to be
_LINK_TEXTS = 20  # pieces of a link's text looked at for an address


@dataclass(slots=True)
class Segment:
    """Lines of text, or the rows of one table."""

    lines: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)


_SKIP = frozenset(
    {
        "script",
        "style",
        "head",
        "title",
        "meta",
        "link",
        "object",
        "embed",
        "noscript",
        "template",
        "svg",
        "math",
        "select",
        "s",
        "del",
        "strike",
        "iframe",
        "applet",
        "xml",
    }
)
_BLOCK = frozenset(
    [
        "p",
        "div",
        "tr",
        "table",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "hr",
        "center",
        "address",
        "article",
        "section",
        "header",
        "footer",
        "main",
        "aside",
        "dl",
        "dt",
        "dd",
        "form",
        "fieldset",
        "tbody",
        "thead",
        "tfoot",
        "body",
        "html",
        "figure",
    ]
)
# How Outlook strikes text through or hides it. Bounded: a style may be a megabyte long.
STRUCK = re.compile(r"text-decoration[^;]{0,100}line-through")
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)"
)
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
LONGEST_STYLE = 2_000  # characters of a style looked at
CONDITIONAL = re.compile(r"<!\[(?:if|endif)[^>]{0,300}>|<\?xml[^>]{0,300}>", re.I)


def segments(source: str) -> list[Segment]:
    """The text of a (bounded) document in order. Never raises; one that cannot be parsed gives its text without
    tags."""
    source = CONDITIONAL.sub("", source)
    try:
        parser = lxml.html.HTMLParser(
            remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, recover=True
        )
        tree = lxml.html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError, TypeError, AssertionError):
        text = re.sub(r"<[^>]{0,2000}>", "\n", source)
        return [Segment(lines=[line.strip() for line in text.splitlines()])]
    writer = _Writer()
    writer.walk(tree, 0)
    return writer.finish()


class _Writer:
    """Collects lines; a table of data closes the running segment and makes one of its own."""

    def __init__(self) -> None:
        self.done: list[Segment] = []
        self.lines: list[str] = []
        self.line = ""
        self.quote = 0
        self.items: list[int] = []  # running numbers of the open lists; 0 for bullets

    def text(self, text: str | None, pre: bool = False) -> None:
        if not text or len(self.line) > _FULL:
            return
        if pre:
            first, *rest = text.split("\n")
            self.line += first
            for part in rest:
                self.newline()
                self.line = part
            return
        text = _SPACES.sub(" ", text)
        if not self.line or self.line.endswith(" "):
            text = text.lstrip(" ")
        self.line += text

    def newline(self, blank: bool = False) -> None:
        line = self.line.strip(" ")
        if line or blank:
            self.lines.append("> " * min(self.quote, 9) + line if self.quote else line)
        self.line = ""

    def finish(self) -> list[Segment]:
        self.newline()
        if self.lines:
            self.done.append(Segment(lines=self.lines))
            self.lines = []
        return self.done

    def walk(self, element: etree._Element, depth: int) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            self.text(element.tail)
            return
        if depth > DEEPEST_ELEMENT:
            self.text(" ".join(str(t) for t in element.itertext()))
            self.text(element.tail)
            return
        style = (element.get("style") or "")[:LONGEST_STYLE].lower()
        if tag in _SKIP or _is_unseen(style):
            self.text(element.tail)
            return
        if tag == "table" and not self.quote and (rows := _rows(element)) is not None:
            self._table(rows)
        else:
            self._element(element, tag, depth)
        self.text(element.tail)

    def _table(self, rows: list[tuple[str, ...]]) -> None:
        self.finish()
        self.done.append(Segment(rows=rows))

    def _element(self, element: etree._Element, tag: str, depth: int) -> None:
        if tag == "br":
            self.newline(blank=True)
            return
        block = tag in _BLOCK
        if block:
            self.newline()
        self._open(tag)
        self.text(element.text, pre=tag == "pre")
        for child in element:
            self.walk(child, depth + 1)
        if tag == "a":
            self.line += _hidden_address(element)
        if block:
            # an empty paragraph is an empty line, and so is a <div> with nothing in it
            spaced = tag == "p" or (tag == "div" and not len(element))
            self.newline(blank=spaced and not self.line.strip())
        self._close(tag)

    def _open(self, tag: str) -> None:
        """What a browser shows where the element begins: a mark before an item, a gap between cells, a rule."""
        if tag == "blockquote":
            self.quote += 1
        elif tag in {"ul", "ol"}:
            self.items.append(1 if tag == "ol" else 0)
        elif tag == "li" and self.items:
            self.line = f"{self.items[-1]}. " if self.items[-1] else "- "
            self.items[-1] += bool(self.items[-1])
        elif tag in {"td", "th"} and self.line:
            self.line += "  "
        elif tag == "hr":
            self.lines.append("________________________________")

    def _close(self, tag: str) -> None:
        if tag == "blockquote":
            self.quote -= 1
        elif tag in {"ul", "ol"}:
            self.items.pop()


def _is_unseen(style: str) -> bool:
    """Struck through or hidden."""
    return bool(style and (STRUCK.search(style) or HIDDEN.search(style)))


def _hidden_address(link: etree._Element) -> str:
    """The address that a link leads to, where its words don't say it."""
    href = link.get("href") or ""
    if not href.lower().startswith("mailto:") or any("@" in str(t) for t in islice(link.itertext(), _LINK_TEXTS)):
        return ""
    return f" {href[7:].partition('?')[0]} "


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (cell for cell in row if cell.tag in {"td", "th"})


def _rows(table: etree._Element) -> list[tuple[str, ...]] | None:
    """The cells of a table of data, spans filled in; None for one that only lays out the page."""
    if table.find(".//table") is not None:
        return None
    trs = table.findall(".//tr")[: MOST_ROWS + 1]
    if not trs or max((sum(1 for _ in _cells(tr)) for tr in trs), default=0) < 2:
        return None
    rows: list[tuple[str, ...]] = []
    carried: dict[int, tuple[int, str]] = {}  # column -> rows still covered by the cell above, its text
    for tr in trs:
        row: list[str] = []

        def fill(row: list[str] = row) -> None:
            while len(row) in carried:
                left, text = carried[len(row)]
                if left == 1:
                    del carried[len(row)]
                else:
                    carried[len(row)] = (left - 1, text)
                row.append(text)

        for cell in _cells(tr):
            if len(row) > MOST_COLUMNS:
                break
            fill()
            text = _cell_text(cell)
            down = _span(cell.get("rowspan"))
            for offset in range(min(_span(cell.get("colspan")), 60)):
                if down > 1:
                    carried[len(row)] = (down - 1, text)
                row.append(text if offset == 0 else "")
        fill()
        rows.append(tuple(row))
    return rows


def _span(written: str | None) -> int:
    return (
        max(1, min(int(written), 500))
        if written and written.isascii() and written.isdigit() and len(written) < 6
        else 1
    )


def _cell_text(cell: etree._Element) -> str:
    writer = _Writer()
    writer.text(cell.text)
    for child in cell:
        writer.walk(child, DEEPEST_ELEMENT // 2)
    if any(box.get("checked") is not None for box in cell.iterfind(".//input")):
        writer.text(" X ")
    writer.newline()
    return "\n".join(line for line in writer.lines if line)
