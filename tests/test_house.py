"""The house is in order: lists are complete, documents name what exists, what is shipped stands alone."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

import rules
from processor.commands import main as cli
from processor.commands.wiring import load
from processor.settings import Settings

ROOT = Path(__file__).parent.parent
TRACKED = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_every_rule_file_is_in_the_list():
    """A new check is one file and its name in RULES. (`attachment` looks at what the others found and is called after
    them.)"""
    checks = {
        path.stem
        for path in (ROOT / "rules").glob("*.py")
        if path.stem not in {"__init__", "attachment"} and "\ndef check(" in path.read_text(encoding="utf-8")
    }
    assert {module.__name__.rpartition(".")[2] for module in rules.RULES} == checks


def test_every_code_has_a_sentence_and_belongs_to_the_file_of_its_name():
    """`pir.invalid` lives in rules/pir.py."""
    files = {"reading": "open"}
    for module in rules.RULES:
        stem = module.__name__.rpartition(".")[2]
        for code, sentence in module.CODES.items():
            assert files.get(code.partition(".")[0], code.partition(".")[0]) == stem, code
            assert sentence.endswith((".", "?")), code


def _keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    keys = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            keys |= _keys(inner, f"{prefix}{name}.")
        else:
            keys.add(prefix + name)
    return keys


def test_the_example_configuration_names_every_key_and_no_other(tmp_path):
    """Its comments, uncommented, are a valid configuration too."""
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    whole = re.sub(r"(?m)^# (?=\[|\w+ = )", "", text).replace('password = "" ', 'password = "x" ')
    (tmp_path / "config.toml").write_text(whole, encoding="utf-8")
    load(tmp_path / "config.toml")

    def named(table: dict[str, object], prefix: str = "") -> set[str]:
        out = set()
        for key, value in table.items():
            out |= (
                named(value, f"{prefix}{key}.")
                if isinstance(value, dict) and prefix + key != "export.profile_fields"
                else {prefix + key}
            )
        return out

    from_server = {
        "smtp.password_file",
        "smtp.oauth_token_file",
        "smtp.oauth_token_command",
    }  # named in a comment beside smtp.password
    assert named(tomllib.loads(whole)) | from_server == _keys(Settings)


def test_a_configuration_with_only_the_contracts_keys_works(tmp_path):
    """CONTRACT.md: everything else has a default."""
    text = re.sub(r"(?m)^# .*\n", "", (ROOT / "config.example.toml").read_text(encoding="utf-8")).replace(
        'password = "" ', 'password = "x" ', 1
    )
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "config.toml").mailbox.poll_seconds == 60


def test_every_command_of_the_readme_exists():
    """Nothing is documented that isn't there, and nothing is there that isn't documented."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"beirato (?:--config \S+ )?([a-z]+)", readme))
    shown = CliRunner().invoke(cli.app, ["--help"]).output
    commands = {group.name or group.callback.__name__ for group in cli.app.registered_commands} | {
        group.name for group in cli.app.registered_groups
    }
    assert {str(c) for c in commands} <= words, shown
    assert words <= {str(c) for c in commands}


# To be taken apart; numbers here may only become smaller.
LONG_STILL = {
    "processor/acts/officer.py": 570,
    "processor/reading/mime.py": 445,
    "processor/store/repository.py": 545,
    "processor/understanding/people.py": 450,
    "processor/understanding/tables.py": 445,
    "processor/understanding/text.py": 490,
}


@pytest.mark.parametrize("path", [p for p in TRACKED if p.endswith(".py") and not p.startswith("tests/")])
def test_no_module_is_longer_than_a_person_reads(path):
    """About 400 lines (HOUSE)."""
    longest = LONG_STILL.get(path, 420)
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= longest


def test_nothing_names_this_machine_or_a_registry():
    """No path of a developer's machine, no address of a package index."""
    bad = re.compile(r"/work/|/root/|files\.pythonhosted|pypi\.org/simple|--index-url|--extra-index-url")
    for path in TRACKED:
        if path.endswith((".eml", ".png", ".xlsx", ".pdf")) or path == "tests/test_house.py":
            continue
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        assert not bad.search(text), path


def test_the_wheel_holds_templates_data_and_samples(tmp_path):
    """What is installed works as the checkout does."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {p for p in TRACKED if p.startswith(("processor/", "rules/", "templates/"))}
    assert shipped <= names


def test_the_command_starts_quickly():
    """Heavy libraries are imported by the commands that need them, not by --help."""
    script = "import sys, processor.commands.main; print([m for m in ('sqlalchemy', 'openpyxl', 'imapclient', 'lxml', 'apscheduler', 'pydantic') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
