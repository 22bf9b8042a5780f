"""`beirato trial` over real files and a real mailbox, which stays as it was."""

from __future__ import annotations

import json
import mailbox
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import Result
from imapclient import IMAPClient
from openpyxl import load_workbook
from typer.testing import CliRunner

from processor.commands import main as cli
from processor.commands.terminal import Chosen, chosen
from processor.commands.wiring import load
from processor.explain import Explained, explain
from processor.mailbox.imap import LARGEST, NotFetched, connect
from processor.trial.sources import of_mailbox, uids
from tests import servers
from tests.desk import CONFIG
from tests.letters import DESK, mail, request

NEWSLETTER = mail("Heti hírlevél", sender="hirlevel@hirek.hu", headers={"List-Unsubscribe": "<mailto:le@hirek.hu>"})
OPEN = mail(
    "Tisztelt Cím!\n\nKérjük Kovács Anna (kovacs.anna@mintafalu.hu) és Nagy Béla (nagy.bela@mintafalu.hu) "
    "regisztrációját az ADÓ tananyagra. Mintafalu Község Önkormányzata, PIR: 731234, Pest vármegye. "
    "Van még: harmadik@mintafalu.hu\n\nÜdvözlettel:\nMinta Mária\n"
)
MAILS = {"1.eml": request(), "2.eml": request(without=("PIR",)), "3.eml": NEWSLETTER, "4.eml": OPEN}
DECISIONS = ["sorba kerül", "hiánypótlást kér", "nincs teendő", "munkatárs nézi meg"]

