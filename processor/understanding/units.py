"""The mail's text as units: sentences, list items, labelled values, rows of tables. Nothing of what the sender wrote is
lost; wraps are undone.

A unit knows its box (paragraph, item, row), because whose a thing is follows from the smallest box that names one
person.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Literal

from processor.reading import Block, Mail, Role, bounds
from rules.hungarian.words import fold
from rules.model import Evidence

from . import guess, persons
from .draft import evidence
from .labels import Labelled, labelled
from .spots import plain_addresses

MOST_UNITS = 4_000
LONGEST = 4_000  # characters of a unit; reading cuts lines there too (reading/bounds.py)
_TAIL = 2 * bounds.LONGEST_WORD  # characters of a text that tell how it ends
_WRAPPED = 55  # characters from which a line without an end may be wrapped
_FULL, _WIDEST = 64, 100  # characters of a line that was wrapped before a capital letter
_FEWEST_ROWS = 3  # of a table that is drawn with bars
_MOST_WRAPPED = 60  # lines that are put together to one unit, at most, as far as evidence goes
_INDENT = 4  # characters before a label that begins its line

_BULLET = re.compile(
    r"^\s*(?:[-–—•*·>o▪■●]\s+|[-–—•*▪■●](?=[^\W\d_])|\(?\d{1,2}\s?[.)/]{1,2}\s*(?!\d)|[a-h]\)\s*)(?=\S)"
)
_ENDS = re.compile(r"[.!?:;…]\s*[\"”)]*\s*$")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”)]*\s+(?=[^\W\d_a-z]|[\"„(\d])")
_ABBREVIATED = (
    *(
        [
            "dr",
            "ifj",
            "id",
            "ozv",
            "prof",
            "sz",
            "ill",
            "pl",
            "stb",
            "kb",
            "tel",
            "u",
            "ut",
            "krt",
            "vm",
            "vmi",
            "ssz",
            "m",
            "nr",
            "no",
            "hsz",
            "hrsz",
            "ker",
            "kft",
            "bt",
            "zrt",
            "un",
            "ld",
            "v",
            "old",
        ]
    ),
    *(
        [
            "ev",
            "aug",
            "szept",
            "okt",
            "nov",
            "dec",
            "jan",
            "febr",
            "marc",
            "apr",
            "jun",
            "jul",
            "korm",
            "bek",
            "par",
            "polg",
            "onk",
            "hiv",
        ]
    ),
)
_NO_END = re.compile(rf"(?:\b(?:{'|'.join(_ABBREVIATED)}|\w)|\d)\.$")
_POSTSCRIPT = re.compile(r"\W*(?:u\.? ?i|utoirat|p\.? ?s)\.?\s*[.:]")
_BARS = re.compile(r"\|")
_SLASH = re.compile(r"\s+[/|]\s+")
_LEADING_LABEL = re.compile(r"\s*(?:\d{1,2}[.)]\s*)?([^:@\d]{2,45}):\s")
_SHORT_LABEL = re.compile(r"[^\W\d_][^:@.,(]{0,24}:\s")
_LABEL_LIKE = re.compile(r"\s*[^:@]{2,45}:\s")
_BROKEN_ADDRESS = re.compile(r"@$|[\w.-]+@[\w-]+[.-]$")

Sort = Literal["sentence", "item", "label", "heading", "cell", "line"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that says one thing.

    `block`: number in the mail; `line`: index within it; `box`: what holds it together with its neighbours (paragraph,
    item, row), unique in the mail; `label`: the field announced, "ignore" for one of none of ours, or ""; `said`: the
    label as written; `last`: the last unit of its block.
    """

    index: int
    text: str
    folded: str
    block: int
    line: int
    box: int
    sort: Sort
    source: Block
    label: str = ""
    said: str = ""
    last: bool = False

    @property
    def role(self) -> Role:
        return self.source.role

    @property
    def layer(self) -> int:
        return self.source.layer

    @property
    def own(self) -> bool:
        """Whether the sender speaks here, not a signature, letterhead or subject."""
        return self.source.role is Role.BODY

    @property
    def listed(self) -> bool:
        """Whether it is a piece of a list or table, not of running text."""
        return self.sort in {"item", "cell", "label", "line"}

    def is_written(self, text: str) -> bool:
        """Whether the row holds the text, or what it says of somebody stands in a header."""
        return not self.source.rows or fold(text) in fold(plain_addresses(_row(self.source, self.line)))

    def evidence(self, written: str = "") -> Evidence:
        """The line or row of the mail in which `written` stands; the unit's first where it is spread over two."""
        if self.source.rows:
            return evidence(self.source, self.line, _row(self.source, self.line))
        lines = self.source.lines
        looked_at = range(self.line, min(self.line + _MOST_WRAPPED, len(lines)))
        wanted = fold(written)
        line = next((i for i in looked_at if wanted in fold(plain_addresses(lines[i]))), self.line)
        return evidence(self.source, line, lines[line])


