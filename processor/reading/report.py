"""Delivery reports (RFC 3464) and disposition notifications (RFC 8098)."""

from __future__ import annotations

import email.message
import re

from .mail import Report

_ID = re.compile(r"<[^<>\s]{1,900}>")


def read_report(part: email.message.Message) -> Report | None:
    """What a multipart/report (or a message with message/* parts) says of the mail it is about; None when it says
    nothing."""
    failed: list[str] = []
    reason, about, seen, delivered = "", "", False, True
    for child in part.walk():
        kind = child.get_content_type()
        if kind in {"message/delivery-status", "message/disposition-notification", "message/global-delivery-status"}:
            seen = True
            for group in child.get_payload() if isinstance(child.get_payload(), list) else [child]:
                if not isinstance(group, email.message.Message):
                    continue
                recipient = (
                    str(group.get("Final-Recipient") or group.get("Original-Recipient") or "")
                    .rpartition(";")[2]
                    .strip()
                    .lower()
                )
                if str(group.get("Action") or "").strip().lower() == "failed":
                    delivered = False
                    if "@" in recipient:
                        failed.append(recipient)
                    reason = (
                        reason
                        or str(group.get("Diagnostic-Code") or group.get("Status") or "")
                        .partition(";")[2]
                        .strip()[:300]
                        or str(group.get("Status") or "")[:20]
                    )
                about = about or "".join(_ID.findall(str(group.get("Original-Message-ID") or ""))[:1])
        elif kind in {"message/rfc822", "text/rfc822-headers", "message/global-headers"}:
            payload = child.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            text = str(inner["Message-ID"] or "") if isinstance(inner, email.message.Message) else str(payload)[:20_000]
            match = re.search(r"^message-id:\s*(<[^<>\s]+>)", text, re.I | re.M) or _ID.search(text)
            about = about or (match.group(match.lastindex or 0) if match else "")
    return Report(about, tuple(dict.fromkeys(failed)), reason, delivered) if seen or about else None
