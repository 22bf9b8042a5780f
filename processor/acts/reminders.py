"""Cases that wait too long are reminded once, then closed with a letter. An answer that comes later opens them
again."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import structlog

from processor.acts.settle import judge
from processor.cases.states import Decided, Status
from processor.letters.compose import render
from processor.letters.post import Office, Posting, post
from processor.settings import Time
from processor.store import Store, Transaction, requests
from processor.store.rows import CaseRow
from processor.worktime import Clock, is_quiet, is_working_day, working_days_between
from rules.model import Kind

log = structlog.get_logger()


def remind(store: Store, office: Office, time: Time, clock: Clock) -> Counter[str]:
    """One round: what was reminded and closed. Each case is a transaction of its own."""
    now = clock()
    done: Counter[str] = Counter()
    waits = [days for days in (time.remind_after, time.close_after) if days]
    if not waits or is_quiet(now, time.quiet_from, time.quiet_to) or not is_working_day(now.date()):
        return done
    with store.read() as session:
        cases = [row["id"] for row in session.cases.asked_before(now - dt.timedelta(days=min(waits)))]
    for case_id in cases:
        with store.begin() as session:
            case = session.cases.get(case_id=case_id)
            if case is not None and _waits(case):
                done[_one(session, office, time, case, now)] += 1
    del done[""]
    return done


def _waits(case: CaseRow) -> bool:
    """Still so, now that the case is ours for a transaction."""
    return case["status"] == Status.WAITING and not case["held"]


def _one(session: Transaction, office: Office, time: Time, case: CaseRow, now: dt.datetime) -> str:
    if case["asked_at"] is None:
        return ""
    waited = working_days_between(case["asked_at"], now)
    if time.close_after and waited >= time.close_after:
        return _close(session, office, case, now)
    if time.remind_after and waited >= time.remind_after and case["reminded_at"] is None:
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
