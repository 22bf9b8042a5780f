"""What the result of Moodle's "Upload users" says of each person of a batch. Pure.

Sources: Moodle's admin/tool/uploaduser (locallib.php, uu_progress_tracker: the web table;
classes/local/text_progress_tracker.php: the command line prints "Line N" and the messages, never a username) and
enrol/manual/lang ("enrolledincourserole"). Moodle counts no failed enrolment as an error (MOODLE.md, trap 1), so only
what it reports as done is done.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from processor.batches.content import Enrolment
from rules.hungarian.catalogue import programs as catalogue

_QUOTES = '"„“”‟«»'
_USERNAME = frozenset({"username", "felhasználónév", "felhasználói név"})  # the column's header, English and Hungarian
_FIRST_LINE = 2  # of the CSV that holds a person; line 1 is the header
_LINE = re.compile(r"(?:line|sor)\s+(\d+)\b|(\d+)\.?\s*sor\b", re.I)  # lang "linex": "Line 2", in Hungarian "2 sor"
_RULE = re.compile(r"[-=_*]{5,}")  # drawn under the last person
_ADDRESS = re.compile(rf"[^\s@'<>(),;:{_QUOTES}]+@[^\s@'<>(),;:{_QUOTES}]+")
_BETWEEN_WORDS = re.compile(rf"-->|[\s;,|()<>{_QUOTES}]+")

# In front of a course, or between it and the second quoted part, these make it no report of success.
_REFUSING = re.compile(
    r"\b(?:unknown|ismeretlen|cannot|unable|failed|sikertelen)|\b(?:not|nem)\b|\b(?:error|hiba):",
    re.I,
)
_NOT_ADDED = re.compile(r"\buser not (?:added|updated|created)\b|\bfelhaszn\w+ (?:nincs|nem)\b", re.I)
_YES = re.compile(rf"(?:^|-->|[{_QUOTES}])\s*(?:yes|igen)$", re.I)  # only the column "Suspended account" says yes or no
_SUSPENDED = re.compile(r"suspend|felfüggeszt", re.I)
_NO = re.compile(r"\b(?:no|nem)$", re.I)

# Messages worth showing to the officer, in English and Hungarian; they decide nothing.
_WORTH_SHOWING = (
    *(r"\berror\b", r"\bhiba\b", "failed", "sikertelen", "cannot", "nem lehet"),
    *("not added", "hozzáad", "not updated", "skipped", "kihagy", "suspended", "felfüggeszt"),
    *("unknown", "ismeretlen", "duplicate", "ismétlődő", "duplik", "invalid", "érvénytelen", "missing", "hiányz"),
)
_TELLING = re.compile("|".join(_WORTH_SHOWING), re.I)
_LONGEST = 500  # characters of Moodle's words


@dataclass(slots=True)
class Said:
    """What stands in Moodle's result of one person of the batch. `pieces`: its texts, line by line and cell by cell."""

    named: bool = False
    pieces: list[str] = field(default_factory=list)

    def enrolled(self, course: str) -> bool:
        return any(_reports(piece, course) for piece in self.pieces)

    def not_added(self) -> bool:
        return any(_NOT_ADDED.search(piece) for piece in self.pieces)

    def suspended(self) -> bool:
        return any(_suspended(piece) for piece in self.pieces)

    def telling(self) -> str:
        """Moodle's own words, those that are worth showing."""
        return "; ".join(dict.fromkeys(piece for piece in self.pieces if _TELLING.search(piece)))[:_LONGEST]


def read(enrolments: Sequence[Enrolment], result: Sequence[Sequence[str]]) -> tuple[list[Said], bool]:
    """What `result` (lines of cells) says of each person, in order; and whether it is surely another batch's."""
    reader = _Reader(enrolments)
    for cells in result:
        reader.take([part.strip() for cell in cells for part in cell.split("\t")])
    return reader.said, reader.foreign or reader.other_courses()


def lacking(enrolment: Enrolment, said: Said) -> str:
    """What Moodle did not report as done, in Hungarian, with Moodle's own words; "" when nothing lacks."""
    if not said.named:
        return "a Moodle nem jelezte vissza: a felhasználót (nem szerepel az eredményben)"
    lacks = "; ".join(_lacks(enrolment, said))
    if not lacks:
        return ""
    words = said.telling()
    return f"a Moodle nem jelezte vissza: {lacks}" + (f". A Moodle szavaival: {words}" if words else "")


def _lacks(enrolment: Enrolment, said: Said) -> Iterator[str]:
    if said.not_added():
        yield "a felhasználó felvételét"
    if missing := [course for course in _courses(enrolment) if not said.enrolled(course)]:
        yield "a beíratást ide: " + ", ".join(f"„{course}”" for course in missing)
    if said.suspended():
        yield "a használható fiókot (felfüggesztett fiók)"


