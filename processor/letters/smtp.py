"""SMTP. One connection, one letter at a time; says what became of it. Knows no store.

Reply codes: RFC 5321 section 4.2.1 (4yz temporary, 5yz permanent); 530, 534, 535 and 538 are about our own login (RFC
4954 section 6).
"""

from __future__ import annotations

import base64
import contextlib
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_OUR_LOGIN = frozenset({530, 534, 535, 538})


class OutboxError(RuntimeError):
    """No letter can be sent now; the message says why and what to do, in Hungarian."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the SMTP server. `password` and `token` are asked for at every login."""

    host: str
    port: int
    security: str  # tls | starttls | none
    username: str
    password: Callable[[], str]
    token: Callable[[], str]
    ca_file: str = ""
    timeout_seconds: float = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter. `reason`: the server's words."""

    state: Literal["sent", "retry", "failed"]
    reason: str = ""


@contextlib.contextmanager
def connect(access: Access) -> Iterator[Line]:
    """A logged-in connection; it is made again when the server drops it. OutboxError when it cannot be had."""
    line = Line(access)
    try:
        line.open()
        yield line
    finally:
        line.close()


class Line:
    """A connection that reopens itself."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        access = self._access
        where = f"{access.host}:{access.port}"
        try:
            context = ssl.create_default_context(cafile=access.ca_file or None)
            if access.security == "tls":
                self._smtp = smtplib.SMTP_SSL(access.host, access.port, timeout=access.timeout_seconds, context=context)
            else:
                self._smtp = smtplib.SMTP(access.host, access.port, timeout=access.timeout_seconds)
                if access.security == "starttls":
                    self._smtp.starttls(context=context)
            self._login(self._smtp)
        except smtplib.SMTPAuthenticationError as error:
            raise OutboxError(
                f"A levélküldő ({where}) nem fogadta el a bejelentkezést ({_words(error.smtp_error)}). Ellenőrizze: smtp.username, smtp.password."
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise OutboxError(
                f"A levélküldő ({where}) tanúsítványa nem fogadható el: {error.verify_message}. Saját hitelesítő esetén adja meg: smtp.ca_file."
            ) from error
        except subprocess.SubprocessError as error:
            raise OutboxError(
                f"A hozzáférési jelsort (token) előállító parancs nem sikerült: {_words(str(error))}. Ellenőrizze: smtp.oauth_token_command."
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise OutboxError(
                f"A levélküldő ({where}) nem érhető el: {_words(str(error))}. Ellenőrizze: smtp.host, smtp.port, smtp.security."
            ) from error

    def _login(self, smtp: smtplib.SMTP) -> None:
        access = self._access
        smtp.ehlo_or_helo_if_needed()
        if token := access.token():
            blob = base64.b64encode(f"user={access.username}\x01auth=Bearer {token}\x01\x01".encode()).decode()
            code, words = smtp.docmd("AUTH", f"XOAUTH2 {blob}")
            if code == 334:  # the server wants an empty line before it says why not
                code, words = smtp.docmd("")
            if code != 235:
                raise smtplib.SMTPAuthenticationError(code, words)
        elif access.username:
            password = access.password()
            if (access.username + password).isascii():
                smtp.login(access.username, password)
                return
            # smtplib writes ASCII only; PLAIN is UTF-8 (RFC 4616)
            blob = base64.b64encode(f"\0{access.username}\0{password}".encode()).decode()
            code, words = smtp.docmd("AUTH", f"PLAIN {blob}")
            if code != 235:
                raise smtplib.SMTPAuthenticationError(code, words)

    def close(self) -> None:
        if self._smtp is not None:
            with contextlib.suppress(Exception):
                self._smtp.quit()
            self._smtp = None

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def send(self, envelope_sender: str, recipients: Sequence[str], raw: bytes) -> Outcome:
        """Officer one letter over. OutboxError when the server cannot be reached or does not let us in."""
        if self._smtp is None:
            self.open()
        assert self._smtp is not None
        options = []
        if not all(address.isascii() for address in recipients):
            if not self._smtp.has_extn("smtputf8"):
                return Outcome("failed", "a levélküldő nem tud ékezetes címre küldeni (SMTPUTF8)")
            options = ["SMTPUTF8"]
        try:
            refused = self._smtp.sendmail(envelope_sender, list(recipients), raw, mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            return _by_code(*next(iter(error.recipients.values()), (450, b"")))
        except smtplib.SMTPResponseException as error:
            if error.smtp_code in _OUR_LOGIN:
                raise OutboxError(
                    f"A levélküldő bejelentkezést kér vagy elutasítja a miénket ({error.smtp_code} {_words(error.smtp_error)}). Ellenőrizze: smtp.username, smtp.password."
                ) from error
            if error.smtp_code == 421:
                self._drop()
            return _by_code(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self._drop()
            return Outcome("retry", f"megszakadt a kapcsolat: {_words(str(error))}")
        except (smtplib.SMTPException, ValueError) as error:  # an extension is missing, an address cannot be written
            return Outcome("failed", _words(str(error)))
        return _by_code(*next(iter(refused.values()))) if refused else Outcome("sent")


def _by_code(code: int, words: bytes | str) -> Outcome:
    return Outcome("failed" if code >= 500 else "retry", f"{code} {_words(words)}")


def _words(text: bytes | str) -> str:
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return " ".join(text.split())[:500]
