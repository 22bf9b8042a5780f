"""Where a text names programs: every wording of the catalogue and every ProBono identifier in it, inflected and
mistyped ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from rules.hungarian.catalogue import ANYWHERE, LABELLED, Phrase, filler, phrases, programs
from rules.hungarian.words import fold, is_ending

# Letters of a word from which a typing error is believed: shorter ones are too near each other. Under a label there is
# nothing else to take them for.
TYPO_FROM, LABEL_TYPO_FROM = 7, 5
_TWO_TYPOS_FROM = 11
_NO_TYPO = 99  # longer than any word
_LONGEST_ENDING = 5  # letters that a mistyped word may have beyond the catalogue's

WORD = re.compile(r"[a-z0-9]+")
_IDENTIFIER = re.compile(r"(?<![a-z0-9])p\s?m[\s.\-_/]*(\d{4})(?:[\s.\-_/]*(\d{4}))?(?:[\s.\-_/]*bs)?(?![a-z0-9])")
_ADJECTIVE = re.compile(r"[oea]?s[a-z]{0,4}$")  # "érkeztetős", "portálosra"


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word at folded[start:end]."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A wording or identifier (`phrase` is None) at folded[start:end], from token `first` to token `last`."""

    phrase: Phrase | None
    programs: tuple[str, ...]
    first: int
    last: int
    start: int
    end: int

    @property
    def level(self) -> int:
        """Where it counts, as Phrase.level; an identifier counts anywhere."""
        return self.phrase.level if self.phrase is not None else ANYWHERE


@dataclass(frozen=True, slots=True)
class Named:
    """A text with the programs that it names, in order and without overlap."""

    text: str
    folded: str
    tokens: list[Token]
    hits: list[Hit]


def read(text: str, typo_from: int) -> Named:
    """The programs that a text names, leftmost longest; words of `typo_from` letters may be mistyped."""
    folded = fold(text)
    tokens = list(_tokens(folded))
    return Named(text, folded, tokens, list(_hits(folded, tokens, typo_from)))


def _tokens(folded: str) -> Iterator[Token]:
    last: Token | None = None
    for match in WORD.finditer(folded):
        word, start = match.group(), match.start()
        # "VIR-t", "ELÜGY-et": what stands behind the hyphen is an ending of the word before it.
        hyphen = last is not None and folded[start - 1] == "-" and last.end == start - 1
        if last is not None and hyphen and len(word) <= 4 and is_ending(word):
            last = Token(last.word, last.start, match.end())
            continue
        if last is not None:
            yield last
        last = Token(word, start, match.end())
    if last is not None:
        yield last


def _hits(folded: str, tokens: list[Token], typo_from: int) -> Iterator[Hit]:
    identifiers = list(_IDENTIFIER.finditer(folded))
    i = 0
    while i < len(tokens):
        hit = _identifier_at(tokens, i, identifiers) or _wording_at(tokens, i, typo_from)
        if hit is not None:
            yield hit
        i = hit.last + 1 if hit is not None else i + 1


# ------------------------------------------------------------------ identifiers


def _identifier_at(tokens: list[Token], i: int, identifiers: Sequence[re.Match[str]]) -> Hit | None:
    match = next((m for m in identifiers if m.start() <= tokens[i].start < m.end()), None)
    if match is None:
        return None
    last = i
    while last + 1 < len(tokens) and tokens[last + 1].start < match.end():
        last += 1
    return Hit(None, _identified(*match.groups()), i, last, match.start(), match.end())


def _identified(first: str, second: str | None) -> tuple[str, ...]:
    """The programs whose identifier has these numbers (PM-2770-2105-BS)."""
    numbers = {program: program.split("-") for program in programs()}
    return tuple(p for p, n in numbers.items() if n[1] == first and second in {None, n[2]})


# ------------------------------------------------------------------ wordings


