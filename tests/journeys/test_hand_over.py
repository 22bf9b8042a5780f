"""The batch, its way to Moodle and back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from processor.acts.officer import Officer
from processor.batches import moodlecsv
from processor.batches.confirm import Confirm
from processor.batches.content import Content
from processor.batches.imports import ImportFault, lines
from processor.batches.make import Export
from processor.batches.workbook import figures_bytes
from processor.commands.wiring import load, parts
from processor.service.figures import figures
from processor.store.schema import applicants
from tests.desk import Clock, open_desk
from tests.letters import request
from tests.servers import ROOT

PEOPLE = [
    ("Kovács Anna", "kovacs.anna@mintafalu.hu"),
    ("Nagy Béla", "nagy.bela@mintafalu.hu"),
    ("Szabó Dóra", "szabo.dora@mintafalu.hu"),
]


WHO = PEOPLE[0][1]


def requests():
    return [
        request(values={"Név": name, "E-mail": address}, message_id=f"<{address}>", subject=f"Regisztráció {name}")
        for name, address in PEOPLE
    ]


def export_with(desk, **changes):
    """The export under a changed configuration (which is not checked again)."""
    section = desk.settings.export.model_copy(update=changes)
    return Export(desk.parts.store, section, desk.settings.smtp, desk.clock)


def rows(path: Path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def people_of(workbook: Path):
    """What people read of a batch: the rows of its second sheet, empty cells left out."""
    head, *lines = load_workbook(workbook)["Kérelmek"].iter_rows(values_only=True)
    return [{title: value for title, value in zip(head, line, strict=True) if value is not None} for line in lines]


def history(desk, number):
    with desk.parts.store.begin() as session:
        return [(step["action"], step["detail"]) for step in session.cases.history(number)]


def test_all_that_a_person_reads_of_an_applicant(desk):
    """Two requests for one person a day apart, from two offices of the place: one row, with the newer workplace."""
    desk.round(request())
    desk.clock.forward(days=1)
    second = {"Önkormányzat": "Mintafalui Polgármesteri Hivatal", "Szakrendszer": "ELÜGY"}
    desk.round(request(message_id="<ketto@b.hu>", values=second))
    made = desk.export()
    assert people_of(made.paths[0]) == [
        {
            "Hivatkozás": "ASPO-2026-000001\nASPO-2026-000002",
            "Név": "Kovács Anna",
            "Munkahely": "Mintafalui Polgármesteri Hivatal",
            "PIR": "731234",
            "Vármegye": "Pest",
            "E-mail-cím": "kovacs.anna@mintafalu.hu",
            "Tananyagok": "ADÓ\nELÜGY",
            "ProBono azonosítók": "PM-2777-2105-BS\nPM-2871-2204-BS",
            "Jegyző": "jegyzo@mintafalu.hu",
            "Beérkezett": dt.datetime(2026, 11, 16),
            "Teljessé vált": dt.datetime(2026, 11, 17),
            "Fiók": "új",
        }
    ]


def test_preview_makes_nothing(desk):
    """What the next batch would hold."""
    desk.round(*requests())
    content, left_out = desk.parts.export.preview()
    assert ([row.name for row in content.enrolments], left_out) == (["Kovács Anna", "Nagy Béla", "Szabó Dóra"], [])
    with desk.parts.store.begin() as session:
        assert session.batches.all() == []


def test_large_batches_are_split(desk):
    """By export.most_rows; everybody once."""
    desk.round(*requests())
    made = export_with(desk, most_rows=2).make()
    assert [(one.name, one.count) for one in made] == [("2026-W47-1", 2), ("2026-W47-2", 1)]
    assert sorted(row["email"] for one in made for row in rows(one.paths[1])) == [address for _, address in PEOPLE]


def test_a_person_whose_row_moodle_would_read_otherwise_is_left_out(desk):
    """The others are handed over; the officer sees who and why. A workplace with a backslash loses it."""
    desk.round(*requests())
    with desk.parts.store.begin() as session:
        first, _, last = session.batches.queued()
        workplace = {**last["row"], "municipality": 'Alfa\\" Község Önkormányzata, Béta'}
        for row, values in ((first, {"email": "-kovacs.anna@mintafalu.hu"}), (last, {"row": workplace})):
            session.connection.execute(sa.update(applicants).where(applicants.c.id == row["id"]).values(**values))
    _, left_out = desk.parts.export.preview()
    made = desk.export()
    read = moodlecsv.read(made.paths[1].read_bytes())
    assert [(cells[3], cells[4]) for cells in read[1:]] == [
        ("szabo.dora@mintafalu.hu", 'Alfa" Község Önkormányzata, Béta'),
        ("nagy.bela@mintafalu.hu", "Mintafalu Község Önkormányzata"),
    ]
    assert left_out == ["Kovács Anna: a Moodle másképp olvasná be a sorát (mező: email)"]
    trouble = left_out[0].partition(": ")[2]
    (case,) = desk.cases("review")
    assert trouble in case["note"]
    assert history(desk, 1)[-1] == ("left_out", trouble)
    assert desk.export() is None, "nobody is tried again and again"
    assert [action for action, _ in history(desk, 1)].count("left_out") == 1


def test_every_recipient_gets_a_letter_of_its_own(desk):
    """So that one refused address does not hold up another; the batch is attached to each."""
    desk.round(*requests())
    settings = desk.parts.export.settings.model_copy(update={"recipients": ["admin@moodle.hu", "helyettes@moodle.hu"]})
    (made,) = Export(desk.parts.store, settings, desk.settings.smtp, desk.clock).make()
    before = len(desk.sink.letters)
    desk.sink.script = ["550 no such user"]
    assert desk.send() == {"failed": 1, "sent": 1}
    assert [letter["To"] for letter in desk.sink.letters[before:]] == ["helyettes@moodle.hu"]
    names = [part.get_filename() for part in desk.sink.letters[-1].iter_attachments()]
    assert names == [path.name for path in made.paths]


def test_one_address_of_two_people_is_one_account(desk):
    """Moodle would give both the first one's; the second is left out, and an officer sees why."""
    desk.round(*requests())
    with desk.parts.store.begin() as session:
        first, second, _ = session.batches.queued()
        session.connection.execute(
            sa.update(applicants).where(applicants.c.id == second["id"]).values(email=first["email"])
        )
    made = desk.export()
    assert [one["Név"] for one in people_of(made.paths[0])] == ["Kovács Anna", "Szabó Dóra"]
    (case,) = desk.cases("review")
    assert case["applicants"][0]["name"] == "Nagy Béla"
    assert "ugyanezzel az e-mail-címmel más név is szerepel" in case["note"]


