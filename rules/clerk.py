"""The clerk in copy (POLICY section 4), once a mail: a recipient other than our own address, or the sender, is the
jegyző.

Who is one: the local part or the display name says so; the mail names that person or address as the jegyző; the
register has the address.
The clerk's office is not the clerk ("jegyzői titkárság", jegyzoiiroda@, "jegyzői referens").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rules.email import tokens
from rules.hungarian.words import fold, key
from rules.model import Facts, Finding, Person, Request
from rules.name import parts

CODES = {
    "clerk.missing": "Kérjük, hogy válaszát a jegyző egyidejű másolatba tételével küldje meg: kérelmet csak így áll módunkban teljesíteni.",
    "clerk.unconfirmed": "Nem látjuk, hogy a levél másolatának címzettjei között van-e a jegyző. Kérjük, tegye másolatba a jegyzőt, vagy jelezze, melyik címzett az.",
}

# jegyző, aljegyző, főjegyző, címzetes főjegyző, körjegyző; "jegyzőt helyettesítő aljegyző", "jegyzői feladatokat
# ellátó".
_TITLE = re.compile(
    r"\b(?:al|fo|kor)?\s?jegyzo(?:je|nk|jenk)?\b(?!\s*(?:titkar|iroda|referens|csoport|asszisztens|osztaly|kabinet))|\bjegyzoi feladat(?:ok|okat|ait)?(?: ellato)?|\bjegyzo(?:t|i)? helyettes"
)
_OFFICE = re.compile(
    r"(?:megbiz(?!ott\b)|neveben|titkar|iroda|referens|asszisztens|osztaly|kabinet|csoport|ugyintezo|munkatars|eloado|hivatal\b|korjegyzoseg)"
)
_LOCAL = re.compile(r"^(?:m?b?\.?)(?:al|fo|kor|cimzetes|cimzetesfo)?jegyzo(?:je|nk|no|asszony|ur)?$")
_GLUED = re.compile(r"(?:al|fo|kor)?jegyzo")


def says_clerk(text: str) -> bool:
    """Whether a display name or line calls its person the jegyző; "jegyzői titkárság" and the like do not."""
    words = key(text)
    if not _TITLE.search(words):
        return False
    return not _OFFICE.search(words)


@lru_cache(maxsize=4096)
def is_clerk_address(address: str) -> bool:
    """By the local part: jegyzo@, aljegyzo@, jegyzo.falu@, falu.jegyzo@, jegyzofalu@, falujegyzo@; not
    jegyzoiiroda@."""
    local = fold(address.rpartition("@")[0])
    words = tokens(local)
    if any(_OFFICE.search(word) for word in words):
        return False
    if any(_LOCAL.match(word) for word in words):
        return True
    for word in words:
        match = _GLUED.search(word)
        if match and (match.start() == 0 or match.end() == len(word)):
            rest = word[: match.start()] + word[match.end() :]
            if not rest.startswith("i") and not rest.endswith("ne"):
                return True
    return False


def is_clerk(person: Person, request: Request, facts: Facts) -> bool:
    """Whether this sender or recipient is the jegyző, by all that the mail and the register say."""
    if is_clerk_address(person.address) or says_clerk(person.name):
        return True
    named = set(request.clerks_named)
    if person.address in named:
        return True
    own = {fold(w) for w in parts(person.name)} or set()
    local = set(tokens(person.address.rpartition("@")[0])) - {"dr"}
    for name in named:
        if "@" in name:
            continue
        words = {fold(w) for w in parts(name)}
        if len(words) >= 2 and (
            words <= own
            or (own and len(own) >= 2 and own <= words)
            or words <= local
            or "".join(sorted(words)) == "".join(sorted(local))
            or _glued(words, local)
        ):
            return True
    return (
        any(person.address == body.clerk_address for body in facts.register.values() if body.clerk_address)
        if facts.register
        else False
    )


def _glued(words: set[str], local: set[str]) -> bool:
    """ "mikolajos.dr" of dr. Mikó Lajos: every word of the name is in one token."""
    return any(all(word in token for word in words) for token in local)


def in_copy(request: Request, facts: Facts) -> bool:
    people = (*request.recipients, *((request.sender,) if request.sender else ()))
    return request.clerk_before or any(is_clerk(person, request, facts) for person in people)


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    if in_copy(request, facts):
        return
    yield Finding("clerk.unconfirmed" if request.recipients else "clerk.missing")
