"""Attached files to segments: spreadsheets, documents, letters in PDF. Sizes are bounded before anything is unpacked.

Every reader gives segments or raises `Unreadable` with a Hungarian sentence; the file itself stays in the raw mail.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from . import sheets
from .bounds import (
    FAR,
    LARGEST_FILE,
    LARGEST_UNPACKED,
    LONGEST_CELL,
    LONGEST_LINE,
    LONGEST_RTF,
    LONGEST_TEXT,
    MOST_LINES,
    MOST_PAGES,
    MOST_ROWS,
    MOST_RUNS,
    MOST_SHEET_TAGS,
    MOST_TEXT_TAGS,
    Room,
    page,
)
from .charset import decode, mend
from .html import Segment, segments

_Parts = list[tuple[str, list[Segment]]]  # (title, segments)
_Reader = Callable[[bytes], _Parts]


class Unreadable(ValueError):
    """The file holds no text that can be read; the message says why, in Hungarian."""


def read_attachment(name: str, content_type: str, data: bytes) -> _Parts:
    """The attachment's parts as (title, segments): a sheet each, or one untitled part."""
    if len(data) > LARGEST_FILE:
        raise Unreadable("túl nagy a fájl")
    try:
        reader = _reader(name.lower(), content_type, data)
        if reader is None:
            raise Unreadable("nem olvasható szövegként")
        parts = reader(data)
    except Unreadable:
        raise
    except Exception as error:  # readers of other people raise what they like on broken files
        raise Unreadable(f"hibás vagy védett fájl ({type(error).__name__})") from error
    if not any(s.rows or any(line.strip() for line in s.lines) for _, part in parts for s in part):
        raise Unreadable("nincs benne olvasható szöveg")
    return parts


def _source(data: bytes) -> str:
    text = decode(data)
    if len(text) > LONGEST_TEXT:
        raise Unreadable("túl hosszú szöveg")
    return mend(text)


def _plain(data: bytes) -> _Parts:
    return [("", [Segment(lines=_source(data).split("\n"))])]


def _html(data: bytes) -> _Parts:
    text, _, faults = page(_source(data), Room())
    if faults:
        raise Unreadable("túl hosszú szöveg")
    return [("", segments(text))]


def _check_zip(data: bytes, most_tags: int) -> None:
    """Refuses an archive that unpacks to too much, or holds XML of too many tags, for its readers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > 2_000 or sum(i.file_size for i in infos) > LARGEST_UNPACKED:
            raise Unreadable("kicsomagolva túl nagy a fájl")
        if any(i.flag_bits & 1 for i in infos):
            raise Unreadable("jelszóval védett fájl")
        if sum(_tags(archive, info, most_tags) for info in infos) > most_tags:
            raise Unreadable("túl sok cella vagy bekezdés van a fájlban")
        if sum(_unpacked(archive, info) for info in infos) > LARGEST_UNPACKED:
            raise Unreadable("kicsomagolva túl nagy a fájl")


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """What a part really unpacks to, whatever the archive's directory claims; counted only where that matters."""
    if info.file_size * 20 < LARGEST_UNPACKED and info.compress_size * 100 > info.file_size:
        return info.file_size
    total = 0
    with archive.open(info) as part:
        while total <= LARGEST_UNPACKED and (chunk := part.read(1 << 16)):
            total += len(chunk)
    return total


