"""Where people, addresses and wishes stand in a text, found by line: everybody is compared with what is near, not with
everything."""

from __future__ import annotations

from collections import Counter, defaultdict

from .draft import Draft
from .text import Person, Text


class Positions:
    """What stands on which line and in which group of lines, by their numbers."""

    def __init__(self, text: Text) -> None:
        self.lines = text.lines
        self.by_line: defaultdict[int, list[tuple[Person, Draft]]] = defaultdict(list)
        self.by_group: defaultdict[int, list[tuple[Person, Draft]]] = defaultdict(list)
        self.last_group: dict[int, int] = {}  # of a draft's mentions, by the draft's identity
        self.emails = Counter(s.line for s in text.scraps if s.field == "email")
        self.addresses: defaultdict[int, list[str]] = defaultdict(list)  # by group
        self.wishes: defaultdict[int, list[int]] = defaultdict(list)  # by line: where programs begin
        for s in text.scraps:
            if s.field == "email" and s.value:
                self.addresses[self.lines[s.line].group].append(s.value.text)
            elif s.field == "programs":
                self.wishes[s.line].append(s.start)
        for starts in self.wishes.values():
            starts.sort()

    def add(self, person: Person, draft: Draft) -> None:
        """A mention of that draft's person."""
        group = self.lines[person.line].group
        self.by_line[person.line].append((person, draft))
        self.by_group[group].append((person, draft))
        self.last_group[id(draft)] = max(group, self.last_group.get(id(draft), group))
