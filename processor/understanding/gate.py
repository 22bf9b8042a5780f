"""What the finders left unaccounted for (READER.md, invariants 1 and 2), in its simplest form: nobody is queued while any of it is open.

Every address, six-digit number, person and program word that the sender wrote must have ended in the request or have a reason of its
own not to; whose a program or an address is must be plain; and something in the mail must positively ask for registration.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from processor.reading import Block, Mail, Role
from rules.hungarian import counties
from rules.hungarian.addresses import spells
from rules.hungarian.courses import Where, refused
from rules.hungarian.courses import find as find_programs
from rules.hungarian.lexicon import load
from rules.hungarian.names import nicknames, parts, words_of
from rules.hungarian.offices import examples
from rules.hungarian.words import fold, key, short
from rules.model import Applicant, Evidence, Open, Request, Value
from rules.pir import check_digit, digits

from . import persons
from .kind import asks_for_registration
from .spots import addresses, plain_addresses

_NUMBER = re.compile(r"(?<![\d/\-+.#])\d{3}[ .\-]?\d{3}(?![\d/\-])")
_FIELD = {"municipality": "munkahely", "pir": "PIR-szám", "county": "vármegye"}
_COUNTIES = "|".join(sorted({word for name in counties.names() for word in key(name).split()}))
# What a missing field may look like, however it is written; generous on purpose: it only keeps us from asking.
_MIGHT_BE = {
    "municipality": re.compile(
        r"\w+i? (?:\w+ ){0,2}(?:onkormanyzat|hivatal|tarsulas|ovoda|konyvtar|iskola|koh\b|onk\b|polg)"
    ),
    "pir": re.compile(r"(?<![\d#])(?<!\d{4}-)\d{3}[ .\-]?\d{3}(?!\d)|\bpir\b|torzs"),
    "county": re.compile(rf"\b(?:{_COUNTIES}|baz|jnsz|jnk|szszb|gyms|varmegye|megye)"),
}
_LONGEST = 2_000  # characters of a line that are accounted for
_MOST = 12  # entries kept; more say nothing new to an officer


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text or a row of a table. `names`: the applicants named in it."""

    text: str
    folded: str
    block: Block
    number: int
    names: frozenset[int]

    @property
    def where(self) -> str:
        return f"{self.block.place}, {self.number}. sor"

    @property
    def own(self) -> bool:
        """Whether the sender speaks here, not a signature or letterhead."""
        return self.block.role in {Role.BODY, Role.SUBJECT}


def unaccounted(mail: Mail, own: frozenset[str], request: Request, case: Request | None = None, mode: str = 'g') -> tuple[Open, ...]:
    """What the mail holds beyond `request`. `case`: as it stood before, where the mail is an answer; it need not ask for registration then."""
    gate = _Gate(mail, own, request, case or Request())
    found = [*gate.cut_off(), *(gate.entries() if mode != 'r' else ()), *gate.lacking()]
    if case is None and not found and not asks_for_registration(mail):
        found.append(Open(short(mail.subject or "–"), "levél", "nem egyértelmű, hogy regisztrációt kér-e"))
    return tuple(dict.fromkeys(found))[:_MOST]


def unanswered(mail: Mail, kind: str) -> tuple[Open, ...]:
    """For a mail that is not taken for a registration: what speaks for one, so that it is neither answered with something else nor passed over."""
    if kind == "other" or not asks_for_registration(mail):
        return ()
    lines = [
        line
        for block in mail.blocks
        if block.role is Role.BODY
        for line in (*block.lines, *(" | ".join(row) for row in block.rows))
    ]
    wish = next(
        (
            line
            for line in lines
            if find_programs(line[:_LONGEST], Where.LIST)
            or any(check_digit(re.sub(r"\D", "", n)) for n in _NUMBER.findall(line[:_LONGEST]))
        ),
        None,
    )
    return (Open(short(wish, 120), "levéltörzs", "regisztrációs kérelem is lehet"),) if wish else ()


