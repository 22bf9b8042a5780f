"""From the mailbox to letters, folders and the batch, on Dovecot and a real SMTP server."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from processor.acts.officer import Officer, Refused
from processor.mailbox.imap import MailboxError
from tests.letters import DESK, FIELDS, mail, reply, request


def test_a_complete_request_is_queued_acknowledged_and_exported(desk):
    """One mail, one letter, one row."""
    desk.round(request())
    case = desk.case()
    assert (case["status"], case["decision"], case["message_ids"]) == ("queued", "queue", ["<elso@mintafalu.hu>"])
    assert desk.folders() == {"Sorban": 1}
    (letter,) = desk.sink.letters
    assert letter["To"] == "minta.maria@mintafalu.hu"
    assert "rögzítettük" in letter["Subject"]
    made = desk.export()
    rows = list(csv.DictReader(io.StringIO((made.paths[1]).read_text(encoding="utf-8"))))
    assert rows == [
        {
            "username": "kovacs.anna@mintafalu.hu",
            "firstname": "Anna",
            "lastname": "Kovács",
            "email": "kovacs.anna@mintafalu.hu",
            "institution": "Mintafalu Község Önkormányzata",
            "city": "Mintafalu",
            "country": "HU",
            "lang": "hu",
            "course1": "ADÓ",
        }
    ]
    assert load_workbook(made.paths[0]).sheetnames == ["Feltöltés", "Kérelmek", "Összesítő"]
    desk.send()
    batch_letter = desk.sink.letters[-1]
    assert batch_letter["To"] == "admin@moodle.hu"
    assert [part.get_filename() for part in batch_letter.iter_attachments()] == [
        f"{made.name}.xlsx",
        f"{made.name}.csv",
    ]
    assert desk.export() is None, "nobody stands in two batches"


def test_what_is_missing_is_asked_for_and_the_answer_completes_the_case(desk):
    """The answer is two words from a telephone, above our quoted letter."""
    desk.round(request(without=("Vármegye",)))
    (asked,) = desk.sink.letters
    assert "vármegye" in desk.sink.text(0)
    assert asked["Subject"].startswith("[ASPO-2026-000001]")
    desk.round(reply(asked, "Pest megye"))
    case = desk.case()
    assert (case["status"], case["message_ids"]) == ("queued", ["<elso@mintafalu.hu>", "<valasz@mintafalu.hu>"])
    assert case["applicants"][0]["county"] == "Pest"
    assert desk.folders() == {"Hiánypótlás": 1, "Sorban": 1}


def test_the_letter_has_the_headers_that_keep_machines_quiet(desk):
    """RFC 3834, and Exchange's own word for it; the thread is kept."""
    desk.round(request())
    (letter,) = desk.sink.letters
    shown = {
        name: letter[name]
        for name in ("Auto-Submitted", "X-Auto-Response-Suppress", "In-Reply-To", "References", "X-Loop")
    }
    assert shown == {
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "In-Reply-To": "<elso@mintafalu.hu>",
        "References": "<elso@mintafalu.hu>",
        "X-Loop": DESK,
    }
    assert desk.sink.envelopes == [("", ["minta.maria@mintafalu.hu"])], (
        "an acknowledgement that bounces need not come back"
    )


def test_a_letter_that_awaits_an_answer_hears_of_its_bounce(desk):
    """Our address is its envelope sender; the bounce takes the case to a person, and is not answered."""
    desk.round(request(without=("PIR",)))
    assert desk.sink.envelopes == [(DESK, ["minta.maria@mintafalu.hu"])]
    asked = desk.sink.letters[0]
    bounce = mail(
        "This is the mail system. I'm sorry to have to inform you that your message could not be delivered.\n\n"
        f"<minta.maria@mintafalu.hu>: user unknown\n\nMessage-ID: {asked['Message-ID']}\n",
        sender="Mail Delivery System <MAILER-DAEMON@mintafalu.hu>",
        subject="Undelivered Mail Returned to Sender",
        cc="",
        message_id="<dsn@mintafalu.hu>",
        headers={"Auto-Submitted": "auto-replied", "Return-Path": "<>"},
    )
    desk.round(bounce)
    assert desk.case()["status"] == "review"
    assert len(desk.sink.letters) == 1
    assert desk.folders() == {"Hiánypótlás": 1, "Automatikus": 1}


