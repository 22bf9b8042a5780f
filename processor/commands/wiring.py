"""The configuration, read here and nowhere else, and the working parts that it makes.

A TOML file, overridden key by key from the environment (BEIRATO_SECTION__KEY). Every fault is reported at once, each
with its key and how to mend it.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from processor.acts.intake import Intake
from processor.acts.reminders import remind
from processor.batches.make import Export
from processor.letters.post import Office
from processor.letters.send import send
from processor.service.doctor import examine
from processor.service.poll import Polled, poll
from processor.settings import Server, Settings
from processor.store import Store
from processor.worktime import Clock

if TYPE_CHECKING:
    from processor.desk import Surroundings


class ConfigError(ValueError):
    """The configuration cannot be used; the message lists every fault, in Hungarian."""


class _Sources(Settings, BaseSettings):
    """The settings of a file (given to the constructor), the environment's first."""

    model_config = SettingsConfigDict(env_prefix="BEIRATO_", env_nested_delimiter="__", extra="forbid")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def load(path: Path) -> Settings:
    """The settings of a TOML file. Raises ConfigError; paths in the file are relative to the file's folder."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"Nincs ilyen beállításfájl: {path}. Mintája: config.example.toml.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: nem érvényes TOML: {error}") from error
    try:
        settings = _Sources(**data)
    except ValidationError as error:
        faults = "\n".join(f"  {line}" for line in _faults(error))
        raise ConfigError(f"{path}: hibás beállítások:\n{faults}") from error
    return _at(path.resolve().parent, settings)


_WORDS = {
    "missing": "hiányzik; írja be",
    "extra_forbidden": "ismeretlen kulcs; törölje vagy javítsa a nevét",
    "int_parsing": "egész szám kell",
    "int_type": "egész szám kell",
    "bool_parsing": "true vagy false kell",
    "string_type": "idézőjelek közötti szöveg kell",
    "path_type": "idézőjelek közötti szöveg kell",
    "list_type": 'lista kell, például ["a@b.hu"]',
    "date_from_datetime_parsing": "dátum kell, például 2026-11-20",
    "date_parsing": "dátum kell, például 2026-11-20",
    "literal_error": "ezek egyike kell: {expected}",
    "greater_than_equal": "a szám a megengedett tartományon kívül esik ({said})",
    "less_than_equal": "a szám a megengedett tartományon kívül esik ({said})",
}


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        key = ".".join(str(part) for part in fault["loc"])
        said = fault["msg"].removeprefix("Value error, ")
        expected = fault.get("ctx", {}).get("expected", said)
        words = _WORDS.get(fault["type"], "{said}").format(said=said, expected=expected)
        yield f"{key}: {words}" if key else words


def _at(folder: Path, settings: Settings) -> Settings:
    """Relative paths count from the configuration's folder, wherever the command is started."""
    store, export = settings.store, settings.export
    database = re.sub(r"^sqlite:///(?!/|:memory:$)(.+)", lambda found: f"sqlite:///{folder / found[1]}", store.url)
    return settings.model_copy(
        update={
            "mailbox": settings.mailbox.model_copy(update=_files(folder, settings.mailbox)),
            "smtp": settings.smtp.model_copy(update=_files(folder, settings.smtp)),
            "store": store.model_copy(update={"url": database}),
            "export": export.model_copy(update={"folder": folder / export.folder}),
        }
    )


def _files(folder: Path, server: Server) -> dict[str, str]:
    named = {key: getattr(server, key) for key in ("password_file", "oauth_token_file", "ca_file")}
    return {key: str(folder / path) for key, path in named.items() if path}


# ---------------------------------------------------------------- working parts


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that the commands work with, from one configuration; a round of each kind of work."""

    settings: Settings
    store: Store
    intake: Intake
    export: Export
    clock: Clock

    def poll(self) -> Polled:
        return poll(self.settings.mailbox, self.settings.replies, self.store, self.intake, self.clock)

    def send(self) -> Counter[str]:
        return send(self.settings.smtp, self.store, self.clock)

    def remind(self) -> Counter[str]:
        return remind(self.store, self.intake.office, self.settings.time, self.clock)


def parts(settings: Settings, clock: Clock = now) -> Parts:
    """Opens the store (and brings its tables up to date); the servers are asked for only when there is something to
    do."""
    store = Store(settings.store.url)
    intake = Intake(store, office(settings), clock)
    return Parts(settings, store, intake, Export(store, settings.export, settings.smtp, clock), clock)


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


def surroundings(working: Parts) -> Surroundings:
    """What the desk works with."""
    from processor.desk import Surroundings  # Flask, which only the commands that serve pages need

    settings = working.settings
    desk = settings.desk
    return Surroundings(
        working.store,
        working.intake.office,
        working.export,
        working.clock,
        lambda: examine(settings),
        settings.mailbox.poll_seconds,
        settings.export.cron,
        desk.secure,
        desk.session_hours,
        desk.user_header,
        desk.proxy,
        settings.export.closing_letter,
    )
