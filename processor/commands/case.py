"""The officers' commands: `beirato case ...` and `beirato outbox ...`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from processor.acts.officer import Officer

Reference = Annotated[str, typer.Argument(help="Az ügy hivatkozása, például ASPO-2026-000042.")]
Number = Annotated[int, typer.Option("--applicant", "-n", help="Hányadik kérelmező.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Indoklás; az előzményekbe kerül.")]


def register(app: typer.Typer, hands: Callable[[], Officer], fail: Callable[[str], NoReturn]) -> None:
    """Adds the two groups to the command."""
    case = typer.Typer(help="Egy ügy intézése: jóváhagyás, javítás, újbóli levél, lezárás.", no_args_is_help=True)
    outbox = typer.Typer(help="A kimenő levelek: visszatartottak jóváhagyása vagy elvetése.", no_args_is_help=True)

    def do(act: Callable[[Officer], Any], done: str) -> None:
        from processor.acts.officer import Refused

        try:
            act(hands())
        except Refused as error:
            fail(str(error))
        typer.echo(done)

    @case.command()
    def approve(reference: Reference, reason: Reason, applicant: Number = 1) -> None:
        """Egy kérelmezőt átenged, bármit mondanak is a szabályok (minden adatának meg kell lennie)."""
        do(lambda h: h.approve(reference, applicant, reason), "Jóváhagyva.")

    @case.command("set")
    def set_(
        reference: Reference,
        field: Annotated[str, typer.Argument(help="name, municipality, pir, county, email vagy programs")],
        value: str,
        applicant: Number = 1,
    ) -> None:
        """Megadja vagy javítja egy kérelmező adatát (tananyagok pontosvesszővel)."""
        do(lambda h: h.set(reference, applicant, {field: value}), "Javítva.")

    @case.command()
    def correct(
        reference: Reference,
        field: Annotated[str, typer.Argument(help="name, municipality, pir, county, email vagy programs")],
        value: str,
        reason: Reason,
        applicant: Number = 1,
    ) -> None:
        """Kötegben lévő kérelmező javítása: új sor a következő kötegben."""
        do(
            lambda h: h.correct(reference, applicant, {field: value}, reason),
            "A javított sor a következő kötegbe kerül.",
        )

    @case.command()
    def drop(reference: Reference, reason: Reason, applicant: Number = 1) -> None:
        """Egy kérelmezőt kivesz az ügyből."""
        do(lambda h: h.drop(reference, applicant, reason), "Kivéve.")

    @case.command()
    def restore(reference: Reference, applicant: Number = 1) -> None:
        """Egy kivett kérelmezőt visszavesz az ügybe."""
        do(lambda h: h.restore(reference, applicant), "Visszavéve.")

    @case.command()
    def ask(reference: Reference) -> None:
        """Újra ír az önkormányzatnak az ügy mostani állása szerint."""
        do(lambda h: h.ask(reference), "A levél a kimenők között van.")

    @case.command()
    def merge(reference: Reference, other: Annotated[str, typer.Argument(help="Az ügy, amelyikbe kerül.")]) -> None:
        """Összevonja az ügyet egy másikkal."""
        do(lambda h: h.merge(reference, other), "Összevonva.")

    @case.command()
    def close(reference: Reference, reason: Reason) -> None:
        """Lezárja az ügyet; ki nem ment leveleit visszavonja."""
        do(lambda h: h.close(reference, reason), "Lezárva.")

    @case.command()
    def reopen(reference: Reference, reason: Reason) -> None:
        """Újra megnyit egy lezárt ügyet (ellenőrzendő lesz)."""
        do(lambda h: h.reopen(reference, reason), "Megnyitva.")

    @case.command()
    def settle(
        reference: Reference, reason: Annotated[str, typer.Option(help="Megjegyzés az előzményekhez.")] = ""
    ) -> None:
        """Átnézve: amit a program nem tudott biztosan értelmezni, az rendben van így."""
        do(lambda h: h.settle(reference, reason), "Rendben.")

    @case.command()
    def hold(
        reference: Reference,
        release: Annotated[bool, typer.Option("--release", help="A visszatartás feloldása.")] = False,
    ) -> None:
        """Az ügy levelei jóváhagyásra várnak."""
        do(lambda h: h.hold(reference, not release), "Feloldva." if release else "Visszatartva.")

    @outbox.command("list")
    def list_(
        state: Annotated[str, typer.Option(help="pending, held, sent, failed vagy withdrawn")] = "held",
        as_json: Annotated[bool, typer.Option("--json")] = False,
    ) -> None:
        """A kimenő levelek; alapértelmezés szerint a jóváhagyásra várók."""
        from processor.commands import view

        with hands().store.begin() as session:
            rows = [
                {
                    "letter": row["id"],
                    "to": row["recipients"],
                    "purpose": row["purpose"],
                    "state": row["state"],
                    "created": row["created_at"].isoformat(),
                    "message_id": row["message_id"],
                    "trouble": row["trouble"],
                }
                for row in session.outbox.letters(state=state)
            ]
        if as_json:
            for row in rows:
                typer.echo(json.dumps(row, ensure_ascii=False))
        else:
            view.console().print(view.letters(rows))

    @outbox.command()
    def show(letter: int) -> None:
        """Egy kimenő levél szövege."""
        from email import message_from_bytes, policy

        with hands().store.begin() as session:
            row = session.outbox.get(letter)
        if row is None:
            fail(f"Nincs ilyen levél: {letter}.")
        message = message_from_bytes(bytes(row["raw"]), policy=policy.default)
        body = message.get_body(("plain",))
        typer.echo(f"Címzett: {message['To']}\nTárgy: {message['Subject']}\n\n{body.get_content() if body else ''}")

    @outbox.command("approve")
    def release(
        letters: Annotated[list[int] | None, typer.Argument(help="A levelek sorszáma.")] = None,
        everything: Annotated[bool, typer.Option("--all", help="Minden visszatartott levél.")] = False,
    ) -> None:
        """Visszatartott levelek elküldése a következő körben."""
        mine = hands()
        if everything:
            with mine.store.begin() as session:
                letters = [row["id"] for row in session.outbox.letters(state="held")]
        for letter in letters or []:
            do(lambda h, letter=letter: h.release(letter), f"{letter}: elküldhető.")  # type: ignore[misc]

    @outbox.command()
    def reject(letter: int, reason: Reason = "") -> None:
        """Egy visszatartott levél elvetése; ügye ellenőrzendő lesz."""
        do(lambda h: h.reject(letter, reason), "Elvetve.")

    app.add_typer(case, name="case")
    app.add_typer(outbox, name="outbox")
