"""Programs to applicants: asked for or not, and whose, with a reason of `owners`; else left open."""

from __future__ import annotations

import re
from dataclasses import replace

from processor.reading import Role
from rules.hungarian.courses import refused
from rules.hungarian.lexicon import load
from rules.hungarian.words import is_ending

from . import owners, polarity
from .draft import Findings, mention
from .mentions import Mention
from .page import Page, Referent, words
from .units import Unit

_WITHIN = re.compile(r"\S*(?:ban|ben|bol|on belul)\b|\S* szakrendszer(?:ben|bol|en belul)\b")
_FOR_WHOM = re.compile(r" [^.;:,]{3,60}(?:feladatkor\w*|munkakor\w*) dolgoz")
_CONTRAST = re.compile(r"\b(?:viszont|azonban|ellenben|de|pedig)\b")
_PART = 3  # programs of a sentence that are hardly all refused
_I = re.compile(r"\ben\b|\bnekem\b")
_RATHER = re.compile(r"\bhanem\b")
_NEXT_WORD = re.compile(r"(?:\s*[-–]\s*|\s+)(?P<word>[a-z]{3,})")
_OUTSIDE = frozenset({Role.SIGNATURE, Role.LETTERHEAD, Role.SUBJECT})
_FEW_WORDS = 6  # of a sentence that is a list of programs and nothing else
_MOST_BOXES = 2  # that programs for everybody may stand in


def attach(page: Page, found: Findings) -> None:
    """Gives every program that is asked for to its applicants; `found.programs`: where there is no applicant at all."""
    pending: list[Mention] = []
    for unit, named in page.every("program"):
        if unit.role not in _OUTSIDE and named.found is not None:
            pending += _judge(page, unit, named)
    _share(page, pending, found)
    _take_back(page)
    _contradicted(page)
    _denied(page)
    if not any(person.draft and person.draft.programs for person in page.applicants):
        _take_from_subject(page)


def _judge(page: Page, unit: Unit, named: Mention) -> list[Mention]:
    """The mention, where it is asked for and has no owner yet."""
    if _is_mistyped(unit, named):
        page.leave(named, "elírt tananyag is lehet")
        return []
    if unit.text.rstrip().endswith("?") and not unit.listed and "wish" not in polarity.polarity(unit.folded):
        page.explain(named, "kérdés")
        return []
    if _is_narrowed(page, unit, named):
        page.explain(named, "pontosítva")
        return []
    if _is_narrowed_behind(page, unit, named):
        page.leave(named, "szűkebb tananyag is lehet")
        return []
    if words("person", "left_over").search(unit.folded) and not owners.groups(page, unit):
        page.explain(named, "régi levélből")
        return []
    if _is_writers(page, unit, named):
        page.leave(named, "a levélíróról szól, aki nem kérelmező")
        return []
    if unit.folded.startswith("ha "):
        page.leave_text(unit, unit.text, "feltételhez köti")
    if _is_refused_in_part(page, unit):
        page.leave(named, "nem egyértelmű, melyiket nem kérik")
        return []
    said = polarity.verdict(page, unit, named) or ("wanted" if _is_in_list(page, unit) else "open")
    if said == "refused" or (said == "wanted" and _is_about_others(page, unit)):
        page.refused[named] = owners.of_thing(page, unit, named.start).people if said == "refused" else []
        page.explain(named, "nem kéri")
    elif said == "wanted":
        owner = owners.of_thing(page, unit, named.start)
        for person in owner.people:
            wish(page, person, named, owner.why)
        return [] if owner.people else [named]
    elif _is_asked_elsewhere(page, named):
        page.explain(named, "máshol kéri")
    else:
        page.leave_text(unit, unit.text, "nem egyértelmű, kérik-e")
        page.explain(named, "nem egyértelmű")
    return []


def _is_writers(page: Page, unit: Unit, named: Mention) -> bool:
    """ "Én annak idején beértem a kerettel": of somebody who asks for nothing."""
    writer = page.writer
    if writer is not None and writer.draft is not None:
        return False
    return _I.search(polarity.clause(unit.folded, named.start, named.end)) is not None


