"""The batch as a workbook that people read. Written with openpyxl's write-only mode: memory stays flat with the rows.

The same content gives the same bytes: neither the hour of writing nor the order of anything unordered gets into the
file.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from processor.batches.content import Content, Enrolment
from processor.batches.moodle import header, rows
from processor.cases.vocabulary import STATUS_WORDS
from rules.hungarian.catalogue import programs as catalogue

_HEAD = PatternFill("solid", fgColor="1F3864")
_HEAD_FONT = Font(name="Calibri", bold=True, color="FFFFFF")
_BOLD = Font(name="Calibri", bold=True)
_TITLE = Font(name="Calibri", bold=True, size=16, color="1F3864")
_RULE = Border(bottom=Side(style="thin", color="BFBFBF"))
_WRAP = Alignment(wrap_text=True, vertical="top")
_TOP = Alignment(vertical="top")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip archive can hold
_LINE_HEIGHT = 15  # points

# Widths of columns, in characters.
_WIDTHS = {
    "username": 34,
    "firstname": 18,
    "lastname": 22,
    "email": 34,
    "institution": 42,
    "city": 18,
    "country": 9,
    "lang": 7,
}
_WIDTH = 26  # of other fields of the upload
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


# No XML 1.0 holds these (its section 2.2): a workbook with one of them could not be written, or not be opened.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def safe(value: str) -> str:
    """A text that no spreadsheet program takes for a formula (OWASP, CSV injection): an apostrophe goes before =, +,
    -, @, tab and CR."""
    if not value.isprintable():
        value = _NOT_XML.sub("", value)
    return "'" + value if value[:1] in "=+-@\t\r" and value else value


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
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """The workbook's bytes. `Workbook.save` would write the hour into its properties and into every entry of the zip
    archive, so the writer under it gets an archive of its own, whose entries are then packed without an hour."""
    out = io.BytesIO()
    with TemporaryFile() as unpacked:
        ExcelWriter(book, ZipFile(unpacked, "w")).save()
        with ZipFile(unpacked) as parts, ZipFile(out, "w", ZIP_DEFLATED) as archive:
            for part in parts.infolist():
                entry = ZipInfo(part.filename, _EPOCH)
                entry.compress_type, entry.file_size = ZIP_DEFLATED, part.file_size
                with parts.open(part) as source, archive.open(entry, "w") as target:
                    shutil.copyfileobj(source, target)
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
    sheet = _sheet(book, "Feltöltés", [_WIDTHS.get(title, _WIDTH) for title in titles])
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{len(content.enrolments) + 1}"
    _headed(sheet, titles)
    for row in rows(content):
        sheet.append(row)


def _requests(book: Workbook, content: Content) -> None:
    sheet = _sheet(book, "Kérelmek", [width for _, width in _REQUESTS])
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_REQUESTS))}{len(content.enrolments) + 1}"
    _headed(sheet, (title for title, _ in _REQUESTS))
    cells = _Cells(sheet)
    for number, one in enumerate(content.enrolments, start=2):
        lines = max(1, len(one.programs), len(one.references))  # not every program makes rows fit
        sheet.row_dimensions[number].height = _LINE_HEIGHT * lines
        sheet.append(cells.filled(_request(one)))


def _request(one: Enrolment) -> list[str | dt.date | None]:
    programs = [catalogue()[p] for p in one.programs]
    return [
        "\n".join(one.references),
        one.name,
        one.institution,
        one.pir,
        one.county,
        one.email,
        "\n".join(p.short for p in programs),
        "\n".join(p.id for p in programs),
        one.clerk,
        dt.date.fromisoformat(one.received) if one.received else None,
        dt.date.fromisoformat(one.queued) if one.queued else None,
        "meglévő" if one.existing else "új",
        one.remark,
    ]


class _Cells:
    """The cells of one row, made once and filled anew for every row: a written row is never looked at again, and
    styling a cell costs more than writing it. Setting a value costs too, and people of one workplace stand together,
    so what stays as it is is not set again."""

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
                cells = self._wrapped if "\n" in value or len(value) > 30 else self._plain
                out.append(_set(cells[column], safe(value), "s"))  # openpyxl would take "#N/A" for an error
            else:
                out.append(_set(self._dates[column], value, "d"))
        return out


def _set(cell: Any, value: str | dt.date, data_type: str) -> Any:
    if cell.value != value:
        cell.value = value
        cell.data_type = data_type
    return cell


def _summary(book: Workbook, content: Content) -> None:
    """Counts by program and county, each with its chart, and what still waits."""
    sheet = _sheet(book, "Összesítő", [40, 12, 4, 30, 12])
    sheet.print_title_rows = None
    sheet.page_setup.orientation = "portrait"
    by_program = Counter(catalogue()[p].short for one in content.enrolments for p in one.programs).most_common()
    by_county = Counter(one.county for one in content.enrolments).most_common()
    sheet.append([_cell(sheet, f"Beíratási köteg: {content.name}", _TITLE)])
    for sentence in _sentences(content):
        sheet.append([sentence])
    sheet.append([])
    sheet.append([*_count_head(sheet, "Tananyag", "Beíratás"), None, *_count_head(sheet, "Vármegye", "Személy")])
    for left, right in zip_longest(by_program, by_county):
        sheet.append([*_count(sheet, left), None, *_count(sheet, right)])
    below = _COUNTS_HEAD + max(len(by_program), len(by_county)) + 2
    _chart(sheet, "Beíratások tananyagonként", 1, by_program, f"A{below}")
    below += 2 + 2 * _height(len(by_program))  # two rows are about a centimetre
    _chart(sheet, "Személyek vármegyénként", 4, by_county, f"A{below}")


_COUNTS_HEAD = 6  # the row in which the tables of the summary begin, below title, sentences and an empty row


def _sentences(content: Content) -> Iterator[str]:
    """What the summary says before its tables."""
    made = dt.datetime.fromisoformat(content.made)
    yield f"Készült: {made:%Y.%m.%d. %H:%M}"
    people, courses = len(content.enrolments), sum(len(one.programs) for one in content.enrolments)
    existing = sum(one.existing for one in content.enrolments)
    yield (
        f"{people} személy (új fiók: {people - existing}, meglévő fiók új tananyaggal: {existing}), {courses} beíratás"
    )
    waiting = [f"{STATUS_WORDS[status]}: {number}" for status, number in sorted(content.waiting.items()) if number]
    yield f"Még folyamatban lévő ügyek: {', '.join(waiting) or 'nincs'}"


def _count_head(sheet: Any, what: str, counted: str) -> list[Any]:
    return [_cell(sheet, what, _HEAD_FONT, _HEAD), _cell(sheet, counted, _HEAD_FONT, _HEAD)]


def _count(sheet: Any, counted: tuple[str, int] | None) -> list[Any]:
    """A line of a table of counts; two empty cells below the end of the shorter table."""
    if counted is None:
        return [None, None]
    what, number = counted
    return [_cell(sheet, safe(what), border=_RULE), _cell(sheet, number, border=_RULE)]


def _height(count: int) -> int:
    """Of a chart with so many bars, in centimetres."""
    return max(6, count + 3)


def _chart(sheet: Any, title: str, column: int, counts: Sequence[tuple[str, int]], anchor: str) -> None:
    """Bars for the table of `counts` that begins in `column`; the largest count stands first in it."""
    if not counts:
        return
    chart = BarChart()
    chart.type, chart.title, chart.legend, chart.gapWidth = "bar", title, None, 60
    chart.height, chart.width = _height(len(counts)), 18  # centimetres
    first, last = _COUNTS_HEAD + 1, _COUNTS_HEAD + len(counts)
    chart.add_data(Reference(sheet, min_col=column + 1, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=column, min_row=first, max_row=last))
    chart.x_axis.scaling.orientation = "maxMin"  # the first row of the table on top
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorUnit = 1 if counts[0][1] <= 10 else None  # no half persons
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
            sheet.append([_cell(sheet, safe(words.get(name, name)), border=_RULE), _cell(sheet, count, border=_RULE)])
    return _saved(book)
