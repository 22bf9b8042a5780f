"""An attachment that cannot be read (POLICY section 2): "An attachment that cannot be read as text (a scan, a photo, an
encrypted file) while data are missing: problem `attachment.unreadable` beside the `*.missing` ones, outcome `review`
[...]. With all the data elsewhere it changes nothing." So this rule is asked last and sees what the others found.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.model import Facts, Finding, Request

CODES = {
    "attachment.unreadable": "A csatolt fájl szövegként nem olvasható, ezért azt munkatársunk nézi meg.",
}


def check(request: Request, facts: Facts, found: tuple[Finding, ...] = ()) -> Iterator[Finding]:
    if not request.unreadable:
        return
    for index in range(len(request.applicants)):
        if any(f.applicant == index and f.code.endswith(".missing") for f in found):
            yield Finding("attachment.unreadable", index, ", ".join(request.unreadable))
