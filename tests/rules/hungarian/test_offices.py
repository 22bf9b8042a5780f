"""Words of office in an address."""

from __future__ import annotations

import pytest

from rules.hungarian.offices import examples, freemail, is_office, is_whole

KARCAG = frozenset({"karcag"})


@pytest.mark.parametrize(
    "token",
    ["", "adorjan", "kovacs", "bernadett", "anna", "falu2", "karcag", "ugyes", "penzes", "adonyi"],
)
def test_no_office(token: str) -> None:
    """Names that begin like a word of office; a settlement alone is none."""
    assert not is_office(token, KARCAG)


@pytest.mark.parametrize(
    "token",
    [
        "penzugy", "adougyiosztaly", "helyiado", "karcaghivatal", "hivatalkarcag", "info", "pmh",
        "polgarmesterihivatal", "muszakiosztaly", "konyveles", "titkarsagvezeto",
    ],
)  # fmt: skip
def test_an_office(token: str) -> None:
    """A word, a compound with its endings, a settlement glued on."""
    assert is_office(token, KARCAG)


def test_a_settlement_counts_only_where_the_mail_names_it() -> None:
    """Of another one nothing is known."""
    assert not is_office("kolesdhivatal", KARCAG)
    assert is_office("kolesdhivatal", frozenset({"kolesd"}))


def test_what_counts_as_a_whole_only() -> None:
    """Too short, or the beginning of a name."""
    assert is_whole("no-reply")
    assert is_office("ber")
    assert not is_office("berhivatal")


def test_free_mail_and_examples_are_written_as_addresses_are() -> None:
    """Small letters, a dot, an @."""
    assert all("." in domain and "@" not in domain for domain in freemail())
    assert all("@" in address for address in examples())
