"""The applicant's address (POLICY section 3): "one address, syntactically valid, that belongs to a person."

It is nobody's own when it holds a job, an office or a settlement, when two applicants have it, when somebody else has
an account with it, or when it clearly spells another person's full name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rules.hungarian.addresses import is_personal, is_valid, is_wholly, own_words, spells_another
from rules.hungarian.names import same_person
from rules.model import Applicant, Facts, Finding, Request

CODES = {
    "email.missing": "Kérjük, adja meg a kérelmező egyedi, személyhez köthető e-mail-címét.",
    "email.invalid": "A megadott e-mail-cím formailag hibás; kérjük, ellenőrizze és küldje meg újra.",
    "email.not_personal": (
        "A megadott e-mail-cím nem személyhez, hanem munkakörhöz vagy szervezethez kötődik. A tanulói fiók "
        "személyhez kötött, ezért kérjük, adjon meg a kérelmező nevéhez köthető címet."
    ),
    "email.shared": (
        "Ugyanaz az e-mail-cím több személyhez tartozik. Minden kérelmezőnek saját, egyedi címre van szüksége; "
        "kérjük, adjon meg ilyet."
    ),
    "email.other_person": "A megadott e-mail-cím más személy nevét tartalmazza.",
    "email.conflict": "Ugyanahhoz a kérelmezőhöz több különböző e-mail-cím szerepel a levélben.",
}


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    borne = Counter(applicant.one("email") for applicant in request.applicants)
    municipalities = tuple(dict.fromkeys(v.text for a in request.applicants for v in a.municipality))
    for index, applicant in enumerate(request.applicants):
        address = applicant.one("email") or ""
        if len(applicant.email) > 1:
            yield Finding("email.conflict", index, " / ".join(v.text for v in applicant.email))
        elif "@" not in address:
            yield Finding("email.missing", index)
        elif not is_valid(address):
            yield Finding("email.invalid", index, address)
        else:
            shared = borne[address] > 1 or _is_somebody_elses(address, applicant, facts)
            for code in _whose(address, index, request.applicants, shared, municipalities):
                yield Finding(code, index, address)


def _whose(
    address: str, index: int, applicants: tuple[Applicant, ...], shared: bool, municipalities: tuple[str, ...]
) -> Iterator[str]:
    """The codes of a valid address that is not this applicant's alone."""
    names, aliases = _names(applicants[index]), applicants[index].aliases
    if shared:
        yield "email.shared"
    if not is_personal(address, own_words((*names, *aliases)), municipalities):
        yield "email.not_personal"
    elif not shared and spells_another(address, names, aliases):
        others = (applicant for i, applicant in enumerate(applicants) if i != index)
        of_the_mail = any(is_wholly(address, (*_names(other), *other.aliases)) for other in others)
        yield "email.shared" if of_the_mail else "email.other_person"


def _names(applicant: Applicant) -> list[str]:
    return [value.text for value in applicant.name]


def _is_somebody_elses(address: str, applicant: Applicant, facts: Facts) -> bool:
    """Registered already under another name. A married or shortened name is the same person's."""
    account = facts.accounts.get(address)
    if account is None or not account.name or not applicant.name:
        return False
    return not same_person(account.name, applicant.name[0].text)
