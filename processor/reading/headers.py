"""Headers as text: bounded, decoded, their addresses and identifiers taken apart."""

from __future__ import annotations

import datetime as dt
import email
import email.message
import email.utils
import inspect
import re
from collections.abc import Iterator
from email.header import decode_header
from email.policy import Compat32
from itertools import islice
from typing import Any

from rules.hungarian.words import squeeze
from rules.model import Person

from . import bounds
from .charset import decode, mend

KEPT_HEADERS = frozenset(
    [
        "auto-submitted",
        "precedence",
        "return-path",
        "x-auto-response-suppress",
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "list-id",
        "list-unsubscribe",
        "list-post",
        "x-loop",
        "x-failed-recipients",
        "x-mailer",
        "user-agent",
        "content-type",
        "feedback-id",
        "x-ms-exchange-generated-message-source",
        "x-ms-exchange-inbox-rules-loop",
        "x-beirato",
        "delivered-to",
        "x-spam-flag",
        "thread-topic",
        "x-mailman-version",
        "x-campaign",
        "x-mc-user",
        "disposition-notification-to",
    ]
)


class _Bounded(Compat32):
    """Cuts every header as it is read: no parser of parameters, addresses or encoded words sees a longer one."""

    faults: list[str] = []  # noqa: RUF012 - never this one: a policy takes no attributes but those that its class has

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if len(value) > bounds.LONGEST_HEADER:
            value = value[: bounds.LONGEST_HEADER]
            self.faults.append(bounds.HEADER)
        return name, value


def parsed(raw: bytes, faults: list[str]) -> email.message.Message:
    """The mail as the standard library parses it, its headers bounded. What is cut is added to `faults`."""
    policy = _Bounded(faults=faults)  # type: ignore[call-arg]  # the stubs know the standard attributes only
    return email.message_from_bytes(raw, policy=policy)


def kept_headers(message: email.message.Message) -> dict[str, str]:
    """What machines write about themselves, by lower-case names; looked at by programs only, so a cut needs no word."""
    kept: dict[str, str] = {}
    for name, value in islice(message.items(), bounds.MOST_HEADERS):
        lower = name.lower()
        if lower in KEPT_HEADERS or lower.startswith("list-"):
            kept[lower] = header_text(value, [])
    return kept


def date_of(message: email.message.Message) -> dt.datetime | None:
    """The Date header with its zone (UTC where it has none); None when there is no date in it."""
    try:
        date = email.utils.parsedate_to_datetime(str(message["Date"])) if message["Date"] else None
    except (ValueError, TypeError, OverflowError):
        return None
    return date.replace(tzinfo=dt.UTC) if date is not None and date.tzinfo is None else date


def header_text(value: object, faults: list[str]) -> str:
    """A header as text: encoded words decoded (RFC 2047), raw 8-bit bytes guessed, line breaks taken out.

    What is cut is added to `faults`, as in all of this module.
    """
    text = str(value) if value is not None else ""
    if "\udc80" <= max(text, default="") <= "\udcff":
        text = decode(
            text.encode("ascii", "surrogateescape")
            if all(ord(c) < 128 or "\udc80" <= c <= "\udcff" for c in text)
            else text.encode("utf-8", "surrogateescape")
        )
    if "=?" in text:
        pieces: list[str] = []
        try:
            for data, charset in decode_header(bounds.encoded(text)):
                pieces.append(data if isinstance(data, str) else decode(data, charset))
            text = "".join(pieces)
        except Exception:  # decode_header raises on broken base64 and odd charsets; the raw text is better than nothing
            pass
    text, said = bounds.header(squeeze(mend(text)))
    faults.extend(said)
    return text


# Python's newer releases answer a slightly wrong list with nothing at all unless told to be lenient; the older know
# no such word.
_LENIENT: dict[str, Any] = (
    {"strict": False} if "strict" in inspect.signature(email.utils.getaddresses).parameters else {}
)
_LOOSE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


def people(value: object, faults: list[str]) -> list[Person]:
    """The addresses of a To, Cc or From header, in order; groups and names without an address left out."""
    text = str(value or "")
    if "@" not in text and "=?" not in text:
        return []
    out = list(islice(_listed(text, faults), bounds.MOST_ADDRESSES + 1))
    if not out and "@" in text:
        found = islice(_LOOSE_ADDRESS.finditer(header_text(text, faults)), bounds.MOST_ADDRESSES + 1)
        out = [Person("", match.group().lower()) for match in found]
    if len(out) > bounds.MOST_ADDRESSES:
        faults.append(bounds.ADDRESSES)
    return out[: bounds.MOST_ADDRESSES]


def _listed(text: str, faults: list[str]) -> Iterator[Person]:
    for name, address in email.utils.getaddresses([text.replace("\r", " ").replace("\n", " ")], **_LENIENT):
        if "@" in address or "=?" in address:
            address = header_text(address, faults).strip().strip("<>").lower()
            if "@" in address:
                yield Person(header_text(name, faults).strip("'\" "), address)


_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")


def message_ids(value: object) -> tuple[str, ...]:
    """The identifiers of a References header, the last MOST_REFERENCES of them: any finds the conversation."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(str(value or ""))))[-bounds.MOST_REFERENCES :]
