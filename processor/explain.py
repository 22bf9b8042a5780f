"""Dry run of one mail: how it is understood and what would be answered. No state, no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processor.cases.contract import request_json
from processor.cases.decision import Decision, decide
from processor.cases.parties import Answering
from processor.cases.place import alone
from processor.letters.compose import NO_REFERENCE, Letter, letter
from processor.mailbox.saved import opened
from processor.reading import Mail, read
from processor.understanding import Understood
from processor.understanding.automatic import why
from rules import check
from rules.model import Facts, Kind, Request

OUR_ADDRESSES = frozenset({"aspoktatas@allamkincstar.gov.hu"})  # where no configuration says otherwise


@dataclass(frozen=True, slots=True)
class Explained:
    """A mail, what was understood of it, what was decided, and the letter that would go to `to`."""

    name: str
    mail: Mail
    understood: Understood
    decision: Decision
    letter: Letter | None
    to: str

    def to_json(self) -> dict[str, Any]:
        """One mail as CONTRACT.md gives it."""
        reply = (
            {"to": [self.to], "subject": self.letter.subject, "text": self.letter.text}
            if self.letter and self.to
            else None
        )
        body = request_json(self.understood.kind, self.understood.request, self.decision, Facts())
        return {"file": self.name, "message_id": self.mail.message_id, **body, "reply": reply}


def explain(raw: bytes, name: str, own: frozenset[str] = OUR_ADDRESSES) -> Explained:
    """One raw mail, judged by itself: without cases, accounts and register."""
    mail = read(raw, own)
    reason = why(mail, own)
    understood = Understood(Kind.AUTOMATIC, Request(sender=mail.sender), reason) if reason else alone(mail, own)
    decision = decide(understood.kind, understood.request, check(understood.request, Facts()))
    made = letter(understood.kind, understood.request, decision, NO_REFERENCE, Facts())
    return Explained(name, mail, understood, decision, made, next(iter(Answering.of(mail, own).to), ""))


def mails_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, raw mail) of an .eml file, a folder of them, a Maildir or an mbox. FileNotFoundError: there is nothing."""
    with opened(path) as mails:
        yield from ((Path(one.name).name, one.take(-1)) for one in mails)
