"""Spreadsheets that lie about their size, or are broken: read as far as they go, and never the end of the process."""

from __future__ import annotations

import contextlib
import io
import random
import time

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import Table, TableCell, TableRow
from odf.text import P

from processor.reading.attachments import Unreadable, read_attachment


def rows(name: str, data: bytes) -> list[list[str]]:
    return [
        list(row)
        for _, parts in read_attachment(name, "application/octet-stream", data)
        for part in parts
        for row in part.rows
    ]


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Lap")
    for i, row in enumerate([["Név", "PIR"], ["Kovács Anna", 731234]]):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell)
    hidden = book.add_sheet("Rejtett")
    hidden.write(0, 0, "minta")
    hidden.visibility = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_document(*tables: Table) -> bytes:
    document = OpenDocumentSpreadsheet()
    hidden = Style(name="hidden", family="table")
    hidden.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(hidden)
    for table in tables:
        document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def open_row(*cells: object, columns: int = 1, times: int = 1) -> TableRow:
    row = TableRow(numberrowsrepeated=str(times))
    for cell in cells:
        made = (
            TableCell(valuetype="float", value=str(cell))
            if isinstance(cell, int)
            else TableCell(numbercolumnsrepeated=str(columns))
        )
        made.addElement(P(text=f"{cell:,}" if isinstance(cell, int) else cell))
        row.addElement(made)
    return row


def test_a_space_in_the_last_cell_of_a_sheet():
    """Somebody pressed Ctrl+End and the space bar; the grid of 17 thousand million cells is never laid out."""
    book = openpyxl.Workbook()
    for cell, value in {"B2": "Név", "C2": "PIR", "B3": "Kovács Anna", "C3": 731234, "XFD1048576": " "}.items():
        book.active[cell] = value
    out = io.BytesIO()
    book.save(out)
    begin = time.monotonic()
    assert rows("a.xlsx", out.getvalue()) == [["Név", "PIR"], ["Kovács Anna", "731234"]]
    assert time.monotonic() - begin < 30


def test_hidden_sheets_and_formulas():
    """Of what a person would see when opening it."""
    book = openpyxl.Workbook()
    book.active.append(["Név", "=1+1"])
    book.create_sheet("minta").append(["Minta Béla"])
    book["minta"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert rows("a.xlsx", out.getvalue()) == [["Név"]], "a formula that was never calculated is nothing"


def test_the_old_format():
    """Numbers as a person reads them."""
    assert rows("a.xls", old_workbook()) == [["Név", "PIR"], ["Kovács Anna", "731234"]]


def test_open_document():
    """Repeated cells and rows, a number by its value, a hidden sheet."""
    shown, hidden = Table(name="Lap"), Table(name="Rejtett", stylename="hidden")
    for row in (
        open_row("Név", "PIR"),
        open_row("", columns=16384, times=1_048_000),
        open_row("Kovács Anna", 731234),
        open_row("", columns=16384),
    ):
        shown.addElement(row)
    hidden.addElement(open_row("minta"))
    assert [row for row in rows("a.ods", open_document(shown, hidden)) if any(row)] == [
        ["Név", "PIR"],
        ["Kovács Anna", "731234"],
    ]


def test_a_value_repeated_a_million_times():
    """Refused with a reason, at once."""
    table = Table(name="Lap")
    table.addElement(open_row("x", columns=16384, times=1_048_000))
    with pytest.raises(Unreadable, match="túl sok sor"):
        rows("a.ods", open_document(table))


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.ods"])
def test_broken_files_are_unreadable_or_read(name):
    """Bytes changed at random: never another exception, never the end of the process (a reader in Rust once took it
    along)."""
    if name == "a.xls":
        whole = old_workbook()
    elif name == "a.ods":
        table = Table(name="Lap")
        table.addElement(open_row("Név", 731234))
        whole = open_document(table)
    else:
        book = openpyxl.Workbook()
        book.active.append(["Név", 731234])
        out = io.BytesIO()
        book.save(out)
        whole = out.getvalue()
    chance = random.Random(7)
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(3):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(Unreadable):
            rows(name, bytes(data))
