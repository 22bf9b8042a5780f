"""Running text, lists and labelled lines: who is named and what stands where. `read` turns lines into scraps for `people`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from processor.reading import Block, Mail, Role, bounds
from rules.hungarian.clerks import says_clerk
from rules.hungarian.courses import Where
from rules.hungarian.courses import find as find_programs
from rules.hungarian.names import is_full, same_name, surnames
from rules.hungarian.words import fold, squeeze
from rules.model import Evidence, Value

from . import bare, cells, persons
from .cues import cue_of
from .draft import Findings, Scrap, evidence, mention
from .labels import Labelled, field_of, labelled
from .spots import plain_addresses, spot

_DATA = re.compile(r"@|\bpir\b|\b\d{6}\b")
LONGEST_ITEM = 80  # characters of a line of a list of people without bullets


@dataclass(slots=True)
class Line:
    text: str
    block: Block
    number: int  # of the block in the mail
    index: int  # within the block
    group: int  # lines of one paragraph, list item or labelled block
    item: bool  # begins with a bullet or number
    table: bool = False  # a row of a table that could not be read as one

    @property
    def order(self) -> tuple[int, int, int]:
        return (self.number, self.index, 0)

    def evidence(self) -> Evidence:
        return evidence(self.block, self.index, self.text)


@dataclass(slots=True)
class Person:
    """A name in the text. `cue`: how strongly the text asks for this person's registration; below zero, it speaks against it."""

    name: str
    line: int
    start: int
    end: int
    cue: int
    labelled: bool = False
    linked: bool = False  # enumerated with the person before ("Kovács Anna és Nagy Béla")


@dataclass(slots=True)
class Text:
    lines: list[Line] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    scraps: list[Scrap] = field(default_factory=list)


_ITEM = re.compile(r"^\s*(?:[-–—•*·>o▪■]\s+|\d{1,2}\s?[.)/]{1,2}\s*(?!\d)|[a-h]\)\s*|\(\d{1,2}\)\s*)(?=\S)")
_INDENT = re.compile(r"^\s{2,}\S")


def read(
    mail: Mail,
    extra: dict[int, list[str]],
    out: Findings,
    expected: frozenset[str] = frozenset(),
    known: tuple[str, ...] = (),
) -> Text:
    """All counted text of the mail. `extra`: rows of tables (by block number) that were not readable as tables.

    `expected`: fields that our letter asked for, whose bare values count without a label; `known`: names of the case's applicants.
    """
    text = Text()
    group = 0
    for number, block in enumerate(mail.blocks):
        if block.role is Role.QUOTED:
            continue
        group += 1
        lines = list(block.lines) if block.lines else extra.get(number, [])
        named = False  # the group holds a labelled name already
        for index, raw in enumerate(_unwrapped(lines)):
            if not raw.strip():
                group, named = group + 1, False
                continue
            line = plain_addresses(raw)
            item = bool(_ITEM.match(line))
            if item and not (text.lines and text.lines[-1].group == group and _under_label(text.lines[-1].text)):
                group, named = group + 1, False
            if any(piece.field == "name" for piece in labelled(line)):
                if named:
                    group += 1
                named = True
            text.lines.append(Line(line, block, number, index, group, item, table=not block.lines))
    _list_without_bullets(text.lines)
    _Finder(text, out, expected, known).run()
    return text


def _list_without_bullets(lines: list[Line]) -> None:
    """Two or more lines that each begin with somebody's name, right behind a line that ends with a colon or each with data, are items."""
    group = max((line.group for line in lines), default=0)
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].number == lines[start].number and _begins_with_a_name(lines[end]):
            end += 1
        run = lines[start:end]
        headed = (
            start > 0
            and lines[start - 1].number == lines[start].number
            and lines[start - 1].text.rstrip().endswith(":")
        )
        if len(run) > 1 and start > 0 and (headed or all(_DATA.search(fold(line.text)) for line in run)):
            for line in run:
                group += 1
                line.item, line.group = True, group
        start = max(end, start + 1)


