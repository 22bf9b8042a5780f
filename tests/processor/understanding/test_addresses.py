"""Whose an address is: by the name beside it, by the order, by its spelling; or nobody's, for a reason."""

from __future__ import annotations

import pytest

from tests.processor.understanding.readings import is_left_open, is_read, told

TWO = "Kérjük Kovács Anna és Nagy Béla regisztrációját az ADÓ tananyagra."
PETS = ["Kovács Anna <pocok21@level.hu> ADÓ", "Nagy Béla <vakond7@level.hu> ADÓ"]
SPELLED = ["Kovács Anna <kovacs.anna> ADÓ", "Nagy Béla <nagy.bela> ADÓ"]
TURNED = ["Kovács Anna <vakond7@level.hu> ADÓ", "Nagy Béla <pocok21@level.hu> ADÓ"]
BOTH = ["Kovács Anna <kozos@level.hu> ADÓ", "Nagy Béla <kozos@level.hu> ADÓ"]
OWNED = [
    pytest.param(f"{TWO}\n\n1. pocok21@level.hu\n2. vakond7@level.hu", PETS, id="numbered, in the order of the names"),
    pytest.param(
        f"{TWO} Béla címe pocok21@level.hu, Annáé vakond7@level.hu.", TURNED, id="beside a given name, in another order"
    ),
    pytest.param(f"{TWO} Mindkettőjük címe: kozos@level.hu", BOTH, id="said for both"),
    pytest.param(f"{TWO} Címeik sorrendben: pocok21@level.hu, vakond7@level.hu", PETS, id="in the order of the names"),
    pytest.param(f"{TWO}\n\npocok21@level.hu\nvakond7@level.hu", PETS, id="one below the other, alone"),
    pytest.param(f"{TWO} Címeik: nagy.bela@bodrogkut.hu, kovacs.anna@bodrogkut.hu", SPELLED, id="spelled, in turn"),
    pytest.param(
        "Kérjük Kovács Anna (pocok21@level.hu) és Nagy Béla (vakond7@level.hu) regisztrációját az ADÓ tananyagra.",
        PETS,
        id="in brackets behind each name",
    ),
    pytest.param(
        "Kérjük az alábbiak regisztrációját az ADÓ tananyagra:\n\n"
        "- Kovács Anna: pocok21@level.hu\n- Nagy Béla: vakond7@level.hu",
        PETS,
        id="in the own list item",
    ),
    pytest.param(f"{TWO} Anna címe pocok21@level.hu, Béláé vakond7@level.hu.", PETS, id="beside a given name"),
    pytest.param(
        "Kérem Kovács Anna regisztrációját az ADÓ tananyagra. Címe: pocok21 (kukac) level.hu",
        PETS[:1],
        id="written with (kukac)",
    ),
    pytest.param(
        "Kérem Kovács Anna regisztrációját az ADÓ tananyagra. Címe nem vakond7@level.hu, hanem pocok21@level.hu.",
        PETS[:1],
        id="one taken back",
    ),
]


@pytest.mark.parametrize(("text", "people"), OWNED)
def test_an_address_goes_to_its_owner(text: str, people: list[str]):
    """With nothing left open."""
    is_read(told(text), people)


ANNA = "Kérem Kovács Anna (pocok21@level.hu) regisztrációját az ADÓ tananyagra."
NOBODYS = [
    pytest.param("Válaszukat a hivatal@bodrogkut.hu címre várjuk.", id="for answers"),
    pytest.param("Kérdés esetén írjanak a titkarsag@bodrogkut.hu címre.", id="for questions"),
    pytest.param("Válaszcím: hivatal@bodrogkut.hu", id="for answers, under a label"),
    pytest.param("Jegyzőnk címe: jegyzo@bodrogkut.hu", id="the clerk's"),
    pytest.param("Másolatban a jegyző: kiss.jeno@bodrogkut.hu", id="the clerk's, named so"),
    pytest.param("A levelet az aspoktatas@allamkincstar.gov.hu címre küldöm.", id="our own"),
]


