"""The commands that load tables of other systems: `beirato accounts import`, `beirato register import`.

Heavy modules are imported by the command that needs them (`terminal` says why).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from processor.commands import terminal
from processor.commands.terminal import fail

if TYPE_CHECKING:
    from processor.batches.imports import Loaded
    from processor.store import Transaction

_SHOWN = 20  # left-out rows that are named one by one

accounts = typer.Typer(help="A Moodle-ben már meglévő felhasználók.", no_args_is_help=True)
register = typer.Typer(help="Az önkormányzatok nyilvántartása.", no_args_is_help=True)
# A group of one command would lose its name without a callback of its own.
accounts.callback()(lambda: None)
register.callback()(lambda: None)


def _load(
    file: Path, read: Callable[[Path], Loaded], keep: Callable[[Transaction, Sequence[Any]], object], word: str
) -> None:
    from processor.batches.imports import ImportFault

    try:
        loaded = read(file)
    except ImportFault as error:
        fail(str(error))
    with terminal.parts().store.begin() as session:
        keep(session, loaded.rows)
    for line in loaded.left_out[:_SHOWN]:
        typer.echo(line, err=True)
    if len(loaded.left_out) > _SHOWN:
        typer.echo(f"... és még {len(loaded.left_out) - _SHOWN} kihagyott sor", err=True)
    typer.echo(f"{len(loaded.rows)} {word} betöltve, {len(loaded.left_out)} sor kihagyva.")


@accounts.command("import")
def accounts_import(
    file: Annotated[Path, typer.Argument(help="A Moodle felhasználólistája (csv vagy xlsx).")],
) -> None:
    """Betölti a Moodle-ben már meglévő felhasználókat. Megismételhető."""
    from processor.batches import imports

    _load(file, imports.accounts, lambda session, rows: session.known.import_accounts(rows), "felhasználó")


@register.command("import")
def register_import(
    file: Annotated[Path, typer.Argument(help="Táblázat: PIR, név, vármegye, jegyző neve és címe (csv vagy xlsx).")],
) -> None:
    """Betölti az önkormányzatok nyilvántartását. Megismételhető."""
    from processor.batches import imports

    _load(file, imports.register, lambda session, rows: session.known.import_register(rows), "szervezet")
