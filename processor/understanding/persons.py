"""Names of persons in running text, in the nominative whatever ending the sentence gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rules.hungarian.names import eastern, given, given_names, is_title, surnames, tidy, wife
from rules.hungarian.words import fold


@dataclass(frozen=True, slots=True)
class Spot:
    """A name at line[start:end]. `ending`: the case ending of its last word, folded ("t" of Annát); `sure`: a given name is known."""

    name: str
    start: int
    end: int
    ending: str = ""
    sure: bool = True


_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*\.?")
_STOP = re.compile(
    r"^(?:kolleg|munkatars|dolgoz|kerem|kerjuk|kernem|kernenk|kerelm|kerek|kero|tisztelt|kedves|alulirott|ugyintez|jegyzo|aljegyzo|fojegyzo|polgarmester|alpolgarmester|nev(?:e|em)?$|udv|koszon|tisztelet|az?$|es$|valamint|illetve|mint$|uj$|"
    r"onkormanyzat|hivatal|magyar|allamkincstar|kincstar|asp|irat|gazdalkodas|ado$|keret|portal|kozseg|varos|megye|varmegye|utca|ut$|ter$|telefon|tel\.?$|email|regisztr|szeretn|reszer|nagysagos|holgy|uram|urat?$|asszony|"
    r"szia|jo$|hello|november|december|januar|februar|marcius|aprilis|majus|junius|julius|augusztus|szeptember|oktober|hetfo|kedd|szerda|csutortok|pentek|szombat|vasarnap|budapest|moodle|excel|word|pir$|tovabb|igazgat|penzugy|"
    r"felado|cimzett|targy|masolat|eloado|referens|elnok|vezeto|titkar|gyakornok|csatolt|mellek|hivatkoz|neki|ok$|ha$|de$|hogy$|akkor$|ezert|most|ma$|mivel|melle|ugye|regi|miutan|segitseg|oktatas|januar|en$|ti$|mi$|o$|ez$|itt$|ott$|mar$|meg$|is$|helyett|csoport|osztaly|iroda|ug(?:y)?$|tel$|mobil|iktato|adatai|adatok|szuletesi|anyja|leany|munka(?!cs)|hely|szerv|lako(?!$)|roma$|nemet$|kozos|polgarmesteri|teljes|egyedi|szemelyes|vezetek|keresztn|kereszt$|csaladi)"
)
_NOT_PERSON_AFTER = re.compile(
    r"^[\s,]*(?:utca|ut\b|u\.|ter\b|teren|koz\b|setany|korut|krt|fasor|lakotelep|altalanos iskola|iskola|gimnazium|ovoda|muvelodesi|kozsegi konyvtar|konyvtar|dij|szakkozep|technikum|hegy|major|telep\b|emlek|egyetem|foiskola|korhaz|kollegium)"
)


def is_stop(word: str) -> bool:
    return bool(_STOP.match(fold(word).rstrip(".")))


def find(line: str) -> list[Spot]:
    """The full names (family and given name) in a line, by the list of given names and the -né forms."""
    return list(_found(line))


@lru_cache(maxsize=2048)  # a line is looked at by several finders
def _found(line: str) -> tuple[Spot, ...]:
    spots: list[Spot] = []
    for run in _runs(line):
        spots += _in_run(line, run)
    return tuple(s for s in spots if not _NOT_PERSON_AFTER.match(fold(line[s.end : s.end + 25])))


def _runs(line: str) -> list[list[re.Match[str]]]:
    """Capitalised words that stand together, titles within them."""
    runs: list[list[re.Match[str]]] = [[]]
    small = line.islower()  # typed without any capital: a known family name and a known given name must do
    for match in _WORD.finditer(line):
        word = match.group()
        capital = (
            word[0].isupper() or is_title(word) or (small and (fold(word) in surnames() or given(word) is not None))
        )
        if runs[-1]:
            gap = line[runs[-1][-1].end() : match.start()]
            before = runs[-1][-1].group()
            broken = (
                gap.strip() != ""
                or (not gap and not before.endswith("."))
                or (before.endswith(".") and not is_title(before) and len(before) > 3)
            )
            if broken or not capital:
                runs.append([])
        if capital:
            runs[-1].append(match)
    return [run for run in runs if run]


def _given_like(word: str) -> str | None:
    return wife(word) or given(word)


def _in_run(line: str, run: list[re.Match[str]]) -> list[Spot]:
    words = [m.group() for m in run]
    spots: list[Spot] = []
    taken = 0  # words before this number belong to an earlier name
    i = 1
    while i < len(words):
        nominative = _given_like(words[i].rstrip("."))
        if nominative is None or is_title(words[i]) or (is_stop(words[i]) and given(words[i]) is None):
            i += 1
            continue
        start = _start(words, i, taken)
        if start is None:
            i += 1
            continue
        following = words[i + 1].rstrip(".") if i + 1 < len(words) else ""
        if fold(nominative) != fold(words[i].rstrip(".")) and given(following) is not None and not is_title(following):
            i += 1  # "Viziné Bene Lilla": Bene is no form of Ben where a given name follows
            continue
        last, name = i, nominative
        bare = words[i].rstrip(".")
        ending = fold(bare)[len(fold(nominative)) :] if len(bare) > len(nominative) else ""
        parts = words[start:i]
        while not ending and last + 1 < len(words):
            following = words[last + 1].rstrip(".")
            more = given(following)
            if (
                more is not None
                and wife(following) is None
                and not (
                    last + 2 < len(words) and given(words[last + 2].rstrip(".")) is not None and wife(name) is not None
                )
            ):
                parts, name, last = [*parts, name], more, last + 1
            elif (
                wife(name) is not None
                and last + 2 < len(words)
                and not is_stop(following)
                and (more := given(words[last + 2].rstrip("."))) is not None
            ):
                parts, name, last = [*parts, name, following], more, last + 2  # Nagy Jánosné Kiss Éva
            else:
                break
            bare = words[last].rstrip(".")
            ending = fold(bare)[len(fold(name)) :] if len(bare) > len(name) else ""
        end = run[last].end() - (1 if words[last].endswith(".") and not is_title(words[last]) else 0)
        if last + 1 < len(words) and is_title(words[last + 1]) and fold(words[last + 1]).rstrip(".") == "dr":
            end = run[last + 1].end()
            parts = ["dr.", *parts]
            last += 1
        spots.append(Spot(tidy(" ".join([*parts, name])), run[start].start(), end, ending))
        taken = last + 1
        i = last + 2
    return spots


def _start(words: list[str], i: int, taken: int) -> int | None:
    """Where the name whose given name is word `i` begins: its family name, and what clearly belongs before that."""
    j = i - 1
    while j >= taken and is_title(words[j]):
        j -= 1
    if j < taken or (is_stop(words[j]) and fold(words[j]) not in surnames() and wife(words[j]) is None):
        return None
    while j - 1 >= taken:
        before = words[j - 1]
        if is_title(before) or re.fullmatch(r"(?:[^\W\d_]|Cs|Dz|Dzs|Gy|Ly|Ny|Sz|Ty|Zs)\.", before):
            j -= 1
        elif (wife(before) is not None or fold(before) in surnames()) and not is_stop(before) and i - (j - 1) <= 4:
            if words[i - 1].isupper() and len(words[i - 1]) > 2 and wife(before) is None:
                break
            j -= 1
        else:
            break
    return j


def loose(text: str) -> str | None:
    """The name in a labelled value, a cell or a list item, where nothing else is expected: any two to five words that may be names.

    Job titles in brackets or behind a comma or dash are cut off; None when what is left cannot be a name.
    """
    text = re.split(r"[(\[{;/|\t]|\s[-–—]\s|\s{3,}|,(?!\s*dr\b)|:|\bsz(?:ul|ül)?\.", text.strip().lstrip("-–•*. \t"))[
        0
    ].strip(" .,-–\"'")
    text = re.sub(r"^\d{1,3}[.)]?\s+", "", text)
    if not text or len(text) > 80 or any(c in text for c in "=@<>{}\\_+$%&*?!#") or any(c.isdigit() for c in text):
        return None
    words = [w for w in text.split() if w]
    names = [w for w in words if not is_title(w)]
    if not names or len(names) > 5 or not all(re.fullmatch(r"[^\W\d_]+(?:[-'.][^\W\d_]*)*\.?", w) for w in names):
        return None
    cut: list[str] = []
    for word in words:
        if cut and word[0].islower() and not is_title(word) and any(w[0].isupper() for w in names):
            break  # "Kovács Anna ügyintéző"
        cut.append(word)
    if sum(1 for w in cut if is_stop(w) and fold(w) not in surnames()) and not any(given(w) for w in cut):
        return None
    return eastern(tidy(" ".join(cut)))


def nominative(name: str) -> str:
    """A labelled name that stands with an ending ("Kiss Annát") in the nominative; anything else as it is."""
    head, _, last = name.rpartition(" ")
    if head and fold(last) not in given_names() and (base := _given_like(last)) is not None:
        return f"{head} {base}"
    return name
