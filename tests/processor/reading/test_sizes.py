"""However large or deep what arrives: bounded time and memory, and a clear verdict."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from email import policy
from email.message import EmailMessage

import pytest
from fpdf import FPDF
from openpyxl import Workbook

from processor.explain import Explained, explain
from tests.letters import FIELDS, mail, request


def large_mail() -> bytes:
    return request(files=(("kep.png", b"\x89PNG" + bytes(18_000_000)),))


def many_rows() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Munka1")
    sheet.append(list(FIELDS))
    for number in range(50_000):
        sheet.append(
            ["Kovács Anna", "Mintafalu Község Önkormányzata", "731234", "Pest", f"szemely{number}@mintafalu.hu", "ADÓ"]
        )
    out = io.BytesIO()
    book.save(out)
    return mail("Kérjük a mellékletben szereplők regisztrációját.", files=(("lista.xlsx", out.getvalue()),))


def many_pages() -> bytes:
    pdf = FPDF()
    pdf.set_font("Helvetica")
    for number in range(500):
        pdf.add_page()
        pdf.cell(0, 10, f"Oldal {number}")
    return request(files=(("szabalyzat.pdf", bytes(pdf.output())),))


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"<x>" + b" " * 200_000_000)
    return mail("Kérjük a mellékletben szereplő kolléga regisztrációját.", files=(("lista.xlsx", out.getvalue()),))


def deep_nesting() -> bytes:
    part = b"Content-Type: text/plain\r\n\r\nmag\r\n"
    for level in range(300):
        boundary = f"b{level}".encode()
        part = (
            b'Content-Type: multipart/mixed; boundary="'
            + boundary
            + b'"\r\n\r\n--'
            + boundary
            + b"\r\n"
            + part
            + b"\r\n--"
            + boundary
            + b"--\r\n"
        )
    return b"From: a@b.hu\r\nTo: aspoktatas@allamkincstar.gov.hu\r\nSubject: regisztr\r\n" + part


def many_recipients() -> bytes:
    out = EmailMessage(policy=policy.SMTP.clone(max_line_length=0))
    out["From"], out["Subject"] = "a@b.hu", "Regisztráció"
    out.set_content("Kérem Kovács Anna regisztrációját.", cte="8bit")
    return b"To: " + b",\r\n ".join(b"Cim%d <cim%d@falu.hu>" % (n, n) for n in range(10_000)) + b"\r\n" + out.as_bytes()


def nested_html() -> bytes:
    return mail("lásd", html="<table><tr><td>" * 3_000 + "mag" + "</td></tr></table>" * 3_000)


def long_line() -> bytes:
    return mail("Kérem Kovács Anna regisztrációját. " + "PIR 731234 a@b.hu Pest megye ADÓ " * 60_000)


def many_names() -> bytes:
    return mail("Kérem a regisztrációt\n" + "Kovács Anna\n" * 3_000)


@pytest.mark.parametrize(
    "make",
    [many_names, large_mail, many_rows, many_pages, zip_bomb, deep_nesting, many_recipients, nested_html, long_line],
    ids=lambda f: f.__name__,
)
def test_it_ends_soon_and_says_something(make):
    """Seconds, not minutes, on any machine; hundreds of megabytes at most."""
    raw = make()
    begin = time.perf_counter()
    one: Explained = explain(raw, "x")
    took = time.perf_counter() - begin
    one.to_json()
    assert took < 30
    assert one.decision.decision in {"queue", "ask", "review", "ignore", "answer"}


def test_a_zip_bomb_is_not_unpacked():
    """It is named as unreadable, the case goes to a person, and memory stays small."""
    raw = zip_bomb()
    tracemalloc.start()
    one = explain(raw, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [a.trouble != "" for a in one.mail.attachments] == [True]
    assert one.decision.decision == "review"
    assert peak < 100_000_000


def test_a_large_mail_is_read_all_the_same():
    """Its request counts."""
    assert explain(large_mail(), "x").decision.decision == "queue"
