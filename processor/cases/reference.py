"""A case's reference (ASPO-2026-000042) in a subject, and the check code that shows who has had a letter of ours."""

from __future__ import annotations

import hashlib
import hmac
import re

_REFERENCE = re.compile(r"\bASPO-(\d{4})-(\d{6})\b", re.IGNORECASE)
_CODE_DIGITS = 6  # 24 bits: nobody guesses one among the few letters that anybody may send a day
_MARK_DIGITS = 16  # 64 bits: one mail can carry hundreds of guesses


def references(subject: str) -> tuple[str, ...]:
    """Case references in a subject, upper case: `ASPO-2026-000042`."""
    return tuple(dict.fromkeys(f"ASPO-{year}-{number}" for year, number in _REFERENCE.findall(subject)))


def code(secret: str, reference: str) -> str:
    """The check code, six hexadecimal digits. `secret`: the store's own."""
    return _keyed(secret, reference)[:_CODE_DIGITS]


def mark(secret: str, key: str) -> str:
    """What makes a Message-ID of ours unguessable, and the same each time it is made of the same `key`."""
    return _keyed(secret, f"message-id:{key}")[:_MARK_DIGITS]


def _keyed(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def has_code(subject: str, secret: str, reference: str) -> bool:
    return re.search(rf"#{code(secret, reference)}\b", subject, re.IGNORECASE) is not None