Trial = Callable[..., Result]


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """The command sets up logging to its own stderr and notes its configuration; both end with it."""
    yield
    structlog.reset_defaults()
    chosen.config = Chosen().config


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Runs the command in a folder where there is no configuration."""
    (tmp_path / "itt").mkdir()
    monkeypatch.chdir(tmp_path / "itt")

    def run(*arguments: object, config: Path = Path("config.toml")) -> Result:
        return CliRunner().invoke(cli.app, ["--config", str(config), "trial", *map(str, arguments)])

    return run


def folder(path: Path, **more: bytes) -> Path:
    """.eml files, some of them in folders below."""
    for name, raw in {**MAILS, **more}.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(raw)
    return path


def rows(file: Path) -> list[dict[str, Any]]:
    """The sheet of mails, by the titles of its columns."""
    head, *found = load_workbook(file, read_only=True)["Levelek"].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def totals(file: Path) -> dict[str, tuple[Any, ...]]:
    """The sheet of totals, by its first column."""
    sheet = load_workbook(file, read_only=True)["Összesítő"]
    return {row[0]: row[1:] for row in sheet.iter_rows(values_only=True) if row and row[0]}


def drained(terminal: int) -> bytes:
    """What came next; nothing when the other end is closed, which Linux tells as an error."""
    try:
        return os.read(terminal, 10_000)
    except OSError:
        os.close(terminal)
        return b""


class TestFiles:
    """Mails that were saved."""

    def test_a_folder(self, trial, tmp_path):
        """A line a mail, folders below too: what was understood, decided, left open, and the letter."""
        done = trial(folder(tmp_path / "be", **{"alatta/5.EML": request()}), "--xlsx", "proba.xlsx")
        assert (done.exit_code, done.stderr) == (0, "")
        complete, asked, machine, unclear, below = rows(Path("proba.xlsx"))
        assert [row["Döntés"] for row in (complete, asked, machine, unclear, below)] == [*DECISIONS, DECISIONS[0]]
        assert complete == {
            "Sorszám": 1,
            "Dátum": complete["Dátum"],
            "Feladó": "Minta Mária <minta.maria@mintafalu.hu>",
            "Tárgy": "Regisztráció",
            "Fajta": "regisztrációs kérelem",
            "Döntés": "sorba kerül",
            "Munkatárs miért": None,
            "Tisztázandó": None,
            "Kérelmezők": "1. Kovács Anna (kötegbe kerül): munkahely: Mintafalu Község Önkormányzata; PIR: 731234; "
            "vármegye: Pest; e-mail-cím: kovacs.anna@mintafalu.hu; tananyag: ADÓ",
            "Hibák, hiányok": None,
            "Olvasáskor": None,
            "A levél, amely kimenne": complete["A levél, amely kimenne"],
            "Forrás": "1.eml",
        }
        assert f"{complete['Dátum']:%Y-%m-%d %H:%M}" == "2026-11-16 09:00"
        assert asked["Hibák, hiányok"] == "1. PIR: hiányzik"
        assert asked["A levél, amely kimenne"].startswith("Címzett: minta.maria@mintafalu.hu\nTárgy: [ASPO-")
        assert "PIR" in asked["A levél, amely kimenne"]
        assert (machine["Fajta"], machine["A levél, amely kimenne"]) == ("gépi levél", None)
        assert "„harmadik@mintafalu.hu”" in unclear["Tisztázandó"]
        assert "tisztázandó" in unclear["Munkatárs miért"]
        assert below["Forrás"] == "alatta/5.EML"

    def test_the_totals(self, trial, tmp_path):
        """By kind, by decision, without a person or why not; the same on the terminal."""
        done = trial(folder(tmp_path / "be"), "--xlsx", "proba.xlsx")
        found = totals(Path("proba.xlsx"))
        assert found["regisztrációs kérelem"][:3] == (3, 2, 1)
        assert found["gépi levél"][:3] == (1, 1, 0)
        assert found["összesen"][:3] == (4, 3, 1)
        assert found["arány"][1:3] == ("75%", "25%")
        assert [found[word][0] for word in DECISIONS] == [1, 1, 1, 1]
        assert found["a levél értelmezése: tisztázandó"][0] == 1
        shown = [[cell.strip() for cell in line.split("│")] for line in done.stdout.splitlines()]
        assert ["összesen", "4", "3", "1"] in shown
        assert ["a levél értelmezése: tisztázandó", "1"] in shown
        assert done.stdout.splitlines()[-1] == "proba.xlsx"

    def test_an_mbox_and_a_maildir(self, trial, tmp_path):
        """As Python's own mailbox module makes them, two paths at once; neither is changed."""
        box, maildir = mailbox.mbox(tmp_path / "levelek.mbox"), mailbox.Maildir(tmp_path / "Maildir")
        for raw in MAILS.values():
            box.add(raw)
            maildir.add(raw)
        box.close()
        before = tree(tmp_path)
        assert trial(tmp_path / "levelek.mbox", tmp_path / "Maildir", "--xlsx", "proba.xlsx").exit_code == 0
        found = rows(Path("proba.xlsx"))
        assert [row["Döntés"] for row in found[:4]] == DECISIONS
        assert sorted(row["Döntés"] for row in found[4:]) == sorted(DECISIONS)
        assert [row["Forrás"] for row in found[:4]] == [f"levelek.mbox#{number}" for number in (1, 2, 3, 4)]
        Path("proba.xlsx").unlink()
        assert tree(tmp_path) == before

    def test_broken_files_among_good_ones(self, trial, tmp_path):
        """Each is a line with its reason; the others are read as ever."""
        be = folder(tmp_path / "be", **{"0-ures.eml": b"", "0-szemet.eml": bytes(range(256)) * 50})
        (be / "0-sehova.eml").symlink_to(tmp_path / "nincs.eml")
        (be / "0-mappa.eml").mkdir()
        os.mkfifo(be / "0-cso.eml")
        done = trial(be, "--xlsx", "proba.xlsx")
        assert done.exit_code == 0
        found = {row["Forrás"]: row for row in rows(Path("proba.xlsx"))}
        assert [found[name]["Döntés"] for name in MAILS] == DECISIONS
        assert {name: row["Olvasáskor"] for name, row in found.items() if row["Döntés"] == "hibás levél"} == {
            "0-cso.eml": "nem olvasható: nem közönséges fájl",
            "0-sehova.eml": "nem olvasható: No such file or directory",
            "0-ures.eml": "üres fájl",
        }
        assert found["0-szemet.eml"]["Döntés"] == "munkatárs nézi meg"
        assert "0-mappa.eml" not in found, "a folder is no mail"
        assert totals(Path("proba.xlsx"))["a levelet nem lehetett elolvasni"][0] == 3

    def test_a_mail_that_breaks_the_reader(self, trial, tmp_path, monkeypatch):
        """A fault of the program's own is a line too."""
        monkeypatch.setattr("processor.explain.decide", lambda kind, *_: {}[kind])
        assert trial(folder(tmp_path / "be"), "--xlsx", "proba.xlsx").exit_code == 0
        found = rows(Path("proba.xlsx"))
        assert [row["Olvasáskor"].partition(" <")[0] for row in found] == ["váratlan hiba: KeyError:"] * 4
        assert [row["Tárgy"] for row in found] == ["Regisztráció"] * 4

    def test_a_mail_beyond_all_measure(self, trial, tmp_path):
        """Its header is read, and a person would look at it; no memory is spent on it."""
        be = folder(tmp_path / "be")
        with (be / "5.eml").open("wb") as file:
            file.write(mail("szöveg"))
            file.truncate(LARGEST + 1)  # a sparse file
        box = mailbox.mbox(tmp_path / "x.mbox")
        box.close()
        (tmp_path / "x.mbox").write_bytes(
            b"From a@b.hu Mon Nov 16 09:00:00 2026\n" + mail("szöveg").replace(b"\r\n", b"\n")
        )
        with (tmp_path / "x.mbox").open("r+b") as file:
            file.truncate(LARGEST + 1000)
        trial(be, tmp_path / "x.mbox", "--xlsx", "proba.xlsx")
        for row in rows(Path("proba.xlsx"))[4:]:
            assert (row["Tárgy"], row["Fajta"], row["Döntés"]) == ("Regisztráció", "egyéb", "munkatárs nézi meg")
            assert row["Olvasáskor"] == row["Munkatárs miért"] == "40 MB-nál nagyobb levél, csak a fejlécét olvastuk be"

    def test_nothing_becomes_a_formula_or_breaks_the_workbook(self, trial, tmp_path):
        """What begins with = + - @ is text, and what no XML may hold is left out; too long texts say that they end."""
        be = tmp_path / "be"
        be.mkdir()
        for number, sign in enumerate("=+-@"):
            (be / f"{number}.eml").write_bytes(mail("Jó napot!", subject=f"{sign}1+cmd|' /C calc'!A0"))
        (be / "5.eml").write_bytes(mail("Jó napot!", subject="a\uffffb\ufffec"))
        (be / os.fsdecode(b"lev\xe9l.eml")).write_bytes(mail("Jó napot!" * 5000))
        assert trial(be, "--xlsx", "proba.xlsx").exit_code == 0
        sheet = load_workbook("proba.xlsx")["Levelek"]
        subjects = [sheet.cell(row, 4) for row in range(2, 7)]
        assert [cell.value[:2] for cell in subjects] == ["'=", "'+", "'-", "'@", "ab"]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
        assert sheet.cell(7, 13).value == "lev\ufffdl.eml"

    def test_json(self, trial, tmp_path):
        """A line a mail, as `explain --json` has it; a workbook only where one is asked for."""
        be = folder(tmp_path / "be", **{"5.eml": b""})
        done = trial(be, "--json")
        explained = CliRunner().invoke(cli.app, ["explain", "--json", *(str(be / name) for name in MAILS)])
        *lines, broken = done.stdout.splitlines()
        assert lines == explained.stdout.splitlines()
        assert (json.loads(broken)["decision"], json.loads(broken)["trouble"]) == ("failed", "üres fájl")
        assert json.loads(broken).keys() - {"trouble"} == json.loads(lines[0]).keys()
        assert list(Path().iterdir()) == []
        trial(be, "--json", "--xlsx", "proba.xlsx")
        assert len(rows(Path("proba.xlsx"))) == 5

    def test_the_bar_is_a_terminals(self, tmp_path):
        """It moves on stderr; the lines of JSON go where stdout goes."""
        terminal, theirs = os.openpty()
        command = [sys.executable, "-m", "processor", "trial", "--json", str(folder(tmp_path / "be"))]
        told = {"TERM": "xterm", "PYTHONPATH": str(servers.ROOT), "PYTHONIOENCODING": "utf-8"}
        with (tmp_path / "ki.json").open("wb") as out:
            running = subprocess.Popen(command, stdout=out, stderr=theirs, env={**os.environ, **told}, cwd=tmp_path)
        os.close(theirs)
        bar = b"".join(iter(lambda: drained(terminal), b""))
        assert running.wait(60) == 0
        lines = (tmp_path / "ki.json").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["file"] for line in lines] == list(MAILS)
        assert b"Levelek" in bar

    def test_the_workbook_has_a_name_of_its_own(self, trial, tmp_path):
        """And holds people's data, so that nobody else may read it."""
        done = trial(folder(tmp_path / "be"))
        (made,) = Path().iterdir()
        assert made.name.startswith("beirato-proba-")
        assert done.stdout.splitlines()[-1] == made.name
        assert made.stat().st_mode & 0o077 == 0


