"""A mail's text as units: wraps undone, list items, repeated and unknown labels, tables apart, nothing lost."""

from __future__ import annotations

import pytest

from processor.reading import read
from processor.understanding import units
from tests.letters import mail
from tests.processor.understanding.readings import OWN, SENDER, is_read, told


def split(text: str, signature: str = "") -> list[units.Unit]:
    """The units of the body and what stands behind it, without the greeting and the subject."""
    message = read(mail(f"Tisztelt Cím!\n\n{text}\n{signature}", sender=SENDER, subject="-"), OWN)
    return [unit for unit in units.split(message).all if unit.text not in {"Tisztelt Cím!", "-"}]


SENTENCES = [
    pytest.param(
        "Ezúton kérjük, hogy az alább felsorolt munkatársunk számára szíveskedjenek\nhozzáférést adni.",
        [
            "Ezúton kérjük, hogy az alább felsorolt munkatársunk számára szíveskedjenek hozzáférést adni.",
        ],
        id="wrapped before a small letter",
    ),
    pytest.param(
        "Kérem Kovács Anna regisztrációját. Az ADÓ kell neki.",
        ["Kérem Kovács Anna regisztrációját.", "Az ADÓ kell neki."],
        id="two sentences of a line",
    ),
    pytest.param("Kérem dr. Kovács Anna felvételét.", ["Kérem dr. Kovács Anna felvételét."], id="a title is no end"),
    pytest.param(
        "A 2026. november 3. napján kelt levél.", ["A 2026. november 3. napján kelt levél."], id="a date is no end"
    ),
    pytest.param("Az Irat, ill. az ADÓ kell.", ["Az Irat, ill. az ADÓ kell."], id="an abbreviation is no end"),
    pytest.param("Kovács Anna\nNagy Béla", ["Kovács Anna", "Nagy Béla"], id="short lines are not wrapped"),
    pytest.param("Címe: kovacs.anna@\nbodrogkut.hu", ["kovacs.anna@bodrogkut.hu"], id="an address broken behind its @"),
    pytest.param("Címe: pocok21 (kukac) level.hu", ["pocok21@level.hu"], id="an address written with (kukac)"),
    pytest.param("- Kovács Anna\n- Nagy Béla", ["- Kovács Anna", "- Nagy Béla"], id="items"),
    pytest.param("1. Kovács Anna\n2. Nagy Béla", ["1. Kovács Anna", "2. Nagy Béla"], id="numbered items"),
    pytest.param("Név: Kovács Anna\nMegye: Pest", ["Kovács Anna", "Pest"], id="labelled values"),
    pytest.param("név: Kovács Anna / megye: Pest", ["Kovács Anna", "Pest"], id="labels of one line"),
]


@pytest.mark.parametrize(("text", "said"), SENTENCES)
def test_a_unit_says_one_thing(text: str, said: list[str]):
    """In the order of the mail."""
    assert [unit.text for unit in split(text)] == said


BOXES = [
    pytest.param("- Kovács Anna\n  az ADÓ kell neki\n- Nagy Béla", [0, 0, 1], id="an item with its lines"),
    pytest.param("Dolgozónk: Kovács Anna\nMegye: Pest\nDolgozónk: Nagy Béla\nMegye: Vas", [0, 0, 1, 1], id="repeated"),
    pytest.param("Név: Kovács Anna\nMegye: Pest\n\nNév: Nagy Béla\nMegye: Vas", [0, 0, 1, 1], id="paragraphs"),
    pytest.param("Név: Kovács Anna\nMegye: Pest", [0, 0], id="one block is one box"),
]


@pytest.mark.parametrize(("text", "boxes"), BOXES)
def test_a_box_holds_together_what_is_of_one(text: str, boxes: list[int]):
    """An item, a paragraph, what follows a repeated label."""
    found = [unit.box for unit in split(text)]
    numbers = {box: number for number, box in enumerate(dict.fromkeys(found))}
    assert [numbers[box] for box in found] == boxes


def test_a_label_is_known_with_what_it_announces():
    """Ours by its field; one of none of ours is ignored; `said` is as written."""
    name, phone = split("Név: Kovács Anna\nTelefon: 76/555-123")
    assert (name.label, name.said.strip(), name.sort) == ("name", "Név:", "label")
    assert phone.label == "ignore"


def test_what_stands_below_a_postscript_is_the_senders_own():
    """Behind the signature too."""
    signature = "\nÜdvözlettel:\nSzalontai Etelka\n\nUi.: Kérem Nagy Béla felvételét is.\n"
    (below,) = [unit for unit in split("Ez a levél.", signature) if "Nagy" in unit.text]
    assert below.own
    (beside,) = [unit for unit in split("Ez a levél.", signature.replace("Ui.: Kérem ", "")) if "Nagy" in unit.text]
    assert not beside.own


def test_a_table_drawn_with_bars_stands_apart():
    """Three lines and more of equally many; two are text."""
    message = read(mail("Név | Megye\nKovács Anna | Pest\nNagy Béla | Vas\n\nEz | az\n"), OWN)
    found = units.split(message)
    ((_, table),) = found.tables
    assert table.rows == (("Név", "Megye"), ("Kovács Anna", "Pest"), ("Nagy Béla", "Vas"))
    assert any("Ez" in unit.text for unit in found.all)


@pytest.mark.parametrize(("text", "_"), SENTENCES)
def test_every_word_is_in_a_unit(text: str, _: list[str]):
    """Or in the label that announces it."""
    text = text.replace(" (kukac) ", "@").replace("@\n", "@")
    kept = " ".join(f"{unit.said} {unit.text}" for unit in split(text))
    assert [word for word in text.split() if word not in kept and word != "/"] == []


def test_the_evidence_of_a_unit_is_its_first_line():
    """Counted from one, wrapped lines too."""
    text = "Ezúton kérjük, hogy az alább felsorolt munkatársunk számára szíveskedjenek\nhozzáférést adni.\nMegye: Pest"
    assert [unit.evidence().line for unit in split(text)] == [3, 5]


READ = [
    pytest.param(
        "Ezúton kérjük, hogy az alább megnevezett új munkatársunk, vagyis Kovács\nAnna "
        "(kovacs.anna@bodrogkut.hu) számára szíveskedjenek az\nADÓ tananyagot megnyitni.",
        ["Kovács Anna <kovacs.anna> ADÓ"],
        id="a name wrapped in its middle",
    ),
    pytest.param(
        "Kérjük két kollégánk regisztrációját.\n\nDolgozónk: Kovács Anna\nCíme: pocok21@level.hu\nKell neki: ADÓ\n"
        "Dolgozónk: Nagy Béla\nCíme: vakond7@level.hu\nKell neki: Keret",
        ["Kovács Anna <pocok21@level.hu> ADÓ", "Nagy Béla <vakond7@level.hu> Keret"],
        id="repeated labels",
    ),
    pytest.param(
        "Kérem az alábbi kolléga regisztrációját.\n\nAkit be kell írni: Kovács Anna\n"
        "Postaládája: pocok21@level.hu\nAmit tanulna: ADÓ",
        ["Kovács Anna <pocok21@level.hu> ADÓ"],
        id="labels nobody knows",
    ),
    pytest.param(
        "Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját a Gazdálkodás\n- Pénztár tananyagra.",
        ["Kovács Anna <kovacs.anna> Gazdálkodás - Pénztár"],
        id="a course wrapped before its dash",
    ),
]


@pytest.mark.parametrize(("text", "people"), READ)
def test_a_mail_of_odd_lines_is_read(text: str, people: list[str]):
    """As if it were well set."""
    is_read(told(text), people)
