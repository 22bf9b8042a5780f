"""Where an officer begins: the overview, and the list of cases with its search."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from processor.cases.states import Status
from processor.cases.vocabulary import DECISION_WORDS
from processor.desk.forms import before_row
from processor.desk.surroundings import about
from processor.schedule import next_due
from processor.service.figures import codes_of
from processor.service.watch import troubles
from processor.worktime import LOCAL

PAGE = 50  # cases on a page
_LONGEST_SEARCH = 200  # characters
_WEEKS = 8
_MOST_WAITING = 12  # cases on the overview
_MOST_MISSING = 6  # lines of the chart
_LISTED = (Status.REVIEW, Status.WAITING, Status.QUEUED, Status.ANSWERED, Status.CLOSED)

Dated = list[tuple[dt.datetime, str]]  # mails: when each came, what was decided

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def overview() -> str:
    now = about().clock()
    since = now - dt.timedelta(weeks=_WEEKS)
    with about().store.read() as records:
        waiting = records.cases.find(status=Status.REVIEW, oldest=True, limit=_MOST_WAITING)
        people = records.cases.people_of([row["id"] for row in waiting])
        counts = records.cases.count_by_status()
        mails = records.mails.by_week(since)
        extra = {"held": records.outbox.count_held(), "queued": records.cases.count_queued_people()}
        marks = records.marks.like("ok:")
        missing = codes_of(records.cases.opened_since(since))
        wrong = troubles(records, now, about().poll_seconds, about().cron)
    return render_template(
        "overview.html",
        waiting=waiting,
        people=people,
        counts=counts,
        weeks=_weeks(mails, now),
        lately=_lately(mails, now),
        extra=extra,
        poll=marks.get("ok:poll"),
        send=marks.get("ok:send"),
        due=next_due(about().cron, now),
        missing=missing.most_common(_MOST_MISSING),
        wrong=wrong,
    )


@blueprint.get("/ugyek")
def search() -> str:
    text = request.args.get("q", "")[:_LONGEST_SEARCH]
    status, kind = request.args.get("allapot", ""), request.args.get("fajta", "")
    before = before_row()
    with about().store.read() as records:
        rows = records.cases.find(text, status, before, PAGE + 1, kind=kind)
        people = records.cases.people_of([row["id"] for row in rows])
    return render_template(
        "cases.html",
        rows=rows[:PAGE],
        more=rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        later=before is not None,
        people=people,
        q=text,
        status=status,
        kind=kind,
        statuses=_LISTED,
    )


@dataclass(frozen=True, slots=True)
class Week:
    """`week`: its Monday; `bars`: (decision, count, per cent of the highest week)."""

    week: dt.date
    total: int
    bars: list[tuple[str, int, int]]


def _weeks(mails: Dated, now: dt.datetime) -> list[Week]:
    """Mails by week and decision, oldest week first."""
    this = _monday(_day(now))
    counts = {this - dt.timedelta(weeks=back): Counter[str]() for back in reversed(range(_WEEKS))}
    for at, decision in mails:
        if (week := _monday(_day(at))) in counts:
            counts[week][decision] += 1
    most = max(counted.total() for counted in counts.values()) or 1
    return [Week(week, counted.total(), _bars(counted, most)) for week, counted in counts.items()]


def _bars(counted: Counter[str], most: int) -> list[tuple[str, int, int]]:
    return [(d, counted[d], round(100 * counted[d] / most)) for d in DECISION_WORDS if counted[d]]


def _lately(mails: Dated, now: dt.datetime) -> list[tuple[str, Counter[str]]]:
    """Today's and this week's mails by decision."""
    today = _day(now)
    days = [(_day(at), decision) for at, decision in mails]
    return [
        ("Ma", Counter(d for day, d in days if day == today)),
        ("Ezen a héten", Counter(d for day, d in days if _monday(day) == _monday(today))),
    ]


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(LOCAL).date()


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
