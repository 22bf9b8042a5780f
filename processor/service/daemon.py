"""The daemon. Polling, sending and the weekly export on APScheduler, one at a time; trouble is logged, backed off
from, and survived."""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from processor.acts.intake import Intake
from processor.acts.reminders import remind
from processor.acts.retention import expire
from processor.batches.make import Export
from processor.letters.send import send
from processor.schedule import missed
from processor.service.poll import poll
from processor.service.watch import JobState, jobs, note_job
from processor.settings import Settings
from processor.store import Store
from processor.store.engine import only_daemon
from processor.worktime import LOCAL, Clock

log = structlog.get_logger()

SEND_SECONDS = 15  # how often the outbox is looked at, beside right after each poll
REMIND_SECONDS = 600  # how often overdue cases are looked for
_LONGEST_PAUSE = 900  # seconds between tries while a server is away
_MOST_DOUBLINGS = 10  # beyond the longest pause anyway


class Job:
    """A round that backs off when it fails: `pause` (seconds) doubles up to a quarter of an hour, and success ends
    it."""

    def __init__(self, name: str, round_: Callable[[], object], pause: float, clock: Clock, store: Store) -> None:
        self.name, self._round, self._pause, self._clock, self._store = name, round_, pause, clock, store
        self._failures = 0
        self._not_before: dt.datetime | None = None

    def __call__(self) -> bool:
        """Whether the round was run and went well."""
        if self._not_before is not None and self._clock() < self._not_before:
            return False
        begun, started = self._clock(), time.monotonic()
        try:
            self._note(JobState(self.name, begun, failures=self._failures))
            self._round()
            self._note(JobState(self.name, begun, self._clock(), time.monotonic() - started))
        except Exception as error:
            self._failures += 1
            with contextlib.suppress(Exception):  # the store may be what is away
                self._note(JobState(self.name, begun, self._clock(), time.monotonic() - started, self._failures))
            self._back_off(error)
            return False
        self._failures, self._not_before = 0, None
        return True

    def _back_off(self, error: Exception) -> None:
        pause = min(self._pause * 2 ** min(self._failures, _MOST_DOUBLINGS), _LONGEST_PAUSE)
        self._not_before = self._clock() + dt.timedelta(seconds=pause)
        log.error(
            "round_failed",
            job=self.name,
            failures=self._failures,
            pause_seconds=pause,
            error=str(error),
            kind=type(error).__name__,
        )
        log.debug("round_failed_details", exc_info=error)

    def _note(self, state: JobState) -> None:
        with self._store.begin() as session:
            note_job(session, state)


class Daemon:
    """Everything that runs by itself. `run()` returns after SIGTERM or SIGINT, when the round at work has ended."""

    def __init__(self, settings: Settings, store: Store, intake: Intake, export: Export, clock: Clock) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._stop = threading.Event()
        stop = self._stop.is_set
        every = settings.mailbox.poll_seconds

        def job(name: str, pause: float, round_: Callable[[], object]) -> Job:
            return Job(name, round_, pause, clock, store)

        self._poll = job("poll", every, lambda: poll(settings.mailbox, settings.replies, store, intake, clock, stop))
        self._send = job("send", SEND_SECONDS, lambda: send(settings.smtp, store, clock, stop))
        self._remind = job("remind", 60, lambda: remind(store, intake.office, settings.time, clock))
        self._expire = job("retention", 3600, lambda: (expire(store, settings.retention, clock), export.forget()))
        self._make = job("export", 60, export.make)
        self._restore = job("restore", 60, export.restore)

    def run(self) -> None:
        """Works until it is told to stop. StoreBusy when another daemon has the store."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        with only_daemon(self._store.engine):
            self._end_stale_jobs()
            self._restore()
            scheduler = self._scheduler()
            scheduler.start()
            log.info("daemon_started", poll_seconds=self._settings.mailbox.poll_seconds)
            self._stop.wait()
            log.info("daemon_stopping")
            scheduler.shutdown(wait=True)
        log.info("daemon_stopped")

    def _end_stale_jobs(self) -> None:
        """Jobs that were at work when a daemon was killed are not at work any more."""
        with self._store.begin() as session:
            for job in jobs(session):
                if job.ended is None:
                    note_job(session, replace(job, ended=self._clock(), failures=job.failures + 1))

    def _scheduler(self) -> Any:
        # One worker: rounds never overlap, so that the order of a mail's steps is the order in which they are written
        # down.
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=LOCAL,
        )
        first = dt.datetime.now(dt.UTC)
        every = self._settings.mailbox.poll_seconds
        scheduler.add_job(self._poll_and_send, "interval", seconds=every, next_run_time=first)
        scheduler.add_job(self._send, "interval", seconds=SEND_SECONDS)
        scheduler.add_job(self._remind, "interval", seconds=REMIND_SECONDS, next_run_time=first)
        scheduler.add_job(self._expire, "interval", hours=24, next_run_time=first + dt.timedelta(minutes=5))
        scheduler.add_job(self._export_if_due, "interval", seconds=30, next_run_time=first)
        return scheduler

    def _poll_and_send(self) -> None:
        self._poll()
        if not self._stop.is_set():
            self._send()

    def _export_if_due(self) -> None:
        """Due by the time of the last export that the store knows, so that one missed while the machine was off is
        made up for, once."""
        with self._store.begin() as session:
            last = session.marks.get("export:last")
            if last is None:  # a first start makes no batch before the first due time
                session.marks.set("export:last", self._clock().isoformat())
                return
        if missed(self._settings.export.cron, dt.datetime.fromisoformat(last), self._clock()):
            self._make()
