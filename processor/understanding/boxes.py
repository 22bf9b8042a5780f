"""What belongs together in lists and blocks: the values below a label, the lines below a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from . import mentions
from .page import Page, signs_with_office
from .units import Unit

_MOST_BELOW = 12  # lines that a label of programs announces
_LONGEST_VALUE = 160  # characters of a value below its label
_LONGEST_NAME_LINE = 60
_LONGEST_DATA_LINE = 140
_HEAD = 3  # characters before a name that begins its line


def settle(page: Page) -> None:
    """Moves units to the boxes and under the labels that they belong to."""
    _below_labels(page)
    for number in list(page.units.boxes):
        _items(page, number)


def _below_labels(page: Page) -> None:
    """What stands below a label without a value is its value: "Igényelt tananyagok:" and a list."""
    label, block, left = "", -1, 0
    for unit in list(page.units.all):
        if unit.sort == "heading":
            label, block, left = unit.label, unit.block, _MOST_BELOW if unit.label == "programs" else 1
        elif label and left and unit.block == block and _is_value(page, unit, label):
            moved = replace(unit, label=label, sort="label")
            page.units.put(moved)
            page.mentions[unit.index] = mentions.find(moved)
            left -= 1
        elif label:
            label = ""


def _is_value(page: Page, unit: Unit, label: str) -> bool:
    """Whether a line below a label is a value of it, and no sentence or somebody's own line."""
    if unit.sort not in {"item", "sentence"} or unit.label or len(unit.text) >= _LONGEST_VALUE or ":" in unit.text:
        return False
    named = bool(page.of(unit, "person"))
    if label == "programs":
        return not named and (unit.sort == "item" or bool(page.of(unit, "program")))
    return unit.sort == "item" or not named or label == "name"


def _items(page: Page, number: int) -> None:
    """Lines of one paragraph that each begin with somebody's name are items; so is a line of a name with the lines of
    data below it."""
    members = page.units.boxes[number]
    begins = {unit.index for unit in members if _begins_with_name(page, unit)}
    first = next((unit for unit in members if unit.index in begins), None)
    lines = {unit.line for unit in members if unit.index in begins}
    if first is None or (len(lines) < 2 and not _heads_block(page, first, members)):
        return
    box, end = number, _end_of_items(sorted(lines), members)
    for unit in list(members):
        if unit.index in begins:
            box = page.units.next_box
        if box != number and unit.line < end:
            page.units.put(replace(unit, box=box, sort="item" if unit.sort == "sentence" else unit.sort))


def _end_of_items(begins: Sequence[int], members: Sequence[Unit]) -> int:
    """The line behind the last item, which is no longer than the longest before it."""
    if len(begins) < 2:
        return members[-1].line + 1
    return begins[-1] + max(later - earlier for earlier, later in pairwise(begins))


def _begins_with_name(page: Page, unit: Unit) -> bool:
    if unit.sort != "sentence" or not unit.own:
        return False
    first = next((m for m in page.of(unit, "person") if m.start <= _HEAD), None)
    return first is not None and not signs_with_office(page, unit, first.start, first.end)


def _heads_block(page: Page, unit: Unit, members: Sequence[Unit]) -> bool:
    """A name alone on its line, with short lines of data below."""
    below = [other for other in members if other.index > unit.index]
    if not any(page.of(other, "program", "address") for other in below):
        return False
    short = len(unit.text) < _LONGEST_NAME_LINE and all(len(other.text) < _LONGEST_DATA_LINE for other in below)
    return bool(below) and short and unit.line != below[0].line
