"""The store on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from processor.store import Fetched, Store
from processor.store.engine import StoreBusy, only_daemon
from processor.store.schema import metadata
from tests.desk import open_desk
from tests.letters import reply, request
from tests.servers import ROOT

NOW = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """An empty database of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/beirato.db"
        return
    server = request.getfixturevalue("postgresql")
    name = f"t{abs(hash(tmp_path)) % 10**9}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres", f"/{name}")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def store(url):
    made = Store(url)
    yield made
    made.close()


def test_migrations_make_what_the_schema_says(store):
    """And a second start changes nothing."""
    Store(str(store.engine.url.render_as_string(hide_password=False))).close()
    with store.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), metadata)
    assert differences == []


def test_a_mail_is_stored_once(store):
    """Unique on mailbox, UIDVALIDITY and UID."""
    for _ in range(2):
        with store.begin() as session:
            session.mails.store("a/INBOX", 7, [Fetched(1, b"raw", "<a@b>", "d"), Fetched(2, b"raw2", "", "e")], NOW)
    with store.begin() as session:
        assert [(row["uid"], session.mails.raw(row["id"]), row["received_at"]) for row in session.mails.new(10)] == [
            (1, b"raw", NOW),
            (2, b"raw2", NOW),
        ]


def test_an_error_rolls_everything_back(store):
    """Nothing of a transaction that fails is kept."""
    with pytest.raises(RuntimeError), store.begin() as session:
        session.cases.new(NOW, status="waiting", kind="registration", decision="ask", problems=[], request={})
        raise RuntimeError
    with store.begin() as session:
        assert session.cases.all() == []


def test_case_numbers_are_never_given_twice(store):
    """Two transactions at once wait for each other."""

    def make(_):
        with store.begin() as session:
            session.cases.new(NOW, status="waiting", kind="registration", decision="ask", problems=[], request={})

    threads = [threading.Thread(target=lambda: [make(n) for n in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.begin() as session:
        assert sorted(case["reference"] for case in session.cases.all()) == [f"ASPO-2026-{n:06d}" for n in range(1, 41)]


def test_only_one_daemon_works_on_a_store(store, url):
    """The second is told so; when the first dies, the way is free."""
    script = (
        "import time\nfrom processor.store.engine import *\n"
        f"with only_daemon(open_engine({url!r})):\n    print('in', flush=True)\n    time.sleep(60)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"in\n"
    with pytest.raises(StoreBusy), only_daemon(store.engine):
        pass
    other.kill()
    other.wait()
    with only_daemon(store.engine):
        pass


def test_a_case_is_worked_through_on_either_database(url, tmp_path, dovecot, user, sink):
    """Asked, answered, exported."""
    with open_desk(tmp_path, dovecot, user, sink, store=url) as desk:
        desk.round(request(without=("PIR",)))
        desk.round(reply(sink.letters[0], "731234"))
        made = desk.export()
        assert made is not None
        assert (made.count, desk.case()["status"]) == (1, "closed")
        with desk.parts.store.begin() as session:
            history = [(step["action"], step["at"]) for step in session.cases.history(1)]
        assert history == [("opened", desk.clock.now), ("completed", desk.clock.now), ("exported", desk.clock.now)]