class TestTroubles:
    """Status 1 and a sentence, and no half workbook."""

    def test_a_path_that_is_not_there(self, trial, tmp_path):
        """Alone there is nothing to report; among others it is told at the end."""
        done = trial(tmp_path / "nincs")
        assert (done.exit_code, done.stderr) == (1, f"Nem olvasható: {tmp_path}/nincs: No such file or directory\n")
        assert list(Path().iterdir()) == []
        done = trial(tmp_path / "nincs", folder(tmp_path / "be"), "--xlsx", "proba.xlsx")
        assert (done.exit_code, len(rows(Path("proba.xlsx")))) == (1, 4)
        assert done.stderr.startswith("Nem olvasható: ")

    def test_a_folder_without_mails(self, trial, tmp_path):
        """As `explain` says it."""
        assert "Nincs .eml fájl" in trial(tmp_path).stderr

    def test_a_workbook_that_cannot_be_written(self, trial, tmp_path):
        """Told before the first mail is read."""
        done = trial(folder(tmp_path / "be"), "--xlsx", tmp_path / "nincs" / "proba.xlsx")
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("A munkafüzet nem írható: ")

    def test_what_belongs_to_the_mailbox(self, trial, tmp_path):
        """A choice that would be passed over in silence is refused."""
        for option in (("--last", "5"), ("--since", "2026-11-01"), ("--folder", "INBOX")):
            assert "postafiókra vonatkozik" in trial(folder(tmp_path / "be"), *option).stderr

    def test_no_configuration(self, trial):
        """The mailbox needs one."""
        assert (trial().exit_code, "Nincs ilyen beállításfájl" in trial().stderr) == (1, True)

    def test_a_named_configuration_that_is_not_there(self, trial, tmp_path):
        """For files it only says which addresses are ours; a mistyped name is told all the same."""
        done = trial(folder(tmp_path / "be"), config=tmp_path / "nincs.toml")
        assert (done.exit_code, "Nincs ilyen beállításfájl" in done.stderr) == (1, True)

    def test_nobody_listens(self, trial, tmp_path):
        """The mailbox cannot be reached: no workbook."""
        (tmp_path / "c.toml").write_text(
            CONFIG.format(imap=servers.free_port(), user="x", password="x", smtp=1, desk=DESK, store="sqlite:///x.db")
        )
        done = trial(config=tmp_path / "c.toml")
        assert (done.exit_code, "mailbox.host" in done.stderr) == (1, True)
        assert list(Path().iterdir()) == []


