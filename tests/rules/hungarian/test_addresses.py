"""E-mail addresses: valid ones, a person's, and whose name they spell."""

from __future__ import annotations

import pytest

from rules.hungarian.addresses import (
    is_personal,
    is_valid,
    is_wholly,
    own_words,
    places_of,
    spells,
    spells_another,
    tokens,
)

MINTAFALU = ("Mintafalu Község Önkormányzata",)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@falu",
        "ánna@falu.hu",
        "an na@falu.hu",
        "anna@fa lu.hu",
        "anna@@falu.hu",
        ".anna@falu.hu",
        "anna@falu..hu",
    ],
)
def test_what_is_no_address(address: str) -> None:
    """A domain without a dot, an accent, a space, a second @, a dot too many."""
    assert not is_valid(address)


@pytest.mark.parametrize("address", ["anna@falu.hu", "kovacs.anna+asp@onkormanyzat.falu.hu", "a_1@x.test"])
def test_an_address(address: str) -> None:
    """By its syntax alone."""
    assert is_valid(address)


def test_the_words_of_a_local_part() -> None:
    """Split at everything that is no letter."""
    assert tokens("Kiss-Nagy.anna_2b") == ["kiss", "nagy", "anna", "b"]


def test_own_words() -> None:
    """For Jánosné János too, for Kiss-Nagy all three and the initials."""
    assert own_words(["Nagy Jánosné"]) == {"nagy", "janosne", "janos"}
    assert own_words(["dr. Kiss-Nagy Éva", "Tóth Éva"]) == {
        "kiss-nagy",
        "kissnagy",
        "kiss",
        "nagy",
        "kn",
        "eva",
        "toth",
    }


def test_places_of_a_mail() -> None:
    """The bodies' settlements and the domain, unless it is a free provider's."""
    assert places_of("x@gmail.com", ("Egri Polgármesteri Hivatal",)) == {"eger"}
    assert places_of("x@kis-falu.hu", ("Nagy Falu Község",)) == {"nagyfalu", "kis-falu", "kisfalu"}


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
        ("mintafalu.anna@gmail.com", "Mintafalu Anna"),
        ("jegyzoanna@gmail.com", "Jegyző Anna"),
    ],
)
def test_a_persons(address: str, name: str) -> None:
    """Names, nicknames, initials; a family name that is a word of office or a settlement is the applicant's own."""
    assert is_personal(address, own_words([name]), MINTAFALU)


@pytest.mark.parametrize(
    "local",
    [
        "penzugy", "ado2", "adougy", "adougyi", "penzugyiiroda", "jegyzoiiroda", "jegyzoi.titkarsag", "igazgatasi",
        "gazdasagi",
        "elnoki", "iktato", "info", "no-reply", "e-mail", "polgarmester", "mintafalu", "onkormanyzat.mintafalu",
        "mintafaluhivatal", "minta.falu", "penzugy.kovacs", "penzugykovacs", "kovacsado", "jegyzo.mintafalu",
        "kozoshivatal",
        "ugyfelszolgalat", "muszakiosztaly",
    ],
)  # fmt: skip
def test_an_offices(local: str) -> None:
    """A job, an office or a settlement, alone or beside a person; whole tokens and compounds with their endings."""
    assert not is_personal(f"{local}@mintafalu.hu", own_words(["Kovács Anna"]), MINTAFALU)


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("kiss.tamas", "Kovács Anna"),
        ("cica", "Kovács Anna"),
        ("peter.anna", "Kiss Anna"),
        ("", "Kovács Anna"),
        ("ko", ""),
    ],
)
def test_spells_not_the_name(local: str, name: str) -> None:
    """Another's, nobody's, or a given name that stands beside another one."""
    assert not spells(f"{local}@falu.hu", name)


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("kovacs.anna", "Kovács Anna"),
        ("k.anna", "Kovács Anna"),
        ("kovacsa", "Kovács Anna"),
        ("kovi", "Kovics Anna"),
        ("annakovacs75", "Kovács Anna"),
        ("panni", "Nagy Anna"),
    ],
)
def test_spells_the_name(local: str, name: str) -> None:
    """A name of it whole, glued, or the beginning of the family name, or a nickname."""
    assert spells(f"{local}@falu.hu", name)


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("kovacs.anna", "Kovács Anna"),
        ("kovacs.panni", "Kovács Anna"),
        ("a.kovacs", "Kovács Anna"),
        ("cicamica", "Kovács Anna"),
        ("nagy.eva", "Nagy Jánosné"),
        ("kiss.eva", "Szabóné Nagy Éva"),
        ("dr.kovacs", "Kovács Anna"),
        ("kiss.virag.kert", ""),
    ],
)
def test_spells_nobody_elses_name(local: str, name: str) -> None:
    """Nicknames, initials; a wife's name says nothing of her own."""
    assert not spells_another(f"{local}@falu.hu", [name] if name else [])


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("kiss.tamas", "Kovács Anna"),
        ("kisstamas", "Kovács Anna"),
        ("tamaskovacs", "Nagy Éva"),
        ("kovacs.tamas", "Kovács Anna"),
        ("szabo.anna", "Kovács Anna"),
        ("dr.kiss.tamas", "Kovács Anna"),
    ],
)
def test_spells_anothers_full_name(local: str, name: str) -> None:
    """Wholly, or the family or given name beside the applicant's own."""
    assert spells_another(f"{local}@falu.hu", [name])


def test_another_name_of_the_person_is_no_other_persons() -> None:
    """The name at birth."""
    assert not spells_another("szabo.anna@falu.hu", ["Kovács Anna"], ["Szabó Anna"])


def test_wholly_a_persons() -> None:
    """Every word of more than two letters."""
    assert is_wholly("kovacs.anna.dr@falu.hu", ["Kovács Anna"])
    assert not is_wholly("kovacs.tamas@falu.hu", ["Kovács Anna"])
    assert not is_wholly("k.a@falu.hu", ["Kovács Anna"])
