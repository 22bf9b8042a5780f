"""A store that an earlier version filled is opened by today's: nothing of it is lost, and work goes on.

store-2026-11.sql.gz is the dump (sqlite3's iterdump) of what `beirato demo` left behind on 21 November 2026, before the
code was taken apart (alembic 0006). All of its people are invented. A later migration changes what is read here, never
the dump.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from processor.store import Store
from processor.store.schema import metadata
from tests.desk import open_desk, write_config
from tests.letters import mail
from tests.servers import ROOT

DUMP = gzip.decompress((Path(__file__).parent / "store-2026-11.sql.gz").read_bytes()).decode("utf-8")
_JSON = {"problems", "request", "row", "new_programs", "recipients", "content", "files"}  # columns that hold JSON


def restore(path: Path) -> sqlite3.Connection:
    """The database of then in that file (or ":memory:")."""
    connection = sqlite3.connect(path)
    connection.executescript(DUMP)
    connection.row_factory = sqlite3.Row
    return connection


def then(query: str) -> list[dict[str, Any]]:
    """Rows of the dump, JSON read."""
    connection = restore(Path(":memory:"))
    rows = [dict(row) for row in connection.execute(query)]
    connection.close()
    return [{key: json.loads(value) if key in _JSON else value for key, value in row.items()} for row in rows]


def now(row: Any, columns: Any) -> dict[str, Any]:
    """These columns of a row of today's store, as SQLite keeps them."""

    def kept(value: Any) -> Any:
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return bytes(value) if isinstance(value, memoryview) else value

    return {name: kept(row[name]) for name in columns}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the store of then as beirato.db."""
    restore(tmp_path / "beirato.db").close()
    return tmp_path


@pytest.fixture
def store(folder: Path):
    made = Store(f"sqlite:///{folder}/beirato.db")
    yield made
    made.close()


def same(rows: Any, before: list[dict[str, Any]]) -> None:
    assert before
    assert [now(row, old) for row, old in zip(rows, before, strict=True)] == before


def _told(step: Any) -> str:
    """What a decision's data were in the prose of then: "ask (registration): pir.missing"."""
    if not step["data"]:
        return step["detail"]
    codes = ", ".join(step["data"]["codes"])
    kind = f" ({step['data']['kind']})" if step["data"]["kind"] else ""
    return step["data"]["decision"] + kind + (f": {codes}" if codes else "")


def test_the_tables_are_those_of_a_new_store(store):
    """The migrations bring an old file to where a new one begins."""
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata)
    assert differences == []


def test_every_case_is_there_with_its_people_its_letters_and_its_history(store):
    """Value by value."""
    cases = then("SELECT * FROM cases ORDER BY id")
    assert Counter(case["status"] for case in cases) == {"closed": 4, "waiting": 3, "answered": 2, "review": 2}
    with store.begin() as session:
        same(session.cases.all(), cases)
        people = [row for case in cases for row in session.cases.applicants(case["id"])]
        same(people, then("SELECT * FROM applicants ORDER BY case_id, position"))
        steps = [row for case in cases for row in session.cases.history(case["id"])]
        assert [(step["id"], step["at"].isoformat(" ")[:26], _told(step)) for step in steps] == [
            (row["id"], row["at"], row["detail"]) for row in then("SELECT * FROM history ORDER BY case_id, id")
        ]
        same(session.outbox.letters(), then("SELECT * FROM outbox ORDER BY id"))
        for case in cases:
            parties = then(f"SELECT address FROM parties WHERE case_id = {case['id']}")
            assert session.cases.parties(case["id"]) == {row["address"] for row in parties}


def test_every_mail_is_there(store):
    """Byte for byte, and the Message-IDs by which an answer finds its case."""
    mails = then("SELECT * FROM mails ORDER BY id")
    with store.begin() as session:
        assert [session.mails.raw(row["id"]) for row in mails] == [row["raw"] for row in mails]
        columns = ("id", "message_id", "received_at", "state", "kind", "decision", "folder", "moved", "case_id")
        same(session.mails.ledger(), [{name: row[name] for name in columns} for row in mails])
        for thread in then("SELECT * FROM threads"):
            assert session.cases.of_messages([thread["message_id"]]) == thread["case_id"]


def test_every_batch_is_there(store):
    """With its files, byte for byte."""
    batches = then("SELECT * FROM batches ORDER BY id")
    with store.begin() as session:
        same([session.batches.get(row["name"]) for row in batches], batches)
        kept = session.batches.kept_files(batches[0]["id"])
    assert kept == {row["name"]: row["data"] for row in then("SELECT * FROM batch_files")}


def test_the_commands_work_on_it(folder, dovecot, user, sink):
    """cases, batches and export; the files of the batch, which are not on this disk, are written again."""
    config = write_config(folder, dovecot, user, sink.port)

    def beirato(*arguments: str) -> list[str]:
        command = [sys.executable, "-m", "processor", "--config", str(config), *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()

    cases = [json.loads(line) for line in beirato("cases", "--json")]
    assert [(case["reference"], case["status"]) for case in cases] == [
        (row["reference"], row["status"]) for row in then("SELECT * FROM cases ORDER BY id")
    ]
    assert sum(len(case["applicants"]) for case in cases) == len(then("SELECT id FROM applicants"))
    (batch,) = (json.loads(line) for line in beirato("batches", "--json"))
    assert (batch["name"], batch["rows"]) == ("2026-W47-1", 7)
    written = [Path(line) for line in beirato("export")]
    files = {row["name"]: row["data"] for row in then("SELECT * FROM batch_files")}
    assert {path.name: path.read_bytes() for path in written} == files


def test_a_case_that_waited_is_reminded_after_the_upgrade(folder, dovecot, user, sink):
    """In its thread, to the one who asked: what a letter needs of the old mail is there."""
    with open_desk(folder, dovecot, user, sink) as desk:
        desk.clock.now = dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC)
        desk.parts.remind()
        desk.parts.send()
        waiting = then("SELECT id, reference FROM cases WHERE status = 'waiting' ORDER BY id")
        reminders = {letter["Subject"].partition("]")[0]: letter for letter in desk.sink.letters}
        assert len(waiting) == 3
        assert [row for row in waiting if f"[{row['reference']}" not in reminders] == []
        assert all(letter["In-Reply-To"] for letter in reminders.values())


def test_an_answer_completes_a_case_of_then(folder, dovecot, user, sink):
    """Found by the reference with its check code, which hangs on the store's own secret; the people who are in the
    batch already stay there, the other is in the next one."""
    with open_desk(folder, dovecot, user, sink) as desk:
        desk.clock.now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
        answer = mail(
            "Kerekes Zsófia címe: kerekes.zsofia@nyirkert.example",
            sender="Nyírkert Önkormányzat <titkarsag@nyirkert.example>",
            subject="RE: [ASPO-2026-000004] Regisztrációs kérelem - hiánypótlás #7de6c1",
            message_id="<potlas@nyirkert.example>",
            cc="",
        )
        desk.round(answer)
        case = desk.cases()[3]
        assert (case["reference"], case["status"], len(desk.cases())) == ("ASPO-2026-000004", "queued", 11)
        people = [(one["name"], one["email"], one["outcome"]) for one in case["applicants"]]
        assert people == [
            ("Deres Márton", "deres.marton@nyirkert.example", "queue"),
            ("Kerekes Zsófia", "kerekes.zsofia@nyirkert.example", "queue"),
        ]
        made = desk.export()
        assert made is not None
        assert (made.name, made.count) == ("2026-W48-1", 1)
        assert "kerekes.zsofia@nyirkert.example" in made.paths[1].read_text(encoding="utf-8")
