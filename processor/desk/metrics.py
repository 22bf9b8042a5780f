"""Figures for the machine that watches, read from the store at the moment when it asks; of no person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from processor.cases.states import LetterState
from processor.service.watch import jobs
from processor.store import Store, Transaction

_BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # before the first mail


def registry(store: Store) -> CollectorRegistry:
    """One for each application; the library's own, which tells of the process, stays out of it."""
    made = CollectorRegistry()
    made.register(_Figures(store))
    return made


class _Figures(Collector):
    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterable[Metric]:
        with self._store.read() as records:
            return [*_mails(records), *_cases_and_letters(records), *_work(records)]


def _mails(records: Transaction) -> Iterator[Metric]:
    total = CounterMetricFamily("beirato_mails", "Mails dealt with.", labels=["kind", "decision"])
    for kind, decision, count in records.mails.count_since(_BEGINNING):
        total.add_metric([kind, decision], count)
    yield total
    yield GaugeMetricFamily(
        "beirato_mails_failed", "Mails that the program could not deal with.", records.mails.count_failed()
    )


def _cases_and_letters(records: Transaction) -> Iterator[Metric]:
    counts, letters = records.cases.count_by_status(), records.outbox.count_by_state()
    yield _gauge("beirato_cases", "Cases by status.", "status", counts.items())
    states = [(state, letters.get(state, 0)) for state in LetterState]
    yield _gauge("beirato_letters", "Letters of ours by state.", "state", states)
    yield GaugeMetricFamily("beirato_people_queued", "People in the next batch.", records.cases.count_queued_people())


def _work(records: Transaction) -> Iterator[Metric]:
    """Of the daemon: when its rounds last succeeded (seconds since 1970), how its jobs last went."""
    succeeded = [
        (key.removeprefix("ok:"), round(dt.datetime.fromisoformat(at).timestamp()))
        for key, at in records.marks.like("ok:").items()
    ]
    states = jobs(records)
    durations, failures = [(job.name, job.seconds) for job in states], [(job.name, job.failures) for job in states]
    yield _gauge("beirato_last_success_seconds", "When a round last succeeded.", "round", succeeded)
    yield _gauge("beirato_job_duration_seconds", "How long a job last took.", "job", durations)
    yield _gauge("beirato_job_failures", "How often a job failed in a row.", "job", failures)


def _gauge(name: str, words: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    made = GaugeMetricFamily(name, words, labels=[label])
    for value, number in values:
        made.add_metric([value], number)
    return made
