"""POLICY section 3: one address, syntactically valid, that belongs to a person."""

from __future__ import annotations

import pytest

from rules.email import is_personal
from rules.hungarian.words import fold
from rules.name import parts


def personal(address: str, name: str, municipality: str = "Mintafalu Község Önkormányzata") -> bool:
    return is_personal(address, frozenset(fold(word) for word in parts(name)), (municipality,))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("kovacs.anna@mintafalu.hu", "Kovács Anna"),
        ("kovi75@gmail.com", "Kovács Anna"),
        ("ka.anna@freemail.hu", "Kovács Anna"),
        ("adorjan@mintafalu.hu", "Adorján Péter"),
        ("adony.ilona@gmail.com", "Adony Ilona"),
        ("hivatal.bela@gmail.com", "Hivatal Béla"),
        ("jegyzo.anna@mintafalu.hu", "Jegyző Anna"),
        ("orvos.peter@mintafalu.hu", "Orvos Péter"),
        ("cica1234@gmail.com", "Kovács Anna"),
        ("polgarne.erika@mintafalu.hu", "Polgárné Kis Erika"),
    ],
)
def test_a_persons(address, name):
    """Names, nicknames, initials; a family name that is a word of office is the applicant's own."""
    assert personal(address, name)


@pytest.mark.parametrize(
    "local",
    ["penzugy", "ado2", "adougy", "adougyi", "penzugyiiroda", "jegyzoiiroda", "jegyzoi.titkarsag", "igazgatasi", "gazdasagi", "elnoki", "iktato", "info", "no-reply", "polgarmester", "mintafalu", "onkormanyzat.mintafalu", "mintafaluhivatal", "penzugy.kovacs", "jegyzo.mintafalu", "kozoshivatal", "ugyfelszolgalat", "muszakiosztaly"],
)  # fmt: skip
def test_an_offices(local):
    """A job, an office or a settlement, alone or beside a person; whole tokens and compounds with their endings."""
    assert not personal(f"{local}@mintafalu.hu", "Kovács Anna")
