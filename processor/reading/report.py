"""What machines report of a letter: delivery reports (RFC 3464), disposition notifications (RFC 8098), and bounces in
the many other shapes that mail systems give them.

Where a report says by RFC 3464 what became of the letter, that stands. The other shapes are known to flufl.bounce,
GNU Mailman's own library; it sees a small copy only, since a bounce says what it has to say soon.
"""

from __future__ import annotations

import email.message
import logging
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from .charset import decode
from .mail import Report

_STATUS = {"message/delivery-status", "message/disposition-notification", "message/global-delivery-status"}
_RETURNED = {"message/rfc822", "text/rfc822-headers", "message/global-headers"}
_ID = re.compile(r"<[^<>\s]{1,900}>")
_ID_HEADER = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.I | re.M)
_BOUNCER = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|microsoftexchange\w*)[@+\-.]")
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")

# What flufl.bounce is shown; its patterns take a time that grows with the square of a line's length.
_MOST_PARTS = 10
_MOST_FIELDS = 50  # of one name
_MOST_BYTES = 500_000  # of a part
_MOST_LINES = 200
_LONGEST_LINE = 250  # characters
_LONGEST_FIELD = 1_000  # characters of a header

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it writes down what it stumbles over


def is_bouncer(address: str) -> bool:
    """Whether the sender's address (lower case) is one that mail systems write from."""
    return bool(_BOUNCER.match(address))


def read_report(part: email.message.Message) -> Report | None:
    """What a multipart/report (or a message with message/* parts) says of the mail it is about; None when it says
    nothing."""
    reports = [child for child in part.walk() if child.get_content_type() in _STATUS]
    about = next((found for found in _about(part) if found), "")
    if not reports and not about:
        return None
    failures = [group for child in reports for group in _groups(child) if _has_failed(group)]
    return Report(about, _recipients(failures), _reason(failures), delivered=bool(reports) and not failures)


def _about(part: email.message.Message) -> Iterator[str]:
    """The Message-IDs of the letter that the report is about, "" where one should stand."""
    for child in part.walk():
        kind = child.get_content_type()
        if kind in _STATUS:
            yield from map(_original_id, _groups(child))
        elif kind in _RETURNED:
            yield _returned_id(child)


def read_bounce(message: email.message.Message, sender: str, report: Report | None) -> Report | None:
    """The report with the failed addresses of a bounce of any shape; as it was where it says itself what became of the
    letter. `sender`: the address that the message comes from, lower case.

    A letter that is only late has not failed.
    """
    if report is not None and (report.failed or report.delivered):
        return report
    if not _looks_like_bounce(message, sender):
        return report
    late, failed = _failures(message)
    if not late and not failed:
        return report
    about, reason = (report.message_id, report.reason) if report else ("", "")
    return Report(about, failed, reason, delivered=not failed)


def _looks_like_bounce(message: email.message.Message, sender: str) -> bool:
    return (
        message.get_content_type() == "multipart/report"
        or is_bouncer(sender)
        or "X-Failed-Recipients" in message  # Exim
    )


def _failures(message: email.message.Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(addresses that the letter has not reached yet, those that it never will)."""
    # only for the few mails that may be a bounce; it brings a detector for every kind of mail server
    from flufl.bounce import all_failures

    try:
        late, failed = all_failures(_small(message))
    except Exception:  # heuristics over what strangers sent; nothing recognised is an answer too
        return (), ()
    return _addresses(late), _addresses(failed)


def _addresses(found: frozenset[bytes]) -> tuple[str, ...]:
    """In an order that is always the same; what is no address left out."""
    texts = (address.decode("ascii", "replace").strip().lower() for address in found)
    return tuple(sorted(text for text in texts if _ADDRESS.fullmatch(text)))


def _small(message: email.message.Message) -> email.message.Message:
    """A copy of one level, with plain texts only, cut short.

    The letter that came back is left out: an address in it has not failed for standing there.
    """
    out = email.message.Message()
    for name in ("From", "X-Mailer", "X-Failed-Recipients"):
        for value in message.get_all(name, [])[:_MOST_FIELDS]:
            out[name] = str(value)[:_LONGEST_FIELD]
    out["Content-Type"] = message.get_content_type()
    if message.is_multipart():
        out.set_payload([_small_part(part) for part in islice(_leaves(message), _MOST_PARTS)])
    else:
        out.set_payload(_text(message))
    return out


def _small_part(part: email.message.Message) -> email.message.Message:
    out = email.message.Message()
    out["Content-Type"] = part.get_content_type()
    out["Content-Description"] = _field(part, "Content-Description")  # by which Postfix marks its own words
    out.set_payload(_text(part) if part.get_content_type() == "text/plain" else "")
    return out


def _leaves(message: email.message.Message) -> Iterator[email.message.Message]:
    """Parts that hold no others, of the message itself and of no letter within it."""
    if message.get_content_maintype() != "multipart":
        yield message
        return
    payload = message.get_payload()
    for child in payload if isinstance(payload, list) else ():
        if isinstance(child, email.message.Message):
            yield from _leaves(child)


def _text(part: email.message.Message) -> str:
    data = part.get_payload(decode=True)
    text = decode(data[:_MOST_BYTES], part.get_content_charset()) if isinstance(data, bytes) else ""
    return "\n".join(line.rstrip("\r")[:_LONGEST_LINE] for line in text.split("\n", _MOST_LINES)[:_MOST_LINES])


def _groups(part: email.message.Message) -> Iterator[email.message.Message]:
    """The groups of fields of a report, each as a message without a body: one of the report, one a recipient."""
    payload = part.get_payload()
    for group in payload if isinstance(payload, list) else [part]:
        if isinstance(group, email.message.Message):
            yield group


def _field(group: email.message.Message, name: str) -> str:
    return str(group.get(name) or "")[:_LONGEST_FIELD].strip()


def _has_failed(group: email.message.Message) -> bool:
    """Some systems write a remark behind `failed`; OpenSMTPD writes `error`."""
    return _field(group, "Action").lower().startswith(("fail", "error"))


def _recipients(groups: Iterable[email.message.Message]) -> tuple[str, ...]:
    """The addresses of `rfc822; anna@falu.hu`, each once."""
    fields = (_field(group, "Final-Recipient") or _field(group, "Original-Recipient") for group in groups)
    addresses = (field.rpartition(";")[2].strip(" <>").lower() for field in fields)
    return tuple(dict.fromkeys(address for address in addresses if "@" in address))


def _reason(groups: Iterable[email.message.Message]) -> str:
    """What the first refusing server said (`smtp; 550 5.1.1 no such user`), else its code."""
    for group in groups:
        said = _field(group, "Diagnostic-Code") or _field(group, "Status")
        if reason := said.partition(";")[2].strip()[:300] or _field(group, "Status")[:20]:
            return reason
    return ""


def _original_id(group: email.message.Message) -> str:
    return "".join(_ID.findall(_field(group, "Original-Message-ID"))[:1])


def _returned_id(part: email.message.Message) -> str:
    """The Message-ID of the letter that a report brings back, whole or its headers only."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    text = str(inner["Message-ID"] or "") if isinstance(inner, email.message.Message) else str(payload)[:20_000]
    match = _ID_HEADER.search(text) or _ID.search(text)
    return match.group(match.lastindex or 0) if match else ""
