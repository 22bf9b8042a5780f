"""The data files: what could never work is refused, and nothing in the project's own files is such."""

from __future__ import annotations

from pathlib import Path

import pytest

from processor.understanding import labels, page
from rules.hungarian import addresses, catalogue, counties, courses, names, offices, places
from rules.hungarian.lexicon import DataError, File, check_all, load, read


def test_every_entry_of_every_file_can_work() -> None:
    """Every example fires or does not, as it says."""
    check_all()


def test_every_file_can_be_used() -> None:
    """What is refused only where files are put to use: a word in two fields, a wording of two programs."""
    assert labels.field_of("PIR szám") == "pir"
    assert addresses.is_personal("kovacs.anna@falu.hu", frozenset())
    assert courses.find("hagyatéki leltár", courses.Where.LABEL)
    assert catalogue.wordings() and counties.recognise("BAZ") and names.surnames() and names.nicknames()
    assert offices.is_office("adougy") and places.same_body("Eger", "Egri Polgármesteri Hivatal")
    for section, name in (("wish", "words"), ("person", "contact"), ("self", "surely"), ("address", "for_answers")):
        assert page.words(section, name).pattern


def test_a_good_file_is_taken(tmp_path: Path) -> None:
    """Words as people write them, stems, a pattern with a list; \\W is no capital letter."""
    file = written(
        tmp_path,
        """
        words = ["Önkormányzat", "E-mail"]
        stems = ["cím"]
        patterns = [{ pattern = '{body}\\W+nev', fires = "Hivatal neve", not = "Hivatalnév" }]
        [lists]
        body = ["hivatal", "szerv"]
        """,
    )
    check_all(tmp_path)
    assert file.words(file.data["words"]) == ("onkormanyzat", "e-mail")
    pattern = file.pattern(file.data)
    assert [bool(pattern.search(text)) for text in ("e-mail", "cimunk", "szerv nev", "telefon")] == [True] * 3 + [False]


def written(folder: Path, text: str) -> File:
    (folder / "a.toml").write_text(text, encoding="utf-8")
    return read("a.toml", folder)


def entry(pattern: str, fires: str = "a", no: str = "b") -> str:
    return f'x = [{{ pattern = \'{pattern}\', fires = "{fires}", not = "{no}" }}]'


REFUSED = {
    "an accent in a pattern over folded text": (
        entry("videó"),
        '"videó" never fires, for it holds "ó" and the text is folded; write "o".',
    ),
    "a capital in a pattern": (
        entry("Videk"),
        '"Videk" never fires, for it holds "V" and the text is folded; write "v".',
    ),
    "a dash that folding makes plain": (
        entry("[–]"),
        '"[–]" never fires, for it holds "–" and the text is folded; write "-".',
    ),
    "an accent in a list of folded words": (
        'folded = true\nx = ["ado",\n"adó"]',
        '"adó" never fires, for this file is matched folded; write "ado".',
    ),
    "a word twice": ('x = ["ado", "adó"]', '"adó" stands twice (the other is "ado"); take one of them out.'),
    "the same word twice": ('x = [\n"ado",\n"ado"]', '"ado" stands twice (the other is "ado"); take one of them out.'),
    "a pattern twice": (
        entry("ab?") + "\n" + entry("ab?").replace("x", "y", 1),
        '"ab?" stands twice (the other is "ab?"); take one of them out.',
    ),
    "a pattern without the text where it must not fire": (
        "x = [{ pattern = 'a', fires = \"a\" }]",
        "the pattern 'a' has no \"not\"; add the line not = ...",
    ),
    "examples without a pattern": (
        'x = [{ fires = "a", not = "b" }]',
        'the pattern None has no "pattern"; add the line pattern = ...',
    ),
    "an example that does not fire": (
        entry("a", fires="b", no="c"),
        '"a" does not fire in its example "b"; mend one of them.',
    ),
    "an example that must not fire and does": (
        entry("a", fires="a", no="cab"),
        '"a" fires in "cab", where it must not; mend one of them.',
    ),
    "a whole pattern that matches a part only": (
        "whole = true\n" + entry("a", fires="ab", no="c"),
        '"a" does not fire in its example "ab"; mend one of them.',
    ),
    "a pattern that does not compile": (
        entry("(a", fires="a", no="b"),
        '"(a" is no pattern (missing ), unterminated subpattern at position 0); mend it.',
    ),
    "a list that is none": (
        entry("{body}", fires="a", no="b"),
        '"{body}" names {body}, which is no list; add it under [lists].',
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_never_work_is_refused(tmp_path: Path, what: str) -> None:
    """With file, entry and cure, in one sentence."""
    text, sentence = REFUSED[what]
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as refused:
        check_all(tmp_path)
    assert str(refused.value).endswith(sentence)
    assert str(refused.value).startswith("rules/hungarian/a.toml")


@pytest.mark.parametrize(("what", "line"), [("the same word twice", 3), ("a word twice", 1), ("a pattern twice", 2)])
def test_the_line_is_named(tmp_path: Path, what: str, line: int) -> None:
    """That of the second of two."""
    with pytest.raises(DataError, match=rf"a\.toml, line {line}:"):
        written(tmp_path, REFUSED[what][0])


def test_a_word_in_two_lists_is_refused_where_they_are_used_together(tmp_path: Path) -> None:
    """The first field would always win."""
    file = written(tmp_path, 'x = ["név"]\ny = ["Neve", "Név"]')
    with pytest.raises(DataError, match='line 2: "Név" stands twice'):
        file.words(file.data["x"], file.data["y"])


def test_a_beginning_that_another_covers_is_refused(tmp_path: Path) -> None:
    """It could be taken out without any difference."""
    file = written(tmp_path, 'x = ["tel", "fax",\n"telefon"]')
    with pytest.raises(DataError, match='line 2: "telefon" begins with "tel", which finds it already'):
        file.beginnings(file.data["x"])


def test_a_pattern_that_does_not_compile_is_named_where_it_is_used(tmp_path: Path) -> None:
    """Without its examples being tried."""
    file = written(tmp_path, 'patterns = [{ pattern = \'a\', fires = "a", not = "b" },\n' + entry("b)")[5:])
    with pytest.raises(DataError, match=r'line 2: "b\)" is no pattern'):
        file.pattern(file.data)


def test_no_toml_and_no_file(tmp_path: Path) -> None:
    """Both name the file and what to do."""
    with pytest.raises(DataError, match=r"a\.toml: .*line 2.*; mend that line"):
        written(tmp_path, 'x = ["a"]\ny = "b" "c"')
    with pytest.raises(DataError, match=r"b\.toml is missing; restore it"):
        read("b.toml", tmp_path)


def test_a_file_is_read_once() -> None:
    """The start-up time is paid once."""
    assert load("roles.toml") is load("roles.toml")
