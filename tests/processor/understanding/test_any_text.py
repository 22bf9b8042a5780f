"""Whatever somebody writes: nothing fails, nothing is made up, and no address or PIR is dropped silently."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.reading import Mail, Role, read
from processor.understanding import Understood, understand
from rules.hungarian.addresses import is_valid as is_valid_address
from rules.hungarian.words import fold
from rules.model import FIELDS, Evidence, Facts, Kind
from rules.pir import is_valid
from tests.letters import DESK, mail
from tests.processor.understanding.readings import CLERK, OWN, SENDER

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
_ADDRESS = re.compile(r"(?<![\w.@-])[a-z]{2,}(?:\.[a-z]+)?\d?@[a-z]+\.hu(?![\w.@-])")
_SIX = re.compile(r"(?<![\d/.,+-])\d{6}(?![\d/-]|[.,]\d)")
_FROM_ELSEWHERE = frozenset({"feladó", "aláírás vagy feladó"})  # places that are no text of the mail

PEOPLE = ["Kovács Anna", "Nagy Béla", "Szabó Ilonát", "dr. Tóth Emőkének", "Anna", "Béla", "Garay Bianka (Bia)", "Bia"]
THINGS = [
    *("az ADÓ", "a Keretet", "Irat - Iktató", "gazdálkodás", "Közterület", "a Hagyaték tananyagra", "PM-2773-2105-BS"),
    *("731234", "731245", "PIR: 731256", "PIR: 731235", "törzsszám 731-267", "15731234-1-13", "06 76 555 123"),
    *("Pest", "Zala megye", "Bodrogkút Község Önkormányzata", "Almakerti Közös Önkormányzati Hivatal"),
    *("kovacs.anna@bodrogkut.hu", "pocok21@level.hu", "nagy.bela@bodrogkut.hu", "jegyzo@bodrogkut.hu", DESK),
]
SAID = [
    *(
        "kérem",
        "kérjük a regisztrációját",
        "nem kéri",
        "tavaly elvégezte",
        "esetleg",
        "viszont",
        "helyett",
        "kell neki",
    ),
    *("mindketten", "az utóbbinak", "a másodiknak", "én", "neki", "két kollégánk", "kilépett", "nyugdíjba ment", "és"),
    *("Név:", "E-mail:", "Szakrendszer:", "Postaládája:", "Válaszcím:", "Jegyző:", "Ui.:", "Üdvözlettel:", "mégsem"),
]
GLUE = [" ", " ", " ", ", ", ". ", "\n", "\n\n", "\n- ", " | ", ": ", " (", ") ", "; ", "\n1. "]
words = st.one_of(st.sampled_from(PEOPLE), st.sampled_from(THINGS), st.sampled_from(SAID), st.text(max_size=6))
texts = st.lists(st.tuples(words, st.sampled_from(GLUE)), max_size=30).map(
    lambda pieces: "".join(word + glue for word, glue in pieces)
)


def understood(text: str) -> tuple[Mail, Understood]:
    """With a request ahead, so that there is something to read."""
    message = read(mail(f"Kérem az alábbi kollégák regisztrációját.\n\n{text}\n", sender=SENDER, cc=CLERK), OWN)
    return message, understand(message, OWN)


def _evidence(got: Understood) -> Iterator[Evidence]:
    for applicant in got.request.applicants:
        for field in FIELDS:
            for value in getattr(applicant, field):
                yield value.value.evidence if field == "programs" else value.evidence


def _flat(text: str) -> str:
    """Without white space and accents: a unit's wraps are undone."""
    return "".join(fold(text).split())


@RELAXED
@given(texts)
def test_what_is_shown_stands_in_the_mail(text: str):
    """Of every value and of every open entry; nothing raises."""
    message, got = understood(text)
    lines = [
        *(line for b in message.blocks for line in b.lines),
        *(c for b in message.blocks for r in b.rows for c in r),
    ]
    whole = _flat("".join(lines))
    for evidence in _evidence(got):
        shown = _flat(evidence.text.removesuffix("…"))
        assert evidence.place in _FROM_ELSEWHERE or shown in whole, evidence
    for entry in got.request.open:  # a name is shown in the nominative, its title ahead: "Kovács Anna dr."
        words = map(_flat, entry.text.removesuffix("…").split())
        assert entry.where == "levél" or all(word in whole for word in words), entry


def _accounted(message: Mail, got: Understood) -> str:
    """All that the request says: values, what is open, and whose addresses are known by the headers."""
    request = got.request
    said = [value.raw or value.text for a in request.applicants for f in FIELDS[:-1] for value in getattr(a, f)]
    said += [value.text for a in request.applicants for f in FIELDS[:-1] for value in getattr(a, f)]
    said += [entry.text for entry in request.open]
    known = [person.address for person in (message.sender, *message.to, *message.cc) if person]
    return " ".join((*said, *known, *request.clerks_named, *OWN)).lower()


def _body(message: Mail) -> str:
    return "\n".join(line for block in message.blocks if block.role is Role.BODY for line in block.lines)


ASKED = "Kérem Kovács Anna (kovacs.anna@bodrogkut.hu) regisztrációját az ADÓ tananyagra."
PLAIN = ["Ezt ma írom.", "A hivatal nyitva van.", "Erről tegnap beszéltünk.", "Így áll a helyzet.", "Az ablak zöld."]
addresses = st.sampled_from(["pocok21@level.hu", "vakond7@level.hu", "nagy.bela@bodrogkut.hu"])
numbers = st.integers(100_000, 999_999).map(str).filter(lambda n: is_valid(n, Facts()))
sentences = st.lists(
    st.one_of(st.sampled_from(PLAIN), addresses.map("Íme: {}.".format), numbers.map("Íme: {}.".format))
)


@RELAXED
@given(st.one_of(sentences.map(" ".join), sentences.map("\n".join), sentences.map("\n\n".join)))
def test_no_address_and_no_pir_is_dropped(said: str):
    """Each of the body is an applicant's, open, or known by the headers."""
    closing = "Ha bármi más is kellene még, szíves jelzésüket előre is nagyon köszönöm."
    message, got = understood(f"{ASKED}\n\n{said}\n\n{closing}")
    assert got.kind == Kind.REGISTRATION
    accounted = _accounted(message, got)
    body = _body(message)
    lost = [a for a in _ADDRESS.findall(body) if is_valid_address(a) and a not in accounted]
    lost += [n for n in _SIX.findall(body) if is_valid(n, Facts()) and n not in accounted]
    assert lost == []
