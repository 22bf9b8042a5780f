"""Names of persons: the words, in the nominative, in order, split for Moodle; and whose they are."""

from __future__ import annotations

import pytest

from rules.hungarian.names import (
    eastern,
    given,
    given_names,
    is_full,
    nicknames,
    parts,
    same_name,
    same_person,
    split,
    tidy,
    wife,
)


@pytest.mark.parametrize("word", ["", "–", "Iktató", "Annabál", "Kovács", "Péterfalva", "Önkormányzata", "Jánosháza"])
def test_what_is_no_given_name(word: str) -> None:
    """Other words, and names of other things that begin like one."""
    assert given(word) is None


@pytest.mark.parametrize(
    ("written", "nominative"),
    [
        ("Anna", "Anna"),
        ("Annát", "Anna"),
        ("ANNÁNAK", "ANNA"),
        ("Péterrel,", "Péter"),
        ("Ilonával", "Ilona"),
        ("Ilonaval", "Ilona"),
        ("Máriának", "Mária"),
        ("Balázzsal", "Balázs"),
        ("Mihállyal", "Mihály"),
        ("Anna-Máriának", "Anna-Mária"),
        ("Anna–Mária", "Anna-Mária"),
        ("Noel-nek", "Noel"),
    ],
)
def test_a_given_name_in_any_case(written: str, nominative: str) -> None:
    """As the word writes it; the final vowel is short again."""
    assert given(written) == nominative


@pytest.mark.parametrize("word", ["Adrienne", "Péternek", "Istvánét", "Anna", "né", "Imréné k"])
def test_what_is_no_wifes_name(word: str) -> None:
    """A given name that ends so, a dative, what is somebody's."""
    assert wife(word) is None


@pytest.mark.parametrize(
    ("written", "nominative"),
    [
        ("Jánosné", "Jánosné"),
        ("KOVÁCSNÉ", "KOVÁCSNÉ"),
        ("Kovácsnénak", "Kovácsné"),
        ("Jánosnéval", "Jánosné"),
        ("Kovacsne", "Kovacsne"),
        ("Peternenek", "Peterne"),
        ("Bodrogkeresztúrinét", "Bodrogkeresztúriné"),
    ],
)
def test_a_wifes_name_in_any_case(written: str, nominative: str) -> None:
    """With its accent whatever the husband is called, without it where he bears a known name."""
    assert wife(written) == nominative


def test_titles_are_no_parts() -> None:
    """An initial is one."""
    assert parts("Kovácsné dr. Tóth Ilona") == ["Kovácsné", "Tóth", "Ilona"]
    assert parts("M. Kiss Judit PhD, ifj.") == ["M.", "Kiss", "Judit"]
    assert [is_full(name) for name in ("dr. Vad", "Nagy Jánosné")] == [False, True]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Kovács Anna", "Kovács Annamária"),
        ("Kovács Anna", "Kovács Anna Mária"),
        ("Kovács Anna", "Kovácsné Anna"),
        ("Anna Anna", "Anna"),
        ("", ""),
        ("dr.", "dr."),
        ("Иван Петров", "Ольга Котова"),
    ],
)
def test_not_the_same_name(a: str, b: str) -> None:
    """Another word is another name; no name is nobody's, and letters that are not ours are letters."""
    assert not same_name(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Kovács Anna", "Anna Kovács"),
        ("dr. Kovács Anna", "KOVACS ANNA"),
        ("Kovács, Anna", "Kovács Anna dr."),
        ("Nagy B. Zoltán", "Nagy B Zoltán"),
    ],
)
def test_the_same_name(a: str, b: str) -> None:
    """The same words in any order, whatever the titles, accents and capitals."""
    assert same_name(a, b)
    assert same_person(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Kovács Anna", "Kovács Péter"),
        ("Kovács Anna", "Kiss Anna"),
        ("", "Anna"),
        ("Иван", "Ольга"),
        ("dr.", "Vad Anna"),
    ],
)
def test_not_one_person(a: str, b: str) -> None:
    """Each has a word that the other lacks, or is no name."""
    assert not same_person(a, b)
    assert not same_person(b, a)


def test_one_person() -> None:
    """One name within the other: a second given name, a maiden name beside the married one."""
    assert same_person("Kovács Anna", "Kovács Anna Mária")
    assert same_person("Szabóné Kiss Éva", "Kiss Éva")


@pytest.mark.parametrize(
    ("written", "tidied"),
    [
        ("Kovács Anna", "Kovács Anna"),
        ("  KOVÁCS   ANNA, ", "Kovács Anna"),
        ("kiss-nagy éva", "Kiss-Nagy Éva"),
        ("DR. Vad Ödön", "dr. Vad Ödön"),
        ("Szabadfi Klára Dr", "dr. Szabadfi Klára"),
        ("Özv Nagy Jánosné", "özv. Nagy Jánosné"),
        ("McDonald Éva", "McDonald Éva"),
        ("Vad dr.", "Vad dr."),
    ],
)
def test_tidied(written: str, tidied: str) -> None:
    """As a list writes it."""
    assert tidy(written) == tidied


@pytest.mark.parametrize(
    "name", ["Kovács Anna", "Ádám Anna", "Anna", "Anna, Kovács", "Anna Péter", "Anna Kovácsné", "Nagy Mária Anna Éva"]
)
def test_left_in_order(name: str) -> None:
    """Where the order is right, or nobody could be sure."""
    assert eastern(name) == name


def test_turned_round() -> None:
    """A given name first and none last; titles go ahead."""
    assert eastern("Anna Kovács") == "Kovács Anna"
    assert eastern("dr. Anna Mária Kovács") == "dr. Kovács Anna Mária"


@pytest.mark.parametrize(
    ("name", "last", "first"),
    [
        ("Kovács Anna", "Kovács", "Anna"),
        ("dr. Lapos Réka", "dr. Lapos", "Réka"),
        ("Kovács Anna Mária", "Kovács", "Anna Mária"),
        ("Nagy Jánosné", "Nagy", "Jánosné"),
        ("Kovácsné Tóth Éva", "Kovácsné Tóth", "Éva"),
        ("Szabóné Ádám Éva", "Szabóné Ádám", "Éva"),
        ("Nagy Jánosné Kiss Éva", "Nagy Jánosné Kiss", "Éva"),
        ("Kovácsné dr. Tóth Ilona", "Kovácsné dr. Tóth", "Ilona"),
        ("M. Kiss Judit", "M. Kiss", "Judit"),
        ("Kiss Nagy Anna", "Kiss Nagy", "Anna"),
        ("Kiss Anna dr.", "dr. Kiss", "Anna"),
        ("Anna", "Anna", "Anna"),
        ("", "", ""),
    ],
)
def test_split_for_moodle(name: str, last: str, first: str) -> None:
    """DOMAIN.md: family name and given name."""
    assert split(name) == (last, first)


def test_nicknames_stand_for_known_given_names() -> None:
    """An unknown name would never be met."""
    assert {name for names in nicknames().values() for name in names} <= given_names().keys()