def _wording_at(tokens: list[Token], i: int, typo_from: int) -> Hit | None:
    phrase = _phrase_at(tokens, i, typo_from)
    if phrase is None:
        return None
    last = i + len(phrase.words) - 1
    return Hit(phrase, phrase.programs, i, last, tokens[i].start, tokens[last].end)


def _phrase_at(tokens: list[Token], i: int, typo_from: int) -> Phrase | None:
    """The wording that begins at a token: the one of most words; of two, the one that is written without a typing
    error."""
    best: Phrase | None = None
    for phrase in _candidates(tokens, i, typo_from):
        if best is not None and len(phrase.words) < len(best.words):
            break  # the longest come first
        if not _is_at(phrase, tokens, i, typo_from) or _yields(phrase, tokens, i, typo_from):
            continue
        if _is_at(phrase, tokens, i, _NO_TYPO):
            return phrase
        best = best or phrase
    return best


def _is_at(phrase: Phrase, tokens: list[Token], i: int, typo_from: int) -> bool:
    words = phrase.words
    if i + len(words) > len(tokens):
        return False
    return all(_same(tokens[i + k].word, word, typo_from) for k, word in enumerate(words))


def _yields(phrase: Phrase, tokens: list[Token], i: int, typo_from: int) -> bool:
    """ "az összes irat modul": a better wording begins one word later and goes further than "az összes"."""
    if phrase.level != LABELLED or i + 1 >= len(tokens):
        return False
    return any(
        p.level < LABELLED and len(p.words) > len(phrase.words) - 1 and _is_at(p, tokens, i + 1, typo_from)
        for p in _candidates(tokens, i + 1, typo_from)
    )


@cache
def _by_initial() -> dict[str, list[Phrase]]:
    index: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        index.setdefault(phrase.words[0][0], []).append(phrase)
    return index


def _candidates(tokens: list[Token], i: int, typo_from: int) -> tuple[Phrase, ...]:
    """The wordings that the word and the next one allow, the longest first."""
    if not _starters(tokens[i].word, typo_from):  # of most words; pairs of them would only fill the cache
        return ()
    return _beginning(tokens[i].word, tokens[i + 1].word if i + 1 < len(tokens) else "", typo_from)


@lru_cache(maxsize=8192)
def _beginning(token: str, following: str, typo_from: int) -> tuple[Phrase, ...]:
    """The wordings that begin with these two words, or are the first of them."""
    starters = _starters(token, typo_from)
    return tuple(p for p in starters if len(p.words) == 1 or (following and _same(following, p.words[1], typo_from)))


@lru_cache(maxsize=8192)
def _starters(token: str, typo_from: int) -> tuple[Phrase, ...]:
    """The wordings that may begin with this word, the longest first."""
    return tuple(p for p in _by_initial().get(token[0], ()) if _same(token, p.words[0], typo_from))


@lru_cache(maxsize=32768)
def _same(token: str, word: str, typo_from: int) -> bool:
    """Whether a word of the text is a word of the catalogue: exact, inflected, or mistyped."""
    if token == word:
        return True
    return token[0] == word[0] and (_is_inflected(token, word) or _is_mistyped(token, word, typo_from))


def _is_inflected(token: str, word: str) -> bool:
    if not token.startswith(word):
        return False
    ending = token[len(word) :]
    return (len(word) >= 3 and is_ending(ending)) or (len(word) >= 6 and _ADJECTIVE.match(ending) is not None)


def _is_mistyped(token: str, word: str, typo_from: int) -> bool:
    """Whether the token, without whatever ending it has, is the word with a letter or two wrong."""
    if len(word) < typo_from or abs(len(token) - len(word)) > _LONGEST_ENDING or token in filler():
        return False
    limit = 2 if len(word) >= _TWO_TYPOS_FROM else 1
    lengths = range(len(token), len(word) - limit - 1, -1)
    return any(is_ending(token[n:]) and OSA.distance(token[:n], word, score_cutoff=limit) <= limit for n in lengths)
