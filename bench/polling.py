"""One polling pass against the bare loop, on Dovecot and a real SMTP server, in the same run. Prints a table; ratios
are what counts.

    python bench/polling.py [--mails 1000] [--runs 3] [--stored 100000]

bare:     imapclient FETCH in groups, the standard library's parser, smtplib for every second mail, MOVE in groups; no
store, no reading.
beirato:  poll and send: raw mail stored, read, understood, decided, answered, moved; the same servers and mails.
flat:     the same pass on an empty store and on one that holds `--stored` cases.
memory:   peak resident memory of `beirato once` over all mails, and over one of 25 MB.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import json
import smtplib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from imapclient import IMAPClient

sys.path.insert(0, str(Path(__file__).parent.parent))
from processor.commands.wiring import load, parts
from processor.log import configure
from tests import servers
from tests.desk import Desk, open_desk
from tests.letters import request

GROUP = 50
# fmt: off
FAMILY = [
    "Kovács", "Szabó", "Tóth", "Nagy", "Horváth", "Varga", "Molnár", "Balogh", "Farkas", "Lakatos",
    "Papp", "Juhász", "Mészáros", "Simon", "Fekete", "Bodnár", "Halász", "Orbán", "Rácz", "Vass",
]
GIVEN = [
    "Anna", "Béla", "Csaba", "Dóra", "Edit", "Ferenc", "Gábor", "Hanna", "Imre", "Judit",
    "Katalin", "László", "Mária", "Nóra", "Olga", "Péter", "Réka", "Sándor", "Tibor", "Vera",
]
# fmt: on


def sample(number: int, run: str) -> bytes:
    """Every second one lacks its PIR and is answered; the others are complete and not acknowledged."""
    name = f"{FAMILY[number % 20]} {GIVEN[number // 20 % 20]}"
    return request(
        without=("PIR",) if number % 2 else (),
        values={"Név": name, "E-mail": f"szemely.{run}.{number}@mintafalu.hu"},
        message_id=f"<{run}.{number}@mintafalu.hu>",
        subject=f"Regisztráció {number}",
        sender=f"Minta Mária <minta.{run}.{number}@mintafalu.hu>",
    )


def deliver(server: servers.Dovecot, user: str, mails: list[bytes]) -> None:
    with IMAPClient("127.0.0.1", server.port, ssl=False) as imap:
        imap.plain_login(user, server.password)
        for start in range(0, len(mails), 100):
            imap.multiappend("INBOX", mails[start : start + 100])


def bare(server: servers.Dovecot, user: str, smtp_port: int) -> float:
    begin = time.perf_counter()
    with IMAPClient("127.0.0.1", server.port, ssl=False) as imap, smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
        imap.plain_login(user, server.password)
        imap.select_folder("INBOX")
        for folder in ("A", "B"):
            imap.create_folder(folder)
        uids = imap.search()
        for start in range(0, len(uids), GROUP):
            group = uids[start : start + GROUP]
            for uid, data in imap.fetch(group, ["BODY.PEEK[]"]).items():
                mail = email.message_from_bytes(data[b"BODY[]"], policy=email.policy.default)
                body = mail.get_body(("plain",)).get_content()
                if uid % 2 == 0:
                    answer = EmailMessage()
                    answer["From"], answer["To"], answer["Subject"] = "a@b.hu", mail["From"], f"Re: {mail['Subject']}"
                    answer.set_content(body)
                    smtp.send_message(answer)
            imap.move([uid for uid in group if uid % 2], "A")
            imap.move([uid for uid in group if uid % 2 == 0], "B")
    return time.perf_counter() - begin


def beirato(
    folder: Path,
    server: servers.Dovecot,
    user: str,
    sink: servers.Sink,
    mails: list[bytes],
    prepare: Callable[[Desk], None] | None = None,
) -> float:
    folder.mkdir()
    with open_desk(folder, server, user, sink, more="\n[replies]\nacknowledge = false\n") as desk:
        if prepare is not None:
            prepare(desk)
        deliver(server, user, mails)
        before = len(sink.letters)
        begin = time.perf_counter()
        desk.poll()
        desk.send()
        took = time.perf_counter() - begin
        assert len(sink.letters) - before == len(mails) // 2, len(sink.letters) - before
        return took


_BEGAN = "2026-01-01 00:00:00.000000"
# One row for each number in the table n.
_ROWS = (
    (
        "INSERT INTO mails (id, mailbox, uidvalidity, uid, message_id, digest, raw, received_at, state, kind, decision,"
        " case_id, folder, moved) "
        "SELECT i, 'old', 1, i, '<old' || i || '@x.hu>', 'd' || i, :mail, :began, 'done', 'registration', 'ask',"
        " i, 'ask', 1 FROM n"
    ),
    (
        "INSERT INTO cases (id, reference, status, kind, decision, problems, request, note, created_at, updated_at) "
        "SELECT i, 'ASPO-2025-' || i, CASE i % 10 WHEN 0 THEN 'waiting' ELSE 'closed' END, 'registration', 'ask',"
        " '[]', :request, '', :began, :began FROM n"
    ),
    "INSERT INTO threads (message_id, case_id) SELECT '<old' || i || '@x.hu>', i FROM n",
    "INSERT INTO parties (case_id, address) SELECT i, 'valaki' || i || '@falu' || (i % 3200) || '.hu' FROM n",
    (
        "INSERT INTO applicants (case_id, position, name, email, outcome, row, new_programs, batch_id) "
        "SELECT i, 0, 'Valaki', 'valaki' || i || '@falu.hu', 'queue', :row, '[]', 1 FROM n"
    ),
    (
        "INSERT INTO outbox (case_id, mail_id, message_id, purpose, recipients, first_recipient, envelope_sender, raw,"
        " state, next_try, created_at) "
        "SELECT i, i, '<our' || i || '@x.hu>', 'ask', '[]', 'valaki' || i || '@falu.hu', '', :mail, 'sent', :began,"
        " :began FROM n"
    ),
    "INSERT INTO history (case_id, at, actor, action, detail) SELECT i, :began, 'program', 'opened', '' FROM n",
)


def fill(desk: Desk, count: int) -> None:
    """`count` stored cases with their mails, parties, threads, applicants and letters."""
    values = {
        "mail": request(),
        "request": json.dumps({"applicants": []}),
        "row": json.dumps({"programs": []}),
        "began": _BEGAN,
    }
    with desk.parts.store.begin() as session:
        run = session.connection.exec_driver_sql
        run(
            "CREATE TEMP TABLE n AS WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ?) "
            "SELECT i FROM s",
            (count,),
        )
        for insert in _ROWS:
            run(insert, values)
        run("DROP TABLE n")


_ONCE = """
import sys
from processor.commands.main import app
try:
    app(sys.argv[1:])
