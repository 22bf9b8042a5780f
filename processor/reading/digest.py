"""What tells two mails apart before they are read: Message-ID and a digest of the content. Pure, cheap, never
raises."""

from __future__ import annotations

import hashlib
import re

_HEADER_BYTES = 200_000  # a header longer than this is cut; the body still tells mails apart
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)
# What the sender wrote; trace fields (RFC 5321 section 4.4) and filters' marks differ between two deliveries of one
# mail.
_WRITTEN = re.compile(rb"^(?:from|to|cc|date|subject|message-id|in-reply-to|references|content-type):", re.IGNORECASE)


def _header(raw: bytes) -> tuple[bytes, int]:
    ends = [m.start() for m in (re.search(rb"\r\n\r\n", raw), re.search(rb"\n\n", raw)) if m]
    end = min(ends, default=len(raw))
    return raw[: min(end, _HEADER_BYTES)], end


def message_id(raw: bytes) -> str:
    """The Message-ID with its brackets, or "" when there is none."""
    match = _MESSAGE_ID.search(_header(raw)[0] + b"\n")
    return match.group(1).decode("ascii", "replace") if match else ""


def digest(raw: bytes) -> str:
    """SHA-256 of what the sender wrote: the same for one mail delivered twice, different for a changed one."""
    header, end = _header(raw)
    fields = re.split(rb"\r?\n(?![ \t])", header)
    made = hashlib.sha256()
    for field in fields:
        if _WRITTEN.match(field):
            made.update(b" ".join(field.split()) + b"\n")
    made.update(raw[end:].replace(b"\r\n", b"\n").strip())
    return made.hexdigest()
