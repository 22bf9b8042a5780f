"""Tables of data: one row an applicant, one row a field, one column an applicant, programs as columns or as rows with marks.

`find` reads one table block; what is no table of ours comes back as lines of text for the other finders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from processor.reading import Block
from rules.hungarian import counties
from rules.hungarian.courses import Found, Where
from rules.hungarian.courses import find as find_programs
from rules.hungarian.names import is_full
from rules.hungarian.offices import examples
from rules.hungarian.words import fold, key, squeeze
from rules.model import Mention, Value

from . import bodies, persons
from .cells import add_cell, note_clerk
from .draft import Draft, Findings, Loose, evidence, mention
from .labels import field_of
from .spots import addresses, pirs, plain_addresses

Row = tuple[str, ...]
_USEFUL = frozenset(
    {"name", "surname", "given", "email", "pir", "county", "municipality", "programs", "program_id", "program_long"}
)
_HEADER_WITHIN = 40  # rows
_LOOKED_AT = 60  # cells of a column without a header that tell what it holds
_MOST_LISTED = 150  # rows of a list of programs to be marked; the catalogue has fifty
_MARK = re.compile(
    r"^\s*(?:x+|✓|✔|☑|☒|🗹|√|v|igen|i|\+|1|kér(?:i|em|jük)?|kell|\[x\]|\(x\)|●|■|ok|jelölve|szükséges)\s*$", re.I
)
_NO_MARK = re.compile(r"^\s*(?:|-+|–|nem|n|0|☐|□|\[\s*\]|/|\.|nem kér(?:i|em|jük)?|nem kell)\s*$", re.I)
_MARK_BEFORE = re.compile(r"^\s*(?:x\s+|\[x\]\s*|\(x\)\s*|☒\s*|☑\s*|✓\s*|✔\s*|✗\s*)(?=\S)", re.I)
_DITTO = re.compile(
    r"^\s*(?:[\"”„']{1,2}|-\s?[\"”]\s?-|u\.?\s?a\.?|ugyanaz|ua\.?|mint fent|fenti|ld\.? fent|''|〃|-\"-)\s*$", re.I
)
_EXAMPLE = re.compile(r"\b(?:pelda|minta|pl)\b")
_TOTAL = re.compile(r"^(?:osszesen|ossz|megjegyzes|kelt|datum|alairas|keszitette|p\s?h|jegyzo|polgarmester)")


def find(block: Block, number: int, out: Findings) -> list[str]:
    """Reads the table; returns the rows that were no part of one, as lines of text (columns by " | ")."""
    rows = [tuple(plain_addresses(cell) for cell in row) for row in block.rows]
    header = _header(rows)
    if header is not None:
        above = _vertical_part(block, number, rows[:header], out, 0)
        _horizontal(block, number, rows, header, out)
        return above
    if _marked_programs(block, number, rows, out):
        return []
    if _is_vertical(rows):
        return _vertical_part(block, number, rows, out, 0)
    guessed = _guess(rows)
    if guessed is not None:
        reader = _Rows(block, number, guessed, rows, out)
        for index, row in enumerate(rows):
            reader.row(index, row)
        return []
    return [_line(row) for row in rows]


def _line(row: Row) -> str:
    return " | ".join(squeeze(cell) for cell in row if cell.strip())


# ---------------------------------------------------------------- one row an applicant


def _columns(row: Row) -> list[str | Found | None]:
    """What each column of a header announces: a field, a program to be marked, or nothing."""
    out: list[str | Found | None] = []
    for cell in row:
        text = squeeze(cell)
        field = field_of(text) if text else None
        if field is None and text and len(text) < 140:
            found = find_programs(text, Where.LABEL)
            if len(found) == 1 and found[0].status != "unknown":
                out.append(found[0])
                continue
        out.append(field)
    return out


def _is_header(row: Row) -> bool:
    filled = [cell for cell in row if cell.strip()]
    if len(filled) < 2 or any("@" in cell for cell in filled):
        return False
    columns = [c for c, cell in zip(_columns(row), row, strict=True) if cell.strip()]
    fields = {c for c in columns if isinstance(c, str) and c in _USEFUL}
    marks = sum(1 for c in columns if isinstance(c, Found))
    known = sum(1 for c in columns if c is not None)
    if not ({"name", "surname", "email"} & fields):
        return False
    if set(columns) <= {"name", None}:  # "1. dolgozó | 2. dolgozó": a column an applicant
        return False
    if any(persons.find(cell) for cell in filled):
        return False
    return (len(fields) >= 2 or marks >= 1 or (len(fields) == 1 and known >= 2)) and known * 5 >= len(filled) * 3


def _header(rows: Sequence[Row]) -> int | None:
    return next((i for i, row in enumerate(rows[:_HEADER_WITHIN]) if _is_header(row)), None)


def _horizontal(block: Block, number: int, rows: Sequence[Row], header: int, out: Findings) -> None:
    columns = _columns(rows[header])
    start = header + 1
    if start < len(rows) and _extends(rows[start], columns):
        below = _columns(rows[start])
        columns = [b if isinstance(b, Found) or a is None else a for a, b in zip(columns, below, strict=False)] + below[
            len(columns) :
        ]
        start += 1
    reader = _Rows(block, number, columns, rows[start:], out)
    for index in range(start, len(rows)):
        if _is_header(rows[index]):
            reader.columns = _columns(rows[index])
            continue
        reader.row(index, rows[index])


def _extends(row: Row, columns: list[str | Found | None]) -> bool:
    """A second header line: programs under a title that spans them, and nobody's name."""
    found = [c for c in _columns(row) if isinstance(c, Found)]
    return len(found) >= 2 and not any("@" in c for c in row) and sum(1 for c in row if c.strip()) <= len(found) + 1


