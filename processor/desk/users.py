"""Who uses the desk: local users with argon2 passwords, or the name from a trusted proxy's header; their logins,
whose attempts are limited, and the administrator's acts on them."""

from __future__ import annotations

import hashlib
import secrets
import time
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from processor.desk.forms import written
from processor.desk.roles import ROLE_WORDS, ROLES, STRANGER, open_to
from processor.desk.surroundings import about
from processor.store.rows import UserRow

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody")  # so that an unknown name takes as long as a wrong password
MOST_FAILURES = 5  # wrong passwords for a name or from an address within _WINDOW
_WINDOW = 300.0  # seconds
_MOST_KEYS = 10_000  # names and addresses remembered before the old ones are forgotten
SHORTEST = 10  # characters of a password
_LONGEST = 500  # characters of a password looked at
_LONGEST_NAME = 80  # characters

blueprint = Blueprint("users", __name__)


# ---------------------------------------------------------------- who it is


def who() -> None:
    """Sets g.user and g.role from the session or the proxy's header; both None for a stranger."""
    g.user, g.role = None, None
    header = about().user_header
    name = request.headers.get(header, "") if header else str(session.get("user", ""))
    if not name:
        return
    with about().store.read() as records:
        row = records.users.get(name)
    if row is not None and (header or secrets.compare_digest(str(session.get("stamp", "")), _stamp(row["password"]))):
        g.user, g.role = row["name"], row["role"]


def hashed(password: str) -> str:
    """The password as it is stored. ValueError when it is too short."""
    if len(password) < SHORTEST:
        raise ValueError(f"A jelszó legalább {SHORTEST} karakter legyen.")
    return _HASHER.hash(password)


def _stamp(password: str) -> str:
    """What a session holds of the stored password: a new password ends the sessions of the old one."""
    return hashlib.sha256(password.encode()).hexdigest()[:24]


def _known(name: str, password: str) -> UserRow | None:
    """The user of that name, if it is their password."""
    with about().store.read() as records:
        row = records.users.get(name)
    try:
        _HASHER.verify(row["password"] if row is not None else _NOBODY, password[:_LONGEST])
    except (VerificationError, InvalidHashError):
        return None
    return row


class Attempts:
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


def _attempts() -> Attempts:
    """Those at this application's door."""
    found: Attempts = current_app.extensions["beirato-attempts"]
    return found


def _keys(name: str) -> tuple[str, str]:
    """What attempts are counted by."""
    return f"n:{name}", f"a:{request.remote_addr}"


# ---------------------------------------------------------------- coming and going


@blueprint.get("/belepes")
@open_to(STRANGER)
def login() -> str:
    return _login_page(next_page=request.args.get("next", ""))


@blueprint.post("/belepes")
@open_to(STRANGER)
def log_in() -> ResponseReturnValue:
    name, target = written("name")[:_LONGEST_NAME], request.form.get("next", "")
    if _attempts().too_many(*_keys(name)):
        return _login_page("Túl sok sikertelen próbálkozás. Várjon öt percet.", name), 429
    row = _known(name, request.form.get("password", ""))
    if row is None:
        _attempts().failed(*_keys(name))
        return _login_page("Hibás név vagy jelszó.", name, target), 401
    _attempts().clear(*_keys(name))
    session.clear()  # a session from before the login is not carried over
    session["user"], session["stamp"] = name, _stamp(row["password"])
    session.permanent = True
    with about().store.begin() as records:
        records.users.journal(about().clock(), name, "login")
    return redirect(target if _ours(target) else url_for("pages.overview"))


@blueprint.post("/kilepes")
@open_to("viewer")
def logout() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for("users.login"))


def _login_page(error: str = "", name: str = "", next_page: str = "") -> str:
    return render_template("login.html", error=error, name=name, next=next_page)


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


# ---------------------------------------------------------------- passwords and roles


@blueprint.post("/rendszer/jelszo")
@open_to("viewer")
def own_password() -> ResponseReturnValue:
    row = None if _attempts().too_many(*_keys(g.user)) else _known(g.user, request.form.get("old", ""))
    if row is None:
        _attempts().failed(*_keys(g.user))
        return _to_system("A mostani jelszó nem jó.", "error")
    try:
        password = hashed(request.form.get("password", ""))
    except ValueError as error:
        return _to_system(str(error), "error")
    with about().store.begin() as records:
        records.users.put(row["name"], password, row["role"], about().clock())
        records.users.journal(about().clock(), g.user, "password changed")
    session["stamp"] = _stamp(password)
    return _to_system("Az új jelszó él.")


@blueprint.post("/rendszer/felhasznalo")
@open_to("administrator")
def save() -> ResponseReturnValue:
    """A new user, or another password and role for one."""
    name, role = written("name")[:_LONGEST_NAME], written("role")
    if not name or role not in ROLES:
        abort(400, "Név és szerep kell.")
    try:
        password = hashed(request.form.get("password", ""))
    except ValueError as error:
        return _to_system(str(error), "error")
    with about().store.begin() as records:
        records.users.put(name, password, role, about().clock())
        records.users.journal(about().clock(), g.user, "user saved", f"{name} ({ROLE_WORDS[role]})")
    return _to_system("Felhasználó mentve.")


@blueprint.post("/rendszer/felhasznalo/torles")
@open_to("administrator")
def remove() -> ResponseReturnValue:
    name = written("name")
    if name == g.user:
        return _to_system("Saját magát nem törölheti.", "error")
    with about().store.begin() as records:
        if not records.users.delete(name):
            abort(404, "Nincs ilyen felhasználó.")
        records.users.journal(about().clock(), g.user, "user removed", name)
    return _to_system("Felhasználó törölve.")


def _to_system(said: str, category: str = "ok") -> ResponseReturnValue:
    """On to the system page, which says what was done."""
    flash(said, category)
    return redirect(url_for("system.show"))
