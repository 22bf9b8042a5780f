"""Names of public bodies in text: "Bakonybánk Község Önkormányzatánál" is "Bakonybánk Község Önkormányzata"."""

from __future__ import annotations

import re
from functools import lru_cache

from rules.hungarian.names import given
from rules.hungarian.words import ENDINGS, fold

# The nouns that a body's name ends with, folded, and what they are written as in the nominative with a possessive ending.
_HEADS = [
    "onkormanyzat",
    "hivatal",
    "tarsulas",
    "korjegyzoseg",
    "kirendeltseg",
    "ovoda",
    "bolcsode",
    "konyvtar",
    "intezmeny",
    "szolgalat",
    "kozpont",
    "iskola",
    "gamesz",
    "muvelodesi",
    "haz",
    "muvhaz",
    "gondnoksag",
    "gazdasagi",
    "szervezet",
    "kft",
    "nonprofit",
    "koh",
    "polg",
    "hiv",
    "onk",
    "onkorm",
    "kh",
    "ph",
    "pmh",
    "gesz",
    "munkaszervezet",
]
_HEAD = re.compile(
    r"(?<![a-z0-9@.])(?P<stem>onkormanyzat|hivatal|tarsulas|korjegyzoseg|kirendeltseg|ovoda|bolcsode|konyvtar|muvelodesi haz|muvhaz|gondozasi kozpont|szocialis szolgaltato kozpont|"
    r"csaladsegito (?:es gyermekjoleti )?(?:szolgalat|kozpont)|intezmeny|gamesz|gondnoksag|koh|polg\. ?hiv\.?|pmh|onk\.|onkorm\.|onk(?![a-z])|polgarmesteri hiv\.|kozos onk\. ?hiv\.?|kozos onkormanyzati hiv\.)(?P<rest>[a-z]{0,10})"
)
_LINK = frozenset(
    [
        "kozseg",
        "kozsegi",
        "nagykozseg",
        "nagykozsegi",
        "varos",
        "varosi",
        "megyei",
        "jogu",
        "kozos",
        "onkormanyzati",
        "onk.",
        "onk",
        "polgarmesteri",
        "polg.",
        "polg",
        "roma",
        "nemet",
        "szlovak",
        "horvat",
        "szerb",
        "cigany",
        "ruszin",
        "roman",
        "nemzetisegi",
        "kisebbsegi",
        "telepulesi",
        "helyi",
        "es",
        "fovaros",
        "fovarosi",
        "kerulet",
        "keruleti",
        "i.",
        "ii.",
        "iii.",
        "iv.",
        "v.",
        "vi.",
        "vii.",
        "viii.",
        "ix.",
        "x.",
        "xi.",
        "xii.",
        "xiii.",
        "xiv.",
        "xv.",
        "xvi.",
        "xvii.",
        "xviii.",
        "xix.",
        "xx.",
        "xxi.",
        "xxii.",
        "xxiii.",
        "szocialis",
        "kistersegi",
        "tobbcelu",
        "kistarsegi",
        "menti",
        "gyermekjoleti",
        "alapszolgaltatasi",
        "oktatasi",
        "kulturalis",
        "muvelodesi",
        "bp.",
        "hiv.",
        "kozsegek",
    ]
)
_NEVER = re.compile(
    r"^(?:tisztelt|kedves|kerem|kerjuk|magyar|allamkincstar|kincstar|onkormanyzatunk|hivatalunk|ugyanis|nalunk|munkahely\w*|munkaltato\w*|dolgozo\w*|szerv|neve|valamint|illetve|reszere|alabbi|jelen|udvozlettel|tisztelettel|koszonettel|hely|az?|mi|ez|itt|irat|asp|"
    r"kormany|jarasi|teljes|ugy|hogy|mert|november|december|oktober|szeptember|alulirott|jegyzo|jegyzoje|polgarmester|polgarmestere|regisztracio|kerelem|beiskolazasi|terv|uj|kollega|kolleganonk|munkatarsunk|targy|adoosztaly|dr\.?|fent|tovabba|ugyintezo|igazgatasi|oktatas|e-learning|hozzaferes|ker|masik|mindketten|mindharman|mindannyian|mindnyajan|ketten|harman|jelenleg|ugyancsak|szinten|egyszemelyes|ketszemelyes|kihelyezett|onallo|sajat|munkavegzes|helye|emlitett)$"
)
_LONGEST = 200  # characters of a body's name before its noun; the longest have a hundred
_SHORTEST_TOWN = 6  # letters of "bogáti"
_ROMAN = re.compile(r"^[ivx]+\.?$")
_WORD = re.compile(r"[^\s,;:()\[\]\"|<>/]+")


