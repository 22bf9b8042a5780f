"""What finders hand to the assembly: drafts of applicants, and values that belong to nobody in particular yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from processor.reading import Block
from rules.hungarian.courses import Found
from rules.hungarian.words import short
from rules.model import Evidence, Mention, Value


@dataclass(slots=True)
class Draft:
    """An applicant in the making. `order`: (block, line, character) of the first mention."""

    order: tuple[int, int, int]
    names: list[Value] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)
    programs: list[Mention] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)
    layer: int = 0
    strong: bool = True

    def add(self, name: str, value: Value) -> None:
        self.values.setdefault(name, []).append(value)

    @property
    def name(self) -> str:
        return self.names[0].text if self.names else ""


@dataclass(slots=True)
class Loose:
    """A value that stands for no applicant in particular: `order` tells which applicants it stands before."""

    name: str
    value: Value
    order: tuple[int, int, int]
    layer: int = 0


@dataclass(slots=True)
class Findings:
    """All that the finders found in one mail."""

    drafts: list[Draft] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    programs: list[tuple[Mention, tuple[int, int, int], int]] = field(default_factory=list)  # mention, order, layer
    clerks: list[str] = field(default_factory=list)
    too_many: bool = False  # more than can be compared (reading/bounds.py): what was found counts for nothing


def evidence(block: Block, line: int, text: str) -> Evidence:
    """`line`: index within the block."""
    return Evidence(block.place, block.first_line + line, short(text), block.standing)


def mention(found: Found, text: str, where: Evidence) -> Mention:
    return Mention(found.status, found.programs, Value(short(text[found.start : found.end]), where, raw=text))
