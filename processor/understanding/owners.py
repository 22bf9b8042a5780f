"""Whose something in a unit is, by a closed, ordered list of reasons (READER.md, invariant 3); nobody's where none
holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import NamedTuple, TypeVar

from .page import Page, Referent, words
from .units import Unit

OWN_CELL = "own cell or labelled block"
OWN_ITEM = "own list item"
ONLY_PERSON = "only person in the clause"
IN_ORDER = "enumeration in the same order"
FOR_ALL = "statement for all"
ONE_REQUEST = "one request over several people"
ANAPHORA = "anaphora"
SOLE = "sole applicant"

_BETWEEN_NAMES = re.compile(
    r"^[\s,;/()\[\]]*(?:\S+@\S+[\s,;/()\[\]]*)?(?:es|valamint|illetve|meg|tovabba|,|;)?[\s,;/()\[\]]*(?:a|az|dr\.?)?\s*$"
)
_ORDINAL = re.compile(
    r"\b(?P<word>elso|masodik|harmadik|negyedik|otodik|elobbi|utobbi|utobb|legutolso|utolso)\w{0,5}"
    r"(?P<pair>\s+(?:ketto|ket)\w*)?"
)
_OF_TWO = frozenset({"elobbi", "utobbi", "utobb"})
_BACK = 4  # units before one in which those may stand whom "az előbbi" is of
_NUMBERED = ("elso", "masodik", "harmadik", "negyedik", "otodik")
_COUNTED = {"mindket": 2, "mindharm": 3, "mindharom": 3, "mindnegy": 4}  # beginnings of words for that many people
_REASON = re.compile(r"\b(?:mert|mivel|hiszen|ugyanis)\b")
_OUT_OF = re.compile(r"\w*\s*kozul")  # "a legszorgalmasabb mindannyiunk közül"
_AMONG = re.compile(r"\s*kozul")
_IN_TURN = re.compile(r"\b(?:illetve|ill\.|sorrendben)\b")
_MYSELF = re.compile(r"\b(?:jomagam|magam\w*|en|nekem|hozzam|reszemrol|enyem|cimem|nalam|engem|rajtam|az enyem)\b")
_SO_MANY = {"ketten": 2, "harman": 3, "negyen": 4}
_SAID = 1_000  # characters of a unit in which somebody is looked for
_WORD = re.compile(r"[^\W\d_]+")


class Group(NamedTuple):
    """People who are spoken of together at unit.text[start:end]."""

    people: list[Referent]
    start: int
    end: int


class Owner(NamedTuple):
    """`people`: none where nothing says whose it is; `why`: the reason."""

    people: list[Referent]
    why: str = ""


NOBODY = Owner([])

_Found = TypeVar("_Found")


def _once(find: Callable[[Page, Unit], _Found]) -> Callable[[Page, Unit], _Found]:
    """Found once for a unit: from when the applicants are known, nothing changes on which it rests."""

    @wraps(find)
    def found(page: Page, unit: Unit) -> _Found:
        what = (find.__name__, unit.index)
        if what not in page.told:
            page.told[what] = find(page, unit)
        out: _Found = page.told[what]
        return out

    return found


def of_thing(page: Page, unit: Unit, at: int) -> Owner:
    """Whose something at a place of a unit is."""
    if unit.sort == "cell" and len(mine := row_of(page, unit)) == 1:
        return Owner(mine, OWN_CELL)
    people = groups(page, unit)
    if not people:
        return from_context(page, unit)
    if len({frozenset(map(id, group.people)) for group in people}) == 1:
        people = people[:1]  # "Anna és Béla ..., mindkettőjüknek"
    if len(people) == 1:
        mine = people[0].people
        if _is_in_turn(page, unit, mine):
            return NOBODY
        return Owner(mine, ONLY_PERSON if len(mine) == 1 else ONE_REQUEST)
    return _among(page, unit, at)


def _is_in_turn(page: Page, unit: Unit, people: Sequence[Referent]) -> bool:
    """ "Anna és Béla regisztrációját az ADÓ-ra, illetve a Keretre": each the own, or both both; "ketten" of three."""
    named = page.of(unit, "program")
    between = unit.folded[named[0].end : named[-1].start] if named else ""
    counted = next((count for word, count in _SO_MANY.items() if word in unit.folded), len(people))
    in_turn = 1 < len(people) == len(named) and _IN_TURN.search(between) is not None
    return in_turn or (len(people) > 1 and counted != len(people))


def row_of(page: Page, unit: Unit) -> list[Referent]:
    """The applicants whose whole name stands in a cell of the row."""
    what = ("row", unit.box)
    if what not in page.told:
        named = {person for cell in page.units.boxes[unit.box] for person, _ in page.named_whole(cell)}
        page.told[what] = [person for person in page.applicants if person in named]
    people: list[Referent] = page.told[what]
    return people


@_once
def named_in(page: Page, unit: Unit) -> list[tuple[Referent, int, int]]:
    """(applicant, start, end) of whom a unit names: by the whole name, by a part or nickname that only one bears, or
    the writer by "én"."""
    out = [(person, s.start, s.end) for person, s in page.named_whole(unit) if person.draft is not None]
    taken = [(m.start, m.end) for m in page.of(unit, "county", "body", "address", "program")]
    taken += [(start, end) for _, start, end in out]
    small = unit.text.islower()
    for match in _WORD.finditer(unit.text):
        word = match.group()
        if not (word[0].isupper() or small) or any(s <= match.start() < e for s, e in taken):
            continue
        if (bearer := page.bearer(word)) is not None:
            out.append((bearer, match.start(), match.end()))
    out += _oneself(page, unit)
    return sorted(out, key=lambda spot: spot[1])


def _oneself(page: Page, unit: Unit) -> Iterator[tuple[Referent, int, int]]:
    writer = page.writer
    if writer is None or writer.draft is None or unit.layer != page.writer_layer:
        return
    if (match := _MYSELF.search(unit.folded)) and not any(s.unit == unit.index for s in writer.at):
        yield writer, match.start(), match.end()


@_once
def groups(page: Page, unit: Unit) -> list[Group]:
    """Of whom a unit speaks: people enumerated are one group; "mindketten", "az utóbbi"."""
    spots = [Group([person], start, end) for person, start, end in named_in(page, unit)]
    spots += _counted(page, unit)
    spots.sort(key=lambda group: group.start)
    out: list[Group] = []
    for group in spots:
        if out and _go_together(page, unit, out[-1], group):
            added = [person for person in group.people if person not in out[-1].people]
            out[-1] = Group([*out[-1].people, *added], out[-1].start, group.end)
        else:
            out.append(group)
    return out


def _go_together(page: Page, unit: Unit, before: Group, after: Group) -> bool:
    between = unit.folded[before.end : after.start]
    if "," in between and _is_given_to(unit, before.end) and _is_given_to(unit, after.end):
        if _programs(page, unit, 0, before.start) and _programs(page, unit, after.end, len(unit.text)):
            return False  # "a Keretet Annának, Bélának az ADÓ-t"
    return bool(_BETWEEN_NAMES.match(between)) and not _programs(page, unit, before.end, after.start)


def _is_given_to(unit: Unit, end: int) -> bool:
    return unit.folded[:end].endswith(("nak", "nek"))


def _counted(page: Page, unit: Unit) -> Iterator[Group]:
    """People meant by their number or place: "mindketten", "az előbbi", "a második". Nobody is meant (and whatever is
    said of him stays open) where it is not plain out of whom."""
    pool = _spoken_of(page, unit)
    everybody = words("all", "words").search(unit.folded)
    if everybody and len(page.applicants) > 1 and not _OUT_OF.match(unit.folded, everybody.end()):
        meant = pool if len(pool) == _COUNTED.get(everybody.group()) else page.applicants
        if _COUNTED.get(everybody.group(), len(meant)) == len(meant):
            yield Group(meant, everybody.start(), everybody.end())
    for match in _ORDINAL.finditer(unit.folded):
        if unit.folded[match.end() : match.end() + 1] == ":":  # "A második: ..." counts topics
            continue
        if (match["pair"] or "").endswith("bol") or _AMONG.match(
            unit.folded, match.end()
        ):  # "az első kettő közül az előbbi"
            pool = _by_place(page.applicants, match["word"], bool(match["pair"]))
            continue
        of_two = match["word"] in _OF_TWO and not match["pair"]
        out_of = (pool if len(pool) == 2 else []) if of_two else page.applicants
        if out_of or (of_two and unit.folded[: match.start()].endswith("az ")):
            yield Group(_by_place(out_of, match["word"], bool(match["pair"])), match.start(), match.end())


def _spoken_of(page: Page, unit: Unit) -> list[Referent]:
    """The people named in the unit, else in the nearest one before it in its block; all applicants where there are
    two."""
    if len(page.applicants) == 2:
        return page.applicants
    for above in reversed(page.units.all[max(0, unit.index - _BACK) : unit.index + 1]):
        if above.block == unit.block and (named := named_in(page, above)):
            return list(dict.fromkeys(person for person, _, _ in named))
    return []


def _by_place(people: list[Referent], word: str, pair: bool) -> list[Referent]:
    if word in _NUMBERED:
        at = _NUMBERED.index(word)
        return people[2 * at : 2 * at + 2] if pair else people[at : at + 1]
    if word == "elobbi":
        return people[:1]
    return people[-2 if pair else -1 :]


def _programs(page: Page, unit: Unit, start: int, end: int) -> bool:
    """Whether a program is named in a part of a unit."""
    starts = _programs_at(page, unit)
    first = bisect_left(starts, start)
    return first < len(starts) and starts[first] < end


@_once
def _programs_at(page: Page, unit: Unit) -> list[int]:
    return [m.start for m in page.of(unit, "program")]


def _among(page: Page, unit: Unit, at: int) -> Owner:
    """Several in one sentence: each has what follows the own name, where something follows each; or what stands before
    it, where something stands before each."""
    people = _set_apart(page, unit)
    if len(people) == 1:
        return Owner(people[0].people, ONLY_PERSON)
    bounds = [group.start for group in people] + [len(unit.text) + 1]
    after = [_programs(page, unit, s, e) for s, e in zip(bounds, bounds[1:], strict=False)]
    before = _programs(page, unit, 0, bounds[0])
    mine = max((i for i, start in enumerate(bounds[:-1]) if start <= at), default=-1)
    if _IN_TURN.search(unit.folded) and not all(after):
        return NOBODY
    if all(after) and not before and mine >= 0:
        return Owner(people[mine].people, ONLY_PERSON)
    if before and not after[-1] and all(after[:-1]):  # "az ADÓ-t Anna, a Keretet Béla kéri"
        return Owner(people[min(mine + 1, len(people) - 1)].people, ONLY_PERSON)
    return NOBODY


@_once
def _set_apart(page: Page, unit: Unit) -> list[Group]:
    return _without_asides(page, unit, _without_repeated(page, unit, groups(page, unit)))


def _without_repeated(page: Page, unit: Unit, people: Sequence[Group]) -> list[Group]:
    """Without those named first together and then one by one with something of their own."""
    ends = [group.start for group in people[1:]] + [len(unit.text) + 1]
    told = [_programs(page, unit, g.start, e) for g, e in zip(people, ends, strict=True)]
    out = []
    for index, group in enumerate(people):
        later = [p for g, has in zip(people[index + 1 :], told[index + 1 :], strict=True) if has for p in g.people]
        if told[index] or not all(person in later for person in group.people):
            out.append(group)
    return out


def _without_asides(page: Page, unit: Unit, people: Sequence[Group]) -> list[Group]:
    """Without who is named only in a reason at the end: "..., mert Mihályné veszi be"."""
    reason = next((m.start() for m in _REASON.finditer(unit.folded)), len(unit.folded))
    kept = [g for g in people if g.start < reason or _programs(page, unit, g.start, len(unit.text))]
    return kept or list(people)


@_once
def from_context(page: Page, unit: Unit) -> Owner:
    """Nobody is named in the unit: its label, its box, the sentence before, the only applicant."""
    if (labelled := _of_label(page, unit)) is not None:
        return Owner([labelled], ONLY_PERSON)
    people = named_in_box(page, unit)
    if len(people) == 1 and unit.listed:
        return Owner(people, OWN_CELL if unit.sort == "cell" else OWN_ITEM)
    if len(page.applicants) == 1:
        return NOBODY if _is_of_another(page, unit) else Owner(page.applicants, SOLE)
    announced = _announced(page, unit)
    if announced:
        return Owner(announced, OWN_ITEM)
    if not people or not (unit.sort == "label" or has_pronoun(unit)):
        return NOBODY
    last = _last_named(page, unit)
    return Owner(last, ANAPHORA) if len(last) == 1 else NOBODY


def bore_by_several(page: Page, unit: Unit) -> Iterator[str]:
    """Words of the unit, of its label or its row that are a part of several applicants' names."""
    said = " ".join([unit.said, *(mate.text for mate in page.units.boxes[unit.box] if unit.sort == "cell"), unit.text])
    for word in _WORD.findall(said[:_SAID]):
        if word[0].isupper() and page.bearer(word) is None and sum(p.bears(word) > 1 for p in page.applicants) > 1:
            yield word