class _Rows:
    """Reads the data rows of a table whose columns are known."""

    def __init__(
        self, block: Block, number: int, columns: list[str | Found | None], rows: Sequence[Row], out: Findings
    ) -> None:
        self.block, self.number, self.columns, self.out = block, number, columns, out
        self.above: dict[str, str] = {}
        self.section: dict[str, list[Value]] = {}
        self.no_pir = {i for i, c in enumerate(columns) if c == "pir" and self._personnel(i, rows)}

    def _personnel(self, column: int, rows: Sequence[Row]) -> bool:
        """Törzsszám over values that differ by person is a personnel number, no PIR (POLICY section 2)."""
        pir_columns = [i for i, c in enumerate(self.columns) if c == "pir"]
        header_says_pir = any(i != column for i in pir_columns)
        values = [
            row[column].strip()
            for row in rows
            if column < len(row) and row[column].strip() and any("@" in c or persons.loose(c) for c in row)
        ]
        places = self._cells("municipality", rows)
        one_place = len({key(p) for p in places}) <= 1 or len(places) != len(values)
        label = self.labels[column] if column < len(self.labels) else ""
        if "pir" in label or "torzskonyvi" in label:
            return False
        differ = len(values) >= 2 and len(set(values)) == len(values)
        return (differ and one_place) or (header_says_pir and differ)

    @property
    def labels(self) -> list[str]:
        header = next((row for row in self.block.rows if _is_header(row)), ())
        return [fold(cell) for cell in header]

    def _cells(self, field: str, rows: Sequence[Row]) -> list[str]:
        index = next((i for i, c in enumerate(self.columns) if c == field), None)
        return [row[index] for row in rows if index is not None and index < len(row) and row[index].strip()]

    def row(self, index: int, row: Row) -> None:
        filled = [cell.strip() for cell in row if cell.strip()]
        if not filled:
            return
        cells = {(c if isinstance(c, str) else f"#{i}"): "" for i, c in enumerate(self.columns)}
        for i, cell in enumerate(row[: len(self.columns)]):
            column = self.columns[i]
            if isinstance(column, str) and cell.strip() and i not in self.no_pir:
                cells[column] = (
                    f"{cells[column]}\n{cell.strip()}".strip()
                    if column in {"programs", "program_id", "program_long"}
                    else cells[column] or cell.strip()
                )
        where = evidence(self.block, index, _line(row))
        if len(set(filled)) == 1 and not cells.get("email"):
            self._heading(filled[0], index)
            return
        name_cell = (
            squeeze(f"{cells.get('surname', '')} {cells.get('given', '')}")
            if cells.get("surname")
            else cells.get("name", "")
        )
        name = persons.loose(name_cell) if name_cell else None
        marked = [c for i, c in enumerate(self.columns[: len(row)]) if isinstance(c, Found) and _MARK.match(row[i])]
        email = cells.get("email", "")
        if (
            _EXAMPLE.search(fold(name_cell))
            or email.lower() in examples()
            or _TOTAL.match(key(name_cell))
            or (key(filled[0]) and _TOTAL.match(key(filled[0])))
        ):
            return
        if not (name and is_full(name)) and "@" not in email and not (name_cell and (cells.get("programs") or marked)):
            return
        draft = Draft((self.number, index, 0), closed=True, layer=self.block.layer)
        if name and is_full(name):
            draft.names.append(Value(persons.nominative(name), where, name_cell, labelled=True))
        elif name is None and (spotted := persons.find(name_cell)):
            draft.names.append(Value(spotted[0].name, where, name_cell, labelled=True))
        for field in ("municipality", "pir", "county"):
            cell = cells.get(field, "")
            if _DITTO.match(cell):
                cell = self.above.get(field, "")
            if cell:
                self.above[field] = cell
            add_cell(draft, field, cell, where)
            if field not in draft.values and field in self.section:
                draft.values[field] = list(self.section[field])
        add_cell(draft, "email", email, where)
        wish = cells.get("programs", "")
        if _DITTO.match(wish):
            wish = self.above.get("programs", "")
        self.above["programs"] = wish
        self._programs(draft, wish, cells.get("program_id", ""), cells.get("program_long", ""), where)
        draft.programs += [Mention(c.status, c.programs, Value(self._title(c), where)) for c in marked]
        if birth := persons.loose(cells.get("birth_name", "")):
            draft.aliases.append(birth)
        for clerk in (cells.get("clerk_name", ""), cells.get("clerk_email", "")):
            note_clerk(clerk, self.out)
        self.out.drafts.append(draft)

    def _title(self, found: Found) -> str:
        return next(
            (
                squeeze(cell)
                for row in self.block.rows
                for cell, c in zip(row, self.columns, strict=False)
                if c is found
            ),
            "",
        )

    def _heading(self, text: str, index: int) -> None:
        """A row of one cell between the applicants: "Kerkáskápolna Község Önkormányzata (PIR: 799986)" holds for the rows below."""
        where = evidence(self.block, index, text)
        named = bodies.find(text)
        if named:
            self.section = {"municipality": [Value(named[0][2], where, text)]}
        for _, _, pir in pirs(text):
            self.section["pir"] = [Value(pir, where, text)]
        for _, _, official in counties.find(text):
            self.section["county"] = [Value(official, where, text)]

    def _programs(self, draft: Draft, wish: str, code: str, long: str, where: object) -> None:
        if code and wish and "\n" not in code + wish and not re.search(r"[,;]", code):
            wish, code = f"{wish} ({code})", ""
        text = "\n".join(part for part in (wish, code, long if not wish else "") if part)
        draft.programs += [mention(found, text, where) for found in find_programs(text, Where.LABEL)]  # type: ignore[arg-type]


