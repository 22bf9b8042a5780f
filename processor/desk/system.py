"""The pages about the program itself: the catalogue with its boxes to try texts, the system page; and what the machine
that watches asks for."""

from __future__ import annotations

import platform
from importlib.metadata import version

from flask import Blueprint, Response, abort, current_app, render_template, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from processor.desk.forms import before_row
from processor.desk.proxy import FORWARDED
from processor.desk.roles import STRANGER, open_to
from processor.desk.surroundings import about
from processor.explain import explain
from processor.schedule import next_due
from processor.service.watch import JOBS, jobs, troubles
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.catalogue import wordings
from rules.hungarian.courses import Where
from rules.hungarian.courses import find as find_programs

_LINES = 60  # of the journal on a page
_LONGEST_TEXT = 2_000  # characters that the box for a program's name takes
_LONGEST_MAIL = 200_000  # characters that the box for a mail takes
_HEADERS = ("from:", "return-path:", "received:", "subject:", "date:", "delivered-to:", "message-id:")
_HEAD = "From: proba@pelda.hu\nTo: aspoktatas@allamkincstar.gov.hu\nContent-Type: text/plain; charset=utf-8\n\n"
_PARTS = ("flask", "sqlalchemy", "apscheduler", "imapclient", "openpyxl")

blueprint = Blueprint("system", __name__)


@blueprint.route("/katalogus", methods=["GET", "POST"])
@open_to("viewer")
def show_catalogue() -> str:
    """The catalogue, with what the program would make of a text or a mail that was sent; nothing of it is stored."""
    text, pasted = request.form.get("text", "")[:_LONGEST_TEXT], request.form.get("mail", "")[:_LONGEST_MAIL]
    one = explain(_mail(pasted), "próba", about().office.own) if pasted.strip() else None
    return render_template(
        "catalogue.html",
        programs=catalogue(),
        wordings=wordings(),
        tried=bool(text),
        text=text,
        found=_found(text),
        pasted=pasted,
        one=one,
        answer=one.to_json() if one else None,
    )


def _found(text: str) -> list[tuple[str, str, list[str]]]:
    """(words, how sure, short names of programs) of each program that a text names."""
    return [
        (text[found.start : found.end], found.status, [catalogue()[ident].short for ident in found.programs])
        for found in find_programs(text, Where.LABEL)
    ]


def _mail(pasted: str) -> bytes:
    """What was pasted as a mail: with its headers, or a text alone."""
    if pasted.lstrip().lower().startswith(_HEADERS) and "\n\n" in pasted.replace("\r", ""):
        return pasted.encode()
    return f"{_HEAD}{pasted}".encode()


@blueprint.get("/rendszer")
def show() -> str:
    with about().store.read() as records:
        users = records.users.all()
        journal = records.users.journal_rows(_LINES + 1, before_row())
        states = jobs(records)
        dialect = records.connection.dialect
    return render_template(
        "system.html",
        users=users,
        journal=journal[:_LINES],
        more=journal[_LINES - 1]["id"] if len(journal) > _LINES else None,
        checks=list(about().examine()) if request.args.get("vizsgalat") else None,
        versions=[
            ("Beirató", version("aspoktatas-beirato")),
            ("Python", platform.python_version()),
            ("adatbázis", f"{dialect.name} {'.'.join(map(str, dialect.server_version_info or ()))}"),
            *((name, version(name)) for name in _PARTS),
        ],
        jobs=states,
        job_words=JOBS,
        due=next_due(about().cron, about().clock()),
    )


@blueprint.get("/healthz")
@open_to(STRANGER)
def healthz() -> tuple[str, int]:
    """ "ok", or what is gravely wrong, a line each."""
    _loopback_only()
    try:
        with about().store.read() as records:
            found = troubles(records, about().clock(), about().poll_seconds, about().cron)
    except Exception:
        return "store does not answer\n", 503
    wrong = [trouble.code for trouble in found if trouble.grave]
    return ("".join(f"{code}\n" for code in wrong), 503) if wrong else ("ok\n", 200)


@blueprint.get("/metrics")
@open_to(STRANGER)
def metrics() -> Response:
    _loopback_only()
    return Response(generate_latest(current_app.extensions["beirato-metrics"]), content_type=CONTENT_TYPE_LATEST)


def _loopback_only() -> None:
    """Nobody on another machine, nor whoever a proxy on this one asks for."""
    if request.remote_addr not in {"127.0.0.1", "::1"} or request.environ.get(FORWARDED):
        abort(403)
