"""A mail's HTML made harmless, with the values that were used marked in place.

nh3 (ammonia) keeps a few tags that give a text its shape, with a cell's span and with styles; links and pictures go.
What it leaves is walked once more and every tag written anew: blocks as div with a class, which a browser nests as they
are written (a heading or list item of the mail's own could close one of ours), tables as tables. Of a style only this
is kept, as a class: that a text is struck or hidden. So nothing can load, run or cover the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3
from markupsafe import Markup, escape

from processor.reading.html import CONDITIONAL, HIDDEN, LONGEST_STYLE, STRUCK
from rules.hungarian.words import fold

LONGEST = 1_000_000  # characters of a mail's HTML shown as it was written; a longer one is shown as read
MOST_TAGS = 60_000
DEEPEST = 400  # tags open at once; parsers take time with the square of the depth
MOST_MARKS = 3_000
MOST_TITLES = 6  # said by one mark; a value of everybody's says how many more
SHORTEST_PIECE = 3
_NEAR = 60  # places of a value looked at for the one in its own line

_TABLE = frozenset(["table", "thead", "tbody", "tfoot", "tr", "td", "th"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_LISTS = frozenset(["ul", "ol", "li", "dl", "dt", "dd"])
_BLOCKS = _HEADINGS | _LISTS | frozenset(["p", "div", "blockquote", "pre", "center", "caption"])
_INLINE = frozenset(["b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "span", "font"])
_WRITTEN = {"strike": "s", "font": "span"}
_VOID = frozenset(["br", "hr"])
_OPEN = re.compile(r"<[a-z]", re.I)
_CLOSE = re.compile(r"</|/>|<(?:br|hr|img|meta|link|input|col|wbr|p|li|td|tr|th|dt|dd|o:p)\b", re.I)
_TEXTLESS = ["script", "style", "title", "noscript", "template"]
_EMBEDDED = ["textarea", "select", "iframe", "object", "svg", "math"]
_GONE = frozenset([*_TEXTLESS, *_EMBEDDED])  # with all that is in them
_CELL = frozenset(["colspan", "rowspan"])
_LONGEST_SPAN = 3  # digits of a cell's span
_MARK = Markup('<mark title="{}">{}</mark>')
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
        clean_content_tags=set(_GONE),
        attributes={"*": {"style"}, "td": set(_CELL), "th": set(_CELL)},
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
        written = "div" if tag in _BLOCKS else _WRITTEN.get(tag, tag)
        given = {name: value or "" for name, value in attrs}
        self.open.append(written)
        self.tag(tag, f"<{written}{_look(tag, given.get('style', ''))}{_span(given)}>")

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
                out.append(str(_MARK.format(title, piece.text[first - piece.at : last - piece.at])))
                at, here = last, here + 1
            out.append(str(escape(piece.text[at - piece.at :])))
        out += [f"</{tag}>" for tag in reversed(self.open)]
        return Markup("".join(out))  # only tags written above, and escaped text


def _look(tag: str, style: str) -> str:
    """The attributes of ours that say how a tag's text looked."""
    style = style[:LONGEST_STYLE].lower()
    struck = STRUCK.search(style) is not None
    hidden = not struck and HIDDEN.search(style) is not None
    look = {f"x-{tag}": tag in _BLOCKS, "struck": struck, "hidden-text": hidden}
    classes = " ".join(name for name, holds in look.items() if holds)
    named = f' class="{classes}"' if classes else ""
    return f'{named} title="a feladó elrejtette"' if hidden else named


def _span(given: Mapping[str, str]) -> str:
    """How many columns and rows a cell spans, as attributes."""
    return "".join(
        f' {name}="{escape(value)}"'
        for name, value in given.items()
        if name in _CELL and value.isdecimal() and len(value) <= _LONGEST_SPAN
    )


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
        if found := next(filter(None, map(self._find, mark.forms)), None):
            exact = [span for span in found if self._ends_word(span)] or found  # "ADÓ", not "adóügyi"
            return self._own(exact, mark.line) or exact[:1]
        return self._pieces(mark)

    def _pieces(self, mark: Mark) -> list[tuple[int, int]]:
        """Where the words of a value stand that is nowhere whole: "nagy.eva (kukac) falu.hu", a name in two cells."""
        words = re.split(r"[\s@]+", fold(mark.forms[-1])) if mark.forms else []
        out = []
        for word in words:
            found = self._find(word) if len(word) >= SHORTEST_PIECE else []
            out += (self._own(found, mark.line) or found)[:1]
        return out

    def _ends_word(self, span: tuple[int, int]) -> bool:
        return not self.whole[span[1] : span[1] + 1].isalnum()

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
