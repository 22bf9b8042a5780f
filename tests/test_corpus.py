"""Every mail of the project's own corpus is understood as its answer says; nobody is queued wrongly, nothing is
answered wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.accuracy import CORPUS, answered, queued_wrongly, wrong

MAILS = sorted(CORPUS.rglob("*.eml"))
# Mails of which something stays open (POLICY section 5, reading.open): an officer looks. The list may only shrink.
HELD = frozenset((CORPUS.parent / "held.txt").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("mail", MAILS, ids=lambda p: p.stem)
def test_a_mail_is_wholly_right_or_waits_for_an_officer(mail: Path):
    """Kind, decision, problems, and every field of every applicant; or a person looks, nobody is queued, and nothing
    is written."""
    right, got = answered(mail)
    if mail.stem not in HELD:
        assert wrong(right, got) == []
        return
    assert wrong(right, got), "it comes right now: take it off held.txt"
    assert (got["decision"], got["reply"]) == ("review", None)


@pytest.mark.parametrize("mail", MAILS, ids=lambda p: p.stem)
def test_nobody_is_queued_wrongly_and_nothing_is_answered_wrongly(mail: Path):
    """No exceptions are allowed here."""
    right, got = answered(mail)
    assert queued_wrongly(right, got) == []
    assert not (right["decision"] in {"review", "ignore"} and got["reply"])


def test_the_corpus_is_there():
    """At least 120 mails, of every kind."""
    assert len(MAILS) >= 120
    assert {mail.parent.name for mail in MAILS} == {
        "registration",
        "password_help",
        "access_help",
        "automatic",
        "acknowledgement",
        "other",
    }
