"""A mail's HTML made harmless, with the values that were used marked in place.

nh3 (ammonia) keeps a few tags that give a text its shape; every attribute but a cell's span goes, links and pictures
with them, so that
nothing can load, run or cover the page. What it leaves is walked once more and every tag written anew: blocks as div
and span with a class,
which a browser nests as they are written (a heading or list item of the mail's own could close one of ours), tables
as tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3
from markupsafe import Markup, escape

from processor.reading.html import CONDITIONAL, HIDDEN, LONGEST_STYLE, STRUCK
from rules.hungarian.words import fold

LONGEST = 1_000_000  # characters of a mail's HTML shown
MOST_TAGS = 60_000
DEEPEST = 400  # tags open at once; parsers take time with the square of the depth
MOST_MARKS = 3_000
MOST_TITLES = 6  # said by one mark; a value of everybody's says how many more
SHORTEST_PIECE = 3
_NEAR = 60  # places of a value looked at for the one in its own line

_TABLE = frozenset(["table", "thead", "tbody", "tfoot", "tr", "td", "th"])
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "center",
        "caption",
    ]
)
_INLINE = frozenset(["b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "span", "font"])
_WRITTEN = {"strike": "s", "font": "span"}
_VOID = frozenset(["br", "hr"])
_OPEN, _CLOSE = (
    re.compile(r"<[a-z]", re.I),
    re.compile(r"</|/>|<(?:br|hr|img|meta|link|input|col|wbr|p|li|td|tr|th|dt|dd|o:p)\b", re.I),
)
_WALL = "\0"  # between blocks and between rows of a table
_SOFT = "\1"  # between the cells of a row, which are one line


@dataclass(frozen=True, slots=True)
class Mark:
    """A value in use: as written and as understood, the line it was taken from, and what the mark says when it is
    pointed at."""

    forms: tuple[str, ...]
    line: str
    title: str


def too_much(html: str) -> bool:
    """Whether the HTML is no letter's: so large or so deep that cleaning would take a browser's patience."""
    return (
        len(html) > LONGEST
        or html.count("<") > MOST_TAGS
        or len(_OPEN.findall(html)) - len(_CLOSE.findall(html)) > DEEPEST
    )


def clean(html: str, marks: Sequence[Mark] = ()) -> Markup:
    """Safe to write into a page. Pictures and links are text or nothing; struck and hidden text is shown as such."""
    safe = nh3.clean(
        CONDITIONAL.sub("", html[:LONGEST]),
        tags=set(_TABLE | _BLOCKS | _INLINE | _VOID),
        clean_content_tags={
            "script",
            "style",
            "title",
            "textarea",
            "select",
            "iframe",
            "object",
            "svg",
            "math",
            "noscript",
            "template",
        },
        attributes={"*": {"style"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        strip_comments=True,
        link_rel=None,
    )
    walker = _Walker()
    walker.feed(safe)
    walker.close()
    return walker.written(marks)


def lines(texts: Sequence[str], marks: Sequence[Mark]) -> Markup:
    """Lines of text, escaped, with their marks."""
    walker = _Walker()
    for number, text in enumerate(texts):
        if number:
            walker.tag("br", "<br>")
        walker.handle_data(text)
    return walker.written(marks)


def table(rows: Sequence[Sequence[str]], marks: Sequence[Mark]) -> Markup:
    """The rows of a table, escaped, with their marks."""
    walker = _Walker()
    for row in rows:
        walker.tag("tr", "<tr>")
        for cell in row:
            walker.tag("td", "<td>")
            walker.handle_data(cell)
            walker.tag("td", "</td>")
        walker.tag("tr", "</tr>")
    return walker.written(marks)


@dataclass(slots=True)
class _Piece:
    """Either a tag, written out as it stands, or text, which starts at `at` of the whole."""

    tag: str = ""
    text: str = ""
    at: int = 0


class _Walker(HTMLParser):
    """Reads what nh3 wrote, which is well formed, into tags and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self.whole = ""
        self.row = False  # within a row of a table: all of it is one line
        self.open: list[str] = []  # tags of ours, to be closed in their order

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.tag(tag, f"<{tag}>")
            return
        written = tag if tag in _TABLE else "div" if tag in _BLOCKS else _WRITTEN.get(tag, tag)
        classes = [f"x-{tag}"] if tag in _BLOCKS else []
        kept = "".join(
            f' {name}="{escape(value)}"'
            for name, value in attrs
            if name in {"colspan", "rowspan"} and (value or "").isdecimal() and len(value or "") <= 3
        )
        style = next((value or "" for name, value in attrs if name == "style"), "")[:LONGEST_STYLE].lower()
        if STRUCK.search(style):
            classes.append("struck")
        elif HIDDEN.search(style):
            classes.append("hidden-text")
            kept += ' title="a feladó elrejtette"'
        named = f' class="{" ".join(classes)}"' if classes else ""
        self.open.append(written)
        self.tag(tag, f"<{written}{named}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self.open:
            self.tag(tag, f"</{self.open.pop()}>")

    def handle_data(self, data: str) -> None:
        self.pieces.append(_Piece(text=data, at=len(self.whole)))
        self.whole += data

    def tag(self, tag: str, written: str) -> None:
        self.pieces.append(_Piece(tag=written))
        if tag == "tr":
            self.row = not written.startswith("</")
        if tag in {"td", "th"} or (self.row and tag in _BLOCKS | _VOID):
            self.whole += _SOFT
        elif tag in _BLOCKS or tag in _TABLE or tag in _VOID:
            self.whole += _WALL

    def written(self, marks: Sequence[Mark]) -> Markup:
        spans = _spans(fold(self.whole), marks)
        out: list[str] = []
        turn = 0  # the first span that does not lie wholly behind us
        for piece in self.pieces:
            if piece.tag:
                out.append(piece.tag)
                continue
            at, end = piece.at, piece.at + len(piece.text)
            while turn < len(spans) and spans[turn][1] <= at:
                turn += 1
            here = turn
            while here < len(spans) and spans[here][0] < end:
                start, stop, title = spans[here]
                first, last = max(start, at), min(stop, end)
                out.append(str(escape(piece.text[at - piece.at : first - piece.at])))
                out.append(
                    str(
                        Markup('<mark title="{}">{}</mark>').format(
                            title, piece.text[first - piece.at : last - piece.at]
                        )
                    )
                )
                at, here = last, here + 1
            out.append(str(escape(piece.text[at - piece.at :])))
        out += [f"</{tag}>" for tag in reversed(self.open)]
        return Markup("".join(out))  # only tags written above, and escaped text


# ---------------------------------------------------------------- where the marks are


def _spans(whole: str, marks: Sequence[Mark]) -> list[tuple[int, int, str]]:
    """(start, end, what the mark says), one behind the other; where values overlap, the piece that they share says
    both."""
    text = _Text(whole)
    begins: dict[int, list[str]] = {}
    ends: dict[int, list[str]] = {}
    for mark in marks[:MOST_MARKS]:
        for start, end in text.places(mark):
            begins.setdefault(start, []).append(mark.title)
            ends.setdefault(end, []).append(mark.title)
    out: list[tuple[int, int, str]] = []
    active: Counter[str] = Counter()
    bounds = sorted({*begins, *ends})
    for at, following in zip(bounds, bounds[1:], strict=False):
        active.subtract(ends.get(at, ()))
        active.update(begins.get(at, ()))
        active = +active
        if active:
            said = list(active)
            out.append(
                (
                    at,
                    following,
                    "; ".join(said[:MOST_TITLES])
                    + (f" és még {len(said) - MOST_TITLES}" if len(said) > MOST_TITLES else ""),
                )
            )
    return out


class _Text:
    """Folded text in lines; each wording and each line is looked for once, however many marks share it."""

    def __init__(self, whole: str) -> None:
        self.whole = whole
        self.found: dict[str, list[tuple[int, int]]] = {}
        self.by_line: dict[str, list[tuple[int, int]]] = {}
        at = 0
        for line in whole.split(_WALL):
            self.by_line.setdefault(_bare(line), []).append((at, at + len(line)))
            at += len(line) + 1

    def places(self, mark: Mark) -> list[tuple[int, int]]:
        """Where a value stands: in its own line wherever that is found, else in the first place."""
        for form in mark.forms:
            found = self._find(form)
            if found:
                exact = [
                    span for span in found if not self.whole[span[1] : span[1] + 1].isalnum()
                ] or found  # "ADÓ", not "adóügyi"
                return self._own(exact, mark.line) or exact[:1]
        # "nagy.eva (kukac) falu.hu", or a name in two cells: its pieces.
        pieces = (
            [word for word in re.split(r"[\s@]+", fold(mark.forms[-1])) if len(word) >= SHORTEST_PIECE]
            if mark.forms
            else []
        )
        return [span for word in pieces for span in (self._own(self._find(word), mark.line) or self._find(word))[:1]]

    def _own(self, spans: list[tuple[int, int]], line: str) -> list[tuple[int, int]]:
        """Those of the places that stand in the line."""
        wanted = _bare(fold(line))
        if wanted in self.by_line:
            return [
                span for start, end in self.by_line[wanted] for span in spans if start <= span[0] and span[1] <= end
            ]
        out = []
        for start, end in spans[:_NEAR]:
            left, right = self.whole.rfind(_WALL, 0, start) + 1, self.whole.find(_WALL, end)
            here = _bare(self.whole[left : right if right >= 0 else None][: 4 * len(line) + 200])
            if here and (here in wanted or wanted in here):
                out.append((start, end))
        return out

    def _find(self, form: str) -> list[tuple[int, int]]:
        """The words one after the other, whatever white space is between them, beginning a word; an ending may
        follow."""
        words = fold(form).split()
        key = " ".join(words)
        if key not in self.found:
            pattern = re.compile(r"[^\S\0]+".join(re.escape(word) for word in words))
            spans: list[tuple[int, int]] = []
            at = self.whole.find(words[0]) if words else -1
            while at >= 0:
                match = pattern.match(self.whole, at)
                if match and not (at and self.whole[at - 1].isalnum()):
                    spans.append(match.span())
                at = self.whole.find(words[0], at + 1)
            self.found[key] = spans
        return self.found[key]


def _bare(line: str) -> str:
    """A line without white space, and without what stands between cells."""
    return "".join(line.replace(_SOFT, "").replace("|", "").split())
