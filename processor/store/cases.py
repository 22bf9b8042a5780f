"""Cases: what was asked for, by whom, how it stands, who belongs to it and what happened to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from processor.cases.states import Outcome, Status
from rules.hungarian.words import fold

from . import requests, statements
from .marks import Marks
from .records import Records, parts
from .rows import ApplicantRow, CaseRow, FoundCase, StepRow
from .schema import applicants, cases, history, mails, parties, threads

PROGRAM = "program"  # the actor of what nobody did by hand
_DIGITS = 4  # of a piece of a reference that is searched for
_MOST_WORDS = 8  # of a search
_MOST_ASKED = 500  # cases reminded in one round
_LONGEST_ADDRESS = 320  # characters (RFC 3696 errata 1690)
# Who wrote, for cases that are nobody's registration.
_SENDER = sa.func.coalesce(
    sa.func.nullif(cases.c.request["sender"]["name"].as_string(), ""),
    cases.c.request["sender"]["address"].as_string(),
    "",
).label("sender")
_LISTED = (
    cases.c.id,
    cases.c.reference,
    cases.c.status,
    cases.c.kind,
    cases.c.note,
    cases.c.created_at,
    cases.c.updated_at,
    _SENDER,
)


class Cases(Records):
    def new(self, now: dt.datetime, **values: Any) -> tuple[int, str]:
        """(id, reference) of a case that is opened."""
        number = Marks(self.connection).next_number(f"case-{now.year}")
        reference = f"ASPO-{now.year}-{number:06d}"
        search = requests.search_text(values.get("request") or {})
        made = {"reference": reference, "created_at": now, "updated_at": now, "note": "", "search": search, **values}
        return self._insert(cases, made), reference

    def update(self, case_id: int, now: dt.datetime, **values: Any) -> None:
        if "request" in values:
            values["search"] = requests.search_text(values["request"])
        self.connection.execute(statements.SET_CASE, {"case": case_id, "updated_at": now, **values})

    def get(self, *, case_id: int | None = None, reference: str | None = None) -> CaseRow | None:
        condition = cases.c.id == case_id if case_id is not None else cases.c.reference == reference
        found: CaseRow | None = self._first(sa.select(cases).where(condition))
        return found

    def is_held(self, case_id: int) -> bool:
        """Whether the case's letters wait for a person."""
        return bool(self.connection.scalar(statements.IS_HELD, {"case": case_id}))

    def all(self, status: str | None = None, limit: int = 100_000) -> list[CaseRow]:
        query = sa.select(cases).order_by(cases.c.id).limit(limit)
        return self._all(query.where(cases.c.status == status) if status else query)

    def find(
        self,
        text: str = "",
        status: str = "",
        before: int | None = None,
        limit: int = 50,
        oldest: bool = False,
        kind: str = "",
    ) -> list[FoundCase]:
        """Cases, newest first (or oldest), whose people, places, numbers or reference hold every word of `text`;
        `before`: id to go on from."""
        query = sa.select(*_LISTED).order_by(cases.c.id if oldest else cases.c.id.desc()).limit(limit)
        if status:
            query = query.where(cases.c.status == status)
        if kind:
            query = query.where(cases.c.kind == kind)
        if before is not None:
            query = query.where(cases.c.id > before if oldest else cases.c.id < before)
        return self._all(query.where(*map(_holds, fold(text).split()[:_MOST_WORDS])))

    def references(self, case_ids: Sequence[int]) -> dict[int, str]:
        """Reference by id."""
        query = sa.select(cases.c.id, cases.c.reference).where(cases.c.id.in_(list(case_ids)))
        return dict(self.connection.execute(query).all())

    def next_in_review(self, after: int) -> str | None:
        """The reference of the next case that waits for a person, round from the start when there is none behind."""
        query = sa.select(cases.c.reference).where(cases.c.status == Status.REVIEW)
        found: str | None = self.connection.scalar(query.order_by((cases.c.id <= after), cases.c.id).limit(1))
        return found

    def asked_before(self, when: dt.datetime, limit: int = _MOST_ASKED) -> list[CaseRow]:
        """Waiting cases that were asked for something before then, oldest first."""
        waiting = (cases.c.status == statements.inline(Status.WAITING), cases.c.asked_at < when)
        return self._all(sa.select(cases).where(*waiting).order_by(cases.c.asked_at).limit(limit))

    def close_finished(self, case_ids: Sequence[int], now: dt.datetime) -> None:
        """Queued cases of which nobody waits for a batch any more are closed."""
        queued = (applicants.c.outcome == Outcome.QUEUE, applicants.c.batch_id.is_(None))
        waiting = sa.exists().where(applicants.c.case_id == cases.c.id, *queued)
        for some in parts(case_ids):
            mine = (cases.c.id.in_(list(some)), cases.c.status == Status.QUEUED, ~waiting)
            self.connection.execute(sa.update(cases).where(*mine).values(status=Status.CLOSED, updated_at=now))

    def count_by_status(self) -> dict[str, int]:
        query = sa.select(cases.c.status, sa.func.count()).group_by(cases.c.status)
        return dict(self.connection.execute(query).all())

    def count(self) -> int:
        return self._count(cases)

    # ------------------------------------------------------------ who and which mails belong to it

    def of_messages(self, message_ids: Sequence[str]) -> int | None:
        """The case that one of these Message-IDs belongs to, the last one named first."""
        if not message_ids:
            return None
        query = sa.select(threads.c.message_id, threads.c.case_id).where(threads.c.message_id.in_(list(message_ids)))
        found = dict(self.connection.execute(query).all())
        return next((found[mid] for mid in reversed(list(message_ids)) if mid in found), None)

    def link_messages(self, message_ids: Iterable[str], case_id: int) -> None:
        rows = [{"message_id": message_id, "case_id": case_id} for message_id in message_ids if message_id]
        self._upsert(threads, rows, ["message_id"], update=False)

    def parties(self, case_id: int) -> frozenset[str]:
        return frozenset(self.connection.scalars(sa.select(parties.c.address).where(parties.c.case_id == case_id)))

    def add_parties(self, case_id: int, addresses: Iterable[str]) -> None:
        rows = [{"case_id": case_id, "address": a[:_LONGEST_ADDRESS]} for a in dict.fromkeys(addresses) if a]
        self._upsert(parties, rows, ["case_id", "address"], update=False)

    def waiting_of(self, address: str) -> list[int]:
        """Cases waiting for an answer to which this address belongs, among the newest of its cases."""
        mine = list(self.connection.scalars(statements.CASES_OF_ADDRESS, {"address": address}))
        return list(self.connection.scalars(statements.WAITING_AMONG, {"ids": mine})) if mine else []

    def relink(self, case_id: int, target: int) -> None:
        """Mails, threads and parties of a case become another's."""
        self.add_parties(target, self.parties(case_id))
        self.connection.execute(sa.update(mails).where(mails.c.case_id == case_id).values(case_id=target))
        self.connection.execute(sa.update(threads).where(threads.c.case_id == case_id).values(case_id=target))

    # ------------------------------------------------------------ applicants

    def applicants(self, case_id: int) -> list[ApplicantRow]:
        query = sa.select(applicants).where(applicants.c.case_id == case_id)
        return self._all(query.order_by(applicants.c.position))

    def add_applicants(self, case_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self.connection.execute(sa.insert(applicants), [{"case_id": case_id, **row} for row in rows])

    def replace_applicants(self, case_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """The case's applicants as they now stand; those already in a batch stay untouched."""
        mine = (applicants.c.case_id == case_id, applicants.c.batch_id.is_(None))
        self.connection.execute(sa.delete(applicants).where(*mine))
        self.add_applicants(case_id, rows)

    def set_outcome(self, applicant_id: int, outcome: Outcome) -> None:
        """Of somebody who does not go into the next batch after all."""
        mine = sa.update(applicants).where(applicants.c.id == applicant_id)
        self.connection.execute(mine.values(outcome=outcome, queued_at=None))

    def unqueue(self, case_id: int) -> None:
        """Applicants of a case that a person closed do not go into a batch."""
        queued = (applicants.c.batch_id.is_(None), applicants.c.outcome == Outcome.QUEUE)
        mine = sa.update(applicants).where(applicants.c.case_id == case_id, *queued)
        self.connection.execute(mine.values(outcome=Outcome.DROPPED, queued_at=None))

    def people_of(self, case_ids: Sequence[int]) -> dict[int, list[ApplicantRow]]:
        """Applicants by case."""
        out: dict[int, list[ApplicantRow]] = {}
        if case_ids:
            query = sa.select(applicants).where(applicants.c.case_id.in_(list(case_ids)))
            for row in self._all(query.order_by(applicants.c.case_id, applicants.c.position)):
                out.setdefault(row["case_id"], []).append(row)
        return out

    def count_queued_people(self) -> int:
        query = sa.select(sa.func.count(sa.distinct(applicants.c.email)))
        queued = (applicants.c.outcome == Outcome.QUEUE, applicants.c.batch_id.is_(None))
        return int(self.connection.scalar(query.where(*queued)) or 0)

    # ------------------------------------------------------------ history

    def note(
        self,
        case_id: int,
        now: dt.datetime,
        action: str,
        detail: str = "",
        actor: str = PROGRAM,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """A step of the case's history. `data`: what was decided, in the contract's words; `detail`: what people
        said."""
        step = {"case_id": case_id, "at": now, "actor": actor, "action": action, "detail": detail, "data": data}
        self._insert(history, step)

    def history(self, case_id: int) -> list[StepRow]:
        return self._all(sa.select(history).where(history.c.case_id == case_id).order_by(history.c.id))

    def opened_since(self, since: dt.datetime) -> list[dict[str, Any]]:
        """What was decided of each case as it was opened: {"decision", "kind", "codes"}."""
        query = sa.select(history.c.data).where(history.c.at >= since, history.c.action == "opened")
        return [data for data in self.connection.scalars(query) if data]


def _holds(word: str) -> sa.ColumnElement[bool]:
    """Whether a case is found by the folded word."""
    found = cases.c.search.like(f"%{_escaped(word)}%", escape="!")
    if sum(map(str.isdigit, word)) < _DIGITS:
        return found
    return sa.or_(found, cases.c.reference.like(f"%{_escaped(word.upper())}%", escape="!"))


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
