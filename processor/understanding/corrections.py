"""What a mail takes back in its own words: "nem X, hanem Y". Such a value is none, wherever else in the mail it stands (POLICY section 6)."""

from __future__ import annotations

import re

from processor.reading import Mail, Role
from rules.hungarian.courses import refused
from rules.hungarian.words import fold
from rules.pir import digits

from .draft import Findings
from .spots import addresses, withdrawn

_WRONG_NUMBER = re.compile(r"\bnem\s+(?:(?:a|az)\s+)?(?P<number>\d{3}[ .\-]?\d{3})\b[^.!?\d]{0,20}\bhanem\b")


def apply(mail: Mail, found: Findings) -> None:
    """Takes out of what was found every value that the mail itself takes back."""
    gone, courses = _taken_back(mail)
    if not gone and not courses:
        return
    for draft in found.drafts:
        for field in list(draft.values):
            kept = [v for v in draft.values[field] if (field, digits(v.text) if field == "pir" else v.text) not in gone]
            if kept:
                draft.values[field] = kept
            else:
                del draft.values[field]
        draft.programs = [m for m in draft.programs if not set(m.programs) <= courses or len(m.programs) != 1]
    found.loose = [
        item
        for item in found.loose
        if (item.name, digits(item.value.text) if item.name == "pir" else item.value.text) not in gone
    ]
    found.programs = [
        entry for entry in found.programs if len(entry[0].programs) != 1 or entry[0].programs[0] not in courses
    ]


def _taken_back(mail: Mail) -> tuple[set[tuple[str, str | None]], set[str]]:
    """(field, value) taken back, and the courses taken back for others."""
    gone: set[tuple[str, str | None]] = set()
    courses: set[str] = set()
    for block in mail.blocks:
        if block.role is not Role.BODY:
            continue
        for line in block.lines:
            folded = fold(line)
            if "hanem" not in folded:
                continue
            gone |= {("email", text) for start, end, text in addresses(line) if withdrawn(folded, start, end)}
            gone |= {("pir", digits(match.group("number"))) for match in _WRONG_NUMBER.finditer(folded)}
            courses |= refused(line)
    return gone, courses
