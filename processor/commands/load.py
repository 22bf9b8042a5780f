"""The commands that load tables of other systems: `beirato accounts import`, `beirato register import`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from processor.commands.wiring import Parts

_SHOWN = 20  # left-out rows that are named one by one


def register(app: typer.Typer, parts: Callable[[], Parts], fail: Callable[[str], NoReturn]) -> None:
    """Adds the two groups to the command."""
    accounts = typer.Typer(help="A Moodle-ben már meglévő felhasználók.", no_args_is_help=True)
    bodies = typer.Typer(help="Az önkormányzatok nyilvántartása.", no_args_is_help=True)

    def load(file: Path, reader: Any, keep: str, word: str) -> None:
        from processor.batches.imports import ImportFault

        try:
            loaded = reader(file)
        except ImportFault as error:
            fail(str(error))
        with parts().store.begin() as session:
            getattr(session, keep)(loaded.rows)
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

        load(file, imports.accounts, "import_accounts", "felhasználó")

    @bodies.command("import")
    def register_import(
        file: Annotated[
            Path, typer.Argument(help="Táblázat: PIR, név, vármegye, jegyző neve és címe (csv vagy xlsx).")
        ],
    ) -> None:
        """Betölti az önkormányzatok nyilvántartását. Megismételhető."""
        from processor.batches import imports

        load(file, imports.register, "import_register", "szervezet")

    # A group of one command would lose its name without a callback of its own.
    accounts.callback()(lambda: None)
    bodies.callback()(lambda: None)
    app.add_typer(accounts, name="accounts")
    app.add_typer(bodies, name="register")