def test_whoever_was_handed_over_before_has_an_account(desk):
    """The workbook says so to whoever uploads it."""
    desk.round(request())
    assert [one["Fiók"] for one in people_of(desk.export().paths[0])] == ["új"]
    desk.round(request(message_id="<ketto@b.hu>", values={"Szakrendszer": "ELÜGY"}))
    assert [(one["Fiók"], one["Tananyagok"]) for one in people_of(desk.export().paths[0])] == [("meglévő", "ELÜGY")]


def test_a_file_of_a_batch_that_was_altered_is_written_again(desk):
    """By one letter, of the same size; what was there is kept beside."""
    desk.round(*requests())
    made = desk.export()
    before = made.paths[1].read_bytes()
    made.paths[1].write_bytes(before.replace(b"Anna", b"Edit"))
    assert sorted(desk.parts.export.restore()) == sorted(made.paths)
    assert made.paths[1].read_bytes() == before
    kept = made.paths[1].parent.with_name(f"{made.name}.regi-1")
    assert b"Edit" in (kept / made.paths[1].name).read_bytes()
    assert desk.parts.export.restore() == []


def test_a_person_without_a_name_is_left_out(desk):
    """And stops nobody else's batch."""
    desk.round(*requests())
    with desk.parts.store.begin() as session:
        first = session.batches.queued()[0]
        session.connection.execute(sa.update(applicants).where(applicants.c.id == first["id"]).values(name=""))
    content, left_out = desk.parts.export.preview()
    assert [one.name for one in content.enrolments] == ["Nagy Béla", "Szabó Dóra"]
    assert left_out == [": üres mező: firstname"]


def test_a_header_that_moodle_would_refuse_hands_nobody_over(desk):
    """The batch is not recorded, everybody stays queued."""
    desk.round(*requests())
    with pytest.raises(moodlecsv.HeaderFault, match="kétszer"):
        export_with(desk, profile_fields={"email": "pir"}).make()
    assert desk.export().count == 3


