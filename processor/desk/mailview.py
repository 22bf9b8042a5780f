"""A mail for the case page: as it was written where it is HTML, made harmless; elsewhere as it was read, in text. The
values in use are marked in place. A letter of ours as its text. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from processor.cases.vocabulary import FIELD_WORDS
from processor.desk.cleaning import Mark, clean, lines, table, too_much
from processor.letters.wire import text_of
from processor.reading import Attachment, Block, Mail, Role, read, read_whole
from rules.model import Request, Value

ROLE_WORDS = {
    Role.SUBJECT: "tárgy",
    Role.BODY: "",
    Role.SIGNATURE: "aláírás",
    Role.LETTERHEAD: "fejléc",
    Role.QUOTED: "idézett szöveg, adat nem ebből származik",
}
_MOST_LINES = 2_000
_SHORTEST = 3  # characters of a value that is marked; a shorter one stands everywhere
_ROOM = 12  # characters that an ending or a title adds to what was understood
_REMOTE = re.compile(r"<\s*(?:img|picture|video|audio)\b", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the mail: `html` is safe to write out. `folded`: shown only when asked for."""

    title: str
    folded: bool
    html: Markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail as the page shows it. `pictures`: how many the page leaves out."""

    mail: Mail
    sender: Markup
    subject: Markup
    parts: tuple[Part, ...]
    attachments: tuple[Attachment, ...]
    pictures: int = 0


def show(raw: bytes, own: frozenset[str], request: Request) -> Shown:
    """`request`: what was understood of the case, for the marks."""
    whole = read_whole(raw, own)
    mail = whole.mail
    marks = _marks(request)
    parts = []
    covered: frozenset[int] = frozenset() if too_much(whole.html) else whole.covered
    if covered:
        places = {place for number in covered for place in _places(mail.blocks[number])}
        parts.append(
            Part("", False, Markup('<div class="asreceived">{}</div>').format(clean(whole.html, _at(marks, places))))
        )
    for number, block in enumerate(mail.blocks):
        if number not in covered and block.role is not Role.SUBJECT:
            parts.append(_part(block, _at(marks, _places(block))))
    sender = f"{mail.sender.name} <{mail.sender.address}>".strip() if mail.sender else "(nincs)"
    return Shown(
        mail,
        lines([sender], _at(marks, {"feladó"})),
        lines([mail.subject or "(nincs)"], _at(marks, {"tárgy"})),
        tuple(parts),
        mail.attachments,
        len(_REMOTE.findall(whole.html)),
    )


def letter(raw: bytes) -> dict[str, str]:
    """A letter's subject, addressee and text; empty when it was erased."""
    if not raw:
        return {"subject": "", "to": "", "text": ""}
    mail = read(raw)
    return {"subject": mail.subject, "to": ", ".join(p.address for p in mail.to), "text": text_of(raw)}


def file_of(raw: bytes, own: frozenset[str], number: int) -> tuple[str, bytes] | None:
    """(name, content) of an attachment, counted from 0; None when there is none of that number."""
    whole = read_whole(raw, own)
    return (whole.mail.attachments[number].name, whole.files[number]) if 0 <= number < len(whole.files) else None


def _part(block: Block, marks: Sequence[Mark]) -> Part:
    if block.rows:
        html = Markup('<div class="scroll"><table class="mailtable"><tbody>{}</tbody></table></div>').format(
            table(block.rows[:_MOST_LINES], marks)
        )
    else:
        html = lines(block.lines[:_MOST_LINES], marks)
    role = ROLE_WORDS[block.role]
    where = "" if block.place == "levéltörzs" else block.place
    return Part(" · ".join(word for word in (where, role) if word), block.role is Role.QUOTED, html)


def _places(block: Block) -> set[str]:
    """What evidence calls this block."""
    return (
        set()
        if block.role is Role.QUOTED
        else {block.place, "aláírás"}
        if block.role is Role.SIGNATURE
        else {block.place}
    )


def _at(marks: Sequence[tuple[str, Mark]], places: set[str]) -> list[Mark]:
    return [mark for place, mark in marks if place in places]


def _marks(request: Request) -> list[tuple[str, Mark]]:
    """(place, mark) of every value in use."""
    out = []
    for number, applicant in enumerate(request.applicants, start=1):
        for field, word in FIELD_WORDS.items():
            values: list[Value] = (
                [m.value for m in applicant.programs] if field == "programs" else list(getattr(applicant, field))
            )
            for value in values:
                # A wish for a program was often read from a whole sentence; its own words are to be marked then.
                written = value.raw if len(value.raw) <= 2 * len(value.text) + _ROOM else value.text
                forms = tuple(
                    form for form in dict.fromkeys((written, value.text, value.raw)) if len(form.strip()) >= _SHORTEST
                )
                if forms:
                    out += [
                        (place, Mark(forms, value.evidence.text, f"{number}. kérelmező: {word}"))
                        for place in value.evidence.place.split(" vagy ")
                    ]
    return out
