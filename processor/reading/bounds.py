"""How much of a mail is looked at: every bound with its reason, and the functions that hold a text to it. Pure.

Anybody may write to the desk, and most patterns of this program take time that grows with the square of a word or a
line. So words, lines and headers are cut here, where they enter, and nothing behind needs a bound of its own. Nobody's
data may vanish in silence: what is cut is said in Hungarian, for `Mail.faults`. What says nothing (a rule drawn of
dashes, a row of spaces, the tail of a long web address) is shortened without a word. A reader that stops early gives
one row, column or character more than the bound, so that it is seen here that there was more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

# ---------------------------------------------------------------- words and lines

# An address has 254 characters at most (RFC 5321 section 4.5.3.1.3 and its erratum 1690); no word comes near.
LONGEST_WORD = 300
LONGEST_GAP = 100  # white space in one go; three characters are a gap already, columns typed with spaces stand nearer
# A paragraph of a real letter has under two thousand; a disclaimer in two languages, pasted as one, three.
LONGEST_LINE = 4_000
FAR = 8  # times the longest line: what is taken of one before its gaps and web addresses have been shortened
MOST_LINES = 3_000  # of a mail with its attachments; forty pages of a regulation have two thousand
MOST_CHARACTERS = 300_000  # of the same; such a regulation has 150 000, twenty letters with all their quotes 100 000

# ---------------------------------------------------------------- headers

# As it stands in the mail: five hundred recipients, each with a name in encoded words (RFC 2047), have 40 000.
LONGEST_HEADER = 60_000
LONGEST_VALUE = 1_000  # of a subject or name when decoded; RFC 5322 section 2.1.1 would have 998 in a line
MOST_ADDRESSES = 500  # of one header; enough to find a clerk in, and a mail to more is bulk
MOST_REFERENCES = 100  # the last ones; a conversation of more letters is found by any of these
MOST_HEADERS = 1_000  # looked through for what machines write; mails that went through many servers have a hundred
MOST_ENCODED = 50  # openings of encoded words with no end; the library tries each up to the end of the header

# ---------------------------------------------------------------- the mail's parts

DEEPEST_PART = 12  # levels of multipart and message/rfc822
MOST_PARTS = 200
LONGEST_TEXT = 2_000_000  # of a mail's texts as they came (HTML with its styles); a long thread from Outlook has half
MOST_ELEMENTS = 60_000  # of its HTML; the same thread has 20 000
# A longer one is a picture written out, or attributes by the thousand: its reader compares each of those with each.
LONGEST_TAG = 20_000
DEEPEST_ELEMENT = 120  # below, text is taken as it comes
MOST_FILES = 30  # attachments read, pictures and signatures not counted; a request has one or two, a whole office's ten
MOST_WRAPPED = 50  # files within a winmail.dat

# ---------------------------------------------------------------- tables

MOST_ROWS = 3_000  # of a table; the country has 3 200 municipalities, and nobody asks for all of them at once
MOST_COLUMNS = 120
LONGEST_CELL = 2_000  # characters
MOST_CELLS = 20_000  # filled ones, of all tables; five hundred applicants in a dozen columns fill 6 000
MOST_SHEETS = 12

# ---------------------------------------------------------------- files

LARGEST_FILE = 25 * 1024 * 1024  # bytes; mail servers take no more
LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes of a zip's (xlsx, docx, ods) contents; a real form has under one million
MOST_SHEET_TAGS = 120_000  # in the XML of a spreadsheet, four a filled cell; its reader takes 20 microseconds for each
MOST_TEXT_TAGS = 400_000  # in the XML of a document; a hundred pages with the changes of every line tracked
MOST_RUNS = 3_000  # pieces of one paragraph that are looked at for what is struck through
LONGEST_RTF = 4_000_000  # characters, pictures written out in figures among them
MOST_PAGES = 40  # of a PDF; a request has one or two

# ---------------------------------------------------------------- judging

MOST_JUDGED = 20_000  # characters of the sender's own words that are looked at for what the mail wants; ten pages
LONGEST_JUDGED_WORD = 30  # letters; the words that tell what a mail wants have under twenty with their endings

# ---------------------------------------------------------------- what may be found in one mail

# Found things are compared with one another. A mail with more of them is for an officer: its kind is `other`.
MOST_PEOPLE = 400  # named in text or tables, or addresses in the text; the country's largest offices have three hundred
MOST_VALUES = 3_000  # addresses, numbers, bodies and wishes for programs in its text; six each for those people
MOST_LOOSE = 100  # values of one field, or different wishes, that are nobody's in particular; there are fifty programs
TOO_MANY = "túl sok név vagy adat egy levélben"

# What was cut, in the words that officers see. Other modules and the store know mails by them: leave them as they are.
WORD = f"egy {LONGEST_WORD} karakternél hosszabb szó vége"
LINE = f"egy {LONGEST_LINE} karakternél hosszabb sor vége"
LINES = f"a levél {MOST_LINES}. sora utáni része"
CHARACTERS = f"a levél {MOST_CHARACTERS}. karaktere utáni része"
JUDGED = f"a levél szövegének {MOST_JUDGED}. karaktere utáni része (a levél fajtájának megítélésekor)"
HEADER = f"egy {LONGEST_HEADER} karakternél hosszabb fejléc vége"
VALUE = f"egy {LONGEST_VALUE} karakternél hosszabb tárgy vagy név vége"
ADDRESSES = f"az {MOST_ADDRESSES}. utáni címzettek"
SOURCE = f"a levél forrásszövegének {LONGEST_TEXT}. karaktere utáni része"
ELEMENTS = f"a formázott szöveg {MOST_ELEMENTS}. eleme utáni része"
ROWS = f"a táblázatok {MOST_ROWS}. sora utáni része"
COLUMNS = f"egy táblázat {MOST_COLUMNS}. oszlopa utáni része"
CELL = f"egy {LONGEST_CELL} karakternél hosszabb cella vége"
CELLS = f"a táblázatok {MOST_CELLS}. cellája utáni része"
SHEETS = f"egy munkafüzet {MOST_SHEETS}. lapja utáni része"
WRAPPED = f"a winmail.dat {MOST_WRAPPED}. fájlja utáni része"
PARTS = "túl összetett levél"

Faults = tuple[str, ...]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How much of one mail may still be read, its attachments among it."""

    characters: int = MOST_CHARACTERS
    lines: int = MOST_LINES
    rows: int = MOST_ROWS
    cells: int = MOST_CELLS
    source: int = LONGEST_TEXT
    tags: int = 2 * MOST_ELEMENTS  # each element with its end


