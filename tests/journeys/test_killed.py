"""The daemon killed with SIGKILL at random moments: nothing lost, nothing twice."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from processor.acts.intake import Intake
from tests.desk import Desk, open_desk
from tests.letters import mail, request
from tests.servers import ROOT

MAILS = 300
GIVEN = [
    "Anna",
    "Béla",
    "Csaba",
    "Dóra",
    "Edit",
    "Ferenc",
    "Gábor",
    "Hanna",
    "Imre",
    "Judit",
    "Katalin",
    "László",
    "Mária",
    "Nóra",
    "Olga",
    "Péter",
    "Réka",
    "Sándor",
    "Tibor",
    "Vera",
]
FAMILY = [
    "Kovács",
    "Szabó",
    "Tóth",
    "Nagy",
    "Horváth",
    "Varga",
    "Molnár",
    "Balogh",
    "Farkas",
    "Lakatos",
    "Papp",
    "Juhász",
    "Mészáros",
    "Simon",
    "Fekete",
]


def person(number: int) -> dict[str, str]:
    return {"Név": f"{FAMILY[number % 15]} {GIVEN[number // 15]}", "E-mail": f"szemely{number}@mintafalu.hu"}


def sample(number: int) -> bytes:
    """Of every five mails: two complete requests, two that lack something, one from a machine."""
    options: dict[str, object] = {
        "message_id": f"<m{number}@mintafalu.hu>",
        "subject": f"Regisztráció {number}",
        "sender": f"Minta Mária <minta{number}@mintafalu.hu>",
    }
    if number % 5 == 4:
        return mail("Nem vagyok bent.", headers={"Auto-Submitted": "auto-replied"}, **options)  # type: ignore[arg-type]
    return request(without=("PIR",) if number % 5 in (1, 3) else (), values=person(number), **options)


def start(desk: Desk, *command: str) -> subprocess.Popen[bytes]:
    log = (desk.folder / "log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "processor", "--config", str(desk.folder / "config.toml"), *command],
        cwd=ROOT,
        stdout=log,
        stderr=log,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def done(desk: Desk) -> bool:
    with desk.parts.store.begin() as session:
        return (
            session.mails.count() == MAILS
            and not session.mails.new(1)
            and not session.outbox.letters(state="pending")
            and "INBOX" not in desk.folders()
        )


@pytest.mark.service
def test_three_hundred_mails_and_a_dozen_kills(tmp_path: Path, dovecot, user, sink):
    """Three bursts of mail, the daemon and the export killed at random moments and started again until all is done."""
    seed = int(os.environ.get("BEIRATO_SEED", time.time_ns() % 1_000_000))
    print(f"BEIRATO_SEED={seed}")  # shown when the test fails, so that the same moments can be tried again
    chance = random.Random(seed)
    with open_desk(tmp_path, dovecot, user, sink) as desk:
        config = tmp_path / "config.toml"
        config.write_text(
            config.read_text(encoding="utf-8")
            .replace("[smtp]", "poll_seconds = 5\ngroup = 7\n\n[smtp]", 1)
            .replace("[store]", "retry_seconds = 1\n\n[store]"),
            encoding="utf-8",
        )
        bursts = [list(range(start, start + MAILS // 3)) for start in range(0, MAILS, MAILS // 3)]
        sink.script = [chance.choice(["", "", "", "451 later", "drop", "taken, then drop"]) for _ in range(60)]
        kills = 0
        deadline = time.monotonic() + 240
        while bursts or not done(desk):
            assert time.monotonic() < deadline, (desk.folders(), (tmp_path / "log").read_text()[-3000:])
            if bursts:
                desk.deliver(*map(sample, bursts.pop(0)))
            daemon = start(desk, "run")
            time.sleep(chance.uniform(0.5, 2.0) if kills < 14 else 6)
            kill(daemon)
            export = start(desk, "export")
            time.sleep(chance.uniform(0.4, 1.2))
            kill(export)
            kills += 1
        assert kills >= 5, "the kills came too late to matter"
        for _ in range(2):
            assert start(desk, "export").wait(60) == 0

        with desk.parts.store.begin() as session:
            ledger = session.mails.ledger()
            batches = session.batches.all()
        assert Counter(row["state"] for row in ledger) == {"done": MAILS}
        assert desk.folders() == {"Sorban": 120, "Hiánypótlás": 120, "Automatikus": 60}
        assert Counter(case["status"] for case in desk.cases()) == {"closed": 120, "waiting": 120}

        ids = {letter["Message-ID"]: str(letter["In-Reply-To"]) for letter in sink.letters if letter["In-Reply-To"]}
        assert Counter(ids.values()) == Counter(f"<m{n}@mintafalu.hu>" for n in range(MAILS) if n % 5 != 4), (
            "one letter a mail, never a second Message-ID"
        )

        exported: Counter[str] = Counter()
        for batch in batches:
            folder = tmp_path / "exports" / batch["name"]
            assert sorted(path.name for path in folder.iterdir()) == sorted(file["name"] for file in batch["files"])
            with (folder / f"{batch['name']}.csv").open(encoding="utf-8", newline="") as file:
                exported.update(row["email"] for row in csv.DictReader(file))
        assert exported == Counter(person(n)["E-mail"] for n in range(MAILS) if n % 5 in (0, 2)), "everybody once"
        assert [path.name for path in (tmp_path / "exports").iterdir() if path.name.startswith(".")] == [], (
            "no half-written folder is left"
        )


def test_a_mail_that_ends_the_process_is_put_aside(desk):
    """Not an exception but the end: after the second time the others are dealt with without it, and it is kept."""
    deadly = "<halalos@b.hu>"

    class Dying(Intake):
        def _deal(self, session, row):
            if row["message_id"] == deadly:
                raise SystemExit("as if killed")
            return super()._deal(session, row)

    parts = desk.parts
    intake = Dying(parts.store, parts.intake.office, desk.clock)
    desk.deliver(
        request(),
        request(message_id=deadly),
        request(message_id="<c@b.hu>", values={"Név": "Kiss Éva", "E-mail": "kiss.eva@mintafalu.hu"}),
    )
    for _ in range(3):
        with pytest.raises(SystemExit):
            replace(parts, intake=intake).poll()
    replace(parts, intake=intake).poll()
    assert desk.folders() == {"Sorban": 2, "Hibás": 1}
    with parts.store.begin() as session:
        assert [session.mails.raw(row["id"]) != b"" for row in session.mails.ledger()] == [True] * 3
