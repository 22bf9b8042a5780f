"""The command `beirato`: trying it, working, looking after it. The groups of commands stand in the files beside.

Heavy modules are imported by the command that needs them (`terminal` says why).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from processor.commands import batches, case, desk, load, terminal, trial
from processor.commands.terminal import AsJson, chosen, fail, print_json

if TYPE_CHECKING:
    from processor.commands.wiring import Parts

app = typer.Typer(
    help="Beirató: az ASP Oktatás regisztrációs kérelmeinek feldolgozása.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _main(
    config: Annotated[Path, typer.Option("--config", help="A beállításfájl.")] = Path("config.toml"),
    debug: Annotated[
        bool, typer.Option("--debug", help="Részletes napló (neveket és címeket is tartalmazhat).")
    ] = False,
) -> None:
    from processor.log import configure

    chosen.config = config
    configure(debug)


# ---------------------------------------------------------------- trying it


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Ide kerüljön minden; alapértelmezés szerint egy ideiglenes mappa.")
    ] = None,
    desk: Annotated[bool, typer.Option(help="A végén fusson az ügyintézői felület (csak terminálon).")] = True,
) -> None:
    """Az egész munka próbája beépített levelezőkiszolgálóval és mintalevelekkel."""
    from processor.commands.demo import main as run_demo

    raise typer.Exit(run_demo(folder, desk))


@app.command()
def explain(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help=".eml fájl, ilyenek mappája, Maildir vagy mbox.")
    ],
    as_json: AsJson = False,
) -> None:
    """Megmutatja, mit ért meg egy levélből, és mit válaszolna. Semmit nem tárol és nem küld."""
    failed = False
    for path in paths:
        try:
            _explain(path, as_json)
        except OSError as error:
            typer.echo(f"Nem olvasható: {path}: {error.strerror or error}", err=True)
            failed = True
    if failed:
        raise typer.Exit(1)


def _explain(path: Path, as_json: bool) -> None:
    from processor.commands import view
    from processor.explain import explain as explain_mail
    from processor.explain import mails_in

    for name, raw in mails_in(path):
        one = explain_mail(raw, name)
        if as_json:
            print_json(one.to_json())
        else:
            view.console().print(view.explained(one))


app.command()(trial.trial)


# ---------------------------------------------------------------- working


@app.command()
def once() -> None:
    """Egyszer végignézi a postafiókot, feldolgoz mindent, elküldi, ami esedékes, és kilép."""
    from processor.store.engine import StoreBusy, only_daemon

    parts = terminal.parts()
    troubles: list[str] = []
    try:
        with only_daemon(parts.store.engine):
            parts.export.restore()
            troubles += _polled(parts)
            parts.remind()
            troubles += _sent(parts)
    except (StoreBusy, OSError) as error:
        troubles.append(str(error))
    for trouble in troubles:
        typer.echo(trouble, err=True)
    raise typer.Exit(1 if troubles else 0)


def _polled(parts: Parts) -> Iterator[str]:
    """Polls; what went wrong."""
    from processor.mailbox.imap import MailboxError

    try:
        failed = parts.poll().mails["failed"]
    except MailboxError as error:
        yield str(error)
        return
    if failed:
        yield f"{failed} levelet nem sikerült feldolgozni; lásd: beirato cases --status failed"


def _sent(parts: Parts) -> Iterator[str]:
    """Sends; what went wrong."""
    from processor.letters.smtp import OutboxError

    try:
        sent = parts.send()
    except OutboxError as error:
        yield str(error)
        return
    if left := sent["retry"] + sent["failed"]:
        yield f"{left} levelet nem sikerült elküldeni (ebből végleg: {sent['failed']})"


@app.command()
def run() -> None:
    """A szolgáltatás: figyeli a postafiókot, válaszol, hetente köteget készít. SIGTERM-re leáll."""
    from processor.service.daemon import Daemon
    from processor.store.engine import StoreBusy

    parts = terminal.parts()
    served = None
    if parts.settings.desk.enabled:
        served = desk.serving(parts)
        threading.Thread(target=served.run, name="desk", daemon=True).start()
    try:
        Daemon(parts.settings, parts.store, parts.intake, parts.export, parts.clock).run()
    except StoreBusy as error:
        fail(str(error))
    finally:
        if served is not None:
            served.close()


app.command()(batches.export)
app.command()(case.cases)


@app.command()
def retry(
    mails: Annotated[
        list[int] | None, typer.Argument(help="A félretett levelek sorszáma (beirato cases --status failed).")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Minden félretett levél.")] = False,
) -> None:
    """Félretett (hibás) levelek újbóli feldolgozása a következő körben."""
    with terminal.parts().store.begin() as session:
        known = [row["id"] for row in session.mails.failed()]
        wanted = known if everything else list(mails or [])
        if unknown := [number for number in wanted if number not in known]:
            fail(f"Nincs ilyen félretett levél: {', '.join(map(str, unknown))}")
        for number in wanted:
            session.mails.retry(number)
    typer.echo(f"{len(wanted)} levél vár újbóli feldolgozásra." if wanted else "Nincs mit újra feldolgozni.")


# ---------------------------------------------------------------- looking after it

app.command()(batches.stats)


@app.command()
def doctor() -> None:
    """Megnézi, rendben van-e minden, és ha nem, megmondja, mi a teendő."""
    from processor.commands import view
    from processor.service.doctor import examine

    settings = terminal.settings()
    console = view.console()
    console.print(view.checkup("beállítások", "ok", str(chosen.config)))
    bad = False
    for one in examine(settings):
        console.print(view.checkup(one.what, one.state, one.words))
        bad |= one.state == "error"
    raise typer.Exit(1 if bad else 0)


# In the order of --help.
app.add_typer(batches.app, name="batches")
app.add_typer(case.app, name="case")
app.add_typer(case.outbox, name="outbox")
app.add_typer(desk.person, name="person")
app.add_typer(desk.app, name="desk")
app.add_typer(load.accounts, name="accounts")
app.add_typer(load.register, name="register")


def main() -> None:
    app()
