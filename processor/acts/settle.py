"""Facts, check, decide, write: how a case is judged and how what was judged is written down. One place for all acts.

Every function works in the transaction that it is given; nothing is committed here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from processor.cases.contract import applicant_rows
from processor.cases.decision import Decision, decide, review_reason
from processor.cases.states import STATUS_OF, Decided, Status
from processor.letters.compose import Letter, letter
from processor.letters.post import Office
from processor.store import Transaction, requests
from processor.store.rows import CaseRow
from rules import check
from rules.model import Facts, Kind, Request


@dataclass(frozen=True, slots=True)
class Judged:
    """A request as the rules and the facts of the day judge it. `reference`: of its case, once it has one."""

    kind: Kind
    request: Request
    facts: Facts
    decision: Decision

    @property
    def status(self) -> Status:
        return STATUS_OF.get(self.decision.decision, Status.REVIEW)

    @property
    def said(self) -> dict[str, object]:
        """What was decided, for the history."""
        return {"decision": self.decision.decision, "kind": self.kind, "codes": list(self.decision.all_codes())}

    def letter(self, office: Office, reference: str, *, thanks: bool = False, reminder: bool = False) -> Letter | None:
        """What is to be written about it; None when nothing is."""
        acknowledge = office.acknowledge
        return letter(
            self.kind,
            self.request,
            self.decision,
            reference,
            self.facts,
            thanks=thanks,
            acknowledge=acknowledge,
            reminder=reminder,
        )


def facts_about(session: Transaction, request: Request, case_id: int | None) -> Facts:
    """What the store knows of the request's addresses and numbers; a case's own queue is no news to it."""
    addresses = [v.text for a in request.applicants for v in a.email]
    pirs = [v.text for a in request.applicants for v in a.pir]
    people = [p.address for p in (*request.recipients, request.sender) if p is not None]
    return session.known.facts(addresses, pirs, people, except_case=case_id)


def judge(session: Transaction, kind: Kind, request: Request, case_id: int | None) -> Judged:
    facts = facts_about(session, request, case_id)
    return Judged(kind, request, facts, decide(kind, request, check(request, facts)))


def judge_case(session: Transaction, case: CaseRow) -> Judged:
    """The case as it now stands."""
    return judge(session, kind_of(case), requests.load(case["request"]), case["id"])


def kind_of(case: CaseRow) -> Kind:
    """How a case is judged: what asks for nothing that a letter answers is treated as a request."""
    kind = Kind(case["kind"])
    return Kind.REGISTRATION if kind in {Kind.COMPLETION, Kind.OTHER} else kind


def open_case(session: Transaction, judged: Judged, now: dt.datetime, reason: str) -> tuple[int, str]:
    """(id, reference) of a new case with its applicants. `reason`: why a person has to look, in Hungarian."""
    case_id, reference = session.cases.new(
        now,
        status=judged.status,
        kind=judged.kind,
        decision=judged.decision.decision,
        problems=list(judged.decision.problems),
        request=requests.dump(judged.request),
        note=reason or review_reason(judged.request, judged.decision),
    )
    rows = applicant_rows(judged.request, judged.decision, judged.facts, {}, now)
    session.cases.add_applicants(case_id, rows)
    session.cases.note(case_id, now, "opened", reason, data=judged.said)
    return case_id, reference


def keep(
    session: Transaction,
    case_id: int,
    judged: Judged,
    now: dt.datetime,
    *,
    decided: Decided | None = None,
    status: Status | None = None,
    note: str | None = None,
) -> None:
    """The case and its applicants as judged. `decided`, `status`, `note`: in the place of those that follow from it."""
    decision = judged.decision
    decided = decided or decision.decision
    session.cases.update(
        case_id,
        now,
        status=status or STATUS_OF.get(decided, Status.REVIEW),
        decision=decided,
        problems=list(decision.problems),
        request=requests.dump(judged.request),
        note=review_reason(judged.request, decision) if note is None else note,
        silent=False,
    )
    before = {row["position"]: row for row in session.cases.applicants(case_id)}
    rows = applicant_rows(judged.request, decision, judged.facts, before, now)
    session.cases.replace_applicants(case_id, rows)
