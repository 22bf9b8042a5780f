"""Every mail of the project's own corpus is understood as its answer says; nobody is queued wrongly, nothing is
answered wrongly, and what is shown as evidence is what the mail says."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from processor.explain import Explained, explain
from tests import evidence
from tests.accuracy import CORPUS, Answer, queued_wrongly, same_place, wrong

MAILS = sorted(CORPUS.rglob("*.eml"))
# Mails of which something stays open (POLICY section 5, reading.open): an officer looks. It grows by a new draw only.
HELD = frozenset((CORPUS.parent / "held.txt").read_text(encoding="utf-8").split())
# Mails of which the evidence is not wholly right, each with the reason. It grows by a new draw only.
POINTS_ELSEWHERE = frozenset(
    line.split()[0]
    for line in (CORPUS.parent / "evidence.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)


@dataclass(frozen=True)
class Read:
    """A mail of the corpus: its name, the right answer, what was understood, our answer."""

    name: str
    right: Answer
    one: Explained
    got: Answer


@pytest.fixture(scope="module", params=MAILS, ids=lambda path: path.stem)
def mail(request: pytest.FixtureRequest) -> Read:
    """Read once for all the tests below."""
    path: Path = request.param
    one = explain(path.read_bytes(), path.name)
    return Read(path.stem, json.loads(path.with_suffix(".json").read_text(encoding="utf-8")), one, one.to_json())


def test_a_mail_is_wholly_right_or_waits_for_an_officer(mail: Read):
    """Kind, decision, problems, and every field of every applicant; or a person looks, nobody is queued, and nothing
    is written."""
    if mail.name not in HELD:
        assert wrong(mail.right, mail.got) == []
        return
    assert wrong(mail.right, mail.got), "it comes right now: take it off held.txt"
    assert (mail.got["decision"], mail.got["reply"]) == ("review", None)


def test_nobody_is_queued_wrongly_and_nothing_is_answered_wrongly(mail: Read):
    """No exceptions are allowed here."""
    assert queued_wrongly(mail.right, mail.got) == []
    assert not (mail.right["decision"] in {"review", "ignore"} and mail.got["reply"])


def test_the_evidence_of_every_value_holds_it(mail: Read):
    """Place, line and text are the mail's own, and the value as it was written stands there."""
    if mail.name not in POINTS_ELSEWHERE:
        assert evidence.wrong(mail.one) == []
        return
    assert evidence.wrong(mail.one), "it points right now: take it off evidence.txt"


def test_the_corpus_is_there():
    """At least 120 mails, of every kind, and the lists of exceptions name mails of it."""
    assert len(MAILS) >= 120
    assert {path.parent.name for path in MAILS} == {
        "registration",
        "password_help",
        "access_help",
        "automatic",
        "acknowledgement",
        "other",
    }
    assert {path.stem for path in MAILS} >= HELD | POINTS_ELSEWHERE


@pytest.mark.parametrize(
    ("right", "got", "same"),
    [
        ("Kömörő Község Önkormányzata", "Komoró Község Önkormányzata", False),
        ("Kömörő Község Önkormányzata", "KOMORO KOZSEG ONKORMANYZATA", True),
        ("Kömörő Község Önkormányzata", "Kömörő", True),
        ("Alsószentmárton Község Önkormányzata", "Alsószentiván Község Önkormányzata", False),
        ("Nagyrada Község Önkormányzata", "Nagyrada", True),
        ("Nagyrada Község Önkormányzata", None, False),
        ("Mintafalui Közös Önkormányzati Hivatal", "Mintafalu Község Önkormányzata", False),
        ("", None, True),
    ],
)
def test_bodies_are_told_apart(right: str | None, got: str | None, same: bool):
    """Likeness is no sameness: names of settlements differ by a letter or an accent."""
    assert same_place(right, got) is same


def test_evidence_that_is_seven_lines_off_is_noticed():
    """So that the test above can fail."""
    path = next(path for path in MAILS if path.stem == "b001")
    one = explain(path.read_bytes(), path.name)
    (applicant,) = one.understood.request.applicants
    pir = applicant.pir[0]
    moved = replace(applicant, pir=(replace(pir, evidence=replace(pir.evidence, line=pir.evidence.line + 7)),))
    request = replace(one.understood.request, applicants=(moved,))
    assert evidence.wrong(one) == []
    assert evidence.wrong(replace(one, understood=replace(one.understood, request=request))) != []
