"""Which automatic mails say that a letter of ours was not delivered, and to whom."""

from __future__ import annotations

import base64
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from processor.reading import Report, read
from processor.understanding.automatic import is_bounce, why
from tests.letters import DESK, mail, request

CORPUS = Path(__file__).parent.parent / "corpus" / "automatic"
SHAPES = {
    "exim": "fodor.agnes@tiszamajor.example",
    "qmail": "gulyas.aron@bukkalja.example",
    "postfix": "orban.mihaly@kishatar.example",
    "exchange": "baranyi.flora@nagyerdo.example",
    "yahoo": "pinter.vilmos@yahoo.example",
}
SYSTEM = "Mail Delivery System <mailer-daemon@mintafalu.hu>"


def judged(raw: bytes) -> tuple[bool, Report | None]:
    """Whether it is a bounce, and what was read of it."""
    got = read(raw, frozenset({DESK}))
    return is_bounce(got), got.report


def report(fields: str, text: str = "", kind: str = "message/delivery-status") -> bytes:
    """A multipart/report of a recipient's `fields`."""
    return (
        f"From: {SYSTEM}\r\nSubject: Jelentes\r\nMessage-ID: <r@mintafalu.hu>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\nReporting-MTA: dns; mintafalu.hu\r\n\r\n{fields}\r\n\r\n--b--\r\n"
    ).encode()


class TestNoBounce:
    """What never takes a case to a person."""

    LATE = (
        "This message was created automatically by mail delivery software.\nA message that you sent has not yet been "
        "delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.mintafalu.hu.\n\n"
        "The address to which the message has not yet been delivered is:\n\n  anna@mintafalu.hu\n\n"
        "No action is required on your part. Delivery attempts will continue for\nsome time.\n"
    )

    def test_a_letter_that_is_only_late(self):
        """In words, as Exim warns, and in fields."""
        warned = mail(self.LATE, sender=SYSTEM, subject="Warning: message 1vK delayed 24 hours")
        fields = "Final-Recipient: rfc822; anna@mintafalu.hu\r\nAction: delayed\r\nStatus: 4.4.1"
        for raw in (warned, report(fields, self.LATE)):
            assert judged(raw) == (False, Report(delivered=True))

    def test_a_letter_that_arrived(self):
        """Though its text names addresses as a bounce's does."""
        text = (
            "Your message\n\n  Subject: ASP\n\nwas delivered to:\n\n anna@mintafalu.hu\n\nThe following addresses had"
        )
        fields = "Final-Recipient: rfc822; anna@mintafalu.hu\r\nAction: delivered\r\nStatus: 2.1.5"
        assert judged(report(fields, text)) == (False, Report(delivered=True))

    def test_a_letter_that_was_opened(self):
        """RFC 8098."""
        fields = "Final-Recipient: rfc822; anna@mintafalu.hu\r\nDisposition: manual-action; displayed"
        text = "Your message could not be delivered to\nanna@mintafalu.hu"
        assert judged(report(fields, text, "message/disposition-notification"))[0] is False

    def test_a_person_who_sends_a_bounce_on(self):
        """They ask what to do about it."""
        lines = (CORPUS / "bounce_qmail.eml").read_text(encoding="utf-8").partition("\n\n")[2]
        raw = mail(f"Kedves Kollégák!\n\nEzt kaptam, mit tegyek?\n\n{lines}", subject="Továbbítás: failure notice")
        assert judged(raw) == (False, None)

    def test_an_absence_that_names_a_colleague(self):
        """Between commas, which one of flufl.bounce's patterns takes for a refused address."""
        text = "Szabadságon vagyok, sürgős ügyben keresse Nagy Bélát, nagy.bela@mintafalu.hu, a helyettesemet."
        raw = mail(text, subject="Automatikus válasz: ASP", headers={"Return-Path": "<>"})
        assert judged(raw) == (False, None)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_bounce_of_a_mail_system(shape):
    """Without a report by RFC 3464. The letter that came back names others, too; they have not failed."""
    raw = (CORPUS / f"bounce_{shape}.eml").read_bytes()
    assert judged(raw) == (True, Report(failed=(SHAPES[shape],)))
    assert why(read(raw)) is not None


