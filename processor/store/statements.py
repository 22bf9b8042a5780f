"""Statements that run for every mail, built once: building one costs several times as much as running it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import bindparam

from processor.cases.states import LetterState, MailState, Outcome, Status

from .schema import applicants, cases, mails, outbox, parties

_COUNTED = (LetterState.PENDING, LetterState.HELD, LetterState.SENT)  # replies that limits count
NEWEST = 200  # of an address's cases looked at; a clerk may be in copy in many


def inline(value: str) -> sa.ColumnElement[str]:
    """A constant written into the statement: a partial index serves only a query that names its value."""
    return sa.literal_column(f"'{value}'", sa.String)


RAW_MAIL = sa.select(mails.c.raw).where(mails.c.id == bindparam("id"))

FINISH_MAIL = sa.update(mails).where(mails.c.id == bindparam("mail"))  # sets what its parameters name

DEALT_WITH_BEFORE = (
    sa.select(mails.c.id, mails.c.folder, mails.c.kind, mails.c.decision, mails.c.case_id)
    .where(
        mails.c.message_id == bindparam("message_id"),
        mails.c.digest == bindparam("digest"),
        mails.c.id < bindparam("id"),
        mails.c.state.in_([inline(MailState.DONE), inline(MailState.DUPLICATE)]),
    )
    .limit(sa.literal_column("1"))
)

# Two steps: with the status in the same query a planner without statistics may walk all waiting cases instead.
CASES_OF_ADDRESS = (
    sa.select(parties.c.case_id)
    .where(parties.c.address == bindparam("address"))
    .order_by(parties.c.case_id.desc())
    .limit(sa.literal_column(str(NEWEST)))
)
WAITING_AMONG = (
    sa.select(cases.c.id)
    .where(cases.c.id.in_(bindparam("ids", expanding=True)), cases.c.status == inline(Status.WAITING))
    .order_by(cases.c.id)
)

QUEUED_BY_ADDRESS = sa.select(applicants.c.email, applicants.c.name, applicants.c.row).where(
    applicants.c.email.in_(bindparam("addresses", expanding=True)),
    applicants.c.outcome == inline(Outcome.QUEUE),
    applicants.c.case_id != bindparam("except_case"),
)


def _replies(condition: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    counted = outbox.c.state.in_([inline(state) for state in _COUNTED])
    return (
        sa.select(sa.func.count())
        .select_from(outbox)
        .where(counted, outbox.c.created_at >= bindparam("since"), condition)
        .scalar_subquery()
    )


LETTERS_SINCE = sa.select(
    _replies(outbox.c.first_recipient == bindparam("address")), _replies(outbox.c.case_id == bindparam("case"))
)

DUE = (
    sa.select(outbox)
    .where(outbox.c.state == inline(LetterState.PENDING), outbox.c.next_try <= bindparam("now"))
    .order_by(outbox.c.next_try, outbox.c.id)
    .limit(bindparam("most"))
)

SET_LETTER = sa.update(outbox).where(outbox.c.id == bindparam("letter"))  # sets what its parameters name

SET_CASE = sa.update(cases).where(cases.c.id == bindparam("case"))  # sets what its parameters name
IS_HELD = sa.select(cases.c.held).where(cases.c.id == bindparam("case"))
