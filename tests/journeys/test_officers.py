"""Held letters, and what an officer does to a case."""

from __future__ import annotations

import csv
import io

import pytest

from processor.acts.officer import Officer, Refused
from processor.letters.wire import text_of
from tests.desk import open_desk
from tests.letters import reply, request


@pytest.fixture
def hands(desk):
    return Officer(desk.parts.store, desk.parts.intake.office, desk.clock, "ildiko")


def history(desk):
    with desk.parts.store.begin() as session:
        return [(step["actor"], step["action"], step["detail"]) for step in session.cases.history(1)]


def in_batch(desk):
    made = desk.export()
    return (
        [row["email"] for row in csv.DictReader(io.StringIO(made.paths[1].read_text(encoding="utf-8")))] if made else []
    )


def test_hold_keeps_every_letter_until_a_person_approves(tmp_path, dovecot, user, sink):
    """replies.mode = "hold"."""
    with open_desk(tmp_path, dovecot, user, sink, more='\n[replies]\nmode = "hold"\n') as desk:
        desk.round(
            request(without=("PIR",)),
            request(message_id="<b@b.hu>", values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}),
        )
        assert sink.letters == []
        hands = Officer(desk.parts.store, desk.parts.intake.office, desk.clock, "ildiko")
        with desk.parts.store.begin() as session:
            first, second = session.outbox.letters(state="held")
        hands.release(first["id"])
        hands.reject(second["id"], "inkább telefonálok")
        desk.send()
        assert [letter["Message-ID"] for letter in sink.letters] == [first["message_id"]]
        assert [case["status"] for case in desk.cases()] == ["waiting", "review"]
        with pytest.raises(Refused):
            hands.release(second["id"])


def test_held_letters_lie_in_the_drafts_folder_when_configured(tmp_path, dovecot, user, sink):
    """Once each, for officers who live in Outlook."""
    with open_desk(
        tmp_path, dovecot, user, sink, more='\n[replies]\nmode = "hold"\ndrafts_folder = "Piszkozatok"\n'
    ) as desk:
        desk.round(request(without=("PIR",)))
        desk.poll()
        assert desk.folders() == {"Hiánypótlás": 1, "Piszkozatok": 1}
        with desk.parts.store.begin() as session:
            (letter,) = session.outbox.letters()
        mine = Officer(desk.parts.store, desk.parts.intake.office, desk.clock, "ildiko")
        mine.edit(letter["id"], "Kérjük a PIR számot.", text_of(letter["raw"]))
        desk.poll()
        assert desk.folders() == {"Hiánypótlás": 1, "Piszkozatok": 1}, "the new text in the place of the old"
        mine.release(letter["id"])
        desk.poll()
        assert desk.folders() == {"Hiánypótlás": 1}, "a letter that is settled is no draft any more"


def test_a_single_case_can_be_held(desk, hands):
    """Its next letters wait; others go."""
    desk.round(request(without=("PIR",)))
    hands.hold("ASPO-2026-000001", True)
    hands.ask("ASPO-2026-000001")
    desk.send()
    assert len(desk.sink.letters) == 1


def test_a_wrong_address_is_approved_with_a_reason(desk, hands):
    """email.other_person: only a person can say that it is a maiden name."""
    desk.round(request(values={"E-mail": "nagy.edit@mintafalu.hu"}))
    assert desk.case()["status"] == "review"
    hands.approve("ASPO-2026-000001", 1, "leánykori név, telefonon egyeztetve")
    assert desk.case()["status"] == "queued"
    assert in_batch(desk) == ["nagy.edit@mintafalu.hu"]
    assert ("ildiko", "approved", "1. kérelmező: leánykori név, telefonon egyeztetve") in history(desk)


def test_nobody_is_approved_without_a_reason_or_without_all_data(desk, hands):
    """What Moodle needs must be there."""
    desk.round(request(without=("PIR", "Szakrendszer")))
    with pytest.raises(Refused, match="indokolja"):
        hands.approve("ASPO-2026-000001", 1, " ")
    with pytest.raises(Refused, match="PIR szám, tananyag"):
        hands.approve("ASPO-2026-000001", 1, "sürgős")


def test_a_field_is_set_and_the_case_decided_anew(desk, hands):
    """The PIR by telephone."""
    desk.round(request(without=("PIR", "Szakrendszer")))
    hands.set("aspo-2026-000001", 1, {"pir": "731 234"})
    assert desk.case()["applicants"][0]["problems"] == ["programs.missing"]
    hands.set("ASPO-2026-000001", 1, {"programs": "ADÓ; pm-2871-2204-bs"})
    assert (desk.case()["status"], desk.case()["applicants"][0]["pir"]) == ("queued", "731234")
    with pytest.raises(Refused, match="Nincs ilyen tananyag"):
        hands.set("ASPO-2026-000001", 1, {"programs": "Nincs ilyen"})


