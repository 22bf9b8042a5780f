"""A decision to a letter: subject, text, HTML. Pure; the templates say what is said (templates/mails)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape

from processor.cases.decision import Decision
from processor.cases.states import HELP, Decided, Outcome
from processor.reading.quoting import OUR_LAST_LINE
from rules import CODES
from rules.account import fresh
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.counties import names as counties
from rules.hungarian.counties import recognise
from rules.model import Applicant, Facts, Finding, Request
from rules.pir import is_valid
from rules.programs import wanted

_PAGE = """<!DOCTYPE html>
<html lang="hu"><head><meta charset="utf-8"></head>\
<body style="font-family:Calibri,Arial,sans-serif;font-size:15px">{paragraphs}</body></html>
"""
NO_REFERENCE = "ASPO-ÉÉÉÉ-NNNNNN"  # what explain shows where no case exists


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. `awaits`: an answer is expected, so that a bounce of it must reach us."""

    subject: str
    text: str
    html: str
    awaits: bool = False


class _Loader(BaseLoader):
    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        try:
            return resources.files("templates").joinpath("mails", template).read_text(encoding="utf-8"), template, None
        except FileNotFoundError as error:
            raise TemplateNotFound(template) from error


@cache
def _environment(html: bool) -> Environment:
    return Environment(
        loader=_Loader(),
        undefined=StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def render(name: str, **values: Any) -> Letter:
    """The letter `templates/mails/<name>.jinja`. A missing value is an error, never an empty place in a letter."""
    values = {"last_line": OUR_LAST_LINE, **values}
    subject, text, _ = _environment(False).get_template(f"{name}.jinja").render(values).split("=====\n")
    _, _, html = _environment(True).get_template(f"{name}.jinja").render(values).split("=====\n")
    lines = [line.rstrip() for line in text.strip().split("\n")]
    tidy = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return Letter(" ".join(subject.split()), "\n".join(tidy) + "\n", html.strip() + "\n")


def own_words(text: str) -> tuple[str, str]:
    """An officer's text as a letter's (text, HTML). It ends with our last line, by which an answer below its quote is
    told apart."""
    text = text.strip()
    if OUR_LAST_LINE not in text:
        text += f"\n\n{OUR_LAST_LINE}"
    parts = (escape(part).replace(Markup("\n"), Markup("<br>")) for part in text.split("\n\n"))
    page = _PAGE.format(paragraphs="".join(f"<p>{part}</p>" for part in parts))
    return text + "\n", page


def letter(
    kind: str,
    request: Request,
    decision: Decision,
    reference: str,
    facts: Facts,
    *,
    thanks: bool = False,
    acknowledge: bool = True,
    reminder: bool = False,
) -> Letter | None:
    """What is to be written to the sender; None when nothing is."""
    if decision.decision in {Decided.REVIEW, Decided.IGNORE}:
        return None
    if kind in HELP:
        return render(kind, reference=reference, programs=list(catalogue().values()))
    people = [_person(a, i, decision, facts) for i, a in enumerate(request.applicants) if not a.dropped]
    common = {"reference": reference, "known": _called(people, Outcome.KNOWN)}
    if decision.decision == Decided.ASK:
        later = others_later(request, decision)
        return _asking(decision, people, **common, thanks=thanks, reminder=reminder, others_later=later)
    if decision.decision == Decided.QUEUE:
        accepted = [p for p in people if p["outcome"] == Outcome.QUEUE]
        return render("queued", accepted_people=accepted, **common) if acknowledge else None
    return render("known", **common)


def _called(people: list[dict[str, Any]], outcome: Outcome) -> list[str]:
    return [p["name"] or p["title"] for p in people if p["outcome"] == outcome]


def _asking(decision: Decision, people: list[dict[str, Any]], **values: Any) -> Letter:
    """What is missing, by applicant, with the lists that help to choose."""
    asked = [p for p in people if p["outcome"] == Outcome.ASK]
    codes = {*decision.problems, *(need["code"] for p in asked for need in p["needs"])}
    made = render(
        "ask",
        clerk=[CODES[code] for code in decision.problems],
        people=asked,
        clerk_only=_called([p for p in asked if not p["needs"]], Outcome.ASK),
        queued=_called(people, Outcome.QUEUE),
        counties=list(counties()) if codes & {"county.missing", "county.unknown"} else [],
        programs=list(catalogue().values()) if codes & {"programs.missing", "programs.unknown"} else [],
        **values,
    )
    return Letter(made.subject, made.text, made.html, awaits=True)


def others_later(request: Request, decision: Decision) -> bool:
    """Whether somebody waits for an officer who is certainly an applicant: a whole name, and nothing about the name
    in doubt (POLICY section 5)."""
    waiting = [i for i, outcome in enumerate(decision.outcomes) if outcome == Outcome.REVIEW]
    return any(
        request.applicants[i].one("name") and not {"name.conflict", "reading.open"} & set(decision.codes(i))
        for i in waiting
    )


def _person(applicant: Applicant, index: int, decision: Decision, facts: Facts) -> dict[str, Any]:
    own = [f for f in decision.findings if f.applicant == index]
    name, email = applicant.one("name") or "", applicant.one("email") or ""
    nameless = f"{index + 1}. kérelmező" if len(decision.outcomes) > 1 else "A kérelmező adatai"
    account = facts.accounts.get(email)
    programs = fresh(wanted(applicant), account.programs if account else frozenset())
    return {
        "name": name,
        "title": name or nameless,
        "outcome": decision.outcomes[index],
        "email": email,
        "programs": [catalogue()[p].short for p in programs],
        "needs": [_need(f) for f in own if f.code != "account.known"],
        "accepted": _accepted(applicant, {f.field for f in own}, facts),
    }


def _need(finding: Finding) -> dict[str, Any]:
    value = "" if finding.code.endswith(".missing") else finding.value
    choices: list[str] = []
    if finding.code == "programs.ambiguous":
        choices = [catalogue()[p].short for p in finding.choices]
    return {"code": finding.code, "sentence": CODES[finding.code], "value": value, "choices": choices}


_FIELD_WORDS = {"municipality": "munkahely", "pir": "PIR szám", "county": "vármegye", "email": "e-mail-cím"}


def _accepted(applicant: Applicant, wrong: set[str], facts: Facts) -> list[str]:
    """What has been accepted already, so that nobody sends it twice."""
    out = []
    for field, word in _FIELD_WORDS.items():
        value = applicant.one(field)
        if not value or field in wrong or (field == "pir" and not is_valid(value, facts)):
            continue
        out.append(f"{word}: {recognise(value) or value}" if field == "county" else f"{word}: {value}")
    if programs := [catalogue()[p].short for p in wanted(applicant)]:
        out.append(f"tananyag: {', '.join(programs)}")
    return out
