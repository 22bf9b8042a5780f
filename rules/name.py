"""The name (POLICY section 3): "at least two parts (family and given name; titles such as dr. do not count; "Nagy
Jánosné" does); a single word is no name and the field is left empty."
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.hungarian.names import is_full
from rules.model import Facts, Finding, Request

CODES = {
    "name.missing": "Kérjük, adja meg a kérelmező teljes nevét (családi és utónév).",
    "name.conflict": "A levélben több különböző név szerepel ugyanannál a kérelmezőnél.",
}


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if len(applicant.name) > 1:
            yield Finding("name.conflict", index, " / ".join(v.text for v in applicant.name))
        elif not applicant.name or not is_full(applicant.name[0].text):
            yield Finding("name.missing", index)
