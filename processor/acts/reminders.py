"""Cases that wait too long are reminded once, then closed with a letter. An answer that comes later opens them
again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import structlog

from processor.cases.decision import decide
from processor.letters.compose import letter, render
from processor.letters.post import Office, post, to_answer
from processor.store.repository import Row, Session, Store, load_request
from processor.worktime import Clock, is_quiet, is_working_day, working_days_between
from rules import check

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """Working days until the reminder and until the case is closed (0: never), and the hours in which nothing of the
    kind is sent."""

    remind_after: int = 5
    close_after: int = 15
    quiet_from: int = 20
    quiet_to: int = 6


def remind(store: Store, office: Office, patience: Patience, clock: Clock) -> Counter[str]:
    """One round: what was reminded and closed. Each case is a transaction of its own."""
    now = clock()
    done: Counter[str] = Counter()
    if is_quiet(now, patience.quiet_from, patience.quiet_to) or not is_working_day(now.date()):
        return done
    first = min(d for d in (patience.remind_after or 10**6, patience.close_after or 10**6))
    if first >= 10**6:
        return done
    with store.begin() as session:
        cases = [row["id"] for row in session.asked_before(now - dt.timedelta(days=first))]
    for case_id in cases:
        with store.begin() as session:
            case = session.case(case_id=case_id)
            if case is not None and case["status"] == "waiting" and case["asked_at"] is not None and not case["held"]:
                done[_one(session, office, patience, case, now)] += 1
    del done[""]
    return done


def _one(session: Session, office: Office, patience: Patience, case: Row, now: dt.datetime) -> str:
    waited = working_days_between(case["asked_at"], now)
    if patience.close_after and waited >= patience.close_after:
        return _close(session, office, case, now)
    if patience.remind_after and waited >= patience.remind_after and case["reminded_at"] is None:
        return _remind(session, office, case, now)
    return ""


def _remind(session: Session, office: Office, case: Row, now: dt.datetime) -> str:
    request = load_request(case["request"])
    addresses = [v.text for a in request.applicants for v in a.email]
    people = [p.address for p in (*request.recipients, request.sender) if p is not None]
    facts = session.facts(
        addresses, [v.text for a in request.applicants for v in a.pir], people, except_case=case["id"]
    )
    decision = decide("completion", request, check(request, facts))
    made = letter("completion", request, decision, case["reference"], facts, reminder=True)
    if decision.decision != "ask" or made is None:
        return ""
    mail = to_answer(session, office, case["id"])
    key = f"emlekezteto.{case['asked_at']:%Y%m%d%H%M%S}"
    if not post(
        session,
        office,
        made,
        now,
        case_id=case["id"],
        reference=case["reference"],
        mail=mail,
        purpose="reminder",
        key=key,
    ):
        return ""
    session.update_case(case["id"], now, reminded_at=now)
    session.note(case["id"], now, "reminded")
    log.info("case_reminded", case=case["reference"])
    return "reminded"


def _close(session: Session, office: Office, case: Row, now: dt.datetime) -> str:
    mail = to_answer(session, office, case["id"])
    key = f"lezaras.{case['asked_at']:%Y%m%d%H%M%S}"
    if not post(
        session,
        office,
        render("closed", reference=case["reference"]),
        now,
        case_id=case["id"],
        reference=case["reference"],
        mail=mail,
        purpose="closed",
        key=key,
    ):
        return ""
    session.update_case(case["id"], now, status="closed", silent=True)
    session.note(case["id"], now, "closed", "nem érkezett válasz")
    log.info("case_closed", case=case["reference"])
    return "closed"