def _begins_with_a_name(line: Line) -> bool:
    if line.item or line.block.role is not Role.BODY or len(line.text) >= LONGEST_ITEM or labelled(line.text):
        return False
    spotted = persons.find(line.text)
    return bool(spotted) and spotted[0].start <= 1


def _unwrapped(lines: list[str]) -> list[str]:
    """Addresses broken at the end of a line put together again; line numbers stay."""
    out = list(lines)
    for i in range(len(out) - 1):
        if re.search(r"[\w.\-]@$|@[\w\-]+\.$|@[\w\-]+-$", out[i].rstrip()) and re.match(
            r"^\s*[\w\-]+(?:\.[\w\-]+)*\b", out[i + 1]
        ):
            head, _, rest = out[i + 1].lstrip().partition(" ")
            out[i] = out[i].rstrip() + head
            out[i + 1] = rest if rest.strip() else "\u00b7"
    return out


def _under_label(line: str) -> bool:
    """A label of programs with nothing behind it: the bullets below are its list, not items of their own."""
    last = labelled(line)
    return bool(last) and last[-1].field == "programs" and not last[-1].value


class _Finder:
    def __init__(self, text: Text, out: Findings, expected: frozenset[str], known: tuple[str, ...]) -> None:
        self.text, self.out, self.expected, self.known = text, out, expected, known
        self.skip: set[int] = set()  # lines used up as the value of the label above
        self.begin = (0, 0)  # how many scraps and people there were before the line at hand: those behind are its own

    def run(self) -> None:
        for i in range(len(self.text.lines)):
            if i not in self.skip:
                self.begin = len(self.text.scraps), len(self.text.people)
                if self.begin[0] > bounds.MOST_VALUES or self.begin[1] > bounds.MOST_PEOPLE:
                    self.out.too_many = True
                    return
                self._line(i)

    def _line(self, i: int) -> None:
        line = self.text.lines[i]
        rest = line.text
        for piece in labelled(line.text):
            end = piece.end
            value, at = piece.value, i
            if not value.strip() and piece.field not in {"ignore", "programs"}:
                at = self._value_below(i)
                value = self.text.lines[at].text.strip() if at != i else ""
                if at != i:
                    self.skip.add(at)
            used = self._labelled(piece, value, at, i)
            if at != i and used is not None:
                self._unlabelled(at, " " * used + self.text.lines[at].text[used:])
            elif used is None:
                rest = rest[: piece.label_start] + " " * (end - piece.label_start) + rest[end:]
            else:
                rest = (
                    rest[: piece.label_start]
                    + " " * (piece.start + used - piece.label_start)
                    + rest[piece.start + used :]
                )
        self._unlabelled(i, rest)

    def _value_below(self, i: int) -> int:
        """The line that holds the value of the label on line i; i itself when there is none."""
        here = self.text.lines[i]
        for j in range(i + 1, min(i + 3, len(self.text.lines))):
            below = self.text.lines[j]
            if below.number != here.number or labelled(below.text) or len(below.text) > 120:
                break
            return j
        return i

    def _labelled(self, piece: Labelled, value: str, at: int, home: int) -> int | None:
        """Takes a labelled value. Returns how many of its characters were used (None: all of them)."""
        line = self.text.lines[at]
        where = line.evidence()
        start = piece.start if at == home else 0
        if piece.field == "name":
            return self._name(value, at, start)
        if piece.field in {"municipality", "pir", "county", "email"}:
            values = cells.cell_values(piece.field, value)
            if piece.field == "email" and not values:
                return 0
            for text in values:
                self.text.scraps.append(
                    Scrap(piece.field, home, start, Value(text, where, value, labelled=True), labelled=True)
                )
            return _used(piece.field, value, values)
        if piece.field in {"programs", "program_id"}:
            if persons.find(value) and all(f.status == "unknown" for f in find_programs(value, Where.LABEL)):
                return 0  # "E-learning hozzáférés: Gémes Richárd": the one who is to have it
            self._programs(value, home)
            return None
        if piece.field == "ignore" and "@" in value:
            return 0  # "címe: kovacs.anna@falu.hu"
        if piece.field in {"clerk_name", "clerk_email"}:
            if "masol" not in fold(line.text[piece.label_start : piece.start]) or says_clerk(value):
                cells.note_clerk(value, self.out)
            return None
        if piece.field == "birth_name":
            if birth := persons.loose(value):
                self.text.scraps.append(Scrap("birth_name", home, start, Value(birth, where, value)))
            return None
        if piece.field in {"surname", "given"}:
            self._halves(piece.field, value, home, start)
        return None

    def _halves(self, which: str, value: str, i: int, start: int) -> None:
        if (
            which == "given"
            and self.text.people
            and self.text.people[-1].labelled
            and len(self.text.people[-1].name.split()) == 1
        ):
            self.text.people[-1].name += f" {squeeze(value)}"
        else:
            self.text.people.append(Person(squeeze(value), i, start, start + len(value), 5, labelled=True))

    def _name(self, value: str, i: int, start: int) -> int | None:
        value_text = value.strip()
        if not value_text:
            return None
        several = persons.find(value)
        if len(several) > 1 and all(
            re.fullmatch(r"[\s,;/&]*(?:(?:és|valamint|illetve)\s+)?", value[a.end : b.start])
            for a, b in zip(several, several[1:], strict=False)
        ):
            for n, s in enumerate(several):
                self.text.people.append(
                    Person(s.name, i, start + s.start, start + s.end, 5, labelled=True, linked=n > 0)
                )
            return several[-1].end
        name = persons.loose(value)
        if name and is_full(name):
            head = re.split(r"[(\[{;/|\t,:]|\s[-–—]\s|\s{3,}", value.lstrip())[0]
            used = len(value) - len(value.lstrip()) + len(head)
            self.text.people.append(Person(persons.nominative(name), i, start, start + used, 5, labelled=True))
            return used
        if name is None and several:
            self.text.people.append(Person(several[0].name, i, start, start + several[0].end, 5, labelled=True))
            return several[0].end
        if not cells.cell_values("email", value) or name:
            self.text.people.append(Person("", i, start, start + len(value), 5, labelled=True))
            return None if "@" not in value else 0
        return 0

    def _programs(self, value: str, i: int) -> None:
        """The labelled value, and the lines below that go on with it: bullets under an empty label, or nothing but programs."""
        lines = self.text.lines
        parts = [value] if value.strip() else []
        members = [i] if parts else []
        j = i + 1
        while j < len(lines) and lines[j].number == lines[i].number:
            below = lines[j].text
            if (
                labelled(below)
                or "@" in below
                or (lines[j].group > lines[i].group + (0 if parts else 1) and not lines[j].item)
            ):
                break
            found = find_programs(below, Where.LABEL)
            if (
                not found
                or (parts and not lines[j].item and any(f.status == "unknown" for f in found))
                or (persons.find(below) and not any(f.status == "resolved" for f in found))
            ):
                break
            if lines[j].item and any(f.status == "unknown" for f in found) and len(below) > 90:
                break
            if parts and lines[j].group != lines[i].group and value.strip():
                break
            parts.append(_ITEM.sub("", below))
            members.append(j)
            self.skip.add(j)
            j += 1
        for text, at in zip(parts, members, strict=True):
            for wish in find_programs(text, Where.LABEL):
                self.text.scraps.append(
                    Scrap("programs", i, 0, program=mention(wish, text, lines[at].evidence()), labelled=True)
                )

    def _scraps_of(self, i: int) -> list[Scrap]:
        return [s for s in self.text.scraps[self.begin[0] :] if s.line == i]

    def _unlabelled(self, i: int, rest: str) -> None:
        line = self.text.lines[i]
        listed = line.item or line.table or _listed(rest) or self._among_data(i)
        where = line.evidence()
        body_spans: list[tuple[int, int]] = []
        for s in spot(rest, Where.LIST if listed else Where.PROSE):
            if s.field == "programs":
                assert s.found is not None
                self.text.scraps.append(Scrap("programs", i, s.start, program=mention(s.found, rest, where)))
                continue
            if s.field == "municipality":
                body_spans.append((s.start, s.end))
            self.text.scraps.append(
                Scrap(
                    s.field,
                    i,
                    s.start,
                    Value(s.text, where, rest[s.start : s.end], labelled=s.strong),
                    labelled=s.strong,
                )
            )
        self._people(i, rest, body_spans)
        if self.expected and line.block.role is Role.BODY:
            self.text.scraps += bare.values(rest, self.expected, i, where, self._scraps_of(i))
        if listed:
            self._unknown_program(i, rest)

    def _among_data(self, i: int) -> bool:
        """A short line of a paragraph of bare data (name, PIR, address, program, one a line)."""
        line = self.text.lines[i]
        if len(line.text.split()) > 5 or line.block.role is not Role.BODY:
            return False
        near = [
            other for other in self.text.lines[max(0, i - 4) : i + 5] if other.group == line.group and other is not line
        ]
        return (
            len(near) >= 2
            and any("@" in other.text for other in near)
            and all(len(other.text.split()) <= 8 for other in near)
        )

    def _people(self, i: int, rest: str, bodies: list[tuple[int, int]]) -> None:
        line = self.text.lines[i]
        found = [s for s in persons.find(rest) if not any(a < s.end and s.start < b for a, b in bodies)]
        if not found and (line.item or line.table or _listed(rest) or _stands_alone(rest)):
            name = persons.loose(_ITEM.sub("", rest))
            if (
                name
                and is_full(name)
                and (line.item or line.table or "@" in rest)
                and _name_like(name, rest)
                and not bodies
            ):
                begin = rest.find(name.split()[0]) if name.split()[0] in rest else 0
                found = [persons.Spot(name, max(begin, 0), max(begin, 0) + len(name))]
        for n, s in enumerate(found):
            linked = n > 0 and bool(_LINK.fullmatch(rest[found[n - 1].end : s.start].strip()))
            cue = cue_of(rest, s, line)
            if any(same_name(s.name, name) for name in self.known) and line.block.role is Role.BODY:
                cue = max(cue, 3)
            if says_clerk(_around(rest, s)):
                self.out.clerks.append(s.name)
                self.out.clerks += _address_behind(rest, s)
                cue = min(cue, -3)
            self.text.people.append(Person(s.name, i, s.start, s.end, cue, linked=linked))
        self._clerk_lines(i, rest, found)

    def _clerk_lines(self, i: int, rest: str, found: list[persons.Spot]) -> None:
        """A title alone on its line calls the name above (or below) the jegyző: a signature's two lines."""
        lines = self.text.lines
        if found or not says_clerk(rest) or len(rest.strip()) > 60:
            return
        for j in (i - 1, i + 1):
            if (
                0 <= j < len(lines)
                and lines[j].number == lines[i].number
                and len(lines[j].text.strip()) < 60
                and (near := persons.find(lines[j].text))
            ):
                if j > i and field_of(rest.strip(" :")) is None and not rest.strip().endswith(":"):
                    continue
                self.out.clerks.append(near[0].name)
                for person in self.text.people:
                    if person.line == j and person.name == near[0].name and not person.labelled:
                        person.cue = min(person.cue, -1)
                return

    def _unknown_program(self, i: int, rest: str) -> None:
        """In "név - cím - tananyag" the last piece that nothing else explains is a wish for a program that does not
        exist."""
        mine = self._scraps_of(i)
        people = [p for p in self.text.people[self.begin[1] :] if p.line == i]
        if any(s.program for s in mine) or not any(s.field == "email" for s in mine) or not people:
            return
        pieces = re.split(r"\s[-–—]\s|[;|\t]|,\s", rest)
        last = pieces[-1].strip(" .")
        if (
            len(pieces) < 3
            or "@" in last
            or not last
            or len(last) > 60
            or _JOB.search(fold(last))
            or persons.find(last)
            or any(c.isdigit() for c in last)
        ):
            return
        if any(s.value and s.value.raw and s.value.raw in last for s in mine):
            return
        self.text.scraps += [
            Scrap("programs", i, len(rest) - len(last), program=mention(f, last, self.text.lines[i].evidence()))
            for f in find_programs(last, Where.LABEL)
        ]


