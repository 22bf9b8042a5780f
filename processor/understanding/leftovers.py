"""What is left of a mail once everything has its owner: what could be a thing that somebody lacks, an unknown program,
a PIR; and every mention that nobody looked at (READER.md, invariants 1 and 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from processor.reading import Role
from rules.hungarian import counties
from rules.hungarian.addresses import spells
from rules.hungarian.lexicon import load
from rules.hungarian.names import given
from rules.hungarian.words import key
from rules.model import BODY, Open

from . import mentions, owners, polarity
from .draft import Findings
from .mentions import Mention
from .page import Page, words
from .referents import signs
from .units import Unit

_SEPARATOR = re.compile(r"[,;/:]|\bes\b|\bvalamint\b|\billetve\b|\bmeg\b")
_ANNOUNCED = re.compile(r"\b(?:tananyag|tanfolyam|kurzus|modul|kepzes|szakrendszer)\w*\b[^:]{0,40}:$")
_GLUED = re.compile(r"\b[a-z]{4,}(?:hoz|hez|nak|nek)es\b")  # "portálhozés a postázóhoz"
_LETTERS = re.compile(r"[a-z]{3,}")
_TELLS = re.compile(r"\b(?:es|majd|aki|akinek|ami|amely|ha|hogy|mert|is)\b|_|@|\d")
_ABOUT_ME = re.compile(r"\b(?:vagyok|nekem|ram|szamomra|engem|probaidom|munkakorom|munkam|feladatom)\b")
_COURSE = re.compile(
    r"\b(?P<name>[a-z][a-z\-]{2,}) (?:tanfolyam|kurzus)(?!ok|szerv)\w*|\b[a-z]{3,}szakrendszer\w*|"
    r"\b(?P<other>[a-z]+-[a-z]+|[a-z]{3,}[a-hj-np-su-z]) (?:tananyag|modul)(?:ot|t|ra|at|hoz|a|ara|at)\b"
)
_AND_GIVEN = re.compile(
    r"\s*(?:\([^()]{0,80}\)|<[^<>]{0,80}>)?\s*(?:és|meg|valamint)\s+(?P<name>[A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]+)"
)
_MOST_WORDS = 3  # of a program's name that the catalogue does not have
_COUNTIES = "|".join(sorted({word for name in counties.names() for word in key(name).split()}))
_MIGHT_BE = (
    (
        "municipality",
        re.compile(
            r"\bmunkahely\w*:? [a-z]{4}|"
            r"\b[a-z]{4,}i (?:\w+ ){0,2}(?:onkormanyzat|hivatal|tarsulas|ovoda|konyvtar|iskola|polg\. ?hiv)"
        ),
        "ez is lehet: munkahely",
    ),
    ("pir", re.compile(r"\bpir\b|torzsk"), "ez is lehet: PIR-szám"),
    (
        "county",
        re.compile(rf"\b(?:{_COUNTIES})(?:ban|ben|bol|i|iak|iek)?\b(?! (?:ur|asszony))|\bmegye"),
        "ez is lehet: vármegye",
    ),
)
_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "ket",
            "harom",
            "negy",
            "ot",
            "hat",
            "het",
            "nyolc",
            "kilenc",
            "tiz",
            "tizenegy",
            "tizenket",
            "tizenharom",
            "tizennegy",
        ],
        start=2,
    )
} | {"ketto": 2}
_COUNT = re.compile(
    rf"\b(?P<number>{'|'.join(_NUMBERS)}|[1-9]\d?) (?:uj )?"
    r"(?:kolleg|munkatars|dolgozo|koztisztviselo|fo\b|fot\b|fore\b|fonek\b|emberunk|embert|szemely|alkalmazott)"
)
_NO_APPLICANT = frozenset({"writer", "clerk", "contact", "thanked", "done", "predecessor"})
_NO_STRANGERS = frozenset({"clerk", "thanked"})
_WHY = {
    "address": "nem derül ki, kinek az e-mail-címe",
    "program": "nem derül ki, kinek kérik",
    "person": "nem derül ki, kérelmező-e",
    "number": "PIR-szám is lehet",
}


def settle(page: Page, found: Findings) -> None:
    """Leaves open what nothing accounts for."""
    _missing_addresses(page)
    _missing_programs(page)
    _missing_people(page)
    _missing_name(page, found)
    _given_names_alone(page)
    _missing_places(page, found)
    _other_number(page)
    _turns(page)
    for unit, first, last in _enumerations(page):
        _unknown_programs(page, unit, first, last)
    _unlisted_programs(page)
    _unknown_lines(page)
    used = {re.sub(r"\D", "", item.value.text) for item in found.loose if item.name == "pir"}
    drafts = [person.draft for person in page.applicants if person.draft is not None]
    used |= {re.sub(r"\D", "", value.text) for draft in drafts for value in draft.values.get("pir", ())}
    for unit, mention in page.every("address", "program", "person", "number"):
        if unit.own and mention not in page.fates and mention.text not in used:
            page.leave(mention, _WHY[mention.sort])
    for unit, mention in page.every("program"):
        if unit.role is Role.SIGNATURE and mention not in page.fates and _is_wish(unit):
            page.leave(mention, "az aláírás alatt")
    if page.units.cut:
        page.leave_text(page.units.all[-1], page.units.all[-1].text, "az utána következőt a program nem olvasta el")


def _is_wish(unit: Unit) -> bool:
    return unit.text.startswith("PM-") or words("wish", "words").search(unit.folded) is not None


def _missing_addresses(page: Page) -> None:
    """No address is asked for that the mail might hold."""
    if all(page.has_email(person) for person in page.applicants):
        return
    sender = page.mail.sender.address if page.mail.sender else ""
    others = [person.name for person in page.people if person.draft is None]
    doubled = _addresses_of_people_with_two(page)
    copied = {person.address for person in page.mail.cc}
    for unit, mention in page.every("address"):
        fate = page.fates.get(mention)
        settled = fate is not None and fate.state == "used" and mention.text not in doubled
        if settled or page.is_taken_back(mention) or mention.text in page.nobody | copied | set(page.clerks):
            continue
        if not any(spells(mention.text, name) for name in others) and (unit.own or mention.text != sender):
            page.leave(mention, "ez is lehet a hiányzó e-mail-cím")


def _addresses_of_people_with_two(page: Page) -> set[str]:
    """One of them may be somebody else's."""
    given = [{v.text for v in p.draft.values.get("email", ())} for p in page.applicants if p.draft is not None]
    return {address for addresses in given if len(addresses) > 1 for address in addresses}


