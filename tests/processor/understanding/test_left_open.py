"""What a mail holds besides the request and nothing accounts for; and what explains it away."""

from __future__ import annotations

import pytest

from rules.model import Kind
from tests.letters import request
from tests.processor.understanding.readings import is_left_open, is_read, raw, told

ANNA = "Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját az ADÓ tananyagra."
RIGHT = ["Kovács Anna <kovacs.anna> ADÓ"]

EXPLAINED = [
    pytest.param("Iktatószám: 123/2026.", id="file number"),
    pytest.param("Telefon: 06 76 555 123", id="telephone"),
    pytest.param("Adószámunk: 15731234-1-13.", id="tax number"),
    pytest.param("Szép napot kívánunk!", id="good wishes"),
    pytest.param("Kelt: Bodrogkút, 2026. november 16.", id="date and place"),
    pytest.param("Kérdés esetén hívjanak a 76/555-123 számon.", id="questions"),
    pytest.param("Köszönjük a segítségüket!", id="thanks"),
]


@pytest.mark.parametrize("said", EXPLAINED)
def test_what_is_explained_is_not_open(said: str):
    """The request is as it would be without it."""
    is_read(told(f"{ANNA} {said}"), RIGHT)


OPEN = [
    pytest.param("Számunk 731245.", "731245", id="a number that may be a PIR"),
    pytest.param("Szabó Ilona is itt dolgozik.", "Szabó Ilona", id="a person"),
    pytest.param("A jogtár-kezelő tanfolyam is kell neki.", "tanfolyam", id="an unknown course"),
]


@pytest.mark.parametrize(("said", "word"), OPEN)
def test_what_nothing_explains_is_open(said: str, word: str):
    """Beside it the request stands."""
    is_left_open(told(f"{ANNA} {said}"), RIGHT, word)


def test_each_open_entry_says_where_and_why():
    """In Hungarian, for the officer."""
    (entry,) = told(f"{ANNA} Szabó Ilona is itt dolgozik.").whole.request.open
    assert (entry.text, entry.where) == ("Szabó Ilona", "levéltörzs, 3. sor")
    assert "kérelmező" in entry.why


MISSING = [
    pytest.param(
        "Kérem Kovács Anna regisztrációját az ADÓ tananyagra. A levelezőnk: pocok21@level.hu",
        "pocok21@level.hu",
        id="an address, where one is missing",
    ),
    pytest.param(
        "Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját. Ő viszi az iktatást és a postázást.",
        "",
        id="a duty, where the course is missing",
    ),
]


@pytest.mark.parametrize(("text", "word"), MISSING)
def test_nothing_is_asked_for_that_the_mail_may_hold(text: str, word: str):
    """It is open, or it was taken."""
    got = told(text)
    (person,) = got.whole.request.applicants
    whole = bool(person.name and person.email and person.programs)
    assert whole or any(word in entry for entry in got.open)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját.", id="no course at all"),
        pytest.param("Kérem Kovács Anna regisztrációját az ADÓ tananyagra.", id="no address at all"),
    ],
)
def test_what_the_mail_does_not_hold_is_asked_for(text: str):
    """Nothing open stands in the way of the letter."""
    assert told(text).open == []


def test_what_a_mail_with_data_asks_for_may_be_open():
    """Data make a doubtful kind no certain one."""
    got = told("Kérem a fiókom törlését, nyugdíjba megyek.", subject="Kérés")
    assert got.whole.kind != Kind.REGISTRATION or got.open


def test_what_is_quoted_is_not_accounted_for():
    """It is another's mail (POLICY section 2)."""
    quoted = "\n\n2026. 11. 02. 9:14 keltezéssel, Gyöngyösi Vilma írta:\n> Kérjük Szabó Ilona felvételét a Keretre.\n"
    is_read(told(ANNA + quoted, place=""), RIGHT)


def test_what_was_not_read_of_a_huge_mail_is_open():
    """Beyond the bounds of reading."""
    got = told(f"{ANNA}\n\n" + "Ez egy sor, amelyben semmi sincs.\n" * 20_000)
    assert got.open or got.whole.kind == Kind.OTHER


def test_an_attachment_that_cannot_be_read_is_named():
    """A scan may hold what is missing."""
    got = raw(request(("PIR",), files=(("scan.pdf", b"%PDF-1.4 nothing"),)))
    assert got.whole.request.unreadable == ("scan.pdf",)


@pytest.mark.parametrize(
    ("subject", "said", "kind"),
    [
        pytest.param("Fiók törlése", "Kérem a fiókom törlését, nyugdíjba megyek.", Kind.OTHER, id="a deletion"),
        pytest.param(
            "Belépés",
            "Elfelejtettem a jelszavamat, nem tudok belépni az oktatási portálra, kérem, segítsenek.",
            Kind.PASSWORD_HELP,
            id="a password",
        ),
    ],
)
def test_data_in_a_mail_about_something_else_make_no_applicant(subject: str, said: str, kind: Kind):
    """A licence is needed (READER.md, invariant 4)."""
    got = told(said, place="", subject=subject)
    assert got.whole.kind == kind
    assert got.people == []
