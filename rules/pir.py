"""The PIR (POLICY section 3): "six digits, however grouped, under a label or in a PIR column. A labelled value that is
not six digits is invalid. A tax number is no PIR. Six digits whose check digit fails are invalid, unless the loaded
register has them."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.hungarian.places import same_body
from rules.model import Applicant, Body, Facts, Finding, Request

CODES = {
    "pir.missing": "Kérjük, adja meg a munkahely hatjegyű PIR számát (törzskönyvi azonosítóját).",
    "pir.invalid": (
        "A megadott PIR szám nem lehet helyes. A PIR szám (törzskönyvi azonosító) hatjegyű; "
        "kérjük, ellenőrizze és küldje meg újra."
    ),
    "pir.other_body": (
        "A megadott PIR szám a nyilvántartás szerint más szervezeté. "
        "Kérjük, ellenőrizze a PIR számot és a munkahely nevét."
    ),
    "pir.conflict": "Ugyanahhoz a munkahelyhez több különböző PIR szám szerepel a levélben.",
}

_WEIGHTS = (9, 7, 3, 1, 9)  # DOMAIN.md: holds for 24,962 of the 24,963 numbers of the public register
_GROUPED = re.compile(r"[\s.\-–_/]+")


def digits(written: str) -> str | None:
    """The six digits of a PIR however grouped; None when it is not six digits. 734246.0 is a spreadsheet's way to
    write 734246."""
    text = _GROUPED.sub("", re.sub(r"\.0+$", "", written.strip()))
    return text if re.fullmatch(r"[0-9]{6}", text) else None


def check_digit(number: str) -> bool:
    """d6 = (10 - (9 d1 + 7 d2 + 3 d3 + 1 d4 + 9 d5) mod 10) mod 10, and the first digit is 3 to 8."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return number[0] in "345678" and int(number[5]) == (10 - total % 10) % 10


def is_valid(written: str, facts: Facts) -> bool:
    """Whether it is six digits that the register has, or whose check digit holds."""
    number = digits(written)
    return number is not None and (number in facts.register or check_digit(number))


def registered(applicant: Applicant, facts: Facts) -> Body | None:
    """The body that the loaded register has under the applicant's PIR."""
    return facts.register.get(digits(applicant.one("pir") or "") or "")


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if len(applicant.pir) > 1:
            yield Finding("pir.conflict", index, " / ".join(v.text for v in applicant.pir))
        elif not applicant.pir:
            yield Finding("pir.missing", index)
        elif not is_valid(applicant.pir[0].text, facts):
            yield Finding("pir.invalid", index, applicant.pir[0].text)
        elif (body := registered(applicant, facts)) is not None:
            named = applicant.one("municipality")
            if named and not same_body(body.name, named):
                yield Finding("pir.other_body", index, f"{applicant.pir[0].text}: {body.name}")
