"""Says of every line what it is: the sender's own words, a signature, a quoted letter, a forwarded one. Deletes
nothing.

The patterns are those that mail clients add (DOMAIN.md, "What mail clients add"). All matching is on folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import groupby
from operator import itemgetter

from rules.hungarian.words import fold, key
from rules.model import Person

from .html import Segment
from .mail import Block, Layer, Role

# Our letters end with this line, so that an answer written under an unmarked quote is seen to begin after it.
OUR_LAST_LINE = "ASP Oktatás · Magyar Államkincstár"

FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|tov|tovabbitas|tovabbitva|tovabbitott|i)\s*:")
_FORWARD = re.compile(
    r"^[\s>*]*(?:-{2,}\s*(?:forwarded message|tovabbitott (?:uzenet|level|e-?mail|mail)|forwarded by.*|"
    r"tovabbitott uzenet kezdete)[\s:.-]*|"
    r"(?:begin forwarded message|tovabbitott (?:uzenet|level) kezdete|(?:az )?eredeti uzenet tovabbitasa)\s*:?)\s*$"
)
_ORIGINAL = re.compile(
    r"^[\s>]*(?:-{2,}\s*(?:eredeti uzenet|original message|eredeti level|eredeti e-?mail|valasz)\s*-{0,}|_{20,})\s*$"
)
_WROTE = re.compile(
    r"^(?:.{0,300}\b(?:irta|irt|ezt irta)\b(?:\s*\(.{0,90}\))?"
    r"(?:.{0,60}\b(?:datummal|keltezessel|idopontban))?\s*:\s*$|"
    r"on\b.{5,250}\bwrote:\s*$|am\b.{5,250}\bschrieb.{0,80}:\s*$)"
)
_WROTE_OPENS = re.compile(r"\b(?:irta|wrote)\b|(?:keltezessel|datummal|idopontban),?|<[^<>@\s]+@[^<>\s]+>")
_FROM = re.compile(r"^[\s>*]*(?:felado|from|kuldo|von)\s*:\s*(.*)$")
_HEADER = re.compile(
    r"^[\s>*]*(?:felado|from|kuldo|kuldve|elkuldve|sent|datum|date|cimzett(?:ek)?|to|masolat(?:ot kap)?|cc|"
    r"targy|subject|valaszcim|reply-to|fontossag|importance|idopont|mellekletek?|attachments?)\s*:"
)
_HEADERS_MOST = 14  # lines that the headers of one letter may take
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'*]+@[^\s<>()\[\],;:\"'*]+")
_QUOTE_MARK = re.compile(r"^(?:\s?[>|]\s?)+")
_OPENING_MOST = 400  # a longer line opens no letter
_SAMPLE = 5  # lines of a forwarded letter that show whether its text is marked with ">"

_CLOSING = re.compile(
    r"^[\s>]*(?:(?:szives |baratsagos |kollegialis )?(?:udvozlettel|udvozollel)|"
    r"(?:megkulonboztetett |maradok )?tisztelettel|"
    r"(?:elore is |nagyon )?(?:koszonettel|koszonom|koszonjuk|kosz\b|koszi)|"
    r"udv\b|udvozlet|udvozollek|szep (?:napot|hetet|hetveget|delutant)|tovabbi szep napot|szivelyes|kellemes|"
    r"(?:segitseget|intezkedes|faradoz|szives)\w*\s.{0,30}elore is|"
    r"elore is (?:nagyon )?kosz|best regards|kind regards|regards|mely tisztelettel|szia)"
)
_CLOSING_MOST = 75  # a longer line is a sentence, not a closing
_SENTENCE = 4  # words behind a closing formula that are more than a name and a post
_DASHES = frozenset({"--", "__", "—"})
_DEVICE = re.compile(
    r"^\s*(?:(?:az )?(?:iphone|ipad|android|samsung|huawei|xiaomi|yahoo|outlook|mobil).{0,30}"
    r"(?:kuldve|kuldtem|elkuldve)|elkuldve|kuldve|sent from|get outlook|"
    r"az? .{0,40}(?:telefonomrol|okostelefonomrol|keszulekemrol|alkalmazasbol|mobilomrol) kuld|letoltes:)"
)
_DATA_LABEL = re.compile(
    r"^\W*(?:\d{1,2}\W+)?(?:teljes nev|viselt nev|nev|neve|"
    r"(?:a )?(?:dolgozo|kerelmezo|munkatars|kollega|kolleganonk?|felhasznalo|tanulo|resztvevo)\w*(?: neve)?|"
    r"igenyelt|kert|szakrendszer\w*|tananyag\w*|program\w*|kepzes\w*|modul\w*|kurzus\w*)\s*(?:\([^)]*\))?\s*[:\t=]"
)
_SALUTATION = re.compile(r"^\W*(?:tisztelt|kedves|szia|hello|jo (?:napot|reggelt|estet)|udvozlom|targy\s*:)")


@cache
def _faq() -> str:
    text = resources.files("rules.hungarian").joinpath("faq.txt").read_text(encoding="utf-8")
    return f" {key(text)} "


def is_faq(line: str) -> bool:
    """Whether the line is the FAQ's own text; lines of under five words are nobody's in particular."""
    words = key(line)
    return words.count(" ") >= 4 and f" {words} " in _faq()


def is_ours(person: Person | None, own: frozenset[str]) -> bool:
    return person is not None and person.address in own


@dataclass(slots=True)
class Splitter:
    """Cuts the segments of one letter into blocks. `forward`: the subject says that this mail passes another one on."""

    place: str
    forward: bool
    own: frozenset[str]
    document: bool = False
    layers: list[Layer] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def split(self, segments: list[Segment], layer: int) -> None:
        state = _State(Role.BODY, layer, self.place)
        run: list[tuple[str, int]] = []
        number = 0

        def flush() -> None:
            if run:
                self._emit(run, state)
                run.clear()

        for segment in segments:
            if segment.rows:
                flush()
                self.blocks.append(
                    Block(state.place, state.role, rows=tuple(segment.rows), layer=state.layer, first_line=number + 1)
                )
                number += len(segment.rows)
                continue
            i = 0
            lines = segment.lines
            while i < len(lines):
                if turn := self._turn(lines, i, state):
                    flush()
                    used, state = turn
                    i, number = i + used, number + used
                    continue
                line = lines[i]
                number += 1
                i += 1
                if state.strip_marks:
                    line = _QUOTE_MARK.sub("", line, count=1)
                elif line.lstrip().startswith(">"):
                    line = "\0" + line  # a quoted line: kept apart until the run is written
                run.append((line, number))
                if state.role is Role.QUOTED and key(line) == key(OUR_LAST_LINE):
                    flush()
                    state = _State(Role.BODY, state.outer, self.place)
        flush()

    def _turn(self, lines: list[str], i: int, state: _State) -> _Turn | None:
        """What line `i` turns the reading to, where it opens a quoted or forwarded letter."""
        line = lines[i]
        if not line or len(line) > _OPENING_MOST:
            return None
        folded = fold(line)
        if _FORWARD.match(folded):
            return self._forwarded(lines, i, state)
        if state.role is Role.QUOTED:
            return None
        return self._answered(lines, i, folded, state) or self._introduced(lines, i, state)

    def _forwarded(self, lines: list[str], i: int, state: _State) -> _Turn:
        """Line `i` is "Továbbított üzenet": a letter passed on, unless it is one of ours."""
        head, person = _headers(lines, i + 1)
        used = 1 + head
        if is_ours(person, self.own):
            return used, self._quoted(state)
        return used, self._open(person, lines[i + used : i + used + _SAMPLE], state)

    def _answered(self, lines: list[str], i: int, folded: str, state: _State) -> _Turn | None:
        """Line `i` is "Eredeti üzenet" or "Feladó: ...": the letter answered, or what a forward passes on."""
        rule = 1 if _ORIGINAL.match(folded) else 0
        if not rule and not _FROM.match(_QUOTE_MARK.sub("", folded)):
            return None
        head, person = _headers(lines, i + rule)
        used = rule + head
        if head >= 2 and self.forward and not is_ours(person, self.own):
            return used, self._open(person, lines[i + used : i + used + _SAMPLE], state)
        if head >= 2:
            return used, self._quoted(state)
        if rule and "_" not in folded:  # a line of underscores alone may be anybody's
            return 1, self._quoted(state)
        return None

    def _introduced(self, lines: list[str], i: int, state: _State) -> _Turn | None:
        """Line `i` begins "X ezt írta (2024. május 2.):": the letter answered. Lines with ">" speak for themselves."""
        span = _introduction(lines, i)
        if not span:
            return None
        following = next((text for text in lines[i + span :] if text.strip()), "")
        return span, state if following.lstrip().startswith((">", "|")) else self._quoted(state)

    def _quoted(self, state: _State) -> _State:
        return _State(Role.QUOTED, state.layer, self.place, outer=state.layer)

    def _open(self, person: Person | None, sample: list[str], state: _State) -> _State:
        self.layers.append(Layer("forwarded", person))
        marked = sum(1 for text in sample if text.lstrip().startswith(">")) > len([t for t in sample if t.strip()]) // 2
        self.forward = False  # what a forwarded letter itself quotes is quoted
        return _State(Role.BODY, len(self.layers) - 1, "továbbított levél", strip_marks=marked, outer=state.outer)

    def _emit(self, run: list[tuple[str, int]], state: _State) -> None:
        """Writes a run of (line, its number) as blocks, one for each stretch of lines of one role."""
        roles = self._roles([text for text, _ in run], state)
        for role, stretch in groupby(zip(roles, run, strict=True), key=itemgetter(0)):
            part = [line for _, line in stretch]
            lines = tuple(text.removeprefix("\0") for text, _ in part)
            self.blocks.append(Block(state.place, role, lines=lines, layer=state.layer, first_line=part[0][1]))

    def _roles(self, marked: list[str], state: _State) -> list[Role]:
        """The role of each line; quoted ones begin with a NUL."""
        if state.role is not Role.BODY:
            return [state.role] * len(marked)
        roles = [Role.QUOTED if text.startswith("\0") or is_faq(text) else Role.BODY for text in marked]
        texts = [text.removeprefix("\0") for text in marked]
        earlier = any(b.layer == state.layer and b.role is Role.BODY for b in self.blocks)
        begin = signature_start(texts, roles, self.layers[state.layer].sender, earlier)
        roles[begin:] = [Role.SIGNATURE if role is Role.BODY else role for role in roles[begin:]]
        if self.document:
            end = _letterhead_end(texts)
            roles[:end] = [Role.LETTERHEAD] * end
        return roles


@dataclass(frozen=True, slots=True)
class _State:
    role: Role
    layer: int
    place: str
    strip_marks: bool = False
    outer: int = 0


_Turn = tuple[int, _State]  # how many lines the opening of a letter takes, and the state after it


def _introduction(lines: list[str], i: int) -> int:
    """How many lines from `i` on, one to three, "X ezt írta (2024. május 2.):" takes; 0 where it is none."""
    for span in (1, 2, 3):
        joined = " ".join(part.strip() for part in lines[i : i + span])
        if _introduces(joined) and (span == 1 or _WROTE_OPENS.search(fold(lines[i]))):
            return span
    return 0


def _introduces(text: str) -> bool:
    if len(text) >= _OPENING_MOST or not _WROTE.match(fold(text)):
        return False
    return "@" in text or any(c.isdigit() for c in text)


def _headers(lines: list[str], start: int) -> tuple[int, Person | None]:
    """The block of "Feladó: / Címzett: / Tárgy:" lines at `start`: how many lines, and who sent that letter."""
    found: list[str] = []
    count = 0
    for line in lines[start : start + _HEADERS_MOST]:
        bare = _QUOTE_MARK.sub("", line)
        if _HEADER.match(fold(bare)):
            found.append(bare)
        elif not (_runs_on(bare, lines[start + count - 1]) if found else not bare.strip()):
            break
        count += 1
    person = _sender(found)
    return (count, person) if person is not None or len(found) >= 2 else (0, None)


def _runs_on(line: str, previous: str) -> bool:
    """Whether a list of addressees goes on in this line."""
    return bool(line.strip()) and previous.rstrip().endswith((",", ";"))


def _sender(headers: list[str]) -> Person | None:
    for line in headers:
        if match := _FROM.match(fold(line)):
            return _person(line[match.start(1) :].strip(" *"))
    return None


def _person(text: str) -> Person:
    match = _ADDRESS.search(text)
    address = match.group().lower().removeprefix("mailto:").strip(".") if match else ""
    name = re.sub(r"[<\[(].*", "", text).strip(" \"'")
    return Person("" if "@" in name else name, address)


def signature_start(lines: list[str], roles: list[Role], sender: Person | None = None, earlier: bool = False) -> int:
    """The number of the line where the signature begins; `len(lines)` where there is none.

    It begins at "-- ", else at the first closing formula behind the last line of data, else at a line that is just the
    sender's name. `earlier`: body stands before these lines, so that the first of them may begin it.
    """
    own = [i for i, role in enumerate(roles) if role is Role.BODY and lines[i].strip()]
    earliest = max(_earliest_closing(lines, own, earlier), _behind_last_quote(roles, own))
    name = _name_words(sender.name) if sender else set()
    for i in own:
        if lines[i].strip() in _DASHES or (i >= earliest and _closes(lines[i].rstrip(), name)):
            return i
    return len(lines)


def _earliest_closing(lines: list[str], own: list[int], earlier: bool) -> int:
    """The first line that may close the letter: behind the data, and not the letter's very first line."""
    behind_data = max((i + 1 for i in own if _is_data(lines[i])), default=0)
    return behind_data if earlier or not own else max(behind_data, own[0] + 1)