_LINK = re.compile(r",|és|(?:,\s*)?(?:valamint|illetve|továbbá)|/|&|;|meg")
_JOB = re.compile(
    r"ugyintez|eloado|vezeto|referens|munkatars|titkar|asszisztens|gyakornok|koztisztvis|gondnok|ugykezel|eloado|aljegyzo|jegyzo|polgarmester|kozfoglalk|reszere|kerjuk|kerem|koszon|dolgoz|helyett|telefon|\btel\b|tanulo|kolleg"
)
_LIST_SEPARATOR = re.compile(r"\s[-–—]\s|[;|\t]|,\s")


def _listed(line: str) -> bool:
    """A line of pieces with an address among them: "Németh Istvánné - kald@... - Irat"."""
    return (
        "@" in line
        and len(_LIST_SEPARATOR.split(line)) >= 3
        and not re.search(r"\b(?:kérjük|kérem|szeretné\w*|dolgozik|részére|kérném|hogy)\b", line, re.I)
    )


def _stands_alone(line: str) -> bool:
    return len(line.split()) <= 4


def _name_like(name: str, rest: str) -> bool:
    """Of words that no list of given names knows: capitals and a family name, or an address beside them that is spelled alike."""
    words = [fold(w) for w in name.split()]
    local = "".join(fold(a) for a in re.findall(r"(\S+)@", rest))
    return any(w in surnames() for w in words) or any(len(w) > 3 and w[:4] in local for w in words)


