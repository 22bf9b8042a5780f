"""What the classes of the subjects share: a transaction's connection and the few ways to ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

PART = 500  # rows or keys of one statement; SQLite takes a bounded number of parameters

_DIALECTS: dict[str, Any] = {"postgresql": postgresql, "sqlite": sqlite}


@cache
def _upserting(dialect: str, table: sa.Table, columns: tuple[str, ...], keys: tuple[str, ...], update: bool) -> Any:
    insert = _DIALECTS[dialect].insert(table)
    changed = {name: insert.excluded[name] for name in columns if name not in keys}
    if update and changed:
        return insert.on_conflict_do_update(index_elements=list(keys), set_=changed)
    return insert.on_conflict_do_nothing(index_elements=list(keys))


class Records:
    """One subject's part of an open transaction; committing is the caller's."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def _all(self, query: sa.Select[Any], values: Mapping[str, Any] | None = None) -> list[Any]:
        return list(self.connection.execute(query, values or {}).mappings())

    def _first(self, query: sa.Select[Any], values: Mapping[str, Any] | None = None) -> Any:
        return self.connection.execute(query, values or {}).mappings().first()

    def _count(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        return int(self.connection.scalar(sa.select(sa.func.count()).select_from(table).where(*conditions)) or 0)

    def _insert(self, table: sa.Table, values: Mapping[str, Any]) -> int:
        key = self.connection.execute(sa.insert(table), dict(values)).inserted_primary_key
        return int(key[0]) if key else 0

    def _upsert(
        self, table: sa.Table, rows: Sequence[Mapping[str, Any]], keys: Sequence[str], update: bool = True
    ) -> None:
        if rows:
            statement = _upserting(self.connection.dialect.name, table, tuple(rows[0]), tuple(keys), update)
            for part in parts(rows):
                self.connection.execute(statement, list(part))


def parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The items in pieces that one statement takes."""
    for start in range(0, len(items), PART):
        yield items[start : start + PART]