def find(line: str) -> list[tuple[int, int, str]]:
    """(start, end, name in the nominative) of every body named in a line. General words alone ("a hivatal") name
    none."""
    return list(_found(line))


@lru_cache(maxsize=2048)  # a line is looked at by several finders
def _found(line: str) -> tuple[tuple[int, int, str], ...]:
    folded = fold(line)
    out: list[tuple[int, int, str]] = []
    for head in _HEAD.finditer(folded):
        nominative = _nominative(line, head)
        if nominative is None or (out and head.start() < out[-1][1]):
            continue
        start = _leftwards(line, folded, head.start(), out[-1][1] if out else 0)
        if start is None:
            continue
        before = line[start : head.start()]
        name = re.sub(r"\s+", " ", f"{before}{nominative}").strip(" -–.")
        if name.islower():
            name = " ".join(w.capitalize() for w in name.split())
        if name.isupper():
            name = " ".join(w.capitalize() if not _ROMAN.match(fold(w)) and len(w) > 3 else w for w in name.split())
        end = head.end()
        if more := _AND_MORE.match(line, end):
            name, end = f"{name} és {more.group('more')}", more.end("more")
        out.append((start, end, name))
    return tuple(out)


# "Pipacs Óvoda és Bölcsőde", "Városi Könyvtár és Művelődési Központ": one institution.
_AND_MORE = re.compile(
    r"\s+és\s+(?P<more>(?:(?:Művelődési|Közösségi|Szociális|Gyermekjóléti|Családsegítő|Alapfokú|Művészeti|Mini|Egységes|Muzeális)\s+)*(?:Bölcsőde|Óvoda|Könyvtár|Központ|Ház|Szolgálat|Konyha|Iskola|Gyűjtemény|Intézmény|Színtér|Múzeum))\b"
)


def _nominative(line: str, head: re.Match[str]) -> str | None:
    stem, rest = head.group("stem"), head.group("rest")
    written = line[head.start() : head.start() + len(stem)]
    if rest in {
        "i",
        "unk",
        "unknal",
        "unknak",
        "unkban",
        "unkhoz",
        "ok",
        "unkbol",
        "unkat",
        "om",
        "unkra",
        "aink",
        "uk",
        "ain",
        "ai",
        "okat",
        "oknal",
        "unkon",
        "oknak",
    } or rest.startswith(("i", "unk", "aink")):
        return None
    if not rest:
        return written
    if stem == "ovoda" or stem == "bolcsode":
        return written if rest in ENDINGS or rest.startswith(("j", "n")) else None
    if rest[0] in "ae" and (rest[1:] == "" or rest[1:] in ENDINGS) and rest not in {"at", "an", "en"}:
        return written + ("A" if written.isupper() else "a") if rest[0] == "a" else written + "e"
    if rest in ENDINGS or rest in {"nal", "nel", "al", "sal", "tal", "lal", "sel"}:
        return written
    return None


def _leftwards(line: str, folded: str, head: int, floor: int) -> int | None:
    """Where the name begins: capitalised words, linking words and numerals before the noun, a proper one among them."""
    if head - floor > _LONGEST:
        floor = max(line.find(" ", head - _LONGEST, head), floor)
    words = [m for m in _WORD.finditer(line, floor, head)]
    start, proper = None, False
    right = head
    for match in reversed(words):
        gap = line[match.end() : right]
        if gap.strip() or len(gap) > 3:
            break
        word, plain = match.group(), folded[match.start() : match.end()]
        if plain.rstrip(".") in {"a", "az"}:
            break
        if _NEVER.match(plain) or (
            re.search(r"[.!?]$", plain)
            and plain not in _LINK
            and not _ROMAN.match(plain)
            and not re.match(r"^[ivx]+\.kerulet", plain)
        ):
            break
        if (
            plain in _LINK
            or (_ROMAN.match(plain) and plain not in {"i", "v", "x"})
            or re.match(r"^[ivx]+\.kerulet", plain)
        ):
            if plain == "es" and not proper and start is None:
                break
        elif word[0].isupper():
            proper = True
        elif (
            line.islower()
            and not proper
            and start is None
            and _small_town(plain)
            and _AT_THE_OFFICE.match(folded, match.end())
        ):
            return match.start()  # "a korosujfalui onkormanyzatnal dolgozik"
        elif (
            not proper and start is not None and plain.isalpha() and len(plain) > 2 and _all_small(line, match, folded)
        ):
            proper = True  # "fulop kozseg onkormanyzata"
            start = match.start()
            break
        else:
            break
        start, right = match.start(), match.start()
    if not proper or start is None:
        return None
    start = _behind_person(line, start, head)
    while start is not None and (m := _WORD.match(line, start)) and fold(m.group()).rstrip(".") in {"es"}:
        start = m.end() + 1
    return start


