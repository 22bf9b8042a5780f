"""A mail's HTML made harmless, with the values that were used marked in place.

nh3 (ammonia) keeps a few tags that give a text its shape; every attribute but a cell's span goes, links and pictures with them, so that
nothing can load, run or cover the page. What it leaves is walked once more, tag by tag, to lay the marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

import nh3
from markupsafe import Markup, escape

from rules.words import fold

LONGEST = 1_000_000  # characters of a mail's HTML shown
MOST_MARKS = 2_000
SHORTEST_PIECE = 3
LONGEST_LINE = 2_000  # characters looked at to know a line again
_BLOCKS = frozenset(
    ["p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "blockquote", "pre", "hr", "center"]
)
_INLINE = frozenset(["b", "strong", "i", "em", "u", "s", "strike", "del", "ins", "sub", "sup", "small", "span", "font"])
_VOID = frozenset(["br", "hr"])
_TODAY = {"font": "span", "center": "div", "big": "span", "strike": "s"}
# How Outlook strikes text through or hides it; our reading passes over both.
_STRUCK = re.compile(r"text-decoration[^;]*line-through")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)")
_CONDITIONAL = re.compile(r"<!\[(?:if|endif)[^>]*>|<\?xml[^>]*>", re.I)
_WALL = "\0"  # between blocks: no value reaches over one


@dataclass(frozen=True, slots=True)
class Mark:
    """A value in use: as written and as understood, the line it was taken from, and what the mark says when it is pointed at."""

    forms: tuple[str, ...]
    line: str
    title: str


def clean(html: str, marks: Sequence[Mark] = ()) -> Markup:
    """Safe to write into a page. Pictures and links are text or nothing; struck and hidden text is shown as such."""
    safe = nh3.clean(
        _CONDITIONAL.sub("", html[:LONGEST]),
        tags=set(_BLOCKS | _INLINE),
        clean_content_tags={"script", "style", "title", "textarea", "select", "iframe", "object", "svg", "math", "noscript", "template"},
        attributes={"*": {"style"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}},
        strip_comments=True,
        link_rel=None,
    )
    walker = _Walker()
    walker.feed(safe)
    walker.close()
    return walker.written(marks)


def marked(text: str, marks: Sequence[Mark]) -> Markup:
    """A line of text, escaped, with its marks."""
    walker = _Walker()
    walker.handle_data(text)
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = "".join(f' {name}="{escape(value)}"' for name, value in attrs if name in {"colspan", "rowspan", "start"} and (value or "").isdecimal() and len(value or "") <= 3)
        style = next((value or "" for name, value in attrs if name == "style"), "").lower()
        if _STRUCK.search(style):
            kept += ' class="struck"'
        elif _HIDDEN.search(style):
            kept += ' class="hidden-text" title="a feladó elrejtette"'
        self._tag(tag, f"<{_TODAY.get(tag, tag)}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._tag(tag, f"</{_TODAY.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        self.pieces.append(_Piece(text=data, at=len(self.whole)))
        self.whole += data

    def _tag(self, tag: str, written: str) -> None:
        self.pieces.append(_Piece(tag=written))
        if tag in _BLOCKS:
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
            for start, stop, titles in spans[turn:]:
                if start >= end:
                    break
                first, last = max(start, at), min(stop, end)
                out.append(str(escape(piece.text[at - piece.at : first - piece.at])))
                out.append(str(Markup('<mark title="{}">{}</mark>').format("; ".join(titles), piece.text[first - piece.at : last - piece.at])))
                at = last
            out.append(str(escape(piece.text[at - piece.at :])))
        return Markup("".join(out))  # only tags written above, and escaped text


def _spans(whole: str, marks: Sequence[Mark]) -> list[tuple[int, int, list[str]]]:
    """(start, end, what the mark says), one behind the other; where values overlap, the piece that they share says both."""
    begins: dict[int, list[str]] = {}
    ends: dict[int, list[str]] = {}
    for mark in marks[:MOST_MARKS]:
        for start, end in _places(whole, mark):
            begins.setdefault(start, []).append(mark.title)
            ends.setdefault(end, []).append(mark.title)
    out: list[tuple[int, int, list[str]]] = []
    active: Counter[str] = Counter()
    bounds = sorted({*begins, *ends})
    for at, following in zip(bounds, bounds[1:], strict=False):
        active.update(begins.get(at, ()))
        active.subtract(ends.get(at, ()))
        active = +active
        if active:
            out.append((at, following, list(active)))
    return out


def _places(whole: str, mark: Mark) -> list[tuple[int, int]]:
    """Where a value stands: in its own line wherever that is found, else in the first place."""
    for form in mark.forms:
        found = _found(whole, fold(form).split())
        if found:
            exact = [span for span in found if not whole[span[1] : span[1] + 1].isalnum()] or found  # "ADÓ", not "adóügyi"
            return [span for span in exact if _same_line(whole, span, mark.line)] or exact[:1]
    # "nagy.eva (kukac) falu.hu", or a name in two cells: its pieces.
    pieces = [word for word in re.split(r"[\s@]+", fold(mark.forms[-1])) if len(word) >= SHORTEST_PIECE] if mark.forms else []
    return [span for word in pieces for span in _found(whole, [word])[:1]]


def _found(whole: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """The words one after the other, whatever white space is between them, beginning a word; an ending may follow."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    found: list[tuple[int, int]] = []
    at = whole.find(words[0]) if words else -1
    while at >= 0:
        match = pattern.match(whole, at)
        if match and not (at and whole[at - 1].isalnum()):
            found.append(match.span())
        at = whole.find(words[0], at + 1)
    return found


def _same_line(whole: str, span: tuple[int, int], line: str) -> bool:
    start, end = whole.rfind(_WALL, 0, span[0]) + 1, whole.find(_WALL, span[1])
    here = "".join(whole[start : end if end >= 0 else None][:LONGEST_LINE].split())
    wanted = "".join(fold(line).split())
    return bool(here) and (here in wanted or wanted in here)
