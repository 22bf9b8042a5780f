"""Tables as boxes of cells, one box an applicant, whatever the layout: a row, a column or a block each.

The layout is told by where the people stand; a header only names what a cell's content does not say itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from processor.reading import Block
from rules.hungarian import courses
from rules.hungarian.courses import Where
from rules.hungarian.names import given, is_full, nicknames, wife
from rules.hungarian.words import fold, key, squeeze

from . import bodies, persons
from .labels import field_of
from .spots import plain_addresses
from .units import Sort, Unit, Units

Row = tuple[str, ...]
_MARK = re.compile(
    r"^\s*(?:x+|✓|✔|☑|☒|🗹|√|v|igen|i|\+|kér(?:i|em|jük)?|kell|\[x\]|\(x\)|●|■|jelölve|szükséges)\s*$", re.I
)
_NO_MARK = re.compile(r"^\s*(?:|-+|–|nem|n|0|☐|□|\[\s*\]|/|\.|nem kér(?:i|em|jük)?|nem kell)\s*$", re.I)
_NOT_APPLICANT = frozenset({"birth_name", "clerk_name", "clerk_email", "ignore"})
_LONGEST_LINE = 40  # characters of a cell that is no sentence
_TOTAL = re.compile(r"^(?:osszesen|ossz|kelt|datum|alairas|keszitette|p\s?h)\b")
_EXAMPLE = re.compile(r"\b(?:pelda|minta|pl)\b")


def read(number: int, block: Block, out: Units) -> None:
    """Adds the table's units to `out`."""
    _Grid(number, block, out).read()


