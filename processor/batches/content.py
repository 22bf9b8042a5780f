"""What stands in a batch, and its files on disk. Knows no database and no network.

Everything that the files hold is in `Content`, which the store keeps: lost files are written again byte for byte.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Budapest")
_NAME = re.compile(r"\d{4}-W\d{2}-\d{1,3}")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One person of a batch. `programs`: ProBono identifiers to enrol into now; `existing`: has an account already;
    `received`, `queued`: local dates, ISO."""

    username: str
    firstname: str
    lastname: str
    email: str
    institution: str
    city: str
    name: str
    pir: str
    county: str
    programs: tuple[str, ...]
    references: tuple[str, ...] = ()
    clerk: str = ""
    received: str = ""
    queued: str = ""
    existing: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A batch: its name (2026-W47-1), when it was made (local ISO time), its people, how many cases still wait, by
    status, and which value goes into which field of a Moodle profile."""

    name: str
    made: str
    enrolments: tuple[Enrolment, ...]
    waiting: Mapping[str, int]
    profile_fields: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """As the store keeps it. The people stand under "rows" there, as in every batch made so far."""
        return {("rows" if key == "enrolments" else key): value for key, value in asdict(self).items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Content:
        people = tuple(
            Enrolment(**{**one, "programs": tuple(one["programs"]), "references": tuple(one["references"])})
            for one in data["rows"]
        )
        return cls(data["name"], data["made"], people, data["waiting"], data["profile_fields"])


@dataclass(frozen=True, slots=True)
class File:
    """A file of a batch. `size` in bytes."""

    name: str
    sha256: str
    size: int


def batch_name(now: dt.datetime, taken: Iterable[str]) -> str:
    """2026-W47-1: ISO year and week of the local day, and a number that no batch of the week has yet."""
    year, week, _ = now.astimezone(LOCAL).isocalendar()
    start = f"{year}-W{week:02d}-"
    numbers = [int(name[len(start) :]) for name in taken if name.startswith(start) and name[len(start) :].isdigit()]
    return f"{start}{max(numbers, default=0) + 1}"


def described(files: Mapping[str, bytes]) -> list[File]:
    return [File(name, hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()]


def write(folder: Path, name: str, files: Mapping[str, bytes]) -> list[Path]:
    """Writes `<folder>/<name>/` at once: a temporary folder, fsync, rename. Files that are there and whole are left
    alone."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"no batch's name: {name!r}")
    target = folder / name
    paths = [target / file for file in files]
    if all(path.is_file() and path.read_bytes() == files[path.name] for path in paths):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    try:
        new.chmod(0o755)
        for file, data in files.items():
            with (new / file).open("wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
        _sync(new)
        if target.exists():  # half of it, or changed by hand: kept beside, never overwritten unseen
            target.rename(_aside(target))
        new.rename(target)
        _sync(folder)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    return paths


def missing(folder: Path, name: str, files: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a recorded file is not there or not what it was."""
    for file in files:
        path = folder / name / str(file["name"])
        if (
            not path.is_file()
            or path.stat().st_size != file["size"]
            or hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]
        ):
            return True
    return False


def sweep(folder: Path) -> None:
    """Removes temporary folders that a crash left behind."""
    for left in folder.glob(".????-W??-*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def forget(folder: Path, name: str) -> bool:
    """Removes a batch's folder, and what was once kept beside it; whether there was anything."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"no batch's name: {name!r}")
    found = [path for path in (folder / name, *folder.glob(f"{name}.regi-*")) if path.is_dir()]
    for path in found:
        shutil.rmtree(path)
    return bool(found)


def _aside(target: Path) -> Path:
    number = 1
    while (path := target.with_name(f"{target.name}.regi-{number}")).exists():
        number += 1
    return path


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
