"""The configuration: one model a section of config.toml, every key with its default. Functions take the section that
they need, as it is.

Read from the file and the environment in `processor.commands.wiring`, nowhere else. A new key stands here and in
config.example.toml.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from email.utils import parseaddr
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from processor.schedule import next_due

Security = Literal["tls", "starttls", "none"]

_PROFILE_FIELD = re.compile(r"profile_field_\w{1,100}|idnumber|department|address|phone1|phone2", re.ASCII)


class Section(BaseModel):
    """A part of the configuration: an unknown key is an error, and nothing changes it once it is read."""

    model_config = ConfigDict(extra="forbid", validate_default=True, frozen=True)


class Folders(Section):
    """Where a mail goes when it has been dealt with, by decision. Made when missing."""

    queue: str = "Sorban"
    ask: str = "Hiánypótlás"
    answer: str = "Megválaszolva"
    review: str = "Ellenőrzendő"
    ignore: str = "Automatikus"
    failed: str = "Hibás"

    def of(self, decision: str) -> str:
        """Where a decision's mails go; an unknown one is for a person."""
        folders: dict[str, str] = self.model_dump()
        return folders.get(decision, self.review)


class Server(Section):
    """What the mailbox and the SMTP server have in common: where it is and how to log in."""

    host: str
    ca_file: str = ""  # a certificate authority of the office's own, PEM
    username: str = ""
    password: str = ""
    password_file: str = ""
    oauth_token_file: str = ""  # XOAUTH2: a file that holds the access token ...
    oauth_token_command: str = ""  # ... or a command that prints one

    def secret(self) -> str:
        """The password, read anew each time from its file if it has one."""
        if self.password_file:
            return Path(self.password_file).read_text(encoding="utf-8").rstrip("\r\n")
        return self.password

    def token(self) -> str:
        """The OAuth access token, asked for anew each time; empty when none is configured. OSError or SubprocessError
        when it cannot be had."""
        if self.oauth_token_command:  # the operator's own command line
            ran = subprocess.run(
                self.oauth_token_command, shell=True, capture_output=True, text=True, timeout=30, check=True
            )
            return ran.stdout.strip()
        return Path(self.oauth_token_file).read_text(encoding="utf-8").strip() if self.oauth_token_file else ""


class Mailbox(Server):
    port: int = Field(default=993, ge=1, le=65535)
    security: Security = "tls"
    username: str
    folder: str = "INBOX"
    poll_seconds: int = Field(default=60, ge=5, le=86_400)
    since: dt.date | None = None  # a first start deals with mails that arrived on this day or later
    timeout_seconds: int = Field(default=60, ge=5, le=600)
    group: int = Field(default=50, ge=1, le=500)  # mails fetched, committed and moved together
    folders: Folders = Folders()

    @property
    def name(self) -> str:
        """What the ledger calls the mailbox."""
        return f"{self.username}/{self.folder}"


class Smtp(Server):
    port: int = Field(default=587, ge=1, le=65535)
    security: Security = "starttls"
    sender: str
    timeout_seconds: int = Field(default=30, ge=1, le=600)
    retry_seconds: int = Field(default=60, ge=1)  # first delay after a temporary failure; doubles each time
    retry_most: int = Field(default=12, ge=1, le=50)  # tries; then the case goes to review

    @field_validator("sender")
    @classmethod
    def _address(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1] or "\n" in value or "\r" in value:
            raise ValueError('egy feladó kell, például "ASP Oktatás <aspoktatas@allamkincstar.gov.hu>"')
        return value

    @property
    def address(self) -> str:
        return parseaddr(self.sender)[1].lower()


class Store(Section):
    url: str = "sqlite:///beirato.db"

    @field_validator("url")
    @classmethod
    def _known(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("sqlite:///fájl vagy postgresql+psycopg://felhasználó:jelszó@gép/adatbázis kell")
        return value


class Export(Section):
    folder: Path = Path("exports")
    cron: str = "0 7 * * mon"
    recipients: list[str] = []
    notice_when_empty: bool = False
    most_rows: int = Field(default=500, ge=1, le=100_000)  # of one batch; more people make several
    closing_letter: bool = False  # to the municipality, when Moodle has confirmed everybody of its case
    profile_fields: dict[str, Literal["pir", "municipality", "county", "reference"]] = {}

    @field_validator("cron")
    @classmethod
    def _cron(cls, value: str) -> str:
        try:
            next_due(value, dt.datetime.now(dt.UTC))
        except ValueError as error:
            raise ValueError(f'öt mezős cron kifejezés kell, például "0 7 * * mon" ({error})') from error
        return value

    @field_validator("recipients")
    @classmethod
    def _addresses(cls, value: list[str]) -> list[str]:
        for one in value:
            if "@" not in parseaddr(one)[1]:
                raise ValueError(f'"{one}" nem e-mail-cím')
        return value

    @field_validator("profile_fields")
    @classmethod
    def _known_to_moodle(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:  # one bad field name and Moodle refuses every batch
            if not _PROFILE_FIELD.fullmatch(name):
                raise ValueError(
                    f'"{name}": a Moodle saját profilmezője kell (profile_field_rövidnév), vagy idnumber, department'
                )
        return value


class Replies(Section):
    mode: Literal["send", "hold"] = "send"
    acknowledge: bool = True  # a letter when everybody of a request is queued
    most_per_address_a_day: int = Field(default=5, ge=1)
    most_per_case_a_day: int = Field(default=3, ge=1)
    drafts_folder: str = ""  # held letters lie there as drafts too
    own_addresses: list[str] = []  # further addresses of the desk, beside smtp.sender


class Desk(Section):
    """The officers' web pages."""

    enabled: bool = False  # inside `beirato run` too
    host: str = "127.0.0.1"
    port: int = Field(default=8088, ge=1, le=65535)
    secure: bool = False  # behind TLS: cookies travel over it only
    session_hours: int = Field(default=10, ge=1, le=168)
    proxy: str = "127.0.0.1"  # the reverse proxy's address: its X-Forwarded headers are believed, nobody else's
    user_header: str = ""  # the proxy's header that names the user; then there is no login page


class Retention(Section):
    """Days after which personal data are erased from the store (0: never)."""

    mail_days: int = Field(default=400, ge=0)  # raw mails and letters of cases that wait for nothing
    person_days: int = Field(default=1100, ge=0)  # the people of finished cases and the content of batches


class Time(Section):
    """Working days, and local hours."""

    remind_after: int = Field(default=5, ge=0)  # 0: never
    close_after: int = Field(default=15, ge=0)
    quiet_from: int = Field(default=20, ge=0, le=24)
    quiet_to: int = Field(default=6, ge=0, le=24)


class Settings(Section):
    """The whole file."""

    mailbox: Mailbox
    smtp: Smtp
    store: Store = Store()
    export: Export = Export()
    replies: Replies = Replies()
    time: Time = Time()
    desk: Desk = Desk()
    retention: Retention = Retention()

    @model_validator(mode="after")
    def _credentials(self) -> Settings:
        box = self.mailbox
        if not (box.password or box.password_file or box.oauth_token_file or box.oauth_token_command):
            raise ValueError(
                "mailbox.password: hiányzik; adja meg ezt, "
                "vagy a password_file, oauth_token_file, oauth_token_command egyikét"
            )
        return self

    def own_addresses(self) -> frozenset[str]:
        """Every address that is the desk's own, in lower case."""
        own = {self.smtp.address, *(a.lower() for a in self.replies.own_addresses)}
        if "@" in self.mailbox.username:
            own.add(self.mailbox.username.lower())
        return frozenset(own)
