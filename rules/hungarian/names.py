"""Names of persons: which words are names, in which order and form, and when two written names are one person's.

The given names, nicknames and family names stand in given_names.toml and surnames.toml.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rules.hungarian.lexicon import load
from rules.hungarian.words import ENDINGS, fold, squeeze

_TITLE = re.compile(r"(?:dr|drs|prof|ifj|id|ozv|mb|phd|habil|ll\s?m|m\s?sc|b\s?sc|dla|csc)\.?,?$")
_AHEAD = {"dr": "dr.", "ifj": "ifj.", "id": "id.", "ozv": "özv.", "prof": "prof."}  # titles that lists write so
_AROUND = ".,;:()!?\"'"  # may stand around a word of running text

# ------------------------------------------------------------------ the words of a name


def is_title(word: str) -> bool:
    """Whether a word is a title: "dr.", "ifj.", "PhD"."""
    return bool(_TITLE.match(fold(word)))


def parts(name: str) -> list[str]:
    """The words of the name without titles: "Kovácsné dr. Tóth Ilona" has three. An initial ("M. Kiss") counts as a
    word."""
    return [word for word in name.replace(",", " ").split() if not is_title(word) and any(c.isalpha() for c in word)]


def is_full(name: str) -> bool:
    """Whether a name has a family and a given name: "Nagy Jánosné" does."""
    return len(parts(name)) >= 2


def same_name(a: str, b: str) -> bool:
    """Whether two texts write one name: the same words in any order, whatever the titles, accents and capitals."""
    words = words_of(a)
    return bool(words) and words == words_of(b)


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The words by which names are compared, sorted: equal for two ways of writing one name. () for none."""
    return tuple(sorted(_compared(name)))


def same_person(a: str, b: str) -> bool:
    """Whether two names can be one person's: all words of one are in the other ("Kovács Anna", "Kovács Anna Mária")."""
    x, y = set(_compared(a)), set(_compared(b))
    return bool(x) and bool(y) and (x <= y or y <= x)


def _compared(name: str) -> list[str]:
    """The words by which names are compared, without titles and dots."""
    words = (fold(word).strip(".-") for word in name.replace(",", " ").split() if not is_title(word))
    return [word for word in words if word]


# ------------------------------------------------------------------ the lists


@cache
def given_names() -> dict[str, str]:
    """Every given name by its folded form."""
    data = load("given_names.toml").data
    return {fold(name): name for name in (*data["male"], *data["female"])}


@cache
def _doubtful() -> frozenset[str]:
    """Given names that are family names as often."""
    file = load("given_names.toml")
    return frozenset(file.words(file.data["ambiguous"]))


