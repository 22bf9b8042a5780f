"""Dry run of one mail: how it is understood and what would be answered. No state, no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from mailbox import mbox
from pathlib import Path
from typing import Any

from processor.cases.contract import request_json
from processor.cases.decision import Decision, decide
from processor.cases.parties import Answering
from processor.cases.place import alone
from processor.letters.compose import NO_REFERENCE, Letter, letter
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
    """(name, raw mail) of an .eml file, a folder of them, a Maildir or an mbox. FileNotFoundError when there is
    nothing."""
    if path.is_dir():
        if (path / "cur").is_dir() or (path / "new").is_dir():
            for file in sorted(
                f for part in ("new", "cur") if (path / part).is_dir() for f in (path / part).iterdir() if f.is_file()
            ):
                yield file.name, file.read_bytes()
            return
        files = sorted(path.rglob("*.eml"))
        if not files:
            raise FileNotFoundError(f"Nincs .eml fájl ebben a mappában: {path}")
        for file in files:
            yield file.name, file.read_bytes()
        return
    data = path.read_bytes()
    if not data.startswith(b"From ") or path.suffix.lower() == ".eml":
        yield path.name, data
        return
    box = mbox(path, create=False)
    try:
        for number, key in enumerate(box.keys(), start=1):
            yield f"{path.name}#{number}", box.get_bytes(key)
    finally:
        box.close()
