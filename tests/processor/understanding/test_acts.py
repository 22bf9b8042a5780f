"""The kind of a mail and the sentences that ask for registration, by learned weights."""

from __future__ import annotations

import re
import time
from dataclasses import fields
from email.message import EmailMessage
from itertools import pairwise

import pytest

from processor.reading import Mail, Role, read
from processor.understanding import acts
from rules.model import Kind
from tests import hostile, learn

STORED = learn.STORED.read_text(encoding="utf-8")
FORWARDED = "---------- Forwarded message ---------\nFrom: {}\nDate: 2026. nov. 2.\nSubject: {}\nTo: {}\n\n{}"


def mail(subject: str, body: str) -> Mail:
    """As somebody wrote it to the desk."""
    message = EmailMessage()
    message["From"] = "Szalontai Etelka <szalontai.etelka@bodrogkut.hu>"
    message["To"] = "aspoktatas@allamkincstar.gov.hu"
    message["Subject"] = subject
    message.set_content(body)
    return read(message.as_bytes(), learn.OUR_ADDRESSES)


DATA = """Név: Szalontai Etelka
Munkahely: Bodrogkút Község Önkormányzata
PIR: 731234
Megye: Heves
E-mail: szalontai.etelka@bodrogkut.hu"""

PLAIN = [
    (
        Kind.REGISTRATION,
        "Regisztrációs kérelem",
        f"Tisztelt ASP Oktatás!\n\nKérem új munkatársunk regisztrálását az oktatási portálra, az Iktató tananyaghoz."
        f"\n\n{DATA}\n\nKöszönettel:\nHorgas Vilma",
    ),
    (
        Kind.REGISTRATION,
        "új kolléga",
        "Kedves Kollégák!\n\nSzeretnénk, ha Szalontai Etelka hozzáférést kapna az ADÓ és a Keret tananyagához. "
        "A címe szalontai.etelka@bodrogkut.hu, a PIR számunk 731234, Heves megye.",
    ),
    (
        Kind.PASSWORD_HELP,
        "Nem tudok belépni",
        "Tisztelt Cím!\n\nElfelejtettem a jelszavamat az oktatási portálhoz, és a felhasználónevemre sem emlékszem. "
        "Kérem, segítsenek, hogyan tudok belépni.\n\nSzalontai Etelka",
    ),
    (
        Kind.ACCESS_HELP,
        "ASP elérése otthonról",
        "Tisztelt Kincstár!\n\nHogyan lehet az ASP rendszerbe otthonról bejelentkezni? A kártyaolvasót telepítettük a "
        "laptopra, de az eSzemélyivel sem enged be. Milyen driver kell hozzá?\n\nSzalontai Etelka",
    ),
    (
        Kind.ACKNOWLEDGEMENT,
        "Re: ASP oktatás",
        "Tisztelt Kolléga!\n\nKöszönöm szépen a gyors segítséget, megkaptam a tájékoztatást, sikerült belépnem.\n",
    ),
    (
        Kind.OTHER,
        "Tanúsítvány a tanfolyamról",
        "Tisztelt ASP Oktatás!\n\nA tananyagot befejeztem, a záró tesztet is kitöltöttem. Mikor kapom meg az "
        "igazolást a tanfolyam elvégzéséről?\n\nSzalontai Etelka",
    ),
]


@pytest.mark.parametrize(("kind", "subject", "body"), PLAIN, ids=[f"{kind}-{subject}" for kind, subject, _ in PLAIN])
def test_a_plain_mail_is_what_it_asks(kind: Kind, subject: str, body: str):
    """And the words that spoke for it are the mail's own."""
    verdict = acts.judge(mail(subject, body))
    assert verdict.kind == verdict.likely == kind
    assert 1 <= len(verdict.words) <= 5
    assert all(word in f"{subject} {body}" for word in verdict.words)


@pytest.mark.parametrize(("kind", "subject", "body"), PLAIN, ids=[f"{kind}-{subject}" for kind, subject, _ in PLAIN])
def test_only_a_registration_has_a_sentence_that_asks_for_it(kind: Kind, subject: str, body: str):
    """The sentence is the mail's own, at its line."""
    asked = acts.requests(mail(subject, body))
    assert bool(asked) == (kind == Kind.REGISTRATION)
    for one in asked:
        assert (
            one.sentence.text.split()[0] in one.sentence.block.lines[one.sentence.line - one.sentence.block.first_line]
        )


def test_data_alone_ask_for_nothing():
    """Whatever they look like, no kind is certain (READER.md, invariant 4)."""
    only = mail("", DATA)
    assert acts.requests(only) == ()
    assert acts.judge(only).kind != Kind.REGISTRATION


def test_data_in_a_mail_about_something_else_make_no_registration():
    """A deletion or a new address comes with the same data."""
    for wish in (
        "Kérem a meglévő fiókom törlését, mert nyugdíjba megyek.",
        "A nevem és az e-mail címem megváltozott, kérem a fiókomban módosítani.",
    ):
        assert acts.judge(mail("Fiók", f"Tisztelt Cím!\n\n{wish}\n\n{DATA}")).kind != Kind.REGISTRATION


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("", ""),
        ("Csatolva", "Csatoltan küldöm."),
        ("Kovács Anna", "731234"),
        ("Belépés", f"Regisztrálva vagyok? Nem tudok belépni. Ha nem, kérem a regisztrációmat az ADÓ-ra.\n\n{DATA}"),
        ("Re: ASP oktatás", "Rendben, köszönöm. Még egy kérdés: hol látom a tananyagokat?"),
    ],
)
def test_what_is_not_plain_is_no_kind(subject: str, body: str):
    """Too little said, two things asked at once, a question behind thanks: None, with a guess beside it."""
    verdict = acts.judge(mail(subject, body))
    assert verdict.kind is None
    assert verdict.likely in acts.KINDS


