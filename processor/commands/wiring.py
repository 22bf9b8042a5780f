"""Settings to working parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from processor.acts.intake import Intake
from processor.acts.reminders import Patience
from processor.acts.retention import Periods
from processor.batches.make import Export, Plan
from processor.letters import smtp as outbox
from processor.letters.post import Office
from processor.letters.send import Sending
from processor.mailbox import imap as mailbox
from processor.service.doctor import Patient, examine
from processor.service.poll import Polling
from processor.settings import Settings
from processor.store import Store

if TYPE_CHECKING:
    from processor.desk import Surroundings


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that the commands work with, from one configuration."""

    settings: Settings
    store: Store
    intake: Intake
    polling: Polling
    sending: Sending
    export: Export
    patience: Patience
    periods: Periods


def mailbox_access(settings: Settings) -> mailbox.Access:
    box = settings.mailbox
    return mailbox.Access(
        box.host,
        box.port,
        box.security,
        box.username,
        box.secret,
        box.token,
        box.folder,
        box.ca_file,
        box.timeout_seconds,
    )


def smtp_access(settings: Settings) -> outbox.Access:
    smtp = settings.smtp
    return outbox.Access(
        smtp.host, smtp.port, smtp.security, smtp.username, smtp.secret, smtp.token, smtp.ca_file, smtp.timeout_seconds
    )


def office(settings: Settings) -> Office:
    replies = settings.replies
    return Office(
        settings.smtp.sender,
        settings.smtp.address,
        settings.own_addresses(),
        hold=replies.mode == "hold",
        acknowledge=replies.acknowledge,
        most_per_address=replies.most_per_address_a_day,
        most_per_case=replies.most_per_case_a_day,
    )


def parts(settings: Settings) -> Parts:
    """Opens the store (and brings its tables up to date); the servers are asked for only when there is something to
    do."""
    store = Store(settings.store.url)
    box, export = settings.mailbox, settings.export
    plan = Plan(
        Path(export.folder),
        settings.smtp.sender,
        settings.smtp.address,
        tuple(export.recipients),
        export.notice_when_empty,
        export.profile_fields,
        export.most_rows,
    )
    return Parts(
        settings,
        store,
        Intake(store, office(settings), now),
        Polling(
            mailbox_access(settings), box.folders.model_dump(), box.group, box.since, settings.replies.drafts_folder
        ),
        Sending(smtp_access(settings), settings.smtp.retry_seconds, settings.smtp.retry_most),
        Export(store, plan, now),
        Patience(
            settings.time.remind_after, settings.time.close_after, settings.time.quiet_from, settings.time.quiet_to
        ),
        Periods(settings.retention.mail_days, settings.retention.person_days),
    )


def patient(settings: Settings) -> Patient:
    """What doctor looks at."""
    box = settings.mailbox
    return Patient(
        mailbox_access(settings),
        tuple(box.folders.model_dump().values()),
        box.since is not None,
        smtp_access(settings),
        settings.store.url,
        Path(settings.export.folder),
        settings.export.cron,
    )


def surroundings(working: Parts) -> Surroundings:
    """What the desk works with."""
    from processor.desk import Surroundings

    settings = working.settings
    desk = settings.desk
    return Surroundings(
        working.store,
        working.intake.office,
        working.export,
        now,
        lambda: examine(patient(settings)),
        settings.mailbox.poll_seconds,
        settings.export.cron,
        desk.secure,
        desk.session_hours,
        desk.user_header,
        desk.proxy,
        settings.export.closing_letter,
    )
