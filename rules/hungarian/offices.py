"""Words of office in an address: whether a piece of it names a job, an office or an organisation.

Whole tokens and compounds that are wholly made of such words count, never beginnings: words of office begin real names
(ado: Adorján). The words stand in offices.toml.
"""

from __future__ import annotations

from functools import cache, lru_cache

from rules.hungarian.lexicon import load

SHORTEST_PLACE = 3  # letters; "Ág", "Sé" are villages, and anybody's initials
_DEEPEST = 4  # pieces that a compound may have before its last
_SAFE_FROM = 4  # letters; a shorter word of office begins too many names ("ber": Bernadett)


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """(parts, whole, tails) of offices.toml; what is a part needs to be nothing else."""
    file = load("offices.toml")
    parts, whole, tails = file.data["parts"], file.data["whole"], file.data["tails"]
    return (
        frozenset(parts),
        frozenset(file.words(parts, whole)) - {*parts},
        frozenset(file.words(parts, tails)) - {*parts},
    )


@cache
def freemail() -> frozenset[str]:
    """Domains of free mail: they say nothing of a person or a place."""
    return frozenset(load("offices.toml").data["freemail"])


@cache
def examples() -> frozenset[str]:
    """Addresses that stand in the FAQ and are nobody's."""
    return frozenset(load("offices.toml").data["examples"])


def is_whole(local: str) -> bool:
    """Whether a whole local part, or a whole token of one, is an office of its own: "info", "no-reply"."""
    return local in _words()[1]


@lru_cache(maxsize=8192)
def is_office(token: str, places: frozenset[str] = frozenset()) -> bool:
    """Whether the whole token is a word of office or a compound of such words, a settlement of `places` glued on
    counted in."""
    return is_whole(token) or _is_compound(token, places, office=False, depth=0)


def _is_compound(rest: str, places: frozenset[str], office: bool, depth: int) -> bool:
    """Whether `rest` is made of words of office and places; `office`: one stood before it already."""
    if not rest:
        return office
    if depth > _DEEPEST:
        return False
    for length in range(len(rest), 0, -1):
        piece, tail = rest[:length], rest[length:]
        if _is_piece(piece, tail, office, depth) and _is_compound(tail, places, True, depth + 1):
            return True
        if length >= SHORTEST_PLACE and piece in places and _is_compound(tail, places, office, depth + 1):
            return True
    return False


def _is_piece(piece: str, tail: str, office: bool, depth: int) -> bool:
    """Whether `piece`, before `tail`, is a word of office here, or an ending behind one."""
    parts, _, tails = _words()
    if office and piece in tails:
        return True
    safe = len(piece) >= _SAFE_FROM or depth > 0 or not tail
    return piece in parts and (safe or tail in parts or (len(tail) > 2 and tail in tails))