def _missing_programs(page: Page) -> None:
    """No program is asked for where a duty may say it."""
    if all(page.has_programs(person) for person in page.applicants):
        return
    for unit, mention in page.every("program"):
        fate = page.fates.get(mention)
        if unit.own and (fate is None or fate.state == "explained") and mention.text not in page.nobody:
            page.leave(mention, "ebből a tananyag is kiderülhet")
            return
    for unit in page.units.all:
        if unit.own and _ANNOUNCED.search(unit.folded):
            page.leave_text(unit, unit.text, "ez után a tananyag is következhet")
            return
        if unit.own and words("wish", "duty").search(unit.folded) and "refused" not in polarity.polarity(unit.folded):
            page.leave_text(unit, unit.text, "ebből a tananyag is kiderülhet")
            return


def _missing_people(page: Page) -> None:
    """No name is asked for where somebody is named."""
    if page.applicants or page.is_answer:
        return
    for person in page.people:
        if person.role not in _NO_APPLICANT and person is not page.writer and person.at:
            page.leave_text(page.units.all[person.at[0].unit], person.name, _WHY["person"])
    for unit in page.units.all:
        if unit.own and page.writer is not None and _ABOUT_ME.search(unit.folded):
            page.leave_text(unit, unit.text, "a levélíró maga is lehet")
        name = next(mentions.possible_names(unit.text), None)
        if unit.own and name and not page.of(unit, "person") and not signs(page, unit):
            page.leave_text(unit, name, _WHY["person"])


