"""Attached files to segments: spreadsheets, documents, letters in PDF. Sizes are bounded before anything is unpacked.

Every reader gives segments or raises `Unreadable` with a Hungarian sentence; the file itself stays in the raw mail.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence

from . import sheets
from .charset import decode, mend
from .html import MOST_ROWS, Segment, segments

LARGEST_FILE = 25 * 1024 * 1024  # bytes; mail servers take no more
LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes of a zip's (xlsx, docx, ods) contents; a real form has under one million
MOST_PAGES = 40  # of a PDF; a request has one or two
LONGEST_CELL = 2_000  # characters


class Unreadable(ValueError):
    """The file holds no text that can be read; the message says why, in Hungarian."""


def read_attachment(name: str, content_type: str, data: bytes) -> list[tuple[str, list[Segment]]]:
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


def _reader(name: str, content_type: str, data: bytes) -> Callable[[bytes], list[tuple[str, list[Segment]]]] | None:
    """By content first, then by name: both are the sender's word, and the first bytes lie least."""
    extension = name.rpartition(".")[2]
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        with contextlib.suppress(zipfile.BadZipFile, OSError):
            names = zipfile.ZipFile(io.BytesIO(data)).namelist()
            if any(n.startswith("word/") for n in names):
                return _docx
            if any(n.startswith("xl/") for n in names):
                return _spreadsheet(sheets.xlsx)
            if "content.xml" in names:
                return _spreadsheet(sheets.ods) if extension == "ods" or "spreadsheet" in content_type else None
        return None
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _spreadsheet(sheets.xls) if extension in {"xls", "xlt", "xlsx"} or "excel" in content_type else None
    if data.lstrip()[:5].lower() == b"{\\rtf":
        return _rtf
    if extension in {"csv", "tsv"} or content_type in {"text/csv", "text/tab-separated-values"}:
        return _csv
    if extension in {"html", "htm"} or content_type == "text/html":
        return lambda d: [("", segments(mend(decode(d))))]
    if extension in {"txt", "text", ""} and content_type.startswith("text/"):
        return lambda d: [("", [Segment(lines=mend(decode(d)).split("\n")[:20_000])])]
    return None


def _check_zip(data: bytes) -> None:
    """Counts what the archive really unpacks to, whatever its directory claims."""
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if len(infos) > 2_000 or sum(i.file_size for i in infos) > LARGEST_UNPACKED:
            raise Unreadable("kicsomagolva túl nagy a fájl")
        if any(i.flag_bits & 1 for i in infos):
            raise Unreadable("jelszóval védett fájl")
        for info in infos:
            if info.file_size * 20 < LARGEST_UNPACKED and info.compress_size * 100 > info.file_size:
                total += info.file_size
                continue
            with archive.open(info) as part:
                while chunk := part.read(1 << 16):
                    total += len(chunk)
                    if total > LARGEST_UNPACKED:
                        raise Unreadable("kicsomagolva túl nagy a fájl")


def _text(cell: object) -> str:
    """A cell as a person reads it: 734246.0 is 734246."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "igen" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return mend(str(cell)[:LONGEST_CELL]).strip()


def _table(rows: Iterable[Sequence[object]]) -> Segment:
    out: list[tuple[str, ...]] = []
    for row in rows:
        if len(out) >= MOST_ROWS:
            raise Unreadable(f"túl sok sor van a táblázatban (legfeljebb {MOST_ROWS})")
        out.append(tuple(_text(cell) for cell in row[: sheets.MOST_COLUMNS]))
    while out and not any(out[-1]):
        out.pop()
    return Segment(rows=out)


def _spreadsheet(
    reader: Callable[[bytes], Iterator[sheets.Sheet]],
) -> Callable[[bytes], list[tuple[str, list[Segment]]]]:
    def read(data: bytes) -> list[tuple[str, list[Segment]]]:
        if data.startswith(b"PK"):
            _check_zip(data)
        tables = [(name, _table(rows)) for name, rows in reader(data)]
        return [(name, [table]) for name, table in tables if table.rows]

    return read


def _csv(data: bytes) -> list[tuple[str, list[Segment]]]:
    text = mend(decode(data))[: LARGEST_UNPACKED // 10]
    first = [line for line in text.splitlines() if line.strip()][:20]
    counts = {d: sorted(line.count(d) for line in first) for d in ";\t,|"}
    delimiter = max(counts, key=lambda d: (counts[d][len(counts[d]) // 2] if counts[d] else 0, -";\t,|".index(d)))
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    return [("", [_table(list(row) for row in rows)])]


def _docx(data: bytes) -> list[tuple[str, list[Segment]]]:
    import docx
    from docx.table import Table

    _check_zip(data)
    document = docx.Document(io.BytesIO(data))
    out: list[Segment] = []

    def line(text: str) -> None:
        if not out or out[-1].rows:
            out.append(Segment())
        out[-1].lines += mend(text).split("\n")

    for section in document.sections[:1]:
        for paragraph in section.header.paragraphs:
            if paragraph.text.strip():
                line(paragraph.text)
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            rows = [[_docx_cell(cell) for cell in row.cells] for row in item.rows]
            if max((len(row) for row in rows), default=0) < 2:
                for row in rows:
                    line("\n".join(str(cell) for cell in row))
            else:
                out.append(_table(rows))
        else:
            struck = [run.text for run in item.runs if run.font.strike or run.font.double_strike]
            text = item.text
            for part in struck:
                text = text.replace(part, "", 1) if part else text
            line(("- " if item.style is not None and (item.style.name or "").startswith("List") else "") + text)
        if sum(len(s.lines) + len(s.rows) for s in out) > 4 * MOST_ROWS:
            raise Unreadable("túl hosszú dokumentum")
    return [("", out)]


def _docx_cell(cell: object) -> object:
    # Python-docx types row.cells as a tuple of _Cell
    return "\n".join(p.text for p in cell.paragraphs)  # type: ignore[attr-defined]


def _pdf(data: bytes) -> list[tuple[str, list[Segment]]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        lines: list[str] = []
        if len(document) > MOST_PAGES:
            raise Unreadable(f"túl sok oldal (legfeljebb {MOST_PAGES})")
        for page in document:
            text = page.get_textpage().get_text_bounded()
            lines += mend(text).split("\n")
        return [("", [Segment(lines=[re.sub(r"\s+$", "", line) for line in lines])])]
    finally:
        document.close()


def _rtf(data: bytes) -> list[tuple[str, list[Segment]]]:
    from striprtf.striprtf import rtf_to_text

    source = data.decode("latin-1")[:4_000_000]
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
