"""The officers' web application: server-rendered pages in Hungarian. `create_app` is the way in; waitress serves it.

Nothing of a mail is ever loaded from elsewhere or run: pages show our own reading of it, and the strict
Content-Security-Policy forbids the rest.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from markupsafe import Markup, escape

from processor.batches.make import Export
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
from processor.letters.post import Office
from processor.service.doctor import Checkup
from processor.store import Store
from processor.worktime import LOCAL, Clock
from rules import CODES
from rules.hungarian.catalogue import programs as catalogue

ROLES = ("viewer", "officer", "administrator")
ROLE_WORDS = {"viewer": "megtekintő", "officer": "ügyintéző", "administrator": "rendszergazda"}
LETTER_WORDS = {
    "sent": "elküldve",
    "pending": "küldésre vár",
    "held": "jóváhagyásra vár",
    "failed": "nem sikerült elküldeni",
    "withdrawn": "visszavonva",
}
_HIGHEST = 1 << 62  # of a number in an address; databases count no further
_CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the pages work with. `examine`: doctor's findings; `proxy`: the address of the reverse proxy that is
    believed who is behind it;
    `user_header`: its header that names the user."""

    store: Store
    office: Office
    export: Export
    clock: Clock
    examine: Callable[[], Iterator[Checkup]]
    poll_seconds: int = 60
    cron: str = "0 7 * * mon"
    secure: bool = False
    session_hours: int = 10
    user_header: str = ""
    proxy: str = "127.0.0.1"
    closing_letter: bool = False


def create_app(about: Surroundings) -> Flask:
    """The application over a store."""
    from processor.desk import acts, downloads, pages, proxy, system, users

    app = Flask("processor.desk", static_folder="static")
    with about.store.begin() as records:
        app.secret_key = records.marks.secret("desk-key")
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=about.secure,
        SESSION_COOKIE_NAME="beirato",
        PERMANENT_SESSION_LIFETIME=dt.timedelta(hours=about.session_hours),
        MAX_CONTENT_LENGTH=5_000_000,
    )
    app.jinja_loader = _loader()
    app.jinja_env.filters.update(
        local=_local,
        linked=_linked,
        words=code_words,
        actor=actor_words,
        program=lambda ident: catalogue()[ident].short if ident in catalogue() else ident,
    )
    app.jinja_env.globals.update(
        KIND=KIND_WORDS,
        DECISION=DECISION_WORDS,
        OUTCOME=OUTCOME_WORDS,
        FIELD=FIELD_WORDS,
        STATUS=STATUS_WORDS,
        CODES=CODES,
        ACTION=ACTION_WORDS,
        ROLE=ROLE_WORDS,
        LETTER=LETTER_WORDS,
        step=step_words,
        csrf=_csrf,
        may=_may,
        user=lambda: g.get("user"),
        role=lambda: g.get("role"),
    )
    app.extensions["about"] = about
    users.add(app, about)
    for module in (pages, downloads, system, acts):
        module.add(app, about)
    app.wsgi_app = proxy.Behind(app.wsgi_app, about.proxy, about.user_header)  # type: ignore[method-assign]

    @app.before_request
    def guard() -> Any:
        if request.endpoint in {"static", "healthz", "metrics"}:
            return None
        if any("\0" in value for values in (request.args, request.form) for value in values.values()):
            abort(400, "A megadott szövegben olyan jel van, amely nem tárolható.")
        if any(isinstance(value, int) and value >= _HIGHEST for value in (request.view_args or {}).values()):
            abort(404)
        users.who(about)
        if request.endpoint == "login":
            if request.method == "POST":
                _check_csrf()
            return None
        if g.user is None and request.method == "GET":
            return redirect(url_for("login", next=request.full_path))
        if g.user is None:
            abort(401, "Lejárt a munkamenete. Lépjen be újra; amit beírt, alább megtalálja.")
        if request.method == "POST":
            _check_csrf()
        return None

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _CSP
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = "DENY"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response

    return app


def server(about: Surroundings, host: str, port: int) -> Any:
    """The desk on waitress, listening; `run()` serves until `close()`. `Behind` deals with the headers of proxies, so
    waitress leaves them alone."""
    from waitress import create_server

    return create_server(
        create_app(about), host=host, port=port, threads=4, ident=None, clear_untrusted_proxy_headers=False
    )


def _loader() -> Any:
    from importlib import resources

    from jinja2 import FileSystemLoader

    return FileSystemLoader(str(resources.files("templates").joinpath("desk")))


def _local(when: dt.datetime | str | None) -> str:
    if when is None or when == "":
        return "–"
    if isinstance(when, str):
        when = dt.datetime.fromisoformat(when)
    return when.astimezone(LOCAL).strftime("%Y.%m.%d. %H:%M")


def _linked(text: str) -> Markup:
    """The references in a text as links to their cases; everything else escaped."""
    pieces = re.split(r"(ASPO-\d{4}-\d{6})", text or "")
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(url_for("case", reference=piece), piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )


def _csrf() -> str:
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _check_csrf() -> None:
    mine, sent = str(session.get("csrf", "")), request.form.get("csrf", "")
    if not mine or not secrets.compare_digest(mine.encode(), sent.encode("utf-8", "replace")):
        abort(400, "Az űrlap lejárt. Töltse be újra az oldalt, és próbálja meg még egyszer.")


def _may(role: str) -> bool:
    """Whether the user has at least this role."""
    return g.get("role") in ROLES and ROLES.index(g.role) >= ROLES.index(role)


def need(role: str) -> None:
    if not _may(role):
        abort(403, "Ehhez nincs jogosultsága.")