class _Reader:
    """Goes through the result line by line and gives each line to the person whose row it belongs to, if to anybody."""

    def __init__(self, enrolments: Sequence[Enrolment]) -> None:
        self.said = [Said() for _ in enrolments]
        self.foreign = False
        self._enrolments = enrolments
        keys = [_key(one.username) for one in enrolments]
        times = Counter(keys)  # two people of one username cannot be told apart: neither is confirmed
        self._numbers = {key: number for number, key in enumerate(keys) if times[key] == 1}
        self._owner: int | None = None
        self._length = 0  # cells in the line that named the owner
        self._by_line: set[int] = set()  # people known by their line of the CSV
        self._counted = False  # whether the owner is known so
        self._column: int | None = None  # of the username, once a header was seen
        self._width = 0  # of that header

    def take(self, cells: Sequence[str]) -> None:
        if not any(cells):
            return
        if self._is_header(cells) or _RULE.fullmatch("".join(cells)):
            self._owner = None
            return
        named = self._named(cells)
        if (line := _line(cells[0])) is not None:
            self._count(line - _FIRST_LINE, named)
        elif named is not None:
            self._name(named, len(cells))
        elif not self._continues(cells):
            self._owner = None
        if self._owner is not None:
            self.said[self._owner].pieces.extend(_pieces(cells))

    def other_courses(self) -> bool:
        """Whether a line that named nobody speaks of a course that the batch does not hold for its person."""
        shorts = {program.short for program in catalogue().values()}
        for number in self._by_line:
            others = shorts.difference(_courses(self._enrolments[number]))
            if any(self.said[number].enrolled(course) for course in others):
                return True
        return False

    def _is_header(self, cells: Sequence[str]) -> bool:
        column = next((number for number, cell in enumerate(cells) if cell.casefold() in _USERNAME), None)
        if column is not None:
            self._column, self._width = column, len(cells)
        return column is not None

    def _count(self, number: int, named: int | None) -> None:
        """The command line's output counts the lines of the CSV."""
        if 0 <= number < len(self._enrolments) and named in {None, number}:
            self._owner, self._counted = number, True
            self._by_line.add(number)
            self.said[number].named = True
        else:
            self._owner, self.foreign = None, True

    def _name(self, number: int, length: int) -> None:
        if self._counted and self._owner is not None and self._owner != number:
            self._owner, self.foreign = None, True  # the counted line is somebody else's
            return
        if self._owner != number:
            self._counted = False
        self._owner, self._length = number, length
        self.said[number].named = True

    def _named(self, cells: Sequence[str]) -> int | None:
        """Whom the line names: in the username's column if there is a header, else in a whole cell or word."""
        if self._column is not None:
            return self._only(_words(cells[self._column])) if self._column < len(cells) else None
        whole = (self._numbers.get(_key(line.strip())) for cell in cells for line in cell.split("\n"))
        first = next((number for number in whole if number is not None), None)
        return first if first is not None else self._only(word for cell in cells for word in _words(cell))

    def _only(self, words: Iterator[str]) -> int | None:
        found = {self._numbers[_key(word)] for word in words if _key(word) in self._numbers}
        return found.pop() if len(found) == 1 else None

    def _continues(self, cells: Sequence[str]) -> bool:
        """Whether a line that names nobody still belongs to the owner: what a line break inside a cell has cut off.

        A whole row is somebody else's, and so is a line with somebody else's address.
        """
        if self._owner is None:
            return False
        owner = self._enrolments[self._owner]
        own = {owner.username.lower(), owner.email.lower()}
        if any(address.lower().rstrip(".") not in own for cell in cells for address in _ADDRESS.findall(cell)):
            return False
        if self._counted or len(cells) == 1:
            return True
        if self._column is not None:  # a row of Moodle's has a username and a number, the line of the CSV
            return len(cells) < self._width or not (cells[self._column] or any(cell.isdigit() for cell in cells))
        return len(cells) < self._length or not cells[0]


def _courses(enrolment: Enrolment) -> list[str]:
    return [catalogue()[program].short if program in catalogue() else program for program in enrolment.programs]


def _key(username: str) -> str:
    """Addresses in any case; other usernames as Moodle writes them, else "nagy" would be in every line of a Nagy."""
    return username.lower() if "@" in username else username


def _words(cell: str) -> Iterator[str]:
    for word in _BETWEEN_WORDS.split(cell):
        yield word.rstrip(".:")


def _line(cell: str) -> int | None:
    found = _LINE.match(cell)
    return int(found[1] or found[2]) if found else None


def _pieces(cells: Sequence[str]) -> Iterator[str]:
    """The lines of the cells, composed, white space taken together."""
    for cell in cells:
        for line in cell.split("\n"):
            if piece := " ".join(unicodedata.normalize("NFC", line).split()):
                yield piece


def _reports(piece: str, course: str) -> bool:
    """Whether the text says that somebody was enrolled in the course: Enrolled in "COURSE" as "role", in any language.

    Errors quote the course alone; where two of them run together, the second quoted part is a course, not a role.
    """
    if course not in piece:
        return False
    marks, other = f"[{_QUOTES}]", f"[^{_QUOTES}]"
    message = re.compile(rf"{marks}\s*{re.escape(course)}\s*{marks}({other}{{1,80}}){marks}({other}+){marks}")
    shorts = {program.short for program in catalogue().values()}
    for found in message.finditer(piece):
        before = re.split(marks, piece[: found.start()])[-1]
        between, role = found[1], found[2].strip()
        refused = _REFUSING.search(before) or _REFUSING.search(between) or not re.search(r"\w", between)
        if role and role not in shorts and not refused:
            return True
    return False


def _suspended(piece: str) -> bool:
    return bool(_YES.search(piece) or (_SUSPENDED.search(piece) and not _NO.search(piece)))
