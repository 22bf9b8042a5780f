"""The report of a trial as a workbook: a sheet of mails, a sheet of totals. Rows are written as they come, so that
memory stays flat however many mails there are.

The file appears when it is whole; before, it is a temporary one beside it, which its owner alone may read.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import SheetFormatProperties

from processor.batches.workbook import safe
from processor.cases.vocabulary import DECISION_WORDS, KIND_WORDS
from processor.trial.lines import Line, Totals
from processor.trial.words import ALONE, sections
from rules.model import Open

_COLUMNS = (
    ("Sorszám", 9),
    ("Dátum", 17),
    ("Feladó", 34),
    ("Tárgy", 38),
    ("Fajta", 22),
    ("Döntés", 20),
    ("Munkatárs miért", 30),
    ("Tisztázandó", 48),
    ("Kérelmezők", 60),
    ("Hibák, hiányok", 36),
    ("Olvasáskor", 36),
    ("A levél, amely kimenne", 80),
    ("Forrás", 26),
)
_DECISION = [title for title, _ in _COLUMNS].index("Döntés")
_ROW_HEIGHT = 105  # points, seven lines: a letter of thirty would push the next mail off the screen
_HEAD_HEIGHT = 20
_LONGEST = 32_000  # characters of a cell; Excel takes 32 767
_CUT = "… (a vége nem fért ki)"
_HEAD = PatternFill("solid", fgColor="1F3864")
_HEAD_FONT = Font(name="Calibri", bold=True, color="FFFFFF")
_TITLE = Font(name="Calibri", bold=True, size=16, color="1F3864")
_RULE = Border(bottom=Side(style="thin", color="BFBFBF"))
_A3, _A4 = 8, 9  # as spreadsheets number paper
_WRAP = Alignment(wrap_text=True, vertical="top")
# What the eye looks for first: the decision, as the terminal colours it.
_FILLS: Mapping[str, PatternFill] = {
    decision: PatternFill("solid", fgColor=colour)
    for decision, colour in {
        "queue": "E2F0D9",
        "ask": "FFF2CC",
        "review": "F4D9F0",
        "answer": "DDEBF7",
        "ignore": "EDEDED",
        "failed": "F8CBAD",
    }.items()
}


class Report:
    """The workbook being written. `add` a line at a time, `finish` with the totals."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._book = Workbook(write_only=True)
        self._book.properties.creator = "Beirató"
        self._book.properties.title = "Beirató: próba"
        self._mails: Any = self._book.create_sheet("Levelek")
        self._rows = 1
        self._begin()

    def _begin(self) -> None:
        sheet = self._mails
        for column, (_, width) in enumerate(_COLUMNS, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.sheet_format = SheetFormatProperties(defaultRowHeight=_ROW_HEIGHT, customHeight=True)
        sheet.row_dimensions[1].height = _HEAD_HEIGHT
        sheet.freeze_panes = "E2"
        _printed(sheet, "landscape", _A3)
        sheet.print_title_rows = "1:1"
        sheet.append([self._cell(sheet, title, font=_HEAD_FONT, fill=_HEAD) for title, _ in _COLUMNS])

    def add(self, line: Line) -> None:
        """One mail."""
        cells = [self._cell(self._mails, value) for value in _values(self._rows, line)]
        for cell in cells:
            cell.border = _RULE
        cells[_DECISION].fill = _FILLS[line.decision]
        self._mails.append(cells)
        self._rows += 1

    def finish(self, totals: Totals, about: Sequence[str]) -> None:
        """Writes the totals and saves the whole. `about`: what was read and when, in sentences."""
        self._mails.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{self._rows}"
        sheet: Any = self._book.create_sheet("Összesítő")
        _printed(sheet, "portrait", _A4)
        for column, width in zip("ABCD", (58, 12, 18, 18), strict=True):
            sheet.column_dimensions[column].width = width
        sheet.append([self._cell(sheet, "Próba: mit tett volna a program", font=_TITLE)])
        for sentence in (*about, ALONE):
            sheet.append([self._cell(sheet, sentence, wrapped=False)])
        for section in sections(totals):
            sheet.append([])
            sheet.append([self._cell(sheet, word, font=_HEAD_FONT, fill=_HEAD) for word in section.head])
            for what, *numbers in section.rows:
                sheet.append([self._cell(sheet, what), *numbers])
        self._book.save(self._file)

    def close(self) -> None:
        """Ends the sheets of a workbook that is given up: its writer complains when they are left half-way."""
        for sheet in self._book.worksheets:
            if not sheet.closed:
                sheet.close()

    @staticmethod
    def _cell(
        sheet: Any,
        value: str | int | dt.datetime | None,
        font: Font | None = None,
        fill: PatternFill | None = None,
        wrapped: bool = True,
    ) -> Any:
        cell = WriteOnlyCell(sheet, safe(_short(value)) or None if isinstance(value, str) else value)
        if isinstance(cell.value, str):
            cell.data_type = "s"  # never a formula, whatever it begins with
        elif isinstance(value, dt.datetime):
            cell.number_format = "yyyy.mm.dd. hh:mm"
        if wrapped:
            cell.alignment = _WRAP
        if font is not None:
            cell.font = font
        if fill is not None:
            cell.fill = fill
        return cell


def _printed(sheet: Any, orientation: str, paper: int) -> None:
    """All columns on one page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = orientation, paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _values(number: int, line: Line) -> list[str | int | dt.datetime | None]:
    """In the order of the columns."""
    return [
        number,
        line.date,
        line.sender,
        line.subject,
        KIND_WORDS.get(line.kind, ""),
        DECISION_WORDS[line.decision],
        "\n".join(line.reasons),
        "\n".join(map(_open, line.open)),
        "\n".join(line.applicants),
        "\n".join(line.problems),
        "\n".join(line.faults),
        line.letter,
        line.name,
    ]


def _open(entry: Open) -> str:
    whose = "" if entry.applicant is None else f"{entry.applicant + 1}. "
    return f"{whose}„{entry.text}” ({entry.where}): {entry.why}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - len(_CUT)] + _CUT


@contextlib.contextmanager
def report(target: Path) -> Iterator[Report]:
    """A workbook that stands at the target when the block ends well; otherwise nothing is left of it. OSError when
    nothing can be written there."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    os.close(handle)
    made = Report(Path(name))
    try:
        yield made
        os.replace(name, target)
    finally:
        made.close()
        Path(name).unlink(missing_ok=True)
