"""The pages that officers work with: overview, cases, a case, letters, batches."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, g, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from processor.acts.officer import Officer
from processor.cases.vocabulary import DECISION_WORDS, FIELD_WORDS
from processor.desk import casepage, mailview
from processor.letters.wire import text_of
from processor.reading import read
from processor.schedule import next_due
from processor.service.figures import codes_of
from processor.service.watch import troubles
from processor.store import requests
from processor.store.rows import CaseRow, LetterRow
from processor.worktime import LOCAL
from rules.hungarian.catalogue import programs as catalogue
from rules.model import Open

if TYPE_CHECKING:
    from processor.desk import Surroundings

PAGE = 50  # cases on a page
_WEEKS = 8
_MOST_WAITING = 12  # cases on the overview
_MOST_MISSING = 6  # lines of the chart
_LISTED = ("review", "waiting", "queued", "answered", "closed")


def add(app: Flask, about: Surroundings) -> None:
    @app.get("/")
    def overview() -> str:
        now = about.clock()
        with about.store.begin() as records:
            waiting = records.cases.find(status="review", oldest=True, limit=_MOST_WAITING)
            people = records.cases.people_of([row["id"] for row in waiting])
            counts = records.cases.count_by_status()
            mails = records.mails.by_week(now - dt.timedelta(weeks=_WEEKS))
            extra = {"held": records.outbox.count_held(), "queued": records.cases.count_queued_people()}
            marks = records.marks.like("ok:")
            missing = codes_of(records.cases.opened_since(now - dt.timedelta(weeks=_WEEKS)))
            wrong = troubles(records, now, about.poll_seconds, about.cron)
        return render_template(
            "overview.html",
            waiting=waiting,
            people=people,
            counts=counts,
            weeks=_weeks(mails, now),
            lately=_lately(mails, now),
            extra=extra,
            poll=marks.get("ok:poll"),
            send=marks.get("ok:send"),
            due=next_due(about.cron, now),
            missing=missing.most_common(_MOST_MISSING),
            wrong=wrong,
        )

    @app.get("/ugyek")
    def cases() -> str:
        text, status, kind = (
            request.args.get("q", "")[:200],
            request.args.get("allapot", ""),
            request.args.get("fajta", ""),
        )
        before = min(request.args.get("elott", type=int) or 0, 1 << 62) or None
        with about.store.begin() as records:
            rows = records.cases.find(text, status, before, PAGE + 1, kind=kind)
            people = records.cases.people_of([row["id"] for row in rows])
        more = rows[PAGE - 1]["id"] if len(rows) > PAGE else None
        return render_template(
            "cases.html",
            rows=rows[:PAGE],
            more=more,
            later=before is not None,
            people=people,
            q=text,
            status=status,
            kind=kind,
            statuses=_LISTED,
        )

    @app.get("/ugy/<reference>")
    def case(reference: str) -> str:
        with about.store.begin() as records:
            row = records.cases.get(reference=reference.upper())
            if row is None:
                abort(404, "Nincs ilyen ügy.")
            applicants = records.cases.applicants(row["id"])
            history = records.cases.history(row["id"])
            letters = records.outbox.letters(case_id=row["id"])
            mails = [
                (m["id"], m["received_at"], m["kind"], bytes(m["raw"] or b"")) for m in records.mails.of_case(row["id"])
            ]
            following = records.cases.next_in_review(row["id"])
            batches = {one["id"]: one["name"] for one in records.batches.all()}
            records.users.journal(about.clock(), g.user, "case viewed", row["reference"])
        asked = requests.load(row["request"])
        return render_template(
            "case.html",
            case=row,
            applicants=casepage.applicants(applicants, batches),
            clerk_said=row["kind"] in {"registration", "completion"}
            and bool(applicants)
            and not any(code.startswith("clerk.") for code in row["problems"]),
            mails=[
                (number, at, kind, mailview.show(raw, about.office.own, asked))
                for number, at, kind, raw in reversed(mails)
                if raw
            ],
            left_open=asked.open
            or ((Open(asked.sender.address if asked.sender else "–", "fejléc", asked.doubt),) if asked.doubt else ()),
            history=history,
            letters=[(letter, _letter(bytes(letter["raw"]))) for letter in letters],
            following=following if following != row["reference"] else None,
            draft=Officer(about.store, about.office, about.clock, g.user).draft(row["reference"])
            if _unsaid(row, letters)
            else None,
        )

    @app.get("/kimeno")
    def letters() -> str:
        with about.store.begin() as records:
            held = records.outbox.in_states(["held"])[::-1]
            others = records.outbox.in_states(["pending", "failed", "sent"], 60)
            references = records.cases.references(
                [row["case_id"] for row in (*held, *others) if row["case_id"] is not None]
            )
            people = records.cases.people_of([row["case_id"] for row in held if row["case_id"] is not None])
            records.users.journal(about.clock(), g.user, "letters viewed")
        return render_template(
            "letters.html",
            people=people,
            held=[(row, _letter(bytes(row["raw"]))) for row in held],
            others=others,
            references=references,
        )

    @app.get("/kotegek")
    def batches() -> str:
        content, left_out = about.export.preview()
        with about.store.begin() as records:
            made = records.batches.all()
            records.users.journal(about.clock(), g.user, "batches viewed")
        return render_template(
            "batches.html",
            content=content,
            left_out=left_out,
            made=made[::-1],
            catalogue=catalogue(),
            due=next_due(about.cron, about.clock()),
        )

    for code in (400, 401, 403, 404, 405, 409, 413, 429, 500):
        app.register_error_handler(code, _error)


def _unsaid(case: CaseRow, letters: list[LetterRow]) -> bool:
    """Whether the municipality may have to hear something: the case changed after our last letter, or it waits for an
    answer; no letter waits."""
    if case["status"] in {"closed", "answered"} or any(letter["state"] == "held" for letter in letters):
        return False
    last = max((letter["created_at"] for letter in letters if letter["state"] in {"sent", "pending"}), default=None)
    return case["status"] in {"waiting", "review"} or last is None or last < case["updated_at"]


_WORDS = {
    403: "Ehhez nincs jogosultsága.",
    404: "Nincs ilyen oldal.",
    405: "Ez az oldal csak egy gomb megnyomásával érhető el; lépjen vissza, és nyomja meg újra.",
    413: "A feltöltött fájl túl nagy.",
    500: "Váratlan hiba történt. Próbálja újra; ha megmarad, szóljon az üzemeltetőnek.",
}
_INPUT_WORDS = {
    "text": "a levél szövege",
    "reason": "indoklás",
    "other": "másik ügy",
    "pasted": "bemásolt eredmény",
    **{f"f-{field}": word for field, word in FIELD_WORDS.items()},
}


def _error(error: Any) -> tuple[str, int]:
    code = int(getattr(error, "code", 500) or 500)
    own = str(getattr(error, "description", "") or "") if isinstance(error, HTTPException) else ""
    return failure(code, own if any(c in own for c in "áéíóöőúüűÁÉ") else _WORDS.get(code, "A kérés nem teljesíthető."))


def failure(code: int, words: str) -> tuple[str, int]:
    """A page that says what went wrong, and gives back what the officer had written: nothing is lost."""
    written = [
        (word, request.form[name].strip())
        for name, word in _INPUT_WORDS.items()
        if code != 413 and request.method == "POST" and request.form.get(name, "").strip()
    ]
    if "user" not in g:
        g.user, g.role = None, None
    referrer = request.referrer or ""
    return render_template(
        "error.html",
        words=words,
        code=code,
        written=written,
        back=referrer if referrer.startswith(request.host_url) else url_for("overview"),
    ), code


def _letter(raw: bytes) -> dict[str, str]:
    """A letter's subject, addressee and text; empty when it was erased."""
    if not raw:
        return {"subject": "", "to": "", "text": ""}
    mail = read(raw)
    return {"subject": mail.subject, "to": ", ".join(p.address for p in mail.to), "text": text_of(raw)}


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _weeks(mails: list[tuple[dt.datetime, str]], now: dt.datetime) -> list[dict[str, Any]]:
    """Mails by week and decision, oldest week first; `bars`: (decision, count, per cent of the highest week)."""
    this = _monday(now.astimezone(LOCAL).date())
    counts: dict[dt.date, Counter[str]] = {
        this - dt.timedelta(weeks=back): Counter() for back in range(_WEEKS - 1, -1, -1)
    }
    for at, decision in mails:
        week = _monday(at.astimezone(LOCAL).date())
        if week in counts:
            counts[week][decision] += 1
    most = max((sum(c.values()) for c in counts.values()), default=0) or 1
    return [
        {
            "week": week,
            "total": sum(c.values()),
            "bars": [(d, c[d], round(100 * c[d] / most)) for d in DECISION_WORDS if c[d]],
        }
        for week, c in counts.items()
    ]


def _lately(mails: list[tuple[dt.datetime, str]], now: dt.datetime) -> list[tuple[str, Counter[str]]]:
    """Today's and this week's mails by decision."""
    today = now.astimezone(LOCAL).date()
    days = [(at.astimezone(LOCAL).date(), decision) for at, decision in mails]
    return [
        ("Ma", Counter(d for day, d in days if day == today)),
        ("Ezen a héten", Counter(d for day, d in days if _monday(day) == _monday(today))),
    ]
