"""Rows and CSV exactly as Moodle's "Upload users" takes them (MOODLE.md; admin/tool/uploaduser and
lib/csvlib.class.php).

One bad row stops Moodle's whole run, so every value is made to fit, or its applicant is left out and named (`fault`),
before anything is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping

from email_validator import EmailNotValidError, validate_email

from processor.batches.content import Content, Enrolment
from processor.batches.moodlecsv import misread
from rules.hungarian.catalogue import programs as catalogue

FIELDS = ("username", "firstname", "lastname", "email", "institution", "city", "country", "lang")
LONGEST = {
    "username": 100,
    "firstname": 100,
    "lastname": 100,
    "email": 100,
    "institution": 255,
    "city": 120,
}  # lib/db/install.xml
COUNTRY, LANGUAGE = "HU", "hu"

_LEGAL = re.compile(r"[^a-z0-9._@-]")  # clean_param(PARAM_USERNAME) deletes anything else without a word
_REFUSED = frozenset({"guest", "0", ""})
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "+": ".", "'": "", "’": ""})
_FORMULA = "=+-@＝＋－＠' "  # MOODLE.md, trap 4; also in full width, which spreadsheet programs take for the same
_DIGEST = 8  # hexadecimal digits that keep two made-legal usernames apart


def username(address: str) -> str:
    """The address as a username Moodle keeps as it is; made legal the same way every time, and never equal to another
    address's."""
    lower = address.strip().lower()
    plain = unicodedata.normalize("NFKD", lower.translate(_LETTERS))
    plain = _LEGAL.sub("", "".join(c for c in plain if not unicodedata.combining(c))).lstrip("-@=+")
    if plain == lower and plain not in _REFUSED and len(plain) <= LONGEST["username"]:
        return plain
    mark = hashlib.sha256(lower.encode()).hexdigest()[:_DIGEST]
    local, _, domain = plain.partition("@")
    tail = f"-{mark}@{domain}" if domain and len(domain) < 60 else f"-{mark}"
    return f"{local[: LONGEST['username'] - len(tail)] or 'u'}{tail}"


def text(value: str) -> str:
    """A value as Moodle keeps it: NFC, single plain spaces, no markup, no backslash, not beginning like a formula.

    A backslash before a quote makes PHP read the cells after it as one, so none is kept anywhere (MOODLE.md, trap 5).
    """
    spaced = " ".join(value.split())
    kept = "".join(c for c in spaced if c.isprintable() and c not in "<>\\")  # of spaces only the plain one is left
    # composed after the dropping: what was dropped may have stood between a letter and its accent
    return " ".join(unicodedata.normalize("NFC", kept).split()).lstrip(_FORMULA)


def fault(enrolment: Enrolment) -> str:
    """Why Moodle would refuse the person's row, in Hungarian; "" when it would not."""
    for field in ("username", "firstname", "lastname", "email"):
        if not text(getattr(enrolment, field)):
            return f"üres mező: {field}"
    for field, longest in LONGEST.items():
        if (length := len(getattr(enrolment, field))) > longest:
            return f"túl hosszú mező ({field}: {length} karakter, legfeljebb {longest} lehet)"
    if "\\" in enrolment.username:  # without it the name would be somebody else's
        return "fordított perjel van a felhasználónévben"
    if not enrolment.programs:
        return "nincs tananyag"
    try:
        validate_email(enrolment.email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return "a Moodle nem fogadja el az e-mail-címet"
    return ""


def altered(enrolment: Enrolment, profile_fields: Mapping[str, str]) -> str:
    """Why the person's row would not come back from the CSV as it is meant, in Hungarian; "" when it would.

    It is read alone, because in the file a broken row would take those after it along.
    """
    alone = Content("", "", (enrolment,), {}, profile_fields)
    trouble = unlike(alone, csv_bytes(alone))
    if not trouble:
        return ""
    return f"a Moodle másképp olvasná be a sorát (mező: {trouble[0] or 'a cellák száma'})"


def unlike(content: Content, data: bytes) -> dict[int, str]:
    """Which rows Moodle would read from `data` otherwise than they are meant, as `moodlecsv.misread` says it."""
    return misread(data, header(content), rows(content), content.profile_fields)


def header(content: Content) -> list[str]:
    courses = max((len(one.programs) for one in content.enrolments), default=1)
    return [*FIELDS, *content.profile_fields, *(f"course{n}" for n in range(1, courses + 1))]


def rows(content: Content) -> Iterator[list[str]]:
    """The upload's rows, a person each, with as many cells as the header."""
    courses = len(header(content)) - len(FIELDS) - len(content.profile_fields)
    for one in content.enrolments:
        values = {
            "pir": one.pir,
            "municipality": one.institution,
            "county": one.county,
            "reference": " ".join(one.references),
        }
        short = [text(catalogue()[program].short) for program in one.programs]
        yield [
            one.username,  # it and the address name somebody: never changed here, a bad one is a `fault`
            text(one.firstname),
            text(one.lastname),
            one.email,
            text(one.institution),
            text(one.city),
            COUNTRY,
            LANGUAGE,
            *(text(values[source]) for source in content.profile_fields.values()),
            *short,
            *([""] * (courses - len(short))),
        ]


def csv_bytes(content: Content) -> bytes:
    """UTF-8 without BOM, comma, CRLF; quoted where needed."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header(content))
    writer.writerows(rows(content))
    return out.getvalue().encode()
