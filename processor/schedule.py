"""When the weekly export is due: a five-field cron expression in Hungarian local time. Pure: the time comes in."""

from __future__ import annotations

import datetime as dt

from cronsim import CronSim, CronSimError

from processor.worktime import LOCAL

_FIELDS = 5  # the library would take a sixth one, for seconds


def next_due(cron: str, after: dt.datetime) -> dt.datetime | None:
    """The first time after `after`, or None when there is none in fifty years. ValueError when `cron` is no cron
    expression."""
    if (count := len(cron.split())) != _FIELDS:
        raise ValueError(f"öt mező kell, nem {count}")
    try:
        return next(CronSim(cron, after.astimezone(LOCAL)), None)
    except CronSimError as error:
        raise ValueError(str(error)) from error


def missed(cron: str, last: dt.datetime, now: dt.datetime) -> bool:
    """Whether the expression was due between the last time and now."""
    due = next_due(cron, last)
    return due is not None and due <= now