def test_a_bounce_whose_text_is_encoded():
    """flufl.bounce looks at lines as they stand, so they are decoded for it."""
    head, _, body = (CORPUS / "bounce_qmail.eml").read_bytes().partition(b"\n\n")
    head += b"\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8"
    assert judged(head + b"\n\n" + base64.encodebytes(body)) == (True, Report(failed=(SHAPES["qmail"],)))


def test_a_report_says_more():
    """Which letter it was, and why it was refused."""
    told = judged((CORPUS / "c021.eml").read_bytes())[1]
    assert told is not None
    assert (told.message_id, told.failed) == ("<176233400.204.1@allamkincstar.gov.hu>", ("holub.zsanett@gonyu.hu",))
    assert told.reason.startswith("550 5.1.10")


def test_a_report_that_nearly_follows_its_rules():
    """A remark behind the action, an address in brackets without its kind."""
    fields = "Final-Recipient: <anna@mintafalu.hu>\r\nAction: failed (no such user)\r\nStatus: 5.1.1"
    assert judged(report(fields)) == (True, Report(failed=("anna@mintafalu.hu",), reason="5.1.1"))


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("Levelezőkiszolgáló <postmaster@mintafalu.hu>", "Levelét nem tudtuk átadni"),
        ("Levelezőrendszer <rendszer@mintafalu.hu>", "Kézbesíthetetlen: Regisztráció"),
    ],
)
def test_a_bounce_in_hungarian(sender, subject):
    """By its sender or its subject."""
    text = "Az Ön által küldött levelet nem tudtuk átadni:\n\n    anna@mintafalu.hu\n\nIlyen postafiók nincs."
    raw = mail(text, sender=sender, subject=subject, cc="")
    assert judged(raw)[0] is True
    assert why(read(raw)) is not None


def test_a_report_without_fields_is_judged_by_its_sender():
    """Some systems send the text only."""
    raw = report("", "A levelet nem sikerült kézbesíteni.", "text/html")
    assert judged(raw) == (True, None)


class TestBounds:
    """Whatever a mail system sends."""

    STARTS = "\n".join(
        ("Your message could not be delivered", "A message that you sent could not be delivered", "- no such user here")
    )

    @pytest.mark.parametrize("unit", ["<", " ", "a", ",a", "a@", "=20", "rcpt to: "])
    def test_lines_made_to_take_long(self, unit):
        """The patterns go through a line again from each of its characters."""
        lines = "\n".join([(unit * 2_000)[:2_000]] * 3_000)
        raw = f"From: {SYSTEM}\nSubject: x\n\nthe following addresses had\n{self.STARTS}\n{lines}".encode()
        begin = time.perf_counter()
        read(raw)
        assert time.perf_counter() - begin < 5

    def test_the_letter_that_comes_back_may_be_large(self):
        """What is said stands before it."""
        out = EmailMessage()
        out["From"], out["Subject"] = SYSTEM, "Undelivered Mail"
        out.set_content("Sorry.\n\nThe Postfix program\n\n<anna@mintafalu.hu>: unknown user\n")
        out.add_attachment(bytes(18_000_000), maintype="application", subtype="octet-stream", filename="x.bin")
        next(iter(out.iter_parts()))["Content-Description"] = "Notification"
        raw = out.as_bytes()
        assert len(raw) > 24_000_000
        assert judged(raw) == (True, Report(failed=("anna@mintafalu.hu",)))

    def test_fields_without_end(self):
        """Nor many of them."""
        fields = f"Final-Recipient: rfc822; {'x' * 100_000}\r\nAction: error\r\n\r\n" * 500
        assert judged(report(fields + f"Action: error\r\nOriginal-Recipient: {';' * 1_000_000}"))[0] is True

    def test_an_ordinary_mail_is_not_looked_at(self):
        """The library is not even loaded."""
        script = "import sys, processor.reading as r; r.read(sys.stdin.buffer.read()); print('flufl' in sys.modules)"
        ran = subprocess.run([sys.executable, "-c", script], input=request(), capture_output=True, check=True)
        assert ran.stdout.strip() == b"False"
