"""Loads the data files beside it once, and refuses what could never work: every error names file, line, entry and
cure.

What stands in a file:
- lists of words, written as people write; they are folded here, so accents and capitals do not matter. Where the file
  says `folded = true` they are written in small letters without accents, and anything else is refused.
- patterns, regular expressions over folded text: `{ pattern = '...', fires = "...", not = "..." }`, with a text in
  which it is found and one in which it is not. Where the file says `whole = true` a pattern must match the whole text.
  `{name}` in a pattern stands for the words of that name under `[lists]`.
- wordings: a table of `words`, `stems` (words with whatever ending) and `patterns`, any of which will do.

`load` and `File.pattern` do the checks that cost nothing; `check_all` also tries every example.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from rules.hungarian.words import fold

_FOLDER = "rules/hungarian"
_ESCAPED = re.compile(r"\\.|\(\?P")  # \W is no capital letter
_LIST = re.compile(r"\{([a-z_]+)\}")  # {workplace}; {2,5} is a number of times

Table = dict[str, Any]


class DataError(ValueError):
    """A data file of `rules/` that cannot be used as it stands; the message is a sentence for whoever edited it."""


class File:
    """One data file. `data`: its tables as they stand; `text` is kept for the numbers of lines."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text
        try:
            self.data: Table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise DataError(
                f"{_FOLDER}/{name}: {error}; mend that line (quotes, commas, brackets) and try again."
            ) from error
        self._folded = bool(self.data.get("folded"))
        self._whole = bool(self.data.get("whole"))
        for words in _lists(self.data):
            self._refuse_dead_words(words)
            self.refuse_doubles(words)
        entries = list(_patterns(self.data))
        self.refuse_doubles([self._source(entry) for entry in entries], same=str)

    def fault(self, entry: str, sentence: str, occurrence: int = 1) -> DataError:
        """The error for an entry: where it stands (its n-th occurrence), and the sentence that says the cure."""
        line = self._line(entry, occurrence)
        return DataError(f'{_FOLDER}/{self.name}{f", line {line}" if line else ""}: "{entry}" {sentence}')

    def require(self, entry: Table, keys: tuple[str, ...], where: str) -> None:
        """DataError when `entry` (described by `where`) lacks one of `keys`."""
        for wanted in keys:
            if wanted not in entry:
                raise DataError(f'{_FOLDER}/{self.name}: {where} has no "{wanted}"; add the line {wanted} = ...')

    def words(self, *lists: Iterable[str]) -> tuple[str, ...]:
        """The words of several lists, folded; a word stands in one of them only."""
        together = [word for words in lists for word in words]
        self.refuse_doubles(together)
        return tuple(fold(word) for word in together)

    def either(self, wordings: Table) -> str:
        """The words, stems and patterns of a table as the source of one alternative, for a larger pattern."""
        words = [re.escape(fold(word)) for word in wordings.get("words", ())]
        stems = [re.escape(fold(word)) + r"\w*" for word in wordings.get("stems", ())]
        return "|".join([*words, *stems, *(self._expanded(entry) for entry in wordings.get("patterns", ()))])

    def pattern(self, wordings: Table) -> re.Pattern[str]:
        """The words, stems and patterns of a table as one compiled pattern over folded text."""
        try:
            return re.compile(self.either(wordings))
        except re.error:
            for entry in wordings.get("patterns", ()):
                self._compiled(entry)
            raise

    def beginnings(self, words: Iterable[str]) -> re.Pattern[str]:
        """A pattern that finds a word beginning with one of `words`; none of them may begin with another."""
        folded = sorted(fold(word) for word in words)
        for shorter, longer in zip(folded, folded[1:], strict=False):
            if longer.startswith(shorter):
                raise self.fault(longer, f'begins with "{shorter}", which finds it already; take one of them out.')
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, folded))})")

    def check(self) -> None:
        """Tries the example of every pattern, and compiles all."""
        for entry in _patterns(self.data):
            pattern = self._compiled(entry)
            found = pattern.fullmatch if self._whole else pattern.search
            if not found(fold(entry["fires"])):
                raise self.fault(
                    entry["pattern"], f'does not fire in its example "{entry["fires"]}"; mend one of them.'
                )
            if found(fold(entry["not"])):
                raise self.fault(entry["pattern"], f'fires in "{entry["not"]}", where it must not; mend one of them.')

    def refuse_doubles(self, words: Iterable[str], same: Callable[[str], str] = fold) -> None:
        """DataError when two of the words are `same`: one in the form in which they are compared."""
        first: dict[str, str] = {}
        for word in words:
            if (other := first.get(same(word))) is not None:
                occurrence = 2 if other == word else 1
                raise self.fault(word, f'stands twice (the other is "{other}"); take one of them out.', occurrence)
            first[same(word)] = word

    def _refuse_dead_words(self, words: Iterable[str]) -> None:
        for word in words if self._folded else ():
            if word != fold(word):
                raise self.fault(word, f'never fires, for this file is matched folded; write "{fold(word)}".')

    def _source(self, entry: Table) -> str:
        """The pattern of a table that has all it needs, and nothing that folded text cannot hold."""
        self.require(entry, ("pattern", "fires", "not"), f"the pattern {entry.get('pattern')!r}")
        source: str = entry["pattern"]
        plain = _ESCAPED.sub("", source)
        dead = next((character for character in plain if fold(character) != character), None)
        if dead is not None:
            raise self.fault(
                source, f'never fires, for it holds "{dead}" and the text is folded; write "{fold(dead)}".'
            )
        return source

    def _expanded(self, entry: Table) -> str:
        def listed(match: re.Match[str]) -> str:
            words = self.data.get("lists", {}).get(match.group(1))
            if words is None:
                raise self.fault(entry["pattern"], f"names {match.group()}, which is no list; add it under [lists].")
            return f"(?:{self.either({'words': words})})"

        return _LIST.sub(listed, entry["pattern"])

    def _compiled(self, entry: Table) -> re.Pattern[str]:
        try:
            return re.compile(self._expanded(entry))
        except re.error as error:
            raise self.fault(entry["pattern"], f"is no pattern ({error}); mend it.") from error

    def _line(self, entry: str, occurrence: int) -> int | None:
        """The number of the line where the entry stands for the n-th time, None when it is written in another way."""
        literals = (json.dumps(entry, ensure_ascii=False), f"'{entry}'")
        for number, line in enumerate(self._text.splitlines(), 1):
            occurrence -= sum(line.count(literal) for literal in literals)
            if occurrence <= 0:
                return number
        return None


def _lists(value: Any) -> Iterator[list[str]]:
    """Every list of words, however deep."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _lists(item)


def _patterns(value: Any) -> Iterator[Table]:
    """Every table that is a pattern, however deep."""
    if isinstance(value, dict) and ("pattern" in value or "fires" in value):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _patterns(item)


def read(name: str, folder: Traversable) -> File:
    """A data file of any folder. DataError when it is missing or cannot be used."""
    try:
        return File(name, folder.joinpath(name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{_FOLDER}/{name} is missing; restore it from the release.") from error


def folder() -> Traversable:
    """Where the data files lie."""
    return resources.files("rules.hungarian")


@cache
def load(name: str) -> File:
    """The data file of that name, read once."""
    return read(name, folder())


def check_all(where: Traversable | None = None) -> None:
    """Reads every data file of a folder and tries every example. DataError at the first thing that could never work."""
    where = where or folder()
    for path in sorted(where.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            read(path.name, where).check()
