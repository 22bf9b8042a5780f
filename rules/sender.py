"""The sender (POLICY section 6): who is no party, or whose header says two things, changes nothing and gets no
letter; a person looks."""

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
