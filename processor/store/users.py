"""Officers who may use the desk, and the journal of what people looked at and did."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from .records import Records
from .rows import JournalRow, UserRow
from .schema import journal, users


class Users(Records):
    def get(self, name: str) -> UserRow | None:
        found: UserRow | None = self._first(sa.select(users).where(users.c.name == name))
        return found

    def all(self) -> list[UserRow]:
        return self._all(sa.select(users).order_by(users.c.name))

    def put(self, name: str, password: str, role: str, now: dt.datetime) -> None:
        """A new user, or a known one with a new password and role. `password`: its argon2 hash."""
        row = {"name": name, "password": password, "role": role, "created_at": now}
        known = sa.update(users).where(users.c.name == name).values(password=password, role=role)
        if not self.connection.execute(known).rowcount:
            self.connection.execute(sa.insert(users), row)

    def delete(self, name: str) -> bool:
        return self.connection.execute(sa.delete(users).where(users.c.name == name)).rowcount == 1

    def journal(self, now: dt.datetime, actor: str, action: str, detail: str = "") -> None:
        self.connection.execute(sa.insert(journal), {"at": now, "actor": actor, "action": action, "detail": detail})

    def journal_rows(self, limit: int = 100, before: int | None = None) -> list[JournalRow]:
        """The newest lines; `before`: id to go on from."""
        query = sa.select(journal).order_by(journal.c.id.desc()).limit(limit)
        return self._all(query if before is None else query.where(journal.c.id < before))
