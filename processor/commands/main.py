"""The command `beirato`. Wires everything; heavy modules are imported by the command that needs them."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from processor.acts.officer import Officer
    from processor.commands.wiring import Parts
    from processor.settings import Settings
    from processor.store import Transaction
    from processor.store.rows import CaseRow

app = typer.Typer(
    help="Beirató: az ASP Oktatás regisztrációs kérelmeinek feldolgozása.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
batches_app = typer.Typer(help="Az elkészült kötegek, és a Moodle visszaigazolása.")
app.add_typer(batches_app, name="batches")

AsJson = Annotated[bool, typer.Option("--json", help="Soronként egy JSON-objektum.")]


class _Options:
    config: Path = Path("config.toml")
    debug: bool = False


@app.callback()
def _main(
    config: Annotated[Path, typer.Option("--config", help="A beállításfájl.")] = Path("config.toml"),
    debug: Annotated[
        bool, typer.Option("--debug", help="Részletes napló (neveket és címeket is tartalmazhat).")
    ] = False,
) -> None:
    from processor.log import configure

    _Options.config, _Options.debug = config, debug
    configure(debug)


def _settings() -> Settings:
    from processor.settings import ConfigError, load

    try:
        return load(_Options.config)
    except ConfigError as error:
        _fail(str(error))


def _fail(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(1)


def _parts() -> Parts:
    import sqlalchemy.exc

    from processor.commands.wiring import parts

    settings = _settings()
    try:
        return parts(settings)
    except sqlalchemy.exc.SQLAlchemyError as error:
        _fail(f"Az adatbázis nem nyitható meg: {getattr(error, 'orig', None) or error}. Ellenőrizze: store.url.")


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
    from processor.explain import explain as explain_mail
    from processor.explain import mails_in

    failed = False
    for path in paths:
        try:
            for name, raw in mails_in(path):
                one = explain_mail(raw, name)
                if as_json:
                    _json(one.to_json())
                else:
                    from processor.commands import view

                    view.console().print(view.explained(one))
        except OSError as error:
            typer.echo(f"Nem olvasható: {path}: {error.strerror or error}", err=True)
            failed = True
    if failed:
        raise typer.Exit(1)


def _json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


# ---------------------------------------------------------------- working


@app.command()
def once() -> None:
    """Egyszer végignézi a postafiókot, feldolgoz mindent, elküldi, ami esedékes, és kilép."""
    from processor.acts.reminders import remind
    from processor.commands.wiring import now
    from processor.letters.send import send
    from processor.letters.smtp import OutboxError
    from processor.mailbox.imap import MailboxError
    from processor.service.poll import poll
    from processor.store.engine import StoreBusy, only_daemon

    parts = _parts()
    troubles: list[str] = []
    try:
        with only_daemon(parts.store.engine):
            parts.export.restore()
            try:
                polled = poll(parts.polling, parts.store, parts.intake, now)
                if polled.mails["failed"]:
                    troubles.append(
                        f"{polled.mails['failed']} levelet nem sikerült feldolgozni; lásd: beirato cases --status failed"
                    )
            except MailboxError as error:
                troubles.append(str(error))
            remind(parts.store, parts.intake.office, parts.patience, now)
            try:
                sent = send(parts.sending, parts.store, now)
                if left := sent["retry"] + sent["failed"]:
                    troubles.append(f"{left} levelet nem sikerült elküldeni (ebből végleg: {sent['failed']})")
            except OutboxError as error:
                troubles.append(str(error))
    except (StoreBusy, OSError) as error:
        troubles.append(str(error))
    for trouble in troubles:
        typer.echo(trouble, err=True)
    raise typer.Exit(1 if troubles else 0)


@app.command()
def run() -> None:
    """A szolgáltatás: figyeli a postafiókot, válaszol, hetente köteget készít. SIGTERM-re leáll."""
    from processor.commands.wiring import now
    from processor.service.daemon import Daemon
    from processor.store.engine import StoreBusy

    parts = _parts()
    settings = parts.settings
    served = None
    if settings.desk.enabled:
        import threading

        from processor.commands.wiring import surroundings
        from processor.desk import server

        served = server(surroundings(parts), settings.desk.host, settings.desk.port)
        threading.Thread(target=served.run, name="desk", daemon=True).start()
    daemon = Daemon(
        parts.store,
        parts.intake,
        parts.polling,
        parts.sending,
        parts.export,
        parts.patience,
        parts.periods,
        poll_seconds=settings.mailbox.poll_seconds,
        cron=settings.export.cron,
        clock=now,
    )
    try:
        daemon.run()
    except StoreBusy as error:
        _fail(str(error))
    finally:
        if served is not None:
            served.close()


@app.command()
def export(
    preview: Annotated[bool, typer.Option("--preview", help="Csak megmutatja, mi lenne benne.")] = False,
) -> None:
    """Most elkészíti a köteget, és kiírja a fájlok útját."""
    parts = _parts()
    if preview:
        from processor.commands import view

        content, left_out = parts.export.preview()
        view.console().print(view.preview(content, left_out))
        return
    try:
        restored = parts.export.restore()
        made = parts.export.make()
    except OSError as error:
        _fail(
            f"A köteg fájljai nem írhatók ({error.strerror or error}): {parts.export.plan.folder}. A köteg adatai megvannak; a következő indításkor kiírjuk."
        )
    for path in [*restored, *(path for one in made for path in one.paths)]:
        typer.echo(str(path))
    if not made:
        typer.echo("Nincs beíratandó kérelmező, köteg nem készült.", err=True)


# ---------------------------------------------------------------- looking


@app.command()
def cases(
    reference: Annotated[str | None, typer.Argument(help="Egy ügy hivatkozása, például ASPO-2026-000042.")] = None,
    status: Annotated[
        str | None, typer.Option(help="waiting, review, queued, answered, closed, vagy failed: a félretett levelek.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Az ügyek, vagy egy ügy részletesen."""
    from processor.cases.states import Status
    from processor.commands import view

    if status is not None and status not in (*tuple(Status), "failed"):
        _fail(f"Nincs ilyen állapot: {status}. Lehet: {', '.join((*tuple(Status), 'failed'))}.")
    with _parts().store.begin() as session:
        if status == "failed":
            rows = session.mails.failed()
            if as_json:
                for row in rows:
                    _json(
                        {
                            "mail": row["id"],
                            "message_id": row["message_id"],
                            "received": row["received_at"].isoformat(),
                            "trouble": row["trouble"],
                        }
                    )
            else:
                view.console().print(view.failed(rows))
        elif reference is None:
            _list_cases(session, status, as_json)
        elif (found := session.cases.get(reference=reference.upper())) is None:
            _fail(f"Nincs ilyen ügy: {reference}")
        else:
            shown = _case_json(session, found)
            if as_json:
                _json(shown)
            else:
                view.console().print(
                    view.case(shown, session.cases.history(found["id"]), session.outbox.letters(case_id=found["id"]))
                )


