"""Spreadsheets to rows: xlsx, xls, ods. Visible sheets only; what a sheet claims to span is never believed.

A stray space in the last cell of a sheet makes it a million rows long on paper; readers that lay out the whole grid
die of it. These go
through the cells that are there.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml import etree

from . import bounds

# One more than is read, so that whoever reads them can say that there are more.
MOST_COLUMNS = bounds.MOST_COLUMNS + 1
MOST_SHEETS = bounds.MOST_SHEETS + 1
MOST_BLANK = 20_000  # rows with nothing in them, one after the other: the sheet has ended
MOST_KEPT = bounds.MOST_ROWS + 1
_KEPT_BLANK = 50  # of such a run, so that line numbers stay near those that a person sees

Row = tuple[object, ...]
Sheet = tuple[str, Iterator[Row]]


def xlsx(data: bytes) -> Iterator[Sheet]:
    """(name, rows) of each visible sheet, by openpyxl's streaming reader; cached values of formulas."""
    # heavy, and few mails bring such a file
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets[:MOST_SHEETS]:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            yield sheet.title, _without_gaps(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS))


def xls(data: bytes) -> Iterator[Sheet]:
    """The same of the old binary format, by xlrd."""
    # few mails bring such a file
    import xlrd

    book = xlrd.open_workbook(file_contents=data, on_demand=True, ragged_rows=True, logfile=io.StringIO())
    for number in range(min(book.nsheets, MOST_SHEETS)):
        sheet = book.sheet_by_index(number)
        if sheet.visibility == 0:
            yield sheet.name, _without_gaps(_old_row(sheet, row, book.datemode) for row in range(sheet.nrows))
        book.unload_sheet(number)


def _old_row(sheet: Any, row: int, datemode: int) -> Row:
    # `xls` has loaded it by now; at the top every start would
    import xlrd

    out: list[object] = []
    for cell in sheet.row(row)[:MOST_COLUMNS]:
        if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR}:
            out.append(None)
        elif cell.ctype == xlrd.XL_CELL_DATE:
            try:
                out.append(xlrd.xldate_as_datetime(cell.value, datemode))
            except (ValueError, OverflowError):
                out.append(cell.value)
        else:
            out.append(bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value)
    return tuple(out)


# ---------------------------------------------------------------- ods

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def ods(data: bytes) -> Iterator[Sheet]:
    """The same of OpenDocument (ISO/IEC 26300): the cells of content.xml, repeats of empty ones passed over."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True
    )
    tree = etree.fromstring(content, parser)
    hidden = {
        style.get(f"{_STYLE}name")
        for style in tree.iter(f"{_STYLE}style")
        if style.get(f"{_STYLE}family") == "table"
        and any(p.get(f"{_TABLE}display") == "false" for p in style.iter(f"{_STYLE}table-properties"))
    }
    tables = [table for table in tree.iter(f"{_TABLE}table") if table.get(f"{_TABLE}style-name") not in hidden]
    for table in tables[:MOST_SHEETS]:
        yield str(table.get(f"{_TABLE}name") or ""), _without_gaps(_open_rows(table))


def _open_rows(table: Any) -> Iterator[Row]:
    for row in table.iter(f"{_TABLE}table-row"):
        cells: list[object] = []
        for cell in row:
            if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"} or len(cells) >= MOST_COLUMNS:
                continue
            cells += [_open_cell(cell)] * min(
                _times(cell.get(f"{_TABLE}number-columns-repeated")), MOST_COLUMNS - len(cells)
            )
        filled = any(cell is not None for cell in cells)
        for _ in range(
            min(_times(row.get(f"{_TABLE}number-rows-repeated")), MOST_BLANK + 1 if filled else _KEPT_BLANK)
        ):
            yield tuple(cells)


def _times(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 10 else 1


def _open_cell(cell: Any) -> object:
    """A number by its value (the text beside it is formatted), anything else by its paragraphs; a note on the cell is
    no part of it."""
    value = cell.get(f"{_OFFICE}value")
    if cell.get(f"{_OFFICE}value-type") == "float" and value:
        try:
            return float(value)
        except ValueError:
            return str(value)
    lines = [_paragraph(p) for p in cell if p.tag == f"{_TEXT}p"]
    return "\n".join(lines) or None


def _paragraph(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            parts.append(" ")
        elif child.tag in {f"{_TEXT}line-break", f"{_TEXT}tab"}:
            parts.append("\n" if child.tag.endswith("break") else "\t")
        elif isinstance(child.tag, str) and child.tag != f"{_OFFICE}annotation":
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)


# ---------------------------------------------------------------- rows


def _without_gaps(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    """The rows, their empty ends cut off, long stretches of empty rows shortened, the empty first columns left out."""
    kept = _kept(rows)
    first = min((_first_filled(row) for row in kept if row), default=0)
    width = max((len(row) for row in kept), default=0)
    for row in kept:
        yield (*row[first:], *([None] * (width - max(len(row), first))))


def _kept(rows: Iterable[Sequence[object]]) -> list[Row]:
    """The rows up to the end of what is filled in, or to one more than is read."""
    blank = 0
    kept: list[Row] = []
    for row in rows:
        cells = _without_end(row)
        if cells:
            kept += [()] * (min(blank, _KEPT_BLANK) if kept else 0)
            kept.append(cells)
            blank = 0
        else:
            blank += 1
        if blank > MOST_BLANK or len(kept) > MOST_KEPT:
            break
    return kept


def _without_end(row: Sequence[object]) -> Row:
    """The cells up to the last filled one."""
    cells = list(row[:MOST_COLUMNS])
    while cells and _is_empty(cells[-1]):
        cells.pop()
    return tuple(cells)


def _first_filled(row: Row) -> int:
    return next(column for column, cell in enumerate(row) if not _is_empty(cell))


def _is_empty(cell: object) -> bool:
    return cell is None or cell == ""