def test_nothing_to_export_sends_a_notice_only_when_configured(desk):
    """And makes no batch either way."""
    assert desk.export() is None
    desk.send()
    assert desk.sink.letters == []
    export_with(desk, notice_when_empty=True).make()
    desk.send()
    assert "ezúttal nincs" in desk.sink.letters[-1]["Subject"]


RESULT = """Status\tCSV line\tID\tUsername\tFirst name\tSurname\tEmail address\tEnrolments
New user\t2\t17\tkovacs.anna@mintafalu.hu\tAnna\tKovács\tkovacs.anna@mintafalu.hu\tEnrolled in "ADÓ" as "Student"
User not added - error\t3\t\tnagy.bela@mintafalu.hu\tBéla\tNagy\tnagy.bela@mintafalu.hu Duplicate address\t
New user\t4\t18\tszabo.dora@mintafalu.hu\tDóra\tSzabó\tszabo.dora@mintafalu.hu\tError: Enrolments: \
Unknown course named "ADÓ"
Users created: 2, Errors: 0
"""

PRINTED = """2 sor
  Új felhasználó
  Figyelmeztetés: Jelszó: A cron állítja elő
  Hiba: Beiratkozások: Ismeretlen kurzus: "ADÓ"
3 sor
  Felhasználó frissítve
  Beiratkozások: A(z) "ADÓ" kurzusba felvéve mint "student"
-------------------------------------------------------------------------------
Létrehozott felhasználók: 1
Hibák: 0
"""
SAVED = """<html><body><table id="uuresults">
<tr><th>Állapot</th><th>CSV-sor</th><th>Felhasználónév</th><th>Beiratkozások</th></tr>
<tr><td>Új felhasználó</td><td>2</td><td>kovacs.anna@mintafalu.hu</td><td>Ismeretlen kurzus: "ADÓ"</td></tr>
<tr><td>Felhasználó frissítve</td><td>3</td><td><a href="/user">nagy.bela@mintafalu.hu</a></td>
<td>&nbsp;<br />A(z) &quot;ADÓ&quot; kurzusba felvéve mint &quot;student&quot;</td></tr></table>Hibák: 0</body></html>
"""


