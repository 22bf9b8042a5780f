"""Who is spoken of in a mail, and who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from processor.reading import Role, bounds
from rules.hungarian import clerks
from rules.hungarian.names import eastern, is_full, parts, same_name, tidy
from rules.hungarian.words import fold

from . import persons
from .cells import note_clerk
from .draft import Findings
from .mentions import Mention
from .page import Page, Referent, Spot, words
from .units import Unit

_NICKNAME = re.compile(r"\s*\((?:[^)@\d]{0,25}[\s:])?([A-ZÁÉÍÓÖŐÚÜŰ][^\W\d_]{1,11})\)")
_ALSO_CALLED = re.compile(
    r"\b(?:szuletett|szul\.?|leanykori|lanykori|leanynev|szuletesi|ne\.)\W*(?:nev\w*)?\W*(?:is|ugyanez)?\W*$"
)
_BORN = re.compile(r"leany|szulet|lany")
_CLERK = re.compile(r"jegyzo(?!i)|jegyzoi feladat")
_SHORT_LINE = 60  # characters of a line that holds a name and little else
_JOB = 30  # characters of a job behind the name
_JOB_WORDS = 2
_SIGNED = 45  # characters of a last line that is a signature


def find(page: Page) -> None:
    """Fills `page.clerks`, `page.people` and `page.writer`."""
    _note_clerks(page)
    _join_halves(page)
    for unit, mention in page.every("person"):
        if len(page.people) <= bounds.MOST_PEOPLE:  # the reader gives up with more
            _refer(page, mention, unit)
    _take_other_names(page)
    _find_writer(page)


# ---------------------------------------------------------------- the clerk


def _note_clerks(page: Page) -> None:
    noted = Findings()
    for unit in page.units.all:
        if unit.label in {"clerk_name", "clerk_email"}:
            note_clerk(unit.text, noted)
        elif "jegyzo" in unit.folded or clerks.says_clerk(unit.text):
            page.clerks += _clerks_in(page, unit)
    page.clerks += noted.clerks
    for above, unit in zip(page.units.all, page.units.all[1:], strict=False):
        if _signs_as_clerk(page, above, unit):
            page.clerks += [m.text for m in page.of(above, "person")]


def _clerks_in(page: Page, unit: Unit) -> Iterator[str]:
    """Names and addresses that a sentence calls the clerk's."""
    people = page.of(unit, "person")
    for person in people:
        ahead, behind = unit.folded[max(0, person.start - 30) : person.start], unit.folded[person.end : person.end + 25]
        if _CLERK.search(ahead) or _CLERK.search(behind):
            yield person.text
    for address in page.of(unit, "address") if len(people) <= 1 else ():
        if _CLERK.search(unit.folded[max(0, address.start - 60) : address.start]):
            yield address.text


def _signs_as_clerk(page: Page, above: Unit, unit: Unit) -> bool:
    """A name on a line of its own, and below it "jegyző"."""
    below = above.block == unit.block and unit.line - above.line <= 1
    short = len(unit.text) < _SHORT_LINE and len(above.text) < _SHORT_LINE
    return below and short and clerks.says_clerk(unit.text) and not page.of(unit, "person")


def is_clerk(page: Page, person: Referent) -> bool:
    return any("@" not in name and person.words <= {fold(p) for p in parts(name)} for name in page.clerks)


# ---------------------------------------------------------------- people


def _join_halves(page: Page) -> None:
    """ "keresztnév: Melinda, vezetéknév: Huszár-Búzási": one person of two labels."""
    for members in page.units.boxes.values():
        halves = {u.label: u for u in members if u.label in {"surname", "given"} and u.sort == "label"}
        if len(halves) == 2:
            unit = halves["surname"]
            name = tidy(f"{unit.text} {halves['given'].text}")
            page.mentions[unit.index].append(Mention("person", unit.index, 0, len(unit.text), name, sure=True))


def _refer(page: Page, mention: Mention, unit: Unit) -> None:
    mine = frozenset(fold(p) for p in parts(mention.text))
    known = next((r for r in page.people if _is_same(mine, r.words)), None)
    if known is None:
        known = Referent(mention.text, layer=unit.layer)
        page.people.append(known)
    elif known.held is not None:
        pass  # the case has the name
    elif len(mine) > len(known.words) or (len(mine) == len(known.words) and mention.sure):
        known.name = mention.text
    known.at.append(Spot(unit.index, mention.start, mention.end))
    if nickname := _NICKNAME.match(unit.text[mention.end :]):
        known.called.add(fold(nickname.group(1)))


def _is_same(mine: frozenset[str], other: frozenset[str]) -> bool:
    """The same words, or one name within the other: a second given name left out."""
    return mine == other or (len(mine) > 1 and len(other) > 1 and (mine <= other or other <= mine))