class _Gate:
    def __init__(self, mail: Mail, own: frozenset[str], request: Request, case: Request) -> None:
        self.mail, self.request = mail, request
        self.settled = {
            v for a in case.applicants for v in (*a.email, *(m.value for m in a.programs))
        }  # by an earlier mail
        people = (*mail.to, *mail.cc, *((mail.sender,) if mail.sender else ()))
        self.addresses = own | examples() | {p.address for p in people} | set(request.clerks_named)
        self.addresses |= {v.text for a in request.applicants for v in a.email}
        self.numbers = {digits(v.text) or v.text for a in request.applicants for v in a.pir}
        self.numbers |= {re.sub(r"\D", "", v.raw) for a in request.applicants for v in a.pir}
        self.known = [p.name for p in people if p.name] + [c for c in request.clerks_named if "@" not in c]
        self.known += [layer.sender.name for layer in mail.layers if layer.sender and layer.sender.name]
        self.names = _Names(request.applicants)
        self.listed = _Listed([*self.known, *_written(request.applicants)])
        self.lines = list(self._lines())
        self.at = {(line.block.place, line.number): n for n, line in reversed(list(enumerate(self.lines)))}
        self.refused = refused("\n".join(line.text for line in self.lines if line.own))
        self.wanted = {p for a in request.applicants for m in a.programs for p in m.programs}

    def cut_off(self) -> Iterator[Open]:
        """What lay beyond a bound was read by nobody."""
        for fault in self.mail.faults:
            yield Open(short(fault), "levél", "ezt a részt a program nem olvasta el")

    def entries(self) -> Iterator[Open]:
        checks: tuple[Callable[[_Line], Iterator[Open]], ...] = (
            self._address,
            self._number,
            self._person,
            self._program,
            self._said_otherwise,
        )
        for line in self.lines:
            if line.own:
                for check in checks:
                    yield from check(line)
        yield from self._owners()

    def lacking(self) -> Iterator[Open]:
        """A field that would be asked for while something in the mail might be it."""
        for field, pattern in _MIGHT_BE.items():
            if all(getattr(applicant, field) for applicant in self.request.applicants):
                continue
            for line in self.lines:
                if match := pattern.search(line.folded):
                    yield Open(
                        short(line.text[max(0, match.start() - 30) : match.end() + 30]),
                        line.where,
                        f"ez is lehet: {_FIELD[field]}",
                    )
                    break
        if any(not applicant.programs for applicant in self.request.applicants):
            for line in self.lines:
                if line.own and (found := [f for f in find_programs(line.text, Where.LIST) if f.status != "unknown"]):
                    yield Open(line.text[found[0].start : found[0].end], line.where, "ez is lehet: tananyag")
                    break

    # ------------------------------------------------------------ one kind of mention each

    def _address(self, line: _Line) -> Iterator[Open]:
        for _, _, address in addresses(line.text):
            if address not in self.addresses and not _is_explained("contact", line.folded):
                yield Open(address, line.where, "nem derül ki, kinek az e-mail-címe")

    def _number(self, line: _Line) -> Iterator[Open]:
        if _is_explained("number", line.folded):
            return
        for match in _NUMBER.finditer(line.text):
            number = re.sub(r"\D", "", match.group())
            if number not in self.numbers and check_digit(number):
                yield Open(match.group(), line.where, "PIR-szám is lehet")

    def _person(self, line: _Line) -> Iterator[Open]:
        for spot in persons.find(line.text):
            if spot.name in self.listed:
                continue
            near = line.folded[max(0, spot.start - 60) : spot.end + 60]
            if not _is_explained("person", near):
                yield Open(spot.name, line.where, "nem derül ki, kérelmező-e")

    def _program(self, line: _Line) -> Iterator[Open]:
        for found in find_programs(line.text, Where.LIST):
            if not set(found.programs) & (self.wanted | self.refused):
                yield Open(line.text[found.start : found.end], line.where, "nem derül ki, kinek kérik")

    def _said_otherwise(self, line: _Line) -> Iterator[Open]:
        """A sentence with a person or program that also says no, not yet, already, perhaps, or that somebody has left."""
        for sentence in _sentences(line.text):
            folded = fold(sentence)
            match = _flags().search(folded)
            if match is None:
                continue
            back = refused(sentence)
            if not (back or find_programs(sentence, Where.LIST) or self.names.borne_in(sentence)):
                continue
            if back and not self.wanted & back and len(self.request.applicants) == 1:
                continue
            yield Open(short(sentence, 120), line.where, f"a mondat mást is mondhat („{match.group().strip()}”)")

    def _owners(self) -> Iterator[Open]:
        """With several applicants, whose a program or an address is must be plain from where it stands."""
        people = self.request.applicants
        if len(people) < 2:
            return
        alike = len({frozenset(p for m in a.programs for p in m.programs) for a in people}) == 1
        for index, applicant in enumerate(people):
            for value in applicant.email:
                if (
                    value not in self.settled
                    and not self._is_plain(index, value)
                    and not spells(value.text, applicant.one("name") or "")
                ):
                    yield Open(value.text, _where(value.evidence), "nem egyértelmű, kinek az e-mail-címe")
            for mention in () if alike else applicant.programs:
                if mention.value not in self.settled and not self._is_plain(index, mention.value):
                    yield Open(mention.value.text, _where(mention.value.evidence), "nem egyértelmű, kinek kérik")

    def _is_plain(self, index: int, value: Value) -> bool:
        """The value's line (row, item) names this applicant and nobody else; or nobody, and stands below this applicant's own line."""
        at = self.at.get((value.evidence.place, value.evidence.line))
        if at is None:
            return False
        names = self.lines[at].names
        if names:
            return names == {index}
        above = next(
            (line.names for line in reversed(self.lines[:at]) if line.names and line.block is self.lines[at].block),
            frozenset(),
        )
        return above == {index}

    # ------------------------------------------------------------ looking around

    def _lines(self) -> Iterator[_Line]:
        for block in self.mail.blocks:
            if block.role is Role.QUOTED:
                continue
            texts = block.lines or [" | ".join(cell for cell in row if cell.strip()) for row in block.rows]
            for index, raw in enumerate(texts):
                text = plain_addresses(raw[:_LONGEST])
                if text.strip():
                    yield _Line(text, fold(text), block, block.first_line + index, self.names.borne_in(text))


