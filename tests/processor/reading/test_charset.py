"""Bytes to text in whatever charset they really are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processor.reading.charset import decode
from tests.strategies import FAMILY, GIVEN, PLACES

TEXT = "Tisztelt Cím! Kérjük Szűcs Örs és Őze Ágnes regisztrációját, köszönettel: a jegyző.\n"
DECLARED = [None, "utf-8", "windows-1250", "iso-8859-2", "iso-8859-1", "us-ascii", "utf-16", "x-nobody-knows"]
ONE_BYTE = ["windows-1250", "iso-8859-2"]


@pytest.mark.parametrize("declared", DECLARED)
def test_windows_1250_stays_what_it_is(declared):
    """Whatever was declared over it, but for charsets that take any bytes in pairs."""
    if declared != "utf-16":
        assert decode(TEXT.encode("windows-1250"), declared) == TEXT


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize(
    ("whole", "broken", "read"),
    [
        ("regisztrációját", b"regisztr\xc3ci\xc3\xb3j\xc3\xa1t", "regisztr\ufffdcióját"),
        ("Szűcs", b"Sz\xb1cs", "Sz\ufffdcs"),
        ("köszönettel", b"k\xf6sz\xc3\xb6nettel", "k\ufffdszönettel"),
        ("a jegyző.\n", b"a jegyz\xc5", "a jegyz\ufffd"),
        ("Tisztelt", b"\xef\xbb\xbfTisz\xff\xfetelt", "Tisz\ufffd\ufffdtelt"),
    ],
)
def test_utf_8_with_a_broken_byte(declared, whole, broken, read):
    """A byte that was lost, changed or cut off costs its own letter and no other."""
    if declared != "utf-16":  # which takes any bytes in pairs
        assert decode(TEXT.encode().replace(whole.encode(), broken), declared) == TEXT.replace(whole, read)


@pytest.mark.parametrize(
    ("data", "declared", "read"),
    [
        (b"", None, ""),
        (b"\xff\xfeA\x00", "utf-8", "A"),
        (b"\xef\xbb\xbfalma", None, "alma"),
        ("már így jött: Kov\ufffdcs".encode(), None, "már így jött: Kov\ufffdcs"),
        ("már így jött át: Kov\ufffdcs, ".encode() + b"\xc3", None, "már így jött át: Kov\ufffdcs, \ufffd"),
        (b"K\xf5v\xe1g\xf3 \xdb", "iso-8859-1", "Kővágó Ű"),
        (b"ma\xf1ana", "iso-8859-1", "mañana"),
        (b"\xc9\x94 \xe1rv\xedz", None, "É” árvíz"),  # "É”" would be UTF-8
        (b"\x81\xe1\xf5", None, "\x81áő"),  # windows-1250 has no 0x81
        (b"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "Привет"),
        (b"\xe1 \xc3\xa1", "a\0b", "á Ăˇ"),
        (b"+2AA-", "utf-7", "?"),
        (b"\xff\\ud800", "unicode_escape", "ÿ?"),
    ],
)
def test_an_example(data, declared, read):
    """Marks of byte order, what is declared rightly or wrongly, bytes that are of no charset."""
    assert decode(data, declared) == read


words = st.sampled_from([*FAMILY, *GIVEN, *PLACES])
texts = st.lists(words, min_size=12, max_size=30).map(lambda some: " ".join([*some, "árvíztűrő tükörfúrógép"]))


@given(st.binary(), st.none() | st.text() | st.sampled_from([d for d in DECLARED if d] + ["unicode_escape", "utf-7"]))
def test_it_never_raises(data, declared):
    """And what it gives can be written down."""
    decode(data, declared).encode("utf-8")


@settings(deadline=None)
@given(texts, st.integers(0), st.integers(0, 255), st.sampled_from([None, "utf-8", *ONE_BYTE]))
def test_one_broken_byte_costs_one_letter(text, at, byte, declared):
    """Of a Hungarian UTF-8 text; the letters before and behind it are right."""
    data = text.encode()
    at %= len(data)
    broken = data[:at] + bytes([byte]) + data[at + 1 :]
    before = data[:at].decode("utf-8", "ignore")
    behind = data[at + 1 :].decode("utf-8", "ignore")
    got = decode(broken, declared)
    assert got.startswith(before)
    assert got.endswith(behind)
    assert len(got) - len(before) - len(behind) <= 2


@settings(deadline=None)
@given(texts, st.sampled_from([None, "utf-8", "iso-8859-1", *ONE_BYTE]), st.sampled_from(ONE_BYTE))
def test_one_byte_charsets_are_not_taken_for_utf_8(text, declared, real):
    """Hungarian letters stand at the same bytes in both."""
    assert decode(text.encode(real), declared) == text