# ---------------------------------------------------------------- one row a field, one column an applicant


def _is_vertical(rows: Sequence[Row]) -> bool:
    fields = [field_of(row[0]) for row in rows if row and row[0].strip()]
    return sum(1 for f in fields if f in _USEFUL) >= 2


def _vertical_part(block: Block, number: int, rows: Sequence[Row], out: Findings, offset: int) -> list[str]:
    """Rows of label and value(s). Rows that are none come back as text."""
    left: list[str] = []
    width = max((len(row) for row in rows), default=0)
    drafts: dict[int, Draft] = {}
    done: list[Draft] = []
    last = ""
    for index, row in enumerate(rows):
        where = evidence(block, index + offset, _line(row))
        if row and not row[0].strip() and all(field_of(c) == "name" for c in row[1:] if c.strip()):
            continue  # the titles of the columns
        pairs = _pairs(row, width)
        if not pairs and not any(c.strip() for c in row[:1]) and last and any(c.strip() for c in row):
            pairs = [
                (last, i, cell) for i, cell in enumerate(row) if i and cell.strip()
            ]  # the label's cell spans several rows
        found = (
            find_programs(squeeze(row[0]), Where.LABEL) if row and not pairs and row[0].strip() and len(row) > 1 else []
        )
        if len(found) == 1 and found[0].status != "unknown" and any(_MARK.match(c) for c in row[1:]) and drafts:
            for i, cell in enumerate(row[1:], 1):
                if _MARK.match(cell) and (
                    target := drafts.get(i) or (next(iter(drafts.values())) if len(drafts) == 1 else None)
                ):
                    target.programs.append(mention(found[0], squeeze(row[0]), where))
            continue
        if not pairs:
            if line := _line(row):
                left.append(line)
            continue
        for field, column, cell in pairs:
            last = field
            if field in {"clerk_name", "clerk_email"}:
                note_clerk(cell, out)
                continue
            if field == "name" and column in drafts and drafts[column].names and cell.strip():
                done.append(drafts.pop(column))
            draft = drafts.setdefault(column, Draft((number, index + offset, column), closed=True, layer=block.layer))
            _fill(draft, field, cell, where)
    done += drafts.values()
    shared = [d for d in done if not d.names and "email" not in d.values]
    real = [d for d in done if d.names or "email" in d.values]
    for draft in shared:
        out.loose += [Loose(f, v, draft.order, block.layer) for f, values in draft.values.items() for v in values]
        out.programs += [(m, draft.order, block.layer) for m in draft.programs]
    out.drafts += real
    return left


