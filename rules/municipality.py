"""The municipality (POLICY section 3): "an organisation is named [...]; or a settlement given under a label such as
"Önkormányzat:", "Munkahely:" or "Település:" or in a sentence as the place of work. A bare postal address is not
enough." (The understanding of the mail never offers one.)
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.model import Facts, Finding, Request

CODES = {
    "municipality.missing": (
        "Kérjük, adja meg a kérelmező munkahelyét: az önkormányzat vagy hivatal pontos megnevezését."
    ),
    "municipality.conflict": "A levélben több különböző munkahely szerepel ugyanannál a kérelmezőnél.",
}


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if len(applicant.municipality) > 1:
            yield Finding("municipality.conflict", index, " / ".join(v.text for v in applicant.municipality))
        elif not applicant.municipality:
            yield Finding("municipality.missing", index)
