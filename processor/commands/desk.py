"""The desk and people's own rights: `beirato desk`, `beirato desk user ...`, `beirato person ...`.

Heavy modules are imported by the command that needs them (`terminal` says why).
"""

from __future__ import annotations

import getpass
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from processor.commands import terminal
from processor.commands.terminal import fail

if TYPE_CHECKING:
    from processor.commands.wiring import Parts

app = typer.Typer(help="Az ügyintézői felület (weboldal).")
users = typer.Typer(help="A felület felhasználói.", no_args_is_help=True)
app.add_typer(users, name="user")
person = typer.Typer(help="Egy személy adatai: kiadás, törlés (GDPR).", no_args_is_help=True)


def serving(parts: Parts) -> Any:
    """The pages' server as configured: waitress, bound, not running yet."""
    from processor.commands.wiring import surroundings
    from processor.desk import server

    return server(surroundings(parts), parts.settings.desk.host, parts.settings.desk.port)


@app.callback(invoke_without_command=True)
def desk(context: typer.Context) -> None:
    """Az ügyintézői felület (weboldal)."""
    if context.invoked_subcommand is not None:
        return
    parts = terminal.parts()
    settings = parts.settings.desk
    typer.echo(f"Az ügyintézői felület: http://{settings.host}:{settings.port}/", err=True)
    serving(parts).run()


@users.command("add")
def user_add(
    name: str,
    role: Annotated[str, typer.Option(help="viewer, officer vagy administrator")] = "officer",
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Elhagyva bekéri.")
    ] = "",
) -> None:
    """Felhasználó hozzáadása, vagy meglévőnek új jelszó és szerep."""
    from processor.desk.roles import ROLES
    from processor.desk.users import hashed

    if role not in ROLES:
        fail(f"Nincs ilyen szerep: {role}. Lehet: {', '.join(ROLES)}.")
    try:
        kept = hashed(password)
    except ValueError as error:
        fail(str(error))
    parts = terminal.parts()
    with parts.store.begin() as session:
        session.users.put(name, kept, role, parts.clock())
        session.users.journal(parts.clock(), "parancssor", "user saved", f"{name} ({role})")
    typer.echo(f"{name} mentve.")


@users.command("remove")
def user_remove(name: str) -> None:
    """Felhasználó törlése."""
    parts = terminal.parts()
    with parts.store.begin() as session:
        if not session.users.delete(name):
            fail(f"Nincs ilyen felhasználó: {name}.")
        session.users.journal(parts.clock(), "parancssor", "user removed", name)
    typer.echo(f"{name} törölve.")


@person.command("export")
def person_export(address: str) -> None:
    """Kiírja mindazt, ami egy e-mail-címről tárolva van (JSON)."""
    from processor.acts.retention import export_person

    parts = terminal.parts()
    kept = export_person(parts.store, address, getpass.getuser(), parts.clock)
    typer.echo(json.dumps(kept, ensure_ascii=False, indent=1))


@person.command("erase")
def person_erase(address: str, yes: Annotated[bool, typer.Option("--yes", help="Kérdés nélkül.")] = False) -> None:
    """Mindenhonnan törli a személyt; csak a számok maradnak. Nem vonható vissza."""
    from processor.acts.retention import erase_person

    if not yes and not typer.confirm(f"Biztosan töröljük {address} minden adatát?"):
        fail("Nem töröltünk semmit.")
    parts = terminal.parts()
    changed = erase_person(parts.store, address, getpass.getuser(), parts.clock)
    parts.export.forget()
    typer.echo(f"{changed} helyen törölve. A már letöltött vagy elküldött kötegfájlokat ez nem éri el.")
