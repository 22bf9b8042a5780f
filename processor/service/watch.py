"""Whether the machine works: how each job of the daemon last went, and what is wrong now.

The overview page says it to officers, `/healthz` and `/metrics` to the machine that watches.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from processor.schedule import missed
from processor.store import Transaction

JOBS = {
    "poll": "a postafiók átnézése",
    "send": "levelek küldése",
    "remind": "emlékeztetők, lezárás",
    "export": "köteg készítése",
    "retention": "lejárt adatok törlése",
}
STUCK = dt.timedelta(minutes=30)  # a letter due, or a job at work, for longer than that is stuck
_SHORTEST_LATE = 600  # seconds without a poll that no configuration makes too long
_MISSED_POLLS = 10
_EXPORT_GRACE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job last went. `ended` is None while it is at work; `seconds`: how long it took; `failures`: in a row."""

    name: str
    begun: dt.datetime
    ended: dt.datetime | None = None
    seconds: float = 0.0
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """`code`: for machines, in English; `words`: for officers; `grave`: the machine that watches is to raise an
    alarm."""

    code: str
    words: str
    grave: bool = True


def note_job(session: Transaction, state: JobState) -> None:
    """Writes down how a job goes."""
    kept = {
        "begun": state.begun.isoformat(),
        "ended": state.ended.isoformat() if state.ended else None,
        "seconds": round(state.seconds, 3),
        "failures": state.failures,
    }
    session.marks.set(f"job:{state.name}", json.dumps(kept))


def jobs(session: Transaction) -> list[JobState]:
    """The jobs that ever ran in this store's daemon, in the order of JOBS."""
    kept = session.marks.like("job:")
    return [_state(name, kept[f"job:{name}"]) for name in JOBS if f"job:{name}" in kept]


def _state(name: str, value: str) -> JobState:
    kept = json.loads(value)
    ended = dt.datetime.fromisoformat(kept["ended"]) if kept["ended"] else None
    return JobState(name, dt.datetime.fromisoformat(kept["begun"]), ended, kept["seconds"], kept["failures"])


def troubles(session: Transaction, now: dt.datetime, poll_seconds: int, cron: str) -> list[Trouble]:
    """What is wrong, the gravest first."""
    found = [
        *_polling(session, now, poll_seconds),
        *_sending(session, now),
        *(trouble for job in jobs(session) if (trouble := _job(job, now))),
        *_batch(session, now, cron),
        *_failed_mails(session),
    ]
    return sorted(found, key=lambda trouble: not trouble.grave)


def _polling(session: Transaction, now: dt.datetime, poll_seconds: int) -> Iterator[Trouble]:
    last = session.marks.get("ok:poll")
    late = max(_SHORTEST_LATE, poll_seconds * _MISSED_POLLS)
    if last is None:
        yield Trouble("never polled", "A program még egyszer sem nézte át a postafiókot.")
    elif (now - dt.datetime.fromisoformat(last)).total_seconds() > late:
        yield Trouble("last successful poll is too old", "A postafiókot régóta nem sikerült átnézni.")


def _sending(session: Transaction, now: dt.datetime) -> Iterator[Trouble]:
    if stuck := session.outbox.due_since(now - STUCK):
        yield Trouble(
            f"{stuck} letters are due and do not go out",
            f"{stuck} levél fél óránál régebben vár küldésre, és nem megy ki.",
        )


def _job(job: JobState, now: dt.datetime) -> Trouble | None:
    if job.ended is None and now - job.begun > STUCK:
        return Trouble(f"job {job.name} is stuck", f"Elakadt: {JOBS[job.name]}.")
    if job.failures:
        words = f"Nem sikerül: {JOBS[job.name]} ({job.failures}. próbálkozás)."
        return Trouble(f"job {job.name} fails", words, grave=False)
    return None


def _batch(session: Transaction, now: dt.datetime, cron: str) -> Iterator[Trouble]:
    made = session.marks.get("export:last")
    if made is not None and missed(cron, dt.datetime.fromisoformat(made), now - _EXPORT_GRACE):
        yield Trouble("the batch is overdue", "Az esedékes köteg nem készült el.")


def _failed_mails(session: Transaction) -> Iterator[Trouble]:
    if failed := session.mails.count_failed():
        yield Trouble(
            f"{failed} mails failed",
            f"{failed} levéllel nem boldogult a program; az üzemeltető újra megpróbálhatja (beirato retry --all).",
            grave=False,
        )
