"""What the desk asks of the database: lists with search and paging, users, the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import RowMapping as Row

from rules.hungarian.words import fold

from .schema import applicants, cases, journal, mails, markers, outbox, users

_DIGITS = 4  # of a piece of a reference that is searched for
# Who wrote, for cases that are nobody's registration.
_SENDER = sa.func.coalesce(
    sa.func.nullif(cases.c.request["sender"]["name"].as_string(), ""),
    cases.c.request["sender"]["address"].as_string(),
    "",
).label("sender")


class OfficeRecords:
    """The part of a transaction (`repository.Session`) that the desk uses."""

    connection: sa.Connection

    def find_cases(
        self,
        text: str = "",
        status: str = "",
        before: int | None = None,
        limit: int = 50,
        oldest: bool = False,
        kind: str = "",
    ) -> list[Row]:
        """Cases, newest first (or oldest), whose people, places, numbers or reference hold every word of `text`;
        `before`: id to go on from."""
        columns = (
            cases.c.id,
            cases.c.reference,
            cases.c.status,
            cases.c.kind,
            cases.c.note,
            cases.c.created_at,
            cases.c.updated_at,
            _SENDER,
        )
        query = sa.select(*columns).order_by(cases.c.id if oldest else cases.c.id.desc()).limit(limit)
        if status:
            query = query.where(cases.c.status == status)
        if kind:
            query = query.where(cases.c.kind == kind)
        if before is not None:
            query = query.where(cases.c.id > before if oldest else cases.c.id < before)
        for word in fold(text).split()[:8]:
            like = f"%{_escaped(word)}%"
            query = query.where(
                sa.or_(
                    cases.c.search.like(like, escape="!"),
                    cases.c.reference.like(f"%{_escaped(word.upper())}%", escape="!")
                    if sum(map(str.isdigit, word)) >= _DIGITS
                    else sa.false(),
                )
            )
        return list(self.connection.execute(query).mappings())

    def people_of(self, case_ids: list[int]) -> dict[int, list[Row]]:
        """Applicants by case, without their data in full."""
        out: dict[int, list[Row]] = {}
        if case_ids:
            query = sa.select(
                applicants.c.case_id, applicants.c.name, applicants.c.email, applicants.c.outcome, applicants.c.row
            ).where(applicants.c.case_id.in_(case_ids))
            for row in self.connection.execute(query.order_by(applicants.c.case_id, applicants.c.position)).mappings():
                out.setdefault(row["case_id"], []).append(row)
        return out

    def cases_by_id(self, case_ids: list[int]) -> list[Row]:
        """(id, reference) of cases."""
        return list(
            self.connection.execute(sa.select(cases.c.id, cases.c.reference).where(cases.c.id.in_(case_ids))).mappings()
        )

    def next_in_review(self, after: int) -> str | None:
        """The reference of the next case that waits for a person, round from the start when there is none behind."""
        query = (
            sa.select(cases.c.reference)
            .where(cases.c.status == "review")
            .order_by((cases.c.id <= after), cases.c.id)
            .limit(1)
        )
        found: str | None = self.connection.scalar(query)
        return found

    def mails_by_week(self, since: dt.datetime) -> list[tuple[dt.datetime, str]]:
        query = sa.select(mails.c.received_at, mails.c.decision).where(
            mails.c.received_at >= since, mails.c.state == "done"
        )
        return [(at, decision or "ignore") for at, decision in self.connection.execute(query)]

    def due_since(self, when: dt.datetime) -> int:
        """Letters that should have gone out before then and still wait."""
        return int(
            self.connection.scalar(
                sa.select(sa.func.count())
                .select_from(outbox)
                .where(outbox.c.state == "pending", outbox.c.next_try < when)
            )
            or 0
        )

    def count_held(self) -> int:
        return int(
            self.connection.scalar(sa.select(sa.func.count()).select_from(outbox).where(outbox.c.state == "held")) or 0
        )

    def count_failed(self) -> int:
        return int(
            self.connection.scalar(sa.select(sa.func.count()).select_from(mails).where(mails.c.state == "failed")) or 0
        )

    def count_queued_people(self) -> int:
        query = sa.select(sa.func.count(sa.distinct(applicants.c.email))).where(
            applicants.c.outcome == "queue", applicants.c.batch_id.is_(None)
        )
        return int(self.connection.scalar(query) or 0)

    def letters_in(self, states: list[str], limit: int = 200) -> list[Row]:
        query = sa.select(outbox).where(outbox.c.state.in_(states)).order_by(outbox.c.id.desc()).limit(limit)
        return list(self.connection.execute(query).mappings())

    def mail(self, mail_id: int) -> Row | None:
        return self.connection.execute(sa.select(mails).where(mails.c.id == mail_id)).mappings().first()

    def mails_of(self, case_id: int) -> list[Row]:
        query = sa.select(mails).where(mails.c.case_id == case_id).order_by(mails.c.id)
        return list(self.connection.execute(query).mappings())

    # ------------------------------------------------------------ users and journal

    def user(self, name: str) -> Row | None:
        return self.connection.execute(sa.select(users).where(users.c.name == name)).mappings().first()

    def users(self) -> list[Row]:
        return list(
            self.connection.execute(
                sa.select(users.c.name, users.c.role, users.c.created_at).order_by(users.c.name)
            ).mappings()
        )

    def put_user(self, name: str, password: str, role: str, now: dt.datetime) -> None:
        """A new user, or a known one with a new password and role."""
        changed = self.connection.execute(
            sa.update(users).where(users.c.name == name).values(password=password, role=role)
        )
        if not changed.rowcount:
            self.connection.execute(
                sa.insert(users), {"name": name, "password": password, "role": role, "created_at": now}
            )

    def delete_user(self, name: str) -> bool:
        return self.connection.execute(sa.delete(users).where(users.c.name == name)).rowcount == 1

    def journal(self, now: dt.datetime, actor: str, action: str, detail: str = "") -> None:
        self.connection.execute(sa.insert(journal), {"at": now, "actor": actor, "action": action, "detail": detail})

    def journal_rows(self, limit: int = 100, before: int | None = None) -> list[Row]:
        """The newest lines; `before`: id to go on from."""
        query = sa.select(journal).order_by(journal.c.id.desc()).limit(limit)
        return list(self.connection.execute(query if before is None else query.where(journal.c.id < before)).mappings())

    def letters_by_state(self) -> dict[str, int]:
        """Letters by state."""
        return dict(self.connection.execute(sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)).all())

    def markers_like(self, start: str) -> dict[str, Any]:
        return dict(
            self.connection.execute(
                sa.select(markers.c.key, markers.c.value).where(markers.c.key.like(f"{start}%"))
            ).all()
        )


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