def _list_cases(session: Transaction, status: str | None, as_json: bool) -> None:
    from processor.commands import view

    rows = (_case_json(session, row) for row in session.cases.all(status))
    if as_json:
        for row in rows:
            _json(row)
    else:
        view.console().print(view.cases(rows))


def _case_json(session: Transaction, row: CaseRow) -> dict[str, Any]:
    from processor.cases.contract import case_json

    return case_json(row, [a["row"] for a in session.cases.applicants(row["id"])], session.mails.message_ids(row["id"]))


@app.command()
def retry(
    mails: Annotated[
        list[int] | None, typer.Argument(help="A félretett levelek sorszáma (beirato cases --status failed).")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Minden félretett levél.")] = False,
) -> None:
    """Félretett (hibás) levelek újbóli feldolgozása a következő körben."""
    with _parts().store.begin() as session:
        known = [row["id"] for row in session.mails.failed()]
        wanted = known if everything else list(mails or [])
        if unknown := [number for number in wanted if number not in known]:
            _fail(f"Nincs ilyen félretett levél: {', '.join(map(str, unknown))}")
        for number in wanted:
            session.mails.retry(number)
    typer.echo(f"{len(wanted)} levél vár újbóli feldolgozásra." if wanted else "Nincs mit újra feldolgozni.")


@batches_app.callback(invoke_without_command=True)
def batches(context: typer.Context, as_json: AsJson = False) -> None:
    """Az elkészült kötegek fájljaikkal és ellenőrző összegeikkel."""
    from processor.batches.content import LOCAL
    from processor.commands import view

    if context.invoked_subcommand is not None:
        return
    parts = _parts()
    with parts.store.begin() as session:
        rows = [
            {
                "name": row["name"],
                "made": row["created_at"].astimezone(LOCAL).strftime("%Y-%m-%d %H:%M"),
                "rows": row["rows"],
                "confirmed": row["confirmed_at"].astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
                if row["confirmed_at"]
                else None,
                "files": [
                    {**file, "path": str(parts.export.plan.folder / row["name"] / file["name"])}
                    for file in row["files"]
                ],
            }
            for row in session.batches.all()
        ]
    if as_json:
        for row in rows:
            _json(row)
    else:
        view.console().print(view.batches(rows))


@batches_app.command()
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
    from processor.commands.wiring import now

    parts = _parts()
    try:
        confirmed = Confirm(parts.store, parts.intake.office, now, parts.settings.export.closing_letter).confirm(
            batch, lines(results) if results else None
        )
    except ImportFault as error:
        _fail(str(error))
    for line in confirmed.errors:
        typer.echo(line, err=True)
    typer.echo(f"{confirmed.done} fő visszaigazolva, {len(confirmed.errors)} nincs (ellenőrzendő lett).")


@app.command()
def stats(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Ettől a naptól.")] = None,
    as_json: AsJson = False,
    xlsx: Annotated[Path | None, typer.Option(help="Ugyanez munkafüzetként, ebbe a fájlba.")] = None,
) -> None:
    """Számok: levelek, döntések, átfutási idők, mi hiányzik leggyakrabban."""
    from processor.cases import vocabulary
    from processor.commands import view
    from processor.service import figures

    with _parts().store.begin() as session:
        found = figures.figures(session, since.astimezone() if since else None)
    if xlsx:
        from processor.batches.workbook import figures_bytes
        from processor.cases.vocabulary import STATUS_WORDS

        xlsx.write_bytes(
            figures_bytes(
                found,
                {
                    **vocabulary.KIND_WORDS,
                    **vocabulary.DECISION_WORDS,
                    **STATUS_WORDS,
                    **{code: vocabulary.code_words(code) for code in found["missing"]},
                    **view.FIGURE_WORDS,
                },
            )
        )
        typer.echo(str(xlsx))
    elif as_json:
        _json(found)
    else:
        view.console().print(view.figures(found))


@app.command()
def doctor() -> None:
    """Megnézi, rendben van-e minden, és ha nem, megmondja, mi a teendő."""
    from processor.commands import view
    from processor.commands.wiring import patient
    from processor.service.doctor import examine

    settings = _settings()
    console = view.console()
    console.print(view.checkup("beállítások", "ok", str(_Options.config)))
    bad = False
    for one in examine(patient(settings)):
        console.print(view.checkup(one.what, one.state, one.words))
        bad |= one.state == "error"
    raise typer.Exit(1 if bad else 0)


# ---------------------------------------------------------------- deciding


def hands() -> Officer:
    """The officer at this terminal."""
    import getpass

    from processor.acts.officer import Officer
    from processor.commands.wiring import now

    parts = _parts()
    return Officer(parts.store, parts.intake.office, now, getpass.getuser())


def complete() -> None:
    """Adds the commands that stand in files of their own."""
    from processor.commands import case as officers
    from processor.commands import desk as deskcommands
    from processor.commands import load as loadcommands

    officers.register(app, hands, _fail)
    deskcommands.register(app, _parts, _fail)
    loadcommands.register(app, _parts, _fail)


def main() -> None:
    complete()
    app()