class TestTheWayBack:
    """beirato batches confirm."""

    def confirm(self, desk, result=None, closing_letter=False):
        return Confirm(desk.parts.store, desk.parts.intake.office, desk.clock, closing_letter).confirm(
            "2026-W47-1", result
        )

    def result(self, tmp_path, text=RESULT):
        (tmp_path / "result.txt").write_text(text, encoding="utf-8")
        return lines(tmp_path / "result.txt")

    def test_all_uploaded(self, desk):
        """Everybody is known from then on."""
        desk.round(*requests())
        desk.export()
        assert (self.confirm(desk).done, self.confirm(desk).errors) == (3, [])
        assert history(desk, 1)[-1] == ("confirmed", "2026-W47-1")
        with desk.parts.store.begin() as session:
            assert session.known.count_accounts() == 3

    def test_what_was_known_of_an_account_stays_known(self, desk):
        """Its programs of before too, so that nobody is enrolled into them again."""
        account = {"address": WHO, "name": "Kovács Anna", "username": "kanna", "municipality": "Mintafalu"}
        with desk.parts.store.begin() as session:
            session.known.import_accounts([{**account, "programs": ["PM-2871-2204-BS"]}])
        desk.round(requests()[0])
        desk.export()
        self.confirm(desk)
        with desk.parts.store.begin() as session:
            session.connection.execute(sa.delete(applicants))  # what is known from the queue, not from the account
            known = session.known.facts([WHO]).accounts[WHO]
        assert (known.username, known.programs) == ("kanna", {"PM-2871-2204-BS", "PM-2777-2105-BS"})

    def test_errors_reopen_the_applicant_with_moodles_own_words(self, desk, tmp_path):
        """ "Errors: 0" does not mean success; an unknown course shows in its line only."""
        desk.round(*requests())
        desk.export()
        confirmed = self.confirm(desk, self.result(tmp_path))
        assert (confirmed.done, len(confirmed.errors)) == (1, 2)
        review = desk.cases("review")
        assert [case["applicants"][0]["name"] for case in review] == ["Nagy Béla", "Szabó Dóra"]
        assert "Duplicate address" in review[0]["note"]
        assert 'Unknown course named "ADÓ"' in review[1]["note"]

    def test_whoever_the_result_does_not_name_was_not_uploaded(self, desk, tmp_path):
        """A list cut off in the middle."""
        desk.round(*requests())
        desk.export()
        confirmed = self.confirm(desk, self.result(tmp_path, "\n".join(RESULT.splitlines()[:2])))
        assert (confirmed.done, len(confirmed.errors)) == (1, 2)

    def test_only_what_the_result_reports_is_confirmed(self, desk, tmp_path):
        """No word of failure, but no word of success either: nobody is known, everybody is looked at."""
        desk.round(*requests())
        desk.export()
        named = "\n".join(f"New user\t{address}\tCreated" for _, address in PEOPLE)
        confirmed = self.confirm(desk, self.result(tmp_path, named))
        assert (confirmed.done, len(confirmed.errors)) == (0, 3)
        assert confirmed.errors[0].endswith(": a Moodle nem jelezte vissza: a beíratást ide: „ADÓ”")
        notes = {case["note"].partition(": ")[2] for case in desk.cases("review")}
        assert notes == {"a Moodle nem jelezte vissza: a beíratást ide: „ADÓ”"}
        with desk.parts.store.begin() as session:
            assert session.known.count_accounts() == 0

    def test_a_second_confirmation_speaks_of_those_still_in_the_batch(self, desk, tmp_path):
        """Whom Moodle refused gets no account by "everybody was enrolled" later on."""
        desk.round(*requests())
        desk.export()
        self.confirm(desk, self.result(tmp_path))
        again = self.confirm(desk)
        assert (again.done, again.errors) == (1, [])
        with desk.parts.store.begin() as session:
            known = session.known.facts([address for _, address in PEOPLE])
            assert [*known.accounts] == [WHO]
            assert session.known.count_accounts() == 1

    @pytest.mark.parametrize("text", [PRINTED, SAVED], ids=["command line", "saved page"])
    def test_other_shapes_of_the_result(self, desk, tmp_path, text):
        """The lines of the batch are those of the CSV; a saved page holds the table."""
        desk.round(*requests())
        desk.export()
        confirmed = self.confirm(desk, self.result(tmp_path, text))
        assert confirmed.done == 1
        assert [error.partition(" (")[0] for error in confirmed.errors] == ["Kovács Anna", "Szabó Dóra"]
        assert 'Ismeretlen kurzus: "ADÓ"' in confirmed.errors[0]
        with desk.parts.store.begin() as session:
            assert [*session.known.facts([address for _, address in PEOPLE]).accounts] == ["nagy.bela@mintafalu.hu"]

    def test_the_lines_of_a_longer_batch_are_refused(self, desk, tmp_path):
        """The command line's output names nobody."""
        desk.round(*requests())
        desk.export()
        with pytest.raises(ImportFault, match="biztosan ehhez"):
            self.confirm(desk, self.result(tmp_path, f"{PRINTED}9 sor\n  Új felhasználó\n"))
        assert desk.cases("review") == []

    def test_the_result_of_another_batch_is_refused(self, desk, tmp_path):
        """Nobody is reopened for a wrong file."""
        desk.round(*requests())
        desk.export()
        with pytest.raises(ImportFault, match="biztosan ehhez"):
            self.confirm(desk, self.result(tmp_path, "New user\t2\t9\tmasvalaki@falu.hu\n"))
        with pytest.raises(ImportFault, match="Nincs ilyen köteg"):
            Confirm(desk.parts.store, desk.parts.intake.office, desk.clock).confirm("2026-W01-9", None)

    def test_a_failed_applicant_that_an_officer_mends_is_in_the_next_batch(self, desk, tmp_path):
        """And only that one."""
        desk.round(*requests())
        desk.export()
        self.confirm(desk, self.result(tmp_path))
        hands = Officer(desk.parts.store, desk.parts.intake.office, desk.clock, "ildiko")
        hands.set("ASPO-2026-000002", 1, {"email": "bela.nagy@mintafalu.hu"})
        made = desk.export()
        assert [row["email"] for row in rows(made.paths[1])] == ["bela.nagy@mintafalu.hu"]

    def test_a_closing_letter_when_configured(self, desk):
        """Once, to the municipality."""
        desk.round(requests()[0])
        desk.export()
        for _ in range(2):
            self.confirm(desk, closing_letter=True)
        desk.send()
        assert [letter["Subject"] for letter in desk.sink.letters if "megtörtént" in str(letter["Subject"])] != []
        assert sum("megtörtént" in str(letter["Subject"]) for letter in desk.sink.letters) == 1