def test_machines_and_thanks_are_never_answered(desk):
    """They go to their folder, and no case is made."""
    desk.round(
        mail(
            "Szabadságon vagyok.",
            subject="Automatikus válasz: ASP",
            headers={"Auto-Submitted": "auto-replied"},
            message_id="<a@b.hu>",
        ),
        mail("Köszönjük szépen!", subject="Re: regisztráció", message_id="<b@b.hu>"),
        mail(
            "Hírlevelünk",
            subject="Ajánlatok",
            headers={"List-Id": "<hirlevel.b.hu>", "Precedence": "bulk"},
            message_id="<c@b.hu>",
        ),
        mail("A saját levelünk", sender=f"ASP Oktatás <{DESK}>", message_id="<d@b.hu>"),
    )
    assert (desk.cases(), desk.sink.letters, desk.folders()) == ([], [], {"Automatikus": 4})


def test_the_same_mail_delivered_twice_is_dealt_with_once(desk):
    """A second delivery differs in its trace headers only; it goes to the same folder and is not answered again."""
    desk.round(request(), b"Received: from elsewhere\r\n" + request())
    assert (len(desk.cases()), len(desk.sink.letters), desk.folders()) == (1, 1, {"Sorban": 2})


def test_a_reused_message_id_does_not_hide_another_mail(desk):
    """Some programs write the same Message-ID, or none, into every mail."""
    desk.round(request(), request(values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}))
    desk.round(
        request(message_id="", values={"Név": "Kis Éva", "E-mail": "kis.eva@mintafalu.hu"}),
        request(message_id="", values={"Név": "Tóth Pál", "E-mail": "toth.pal@mintafalu.hu"}),
    )
    assert sorted(a["name"] for case in desk.cases() for a in case["applicants"]) == [
        "Kis Éva",
        "Kovács Anna",
        "Nagy Béla",
        "Tóth Pál",
    ]


def test_new_uidvalidity_answers_nothing_twice(desk):
    """The server renumbers the mailbox and mails reappear: the ledger knows them by Message-ID and content."""
    desk.round(request(without=("PIR",)))
    with desk.imap() as imap:
        imap.delete_folder("Hiánypótlás")
        imap.create_folder("Új")
    with desk.parts.store.begin() as session:  # what a rebuilt mailbox looks like: another UIDVALIDITY, UIDs from 1
        session.connection.exec_driver_sql("UPDATE mails SET uidvalidity = 1")
        session.connection.exec_driver_sql("DELETE FROM markers WHERE key LIKE 'uid-%'")
    desk.round(request(without=("PIR",)))
    assert (len(desk.cases()), len(desk.sink.letters), desk.folders()) == (1, 1, {"Hiánypótlás": 1})


def test_years_of_old_mail_are_left_alone(tmp_path, dovecot, user, sink):
    """mailbox.since: a first start deals with what arrived on that day or later, and with everything after."""
    import datetime as dt

    from tests.desk import open_desk

    with open_desk(tmp_path, dovecot, user, sink) as desk, desk.imap() as imap:
        imap.append("INBOX", request(), msg_time=dt.datetime(2019, 5, 5, 12, tzinfo=dt.UTC))
    config = (tmp_path / "config.toml").read_text(encoding="utf-8").replace("[smtp]", "since = 2026-01-01\n\n[smtp]")
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    from processor.commands.wiring import load, parts

    made = parts(load(tmp_path / "config.toml"))
    for _ in range(2):
        made.poll()
    with desk.imap() as imap:
        imap.append(
            "INBOX",
            request(values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}, message_id="<uj@b.hu>"),
            msg_time=dt.datetime(2018, 1, 1, tzinfo=dt.UTC),
        )
    made.poll()
    made.store.close()
    assert [case["applicants"][0]["name"] for case in desk.cases()] == ["Nagy Béla"]
    assert desk.folders() == {"INBOX": 1, "Sorban": 1}


