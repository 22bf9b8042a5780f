"""Hypothesis strategies: applicants of every kind of name and place, and mails around them."""

from __future__ import annotations

from hypothesis import strategies as st

from rules.hungarian.catalogue import programs
from rules.hungarian.counties import names as counties
from rules.model import Facts
from rules.pir import is_valid

FAMILY = [
    "Kovács",
    "Szabó",
    "Tóth",
    "Nagy",
    "Horváth",
    "Kiss-Baranyi",
    "Szűcs",
    "Őze",
    "Zsíros",
    "Fodorné Kis",
    "dr. Vad",
    "Magyar",
    "Adorján",
    "Császár-Tóth",
]
GIVEN = ["Anna", "Béla", "Ágnes", "Örs", "Zsófia", "Katalin Mária", "Ödön", "Márk", "Emőke", "Lilla"]
PLACES = [
    "Mintafalu Község Önkormányzata",
    "Almakerti Közös Önkormányzati Hivatal",
    "Nagyréti Polgármesteri Hivatal",
    "Tótkomlós Város Önkormányzata",
]

_VALID = [f"{n:06d}" for n in range(730_000, 740_000) if is_valid(f"{n:06d}", Facts())]

pirs = st.sampled_from(_VALID)
program_ids = st.sampled_from(sorted(programs()))


@st.composite
def applicants(draw: st.DrawFn) -> dict[str, str]:
    """The labelled values of one complete applicant."""
    family, given = draw(st.sampled_from(FAMILY)), draw(st.sampled_from(GIVEN))
    number = draw(st.integers(1, 9999))
    return {
        "Név": f"{family} {given}",
        "Önkormányzat": draw(st.sampled_from(PLACES)),
        "PIR": draw(pirs),
        "Vármegye": draw(st.sampled_from(counties())),
        "E-mail": f"szemely{number}@falu.hu",
        "Szakrendszer": programs()[draw(program_ids)].short,
    }
