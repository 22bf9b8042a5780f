"""The totals of a trial in words: the same tables for the workbook and the terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections import Counter
from dataclasses import dataclass

from processor.cases.vocabulary import DECISION_WORDS, KIND_WORDS, OUTCOME_WORDS
from processor.trial.lines import Totals

ALONE = (
    "Minden levelet önmagában néztünk meg, ügyek, Moodle-felhasználók és nyilvántartás nélkül: "
    "egy válaszlevél itt nem talál az ügyéhez, élesben igen."
)
_MOST_OPEN = 30  # different reasons that are listed


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the totals: `rows` of a name and its numbers, in the order of `head`."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, *tuple[int | str, ...]], ...]


def sections(totals: Totals) -> Iterator[Section]:
    """By kind, by decision, by applicant, why an officer would look; those that count nothing are left out."""
    yield Section(("Levelek fajta szerint", "levél", "munkatárs nélkül", "munkatárs nézi"), tuple(_kinds(totals)))
    counted = (
        ("Levelek döntés szerint", "levél", totals.decisions, DECISION_WORDS),
        ("Kérelmezők", "fő", totals.outcomes, OUTCOME_WORDS),
        ("Miért nézné munkatárs (egy levél többnél is szerepelhet)", "levél", totals.reasons, {}),
        ("Mi marad tisztázandó (ugyanígy)", "levél", totals.open, {}),
    )
    for title, unit, counts, words in counted:
        if counts:
            yield Section((title, unit), tuple(_counted(counts, words)))


def _kinds(totals: Totals) -> Iterator[tuple[str, int | str, int | str, int | str]]:
    for kind in totals.kinds():
        alone, officer = totals.alone[kind], totals.officer[kind]
        yield KIND_WORDS.get(kind, "ismeretlen (nem olvasható)"), alone + officer, alone, officer
    alone, officer = totals.alone.total(), totals.officer.total()
    yield "összesen", totals.mails, _share(alone, totals.mails), _share(officer, totals.mails)


def _share(part: int, whole: int) -> str:
    """ "12 (60 %)" """
    return f"{part} ({round(100 * part / whole)} %)" if whole else str(part)


def _counted(counts: Counter[str], words: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for what, number in counts.most_common(_MOST_OPEN):
        yield words.get(what, what), number
    if rest := len(counts) - _MOST_OPEN > 0 and counts.total() - sum(n for _, n in counts.most_common(_MOST_OPEN)):
        yield "egyéb", rest
