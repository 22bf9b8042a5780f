"""Batches for the tests, of invented people."""

from __future__ import annotations

from processor.batches.content import Content, Enrolment
from processor.batches.moodle import text, username
from rules.hungarian.catalogue import programs
from rules.hungarian.names import split

SHORTS = list(programs())
ODD = [
    "O'Neill Ödön",
    "Őri Úrsula",
    "=SUM(A1) Béla",
    "Kovács-Nagy\u00a0Anna",
    "Ősi\\ Éva",
    "<b>Vad</b> Ida",
    "Szűcs Zoe\u0301",
    "+36 Péter",
    "Tóth @Lilla",
    "Łukasz Ewa",
]


def row(number: int, name: str = "Kovács Anna", wanted: tuple[str, ...] = (SHORTS[0],)) -> Enrolment:
    last, first = split(name)
    address = f"szemely.{number}+új@falu.hu" if number % 50 == 7 else f"szemely.{number}@falu.hu"
    address = address.replace("ú", "u")
    return Enrolment(
        username(address),
        text(first),
        text(last),
        address,
        text("Mintafalu Község Önkormányzata"),
        "Mintafalu",
        text(name),
        "731234",
        "Pest",
        wanted,
        ("ASPO-2026-000001",),
    )


def content(rows: list[Enrolment], profile: dict[str, str] | None = None) -> Content:
    return Content("2026-W47-1", "2026-11-16T07:00:00", tuple(rows), {"waiting": 3}, profile or {})
