"""What a mail's sentences do, learned: which kind of mail it is, and which sentence asks that somebody be registered.

Two linear models over the beginnings of words, their weights in `rules/hungarian/acts.txt` (`make learn` writes it from
tests/corpus). The kind is judged by the mail's words as one bag; a request by each sentence alone, without the data in
it, and the strongest sentence counts. Both must have their bound (set on draws left out, tests/learn.py). Pure.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from itertools import accumulate
from math import sqrt

from processor.reading import Block, Mail, Role, bounds
from rules.hungarian import counties, hits
from rules.hungarian.lexicon import folder, load
from rules.hungarian.names import given, surnames
from rules.hungarian.words import fold, key
from rules.model import Kind

# What a mail can be by its words; a completion is told by its case. `automatic` catches newsletters and absence notes
# that automatic.py does not know; by itself it is no ground for ignoring a mail.
KINDS = (
    *(Kind.REGISTRATION, Kind.PASSWORD_HELP, Kind.ACCESS_HELP),
    *(Kind.ACKNOWLEDGEMENT, Kind.OTHER, Kind.AUTOMATIC),
)
_IGNORED = (Kind.ACKNOWLEDGEMENT, Kind.AUTOMATIC)  # nobody asks a question in such a mail
REQUEST = "request"  # the second model's column in the file
BOUND = "bound"  # the column of the bounds
ALWAYS = "<always>"  # the feature of every mail and sentence

_NO_REQUEST = float("-inf")
_STEM = 5  # letters; longer beginnings and lists of endings did worse on draws left out
_FEWEST = 3  # words besides data that make a sentence; "Békés megye" is none
_SHOWN = 5  # words for the officer
_OPENING = 350  # characters of a letter in which it comes to its point
_DATA = "<data>"  # stands in a sentence where a name, number or address stood


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind`: None when not certain enough; `likely`: the best guess then, too. `margin` over the next kind; `words`:
    what spoke for it most, as written."""

    kind: Kind | None
    likely: Kind
    margin: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the sender wrote up to a full stop, or a row of a table. `line`: where it begins in `block`."""

    text: str
    block: Block
    line: int

    @property
    def subject(self) -> bool:
        return self.block.role is Role.SUBJECT


@dataclass(frozen=True, slots=True)
class Asking:
    """A sentence that asks that somebody be registered or given a course. `strength`: at least the learned bound."""

    sentence: Sentence
    strength: float


def judge(mail: Mail) -> Verdict:
    """Which kind of mail it is (POLICY section 1), for a mail that `automatic.why` does not know."""
    return judged(sentences(mail), learned())


def requests(mail: Mail) -> tuple[Asking, ...]:
    """The sentences that ask for registration or a course, the strongest first. Data alone ask for nothing."""
    return asking(sentences(mail), learned())


# ---------------------------------------------------------------- what was learned


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights by feature and column: one of KINDS, REQUEST or BOUND."""

    weights: Mapping[str, Mapping[str, float]]

    @classmethod
    def parse(cls, text: str) -> Learned:
        """The file's form: `feature column weight` a line; a feature of two words is joined by `_`."""
        weights: dict[str, dict[str, float]] = {}
        for line in text.splitlines():
            feature, column, weight = line.split()
            weights.setdefault(feature, {})[column] = float(weight)
        return cls(weights)

    def scores(self, features: Collection[str]) -> dict[str, float]:
        """For each column: how much the features speak for it. What was never seen dilutes."""
        sums: dict[str, float] = dict.fromkeys((*KINDS, REQUEST), 0.0)
        for feature in features:
            for column, weight in self.weights.get(feature, {}).items():
                sums[column] += weight
        always, share = self.weights.get(ALWAYS, {}), value_of(features)
        return {column: total * share + always.get(column, 0.0) for column, total in sums.items()}

    def bounds(self) -> Bounds:
        """As they were set when these weights were learned."""
        return Bounds(*(self.weights[f"<{bound.name}>"][BOUND] for bound in fields(Bounds)))


@cache
def learned() -> Learned:
    """The weights as shipped, read once."""
    return Learned.parse(folder().joinpath("acts.txt").read_text(encoding="utf-8"))


