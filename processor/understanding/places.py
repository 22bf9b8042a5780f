"""Municipality, PIR and county to applicants: in their own row, item or block, else stated once for the mail (POLICY
section 2)."""

from __future__ import annotations

from rules.hungarian.words import key
from rules.model import Value

from . import owners
from .draft import Findings, Loose
from .mentions import Mention
from .page import Page, Referent
from .units import Unit

_FIELDS = {"pir": "pir", "county": "county", "body": "municipality"}


def attach(page: Page, found: Findings) -> None:
    """What is nobody's own goes to `found.loose`, for all."""
    personal = _personal_numbers(page)
    pirs = {mention.text for unit, mention in page.every("pir") if unit.own and mention not in personal}
    for unit, mention in page.every(*_FIELDS):
        if mention in personal:
            page.explain(mention, "személyügyi törzsszám")
            continue
        if page.is_taken_back(mention):
            page.explain(mention, "visszavonta")
            continue
        labelled = mention.sure or unit.sort == "label"
        written = unit.text[mention.start : mention.end]
        value = Value(mention.text, unit.evidence(written), written, labelled=labelled)
        owner = _owner(page, unit, several_bodies=len(pirs) > 1)
        if owner is not None and owner.draft is not None:
            owner.draft.add(_FIELDS[mention.sort], value)
            page.use(mention, owners.OWN_CELL)
        else:
            order = (unit.block, unit.line, mention.start)
            found.loose.append(Loose(_FIELDS[mention.sort], value, order, unit.layer))
            page.use(mention, owners.FOR_ALL)


def _personal_numbers(page: Page) -> set[Mention]:
    """ "Törzsszám" over values that differ by person is a personnel number, no PIR (POLICY section 2)."""
    column = [m for u, m in page.every("pir") if u.sort == "cell" and key(u.said).startswith("torzsszam")]
    return set(column) if len({m.text for m in column}) > 1 else set()


def _owner(page: Page, unit: Unit, several_bodies: bool) -> Referent | None:
    """The applicant whose row or item it is, where there are several."""
    if len(page.applicants) < 2:
        return None
    if unit.sort == "sentence" and several_bodies:
        groups = owners.groups(page, unit)
        return groups[0].people[0] if len(groups) == 1 and len(groups[0].people) == 1 else None
    if unit.sort not in {"item", "cell", "label"}:
        return None
    people = owners.named_in_box(page, unit)
    return people[0] if len(people) == 1 else None
