"""Findings to outcomes and the mail's decision (POLICY section 5). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from processor.cases.states import HELP, REQUESTS, SILENT, Decided, Outcome
from rules import CODES
from rules.model import Applicant, Finding, Request

# What only a person can settle; it wins over everything else.
_FOR_A_PERSON = ("email.other_person", "attachment.unreadable", "account.changed", "reading.open", "sender.unconfirmed")
_SAID_APART = frozenset({"reading.open", "sender.unconfirmed"})  # in full, from the request itself
_LONGEST_REASON = 1_000  # characters of a case's note


@dataclass(frozen=True, slots=True)
class Decision:
    """`outcomes`: one an applicant. `problems`: the mail's own codes (the clerk's). `findings`: all that is wrong."""

    decision: Decided
    outcomes: tuple[Outcome, ...] = ()
    problems: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def codes(self, applicant: int) -> tuple[str, ...]:
        """That applicant's own problem codes, each once."""
        return tuple(dict.fromkeys(f.code for f in self.findings if f.applicant == applicant))

    def all_codes(self) -> tuple[str, ...]:
        """The mail's own codes and then everybody's, each once."""
        return tuple(dict.fromkeys((*self.problems, *(f.code for f in self.findings))))


def for_a_person(code: str) -> bool:
    return code.endswith(".conflict") or code in _FOR_A_PERSON


def outcome(codes: tuple[str, ...], clerk_problem: bool) -> Outcome:
    """One applicant's outcome: review, else ask for any other problem (the clerk's too), else known, else queue."""
    if any(for_a_person(code) for code in codes):
        return Outcome.REVIEW
    if clerk_problem or any(code != "account.known" for code in codes):
        return Outcome.ASK
    return Outcome.KNOWN if codes else Outcome.QUEUE


def decide(kind: str, request: Request, findings: tuple[Finding, ...]) -> Decision:
    """The decision of one mail (or of a case as it stands). `kind` as in POLICY section 1."""
    if kind not in REQUESTS:
        return Decision(_without_applicants(kind, request))
    problems = tuple(dict.fromkeys(f.code for f in findings if f.applicant is None))
    outcomes = tuple(_outcome(i, a, problems, findings) for i, a in enumerate(request.applicants))
    ranked = (Outcome.ASK, Outcome.REVIEW, Outcome.QUEUE)
    first = next((o for o in ranked if o in outcomes), None)
    return Decision(Decided(first) if first else Decided.ANSWER, outcomes, problems, findings)


def _without_applicants(kind: str, request: Request) -> Decided:
    if request.open:
        return Decided.REVIEW
    if kind in HELP:
        return Decided.REVIEW if request.doubt else Decided.ANSWER
    return Decided.IGNORE if kind in SILENT else Decided.REVIEW


def _outcome(index: int, applicant: Applicant, problems: tuple[str, ...], findings: tuple[Finding, ...]) -> Outcome:
    if applicant.dropped:
        return Outcome.DROPPED
    codes = tuple(f.code for f in findings if f.applicant == index)
    return outcome(codes, clerk_problem=bool(set(problems) - set(applicant.lifted)))


def review_reason(request: Request, decision: Decision) -> str:
    """What a person has to settle, applicant by applicant, in Hungarian; "" when nothing."""
    out = [f"A feladó nem megbízható: {request.doubt}."] if request.doubt else []
    out += [f"Tisztázandó: „{entry.text}”." for entry in request.open[:1]]
    for finding in decision.findings:
        at = finding.applicant
        if at is None or decision.outcomes[at] != Outcome.REVIEW or finding.code in _SAID_APART:
            continue
        if for_a_person(finding.code):
            name = request.applicants[at].one("name") or f"{at + 1}. kérelmező"
            out.append(f"{name}: {CODES[finding.code]}")
    return " ".join(dict.fromkeys(out))[:_LONGEST_REASON]