_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_LONG_GAP = re.compile(rf"\s{{{LONGEST_GAP + 1},}}")
_LIST_MARK = re.compile(r"([,;|])(?=[^\s,;|])")
# A web address holds nothing of a request, and those that went through a mail filter have a thousand characters.
_WEB = re.compile(r"\S{0,40}?(?:https?|ftp)://[!-~]+\S{0,2}")  # in brackets, or glued to the word before it


def _shortened(match: re.Match[str]) -> str:
    word = match.group()
    if not any(c.isalnum() for c in word):
        return word[:LONGEST_WORD]  # a rule, a row of dots
    if _WEB.fullmatch(word):
        return word[: LONGEST_WORD - 1] + "…"
    return _LIST_MARK.sub(r"\1 ", word)


def words(text: str) -> tuple[str, Faults]:
    """The text with no word over LONGEST_WORD and no gap over LONGEST_GAP.

    A list typed without spaces gets them; any other word loses its end.
    """
    if len(text) <= LONGEST_GAP:
        return text, ()
    pieces = text.split()
    spare = len(text) - sum(map(len, pieces)) - len(pieces) + 2
    if spare > LONGEST_GAP:  # white space enough for one gap to be too long
        text = _LONG_GAP.sub(lambda m: m.group()[:LONGEST_GAP], text)
    if max(map(len, pieces), default=0) <= LONGEST_WORD:
        return text, ()
    text = _LONG_WORD.sub(_shortened, text)
    text, cut = _LONG_WORD.subn(lambda m: m.group()[: LONGEST_WORD - 1] + "…", text)
    return text, (WORD,) if cut else ()


def _held(text: str, longest: int, fault: str) -> tuple[str, Faults]:
    """At most `longest` characters of bounded words, cut between two of them; `fault` when there were more."""
    if len(text) <= LONGEST_GAP:
        return text, ()
    over = text[longest * FAR :].strip()
    text, faults = words(text[: longest * FAR])
    if len(text) <= longest and not over:
        return text, faults
    head = text[:longest]
    space = max(head.rfind(" "), longest - LONGEST_WORD)
    return (head[:space].rstrip() + "…" if len(text) > longest else head), (*faults, fault)


