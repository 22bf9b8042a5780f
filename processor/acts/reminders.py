"""Cases that wait too long are reminded once, then closed with a letter. An answer that comes later opens them
again."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import structlog

from processor.acts.settle import judge
from processor.cases.states import Decided, Status
from processor.letters.compose import render
from processor.letters.post import Office, Posting, post
from processor.store import Store, Transaction, requests
from processor.store.rows import CaseRow
from processor.worktime import Clock, is_quiet, is_working_day, working_days_between
from rules.model import Kind

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
    due = [days for days in (patience.remind_after, patience.close_after) if days]
    if not due or is_quiet(now, patience.quiet_from, patience.quiet_to) or not is_working_day(now.date()):
        return done
    with store.read() as session:
        waiting = [row["id"] for row in session.cases.asked_before(now - dt.timedelta(days=min(due)))]
    for case_id in waiting:
        with store.begin() as session:
            case = session.cases.get(case_id=case_id)
            if case is not None and case["status"] == Status.WAITING and not case["held"]:
                done[_one(session, office, patience, case, now)] += 1
    del done[""]
    return done


def _one(session: Transaction, office: Office, patience: Patience, case: CaseRow, now: dt.datetime) -> str:
    if case["asked_at"] is None:
        return ""
    waited = working_days_between(case["asked_at"], now)
    if patience.close_after and waited >= patience.close_after:
        return _close(session, office, case, now)
    if patience.remind_after and waited >= patience.remind_after and case["reminded_at"] is None:
        return _remind(session, office, case, now)
    return ""


def _remind(session: Transaction, office: Office, case: CaseRow, now: dt.datetime) -> str:
    judged = judge(session, Kind.COMPLETION, requests.load(case["request"]), case["id"])
    made = judged.letter(office, case["reference"], reminder=True)
    if judged.decision.decision != Decided.ASK or made is None:
        return ""
    about = Posting(case["id"], case["reference"], "reminder", f"emlekezteto.{case['asked_at']:%Y%m%d%H%M%S}")
    if not post(session, office, made, now, about):
        return ""
    session.cases.update(case["id"], now, reminded_at=now)
    session.cases.note(case["id"], now, "reminded")
    log.info("case_reminded", case=case["reference"])
    return "reminded"


def _close(session: Transaction, office: Office, case: CaseRow, now: dt.datetime) -> str:
    about = Posting(case["id"], case["reference"], "closed", f"lezaras.{case['asked_at']:%Y%m%d%H%M%S}")
    if not post(session, office, render("closed", reference=case["reference"]), now, about):
        return ""
    session.cases.update(case["id"], now, status=Status.CLOSED, silent=True)
    session.cases.note(case["id"], now, "closed", "nem érkezett válasz")
    log.info("case_closed", case=case["reference"])
    return "closed"
