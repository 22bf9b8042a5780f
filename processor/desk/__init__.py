"""The officers' web application: server-rendered pages in Hungarian. `create_app` is the way in; waitress serves it.

A mail of HTML is shown as it was written, made harmless (`cleaning`); everything else of a mail as text, escaped
(`mailview`). Nothing of a mail is loaded from elsewhere or run: the Content-Security-Policy allows our own files only.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from processor.desk import batches, cases, downloads, errors, letters, metrics, pages, proxy, system, templating, users
from processor.desk.forms import HIGHEST
from processor.desk.roles import strangers_may
from processor.desk.surroundings import Surroundings

__all__ = ["Surroundings", "create_app", "server"]

_BLUEPRINTS = tuple(module.blueprint for module in (pages, cases, letters, batches, downloads, users, system))
_UNASKED = frozenset(["static", "system.healthz", "system.metrics"])  # they need nobody's name
_LARGEST = 5_000_000  # bytes of a request
_CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def create_app(about: Surroundings) -> Flask:
    """The application over a store."""
    app = Flask("processor.desk", static_folder="static")
    app.config.update(_configured(about))
    app.extensions["beirato"] = about
    app.extensions["beirato-attempts"] = users.Attempts()
    app.extensions["beirato-metrics"] = metrics.registry(about.store)
    templating.register(app)
    errors.register(app)
    app.before_request(_guard)
    CSRFProtect(app)  # after the guard, so that an expired session is called that and gives back what was written
    app.after_request(_harden)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = proxy.Behind(app.wsgi_app, about.proxy, about.user_header)  # type: ignore[method-assign]
    return app


def server(about: Surroundings, host: str, port: int) -> Any:
    """The desk on waitress, listening; `run()` serves until `close()`. `Behind` deals with the headers of proxies, so
    waitress leaves them alone."""
    # only the command that serves needs it, not whoever makes the application
    from waitress import create_server

    return create_server(
        create_app(about), host=host, port=port, threads=4, ident=None, clear_untrusted_proxy_headers=False
    )


def _configured(about: Surroundings) -> dict[str, Any]:
    with about.store.begin() as records:
        key = records.marks.secret("desk-key")
    return {
        "SECRET_KEY": key,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": about.secure,
        "SESSION_COOKIE_NAME": "beirato",
        "PERMANENT_SESSION_LIFETIME": dt.timedelta(hours=about.session_hours),
        "MAX_CONTENT_LENGTH": _LARGEST,
        "WTF_CSRF_FIELD_NAME": "csrf",
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a letter may be written for more than an hour
        "WTF_CSRF_SSL_STRICT": False,  # the token decides alone; proxies of offices may take the Referer away
    }


def _guard() -> ResponseReturnValue | None:
    """Before every view: what no store can keep is refused, a stranger is sent to the login."""
    if request.endpoint in _UNASKED:
        return None
    _refuse_unkeepable()
    users.who()
    if g.user is not None or strangers_may(request.endpoint):
        return None
    if request.method != "GET":
        abort(401, "Lejárt a munkamenete. Lépjen be újra; amit beírt, alább megtalálja.")
    return redirect(url_for("users.login", next=request.full_path))


def _refuse_unkeepable() -> None:
    """Ends a request with a character that PostgreSQL's texts cannot hold, or with a number of no row."""
    if any("\0" in value for values in (request.args, request.form) for value in values.values()):
        abort(400, "A megadott szövegben olyan jel van, amely nem tárolható.")
    if any(isinstance(value, int) and value >= HIGHEST for value in (request.view_args or {}).values()):
        abort(404)


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
