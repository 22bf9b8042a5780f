"""The commands of the desk: `beirato desk`, `beirato desk user ...`, `beirato person ...`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from processor.commands.wiring import Parts


def register(app: typer.Typer, parts: Callable[[], Parts], fail: Callable[[str], NoReturn]) -> None:
    """Adds the group to the command."""
    desk_app = typer.Typer(help="Az ügyintézői felület (weboldal).")
    desk_users = typer.Typer(help="A felület felhasználói.", no_args_is_help=True)

    @desk_app.callback(invoke_without_command=True)
    def desk(context: typer.Context) -> None:
        """Az ügyintézői felület (weboldal)."""
        if context.invoked_subcommand is not None:
            return
        from processor.commands.wiring import surroundings
        from processor.desk import server

        working = parts()
        settings = working.settings.desk
        typer.echo(f"Az ügyintézői felület: http://{settings.host}:{settings.port}/", err=True)
        server(surroundings(working), settings.host, settings.port).run()

    @desk_users.command("add")
    def user_add(
        name: str,
        role: Annotated[str, typer.Option(help="viewer, officer vagy administrator")] = "officer",
        password: Annotated[
            str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Elhagyva bekéri.")
        ] = "",
    ) -> None:
        """Felhasználó hozzáadása, vagy meglévőnek új jelszó és szerep."""
        from processor.commands.wiring import now
        from processor.desk import ROLES
        from processor.desk.users import hashed

        if role not in ROLES:
            fail(f"Nincs ilyen szerep: {role}. Lehet: {', '.join(ROLES)}.")
        try:
            kept = hashed(password)
        except ValueError as error:
            fail(str(error))
        with parts().store.begin() as session:
            session.users.put(name, kept, role, now())
            session.users.journal(now(), "parancssor", "user saved", f"{name} ({role})")
        typer.echo(f"{name} mentve.")

    @desk_users.command("remove")
    def user_remove(name: str) -> None:
        """Felhasználó törlése."""
        from processor.commands.wiring import now

        with parts().store.begin() as session:
            if not session.users.delete(name):
                fail(f"Nincs ilyen felhasználó: {name}.")
            session.users.journal(now(), "parancssor", "user removed", name)
        typer.echo(f"{name} törölve.")

    person = typer.Typer(help="Egy személy adatai: kiadás, törlés (GDPR).", no_args_is_help=True)

    @person.command("export")
    def person_export(address: str) -> None:
        """Kiírja mindazt, ami egy e-mail-címről tárolva van (JSON)."""
        import getpass
        import json

        from processor.acts.retention import export_person
        from processor.commands.wiring import now

        typer.echo(
            json.dumps(export_person(parts().store, address, getpass.getuser(), now), ensure_ascii=False, indent=1)
        )

    @person.command("erase")
    def person_erase(address: str, yes: Annotated[bool, typer.Option("--yes", help="Kérdés nélkül.")] = False) -> None:
        """Mindenhonnan törli a személyt; csak a számok maradnak. Nem vonható vissza."""
        import getpass

        from processor.acts.retention import erase_person
        from processor.commands.wiring import now

        if not yes and not typer.confirm(f"Biztosan töröljük {address} minden adatát?"):
            fail("Nem töröltünk semmit.")
        working = parts()
        changed = erase_person(working.store, address, getpass.getuser(), now)
        working.export.forget()
        typer.echo(f"{changed} helyen törölve. A már letöltött vagy elküldött kötegfájlokat ez nem éri el.")

    app.add_typer(person, name="person")
    desk_app.add_typer(desk_users, name="user")
    app.add_typer(desk_app, name="desk")
