"""The upload's CSV read again as Moodle reads it, so that Moodle refuses and changes nothing of it. Pure.

Sources: PHP's fgetcsv with its default escape character "\\" (php-src, ext/standard/file.c, php_fgetcsv), Moodle's
lib/csvlib.class.php (BOM, line ends, as many cells in every row as in the header) and admin/tool/uploaduser
(uu_validate_user_upload_columns: the field names; classes/process.php: every cell is trimmed).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, repeat

# Names that uploaduser knows on every site: process.php, find_standard_fields, and the fields of names.
_STANDARD = """
    id username email emailstop city country lang timezone mailformat maildisplay maildigest htmleditor autosubscribe
    institution department idnumber skype msn aim yahoo icq phone1 phone2 address url description descriptionformat
    password auth oldusername suspended theme deleted mnethostid interests
    firstname lastname firstnamephonetic lastnamephonetic middlename alternatename
"""
STANDARD = frozenset(_STANDARD.split())
_NUMBERED = re.compile(r"(?:sysrole|cohort|course|group|type|role|enrolperiod|enrolstatus|enroltimestart)\d+")
_TRIMMED = " \t\n\r\0\x0b"  # what PHP's trim() takes away
_FORMULA = ("=", "+", "-", "@")

# A quoted cell: white space before it is passed over, a backslash makes the next character plain (and stays), "" is one
# quote, and what stands between the closing quote and the separator belongs to the cell. An open cell takes the rest.
_QUOTED = re.compile(r'[ \t\v\f]*"((?:[^"\\]|\\(?:[\s\S]|\Z)|"")*+)(?:"([^,\n]*)|\Z)')
_BARE = re.compile(r"[^,\n]*")


class HeaderFault(ValueError):
    """Moodle would refuse the whole file for its first line; the message says why, in Hungarian."""


def read(data: bytes) -> list[list[str]]:
    """The rows of a comma-separated file, header first, as fgetcsv gives them to Moodle, cells trimmed."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    text = re.sub(r"\r\n?", "\n", text).strip(_TRIMMED)
    rows: list[list[str]] = []
    place = 0
    while place < len(text):
        if text[place] == "\n":
            place += 1
            continue
        row, place = _row(text, place)
        rows.append(row)
    return rows


def _row(text: str, place: int) -> tuple[list[str], int]:
    """The cells from `place` to the end of their row, and where the next row begins."""
    cells: list[str] = []
    while True:
        if quoted := _QUOTED.match(text, place):
            cell, place = quoted[1].replace('""', '"') + (quoted[2] or ""), quoted.end()
        else:
            bare = _BARE.match(text, place)
            assert bare is not None
            cell, place = bare[0], bare.end()
        cells.append(cell.strip(_TRIMMED))
        if place >= len(text) or text[place] == "\n":
            return cells, place + 1
        place += 1


def stored(cell: str) -> str:
    """A cell as Moodle 5.1.3 keeps it: an apostrophe goes before what begins like a formula (MOODLE.md, trap 4)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def check_header(cells: Sequence[str], profile_fields: Collection[str] = ()) -> None:
    """Raises HeaderFault for an empty, repeated or unknown field name. `profile_fields`: the site's own."""
    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        name = cell.strip(_TRIMMED)
        if not name:
            raise HeaderFault(f"A feltöltés fejlécének {number}. cellája üres.")
        if name not in profile_fields or not name.startswith("profile_field_"):
            name = name.lower()  # standard names are known in any case, the site's own only as they are written
            if name not in STANDARD and not _NUMBERED.fullmatch(name):
                raise HeaderFault(f'A Moodle nem ismeri ezt a mezőnevet: "{cell}".')
        if name in seen:
            raise HeaderFault(f'A feltöltés fejlécében kétszer szerepel ez a mezőnév: "{cell}".')
        seen.add(name)


def misread(
    data: bytes,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    profile_fields: Collection[str] = (),
) -> dict[int, str]:
    """Which of `rows` Moodle would not read from `data` as meant: the number from 0, and the first field that differs.

    The field is "" when the number of cells differs. HeaderFault when the header does not hold.
    """
    found = read(data)
    check_header(header, profile_fields)
    if not found or found[0] != list(header):
        raise HeaderFault("A feltöltés fejlécét a Moodle másképp olvasná.")
    meant = list(rows)
    came = chain(found[1:], repeat([]))  # a row that does not come back has no cells
    fields = (_differing(header, cells, row) for cells, row in zip(came, meant, strict=False))
    out = {number: field for number, field in enumerate(fields) if field is not None}
    if len(found) > len(meant) + 1:
        out.setdefault(max(len(meant) - 1, 0), "")  # the last row came back as more than one
    return out


def _differing(header: Sequence[str], cells: Sequence[str], row: Sequence[str]) -> str | None:
    """The first field that is not as meant; "" when the number of cells is not; None when all is."""
    if len(cells) != len(header) or len(row) != len(header):
        return ""
    both = zip(header, cells, row, strict=True)
    return next((field for field, cell, meant in both if stored(cell) != meant), None)
