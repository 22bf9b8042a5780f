"""The whole job in a minute: an IMAP server in memory (pymap), an SMTP sink (aiosmtpd), SQLite, sample mails; the
real pipeline between them."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from email import policy
from email.message import EmailMessage
from importlib import resources
from pathlib import Path

from imapclient import IMAPClient
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from processor.cases import vocabulary
from processor.cases.vocabulary import STATUS_WORDS
from processor.commands import view
from processor.commands.demo.servers import Sink, free_port, imap_server, missing, smtp_sink
from processor.commands.wiring import Parts, load, parts
from processor.log import configure
from processor.reading import read

USER, PASSWORD, ADDRESS = "demouser", "demopass", "aspoktatas@allamkincstar.gov.hu"
DESK_USER, DESK_PASSWORD = "proba", "beirato-proba"

CONFIG = """\
[mailbox]
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{user}"
password = "{password}"

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
sender = "ASP Oktatás <{address}>"

[store]
url = "sqlite:///beirato.db"

[export]
folder = "exports"
recipients = ["moodle-admin@allamkincstar.example"]
"""


def samples() -> list[bytes]:
    folder = resources.files("processor.commands.demo").joinpath("samples")
    return [file.read_bytes() for file in sorted(folder.iterdir(), key=lambda f: f.name) if file.name.endswith(".eml")]


def deliver(port: int, mails: list[bytes]) -> None:
    with IMAPClient("127.0.0.1", port, ssl=False) as client:
        client.login(USER, PASSWORD)
        for mail in mails:
            client.append("INBOX", mail)


def plain(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


def answer_to(letter: EmailMessage, text: str) -> bytes:
    """What a clerk writes when pressing Reply on our letter, on a telephone."""
    out = EmailMessage(policy=policy.SMTP)
    out["From"] = letter["To"]
    out["To"] = f"ASP Oktatás <{ADDRESS}>"
    out["Subject"] = f"Re: {letter['Subject']}"
    out["Message-ID"] = "<14-valasz@pelda.invalid>"
    out["In-Reply-To"] = out["References"] = str(letter["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in plain(letter).splitlines())
    out.set_content(f"{text}\n\nASP Oktatás <{ADDRESS}> ezt írta (2026. nov. 16., H 10:00):\n\n{quoted}\n", cte="8bit")
    return out.as_bytes()


def main(folder: Path | None, desk: bool = True) -> int:
    """Runs the demo; gives the exit status. `folder`: where everything goes, a new temporary one by default; `desk`:
    the officers' pages are served at the end, on a terminal."""
    console = view.console()
    if packages := missing():
        console.print(
            f"A próbához hiányzik: {', '.join(packages)}; a „make demo” vagy a „pip install '.[demo]'” telepíti.",
            markup=False,
        )
        return 1
    configure(quiet=True)
    place = folder or Path(tempfile.mkdtemp(prefix="beirato-demo-"))
    place.mkdir(parents=True, exist_ok=True)
    if (place / "beirato.db").exists():
        console.print(f"Ebben a mappában már van próba: {place}. Adjon meg másikat, vagy törölje.")
        return 1
    imap, smtp = free_port(), free_port()
    (place / "config.toml").write_text(
        CONFIG.format(imap=imap, smtp=smtp, user=USER, password=PASSWORD, address=ADDRESS), encoding="utf-8"
    )
    with imap_server(imap, USER, PASSWORD), smtp_sink(smtp) as sink:
        working = parts(load(place / "config.toml"))
        try:
            status = _play(console, working, sink, imap, place)
            if status == 0 and desk and sys.stdout.isatty():
                _desk(console, working)
            return status
        finally:
            working.store.close()