@pytest.mark.parametrize("said", NOBODYS)
def test_an_address_that_is_explained_is_nobodys(said: str):
    """The applicant keeps the own one, and has no second."""
    is_read(told(f"{ANNA} {said}"), PETS[:1])


def test_an_address_in_a_signature_is_nobodys():
    """Of the office, in the footer."""
    is_read(told(ANNA + "\n\nÜdvözlettel:\nSzalontai Etelka\ninfo@bodrogkut.hu"), PETS[:1])


OPEN = [
    pytest.param(
        f"{TWO} Egy cím: pocok21@level.hu",
        ["Kovács Anna <-> ADÓ", "Nagy Béla <-> ADÓ"],
        "pocok21@level.hu",
        id="one for two",
    ),
    pytest.param(
        f"{TWO} Címeik: pocok21@level.hu, vakond7@level.hu, borz9@level.hu",
        ["Kovács Anna <-> ADÓ", "Nagy Béla <-> ADÓ"],
        "borz9@level.hu",
        id="three for two",
    ),
    pytest.param(
        "Kérem Kovács Anna regisztrációját az ADÓ tananyagra. Válaszukat a pocok21@level.hu címre várjuk.",
        ["Kovács Anna <-> ADÓ"],
        "pocok21@level.hu",
        id="for answers, and Anna has none",
    ),
]


@pytest.mark.parametrize(("text", "right", "address"), OPEN)
def test_an_address_without_an_owner_is_left_open(text: str, right: list[str], address: str):
    """Nobody gets it, and nobody is asked for one in the meantime."""
    is_left_open(told(text), right, address)


def test_two_addresses_of_a_sole_applicant_are_a_conflict():
    """Both are shown; the rules send it to a person (`email.conflict`)."""
    assert told(f"{ANNA} Van még: harmadik@level.hu").people == [
        "Kovács Anna <pocok21@level.hu + harmadik@level.hu> ADÓ"
    ]


def test_the_order_does_not_override_the_spelling():
    """Listed in the other order than the names, one spelled from a name: nobody gets another's."""
    got = told(f"{TWO} Címeik sorrendben: vakond7@level.hu, kovacs.anna@bodrogkut.hu")
    assert not any(
        wrong in got.people for wrong in ("Kovács Anna <vakond7@level.hu> ADÓ", "Nagy Béla <kovacs.anna> ADÓ")
    )


WRITER = "Kovács Anna <pocok21@level.hu>"
SENDERS = [
    pytest.param("Kérem Kovács Anna regisztrációját az ADÓ tananyagra.", WRITER, "pocok21@level.hu", id="display name"),
    pytest.param(
        "Kérem Kovács Anna regisztrációját az ADÓ tananyagra.",
        "kovacs.anna@bodrogkut.hu",
        "kovacs.anna",
        id="local part",
    ),
    pytest.param(
        "Kérem Kovács Anna regisztrációját az ADÓ tananyagra. Címe: anna.k@bodrogkut.hu",
        WRITER,
        "anna.k",
        id="the body's own goes before the sender's",
    ),
]


@pytest.mark.parametrize(("text", "sender", "address"), SENDERS)
def test_a_sole_applicant_who_is_the_sender_has_the_senders_address(text: str, sender: str, address: str):
    """POLICY section 2."""
    is_read(told(text, sender=sender), [f"Kovács Anna <{address}> ADÓ"])


@pytest.mark.parametrize(
    ("text", "people"),
    [
        pytest.param(
            "Kérem Kovács Anna regisztrációját az ADÓ tananyagra.", ["Kovács Anna <-> ADÓ"], id="a colleague wrote"
        ),
        pytest.param(TWO, ["Kovács Anna <-> ADÓ", "Nagy Béla <-> ADÓ"], id="two applicants"),
    ],
)
def test_the_senders_address_is_nobody_elses(text: str, people: list[str]):
    """It is asked for."""
    is_read(told(text), people)