def _take_other_names(page: Page) -> None:
    """Another name of somebody in the same box: "született X", "leánykori nevén X", or under its label."""
    boxes: dict[int, dict[Referent, None]] = {}
    for person in page.people:
        for named in person.at:
            boxes.setdefault(page.units.all[named.unit].box, {})[person] = None
    for unit in page.units.all:
        if unit.label == "birth_name" or (unit.said and _BORN.search(fold(unit.said))):
            mates = list(boxes.get(unit.box, ()))
            if len(mates) == 1 and (name := persons.loose(unit.text)):
                mates[0].aliases.append(name)
    for person in list(page.people):
        spot = next((s for s in person.at if _is_announced_as_other(page, s)), None)
        if spot is None:
            continue
        if (bearer := _nearest_before(page, person, spot)) is not None:
            bearer.aliases.append(person.name)
        if len(person.at) == 1:
            page.people.remove(person)
            _explain_names(page, person, "születési név")


def _is_announced_as_other(page: Page, spot: Spot) -> bool:
    ahead = page.units.all[spot.unit].folded[max(0, spot.start - 30) : spot.start]
    return bool(_ALSO_CALLED.search(ahead))


def _nearest_before(page: Page, person: Referent, spot: Spot) -> Referent | None:
    box = page.units.all[spot.unit].box
    mates = [p for p in page.people if p is not person and any(page.units.all[s.unit].box == box for s in p.at)]
    before = [p for p in mates if any(s.unit == spot.unit and s.start < spot.start for s in p.at)]
    return next(reversed(before or mates), None)


def _explain_names(page: Page, person: Referent, why: str) -> None:
    for spot in person.at:
        for mention in page.of(page.units.all[spot.unit], "person"):
            if (mention.start, mention.end) == (spot.start, spot.end):
                page.explain(mention, why)


# ---------------------------------------------------------------- who wrote


def _find_writer(page: Page) -> None:
    """Who wrote: the signature's name, else the display name (POLICY section 2); of the letter within that asks in the
    first person, where the mail itself does not."""
    asking = [layer for layer in range(len(page.mail.layers)) if speaks_of_oneself(page, layer)]
    page.writer_layer = asking[0] if asking and 0 not in asking else 0
    signed = [r for r in page.people if any(_signs_here(page, s) for s in r.at)]
    letter = page.mail.layers[page.writer_layer].sender if page.writer_layer else None
    sender = letter or page.mail.sender
    shown = eastern(persons.loose(sender.name) or "") if sender and sender.name else ""
    called = [r for r in page.people if shown and same_name(r.name, shown)]
    if signed or called:
        page.writer = (signed or called)[0]
    elif sender and is_full(shown) and (persons.find(sender.name) or persons.find(shown)):
        page.writer = Referent(tidy(shown), layer=page.writer_layer)


def speaks_of_oneself(page: Page, layer: int) -> bool:
    """Whether the writer of a letter perhaps asks for himself or herself."""
    own = (unit for unit in page.units.all if unit.own and unit.layer == layer)
    return any(words("self", "perhaps").search(unit.folded) for unit in own)


def _signs_here(page: Page, spot: Spot) -> bool:
    unit = page.units.all[spot.unit]
    return unit.layer == page.writer_layer and signs(page, unit)


def signs(page: Page, unit: Unit) -> bool:
    """Whether the unit is a signature: its block, the last line, or the sender's name alone on a line."""
    if unit.role is Role.SIGNATURE:
        return True
    if not unit.own or unit.sort != "sentence":
        return False
    people = page.of(unit, "person")
    if unit.last and unit.layer == 0 and len(unit.text) < _SIGNED and people and _is_name_with_job(unit, people[0]):
        return not page.of(unit, "program", "address") and not words("wish", "words").search(unit.folded)
    letter = page.mail.layers[unit.layer].sender if unit.layer < len(page.mail.layers) else None
    alone = len(people) == 1 and people[0].start == 0 and len(unit.text) < len(people[0].text) + _JOB
    if not alone or page.of(unit, "program", "address"):
        return False
    senders = [sender for sender in (letter, page.mail.sender) if sender is not None]
    return any(_is_called(eastern(sender.name), people[0].text) for sender in senders)


def _is_name_with_job(unit: Unit, person: Mention) -> bool:
    """A name, alone or with a comma or one or two words behind it; "Szabó Ilona is itt dolgozik" is a sentence."""
    rest = unit.text[person.end :].strip(" .")
    if person.start > 3:
        return False
    return rest.startswith((",", "(", "-", "–")) or len(rest.split()) <= _JOB_WORDS


def _is_called(name: str, signed: str) -> bool:
    """The same name, or its given name as a nickname: "Benczúr Szilvi"."""
    if same_name(name, signed):
        return True
    whole, short = parts(name), parts(signed)
    alike = len(whole) == len(short) == 2 and fold(whole[0]) == fold(short[0])
    return alike and Referent(name).bears(short[1]) > 0