def value_of(features: Collection[str]) -> float:
    """The value of each feature: a long mail weighs no more than a short one."""
    return 1.0 / sqrt(len(features) + 1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """`registration`, `other`: the least margin of a certain verdict of that kind, and of any other. `request`: of a
    sentence that asks for registration in a mail like one; `silent`: below it a sentence surely does not, above it
    it does in any mail."""

    registration: float
    other: float
    request: float
    silent: float


@dataclass(frozen=True, slots=True)
class Leaning:
    """Which kind a mail leans to, its margin over the next; its strongest sentence, and the strongest below the
    subject; whether it asks a question;
    `instead`: what it may ask for in place of a registration, by its subject and first words."""

    likely: Kind
    margin: float
    request: float
    question: bool
    instead: str = ""
    in_body: float = _NO_REQUEST

    def is_certain(self, bound: Bounds) -> bool:
        """A registration has a sentence that asks for it, the more plainly the less the rest of the mail is like one;
        nothing else has one; what may be ignored asks nothing."""
        if self.likely == Kind.REGISTRATION:
            alike = self.margin >= bound.registration and self.request >= bound.request
            plain = self.margin >= bound.other and self.in_body >= bound.silent
            return (alike or plain) and not self.instead
        if self.margin < bound.other:
            return False
        return self.request < bound.silent and not (self.question and self.likely in _IGNORED)


def lean(said: Sequence[Sentence], by: Learned) -> Leaning:
    """What a mail's sentences lean to by those weights."""
    scores = by.scores(kind_features(said))
    likely, second = sorted(KINDS, key=lambda kind: (-scores[kind], kind))[:2]
    strengths = [(strength(sentence, by), sentence.subject) for sentence in said]
    strongest = max((how for how, _ in strengths), default=_NO_REQUEST)
    question = any("?" in one.text for one in said)
    in_body = max((how for how, subject in strengths if not subject), default=_NO_REQUEST)
    return Leaning(likely, scores[likely] - scores[second], strongest, question, _instead(said), in_body)


def _instead(said: Sequence[Sentence]) -> str:
    """A word for a certificate, a list, a deletion: a letter with people and data may ask for those as well."""
    subject = " ".join(fold(one.text) for one in said if one.subject)
    body = " ".join(fold(one.text) for one in said if not one.subject)
    match = _other_wishes().search(f"{subject} | {body[:_OPENING]}")
    return match.group() if match else ""


@cache
def _other_wishes() -> re.Pattern[str]:
    file = load("acts.toml")
    return file.beginnings(file.data["instead"])


def judged(said: Sequence[Sentence], by: Learned) -> Verdict:
    """The verdict on a mail's sentences by those weights."""
    leaning = lean(said, by)
    kind = leaning.likely if said and leaning.is_certain(by.bounds()) else None
    strongest = _strongest(kind_features(said), leaning.likely, by)
    instead = [f"„{leaning.instead}…”"] if leaning.instead and leaning.likely == Kind.REGISTRATION else []
    return Verdict(kind, leaning.likely, leaning.margin, (*instead, *strongest))


def asking(said: Iterable[Sentence], by: Learned) -> tuple[Asking, ...]:
    """The sentences whose strength has the bound, the strongest first."""
    bound = by.bounds().request
    found = [Asking(sentence, strength(sentence, by)) for sentence in said]
    return tuple(sorted((one for one in found if one.strength >= bound), key=lambda one: -one.strength))


def strength(sentence: Sentence, by: Learned) -> float:
    """How much a sentence asks for registration; as little as can be when it is data, or hardly a sentence."""
    features = request_features(sentence)
    return by.scores(features)[REQUEST] if features else _NO_REQUEST


def _strongest(features: Mapping[str, str], kind: Kind, by: Learned) -> tuple[str, ...]:
    weighed = ((by.weights.get(feature, {}).get(kind, 0.0), word) for feature, word in features.items() if word)
    best = sorted((-weight, word) for weight, word in weighed if weight > 0)
    return tuple(dict.fromkeys(word for _, word in best))[:_SHOWN]


# ---------------------------------------------------------------- features


@dataclass(frozen=True, slots=True)
class _Token:
    """A word's beginning, or what stands for data: `<name>`, `<address>` ...; `word`: as written, for people."""

    stem: str
    word: str = ""
    data: bool = False


def kind_features(said: Iterable[Sentence]) -> dict[str, str]:
    """The features of a whole mail, each with a word that has it (empty for data)."""
    features: dict[str, str] = {}
    for sentence in said:
        for token in _tokens(sentence.text):
            features.setdefault(token.stem, token.word)
            if sentence.subject:
                features.setdefault(f"s:{token.stem}", token.word)
    return features


def request_features(sentence: Sentence) -> tuple[str, ...]:
    """The features of a sentence by itself, data left out: its words, and pairs of neighbours. Empty: it is data."""
    stems = [_DATA if token.data else token.stem for token in _tokens(sentence.text)]
    plain = [stem for stem in stems if stem != _DATA]
    if len(set(plain)) < (1 if sentence.subject else _FEWEST):
        return ()
    pairs = (f"{a}_{b}" for a, b in zip(stems, stems[1:], strict=False) if _DATA not in (a, b))
    subject = (f"s:{stem}" for stem in plain) if sentence.subject else ()
    return tuple(dict.fromkeys((*plain, *pairs, *subject)))


_UNREAD = re.compile(r"(?P<address>\S+@\S+)|(?P<web>https?://\S+|www\.\S+)|(?P<course>\0+)")
_PART = re.compile(rf"{_UNREAD.pattern}|(?P<number>\d[\d .\-/]*)|(?P<word>[^\W\d_]+)|(?P<question>\?)(?=\s*$)")


@lru_cache(maxsize=1024)  # both models look at the same sentences
def _tokens(text: str) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    for match in _PART.finditer(_without_courses(text)):
        token = _token(match.lastgroup or "", match.group())
        if token is not None and not (token.data and tokens and tokens[-1].stem == token.stem):
            tokens.append(token)
    return tuple(tokens)


def _without_courses(text: str) -> str:
    """The text with every course that it names blotted out, at its place."""
    pieces, at = [], 0
    for hit in hits.read(text, _NO_TYPO).hits:
        pieces += [text[at : hit.start], "\0" * (hit.end - hit.start)]
        at = hit.end
    return "".join((*pieces, text[at:]))


_NO_TYPO = 99  # letters from which a typing error is believed: none
_PIR_DIGITS = 6


def _token(what: str, written: str) -> _Token | None:
    if what == "word":
        return _word(written)
    if what == "number":
        digits = sum(character.isdigit() for character in written)
        return _Token("<six>" if digits == _PIR_DIGITS else "<number>", data=True)
    if what == "question":
        return _Token("?")
    return _Token(f"<{what}>", data=True)


def _word(written: str) -> _Token | None:
    if written[0].isupper() and _is_name(written):
        return _Token("<name>", data=True)
    folded = fold(written)
    if len(folded) < 2:
        return None
    return _Token(folded[:_STEM], written, _is_beside_data(folded))


@lru_cache(maxsize=4096)
def _is_name(word: str) -> bool:
    folded = fold(word)
    return folded in surnames() or given(word) is not None or (folded.endswith("ne") and given(word[:-2]) is not None)


@lru_cache(maxsize=4096)
def _is_beside_data(folded: str) -> bool:
    return folded in _data_words() or bool(_data_beginnings().match(folded))


@cache
def _data_words() -> frozenset[str]:
    named = (word for county in counties.names() for word in key(county).split())
    return frozenset((*named, *load("acts.toml").data["beside_data"]))


@cache
def _data_beginnings() -> re.Pattern[str]:
    file = load("acts.toml")
    return file.beginnings(file.data["data"])


# ---------------------------------------------------------------- sentences

_FULL_STOP = re.compile(r"(?<=[.!?])\s+(?=\W{0,3}[A-ZÁÉÍÓÖŐÚÜŰ])")
_ITEM = re.compile(r"\s*(?:[-•*–]|\d+[.)])\s")


def sentences(mail: Mail) -> tuple[Sentence, ...]:
    """What its sender wrote in subject, body and documents, a sentence or row each; greetings and closings left out."""
    found: list[Sentence] = []
    left = bounds.MOST_JUDGED
    for block in mail.blocks:
        if block.role in {Role.SUBJECT, Role.BODY} and left > 0:
            for sentence in (*_in_text(block), *_in_rows(block)):
                left -= len(sentence.text)
                if left > 0:
                    found.append(sentence)
    telling = tuple(sentence for sentence in found if not _closes(sentence.text))
    return telling or tuple(found)  # "Köszönjük szépen!" may be all there is


def _in_rows(block: Block) -> Iterator[Sentence]:
    for number, row in enumerate(block.rows):
        yield Sentence(" | ".join(row), block, block.first_line + number)


def _in_text(block: Block) -> Iterator[Sentence]:
    paragraph: list[str] = []
    first = block.first_line
    for number, line in enumerate((*block.lines, ""), block.first_line):
        apart = not line.strip() or _greets(line) or _closes(line)
        if apart or _ITEM.match(line):
            yield from _cut(paragraph, block, first)
            paragraph, first = [], number
        if _closes(line):
            yield Sentence(line.strip(), block, number)
        elif not apart:
            first = first if paragraph else number
            paragraph.append(line.strip())


def _cut(paragraph: list[str], block: Block, first: int) -> Iterator[Sentence]:
    """A paragraph's sentences, each with the line where it begins."""
    begins = list(accumulate((len(line) + 1 for line in paragraph), initial=0))
    text, at = " ".join(paragraph), 0
    for part in _FULL_STOP.split(text):
        if part.strip():
            at = text.index(part, at)
            yield Sentence(part, block, first + bisect(begins, at) - 1)
            at += len(part)


@cache
def _boilerplate(name: str) -> frozenset[str]:
    return frozenset(load("acts.toml").data[name])


def _greets(line: str) -> bool:
    words = key(line[: bounds.LONGEST_WORD]).split()
    return bool(words) and words[0] in _boilerplate("greetings") and line.rstrip()[-1] not in ".?"


def _closes(line: str) -> bool:
    words = key(line[: bounds.LONGEST_WORD]).split()
    return bool(words) and _boilerplate("closings").issuperset(words)
