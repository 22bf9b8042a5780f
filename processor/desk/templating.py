"""What templates find: words in Hungarian, filters, who is logged in."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources

from flask import Flask, g, url_for
from jinja2 import FileSystemLoader
from markupsafe import Markup, escape

from processor.cases.states import LetterState
from processor.cases.vocabulary import (
    ACTION_WORDS,
    DECISION_WORDS,
    FIELD_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    STATUS_WORDS,
    actor_words,
    code_words,
    step_words,
)
from processor.desk.roles import ROLE_WORDS, may
from processor.worktime import LOCAL
from rules import CODES
from rules.hungarian.catalogue import programs as catalogue

_LETTER_WORDS = {
    LetterState.SENT: "elküldve",
    LetterState.PENDING: "küldésre vár",
    LetterState.HELD: "jóváhagyásra vár",
    LetterState.FAILED: "nem sikerült elküldeni",
    LetterState.WITHDRAWN: "visszavonva",
}
_REFERENCE = re.compile(r"(ASPO-\d{4}-\d{6})")


def register(app: Flask) -> None:
    """Gives the application its templates and what they use."""
    app.jinja_loader = FileSystemLoader(str(resources.files("templates").joinpath("desk")))
    app.jinja_env.filters.update(local=_local, linked=_linked, words=code_words, actor=actor_words, program=_program)
    app.jinja_env.globals.update(
        KIND=KIND_WORDS,
        DECISION=DECISION_WORDS,
        OUTCOME=OUTCOME_WORDS,
        FIELD=FIELD_WORDS,
        STATUS=STATUS_WORDS,
        CODES=CODES,
        ACTION=ACTION_WORDS,
        ROLE=ROLE_WORDS,
        LETTER=_LETTER_WORDS,
        step=step_words,
        may=may,
        user=lambda: g.get("user"),
    )


def _local(when: dt.datetime | str | None) -> str:
    if when is None or when == "":
        return "–"
    if isinstance(when, str):
        when = dt.datetime.fromisoformat(when)
    return when.astimezone(LOCAL).strftime("%Y.%m.%d. %H:%M")


def _linked(text: str) -> Markup:
    """The references in a text as links to their cases; everything else escaped."""
    pieces = _REFERENCE.split(text or "")
    link = Markup('<a href="{}">{}</a>')
    return Markup("").join(
        link.format(url_for("cases.show", reference=piece), piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )


def _program(ident: str) -> str:
    """A program's short name; what the catalogue no longer knows stays as it is."""
    return catalogue()[ident].short if ident in catalogue() else ident