def tree(path: Path) -> dict[str, bytes]:
    """Every file below with its content."""
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


@pytest.fixture
def imap(dovecot: servers.Dovecot, user: str) -> Iterator[IMAPClient]:
    """A mailbox with the mails in it, some of them handled by people, and a folder of theirs."""
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as client:
        client.plain_login(user, dovecot.password)
        for number, raw in enumerate(MAILS.values()):
            client.append("INBOX", raw, flags=[b"\\Seen", b"\\Flagged"] if number == 0 else [])
        client.create_folder("Archív")
        client.append("Archív", request())
        yield client


@pytest.fixture
def config(tmp_path: Path, dovecot: servers.Dovecot, user: str, sink: servers.Sink) -> Path:
    values = {"imap": dovecot.port, "user": user, "password": dovecot.password, "smtp": sink.port, "desk": DESK}
    (tmp_path / "c.toml").write_text(CONFIG.format(store="sqlite:///beirato.db", **values), encoding="utf-8")
    return tmp_path / "c.toml"


def state(client: IMAPClient) -> dict[str, Any]:
    """All that somebody at the mailbox could see changed: folders, subscriptions, counts, every mail's flags."""
    found: dict[str, Any] = {"subscribed": sorted(name for _, _, name in client.list_sub_folders())}
    for _, _, name in client.list_folders():
        found[name] = client.folder_status(name, ["MESSAGES", "RECENT", "UNSEEN", "UIDNEXT", "UIDVALIDITY"])
        client.select_folder(name, readonly=True)
        found[f"flags of {name}"] = client.get_flags(client.search()) if found[name][b"MESSAGES"] else {}
        client.unselect_folder()
    return found