def _pairs(row: Row, width: int) -> list[tuple[str, int, str]]:
    """(field, column, value) of a row: a label and its values, or label and value in turns."""
    if not row or not row[0].strip():
        return []
    field = field_of(row[0])
    if field is None or field == "ignore":
        return [("ignore", 1, "")] if field == "ignore" and len(row) > 1 and any(c.strip() for c in row[1:]) else []
    out: list[tuple[str, int, str]] = []
    filled = [(i, c) for i, c in enumerate(row[1:], 1) if c.strip()]
    if len(filled) >= 3 and field_of(filled[1][1]) in _USEFUL:  # Név | Kovács Anna | PIR | 731234
        current, column = field, 1
        for _i, cell in filled:
            if (other := field_of(cell)) is not None:
                current = other
            else:
                out.append((current, column, cell))
        return out
    return [(field, i, c) for i, c in filled] if filled else [(field, 1, "")]


def _fill(draft: Draft, field: str, cell: str, where: object) -> None:
    if field == "name":
        if (name := persons.loose(squeeze(cell))) and is_full(name):
            draft.names.append(Value(persons.nominative(name), where, cell, labelled=True))  # type: ignore[arg-type]
    elif field in {"surname", "given"}:
        before = draft.names.pop().text if draft.names else ""
        name = squeeze(f"{before} {cell}" if field == "given" else f"{cell} {before}")
        draft.names.append(Value(name, where, cell, labelled=True))  # type: ignore[arg-type]
    elif field in {"programs", "program_id", "program_long"}:
        text = cell.strip()
        draft.programs += [mention(found, text, where) for found in find_programs(text, Where.LABEL)]  # type: ignore[arg-type]
    elif field == "birth_name":
        if birth := persons.loose(cell):
            draft.aliases.append(birth)
    elif field in {"municipality", "pir", "county", "email"}:
        add_cell(draft, field, cell, where)


