"""Everything in a unit that may matter: people, addresses, numbers, programs, counties, bodies. High recall; what each
is for is decided later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from rules.hungarian import counties, courses
from rules.hungarian.courses import Found, Where
from rules.hungarian.names import eastern, given, is_full, is_title, surnames, tidy, wife
from rules.hungarian.words import fold
from rules.pir import check_digit

from . import bodies, persons
from .cells import cell_values
from .labels import labelled
from .spots import addresses, pirs, withdrawn
from .units import Unit

Sort = Literal["person", "address", "pir", "number", "program", "county", "body"]
_NUMBER = re.compile(r"(?<![\d/\-+.,])\d{3}[ .\-]?\d{3}(?![\d/\-])")
_LONGEST_NAME = 60
_BEHIND_NAME = re.compile(r"[(\[{;,/|\t:–—]|\s-\s|\d")
_AHEAD_OF_NAME = re.compile(r"^\s*(?:[-–—•*·>o▪■●]\s*|\(?\d{1,2}\s?[.)/]{1,2}\s*|[a-h]\)\s*)")
_CAPITAL = r"[A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]+(?:-[^\W\d_]+)*"
_CAPITALS = re.compile(rf"{_CAPITAL}(?: {_CAPITAL}){{1,3}}")
_ALONE = re.compile(r"(?:^|[,;|/(])\s*([^,;|/()]{2,30}?)\s*(?=[,;|/.)]|$)")
_OTHER_NAME = re.compile(r"leany|szulet|lanykor")
_DIGITS = re.compile(r"\d{4}")  # no body's name has a number
_EVERYTHING = re.compile(r"mindent (?:visz|csinal|vegez|intez|tud|elkov|megtesz|kezel|lat)")  # a duty, no wish
_NEGATION = re.compile(r"\b(?:nem|ne|sem|se|nincs|kivéve|kiveve|nélkül|nelkul|lemond\w*)\b", re.IGNORECASE)
_NO_COURSE = re.compile(r"iktatoszam")  # the number of a letter
_NAMES_PIR = re.compile(r"\bpir|torzs")
_NAME_LINE = re.compile(r"[A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]+(?: [A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]+(?:-[^\W\d_]+)?){2,3}")
_GIVEN_FIRST = re.compile(
    r"\b(?:elol|elore)(?: \w+){0,3} (?:az? )?(?:kereszt|uto)nev|(?:kereszt|uto)nev\w*(?: \w+){0,3} (?:elol|elore|elso)|"
    r"(?:kereszt|uto)nev\W+(?:csalad|vezetek)nev|\bangolos|\bforditva irtam|forditott sorrend|mint a kulfoldi|"
    r"(?:csalad|vezetek)(?:i |i|)nev(?:e|em|uk|ek|ei)?\b|(?:kereszt|uto)nevem?\b"
)
_NICKNAME_ALONE = re.compile(r"(?:[^\W\d_]+:? )?Kati[.!,]?")  # signed by her; the module is written KATI
_ROMAN = re.compile(r"[IVXLCDM]+\.?")
_OPENERS = frozenset(
    [
        "nalunk",
        "vagyis",
        "egyeztetni",
        "tehat",
        "tovabba",
        "ezert",
        "hivni",
        "keresni",
        "emellett",
        "valamint",
        "kerem",
        "kerjuk",
        "szeretnenk",
    ]
)
_NO_NAMES = frozenset(
    [
        "tehat",
        "utoneve",
        "csaladneve",
        "draga",
        "szervusz",
        "kedves",
        "tisztelt",
        "ket",
        "harom",
        "negy",
        "jelszo",
        "udv",
        "mivel",
        "mert",
        "ezert",
        "nala",
        "neki",
        "enyem",
        "szia",
    ]
)
_NO_LAST_NAMES = frozenset({"csak", "evi"})
_PHONE_AHEAD = re.compile(r"(?:tel|mobil|fax|hiv|\+36|06)[^,;]{0,22}$")
_SMALL_BODY = re.compile(
    r"\b(?P<town>[a-z]{4,}i) (?P<kind>kozos onkormanyzati hivatal|polgarmesteri hivatal|(?:nagy)?kozsegi onkormanyzat|"
    r"varosi onkormanyzat)"
)
_NO_TOWN = frozenset({"helyi", "itteni", "mostani", "telepulesi", "megyei", "jarasi", "polgarmesteri", "valamelyi"})
_ASIDE = re.compile(r"\s*(?:ur|asszony|neni|bacsi)\b")
_NO_PEOPLE = frozenset({"ignore", "clerk_name", "clerk_email", "birth_name"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Something at unit.text[start:end]. `text`: its value; `found`: of a program; `sure`: it stood under its label;
    `taken_back`: the sentence withdraws it."""

    sort: Sort
    unit: int
    start: int
    end: int
    text: str
    found: Found | None = None
    sure: bool = False
    taken_back: bool = False


