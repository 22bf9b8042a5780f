"""Mails in files: .eml files, folders of them, a Maildir, an mbox. Each is read when it is asked for, and nothing is
written.

RFC 4155 (mbox); https://cr.yp.to/proto/maildir.html
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from mailbox import mbox
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Saved:
    """A mail in a file. `take(most)`: its first bytes, `most` of them (-1: all); OSError when it cannot be read."""

    name: str
    take: Callable[[int], bytes]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[list[Saved]]:
    """The mails of an .eml file, a folder of them, a Maildir or an mbox. FileNotFoundError: there is none."""
    if path.is_dir():
        found = _maildir(path) or _folder(path)
        if not found:
            raise FileNotFoundError(f"Nincs .eml fájl ebben a mappában: {path}")
        yield found
    elif _is_mbox(path):
        with contextlib.closing(mbox(path, create=False)) as box:
            yield [
                Saved(_readable(f"{path.name}#{number}"), partial(_of_mbox, box, key))
                for number, key in enumerate(box.keys(), start=1)
            ]
    else:
        yield [Saved(_readable(path.name), partial(_bytes, path))]


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From " and path.suffix.lower() != ".eml"


def _maildir(path: Path) -> list[Saved]:
    """What is new and what was seen; the folders below (".Sent") are mailboxes of their own."""
    parts = [path / part for part in ("new", "cur") if (path / part).is_dir()]
    files = sorted(file for part in parts for file in part.iterdir() if not file.is_dir())
    return [Saved(_readable(file.name), partial(_bytes, file)) for file in files]


def _folder(path: Path) -> list[Saved]:
    """Every .eml below. A folder that cannot be listed stands among them: what is in it is not lost in silence."""
    closed: list[OSError] = []
    below = [Path(folder) / name for folder, _, names in os.walk(path, onerror=closed.append) for name in names]
    files = [file for file in below if file.suffix.lower() == ".eml"]
    files += [Path(error.filename) for error in closed]
    return [Saved(_readable(file.relative_to(path).as_posix()), partial(_bytes, file)) for file in sorted(files)]


def _bytes(path: Path, most: int) -> bytes:
    if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():  # reading a pipe would wait for ever
        raise OSError("nem közönséges fájl")
    with path.open("rb") as file:
        return file.read(most)


def _of_mbox(box: mbox, key: str, most: int) -> bytes:
    with box.get_file(key) as file:
        data: bytes = file.read(most)
    return data


def _readable(name: str) -> str:
    """A file's name that can be printed, whatever bytes it has on the disk."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
