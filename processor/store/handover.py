"""What the hand-over asks of the database: the queue, batches, their way back, figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import RowMapping as Row

from . import statements
from .schema import accounts, applicants, batch_files, batches, cases, history, mails


class HandOver:
    """The part of a transaction (`repository.Session`) that deals with batches."""

    connection: sa.Connection

    def queued(self) -> list[Row]:
        query = (
            sa.select(
                applicants,
                cases.c.reference,
                cases.c.request.label("case_request"),
                cases.c.created_at.label("case_created_at"),
                accounts.c.username,
                accounts.c.address.label("account"),
            )
            .join(cases, cases.c.id == applicants.c.case_id)
            .outerjoin(accounts, accounts.c.address == applicants.c.email)
            .where(applicants.c.outcome == statements.inline("queue"), applicants.c.batch_id.is_(None))
            .order_by(applicants.c.id)
        )
        return list(self.connection.execute(query).mappings())

    def put_in_batch(self, ids: Sequence[int], batch_id: int) -> None:
        for start in range(0, len(ids), 500):
            self.connection.execute(
                sa.update(applicants)
                .where(applicants.c.id.in_(list(ids[start : start + 500])))
                .values(batch_id=batch_id)
            )

    def exported_addresses(self, addresses: Sequence[str]) -> frozenset[str]:
        """Those of the addresses that stood in a batch before."""
        found: set[str] = set()
        for start in range(0, len(addresses), 500):
            query = sa.select(applicants.c.email).where(
                applicants.c.email.in_(list(addresses[start : start + 500])), applicants.c.batch_id.is_not(None)
            )
            found.update(a for a in self.connection.scalars(query) if a)
        return frozenset(found)

    def close_finished(self, case_ids: Sequence[int], now: dt.datetime) -> None:
        """Queued cases of which nobody waits for a batch any more are closed."""
        waiting = sa.exists().where(
            applicants.c.case_id == cases.c.id, applicants.c.outcome == "queue", applicants.c.batch_id.is_(None)
        )
        for start in range(0, len(case_ids), 500):
            some = list(case_ids[start : start + 500])
            self.connection.execute(
                sa.update(cases)
                .where(cases.c.id.in_(some), cases.c.status == "queued", ~waiting)
                .values(status="closed", updated_at=now)
            )

    def count_mails(self, since: dt.datetime) -> list[tuple[str, str, int]]:
        query = (
            sa.select(mails.c.kind, mails.c.decision, sa.func.count())
            .where(mails.c.received_at >= since, mails.c.state == "done")
            .group_by(mails.c.kind, mails.c.decision)
        )
        return [(kind or "", decision or "", count) for kind, decision, count in self.connection.execute(query)]

    def first_steps(self, since: dt.datetime) -> list[tuple[str, str]]:
        return [
            (action, detail)
            for action, detail in self.connection.execute(
                sa.select(history.c.action, history.c.detail).where(history.c.at >= since, history.c.action == "opened")
            )
        ]

    def queued_since(self, since: dt.datetime) -> list[Row]:
        columns = (
            applicants.c.row,
            applicants.c.new_programs,
            applicants.c.queued_at,
            cases.c.created_at.label("case_created_at"),
            batches.c.created_at.label("batched_at"),
        )
        joined = applicants.join(cases, cases.c.id == applicants.c.case_id).outerjoin(
            batches, batches.c.id == applicants.c.batch_id
        )
        query = (
            sa.select(*columns)
            .select_from(joined)
            .where(applicants.c.outcome == "queue", applicants.c.queued_at >= since)
        )
        return list(self.connection.execute(query).mappings())

    def new_batch(self, **values: Any) -> int:
        key = self.connection.execute(sa.insert(batches), dict(values)).inserted_primary_key
        return int(key[0])  # type: ignore[index]

    def batch_list(self) -> list[Row]:
        """The batches made, oldest first, without their content."""
        query = sa.select(
            batches.c.id, batches.c.name, batches.c.created_at, batches.c.rows, batches.c.files, batches.c.confirmed_at
        ).order_by(batches.c.id)
        return list(self.connection.execute(query).mappings())

    def batch(self, name: str) -> Row | None:
        return self.connection.execute(sa.select(batches).where(batches.c.name == name)).mappings().first()

    def confirm_batch(self, batch_id: int, now: dt.datetime) -> None:
        self.connection.execute(sa.update(batches).where(batches.c.id == batch_id).values(confirmed_at=now))

    def batch_applicants(self, batch_id: int) -> list[Row]:
        query = (
            sa.select(applicants, cases.c.reference)
            .join(cases, cases.c.id == applicants.c.case_id)
            .where(applicants.c.batch_id == batch_id)
        )
        return list(self.connection.execute(query.order_by(applicants.c.id)).mappings())

    def take_out_of_batch(self, applicant_id: int) -> None:
        self.connection.execute(
            sa.update(applicants)
            .where(applicants.c.id == applicant_id)
            .values(batch_id=None, outcome="review", queued_at=None)
        )

    def keep_files(self, batch_id: int, files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            self.connection.execute(sa.insert(batch_files).values(batch_id=batch_id, name=name, data=data))

    def kept_files(self, batch_id: int) -> dict[str, bytes]:
        query = (
            sa.select(batch_files.c.name, batch_files.c.data)
            .where(batch_files.c.batch_id == batch_id)
            .order_by(batch_files.c.name)
        )
        return {name: bytes(data) for name, data in self.connection.execute(query)}

    def set_outcome(self, applicant_id: int, outcome: str) -> None:
        self.connection.execute(
            sa.update(applicants).where(applicants.c.id == applicant_id).values(outcome=outcome, queued_at=None)
        )

    def unqueue(self, case_id: int) -> None:
        """Applicants of a case that a person closed do not go into a batch."""
        self.connection.execute(
            sa.update(applicants)
            .where(applicants.c.case_id == case_id, applicants.c.batch_id.is_(None), applicants.c.outcome == "queue")
            .values(outcome="dropped", queued_at=None)
        )
