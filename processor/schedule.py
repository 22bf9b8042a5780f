"""When the weekly export is due: a five-field cron expression as APScheduler's trigger, in Hungarian local time."""

from __future__ import annotations

import datetime as dt
from typing import Any

ZONE = "Europe/Budapest"
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def trigger(cron: str) -> Any:
    """The CronTrigger of `0 7 * * mon` or `0 7 * * 1`. ValueError when it is no cron expression.

    APScheduler counts days of the week from Monday = 0, cron from Sunday = 0 (and 7); numbers are turned into names
    first.
    """
    from apscheduler.triggers.cron import CronTrigger

    fields = cron.split()
    if len(fields) != 5:
        raise ValueError(f"öt mező kell, nem {len(fields)}")
    return CronTrigger(
        minute=fields[0],
        hour=fields[1],
        day=fields[2],
        month=fields[3],
        day_of_week=_weekdays(fields[4]),
        timezone=ZONE,
    )


def _weekdays(field: str) -> str:
    if field == "*":
        return field
    days: list[str] = []
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start = 0 if first == "*" else _day(first)
        end = 6 if first == "*" else _day(last) if last else start
        if end < start:
            end += 7
        days.extend(_DAYS[day % 7] for day in range(start, end + 1, int(step) if step else 1))
    return ",".join(dict.fromkeys(days))


def _day(word: str) -> int:
    if word.isdigit() and int(word) <= 7:
        return int(word)
    if word in _DAYS:
        return _DAYS.index(word)
    raise ValueError(f'nincs ilyen nap: "{word}"')


def missed(cron: str, last: dt.datetime, now: dt.datetime) -> bool:
    """Whether the expression was due between the last time and now."""
    due = trigger(cron).get_next_fire_time(last, last + dt.timedelta(seconds=1))
    return due is not None and due <= now