@pytest.mark.parametrize(
    "body", ["1234", "Lorem ipsum dolor sit amet.", "Our newest offer of web hosting is attached."]
)
def test_what_nobody_can_make_sense_of_is_never_acted_on(body: str):
    """POLICY section 1: `other`."""
    assert acts.judge(mail("-", body)).kind in {Kind.OTHER, None}


def test_what_is_quoted_and_signed_does_not_count():
    """Only what the sender wrote: our own letter below speaks of registration too."""
    said = acts.sentences(
        mail(
            "Re: ASP oktatás",
            "Köszönöm, megkaptam.\n\n-- \nSzalontai Etelka\nregisztrációs ügyintéző\n\n"
            "2026. 11. 02. 8:15 keltezéssel, aspoktatas@allamkincstar.gov.hu írta:\n"
            "> Kérjük, regisztrálja kollégáját az oktatási portálra.\n",
        )
    )
    assert {one.block.role for one in said} <= {Role.SUBJECT, Role.BODY}
    assert not any("egisztr" in one.text for one in said)


def test_a_forwarded_request_counts():
    """It is the sender's content (POLICY section 2)."""
    _, subject, body = PLAIN[0]
    forwarded = FORWARDED.format("horgas.vilma@bodrogkut.hu", subject, "jegyzo@bodrogkut.hu", body)
    assert acts.requests(mail(f"Fwd: {subject}", f"Továbbítom.\n\n{forwarded}"))


def test_greetings_and_closings_are_left_out():
    """Unless the mail says nothing else."""
    said = acts.sentences(mail("Kérés", "Tisztelt Cím!\n\nEz a kérésünk.\n\nElőre is köszönjük!\n"))
    assert [one.text for one in said] == ["Kérés", "Ez a kérésünk."]
    (only,) = acts.sentences(mail("", "Köszönjük szépen!\n"))
    assert only.text == "Köszönjük szépen!"


def test_a_sentence_begins_at_its_line():
    """Wrapped lines are one sentence, the items of a list are one each."""
    said = acts.sentences(mail("", "Ez az első\nmondat. Ez a második\nmondat itt.\n- egy elem\n- még egy elem\n"))
    assert [(one.line, one.text) for one in said] == [
        (1, "Ez az első mondat."),
        (2, "Ez a második mondat itt."),
        (4, "- egy elem"),
        (5, "- még egy elem"),
    ]


def test_names_and_numbers_are_no_words():
    """People, addresses, numbers, counties and courses count as such; nobody's name can speak for a kind."""
    features = acts.kind_features(acts.sentences(mail("", f"{DATA}\nTananyag: Irat - Iktató\n")))
    assert {"<name>", "<address>", "<six>", "<course>"} <= features.keys()
    assert not {"etelk", "73123", "iktat"} & features.keys()


@pytest.mark.parametrize("name", ["wrapped '. '", "long '. '", "wrapped 'K. '", "names dr. Tóth Ilona"])
def test_no_mail_keeps_it_busy(name: str):
    """Half of the second that a whole mail may take (tests/test_time_bounds.py); these took the longest."""
    made = read(hostile.mails([name])[name], learn.OUR_ADDRESSES)
    started = time.process_time()
    acts.judge(made)
    acts.requests(made)
    assert time.process_time() - started < 0.5


# ---------------------------------------------------------------- the weights


def test_every_line_of_the_weights_is_well_formed():
    """`feature column weight`, sorted, none twice, none too small to matter, and not too many."""
    columns = {*map(str, acts.KINDS), acts.REQUEST}
    lines = STORED.splitlines()
    assert all(before < after for before, after in pairwise(lines))
    for line in lines:
        feature, column, weight = line.split(" ")
        assert re.fullmatch(r"-?\d+\.\d{3}", weight)
        assert (
            feature in {f"<{bound.name}>" for bound in fields(acts.Bounds)}
            if column == acts.BOUND
            else column in columns
        )
        assert column == acts.BOUND or abs(float(weight)) >= learn.SMALLEST
    assert len({tuple(line.split()[:2]) for line in lines}) == len(lines)
    assert len(STORED.encode()) < 250_000


def test_make_learn_writes_the_stored_weights():
    """Bit for bit; a mail more in tests/corpus: run `make learn`. At least 99 % of what is accepted is right, and no
    mistake leads to a letter, a course or silence."""
    known = learn.examples()
    judged = learn.unknown(learn.left_out(known))
    bound = learn.bounds(judged)
    assert learn.written(learn.learn(known, bound)) == STORED, "run `make learn`"
    taken = learn.accepted(judged, bound)
    wrong = [one for one in taken if not one.right]
    assert len(wrong) <= 0.01 * len(taken)
    assert {one.leaning.likely for one in wrong} <= {Kind.OTHER, Kind.AUTOMATIC}
    assert len(taken) >= 0.85 * len(judged)