def strangers(page: Page) -> Iterator[Open]:
    """People of an answer who are nobody of the case, whatever is said of them, but its writer and whom it thanks."""
    for person in page.people if page.is_answer else ():
        units = [page.units.all[spot.unit] for spot in person.at]
        spoken = any(unit.own and not signs(page, unit) for unit in units)
        if spoken and person.held is None and person is not page.writer and person.role not in _NO_STRANGERS:
            yield page.entry(units[0], person.name, _WHY["person"])


def _given_names_alone(page: Page) -> None:
    """ "Kovács Anna (...) és Béla": the second one has no family name."""
    for unit, mention in page.every("person"):
        match = _AND_GIVEN.match(unit.text, mention.end) if unit.own else None
        if match and given(match["name"]) is not None and page.bearer(match["name"]) is None:
            if not any(other.start <= match.start("name") < other.end for other in page.mentions[unit.index]):
                page.leave_text(unit, match["name"], _WHY["person"])


def _missing_name(page: Page, found: Findings) -> None:
    """Somebody asks for himself or herself, and the name was not understood where it may stand."""
    sender = page.mail.sender
    if not any(not draft.names for draft in found.drafts):
        return
    for unit in page.units.all:
        if name := next(mentions.possible_names(unit.text), None):
            page.leave_text(unit, name, _WHY["person"])
            return
    if sender is not None and len(sender.name.split()) > 1:
        page.leave_text(page.units.all[0], sender.name, _WHY["person"])


def _missing_places(page: Page, found: Findings) -> None:
    """No body, PIR or county is asked for where something may be one."""
    given = {item.name for item in found.loose if not page.is_answer or item.value.evidence.standing == BODY}
    for field, pattern, why in _MIGHT_BE:
        people = page.applicants
        if field in given or (people and all(p.holds(field) or (p.draft and field in p.draft.values) for p in people)):
            continue
        for unit in page.units.all:
            match = pattern.search(unit.folded) if unit.own or not page.is_answer else None
            taken = page.of(unit, "person", "address")
            if match and not any(m.start < match.end() and match.start() < m.end for m in taken):
                page.leave_text(unit, unit.text[max(0, match.start() - 30) : match.end() + 30], why)
                break


def _other_number(page: Page) -> None:
    """A request for three where two are found, or for two where three are."""
    said = {}
    for unit in page.units.all:
        past = words("person", "done").search(unit.folded) or words("person", "predecessor").search(unit.folded)
        asks = unit.role is Role.SUBJECT or (unit.own and words("wish", "words").search(unit.folded) and not past)
        for match in _COUNT.finditer(unit.folded) if asks else ():
            said[_NUMBERS.get(match["number"]) or int(match["number"])] = (unit, match.group())
    if said and page.applicants and not page.is_answer and len(page.applicants) not in said:
        unit, text = next(iter(said.values()))
        page.leave_text(unit, text, f"{len(page.applicants)} kérelmezőt találtunk")


def _turns(page: Page) -> None:
    """Sentences and cells with a word that may turn what the rest of the mail says."""
    several = len(page.applicants) > 1
    for unit in page.units.all if page.applicants else ():
        if unit.own and (match := _GLUED.search(unit.folded)) and page.of(unit, "program"):
            page.leave_text(unit, unit.text[match.start() : match.end()], "elírt tananyag is lehet")
        if unit.own and any(words("turn", name).search(unit.folded) for name in _turning(page, unit, several)):
            page.leave_text(unit, unit.text, "a mondat mást is mondhat")


def _turning(page: Page, unit: Unit, several: bool) -> list[str]:
    """Which lists of words turn the unit."""
    if unit.sort == "cell":
        return ["beside_name"] if not page.mentions[unit.index] and owners.row_of(page, unit) else []
    here = {mention.sort for mention in page.mentions[unit.index]} & {"program", "address", "person"}
    told = ["always"] if here or owners.named_in(page, unit) else []
    told += ["same"] if "person" in here and "program" not in here else []
    return told + ["several"] * (several and "program" in here) + ["beside_address"] * ("address" in here)


