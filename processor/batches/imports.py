"""Tables from other systems: Moodle's user list and the register of municipalities, csv or xlsx. Knows no database.

A row that cannot be used is named with its number and left out; the others are taken. The same file can be loaded
again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
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
    for number, row, columns in _table(path, _ACCOUNT, ("address",)):
        address = row.get("address", "").strip().lower()
        if "@" not in address or len(address) > 320:
            out.left_out.append(f"{number}. sor: nincs használható e-mail-cím")
            continue
        if address in seen:
            out.left_out.append(f"{number}. sor: az e-mail-cím már szerepelt")
            continue
        seen.add(address)
        courses = [value for name, value in columns.items() if name.startswith("course") and value]
        name = row.get("name") or f"{row.get('lastname', '')} {row.get('firstname', '')}".strip()
        out.rows.append(
            {
                "address": address,
                "name": name,
                "username": row.get("username", ""),
                "municipality": row.get("municipality", ""),
                "programs": sorted(by_short[course] for course in courses if course in by_short),
            }
        )
    return out


def register(path: Path) -> Loaded:
    """The register of municipalities: rows of pir, name, county, clerk_name, clerk_address."""
    out = Loaded()
    seen: set[str] = set()
    for number, row, _ in _table(path, _REGISTER, ("pir", "name")):
        pir = "".join(c for c in row.get("pir", "") if c.isdigit()).rjust(6, "0")
        if len(pir) != 6 or pir == "000000" or not row.get("name"):
            out.left_out.append(f"{number}. sor: hatjegyű PIR szám és név kell")
            continue
        if pir in seen:
            out.left_out.append(f"{number}. sor: a PIR szám már szerepelt")
            continue
        seen.add(pir)
        out.rows.append(
            {
                "pir": pir,
                "name": row["name"],
                "county": recognise(row.get("county", "")) or "",
                "clerk_name": row.get("clerk_name", ""),
                "clerk_address": row.get("clerk_address", "").lower(),
            }
        )
    return out


def lines(path: Path) -> list[list[str]]:
    """Every line of a workbook, a saved page, a csv or a pasted text as its cells; a line of plain text is one cell."""
    data = _bytes(path)
    if data.startswith(_ZIP):
        return [row for _, row in _sheet(path) if any(row)]
    return table(decode(data, None))


def _table(
    path: Path, words: Mapping[str, tuple[str, ...]], required: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str], dict[str, str]]]:
    """(row number, known columns by our names, all columns by their folded header) of every row that is not empty."""
    rows = _rows(path)
    header = next((row for _, row in rows if any(row)), None)
    if header is None:
        raise ImportFault(f"Üres fájl: {path.name}")
    folded = [_header_key(cell) for cell in header]
    places = {name: i for name, forms in words.items() if (i := _place(folded, forms)) is not None}
    if lacking := [words[name][0] for name in required if name not in places]:
        raise ImportFault(_without_columns(path, lacking, header))
    for number, row in rows:
        if any(row):
            known = {name: row[place] for name, place in places.items() if place < len(row)}
            yield number, known, dict(zip(folded, row, strict=False))


def _without_columns(path: Path, lacking: Sequence[str], header: Sequence[str]) -> str:
    wanted = "; ".join(f'"{name}"' for name in lacking)
    found = ", ".join(cell for cell in header if cell) or "(semmi)"
    return f"{path.name}: hiányzó oszlop: {wanted}. Az első sor legyen a fejléc; ezeket találtuk: {found}."


def _header_key(cell: str) -> str:
    return " ".join(fold(cell).replace("-", " ").replace("_", " ").split())


def _place(folded: Sequence[str], forms: Collection[str]) -> int | None:
    """The first column that is headed by one of the forms."""
    return next((i for i, cell in enumerate(folded) if cell in forms), None)


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
    for number, row in enumerate(
        csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter), start=1
    ):
        yield number, [cell.strip() for cell in row]


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The first sheet of a workbook (the operator's own file), row by row."""
    import zipfile

    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), start=1):
            yield (
                number,
                [
                    ""
                    if cell is None
                    else str(int(cell))
                    if isinstance(cell, float) and cell.is_integer()
                    else str(cell).strip()
                    for cell in row
                ],
            )
    except (InvalidFileException, OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise ImportFault(f"Nem olvasható táblázat: {path.name}") from error