class TestMailbox:
    """The real mailbox, through Dovecot."""

    def test_it_is_read_and_nothing_changes(self, trial, config, imap, sink, tmp_path):
        """No flag, no count, no folder, no letter, no store: one workbook."""
        before = state(imap)
        done = trial("--xlsx", "proba.xlsx", config=config)
        assert (done.exit_code, done.stderr) == (0, "")
        assert [row["Döntés"] for row in rows(Path("proba.xlsx"))] == DECISIONS
        assert [row["Forrás"] for row in rows(Path("proba.xlsx"))] == [f"UID {uid}" for uid in (1, 2, 3, 4)]
        assert state(imap) == before
        assert before["INBOX"][b"RECENT"] == 4, "so that a SELECT would have been seen"
        assert sink.letters == []
        assert sorted(tree(tmp_path)) == ["c.toml", "itt/proba.xlsx"]

    def test_the_last_ones_a_day_and_another_folder(self, trial, config, imap):
        """Each choice, and two together."""
        for options, numbers in (
            (("--last", 2), [3, 4]),
            (("--since", "2020-01-01", "--last", 1), [4]),
            (("--since", "2020-01-01"), [1, 2, 3, 4]),
            (("--since", "2099-01-01"), []),
            (("--folder", "Archív"), [1]),
        ):
            assert trial(*options, "--xlsx", "proba.xlsx", config=config).exit_code == 0
            assert [row["Forrás"] for row in rows(Path("proba.xlsx"))] == [f"UID {uid}" for uid in numbers], options

    def test_a_folder_that_is_not_there(self, trial, config, imap):
        """It is not made."""
        before = state(imap)
        done = trial("--folder", "Nincs", config=config)
        assert (done.exit_code, "hibát jelzett" in done.stderr) == (1, True)
        assert state(imap) == before

    def test_the_server_itself_keeps_changes_out(self, config, imap):
        """EXAMINE: even a fault of ours could not flag a mail, before and after a look into another folder."""
        before = state(imap)
        with connect(load(config).mailbox, readonly=True) as box:
            box.client.add_flags([1], [b"\\Deleted"])
            with box.inside("Archív", readonly=True):
                pass
            box.client.add_flags([1], [b"\\Deleted"])
        assert state(imap) == before

    def test_a_mail_that_goes_away_meanwhile(self, config, imap):
        """Somebody moves it while the trial runs: that mail says so, the next ones are read."""
        with connect(load(config).mailbox, readonly=True) as box:
            mails = of_mailbox(box, uids(box, None, None))
            first = next(mails)
            imap.select_folder("INBOX")
            imap.delete_messages([2])
            imap.expunge()
            rest = list(mails)
            with pytest.raises(NotFetched):
                box.one(2)
        assert [(one.name, one.trouble) for one in (first, *rest)] == [
            ("UID 1", ""),
            ("UID 2", "időközben elkerült a mappából"),
            ("UID 3", ""),
            ("UID 4", ""),
        ]

    def test_a_mail_beyond_all_measure(self, trial, config, imap, monkeypatch):
        """By its header alone."""
        monkeypatch.setattr("processor.mailbox.imap.LARGEST", 1000)
        imap.append("INBOX", mail("x" * 2000))
        trial("--last", 1, "--xlsx", "proba.xlsx", config=config)
        (row,) = rows(Path("proba.xlsx"))
        assert (row["Tárgy"], row["Döntés"]) == ("Regisztráció", "munkatárs nézi meg")
        assert "csak a fejlécét" in row["Olvasáskor"]

    def test_a_connection_that_breaks(self, trial, tmp_path, user, monkeypatch):
        """What was read until then is reported, and that it is not all."""
        with servers.dovecot() as server:
            with IMAPClient("127.0.0.1", server.port, ssl=False) as client:
                client.plain_login(user, server.password)
                for raw in MAILS.values():
                    client.append("INBOX", raw)
            values = {"imap": server.port, "user": user, "password": server.password, "smtp": 1, "desk": DESK}
            (tmp_path / "c.toml").write_text(CONFIG.format(store="sqlite:///beirato.db", **values), encoding="utf-8")

            def explained(raw: bytes, name: str, own: frozenset[str]) -> Explained:
                if name == "UID 2":
                    server.kill()
                return explain(raw, name, own)

            monkeypatch.setattr("processor.trial.lines.explain", explained)
            done = trial("--xlsx", "proba.xlsx", config=tmp_path / "c.toml")
        assert (done.exit_code, done.stderr.startswith("A postafiók (127.0.0.1:")) == (1, True)
        assert [row["Döntés"] for row in rows(Path("proba.xlsx"))] == DECISIONS[:2]
        assert done.stderr.strip() in totals(Path("proba.xlsx")), "a report of a part says so"
