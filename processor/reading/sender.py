"""Who wrote a mail, and whether its headers say one thing only (RFC 5322 section 3.6.2).

A program that forges a sender relies on readers that look at one of several From addresses, or at a display name that
is an address itself.
"""

from __future__ import annotations

import email.message
import re
from collections.abc import Callable, Sequence

from rules.model import Person

People = Callable[[object], list[Person]]
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']{1,64}@[^\s<>()\[\],;:\"']{1,255}")
_ENCODED_ADDRESS = re.compile(r"<[^<>]{0,500}=\?[^<>]{0,500}>")
_LONGEST = 2_000  # characters of a From header looked at


def sender_of(head: email.message.Message, people: People) -> tuple[Person | None, str]:
    """(the writer, why the headers are not to be trusted, in Hungarian; "" when nothing speaks against them)."""
    values = head.get_all("From", [])
    headers = [str(value)[:_LONGEST] for value in values]  # what patterns look at; `people` has its own bounds
    found = [person for value in values for person in people(value)]
    first = next(iter(found), None) or next(iter(people(head["Sender"])), None)
    return first, _doubt(headers, found, first)


def _doubt(headers: Sequence[str], found: Sequence[Person], first: Person | None) -> str:
    if first is None:
        return "nincs feladó"
    if len(headers) > 1 or len({person.address for person in found}) > 1:
        return "több feladó áll a levélen"
    named = {address.lower() for person in found for address in _ADDRESS.findall(person.name)}
    if named - {first.address}:
        return "a feladó neve más e-mail-címet mutat"
    if any(_ENCODED_ADDRESS.search(value) for value in headers):
        return "a feladó e-mail-címe kódolva áll a fejlécben"
    return ""
