"""The applicant's address (POLICY section 3): one address, syntactically valid, that belongs to a person.

Whole tokens and known compounds are matched, never prefixes: role words begin real names (ado: Adorján). The
applicant's own name wins.
Words of office stand in offices.toml.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache

from rules.hungarian.lexicon import load
from rules.hungarian.words import fold, key
from rules.model import Applicant, Facts, Finding, Request
from rules.municipality import place
from rules.name import given_names, is_title, nicknames, parts, surnames

CODES = {
    "email.missing": "Kérjük, adja meg a kérelmező egyedi, személyhez köthető e-mail-címét.",
    "email.invalid": "A megadott e-mail-cím formailag hibás; kérjük, ellenőrizze és küldje meg újra.",
    "email.not_personal": "A megadott e-mail-cím nem személyhez, hanem munkakörhöz vagy szervezethez kötődik. A tanulói fiók személyhez kötött, ezért kérjük, adjon meg a kérelmező nevéhez köthető címet.",
    "email.shared": "Ugyanaz az e-mail-cím több személyhez tartozik. Minden kérelmezőnek saját, egyedi címre van szüksége; kérjük, adjon meg ilyet.",
    "email.other_person": "A megadott e-mail-cím más személy nevét tartalmazza.",
    "email.conflict": "Ugyanahhoz a kérelmezőhöz több különböző e-mail-cím szerepel a levélben.",
}

_SHORTEST_PLACE = 3  # letters; "Ág", "Sé" are villages, and anybody's initials


@cache
def _parts() -> frozenset[str]:
    return frozenset(fold(w) for w in load("offices.toml")["parts"])


@cache
def _whole() -> frozenset[str]:
    return frozenset(fold(w) for w in load("offices.toml")["whole"])


@cache
def _tails() -> frozenset[str]:
    return frozenset(load("offices.toml")["tails"])


@cache
def freemail() -> frozenset[str]:
    return frozenset(load("offices.toml")["freemail"])


@cache
def examples() -> frozenset[str]:
    return frozenset(load("offices.toml")["examples"])


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


@lru_cache(maxsize=8192)
def is_office(token: str, places: frozenset[str] = frozenset()) -> bool:
    """Whether the whole token is a word of office or a compound of such words, a settlement of `places` glued on
    counted in."""
    if token in _whole():
        return True
    return _compound(token, places, office=False, depth=0)


def _compound(rest: str, places: frozenset[str], office: bool, depth: int) -> bool:
    if not rest:
        return office
    if depth > 4:
        return False
    for length in range(len(rest), 0, -1):
        piece, tail = rest[:length], rest[length:]
        if (
            piece in _parts()
            and (length > 3 or depth or piece == rest or tail in _parts() or (len(tail) > 2 and tail in _tails()))
        ) and _compound(tail, places, True, depth + 1):
            return True
        if office and piece in _tails() and _compound(tail, places, True, depth + 1):
            return True
        if length >= _SHORTEST_PLACE and piece in places and _compound(tail, places, office, depth + 1):
            return True
    return False


def own_words(applicant: Applicant) -> frozenset[str]:
    """The folded words of the applicant's name and other names; for Jánosné János and Jánosné, for Kiss-Nagy all
    three."""
    words: set[str] = set()
    for name in [v.text for v in applicant.name] + list(applicant.aliases):
        for part in parts(name):
            word = fold(part).strip(".")
            for piece in {word, *word.split("-"), word.replace("-", "")}:
                if len(piece) > 1:
                    words.add(piece)
                    if piece.endswith("ne") and len(piece) > 4:
                        words.add(piece[:-2])
            if "-" in word:  # "kh.panna" of Krizsán-Hegedűs Panna
                words.add("".join(piece[0] for piece in word.split("-") if piece))
    return frozenset(words)


def places_of(address: str, municipalities: tuple[str, ...]) -> frozenset[str]:
    """Folded settlement names that the mail itself gives: in its bodies' names, and the address's domain unless that
    is a free provider's."""
    out = set()
    for name in municipalities:
        settlement = place(name)
        out |= {settlement.replace(" ", ""), *(w for w in settlement.split() if len(w) > 4)}
        if settlement.endswith("i") and len(settlement) > 4:
            out.add(settlement[:-1].replace(" ", ""))
    domain = address.rpartition("@")[2]
    if domain not in freemail():
        labels = domain.split(".")
        if len(labels) >= 2:
            out |= {labels[-2], labels[-2].replace("-", "")}
    return frozenset(p for p in out if len(p) >= _SHORTEST_PLACE)


_TOKENS = re.compile(r"[a-z]+(?:-[a-z]+)*")


def tokens(local: str) -> list[str]:
    """The words of a local part: split at dots, underscores, hyphens and digits."""
    return re.findall(r"[a-z]+", fold(local))


def is_personal(address: str, own: frozenset[str], municipalities: tuple[str, ...] = ()) -> bool:
    """Whether the local part names a person, or at least nothing but one (a nickname, initials).

    `own`: the applicant's folded name words. False for an office, an organisation or a settlement, alone or beside a
    person.
    """
    local = address.rpartition("@")[0]
    places = places_of(address, municipalities)
    whole = "".join(tokens(local))
    if "-" in local and fold(local) in _whole():  # e-mail@, no-reply@
        return False
    for token in tokens(local):
        if token in own or _is_own(token, own):
            continue
        if token in places and len(token) >= _SHORTEST_PLACE and not _also_a_name(token, own):
            return False
        if is_office(token, places) or _glued_office(token, own):
            return False
    return not (
        whole not in own
        and not _is_own(whole, own)
        and whole in places
        and len(tokens(local)) > 1
        and not _also_a_name(whole, own)
    )


