"""Requests and cases in the words of CONTRACT.md (`explain --json`, `cases --json`). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from processor.cases.decision import Decision
from rules.account import fresh
from rules.hungarian.counties import recognise
from rules.model import Applicant, Facts, Request
from rules.pir import digits, is_valid
from rules.programs import wanted


def applicant_json(applicant: Applicant, decision: Decision, index: int, facts: Facts) -> dict[str, Any]:
    """One applicant in the words of CONTRACT.md: null where missing, invalid or in conflict."""
    pir, county = applicant.one("pir"), applicant.one("county")
    email = applicant.one("email")
    evidence = {
        name: [
            {"value": v.text, "place": v.evidence.place, "line": v.evidence.line, "text": v.evidence.text}
            for v in getattr(applicant, name)
        ]
        for name in ("name", "municipality", "pir", "county", "email")
    }
    evidence["programs"] = [
        {
            "value": m.value.text,
            "place": m.value.evidence.place,
            "line": m.value.evidence.line,
            "text": m.value.evidence.text,
        }
        for m in applicant.programs
    ]
    return {
        "name": applicant.one("name"),
        "municipality": applicant.one("municipality"),
        "pir": digits(pir) if pir and (is_valid(pir, facts) or "pir.invalid" in applicant.lifted) else None,
        "county": recognise(county) if county else None,
        "email": email if email and "@" in email else None,
        "programs": list(wanted(applicant)),
        "problems": list(decision.codes(index)),
        "outcome": decision.outcomes[index],
        "evidence": evidence,
    }


def reading_json(request: Request) -> dict[str, Any]:
    """What the reader could not account for (READER.md)."""
    entries = [{"text": o.text, "where": o.where, "why": o.why, "applicant": o.applicant} for o in request.open]
    return {"state": "open" if entries else "closed", "open": entries}


def request_json(kind: str, request: Request, decision: Decision, facts: Facts) -> dict[str, Any]:
    """Kind, decision, problems and applicants as one object."""
    listed = kind in {"registration", "completion"}
    return {
        "kind": kind,
        "decision": decision.decision,
        "problems": list(decision.problems),
        "applicants": [applicant_json(a, decision, i, facts) for i, a in enumerate(request.applicants)]
        if listed
        else [],
        "reading": reading_json(request),
    }


def applicant_rows(
    request: Request, decision: Decision, facts: Facts, before: Mapping[int, Mapping[Any, Any]], now: dt.datetime
) -> list[dict[str, Any]]:
    """The store's rows of a case's applicants, by position; those in a batch already (`before`) are left out, they
    stay as they are."""
    rows = []
    for i, applicant in enumerate(request.applicants):
        old = before.get(i)
        if old is not None and old["batch_id"] is not None:
            continue
        shown = applicant_json(applicant, decision, i, facts)
        account = facts.accounts.get(shown["email"] or "")
        rows.append(
            {
                "position": i,
                "name": shown["name"],
                "email": shown["email"],
                "outcome": decision.outcomes[i],
                "row": shown,
                "new_programs": list(fresh(wanted(applicant), account.programs if account else frozenset())),
                "queued_at": ((old["queued_at"] if old is not None else None) or now)
                if decision.outcomes[i] == "queue"
                else None,
            }
        )
    return rows


def case_json(
    case: Mapping[Any, Any], applicants: Sequence[Mapping[Any, Any]], message_ids: Sequence[str]
) -> dict[str, Any]:
    """A stored case as it now stands. `applicants`: rows as `applicant_json` made them; `message_ids`: oldest first."""
    return {
        "reference": case["reference"],
        "status": case["status"],
        "kind": case["kind"],
        "decision": case["decision"],
        "problems": list(case["problems"]),
        "applicants": list(applicants),
        "message_ids": list(message_ids),
        "note": case["note"],
    }
