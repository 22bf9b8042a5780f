"""Hungarian working days and quiet hours. Pure: the time comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

Clock = Callable[[], dt.datetime]  # now, with its time zone
LOCAL = ZoneInfo("Europe/Budapest")


@cache
def _calendar(year: int) -> Any:
    # loaded by the commands that count working days, for the start-up time
    import holidays  # noqa: PLC0415

    return holidays.country_holidays("HU", years=[year - 1, year, year + 1])


def is_working_day(day: dt.date) -> bool:
    """Monday to Friday but public holidays and the days off exchanged for a Saturday, which is a working day then."""
    return bool(_calendar(day.year).is_working_day(day))


def working_days_between(start: dt.datetime, end: dt.datetime) -> int:
    """How many working days have begun since the local day of `start`, that of `end` among them."""
    day, last = start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date()
    count = 0
    while day < last:
        day += dt.timedelta(days=1)
        count += is_working_day(day)
    return count


def is_quiet(now: dt.datetime, from_hour: int, to_hour: int) -> bool:
    """Whether the local hour lies between `from_hour` and `to_hour` (20 and 6: over midnight). Equal hours: never."""
    hour = now.astimezone(LOCAL).hour
    if from_hour <= to_hour:
        return from_hour <= hour < to_hour
    return hour >= from_hour or hour < to_hour
