"""Who is called a jegyző."""

from __future__ import annotations

import pytest

from rules.hungarian.clerks import is_called, is_clerk_address, says_clerk


@pytest.mark.parametrize(
    "text",
    [
        "", "Minta Jenő", "Jegyzői titkárság", "jegyzői referens", "a jegyző megbízásából", "Jegyzői Iroda",
        "jegyzet", "Körjegyzőség", "a jegyző nevében",
    ],
)  # fmt: skip
def test_says_no_clerk(text: str) -> None:
    """The clerk's office is not the clerk, nor is who signs for the clerk."""
    assert not says_clerk(text)


@pytest.mark.parametrize(
    "text",
    [
        "jegyző", "Dr. Minta Jenő címzetes főjegyző", "ALJEGYZO", "körjegyző", "a falu jegyzője",
        "jegyzői feladatokat ellátó aljegyző", "jegyzőt helyettesítő", "megbízott jegyző",
    ],
)  # fmt: skip
def test_says_clerk(text: str) -> None:
    """With or without accents."""
    assert says_clerk(text)


@pytest.mark.parametrize(
    "local",
    [
        "minta.jeno",
        "jegyzoiiroda",
        "jegyzoi.titkarsag",
        "jegyzoireferens",
        "jegyzone",
        "titkarsag.jegyzo",
        "jegyzoihivatal",
    ],
)
def test_no_clerks_address(local: str) -> None:
    """An office, a wife's name."""
    assert not is_clerk_address(f"{local}@falu.hu")


@pytest.mark.parametrize(
    "local",
    [
        "jegyzo",
        "aljegyzo",
        "jegyzo.falu",
        "falu.jegyzo",
        "jegyzofalu",
        "falujegyzo",
        "Jegyzo2",
        "fojegyzo",
        "korjegyzo",
    ],
)
def test_a_clerks_address(local: str) -> None:
    """Alone, beside or glued to the settlement."""
    assert is_clerk_address(f"{local}@falu.hu")


@pytest.mark.parametrize(
    ("name", "display", "address"),
    [
        ("Jenő", "Minta Jenő", "jeno@falu.hu"),
        ("Minta Jenő", "Minta Béla", "minta.bela@falu.hu"),
        ("Minta Jenő", "Jenő", "jeno@falu.hu"),
        ("Minta Jenő", "", "mj@falu.hu"),
    ],
)
def test_somebody_else(name: str, display: str, address: str) -> None:
    """Half a name is nobody's."""
    assert not is_called(name, display, address)


@pytest.mark.parametrize(
    ("display", "address"),
    [
        ("Minta Jenő", "x@falu.hu"),
        ("dr. Minta Jenő Béla", "x@falu.hu"),
        ("", "minta.jeno@falu.hu"),
        ("", "dr.jeno.minta@falu.hu"),
        ("", "mintajeno.dr@falu.hu"),
    ],
)
def test_the_one_of_that_name(display: str, address: str) -> None:
    """By the display name or the local part, apart or glued."""
    assert is_called("dr. Minta Jenő", display, address)
