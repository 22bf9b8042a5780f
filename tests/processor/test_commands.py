"""What a person at a terminal sees, and what the configuration says when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from processor.commands import demo, view
from processor.commands.wiring import ConfigError, load
from processor.explain import explain
from tests.letters import mail, request

CONFIG = """
[mailbox]
host = "imap.mintafalu.hu"
username = "aspoktatas"
password_file = "titok"

[smtp]
host = "smtp.mintafalu.hu"
sender = "ASP Oktatás <aspoktatas@allamkincstar.gov.hu>"
"""


def shown(raw: bytes) -> str:
    """What `beirato explain` prints of one mail."""
    console = view.console()
    with console.capture() as captured:
        console.print(view.explained(explain(raw, "x.eml")))
    return captured.get()


def config(folder: Path, text: str) -> Path:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return folder / "config.toml"


class TestExplain:
    """`beirato explain` shows the ledger."""

    def test_a_plain_request_has_nothing_open(self):
        """No empty section."""
        text = shown(request())
        assert "Kovács Anna" in text
        assert "Tisztázandó" not in text

    def test_what_is_open_is_shown_with_its_place_and_reason(self):
        """An address whose owner is not clear."""
        wish = (
            "Kérjük Kovács Anna (kovacs.anna@mintafalu.hu) és Nagy Béla (nagy.bela@mintafalu.hu) regisztrációját az "
            "ADÓ tananyagra. Mintafalu Község Önkormányzata, PIR: 731234, Pest vármegye. Van még: harmadik@mintafalu.hu"
        )
        raw = mail(f"Tisztelt Cím!\n\n{wish}\n\nÜdvözlettel:\nMinta Mária\n")
        _, _, section = shown(raw).partition("Tisztázandó")
        (entry,) = explain(raw, "x.eml").understood.request.open
        row = next(line for line in section.splitlines() if "harmadik" in line)
        assert [cell.strip() for cell in row.split("│")] == [f"„{entry.text}”", entry.where, entry.why]


def test_the_demo_says_what_it_lacks(tmp_path, monkeypatch, capsys):
    """Its servers are an extra, which no office needs: one sentence, and nothing is made."""
    monkeypatch.setattr("processor.commands.demo.servers.PACKAGES", ("nincs_ilyen_csomag",))
    assert demo.main(tmp_path / "proba") == 1
    said = capsys.readouterr().out
    assert said.startswith("A próbához hiányzik: nincs_ilyen_csomag; ")
    assert "make demo" in said
    assert not (tmp_path / "proba").exists()


class TestConfiguration:
    """The file, the environment, and what an operator reads."""

    def test_the_environment_comes_first(self, tmp_path, monkeypatch):
        """Key by key, sections within sections too."""
        monkeypatch.setenv("BEIRATO_MAILBOX__HOST", "masik.hu")
        monkeypatch.setenv("BEIRATO_MAILBOX__FOLDERS__ASK", "Kérdés")
        monkeypatch.setenv("BEIRATO_EXPORT__RECIPIENTS", '["a@b.hu"]')
        read = load(config(tmp_path, CONFIG))
        assert (read.mailbox.host, read.mailbox.username, read.mailbox.folders.ask, read.mailbox.folders.queue) == (
            "masik.hu",
            "aspoktatas",
            "Kérdés",
            "Sorban",
        )
        assert read.export.recipients == ["a@b.hu"]

    def test_relative_paths_count_from_the_file(self, tmp_path, monkeypatch):
        """Wherever the command is started; whole paths and databases elsewhere stay as they are."""
        monkeypatch.chdir("/")
        (tmp_path / "titok").write_text("jelszó\n", encoding="utf-8")
        read = load(config(tmp_path, CONFIG))
        assert (read.store.url, read.export.folder) == (f"sqlite:///{tmp_path}/beirato.db", tmp_path / "exports")
        assert read.mailbox.secret() == "jelszó"
        for url in ("sqlite:////var/lib/x.db", "sqlite:///:memory:", "postgresql+psycopg://b@gep/b"):
            monkeypatch.setenv("BEIRATO_STORE__URL", url)
            monkeypatch.setenv("BEIRATO_EXPORT__FOLDER", "/var/lib/exports")
            read = load(config(tmp_path, CONFIG))
            assert (read.store.url, str(read.export.folder)) == (url, "/var/lib/exports")

    def test_every_fault_is_told_at_once(self, tmp_path):
        """Each with its key, and what to write."""
        wrong = CONFIG.replace('host = "imap.mintafalu.hu"', 'port = "sok"\nhoszt = "x"').replace(
            'host = "smtp.mintafalu.hu"', 'host = "smtp.mintafalu.hu"\nsecurity = "ssl"\ntimeout_seconds = 0'
        )
        more = '[export]\nfolder = 5\ncron = "0 7 * *"\nrecipients = "a@b.hu"\n[desk]\nenabled = "talán"\n'
        with pytest.raises(ConfigError) as told:
            load(config(tmp_path, wrong + more))
        assert str(told.value).splitlines() == [
            f"{tmp_path}/config.toml: hibás beállítások:",
            "  mailbox.host: hiányzik; írja be",
            "  mailbox.port: egész szám kell",
            "  mailbox.hoszt: ismeretlen kulcs; törölje vagy javítsa a nevét",
            "  smtp.security: ezek egyike kell: 'tls', 'starttls' or 'none'",
            "  smtp.timeout_seconds: a szám a megengedett tartományon kívül esik "
            "(Input should be greater than or equal to 1)",
            "  export.folder: idézőjelek közötti szöveg kell",
            '  export.cron: öt mezős cron kifejezés kell, például "0 7 * * mon" (öt mező kell, nem 4)',
            '  export.recipients: lista kell, például ["a@b.hu"]',
            "  desk.enabled: true vagy false kell",
        ]

    def test_no_way_to_log_in(self, tmp_path):
        """Neither password nor token."""
        with pytest.raises(ConfigError, match=r"mailbox\.password: hiányzik"):
            load(config(tmp_path, CONFIG.replace("password_file", "ca_file")))
