"""A letter into the outbox, in the transaction that makes it due: limits, Message-ID, envelope, the case's check
code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import structlog

from processor.cases.parties import Answering
from processor.cases.reference import code, mark
from processor.cases.states import Decided, LetterState, Status
from processor.letters.compose import Letter
from processor.letters.wire import message
from processor.store import Transaction

log = structlog.get_logger()

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Office:
    """The desk as letters and limits know it. `own`: all its addresses, lower case; `sender`: what stands in From."""

    sender: str
    address: str
    own: frozenset[str]
    hold: bool = False
    acknowledge: bool = True
    most_per_address: int = 5
    most_per_case: int = 3

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Posting:
    """What a letter is posted for. `answering`: the mail that it answers, the case's newest of a party by default;
    `key`: what makes the Message-ID the same if the transaction has to be done again; `purpose`: the decision that it
    carries; `held`: it waits for a person whatever the configuration says."""

    case_id: int
    reference: str
    purpose: str
    key: str
    answering: Answering | None = None
    mail_id: int | None = None
    held: bool = False


def post(session: Transaction, office: Office, made: Letter, now: dt.datetime, about: Posting) -> str:
    """Puts the letter into the outbox and gives its Message-ID; "" when it is held back: nobody may get it, or nobody
    may get so many, and a person has to look."""
    parties = session.cases.parties(about.case_id)
    answering = about.answering or _newest(session, about.case_id, parties)
    to = answering.addressee(parties)
    if trouble := _trouble(session, office, to, about.case_id, now):
        log.warning("reply_held_back", mail=about.mail_id)
        note = f"Nem ment ki válasz: {trouble}."
        session.cases.update(about.case_id, now, status=Status.REVIEW, note=note)
        session.cases.note(about.case_id, now, "reply_held_back", trouble)
        return ""
    secret = session.marks.secret("reference-key")
    name = f"{about.case_id}.{about.key}"
    message_id = f"<beirato.{name}.{mark(secret, name)}@{office.domain}>"
    held = about.held or office.hold or session.cases.is_held(about.case_id)
    session.outbox.post(
        case_id=about.case_id,
        mail_id=about.mail_id,
        message_id=message_id,
        purpose=about.purpose,
        recipients=[to],
        first_recipient=to,
        # A letter that awaits an answer must hear of its bounce; the others go out with the null sender (RFC 3834
        # section 3.3).
        envelope_sender=office.address if made.awaits else "",
        raw=message(
            replace(made, subject=f"{made.subject} #{code(secret, about.reference)}"),
            sender=office.sender,
            recipients=[to],
            message_id=message_id,
            now=now,
            answers=answering,
            loop=office.address,
        ),
        state=LetterState.HELD if held else LetterState.PENDING,
        next_try=now,
        created_at=now,
    )
    if made.awaits and about.purpose == Decided.ASK:
        session.cases.update(about.case_id, now, asked_at=now, reminded_at=None)
    session.cases.link_messages((message_id, *answering.thread[-1:]), about.case_id)
    return message_id


def _newest(session: Transaction, case_id: int, parties: frozenset[str]) -> Answering:
    """The case's newest mail that may be answered: a stranger's in the thread is passed over."""
    kept = (Answering.from_json(one) for one in session.mails.answerable(case_id))
    return next((one for one in kept if one.addressee(parties)), Answering())


def _trouble(session: Transaction, office: Office, to: str, case_id: int, now: dt.datetime) -> str:
    """Why the letter may not go, in Hungarian; "" when it may."""
    if not to:
        return "nincs cím, amelyre válaszolni lehetne"
    to_address, in_case = session.outbox.since(now - _DAY, to, case_id)
    if to_address >= office.most_per_address:
        return "a címzett ma már elérte a napi válaszok felső határát"
    return "az ügyben ma már elértük a napi válaszok felső határát" if in_case >= office.most_per_case else ""