class _Grid:
    def __init__(self, number: int, block: Block, out: Units) -> None:
        self.number, self.block, self.out = number, block, out
        self.rows: list[Row] = [tuple(squeeze_cell(plain_addresses(c)) for c in row) for row in block.rows]
        self.box = out.next_box

    def read(self) -> None:
        people = [(i, j) for i, row in enumerate(self.rows) for j, cell in enumerate(row) if _is_person(cell)]
        header = self._header(people)
        columns = self._columns(header)
        people = [(i, j) for i, j in people if i != header and columns.get(j, "") not in _NOT_APPLICANT]
        if header is not None and {"surname", "given"} <= set(columns.values()):
            self._by_row(header, columns, set(range(header + 1, len(self.rows))))
        elif self._is_by_column(people):
            self._by_column([j for _, j in people])
        elif self._is_vertical(people, header):
            self._vertical()
        elif people:
            self._by_row(header, columns, {i for i, _ in people})
        else:
            self._as_lines()

    # ------------------------------------------------------------ what the table looks like

    def _header(self, people: Sequence[tuple[int, int]]) -> int | None:
        """The last row above the first person's that has names of columns: several short cells and no data in them."""
        for i, row in enumerate(self.rows[:40]):  # surname and given name apart: nobody's whole name stands in a cell
            if {"surname", "given"} <= {field_of(c) for c in row if c}:
                return i
        first = min((i for i, _ in people), default=min(3, len(self.rows)))
        for i in range(first - 1, -1, -1):
            filled = [c for c in self.rows[i] if c]
            if len(filled) >= 2 and not any("@" in c or re.search(r"\d{5}", c) for c in filled):
                return i
        return None

    def _columns(self, header: int | None) -> dict[int, str]:
        if header is None:
            return {}
        out = {}
        for j, cell in enumerate(self.rows[header]):
            if cell:
                out[j] = field_of(cell) or ""
        return out

    def _is_by_column(self, people: Sequence[tuple[int, int]]) -> bool:
        """One row of several people, labels on the left."""
        in_one_row = len({i for i, _ in people}) == 1 and len({j for _, j in people}) > 1
        return in_one_row and self._labels_left()

    def _labels_left(self) -> bool:
        left = [row[0] for row in self.rows if row and row[0]]
        return sum(1 for c in left if field_of(c)) >= 2 or all(not _is_person(c) and "@" not in c for c in left)

    def _is_vertical(self, people: Sequence[tuple[int, int]], header: int | None) -> bool:
        """One row a field: labels on the left, values on the right."""
        width = max(map(_filled, self.rows), default=0)
        if (width > 2 and len(people) != 1) or sum(1 for _, j in people if j == 0) > 1:
            return False
        if any(_filled(row[1:]) > 1 for row in self.rows):
            return False
        known = sum(1 for row in self.rows if row and row[0] and field_of(row[0]))
        return known >= 2 or (len(self.rows) >= 3 and width == 2 and all(j > 0 for _, j in people))

    # ------------------------------------------------------------ layouts

    def _by_row(self, header: int | None, columns: dict[int, str], named: set[int]) -> None:
        marks = self._marked(header, named)
        for i, row in enumerate(self.rows):
            filled = [(j, c) for j, c in enumerate(row) if c]
            if not filled or (header is not None and header <= i and i in self._header_rows(header, named)):
                continue
            if _TOTAL.match(key(filled[0][1])) or _EXAMPLE.search(fold(" ".join(c for _, c in filled[:2]))):
                continue
            if i in named or (header is not None and i > header and len(filled) > 1):
                if i in named or not self._continues(i, row):
                    self.box += 1
                self._row(i, row, columns, marks, header)
            else:
                self.box += 1
                self._beside(i, [cell for _, cell in filled])
        self.box += 1

    def _beside(self, i: int, cells: Sequence[str]) -> None:
        """A row of nobody: a label with its value, else text."""
        label = field_of(cells[0]) if len(cells) == 2 else None
        if label:
            self._add(i, cells[1], "label", label, cells[0])
            return
        for cell in cells:
            self._add(i, cell, "sentence" if len(cell) > _LONGEST_LINE else "line", "")

    def _header_rows(self, header: int, named: set[int]) -> set[int]:
        rows = {header}
        below = header + 1
        if below < len(self.rows) and below not in named and not any("@" in c for c in self.rows[below]):
            found = [c for c in self.rows[below] if c and _program(c)]
            if len(found) >= 2:
                rows.add(below)
        return rows

    def _continues(self, i: int, row: Row) -> bool:
        """A row without a person and without its first cells: it goes on with the one above."""
        return not row[0] and i > 0

    def _row(self, i: int, row: Row, columns: dict[int, str], marks: dict[int, str], header: int | None) -> None:
        halves = {f: row[j] for j, f in columns.items() if f in {"surname", "given"} and j < len(row) and row[j]}
        name = " ".join(halves[f] for f in ("surname", "given") if f in halves)
        if name:
            self._add(i, name, "cell", "name")
        for j, cell in enumerate(row):
            label = columns.get(j, "")
            if not cell or label in {"surname", "given"}:
                continue
            if j in marks:
                self._mark(i, cell, marks[j])
                continue
            said = self.rows[header][j] if header is not None and j < len(self.rows[header]) else ""
            self._add(i, cell, "cell", label, said)

    def _mark(self, i: int, cell: str, program: str) -> None:
        """A cell in a column of marks; whatever is none is kept as it stands."""
        if _MARK.match(cell):
            self._add(i, program, "cell", "programs")
        elif not _NO_MARK.match(cell):
            self._add(i, cell, "cell", "")

    def _marked(self, header: int | None, named: set[int]) -> dict[int, str]:
        """Columns that are programs to be marked."""
        if header is None:
            return {}
        out: dict[int, str] = {}
        for i in sorted(self._header_rows(header, named)):
            for j, cell in enumerate(self.rows[i]):
                if cell and field_of(cell) is None and _program(cell) and self._holds_marks(i, j):
                    out[j] = cell
        return out

    def _holds_marks(self, header: int, column: int) -> bool:
        """Whether there is a mark below the column's head, or nothing but signs for none."""
        below = [row[column] for row in self.rows[header + 1 :] if column < len(row)]
        marked = any(_MARK.match(cell) or cell == "1" for cell in below)
        return marked or (bool(below) and all(_NO_MARK.match(cell) for cell in below))

    def _by_column(self, people: Sequence[int]) -> None:
        for j in people:
            self.box += 1
            for i, row in enumerate(self.rows):
                if j < len(row) and row[j]:
                    self._beside_label(i, row[j], row[0] if j else "")

    def _beside_label(self, i: int, cell: str, label: str) -> None:
        """A cell of a column that is somebody's: a mark beside a program, or a value."""
        if _program(label) and field_of(label) is None and (_MARK.match(cell) or cell == "1"):
            self._add(i, label, "cell", "programs")
        elif not (_program(label) and _NO_MARK.match(cell)):
            self._add(i, cell, "cell", field_of(label) or "", label)

    def _vertical(self) -> None:
        self.box += 1
        last = ""
        named = 0
        for i, row in enumerate(self.rows):
            filled = [c for c in row if c]
            label = field_of(row[0]) if row and row[0] else None
            if len(filled) == 1 and (label is None or row[0] == ""):
                if row and not row[0] and last:
                    self._add(i, filled[0], "cell", last)
                else:
                    self._add(i, filled[0], "line", "")
                continue
            if label == "name":
                named += 1
                if named > 1:
                    self.box += 1
            last = label or ""
            for cell in row[1:]:
                if cell:
                    self._add(i, cell, "cell", label or "", row[0])

    def _as_lines(self) -> None:
        for i, row in enumerate(self.rows):
            self.box += 1
            for cell in row:
                if cell:
                    self._add(i, cell, "line", "")

    def _add(self, row: int, text: str, sort: Sort, label: str, said: str = "") -> None:
        for line in text.split("\n"):
            if line.strip():
                index = len(self.out.all)
                unit = Unit(
                    index, line.strip(), fold(line.strip()), self.number, row, self.box, sort, self.block, label, said
                )
                self.out.add(unit)


def _filled(row: Row) -> int:
    """How many cells of a row are not empty."""
    return sum(1 for cell in row if cell)


def squeeze_cell(cell: str) -> str:
    return "\n".join(squeeze(line) for line in cell.split("\n") if line.strip())


def _program(text: str) -> bool:
    found = courses.find(squeeze(text), Where.LABEL) if 2 < len(text) < 140 else []
    return len(found) == 1 and found[0].status != "unknown"


def _is_person(cell: str) -> bool:
    """Whether a cell is somebody's name, alone or with an address or a note behind it."""
    head = re.split(r"[(\n,;:]|\S+@", cell)[0].strip()
    if not head or len(head) > 60 or field_of(head) is not None or bodies.is_body(head) or "@" in head:
        return False
    if persons.find(head) or _is_called(head):
        return True
    name = persons.loose(head)
    return (
        name is not None
        and is_full(name)
        and len(head.split()) <= 4
        and any(given(w) for w in head.split())
        and not _program(head)
    )


def _is_called(head: str) -> bool:
    """A given name, nickname or wife's name alone, as a second table names the people of the first."""
    words = head.split()
    known = [given(word) is not None or wife(word) is not None or fold(word) in nicknames() for word in words]
    return 1 <= len(words) <= 2 and all(known) and not _program(head)
