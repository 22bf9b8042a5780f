"""Tables from other systems: Moodle's user list, its result of an upload, and the register of municipalities; csv,
xlsx, or what was saved or copied. Knows no database.

A row that cannot be used is named with its number and left out; the others are taken. The same file can be loaded
again.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from processor.batches.pasted import table
from processor.reading.charset import decode
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.counties import recognise
from rules.hungarian.words import fold

LARGEST = 200_000_000  # bytes of a file
MOST_COLUMNS = 60  # of a workbook looked at
LONGEST_ADDRESS = 320  # characters: 64 before the @, 255 after it (RFC 5321 section 4.5.3.1)
_ZIP = b"PK\x03\x04"  # how a workbook begins

_ACCOUNT = {
    "address": ("email", "e mail", "email address", "e mail cim", "email cim"),
    "username": ("username", "felhasznalonev"),
    "lastname": ("lastname", "surname", "last name", "vezeteknev", "csaladnev"),
    "firstname": ("firstname", "first name", "given name", "keresztnev", "utonev"),
    "name": ("name", "fullname", "full name", "nev", "teljes nev"),
    "municipality": ("institution", "intezmeny", "szervezet", "munkahely"),
}
_REGISTER = {
    "pir": ("pir", "pir szam", "pir azonosito", "torzsszam", "torzskonyvi azonosito", "torzskonyvi azonosito szam"),
    "name": ("name", "nev", "megnevezes", "szervezet", "szerv neve", "onkormanyzat"),
    "county": ("county", "megye", "varmegye"),
    "clerk_name": ("clerk", "clerk name", "jegyzo", "jegyzo neve"),
    "clerk_address": (
        "clerk address",
        "clerk email",
        "jegyzo e mail cime",
        "jegyzo email",
        "jegyzo cime",
        "jegyzo e mail",
    ),
}


class ImportFault(ValueError):
    """The file cannot be used; the message says why and what to do, in Hungarian."""


@dataclass(slots=True)
class Loaded:
    """Rows for the store, and what was left out: "12. sor: ..."."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def accounts(path: Path) -> Loaded:
    """Moodle's user list: rows of address, name, username, municipality and programs (from columns course1, course2,
    ...)."""
    by_short = {program.short: ident for ident, program in catalogue().items()}
    out = Loaded()
    seen: set[str] = set()
    for line in _table(path, _ACCOUNT, ("address",)):
        address = line.of("address").strip().lower()
        if "@" not in address or len(address) > LONGEST_ADDRESS:
            out.left_out.append(f"{line.number}. sor: nincs használható e-mail-cím")
        elif address in seen:
            out.left_out.append(f"{line.number}. sor: az e-mail-cím már szerepelt")
        else:
            seen.add(address)
            out.rows.append(
                {
                    "address": address,
                    "name": line.of("name") or f"{line.of('lastname')} {line.of('firstname')}".strip(),
                    "username": line.of("username"),
                    "municipality": line.of("municipality"),
                    "programs": sorted(by_short[course] for course in line.courses() if course in by_short),
                }
            )
    return out


def register(path: Path) -> Loaded:
    """The register of municipalities: rows of pir, name, county, clerk_name, clerk_address."""
    out = Loaded()
    seen: set[str] = set()
    for line in _table(path, _REGISTER, ("pir", "name")):
        pir = "".join(c for c in line.of("pir") if c.isdigit()).rjust(6, "0")
        if len(pir) != 6 or pir == "000000" or not line.of("name"):
            out.left_out.append(f"{line.number}. sor: hatjegyű PIR szám és név kell")
        elif pir in seen:
            out.left_out.append(f"{line.number}. sor: a PIR szám már szerepelt")
        else:
            seen.add(pir)
            out.rows.append(
                {
                    "pir": pir,
                    "name": line.of("name"),
                    "county": recognise(line.of("county")) or "",
                    "clerk_name": line.of("clerk_name"),
                    "clerk_address": line.of("clerk_address").lower(),
                }
            )
    return out


def lines(path: Path) -> list[list[str]]:
    """Every line of a workbook, a saved page, a csv or a pasted text as its cells; a line of plain text is one cell."""
    data = _bytes(path)
    if data.startswith(_ZIP):
        return [row for _, row in _sheet(path) if any(row)]
    return table(decode(data, None))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the file with its number there. `known`: its cells by our names; `cells`: all of them by their folded
    header."""

    number: int
    known: Mapping[str, str]
    cells: Mapping[str, str]

    def of(self, name: str) -> str:
        return self.known.get(name, "")

    def courses(self) -> list[str]:
        return [cell for header, cell in self.cells.items() if header.startswith("course") and cell]


def _table(path: Path, words: Mapping[str, tuple[str, ...]], required: tuple[str, ...]) -> Iterator[_Line]:
    """Every row below the header that is not empty. `words`: which headers mean which of our names. ImportFault when
    a required column is missing."""
    rows = ((number, row) for number, row in _rows(path) if any(row))
    _, header = next(rows, (0, None))
    if header is None:
        raise ImportFault(f"Üres fájl: {path.name}")
    folded = [" ".join(fold(cell).replace("-", " ").replace("_", " ").split()) for cell in header]
    places = _places(folded, words)
    if lacking := [name for name in required if name not in places]:
        raise ImportFault(f"{path.name}: {_missing([words[name][0] for name in lacking], header)}")
    for number, row in rows:
        known = {name: row[place] for name, place in places.items() if place < len(row)}
        yield _Line(number, known, dict(zip(folded, row, strict=False)))


def _places(header: Sequence[str], words: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """The first column of each of our names that the folded header has."""
    found = {name: next((i for i, cell in enumerate(header) if cell in forms), None) for name, forms in words.items()}
    return {name: place for name, place in found.items() if place is not None}


def _missing(columns: Sequence[str], header: Sequence[str]) -> str:
    wanted = "; ".join(f'"{column}"' for column in columns)
    found = ", ".join(cell for cell in header if cell) or "(semmi)"
    return f"hiányzó oszlop: {wanted}. Az első sor legyen a fejléc; ezeket találtuk: {found}."


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ImportFault(f"Nem olvasható fájl: {path}") from error
    if size > LARGEST:
        raise ImportFault(f"Túl nagy fájl ({size // 1_000_000} MB): {path.name}")
    return path.read_bytes()


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    data = _bytes(path)
    if data.startswith(_ZIP):
        yield from _sheet(path)
        return
    text = decode(data, None)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    for number, row in enumerate(reader, start=1):
        yield number, [cell.strip() for cell in row]


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The first sheet of a workbook (the operator's own file), row by row."""
    # heavy, and most of what is imported is CSV
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
            yield number, [_written(cell) for cell in row]
    except (InvalidFileException, OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise ImportFault(f"Nem olvasható táblázat: {path.name}") from error


def _written(cell: object) -> str:
    """A cell's value as a person would write it: 731234, not 731234.0."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
