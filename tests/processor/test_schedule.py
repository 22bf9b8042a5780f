"""When the weekly batch is due."""

from __future__ import annotations

import datetime as dt

import pytest

from processor.schedule import missed, next_due

SUNDAY = dt.datetime(2026, 11, 15, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("days", ["8", "nincs", "fri-mon-tue", "0-9", ""])
def test_what_is_no_cron_expression_is_refused(days):
    """A mistyped day, or a field too few."""
    with pytest.raises(ValueError):
        next_due(f"0 7 * * {days}", SUNDAY)


def test_a_sixth_field_is_refused():
    """Seconds are no part of cron."""
    with pytest.raises(ValueError, match="öt mező kell, nem 6"):
        next_due("0 0 7 * * mon", SUNDAY)


@pytest.mark.parametrize(
    ("cron", "due"),
    [
        ("0 7 * * mon", "2026-11-16T07:00:00+01:00"),
        ("0 7 * * 1", "2026-11-16T07:00:00+01:00"),  # cron counts from Sunday
        ("0 7 * * MON-FRI", "2026-11-16T07:00:00+01:00"),
        ("0 7 * * 0", "2026-11-22T07:00:00+01:00"),
        ("0 7 * * 7", "2026-11-22T07:00:00+01:00"),
        ("0 14 * * */2", "2026-11-15T14:00:00+01:00"),
        ("0 14 * * 2,4", "2026-11-17T14:00:00+01:00"),
        ("30 6 1 * *", "2026-12-01T06:30:00+01:00"),
        ("0 7 1 jul *", "2027-07-01T07:00:00+02:00"),  # local time, in summer too
        ("*/15 * * * *", "2026-11-15T13:15:00+01:00"),
    ],
)
def test_the_next_time(cron, due):
    """As cron has it, in Hungarian time, after Sunday 15 November 2026, 13:00."""
    found = next_due(cron, SUNDAY)
    assert found is not None
    assert found.isoformat() == due


def test_missed_while_the_machine_was_off():
    """Due between the last time and now, the very second included."""
    monday = dt.datetime(2026, 11, 16, 6, 0, tzinfo=dt.UTC)
    assert [
        missed("0 7 * * mon", SUNDAY, monday),
        missed("0 7 * * mon", SUNDAY, monday - dt.timedelta(seconds=1)),
        missed("0 7 * * mon", monday, monday + dt.timedelta(days=6)),
    ] == [True, False, False]
