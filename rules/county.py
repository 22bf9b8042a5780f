"""The county (POLICY section 3): "one of the 19 counties or Budapest, in any usual form [...]. A settlement alone says
nothing." A labelled value that is no county is unknown; one that the register contradicts is asked about.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.hungarian.counties import names, recognise
from rules.model import Applicant, Facts, Finding, Request
from rules.pir import registered

CODES = {
    "county.missing": "Kérjük, adja meg a vármegye nevét.",
    "county.unknown": "A megadott megnevezés nem vármegye; kérjük, válasszon az alábbi listából.",
    "county.other": (
        "A megadott vármegye eltér attól, amely a nyilvántartásban a PIR számhoz tartozik. Kérjük, ellenőrizze."
    ),
    "county.conflict": "A levélben több különböző vármegye szerepel ugyanannál a kérelmezőnél.",
}


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if len(applicant.county) > 1:
            yield Finding("county.conflict", index, " / ".join(v.text for v in applicant.county))
        elif not applicant.county:
            yield Finding("county.missing", index, choices=names())
        elif recognise(applicant.county[0].text) is None:
            yield Finding("county.unknown", index, applicant.county[0].text, names())
        else:
            yield from _other(index, applicant, facts)


def _other(index: int, applicant: Applicant, facts: Facts) -> Iterator[Finding]:
    """What the register has of the body with that PIR."""
    written, body = applicant.county[0].text, registered(applicant, facts)
    if body is not None and body.county and recognise(written) != body.county:
        yield Finding("county.other", index, f"{written}; a nyilvántartásban: {body.county}")
