"""The pages that show: overview, cases, a case, letters, batches, catalogue, system."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, g, render_template, request, send_file

from processor.desk import mailview
from processor.explain import explain
from processor.figures import codes_of
from processor.hands import Hands
from processor.reading import read
from processor.schedule import trigger
from processor.store.repository import load_request
from processor.view import DECISION_WORDS
from processor.worktime import LOCAL
from rules.catalogue import Where
from rules.catalogue import find as find_programs
from rules.catalogue import programs as catalogue

if TYPE_CHECKING:
    from processor.desk import Surroundings

PAGE = 50  # cases on a page
_WEEKS = 8
_STUCK = 1800  # seconds that a letter may be due before something is wrong with sending
_LATE = 10  # polls missed until the mailbox counts as out of reach


def add(app: Flask, about: Surroundings) -> None:
    def hands() -> Hands:
        return Hands(about.store, about.office, about.clock, g.user)

    @app.get("/")
    def overview() -> str:
        now = about.clock()
        with about.store.begin() as records:
            waiting = records.find_cases(status="review", oldest=True, limit=12)
            people = records.people_of([row["id"] for row in waiting])
            counts = records.count_open()
            weeks = _weeks(records.mails_by_week(now - dt.timedelta(weeks=_WEEKS)), now)
            extra = {"held": records.count_held(), "failed": records.count_failed(), "queued": records.count_queued_people()}
            marks = records.markers_like("ok:")
            missing = codes_of(records.first_steps(now - dt.timedelta(weeks=_WEEKS)))
        due = trigger(about.cron).get_next_fire_time(None, now)
        return render_template(
            "overview.html",
            waiting=waiting,
            people=people,
            counts=counts,
            weeks=weeks,
            extra=extra,
            poll=marks.get("ok:poll"),
            send=marks.get("ok:send"),
            due=due,
            missing=missing.most_common(6),
            late=_late(marks.get("ok:poll"), now),
        )

    def _late(last: str | None, now: dt.datetime) -> bool:
        return last is None or (now - dt.datetime.fromisoformat(last)).total_seconds() > max(600, about.poll_seconds * _LATE)

    @app.get("/ugyek")
    def cases() -> str:
        text, status = request.args.get("q", "")[:200], request.args.get("allapot", "")
        before = request.args.get("elott", type=int)
        with about.store.begin() as records:
            rows = records.find_cases(text, status, before, PAGE + 1)
            people = records.people_of([row["id"] for row in rows])
        return render_template("cases.html", rows=rows[:PAGE], more=rows[PAGE - 1]["id"] if len(rows) > PAGE else None, people=people, q=text, status=status)

    @app.get("/ugy/<reference>")
    def case(reference: str) -> str:
        with about.store.begin() as records:
            row = records.case(reference=reference.upper())
            if row is None:
                abort(404, "Nincs ilyen ügy.")
            applicants = records.case_applicants(row["id"])
            history = records.history(row["id"])
            letters = records.letters(case_id=row["id"])
            mails = [(m["id"], m["received_at"], m["kind"], bytes(m["raw"] or b"")) for m in records.mails_of(row["id"])]
            following = records.next_in_review(row["id"])
            records.journal(about.clock(), g.user, "case viewed", row["reference"])
        asked = load_request(row["request"])
        shown = [(number, at, kind, read(raw, about.office.own)) for number, at, kind, raw in mails]
        return render_template(
            "case.html",
            case=row,
            applicants=applicants,
            mails=[(number, at, kind, mail, mailview.parts(mail, asked)) for number, at, kind, mail in reversed(shown)],
            history=history,
            letters=[(letter, _text(bytes(letter["raw"]))) for letter in letters],
            following=following if following != row["reference"] else None,
            draft=hands().draft(reference) if row["status"] != "closed" else None,
        )

    @app.get("/level/<int:mail>/<what>")
    def original(mail: int, what: str) -> Response:
        with about.store.begin() as records:
            row = records.mail(mail)
            if row is None or row["raw"] is None:
                abort(404, "Nincs ilyen levél.")
            records.journal(about.clock(), g.user, "mail downloaded", str(mail))
        return send_file(io.BytesIO(bytes(row["raw"])), mimetype="application/octet-stream", as_attachment=True, download_name=f"level-{mail}.eml")

    @app.get("/kimeno")
    def letters() -> str:
        with about.store.begin() as records:
            held = records.letters_in(["held"])
            others = records.letters_in(["pending", "failed", "sent"], 60)
        return render_template("letters.html", held=[(row, _text(bytes(row["raw"]))) for row in held], others=others)

    @app.get("/kotegek")
    def batches() -> str:
        content, left_out = about.export.preview()
        with about.store.begin() as records:
            made = records.batch_list()
        return render_template("batches.html", content=content, left_out=left_out, made=made[::-1], catalogue=catalogue())

    @app.get("/koteg/<name>/<file>")
    def batch_file(name: str, file: str) -> Response:
        with about.store.begin() as records:
            row = records.batch(name)
            data = records.kept_files(row["id"]).get(file) if row is not None else None
            if data is None:
                abort(404, "Nincs ilyen fájl.")
            records.journal(about.clock(), g.user, "batch downloaded", file)
        return send_file(io.BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=file)

    @app.route("/katalogus", methods=["GET", "POST"])
    def catalogue_page() -> str:
        text, pasted = request.form.get("text", "")[:2000], request.form.get("mail", "")[:200_000]
        found = [(text[f.start : f.end], f.status, [catalogue()[p].short for p in f.programs]) for f in find_programs(text, Where.LABEL)] if text else []
        one = None
        if pasted.strip():
            raw = (
                pasted
                if "\n\n" in pasted.replace("\r", "") and pasted.lstrip()[:5].lower() in {"from:", "retur", "recei", "subje", "date:"}
                else f"From: proba@pelda.hu\nTo: aspoktatas@allamkincstar.gov.hu\nContent-Type: text/plain; charset=utf-8\n\n{pasted}"
            )
            one = explain(raw.encode(), "próba", about.office.own)
        return render_template("catalogue.html", programs=catalogue(), text=text, found=found, pasted=pasted, one=one, answer=one.to_json() if one else None)

    @app.get("/rendszer")
    def system() -> str:
        from importlib.metadata import version

        with about.store.begin() as records:
            users, journal = records.users(), records.journal_rows(60)
        checks = list(about.examine()) if request.args.get("vizsgalat") else None
        return render_template("system.html", users=users, journal=journal, checks=checks, version=version("aspoktatas-beirato"))

    @app.get("/healthz")
    def healthz() -> tuple[str, int]:
        _loopback_only()
        try:
            with about.store.begin() as records:
                marks = records.markers_like("ok:")
                stuck = records.due_since(about.clock() - dt.timedelta(seconds=_STUCK))
        except Exception:
            return "store does not answer\n", 503
        if _late(marks.get("ok:poll"), about.clock()):
            return "last successful poll is too old\n", 503
        if stuck:
            return f"{stuck} letters are due and do not go out\n", 503
        return "ok\n", 200

    @app.get("/metrics")
    def metrics() -> Response:
        _loopback_only()
        with about.store.begin() as records:
            mails = records.count_mails(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
            counts, held, failed, queued = records.count_open(), records.count_held(), records.count_failed(), records.count_queued_people()
            marks = records.markers_like("ok:")
        lines = [f'beirato_mails_total{{kind="{kind}",decision="{decision}"}} {count}' for kind, decision, count in mails]
        lines += [f'beirato_cases{{status="{status}"}} {count}' for status, count in counts.items()]
        lines += [f"beirato_letters_held {held}", f"beirato_mails_failed {failed}", f"beirato_people_queued {queued}"]
        lines += [f'beirato_last_success_seconds{{round="{key[3:]}"}} {dt.datetime.fromisoformat(value).timestamp():.0f}' for key, value in marks.items()]
        return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")

    def _loopback_only() -> None:
        if request.remote_addr not in {"127.0.0.1", "::1"}:
            abort(403)

    for code in (400, 403, 404, 409, 429, 500):
        app.register_error_handler(code, _error)


def _error(error: Any) -> tuple[str, int]:
    code = int(getattr(error, "code", 500) or 500)
    words = {403: "Ehhez nincs jogosultsága.", 404: "Nincs ilyen oldal.", 500: "Váratlan hiba történt. Próbálja újra; ha megmarad, szóljon az üzemeltetőnek."}
    described = str(getattr(error, "description", "") or "")
    own = described if any(c in described for c in "áéíóöőúüűÁÉ") else ""
    return render_template("error.html", words=own or words.get(code, "A kérés nem teljesíthető."), code=code), code


def _text(raw: bytes) -> str:
    from email import message_from_bytes, policy

    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body else ""


def _weeks(mails: list[tuple[dt.datetime, str]], now: dt.datetime) -> list[dict[str, Any]]:
    """Mails by week and decision, oldest week first; `bars`: (decision, count, per cent of the highest week)."""
    counts: dict[dt.date, Counter[str]] = {}
    monday = now.astimezone(LOCAL).date() - dt.timedelta(days=now.astimezone(LOCAL).weekday())
    for back in range(_WEEKS - 1, -1, -1):
        counts[monday - dt.timedelta(weeks=back)] = Counter()
    for at, decision in mails:
        day = at.astimezone(LOCAL).date()
        week = day - dt.timedelta(days=day.weekday())
        if week in counts:
            counts[week][decision] += 1
    most = max((sum(c.values()) for c in counts.values()), default=0) or 1
    return [{"week": week, "total": sum(c.values()), "bars": [(d, c[d], round(100 * c[d] / most)) for d in DECISION_WORDS if c[d]]} for week, c in counts.items()]
