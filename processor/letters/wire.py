"""A letter on the wire: the message with its headers, and back. Pure.

Headers follow RFC 3834 (Auto-Submitted, no answer to machines) and RFC 5322; X-Auto-Response-Suppress is Exchange's
word for the same. The older half of the standard library's email package makes them: EmailMessage would take 1.4 ms a
letter in its place of 0.3, a quarter of a polling pass (bench/polling.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from email import message_from_bytes
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, Compat32
from email.policy import default as default_policy
from email.utils import format_datetime, formataddr, parseaddr

from processor.cases.parties import Answering
from processor.letters.compose import Letter


class _Wire(Compat32):
    """Headers as they were given: `message` has encoded and folded them; the library would do it again for each,
    slowly."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode()


_WIRE = _Wire(linesep="\r\n")


def message(
    letter: Letter,
    *,
    sender: str,
    recipients: Sequence[str],
    message_id: str,
    now: dt.datetime,
    answers: Answering | None = None,
    loop: str = "",
    files: Sequence[tuple[str, bytes, str]] = (),
) -> bytes:
    """The letter on the wire. `answers`: the mail that it replies to. `files`: (name, content, media type) to attach.

    Every header value goes through `_line`, so that none can bring a header of its own.
    """
    out = _body(letter, files)
    display, address = parseaddr(_line(sender))
    out["From"] = formataddr((display, address))
    out["To"] = ",\r\n ".join(map(_line, recipients))
    out["Subject"] = Header(_line(letter.subject), "utf-8", header_name="Subject").encode(linesep="\r\n")
    out["Date"] = format_datetime(now)
    out["Message-ID"] = _line(message_id)
    if answers is not None and answers.thread:
        out["In-Reply-To"] = _line(answers.thread[-1])
        out["References"] = "\r\n ".join(map(_line, answers.thread))
    out["Auto-Submitted"] = "auto-replied" if answers is not None else "auto-generated"
    out["X-Auto-Response-Suppress"] = "All"
    if loop:
        out["X-Loop"] = _line(loop)
    return out.as_bytes()


def _body(letter: Letter, files: Sequence[tuple[str, bytes, str]]) -> MIMEBase:
    body = MIMEMultipart("alternative", policy=_WIRE)
    body.attach(MIMEText(letter.text, "plain", "utf-8", policy=_WIRE))
    body.attach(MIMEText(letter.html, "html", "utf-8", policy=_WIRE))
    if not files:
        return body
    out = MIMEMultipart("mixed", policy=_WIRE)
    out.attach(body)
    for name, content, media in files:
        part = MIMEBase(*media.split("/", 1), policy=_WIRE)
        part.set_payload(content)
        encode_base64(part)
        part.add_header("Content-Disposition", "attachment", filename=name)
        out.attach(part)
    return out


def _line(text: str) -> str:
    """One line, whatever came: no value can end its header and begin another."""
    return " ".join(text.split())


def text_of(raw: bytes) -> str:
    """What a letter of ours says, as plain text."""
    body = message_from_bytes(raw, policy=default_policy).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def reworded(raw: bytes, text: str, html: str) -> bytes:
    """The letter with another text; its headers, its Message-ID among them, stay."""
    made = message_from_bytes(
        raw, policy=SMTP.clone(refold_source="none")
    )  # a long Message-ID must not be folded or encoded anew
    for subtype, content in (("plain", text), ("html", html)):
        body = made.get_body((subtype,))
        if body is not None:
            body.set_content(content, subtype=subtype, cte="base64")
    return made.as_bytes()