def _of_label(page: Page, unit: Unit) -> Referent | None:
    """ "Éva címe: ..." """
    capital = (word for word in _WORD.findall(unit.said) if word[0].isupper())
    return next((bearer for word in capital if (bearer := page.bearer(word)) is not None), None)


def named_in_box(page: Page, unit: Unit) -> list[Referent]:
    """The applicants whom a unit or its neighbours in its box name."""
    what = ("named in box", unit.box)
    if what not in page.told:
        mates = page.units.boxes[unit.box]
        page.told[what] = list(dict.fromkeys(person for mate in mates for person, _, _ in named_in(page, mate)))
    people: list[Referent] = page.told[what]
    return people


def _is_of_another(page: Page, unit: Unit) -> bool:
    """ "A címe ..." behind a sentence of somebody who is no applicant."""
    above = _speaking_above(page, unit) if has_pronoun(unit) else None
    return above is not None and not named_in(page, above)


def _speaking_above(page: Page, unit: Unit) -> Unit | None:
    """The last unit above in its box that names anybody."""
    what = ("speaking", unit.box)
    if what not in page.told:
        mates = page.units.boxes[unit.box]
        page.told[what] = [mate.index for mate in mates if page.of(mate, "person") or named_in(page, mate)]
    indexes: list[int] = page.told[what]
    place = bisect_left(indexes, unit.index)
    return page.units.all[indexes[place - 1]] if place else None


