"""A whole Beirató for a test: a mailbox on Dovecot, an SMTP server, a store, and what a person would look at."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from processor.batches.make import Made
from processor.cases.contract import case_json
from processor.commands.wiring import Parts, load, parts
from processor.service.poll import Polled
from processor.settings import Settings
from tests.letters import DESK
from tests.servers import Dovecot, Sink

CONFIG = """\
[mailbox]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{user}"
password = "{password}"

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
sender = "ASP Oktatás <{desk}>"

[store]
url = "{store}"

[export]
folder = "exports"
recipients = ["admin@moodle.hu"]
"""


@dataclass
class Clock:
    """A clock that tests set forward."""

    now: dt.datetime = field(default_factory=lambda: dt.datetime(2026, 11, 16, 8, 0, tzinfo=dt.UTC))

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@dataclass
class Desk:
    """The parts at work, and their surroundings."""

    folder: Path
    server: Dovecot
    user: str
    sink: Sink
    clock: Clock
    settings: Settings
    parts: Parts

    def deliver(self, *mails: bytes) -> None:
        with self.imap() as imap:
            for one in mails:
                imap.append("INBOX", one)

    @contextlib.contextmanager
    def imap(self) -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.server.port, ssl=False) as imap:
            imap.plain_login(self.user, self.server.password)
            yield imap

    def poll(self) -> Polled:
        return self.parts.poll()

    def send(self) -> Counter[str]:
        return self.parts.send()

    def round(self, *mails: bytes) -> None:
        """Delivers, polls, sends."""
        self.deliver(*mails)
        self.poll()
        self.send()

    def remind(self) -> Counter[str]:
        """The reminders that are due, made and sent."""
        done = self.parts.remind()
        self.send()
        return done

    def export(self) -> Made | None:
        return next(iter(self.parts.export.make()), None)

    def cases(self, status: str | None = None) -> list[dict[str, Any]]:
        with self.parts.store.begin() as session:
            return [
                case_json(
                    row, [a["row"] for a in session.cases.applicants(row["id"])], session.mails.message_ids(row["id"])
                )
                for row in session.cases.all(status)
            ]

    def case(self) -> dict[str, Any]:
        """The only case."""
        (one,) = self.cases()
        return one

    def folders(self) -> dict[str, int]:
        """Mails by folder, empty ones left out."""
        with self.imap() as imap:
            counts = {name: imap.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for _, _, name in imap.list_folders()}
        return {name: count for name, count in counts.items() if count}


def write_config(
    folder: Path, server: Dovecot, user: str, smtp_port: int, store: str = "sqlite:///beirato.db", more: str = ""
) -> Path:
    path = folder / "config.toml"
    path.write_text(
        CONFIG.format(imap=server.port, smtp=smtp_port, user=user, password=server.password, desk=DESK, store=store)
        + more,
        encoding="utf-8",
    )
    return path


@contextlib.contextmanager
def open_desk(
    folder: Path, server: Dovecot, user: str, sink: Sink, store: str = "sqlite:///beirato.db", more: str = ""
) -> Iterator[Desk]:
    settings = load(write_config(folder, server, user, sink.port, store, more))
    clock = Clock()
    made = parts(settings, clock)
    try:
        yield Desk(folder, server, user, sink, clock, settings, made)
    finally:
        made.store.close()
