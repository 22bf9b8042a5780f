"""The PIR: six digits with a check digit, under a label (rules/pir.py)."""

from __future__ import annotations

import pytest

from rules.model import Body, Facts, Finding, Request
from rules.pir import check, check_digit, digits
from tests.rules.requests import applicant, asked

KOMORO = Facts(register={"387105": Body("387105", "Komoró Község Önkormányzata")})


def with_pir(*pirs: str) -> Request:
    return asked(applicant(pir=pirs))


@pytest.mark.parametrize("number", ["387105", "758745", "379238", "700942"])
def test_real_shapes_are_valid(number: str) -> None:
    """A number whose sixth digit is right raises nothing."""
    assert list(check(with_pir(number), Facts())) == []


@pytest.mark.parametrize("body", ["Komorói Közös Önkormányzati Hivatal", "KOMORO KOZSEG ONKORMANYZATA", ()])
def test_the_registers_body_under_another_name_is_in_order(body: str | tuple[str, ...]) -> None:
    """The office and the self-government of one settlement, and a mail without accents; where none is named that is
    another rule's."""
    assert list(check(asked(applicant(municipality=body)), KOMORO)) == []


def test_a_number_that_the_register_lacks_is_in_order() -> None:
    """The register need not be whole."""
    assert list(check(asked(applicant(pir="758745")), KOMORO)) == []


@pytest.mark.parametrize("written", ["731 234", "731-234", "731234.0", "73 12 34"])
def test_however_grouped_it_is_one_number(written: str) -> None:
    """Groups of digits and a spreadsheet's decimal are ways of writing."""
    assert digits(written) == "731234"


@pytest.mark.parametrize("written", ["46609", "15727244-2-07", "387106", "187105"])
def test_what_is_no_pir_is_invalid(written: str) -> None:
    """Five digits, a tax number, a wrong check digit, a wrong first digit."""
    assert list(check(with_pir(written), Facts())) == [Finding("pir.invalid", 0, written)]


def test_none_is_asked_for() -> None:
    """Nothing stands under a label."""
    assert list(check(with_pir(), Facts())) == [Finding("pir.missing", 0)]


def test_the_register_outranks_the_check_digit() -> None:
    """756824 is a real number whose check digit does not hold (DOMAIN.md)."""
    assert not check_digit("756824")
    register = {"756824": Body("756824", "Valahol Község Önkormányzata")}
    request = asked(applicant(pir="756824", municipality="Valahol"))
    assert list(check(request, Facts(register=register))) == []


@pytest.mark.parametrize("body", ["Kömörő Község Önkormányzata", "Falu Község Önkormányzata"])
def test_another_bodys_number_is_asked_about(body: str) -> None:
    """Komoró and Kömörő are two settlements, although both fold to komoro."""
    found = list(check(asked(applicant(municipality=body)), KOMORO))
    assert found == [Finding("pir.other_body", 0, "387105: Komoró Község Önkormányzata")]


def test_two_numbers_are_a_conflict() -> None:
    """Only a person can tell which is right."""
    assert list(check(with_pir("415080", "471431"), Facts())) == [Finding("pir.conflict", 0, "415080 / 471431")]


def test_every_single_wrong_digit_is_caught() -> None:
    """The check digit catches any one mistyped digit."""
    right = "387105"
    for place in range(6):
        for digit in "0123456789":
            if digit != right[place]:
                assert not check_digit(right[:place] + digit + right[place + 1 :])