@cache
def _cases() -> frozenset[str]:
    """Case endings of a name, folded; no plurals ("Marián" + "ak" is no way to read "Máriának")."""
    file = load("given_names.toml")
    return frozenset(file.words(file.data["cases"]))


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Folded nickname -> folded official names."""
    file = load("given_names.toml")
    return {fold(nickname): file.words(names) for nickname, names in file.data["nicknames"].items()}


@cache
def surnames() -> frozenset[str]:
    """Common family names, folded: enough to tell a name from other words, never a condition for one."""
    file = load("surnames.toml")
    return frozenset(file.words(file.data["common"]))


# ------------------------------------------------------------------ out of a sentence, into the nominative

_DOUBLED = re.compile(r"([cglnstz])\1[yzs][ae]l$")  # "Mihállyal", "Balázzsal"
_LONG = {"a": "á", "e": "é", "o": "ó", "ö": "ő"}
_SHORT = {"á": "a", "é": "e"}
_VOWELS = "aeiou"
_LINKED = frozenset({"at", "et", "ot"})


@lru_cache(maxsize=16384)
def given(word: str) -> str | None:
    """The nominative of `word` if it is a given name in any case ("Annát" -> "Anna", "Péterrel" -> "Péter"), else
    None."""
    word = word.strip(_AROUND)
    folded = fold(word)
    if folded in given_names():
        return word
    double = _double_given(word, folded.rindex("-")) if "-" in folded else None
    return double or _nominative(word, folded)


def _double_given(word: str, hyphen: int) -> str | None:
    """Anna-Mária, or a name whose ending stands behind a hyphen ("Jürgen-nek"); `hyphen`: where the last one is."""
    head, tail = word[:hyphen], word[hyphen + 1 :]
    if given(head) is None:
        return None
    if (last := given(tail)) is not None:
        return f"{head}-{last}"
    return head if fold(tail) in ENDINGS else None


def _nominative(word: str, folded: str) -> str | None:
    """The longest stem that is a given name ("Ilonával" is of Ilona, not of Ilon); a final short vowel is long before
    an ending, where accents are written at all."""
    known = given_names()
    stems = sorted((base for base in _bases(folded) if base in known and _is_case(folded, base)), key=len, reverse=True)
    fitting = [base for base in stems if _fits(known[base][-1].lower(), word[len(base) - 1].lower())]
    return _written(word, folded, (fitting or stems)[0]) if stems else None


def _written(word: str, folded: str, base: str) -> str:
    """The stem as `word` writes it, its last vowel short again."""
    stem = word[: len(base)]
    if doubled := _DOUBLED.search(folded):
        stem = word[: doubled.start()] + word[doubled.start() + 1 : -2]
    last, long = given_names()[base][-1], stem[-1]
    if last in "aeoö" and long.lower() in "áéóő":
        short = _SHORT.get(long.lower(), last)
        stem = stem[:-1] + (short.upper() if long.isupper() else short)
    return stem


def _fits(last: str, written: str) -> bool:
    """Whether a name that ends in `last` is written with this letter before an ending."""
    return written == _LONG.get(last, last) or last not in "aáeéiíoóöőuúüű"


def _is_case(folded: str, base: str) -> bool:
    """Whether what stands behind the name is a case ending, or a doubled consonant with -al, -el ("Péterrel")."""
    rest = folded[len(base) :]
    if base[-1] in _VOWELS and rest in _LINKED:  # "Rozaliat" is of Rozália, for Rozáli has no linking vowel
        return False
    if rest in _cases():
        return True
    with_it = rest[-2:] in {"al", "el"}
    return with_it and ((len(rest) == 3 and base.endswith(rest[0])) or _DOUBLED.search(folded) is not None)


@lru_cache(maxsize=16384)
def wife(word: str) -> str | None:
    """The nominative of a -né form ("Jánosné", "Kovácsnénak" -> "Kovácsné"), else None."""
    word = word.strip(_AROUND)
    folded = fold(word)
    for base in (folded, *_bases(folded)):
        if base.endswith("ne") and len(base) >= 5 and base not in given_names():  # Adrienne is nobody's wife
            if _is_wife(word[: len(base)], base, folded):
                return word[: len(base)]
    return None


def _is_wife(written: str, base: str, folded: str) -> bool:
    """Whether the stem `base` of the word `folded` is a wife's name, by its accent or by her husband's name."""
    husband = base[:-2] in given_names() or base[:-2] in surnames()
    if written.endswith(("né", "NÉ")):
        return base == folded or husband or base[:-1] not in given_names()  # "Istvánét": what is István's
    return husband and folded != f"{base}k"  # "Kovacsne", "Peternenek"; but "Péternek" is Péter's dative


@lru_cache(maxsize=16384)
def _bases(folded: str) -> tuple[str, ...]:
    """What a folded word may be without its ending."""
    out = [folded[: -len(e)] for e in ENDINGS if folded.endswith(e) and len(folded) - len(e) >= 3]
    if len(folded) > 5 and folded[-2:] in {"al", "el"} and folded[-3] == folded[-4]:
        out.append(folded[:-3])
    if (doubled := _DOUBLED.search(folded)) is not None:
        out.append(folded[: doubled.start()] + folded[doubled.start() + 1 : -2])
    return tuple(out)


# ------------------------------------------------------------------ how lists write a name


def tidy(name: str) -> str:
    """The name as it is written in a list: single spaces, titles before it in small letters, no all-capitals."""
    out = [_tidy_word(word) for word in squeeze(name).strip(" ,;:-–").split()]
    if len(out) > 2 and out[-1] == "dr.":  # "Szabadfi Klára dr."
        out = ["dr.", *out[:-1]]
    return " ".join(out)


def _tidy_word(word: str) -> str:
    title = _AHEAD.get(fold(word).rstrip(".,"))
    if title and is_title(word):
        return title
    if len(word) > 2 and (word.isupper() or word.islower()):
        return "-".join(piece[:1].upper() + piece[1:].lower() for piece in word.split("-"))
    return word


def eastern(name: str) -> str:
    """Family name first: "Anna Kovács" turned round where the list of given names is sure of it."""
    words = name.split()
    plain = [word for word in words if not is_title(word)]
    if len(plain) not in {2, 3} or "," in name or not _is_western(plain[0], plain[-1]):
        return name
    return " ".join([*(word for word in words if is_title(word)), plain[-1], *plain[:-1]])


def _is_western(first: str, last: str) -> bool:
    if wife(first) is not None or wife(last) is not None:
        return False
    known = given_names()
    return fold(first) in known and fold(last) not in known and fold(first) not in _doubtful()


def split(name: str) -> tuple[str, str]:
    """(lastname, firstname) as Moodle takes them (DOMAIN.md, "Names of persons"). A title or initial before belongs
    to the lastname."""
    words = name.split()
    solid = [i for i, word in enumerate(words) if not is_title(word) and not re.fullmatch(r"\w\.", word)]
    if len(solid) < 2:
        return (name, name) if words else ("", "")
    cut = solid[-2] if _has_two_given([words[i] for i in solid]) else solid[-1]
    last, first = words[:cut], words[cut:]
    if is_title(first[-1]):  # "Kiss Anna dr.": the title goes ahead
        last, first = [first[-1], *last], first[:-1]
    return " ".join(last), " ".join(first)


def _has_two_given(words: list[str]) -> bool:
    """Whether the last two words are given names: Kiss Anna Mária, but Kiss Nagy Anna and Szabóné Kiss Éva."""
    if len(words) < 3 or wife(words[-1]) is not None or wife(words[-2]) is not None:
        return False
    before = fold(words[-2])
    maiden = len(words) == 3 and wife(words[0]) is not None and before in _doubtful() | surnames()
    return before in given_names() and not maiden
