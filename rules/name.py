"""The applicant's name (POLICY section 3): at least two parts, family and given name; titles do not count; "Nagy
Jánosné" does.

A single word is no name and the field is left empty. Also: which words are names, and the split that Moodle needs
(DOMAIN.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from rules.hungarian.lexicon import load
from rules.hungarian.words import ENDINGS, fold, squeeze
from rules.model import Facts, Finding, Request

CODES = {
    "name.missing": "Kérjük, adja meg a kérelmező teljes nevét (családi és utónév).",
    "name.conflict": "A levélben több különböző név szerepel ugyanannál a kérelmezőnél.",
}

_TITLE = re.compile(r"(?:dr|drs|prof|ifj|id|ozv|mb|phd|habil|ll\s?m|m\s?sc|b\s?sc|dla|csc)\.?,?$")
TITLES_AHEAD = ("dr.", "ifj.", "id.", "özv.", "prof.")


def is_title(word: str) -> bool:
    return bool(_TITLE.match(fold(word)))


def parts(name: str) -> list[str]:
    """The words of the name without titles: "Kovácsné dr. Tóth Ilona" has three. An initial ("M. Kiss") counts as a
    word."""
    return [word for word in name.replace(",", " ").split() if not is_title(word) and any(c.isalpha() for c in word)]


@cache
def given_names() -> dict[str, str]:
    """Every given name by its folded form."""
    data = load("given_names.toml")
    return {fold(name): name for name in (*data["male"], *data["female"])}


@cache
def _doubtful() -> frozenset[str]:
    """Given names that are family names as often."""
    return frozenset(fold(name) for name in load("given_names.toml")["ambiguous"])


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Folded nickname -> folded official names."""
    return {fold(k): tuple(fold(n) for n in v) for k, v in load("given_names.toml")["nicknames"].items()}


@cache
def surnames() -> frozenset[str]:
    """Common family names, folded: enough to tell a name from other words, never a condition for one."""
    return frozenset(fold(name) for name in load("surnames.toml")["common"])


@lru_cache(maxsize=16384)
def given(word: str) -> str | None:
    """The nominative of `word` if it is a given name in any case ("Annát" -> "Anna", "Péterrel" -> "Péter"), else
    None."""
    word = word.strip(".,;:()!?\"'")
    folded, known = fold(word), given_names()
    if folded in known:
        return word
    if "-" in folded:  # Anna-Mária
        head, _, tail = word.rpartition("-")
        inner = given(tail)
        if inner and given(head):
            return f"{head}-{inner}"
        if given(head) and fold(tail) in ENDINGS:
            return head
    # The longest stem first ("Ilonával" is of Ilona, not of Ilon); a final short vowel is long before an ending,
    # where accents are written at all.
    stems = sorted((base for base in _bases(folded) if base in known and _is_case(folded, base)), key=len, reverse=True)
    for base in [*(b for b in stems if _fits(known[b][-1].lower(), word[len(b) - 1].lower())), *stems]:
        stem = word[: len(base)]
        if doubled := _DOUBLED.search(folded):
            stem = word[: doubled.start()] + word[doubled.start() + 1 : -2]
        if known[base][-1:] in "aeoö" and stem[-1:] in "áéóő" and known[base][-1:] != stem[-1:]:
            stem = stem[:-1] + ("a" if stem[-1] in "á" else "e" if stem[-1] == "é" else known[base][-1])
        return stem
    return None


_LONG = {"a": "á", "e": "é", "o": "ó", "ö": "ő"}


def _fits(last: str, written: str) -> bool:
    """Whether a name that ends in `last` is written with this letter before an ending."""
    return written == _LONG.get(last, last) or last not in "aáeéiíoóöőuúüű"


# Case endings that a name of one person takes, folded; no plurals ("Marián" + "ak" is no way to read "Máriának").
_CASES = frozenset(
    [
        "t",
        "at",
        "et",
        "ot",
        "nak",
        "nek",
        "val",
        "vel",
        "ra",
        "re",
        "rol",
        "tol",
        "hoz",
        "hez",
        "nal",
        "nel",
        "ban",
        "ben",
        "ba",
        "be",
        "bol",
        "ert",
        "kent",
        "on",
        "en",
        "n",
        "ig",
        "e",
        "eet",
        "eert",
        "eval",
        "evel",
        "ek",
        "eknek",
        "ekat",
        "ekhoz",
        "eknel",
        "ekat",
        "ektol",
        "ekra",
        "ekkel",
        "us",
    ]
)


def _is_case(folded: str, base: str) -> bool:
    """Whether what stands behind the name is a case ending, or a doubled consonant with -al, -el ("Péterrel")."""
    rest = folded[len(base) :]
    return rest in _CASES or (
        rest[-2:] in {"al", "el"}
        and ((len(rest) == 3 and base.endswith(rest[0])) or _DOUBLED.search(folded) is not None)
    )


