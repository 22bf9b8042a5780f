"""However a mail is made, reading, understanding and answering it takes less than a second of processor time.

`python tests/hostile.py` goes through all the 1 700 hostile mails; here are those that took the longest before
there were bounds, and those that came nearest to a second since.
"""

from __future__ import annotations

import pytest

from processor.reading import bounds, read
from tests import hostile
from tests.letters import mail, request

SECONDS = 1.0  # of processor time: the one absolute limit of the tests, for it is what is promised
HEADERS = [
    "Subject 60 000 é",
    "Subject encoded 'é'",
    "Subject encoded 'Ã©'",
    "Subject 'a=C3=A9'",
    "Subject '=?utf-8?q?'",
    "From 'a' @",
    "From '\\\\' @",
    "From '=?utf-8?q?' @",
    "To 'a' @",
    "To 'a@b.hu, '",
    "To numbered",
    "Cc folded",
    "References '<a@b> '",
    "References '<'",
    "Content_Type ';'",
    "filename*n*",
]
TEXTS = [
    "line 'ker'",
    "wrapped 'ker'",
    "long 'kér '",
    "words 'ker'",
    "line 'a@'",
    "words '@'",
    "wrapped 'a@b.hu '",
    "long 'kukac\\t'",
    "words '[at]'",
    "long 'PIR '",
    "line '0'",
    "line '.'",
    "odd ' '",
    "odd '\\n'",
    "odd 'é'",
    "odd 'Ĺ‘'",
    "line 'a-'",
    "wrapped 'Pest megye '",
    "line 'Önkormányzata'",
    "long 'Község Önkormányzata '",
    "long 'Óvoda és '",
    "wrapped 'ADÓ '",
    "words 'Irat: '",
    "words 'Á'",
    "asked 'PIR: 73{n}'",
    "asked 'Önkormányzat: F{n} Község Önkormányzata'",
    "lines 'Kovács Anna, a{n}@b.hu'",
    "lines '>>>>>>>>>>>>>>>>>>>> a'",
    "lines 'Feladó: A <a@b.hu>\\nTárgy: x'",
    "lines '{n} = ADÓ'",
    "people",
    "people distinct",
    "names distinct",
    "all in one line",
]
PAGES = [
    "html style='é'",
    "html class='a'",
    "html href='Ã©'",
    "html <a href='mailto:a@b.hu'>",
    "html <blockquote>",
    "html <table><tr><td>",
    "html <tr><td>Kovács Anna<td>a@b.hu<td>ADÓ text",
    "html cells",
    "html attributes",
    "html entities in a word",
]
FILES = [
    "csv people distinct",
    "csv without places",
    "txt 'é'",
    "docx lines",
    "docx table",
    "xlsx small cells",
    "xlsx 50000 <c/>",
    "xlsx 1000000 <c/>",
    "xlsx wide",
    "ods repeated",
    "pdf words",
    "nested parts deep",
]
NEAR_THE_BOUNDS = [
    "csv 400 others' addresses",
    "csv 400 and 95 loose",
    "400 in one paragraph",
    "400 and contacts",
    "400 and everybody's",
    "400 labelled",
    "one and 2000 bodies",
    "one and many wishes",
    "legend",
    "prose",
    "list",
    "huge quotes",
]
CHOSEN = [*HEADERS, *TEXTS, *PAGES, *FILES, *NEAR_THE_BOUNDS]


@pytest.fixture(scope="module")
def mails() -> dict[str, bytes]:
    hostile.seconds(hostile.raw())  # what is loaded once is loaded
    return hostile.mails(frozenset(CHOSEN))


@pytest.mark.parametrize("name", CHOSEN)
def test_a_hostile_mail_takes_less_than_a_second(mails, name):
    """Somebody else's work on the machine doesn't count, but it slows the processor down: two tries."""
    assert any(hostile.seconds(mails[name]) < SECONDS for _ in range(2))


LONG_WORD = "a" * 400
WEB = "https://example.hu/" + "a" * 400
CUT = {
    "word": (mail(f"Kérem Kovács Anna {LONG_WORD} regisztrációját."), bounds.WORD),
    "line": (mail("Kérem a regisztrációt. " * 300), bounds.LINE),
    "lines": (mail("szó\n" * 4_000), bounds.LINES),
    "characters": (mail(("szó " * 900 + "\n") * 100), bounds.CHARACTERS),
    "judged": (mail("Kérem a regisztrációt.\n" * 1_000), bounds.JUDGED),
    "header": (hostile.raw(Subject="a " * 40_000), bounds.HEADER),
    "subject": (hostile.raw(Subject="a " * 1_000), bounds.VALUE),
    "name": (hostile.raw(From=f'"{"a " * 1_000}" <a@b.hu>'), bounds.VALUE),
    "addresses": (hostile.raw(To=", ".join(f"a{n}@b.hu" for n in range(600))), bounds.ADDRESSES),
    "elements": (hostile.html("<br>" * 130_000), bounds.ELEMENTS),
    "source": (hostile.html("<p>" + "<b></b>" * 300_000), bounds.SOURCE),
    "rows": (hostile.html("<table>" + "<tr><td>a</td><td>b</td></tr>" * 3_100 + "</table>"), bounds.ROWS),
    "columns": (hostile.attached("a.csv", (";".join("x" * 130) + "\n").encode(), "text/csv"), bounds.COLUMNS),
    "cell": (hostile.attached("a.csv", ("szó " * 600 + ";b\n").encode(), "text/csv"), bounds.CELL),
    "row": (hostile.attached("a.csv", (";".join(["szó " * 400] * 5) + "\n").encode(), "text/csv"), bounds.LINE),
    "cells": (hostile.attached("a.csv", ((";".join("x" * 100) + "\n") * 250).encode(), "text/csv"), bounds.CELLS),
}


@pytest.mark.parametrize("what", CUT)
def test_what_is_cut_is_said(what):
    """Once, in words that stay as they are."""
    raw, fault = CUT[what]
    assert read(raw).faults.count(fault) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Kérem Kovács Anna regisztrációját.",
        f"Bővebben: {WEB} és (<{WEB}>).",
        "_" * 500 + "\nKovács Anna",
        "Név:" + " " * 500 + "Kovács Anna",
        ";".join(f"kovacs.anna{n}@falu.hu" for n in range(60)),
        "A kért adatokat küldjük.\n" * 700,
    ],
)
def test_what_says_nothing_is_shortened_without_a_word(text):
    """Rules, gaps and web addresses; a list typed without spaces is no word; a mail of an ordinary length has no
    faults."""
    assert read(mail(text)).faults == ()


def test_what_was_kept_of_a_bounded_line_needs_no_further_cut():
    """The bounds hold for what they give."""
    room = bounds.Room()
    for text in (
        "a" * 9_000,
        "ab " * 9_000,
        "a@b.hu," * 9_000,
        " " * 9_000 + "a",
        "x" * 299 + " " + "y" * 301,
        "\u00a0" * 300,
    ):
        kept, left, _ = bounds.lines([text], room)
        again, _, said = bounds.lines(kept, room)
        assert (again, said) == (kept, ())
        assert left.characters == room.characters - len(kept[0]) - 1
        assert len(kept[0]) <= bounds.LONGEST_LINE


def test_nothing_before_the_cut_is_lost():
    """The request above an attack is understood all the same."""
    raw = request()
    long = raw.replace("Üdvözlettel:".encode(), ("x" * 100_000 + "\n\nÜdvözlettel:").encode())
    assert bounds.WORD in read(long).faults
    assert [b.lines[:8] for b in read(long).blocks][1] == [b.lines[:8] for b in read(raw).blocks][1]
