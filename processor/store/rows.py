"""What the store gives back: one shape a table, as columns are named in `schema`. Times are UTC with their zone."""

from __future__ import annotations

import datetime as dt
from typing import Any, NotRequired, TypedDict

Json = dict[str, Any]


class MailRow(TypedDict):
    """A mail of the ledger. `raw` only where the query asks for it."""

    id: int
    mailbox: str
    uidvalidity: int
    uid: int
    message_id: str
    digest: str
    raw: NotRequired[bytes | None]
    received_at: dt.datetime
    state: str
    kind: str | None
    decision: str | None
    case_id: int | None
    folder: str | None
    moved: bool
    trouble: str | None


class CaseRow(TypedDict):
    """A case; `request`: rules.model.Request as JSON (`requests.load`)."""

    id: int
    reference: str
    status: str
    kind: str
    decision: str
    problems: list[str]
    request: Json
    note: str
    created_at: dt.datetime
    updated_at: dt.datetime
    asked_at: dt.datetime | None
    reminded_at: dt.datetime | None
    silent: bool
    held: bool
    search: str


class FoundCase(TypedDict):
    """A case in a list. `sender`: who wrote, for cases that are nobody's registration."""

    id: int
    reference: str
    status: str
    kind: str
    note: str
    created_at: dt.datetime
    updated_at: dt.datetime
    sender: str


class ApplicantRow(TypedDict):
    """An applicant of a case; `row`: as CONTRACT.md gives it; `position` counts from 0."""

    id: int
    case_id: int
    position: int
    name: str | None
    email: str | None
    outcome: str
    row: Json
    new_programs: list[str]
    queued_at: dt.datetime | None
    batch_id: int | None


class QueuedRow(ApplicantRow):
    """An applicant who waits for a batch, with what the batch needs of the case and of an account that exists."""

    reference: str
    case_request: Json
    case_created_at: dt.datetime
    username: str | None
    account: str | None


class QueuedSince(TypedDict):
    """What is counted of an applicant who was queued. `batched_at`: None while no batch was made."""

    row: Json
    new_programs: list[str]
    queued_at: dt.datetime
    case_created_at: dt.datetime
    batched_at: dt.datetime | None


class BatchedRow(ApplicantRow):
    """An applicant of a batch."""

    reference: str


class LetterRow(TypedDict):
    """A letter of the outbox."""

    id: int
    case_id: int | None
    mail_id: int | None
    message_id: str
    purpose: str
    recipients: list[str]
    first_recipient: str
    envelope_sender: str
    raw: bytes
    state: str
    attempts: int
    next_try: dt.datetime
    created_at: dt.datetime
    sent_at: dt.datetime | None
    trouble: str | None
    drafted: bool


class BatchRow(TypedDict):
    """A batch that was made. `content` only where the query asks for it."""

    id: int
    name: str
    created_at: dt.datetime
    rows: int
    content: NotRequired[Json]
    files: list[Json]
    confirmed_at: dt.datetime | None


class StepRow(TypedDict):
    """A step of a case's history. `data`: what the program decided, as words of the contract; `detail`: what a person
    said."""

    id: int
    case_id: int
    at: dt.datetime
    actor: str
    action: str
    detail: str
    data: Json | None


class UserRow(TypedDict):
    name: str
    password: str
    role: str
    created_at: dt.datetime


class JournalRow(TypedDict):
    id: int
    at: dt.datetime
    actor: str
    action: str
    detail: str
