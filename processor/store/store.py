"""The store: one transaction at a time, with a class for each subject in it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from functools import cached_property

import sqlalchemy as sa

from .batches import Batches
from .cases import Cases
from .engine import READ_ONLY, migrate, open_engine
from .known import Known
from .mails import Mails
from .marks import Marks
from .outbox import Outbox
from .privacy import Privacy
from .users import Users


class Transaction:
    """One transaction. Leaving `Store.begin` with an error rolls all of it back."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """Work on one mail: undone by itself when it raises, while the group's transaction goes on."""
        with self.connection.begin_nested():
            yield

    @cached_property
    def mails(self) -> Mails:
        return Mails(self.connection)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection)

    @cached_property
    def batches(self) -> Batches:
        return Batches(self.connection)

    @cached_property
    def known(self) -> Known:
        return Known(self.connection)

    @cached_property
    def users(self) -> Users:
        return Users(self.connection)

    @cached_property
    def marks(self) -> Marks:
        return Marks(self.connection)

    @cached_property
    def privacy(self) -> Privacy:
        return Privacy(self.connection)


class Store:
    """The database. `begin()` opens a transaction that writes, `read()` one that only reads and waits for nobody."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        migrate(self.engine)

    @contextlib.contextmanager
    def begin(self) -> Iterator[Transaction]:
        with self.engine.begin() as connection:
            yield Transaction(connection)

    @contextlib.contextmanager
    def read(self) -> Iterator[Transaction]:
        """Takes no write lock; whoever writes in it gets an error."""
        with self.engine.connect() as connection, connection.execution_options(**{READ_ONLY: True}).begin():
            yield Transaction(connection)

    def note_round(self, name: str, now: dt.datetime) -> None:
        """When a round ("poll", "send") last came to its end; what the desk shows and /healthz goes by."""
        with self.begin() as session:
            session.marks.set(f"ok:{name}", now.isoformat())

    def close(self) -> None:
        self.engine.dispose()
