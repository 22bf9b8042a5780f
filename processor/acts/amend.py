"""What an officer writes into an applicant's fields, as values of the request. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from processor.cases.vocabulary import FIELD_WORDS
from rules.hungarian.addresses import is_valid as is_address
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.counties import recognise
from rules.hungarian.courses import Where, find
from rules.hungarian.words import fold
from rules.model import FIELDS, Applicant, Evidence, Facts, Mention, Request, Value
from rules.pir import is_valid as is_pir
from rules.programs import wanted

_NEEDED = {"name": "név", "municipality": "munkahely", "pir": "PIR szám", "county": "vármegye", "email": "e-mail-cím"}
_SHARED = ("municipality", "pir", "county")
_NOT_A_WISH = re.compile(r"\b(?:nem|ne|mar|nelkul|kiveve|korabbi|torl\w*|torol\w*|helyett)\b")


_POSSIBLE: dict[str, tuple[Callable[[str], bool], str]] = {
    "pir": (
        lambda value: is_pir(value, Facts()),
        "nem lehet PIR szám: hat számjegy, helyes ellenőrző számmal. Ha biztosan ez az, a jóváhagyással együtt, "
        "indokolva adja meg.",
    ),
    "county": (lambda value: recognise(value) is not None, "nem vármegye."),
    "email": (is_address, "nem e-mail-cím."),
}


class Refused(ValueError):
    """The act is not possible; the message says why, in Hungarian."""


def refuse_impossible(values: Mapping[str, str]) -> None:
    """Refused when a value can't be right: what an officer mistypes is no answer of the municipality."""
    for field, value in values.items():
        test, words = _POSSIBLE.get(field, (None, ""))
        if test is not None and value.strip() and not test(value.strip()):
            raise Refused(f'"{value.strip()}" {words}')


def amended(applicant: Applicant, values: Mapping[str, str]) -> Applicant:
    """The applicant with other values; what was let through for a field before is looked at again."""
    for field, value in values.items():
        if field not in FIELDS:
            raise Refused(f"Nincs ilyen mező: {field}. Lehet: {', '.join(FIELDS)}.")
        lifted = tuple(code for code in applicant.lifted if not code.startswith(f"{field}."))
        given = _programs(value) if field == "programs" else _single(field, value.strip())
        applicant = replace(applicant, lifted=lifted, **{field: given})  # type: ignore[arg-type]
    return applicant


def lacking(applicant: Applicant) -> list[str]:
    """Fields without which nobody can be registered, in Hungarian."""
    return [word for field, word in _NEEDED.items() if applicant.one(field) is None] + (
        [] if wanted(applicant) else ["tananyag"]
    )


def with_applicant(request: Request, number: int, applicant: Applicant) -> Request:
    """The request with that applicant (counted from 1) in the place of the one before."""
    people = list(request.applicants)
    people[number - 1] = applicant
    return replace(request, applicants=tuple(people))


def joined(into: Request, other: Request) -> Request:
    """Two cases as one: the people of both, each once; who had the clerk in copy has it still."""
    recipients = {p.address: p for p in (*into.recipients, *other.recipients)}
    asked = (replace(entry, applicant=None) for entry in other.open)  # its numbers were the other case's
    return replace(
        into,
        applicants=_people_of_both(into.applicants, other.applicants),
        recipients=tuple(recipients.values()),
        clerks_named=tuple(dict.fromkeys((*into.clerks_named, *other.clerks_named))),
        clerk_before=into.clerk_before or other.clerk_before,
        open=tuple(dict.fromkeys((*into.open, *asked))),
        doubt=into.doubt or other.doubt,
    )


def _people_of_both(mine: tuple[Applicant, ...], others: tuple[Applicant, ...]) -> tuple[Applicant, ...]:
    known = {_key(a) for a in mine if a.one("name")}
    twins = {_key(a): a for a in others if not a.dropped and _key(a) in known}
    newcomers = (a for a in others if not a.dropped and _key(a) not in known)
    return (*(_joined(a, twins[_key(a)]) if _key(a) in twins else a for a in mine), *newcomers)


def _key(applicant: Applicant) -> tuple[str | None, str | None]:
    return applicant.one("name"), applicant.one("email")


def _joined(a: Applicant, b: Applicant) -> Applicant:
    """One person of two cases: what only one of them has is taken over; different values are a conflict, which a person
    settles."""
    values = {field: _united(getattr(a, field), getattr(b, field)) for field in _SHARED}
    mine = {(m.status, m.programs) for m in a.programs}
    programs = (*a.programs, *(m for m in b.programs if (m.status, m.programs) not in mine))
    return replace(a, programs=programs, **values)  # type: ignore[arg-type]


def _united(a: tuple[Value, ...], b: tuple[Value, ...]) -> tuple[Value, ...]:
    texts = {v.text for v in a}
    return (*a, *(v for v in b if v.text not in texts))


def said(values: Mapping[str, str]) -> str:
    """The values in a line of history: ", PIR: 731234, vármegye: Pest"."""
    return "".join(f", {FIELD_WORDS.get(field, field)}: {value.strip() or '–'}" for field, value in values.items())


def shown(value: object) -> str:
    """A stored value as officers write it."""
    if isinstance(value, list):
        return ", ".join(catalogue()[p].short if p in catalogue() else str(p) for p in value) or "–"
    return str(value or "–")


def _single(field: str, text: str) -> tuple[Value, ...]:
    return (_value(text.lower() if field == "email" else text),) if text else ()


def _value(text: str) -> Value:
    return Value(text, Evidence("munkatárs", 1, text), text, labelled=True)


def _programs(text: str) -> tuple[Mention, ...]:
    """The programs of a list separated by semicolons: short names, ProBono identifiers, or what the catalogue
    understands without doubt."""
    pieces = filter(None, (part.strip() for part in text.split(";")))
    return tuple(Mention("resolved", (ident,), _value(piece)) for piece in pieces for ident in _meant(piece))


def _meant(piece: str) -> Sequence[str]:
    """ProBono identifiers of what stands between two semicolons."""
    if _NOT_A_WISH.search(fold(piece)):
        raise Refused(f'"{piece}": csak a kért tananyagok álljanak itt, pontosvesszővel elválasztva.')
    exact = [i for i, program in catalogue().items() if piece.lower() in {i.lower(), program.short.lower()}]
    if exact:
        return exact[:1]
    found = list(find(piece, Where.LABEL))
    choices = [program for wish in found for program in wish.programs]
    if not found or any(wish.status != "resolved" for wish in found):
        raise Refused(f'Nincs ilyen tananyag: "{piece}".{_hint(choices)}')
    return choices


def _hint(choices: Sequence[str]) -> str:
    if not choices:
        return " A Katalógus oldalon megnézheti, melyik szövegből mit ért a program."
    return f" Ezek közül melyik: {', '.join(catalogue()[program].short for program in choices)}?"
