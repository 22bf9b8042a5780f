"""The programs (POLICY section 3): "each resolves to exactly one program of the catalogue [...]. Programs that resolve
are kept even when another one of the same applicant does not. A module that the requested "teljes" program contains is
dropped."
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.hungarian.catalogue import programs
from rules.model import Applicant, Facts, Finding, Request

CODES = {
    "programs.missing": "Kérjük, jelölje meg az alábbi táblázatból, mely szakrendszer(ek) tananyagát kéri.",
    "programs.unknown": "Nem található ilyen nevű tananyag a katalógusban; kérjük, válasszon az alábbi táblázatból.",
    "programs.ambiguous": "Az igény több tananyagra is illik; kérjük, írja meg, melyikre gondolt.",
}


def wanted(applicant: Applicant) -> tuple[str, ...]:
    """ProBono identifiers that resolve, in the catalogue's order, contained modules left out."""
    found = {m.programs[0] for m in applicant.programs if m.status == "resolved" and m.programs[0] in programs()}
    contained = {c for p in found for c in programs()[p].contains}
    return tuple(p for p in programs() if p in found and p not in contained)


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if not applicant.programs:
            yield Finding("programs.missing", index)
        said: set[tuple[str, str]] = set()
        for mention in applicant.programs:
            wish = (mention.status, mention.value.text)
            if mention.status != "resolved" and wish not in said:
                said.add(wish)
                yield Finding(f"programs.{mention.status}", index, mention.value.text, mention.programs)
