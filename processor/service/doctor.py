"""Is everything there that the work needs? Each finding says what is wrong and how to mend it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from processor.letters import smtp as outbox
from processor.letters.compose import render
from processor.mailbox import imap as mailbox
from processor.schedule import trigger
from processor.store import Store

_OLD_MAILS = 200  # so many mails in a mailbox never polled before look like an archive, not like this morning's work


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing looked at. `state`: "ok", "warning" or "error"; `words`: in Hungarian."""

    what: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Patient:
    """What is to be looked at."""

    mailbox: mailbox.Access
    folders: tuple[str, ...]
    since_is_set: bool
    smtp: outbox.Access
    store_url: str
    export_folder: Path
    cron: str


def examine(patient: Patient) -> Iterator[Checkup]:
    """Every check, whatever the others said."""
    checks: tuple[tuple[str, Callable[[Patient], Checkup]], ...] = (
        ("szabályok adatai", _rules),
        ("levélsablonok", _templates),
        ("adatbázis", _store),
        ("kötegek mappája", _exports),
        ("heti export", _schedule),
        ("postafiók", _mailbox),
        ("levélküldő", _smtp),
    )
    for what, check in checks:
        try:
            yield check(patient)
        except Exception as error:
            yield Checkup(what, "error", str(error) or type(error).__name__)


def _rules(_: Patient) -> Checkup:
    from rules.hungarian import catalogue, counties
    from rules.hungarian.names import given_names
    from rules.hungarian.offices import examples, freemail

    count = len(catalogue.programs())
    counties.names(), given_names(), freemail(), examples()
    return Checkup("szabályok adatai", "ok", f"{count} tananyag a katalógusban")


def _templates(_: Patient) -> Checkup:
    render("batch", batch="2026-W01-1", count=1, courses=1)
    render("nobatch")
    return Checkup("levélsablonok", "ok", "a sablonok olvashatók")


def _store(patient: Patient) -> Checkup:
    store = Store(patient.store_url)
    try:
        with store.begin() as session:
            session.marks.set("doctor", "ok")
            mails, cases = session.mails.count(), session.cases.count()
            failed = len(session.mails.failed())
    finally:
        store.close()
    if failed:
        return Checkup("adatbázis", "warning", f"írható; {failed} félretett levél vár: beirato cases --status failed")
    return Checkup("adatbázis", "ok", f"írható; {mails} levél, {cases} ügy")


def _exports(patient: Patient) -> Checkup:
    folder = patient.export_folder
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Checkup(
            "kötegek mappája", "error", f"nem írható: {folder}; adjon rá írási jogot, vagy módosítsa: export.folder"
        )
    return Checkup("kötegek mappája", "ok", str(folder))


def _schedule(patient: Patient) -> Checkup:
    import datetime as dt

    due = trigger(patient.cron).get_next_fire_time(None, dt.datetime.now(dt.UTC))
    if due is None:
        return Checkup("heti export", "error", f"soha nem esedékes: {patient.cron}; módosítsa: export.cron")
    return Checkup("heti export", "ok", f"legközelebb: {due:%Y-%m-%d %H:%M}")


def _mailbox(patient: Patient) -> Checkup:
    with mailbox.connect(patient.mailbox) as box:
        missing = box.missing(patient.folders)
        words = f"belépés rendben; {box.count} levél a mappában ({patient.mailbox.folder})"
        if missing:
            words += f"; az első mozgatáskor létrejönnek: {', '.join(missing)}"
        if box.count > _OLD_MAILS and not patient.since_is_set and missing:
            return Checkup(
                "postafiók",
                "warning",
                f"{words}. Ha ezek régi levelek, az első indítás előtt adja meg a mailbox.since napját, különben mindet feldolgozza",
            )
        return Checkup("postafiók", "ok", words)


def _smtp(patient: Patient) -> Checkup:
    with outbox.connect(patient.smtp):
        pass
    return Checkup("levélküldő", "ok", "belépés rendben (levelet nem küldtünk)")
