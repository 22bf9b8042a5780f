"""Findings to outcomes and the mail's decision (POLICY section 5). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rules import CODES
from rules.model import Finding, Request

# What only a person can settle; it wins over everything else.
_FOR_A_PERSON = ("email.other_person", "attachment.unreadable", "account.changed", "reading.open", "sender.unconfirmed")
_HELP = {"password_help": "answer", "access_help": "answer", "automatic": "ignore", "acknowledgement": "ignore"}


@dataclass(frozen=True, slots=True)
class Decision:
    """`decision`: queue | ask | answer | review | ignore. `outcomes`: one an applicant. `problems`: the mail's own
    codes (the clerk's)."""

    decision: str
    outcomes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def codes(self, applicant: int) -> tuple[str, ...]:
        """That applicant's own problem codes, each once."""
        return tuple(dict.fromkeys(f.code for f in self.findings if f.applicant == applicant))


def for_a_person(code: str) -> bool:
    return code.endswith(".conflict") or code in _FOR_A_PERSON


def outcome(codes: tuple[str, ...], clerk_problem: bool) -> str:
    """One applicant's outcome: review, else ask for any other problem (the clerk's included), else known, else
    queue."""
    if any(for_a_person(code) for code in codes):
        return "review"
    if clerk_problem or any(code != "account.known" for code in codes):
        return "ask"
    return "known" if codes else "queue"


def decide(kind: str, request: Request, findings: tuple[Finding, ...]) -> Decision:
    """The decision of one mail (or of a case as it stands). `kind` as in POLICY section 1."""
    if kind not in {"registration", "completion"}:
        decided = _HELP.get(kind, "review")
        held = (decided == "answer" and request.doubt) or (decided != "review" and request.open)
        return Decision("review" if held else decided)
    problems = tuple(dict.fromkeys(f.code for f in findings if f.applicant is None))
    outcomes = tuple(
        "dropped"
        if applicant.dropped
        else outcome(tuple(f.code for f in findings if f.applicant == i), bool(set(problems) - set(applicant.lifted)))
        for i, applicant in enumerate(request.applicants)
    )
    decision = next((d for d in ("ask", "review", "queue") if d in outcomes), "answer")
    return Decision(decision, outcomes, problems, findings)


def review_reason(request: Request, decision: Decision) -> str:
    """What a person has to settle, applicant by applicant, in Hungarian; "" when nothing."""
    out = [f"A feladó nem megbízható: {request.doubt}."] if request.doubt else []
    out += [f"Tisztázandó: „{entry.text}”." for entry in request.open[:1]]
    for finding in decision.findings:
        if finding.code in {"reading.open", "sender.unconfirmed"}:  # said above, in full
            continue
        if (
            finding.applicant is not None
            and for_a_person(finding.code)
            and decision.outcomes[finding.applicant] == "review"
        ):
            name = request.applicants[finding.applicant].one("name")
            out.append(f"{name or f'{finding.applicant + 1}. kérelmező'}: {CODES[finding.code]}")
    return " ".join(dict.fromkeys(out))[:1000]
