"""Says of every line what it is: the sender's own words, a signature, a quoted letter, a forwarded one. Deletes
nothing.

The patterns are those that mail clients add (DOMAIN.md, "What mail clients add"). All matching is on folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from rules.hungarian.words import fold, key
from rules.model import Person

from .html import Segment
from .mail import Block, Layer, Role

# Our letters end with this line, so that an answer written under an unmarked quote is seen to begin after it.
OUR_LAST_LINE = "ASP Oktatás · Magyar Államkincstár"

FORWARD_SUBJECT = re.compile(r"^\s*(?:fwd?|tov|tovabbitas|tovabbitva|tovabbitott|i)\s*:")
_FORWARD = re.compile(
    r"^[\s>*]*(?:-{2,}\s*(?:forwarded message|tovabbitott (?:uzenet|level|e-?mail|mail)|forwarded by.*|tovabbitott uzenet kezdete)[\s:.-]*|"
    r"(?:begin forwarded message|tovabbitott (?:uzenet|level) kezdete|(?:az )?eredeti uzenet tovabbitasa)\s*:?)\s*$"
)
_ORIGINAL = re.compile(
    r"^[\s>]*(?:-{2,}\s*(?:eredeti uzenet|original message|eredeti level|eredeti e-?mail|valasz)\s*-{0,}|_{20,})\s*$"
)
_WROTE = re.compile(
    r"^(?:.{0,300}\b(?:irta|irt|ezt irta)\b(?:\s*\(.{0,90}\))?(?:.{0,60}\b(?:datummal|keltezessel|idopontban))?\s*:\s*$|on\b.{5,250}\bwrote:\s*$|am\b.{5,250}\bschrieb.{0,80}:\s*$)"
)
_WROTE_OPENS = re.compile(r"\b(?:irta|wrote)\b|(?:keltezessel|datummal|idopontban),?|<[^<>@\s]+@[^<>\s]+>")
_FROM = re.compile(r"^[\s>*]*(?:felado|from|kuldo|von)\s*:\s*(.*)$")
_HEADER = re.compile(
    r"^[\s>*]*(?:felado|from|kuldo|kuldve|elkuldve|sent|datum|date|cimzett(?:ek)?|to|masolat(?:ot kap)?|cc|targy|subject|valaszcim|reply-to|fontossag|importance|idopont|mellekletek?|attachments?)\s*:"
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'*]+@[^\s<>()\[\],;:\"'*]+")
_QUOTE_MARK = re.compile(r"^(?:\s?[>|]\s?)+")

_CLOSING = re.compile(
    r"^[\s>]*(?:(?:szives |baratsagos |kollegialis )?(?:udvozlettel|udvozollel)|(?:megkulonboztetett |maradok )?tisztelettel|(?:elore is |nagyon )?(?:koszonettel|koszonom|koszonjuk|kosz\b|koszi)|"
    r"udv\b|udvozlet|udvozollek|szep (?:napot|hetet|hetveget|delutant)|tovabbi szep napot|szivelyes|kellemes|(?:segitseget|intezkedes|fáradoz\w*|szives)\w*\s.{0,30}elore is|"
    r"elore is (?:nagyon )?kosz|best regards|kind regards|regards|mely tisztelettel|szia)"
)
_CLOSING_MOST = 75  # a longer line is a sentence, not a closing
_DEVICE = re.compile(
    r"^\s*(?:(?:az )?(?:iphone|ipad|android|samsung|huawei|xiaomi|yahoo|outlook|mobil).{0,30}(?:kuldve|kuldtem|elkuldve)|elkuldve|kuldve|sent from|get outlook|az? .{0,40}(?:telefonomrol|okostelefonomrol|keszulekemrol|alkalmazasbol|mobilomrol) kuld|letoltes:)"
)
_DATA_LABEL = re.compile(
    r"^\W*(?:\d{1,2}\W+)?(?:teljes nev|viselt nev|nev|neve|(?:a )?(?:dolgozo|kerelmezo|munkatars|kollega|kolleganonk?|felhasznalo|tanulo|resztvevo)\w*(?: neve)?|igenyelt|kert|szakrendszer\w*|tananyag\w*|program\w*|kepzes\w*|modul\w*|kurzus\w*)\s*(?:\([^)]*\))?\s*[:\t=]"
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
                used, after = self._turn(lines, i, state)
                if after is not None:
                    flush()
                    state = after
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

    def _turn(self, lines: list[str], i: int, state: _State) -> tuple[int, _State | None]:
        """A line that opens a quoted or forwarded letter: how many lines that takes, and the state after it."""
        line = lines[i]
        if not line or len(line) > 400:
            return 0, None
        folded = fold(line)
        if state.role is Role.QUOTED and not _FORWARD.match(folded):
            return 0, None
        bare = _QUOTE_MARK.sub("", folded)
        if _FORWARD.match(folded):
            head, person = self._headers(lines, i + 1)
            if is_ours(person, self.own):
                return 1 + head, _State(Role.QUOTED, state.layer, self.place, outer=state.layer)
            return 1 + head, self._open(person, lines[i + 1 + head : i + 6 + head], state)
        if _ORIGINAL.match(folded) or _FROM.match(bare):
            skip = 1 if _ORIGINAL.match(folded) else 0
            head, person = self._headers(lines, i + skip)
            if head >= 2:
                if self.forward and not is_ours(person, self.own):
                    return skip + head, self._open(person, lines[i + skip + head : i + 5 + skip + head], state)
                return skip + head, _State(Role.QUOTED, state.layer, self.place, outer=state.layer)
            if skip and "_" not in folded:
                return 1, _State(Role.QUOTED, state.layer, self.place, outer=state.layer)
        for span in (1, 2, 3):
            joined = " ".join(part.strip() for part in lines[i : i + span])
            opens = fold(joined)
            if (
                len(joined) < 400
                and _WROTE.match(opens)
                and (span == 1 or _WROTE_OPENS.search(folded))
                and ("@" in joined or any(c.isdigit() for c in joined))
            ):
                following = next((text for text in lines[i + span :] if text.strip()), "")
                if following.lstrip().startswith((">", "|")):
                    return span, state if state.role is not Role.BODY else _State(
                        Role.BODY, state.layer, state.place, strip_marks=state.strip_marks, outer=state.outer
                    )
                return span, _State(Role.QUOTED, state.layer, self.place, outer=state.layer)
        return 0, None

    def _headers(self, lines: list[str], start: int) -> tuple[int, Person | None]:
        """The block of "Feladó: / Címzett: / Tárgy:" lines at `start`: how many lines, and who sent that letter."""
        count, person, seen = 0, None, 0
        while start + count < len(lines) and count < 14:
            line = lines[start + count]
            bare = _QUOTE_MARK.sub("", line)
            folded = fold(bare)
            if _HEADER.match(folded):
                seen += 1
                if (match := _FROM.match(folded)) and person is None:
                    person = _person(bare[match.start(1) :].strip(" *"))
            elif not bare.strip() and seen == 0:
                pass
            elif seen and bare.strip() and count and lines[start + count - 1].rstrip().endswith((",", ";", ">,")):
                pass  # a list of addressees that runs on
            else:
                break
            count += 1
        return (count, person) if seen >= 2 or (seen == 1 and person is not None) else (0, None)

    def _open(self, person: Person | None, sample: list[str], state: _State) -> _State:
        self.layers.append(Layer("forwarded", person))
        marked = sum(1 for text in sample if text.lstrip().startswith(">")) > len([t for t in sample if t.strip()]) // 2
        self.forward = False  # what a forwarded letter itself quotes is quoted
        return _State(Role.BODY, len(self.layers) - 1, "továbbított levél", strip_marks=marked, outer=state.outer)

    def _emit(self, run: list[tuple[str, int]], state: _State) -> None:
        roles = [state.role] * len(run)
        texts = [text.removeprefix("\0") for text, _ in run]
        if state.role is Role.BODY:
            for index, (text, _) in enumerate(run):
                if text.startswith("\0") or is_faq(text):
                    roles[index] = Role.QUOTED
            earlier = any(b.layer == state.layer and b.role is Role.BODY for b in self.blocks)
            begin = signature_start(texts, roles, self.layers[state.layer].sender, earlier)
            for index in range(begin, len(run)):
                if roles[index] is Role.BODY:
                    roles[index] = Role.SIGNATURE
            if self.document:
                for index in range(_letterhead_end(texts)):
                    roles[index] = Role.LETTERHEAD
        start = 0
        for index in range(1, len(run) + 1):
            if index == len(run) or roles[index] is not roles[start]:
                self.blocks.append(
                    Block(
                        state.place,
                        roles[start],
                        lines=tuple(texts[start:index]),
                        layer=state.layer,
                        first_line=run[start][1],
                    )
                )
                start = index


@dataclass(frozen=True, slots=True)
class _State:
    role: Role
    layer: int
    place: str
    strip_marks: bool = False
    outer: int = 0


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
    if not own:
        return len(lines)
    last_data = max((i for i in own if _is_data(lines[i])), default=-1)
    first = own[0] if earlier else own[0] + 1
    name = set(key(sender.name).split()) - {"dr"} if sender else set()
    for i in own:
        text = lines[i].rstrip()
        if text.strip() in {"--", "__", "—"}:
            return i
        if i <= last_data or i < first or len(text) > _CLOSING_MOST:
            continue
        folded = fold(text)
        if (
            _CLOSING.match(folded)
            or _DEVICE.match(folded)
            or (len(name) >= 2 and set(key(text).split()) - {"dr"} == name)
        ):
            return i
    return len(lines)


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
