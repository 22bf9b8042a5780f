"""One mail of a trial as a line of the report, in words for people; and what all the lines add up to. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from processor.cases.decision import for_a_person
from processor.cases.states import Decided, Outcome
from processor.cases.vocabulary import FIELD_WORDS, KIND_WORDS, OUTCOME_WORDS, code_words
from processor.explain import Explained, explain
from processor.reading import Mail, read
from processor.trial.sources import TOO_LARGE, Taken
from processor.worktime import LOCAL
from rules.hungarian.catalogue import programs as catalogue
from rules.model import Applicant, Kind, Open

FAILED = "failed"  # beside the decisions: a mail of which nothing can be said
UNREADABLE = "a levelet nem lehetett elolvasni"
_YEARS = range(1970, 2100)  # of a mail; a spreadsheet knows no day before 1900
_MOST_PROGRAMS = 4  # that one wish may mean


@dataclass(frozen=True, slots=True)
class Line:
    """One mail. `date`: local time without a zone. `reasons`: why an officer would look at it; none when it would be
    settled without a person. `open`: what could not be accounted for. `data`: the mail as `explain --json` has it."""

    name: str
    date: dt.datetime | None = None
    sender: str = ""
    subject: str = ""
    kind: str = ""
    decision: str = FAILED
    reasons: tuple[str, ...] = ()
    open: tuple[Open, ...] = ()
    applicants: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    letter: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def line(taken: Taken, own: frozenset[str]) -> Line:
    """What would have been done with a mail. Never raises: a mail that cannot be read, or breaks the reader, is a line
    that says so."""
    if taken.trouble:
        return _unread(taken, own, taken.trouble)
    try:
        return _of_mail(explain(taken.raw, taken.name, own))
    except Exception as error:  # one mail must not end the trial
        return _unread(taken, own, f"váratlan hiba: {type(error).__name__}: {error}")


# ---------------------------------------------------------------- a mail that was read


def _of_mail(one: Explained) -> Line:
    request = one.understood.request
    return Line(
        one.name,
        _local(one.mail.date),
        _sender(one.mail),
        one.mail.subject,
        one.understood.kind,
        one.decision.decision,
        tuple(dict.fromkeys(_reasons(one))),
        request.open,
        tuple(_applicant(i, applicant, one) for i, applicant in enumerate(request.applicants)),
        one.decision.outcomes,
        tuple(dict.fromkeys(_problems(one))),
        tuple(_faults(one)),
        _letter(one),
        one.to_json(),
    )


def _local(date: dt.datetime | None) -> dt.datetime | None:
    """The Date header in local time, without a zone; None when it is absent or no day of our times."""
    if date is None or date.year not in _YEARS:
        return None
    return (date.astimezone(LOCAL) if date.tzinfo else date).replace(tzinfo=None)


def _sender(mail: Mail) -> str:
    return f"{mail.sender.name} <{mail.sender.address}>".strip() if mail.sender else ""


def _reasons(one: Explained) -> Iterator[str]:
    """Why a person has to look: what only a person settles, of those who wait for one; else the kind of mail."""
    decision, request = one.decision, one.understood.request
    waiting = [i for i, outcome in enumerate(decision.outcomes) if outcome == Outcome.REVIEW]
    codes = [code for i in waiting for code in decision.codes(i) if for_a_person(code)]
    if decision.decision == Decided.REVIEW and not codes:
        codes = ["reading.open"] * bool(request.open) + ["sender.unconfirmed"] * bool(request.doubt)
        if not codes:
            yield f"fajtája: {KIND_WORDS[one.understood.kind]}"
    yield from map(code_words, codes)


def _applicant(index: int, applicant: Applicant, one: Explained) -> str:
    """ "1. Kovács Anna (kötegbe kerül): munkahely: …; PIR: …" """
    values = [f"{word}: {_values(applicant, name)}" for name, word in FIELD_WORDS.items() if name != "name"]
    outcomes = one.decision.outcomes
    outcome = f" ({OUTCOME_WORDS[outcomes[index]]})" if index < len(outcomes) else ""
    return f"{index + 1}. {_values(applicant, 'name')}{outcome}: {'; '.join(values)}"


def _values(applicant: Applicant, name: str) -> str:
    """A field in words; several values are in conflict."""
    if name == "programs":
        return (
            ", ".join(
                " | ".join(catalogue()[p].short for p in mention.programs[:_MOST_PROGRAMS])
                or f"„{mention.value.text}”?"
                for mention in applicant.programs
            )
            or "–"
        )
    return " | ".join(value.text for value in getattr(applicant, name)) or "–"


def _problems(one: Explained) -> Iterator[str]:
    for finding in one.decision.findings:
        whose = "" if finding.applicant is None else f"{finding.applicant + 1}. "
        yield f"{whose}{code_words(finding.code)}"


def _faults(one: Explained) -> Iterator[str]:
    """What is to be known beside: why it is of this kind, what of it could not be read."""
    if one.understood.reason:
        yield one.understood.reason
    if one.understood.request.doubt:
        yield f"a feladó nem megbízható: {one.understood.request.doubt}"
    for attachment in one.mail.attachments:
        if attachment.trouble:
            yield f"melléklet, amely nem olvasható: {attachment.name}: {attachment.trouble}"
    yield from one.mail.faults


def _letter(one: Explained) -> str:
    if one.letter is None or not one.to:
        return ""
    return f"Címzett: {one.to}\nTárgy: {one.letter.subject}\n\n{one.letter.text.rstrip()}"


# ---------------------------------------------------------------- a mail that was not


def _unread(taken: Taken, own: frozenset[str], trouble: str) -> Line:
    """What its header says. A mail too large to be looked at is a person's, as it is in service."""
    made = Line(taken.name, reasons=(UNREADABLE,), faults=(trouble,))
    message_id = ""
    if taken.raw:
        mail = read(taken.raw, own)
        message_id = mail.message_id
        made = replace(made, date=_local(mail.date), sender=_sender(mail), subject=mail.subject)
    if taken.trouble == TOO_LARGE:
        made = replace(made, kind=Kind.OTHER, decision=Decided.REVIEW, reasons=(TOO_LARGE,))
    return replace(made, data=_data(made, message_id, trouble))


def _data(made: Line, message_id: str, trouble: str) -> dict[str, Any]:
    """The keys that `explain --json` gives, and what the trouble was."""
    return {
        "file": made.name,
        "message_id": message_id,
        "kind": made.kind or None,
        "decision": made.decision,
        "problems": [],
        "applicants": [],
        "reading": {"state": "open", "open": []},
        "reply": None,
        "trouble": trouble,
    }


# ---------------------------------------------------------------- all of them


@dataclass(slots=True)
class Totals:
    """What was counted so far. `alone`, `officer`: mails by kind, without a person and with one. `open`: entries by
    why they are open."""

    mails: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    officer: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    letters: int = 0

    def add(self, one: Line) -> None:
        self.mails += 1
        self.decisions[one.decision] += 1
        self.outcomes.update(one.outcomes)
        (self.officer if one.reasons else self.alone)[one.kind] += 1
        self.reasons.update(one.reasons)
        self.open.update({_general(entry.why) for entry in one.open})
        self.letters += bool(one.letter)

    def kinds(self) -> list[str]:
        """Those that were met, the most frequent first."""
        return [kind for kind, _ in (self.alone + self.officer).most_common()]


def _general(why: str) -> str:
    """A reason without the mail's own words, which follow in brackets."""
    return why.partition(" (")[0]
