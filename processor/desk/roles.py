"""What each role may. Every user may look at everything; each view that a form is sent to says who may send it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import abort, current_app, g

ROLES = ("viewer", "officer", "administrator")  # each may what those before it may
ROLE_WORDS = {"viewer": "megtekintő", "officer": "ügyintéző", "administrator": "rendszergazda"}
STRANGER = "stranger"  # somebody who has not logged in

_Given = ParamSpec("_Given")
_Answer = TypeVar("_Answer")


def may(role: str) -> bool:
    """Whether the user has at least this role."""
    return g.get("role") in ROLES and ROLES.index(g.role) >= ROLES.index(role)


def open_to(role: str) -> Callable[[Callable[_Given, _Answer]], Callable[_Given, _Answer]]:
    """A view for users of at least this role, or for a STRANGER too. It bears the role as `open_to`."""

    def mark(view: Callable[_Given, _Answer]) -> Callable[_Given, _Answer]:
        @functools.wraps(view)
        def checked(*args: _Given.args, **kwargs: _Given.kwargs) -> _Answer:
            if role != STRANGER and not may(role):
                abort(403, "Ehhez nincs jogosultsága.")
            return view(*args, **kwargs)

        checked.open_to = role  # type: ignore[attr-defined]
        return checked

    return mark


def strangers_may(endpoint: str | None) -> bool:
    """Whether a view is open to somebody who has not logged in."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "open_to", None) == STRANGER
