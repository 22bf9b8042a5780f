"""The catalogue: every program, what it is called, and what its file may not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.hungarian import catalogue
from rules.hungarian.catalogue import (
    ANYWHERE,
    LABELLED,
    SPOKEN_OF,
    Phrase,
    context,
    filler,
    phrases,
    programs,
    wordings,
)
from rules.hungarian.lexicon import DataError, read

IRAT, IKTATO = "PM-2770-2105-BS", "PM-2773-2105-BS"


def test_no_wording_is_a_filler() -> None:
    """A word that means nothing of its own would be found everywhere."""
    alone = {phrase.words[0] for phrase in phrases() if len(phrase.words) == 1 and phrase.level == ANYWHERE}
    assert not alone & filler()


def test_every_wording_is_there_once_the_longest_first() -> None:
    """So that the better one is found."""
    words = [phrase.words for phrase in phrases()]
    assert len(words) == len(set(words))
    assert [len(w) for w in words] == sorted((len(w) for w in words), reverse=True)


def test_where_a_wording_counts() -> None:
    """A short name anywhere, but for an ordinary word; synonyms as their list says."""
    by_words = {phrase.words: phrase for phrase in phrases()}
    ado = ("PM-2777-2105-BS",)
    assert by_words[("irat", "iktato")] == Phrase(("irat", "iktato"), (IKTATO,), ANYWHERE)
    assert by_words[("ado",)] == Phrase(("ado",), ado, SPOKEN_OF, common=True)
    assert by_words[("iktato",)].level == SPOKEN_OF
    assert by_words[("adozas",)].level == LABELLED
    assert len(by_words[("minden", "szakrendszer")].programs) == len(programs())


def test_wordings_for_people() -> None:
    """As the file has them: a program each, then what may mean several."""
    assert [w.programs for w in wordings()][: len(programs())] == [(ident,) for ident in programs()]
    assert wordings()[2].spoken_of == ("iktató", "iktatás", "iktatói")
    assert all(len(w.programs) > 1 for w in wordings()[len(programs()) :])


def test_a_whole_program_contains_programs() -> None:
    """Every module but the alkalmazásgazda's."""
    irat = programs()[IRAT]
    assert IKTATO in irat.contains
    assert "PM-2776-2105-BS" not in irat.contains


def test_words_of_context() -> None:
    """What shows that programs are spoken of, inflected too."""
    assert not context().match("kerelem")
    assert context().match("tananyagokhoz")


ONE = '[[program]]\nid = "A"\nshort = "Adó"\nprobono = "ASP adó"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "holds no [[program]]; restore it from the release."),
        ('[[program]]\nid = "A"\nshort = "x"\n', '[[program]] number 1 has no "probono"; add the line probono = ...'),
        (ONE + ONE, 'line 6: "A" is the id of two programs; every program needs its own.'),
        (ONE + 'contains = ["B"]\n', 'line 5: "B" is contained in a program, but is no program\'s id; mend it.'),
        (ONE + 'names = ["a-d-ó", "ADO"]\n', 'line 5: "ADO" stands twice (the other is "Adó"); take one of them out.'),
        (
            ONE + '[[ambiguous]]\nwords = ["asp ado"]\nchoices = ["*"]\n',
            'line 6: "asp ado" stands twice (the other is "ASP adó"); take one of them out.',
        ),
    ],
)
def test_what_could_never_work_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    """With the entry and the cure."""
    (tmp_path / "catalogue.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(catalogue, "load", lambda name: read(name, tmp_path))
    with pytest.raises(DataError) as refused:
        programs.__wrapped__()
    assert str(refused.value).endswith(sentence)
