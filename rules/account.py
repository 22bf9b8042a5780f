"""People who have an account (POLICY section 3): "`account.known`: the person (by address) already has an account or is
already queued, and asks for no program that is new to them."

A known address whose holder now works for another body is for a person (`account.changed`). `account.known` is a
remark, not a problem to ask about: alone it makes the outcome `known`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.hungarian.places import same_body
from rules.model import Facts, Finding, Request
from rules.programs import wanted

CODES = {
    "account.changed": "Ezzel az e-mail-címmel eddig más munkahelyen szerepelt a kérelmező; munkatársunk egyezteti.",
    "account.known": (
        "A kérelmező ezzel az e-mail-címmel már rendelkezik hozzáféréssel, vagy már beírásra vár a kért tananyagokra."
    ),
}


def fresh(applicant_programs: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    """Of the wanted programs those that the person does not have yet."""
    return tuple(p for p in applicant_programs if p not in known)


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        account = facts.accounts.get(applicant.one("email") or "")
        if account is None:
            continue
        programs, body = wanted(applicant), applicant.one("municipality")
        if account.municipality and body and not same_body(account.municipality, body):
            yield Finding("account.changed", index, account.municipality)
        if programs and not fresh(programs, account.programs):
            yield Finding("account.known", index, account.address)
