"""In which role each person is spoken of: beneficiary, writer, clerk, contact, predecessor, declined, done, thanked,
mentioned, or open (READER.md, invariant 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from processor.reading import Role
from rules.hungarian.addresses import spells
from rules.hungarian.names import same_name
from rules.hungarian.words import fold

from . import polarity
from .mentions import possible_names
from .page import Page, Referent, Spot, signs_with_office, words
from .referents import is_clerk, signs, speaks_of_oneself
from .units import Unit

_LEARNS = re.compile(
    r"regisztr|felven|felvetel|beirat|hozzafer|beiskolaz|fiok|tananyag|kepzes|tanfolyam|kurzus|oktat|tanul|"
    r"pm-\d{4}|szakrendszer|modul"
)
_ASKED_FOR = re.compile(r"regisztral|felven|felvetel|beirat|hozzafer|beiskolaz|fiok|bejelent")
_I_AM = re.compile(r"\W*(?:dr\W*)?vagyok\b")
_PHONE = re.compile(r"\d{6}|\d[ /-]\d{3}")
_UNDERSIGNED = re.compile(r"alulirott (?:dr\.? )?$")
# "A nyugdíjba ment kolléganőnk leltárait viszi": said of somebody who is not named.
_OF_ANOTHER = re.compile(r"\S+ (?:vonult|ment|tavozott|megszunt|kilepett|elment) (?:kolleg|munkatars|dolgozo|elod)\S*")
_THANKS_FOR = re.compile(r"(?:koszon\w*|halas\w*) (?:\w+ ){0,2}$")
_PARTICIPLE = re.compile(r"\S+ (?:vonult|ment|tavozott|megszunt|kilepett|elment) $")
_YEAR = re.compile(r"\b(20\d\d)\b")
_ROLES_AGAINST = ("declined", "predecessor", "left_over", "contact", "done", "thanked")
_HAS_PREDECESSOR = re.compile(r"\W*(?:ur|asszony)?\W*elod")
_MAYBE = frozenset({"open", "subject"})  # a name in the subject is a licence where nobody else is asked for
_NEGATIVE = frozenset({"declined", "predecessor", "left_over", "done"})
_SAID_IN_PART = frozenset({"strong", "weak", "declined", "left_over"})  # what "Petra ..." can say of somebody
_YES = frozenset({"strong", "weak"})
_NEAR = 45  # characters behind a name in which its role is said
_SOFT = frozenset({"office", "done"})  # says little against somebody who is asked for as well


def decide(page: Page) -> None:
    """Gives every person a role, and leaves open who might be an applicant."""
    for person in page.people:
        person.role = _role(page, person) if person.held is None else _role_in_case(page, person)
    if not page.is_answer:
        _only_one(page)
        _take_writer(page)
    for unit, mention in page.every("person"):
        owner = next((p for p in page.people if Spot(unit.index, mention.start, mention.end) in p.at), None)
        if owner is None or owner.role == "beneficiary":
            page.use(mention, "kérelmező")
        elif owner.role != "open":
            page.explain(mention, owner.role)
    for person in page.people:
        if person.role == "open":
            unit = page.units.all[person.at[0].unit if person.at else 0]
            page.leave_text(unit, person.name, "nem derül ki, kérelmező-e")


# ---------------------------------------------------------------- the writer


def _take_writer(page: Page) -> None:
    """The writer is an applicant who asks in so many words, or perhaps, where nobody else is asked for."""
    writer = page.writer
    if writer is None:
        return
    certain, perhaps = asks_for_oneself(page)
    others = any(p.role in {"beneficiary", "open", "subject"} for p in page.people if p is not writer)
    if certain or (perhaps and not others):
        writer.role = "beneficiary"
        if writer not in page.people:
            page.people.append(writer)


def asks_for_oneself(page: Page) -> tuple[bool, bool]:
    """Whether the writer asks for himself or herself: in so many words; or perhaps."""
    own = [unit for unit in page.units.all if unit.own and unit.layer == page.writer_layer]
    certain = any(words("self", "surely").search(unit.folded) and _is_wish(page, unit) for unit in own)
    called = any(_is_i_am(page, unit) for unit in own)
    return certain, called or speaks_of_oneself(page, page.writer_layer)


def _is_i_am(page: Page, unit: Unit) -> bool:
    """ "Bődi Katalin vagyok": the writer's name and that it is the writer."""
    return page.writer is not None and any(
        Spot(unit.index, m.start, m.end) in page.writer.at and _I_AM.match(unit.folded, m.end)
        for m in page.of(unit, "person")
    )


