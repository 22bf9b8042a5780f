"""What the program's own words (kinds, decisions, codes, steps of a case's history) are called in Hungarian, for
officers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STATUS_WORDS = {
    "waiting": "hiánypótlásra vár",
    "review": "ellenőrzendő",
    "queued": "sorban",
    "answered": "megválaszolva",
    "closed": "lezárva",
    "failed": "hibás levél",
}
KIND_WORDS = {
    "registration": "regisztrációs kérelem",
    "completion": "válasz egy folyamatban lévő ügyben",
    "password_help": "belépési, jelszókérdés",
    "access_help": "az ASP rendszer elérése",
    "automatic": "gépi levél",
    "acknowledgement": "köszönet, tudomásulvétel",
    "other": "egyéb",
}
DECISION_WORDS = {
    "queue": "sorba kerül",
    "ask": "hiánypótlást kér",
    "review": "munkatárs nézi meg",
    "answer": "megválaszolja",
    "ignore": "nincs teendő",
    "failed": "hibás levél",
}
OUTCOME_WORDS = {
    "queue": "kötegbe kerül",
    "ask": "hiányos",
    "review": "munkatárs dönt",
    "known": "már van hozzáférése",
    "dropped": "kivéve",
}
FIELD_WORDS = {
    "name": "név",
    "municipality": "munkahely",
    "pir": "PIR",
    "county": "vármegye",
    "email": "e-mail-cím",
    "programs": "tananyag",
}


_ABOUT = {
    **FIELD_WORDS,
    "clerk": "jegyző másolatban",
    "attachment": "melléklet",
    "account": "fiók",
    "reading": "a levél értelmezése",
    "sender": "feladó",
}
_WRONG = {
    "missing": "hiányzik",
    "invalid": "hibás",
    "unknown": "ismeretlen",
    "ambiguous": "többféle lehet",
    "conflict": "ellentmondó",
    "not_personal": "nem személyes",
    "shared": "másnál is szerepel",
    "other_person": "más nevét tartalmazza",
    "unconfirmed": "nem azonosítható",
    "unreadable": "nem olvasható",
    "known": "már van",
    "changed": "megváltozott",
    "other_body": "más szervezeté",
    "open": "tisztázandó",
    "other": "eltér a nyilvántartástól",
}


def code_words(code: str) -> str:
    """A finding's code in a few words: "PIR: hibás"."""
    about, _, wrong = code.partition(".")
    return f"{_ABOUT.get(about, about)}: {_WRONG.get(wrong, wrong)}"


# Steps of a case's history, and lines of the journal.
ACTION_WORDS = {
    "opened": "új ügy",
    "completed": "kiegészítés érkezett",
    "noted": "levél érkezett, az ügy nem változott",
    "review": "levél érkezett, munkatárs nézze meg",
    "bounce": "válaszlevelünk visszapattant",
    "reply_held_back": "nem ment ki válasz",
    "not_sent": "a levelet nem sikerült elküldeni",
    "reminded": "emlékeztető ment",
    "closed": "lezárva",
    "reopened": "újra megnyitva",
    "exported": "kötegbe került",
    "left_out": "nem kerülhetett a kötegbe",
    "confirmed": "a Moodle visszaigazolta",
    "moodle_error": "nincs visszaigazolva",
    "approved": "jóváhagyva",
    "set": "adat javítva",
    "corrected": "javított sor a következő kötegbe",
    "dropped": "kérelmező kivéve",
    "written": "levél a munkatárs szavaival",
    "asked again": "újra írtunk",
    "merged": "összevonva",
    "held": "levelei jóváhagyásra várnak",
    "released": "levelei ismét maguktól kimennek",
    "letter approved": "visszatartott levél elküldhető",
    "letter edited": "visszatartott levél átírva",
    "letter rejected": "visszatartott levél elvetve",
    "letter rewritten": "a visszatartott levél az ügy új állása szerint újraírva",
    "settled": "a tisztázandót megnézte, rendben",
    "restored": "kérelmező visszavéve",
    "login": "belépett",
    "case viewed": "megnézte az ügyet",
    "letters viewed": "megnézte a kimenő leveleket",
    "mail downloaded": "letöltött egy levelet",
    "attachment downloaded": "letöltött egy mellékletet",
    "batch downloaded": "letöltött egy kötegfájlt",
    "batch made": "köteget készített",
    "batch confirmed": "visszaigazolta a köteget",
    "user saved": "felhasználót mentett",
    "password changed": "új jelszót adott meg magának",
    "batches viewed": "megnézte a kötegeket",
    "user removed": "felhasználót törölt",
    "person exported": "kiadta egy személy adatait",
    "person erased": "törölte egy személy adatait",
}


def actor_words(actor: str) -> str:
    """Who did a step: the program itself, or a person by user name."""
    return "a program" if actor == "program" else actor


def step_words(action: str, detail: str, data: Mapping[str, Any] | None = None) -> str:
    """A step of a case's history as officers read it: "új ügy: hiánypótlást kér (regisztrációs kérelem): PIR:
    hiányzik".

    `data`: what was decided ({"decision", "kind", "codes"}); `detail`: what people said.
    """
    said = [_decided_words(data)] if data else []
    said += [detail] if detail else []
    return ": ".join([ACTION_WORDS.get(action, action), *said])


def _decided_words(data: Mapping[str, Any]) -> str:
    decision, kind = data.get("decision") or "", data.get("kind") or ""
    words = DECISION_WORDS.get(decision, decision) + (f" ({KIND_WORDS.get(kind, kind)})" if kind else "")
    codes = ", ".join(code_words(code) for code in data.get("codes") or ())
    return f"{words}: {codes}" if codes else words
