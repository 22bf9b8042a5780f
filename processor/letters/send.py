"""One round of sending: every letter that is due, each with its own commit. Each step can be repeated after a crash
at any line."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import structlog

from processor.cases.states import LetterState, Status
from processor.letters.smtp import Outcome, Sending, connect
from processor.settings import Smtp
from processor.store import Store, Transaction
from processor.store.rows import LetterRow
from processor.worktime import Clock

log = structlog.get_logger()

_LONGEST_DELAY = 6 * 3600  # seconds
_AT_ONCE = 50  # letters read from the store


def _never() -> bool:
    return False


def send(smtp: Smtp, store: Store, clock: Clock, stop: Callable[[], bool] = _never) -> Counter[str]:
    """Every letter that is due, each with its own commit; how many were sent, put off and given up. OutboxError when
    the server is away."""
    done: Counter[str] = Counter()
    if not _due(store, clock, 1):
        store.note_round("send", clock())
        return done
    with connect(smtp) as line:
        while not stop() and (letters := _due(store, clock, _AT_ONCE)):
            for letter in letters:
                if stop():
                    return done
                outcome = line.send(letter["envelope_sender"], letter["recipients"], bytes(letter["raw"]))
                done[_settle(smtp, store, letter, outcome, clock())] += 1
    store.note_round("send", clock())
    return done


def _due(store: Store, clock: Clock, limit: int) -> list[LetterRow]:
    with store.read() as session:
        return session.outbox.due(clock(), limit)


def _settle(smtp: Smtp, store: Store, letter: LetterRow, outcome: Outcome, now: dt.datetime) -> Sending:
    """Writes down what became of a letter. Killed before this, it is sent again with the same Message-ID."""
    attempts = letter["attempts"] + 1
    with store.begin() as session:
        if outcome.state == Sending.SENT:
            session.outbox.set(letter["id"], state=LetterState.SENT, attempts=attempts, sent_at=now, trouble=None)
            return Sending.SENT
        if outcome.state == Sending.RETRY and attempts < smtp.retry_most:
            seconds = min(smtp.retry_seconds * 2 ** (attempts - 1), _LONGEST_DELAY)
            next_try = now + dt.timedelta(seconds=seconds)
            session.outbox.set(letter["id"], attempts=attempts, next_try=next_try, trouble=outcome.reason)
            log.warning("letter_put_off", letter=letter["id"], attempts=attempts, seconds=seconds)
            return Sending.RETRY
        _give_up(session, letter, attempts, outcome.reason, now)
        return Sending.FAILED


def _give_up(session: Transaction, letter: LetterRow, attempts: int, reason: str, now: dt.datetime) -> None:
    """The letter will not go; its case is a person's."""
    session.outbox.set(letter["id"], state=LetterState.FAILED, attempts=attempts, trouble=reason)
    log.error("letter_given_up", letter=letter["id"], attempts=attempts)
    if letter["case_id"] is not None:
        note = f"A válaszlevelet nem sikerült elküldeni: {reason}"
        session.cases.update(letter["case_id"], now, status=Status.REVIEW, note=note)
        session.cases.note(letter["case_id"], now, "not_sent", reason)
