"""Whether the evidence of a value points at text that holds the value: what is shown to an officer is what the mail
says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from processor.explain import Explained
from processor.reading import Block, Mail, Role
from rules.model import FIELDS, Applicant, Value

# "kovacs.anna (kukac) falu.hu": how people write an address that no machine should find.
_AT = re.compile(r"\s*[(\[]\s*(?:kukac|at)\s*[)\]]\s*|\s+kukac\s+", re.I)
_SHORTEST_STEM = 3  # letters of a name's word that must stand in the text, however its ending was changed


def _plain(text: str) -> str:
    return " ".join(_AT.sub("@", text).split()).casefold()


def _at(mail: Mail, place: str, number: int) -> Iterator[tuple[Block, int]]:
    """The blocks of the place that have a line or row of this number, with its index in them."""
    for block in mail.blocks:
        index = number - block.first_line
        if block.place == place and 0 <= index < len(block.rows or block.lines):
            yield block, index


def _line(block: Block, index: int) -> str:
    return " | ".join(cell for cell in block.rows[index] if cell.strip()) if block.rows else block.lines[index]


def _said(mail: Mail, place: str) -> list[str]:
    """Every line and row of the place."""
    blocks = [block for block in mail.blocks if block.place == place]
    return [_line(block, index) for block in blocks for index in range(len(block.rows or block.lines))]


def _has_name(name: str, line: str) -> bool:
    """Whether every word of the name stands in the line, with whatever ending ("Kovács Annának", "Annát")."""
    words = re.findall(r"\w+", line.casefold())
    return all(any(_is_form(word, part) for word in words) for part in re.findall(r"\w+", name.casefold()))


def _is_form(word: str, part: str) -> bool:
    """Of the name's part; its last vowel may have become long (Anna, Annát)."""
    if word.startswith(part):
        return True
    lengthened = {"a": "á", "e": "é"}.get(part[-1])
    return len(part) > _SHORTEST_STEM and lengthened is not None and word.startswith(part[:-1] + lengthened)


def _holds(mail: Mail, field: str, value: Value, block: Block, index: int) -> bool:
    """Whether the line holds the value as written."""
    line = _plain(_line(block, index))
    if field == "name":
        return _has_name(value.text, line)
    if not value.raw:  # a tick in a table: the column's header, or the legend of the headers, names the program
        return bool(block.rows) and any(_plain(value.text) in _plain(said) for said in _said(mail, block.place))
    # A wish's `raw` may be the whole sentence, from which other finders have taken what was theirs.
    return _plain(value.raw) in line or (field == "programs" and _plain(value.text) in line)


def _about_the_writer(mail: Mail, field: str, value: Value) -> bool:
    """The sender's address, or the name with which the letter is signed."""
    senders = [person for person in (mail.sender, *(layer.sender for layer in mail.layers)) if person]
    if field == "email":
        return value.text in {person.address for person in senders} and value.evidence.text == value.text
    signed = [line for block in mail.blocks if block.role in {Role.BODY, Role.SIGNATURE} for line in block.lines]
    return any(_has_name(value.text, line) for line in [*signed, *(person.name for person in senders)])


def _values(applicant: Applicant) -> Iterator[tuple[str, Value]]:
    for field in FIELDS:
        found = getattr(applicant, field)
        yield from ((field, one.value if field == "programs" else one) for one in found)


def wrong(one: Explained) -> list[str]:
    """Every value whose evidence points elsewhere, in words; empty when all are right."""
    out = []
    for applicant in one.understood.request.applicants:
        for field, value in _values(applicant):
            if trouble := _trouble(one.mail, field, value):
                out.append(f"{field} {value.text!r} ({value.evidence.place}, {value.evidence.line}): {trouble}")
    return out


def _trouble(mail: Mail, field: str, value: Value) -> str:
    evidence = value.evidence
    if evidence.place in {"feladó", "aláírás vagy feladó"}:
        return "" if evidence.line == 1 and _about_the_writer(mail, field, value) else "nothing of the writer"
    there = list(_at(mail, evidence.place, evidence.line))
    if len(there) != 1:
        return f"{len(there)} lines of that number"
    line = _line(*there[0])
    if not evidence.text or _plain(evidence.text.removesuffix("…")) not in _plain(line):
        return f"the evidence says {evidence.text!r}, the mail {line!r}"
    return "" if _holds(mail, field, value, *there[0]) else f"not in {line!r}, raw {value.raw!r}"
