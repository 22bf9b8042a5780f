"""A letter into the outbox, in the transaction that makes it due: limits, Message-ID, envelope, case's check code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import structlog

from processor.cases.place import code, is_party
from processor.letters.compose import Letter, addressee, message
from processor.reading import Mail, read
from processor.store.repository import Session

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


def to_answer(session: Session, office: Office, case_id: int) -> Mail:
    """The case's newest mail that may be answered: a stranger's in the thread is passed over."""
    parties = session.party_addresses(case_id)
    mails = [read(raw, office.own) for raw in session.last_mails(case_id)]
    answerable = (mail for mail in mails if addressee(mail, office.own, lambda address: is_party(address, parties)))
    return next(answerable, mails[0] if mails else Mail())


def post(
    session: Session,
    office: Office,
    made: Letter,
    now: dt.datetime,
    *,
    case_id: int,
    reference: str,
    mail: Mail,
    purpose: str,
    key: str,
    mail_id: int | None = None,
    held: bool = False,
) -> str:
    """Puts the letter into the outbox and gives its Message-ID; "" when it is held back because nobody may get so
    many, and a person has to look.

    `mail`: what it answers; `key`: what makes the Message-ID the same if the transaction has to be done again;
    `purpose`: the decision that it carries;
    `held`: it waits for a person whatever the configuration says.
    """
    parties = session.party_addresses(case_id)
    to = addressee(mail, office.own, lambda address: is_party(address, parties))
    trouble = "" if to else "nincs cím, amelyre válaszolni lehetne"
    if to is not None:
        to_address, in_case = session.letters_since(now - _DAY, to.address, case_id)
        if to_address >= office.most_per_address:
            trouble = "a címzett ma már elérte a napi válaszok felső határát"
        elif in_case >= office.most_per_case:
            trouble = "az ügyben ma már elértük a napi válaszok felső határát"
    if to is None or trouble:
        log.warning("reply_held_back", mail=mail_id)
        session.update_case(case_id, now, status="review", note=f"Nem ment ki válasz: {trouble}.")
        session.note(case_id, now, "reply_held_back", trouble)
        return ""
    message_id = f"<beirato.{case_id}.{key}@{office.domain}>"
    made = replace(made, subject=f"{made.subject} #{code(session.secret('reference-key'), reference)}")
    raw = message(
        made,
        sender=office.sender,
        recipients=[to.address],
        message_id=message_id,
        now=now,
        answers=mail,
        loop=office.address,
    )
    session.post(
        case_id=case_id,
        mail_id=mail_id,
        message_id=message_id,
        purpose=purpose,
        recipients=[to.address],
        first_recipient=to.address,
        # A letter that awaits an answer must hear of its bounce; the others go out with the null sender (RFC 3834
        # section 3.3).
        envelope_sender=office.address if made.awaits else "",
        raw=raw,
        state="held" if held or office.hold or session.is_held(case_id) else "pending",
        next_try=now,
        created_at=now,
    )
    if made.awaits and purpose == "ask":
        session.update_case(case_id, now, asked_at=now, reminded_at=None)
    session.link_messages((message_id, mail.message_id), case_id)
    return message_id
