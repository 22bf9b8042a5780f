"""A mail while it is read: its units, what is mentioned in each, who is spoken of, and the fate of every mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from processor.reading import Mail
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
        return frozenset(fold(part) for part in parts(self.name))

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
        alike = any(mine[:3] == folded[:3] and mine in known for mine in self.words)
        return int(word[0].isupper() and len(folded) <= _LONGEST_NICKNAME and alike and folded not in known)


def only_bearer(people: Sequence[Referent], word: str) -> Referent | None:
    """The one of `people` of whose name a word is a part, more surely than of anybody else's."""
    ranks = [(person.bears(word), person) for person in people]
    best = max((rank for rank, _ in ranks), default=0)
    bearers = [person for rank, person in ranks if rank == best]
    return bearers[0] if best and len(bearers) == 1 else None


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
    writer asks, 0 for the mail itself. `refused`: programs that are not wanted, and by whom."""

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
    opened: list[Open] = field(default_factory=list)

    @property
    def is_answer(self) -> bool:
        return any(person.held is not None for person in self.people)

    @property
    def nobody(self) -> frozenset[str]:
        return self.own | examples()

    @property
    def applicants(self) -> list[Referent]:
        return [person for person in self.people if person.draft is not None]

    def put_in_order(self) -> None:
        """The people in the order in which the mail's own words name them first; signatures do not count."""

        def place(person: Referent) -> tuple[int, int, int]:
            spots = [(self.units.all[spot.unit], spot.start) for spot in person.at]
            own = [(unit.block, unit.line, start) for unit, start in spots if unit.own and not unit.last]
            return min(own, default=(len(self.units.all), 0, 0))

        self.people.sort(key=place)

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
        return any(m.taken_back and m.text == mention.text for _, m in self.every(mention.sort))

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
        if (entry := self.entry(unit, text, why)) not in self.opened:
            self.opened.append(entry)

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
