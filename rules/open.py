"""What the reader could not account for (POLICY section 5): "something in the mail that bears on this applicant could
not be accounted for [...]. It is for officers only and never stands in a letter [...]. Where it is tied to nobody it
holds for every applicant of the mail."
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.model import Facts, Finding, Request

CODES = {
    "reading.open": "A levél egy részét a program nem tudta biztosan értelmezni; munkatársunk nézi meg.",
}


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for entry in request.open:
        everybody = range(len(request.applicants))
        for index in everybody if entry.applicant is None else (entry.applicant,):
            if index < len(request.applicants):
                yield Finding("reading.open", index, entry.text)
