"""A case's request as JSON and back, by pydantic: rules.model.Request with all its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from rules.hungarian.words import fold
from rules.model import Request

_MOST_SEARCHED = 4_000  # characters of what a case is found by


@cache
def _adapter() -> TypeAdapter[Request]:
    return TypeAdapter(Request)


def dump(request: Request) -> dict[str, Any]:
    value: dict[str, Any] = _adapter().dump_python(request, mode="json")
    return value


def load(data: Any) -> Request:
    return _adapter().validate_python(data)


def search_text(request: Mapping[str, Any]) -> str:
    """What a case is found by: names, workplaces, PIR and addresses of its people, and who wrote; folded."""
    words: list[str] = []
    for applicant in request.get("applicants", ()):
        for name in ("name", "municipality", "pir", "email"):
            words += [value["text"] for value in applicant.get(name, ())]
    sender = request.get("sender") or {}
    words += [sender.get("name", ""), sender.get("address", "")]
    return fold(" ".join(dict.fromkeys(w for w in words if w)))[:_MOST_SEARCHED]