def _announced(page: Page, unit: Unit) -> list[Referent]:
    """Of whom a line with a colon at its end speaks, whose list the unit is of: "Adi programjai:"."""
    told = page.told
    first = unit.index
    while first and ("announced", first) not in told:
        first -= 1
    for index in range(first, unit.index + 1):
        if ("announced", index) not in told:
            told["announced", index] = _announced_above(page, page.units.all[index])
    people: list[Referent] = told["announced", unit.index]
    return people


def _announced_above(page: Page, unit: Unit) -> list[Referent]:
    """By the unit right above: who is announced there, or was announced to it."""
    above = page.units.all[unit.index - 1] if unit.index else unit
    if above is unit or above.block != unit.block:
        return []
    if above.text.endswith(":"):
        found = groups(page, above)
        return found[0].people if len(found) == 1 else []
    if named_in(page, above) or not (above.sort in {"item", "label"} or page.of(above, "program")):
        return []
    people: list[Referent] = page.told["announced", above.index]
    return people


def _last_named(page: Page, unit: Unit) -> list[Referent]:
    """Whom the last unit above in its box names that names an applicant."""
    what = ("naming", unit.box)
    if what not in page.told:
        page.told[what] = [mate.index for mate in page.units.boxes[unit.box] if named_in(page, mate)]
    indexes: list[int] = page.told[what]
    place = bisect_left(indexes, unit.index)
    named = named_in(page, page.units.all[indexes[place - 1]]) if place else []
    return list(dict.fromkeys(person for person, _, _ in named))


def has_pronoun(unit: Unit) -> bool:
    return bool(words("pronoun", "words").search(" ".join(unit.folded.split(maxsplit=8)[:8])))
