"""Forms: a legend of letters or numbers below a table, boxes that are ticked or left empty, our own list filled in
within its quote.

`plain` writes a mail as if its sender had written the words out, so that the finders need to know nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from processor.reading import Block, Mail, Role
from rules.hungarian.courses import Where
from rules.hungarian.courses import find as find_programs
from rules.hungarian.words import fold, squeeze

from .labels import labelled

Row = tuple[str, ...]

_ENTRY = re.compile(r"^\s*(?P<code>[A-Za-z]|[IVX]{1,4}|\d{1,2}|[A-Z]\d)\s*[.)]?\s*[=:–—-]+\s*(?P<text>\S.{2,120})$")
_A_CODE = r"(?:[A-Za-z]|[IVX]{1,4}|\d{1,2}|[A-Z]\d)"
# For squeezed text: a wide gap that can match in several ways, again and again, takes for ever.
_CODES = re.compile(rf"{_A_CODE}(?:(?: ?(?:[,;/+&]|és) ?| ){_A_CODE})* ?\.?")
_FEWEST = 2  # entries of a legend, and headers that use it

_EMPTY = r"(?:[☐□▢❏❑⬜◻]|\[\s*\]|\(\s+\))"
_TICKED = r"(?:[☒☑✔✓🗹■☓✗✘]|\[\s*[xX✓]\s*\]|\(\s*[xX✓]\s*\))"
_BOX = re.compile(f"{_EMPTY}|{_TICKED}")
_IS_TICKED = re.compile(_TICKED)
_FORM = 5  # boxes; fewer, with none ticked, are somebody's bullets


def plain(mail: Mail) -> Mail:
    """The mail with its legend's codes spelled out and without what stands at an empty box."""
    blocks = _without_empty_boxes(_filled_in(mail))
    if any(block.rows for block in blocks):
        blocks = _spelled_out(blocks)
    return replace(mail, blocks=blocks) if blocks is not mail.blocks else mail


# ---------------------------------------------------------------- answers within our letter

# "A kért adatokat lent, az Önök levelében soronként beírtam": the quoted lines are the sender's then, as far as they hold data.
_SAYS_SO = re.compile(
    r"\b(?:lent|lejjebb|alabb|alul|(?:az )?onok level\w*|(?:az )?eredeti level\w*|level\w*be|soronkent|pirossal|kekkel|zolddel|vastagon|felkoverrel)\b[^.!?]{0,60}\b(?:beirtam|beirtuk|irtam|kitoltottem|kitoltottuk|kitoltve|megadtam|megadtuk|valaszoltam|potoltam|potoltuk|jeloltem)\b"
)


def _filled_in(mail: Mail) -> tuple[Block, ...]:
    if not any(block.role is Role.QUOTED for block in mail.blocks):
        return mail.blocks
    written = fold("\n".join(line for block in mail.blocks if block.role is Role.BODY for line in block.lines))
    if not _SAYS_SO.search(" ".join(written.split())):
        return mail.blocks
    return tuple(
        replace(block, role=Role.BODY, lines=tuple(line if _holds_data(line) else "" for line in block.lines))
        if block.role is Role.QUOTED and block.lines
        else block
        for block in mail.blocks
    )


def _holds_data(line: str) -> bool:
    return any(piece.value.strip() and piece.field != "ignore" for piece in labelled(line))


# ---------------------------------------------------------------- legends


def _legend(blocks: tuple[Block, ...]) -> dict[str, tuple[str, tuple[int, int]]]:
    """Code to (program's words, place of the line) of every line like "A = Irat - Iktató"."""
    found: dict[str, tuple[str, tuple[int, int]]] = {}
    for number, block in enumerate(blocks):
        if block.role is Role.QUOTED:
            continue
        for index, line in enumerate(block.lines):
            match = _ENTRY.match(line)
            if match is None:
                continue
            programs = find_programs(match.group("text"), Where.LABEL)
            if len(programs) == 1 and programs[0].status == "resolved":
                found.setdefault(match.group("code").upper(), (match.group("text").strip(), (number, index)))
    return found