def find(unit: Unit, given_first: bool = False) -> list[Mention]:
    """All mentions of a unit, in order of place. `given_first`: the mail says that its names begin with the given
    one."""
    if unit.label == "ignore":
        return [*_addresses(unit), *_numbers(unit)]
    if unit.sort == "heading" or unit.label in _NO_PEOPLE or _OTHER_NAME.search(fold(unit.said)):
        return []
    people = _people_given_first if given_first else _people
    finders: tuple[Callable[[Unit], Iterator[Mention]], ...] = (people, _addresses, _numbers, _places, _programs)
    found = [mention for finder in finders for mention in finder(unit)]
    return sorted(found, key=lambda m: (m.start, m.end))


# ---------------------------------------------------------------- people


def _people(unit: Unit) -> Iterator[Mention]:
    of = partial(Mention, "person", unit.index)
    whole = _whole_line(unit)
    spotted = [whole] if whole else [s for s in persons.find(_without_openers(unit.text)) if not _is_no_person(unit, s)]
    for spot in spotted:
        yield of(spot.start, spot.end, eastern(spot.name), sure=unit.label == "name")
    name = None if spotted else _expected_name(unit)
    if name and is_full(name):
        at = max(0, unit.folded.find(fold(name.split()[0])))
        yield of(at, min(len(unit.text), at + len(name)), persons.nominative(name), sure=unit.label == "name")