def _is_wish(page: Page, unit: Unit) -> bool:
    return bool(words("wish", "words").search(unit.folded)) or bool(page.of(unit, "program"))


def _only_one(page: Page) -> None:
    """Nobody else is named in a mail that asks for somebody: the one of whom nothing speaks against it."""
    if any(person.role == "beneficiary" for person in page.people):
        return
    left = [person for person in page.people if person.role in _MAYBE and person is not page.writer]
    own = (unit for unit in page.units.all if unit.own)
    asked = any(words("wish", "words").search(unit.folded) and _LEARNS.search(unit.folded) for unit in own)
    unread = any(unit.own and not page.of(unit, "person") and any(possible_names(unit.text)) for unit in page.units.all)
    if len(left) == 1 and asked and not unread and not any(vote not in _YES for vote in _votes(page, left[0]) if vote):
        left[0].role = "beneficiary"


# ---------------------------------------------------------------- votes


def _role(page: Page, person: Referent) -> str:
    body = [spot for spot in person.at if _speaks_of(page, person, spot)]
    if not body:
        return _role_outside_body(page, person)
    votes = list(_votes(page, person))
    if is_clerk(page, person) and "strong" not in votes:
        return "clerk"
    against = [vote for vote in votes if vote and vote not in _YES]
    if person is page.writer and not any(votes):
        return "writer"
    if "strong" in votes:
        return "beneficiary" if set(against) <= {"office"} else "open"
    if "weak" in votes:
        return "beneficiary" if not against else "open" if set(against) <= _SOFT else against[0]
    return against[0] if against else "open"


def _role_in_case(page: Page, person: Referent) -> str:
    """An applicant of the case stays one, unless the answer says something against it."""
    return "open" if _NEGATIVE & set(_votes(page, person)) else "beneficiary"


def _speaks_of(page: Page, person: Referent, spot: Spot) -> bool:
    unit = page.units.all[spot.unit]
    return unit.own and not (person is page.writer and signs(page, unit))


def _role_outside_body(page: Page, person: Referent) -> str:
    units = [page.units.all[spot.unit] for spot in person.at]
    if any(signs(page, unit) for unit in units):
        return "writer"
    return "subject" if units and units[0].role is Role.SUBJECT else "mentioned"


def _votes(page: Page, person: Referent) -> Iterator[str]:
    """What each naming says of a person: strong | weak for an applicant, why not, or "" for nothing."""
    for spot in person.at:
        if _speaks_of(page, person, spot):
            yield _vote(page, person, spot)
    for spot in page.named_in_part(person):
        _note_departure(page, person, spot)
        if (vote := _vote(page, person, spot)) in _SAID_IN_PART:
            yield vote


def _note_departure(page: Page, person: Referent, spot: Spot) -> None:
    """ "Anna kilépett tőlünk": a sentence of somebody's leaving, whoever is asked for elsewhere."""
    unit = page.units.all[spot.unit]
    others = page.of(unit, "person", "program", "address")
    told = words("person", "left").search(_said_of_others(page, unit, spot))
    if told and not others and not words("wish", "words").search(unit.folded):
        page.leave_text(unit, unit.text, "a mondat mást is mondhat")


def _vote(page: Page, person: Referent, spot: Spot) -> str:
    unit = page.units.all[spot.unit]
    if unit.label == "name":
        return "strong"
    if unit.folded.startswith("ha "):
        return ""  # a condition
    if unit.sort == "sentence" and _is_copied(page, person) and words("person", "copied").search(unit.folded):
        return "copied"
    if (against := _against(page, unit, spot)) is not None:
        return against
    if _is_item_of(page, person, unit):
        return "strong"
    here = page.of(unit, "program", "address")
    wish = bool(words("wish", "words").search(unit.folded))
    if wish and (here or _ASKED_FOR.search(unit.folded)):
        return "strong"
    return "weak" if here or wish or unit.sort == "item" else ""


