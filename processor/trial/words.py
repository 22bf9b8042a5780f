"""The totals of a trial in words: the same tables for the workbook and the terminal. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from processor.cases.vocabulary import DECISION_WORDS, KIND_WORDS, OUTCOME_WORDS
from processor.trial.lines import Totals

ALONE = (
    "Minden levelet önmagában néztünk meg, ügyek, Moodle-felhasználók és nyilvántartás nélkül: "
    "egy válaszlevél itt nem talál az ügyéhez, élesben igen."
)
_MOST_LISTED = 30  # lines of one table

Row = tuple[int | str, ...]  # a name and its numbers


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the totals, its rows in the order of `head`."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


def sections(totals: Totals) -> Iterator[Section]:
    """By kind, by decision, by applicant, why an officer would look; those that count nothing are left out."""
    yield Section(("Levelek fajta szerint", "levél", "munkatárs nélkül", "munkatárs nézi"), tuple(_kinds(totals)))
    counted: tuple[tuple[str, str, Counter[str], Mapping[str, str]], ...] = (
        ("Levelek döntés szerint", "levél", totals.decisions, DECISION_WORDS),
        ("Kérelmezők", "fő", totals.outcomes, OUTCOME_WORDS),
        ("Miért nézné munkatárs (egy levél többnél is szerepelhet)", "levél", totals.reasons, {}),
        ("Mi marad tisztázandó (ugyanígy)", "levél", totals.open, {}),
    )
    for title, unit, counts, words in counted:
        if counts:
            yield Section((title, unit), tuple(_counted(counts, words)))


def _kinds(totals: Totals) -> Iterator[Row]:
    for kind in totals.kinds():
        alone, officer = totals.alone[kind], totals.officer[kind]
        yield KIND_WORDS.get(kind, "ismeretlen (nem olvasható)"), alone + officer, alone, officer
    alone, officer = totals.alone.total(), totals.officer.total()
    yield "összesen", totals.mails, alone, officer
    if totals.mails:
        yield "arány", "", f"{alone / totals.mails:.0%}", f"{officer / totals.mails:.0%}"


def _counted(counts: Counter[str], words: Mapping[str, str]) -> Iterator[Row]:
    first = counts.most_common(_MOST_LISTED)
    yield from ((words.get(what, what), number) for what, number in first)
    if rest := counts.total() - sum(number for _, number in first):
        yield "egyéb", rest