def _without_openers(text: str) -> str:
    """A capital word that begins a sentence and is nobody's name, in small letters."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if text and fold(first) in _OPENERS and not text.isupper() else text


def _whole_line(unit: Unit) -> persons.Spot | None:
    """A line that is one name and nothing else, its first word of whatever kind: "Dunaine Pontyos Csaba"."""
    words = unit.text.split()
    if unit.sort != "sentence" or not 3 <= len(words) <= 4 or not _NAME_LINE.fullmatch(unit.text):
        return None
    named = persons.find(unit.text)
    if len(named) != 1 or named[0].end != len(unit.text) or any(persons.is_stop(word) for word in words):
        return None
    return persons.Spot(tidy(unit.text), 0, len(unit.text))


def _is_no_person(unit: Unit, spot: persons.Spot) -> bool:
    """A number, a course, a verb in capitals or a salutation taken for a name."""
    words = unit.text[spot.start : spot.end].split()
    first, last = fold(words[0]), words[-1]
    if first in _NO_NAMES or _ROMAN.fullmatch(words[0]) or unit.text[max(0, spot.start - 1) : spot.start] in {"-", "."}:
        return True
    if fold(last) in _NO_LAST_NAMES or (last.startswith("KATI") and not words[0].isupper()):
        return True
    course = courses.find(words[0], Where.LIST)
    return bool(course) and course[0].status == "resolved" and first not in surnames()


def _people_given_first(unit: Unit) -> Iterator[Mention]:
    """Names with the given name ahead, turned round; and those that are written as always."""
    turned = list(_turned(unit))
    yield from turned
    spans = [(m.start, m.end, m.text) for m in turned]
    yield from (m for m in _people(unit) if not _is_within(m.start, m.end, spans))


def _turned(unit: Unit) -> Iterator[Mention]:
    for match in _CAPITALS.finditer(unit.text):
        words = [word for word in match.group().split() if not is_title(word)]
        count = next((i for i, word in enumerate(words) if wife(word) or not given(word)), len(words) - 1)
        count = 1 if words and wife(words[0]) else count
        ahead, behind = words[:count], words[count:]
        known = not any(_ROMAN.fullmatch(word) or persons.is_stop(word) for word in behind)
        if ahead and behind and known and not wife(behind[-1]):
            name = tidy(" ".join([*behind, *ahead]))
            yield Mention("person", unit.index, match.start(), match.end(), name, sure=unit.label == "name")


def _expected_name(unit: Unit) -> str | None:
    """A name that only its place gives away: under its label, or at the head of a list item or cell."""
    if unit.label == "name":
        return persons.loose(unit.text)
    return _leading_name(unit.text) if unit.sort in {"item", "cell"} else None


def _leading_name(text: str) -> str | None:
    """Two to four capitalised words, one of them a given name, and nothing else before a sign."""
    head = _BEHIND_NAME.split(_AHEAD_OF_NAME.sub("", text), maxsplit=1)[0].strip()
    words = head.split()
    if not 2 <= len(words) <= 4 or len(head) > _LONGEST_NAME or _is_no_name(head):
        return None
    if not all(word[0].isupper() and not persons.is_stop(word) for word in words):
        return None
    return tidy(eastern(head)) if any(given(word) for word in words) else None


def _is_no_name(head: str) -> bool:
    course = courses.find(head, Where.LABEL)[:1]
    return bodies.is_body(head) or counties.recognise(head) is not None or any(f.status != "unknown" for f in course)


# ---------------------------------------------------------------- addresses and numbers


def _addresses(unit: Unit) -> Iterator[Mention]:
    if unit.label == "email":
        for value in cell_values("email", unit.text):
            at = max(0, unit.text.lower().find(value))
            yield Mention("address", unit.index, at, at + len(value), value, sure=True)
        return
    for start, end, text in addresses(unit.text):
        back = withdrawn(unit.folded, start, end)
        yield Mention("address", unit.index, start, end, text, taken_back=back)


def _numbers(unit: Unit) -> Iterator[Mention]:
    """PIRs that a label calls so, and other numbers that could be one by their check digit."""
    if unit.label == "pir" or (unit.said and not unit.label and _NAMES_PIR.search(fold(unit.said))):
        for value in cell_values("pir", unit.text):
            at = max(0, unit.text.find(value))
            yield Mention("pir", unit.index, at, at + len(value), value, sure=True)
        return
    ahead = f"{unit.said} " if unit.said and unit.label else ""
    called = [(s - len(ahead), e - len(ahead), text) for s, e, text in pirs(ahead + unit.text)]
    for start, end, text in called:
        yield Mention("pir", unit.index, max(0, start), max(0, end), text, sure=True)
    for match in _NUMBER.finditer(unit.text):
        digits = re.sub(r"\D", "", match.group())
        phone = _PHONE_AHEAD.search(unit.folded[max(0, match.start() - 30) : match.start()])
        if check_digit(digits) and not phone and not _is_within(match.start(), match.end(), called):
            yield Mention("number", unit.index, match.start(), match.end(), digits)


def _is_within(start: int, end: int, spans: list[tuple[int, int, str]]) -> bool:
    return any(s < end and start < e for s, e, _ in spans)


# ---------------------------------------------------------------- bodies and counties


def _places(unit: Unit) -> Iterator[Mention]:
    if unit.label == "county":
        yield from _labelled_county(unit)
        return
    named = bodies.find(unit.text)
    if unit.label == "municipality":
        yield from _labelled_body(unit, named)
    elif not unit.label:
        yield from _bodies(unit, named)
        yield from _inline_body(unit) if not named else ()
    yield from _counties(unit, named)


def _labelled_county(unit: Unit) -> Iterator[Mention]:
    """The county of a label or column, the first piece of what stands there; kept as written where it is none."""
    piece = unit.text.split("|", maxsplit=1)[0].strip()
    for value in cell_values("county", piece):
        yield Mention("county", unit.index, 0, len(piece), value, sure=True)


def _labelled_body(unit: Unit, named: list[tuple[int, int, str]]) -> Iterator[Mention]:
    """The body of a label or column: the one that is named in full, else the first piece of the value."""
    if named:
        start, end, text = named[0]
        yield Mention("body", unit.index, start, end, text, sure=True)
        return
    piece = re.split(r"\s*[,;(|]", unit.text, maxsplit=1)[0]
    for value in cell_values("municipality", piece if piece.strip() else unit.text):
        if not _DIGITS.search(value):
            yield Mention("body", unit.index, 0, len(piece), value, sure=True)


def _inline_body(unit: Unit) -> Iterator[Mention]:
    """ "(munkahely: Mezőkesző, PIR: ...)": a label within a sentence."""
    for piece in labelled(unit.text):
        if piece.field == "municipality" and piece.value:
            value = re.split(r"\s*[,;)|]", piece.value, maxsplit=1)[0]
            if value and not _DIGITS.search(value):
                yield Mention("body", unit.index, piece.start, piece.start + len(value), value, sure=True)


def _bodies(unit: Unit, named: list[tuple[int, int, str]]) -> Iterator[Mention]:
    for start, end, text in named:
        yield Mention("body", unit.index, start, end, text, taken_back=withdrawn(unit.folded, start, end))
    if named:
        return
    for match in _SMALL_BODY.finditer(unit.folded):
        if match["town"] not in _NO_TOWN and unit.text[match.start() : match.end()].islower():
            name = " ".join(word.capitalize() for word in unit.text[match.start() : match.end()].split())
            yield Mention("body", unit.index, match.start(), match.end(), name)
    taken = counties.find(unit.text) + [(s.start, s.end, s.name) for s in persons.find(unit.text)]
    for start, end, text in bodies.work_places(unit.text):
        if not _is_within(start, end, taken):
            yield Mention("body", unit.index, start, end, text)


def _counties(unit: Unit, named: list[tuple[int, int, str]]) -> Iterator[Mention]:
    """In a sentence by the word county or an ending; as a piece of its own in any form: "…, Zala", "(SZSZB)"."""
    found = counties.find(unit.text)
    people = [*addresses(unit.text), *((spot.start, spot.end, spot.name) for spot in persons.find(unit.text))]
    for start, end, official in found:
        yield Mention("county", unit.index, start, end, official, taken_back=withdrawn(unit.folded, start, end))
    for match in _ALONE.finditer(unit.text):
        start, end = match.span(1)
        recognised = counties.recognise(match.group(1))
        if recognised and not _is_within(start, end, [*named, *found, *people]):
            yield Mention("county", unit.index, start, end, recognised)


# ---------------------------------------------------------------- programs


def _programs(unit: Unit) -> Iterator[Mention]:
    """In what is neither an address nor a body nor a person's name."""
    if unit.label in {"email", "pir", "county", "municipality", "name"} or _NICKNAME_ALONE.fullmatch(unit.text):
        return
    text = unit.text
    hidden = [(s, e) for s, e, _ in (*addresses(text), *bodies.find(text))]
    hidden += [(spot.start, spot.end) for spot in persons.find(text)]
    for start, end in hidden:
        text = text[:start] + "§" * (end - start) + text[end:]
    text = _NEGATION.sub(lambda match: "§" * len(match.group()), text)  # whether it is wanted is for `polarity`
    where = Where.LABEL if unit.label.startswith("program") else Where.LIST
    for found in courses.find(text, where):
        folded = unit.folded[found.start :]
        if (
            found.end > found.start
            and not _NO_COURSE.match(folded)
            and not _EVERYTHING.match(folded)
            and not _ASIDE.match(unit.folded[found.end :])
        ):
            piece = unit.text[found.start : found.end]
            yield Mention("program", unit.index, found.start, found.end, piece, found=found)


def possible_names(text: str) -> Iterator[str]:
    """Two capital words and more with a given name among them, in whatever order."""
    for match in _CAPITALS.finditer(text):
        words = match.group().split()
        if any(given(word) or wife(word) for word in words) and not any(persons.is_stop(word) for word in words):
            yield match.group()


def says_given_first(folded: str) -> bool:
    """Whether a text says that its names begin with the given name."""
    return bool(_GIVEN_FIRST.search(folded))
