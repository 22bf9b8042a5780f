"""A mail for the case page: our own reading of it, every piece escaped, the values that were used marked in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from processor.reading import Mail, Role
from processor.view import FIELD_WORDS
from rules.model import Request, Value
from rules.words import fold

ROLE_WORDS = {Role.SUBJECT: "tárgy", Role.BODY: "", Role.SIGNATURE: "aláírás", Role.LETTERHEAD: "fejléc", Role.QUOTED: "idézett (nem számít)"}
_MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the mail: `html` is safe to write out."""

    place: str
    role: str
    quoted: bool
    html: Markup


def parts(mail: Mail, request: Request) -> list[Part]:
    marks = _marks(request)
    out = []
    for block in mail.blocks:
        if block.role is Role.SUBJECT:
            continue
        mine = [] if block.role is Role.QUOTED else [m for m in marks if m[2] == block.place]
        if block.rows:
            rows = Markup("").join(Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(_marked(cell, mine)) for cell in row)) for row in block.rows[:_MOST_LINES])
            html = Markup('<div class="scroll"><table class="mailtable">{}</table></div>').format(rows)
        else:
            html = Markup("<br>").join(_marked(line, mine) for line in block.lines[:_MOST_LINES])
        out.append(Part(block.place, ROLE_WORDS[block.role], block.role is Role.QUOTED, html))
    return out


def _marks(request: Request) -> list[tuple[str, str, str, int]]:
    """(written, field, place, number of the applicant) of every value in use."""
    out = []
    for number, applicant in enumerate(request.applicants, start=1):
        for field in ("name", "municipality", "pir", "county", "email"):
            values: Sequence[Value] = getattr(applicant, field)
            out += [(value.text, field, value.evidence.place, number) for value in values]
        out += [(mention.value.text, "programs", mention.value.evidence.place, number) for mention in applicant.programs]
    return [m for m in out if len(m[0].strip()) > 2]


def _marked(text: str, marks: Sequence[tuple[str, str, str, int]]) -> Markup:
    folded = fold(text)
    spans: list[tuple[int, int, str]] = []
    for written, field, _, number in marks:
        at = folded.find(fold(written))
        if at >= 0 and not any(s < at + len(written) and at < e for s, e, _ in spans):
            spans.append((at, at + len(written), f"{number}. kérelmező: {FIELD_WORDS[field]}"))
    out, end = Markup(""), 0
    for start, stop, title in sorted(spans):
        out += escape(text[end:start]) + Markup('<mark title="{}">{}</mark>').format(title, text[start:stop])
        end = stop
    return out + escape(text[end:])


def explained(mail: Mail, request: Request, result: Mapping[str, Any]) -> dict[str, Any]:
    return {"parts": parts(mail, request), "mail": mail, "result": result}
