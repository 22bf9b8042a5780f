"""Which courses are asked for: refused, done, contrasted, unknown, narrowed."""

from __future__ import annotations

import re

import pytest

from rules.hungarian.words import fold
from tests.processor.understanding.readings import is_left_open, is_read, told

ANNA = "Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját"


def anna(courses: str) -> list[str]:
    """The only applicant."""
    return [f"Kovács Anna <kovacs.anna> {courses}"]


READ = [
    pytest.param("az ADÓ és a Keret tananyagra.", "ADÓ, Keret", id="two asked for"),
    pytest.param("az ADÓ tananyagra. A Keret tananyagot nem kéri.", "ADÓ", id="refused"),
    pytest.param("az ADÓ tananyagra. A Keret tananyagot tavaly elvégezte.", "ADÓ", id="done"),
    pytest.param("az ADÓ tananyagra. A Keret tananyag már megvan neki.", "ADÓ", id="has it"),
    pytest.param(
        "oktatásra. Az ADÓ-t kérjük neki, a Keretet viszont nem kérjük.", "ADÓ", id="contrast, refused second"
    ),
    pytest.param("oktatásra. Nem kéri a Keretet, az ADÓ-t viszont kéri.", "ADÓ", id="contrast, refused first"),
    pytest.param("az Irat szakrendszerből az Iktató és a Postázó modulra.", "Irat - Iktató, Irat - Postázó", id="of"),
    pytest.param("az ADÓ tananyagra. Az Iktatót már kijárta.", "ADÓ", id="done, in other words"),
    pytest.param("az ADÓ-ra. Korábban a Keretet kértük, az nem kell.", "ADÓ", id="asked for before, not now"),
    pytest.param(
        "a Gazdálkodás szakrendszeren belül a Pénztár és a Bank modulra.",
        "Gazdálkodás - Pénztár, Gazdálkodás - Bank",
        id="within a general word",
    ),
    pytest.param("az ADÓ tananyagra. Mi a helyzet a Kerettel?", "ADÓ", id="a question"),
    pytest.param("a bankra a gazdálkodásban.", "Gazdálkodás - Bank", id="general word narrowed"),
    pytest.param("a gazdálkodásból csak a KATI modulra.", "Gazdálkodás - KATI", id="general word narrowed by only"),
    pytest.param("a következőkre:\n\n- ADÓ\n- Keret\n- Hagyaték", "ADÓ, Keret, Hagyaték", id="one a line"),
]


@pytest.mark.parametrize(("said", "courses"), READ)
def test_courses_that_are_asked_for(said: str, courses: str):
    """And none that is refused or done."""
    is_read(told(f"{ANNA} {said}"), anna(courses))


def test_a_course_by_its_identifier():
    """Beside its name: once."""
    is_read(told(f"{ANNA} az ADÓ tananyagra (ADÓ)."), anna("ADÓ"))


@pytest.mark.parametrize(
    ("said", "courses"),
    [
        pytest.param("a gazdálkodás tananyagra.", "gazdálkodás?", id="general word alone"),
        pytest.param("az Irat szakrendszerre.", "Irat?", id="general word with szakrendszer"),
        pytest.param("az ADÓ és a gazdálkodás tananyagra.", "ADÓ, gazdálkodás?", id="beside a plain one"),
    ],
)
def test_a_general_word_alone_is_asked_about(said: str, courses: str):
    """One wish that means several courses: no guess."""
    (person,) = told(f"{ANNA} {said}").people
    assert re.sub(r" (?:szakrendszer|tananyag)\w*", "", person) == anna(courses)[0]


OPEN = [
    pytest.param("az ADÓ tananyagra. A Keretről jövőre döntünk.", "ADÓ", "", id="decided next year"),
    pytest.param("minden tananyagra, kivéve az ADÓ.", "-", "", id="all but one"),
    pytest.param("az ADÓ tananyagra, ha a Keret nem indul.", "ADÓ", "", id="on a condition"),
    pytest.param("az ADÓ, a Közterület és a Keret tananyagra.", "ADÓ, Keret", "közterület", id="unknown, in between"),
    pytest.param("az ADÓ-ra. A közterület-felügyelet tanfolyamot is kéri.", "ADÓ", "közterület", id="unknown course"),
    pytest.param("az ADÓ tananyagra, esetleg a Keretre.", "ADÓ", "", id="perhaps"),
    pytest.param("az ADÓ tananyagra. Később a Keret is kell majd.", "ADÓ", "", id="later"),
    pytest.param("az ADÓ tananyagra, ha lehet, a Keretre is.", "ADÓ, Keret", "", id="if possible"),
]


@pytest.mark.parametrize(("said", "right", "word"), OPEN)
def test_what_may_be_asked_for_is_left_open(said: str, right: str, word: str):
    """Nothing is queued on it."""
    got = told(f"{ANNA} {said}")
    is_left_open(got, anna(right))
    assert any(fold(word) in fold(text) for text in got.open)


@pytest.mark.parametrize(
    ("said", "courses"),
    [
        pytest.param("az ADÓ tananyagra, a Keretre nem.", "ADÓ", id="a bare no"),
        pytest.param("oktatásra. Az ADÓ kell neki, a Keret nem.", "ADÓ", id="a bare no, a sentence of its own"),
        pytest.param("az ADÓ tananyagra, a Keretet viszont nem kéri.", "ADÓ", id="contrast"),
        pytest.param("nem az ADÓ, hanem a Keret tananyagra.", "Keret", id="not this but that"),
        pytest.param("az ADÓ helyett a Keret tananyagra.", "Keret", id="in place of"),
        pytest.param("az Irat teljes tananyagra, a Postázó nélkül.", "Irat teljes", id="the whole without a part"),
    ],
)
def test_no_refused_course_is_taken_silently(said: str, courses: str):
    """In one sentence with the request: read as a person reads it, or open."""
    got = told(f"{ANNA} {said}")
    if got.open:
        is_left_open(got, anna(courses))
    else:
        assert got.people == anna(courses)
