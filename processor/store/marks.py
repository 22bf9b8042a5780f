"""Marks and counters: the last UID seen in a folder, the next case number, how a job last went, the store's secrets."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from .records import Records
from .schema import markers

_DIALECTS: dict[str, Any] = {"postgresql": postgresql, "sqlite": sqlite}


@cache
def _counting(dialect: str) -> Any:
    """Sets a mark's number one higher, or to 1, and gives it."""
    following = sa.cast(sa.cast(markers.c.value, sa.Integer) + 1, sa.Text)
    insert = _DIALECTS[dialect].insert(markers)
    return insert.on_conflict_do_update(index_elements=["key"], set_={"value": following}).returning(markers.c.value)


class Marks(Records):
    def get(self, key: str) -> str | None:
        value: str | None = self.connection.scalar(sa.select(markers.c.value).where(markers.c.key == key))
        return value

    def set(self, key: str, value: str) -> None:
        self._upsert(markers, [{"key": key, "value": value}], ["key"])

    def like(self, start: str) -> dict[str, str]:
        """Every mark whose key begins so, by key."""
        query = sa.select(markers.c.key, markers.c.value).where(markers.c.key.like(f"{start}%"))
        return dict(self.connection.execute(query).all())

    def next_number(self, key: str) -> int:
        """The next of a running number; two transactions never get the same."""
        counted = self.connection.execute(_counting(self.connection.dialect.name), {"key": key, "value": "1"})
        return int(counted.scalar_one())

    def secret(self, key: str) -> str:
        """A random secret of this store's own, made at the first asking."""
        if (kept := self.get(key)) is not None:
            return kept
        self._upsert(markers, [{"key": key, "value": secrets.token_hex(32)}], ["key"], update=False)
        return self.get(key) or ""
