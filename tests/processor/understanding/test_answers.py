"""A later mail of a case: bare values that were asked for, the whole table again, an address for one of two, thanks."""

from __future__ import annotations

import pytest

from processor.reading import read
from processor.understanding import reader
from processor.understanding.answer import read as read_answer
from processor.understanding.reader import Known
from rules.model import FIELDS
from tests.letters import mail
from tests.processor.understanding.readings import OWN, SENDER

SUBJECT = "Re: [ASPO-2026-000042] Regisztrációs kérelem - hiányzó adatok"
MORE = "Ha bármi más is kellene még, szíves jelzésüket köszönettel fogadjuk.\n\n"
Given = dict[str, dict[str, list[str]]]
ALL = frozenset(FIELDS)
ANNA, BELA = Known("Kovács Anna", ALL), Known("Nagy Béla", ALL)


def without(known: Known, *fields: str) -> Known:
    """The applicant who lacks them."""
    return Known(known.name, known.held - set(fields))


def answered(text: str, *case: Known, expected: str = "", more: str = MORE) -> tuple[Given, list[str], bool]:
    """By applicant ("" for all of them): what the answer gives; what is open; whether it is thanks."""
    body = f"Tisztelt Cím!\n\n{text}\n\n{more}Üdvözlettel:\nSzalontai Etelka\n"
    message = read(mail(body, sender=SENDER, subject=SUBJECT), OWN)
    got = read_answer(message, OWN, frozenset(expected.split()), case)
    given: Given = {}
    for draft in got.found.drafts:
        mine = {field: [value.text for value in values] for field, values in draft.values.items()}
        if draft.programs:
            mine["programs"] = [found.value.text for found in draft.programs]
        if mine:
            given[draft.name] = mine
    for item in got.found.loose:
        given.setdefault("", {}).setdefault(item.name, []).append(item.value.text)
    for found, _, _ in got.found.programs:
        given.setdefault("", {}).setdefault("programs", []).append(found.value.text)
    return given, [entry.text for entry in got.open], got.thanks


LACKS_PIR = (without(ANNA, "pir"),)
GIVES = [
    pytest.param("731234", LACKS_PIR, "pir", {"": {"pir": ["731234"]}}, id="bare PIR"),
    pytest.param("A PIR számunk 731234.", LACKS_PIR, "pir", {"": {"pir": ["731234"]}}, id="PIR with its label"),
    pytest.param("731 234", LACKS_PIR, "pir", {"": {"pir": ["731234"]}}, id="bare PIR, grouped"),
    pytest.param("Zala", (without(ANNA, "county"),), "county", {"": {"county": ["Zala"]}}, id="bare county"),
    pytest.param(
        "731234, Pest",
        (without(ANNA, "pir", "county"),),
        "pir county",
        {"": {"pir": ["731234"], "county": ["Pest"]}},
        id="both, bare",
    ),
    pytest.param(
        "pocok21@level.hu",
        (without(ANNA, "email"),),
        "email",
        {"Kovács Anna": {"email": ["pocok21@level.hu"]}},
        id="bare address of the only one",
    ),
    pytest.param(
        "vakond7@level.hu",
        (ANNA, without(BELA, "email")),
        "email",
        {"Nagy Béla": {"email": ["vakond7@level.hu"]}},
        id="an address for one of two, who alone lacks one",
    ),
    pytest.param(
        "Béla e-mail címe vakond7@level.hu.",
        (without(ANNA, "email"), without(BELA, "email")),
        "email",
        {"Nagy Béla": {"email": ["vakond7@level.hu"]}},
        id="an address for one of two, named",
    ),
    pytest.param(
        "Az ADÓ tananyagot kérjük.",
        (without(ANNA, "programs"),),
        "programs",
        {"Kovács Anna": {"programs": ["ADÓ"]}},
        id="the course of the only one",
    ),
    pytest.param(
        "Annának az ADÓ, Bélának a Keret kell.",
        (without(ANNA, "programs"), without(BELA, "programs")),
        "programs",
        {"Kovács Anna": {"programs": ["ADÓ"]}, "Nagy Béla": {"programs": ["Keret"]}},
        id="to each the own course",
    ),
]


@pytest.mark.parametrize(("text", "case", "expected", "gives"), GIVES)
def test_an_answer_gives_what_was_asked_for(text: str, case: tuple[Known, ...], expected: str, gives: Given):
    """And nothing is open."""
    given, opened, _ = answered(text, *case, expected=expected)
    assert {name: _plain(values) for name, values in given.items()} == gives
    assert opened == []


