"""Who may use the desk: local users with argon2 passwords, or the name from a trusted proxy's header. Login attempts
are limited."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import Flask, flash, g, redirect, render_template, request, session, url_for

if TYPE_CHECKING:
    from processor.desk import Surroundings

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody")  # so that an unknown name takes as long as a wrong password
MOST_FAILURES = 5  # wrong passwords for a name or from an address within _WINDOW
_WINDOW = 300.0  # seconds
_MOST_KEYS = 10_000  # names and addresses remembered before the old ones are forgotten
SHORTEST = 10  # characters of a password


def hashed(password: str) -> str:
    """The password as it is stored. ValueError when it is too short."""
    if len(password) < SHORTEST:
        raise ValueError(f"A jelszó legalább {SHORTEST} karakter legyen.")
    return _HASHER.hash(password)


def who(about: Surroundings) -> None:
    """Sets g.user and g.role from the session or the proxy's header; both None for a stranger."""
    g.user, g.role = None, None
    name = request.headers.get(about.user_header, "") if about.user_header else str(session.get("user", ""))
    if not name:
        return
    with about.store.begin() as records:
        row = records.users.get(name)
    if row is not None and (
        about.user_header or secrets.compare_digest(str(session.get("stamp", "")), _stamp(row["password"]))
    ):
        g.user, g.role = row["name"], row["role"]


def _stamp(password: str) -> str:
    """What a session holds of the stored password: a new password ends the sessions of the old one."""
    return hashlib.sha256(password.encode()).hexdigest()[:24]


def _ours(target: str) -> bool:
    """Whether a page to go on to is one of ours: a path, with nothing in it that a browser would read as another
    site's address."""
    return (
        target.startswith("/")
        and target.isprintable()
        and "\\" not in target
        and not target.startswith("//")
        and not urlsplit(target).netloc
    )


class _Attempts:
    """Failed logins of the last minutes, by name and by address; in this process only."""

    def __init__(self) -> None:
        self._failed: dict[str, list[float]] = {}

    def too_many(self, *keys: str) -> bool:
        now = time.monotonic()
        if len(self._failed) > _MOST_KEYS:
            self._failed = {key: times for key, times in self._failed.items() if times and now - times[-1] < _WINDOW}
        for key in keys:
            self._failed[key] = [at for at in self._failed.get(key, []) if now - at < _WINDOW]
        return any(len(self._failed[key]) >= MOST_FAILURES for key in keys)

    def failed(self, *keys: str) -> None:
        for key in keys:
            self._failed.setdefault(key, []).append(time.monotonic())

    def clear(self, *keys: str) -> None:
        for key in keys:
            self._failed.pop(key, None)


def add(app: Flask, about: Surroundings) -> None:
    attempts = _Attempts()

    @app.route("/belepes", methods=["GET", "POST"])
    def login() -> Any:
        if request.method == "GET":
            return render_template("login.html", error="", name="", next=request.args.get("next", ""))
        name, password = request.form.get("name", "").strip()[:80], request.form.get("password", "")[:500]
        keys = (f"n:{name}", f"a:{request.remote_addr}")
        if attempts.too_many(*keys):
            return render_template(
                "login.html", error="Túl sok sikertelen próbálkozás. Várjon öt percet.", name=name, next=""
            ), 429
        with about.store.begin() as records:
            row = records.users.get(name)
        try:
            good: bool = _HASHER.verify(row["password"] if row is not None else _NOBODY, password)
        except VerificationError:
            good = False
        if row is None or not good:
            attempts.failed(*keys)
            return render_template(
                "login.html", error="Hibás név vagy jelszó.", name=name, next=request.form.get("next", "")
            ), 401
        attempts.clear(*keys)
        session.clear()  # a session from before the login is not carried over
        session["user"], session["stamp"] = name, _stamp(row["password"])
        session.permanent = True
        with about.store.begin() as records:
            records.users.journal(about.clock(), name, "login")
        target = request.form.get("next", "")
        return redirect(target if _ours(target) else url_for("overview"))

    @app.post("/rendszer/jelszo")
    def own_password() -> Any:
        keys = (f"n:{g.user}", f"a:{request.remote_addr}")
        with about.store.begin() as records:
            row = records.users.get(g.user)
        try:
            if (
                row is None
                or attempts.too_many(*keys)
                or not _HASHER.verify(row["password"], request.form.get("old", "")[:500])
            ):
                raise VerificationError
            password = hashed(request.form.get("password", ""))
        except VerificationError:
            attempts.failed(*keys)
            flash("A mostani jelszó nem jó.", "error")
            return redirect(url_for("system"))
        except ValueError as error:
            flash(str(error), "error")
            return redirect(url_for("system"))
        with about.store.begin() as records:
            records.users.put(row["name"], password, row["role"], about.clock())
            records.users.journal(about.clock(), g.user, "password changed")
        session["stamp"] = _stamp(password)
        flash("Az új jelszó él.", "ok")
        return redirect(url_for("system"))

    @app.post("/kilepes")
    def logout() -> Any:
        session.clear()
        return redirect(url_for("login"))