def _behind_last_quote(roles: list[Role], own: list[int]) -> int:
    """The first own line behind the last quoted one, where somebody answers between the lines; 0 where nobody does."""
    quoted = [i for i, role in enumerate(roles) if role is Role.QUOTED]
    between = quoted and own and own[0] < quoted[0] < own[-1]
    return next((i for i in own if i > quoted[-1]), 0) if between else 0


def _closes(line: str, name: set[str]) -> bool:
    """Whether a line is a closing formula, a device's own line, or just the sender's name of at least two words."""
    if len(line) > _CLOSING_MOST:
        return False
    folded = fold(line)
    if _CLOSING.match(folded) or _DEVICE.match(folded):
        return not _goes_on(folded)
    return len(name) >= 2 and _name_words(line) == name


def _goes_on(folded: str) -> bool:
    """Whether a sentence follows in the same line: "Köszönjük! Ugyanígy kérem Pittner Ákos felvételét is:"."""
    _, _, behind = folded.partition("! ") if "! " in folded else folded.partition(". ")
    return len(behind.split()) >= _SENTENCE and not _CLOSING.match(behind)


def _name_words(text: str) -> set[str]:
    return set(key(text).split()) - {"dr"}


def _is_data(line: str) -> bool:
    folded = fold(line)
    return bool(_DATA_LABEL.match(folded)) or bool(re.match(r"^\W*\d{1,2}[.)]\s.*@", folded))


def _letterhead_end(lines: list[str]) -> int:
    for i, line in enumerate(lines[:40]):
        if _SALUTATION.match(fold(line)):
            return i
        if _DATA_LABEL.match(fold(line)):
            return 0
    return 0