def _row(block: Block, index: int) -> str:
    return " | ".join(cell for cell in block.rows[index] if cell.strip())


_index = attrgetter("index")


@dataclass(slots=True)
class Units:
    """`tables`: blocks that `grids` reads cell by cell; `cut`: there were more than can be read."""

    all: list[Unit] = field(default_factory=list)
    boxes: dict[int, list[Unit]] = field(default_factory=dict)
    tables: list[tuple[int, Block]] = field(default_factory=list)
    cut: bool = False
    _last_box: int = 0

    def add(self, unit: Unit) -> None:
        if len(self.all) >= MOST_UNITS:
            self.cut = True
            return
        self.all.append(unit)
        self.boxes.setdefault(unit.box, []).append(unit)
        self._last_box = max(self._last_box, unit.box)

    def put(self, new: Unit) -> None:
        """In the place of the unit that had its index, perhaps in another box."""
        old = self.all[new.index]
        self.all[new.index] = new
        del self.boxes[old.box][bisect_left(self.boxes[old.box], old.index, key=_index)]
        insort(self.boxes.setdefault(new.box, []), new, key=_index)
        self._last_box = max(self._last_box, new.box)

    @property
    def next_box(self) -> int:
        return self._last_box + 1


def split(mail: Mail) -> Units:
    """All units in the order of the mail; tables stand apart."""
    out = Units()
    for number, block in enumerate(mail.blocks):
        if block.role is Role.QUOTED:
            continue
        if block.rows:
            out.tables.append((number, block))
            continue
        for piece in _tables_apart(block):
            if piece.rows:
                out.tables.append((number, piece))
            else:
                _Splitter(out, number, piece).run()
    return out


def _tables_apart(block: Block) -> Iterator[Block]:
    """A block with the tables in it that are drawn with bars: three lines and more of equally many."""
    bars = [line.count("|") for line in block.lines]
    held = start = 0
    while start < len(bars):
        end = next((i for i in range(start, len(bars)) if bars[i] != bars[start]), len(bars))
        if bars[start] and end - start >= _FEWEST_ROWS:
            if start > held:
                yield replace(block, lines=block.lines[held:start], first_line=block.first_line + held)
            rows = tuple(tuple(cell.strip() for cell in _BARS.split(line)) for line in block.lines[start:end])
            yield replace(block, lines=(), rows=rows, first_line=block.first_line + start)
            held = end
        start = end
    if held < len(block.lines):
        yield replace(block, lines=block.lines[held:], first_line=block.first_line + held)


class _Splitter:
    """One block of text."""

    def __init__(self, out: Units, number: int, block: Block) -> None:
        self.out, self.number, self.block = out, number, block

    def run(self) -> None:
        before = len(self.out.all)
        if self.block.role is Role.SIGNATURE:
            self._postscript()
        for start, lines, is_item in _paragraphs(self.block):
            box = self.out.next_box
            for line, text in _joined(lines):
                for piece in _segments(plain_addresses(text[:LONGEST])):
                    self._line(box, start + line, piece, is_item)
        if len(self.out.all) > before:
            self.out.put(replace(self.out.all[-1], last=True))

    def _postscript(self) -> None:
        """What stands below "Ui." behind the signature is the sender's own words again."""
        at = next((i for i, line in enumerate(self.block.lines) if _POSTSCRIPT.match(fold(line))), None)
        if at is not None:
            lines, first = self.block.lines, self.block.first_line
            below = replace(self.block, role=Role.BODY, lines=lines[at:], first_line=first + at)
            self.block = replace(self.block, lines=lines[:at])
            _Splitter(self.out, self.number, below).run()

    def _line(self, box: int, line: int, text: str, is_item: bool) -> None:
        pieces = labelled(text)
        if pieces and pieces[0].label_start <= _INDENT:
            self._labels(box, line, text, pieces, is_item)
        elif (found := guess.label(text)) is not None:
            self._value(box, line, found.value, found.field, found.said)
        else:
            for sentence in _sentences(text):
                self._add(box, line, sentence, "item" if is_item else "sentence")

    def _labels(self, box: int, line: int, text: str, pieces: Sequence[Labelled], is_item: bool) -> None:
        head = text[: pieces[0].label_start]
        if head.strip(" -–•*\t"):
            self._add(box, line, head, "item" if is_item else "sentence")
        for piece in pieces:
            if piece.value:
                self._value(box, line, piece.value, piece.field, text[piece.label_start : piece.start])
            else:
                self._add(box, line, text[piece.label_start :], "heading", piece.field)

    def _value(self, box: int, line: int, value: str, label: str, said: str) -> None:
        """Programs of several people may fill several sentences: "Kinek mi kell: Annának ... Bélának ..."."""
        for piece in _sentences(value) if label == "programs" else [value]:
            self._add(box, line, piece, "label", label, said)

    def _add(self, box: int, line: int, text: str, sort: Sort, label: str = "", said: str = "") -> None:
        text = text.strip()
        index = len(self.out.all)
        self.out.add(Unit(index, text, fold(text), self.number, line, box, sort, self.block, label, said))


