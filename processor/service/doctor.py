"""Is everything there that the work needs? Each finding says what is wrong and how to mend it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from processor.letters import smtp
from processor.letters.compose import render
from processor.mailbox import imap
from processor.schedule import next_due
from processor.settings import Settings
from processor.store import Store
from rules.hungarian import catalogue, counties
from rules.hungarian.names import given_names
from rules.hungarian.offices import examples, freemail

_OLD_MAILS = 200  # so many mails in a mailbox never polled before look like an archive, not like this morning's work


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing looked at. `state`: "ok", "warning" or "error"; `words`: in Hungarian."""

    what: str
    state: str
    words: str


def examine(settings: Settings) -> Iterator[Checkup]:
    """Every check, whatever the others said."""
    checks: tuple[tuple[str, Callable[[Settings], Checkup]], ...] = (
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
            yield check(settings)
        except Exception as error:
            yield Checkup(what, "error", str(error) or type(error).__name__)


def _rules(_: Settings) -> Checkup:
    """Loading the data is the check: a faulty line raises."""
    counties.names(), given_names(), freemail(), examples()
    return Checkup("szabályok adatai", "ok", f"{len(catalogue.programs())} tananyag a katalógusban")


def _templates(_: Settings) -> Checkup:
    render("batch", batch="2026-W01-1", count=1, courses=1)
    render("nobatch")
    return Checkup("levélsablonok", "ok", "a sablonok olvashatók")


def _store(settings: Settings) -> Checkup:
    store = Store(settings.store.url)
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


def _exports(settings: Settings) -> Checkup:
    folder = settings.export.folder
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Checkup(
            "kötegek mappája", "error", f"nem írható: {folder}; adjon rá írási jogot, vagy módosítsa: export.folder"
        )
    return Checkup("kötegek mappája", "ok", str(folder))


def _schedule(settings: Settings) -> Checkup:
    due = next_due(settings.export.cron, dt.datetime.now(dt.UTC))
    if due is None:
        return Checkup("heti export", "error", f"soha nem esedékes: {settings.export.cron}; módosítsa: export.cron")
    return Checkup("heti export", "ok", f"legközelebb: {due:%Y-%m-%d %H:%M}")


def _mailbox(settings: Settings) -> Checkup:
    mailbox = settings.mailbox
    with imap.connect(mailbox) as box:
        missing = box.folders.missing(mailbox.folders.model_dump().values())
        count = box.count
    words = f"belépés rendben; {count} levél a mappában ({mailbox.folder})"
    if missing:
        words += f"; az első mozgatáskor létrejönnek: {', '.join(missing)}"
    if missing and count > _OLD_MAILS and mailbox.since is None:
        words += (
            ". Ha ezek régi levelek, az első indítás előtt adja meg a mailbox.since napját, különben mindet feldolgozza"
        )
        return Checkup("postafiók", "warning", words)
    return Checkup("postafiók", "ok", words)


def _smtp(settings: Settings) -> Checkup:
    with smtp.connect(settings.smtp):
        pass
    return Checkup("levélküldő", "ok", "belépés rendben (levelet nem küldtünk)")
