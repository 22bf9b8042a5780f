"""Numbers for the office: what came, what became of it, how long it took, what is missing most often. No person in
them."""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections import Counter
from collections.abc import Iterable
from typing import Any

from processor.store.repository import Session
from rules.hungarian.catalogue import programs as catalogue


def codes_of(steps: Iterable[tuple[str, str]]) -> Counter[str]:
    """The findings of cases as they were opened: ("opened", "ask (registration): pir.missing, county.missing")."""
    return Counter(
        code
        for _, detail in steps
        for code in detail.partition(": ")[2].split(", ")
        if re.fullmatch(r"[a-z]+\.[a-z_]+", code)
    )


def figures(session: Session, since: dt.datetime | None = None) -> dict[str, Any]:
    """Everything since then (all time when None). Times in hours, medians; shares from 0 to 1 or None when there is
    nothing to share."""
    start = (since or dt.datetime(2000, 1, 1, tzinfo=dt.UTC)).astimezone(dt.UTC)
    mails = session.count_mails(start)
    kinds: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    for kind, decision, count in mails:
        kinds[kind] += count
        decisions[decision] += count
    firsts = [detail for action, detail in session.first_steps(start) if action == "opened" and detail]
    registrations = [
        detail
        for detail in firsts
        if detail.startswith(("queue", "ask", "review", "answer")) and "registration" in detail
    ]
    straight = sum(1 for detail in registrations if detail.startswith("queue"))
    missing = codes_of(("opened", detail) for detail in registrations)
    programs: Counter[str] = Counter()
    counties: Counter[str] = Counter()
    to_queue: list[float] = []
    to_batch: list[float] = []
    for row in session.queued_since(start):
        programs.update(catalogue()[p].short for p in row["new_programs"] if p in catalogue())
        counties[row["row"].get("county") or "?"] += 1
        if row["queued_at"] is not None:
            to_queue.append((row["queued_at"] - row["case_created_at"]).total_seconds() / 3600)
        if row["batched_at"] is not None:
            to_batch.append((row["batched_at"] - row["case_created_at"]).total_seconds() / 3600)
    return {
        "since": since.date().isoformat() if since else None,
        "mails": sum(kinds.values()),
        "kinds": dict(kinds.most_common()),
        "decisions": dict(decisions.most_common()),
        "registrations": len(registrations),
        "straight_through": round(straight / len(registrations), 3) if registrations else None,
        "hours_to_queue": round(statistics.median(to_queue), 1) if to_queue else None,
        "hours_to_batch": round(statistics.median(to_batch), 1) if to_batch else None,
        "missing": dict(missing.most_common()),
        "counties": dict(counties.most_common()),
        "programs": dict(programs.most_common()),
        "cases": session.count_open(),
    }
