"""A mail to its applicants with everything accounted for (READER.md): units, mentions, people and their roles, owners.

What finds no owner, no explanation and no place stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from processor.reading import Mail, bounds
from rules.hungarian.names import eastern
from rules.hungarian.words import fold
from rules.model import Evidence, Open, Value

from . import attach, boxes, grids, leftovers, mentions, places, programs, referents, roles, units
from .draft import Draft, Findings
from .page import Page, Referent


@dataclass(frozen=True, slots=True)
class Read:
    """`found`: drafts of the applicants, and what holds for all; `open`: what nothing accounts for; `strangers`: of an
    answer, people whom it speaks of and the case does not know."""

    found: Findings
    open: tuple[Open, ...]
    strangers: tuple[Open, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """An applicant of the case that a mail answers. `held`: the fields that are in order already."""

    name: str
    held: frozenset[str]


def read(mail: Mail, own: frozenset[str], case: Sequence[Known] = (), expected: frozenset[str] = frozenset()) -> Read:
    """`own`: our own addresses, in small letters. `case`: whom the case has, where the mail is an answer; `expected`:
    the fields that our letter asked for, whose bare values count then (POLICY section 6)."""
    page = _page(mail, own)
    page.people = [Referent(known.name, held=known.held) for known in case]
    if "pir" in expected:
        _take_bare_pir(page)
    if _holds_too_much(page):
        return Read(Findings(too_many=True), ())
    boxes.settle(page)
    referents.find(page)
    if _is_too_much(page):
        return Read(Findings(too_many=True), ())
    roles.decide(page)
    page.put_in_order()
    found = Findings(clerks=page.clerks)
    _make_drafts(page, found)
    attach.addresses(page)
    programs.attach(page, found)
    places.attach(page, found)
    leftovers.settle(page, found)
    found.drafts = [draft for draft in found.drafts if draft.values or draft.programs or not page.is_answer]
    return Read(found, tuple(page.opened), tuple(leftovers.strangers(page)))


def _is_too_much(page: Page) -> bool:
    """Whether more stands there than can be compared (reading/bounds.py)."""
    addresses = {mention.text for _, mention in page.every("address")}
    people = max(len(page.people), len(addresses))
    return people > bounds.MOST_PEOPLE or sum(map(len, page.mentions)) > bounds.MOST_VALUES


def _holds_too_much(page: Page) -> bool:
    """Whether there is more in the mail, or in one sentence of it, than can be compared with one another."""
    if sum(map(len, page.mentions)) > bounds.MOST_VALUES or max(map(len, page.mentions), default=0) > bounds.MOST_LOOSE:
        return True
    return len({mention.text for _, mention in page.every("address")}) > bounds.MOST_PEOPLE


def _take_bare_pir(page: Page) -> None:
    """The only six digits of a mail that was asked for the PIR."""
    bare = {mention.text for unit, mention in page.every("number") if unit.own}
    if len(bare) != 1 or any(True for _ in page.every("pir")):
        return
    for found in page.mentions:
        found[:] = [replace(m, sort="pir") if m.sort == "number" else m for m in found]


def _page(mail: Mail, own: frozenset[str]) -> Page:
    split = units.split(mail)
    for number, block in split.tables:
        grids.read(number, block, split)
    given_first = _says_given_first(split)
    return Page(mail, own, split, [mentions.find(unit, given_first) for unit in split.all])


def _says_given_first(split: units.Units) -> bool:
    """Said in a sentence or in a cell; a column for the family name alone says nothing of the rest."""
    said = [unit.folded for unit in split.all if unit.own and unit.label not in {"surname", "given"}]
    said += [fold(cell) for _, block in split.tables for row in block.rows for cell in row if " " in cell.strip()]
    return any(map(mentions.says_given_first, said))


def _make_drafts(page: Page, found: Findings) -> None:
    """A draft for each beneficiary; one without a name where somebody unnamed asks for himself."""
    chosen = [person for person in page.people if person.role == "beneficiary"]
    sender = page.mail.sender
    if not chosen and page.writer is None and sender and any(roles.asks_for_oneself(page)):
        draft = Draft((0, 0, 0))
        draft.add("email", Value(sender.address, Evidence("feladó", 1, sender.address, 1), sender.address))
        found.drafts.append(draft)
    for person in chosen:
        person.draft = _draft(page, person)
        found.drafts.append(person.draft)
    page.applicants = chosen


def _draft(page: Page, person: Referent) -> Draft:
    name = eastern(person.name)
    if not person.at:
        where = Evidence("aláírás vagy feladó", 1, person.name, 1)
        return Draft((0, 0, 0), names=[Value(name, where, person.name)], layer=person.layer, aliases=person.aliases)
    first = person.at[0]
    unit = page.units.all[first.unit]
    whole = max(person.at, key=lambda spot: spot.end - spot.start)
    fullest = page.units.all[whole.unit]
    written = fullest.text[whole.start : whole.end]
    named = Value(name, fullest.evidence(written), written, labelled=True)
    return Draft((unit.block, unit.line, first.start), names=[named], layer=person.layer, aliases=person.aliases)
