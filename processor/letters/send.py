"""One round of sending: every letter that is due, each with its own commit. Each step can be repeated after a crash
at any line."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from processor.letters import smtp
from processor.store import Store
from processor.store.rows import LetterRow
from processor.worktime import Clock

log = structlog.get_logger()


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Sending:
    """How letters are sent. `retry_seconds`: the first delay, doubled each time; `retry_most`: tries."""

    access: smtp.Access
    retry_seconds: int = 60
    retry_most: int = 12


_LONGEST_DELAY = 6 * 3600  # seconds


def send(sending: Sending, store: Store, clock: Clock, stop: Callable[[], bool] = _never) -> Counter[str]:
    """Every letter that is due, each with its own commit; how many were sent, put off and given up. OutboxError when
    the server is away."""
    done: Counter[str] = Counter()
    if not _due(store, clock, 1):
        store.note_round("send", clock())
        return done
    with smtp.connect(sending.access) as line:
        while not stop() and (letters := _due(store, clock, 50)):
            for letter in letters:
                if stop():
                    return done
                outcome = line.send(letter["envelope_sender"], letter["recipients"], bytes(letter["raw"]))
                done[_settle(sending, store, letter, outcome, clock())] += 1
    store.note_round("send", clock())
    return done


def _due(store: Store, clock: Clock, limit: int) -> list[LetterRow]:
    with store.begin() as session:
        return session.outbox.due(clock(), limit)


def _settle(sending: Sending, store: Store, letter: LetterRow, outcome: smtp.Outcome, now: dt.datetime) -> str:
    """Writes down what became of a letter. Killed before this, it is sent again with the same Message-ID."""
    attempts = letter["attempts"] + 1
    state = outcome.state
    with store.begin() as session:
        if state == "retry" and attempts < sending.retry_most:
            delay = min(sending.retry_seconds * 2 ** (attempts - 1), _LONGEST_DELAY)
            session.outbox.set(
                letter["id"], attempts=attempts, next_try=now + dt.timedelta(seconds=delay), trouble=outcome.reason
            )
            log.warning("letter_put_off", letter=letter["id"], attempts=attempts, seconds=delay)
            return "retry"
        if state == "sent":
            session.outbox.set(letter["id"], state="sent", attempts=attempts, sent_at=now, trouble=None)
            return "sent"
        session.outbox.set(letter["id"], state="failed", attempts=attempts, trouble=outcome.reason)
        log.error("letter_given_up", letter=letter["id"], attempts=attempts)
        if letter["case_id"] is not None:
            session.cases.update(
                letter["case_id"],
                now,
                status="review",
                note=f"A válaszlevelet nem sikerült elküldeni: {outcome.reason}",
            )
            session.cases.note(letter["case_id"], now, "not_sent", outcome.reason)
        return "failed"
