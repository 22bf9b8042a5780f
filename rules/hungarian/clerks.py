"""Who is called a jegyző: by a display name, by an address, or as somebody whom the mail names.

jegyző, aljegyző, főjegyző, címzetes főjegyző, körjegyző; the clerk's office is not the clerk ("jegyzői titkárság",
jegyzoiiroda@, "jegyzői referens").
"""

from __future__ import annotations

import re
from functools import lru_cache

from rules.hungarian.addresses import tokens
from rules.hungarian.names import parts
from rules.hungarian.words import fold, key

# "jegyzőt helyettesítő aljegyző", "jegyzői feladatokat ellátó" stand for the clerk as well.
_TITLE = re.compile(r"\b(?:al|fo|kor)?jegyzo(?:je|nk|jenk)?\b|\bjegyzoi feladat|\bjegyzo[ti] helyettes")
_OFFICE = re.compile(
    r"megbiz(?!ott\b)|neveben|titkar|iroda|referens|asszisztens|osztaly|kabinet|csoport|"
    r"ugyintezo|munkatars|eloado|hivatal\b|korjegyzoseg"
)
_LOCAL = re.compile(r"^(?:m?b?\.?)(?:al|fo|kor|cimzetes|cimzetesfo)?jegyzo(?:je|nk|no|asszony|ur)?$")
_GLUED = re.compile(r"(?:al|fo|kor)?jegyzo")


def says_clerk(text: str) -> bool:
    """Whether a display name or line calls its person the jegyző; "jegyzői titkárság" and the like do not."""
    words = key(text)
    return bool(_TITLE.search(words)) and not _OFFICE.search(words)


@lru_cache(maxsize=4096)
def is_clerk_address(address: str) -> bool:
    """By the local part: jegyzo@, aljegyzo@, jegyzo.falu@, falu.jegyzo@, jegyzofalu@, falujegyzo@; not
    jegyzoiiroda@."""
    words = tokens(address.rpartition("@")[0])
    if any(_OFFICE.search(word) for word in words):
        return False
    return any(_LOCAL.match(word) or _is_glued(word) for word in words)


def _is_glued(word: str) -> bool:
    """ "jegyzofalu", "falujegyzo"; but not the adjective ("jegyzoifalu") nor a wife's name ("jegyzone")."""
    match = _GLUED.search(word)
    if match is None or (match.start() > 0 and match.end() < len(word)):
        return False
    rest = word[: match.start()] + word[match.end() :]
    return not rest.startswith("i") and not rest.endswith("ne")


def is_called(name: str, display: str, address: str) -> bool:
    """Whether the person of this address is the one of that name, by the display name or by the local part
    ("mikolajos.dr" of dr. Mikó Lajos)."""
    words = {fold(word) for word in parts(name)}
    if len(words) < 2:
        return False
    shown = {fold(word) for word in parts(display)}
    local = set(tokens(address.rpartition("@")[0])) - {"dr"}
    if words <= shown or (len(shown) > 1 and shown <= words) or words <= local:
        return True
    return any(all(word in token for word in words) for token in local)