def _play(console: Console, working: Parts, sink: Sink, imap: int, place: Path) -> int:
    mails = samples()
    console.print(
        f"\n[bold]Beirató – próba[/bold]  {len(mails)} mintalevél érkezik a postafiókba; "
        "a program elolvassa, dönt, válaszol.\n"
    )
    deliver(imap, mails)
    _round(working)
    asked = next(letter for letter in sink.letters if "szalmas.edit" in plain(letter))
    deliver(imap, [answer_to(asked, "Elnézést, kimaradt: Békés megye.")])
    _round(working)
    made = next(iter(working.export.make()), None)
    working.send()

    console.print(_mails(working))
    _show_letter(console, asked)
    counts = ", ".join(f"{name} {count}" for name, count in sorted(_counts(imap).items()))
    console.print(f"\nA levelek a postafiókban: {counts}")
    console.print(f"Elküldött levelek: {len(sink.letters)} (köztük a köteg a Moodle kezelőjének)\n")
    if made is None:
        console.print("[red]Nem készült köteg.[/red]")
        return 1
    console.print(f"[bold]A köteg:[/bold] {made.count} fő")
    for path in made.paths:
        console.print(f"  {path}", soft_wrap=True)
    console.print(f"\nMinden itt van: {place}", soft_wrap=True)
    console.print(
        "Egy levél részletes magyarázata:  "
        ".venv/bin/beirato explain processor/commands/demo/samples/04-excel-melleklet.eml\n",
        soft_wrap=True,
    )
    return 0


def _show_letter(console: Console, letter: EmailMessage) -> None:
    console.print(
        "\nEgy válaszlevél teljes szövege (a 2. levélre; a feladó két szóval felelt rá, lásd az utolsó sort):\n"
    )
    console.print(
        Panel(
            Text(plain(letter).rstrip()),
            title=Text(str(letter["Subject"])),
            subtitle=Text(str(letter["To"])),
            title_align="left",
            border_style="blue",
        )
    )


def _counts(port: int) -> dict[str, int]:
    """Mails by folder."""
    with IMAPClient("127.0.0.1", port, ssl=False) as client:
        client.login(USER, PASSWORD)
        return {name: client.folder_status(name, ["MESSAGES"])[b"MESSAGES"] for _, _, name in client.list_folders()}


def _desk(console: Console, working: Parts) -> None:
    """The officers' pages on the demo's data, until Ctrl-C."""
    from processor.commands.wiring import surroundings
    from processor.desk import server
    from processor.desk.users import hashed

    with working.store.begin() as session:
        session.users.put(DESK_USER, hashed(DESK_PASSWORD), "administrator", working.clock())
    serving = server(surroundings(working), "127.0.0.1", free_port())
    console.print(
        f"[bold]Az ügyintézői felület:[/bold] http://127.0.0.1:{serving.effective_port}/  "
        f"név: {DESK_USER}, jelszó: {DESK_PASSWORD}   (kilépés: Ctrl-C)",
        soft_wrap=True,
    )
    with contextlib.suppress(KeyboardInterrupt):
        serving.run()
    serving.close()


def _round(working: Parts) -> None:
    working.poll()
    working.send()


def _mails(working: Parts) -> Table:
    table = Table(title="Mi érkezett, és mi lett vele", title_justify="left", show_edge=False)
    for column in ("", "feladó", "tárgy", "fajta", "döntés", "ügy", "az ügy most"):
        table.add_column(column)
    with working.store.read() as session:
        states = {row["id"]: row for row in session.cases.all()}
        for number, row in enumerate(session.mails.ledger(), start=1):
            mail = read(session.mails.raw(row["id"]), frozenset({ADDRESS}))
            case = states.get(row["case_id"] or 0)
            table.add_row(
                str(number),
                mail.sender.name if mail.sender else "",
                mail.subject,
                vocabulary.KIND_WORDS.get(row["kind"] or "", ""),
                view.coloured(row["decision"] or "", vocabulary.DECISION_WORDS),
                case["reference"] if case else "",
                STATUS_WORDS[case["status"]] if case else "",
            )
    return table