def _used(field: str, value: str, values: list[str]) -> int | None:
    """How many characters of a labelled value belong to the field; what follows (", Zala vármegye") is read on its own. None: all."""
    if field in {"municipality", "county"}:
        match = re.search(r"[;(|]|,\s*|\s{3,}", value)
        return match.start() if values and match else None
    if not values or (field == "email" and " " in values[0]):
        return None
    at = value.lower().find(values[-1].lower())
    return at + len(values[-1]) if at >= 0 else None


def _around(text: str, s: persons.Spot) -> str:
    """The words next to a name that may be its title: "jegyzőnk, dr. X", "X jegyző", "X (jegyző)"."""
    before = re.split(r"[.!?;]\s|\n", text[: s.start])[-1][-45:]
    own = [fold(word) for word in s.name.split() if len(word) > 2]
    # "Jegyző Anna - jegyzo.anna@...": an address spelled from the name is no title.
    behind = re.sub(
        r"\S+@\S*",
        lambda m: "" if any(word in fold(m.group()) for word in own[1:]) else m.group(),
        text[s.end : s.end + 90],
    )
    after = re.split(r"[.!?;]\s|\n", behind[:40])[0]
    before = (
        before.rsplit(",", 2)[-1] if before.rstrip().endswith(",") is False else before.rstrip(" ,").rsplit(",", 1)[-1]
    )
    after = re.split(r",|\bés\b|\bvalamint\b", after.lstrip(" ,("))[0]
    if re.search(r"\S+@\S+", before):
        before = ""
    return f"{' '.join(before.split()[-3:])} | {' '.join(after.split()[:3])}"


def _address_behind(text: str, s: persons.Spot) -> list[str]:
    match = re.match(r"[^@]{0,25}?[(<\s]([^\s()<>,;]+@[^\s()<>,;]+)", text[s.end : s.end + 90])
    return [match.group(1).strip(".").lower()] if match else []
