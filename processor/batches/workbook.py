"""The batch as a workbook that people read. Written with openpyxl's write-only mode: memory stays flat with the rows.

The same content gives the same bytes: neither the hour of writing nor the order of anything unordered gets into the
file.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from processor.batches.content import Content, Row
from processor.batches.moodle import header, rows
from processor.cases.vocabulary import STATUS_WORDS
from rules.hungarian.catalogue import programs as catalogue

_HEAD = PatternFill("solid", fgColor="1F3864")
_HEAD_FONT = Font(name="Calibri", bold=True, color="FFFFFF")
_BOLD = Font(name="Calibri", bold=True)
_TITLE = Font(name="Calibri", bold=True, size=16, color="1F3864")
_LINE = Border(bottom=Side(style="thin", color="BFBFBF"))
_WRAP = Alignment(wrap_text=True, vertical="top")
_TOP = Alignment(vertical="top")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip archive can hold

_REQUESTS = (
    ("Hivatkozás", 20),
    ("Név", 28),
    ("Munkahely", 44),
    ("PIR", 10),
    ("Vármegye", 24),
    ("E-mail-cím", 36),
    ("Tananyagok", 48),
    ("ProBono azonosítók", 20),
    ("Jegyző", 34),
    ("Beérkezett", 13),
    ("Teljessé vált", 13),
    ("Fiók", 10),
    ("Megjegyzés", 36),
)


def safe(value: str) -> str:
    """A text that no spreadsheet program takes for a formula (OWASP, CSV injection): an apostrophe goes before =, +,
    -, @, tab and CR."""
    if not value.isprintable():
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    return "'" + value if value[:1] in "=+-@\t\r" and value else value


class _Archive(ZipFile):
    """A zip archive whose entries bear no hour, so that the same content is the same bytes."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        info = ZipInfo(str(zinfo_or_arcname), _EPOCH)
        info.compress_type = ZIP_DEFLATED
        super().writestr(info, data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        info = ZipInfo(str(arcname), _EPOCH)
        info.compress_type = ZIP_DEFLATED
        info.file_size = os.path.getsize(filename)
        with open(filename, "rb") as source, self.open(info, "w") as target:
            while chunk := source.read(1 << 16):
                target.write(chunk)


def workbook_bytes(content: Content) -> bytes:
    """The batch's xlsx: sheets Feltöltés, Kérelmek, Összesítő."""
    book = Workbook(write_only=True)
    _upload(book, content)
    _requests(book, content)
    _summary(book, content)
    made = dt.datetime.fromisoformat(content.made).replace(tzinfo=None)
    book.properties.creator = "Beirató"
    book.properties.title = f"ASP Oktatás, beíratási köteg {content.name}"
    book.properties.created = book.properties.modified = made
    out = io.BytesIO()
    ExcelWriter(book, _Archive(out, "w", ZIP_DEFLATED)).save()
    return out.getvalue()


def _sheet(book: Workbook, title: str, widths: Sequence[int]) -> Any:
    sheet = book.create_sheet(title)
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&A, &P/&N. oldal"
    sheet.print_title_rows = "1:1"
    return sheet


def _cell(
    sheet: Any,
    value: Any,
    font: Font | None = None,
    fill: PatternFill | None = None,
    alignment: Alignment | None = None,
    border: Border | None = None,
) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    if alignment:
        cell.alignment = alignment
    if border:
        cell.border = border
    return cell


def _headed(sheet: Any, titles: Iterable[str]) -> None:
    sheet.append(
        [_cell(sheet, title, _HEAD_FONT, _HEAD, Alignment(vertical="center", wrap_text=True)) for title in titles]
    )


def _upload(book: Workbook, content: Content) -> None:
    """The rows of the CSV, cell by cell; what begins like a formula was mended there (`moodle.text`)."""
    titles = header(content)
    widths = {
        "username": 34,
        "firstname": 18,
        "lastname": 22,
        "email": 34,
        "institution": 42,
        "city": 18,
        "country": 9,
        "lang": 7,
    }
    sheet = _sheet(book, "Feltöltés", [widths.get(t, 26) for t in titles])
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{len(content.rows) + 1}"
    _headed(sheet, titles)
    for row in rows(content):
        sheet.append(row)


def _requests(book: Workbook, content: Content) -> None:
    sheet = _sheet(book, "Kérelmek", [width for _, width in _REQUESTS])
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_REQUESTS))}{len(content.rows) + 1}"
    _headed(sheet, (title for title, _ in _REQUESTS))
    line = _Line(sheet)
    for number, row in enumerate(content.rows, start=2):
        sheet.row_dimensions[number].height = 15 * max(
            1, len(row.programs), len(row.references)
        )  # points; not every program fits a row by itself
        sheet.append(line.filled(_request(row)))


def _request(row: Row) -> list[str | dt.date | None]:
    programs = [catalogue()[p] for p in row.programs]
    return [
        "\n".join(row.references),
        row.name,
        row.institution,
        row.pir,
        row.county,
        row.email,
        "\n".join(p.short for p in programs),
        "\n".join(p.id for p in programs),
        row.clerk,
        dt.date.fromisoformat(row.received) if row.received else None,
        dt.date.fromisoformat(row.queued) if row.queued else None,
        "meglévő" if row.existing else "új",
        row.remark,
    ]


