"""What the commands share: the configuration that was named, its parts opened, and how a command ends.

Heavy modules are imported by the command that needs them, here and in the files beside: `beirato --help` and a mistyped
option answer at once (tests/test_house.py says which libraries must not be loaded for that).
"""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from processor.acts.officer import Officer
    from processor.commands.wiring import Parts
    from processor.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Soronként egy JSON-objektum.")]


@dataclass(slots=True)
class Chosen:
    """The options that stand before the command."""

    config: Path = Path("config.toml")


chosen = Chosen()  # filled in by the command's callback, before any command runs


def fail(words: str) -> NoReturn:
    """Ends the command with status 1 and a sentence on stderr."""
    typer.echo(words, err=True)
    raise typer.Exit(1)


def print_json(value: Any) -> None:
    """One line on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def settings() -> Settings:
    """The configuration that `--config` names."""
    from processor.commands.wiring import ConfigError, load

    try:
        return load(chosen.config)
    except ConfigError as error:
        fail(str(error))


def parts() -> Parts:
    """The configuration's working parts, the store open."""
    import sqlalchemy.exc

    from processor.commands import wiring

    read = settings()
    try:
        return wiring.parts(read)
    except sqlalchemy.exc.SQLAlchemyError as error:
        fail(f"Az adatbázis nem nyitható meg: {getattr(error, 'orig', None) or error}. Ellenőrizze: store.url.")


def officer() -> Officer:
    """The officer at this terminal."""
    from processor.acts.officer import Officer

    working = parts()
    return Officer(working.store, working.intake.office, working.clock, getpass.getuser())
