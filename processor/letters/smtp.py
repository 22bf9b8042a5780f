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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from processor.settings import Smtp

_OUR_LOGIN = frozenset({530, 534, 535, 538})
_LET_IN, _GO_ON, _CLOSING = 235, 334, 421


class OutboxError(RuntimeError):
    """No letter can be sent now; the message says why and what to do, in Hungarian."""


class Sending(StrEnum):
    """How it went with one letter."""

    SENT = "sent"
    RETRY = "retry"  # not now, perhaps later
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one letter. `reason`: the server's words."""

    state: Sending
    reason: str = ""


# What an operator reads, and which key to look at. The first kind that fits counts.
_TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        "A levélküldő ({where}) nem fogadta el a bejelentkezést ({said}). Ellenőrizze: smtp.username, smtp.password.",
    ),
    (
        ssl.SSLCertVerificationError,
        "A levélküldő ({where}) tanúsítványa nem fogadható el: {said}. Saját hitelesítő esetén adja meg: smtp.ca_file.",
    ),
    (
        subprocess.SubprocessError,
        "A hozzáférési jelsort (token) előállító parancs nem sikerült: {said}. Ellenőrizze: smtp.oauth_token_command.",
    ),
    (OSError, "A levélküldő ({where}) nem érhető el: {said}. Ellenőrizze: smtp.host, smtp.port, smtp.security."),
)


@contextlib.contextmanager
def connect(smtp: Smtp) -> Iterator[Line]:
    """A logged-in connection; it is made again when the server drops it. OutboxError when it cannot be had."""
    line = Line(smtp)
    try:
        line.open()
        yield line
    finally:
        line.close()


class Line:
    """A connection that reopens itself."""

    def __init__(self, settings: Smtp) -> None:
        self._settings = settings
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> None:
        settings = self._settings
        try:
            context = ssl.create_default_context(cafile=settings.ca_file or None)
            self._smtp = _connected(settings, context)
            if settings.security == "starttls":
                self._smtp.starttls(context=context)
            _login(self._smtp, settings)
        except tuple(kind for kind, _ in _TROUBLES) as error:  # SMTPException is an OSError
            words = next(words for kind, words in _TROUBLES if isinstance(error, kind))
            where = f"{settings.host}:{settings.port}"
            raise OutboxError(words.format(where=where, said=_said(error))) from error

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
        accented = not all(address.isascii() for address in recipients)
        if accented and not self._smtp.has_extn("smtputf8"):
            return Outcome(Sending.FAILED, "a levélküldő nem tud ékezetes címre küldeni (SMTPUTF8)")
        options = ["SMTPUTF8"] if accented else []
        try:
            refused = self._smtp.sendmail(envelope_sender, list(recipients), raw, mail_options=options)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(error.recipients)
        except smtplib.SMTPResponseException as error:
            return self._answered(error)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self._drop()
            return Outcome(Sending.RETRY, f"megszakadt a kapcsolat: {_words(str(error))}")
        except (smtplib.SMTPException, ValueError) as error:  # an extension is missing, an address cannot be written
            return Outcome(Sending.FAILED, _words(str(error)))
        return _refused(refused) if refused else Outcome(Sending.SENT)

    def _answered(self, error: smtplib.SMTPResponseException) -> Outcome:
        """The server said no to the letter; OutboxError when it is our login that it means."""
        if error.smtp_code in _OUR_LOGIN:
            raise OutboxError(
                f"A levélküldő bejelentkezést kér vagy elutasítja a miénket ({error.smtp_code} "
                f"{_words(error.smtp_error)}). Ellenőrizze: smtp.username, smtp.password."
            ) from error
        if error.smtp_code == _CLOSING:
            self._drop()
        return _by_code(error.smtp_code, error.smtp_error)


def _connected(settings: Smtp, context: ssl.SSLContext) -> smtplib.SMTP:
    if settings.security == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout_seconds, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)


def _login(smtp: smtplib.SMTP, settings: Smtp) -> None:
    smtp.ehlo_or_helo_if_needed()
    user = settings.username
    if token := settings.token():
        _authenticate(smtp, "XOAUTH2", f"user={user}\x01auth=Bearer {token}\x01\x01")
    elif user:
        password = settings.secret()
        if (user + password).isascii():
            smtp.login(user, password)
        else:  # smtplib writes ASCII only; PLAIN is UTF-8 (RFC 4616)
            _authenticate(smtp, "PLAIN", f"\0{user}\0{password}")


def _authenticate(smtp: smtplib.SMTP, mechanism: str, response: str) -> None:
    code, words = smtp.docmd("AUTH", f"{mechanism} {base64.b64encode(response.encode()).decode()}")
    if code == _GO_ON:  # the server wants an empty line before it says why not
        code, words = smtp.docmd("")
    if code != _LET_IN:
        raise smtplib.SMTPAuthenticationError(code, words)


def _refused(recipients: Mapping[str, tuple[int, bytes]]) -> Outcome:
    """By what was said of the first recipient; our letters have one."""
    return _by_code(*next(iter(recipients.values()), (450, b"")))


def _by_code(code: int, words: bytes | str) -> Outcome:
    return Outcome(Sending.FAILED if code >= 500 else Sending.RETRY, f"{code} {_words(words)}")


def _said(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return _words(error.smtp_error if isinstance(error, smtplib.SMTPAuthenticationError) else str(error))


def _words(text: bytes | str) -> str:
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return " ".join(text.split())[:500]