def _tags(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> int:
    """How many tags an XML part has: its readers take microseconds for each."""
    if not info.filename.lower().endswith((".xml", ".rels")):
        return 0
    tags, left = 0, LARGEST_UNPACKED
    with archive.open(info) as part:
        while tags <= most and left > 0 and (chunk := part.read(1 << 16)):
            tags += chunk.count(b"<")
            left -= len(chunk)
    return tags


def _text(cell: object) -> str:
    """A cell as a person reads it: 734246.0 is 734246."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "igen" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return mend(str(cell)[: LONGEST_CELL * FAR + 1]).strip()  # more than is kept of it, so that the cut is seen


def _table(rows: Iterable[Sequence[object]]) -> Segment:
    out: list[tuple[str, ...]] = []
    length = 0
    for row in rows:
        if len(out) >= MOST_ROWS:
            raise Unreadable(f"túl sok sor van a táblázatban (legfeljebb {MOST_ROWS})")
        out.append(tuple(_text(cell) for cell in row[: sheets.MOST_COLUMNS]))
        length += sum(map(len, out[-1]))
        if length > LONGEST_TEXT:
            raise Unreadable("túl hosszú szöveg van a táblázatban")
    while out and not any(out[-1]):
        out.pop()
    return Segment(rows=out)


def _spreadsheet(reader: Callable[[bytes], Iterator[sheets.Sheet]]) -> _Reader:
    def read(data: bytes) -> _Parts:
        if data.startswith(b"PK"):
            _check_zip(data, MOST_SHEET_TAGS)
        tables = [(name, _table(rows)) for name, rows in reader(data)]
        return [(name, [table]) for name, table in tables if table.rows]

    return read


def _csv(data: bytes) -> _Parts:
    text = _source(data)
    first = [line for line in text.splitlines() if line.strip()][:20]
    counts = {d: sorted(line.count(d) for line in first) for d in ";\t,|"}
    delimiter = max(counts, key=lambda d: (counts[d][len(counts[d]) // 2] if counts[d] else 0, -";\t,|".index(d)))
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    return [("", [_table(list(row) for row in rows)])]


def _docx(data: bytes) -> _Parts:
    # heavy, and few mails bring such a file
    import docx
    from docx.table import Table

    _check_zip(data, MOST_TEXT_TAGS)
    document = docx.Document(io.BytesIO(data))
    out = _Document()
    for section in document.sections[:1]:
        for paragraph in section.header.paragraphs[: MOST_LINES + 1]:
            if paragraph.text.strip():
                out.line(paragraph.text)
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            out.table([[_docx_cell(cell) for cell in row.cells] for row in item.rows])
        else:
            out.line(("- " if out.is_listed(item) else "") + _docx_text(item))
        if out.is_full():
            break  # more than will be kept: that is seen where it is cut
    return [("", out.segments)]


class _Document:
    """The text of a .docx as it is collected."""

    def __init__(self) -> None:
        self.segments: list[Segment] = []
        # By the style's identifier; python-docx goes through all styles for each look-up.
        self._listed: dict[str | None, bool] = {None: False}

    def line(self, text: str) -> None:
        if not self.segments or self.segments[-1].rows:
            self.segments.append(Segment())
        self.segments[-1].lines += mend(text).split("\n")

    def table(self, rows: list[list[object]]) -> None:
        """A table; one of a single column lays out the page, and its cells are lines."""
        if max((len(row) for row in rows), default=0) < 2:
            for row in rows:
                self.line("\n".join(str(cell) for cell in row))
        else:
            self.segments.append(_table(rows))

    def is_listed(self, paragraph: Any) -> bool:
        style = paragraph._p.style
        if style not in self._listed:
            self._listed[style] = paragraph.style is not None and (paragraph.style.name or "").startswith("List")
        return self._listed[style]

    def is_full(self) -> bool:
        lines, rows = sum(len(s.lines) for s in self.segments), sum(len(s.rows) for s in self.segments)
        return lines > MOST_LINES or rows > MOST_ROWS


def _docx_text(paragraph: Any) -> str:
    """A paragraph without what is struck through."""
    text = str(paragraph.text)[: LONGEST_LINE * FAR + 1]
    if not paragraph._p.xpath(".//w:strike | .//w:dstrike"):
        return text
    if len(runs := paragraph.runs) > MOST_RUNS:
        raise Unreadable("túl összetett bekezdés")
    for run in runs:
        if (run.font.strike or run.font.double_strike) and run.text:
            text = text.replace(run.text, "", 1)
    return text


def _docx_cell(cell: object) -> object:
    # Python-docx types row.cells as a tuple of _Cell
    return "\n".join(p.text for p in cell.paragraphs)  # type: ignore[attr-defined]


def _pdf(data: bytes) -> _Parts:
    # heavy (a shared library), and few mails bring such a file
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        lines: list[str] = []
        if len(document) > MOST_PAGES:
            raise Unreadable(f"túl sok oldal (legfeljebb {MOST_PAGES})")
        for page in document:
            text = page.get_textpage().get_text_bounded()
            lines += [line.rstrip() for line in mend(text).split("\n")]
        return [("", [Segment(lines=lines)])]
    finally:
        document.close()


def _rtf(data: bytes) -> _Parts:
    # hardly any mail brings such a file
    from striprtf.striprtf import rtf_to_text

    if len(data) > LONGEST_RTF:
        raise Unreadable("túl hosszú szöveg")
    source = data.decode("latin-1")
    text = str(rtf_to_text(source, encoding="cp1250", errors="replace"))  # type: ignore[no-untyped-call]
    rows = [
        Segment(rows=[tuple(c.strip() for c in line.split("|"))]) if line.count("|") > 1 else Segment(lines=[line])
        for line in mend(text).split("\n")
    ]
    merged: list[Segment] = []
    for segment in rows:
        if merged and bool(merged[-1].rows) == bool(segment.rows):
            merged[-1].rows += segment.rows
            merged[-1].lines += segment.lines
        else:
            merged.append(segment)
    return [("", merged)]


# ---------------------------------------------------------------- which reader

_ZIP = b"PK\x03\x04"  # .docx, .xlsx, .ods
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"  # what Office wrote before 2007

# Formats of mere text, which nothing in their content tells: (extensions, content types, reader).
_TEXTS: tuple[tuple[frozenset[str], frozenset[str], _Reader], ...] = (
    (frozenset({"csv", "tsv"}), frozenset({"text/csv", "text/tab-separated-values"}), _csv),
    (frozenset({"html", "htm"}), frozenset({"text/html"}), _html),
)


def _reader(name: str, content_type: str, data: bytes) -> _Reader | None:
    """By content first, then by name: both are the sender's word, and the first bytes lie least."""
    extension = name.rpartition(".")[2]
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return _pdf
    if data.startswith(_ZIP):
        return _reader_of_archive(extension, content_type, data)
    if data.startswith(_COMPOUND_FILE):
        return _spreadsheet(sheets.xls) if extension in {"xls", "xlt", "xlsx"} or "excel" in content_type else None
    if data.lstrip()[:5].lower() == b"{\\rtf":
        return _rtf
    return _reader_of_text(extension, content_type)


def _reader_of_archive(extension: str, content_type: str, data: bytes) -> _Reader | None:
    """By the names of what is packed in it; None for a broken archive and for one that is no document."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return None
    if any(n.startswith("word/") for n in names):
        return _docx
    if any(n.startswith("xl/") for n in names):
        return _spreadsheet(sheets.xlsx)
    if "content.xml" in names and (extension == "ods" or "spreadsheet" in content_type):
        return _spreadsheet(sheets.ods)
    return None


def _reader_of_text(extension: str, content_type: str) -> _Reader | None:
    for extensions, content_types, reader in _TEXTS:
        if extension in extensions or content_type in content_types:
            return reader
    if extension in {"txt", "text", ""} and content_type.startswith("text/"):
        return _plain
    return None
