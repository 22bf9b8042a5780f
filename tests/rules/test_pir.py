"""The PIR: six digits with a check digit, under a label (rules/pir.py)."""

import pytest

from rules.model import Applicant, Body, Evidence, Facts, Finding, Request, Value
from rules.pir import check, check_digit, digits


def asked(*pirs: str) -> Request:
    return Request((Applicant(pir=tuple(Value(p, Evidence("levéltörzs", 1, p)) for p in pirs)),))


@pytest.mark.parametrize("number", ["387105", "758745", "379238", "700942"])
def test_real_shapes_are_valid(number: str) -> None:
    """A number whose sixth digit is right raises nothing."""
    assert list(check(asked(number), Facts())) == []


@pytest.mark.parametrize("written", ["731 234", "731-234", "731234.0", "73 12 34"])
def test_however_grouped_it_is_one_number(written: str) -> None:
    """Groups of digits and a spreadsheet's decimal are ways of writing."""
    assert digits(written) == "731234"


@pytest.mark.parametrize("written", ["46609", "15727244-2-07", "387106", "187105"])
def test_what_is_no_pir_is_invalid(written: str) -> None:
    """Five digits, a tax number, a wrong check digit, a wrong first digit."""
    assert list(check(asked(written), Facts())) == [Finding("pir.invalid", 0, written)]


def test_the_register_outranks_the_check_digit() -> None:
    """756824 is a real number whose check digit does not hold (DOMAIN.md)."""
    assert not check_digit("756824")
    assert (
        list(check(asked("756824"), Facts(register={"756824": Body("756824", "Valahol Község Önkormányzata")}))) == []
    )


def test_two_numbers_are_a_conflict() -> None:
    """Only a person can tell which is right."""
    assert list(check(asked("415080", "471431"), Facts())) == [Finding("pir.conflict", 0, "415080 / 471431")]


def test_every_single_wrong_digit_is_caught() -> None:
    """The check digit catches any one mistyped digit."""
    right = "387105"
    for place in range(6):
        for digit in "0123456789":
            if digit != right[place]:
                assert not check_digit(right[:place] + digit + right[place + 1 :])