def _is_copied(page: Page, person: Referent) -> bool:
    return any(same_name(other.name, person.name) or spells(other.address, person.name) for other in page.mail.cc)


def _is_item_of(page: Page, person: Referent, unit: Unit) -> bool:
    """A list item, row or block of that person alone, with something to learn or an address."""
    if unit.sort not in {"item", "cell", "line"}:
        return False
    box = page.units.boxes[unit.box]
    indexes = {u.index for u in box}
    if any(spot.unit in indexes for p in page.people if p is not person for spot in p.at):
        return False
    held = [m for u in box for m in page.of(u, "program", "address") if m.text not in page.nobody]
    return bool(held) or unit.sort == "item"


def _against(page: Page, unit: Unit, spot: Spot) -> str | None:
    """Why the naming is none of an applicant; "" where it says nothing at all."""
    folded = _said_of_others(page, unit, spot)
    behind = folded[spot.end : spot.end + _NEAR]
    if _HAS_PREDECESSOR.match(behind):
        return ""
    ahead = unit.folded[max(0, spot.start - 25) : spot.start]
    if _UNDERSIGNED.search(ahead):
        return ""
    about_programs = bool(page.of(unit, "program"))  # what is declined or done is then the course, not the person
    alone = len(page.of(unit, "person")) == 1
    if alone and not about_programs and (role := _of_whole_unit(page, unit)):
        return role
    told = f"{polarity.clause(folded, spot.start, spot.end)} | {behind.split('.')[0]}"
    for role in ("predecessor", "left_over") if about_programs else _ROLES_AGAINST:
        if words("person", role).search(told) and (role != "thanked" or _is_thanked(unit, spot)):
            return role
    if words("person", "left_over").search(unit.folded) or _is_of_an_old_letter(page, told):
        return "left_over"
    if not about_programs and not page.of(unit, "address") and (role := _of_past(unit, spot)):
        return role
    office = words("person", "office")
    signed = signs_with_office(page, unit, spot.start, spot.end)
    return "office" if signed or office.search(ahead) or office.match(behind.lstrip(" ,(")) else None


def _is_of_an_old_letter(page: Page, told: str) -> bool:
    """ "Szűcs Pálné 2023-as kérelme": a year gone by beside a word for a letter."""
    years = [int(year) for year in _YEAR.findall(told)]
    now = page.mail.date.year if page.mail.date else 0
    return any(year < now for year in years) and words("person", "letter").search(told) is not None


def _said_of_others(page: Page, unit: Unit, spot: Spot) -> str:
    """The unit without what its participles say of others: "a nyugdíjba vonult Gál Imre asztalát vette át"."""
    folded = _OF_ANOTHER.sub(lambda match: " " * len(match.group()), unit.folded)
    for other in page.of(unit, "person"):
        ahead = _PARTICIPLE.search(folded[: other.start])
        if other.start != spot.start and ahead:
            folded = folded[: ahead.start()] + " " * (other.start - ahead.start()) + folded[other.start :]
    return folded


def _of_whole_unit(page: Page, unit: Unit) -> str:
    """The only person of a sentence that asks for no program: whom to call, whom not to register."""
    whole = f"{fold(unit.said)} {unit.folded}"
    reachable = bool(page.of(unit, "address")) or bool(_PHONE.search(whole))
    if reachable and words("person", "contact").search(whole):
        return "contact"
    return "declined" if words("person", "declined").search(whole) else ""


def _of_past(unit: Unit, spot: Spot) -> str:
    """What a sentence without program and address says of all the people in it."""
    if words("person", "thanked").search(unit.folded) and _is_thanked(unit, spot):
        return "thanked"
    return "done" if words("person", "done").search(unit.folded) else ""


def _is_thanked(unit: Unit, spot: Spot) -> bool:
    """ "Köszönjük Kiss Annának", "Kiss Anna segítségét": not whoever stands in a sentence that begins with thanks."""
    helped = words("person", "helped").search(unit.folded, spot.end)
    return (
        helped is not None
        or unit.folded[: spot.end].endswith(("nak", "nek"))
        or _THANKS_FOR.search(unit.folded[max(0, spot.start - 25) : spot.start]) is not None
    )