def _spelled_out(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    legend = _legend(blocks)
    if len(legend) < _FEWEST:
        return blocks
    words = {code: text for code, (text, _) in legend.items()}
    changed = tuple(
        replace(block, rows=_rows(block.rows, words)) if block.rows and block.role is not Role.QUOTED else block
        for block in blocks
    )
    if all(a.rows == b.rows for a, b in zip(blocks, changed, strict=True)):
        return blocks  # a list of wishes that is numbered
    gone = {place for _, place in legend.values()}
    return tuple(
        replace(block, lines=tuple("" if (number, index) in gone else line for index, line in enumerate(block.lines)))
        if block.lines
        else block
        for number, block in enumerate(changed)
    )


def _rows(rows: tuple[Row, ...], words: Mapping[str, str]) -> tuple[Row, ...]:
    """The table with its codes spelled out: those that head columns, or those of a column that holds nothing else."""
    for index, row in enumerate(rows[:3]):
        if sum(1 for cell in row if _code(cell) in words) >= _FEWEST:
            head = tuple(words.get(_code(cell), cell) for cell in row)
            return (*rows[:index], head, *rows[index + 1 :])
    width = max((len(row) for row in rows), default=0)
    coded = {column for column in range(width) if _coded_column(_below_head(rows, column), words)}
    return rows[:1] + tuple(
        tuple(_written_out(cell, words) if column in coded else cell for column, cell in enumerate(row))
        for row in rows[1:]
    )


def _below_head(rows: tuple[Row, ...], column: int) -> list[str]:
    """The filled cells of a column."""
    return [row[column] for row in rows[1:] if column < len(row) and row[column].strip()]


def _code(cell: str) -> str:
    return squeeze(cell).rstrip(".)").upper()


def _coded_column(cells: list[str], words: Mapping[str, str]) -> bool:
    numbered = [cell for cell in cells if squeeze(cell).rstrip(".").isdecimal()]
    if len(numbered) == len(cells) and [squeeze(cell).rstrip(".") for cell in cells] == [
        str(n) for n in range(1, len(cells) + 1)
    ]:
        return False  # a column of running numbers
    return bool(cells) and all(
        _CODES.fullmatch(squeeze(cell)) and all(code in words for code in _codes(cell)) for cell in cells
    )


def _codes(cell: str) -> list[str]:
    return (
        [word.upper() for word in re.findall(r"[A-Za-z]\d?|\d{1,2}", re.sub(r"\bés\b", " ", cell))]
        if not re.search(r"[IVX]{2,}", cell)
        else re.findall(r"[IVX]{1,4}", cell)
    )


def _written_out(cell: str, words: Mapping[str, str]) -> str:
    return "; ".join(words[code] for code in _codes(cell) if code in words) if _CODES.fullmatch(squeeze(cell)) else cell


# ---------------------------------------------------------------- boxes


def _without_empty_boxes(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    texts = (text for block in blocks if block.role is not Role.QUOTED for text in _texts(block))
    boxes = [match.group() for text in texts for match in _BOX.finditer(text)]
    if not any(_IS_TICKED.match(box) for box in boxes) and len(boxes) < _FORM:
        return blocks
    return tuple(block if block.role is Role.QUOTED else _ticked_block(block) for block in blocks)


def _texts(block: Block) -> tuple[str, ...]:
    return (*block.lines, *(cell for row in block.rows for cell in row))


def _ticked_block(block: Block) -> Block:
    rows = tuple(tuple(_ticked_cell(cell) for cell in row) for row in block.rows)
    return replace(block, lines=tuple(_ticked(line) for line in block.lines), rows=rows)


def _ticked_cell(cell: str) -> str:
    """A box alone in its cell is a mark, which the tables' finder knows."""
    return cell if _BOX.fullmatch(cell.strip()) else "\n".join(_ticked(line) for line in cell.split("\n"))


def _ticked(line: str) -> str:
    """The line without what stands at its empty boxes; the box is before its text, or behind it where the line begins
    with text."""
    boxes = list(_BOX.finditer(line))
    if not boxes:
        return line
    head, tail = line[: boxes[0].start()], line[boxes[-1].end() :]
    if head.strip() and not tail.strip() and not head.rstrip().endswith((":", "-", "–")):
        starts = [0, *(box.end() for box in boxes[:-1])]
        return " ".join(_at_ticks(line, boxes, starts, [box.start() for box in boxes]))
    ends = [*(box.start() for box in boxes[1:]), len(line)]
    return (head + "; ".join(_at_ticks(line, boxes, [box.end() for box in boxes], ends))).rstrip()


def _at_ticks(line: str, boxes: Sequence[re.Match[str]], starts: Sequence[int], ends: Sequence[int]) -> list[str]:
    """The texts of the ticked boxes, each between its start and end; no empty ones."""
    spans = zip(boxes, starts, ends, strict=True)
    texts = [line[start:end].strip(" ,;") for box, start, end in spans if _IS_TICKED.match(box.group())]
    return [text for text in texts if text]
