"""Batches and numbers: `beirato export`, `beirato batches ...`, `beirato stats`.

Heavy modules are imported by the command that needs them (`terminal` says why).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from processor.commands import terminal
from processor.commands.terminal import AsJson, fail, print_json

if TYPE_CHECKING:
    from processor.store.rows import BatchRow

app = typer.Typer(help="Az elkészült kötegek, és a Moodle visszaigazolása.")


def export(
    preview: Annotated[bool, typer.Option("--preview", help="Csak megmutatja, mi lenne benne.")] = False,
) -> None:
    """Most elkészíti a köteget, és kiírja a fájlok útját."""
    from processor.commands import view

    parts = terminal.parts()
    if preview:
        view.console().print(view.preview(*parts.export.preview()))
        return
    try:
        restored = parts.export.restore()
        made = parts.export.make()
    except OSError as error:
        fail(
            f"A köteg fájljai nem írhatók ({error.strerror or error}): {parts.settings.export.folder}. "
            "A köteg adatai megvannak; a következő indításkor kiírjuk."
        )
    for path in [*restored, *(path for one in made for path in one.paths)]:
        typer.echo(str(path))
    if not made:
        typer.echo("Nincs beíratandó kérelmező, köteg nem készült.", err=True)


@app.callback(invoke_without_command=True)
def batches(context: typer.Context, as_json: AsJson = False) -> None:
    """Az elkészült kötegek fájljaikkal és ellenőrző összegeikkel."""
    from processor.commands import view

    if context.invoked_subcommand is not None:
        return
    parts = terminal.parts()
    with parts.store.read() as session:
        rows = [_shown(row, parts.settings.export.folder) for row in session.batches.all()]
    if as_json:
        for row in rows:
            print_json(row)
    else:
        view.console().print(view.batches(rows))


def _shown(row: BatchRow, folder: Path) -> dict[str, Any]:
    return {
        "name": row["name"],
        "made": _minute(row["created_at"]),
        "rows": row["rows"],
        "confirmed": _minute(row["confirmed_at"]) if row["confirmed_at"] else None,
        "files": [{**file, "path": str(folder / row["name"] / file["name"])} for file in row["files"]],
    }


def _minute(at: dt.datetime) -> str:
    from processor.worktime import LOCAL

    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


@app.command()
def confirm(
    batch: Annotated[str, typer.Argument(help="A köteg neve, például 2026-W47-1.")],
    results: Annotated[
        Path | None,
        typer.Option(help="A Moodle eredménye (mentett weblap, csv, xlsx, szöveg); nélküle mindenki beíratva."),
    ] = None,
) -> None:
    """A Moodle visszajelzése: kit írattak be, és kiről nem szól."""
    from processor.batches.confirm import Confirm
    from processor.batches.imports import ImportFault, lines

    parts = terminal.parts()
    confirming = Confirm(parts.store, parts.intake.office, parts.clock, parts.settings.export.closing_letter)
    try:
        confirmed = confirming.confirm(batch, lines(results) if results else None)
    except ImportFault as error:
        fail(str(error))
    for line in confirmed.errors:
        typer.echo(line, err=True)
    typer.echo(f"{confirmed.done} fő visszaigazolva, {len(confirmed.errors)} nincs (ellenőrzendő lett).")


def stats(
    since: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ettől a naptól.")] = None,
    as_json: AsJson = False,
    xlsx: Annotated[Path | None, typer.Option(help="Ugyanez munkafüzetként, ebbe a fájlba.")] = None,
) -> None:
    """Számok: levelek, döntések, átfutási idők, mi hiányzik leggyakrabban."""
    from processor.commands import view
    from processor.service import figures

    with terminal.parts().store.read() as session:
        found = figures.figures(session, since.astimezone() if since else None)
    if xlsx:
        from processor.batches.workbook import figures_bytes

        xlsx.write_bytes(figures_bytes(found, view.figure_words(found)))
        typer.echo(str(xlsx))
    elif as_json:
        print_json(found)
    else:
        view.console().print(view.figures(found))