class _Names:
    """Whose name stands in a text. Found by its words, because every line of a mail is asked for every applicant."""

    def __init__(self, people: Sequence[Applicant]) -> None:
        self.whole: list[frozenset[str]] = []
        self.distinct: dict[str, int] = {}
        self.bearers: defaultdict[str, set[int]] = defaultdict(set)
        for index, (whole, distinct) in enumerate(_telling_apart(people)):
            self.whole.append(whole)
            self.distinct |= dict.fromkeys(distinct, index)
            for word in whole:
                self.bearers[word].add(index)

    def borne_in(self, text: str) -> frozenset[int]:
        """The applicants whom a text names: by the whole name, or by a name or nickname that only one of them bears."""
        here = {name for word in set(key(text).split()) for name in _stems(word)}
        named = {self.distinct[name] for name in here if name in self.distinct}
        maybe = {index for name in here if name in self.bearers for index in self.bearers[name]}
        return frozenset(named | {index for index in maybe if self.whole[index] <= here})


class _Listed:
    """Names that are accounted for: those of the request and of the mail's senders and recipients."""

    def __init__(self, names: Iterable[str]) -> None:
        self.by_word: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
        for name in names:
            words = frozenset(words_of(name))
            for word in words:
                self.by_word[word].add(words)

    def __contains__(self, name: str) -> bool:
        """Whether one of them can be this person's (`names.same_person`)."""
        mine = frozenset(words_of(name))
        return any(other <= mine or mine <= other for word in mine for other in self.by_word.get(word, ()))


def _written(people: Sequence[Applicant]) -> Iterator[str]:
    for applicant in people:
        yield from (v.text for v in applicant.name)
        yield from applicant.aliases


def _telling_apart(people: Sequence[Applicant]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """(the words of the whole name, those words and nicknames that nobody else bears) of each applicant."""
    borne = Counter(word for applicant in people for word in _words(applicant))
    for applicant in people:
        whole = frozenset(fold(p) for v in applicant.name for p in parts(v.text))
        yield whole, frozenset(word for word in _words(applicant) if borne[word] == 1)


def _words(applicant: Applicant) -> frozenset[str]:
    words = {fold(p) for v in applicant.name for p in parts(v.text)}
    return frozenset(words | {n for w in words for n, full in nicknames().items() if w in full})


def _stems(word: str) -> Iterator[str]:
    """The names that a word may be: itself, or with an ending of up to five letters behind at least four."""
    yield word
    yield from (word[:end] for end in range(max(4, len(word) - 5), len(word)))


def _where(evidence: Evidence) -> str:
    return f"{evidence.place}, {evidence.line}. sor"


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])\s+", text) if s.strip()]


def _is_explained(what: str, folded: str) -> bool:
    return bool(_explained(what).search(folded))


@cache
def _explained(what: str) -> re.Pattern[str]:
    file = load("gate.toml")
    return file.beginnings(file.data[what])


def _flags() -> re.Pattern[str]:
    return _explained("flag")
