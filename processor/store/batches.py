"""The queue, the batches made of it, their files, and their way back from Moodle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from processor.cases.states import Outcome

from . import statements
from .records import Records, parts
from .rows import BatchedRow, BatchRow, QueuedRow, QueuedSince
from .schema import accounts, applicants, batch_files, batches, cases

_LISTED = tuple(column for column in batches.c if column.name != "content")


class Batches(Records):
    def queued(self) -> list[QueuedRow]:
        """Everybody who waits for a batch, in the order in which their cases came."""
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
            .where(applicants.c.outcome == statements.inline(Outcome.QUEUE), applicants.c.batch_id.is_(None))
            .order_by(applicants.c.id)
        )
        return self._all(query)

    def new(self, **values: Any) -> int:
        return self._insert(batches, values)

    def put(self, applicant_ids: Sequence[int], batch_id: int) -> None:
        """Those applicants are in the batch."""
        for some in parts(applicant_ids):
            mine = sa.update(applicants).where(applicants.c.id.in_(list(some)))
            self.connection.execute(mine.values(batch_id=batch_id))

    def take_out(self, applicant_id: int) -> None:
        """An applicant whom Moodle did not take goes to an officer."""
        mine = sa.update(applicants).where(applicants.c.id == applicant_id)
        self.connection.execute(mine.values(batch_id=None, outcome=Outcome.REVIEW, queued_at=None))

    def all(self) -> list[BatchRow]:
        """The batches made, oldest first, without their content."""
        return self._all(sa.select(*_LISTED).order_by(batches.c.id))

    def get(self, name: str) -> BatchRow | None:
        found: BatchRow | None = self._first(sa.select(batches).where(batches.c.name == name))
        return found

    def applicants(self, batch_id: int) -> list[BatchedRow]:
        query = sa.select(applicants, cases.c.reference).join(cases, cases.c.id == applicants.c.case_id)
        return self._all(query.where(applicants.c.batch_id == batch_id).order_by(applicants.c.id))

    def confirm(self, batch_id: int, now: dt.datetime) -> None:
        self.connection.execute(sa.update(batches).where(batches.c.id == batch_id).values(confirmed_at=now))

    def keep_files(self, batch_id: int, files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            self.connection.execute(sa.insert(batch_files).values(batch_id=batch_id, name=name, data=data))

    def kept_files(self, batch_id: int) -> dict[str, bytes]:
        query = sa.select(batch_files.c.name, batch_files.c.data).where(batch_files.c.batch_id == batch_id)
        return {name: bytes(data) for name, data in self.connection.execute(query.order_by(batch_files.c.name))}

    def exported_addresses(self, addresses: Sequence[str]) -> frozenset[str]:
        """Those of the addresses that stood in a batch before."""
        found: set[str] = set()
        for some in parts(addresses):
            mine = (applicants.c.email.in_(list(some)), applicants.c.batch_id.is_not(None))
            found.update(a for a in self.connection.scalars(sa.select(applicants.c.email).where(*mine)) if a)
        return frozenset(found)

    def queued_since(self, since: dt.datetime) -> list[QueuedSince]:
        """Of everybody queued since then: row, new_programs, queued_at, case_created_at, batched_at."""
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
        queued = (applicants.c.outcome == Outcome.QUEUE, applicants.c.queued_at >= since)
        return self._all(sa.select(*columns).select_from(joined).where(*queued))