class _Line:
    """The cells of one row, made once and filled anew for every row: a written row is never looked at again, and
    styling a cell costs more than writing it."""

    def __init__(self, sheet: Any) -> None:
        self._plain = [_cell(sheet, "", alignment=_TOP) for _ in _REQUESTS]
        self._wrapped = [_cell(sheet, "", alignment=_WRAP) for _ in _REQUESTS]
        self._dates = [_cell(sheet, dt.date(2000, 1, 1), alignment=_TOP) for _ in _REQUESTS]
        for cell in self._dates:
            cell.number_format = "yyyy.mm.dd."

    def filled(self, values: Sequence[str | dt.date | None]) -> list[Any]:
        out: list[Any] = []
        for column, value in enumerate(values):
            if not value:
                out.append(None)
            elif isinstance(value, str):
                cell = (self._wrapped if "\n" in value or len(value) > 30 else self._plain)[column]
                cell._value = safe(value)  # past the setter, which would guess the type of every text again
                out.append(cell)
            else:
                self._dates[column]._value = value
                out.append(self._dates[column])
        return out


def _summary(book: Workbook, content: Content) -> None:
    """Counts by program and county, each with its chart, and what still waits."""
    sheet = _sheet(book, "Összesítő", [40, 12, 4, 30, 12])
    sheet.print_title_rows = None
    sheet.page_setup.orientation = "portrait"
    by_program = Counter(catalogue()[p].short for row in content.rows for p in row.programs).most_common()
    by_county = Counter(row.county for row in content.rows).most_common()
    head = _summary_head(sheet, content)
    titles = [[_cell(sheet, t, _HEAD_FONT, _HEAD) for t in pair] for pair in _COUNTED]
    sheet.append([*titles[0], None, *titles[1]])
    for left, right in zip_longest(by_program, by_county):
        sheet.append([*_counted(sheet, left), None, *_counted(sheet, right)])
    below = head + max(len(by_program), len(by_county)) + 2
    _chart(sheet, "Beíratások tananyagonként", 1, head, by_program, f"A{below}")
    under = below + 2 + 2 * _height(len(by_program))  # two rows are about a centimetre
    _chart(sheet, "Személyek vármegyénként", 4, head, by_county, f"A{under}")


_COUNTED = (("Tananyag", "Beíratás"), ("Vármegye", "Személy"))


def _summary_head(sheet: Any, content: Content) -> int:
    """Title, when it was made, how many people, what still waits; the number of the row below."""
    made = dt.datetime.fromisoformat(content.made)
    new = sum(1 for row in content.rows if not row.existing)
    courses = sum(len(row.programs) for row in content.rows)
    still = ((STATUS_WORDS[status], number) for status, number in sorted(content.waiting.items()) if number)
    waiting = ", ".join(f"{words}: {number}" for words, number in still)
    people = f"új fiók: {new}, meglévő fiók új tananyaggal: {len(content.rows) - new}"
    sheet.append([_cell(sheet, f"Beíratási köteg: {content.name}", _TITLE)])
    sheet.append([f"Készült: {made:%Y.%m.%d. %H:%M}"])
    sheet.append([f"{len(content.rows)} személy ({people}), {courses} beíratás"])
    sheet.append([f"Még folyamatban lévő ügyek: {waiting or 'nincs'}"])
    sheet.append([])
    return 6


def _counted(sheet: Any, counted: tuple[str, int] | None) -> list[Any]:
    """Two cells of a count, or two empty ones."""
    if counted is None:
        return [None, None]
    return [_cell(sheet, safe(counted[0]), border=_LINE), _cell(sheet, counted[1], border=_LINE)]


def _height(count: int) -> int:
    """Of a chart with so many bars, in centimetres."""
    return max(6, count + 3)


def _chart(sheet: Any, title: str, column: int, head: int, counted: Sequence[tuple[str, int]], anchor: str) -> None:
    count = len(counted)
    if not count:
        return
    chart = BarChart()
    chart.type, chart.title, chart.legend, chart.gapWidth = "bar", title, None, 60
    chart.height, chart.width = _height(count), 18  # centimetres
    chart.add_data(Reference(sheet, min_col=column + 1, min_row=head + 1, max_row=head + count))
    chart.set_categories(Reference(sheet, min_col=column, min_row=head + 1, max_row=head + count))
    chart.x_axis.scaling.orientation = "maxMin"  # the first row of the table on top
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorUnit = 1 if counted[0][1] <= 10 else None  # no half persons
    chart.series[0].graphicalProperties.solidFill = "2E5597"
    sheet.add_chart(chart, anchor)


def figures_bytes(found: Mapping[str, Any], words: Mapping[str, str]) -> bytes:
    """The numbers of `figures` as a workbook of one sheet. `words`: their Hungarian labels."""
    book = Workbook(write_only=True)
    sheet = _sheet(book, "Számok", [52, 14])
    sheet.print_title_rows = None
    sheet.page_setup.orientation = "portrait"
    sheet.append([_cell(sheet, "ASP Oktatás: a feldolgozás számai", _TITLE)])
    sheet.append([f"Ettől: {found['since']}" if found["since"] else "A kezdetektől"])
    for key, label in words.items():
        if key not in found:
            continue
        value = found[key]
        if not isinstance(value, Mapping):
            sheet.append([label, value])
            continue
        sheet.append([])
        sheet.append([_cell(sheet, label, _HEAD_FONT, _HEAD), _cell(sheet, "", _HEAD_FONT, _HEAD)])
        for name, count in value.items():
            sheet.append([_cell(sheet, safe(words.get(name, name)), border=_LINE), _cell(sheet, count, border=_LINE)])
    out = io.BytesIO()
    ExcelWriter(book, _Archive(out, "w", ZIP_DEFLATED)).save()
    return out.getvalue()
