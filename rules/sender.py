"""The sender (POLICY section 6): of one who is no party of the case, "whatever brings or changes an address, a name or
a person: `review`, `sender.unconfirmed`, the case stays as it was." Nor is one believed whose header says two things.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.model import Facts, Finding, Request

CODES = {
    "sender.unconfirmed": "A levél feladóját munkatársunk egyezteti.",
}


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    if request.doubt:
        for index in range(len(request.applicants)):
            yield Finding("sender.unconfirmed", index, request.doubt)