def test_an_applicant_is_dropped(desk, hands):
    """He left the office: the case has nobody else and is closed."""
    desk.round(request(without=("PIR",)))
    hands.drop("ASPO-2026-000001", 1, "kilépett")
    assert desk.case()["status"] == "closed"
    assert in_batch(desk) == []


def test_closing_a_case_takes_its_people_from_the_queue(desk, hands):
    """And withdraws what has not gone out."""
    desk.deliver(request())
    desk.poll()
    hands.close("ASPO-2026-000001", "téves kérelem")
    desk.send()
    assert (desk.sink.letters, in_batch(desk), desk.case()["status"]) == ([], [], "closed")
    hands.reopen("ASPO-2026-000001", "mégis kell")
    assert desk.case()["status"] == "review"


def test_asking_again(desk, hands):
    """The letter says what is missing now."""
    desk.round(request(without=("PIR", "Vármegye")))
    hands.set("ASPO-2026-000001", 1, {"county": "Pest"})
    desk.clock.forward(minutes=5)
    hands.ask("ASPO-2026-000001")
    desk.send()
    assert len(desk.sink.letters) == 2
    assert "vármegye nevét" not in desk.sink.text()
    assert "PIR" in desk.sink.text()


def test_whoever_is_in_a_batch_is_not_changed(desk, hands):
    """The batch is immutable; a correction is for the next one."""
    desk.round(request())
    desk.export()
    with pytest.raises(Refused, match="kötegben"):
        hands.set("ASPO-2026-000001", 1, {"pir": "731234"})


def test_two_cases_of_one_matter_are_merged(desk, hands):
    """A second mail that found no case: its people and mails go over, an answer to either thread arrives in the one
    that stays."""
    desk.round(
        request(without=("PIR",)),
        request(
            message_id="<m@mintafalu.hu>",
            without=("PIR",),
            values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"},
        ),
    )
    second = desk.sink.letters[1]
    hands.merge("ASPO-2026-000002", "ASPO-2026-000001")
    first, closed = desk.cases()
    assert ([a["name"] for a in first["applicants"]], closed["status"], first["message_ids"]) == (
        ["Kovács Anna", "Nagy Béla"],
        "closed",
        ["<elso@mintafalu.hu>", "<m@mintafalu.hu>"],
    )
    desk.round(reply(second, "Mindkettőjüké: PIR 731234"))
    assert desk.cases()[0]["status"] == "queued"
    assert sorted(in_batch(desk)) == ["kovacs.anna@mintafalu.hu", "nagy.bela@mintafalu.hu"]


def test_whoever_goes_over_to_another_case_is_queued_there_alone(desk, hands):
    """The case that was merged holds nobody for the batch any more, and its letter that has not gone out never does."""
    desk.deliver(
        request(without=("PIR",)),
        request(message_id="<m@mintafalu.hu>", values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}),
    )
    desk.poll()
    assert [case["status"] for case in desk.cases()] == ["waiting", "queued"]
    hands.merge("ASPO-2026-000002", "ASPO-2026-000001")
    desk.send()
    assert [letter["Subject"].partition(" ")[0] for letter in desk.sink.letters] == ["[ASPO-2026-000001]"]
    hands.set("ASPO-2026-000001", 1, {"pir": "731234"})
    content, left_out = desk.parts.export.preview()
    assert [(row.name, row.references) for row in content.enrolments] == [
        ("Kovács Anna", ("ASPO-2026-000001",)),
        ("Nagy Béla", ("ASPO-2026-000001",)),
    ]
    assert left_out == []


def test_a_case_that_is_held_is_not_reminded(desk, hands):
    """Its letters wait for a person; when it is let go, its time has come."""
    desk.round(request(without=("PIR",)))
    hands.hold("ASPO-2026-000001", True)
    desk.clock.forward(days=28)
    assert not desk.remind()
    assert desk.case()["status"] == "waiting"
    hands.hold("ASPO-2026-000001", False)
    assert desk.remind() == {"closed": 1}


def test_an_approval_settles_the_clerk_too(desk, hands):
    """The jegyző is missing, and an officer knows better: with a reason the applicant goes into the batch."""
    desk.round(request(cc=""))
    assert (desk.case()["status"], desk.case()["problems"]) == ("waiting", ["clerk.missing"])
    hands.approve("ASPO-2026-000001", 1, "a jegyző telefonon jóváhagyta")
    assert desk.case()["status"] == "queued"
    assert in_batch(desk) == ["kovacs.anna@mintafalu.hu"]
