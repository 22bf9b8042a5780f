"""Addresses to applicants, each with a reason of `owners`, or an explanation, or left open."""

from __future__ import annotations

from itertools import pairwise

from rules.hungarian.addresses import spells
from rules.hungarian.clerks import is_clerk_address
from rules.hungarian.names import eastern, same_name
from rules.hungarian.words import fold
from rules.model import Evidence, Value

from . import owners
from .mentions import Mention
from .page import Page, Referent, words
from .units import Unit

_BESIDE = 12  # characters between a name and the address right behind it
_NEARLY_ALL = 0.55  # of a unit's characters that its addresses cover
_CLERKS = "a jegyzőé"
_SPELLED = "spelled from the name"


def addresses(page: Page) -> None:
    """Gives every address its owner, or an explanation, or leaves it open."""
    loose = []
    _listed(page)
    for unit, mention in page.every("address"):
        if mention in page.fates:
            continue
        if page.is_taken_back(mention) or mention.text in page.nobody:
            page.explain(mention, "visszavonta" if page.is_taken_back(mention) else "nem kérelmezőé")
        elif not (_take(page, unit, mention) if unit.own else _take_from_signature(page, unit, mention)):
            loose.append(mention)
    _in_order(page, loose)
    if len(page.applicants) == 1 and not page.has_email(page.applicants[0]):
        _take_senders(page, page.applicants[0])


def _listed(page: Page) -> None:
    """As many addresses alone, one below or behind the other, as there are applicants: in the order of the names."""
    people = page.applicants
    runs = _runs(page) if len(people) > 1 else []
    for run in (run for run in runs if len(run) == len(people)):
        given = {person: mention.text for person, mention in zip(people, run, strict=True)}
        if any(_is_put_wrongly(page, mention.text, given) for mention in run):
            continue
        for person, mention in zip(people, run, strict=True):
            page.add_email(person, mention, owners.IN_ORDER)


def _runs(page: Page) -> list[list[Mention]]:
    """Addresses that stand alone: in units of their own that follow one another, or several in one unit."""
    out: list[list[Mention]] = []
    last = -2
    for unit in page.units.all:
        found = page.of(unit, "address")
        bare = sum(m.end - m.start for m in found) >= _NEARLY_ALL * len(unit.text) or (
            len(found) > 1 and words("address", "in_order").search(unit.folded) is not None
        )
        if not (unit.own and found and bare and not page.of(unit, "person") and not owners.named_in(page, unit)):
            continue
        if unit.index == last + 1 and out and len(found) == 1:
            out[-1] += found
        else:
            out.append(found)
        last = unit.index
    return out


def _is_put_wrongly(page: Page, address: str, given: dict[Referent, str]) -> bool:
    """Whether the address is spelled from the name of somebody to whom the order gives another."""
    return any(given[person] != address for person in page.spelled(address))


def _take(page: Page, unit: Unit, mention: Mention) -> bool:
    """Whether an address of the body has an owner or an explanation."""
    spelled = page.spelled(mention.text)
    others = _others_named(page, unit)
    why = _explanation(page, unit, mention, bool(others))
    if why == _CLERKS and not spelled:
        page.explain(mention, why)
        return True
    if not spelled and len(page.applicants) > 1 and words("turn", "of_two").search(unit.folded):
        return False
    owner = _near(page, unit, mention)
    if len(spelled) == 1 and owner.people and spelled[0] not in owner.people:
        return _settle_spelled(page, unit, mention, spelled[0])
    if owner.people and (not others or owner.people[0] in spelled or _is_behind(page, unit, mention, owner.people[0])):
        if not _is_for_answers(unit, mention) or owner.people[0] in spelled:
            for person in owner.people:
                page.add_email(person, mention, owner.why)
            return True
    if len(spelled) == 1 and not others:
        page.add_email(spelled[0], mention, _SPELLED)
        return True
    if why and not spelled:
        page.explain(mention, why)
        return True
    return False


def _settle_spelled(page: Page, unit: Unit, mention: Mention, person: Referent) -> bool:
    """An address that is spelled from another's name than its place says: an officer looks where the place names
    somebody, or where it stands twice."""
    if owners.named_in(page, unit) or sum(m.text == mention.text for _, m in page.every("address")) > 1:
        page.leave(mention, "más nevéből van, mint akié a helye szerint")
    else:
        page.add_email(person, mention, _SPELLED)
    return True


def _explanation(page: Page, unit: Unit, mention: Mention, others: bool) -> str:
    """What an address is that is no applicant's; "" where nothing says so."""
    if unit.label == "ignore":
        return "nem kérelmezőé"
    if mention.text in page.clerks or is_clerk_address(mention.text):
        return _CLERKS
    if others:
        return "másé, aki nem kérelmező"
    if any(mention.text == person.address for person in page.mail.cc):
        return "másolatot kap"
    if _is_for_answers(unit, mention) or words("person", "contact").search(f"{fold(unit.said)} {unit.folded}"):
        return "válaszcím vagy kapcsolattartó"
    return ""


def _is_for_answers(unit: Unit, mention: Mention) -> bool:
    """ "Válaszukat a hivatal@... címre várjuk": the clause of the address speaks of answers."""
    return bool(words("address", "for_answers").search(f"{fold(unit.said)} {unit.folded}"))


