"""The mail's text as units: sentences, list items, labelled values, rows of tables. Nothing of what the sender wrote is lost; wraps are undone.

A unit knows its container (paragraph, item, row), because whose a thing is follows from the smallest container that names one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from processor.reading import Block, Mail, Role
from rules.hungarian.words import fold
from rules.model import Evidence

from . import persons
from .labels import field_of, labelled
from .spots import plain_addresses

MOST_UNITS = 4_000
LONGEST = 2_000  # characters of a unit
_WRAPPED = 55  # characters from which a line without an end may be wrapped
_FULL, _WIDEST = 64, 100  # characters of a line that was wrapped before a capital letter

_BULLET = re.compile(r"^\s*(?:[-–—•*·>o▪■●]\s+|[-–—•*▪■●](?=[^\W\d_])|\(?\d{1,2}\s?[.)/]{1,2}\s*(?!\d)|[a-h]\)\s*)(?=\S)")
_INDENTED = re.compile(r"^(?:\s{2,}|\t)\S")
_ENDS = re.compile(r"[.!?:;…]\s*[\"”)]*\s*$")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”)]*\s+(?=[^\W\d_a-z]|[\"„(\d])")
_NO_END = re.compile(r"(?:\b(?:dr|ifj|id|ozv|prof|sz|ill|pl|stb|kb|tel|u|ut|krt|vm|vmi|ssz|m|nr|no|hsz|hrsz|ker|kft|bt|zrt|un|ld|v|old|ev|aug|szept|okt|nov|dec|jan|febr|marc|apr|jun|jul|korm|bek|par|polg|onk|hiv|\w)|\d)\.$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of text that says one thing.

    `block`: number in the mail; `line`: index within it; `box`: what holds it together with its neighbours (paragraph,
    item, row), unique in the mail; `sort`: sentence | item | row | label | line; `label`: field announced, or "";
    `header`: field of the table column, or "".
    """

    index: int
    text: str
    folded: str
    block: int
    line: int
    box: int
    sort: str
    source: Block
    label: str = ""
    said: str = ""  # the label as written
    last: bool = False  # the last unit of its block

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

    def evidence(self) -> Evidence:
        from .draft import evidence

        return evidence(self.source, self.line, self.text)


@dataclass(slots=True)
class Units:
    all: list[Unit] = field(default_factory=list)
    boxes: dict[int, list[Unit]] = field(default_factory=dict)
    tables: list[tuple[int, Block]] = field(default_factory=list)  # read cell by cell by `grids`
    cut: bool = False

    def add(self, unit: Unit) -> None:
        self.all.append(unit)
        self.boxes.setdefault(unit.box, []).append(unit)


def split(mail: Mail) -> Units:
    """All units in the order of the mail; tables stand apart."""
    out = Units()
    maker = _Maker(out)
    for number, block in enumerate(mail.blocks):
        if block.role is Role.QUOTED:
            continue
        if block.rows:
            out.tables.append((number, block))
        else:
            maker.block(number, block)
    return out


class _Maker:
    def __init__(self, out: Units) -> None:
        self.out, self.box = out, 0

    def block(self, number: int, block: Block) -> None:
        self.box += 1
        before = len(self.out.all)
        for start, lines, sort in _paragraphs(block):
            self.box += 1
            for line, text in _joined(lines, sort):
                self._line(number, block, start + line, text, sort)
        if len(self.out.all) > before:
            last = self.out.all[-1]
            marked = Unit(*[getattr(last, f) for f in Unit.__slots__[:-1]], True)
            self.out.all[-1] = marked
            self.out.boxes[last.box][-1] = marked

    def _line(self, number: int, block: Block, line: int, text: str, sort: str) -> None:
        if len(self.out.all) >= MOST_UNITS:
            self.out.cut = True
            return
        text = plain_addresses(text[:LONGEST])
        pieces = labelled(text)
        if pieces and pieces[0].label_start <= 4 and sort != "prose":
            head = text[: pieces[0].label_start]
            if head.strip(" -–•*\t"):
                self._add(number, block, line, head, sort, "", "")
            for piece in pieces:
                said = text[piece.label_start : piece.start]
                if piece.value:
                    self._add(number, block, line, piece.value, "label", piece.field, said)
                else:
                    self._add(number, block, line, text[piece.label_start :], "heading", piece.field, "")
            return
        for sentence in _sentences(text):
            self._add(number, block, line, sentence, "item" if sort == "item" else "sentence", "", "")

    def _add(self, number: int, block: Block, line: int, text: str, sort: str, label: str, said: str) -> None:
        self.out.add(Unit(len(self.out.all), text.strip(), fold(text.strip()), number, line, self.box, sort, block, label, said))


def _paragraphs(block: Block) -> Iterator[tuple[int, list[str], str]]:
    """(first line's index, lines, sort) of each paragraph or list item. An item takes its indented or plain lines below
    until an empty line or the next bullet."""
    lines: list[str] = []
    start, sort = 0, "para"
    for index, line in enumerate(block.lines):
        bullet = bool(_BULLET.match(line))
        if not line.strip() or bullet:
            if any(x.strip() for x in lines):
                yield start, lines, sort
            lines, start, sort = [], index, "item" if bullet else "para"
            if bullet:
                lines.append(line)
            else:
                start = index + 1
            continue
        lines.append(line)
    if any(x.strip() for x in lines):
        yield start, lines, sort


def _joined(lines: Sequence[str], sort: str) -> Iterator[tuple[int, str]]:
    """(index, text): wrapped lines put together again."""
    held, at = "", 0
    for index, raw in enumerate(lines):
        line = raw.strip()
        if held and _continues(held, line, raw):
            broken = held.endswith("@") or re.search(r"@[\w-]+[.-]$", held) or (held.endswith("-") and line[:1].islower())
            held = f"{held}{'' if broken else ' '}{line}"
            continue
        if held:
            yield at, held
        held, at = line, index
    if held:
        yield at, held


def _continues(held: str, line: str, raw: str) -> bool:
    if _ENDS.search(held) and not _NO_END.search(fold(held)):
        return held.endswith(":") and len(held) > _WRAPPED and line[:1].isdigit() and not _BULLET.match(raw)
    if labelled(line) and labelled(line)[0].label_start <= 2:
        return False
    if re.search(r"@$|[\w.-]+@[\w-]+[.-]$", held):
        return True
    if line[:1].islower() or line[:1] in "(„\"" or line[:1].isdigit():
        return len(held) > _WRAPPED or held.endswith(",")
    begins = persons.find(line)[:1]
    return _FULL <= len(held) <= _WIDEST and not labelled(held) and not (begins and begins[0].start <= 2)


def _sentences(text: str) -> list[str]:
    out: list[str] = []
    for piece in _SENTENCE.split(text):
        if out and _NO_END.search(fold(out[-1]).rstrip()):
            out[-1] = f"{out[-1]} {piece}"
        elif piece.strip():
            out.append(piece)
    return out


def column_of(text: str) -> str:
    return field_of(text) or ""