def line(text: str) -> tuple[str, Faults]:
    """One line of text, at most LONGEST_LINE characters."""
    return _held(text, LONGEST_LINE, LINE)


def header(text: str) -> tuple[str, Faults]:
    """A decoded header, or a name out of one, at most LONGEST_VALUE characters."""
    return _held(text, LONGEST_VALUE, VALUE)


def lines(texts: Sequence[str], room: Room) -> tuple[list[str], Room, Faults]:
    """The lines that there is room for, each bounded; the room left; what was cut."""
    kept = list(texts[: room.lines])
    faults: Faults = (LINES,) if any(text.strip() for text in texts[room.lines :]) else ()
    if max(map(len, kept), default=0) > LONGEST_GAP:
        bounded = [line(text) for text in kept]
        kept = [text for text, _ in bounded]
        faults += tuple(fault for _, said in bounded for fault in said)
    count, used = _fitting(kept, room.characters)
    if any(text.strip() for text in kept[count:]):
        faults += (CHARACTERS,)
    return kept[:count], replace(room, characters=room.characters - used, lines=room.lines - count), faults


def _fitting(texts: Sequence[str], characters: int) -> tuple[int, int]:
    """How many of the texts fit into so many characters, a line's end counted as one, and how many they take."""
    used = sum(map(len, texts)) + len(texts)
    if used <= characters:
        return len(texts), used
    used = 0
    for count, text in enumerate(texts):
        if used + len(text) + 1 > characters:
            return count, used
        used += len(text) + 1
    return len(texts), used


def rows(table: Sequence[Row], room: Room) -> tuple[list[Row], Room, Faults]:
    """The rows of a table, likewise. A row is bounded as a line too: it may come to be read as running text."""
    faults: list[str] = [ROWS] if any(any(row) for row in table[room.rows :]) else []
    kept: list[Row] = []
    left, cells = room.characters, room.cells
    for row in table[: room.rows]:
        size = sum(map(len, row)) + len(row) + 1
        if size > LONGEST_GAP or len(row) > MOST_COLUMNS:
            row, said = _row(row)
            faults += said
            size = sum(map(len, row)) + len(row) + 1
        filled = len(row) - row.count("")
        if size > left or filled > cells:
            faults.append(CHARACTERS if size > left else CELLS)
            break
        left, cells = left - size, cells - filled
        kept.append(row)
    return kept, replace(room, characters=left, rows=room.rows - len(kept), cells=cells), tuple(faults)


def _row(row: Row) -> tuple[Row, Faults]:
    faults: Faults = (COLUMNS,) if any(row[MOST_COLUMNS:]) else ()
    cells: list[str] = []
    left = LONGEST_LINE
    for cell in row[:MOST_COLUMNS]:
        text, said = _held(cell, LONGEST_CELL, CELL)
        if len(text) > left:
            text, said = "", (*said, LINE)
        left -= len(text)
        faults += said
        cells.append(text)
    return tuple(cells), faults


# ---------------------------------------------------------------- what is cut before it is text


def encoded(text: str) -> str:
    """A header fit to have its encoded words decoded: openings that nothing closes, by the dozen, are taken out."""
    if text.count("=?") <= MOST_ENCODED:
        return text
    # The library looks at the whole, then at each line.
    return _closed("".join(_closed(part) for part in text.splitlines(keepends=True)))


def _closed(text: str) -> str:
    head, close, tail = text.rpartition("?=")
    return head + close + (tail.replace("=?", "") if tail.count("=?") > MOST_ENCODED else tail)


_LONG_TAG = re.compile(rf"(<[a-zA-Z][a-zA-Z0-9:]{{0,30}})[^<>]{{{LONGEST_TAG},}}")


def source(text: str, room: Room) -> tuple[str, Room, Faults]:
    """A text as it came, HTML or plain, of no more characters than there is room for."""
    kept = text[: room.source]
    return kept, replace(room, source=room.source - len(kept)), (SOURCE,) if len(text) > len(kept) else ()


def page(html: str, room: Room) -> tuple[str, Room, Faults]:
    """HTML of no more tags than there is room for. An endless one loses its attributes, which say nothing."""
    if len(html) > LONGEST_TAG:
        html = _LONG_TAG.sub(r"\1", html)
    count = html.count("<")
    if count <= room.tags:
        return html, replace(room, tags=room.tags - count), ()
    return "<".join(html.split("<", room.tags + 1)[:-1]), replace(room, tags=0), (ELEMENTS,)
