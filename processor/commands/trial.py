"""A trial on real mails: `beirato trial`. Nothing is stored, moved, flagged, seen or sent; one workbook is written.

Heavy modules are imported by the command that needs them (`terminal` says why).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from processor.commands import terminal
from processor.commands.terminal import AsJson, Chosen, chosen, fail, print_json

if TYPE_CHECKING:
    from processor.trial.lines import Totals
    from processor.trial.sources import Taken

_LAST = 200  # mails of the mailbox that are read when nothing is said

Show = Callable[[int], None]  # told how many mails more there are
Mails = Callable[[Show], Iterator["Taken"]]


@dataclass(slots=True)
class _Source:
    """Where the mails come from. `troubles`: what could not be read as a whole; the rest goes on."""

    about: str
    mails: Mails
    own: frozenset[str]
    troubles: list[str] = field(default_factory=list)


def trial(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...",
            help=".eml fájlok mappája (almappáival), .eml fájl, mbox vagy Maildir; nélküle a beállított postafiók.",
        ),
    ] = None,
    last: Annotated[
        int | None, typer.Option(min=1, help=f"A postafiók utolsó ennyi levele (külön kérés nélkül {_LAST}).")
    ] = None,
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A postafiók ettől a naptól érkezett levelei.")
    ] = None,
    folder: Annotated[str, typer.Option(help="A postafiók másik mappája; alapértelmezése mailbox.folder.")] = "",
    xlsx: Annotated[Path | None, typer.Option(help="A munkafüzet fájlja; nélküle beirato-proba-IDŐPONT.xlsx.")] = None,
    as_json: AsJson = False,
) -> None:
    """Próba valódi leveleken: mit értett meg, mit döntött és írt volna, mi maradt tisztázandó, munkafüzetben.

    A postafiókot csak olvassa: semmit nem mozgat, nem jelöl meg, nem tárol és nem küld.
    """
    if paths and (last or since or folder):
        fail("A --last, --since és --folder a postafiókra vonatkozik, fájlokkal együtt nem adható meg.")
    source = _files(paths) if paths else _mailbox(folder, since, last)
    target = xlsx if xlsx or as_json else Path(f"beirato-proba-{dt.datetime.now():%Y%m%d-%H%M%S}.xlsx")
    try:
        totals = _read(source, target, as_json)
    except OSError as error:
        fail(f"A munkafüzet nem írható: {target}: {error.strerror or error}")
    _told(totals, target, as_json)
    if source.troubles:
        fail("\n".join(source.troubles))


# ---------------------------------------------------------------- where from


def _own() -> frozenset[str]:
    """The desk's addresses as configured; where no file is named and none lies here, the desk's known one."""
    from processor.explain import OUR_ADDRESSES

    if chosen.config == Chosen().config and not chosen.config.exists():
        return OUR_ADDRESSES
    return terminal.settings().own_addresses()


def _files(paths: list[Path]) -> _Source:
    from processor.mailbox.saved import opened
    from processor.trial.sources import of_files

    def mails(show: Show) -> Iterator[Taken]:
        for path in paths:
            try:
                with opened(path) as found:
                    show(len(found))
                    yield from of_files(found)
            except OSError as error:
                source.troubles.append(f"Nem olvasható: {path}: {error.strerror or error}")

    source = _Source(f"Olvasva: {', '.join(map(str, paths))}", mails, _own())
    return source


def _mailbox(folder: str, since: dt.datetime | None, last: int | None) -> _Source:
    from processor.mailbox.imap import MailboxError, connect
    from processor.trial.sources import of_mailbox, uids

    settings = terminal.settings()
    day = since.date() if since else None
    most = last or (None if day else _LAST)
    mailbox = settings.mailbox.model_copy(update={"folder": folder or settings.mailbox.folder})

    def mails(show: Show) -> Iterator[Taken]:
        try:
            with connect(mailbox, readonly=True) as box:
                wanted = uids(box, most, day)
                show(len(wanted))
                yield from of_mailbox(box, wanted)
        except MailboxError as error:
            source.troubles.append(str(error))

    which = [f"{day:%Y.%m.%d}. óta"] if day else []
    which += [f"az utolsó {most} levél"] if most else []
    source = _Source(f"Olvasva: {mailbox.name}, {', '.join(which)}", mails, settings.own_addresses())
    return source


# ---------------------------------------------------------------- reading


def _read(source: _Source, target: Path | None, as_json: bool) -> Totals:
    """Every mail once: a row, or a line of JSON, or both. OSError when the workbook cannot be written."""
    from processor.trial.lines import Totals, line
    from processor.trial.workbook import report

    totals = Totals()
    with report(target) if target else contextlib.nullcontext() as book:
        for taken in _shown(source.mails):
            one = line(taken, source.own)
            totals.add(one)
            if book:
                book.add(one)
            if as_json:
                print_json(one.data)
        if source.troubles and not totals.mails:
            fail("\n".join(source.troubles))  # nothing to report on: no workbook either
        if book:
            made = f"Készült: {dt.datetime.now():%Y.%m.%d. %H:%M}"
            book.finish(totals, [source.about, made, *source.troubles])
    return totals


def _shown(mails: Mails) -> Iterable[Taken]:
    """The mails, with a bar on stderr where that is a terminal. What goes to stdout stays there."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from processor.commands import view

    console = view.console(stderr=True)
    columns = (TextColumn("Levelek"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, redirect_stdout=False, disable=hidden) as progress:
        task = progress.add_task("", total=0)

        def show(more: int) -> None:
            progress.update(task, total=(progress.tasks[0].total or 0) + more)

        for taken in mails(show):
            yield taken
            progress.advance(task)


def _told(totals: Totals, target: Path | None, as_json: bool) -> None:
    from processor.commands import view
    from processor.trial.words import sections

    if not as_json:
        view.console().print(view.trial(sections(totals)))
    if target:
        typer.echo(str(target), err=as_json)
