"""The desk's pages with many cases: median and 99th percentile of the response, and the share of the database in it.

python bench/desk.py [--cases 100000] [--requests 60]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parent.parent))
from processor.desk import Surroundings, create_app
from processor.log import configure
from tests import servers
from tests.desk import open_desk
from tests.letters import request


def fill(store: object, count: int) -> None:
    """`count` cases beside the real first one, each with one applicant."""
    with store.begin() as session:  # type: ignore[attr-defined]
        run = session.connection.exec_driver_sql
        run(
            "CREATE TEMP TABLE n AS "
            "WITH RECURSIVE s(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM s WHERE i < ?) SELECT i FROM s",
            (count,),
        )
        run(
            "INSERT INTO cases (id, reference, status, kind, decision, problems, request, note, created_at, "
            "updated_at, search) SELECT i, 'ASPO-2026-' || substr('000000' || i, -6), "
            "CASE i % 50 WHEN 0 THEN 'review' WHEN 1 THEN 'waiting' ELSE 'closed' END, 'registration', 'ask', '[]', "
            "(SELECT request FROM cases WHERE id = 1), '', '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', "
            "'szemely ' || (i * 7919 % 99991) || ' falu' || (i % 3200) || ' kozseg onkormanyzata ' || "
            "(700000 + i % 99999) || ' szemely' || i || '@falu' || (i % 3200) || '.hu minta maria' FROM n"
        )
        run(
            "INSERT INTO applicants (case_id, position, name, email, outcome, row, new_programs) "
            "SELECT i, 0, 'Személy ' || i, 'szemely' || i || '@falu.hu', 'ask', "
            "(SELECT row FROM applicants WHERE case_id = 1), '[]' FROM n"
        )
        run(
            "INSERT INTO history (case_id, at, actor, action, detail) "
            "SELECT i, '2026-01-01 00:00:00.000000', 'program', 'opened', 'ask (registration): pir.missing' FROM n"
        )
        run("DROP TABLE n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=int, default=100_000)
    options.add_argument("--requests", type=int, default=60)
    given = options.parse_args()
    configure(quiet=True)
    with (
        tempfile.TemporaryDirectory() as place,
        servers.dovecot() as server,
        servers.smtp() as sink,
        open_desk(Path(place), server, "desk", sink) as desk,
    ):
        desk.round(request(without=("PIR",)))
        fill(desk.parts.store, given.cases)
        with desk.parts.store.begin() as session:
            session.users.put("x", "x", "officer", desk.clock())
        about = Surroundings(
            desk.parts.store,
            desk.parts.intake.office,
            desk.parts.export,
            desk.clock,
            lambda: iter(()),
            user_header="X-User",
        )
        client = create_app(about).test_client()
        spent = [0.0]
        started = [0.0]
        engine = desk.parts.store.engine
        sa.event.listen(engine, "before_cursor_execute", lambda *_: started.__setitem__(0, time.perf_counter()))
        sa.event.listen(
            engine, "after_cursor_execute", lambda *_: spent.__setitem__(0, spent[0] + time.perf_counter() - started[0])
        )
        pages = {
            "overview": "/",
            "list": "/ugyek",
            "list, review": "/ugyek?allapot=review",
            "search, found": "/ugyek?q=szemely4711@falu",
            "search, nothing": "/ugyek?q=nincsilyen",
            "case": "/ugy/ASPO-2026-000001",
        }
        print(f"{'':20}{'median ms':>12}{'99 % ms':>10}{'database':>10}{'goal':>8}")
        for name, url in pages.items():
            times: list[float] = []
            spent[0] = 0.0
            for _ in range(given.requests):
                begin = time.perf_counter()
                assert client.get(url, headers={"X-User": "x"}).status_code == 200
                times.append(1000 * (time.perf_counter() - begin))
            share = 1000 * spent[0] / sum(times)
            slowest = sorted(times)[int(len(times) * 0.99)]
            print(f"{name:20}{statistics.median(times):12.1f}{slowest:10.1f}{share:10.0%}{'100':>8}")


if __name__ == "__main__":
    main()
