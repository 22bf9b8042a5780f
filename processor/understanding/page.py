"""A mail while it is read: its units, what is mentioned in each, who is spoken of, and the fate of every mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from processor.reading import Mail
from rules.hungarian.addresses import spells
from rules.hungarian.lexicon import load
from rules.hungarian.names import given, given_names, nicknames, parts
from rules.hungarian.offices import examples
from rules.hungarian.words import fold, is_ending, short
from rules.model import Open, Value

from .draft import Draft
from .mentions import Mention
from .units import Unit, Units

_SHORTEST_NICKNAME = 3
_LONGEST_NICKNAME = 7
_ALIKE = 3  # letters with which a name and its nickname begin
_WORD = re.compile(r"[^\W\d_]{3,}")
_HEAD = 3  # characters before a name that begins its line
_SK = 8  # characters beside a name that is signed: "s. k.", "sk.", a comma


class Spot(NamedTuple):
    """Where somebody is named: unit.text[start:end]."""

    unit: int
    start: int
    end: int


class Fate(NamedTuple):
    """What became of a mention. `why`: the reason of the list (READER.md, invariant 3), or what it is instead."""

    state: Literal["used", "explained", "open"]
    why: str


@dataclass(slots=True, eq=False)
class Referent:
    """Somebody who is named. `at`: where the whole name stands; `role`: "" until decided; `draft`: of an applicant;
    `called`: nicknames given behind the name, "Garay Bianka (Bia)"; `held`: of an applicant of the case that the mail
    answers, the fields that are in order already, else None."""

    name: str
    at: list[Spot] = field(default_factory=list)
    role: str = ""
    layer: int = 0
    aliases: list[str] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    draft: Draft | None = None
    held: frozenset[str] | None = None

    @property
    def words(self) -> frozenset[str]:
        return _words_of(self.name)

    def holds(self, name: str) -> bool:
        return self.held is not None and name in self.held

    def bears(self, word: str) -> int:
        """How surely a word, whatever its ending, is a part of the name or a nickname of it: 3 a nickname that the mail
        gives, 2 a word of the name, 1 a known nickname, 0 not at all. A likeness of three letters is 1 too."""
        folded = fold(word)
        if len(folded) < _SHORTEST_NICKNAME:
            return 0
        bases = _without_endings(word)
        if bases & self.called:
            return 3
        if bases & self.words:
            return 2
        if any(set(nicknames().get(base, ())) & self.words for base in bases):
            return 1
        known = given_names()
        alike = any(mine[:_ALIKE] == folded[:_ALIKE] and mine in known for mine in self.words)
        return int(word[0].isupper() and len(folded) <= _LONGEST_NICKNAME and alike and folded not in known)


@lru_cache(maxsize=1024)
def _words_of(name: str) -> frozenset[str]:
    return frozenset(fold(part) for part in parts(name))


def only_bearer(people: Sequence[Referent], word: str) -> Referent | None:
    """The one of `people` of whose name a word is a part, more surely than of anybody else's."""
    ranks = [(person.bears(word), person) for person in people]
    best = max((rank for rank, _ in ranks), default=0)
    bearers = [person for rank, person in ranks if rank == best]
    return bearers[0] if best and len(bearers) == 1 else None


class Bearers:
    """`only_bearer` for people whose names do not change any more: by the words of their names, each word once."""

    def __init__(self, people: Sequence[Referent]) -> None:
        self._called: dict[str, list[Referent]] = {}
        self._named: dict[str, list[Referent]] = {}
        self._begun: dict[str, list[Referent]] = {}  # given names alone, by what `bears` takes for a likeness
        self._known: dict[str, Referent | None] = {}
        for person in people:
            for word in person.called:
                self._called.setdefault(word, []).append(person)
            for word in person.words:
                self._named.setdefault(word, []).append(person)
                if word in given_names():
                    self._begun.setdefault(word[:_ALIKE], []).append(person)

    def only(self, word: str) -> Referent | None:
        if word not in self._known:
            self._known[word] = self._only(word)
        return self._known[word]

    def _only(self, word: str) -> Referent | None:
        candidates = dict.fromkeys(person for found in self._candidates(word) for person in found)
        return only_bearer(list(candidates), word)

    def _candidates(self, word: str) -> Iterator[Sequence[Referent]]:
        """Everybody of whom `bears` can say anything; the surest alone where there are any."""
        bases = _without_endings(word)
        for index in (self._called, self._named):
            found = [index[base] for base in bases if base in index]
            yield from found
            if found:
                return
        whole = [name for base in bases for name in nicknames().get(base, ())]
        yield from (self._named[name] for name in whole if name in self._named)
        yield self._begun.get(fold(word)[:_ALIKE], ())