def _take_from_signature(page: Page, unit: Unit, mention: Mention) -> bool:
    """An address outside the body is an applicant's only where it is spelled from the name, or called the writer's
    own."""
    spelled = page.spelled(mention.text)
    writer = page.writer
    own = "sajat" in f"{unit.said} {unit.text}".lower().replace("á", "a")
    mine = [writer] if writer is not None and writer.draft is not None and own else []
    for person in spelled if len(spelled) == 1 else mine:
        if not page.has_email(person) and not _is_another_senders(page, mention.text, person):
            page.add_email(person, mention, _SPELLED if spelled else owners.SOLE)
    page.explain(mention, "aláírásban")
    return True


def _is_another_senders(page: Page, address: str, person: Referent) -> bool:
    return page.mail.sender is not None and page.mail.sender.address == address and person is not page.writer


def _others_named(page: Page, unit: Unit) -> list[Referent]:
    """People of the unit who are no applicants."""
    return list(dict.fromkeys(person for person, _ in page.named_whole(unit) if person.draft is None))


def _is_behind(page: Page, unit: Unit, mention: Mention, person: Referent) -> bool:
    """The address stands in brackets or right behind the name."""
    return any(p is person and 0 <= mention.start - end <= _BESIDE for p, _, end in owners.named_in(page, unit))


def _near(page: Page, unit: Unit, mention: Mention) -> owners.Owner:
    """By the names in the unit, else by its box."""
    if len(page.applicants) > 1 and len(page.of(unit, "address")) == 1 and words("all", "words").search(unit.folded):
        return owners.Owner(page.applicants, owners.FOR_ALL)
    here = owners.named_in(page, unit)
    people = list(dict.fromkeys(person for person, _, _ in here))
    if not people:
        context = owners.from_context(page, unit)
        return context if len(context.people) == 1 else owners.NOBODY
    if len(people) == 1:
        return owners.Owner(people, owners.ONLY_PERSON)
    return _among(page, unit, mention)


def _among(page: Page, unit: Unit, mention: Mention) -> owners.Owner:
    """Several are named in the unit: the one right before the address, in turn, or from whose name it is spelled."""
    here = owners.named_in(page, unit)
    beside = [p for p, _, end in here if -2 <= mention.start - end <= 8]
    if len(beside) == 1:
        return owners.Owner(beside, owners.ONLY_PERSON)
    given = page.of(unit, "address")
    if _alternate([start for _, start, _ in here], [m.start for m in given]):
        return owners.Owner([p for p, start, _ in here if start <= mention.start][-1:], owners.IN_ORDER)
    spelled = [person for person in page.spelled(mention.text) if any(person is p for p, _, _ in here)]
    return owners.Owner(spelled, _SPELLED) if len(spelled) == 1 else owners.NOBODY


def _alternate(names: list[int], addresses: list[int]) -> bool:
    """Name, address, name, address ..."""
    if len(names) != len(addresses):
        return False
    turns = [place for both in zip(names, addresses, strict=True) for place in both]
    return all(before < after for before, after in pairwise(turns))


def _in_order(page: Page, loose: list[Mention]) -> None:
    """Addresses listed in the order of the names: as many as people who lack one, none spelled as another's."""
    lacking = [person for person in page.applicants if not page.has_email(person)]
    mine = [m for m in loose if m.text not in page.clerks and not _is_anybodys_else(page, m)]
    one_place = len({page.units.all[m.unit].block for m in mine}) == 1
    told = any(_is_out_of_order(page, page.units.all[m.unit]) for m in mine)
    if mine and len(mine) == len(lacking) and one_place and not told:
        pairs = list(zip(lacking, mine, strict=True))
        if all(other is p for p, m in pairs for other in page.spelled(m.text)):
            for person, mention in pairs:
                page.add_email(person, mention, owners.IN_ORDER)
    for mention in loose:
        if mention not in page.fates:
            page.leave(mention, "nem derül ki, kinek az e-mail-címe")


def _is_out_of_order(page: Page, unit: Unit) -> bool:
    """ "Az utóbbi címe ..., az előbbié ..."; or the names behind the addresses."""
    named, given = owners.named_in(page, unit), page.of(unit, "address")
    behind = bool(named) and given[0].start < named[0][1]
    return behind or words("turn", "of_two").search(unit.folded) is not None


def _is_anybodys_else(page: Page, mention: Mention) -> bool:
    """The sender's or a recipient's, who is no applicant."""
    sender = page.mail.sender
    if sender is not None and sender.address == mention.text:
        return page.writer is None or page.writer.draft is None
    return any(person.address == mention.text for person in (*page.mail.to, *page.mail.cc))


def _take_senders(page: Page, person: Referent) -> None:
    """No address for a sole applicant who is the sender: the sender's own (POLICY section 2)."""
    layers = page.mail.layers
    letter = layers[person.layer].sender if person.layer < len(layers) else None
    for sender in (letter, page.mail.sender):
        if sender is None or not sender.address or person.draft is None:
            continue
        is_sender = person is page.writer or same_name(eastern(sender.name), person.name)
        if is_sender or spells(sender.address, person.name):
            where = Evidence("feladó", 1, sender.address, 1)
            person.draft.add("email", Value(sender.address, where, sender.address))
            return
