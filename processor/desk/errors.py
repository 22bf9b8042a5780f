"""What a page says when something went wrong, in Hungarian; what the officer had written is given back."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from processor.acts.officer import Refused, Stale
from processor.batches.imports import ImportFault
from processor.cases.vocabulary import FIELD_WORDS

_CODES = (400, 401, 403, 404, 405, 409, 413, 429, 500)
_WORDS = {
    403: "Ehhez nincs jogosultsága.",
    404: "Nincs ilyen oldal.",
    405: "Ez az oldal csak egy gomb megnyomásával érhető el; lépjen vissza, és nyomja meg újra.",
    413: "A feltöltött fájl túl nagy.",
    500: "Váratlan hiba történt. Próbálja újra; ha megmarad, szóljon az üzemeltetőnek.",
}
_EXPIRED_FORM = "Az űrlap lejárt. Töltse be újra az oldalt, és próbálja meg még egyszer."
_INPUT_WORDS = {
    "text": "a levél szövege",
    "reason": "indoklás",
    "other": "másik ügy",
    "pasted": "bemásolt eredmény",
    **{f"f-{field}": word for field, word in FIELD_WORDS.items()},
}

Failure = tuple[str, int]  # a page and its status


def register(app: Flask) -> None:
    """Lets every error end on a page of ours."""
    for code in _CODES:
        app.register_error_handler(code, _http)
    app.register_error_handler(CSRFError, lambda _: _failure(400, _EXPIRED_FORM))
    app.register_error_handler(Stale, lambda error: _failure(409, str(error)))
    app.register_error_handler(Refused, lambda error: _failure(422, str(error)))
    app.register_error_handler(ImportFault, lambda error: _failure(422, str(error)))


def _http(error: Any) -> Failure:
    """The sentence of our own that the error carries (Hungarian is known by its accents), else one for its code."""
    code = int(getattr(error, "code", 500) or 500)
    own = str(getattr(error, "description", "") or "") if isinstance(error, HTTPException) else ""
    ours = any(letter in own for letter in "áéíóöőúüűÁÉ")
    return _failure(code, own if ours else _WORDS.get(code, "A kérés nem teljesíthető."))


def _failure(code: int, words: str) -> Failure:
    if "user" not in g:  # it went wrong before the user was known
        g.user, g.role = None, None
    referrer = request.referrer or ""
    page = render_template(
        "error.html",
        words=words,
        code=code,
        written=[] if code == 413 else _written(),  # of what was too large nothing can be read
        back=referrer if referrer.startswith(request.host_url) else url_for("pages.overview"),
    )
    return page, code


def _written() -> list[tuple[str, str]]:
    """(what it is, text) of each box that the officer had filled in."""
    if request.method != "POST":
        return []
    filled = {name: request.form.get(name, "").strip() for name in _INPUT_WORDS}
    return [(_INPUT_WORDS[name], text) for name, text in filled.items() if text]