class TestTrouble:
    """What goes wrong is kept, shown, and does not stop the rest."""

    def test_a_mail_that_raises_is_put_aside_and_the_next_goes_on(self, desk, monkeypatch):
        """Raw mail and traceback are kept; it can be tried again."""
        from processor.acts import intake

        real = intake.read

        def broken(raw, own):
            if b"bomba" in raw:
                raise RuntimeError("boom")
            return real(raw, own)

        monkeypatch.setattr(intake, "read", broken)
        desk.round(
            request(subject="bomba"),
            request(message_id="<ketto@b.hu>", values={"Név": "Nagy Béla", "E-mail": "nagy.bela@mintafalu.hu"}),
        )
        assert desk.folders() == {"Hibás": 1, "Sorban": 1}
        with desk.parts.store.begin() as session:
            (failed,) = session.mails.failed()
            assert "RuntimeError: boom" in failed["trouble"]
            assert b"bomba" in session.mails.raw(failed["id"])
            assert session.mails.retry(failed["id"])
        monkeypatch.undo()
        desk.poll()
        assert {case["applicants"][0]["name"] for case in desk.cases()} == {"Kovács Anna", "Nagy Béla"}

    def test_a_mail_that_is_too_large_is_a_persons(self, desk, monkeypatch):
        """Only its header was fetched: nothing is concluded from it, and the original lies where officers look."""
        monkeypatch.setattr("processor.mailbox.imap.LARGEST", 10_000)
        desk.round(request(files=(("kep.png", bytes(20_000)),)))
        assert (desk.case()["status"], desk.case()["kind"], desk.sink.letters) == ("review", "other", [])
        assert "túl nagy" in desk.case()["note"]
        assert desk.folders() == {"Ellenőrzendő": 1}

    def test_a_refused_letter_takes_the_case_to_a_person(self, desk):
        """5xx: nobody waits for an answer to a letter that never went."""
        desk.sink.script = ["550 5.1.1 no such user"]
        desk.round(request(without=("PIR",)))
        case = desk.case()
        assert case["status"] == "review"
        assert "550 5.1.1 no such user" in case["note"]

    def test_a_letter_put_off_is_sent_later_under_the_same_message_id(self, desk):
        """Growing delay after 4xx and lost connections; what the server has taken before is recognised by its
        Message-ID."""
        desk.sink.script = ["451 later", "taken, then drop"]
        desk.round(request())
        assert desk.sink.letters == []
        desk.clock.forward(seconds=61)
        desk.send()
        desk.clock.forward(seconds=61)
        assert not desk.send(), "the second delay is longer than the first"
        desk.clock.forward(seconds=60)
        assert desk.send() == {"sent": 1}
        assert len({letter["Message-ID"] for letter in desk.sink.letters}) == 1

    def test_too_many_tries_end_at_a_person(self, desk):
        """A server that says "later" for days."""
        desk.sink.script = ["451 later"] * 20
        desk.round(request(without=("PIR",)))
        for _ in range(12):
            desk.clock.forward(hours=7)
            desk.send()
        assert desk.case()["status"] == "review"
        assert len(desk.sink.script) == 8

    def test_the_mailbox_is_away(self, desk):
        """An error for the daemon to log; the next round finds everything."""
        desk.deliver(request())
        desk.server.restart()
        desk.poll()
        assert desk.folders() == {"Sorban": 1}

    def test_the_login_is_refused(self, desk):
        """Nothing is lost, nothing is marked as done."""
        from dataclasses import replace

        desk.deliver(request())
        mistyped = desk.settings.mailbox.model_copy(update={"password": "rossz"})
        desk.parts = replace(desk.parts, settings=desk.settings.model_copy(update={"mailbox": mistyped}))
        with pytest.raises(MailboxError):
            desk.poll()
        assert desk.folders() == {"INBOX": 1}