def _behind_person(line: str, start: int, head: int) -> int:
    """ "Hübner Katalin Berkenye Község": where the settlement begins behind a person's name."""
    words = list(_WORD.finditer(line, start, head))
    for i in range(1, len(words) - 1):
        following = words[i + 1].group()
        if (
            given(words[i].group()) is not None
            and given(words[i - 1].group()) is None
            and following[0].isupper()
            and fold(following) not in _LINK
        ):
            return words[i + 1].start()
    return start


_AT_THE_OFFICE = re.compile(
    r"\s*(?:polgarmesteri |kozos )*(?:onkormanyzati )?(?:onkormanyzat|hivatal)(?:nal|nel|ban|tol)\b"
)
_GENERAL = frozenset(
    [
        "helyi",
        "telepulesi",
        "nemzetisegi",
        "megyei",
        "varosi",
        "kozsegi",
        "fovarosi",
        "keruleti",
        "onkormanyzati",
        "hivatali",
        "korabbi",
        "jelenlegi",
        "mostani",
        "ottani",
        "itteni",
        "melletti",
        "kozeli",
        "masik",
        "elozo",
        "nagykozsegi",
        "helybeli",
        "sajat",
        "kisebbsegi",
        "jarasi",
        "teruleti",
        "munkahelyi",
        "eredeti",
        "fenti",
        "alabbi",
        "polgarmesteri",
        "kozos",
        "szekhely",
        "regi",
        "mai",
        "mindenkori",
        "egykori",
    ]
)


def _small_town(word: str) -> bool:
    """ "körösújfalui": what a settlement is called in a line typed without any capital."""
    return (
        len(word) >= _SHORTEST_TOWN
        and word.isalpha()
        and word.endswith("i")
        and word not in _GENERAL
        and not _NEVER.match(word)
    )


def _all_small(line: str, match: re.Match[str], folded: str) -> bool:
    following = folded[match.end() : match.end() + 22].split()
    return (
        bool(following)
        and following[0] in {"kozseg", "varos", "nagykozseg", "kozsegi", "varosi"}
        and line[match.start()].islower()
    )


_WORKS = re.compile(
    r"(?<![^\W\d_])(?P<place>[A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]+(?:-[A-ZÁÉÍÓÖŐÚÜŰ]?[^\W\d_]+)?)\s+(?:községben |községünkben |városban |településen )?(?:dolgoz(?:ik|om|ó|unk|nak)|teljesít szolgálatot|áll munkaviszonyban|alkalmazott|lett felvéve|munkatárs|végez munkát)"
)
_PLACE_ENDING = re.compile(
    r"(?:[oeö]n|n|b[ae]n|(?<=vas[a]rhely)t|(?<=v[a]r)ott|(?<=pecs)ett|(?<=gyor)ott|(?<=vac)ott)$"
)


def work_places(line: str) -> list[tuple[int, int, str]]:
    """(start, end, settlement) where a sentence says that somebody works there: "Kaposhomokon dolgozik"."""
    out = []
    for match in _WORKS.finditer(line):
        place = match.group("place")
        folded = fold(place)
        if (
            (ending := _PLACE_ENDING.search(folded))
            and len(place) - len(ending.group()) >= 3
            and not _NEVER.match(folded)
        ):
            base = place[: ending.start()]
            base = base[:-1] + {"á": "a", "é": "e"}.get(base[-1], base[-1])
            out.append((match.start("place"), match.end("place"), base))
    return out


def is_body(text: str) -> bool:
    """Whether a cell or value names a body (and is not a person or a job)."""
    return bool(find(text))