def _is_own(token: str, own: frozenset[str]) -> bool:
    """Glued or shortened own names: "ronaib", "kovacsanna", "jegyzoanna" of Jegyző Anna."""
    rest = token
    for word in sorted(own, key=len, reverse=True):
        if len(word) > 2 and word in rest:
            rest = rest.replace(word, "", 1)
    return rest != token and (
        len(rest) <= 2 or rest in {"dr", "ne", "ifj", "id"} or any(w.startswith(rest) for w in own)
    )


def _also_a_name(token: str, own: frozenset[str]) -> bool:
    """A settlement's name that is the applicant's own too (Polgár, Makó, Szentes)."""
    return any(token == word or (len(token) > 4 and word.startswith(token)) for word in own)


def _glued_office(token: str, own: frozenset[str]) -> bool:
    """ "penzugykovacs", "kovacsado": an office glued to the applicant's own name."""
    return any(
        len(word) > 2
        and (
            (token.startswith(word) and len(token) - len(word) > 2 and is_office(token[len(word) :]))
            or (token.endswith(word) and len(token) - len(word) > 2 and is_office(token[: -len(word)]))
        )
        for word in own
    )


def spells_another(address: str, applicant: Applicant) -> bool:
    """Whether the local part clearly spells another person's full name: a family and a given name that are not the
    applicant's.

    A maiden name beside the applicant's given name is doubtful enough for a person to look; initials and nicknames
    are not.
    """
    words = [t for t in tokens(address.rpartition("@")[0]) if not is_title(t)]
    own = own_words(applicant)
    if not own:
        return False
    if len(words) == 1:
        pair = _unglue(words[0], own)
        if pair is None:
            return False
        words = list(pair)
    words = [w for w in words if len(w) > 2]
    if len(words) < 2:
        return False
    givens = [w for w in words if w in given_names()]
    if not givens:
        return False
    mine = [w for w in words if _mine(w, own)]
    others = [w for w in words if w not in mine]
    if not others:
        return False
    if not mine:
        return True
    # One of the two is the applicant's. A wife's name (Nagy Jánosné) says nothing of her own given name.
    married = any(w.endswith("ne") for name in applicant.name for w in map(fold, parts(name.text)))
    other_given = [w for w in others if w in given_names()]
    mine_given = [w for w in mine if w in given_names()]
    if other_given and not mine_given:
        return not married and not _nickname_of_own(other_given, own)
    return (
        bool(mine_given)
        and any(
            len(w) > 3 and w not in given_names() and (w in surnames() or not married) and not _abbreviates(w, own)
            for w in others
        )
        and not married
    )


def _mine(word: str, own: frozenset[str]) -> bool:
    return (
        word in own
        or _is_own(word, own)
        or _nickname_of_own([word], own)
        or any(len(word) > 2 and o.startswith(word) for o in own)
        or _abbreviates(word, own)
    )


def _abbreviates(word: str, own: frozenset[str]) -> bool:
    return any(len(word) >= 3 and (o.startswith(word[:4]) or word.startswith(o)) for o in own if len(o) > 2)


def _nickname_of_own(words: list[str], own: frozenset[str]) -> bool:
    return any(
        set(nicknames().get(w, ())) & own or any(o[:3] == w[:3] for o in own if o in given_names()) for w in words
    )


_LEAST_GLUED = 4  # letters of each half


def _unglue(token: str, own: frozenset[str]) -> tuple[str, str] | None:
    """ "pintergabriella" -> (pinter, gabriella), when the family half is a common family name."""
    for cut in range(_LEAST_GLUED, len(token) - _LEAST_GLUED + 1):
        head, tail = token[:cut], token[cut:]
        if tail in given_names() and head in surnames():
            return head, tail
        if head in given_names() and tail in surnames():
            return tail, head
    return None


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    counted = Counter(a.one("email") for a in request.applicants if a.one("email"))
    municipalities = tuple(dict.fromkeys(v.text for a in request.applicants for v in a.municipality))
    for index, applicant in enumerate(request.applicants):
        if len(applicant.email) > 1:
            yield Finding("email.conflict", index, " / ".join(v.text for v in applicant.email))
            continue
        address = applicant.one("email")
        if not address or "@" not in address:
            yield Finding("email.missing", index)
            continue
        if not is_valid(address):
            yield Finding("email.invalid", index, address)
            continue
        shared = counted[address] > 1 or _somebody_elses(address, applicant, facts)
        if shared:
            yield Finding("email.shared", index, address)
        if not is_personal(address, own_words(applicant), municipalities):
            yield Finding("email.not_personal", index, address)
        elif not shared and spells_another(address, applicant):
            others = [a for i, a in enumerate(request.applicants) if i != index]
            if not any(_fits(address, other) for other in others):
                yield Finding("email.other_person", index, address)
            else:
                yield Finding("email.shared", index, address)


def _fits(address: str, applicant: Applicant) -> bool:
    own = own_words(applicant)
    words = [t for t in tokens(address.rpartition("@")[0]) if len(t) > 2]
    return bool(own) and bool(words) and all(_mine(w, own) for w in words)


def _somebody_elses(address: str, applicant: Applicant, facts: Facts) -> bool:
    """Registered already under another name (POLICY: email.shared). A married or shortened name is the same
    person's."""
    account = facts.accounts.get(address)
    if account is None or not account.name or not applicant.name:
        return False
    return not same_person(account.name, applicant.name[0].text)


def same_person(a: str, b: str) -> bool:
    """Whether two names can be one person's: the same words in any order, or one name within the other."""
    x, y = {key(w) for w in parts(a)}, {key(w) for w in parts(b)}
    return bool(x) and bool(y) and (x <= y or y <= x)
