"""Loads the data files beside it. An error names the file, the entry and the cure."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


class DataError(ValueError):
    """A data file of `rules/` that cannot be used as it stands; the message is a sentence for whoever edited it."""


@cache
def load(name: str) -> dict[str, Any]:
    """The TOML file `rules/<name>` as a dict. DataError when it is missing or no TOML."""
    try:
        text = resources.files("rules.hungarian").joinpath(name).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise DataError(f"rules/hungarian/{name} is missing: restore it from the release.") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            f"rules/hungarian/{name}: {error}. Mend that line (quotes, commas, brackets) and try again."
        ) from error


def required(name: str, entry: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
    """DataError when `entry` (described by `where`) of file `name` lacks one of `keys`."""
    for wanted in keys:
        if wanted not in entry:
            raise DataError(f'rules/hungarian/{name}: {where} has no "{wanted}"; add the line {wanted} = ...')
