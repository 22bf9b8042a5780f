"""The states of what the store keeps, each a word that stands in the database and in CONTRACT.md's JSON."""

from __future__ import annotations

from enum import StrEnum

from rules.model import Kind

REQUESTS = frozenset({Kind.REGISTRATION, Kind.COMPLETION})  # that have applicants
HELP = frozenset({Kind.PASSWORD_HELP, Kind.ACCESS_HELP})  # that a ready letter answers
SILENT = frozenset({Kind.AUTOMATIC, Kind.ACKNOWLEDGEMENT})  # that nobody answers


class Decided(StrEnum):
    """What is decided of a mail, or of a case as it stands (POLICY section 5)."""

    QUEUE = "queue"
    ASK = "ask"
    ANSWER = "answer"
    REVIEW = "review"
    IGNORE = "ignore"


class Outcome(StrEnum):
    """What becomes of one applicant (POLICY section 5); `DROPPED`: an officer took the applicant out."""

    QUEUE = "queue"
    ASK = "ask"
    REVIEW = "review"
    KNOWN = "known"
    DROPPED = "dropped"


class Status(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"  # for the municipality's answer
    REVIEW = "review"  # for an officer
    QUEUED = "queued"  # for the next batch
    ANSWERED = "answered"
    CLOSED = "closed"


# The case's status that follows from what was decided.
STATUS_OF = {
    Decided.ASK: Status.WAITING,
    Decided.REVIEW: Status.REVIEW,
    Decided.QUEUE: Status.QUEUED,
    Decided.ANSWER: Status.ANSWERED,
}
OPEN = (Status.WAITING, Status.REVIEW, Status.QUEUED)  # something is still to be done


class MailState(StrEnum):
    """How far the ledger is with a mail."""

    NEW = "new"
    DONE = "done"
    FAILED = "failed"  # put aside; an officer or operator tries it again
    DUPLICATE = "duplicate"


class LetterState(StrEnum):
    """How far the outbox is with a letter."""

    PENDING = "pending"
    HELD = "held"  # waits for an officer's approval
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


WAITING_TO_GO = (LetterState.PENDING, LetterState.HELD)
GONE = (LetterState.SENT, LetterState.FAILED, LetterState.WITHDRAWN)