# ---------------------------------------------------------------- programs as rows, with marks


def _marked_programs(block: Block, number: int, rows: Sequence[Row], out: Findings) -> bool:
    """A list of programs with marks, perhaps the FAQ's own table ticked; persons may head the columns of marks."""
    named: list[tuple[int, Found, str]] = []
    filled = sum(1 for row in rows if any(c.strip() for c in row))
    if filled > _MOST_LISTED:
        return False
    for index, row in enumerate(rows):
        for cell in row:
            text = _MARK_BEFORE.sub("", squeeze(cell))
            found = find_programs(text, Where.LABEL) if text and len(text) < 200 and field_of(text) is None else []
            if len(found) == 1 and found[0].status == "resolved":
                named.append((index, found[0], text))
                break
    if len(named) < 2 or len(named) * 10 < filled * 6:
        return False
    heads: dict[int, Draft] = {}
    first = named[0][0]
    for index, row in enumerate(rows[:first]):
        for column, cell in enumerate(row):
            if column and (name := persons.loose(squeeze(cell))) and is_full(name) and persons.find(squeeze(cell)):
                draft = Draft(
                    (number, index, column),
                    names=[Value(name, evidence(block, index, cell), cell, labelled=True)],
                    closed=True,
                    layer=block.layer,
                )
                for _, _, address in addresses(cell):
                    draft.add("email", Value(address, evidence(block, index, cell), cell, labelled=True))
                heads[column] = draft
    programs = {index for index, _, _ in named}
    for index, row in enumerate(rows):  # "E-mail cím | a@x.hu | b@x.hu" among the rows of programs
        field = field_of(row[0]) if index not in programs and row and heads else None
        for column, draft in heads.items():
            if field in {"email", "municipality", "pir", "county"} and column < len(row) and row[column].strip():
                _fill(draft, str(field), row[column], evidence(block, index, _line(row)))
    marks = [
        (index, column)
        for index, _, _ in named
        for column, cell in enumerate(rows[index])
        if (_MARK.match(cell) and not re.fullmatch(r"\s*\d+\s*", cell)) or _MARK_BEFORE.match(cell)
    ]
    if not marks and len(named) >= 10:
        return True  # the FAQ's table as it stands asks for nothing
    for index, wish, text in named:
        row = rows[index]
        where = evidence(block, index, _line(row))
        columns = [column for i, column in marks if i == index]
        if heads:
            for column in columns:
                if column in heads:
                    heads[column].programs.append(mention(wish, text, where))
        elif columns or not marks:
            out.programs.append((mention(wish, text, where), (number, index, 0), block.layer))
    out.drafts += heads.values()
    return True


# ---------------------------------------------------------------- a table without a header


def _guess(rows: Sequence[Row]) -> list[str | Found | None] | None:
    """The columns of a table without a header, by what stands in them; None unless names and addresses are plain to see."""
    width = max((len(row) for row in rows), default=0)
    columns: list[str | Found | None] = []
    for i in range(width):
        cells = [squeeze(row[i]) for row in rows if i < len(row) and row[i].strip()]
        columns.append(_kind_of(cells[:_LOOKED_AT]) if cells else None)
    if "email" not in columns or "name" not in columns or columns.count("name") > 1:
        return None
    return columns


def _kind_of(cells: list[str]) -> str | None:
    def most(test: Callable[[str], object]) -> bool:
        return sum(1 for c in cells if test(c)) * 3 >= len(cells) * 2

    if most(lambda c: "@" in c):
        return "email"
    if most(lambda c: bodies.is_body(c)):
        return "municipality"
    if most(lambda c: re.fullmatch(r"\d{3}[ \-]?\d{3}", c)):
        return "pir"
    if most(lambda c: counties.recognise(c) is not None):
        return "county"
    if most(lambda c: next((f.status for f in find_programs(c, Where.LABEL)), "unknown") != "unknown"):
        return "programs"
    if most(lambda c: bool(persons.find(c)) and persons.loose(c) is not None):
        return "name"
    return None