def test_a_correction_is_a_row_in_the_next_batch(desk):
    """The batch that was made is not touched."""
    desk.round(requests()[0])
    first = desk.export()
    before = [path.read_bytes() for path in first.paths]
    Officer(desk.parts.store, desk.parts.intake.office, desk.clock, "ildiko").correct(
        "ASPO-2026-000001", 1, {"email": "kovacs.a@mintafalu.hu"}, "elírás"
    )
    second = desk.export()
    assert [(row["email"], row["course1"]) for row in rows(second.paths[1])] == [("kovacs.a@mintafalu.hu", "ADÓ")]
    (shown,) = people_of(second.paths[0])
    assert shown["Megjegyzés"] == "javítás: e-mail-cím: kovacs.anna@mintafalu.hu helyett kovacs.a@mintafalu.hu"
    assert [path.read_bytes() for path in first.paths] == before
    assert desk.case()["status"] == "closed"


def test_the_numbers(desk):
    """Counted from what was written down; no person in them."""
    desk.round(
        *requests(),
        request(
            without=("PIR", "Vármegye"),
            message_id="<x@y.hu>",
            values={"Név": "Tóth Pál", "E-mail": "toth.pal@mintafalu.hu"},
        ),
    )
    desk.clock.forward(hours=24)
    desk.export()
    with desk.parts.store.begin() as session:
        found = figures(session)
    assert {
        key: found[key]
        for key in (
            "mails",
            "registrations",
            "straight_through",
            "hours_to_queue",
            "hours_to_batch",
            "missing",
            "counties",
            "programs",
        )
    } == {
        "mails": 4,
        "registrations": 4,
        "straight_through": 0.75,
        "hours_to_queue": 0.0,
        "hours_to_batch": 24.0,
        "missing": {"pir.missing": 1, "county.missing": 1},
        "counties": {"Pest": 3},
        "programs": {"ADÓ": 3},
    }
    assert figures_bytes(found, {"missing": "mi hiányzik"})[:2] == b"PK"


STEPS = ("make.py", "content.py", "send.py", "smtp.py")  # modules at whose lines the child dies


def _killed_at(number: int, config: Path) -> bool:
    """Exports and sends in a child that kills itself at the `number`-th line of those modules; True when it came to
    the end first."""
    child = os.fork()
    if child == 0:
        left = number

        def trace(frame, event, _arg):
            nonlocal left
            if Path(frame.f_code.co_filename).name not in STEPS or "processor" not in frame.f_code.co_filename:
                return None
            if event == "line":
                left -= 1
                if left <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        status = 1
        try:
            working = parts(load(config), Clock())
            sys.settrace(trace)
            working.export.restore()
            working.export.make()
            working.send()
            sys.settrace(None)
            status = 0
        finally:
            os._exit(status)
    _, code = os.waitpid(child, 0)
    assert os.WIFSIGNALED(code) or os.WEXITSTATUS(code) == 0
    return not os.WIFSIGNALED(code)


@pytest.mark.service
def test_killed_at_every_step_of_making_and_sending_a_batch(tmp_path, dovecot, user, sink):
    """Each run dies some lines later than the one before; after the last one everybody stands in one batch, once, and
    the letter went out under one Message-ID."""
    assert {path.name for path in (ROOT / "processor").rglob("*.py")} >= set(STEPS), "a module was renamed"
    with open_desk(tmp_path, dovecot, user, sink) as desk:
        desk.round(*requests())
        letters = len(sink.letters)
    number, runs = 1, 0
    while not _killed_at(number, tmp_path / "config.toml"):
        number += 3
        runs += 1
    assert runs > 15
    written = Counter(row["email"] for path in (tmp_path / "exports").rglob("*.csv") for row in rows(path))
    assert written == Counter(address for _, address in PEOPLE)
    batch_letters = sink.letters[letters:]
    assert len({letter["Message-ID"] for letter in batch_letters}) == 1
    working = parts(load(tmp_path / "config.toml"))
    with working.store.begin() as session:
        (batch,) = session.batches.all()
        assert len(Content.from_json(session.batches.get(batch["name"])["content"]).enrolments) == 3
    assert not working.export.restore(), "the files are as they were recorded"
    working.store.close()