def _plain(values: dict[str, list[str]]) -> dict[str, list[str]]:
    """PIRs without their groups, courses without their endings."""
    plain = {"pir": lambda text: "".join(filter(str.isdigit, text)), "programs": lambda text: text.split()[0]}
    return {field: [plain.get(field, str)(text) for text in texts] for field, texts in values.items()}


def test_a_bare_number_that_was_not_asked_for_is_no_pir():
    """Only where our letter asked for it."""
    given, opened, _ = answered("731234", ANNA, expected="email")
    assert "pir" not in given.get("", {})
    assert opened == ["731234"]


def test_two_bare_numbers_are_no_pir():
    """Either may be meant."""
    given, opened, _ = answered("731234, esetleg 731245", *LACKS_PIR, expected="pir")
    assert "pir" not in given.get("", {})
    assert opened != []


def test_a_bare_address_for_two_who_lack_one_is_left_open():
    """Nobody gets it."""
    given, opened, _ = answered("pocok21@level.hu", without(ANNA, "email"), without(BELA, "email"), expected="email")
    assert given == {}
    assert opened != []


def test_the_whole_table_again():
    """Each row is its applicant's; nobody new comes."""
    rows = [
        *(["Név | E-mail | PIR | Szakrendszer", "Kovács Anna | kovacs.anna@bodrogkut.hu | 731234 | ADÓ"]),
        "Nagy Béla | nagy.bela@bodrogkut.hu | 731234 | Keret",
    ]
    given, opened, _ = answered("\n".join(rows), without(ANNA, "pir"), without(BELA, "pir"), expected="pir")
    assert {name: (values["email"], values["pir"]) for name, values in given.items()} == {
        "Kovács Anna": (["kovacs.anna@bodrogkut.hu"], ["731234"]),
        "Nagy Béla": (["nagy.bela@bodrogkut.hu"], ["731234"]),
    }
    assert opened == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Köszönjük szépen!", id="thanks"),
        pytest.param("Köszönöm, megkaptam a levelet.", id="received"),
        pytest.param("Rendben, köszönjük a gyors választ.", id="all right"),
    ],
)
def test_thanks_give_nothing(text: str):
    """Nor is anything open."""
    assert answered(text, *LACKS_PIR, expected="pir", more="") == ({}, [], True)


def test_thanks_with_a_value_give_the_value():
    """In one line."""
    given, opened, _ = answered("Köszönjük, a PIR: 731234", *LACKS_PIR, expected="pir", more="")
    assert (given, opened) == ({"": {"pir": ["731234"]}}, [])


def test_thanks_with_a_withdrawal_withdraw():
    """An officer looks (POLICY section 6)."""
    text = "Köszönjük, de Anna mégsem kéri a tananyagot, mert jövő héten elmegy tőlünk."
    assert read_answer(read(mail(text, sender=SENDER, subject=SUBJECT), OWN), OWN, frozenset(), [ANNA]).withdraws
    assert not read_answer(read(mail("Köszönjük!", sender=SENDER), OWN), OWN, frozenset(), [ANNA]).withdraws


def test_somebody_who_is_taken_back_is_left_open():
    """An officer looks at a withdrawal."""
    _, opened, _ = answered("Nagy Bélát mégse vegyék fel, nem kér hozzáférést.", ANNA, BELA)
    assert opened != []


def test_an_answer_that_names_somebody_else_is_not_the_cases_applicants():
    """Szabó Ilona's address is not Anna's."""
    given, opened, _ = answered(
        "Kérjük Szabó Ilona (szabo.ilona@bodrogkut.hu) felvételét is az ADÓ-ra.",
        without(ANNA, "email"),
        expected="email",
    )
    assert "email" not in given.get("Kovács Anna", {})
    assert "Szabó Ilona" in given or opened


def test_a_value_taken_back_is_none():
    """ "Nem Y, hanem X"."""
    given, _, _ = answered("A PIR nem 731245, hanem 731234.", *LACKS_PIR, expected="pir")
    assert given[""]["pir"] == ["731234"]


def test_a_case_is_a_known_person_however_named():
    """The case's name stays, whatever form the answer has."""
    message = read(mail("Anna címe: pocok21@level.hu", sender=SENDER), OWN)
    found = reader.read(message, OWN, [without(ANNA, "email"), BELA], frozenset({"email"})).found
    assert [draft.name for draft in found.drafts] == ["Kovács Anna"]
