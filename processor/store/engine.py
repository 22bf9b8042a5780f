"""The database: opening it, bringing its tables up to date, and the one-daemon lock."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import sqlalchemy as sa

READ_ONLY = "beirato_read_only"  # the option of a connection whose transaction only reads
_LOCK_KEY = 0x62656972  # "beir", the advisory lock's number on PostgreSQL

_LOCK_WAIT = "2s"
_TURN_KEY = _LOCK_KEY + 1  # held by each transaction there while it lasts


class StoreBusy(RuntimeError):
    """Another daemon works on this store."""


def open_engine(url: str) -> sa.Engine:
    """An engine for sqlite:///file or postgresql+psycopg://..."""
    # What a statement was given is kept out of error messages, and so out of the logs: it is people's data.
    engine = sa.create_engine(url, pool_pre_ping=url.startswith("postgresql"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _pragmas)
        sa.event.listen(engine, "begin", _begin)
    else:
        sa.event.listen(engine, "begin", _begin_in_turn)
    return engine


def _pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """A writing transaction takes the write lock at once: two writers wait for each other instead of failing half-way.

    A reading one takes none, and may not write.
    """
    reading = bool(connection.get_execution_options().get(READ_ONLY))
    if connection.info.get(READ_ONLY, False) != reading:
        connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
        connection.info[READ_ONLY] = reading
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_in_turn(connection: sa.Connection) -> None:
    """The same on PostgreSQL: writing transactions take their turns, so that what one has read still holds when it
    writes. They last milliseconds."""
    if connection.get_execution_options().get(READ_ONLY):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN_KEY})")


def migrate(engine: sa.Engine) -> None:
    """Brings the tables up to date; does nothing when they are."""
    # heavy (it brings Mako); commands that open no store do without, though they import this module
    from alembic import command
    from alembic.config import Config

    config = Config()
    with resources.as_file(resources.files("processor.store").joinpath("migrations")) as folder:
        config.set_main_option("script_location", str(folder))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextlib.contextmanager
def only_daemon(engine: sa.Engine) -> Iterator[None]:
    """Held while a daemon works on the store; StoreBusy when another one does. The lock dies with its process."""
    if engine.dialect.name == "sqlite":
        file = engine.url.database
        if not file or file == ":memory:":
            yield
            return
        path = Path(file + ".lock")
        with path.open("w", encoding="ascii") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreBusy(f"Már dolgozik egy beirató ezen a tárolón ({path.name}).") from error
            yield
        return
    with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
        # the server notices the death of a process a moment later; who starts again at once waits for it
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'")
        try:
            connection.execute(sa.select(sa.func.pg_advisory_lock(_LOCK_KEY)))
        except sa.exc.OperationalError as error:
            raise StoreBusy("Már dolgozik egy beirató ezen az adatbázison.") from error
        connection.commit()
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(_LOCK_KEY)))
            connection.commit()
