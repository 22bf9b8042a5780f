"""Numbers for the office: what came, what became of it, how long it took, what is missing most often. No person in
them."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from processor.cases.states import Decided
from processor.store import Transaction
from processor.store.rows import QueuedSince
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
    registrations = [one for one in session.cases.opened_since(start) if one["kind"] == Kind.REGISTRATION]
    straight = sum(1 for one in registrations if one["decision"] == Decided.QUEUE)
    queued = session.batches.queued_since(start)
    kinds = _sums((kind, count) for kind, _, count in mails)
    return {
        "since": since.date().isoformat() if since else None,
        "mails": sum(kinds.values()),
        "kinds": kinds,
        "decisions": _sums((decision, count) for _, decision, count in mails),
        "registrations": len(registrations),
        "straight_through": round(straight / len(registrations), 3) if registrations else None,
        "hours_to_queue": _median_hours(queued, "queued_at"),
        "hours_to_batch": _median_hours(queued, "batched_at"),
        "missing": dict(codes_of(registrations).most_common()),
        "counties": dict(Counter(row["row"].get("county") or "?" for row in queued).most_common()),
        "programs": _programs(queued),
        "cases": session.cases.count_by_status(),
    }


def _sums(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sum of each word's counts, the largest first."""
    sums: Counter[str] = Counter()
    for word, count in counts:
        sums[word] += count
    return dict(sums.most_common())


def _median_hours(queued: Sequence[QueuedSince], when: Literal["queued_at", "batched_at"]) -> float | None:
    """From the first mail of an applicant's case until `when`, of those who have come so far."""
    hours = [(at - row["case_created_at"]).total_seconds() / 3600 for row in queued if (at := row[when]) is not None]
    return round(statistics.median(hours), 1) if hours else None


def _programs(queued: Sequence[QueuedSince]) -> dict[str, int]:
    """Enrolments by a program's short name."""
    known = catalogue()
    wishes = Counter(known[program].short for row in queued for program in row["new_programs"] if program in known)
    return dict(wishes.most_common())
