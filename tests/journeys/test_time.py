"""Reminders, closing for silence, and what comes after."""

from __future__ import annotations

from datetime import UTC, datetime

from processor.worktime import working_days_between
from tests.letters import reply, request


def test_a_reminder_after_five_working_days_once(desk):
    """Asked on Monday 16 November; Monday the 23rd is the fifth working day."""
    desk.round(request(without=("PIR",)))
    for _ in range(4):
        desk.clock.forward(days=1)
        assert not desk.remind()
    desk.clock.forward(days=1)  # Saturday
    assert not desk.remind()
    desk.clock.forward(days=2)
    assert desk.remind() == {"reminded": 1}
    assert not desk.remind()
    reminder = desk.sink.letters[-1]
    assert "(emlékeztető)" in reminder["Subject"]
    assert reminder["In-Reply-To"] == "<elso@mintafalu.hu>"
    assert "PIR" in desk.sink.text()


def test_nothing_of_the_kind_goes_out_at_night(desk):
    """Between 20:00 and 6:00 local time."""
    desk.round(request(without=("PIR",)))
    desk.clock.forward(days=7, hours=11)  # Monday, 20:00 in Budapest
    assert not desk.remind()
    desk.clock.forward(hours=10)
    assert desk.remind() == {"reminded": 1}


def test_closed_after_fifteen_working_days_and_opened_again_by_the_answer(desk):
    """The letter says so; what was sent before need not be repeated."""
    desk.round(request(without=("PIR",)))
    desk.clock.forward(days=7)
    desk.remind()
    desk.clock.forward(days=14)
    assert desk.remind() == {"closed": 1}
    assert "lezártuk" in desk.sink.letters[-1]["Subject"]
    assert desk.case()["status"] == "closed"
    desk.round(reply(desk.sink.letters[-1], "Elnézést, 731234"))
    assert (desk.case()["status"], desk.case()["applicants"][0]["pir"]) == ("queued", "731234")


def test_a_thank_you_does_not_open_a_closed_case(desk):
    """It is noted, no more."""
    desk.round(request(without=("PIR",)))
    desk.clock.forward(days=21)
    desk.remind()
    desk.round(reply(desk.sink.letters[-1], "Köszönjük a tájékoztatást!"))
    assert desk.case()["status"] == "closed"


def test_an_answer_that_crosses_our_reminder(desk):
    """It answers the first letter while the reminder is on its way: the case is complete, and nothing more is sent
    than the acknowledgement."""
    desk.round(request(without=("PIR",)))
    first = desk.sink.letters[0]
    desk.clock.forward(days=7)
    desk.remind()
    desk.round(reply(first, "731234"))
    assert desk.case()["status"] == "queued"
    desk.clock.forward(days=30)
    assert not desk.remind()


def test_christmas_is_no_working_time():
    """Hungarian holidays and the days off exchanged for Saturdays count as what they are."""
    assert working_days_between(datetime(2026, 12, 23, 9, tzinfo=UTC), datetime(2026, 12, 29, 9, tzinfo=UTC)) == 2
    assert working_days_between(datetime(2026, 12, 11, 9, tzinfo=UTC), datetime(2026, 12, 12, 9, tzinfo=UTC)) == 1, (
        "a Saturday worked in exchange"
    )


def test_nothing_of_the_kind_goes_out_on_a_day_off(desk):
    """A reminder that is due waits over the weekend."""
    desk.round(request(without=("PIR",)))
    desk.clock.forward(days=12)
    for _ in range(2):  # Saturday, Sunday
        assert not desk.remind()
        desk.clock.forward(days=1)
    assert desk.remind() == {"reminded": 1}


def test_a_second_question_has_a_reminder_of_its_own(desk):
    """Reminded, answered by half, asked again: the patience begins anew."""
    desk.round(request(without=("Szakrendszer", "Vármegye")))
    desk.clock.forward(days=7)
    assert desk.remind() == {"reminded": 1}
    desk.round(reply(desk.sink.letters[0], "Pest megye"))
    assert desk.case()["status"] == "waiting"
    desk.clock.forward(days=1)
    assert not desk.remind()
    desk.clock.forward(days=7)
    assert desk.remind() == {"reminded": 1}
    assert "vármegye nevét" not in desk.sink.text()
