"""A table that a person saved or copied, or the lines that a program printed, as lines of cells. Pure.

HTML cell by cell; tab, semicolon or comma separated; else every line is one cell. A cell may hold line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html

_TABLE = re.compile(r"<(?:table|tr|td)\b", re.I)
_BREAKS = ("br", "p", "div", "li")
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_BREAK = "\u2028"  # stands for a line break while white space of the source is taken together
_LOOKED_AT = 200_000  # characters from which the separator is guessed
_LONGEST = 100_000  # characters of a quoted cell; a stray quote must not make every cell run to the end of the file
_CELL = r'"((?:[^"]|""){0,%d}+)"(?=[%s\n]|\Z)|([^%s\n]*)'  # a quoted cell, or a bare one
_CELLS = {separator: re.compile(_CELL % (_LONGEST, separator, separator)) for separator in "\t;,"}
_LEAST_CELLS = 3  # of a line in a comma or semicolon separated table; a printed line may hold a comma or two


def table(text: str) -> list[list[str]]:
    """The lines of `text` that are not empty, each as its cells, white space around them removed."""
    rows = _html(text) if _TABLE.search(text) else _text(re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff")))
    return [row for row in ([cell.strip() for cell in cells] for cells in rows) if any(row)]


def _html(text: str) -> Iterator[list[str]]:
    """Row by row; a row that only lays out another table is passed over, the inner table has rows of its own."""
    try:
        parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.LxmlError, ValueError):
        return
    for row in tree.iter("tr"):
        if row.find(".//table") is None:
            yield [_cell(cell) for cell in row.iterchildren("td", "th")]


def _cell(cell: Any) -> str:
    for node in cell.iter(*_BREAKS):
        node.tail = _BREAK + (node.tail or "")
    lines = _SPACES.sub(" ", cell.text_content()).split(_BREAK)
    return "\n".join(line.strip() for line in lines if line.strip())


def _text(text: str) -> Iterator[list[str]]:
    separator = _separator(text[:_LOOKED_AT])
    if separator:
        yield from _separated(text, separator)
    else:
        yield from ([line] for line in text.split("\n"))


def _separator(text: str) -> str:
    """Tab wherever one stands; semicolon or comma when most lines have cells enough; "" for plain lines."""
    if "\t" in text:
        return "\t"
    for separator in ";,":
        lengths = [len(cells) for cells in _separated(text, separator) if any(cells)]
        if 2 * sum(length >= _LEAST_CELLS for length in lengths) > len(lengths):
            return separator
    return ""


def _separated(text: str, separator: str) -> Iterator[list[str]]:
    """Cells in quotes may hold separators and line breaks, as spreadsheets write them.

    A cell that only begins with a quote is text: a browser copies cells as they are, and Moodle's messages hold quotes.
    """
    pattern, place = _CELLS[separator], 0
    row: list[str] = []
    while place <= len(text):
        found = pattern.match(text, place)
        assert found is not None
        row.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        place = found.end() + 1
        if text[found.end() : place] != separator:
            yield row
            row = []