finally:  # VmHWM and not ru_maxrss, which a child inherits from its parent
    print([line for line in open("/proc/self/status") if "VmHWM" in line][0].split()[1])
"""


def memory(folder: Path, server: servers.Dovecot, user: str, sink: servers.Sink, mails: list[bytes]) -> float:
    """Megabytes at the peak of `beirato once`."""
    folder.mkdir()
    with open_desk(folder, server, user, sink):
        deliver(server, user, mails)
    ran = subprocess.run(
        [sys.executable, "-c", _ONCE, "--config", str(folder / "config.toml"), "once"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    return float(ran.stdout.strip().splitlines()[-1]) / 1024


def ms(seconds: list[float]) -> float:
    return 1000 * statistics.median(seconds)


def ratio(ours: list[float], others: list[float]) -> float:
    """Run by run, since the machine is not the same in each."""
    return statistics.median(mine / other for mine, other in zip(ours, others, strict=True))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--stored", type=int, default=100_000)
    given = options.parse_args()
    configure(quiet=True)
    assert load and parts  # the imports of the real thing are made before anything is timed
    with tempfile.TemporaryDirectory() as place, servers.dovecot() as server, servers.smtp() as sink:
        folder = Path(place)
        bares, ours, empties, fulls = [], [], [], []
        for run in range(given.runs):
            mails = [sample(n, str(run)) for n in range(given.mails)]
            deliver(server, f"bare{run}", mails)
            bares.append(bare(server, f"bare{run}", sink.port))
            ours.append(beirato(folder / f"b{run}", server, f"ours{run}", sink, mails))
            part = mails[: max(200, given.mails // 4)]
            empties.append(beirato(folder / f"e{run}", server, f"empty{run}", sink, part) / len(part))
            fulls.append(
                beirato(
                    folder / f"f{run}", server, f"full{run}", sink, part, prepare=lambda desk: fill(desk, given.stored)
                )
                / len(part)
            )
        peak = memory(folder / "m", server, "memory", sink, [sample(n, "m") for n in range(given.mails)])
        large = request(message_id="<nagy@mintafalu.hu>", files=(("kep.bin", b"\x89PNG" + bytes(18_000_000)),))
        peak_large = memory(folder / "l", server, "large", sink, [large])
    print(f"{'':34}{'ms a mail':>12}{'ratio':>8}{'goal':>8}")
    print(f"{'bare loop':34}{ms(bares) / given.mails:12.2f}")
    print(f"{'beirato, poll and send':34}{ms(ours) / given.mails:12.2f}{ratio(ours, bares):8.2f}{'2.50':>8}")
    print(f"{'beirato, empty store':34}{ms(empties):12.2f}")
    print(f"{f'beirato, {given.stored} cases stored':34}{ms(fulls):12.2f}{ratio(fulls, empties):8.2f}{'1.20':>8}")
    print(f"{'peak memory of `once`, MB':34}{peak:12.0f}{'':8}{'150':>8}")
    print(f"{'the same with a mail of 25 MB':34}{peak_large:12.0f}")


if __name__ == "__main__":
    main()
