"""What the letters say, whole; and that no value from a mail gets into their headers."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy

from processor.cases.decision import decide
from processor.cases.parties import Answering
from processor.explain import explain
from processor.letters.compose import Letter, letter
from processor.letters.wire import message
from processor.reading import Mail
from rules import check
from rules.model import Applicant, Facts, Person, Request
from tests.letters import DESK, request

ASKED = """\
Tisztelt Címzett!

Köszönjük megkeresését. Az ASP oktatási portálra (www.aspoktatas.hu) szóló kérelem teljesítéséhez kérjük, egészítse ki \
az alábbiakat.

Kovács Anna
  - A megadott PIR szám nem lehet helyes. A PIR szám (törzskönyvi azonosító) hatjegyű; kérjük, ellenőrizze és küldje \
meg újra. (A levélben ez szerepelt: „731235”.)
  - Kérjük, adja meg a vármegye nevét.
  - Az igény több tananyagra is illik; kérjük, írja meg, melyikre gondolt. (A levélben ez szerepelt: „irat”.)
    Ezek közül választhat: Irat teljes; Irat - Irattározó; Irat - Iktató; Irat - Érkeztető; Irat - Postázó; \
Irat ügyintéző; Irat alkalmazásgazda.
  Elfogadva: munkahely: Mintafalu Község Önkormányzata; e-mail-cím: kovacs.anna@mintafalu.hu.

A vármegyék: Bács-Kiskun, Baranya, Békés, Borsod-Abaúj-Zemplén, Csongrád-Csanád, Fejér, Győr-Moson-Sopron, \
Hajdú-Bihar, Heves, Jász-Nagykun-Szolnok, Komárom-Esztergom, Nógrád, Pest, Somogy, Szabolcs-Szatmár-Bereg, Tolna, \
Vas, Veszprém, Zala, Budapest.

Kérjük, erre a levélre válaszoljon, és a tárgyban hagyja meg az [ASPO-ÉÉÉÉ-NNNNNN] hivatkozási számot. Elegendő a \
hiányzó adatokat megírnia.
"""


def test_the_letter_that_asks():
    """Every want with its sentence, what was written, and the choice; what is right already stands there once."""
    made = explain(request(values={"PIR": "731235", "Szakrendszer": "irat"}, without=("Vármegye",)), "x").letter
    assert made is not None
    assert made.subject == "[ASPO-ÉÉÉÉ-NNNNNN] Regisztrációs kérelem - hiánypótlás"
    assert made.text.startswith(ASKED)
    assert made.awaits


def test_what_is_asked_for_is_not_accepted():
    """An address of an office stands among the wants, not among what need not be sent again."""
    made = explain(request(values={"E-mail": "ado@mintafalu.hu"}), "x").letter
    assert made is not None
    accepted = [line.strip() for line in made.text.splitlines() if "Elfogadva" in line]
    assert accepted == [
        "Elfogadva: munkahely: Mintafalu Község Önkormányzata; PIR szám: 731234; vármegye: Pest; tananyag: ADÓ."
    ]


def applicant(**values: str) -> Applicant:
    (one,) = explain(request(values=values), "x").understood.request.applicants
    return one


def test_who_is_asked_about_who_is_queued_and_who_waits_for_a_person():
    """One letter for three people with three outcomes; of the one that an officer looks at nothing is said but that
    there is somebody."""
    people = (
        applicant(PIR="731235"),
        applicant(**{"Név": "Nagy Béla", "E-mail": "szabo.edit@mintafalu.hu"}),
        applicant(**{"Név": "Szabó Dóra", "E-mail": "szabo.dora@mintafalu.hu"}),
    )
    asked = Request(people, Person("Minta Mária", "minta.maria@mintafalu.hu"), (Person("", "jegyzo@mintafalu.hu"),))
    decision = decide("registration", asked, check(asked, Facts()))
    assert decision.outcomes == ("ask", "review", "queue")
    made = letter("registration", asked, decision, "ASPO-2026-000001", Facts())
    assert made is not None
    assert "Minden adat rendben van, a hozzáférés beállítása folyamatban: Szabó Dóra." in made.text
    assert "Nagy Béla" not in made.text
    alone = Request(people[::2], asked.sender, asked.recipients)
    without = letter("registration", alone, decide("registration", alone, check(alone, Facts())), "x", Facts())
    assert without is not None
    later = "A többi kérelmezőről külön levelet küldünk."
    assert (later in made.text, later in without.text) == (True, False)


HOSTILE = "a\r\nBcc: tamado@gonosz.example\r\n\r\nszoveg"


HEADERS = [
    *("Content-Type", "MIME-Version", "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop"),
]


def test_no_value_can_begin_a_header_or_the_body():
    """Whatever stands in a subject, an address, a Message-ID of theirs or the configuration."""
    answered = Mail(message_id=f"<x@y{HOSTILE}>", references=(f"<r{HOSTILE}>",), in_reply_to=(f"<i{HOSTILE}>",))
    raw = message(
        Letter(HOSTILE, "szöveg", "<p>szöveg</p>"),
        sender=f"{HOSTILE} <{DESK}>",
        recipients=[f"b@c.hu{HOSTILE}"],
        message_id=f"<m{HOSTILE}>",
        now=dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC),
        answers=Answering.of(answered, frozenset()),
        loop=HOSTILE,
    )
    head, _, _ = raw.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert sorted(names) == sorted(HEADERS)
    assert message_from_bytes(raw, policy=policy.default)["Bcc"] is None


def test_the_thread_is_kept():
    """References hold those of the mail that is answered, then its own Message-ID (RFC 5322 section 3.6.4)."""
    answered = Mail(message_id="<c@b.hu>", references=("<a@b.hu>", "<b@b.hu>"), in_reply_to=("<b@b.hu>",))
    raw = message(
        Letter("x", "szöveg", "<p>szöveg</p>"),
        sender=DESK,
        recipients=["b@c.hu"],
        message_id="<m@b.hu>",
        now=dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC),
        answers=Answering.of(answered, frozenset()),
    )
    made = message_from_bytes(raw, policy=policy.default)
    assert (made["In-Reply-To"], made["References"].split()) == ("<c@b.hu>", ["<a@b.hu>", "<b@b.hu>", "<c@b.hu>"])


def test_we_never_write_to_ourselves():
    """A Reply-To that is our own address would make a loop; the sender gets the letter, or nobody."""
    ours, theirs = Person("", DESK), Person("", "minta.maria@mintafalu.hu")
    own = frozenset({DESK})
    parties = {DESK, theirs.address}
    assert Answering.of(Mail(sender=theirs, reply_to=ours), own).addressee(parties) == theirs.address
    assert Answering.of(Mail(sender=ours), own).addressee(parties) == ""
    assert Answering.of(Mail(sender=theirs), own).addressee({DESK}) == ""
