"""Cases and letters in an officer's hands: `beirato cases`, `beirato case ...`, `beirato outbox ...`.

Heavy modules are imported by the command that needs them (`terminal` says why).
"""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from operator import methodcaller
from typing import TYPE_CHECKING, Annotated, Any

import typer

from processor.commands import terminal
from processor.commands.terminal import AsJson, fail, officer, print_json

if TYPE_CHECKING:
    from processor.acts.officer import Officer
    from processor.store import Transaction
    from processor.store.rows import CaseRow

app = typer.Typer(help="Egy ügy intézése: jóváhagyás, javítás, újbóli levél, lezárás.", no_args_is_help=True)
outbox = typer.Typer(help="A kimenő levelek: visszatartottak jóváhagyása vagy elvetése.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(help="Az ügy hivatkozása, például ASPO-2026-000042.")]
Number = Annotated[int, typer.Option("--applicant", "-n", help="Hányadik kérelmező.")]
Reason = Annotated[str, typer.Option("--reason", "-r", help="Indoklás; az előzményekbe kerül.")]
Field = Annotated[str, typer.Argument(help="name, municipality, pir, county, email vagy programs")]


def cases(
    reference: Annotated[str | None, typer.Argument(help="Egy ügy hivatkozása, például ASPO-2026-000042.")] = None,
    status: Annotated[
        str | None, typer.Option(help="waiting, review, queued, answered, closed, vagy failed: a félretett levelek.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Az ügyek, vagy egy ügy részletesen."""
    from processor.cases.states import Status

    if status is not None and status not in (*tuple(Status), "failed"):
        fail(f"Nincs ilyen állapot: {status}. Lehet: {', '.join((*tuple(Status), 'failed'))}.")
    with terminal.parts().store.read() as session:
        if status == "failed":
            _failed_mails(session, as_json)
        elif reference is None:
            _list(session, status, as_json)
        else:
            _show(session, reference, as_json)


def _failed_mails(session: Transaction, as_json: bool) -> None:
    from processor.commands import view

    rows = session.mails.failed()
    if not as_json:
        view.console().print(view.failed(rows))
        return
    for row in rows:
        print_json(
            {
                "mail": row["id"],
                "message_id": row["message_id"],
                "received": row["received_at"].isoformat(),
                "trouble": row["trouble"],
            }
        )


def _list(session: Transaction, status: str | None, as_json: bool) -> None:
    from processor.commands import view

    rows = (_case_json(session, row) for row in session.cases.all(status))
    if as_json:
        for row in rows:
            print_json(row)
    else:
        view.console().print(view.cases(rows))


def _show(session: Transaction, reference: str, as_json: bool) -> None:
    from processor.commands import view

    found = session.cases.get(reference=reference.upper())
    if found is None:
        fail(f"Nincs ilyen ügy: {reference}")
    shown = _case_json(session, found)
    if as_json:
        print_json(shown)
    else:
        view.console().print(
            view.case(shown, session.cases.history(found["id"]), session.outbox.letters(case_id=found["id"]))
        )


def _case_json(session: Transaction, row: CaseRow) -> dict[str, Any]:
    from processor.cases.contract import case_json

    return case_json(row, [a["row"] for a in session.cases.applicants(row["id"])], session.mails.message_ids(row["id"]))


# ---------------------------------------------------------------- deciding


def _do(act: Callable[[Officer], object], done: str) -> None:
    """What the officer does, and what is said when it is done."""
    from processor.acts.officer import Refused

    try:
        act(officer())
    except Refused as error:
        fail(str(error))
    typer.echo(done)


@app.command()
def approve(reference: Reference, reason: Reason, applicant: Number = 1) -> None:
    """Egy kérelmezőt átenged, bármit mondanak is a szabályok (minden adatának meg kell lennie)."""
    _do(lambda h: h.approve(reference, applicant, reason), "Jóváhagyva.")


@app.command("set")
def set_(reference: Reference, field: Field, value: str, applicant: Number = 1) -> None:
    """Megadja vagy javítja egy kérelmező adatát (tananyagok pontosvesszővel)."""
    _do(lambda h: h.set(reference, applicant, {field: value}), "Javítva.")


@app.command()
def correct(reference: Reference, field: Field, value: str, reason: Reason, applicant: Number = 1) -> None:
    """Kötegben lévő kérelmező javítása: új sor a következő kötegben."""
    done = "A javított sor a következő kötegbe kerül."
    _do(lambda h: h.correct(reference, applicant, {field: value}, reason), done)


@app.command()
def drop(reference: Reference, reason: Reason, applicant: Number = 1) -> None:
    """Egy kérelmezőt kivesz az ügyből."""
    _do(lambda h: h.drop(reference, applicant, reason), "Kivéve.")


@app.command()
def restore(reference: Reference, applicant: Number = 1) -> None:
    """Egy kivett kérelmezőt visszavesz az ügybe."""
    _do(lambda h: h.restore(reference, applicant), "Visszavéve.")


@app.command()
def ask(reference: Reference) -> None:
    """Újra ír az önkormányzatnak az ügy mostani állása szerint."""
    _do(lambda h: h.ask(reference), "A levél a kimenők között van.")


@app.command()
def merge(reference: Reference, other: Annotated[str, typer.Argument(help="Az ügy, amelyikbe kerül.")]) -> None:
    """Összevonja az ügyet egy másikkal."""
    _do(lambda h: h.merge(reference, other), "Összevonva.")


@app.command()
def close(reference: Reference, reason: Reason) -> None:
    """Lezárja az ügyet; ki nem ment leveleit visszavonja."""
    _do(lambda h: h.close(reference, reason), "Lezárva.")


@app.command()
def reopen(reference: Reference, reason: Reason) -> None:
    """Újra megnyit egy lezárt ügyet (ellenőrzendő lesz)."""
    _do(lambda h: h.reopen(reference, reason), "Megnyitva.")


@app.command()
def settle(
    reference: Reference, reason: Annotated[str, typer.Option(help="Megjegyzés az előzményekhez.")] = ""
) -> None:
    """Átnézve: amit a program nem tudott biztosan értelmezni, az rendben van így."""
    _do(lambda h: h.settle(reference, reason), "Rendben.")


@app.command()
def hold(
    reference: Reference,
    release: Annotated[bool, typer.Option("--release", help="A visszatartás feloldása.")] = False,
) -> None:
    """Az ügy levelei jóváhagyásra várnak."""
    _do(lambda h: h.hold(reference, not release), "Feloldva." if release else "Visszatartva.")


# ---------------------------------------------------------------- letters


@outbox.command("list")
def list_(
    state: Annotated[str, typer.Option(help="pending, held, sent, failed vagy withdrawn")] = "held",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """A kimenő levelek; alapértelmezés szerint a jóváhagyásra várók."""
    from processor.commands import view

    with officer().store.read() as session:
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
            print_json(row)
    else:
        view.console().print(view.letters(rows))


@outbox.command()
def show(letter: int) -> None:
    """Egy kimenő levél szövege."""
    with officer().store.read() as session:
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
    mine = officer()
    if everything:
        with mine.store.read() as session:
            letters = [row["id"] for row in session.outbox.letters(state="held")]
    for letter in letters or []:
        _do(methodcaller("release", letter), f"{letter}: elküldhető.")


@outbox.command()
def reject(letter: int, reason: Reason = "") -> None:
    """Egy visszatartott levél elvetése; ügye ellenőrzendő lesz."""
    _do(lambda h: h.reject(letter, reason), "Elvetve.")