def _is_mistyped(unit: Unit, named: Mention) -> bool:
    """ "Gazdálkodás - Bnak": the general word, and behind a dash something that nobody knows."""
    if named.found is None or named.found.status != "ambiguous":
        return False
    following = _NEXT_WORD.match(unit.folded, named.end)
    word = following["word"] if following else ""
    plain = word in load("roles.toml").data["plain"]["words"] or is_ending(word)
    return (
        bool(word) and not plain and not any(words("wish", name).match(word) for name in ("words", "refused", "done"))
    )


def _is_narrowed(page: Page, unit: Unit, named: Mention) -> bool:
    """ "A követelések kezelése a gazdálkodásban": the general word only says where the module is."""
    assert named.found is not None
    bracketed = unit.text[max(0, named.start - 1) : named.start] == "(" and unit.text[named.end : named.end + 1] == ")"
    if named.found.status != "ambiguous" or not (bracketed or _WITHIN.match(unit.folded[named.end - 3 :])):
        return False
    others = [m.found for m in page.of(unit, "program") if m.found is not None and m.found.status == "resolved"]
    return any(set(found.programs) <= set(named.found.programs) for found in others)


def _is_narrowed_behind(page: Page, unit: Unit, named: Mention) -> bool:
    """ "... szakrendszerének használata azérkeztető vagy bontó feladatkörökben dolgozók számára"."""
    match = _FOR_WHOM.match(unit.folded, named.end)
    return match is not None and not any(named.end <= m.start < match.end() for m in page.of(unit, "program"))


def _is_refused_in_part(page: Page, unit: Unit) -> bool:
    """ "A és B, a C viszont neki nem kell", where all three would be refused."""
    named = page.of(unit, "program")
    if len(named) < _PART or not _CONTRAST.search(unit.folded):
        return False
    return all(polarity.verdict(page, unit, one) == "refused" for one in named)


def _is_in_list(page: Page, unit: Unit) -> bool:
    """Where a program stands without a word for it: a list, a cell, somebody's line, a sentence of programs alone."""
    bare = unit.folded
    for mention_ in page.of(unit, "program"):
        bare = bare[: mention_.start] + " " * (mention_.end - mention_.start) + bare[mention_.end :]
    told = [word for word in bare.split() if len(word) > 3]
    return unit.listed or bool(owners.groups(page, unit)) or len(told) <= _FEW_WORDS


def _is_about_others(page: Page, unit: Unit) -> bool:
    """A sentence of people who are no applicants, and of nobody else."""
    mine = {(spot.unit, spot.start) for person in page.applicants for spot in person.at}
    others = any((unit.index, m.start) not in mine for m in page.of(unit, "person"))
    return unit.sort == "sentence" and others and not owners.groups(page, unit)


def _is_asked_elsewhere(page: Page, named: Mention) -> bool:
    programs = set(named.found.programs if named.found else ())
    drafts = [person.draft for person in page.applicants if person.draft is not None]
    return any(programs & set(asked.programs) for draft in drafts for asked in draft.programs)


def wish(page: Page, person: Referent, named: Mention, why: str) -> None:
    assert named.found is not None and person.draft is not None
    unit = page.units.all[named.unit]
    found = replace(named.found, start=0, end=len(named.text))
    wished = mention(found, named.text, unit.evidence(named.text))
    if not unit.is_written(named.text):  # a tick in the column of that program
        wished = replace(wished, value=replace(wished.value, raw=""))
    person.draft.programs.append(wished)
    page.use(named, why)


def _take_back(page: Page) -> None:
    """ "Nem az Irat - Iktató, hanem az Irat - Irattározó": a wish that is withdrawn later in the mail."""
    for unit in page.units.all:
        back = refused(unit.text) if unit.own and _RATHER.search(unit.folded) else frozenset()
        for person in page.applicants if back else ():
            draft = person.draft
            if draft is not None:
                draft.programs = [asked for asked in draft.programs if not set(asked.programs) & back]


