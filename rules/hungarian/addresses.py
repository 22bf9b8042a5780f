"""E-mail addresses: their syntax, the words of their local part, and whose name these spell.

`own` is always the folded words of the person's own names (`own_words`): they win over every word of office.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.hungarian.names import given_names, is_title, nicknames, parts, surnames
from rules.hungarian.offices import SHORTEST_PLACE, freemail, is_office, is_whole
from rules.hungarian.places import place
from rules.hungarian.words import fold

_LEAST_GLUED = 4  # letters of each half of "pintergabriella"
_BESIDE_NAME = {"dr", "ne", "ifj", "id"}


@lru_cache(maxsize=8192)
def is_valid(address: str) -> bool:
    """Syntax by email-validator; Hungarian mailboxes are ASCII, so an accent is a typing error."""
    from email_validator import EmailNotValidError, validate_email

    if not address.isascii():
        return False
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return False
    return "." in address.rpartition("@")[2]


def tokens(local: str) -> list[str]:
    """The words of a local part: split at dots, underscores, hyphens and digits."""
    return re.findall(r"[a-z]+", fold(local))


def _local(address: str) -> list[str]:
    return tokens(address.rpartition("@")[0])


# ------------------------------------------------------------------ the person's own words


def own_words(names: Iterable[str]) -> frozenset[str]:
    """The folded words of a person's names; for Jánosné János and Jánosné, for Kiss-Nagy all three."""
    return frozenset(piece for name in names for part in parts(name) for piece in _pieces(fold(part).strip(".")))


def _pieces(word: str) -> set[str]:
    pieces = {piece for piece in (word, *word.split("-"), word.replace("-", "")) if len(piece) > 1}
    pieces |= {piece[:-2] for piece in pieces if piece.endswith("ne") and len(piece) > 4}
    if "-" in word:  # "kh.panna" of Krizsán-Hegedűs Panna
        pieces.add("".join(piece[:1] for piece in word.split("-")))
    return pieces


def _is_own(token: str, own: frozenset[str]) -> bool:
    """An own name, or own names glued or shortened: "ronaib", "kovacsanna", "jegyzoanna" of Jegyző Anna."""
    if token in own:
        return True
    rest = token
    for word in sorted(own, key=len, reverse=True):
        if len(word) > 2 and word in rest:
            rest = rest.replace(word, "", 1)
    return rest != token and (len(rest) <= 2 or rest in _BESIDE_NAME or any(word.startswith(rest) for word in own))


def _is_mine(word: str, own: frozenset[str]) -> bool:
    """An own name, whole, glued, shortened, or its nickname."""
    return _is_own(word, own) or _is_nickname([word], own) or _begins(word, own) or _abbreviates(word, own)


def _begins(word: str, own: frozenset[str]) -> bool:
    return len(word) > 2 and any(o.startswith(word) for o in own)


def _abbreviates(word: str, own: frozenset[str]) -> bool:
    return len(word) > 2 and any(len(o) > 2 and (o.startswith(word[:4]) or word.startswith(o)) for o in own)


def _is_nickname(words: Iterable[str], own: frozenset[str]) -> bool:
    """Whether one of the words is short for an own given name, or begins as one does."""
    givens = [o for o in own if o in given_names()]
    return any(set(nicknames().get(word, ())) & own or any(o[:3] == word[:3] for o in givens) for word in words)


# ------------------------------------------------------------------ a person's, or an office's


def places_of(address: str, municipalities: Sequence[str]) -> frozenset[str]:
    """Folded settlement names that the mail itself gives: in its bodies' names, and the address's domain unless that
    is a free provider's."""
    out = set()
    for name in municipalities:
        settlement = place(name)
        out |= {settlement.replace(" ", ""), *(word for word in settlement.split() if len(word) > 4)}
        if settlement.endswith("i") and len(settlement) > 4:
            out.add(settlement[:-1].replace(" ", ""))
    domain = address.rpartition("@")[2]
    labels = domain.split(".")
    if domain not in freemail() and len(labels) >= 2:
        out |= {labels[-2], labels[-2].replace("-", "")}
    return frozenset(name for name in out if len(name) >= SHORTEST_PLACE)


def is_personal(address: str, own: frozenset[str], municipalities: Sequence[str] = ()) -> bool:
    """Whether the local part names a person, or at least nothing but one (a nickname, initials).

    False for an office, an organisation or a settlement, alone or beside a person.
    """
    local = fold(address.rpartition("@")[0])
    if "-" in local and is_whole(local):  # e-mail@, no-reply@
        return False
    places = places_of(address, municipalities)
    words = tokens(local)
    if any(_is_impersonal(word, own, places) for word in words):
        return False
    whole = "".join(words)  # "alma.kert" of Almakert
    return len(words) < 2 or not _is_place(whole, own, places) or _is_own(whole, own)


def _is_impersonal(token: str, own: frozenset[str], places: frozenset[str]) -> bool:
    if _is_own(token, own):
        return False
    return _is_place(token, own, places) or is_office(token, places) or _is_glued_office(token, own)


