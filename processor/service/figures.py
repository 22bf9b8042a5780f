"""Numbers for the office: what came, what became of it, how long it took, what is missing most often. No person in
them."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from processor.cases.states import Decided
from processor.store import Transaction
from rules.hungarian.catalogue import programs as catalogue
from rules.model import Kind


def codes_of(opened: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """What was wrong with cases as they were opened: {"decision", "kind", "codes"} of each."""
    return Counter(code for one in opened for code in one["codes"])


def figures(session: Transaction, since: dt.datetime | None = None) -> dict[str, Any]:
    """Everything since then (all time when None). Times in hours, medians; shares from 0 to 1 or None when there is
    nothing to share."""
    start = (since or dt.datetime(2000, 1, 1, tzinfo=dt.UTC)).astimezone(dt.UTC)
    mails = session.mails.count_since(start)
    kinds: Counter[str] = Counter()
    decisions: Counter[str] = Counter()
    for kind, decision, count in mails:
        kinds[kind] += count
        decisions[decision] += count
    registrations = [one for one in session.cases.opened_since(start) if one["kind"] == Kind.REGISTRATION]
    straight = sum(1 for one in registrations if one["decision"] == Decided.QUEUE)
    missing = codes_of(registrations)
    programs: Counter[str] = Counter()
    counties: Counter[str] = Counter()
    to_queue: list[float] = []
    to_batch: list[float] = []
    for row in session.batches.queued_since(start):
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
        "cases": session.cases.count_by_status(),
    }
