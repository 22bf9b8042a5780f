"""The pages about the program itself: catalogue, system; and what the machine that watches asks for."""

from __future__ import annotations

import datetime as dt
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, render_template, request

from processor.desk.proxy import FORWARDED
from processor.explain import explain
from processor.schedule import next_due
from processor.service.watch import JOBS, jobs, troubles
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.catalogue import wordings
from rules.hungarian.courses import Where
from rules.hungarian.courses import find as find_programs

if TYPE_CHECKING:
    from processor.desk import Surroundings

_LINES = 60  # of the journal on a page
_HEADERS = ("from:", "return-path:", "received:", "subject:", "date:", "delivered-to:", "message-id:")
_PARTS = ("flask", "sqlalchemy", "apscheduler", "imapclient", "openpyxl")


def add(app: Flask, about: Surroundings) -> None:
    @app.route("/katalogus", methods=["GET", "POST"])
    def catalogue_page() -> str:
        text, pasted = request.form.get("text", "")[:2000], request.form.get("mail", "")[:200_000]
        found = (
            [
                (text[f.start : f.end], f.status, [catalogue()[p].short for p in f.programs])
                for f in find_programs(text, Where.LABEL)
            ]
            if text
            else []
        )
        one = explain(_mail(pasted), "próba", about.office.own) if pasted.strip() else None
        answer = one.to_json() if one else None
        return render_template(
            "catalogue.html",
            programs=catalogue(),
            wordings=wordings(),
            tried=bool(text),
            text=text,
            found=found,
            pasted=pasted,
            one=one,
            answer=answer,
        )

    @app.get("/rendszer")
    def system() -> str:
        before = min(request.args.get("elott", type=int) or 0, 1 << 62) or None
        with about.store.begin() as records:
            users, journal, states = records.users.all(), records.users.journal_rows(_LINES + 1, before), jobs(records)
            dialect = records.connection.dialect
        database = f"{dialect.name} {'.'.join(map(str, dialect.server_version_info or ()))}"
        return render_template(
            "system.html",
            users=users,
            journal=journal[:_LINES],
            more=journal[_LINES - 1]["id"] if len(journal) > _LINES else None,
            checks=list(about.examine()) if request.args.get("vizsgalat") else None,
            versions=[
                ("Beirató", version("aspoktatas-beirato")),
                ("Python", platform.python_version()),
                ("adatbázis", database),
                *((name, version(name)) for name in _PARTS),
            ],
            jobs=states,
            job_words=JOBS,
            due=next_due(about.cron, about.clock()),
            now=about.clock(),
        )

    @app.get("/healthz")
    def healthz() -> tuple[str, int]:
        _loopback_only()
        try:
            with about.store.begin() as records:
                wrong = [
                    trouble.code
                    for trouble in troubles(records, about.clock(), about.poll_seconds, about.cron)
                    if trouble.grave
                ]
        except Exception:
            return "store does not answer\n", 503
        return ("".join(f"{code}\n" for code in wrong), 503) if wrong else ("ok\n", 200)

    @app.get("/metrics")
    def metrics() -> Response:
        _loopback_only()
        with about.store.begin() as records:
            mails = records.mails.count_since(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
            counts, letters, failed, queued = (
                records.cases.count_by_status(),
                records.outbox.count_by_state(),
                records.mails.count_failed(),
                records.cases.count_queued_people(),
            )
            marks, states = records.marks.like("ok:"), jobs(records)
        lines = [
            f'beirato_mails_total{{kind="{kind}",decision="{decision}"}} {count}' for kind, decision, count in mails
        ]
        lines += [f'beirato_cases{{status="{status}"}} {count}' for status, count in counts.items()]
        lines += [
            f'beirato_letters{{state="{state}"}} {letters.get(state, 0)}'
            for state in ("pending", "held", "sent", "failed", "withdrawn")
        ]
        lines += [f"beirato_mails_failed {failed}", f"beirato_people_queued {queued}"]
        lines += [
            f'beirato_last_success_seconds{{round="{key[3:]}"}} {dt.datetime.fromisoformat(value).timestamp():.0f}'
            for key, value in marks.items()
        ]
        lines += [f'beirato_job_duration_seconds{{job="{job.name}"}} {job.seconds:.3f}' for job in states]
        lines += [f'beirato_job_failures{{job="{job.name}"}} {job.failures}' for job in states]
        return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")

    def _loopback_only() -> None:
        if request.remote_addr not in {"127.0.0.1", "::1"} or request.environ.get(FORWARDED):
            abort(403)


def _mail(pasted: str) -> bytes:
    """What was pasted as a mail: with its headers, or a text alone."""
    if pasted.lstrip().lower().startswith(_HEADERS) and "\n\n" in pasted.replace("\r", ""):
        return pasted.encode()
    return f"From: proba@pelda.hu\nTo: aspoktatas@allamkincstar.gov.hu\nContent-Type: text/plain; charset=utf-8\n\n{pasted}".encode()
