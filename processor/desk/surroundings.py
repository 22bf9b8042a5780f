"""What the pages work with, and how a view reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app

from processor.batches.make import Export
from processor.letters.post import Office
from processor.service.doctor import Checkup
from processor.store import Store
from processor.worktime import Clock


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the pages work with. `examine`: doctor's findings; `user_header`: the reverse proxy's header that names
    the user, "" for logins of our own; `proxy`: the only address whose word on who asks is believed."""

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


def about() -> Surroundings:
    """The surroundings of the application that is asked."""
    found: Surroundings = current_app.extensions["beirato"]
    return found
