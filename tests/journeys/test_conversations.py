"""Cases that live: each file of tests/conversations is a first mail and the municipality's answers to our actual
letters, on Dovecot and SMTP.

What is compared after every round is the whole case (POLICY sections 1 and 6).
"""

from __future__ import annotations

import io
import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.accuracy import wrong
from tests.desk import Desk
from tests.letters import mail

FOLDER = Path(__file__).parent.parent / "conversations"
CASES = sorted(FOLDER.glob("*.json"))


def _quoted(letter: EmailMessage, client: str) -> str:
    """Our letter as the mail program quotes it."""
    body = letter.get_body(("plain",))
    text = (body.get_content() if body else "").strip()
    if client in {"outlook", "owa"}:
        return (
            f"________________________________\nFeladó: {letter['From']}\nElküldve: 2026. november 3. 9:05\n"
            f"Címzett: {letter['To']}\nTárgy: {letter['Subject']}\n\n{text}"
        )
    sender = str(letter["From"])
    heads = {
        "gmail": f"{sender} ezt írta (időpont: 2026. nov. 3., K, 9:05):",
        "thunderbird": f"2026. 11. 03. 9:05 keltezéssel, {sender} írta:",
    }
    head = heads.get(client, f"2026. 11. 3. dátummal, 9:05 időpontban {sender} írta:")
    return f"{head}\n\n" + "\n".join(f"> {line}" for line in text.splitlines())


def _xlsx(rows: list[list[str]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _answer(step: dict[str, Any], letter: EmailMessage, number: int) -> bytes:
    how = step.get("quote", "top")
    quote = _quoted(letter, step.get("client", "plain")) if how != "none" else ""
    body = f"{quote}\n\n{step['body']}" if how == "bottom" else f"{step['body']}\n\n{quote}" if quote else step["body"]
    return mail(
        body,
        sender=step["from"],
        subject=step.get("subject") or f"RE: {letter['Subject']}",
        message_id=f"<valasz-{number}@pelda.hu>",
        cc=", ".join(step.get("cc", [])),
        answers="" if step.get("loses_headers") else str(letter["Message-ID"]),
        headers=step.get("headers"),
        files=tuple((a["name"], _xlsx(a["rows"])) for a in step.get("attachments", [])),
    )


def _last(desk: Desk) -> dict[str, Any]:
    """The newest mail's kind and decision with the case that it belongs to as it now stands."""
    with desk.parts.store.begin() as session:
        row = session.mails.ledger()[-1]
        assert row["state"] == "done"
        case = session.cases.get(case_id=row["case_id"]) if row["case_id"] else None
        people = [a["row"] for a in session.cases.applicants(row["case_id"])] if row["case_id"] else []
    return {
        "kind": row["kind"],
        "decision": row["decision"],
        "problems": case["problems"] if case else [],
        "applicants": people,
    }


# Conversations in a round of which something stays open: an officer looks. The list may only shrink.
HELD = frozenset((FOLDER.parent / "held_conversations.txt").read_text(encoding="utf-8").split())


def _right(expected: dict[str, Any], got: dict[str, Any]) -> bool:
    """Whether it is right; a round that is held must wait for an officer and queue nobody of whom something is open."""
    if wrong(expected, got):
        assert got["decision"] == "review", wrong(expected, got)
        assert not any(a["outcome"] == "queue" for a in got["applicants"])
        return False
    return True


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_conversation(path: Path, desk: Desk):
    """Right after every round, or in an officer's hands."""
    case = json.loads(path.read_text(encoding="utf-8"))
    desk.round(path.with_suffix(".eml").read_bytes())
    right = _right(case["expect"], _last(desk))
    for number, step in enumerate(case["then"], start=1):
        if not right or not desk.sink.letters:
            break
        desk.clock.forward(hours=3)
        desk.round(_answer(step, desk.sink.letters[-1], number))
        right = _right(step["expect"], _last(desk))
    assert right == (path.stem not in HELD), "held, or right now: see held_conversations.txt"


def test_there_are_enough():
    """At least thirty of the project's own."""
    assert len(CASES) >= 30
