"""Findings to outcomes, outcomes to the decision (POLICY section 5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from processor.cases.decision import decide
from rules.model import Applicant, Finding, Open, Request

OPEN = (Open("harmadik@falu.hu", "levéltörzs, 3. sor", "kié"),)
ONE, TWO = Request((Applicant(),)), Request((Applicant(), Applicant()))


@pytest.mark.parametrize(
    ("kind", "request_", "decision"),
    [
        ("password_help", Request(), "answer"),
        ("access_help", Request(), "answer"),
        ("acknowledgement", Request(), "ignore"),
        ("automatic", Request(), "ignore"),
        ("other", Request(), "review"),
        ("password_help", Request(open=OPEN), "review"),
        ("acknowledgement", Request(open=OPEN), "review"),
        ("access_help", Request(doubt="két feladó"), "review"),
        ("acknowledgement", Request(doubt="két feladó"), "ignore"),
    ],
)
def test_a_mail_that_asks_for_nobody(kind, request_, decision):
    """Help is sent and thanks are passed over only when nothing in the mail may say otherwise."""
    assert decide(kind, request_, ()).decision == decision


@pytest.mark.parametrize(
    ("request_", "codes", "outcomes", "decision"),
    [
        (ONE, [], ("queue",), "queue"),
        (ONE, [(0, "account.known")], ("known",), "answer"),
        (ONE, [(0, "pir.missing")], ("ask",), "ask"),
        (ONE, [(0, "pir.missing"), (0, "pir.conflict")], ("review",), "review"),
        (ONE, [(0, "account.known"), (0, "pir.invalid")], ("ask",), "ask"),
        (ONE, [(None, "clerk.missing")], ("ask",), "ask"),
        (TWO, [(None, "clerk.missing"), (1, "email.other_person")], ("ask", "review"), "ask"),
        (TWO, [(0, "pir.missing"), (1, "account.known")], ("ask", "known"), "ask"),
        (TWO, [(0, "reading.open"), (1, "reading.open")], ("review", "review"), "review"),
        (TWO, [(0, "sender.unconfirmed")], ("review", "queue"), "review"),
        (TWO, [(0, "account.known")], ("known", "queue"), "queue"),
    ],
)
def test_outcomes_and_decision(request_, codes, outcomes, decision):
    """A person's before asking, asking before the queue; the mail asks when anybody is asked about."""
    decided = decide("registration", request_, tuple(Finding(code, number) for number, code in codes))
    assert (decided.outcomes, decided.decision) == (outcomes, decision)


def test_what_an_officer_settled():
    """Somebody dropped is judged no more; the clerk's want is lifted for whom an officer approved, and no other."""
    missing = (Finding("clerk.missing"),)
    approved = replace(Applicant(), lifted=("clerk.missing",))
    request = Request((approved, Applicant(), replace(Applicant(), dropped=True)))
    assert decide("completion", request, missing).outcomes == ("queue", "ask", "dropped")