@lru_cache(maxsize=16384)
def wife(word: str) -> str | None:
    """The nominative of a -né form ("Jánosné", "Kovácsnénak" -> "Kovácsné"), else None."""
    word = word.strip(".,;:()!?\"'")
    folded = fold(word)
    for base in (folded, *_bases(folded)):
        if base.endswith("ne") and len(base) >= 5 and base not in given_names():  # Adrienne is nobody's wife
            written = word[: len(base)]
            stem = base[:-2]
            if written.endswith(("né", "NÉ")):
                if (
                    base != folded
                    and stem not in given_names()
                    and stem not in surnames()
                    and base[:-1] in given_names()
                ):
                    continue  # "Ödönét": what is Ödön's
                return written
            # Without its accent: "Kovacsne", "Peternenek"; but "Péternek" is Péter's dative.
            if (stem in given_names() or stem in surnames()) and folded != f"{base}k":
                return written
    return None


_DOUBLED = re.compile(r"([cglnstz])\1[yzs][ae]l$")


@lru_cache(maxsize=16384)
def _bases(folded: str) -> tuple[str, ...]:
    out = [folded[: -len(e)] for e in ENDINGS if folded.endswith(e) and len(folded) - len(e) >= 3]
    if len(folded) > 5 and folded[-2:] in {"al", "el"} and folded[-3] == folded[-4]:
        out.append(folded[:-3])
    if (doubled := _DOUBLED.search(folded)) is not None:  # "Mihállyal", "Balázzsal"
        out.append(folded[: doubled.start()] + folded[doubled.start() + 1 : -2])
    return tuple(out)


def tidy(name: str) -> str:
    """The name as it is written in a list: single spaces, titles before it in small letters, no all-capitals."""
    words = squeeze(name).strip(" ,;:-–").split()
    out: list[str] = []
    for word in words:
        if is_title(word) and fold(word).rstrip(".,") in {"dr", "ifj", "id", "ozv", "prof"}:
            out.append(
                {"dr": "dr.", "ifj": "ifj.", "id": "id.", "ozv": "özv.", "prof": "prof."}[fold(word).rstrip(".,")]
            )
        elif len(word) > 2 and (word.isupper() or word.islower()):
            out.append("-".join(piece[:1].upper() + piece[1:].lower() for piece in word.split("-")))
        else:
            out.append(word)
    behind = [w for w in out[2:] if w == "dr."] if len(out) > 2 and out[-1] == "dr." else []
    if behind:  # "Szabadfi Klára dr."
        out = ["dr.", *out[:-1]]
    return " ".join(out)


def eastern(name: str) -> str:
    """Family name first: "Anna Kovács" turned round where the list of given names is sure of it."""
    words = name.split()
    plain = [w for w in words if not is_title(w)]
    if len(plain) in {2, 3} and "," not in name:
        folded = [fold(w) for w in plain]
        if (
            folded[0] in given_names()
            and folded[-1] not in given_names()
            and folded[0] not in _doubtful()
            and wife(plain[-1]) is None
            and wife(plain[0]) is None
        ):
            titles = [w for w in words if is_title(w)]
            return " ".join([*titles, plain[-1], *plain[:-1]])
    return name


def split(name: str) -> tuple[str, str]:
    """(lastname, firstname) as Moodle takes them (DOMAIN.md, "Names of persons"). A title or initial before belongs
    to the lastname."""
    words = name.split()
    solid = [i for i, w in enumerate(words) if not is_title(w) and not re.fullmatch(r"\w\.", w)]
    if len(solid) < 2:
        return (name, name) if solid or words else ("", "")
    cut = solid[-1]
    if len(solid) >= 3 and wife(words[solid[-1]]) is None:
        before = solid[-2]
        if (
            fold(words[before]) in given_names()
            and wife(words[before]) is None
            and not (
                len(solid) == 3
                and wife(words[solid[0]]) is not None
                and fold(words[before]) in _doubtful() | surnames()
            )
        ):
            cut = before
    last, first = words[:cut], words[cut:]
    if is_title(first[-1]):  # "Kiss Anna dr.": the title goes ahead
        last, first = [first[-1], *last], first[:-1]
    return " ".join(last), " ".join(first)


def is_full(name: str) -> bool:
    return len(parts(name)) >= 2


def check(request: Request, facts: Facts) -> Iterator[Finding]:
    for index, applicant in enumerate(request.applicants):
        if len(applicant.name) > 1:
            yield Finding("name.conflict", index, " / ".join(v.text for v in applicant.name))
        elif not applicant.name or not is_full(applicant.name[0].text):
            yield Finding("name.missing", index)