def _contradicted(page: Page) -> None:
    """Asked for in one place, refused or done in another, for the same person: an officer looks."""
    for named, people in page.refused.items():
        programs = set(named.found.programs if named.found else ())
        drafts = [person.draft for person in people if person.draft is not None]
        if any(programs & set(asked.programs) for draft in drafts for asked in draft.programs):
            page.leave(named, "máshol kéri, itt nem")


def _denied(page: Page) -> None:
    """The same where the sentence was never taken for a wish: "Anna az ADÓ tananyagot már elvégezte"."""
    for unit in page.units.all:
        denied = refused(unit.text) if unit.own and not _RATHER.search(unit.folded) else frozenset()
        denied -= {program for m in page.of(unit, "program") if m.found is not None for program in m.found.programs}
        for person in _people_of(page, unit) if denied else ():
            if person.draft is not None and any(set(asked.programs) & denied for asked in person.draft.programs):
                page.leave_text(unit, unit.text, "máshol kéri, itt nem")


def _people_of(page: Page, unit: Unit) -> list[Referent]:
    """The applicants whom a unit names; the only one, where it names nobody."""
    named = [person for group in owners.groups(page, unit) for person in group.people]
    if named or page.of(unit, "person"):
        return named
    return page.applicants if len(page.applicants) == 1 else []


def _share(page: Page, pending: list[Mention], found: Findings) -> None:
    """Programs of one request that names nobody are everybody's, where nobody has any of the own."""
    people = [person for person in page.applicants if not person.holds("programs")] or page.applicants
    units = [page.units.all[named.unit] for named in pending]
    if not people:
        for unit, named in zip(units, pending, strict=True):
            assert named.found is not None
            order = (unit.block, unit.line, named.start)
            found.programs.append((mention(named.found, unit.text, unit.evidence(named.text)), order, unit.layer))
            page.use(named, "nincs kérelmező")
        return
    owned = any(person.draft.programs for person in people if person.draft is not None)
    contested = any(owners.groups(page, unit) for unit in units)  # somebody is meant, only not plainly whom
    contested = contested or not _is_one_request(page, units)
    contested = contested or (len(people) > 1 and any(_means_somebody(page, unit) for unit in units))
    contested = contested or any(0 < len(owners.named_in_box(page, unit)) < len(people) for unit in units)
    settled = page.is_answer and len(people) > 1 and all(person.holds("programs") for person in people)
    if not owned and not contested and not settled and len({unit.box for unit in units}) <= _MOST_BOXES:
        for named in pending:
            for person in people:
                wish(page, person, named, owners.ONE_REQUEST)
        return
    for named in pending:
        if _is_everybodys(page, named):
            page.explain(named, "mindenki kéri")
        else:
            page.leave(named, "nem derül ki, kinek kérik")


def _means_somebody(page: Page, unit: Unit) -> bool:
    """Some of the people are meant: by a word, by a name that several bear, by a label that says no more."""
    if words("turn", "somebody").search(unit.folded) or (unit.sort == "label" and not unit.label):
        return True
    return any(owners.bore_by_several(page, unit))


def _is_one_request(page: Page, units: list[Unit]) -> bool:
    """One sentence, or a list of programs and nothing else; not the rows of a table."""
    if len({unit.index for unit in units}) == 1:
        return True
    return all(
        unit.sort != "cell" and sum(m.end - m.start for m in page.of(unit, "program")) >= 0.6 * len(unit.text)
        for unit in units
    )


def _is_everybodys(page: Page, named: Mention) -> bool:
    programs = set(named.found.programs if named.found else ())
    drafts = [person.draft for person in page.applicants if person.draft is not None]
    return all(any(programs <= set(asked.programs) for asked in draft.programs) for draft in drafts)


def _take_from_subject(page: Page) -> None:
    if len(page.applicants) == 1:
        for unit, named in page.every("program"):
            if unit.role is Role.SUBJECT and named.found is not None:
                wish(page, page.applicants[0], named, owners.SOLE)