_Part = tuple[int, list[str], bool]  # first line's index, lines, is a list item


def _paragraphs(block: Block) -> Iterator[_Part]:
    """Paragraphs and list items. An item takes the lines below it until an empty line or the next bullet; lines that
    begin with one and the same label are items too."""
    parts = list(_by_bullets(block.lines))
    for number, part in enumerate(parts):
        if not part[2]:
            yield from _by_repeated_label(part)
        elif number and parts[number - 1][2] and len(parts[number - 1][1]) == 1:
            yield from _without_text_below(part)
        else:
            yield part


def _by_bullets(lines: Sequence[str]) -> Iterator[_Part]:
    held: list[str] = []
    start, is_item = 0, False
    for index, line in enumerate(lines):
        bullet = bool(_BULLET.match(line)) and not (held and _is_within_course(held[-1], line))
        if line.strip() and not bullet:
            held.append(line)
            continue
        if held:
            yield start, held, is_item
        held, start, is_item = ([line], index, True) if bullet else ([], index + 1, False)
    if held:
        yield start, held, is_item


def _by_repeated_label(part: _Part) -> Iterator[_Part]:
    """ "Dolgozónk: A / Címe: a / Dolgozónk: B / Címe: b": each time that the first repeated label comes, an item."""
    start, lines, _ = part
    labels = [fold(match.group(1)) if (match := _LEADING_LABEL.match(line)) else "" for line in lines]
    repeated = next((label for label in labels if label and labels.count(label) > 1), None)
    if repeated is None:
        yield part
        return
    cuts = [index for index, label in enumerate(labels) if label == repeated]
    if cuts[0]:
        yield start, list(lines[: cuts[0]]), False
    for begin, end in zip(cuts, [*cuts[1:], len(lines)], strict=True):
        yield start + begin, list(lines[begin:end]), True


def _without_text_below(part: _Part) -> Iterator[_Part]:
    """The last of several items of one line each: a line below it that is neither wrapped nor indented is text
    again."""
    start, lines, _ = part
    own = next((i for i, line in enumerate(lines) if i and line[:1].isupper() and not _continues(*_pair(lines, i))), 0)
    if not own:
        yield part
        return
    yield start, lines[:own], True
    yield from _by_repeated_label((start + own, lines[own:], False))


def _pair(lines: Sequence[str], index: int) -> tuple[str, str, str]:
    return lines[index - 1].strip(), lines[index].strip(), lines[index]


def _is_within_course(above: str, line: str) -> bool:
    """ "... Gazdálkodás / - Pénztár": a course's name with its dash, wrapped."""
    return line.lstrip()[:1] in "-–" and fold(above).endswith(("gazdalkodas", "irat"))


def _joined(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(index, text): wrapped lines put together again."""
    held, at = "", 0
    for index, raw in enumerate(lines):
        line = raw.strip()
        if held and _continues(held, line, raw):
            held = f"{held}{'' if _is_cut_within_word(held, line) else ' '}{line}"
            continue
        if held:
            yield at, held
        held, at = line, index
    if held:
        yield at, held


def _is_cut_within_word(held: str, line: str) -> bool:
    return bool(_BROKEN_ADDRESS.search(held[-_TAIL:])) or (held.endswith("-") and line[:1].islower())


def _continues(held: str, line: str, raw: str) -> bool:
    """Whether a line goes on with the one above."""
    tail = held[-_TAIL:]
    if _ENDS.search(tail) and not _NO_END.search(fold(tail)):
        return held.endswith(":") and len(held) > _WRAPPED and line[:1].isdigit() and not _BULLET.match(raw)
    if _begins_with_label(line):
        return False
    if _BROKEN_ADDRESS.search(tail) or _is_within_course(tail, line):
        return True
    if line[:1].islower() or line[:1].isdigit() or line[:1] in '(„"':
        return len(held) > _WRAPPED or held.endswith(",")
    return _FULL <= len(held) <= _WIDEST and not labelled(held) and not _begins_with_name(line)


def _begins_with_label(line: str) -> bool:
    begins = labelled(line) if ":" in line or not line[:1].islower() else ()
    if (begins and begins[0].label_start <= 2) or _SHORT_LABEL.match(line):
        return True
    return line[:1].isupper() and guess.label(line) is not None


def _begins_with_name(line: str) -> bool:
    return any(spot.start <= 2 for spot in persons.find(line)[:1])


def _segments(text: str) -> list[str]:
    """ "név: A / címe: B / kell: C": each label with its value."""
    pieces = _SLASH.split(text)
    return pieces if len(pieces) > 1 and all(_LABEL_LIKE.match(piece) for piece in pieces) else [text]


def _sentences(text: str) -> list[str]:
    out: list[str] = []
    for piece in _SENTENCE.split(text):
        if out and _NO_END.search(fold(out[-1][-_TAIL:]).rstrip()):
            out[-1] = f"{out[-1]} {piece}"
        elif piece.strip():
            out.append(piece)
    return out