@cache
def _without_endings(word: str) -> frozenset[str]:
    """A word with and without what may be its case ending."""
    folded = fold(word)
    ends = range(1, 5)
    bases = {folded, *(folded[:-n] for n in ends if len(folded) - n >= _SHORTEST_NICKNAME and is_ending(folded[-n:]))}
    base = given(word)
    return frozenset(bases | ({fold(base)} if base is not None else set()))


@dataclass(slots=True, eq=False)
class Page:
    """`mentions`: by unit. `nobody`: addresses that are nobody's (ours, examples). `writer_layer`: the letter whose
    writer asks, 0 for the mail itself. `refused`: programs that are not wanted, and by whom. `applicants`: the people
    with a draft. `told`: what has been found out once and holds from there on, by what it is and of what."""

    mail: Mail
    own: frozenset[str]
    units: Units
    mentions: list[list[Mention]]
    people: list[Referent] = field(default_factory=list)
    writer: Referent | None = None
    writer_layer: int = 0
    clerks: list[str] = field(default_factory=list)
    refused: dict[Mention, list[Referent]] = field(default_factory=dict)
    fates: dict[Mention, Fate] = field(default_factory=dict)
    opened: dict[Open, None] = field(default_factory=dict)  # in order
    applicants: list[Referent] = field(default_factory=list)
    told: dict[tuple[str, object], Any] = field(default_factory=dict)

    @property
    def is_answer(self) -> bool:
        return any(person.held is not None for person in self.people)

    @property
    def nobody(self) -> frozenset[str]:
        return self.own | examples()

    def put_in_order(self) -> None:
        """The people in the order in which the mail's own words name them first; signatures do not count."""

        def place(person: Referent) -> tuple[int, int, int]:
            spots = [(self.units.all[spot.unit], spot.start) for spot in person.at]
            own = [(unit.block, unit.line, start) for unit, start in spots if unit.own and not unit.last]
            return min(own, default=(len(self.units.all), 0, 0))

        self.people.sort(key=place)
        self.told.clear()  # found while the people stood in another order

    def every(self, *sorts: str) -> Iterator[tuple[Unit, Mention]]:
        """The mentions of some sorts, with their units, in the order of the mail."""
        for unit in self.units.all:
            for mention in self.mentions[unit.index]:
                if mention.sort in sorts:
                    yield unit, mention

    def of(self, unit: Unit, *sorts: str) -> list[Mention]:
        return [mention for mention in self.mentions[unit.index] if mention.sort in sorts]

    def is_taken_back(self, mention: Mention) -> bool:
        """Whether the mail withdraws the value, here or where it stands again."""
        back: set[tuple[str, str]] | None = self.told.get(("taken back", None))
        if back is None:
            back = {(m.sort, m.text) for found in self.mentions for m in found if m.taken_back}
            self.told["taken back", None] = back
        return (mention.sort, mention.text) in back

    def bearer(self, word: str) -> Referent | None:
        """The applicant of whose name a word is a part, more surely than of anybody else's."""
        bearers: Bearers | None = self.told.get(("bearers", None))
        if bearers is None:
            bearers = self.told["bearers", None] = Bearers(self.applicants)
        return bearers.only(word)

    def named_in_part(self, person: Referent) -> list[Spot]:
        """Where one of the people is named by a part of the name that nobody else bears, the first in each unit; not
        where the whole name stands too."""
        parts_of: dict[Referent, list[Spot]] | None = self.told.get(("in part", None))
        if parts_of is None:
            parts_of = self.told["in part", None] = {}
            bearers = Bearers(self.people)
            for unit in self.units.all:
                for bearer, spot in self._parts_in(unit, bearers) if unit.own else ():
                    parts_of.setdefault(bearer, []).append(spot)
        return parts_of.get(person, [])

    def _parts_in(self, unit: Unit, bearers: Bearers) -> Iterator[tuple[Referent, Spot]]:
        taken = self.of(unit, "county", "body", "address", "person")
        seen = {person for person, _ in self.named_whole(unit)}
        for match in _WORD.finditer(unit.text):
            word = match.group()
            if not word[0].isupper() or any(m.start <= match.start() < m.end for m in taken):
                continue
            bearer = bearers.only(word)
            if bearer is not None and bearer not in seen:
                seen.add(bearer)
                yield bearer, Spot(unit.index, match.start(), match.end())

    def spelled(self, address: str) -> list[Referent]:
        """The applicants from whose names an address is spelled."""
        people: list[Referent] | None = self.told.get(("spelled", address))
        if people is None:
            people = [person for person in self.applicants if spells(address, person.name)]
            self.told["spelled", address] = people
        return people

    def named_whole(self, unit: Unit) -> list[tuple[Referent, Spot]]:
        """The people whose whole names stand in a unit."""
        by_unit: dict[int, list[tuple[Referent, Spot]]] | None = self.told.get(("named whole", None))
        if by_unit is None:
            by_unit = self.told["named whole", None] = {}
            for person in self.people:
                for spot in person.at:
                    by_unit.setdefault(spot.unit, []).append((person, spot))
        return by_unit.get(unit.index, [])

    def use(self, mention: Mention, why: str) -> None:
        self.fates[mention] = Fate("used", why)

    def explain(self, mention: Mention, why: str) -> None:
        if mention not in self.fates:
            self.fates[mention] = Fate("explained", why)

    def leave(self, mention: Mention, why: str) -> None:
        """Open: an officer looks."""
        self.fates[mention] = Fate("open", why)
        self.leave_text(self.units.all[mention.unit], mention.text, why)

    def leave_text(self, unit: Unit, text: str, why: str) -> None:
        self.opened.setdefault(self.entry(unit, text, why))

    def entry(self, unit: Unit, text: str, why: str) -> Open:
        """What is open, and where it stands."""
        return Open(short(text, 100), f"{unit.source.place}, {unit.source.first_line + unit.line}. sor", why)

    def add_email(self, person: Referent, mention: Mention, why: str) -> None:
        assert person.draft is not None
        unit = self.units.all[mention.unit]
        written = unit.text[mention.start : mention.end]
        person.draft.add("email", Value(mention.text, unit.evidence(written), written, labelled=True))
        self.use(mention, why)

    def has_email(self, person: Referent) -> bool:
        return person.draft is not None and ("email" in person.draft.values or person.holds("email"))

    def has_programs(self, person: Referent) -> bool:
        return person.draft is not None and (bool(person.draft.programs) or person.holds("programs"))


def signs_with_office(page: Page, unit: Unit, start: int, end: int) -> bool:
    """A name alone on its line, and the office on the line below: "Bartha Dezső / polgármester"."""
    below = page.units.all[unit.index + 1 : unit.index + 2]
    if not below or below[0].block != unit.block or below[0].line - unit.line > 1 or unit.label:
        return False
    alone = start <= _HEAD and len(unit.text) - (end - start) <= _SK + _HEAD
    return alone and words("person", "office").match(below[0].folded) is not None


@cache
def words(section: str, name: str) -> re.Pattern[str]:
    """A list of roles.toml as a pattern: beginnings of words; a space behind one says that the word ends there."""
    entries: list[str] = load("roles.toml").data[section][name]
    ends = [re.escape(entry.rstrip()) + (r"\b" if entry.endswith(" ") else "") for entry in entries]
    return re.compile(r"\b(?:" + "|".join(sorted(ends, key=len, reverse=True)) + ")")