def _enumerations(page: Page) -> Iterator[tuple[Unit, int, int]]:
    """(unit, start, end) in which programs are listed: between the first and the last; of a list, a row or a label the
    whole of it that is hardly anything else."""
    for unit in page.units.all:
        named = [m for m in page.of(unit, "program") if m.found is not None]
        if not unit.own or not named:
            continue
        ahead = [m.end for m in page.of(unit, "person", "address") if m.end <= named[0].start]
        start = max([unit.folded.rfind(":", 0, named[0].start) + 1, *ahead])
        said = sum(m.end - m.start for m in named)
        mostly = said >= (0.2 if unit.folded[start - 1 : start] == ":" else 0.45) * (len(unit.folded) - start)
        whole = unit.sort in {"label", "cell"} or (mostly and (unit.listed or unit.folded[start - 1 : start] == ":"))
        yield unit, start if whole else named[0].start, len(unit.folded) if whole else named[-1].end


def _unknown_programs(page: Page, unit: Unit, start: int, end: int) -> None:
    """A piece of an enumeration of programs in which no program was found may be one that the catalogue lacks."""
    cuts = [0, *(cut for match in _SEPARATOR.finditer(unit.folded) for cut in match.span()), len(unit.folded)]
    for at, stop in zip(cuts[::2], cuts[1::2], strict=True):
        inside = start <= at and stop <= end
        if inside and not _is_spoken_for(page, unit, at, stop) and _may_be_program(page, unit.folded[at:stop]):
            page.leave_text(unit, unit.text[at:stop].strip(), "tananyag is lehet, amely nincs a katalógusban")


def _unknown_lines(page: Page) -> None:
    """In a list of programs, one a line, a line in which none was found."""
    for members in page.units.boxes.values():
        bare = [unit.line for unit in members if unit.own and _is_bare_program(page, unit)]
        announced = any(unit.text.endswith(":") for unit in members)
        for unit in members if len(bare) > 1 or (bare and announced) else ():
            beside = unit.line - 1 in bare or unit.line + 1 in bare
            plain = not page.mentions[unit.index] and not unit.said and not unit.text.endswith((":", "!", "?"))
            if unit.own and unit.sort != "cell" and beside and plain and _may_be_program(page, unit.folded):
                page.leave_text(unit, unit.text, "tananyag is lehet, amely nincs a katalógusban")


def _is_bare_program(page: Page, unit: Unit) -> bool:
    return _covers(unit, page.of(unit, "program"), 0.6)


def _covers(unit: Unit, named: Sequence[Mention], share: float) -> bool:
    return sum(m.end - m.start for m in named) >= share * len(unit.text)


def _unlisted_programs(page: Page) -> None:
    """ "A közterület-felügyelet tanfolyamot is": a course of whatever name, where it is not refused."""
    plain = {*load("roles.toml").data["plain"]["before_course"], *load("roles.toml").data["plain"]["words"]}
    for unit in page.units.all:
        for match in _COURSE.finditer(unit.folded) if unit.own else ():
            name = match["name"] or match["other"] or ""
            known = name in plain or _is_spoken_for(page, unit, match.start(), match.end())
            refused = polarity.polarity(unit.folded) & {"refused", "done"}
            if not known and not refused and not words("wish", "words").match(name):
                page.leave_text(unit, match.group(), "tananyag is lehet, amely nincs a katalógusban")


def _is_spoken_for(page: Page, unit: Unit, start: int, end: int) -> bool:
    return any(m.start < end and m.end > start for m in page.mentions[unit.index] if m.sort != "number")


def _may_be_program(page: Page, piece: str) -> bool:
    plain: Sequence[str] = load("roles.toml").data["plain"]["words"]
    said = [w for w in _LETTERS.findall(piece) if w not in plain and not words("wish", "words").match(w)]
    told = _TELLS.search(piece) or "refused" in polarity.polarity(piece) or "done" in polarity.polarity(piece)
    return 1 <= len(said) <= _MOST_WORDS and not told and not _names_somebody(page, said)


def _names_somebody(page: Page, said: Sequence[str]) -> bool:
    return any(person.bears(word.capitalize()) for person in page.people for word in said)
