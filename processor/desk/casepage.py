"""What the case page shows of the applicants: each field with its value, verdict, evidence and choices. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from processor.cases.states import Outcome
from processor.cases.vocabulary import FIELD_WORDS, code_words
from rules import CODES
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.counties import names as counties

_MOST_EVIDENCE = 3
_FEW = 3  # applicants that are all shown open


@dataclass(frozen=True, slots=True)
class FieldView:
    """`value`: as it stands in the form; `verdicts`: what is wrong with it; `evidence`: (place, line) where it was
    found; `choices`: what it may be."""

    name: str
    label: str
    value: str
    verdicts: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApplicantView:
    """`number` counts from 1; `others`: verdicts that are about no single field; `open`: shown without being asked
    for."""

    number: int
    name: str
    outcome: str
    batched: bool
    batch: str
    fields: tuple[FieldView, ...]
    others: tuple[str, ...]
    open: bool


def applicants(rows: Iterable[Mapping[Any, Any]], batches: Mapping[int, str]) -> list[ApplicantView]:
    """`rows`: the store's rows of a case's applicants; `batches`: names of batches by id."""
    found = list(rows)
    out = []
    for row in found:
        data, problems = row["row"], row["row"]["problems"]
        views = tuple(
            _field(field, label, data, [code for code in problems if code.split(".")[0] == field])
            for field, label in FIELD_WORDS.items()
        )
        others = tuple(_verdict(code) for code in problems if code.split(".")[0] not in FIELD_WORDS)
        batched = row["batch_id"] is not None
        wanted = len(found) <= _FEW or (not batched and row["outcome"] in {Outcome.ASK, Outcome.REVIEW})
        batch = batches.get(row["batch_id"], "") if batched else ""
        out.append(
            ApplicantView(
                row["position"] + 1,
                data["name"] or "(név nélkül)",
                row["outcome"],
                batched,
                batch,
                views,
                others,
                wanted,
            )
        )
    return out


def value_of(data: Mapping[str, Any], field: str) -> str:
    """A field of an applicant's row as officers write it."""
    if field == "programs":
        return "; ".join(catalogue()[p].short if p in catalogue() else p for p in data["programs"])
    return str(data[field] or "")


def _verdict(code: str) -> str:
    """A finding in a few words; more where they do not say it all."""
    words = code_words(code).partition(": ")[2]
    return words if code.endswith(".missing") else f"{words}. {CODES.get(code, '')}".strip()


def _field(field: str, label: str, data: Mapping[str, Any], problems: list[str]) -> FieldView:
    value, found = value_of(data, field), data["evidence"].get(field, [])
    evidence = tuple(
        dict.fromkeys(
            ("munkatárs adta meg", "") if e["place"] == "munkatárs" else (f"{e['place']}, {e['line']}. sor", e["text"])
            for e in found
        )
    )
    choices = (
        counties()
        if field == "county"
        else ()
        if field == "programs"
        else tuple(dict.fromkeys(str(e["value"]) for e in found if e["value"] != value))
    )
    return FieldView(
        field, label, value, tuple(_verdict(code) for code in problems), evidence[:_MOST_EVIDENCE], tuple(choices)
    )
