"""What a cell of a table, or the text behind a label, holds for one field."""

from __future__ import annotations

import re

from rules.hungarian import counties
from rules.hungarian.names import parts
from rules.hungarian.words import fold, squeeze

from . import bodies, persons
from .draft import Findings
from .spots import addresses, withdrawn

_NOTHING = re.compile(
    r"^[\s\-–—.?/]*$|^(?:nincs|nem tudom|nem tudjuk|nem ismert|ismeretlen|kesobb|n/a|na|nem relevans|hianyzik|potolni|potoljuk)\b"
)
_NUMBERS = re.compile(
    r"\d{8}-\d-\d{2}|\d{3}[ .\-–/]\d{3}(?!\d)|\d{2}[ \-–.]\d{2}[ \-–.]\d{2}(?!\d)|\d(?: \d){5}(?!\d)|\d+(?:-\d+)*"
)


def cell_values(field: str, cell: str) -> list[str]:
    """The values of `field` in a cell or behind a label."""
    text = squeeze(cell)
    if not text or _NOTHING.match(fold(text)) or text[0] in "=<":
        return []
    if field == "email":
        return _addresses_of(text)
    if field == "pir":
        return _numbers_of(text)
    return _counties_of(text) if field == "county" else _bodies_of(text)


def _numbers_of(text: str) -> list[str]:
    """Those of six digits, else the first of whatever length."""
    numbers = _NUMBERS.findall(text)
    six = [n for n in numbers if len(re.sub(r"\D", "", n)) == 6]
    return list(dict.fromkeys(six if six else numbers[:1]))


def _counties_of(text: str) -> list[str]:
    head = re.split(r"[,;(]", text)[0].strip()
    official = counties.recognise(head) or next((c for _, _, c in counties.find(text)), None)
    return [official or head] if any(c.isalpha() for c in head) else []


def _bodies_of(text: str) -> list[str]:
    """One named in full, or two that differ; else what stands before the first sign."""
    named = bodies.find(text)
    if named:
        return [named[0][2]] if len(named) == 1 or named[0][2] == named[1][2] else [n[2] for n in named[:2]]
    head = re.split(r"[;(|]|,\s*(?:PIR|\d)|\s{3,}", text)[0].strip(" ,.-–")
    if not head or "@" in head or not any(c.isalpha() for c in head) or len(head) > 120:
        return []
    return [re.sub(r"^\d{4}\s+", "", head)]


def _addresses_of(text: str) -> list[str]:
    """One address or several; with a space in it, all that stands there, kept as it is written (POLICY:
    email.invalid)."""
    if "@" not in text:
        return []
    folded = fold(text)
    taken_back = [(s, e) for s, e, _ in addresses(text) if withdrawn(folded, s, e)]
    if taken_back and len(taken_back) < len(addresses(text)):  # "x@y.hu helyett z@y.hu"
        for start, end in taken_back:
            text = text[:start] + " " * (end - start) + text[end:]
        return [a for _, _, a in addresses(text)]
    found = [a for _, _, a in addresses(text)]
    pieces = [p.strip() for p in re.split(r"[,;|/]|\bvagy\b|\bés\b", text) if "@" in p]
    out: list[str] = []
    for piece in pieces:
        piece = re.sub(r"\s*[(\[].*", "", piece).strip() or piece
        inside = [a for a in found if a in piece.lower()]
        words = piece.split()
        if len(inside) == 1 and len(words) == 1:
            out.append(inside[0])
        elif len(words) in {2, 3} and (not inside or _broken(words)):
            out.append(piece.lower())
        else:
            out += inside or [piece.lower()]
    return list(dict.fromkeys(out))


_BESIDE_ADDRESS = frozenset(
    ["cime", "a", "az", "is", "pedig", "lesz", "e-mail", "email", "mail", "cim", "vagy", "ill.", "privat", "hivatali"]
)  # words of a sentence, no pieces of an address


def _broken(words: list[str]) -> bool:
    """ "kovacs anna@falu.hu", "kovacs.anna @falu.hu": pieces of one address, not words beside it."""
    at = next(i for i, w in enumerate(words) if "@" in w)
    others = [w for i, w in enumerate(words) if i != at]
    plain = all(re.fullmatch(r"[a-z0-9._\-]+", word) and word not in _BESIDE_ADDRESS for word in others)
    return plain and at in {0, len(words) - 1}


def note_clerk(text: str, out: Findings) -> None:
    """Remembers names and addresses that the mail calls the jegyző."""
    if not text:
        return
    out.clerks += [a for _, _, a in addresses(text)]
    spotted = [s.name for s in persons.find(text)]
    name = persons.loose(re.sub(r"\S+@\S+", "", text))
    out.clerks += spotted or ([name] if name and len(parts(name)) >= 2 else [])
