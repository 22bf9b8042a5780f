"""The house is in order: lists are complete, documents name what exists, what is shipped stands alone."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

import rules
from processor.cases.states import Decided, LetterState, MailState, Outcome, Status
from processor.commands import main as cli
from processor.commands.wiring import load
from processor.settings import Settings
from rules.model import Kind
from tests import measures

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


LONGEST = 420  # lines of a module; about 400 (HOUSE)


@pytest.mark.parametrize("path", [p for p in TRACKED if p.endswith(".py") and not p.startswith("tests/")])
def test_no_module_is_longer_than_a_person_reads(path):
    """Without exception."""
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("name", measures.LISTS)
def test_no_function_is_too_much_for_a_reader(name):
    """Complexity at most 12, 60 lines, imports within a function only with a reason; what is still beyond stands in a
    list with its number, and what got better is taken off it (`python tests/measures.py` writes the lists)."""
    found, listed = measures.LISTS[name](), measures.listed(name)
    assert {what: number for what, number in found.items() if number > listed.get(what, 0)} == {}, "new or worse"
    assert {what: number for what, number in listed.items() if number > found.get(what, 0)} == {}, "better: lower it"


def test_the_measures_measure():
    """So that the test above can fail: what they say of a function whose numbers are known."""
    assert measures.complexities_of(SAMPLE, "x.py") == {"x.py::A.f": 4, "x.py::A.f.g": 2}
    assert measures.lengths_of(SAMPLE, "x.py") == {"x.py::A.f": 10, "x.py::A.f.g": 2}
    assert measures.inner_imports_of(SAMPLE, "x.py") == {"x.py::A.f": 2}


SAMPLE = """
class A:
    def f(self, x):
        import a
        # for the start-up time
        import b
        import c
        if x and x > 1:
            import d  # noqa
        for _ in x:
            def g(y):
                return 1 if y else 2
"""


def test_every_exception_for_long_lines_is_needed():
    """A file whose lines are short is taken off pyproject.toml's list."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = [what for what, codes in settings["tool"]["ruff"]["lint"]["per-file-ignores"].items() if "E501" in codes]
    width = settings["tool"]["ruff"]["line-length"]
    files = [path for path in TRACKED if any(fnmatch(path, pattern) for pattern in patterns)]
    command = ["check", "--isolated", "--select=E501", f"--line-length={width}", "--output-format=json", *files]
    out = subprocess.run(
        [sys.executable, "-m", "ruff", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    long = {Path(one["filename"]).relative_to(ROOT).as_posix() for one in json.loads(out.stdout)}
    assert [pattern for pattern in patterns if not any(fnmatch(path, pattern) for path in long)] == []


_ENUMS = tuple(frozenset(enum) for enum in (Status, LetterState, MailState, Decided, Outcome, Kind))
_COLUMNS = {"state", "status", "outcome", "decision", "kind"}


def _words_where_states_are_meant(node: ast.AST) -> Iterator[ast.expr]:
    """What is compared with a column of a state, or given as one, or listed or written into a statement."""
    match node:
        case ast.Compare():
            sides = [node.left, *node.comparators]
            if any(re.search(r"\b(?:state|status|outcome|decision|kind)\b", ast.unparse(side)) for side in sides):
                for side in sides:
                    yield from side.elts if isinstance(side, ast.Set | ast.Tuple | ast.List) else [side]
        case ast.keyword(arg=str(arg)) if arg in _COLUMNS:
            yield node.value
        case ast.Call(func=ast.Name(id="inline")):
            yield from node.args
        case ast.Set() | ast.Tuple() | ast.List() | ast.Dict():
            words = [word for word in (node.keys if isinstance(node, ast.Dict) else node.elts) if word is not None]
            values = {word.value if isinstance(word, ast.Constant) else None for word in words}
            if len(values) > 1 and any(values <= enum for enum in _ENUMS):
                yield from words


@pytest.mark.parametrize("folder", ["desk", "letters", "store"])
def test_states_are_enums(folder):
    """A state is written as the enum that has it; the schema and its migrations hold what databases hold."""
    found = [
        f"{path.relative_to(ROOT)}:{word.lineno} {word.value}"
        for path in (ROOT / "processor" / folder).glob("*.py")
        if path.name != "schema.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for word in _words_where_states_are_meant(node)
        if isinstance(word, ast.Constant) and any(word.value in enum for enum in _ENUMS)
    ]
    assert found == []


def _section(document: str, title: str) -> str:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    _, found, rest = text.partition(f"\n## {title}\n")
    assert found, f"{document} has no section {title!r}"
    return rest.partition("\n## ")[0]


def _resolved(name: str) -> object:
    """`reading.read` is processor.reading.read, `rules.check` is itself; None when there is no such thing."""
    names = name.split(".") if name.startswith("rules.") else ["processor", *name.split(".")]
    module = importlib.import_module(names.pop(0))
    found: object = module
    for part in names:
        if not hasattr(found, part) and found is module:
            try:
                importlib.import_module(f"{module.__name__}.{part}")
            except ModuleNotFoundError:
                return None
        found = getattr(found, part, None)
        module = found if isinstance(found, type(importlib)) else module
    return found


def test_the_way_of_a_mail_is_the_codes_way():
    """Every call that docs/architecture.md names in backticks there can be called."""
    section = _section("architecture.md", "The way of a mail")
    names = re.findall(r"`([a-z_]+(?:\.\w+)+)(?:\([^`]*\))?`", section)
    assert len(names) >= 8
    assert [name for name in names if not callable(_resolved(name))] == []
    assert _resolved("reading.nothing") is None


def test_one_place_to_touch_names_what_is_there():
    """Files and folders of docs/development.md's table exist, and the other words stand in a file of their row."""
    rows = [line for line in _section("development.md", "One place to touch").splitlines() if "`" in line]
    assert len(rows) >= 8
    for row in rows:
        words = re.findall(r"`([^`]+)`", row)
        paths = [ROOT / word for word in words if "/" in word]
        assert paths, row
        assert [path for path in paths if not path.exists()] == [], row
        files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*.*"))]
        texts = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.suffix != ".pyc"]
        assert [word for word in words if "/" not in word and not any(word in text for text in texts)] == [], row


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
    heavy = ("sqlalchemy", "openpyxl", "imapclient", "lxml", "apscheduler", "pydantic")
    script = f"import sys, processor.commands.main; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
