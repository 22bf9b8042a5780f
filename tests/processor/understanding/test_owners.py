"""Whose a course is: each reason of the closed list (READER.md, invariant 3), and what belongs to nobody."""

from __future__ import annotations

import pytest

from tests.processor.understanding.readings import is_left_open, is_read, told

ANNA, BELA = "Kovács Anna (kovacs.anna@bodrogkut.hu)", "Nagy Béla (nagy.bela@bodrogkut.hu)"
CILI = "Tóth Cecília (toth.cecilia@bodrogkut.hu)"
TWO = f"Kérjük {ANNA} és {BELA} regisztrációját"
THREE = f"Kérjük {ANNA}, {BELA} és {CILI} regisztrációját"


def people(anna: str = "", bela: str = "", cili: str = "") -> list[str]:
    """Those who are given courses."""
    all_ = [f"Kovács Anna <kovacs.anna> {anna}", f"Nagy Béla <nagy.bela> {bela}", f"Tóth Cecília <toth.cecilia> {cili}"]
    return [person for person, courses in zip(all_, (anna, bela, cili), strict=True) if courses]


OWNED = [
    pytest.param(
        f"Kérjük az alábbiak regisztrációját:\n\n- {ANNA}: ADÓ\n- {BELA}: Keret", people("ADÓ", "Keret"), id="own item"
    ),
    pytest.param(
        "Kérjük az alábbiak regisztrációját:\n\nNév: Kovács Anna\nE-mail: kovacs.anna@bodrogkut.hu\nTananyag: ADÓ\n\n"
        "Név: Nagy Béla\nE-mail: nagy.bela@bodrogkut.hu\nTananyag: Keret",
        people("ADÓ", "Keret"),
        id="own labelled block",
    ),
    pytest.param(f"{TWO}. Annának az ADÓ kell. Bélának a Keret kell.", people("ADÓ", "Keret"), id="only in the clause"),
    pytest.param(f"{TWO}. Annának az ADÓ, Bélának a Keret kell.", people("ADÓ", "Keret"), id="each before the own"),
    pytest.param(f"{TWO}. Az ADÓ tananyagot Anna, a Keretet Béla kéri.", people("ADÓ", "Keret"), id="each behind"),
    pytest.param(
        f"{THREE}. Annának az ADÓ, Bélának és Cecíliának a Keret kell.",
        people("ADÓ", "Keret", "Keret"),
        id="one, and two together",
    ),
    pytest.param(f"{TWO}, mindketten az ADÓ tananyagot kérik.", people("ADÓ", "ADÓ"), id="for both"),
    pytest.param(f"{THREE}, mindhárman az ADÓ tananyagot kérik.", people("ADÓ", "ADÓ", "ADÓ"), id="for all three"),
    pytest.param(f"{TWO} az ADÓ és a Keret tananyagra.", people("ADÓ, Keret", "ADÓ, Keret"), id="one request"),
    pytest.param(
        f"Kérjük az alábbiak regisztrációját az ADÓ tananyagra:\n\n- {ANNA}\n- {BELA}",
        people("ADÓ", "ADÓ"),
        id="one request, said before the list",
    ),
    pytest.param(
        f"Kérjük az alábbiak regisztrációját:\n\n- {ANNA}\n- {BELA}\n\nTananyag: ADÓ",
        people("ADÓ", "ADÓ"),
        id="one request, said behind the list",
    ),
    pytest.param(
        f"{TWO}. Az előbbinek az ADÓ, az utóbbinak a Keret kell.", people("ADÓ", "Keret"), id="the former, the latter"
    ),
    pytest.param(
        f"{THREE}. Az elsőnek az ADÓ, a másodiknak a Keret, a harmadiknak a Hagyaték kell.",
        people("ADÓ", "Keret", "Hagyaték"),
        id="by number",
    ),
    pytest.param(
        f"{THREE}. Az első kettőnek az ADÓ, az utolsónak a Keret kell.",
        people("ADÓ", "ADÓ", "Keret"),
        id="the first two, the last",
    ),
    pytest.param(
        f"{THREE}. Mindenkinek az ADÓ, Bélának a Keret is kell.",
        people("ADÓ", "ADÓ, Keret", "ADÓ"),
        id="for all, and one more for one",
    ),
    pytest.param(
        f"{TWO}. Annának a Keret, Bélának az ADÓ, mindkettőjüknek a Hagyaték kell.",
        people("Keret, Hagyaték", "ADÓ, Hagyaték"),
        id="to each the own, and one for both",
    ),
    pytest.param(
        f"Kérjük {ANNA} regisztrációját. Neki az ADÓ kell.", people("ADÓ"), id="to him or her, of the only one"
    ),
    pytest.param(f"Kérjük {ANNA} regisztrációját. Az ADÓ tananyagot kéri.", people("ADÓ"), id="sole applicant"),
]


@pytest.mark.parametrize(("text", "right"), OWNED)
def test_a_course_goes_to_its_owner(text: str, right: list[str]):
    """And to nobody else; nothing is open."""
    is_read(told(text), right)


OPEN = [
    pytest.param(
        f"{THREE}. Az előbbinek az ADÓ kell, a többieknek a Keret.",
        people("ADÓ", "Keret", "Keret"),
        id="the former of three",
    ),
    pytest.param(f"{THREE}. Az utóbbinak az ADÓ kell.", people("-", "-", "ADÓ"), id="the latter of three"),
    pytest.param(
        f"{THREE}. Cecília kivételével mindenkinek az ADÓ kell.", people("ADÓ", "ADÓ", "-"), id="for all but one"
    ),
    pytest.param(f"{TWO}. Annának az ADÓ kell. A Keret is kell.", people("ADÓ", "-"), id="one owned, one not"),
]


@pytest.mark.parametrize(("text", "right"), OPEN)
def test_a_course_without_an_owner_is_left_open(text: str, right: list[str]):
    """What is nobody's does not become everybody's."""
    is_left_open(told(text), right)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param(f"{TWO}. Annának az ADÓ kell, Bélának nem.", people("ADÓ", "-"), id="to the one, not the other"),
        pytest.param(f"{TWO} az ADÓ-ra, Béla a Keretet is kéri.", people("ADÓ", "ADÓ, Keret"), id="one more for one"),
        pytest.param(f"{TWO}. Anna mondta, hogy Bélának az ADÓ kell.", people("-", "ADÓ"), id="who says it"),
        pytest.param(
            f"{TWO}. Annának, mivel Béla gyámhatósági ügyeket visz, az ADÓ kell.", people("ADÓ", "-"), id="in a reason"
        ),
    ],
)
def test_nobody_gets_a_course_silently(text: str, right: list[str]):
    """Read as a person reads it, or open; nothing between."""
    got = told(text)
    if got.open:
        is_left_open(got, right)
    else:
        assert got.people == right
