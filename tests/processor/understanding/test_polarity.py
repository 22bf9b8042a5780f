"""Whether a course that is named is asked for."""

from __future__ import annotations

import pytest

from processor.understanding.polarity import polarity
from rules.hungarian.words import fold

SAID = [
    pytest.param("kérjük a regisztrációt", {"wish"}, id="asked for"),
    pytest.param("szeretné elvégezni", {"wish"}, id="would like to"),
    pytest.param("neki is kell", {"wish"}, id="needs"),
    pytest.param("nem kéri", {"refused"}, id="not asked for"),
    pytest.param("nem kell neki", {"refused"}, id="not needed"),
    pytest.param("nem igényli", {"refused"}, id="not claimed"),
    pytest.param("kivéve ezt", {"refused"}, id="except"),
    pytest.param("a pénztár nélkül", {"refused"}, id="without"),
    pytest.param("ne regisztrálják rá", {"refused"}, id="do not register"),
    pytest.param("tavaly elvégezte", {"done"}, id="done last year"),
    pytest.param("már megvan neki", {"done"}, id="has it"),
    pytest.param("regóta használja", {"done"}, id="for long"),
    pytest.param("esetleg később", {"maybe"}, id="perhaps later"),
    pytest.param("nem tudjuk", {"maybe"}, id="we don't know"),
    pytest.param("az ügyfelek adatai", set(), id="nothing said"),
    pytest.param("a gazdálkodásban", set(), id="a place"),
    pytest.param("", set(), id="nothing"),
]


@pytest.mark.parametrize(("text", "says"), SAID)
def test_what_a_clause_says_of_its_courses(text: str, says: set[str]):
    """In folded text."""
    assert polarity(fold(text)) == says


BOTH = [
    pytest.param("kérjük, de ezt nem kéri", {"wish", "refused"}, id="asked for and refused"),
    pytest.param("tavaly elvégezte, most újra kéri", {"done", "wish"}, id="done and asked for"),
    pytest.param("esetleg kérnénk", {"maybe", "wish"}, id="perhaps asked for"),
]


@pytest.mark.parametrize(("text", "says"), BOTH)
def test_a_text_may_say_both(text: str, says: set[str]):
    """Which clause is whose is for the verdict."""
    assert polarity(fold(text)) == says


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("nemrég jött, és kéri", id="nemrég is no 'nem'"),
        pytest.param("a nemzetiségi önkormányzat kéri", id="nemzetiségi is no 'nem'"),
        pytest.param("nevében kérem", id="neve is no 'ne'"),
    ],
)
def test_a_word_that_begins_like_a_refusal_is_none(text: str):
    """Words are compared from their beginning."""
    assert "refused" not in polarity(fold(text))
    assert "wish" in polarity(fold(text))