def _is_place(token: str, own: frozenset[str], places: frozenset[str]) -> bool:
    """A settlement of the mail, unless it is the person's own name too (Polgár, Makó, Szentes)."""
    return token in places and not any(token == word or (len(token) > 4 and word.startswith(token)) for word in own)


def _is_glued_office(token: str, own: frozenset[str]) -> bool:
    """ "penzugykovacs", "kovacsado": an office glued to the person's own name."""
    rests = [token.removeprefix(word) for word in own if len(word) > 2 and token.startswith(word)]
    rests += [token.removesuffix(word) for word in own if len(word) > 2 and token.endswith(word)]
    return any(len(rest) > 2 and is_office(rest) for rest in rests)


# ------------------------------------------------------------------ whose name it spells


def spells(address: str, name: str) -> bool:
    """Whether an address's local part is spelled from the name: a family or given name of it whole, or its initials and
    one of them. Quick, because every address of a mail is compared with every name."""
    local, written = _local_part(address), _spelling(name)
    if not written.long.isdisjoint(local.words):
        return not _is_anothers(local, written) or len([word for word in local.words if word in written.own]) > 1
    if not written.own.isdisjoint(local.official) or any(word in local.glued for word in written.longer):
        return True
    return len(written.surname) > 3 and local.glued.startswith(written.surname[:4])


@dataclass(frozen=True, slots=True)
class _LocalPart:
    """The words of a local part, one by one and glued; the given names among them; what their nicknames stand for."""

    words: tuple[str, ...]
    glued: str
    given: tuple[str, ...]
    official: frozenset[str]


@lru_cache(maxsize=1024)
def _local_part(address: str) -> _LocalPart:
    words = tuple(_local(address))
    given = tuple(word for word in words if word in given_names())
    official = frozenset(name for word in words for name in nicknames().get(word, ()))
    return _LocalPart(words, "".join(words), given, official)


@dataclass(frozen=True, slots=True)
class _Spelling:
    """What an address may be spelled from: a name's folded words, those of over three and four letters, the first.

    `beginnings`: the words themselves, and what they begin with, from four letters on.
    """

    own: frozenset[str]
    beginnings: frozenset[str]
    long: frozenset[str]
    longer: tuple[str, ...]
    surname: str


@lru_cache(maxsize=1024)
def _spelling(name: str) -> _Spelling:
    own, words = own_words([name]), parts(name)
    long, longer = frozenset(word for word in own if len(word) > 3), tuple(word for word in own if len(word) > 4)
    beginnings = own | {word[:n] for word in own for n in range(4, len(word))}
    return _Spelling(own, beginnings, long, longer, fold(words[0]) if words else "")


def _is_anothers(local: _LocalPart, name: _Spelling) -> bool:
    """A given name that is neither the person's own, nor the beginning of it, nor short for it."""
    return any(word not in name.beginnings and name.own.isdisjoint(nicknames().get(word, ())) for word in local.given)


def is_wholly(address: str, names: Iterable[str]) -> bool:
    """Whether every word of the local part is the person's: "kovacs.anna" is Kovács Anna's."""
    own = own_words(names)
    words = [word for word in _local(address) if len(word) > 2]
    return bool(own) and bool(words) and all(_is_mine(word, own) for word in words)


def spells_another(address: str, names: Sequence[str], aliases: Sequence[str] = ()) -> bool:
    """Whether the local part clearly spells another person's full name: a family and a given name that are not this
    person's.

    A maiden name beside the person's given name is doubtful enough for a person to look; initials and nicknames are
    not. `aliases`: other names of the person, which say nothing of whether it is a wife's name.
    """
    own = own_words((*names, *aliases))
    words = _full_name(address)
    mine = [word for word in words if _is_mine(word, own)]
    others = [word for word in words if word not in mine]
    if not own or not others:
        return False
    if not mine:
        return True
    # One of the two is the person's. A wife's name (Nagy Jánosné) says nothing of her own given name.
    married = any(fold(part).endswith("ne") for name in names for part in parts(name))
    return not married and _half_is_anothers(mine, others, own)


def _half_is_anothers(mine: list[str], others: list[str], own: frozenset[str]) -> bool:
    """Beside an own word: a given name that is not the person's, or beside the own given name a family name."""
    known = given_names()
    if any(word in known for word in mine):
        return any(len(word) > 3 and word not in known and not _abbreviates(word, own) for word in others)
    givens = [word for word in others if word in known]
    return bool(givens) and not _is_nickname(givens, own)


def _full_name(address: str) -> list[str]:
    """The words of a local part that spells a full name, a given name among them; none for every other one."""
    words = [word for word in _local(address) if not is_title(word)]
    if len(words) == 1:
        words = list(_unglued(words[0]))
    words = [word for word in words if len(word) > 2]
    return words if len(words) > 1 and any(word in given_names() for word in words) else []


def _unglued(token: str) -> tuple[str, ...]:
    """ "pintergabriella" -> (pinter, gabriella), when the family half is a common family name."""
    for cut in range(_LEAST_GLUED, len(token) - _LEAST_GLUED + 1):
        head, tail = token[:cut], token[cut:]
        if tail in given_names() and head in surnames():
            return head, tail
        if head in given_names() and tail in surnames():
            return tail, head
    return ()