class TestLimits:
    """Nobody gets more than so many replies a day; the rest waits for a person."""

    def test_by_address(self, desk):
        """Five a day to one address; the sixth is held back and logged."""
        for number in range(6):
            values = {
                "Név": f"Kovács {['Anna', 'Edit', 'Éva', 'Judit', 'Nóra', 'Réka'][number]}",
                "E-mail": f"kov{number}@mintafalu.hu",
            }
            desk.round(
                request(
                    values=values, message_id=f"<k{number}@b.hu>", subject=f"Regisztráció {number}", without=("PIR",)
                )
            )
        assert len(desk.sink.letters) == 5
        held = desk.cases("review")
        assert len(held) == 1
        assert "napi válaszok felső határát" in held[0]["note"]
        assert desk.folders() == {"Hiánypótlás": 5, "Ellenőrzendő": 1}

    def test_by_case(self, desk):
        """Three a day in one case, whoever asks for more."""
        desk.round(request(without=("PIR",)))
        hands = Officer(desk.parts.store, desk.parts.intake.office, desk.clock, "ildiko")
        for _ in range(2):
            desk.clock.forward(minutes=5)
            hands.ask("ASPO-2026-000001")
        desk.clock.forward(minutes=5)
        with pytest.raises(Refused, match="napi felső határt"):
            hands.ask("ASPO-2026-000001")
        desk.send()
        assert len(desk.sink.letters) == 3
        desk.clock.forward(days=1)
        hands.ask("ASPO-2026-000001")

    def test_an_autoresponder_without_any_header_is_not_kept_awake(self, desk):
        """It answers each letter of ours at once with the same words; the exchange ends by itself."""
        desk.round(request(without=("PIR",)))
        answered = 0
        for turn in range(20):
            if len(desk.sink.letters) == answered:
                break
            answered = len(desk.sink.letters)
            text = "Megkaptuk levelét, hamarosan válaszolunk. Ez nem emberi válasz."
            desk.round(reply(desk.sink.letters[-1], text, message_id=f"<auto{turn}@mintafalu.hu>", quote=False))
        assert len(desk.sink.letters) <= 3


def test_two_requests_of_one_person_make_one_row(desk):
    """Both wishes stand in the person's only row."""
    desk.round(request(), request(message_id="<ketto@b.hu>", values={"Szakrendszer": "ELÜGY"}))
    made = desk.export()
    (row,) = csv.DictReader(io.StringIO(made.paths[1].read_text(encoding="utf-8")))
    assert (row["email"], row["course1"], row["course2"]) == (FIELDS["E-mail"], "ADÓ", "ELÜGY")


def test_a_later_request_for_a_further_program_is_a_new_row_with_that_course_alone(desk):
    """CONTRACT.md: a person stands in one batch once."""
    desk.round(request())
    desk.export()
    desk.round(request(message_id="<ketto@b.hu>", values={"Szakrendszer": "ADÓ, ELÜGY"}))
    made = desk.export()
    (row,) = csv.DictReader(io.StringIO(made.paths[1].read_text(encoding="utf-8")))
    assert (row["course1"], "course2" in row, made.name) == ("ELÜGY", False, "2026-W47-2")


def test_lost_files_of_a_batch_are_written_again_byte_for_byte(desk):
    """The store keeps them."""
    desk.round(request())
    made = desk.export()
    before = {path.name: path.read_bytes() for path in made.paths}
    for path in made.paths:
        path.unlink()
    made.paths[0].parent.rmdir()
    desk.parts.export.restore()
    assert {path.name: path.read_bytes() for path in made.paths} == before
