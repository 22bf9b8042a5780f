"""An answer in a case: what it changes (POLICY sections 1 and 6). Pure: the case comes in, the whole case as it now stands goes out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from processor.reading import Mail, Role
from rules.clerk import in_copy
from rules.hungarian.addresses import is_valid
from rules.hungarian.courses import refused
from rules.hungarian.names import is_full, parts, same_name
from rules.hungarian.words import fold
from rules.model import Applicant, Facts, Finding, Mention, Request, Value

from . import find, forms, persons
from .assemble import applicants as assemble_applicants
from .automatic import is_bounce, why
from .draft import Draft, Findings, Loose, evidence
from .gate import unaccounted
from .kind import is_thanks

FIELDS = ("municipality", "pir", "county")


@dataclass(frozen=True, slots=True)
class Answer:
    """`kind`: completion | acknowledgement | automatic | other. `request`: the whole case after it (unchanged unless completion)."""

    kind: str
    request: Request
    bounce: bool = False
    reason: str = ""


_WITHDRAWN = re.compile(
    r"\b(?:megsem (?:ker|kell|szukseg|akar|aktualis)\w*|visszavon\w*|targytalan\w*|elall\w* a kerelem|eltekint\w*|torolj(?:ek|uk)|megis ne|nem kerjuk (?:mar )?(?:a |az )?(?:regisztr|felvetel|kerelm)|mar nem (?:kell|szukseges|kerjuk|dolgozik|aktualis))"
)
_CORRECTION = re.compile(
    r"elir\w*|helyesen|helyesbit\w*|javit\w*|teves\w*|hibas\w*|pontosit\w*|modosit\w*|rosszul|elgepel\w*|felreert\w*|csere\w*|helyett|nem az?\b"
)
_ADDS = re.compile(
    r"\b(?:is\b|melle|tovabba|plusz|meg (?:a|az|kell|egy)|ezenkivul|ezen felul|valamint|kiegeszit|hozza)"
)


def answer(mail: Mail, own: frozenset[str], case: Request, findings: tuple[Finding, ...]) -> Answer:
    """What the mail means in the case. `findings`: what is wrong with the case so far (what our letter asked for)."""
    if (reason := why(mail, own)) is not None:
        return Answer("automatic", case, is_bounce(mail), reason)
    expected = frozenset(f.field for f in findings if f.applicant is not None)
    known = tuple(a.name[0].text for a in case.applicants if a.name)
    found = find(mail, own, expected, known)
    body = "\n".join(fold(line) for b in mail.blocks if b.layer == 0 and b.role is Role.BODY for line in b.lines)
    merged = _merge(mail, own, case, findings, found, body)
    left = unaccounted(forms.plain(mail), own, merged, case)
    merged = replace(merged, open=tuple(dict.fromkeys((*case.open, *left))))
    if merged.applicants != case.applicants:
        return Answer("completion", merged)
    if _WITHDRAWN.search(body):
        return Answer("other", case)
    clerk_asked = any(f.applicant is None for f in findings)
    if clerk_asked and in_copy(merged, Facts()):
        return Answer("completion", merged)
    if is_thanks(body):
        return Answer("acknowledgement", case)
    if clerk_asked and merged.recipients != case.recipients and "?" not in body:
        return Answer("completion", merged)
    return Answer("other", case)


def _merge(
    mail: Mail, own: frozenset[str], case: Request, findings: tuple[Finding, ...], found: Findings, body: str
) -> Request:
    people = list(case.applicants)
    wrong = {i: {f.field for f in findings if f.applicant == i} for i in range(len(people))}
    refusals = refused("\n".join(line for b in mail.blocks if b.role is Role.BODY for line in b.lines))
    new: list[Draft] = []
    for draft in found.drafts:
        index = _who(draft, people)
        if index is not None:
            people[index] = _update(people[index], draft, body, wrong.get(index, set()))
        elif draft.name and (draft.values.get("email") or draft.programs or draft.strong):
            new.append(draft)
    people = _renamed(mail, people)
    new = [draft for draft in new if not any(a.name and same_name(a.name[0].text, draft.name) for a in people)]
    people = _with_loose(people, found, wrong, body)
    people = [_without(a, refusals) for a in people]
    people = _added(mail, people, new, found)
    recipients = tuple(
        {p.address: p for p in (*case.recipients, *(p for p in (*mail.to, *mail.cc) if p.address not in own))}.values()
    )
    clerk_before = in_copy(case, Facts())
    return replace(
        case,
        applicants=tuple(people),
        sender=mail.sender,
        recipients=recipients,
        clerks_named=tuple(dict.fromkeys((*case.clerks_named, *found.clerks))),
        clerk_before=clerk_before,
        unreadable=tuple(dict.fromkeys((*case.unreadable, *(a.name for a in mail.attachments if a.trouble)))),
    )


def _who(draft: Draft, people: list[Applicant]) -> int | None:
    """Which applicant of the case a draft speaks of: by name, by address, or the one without a name."""
    if draft.name:
        for i, a in enumerate(people):
            if a.name and (same_name(a.name[0].text, draft.name) or _part_of(draft.name, a.name[0].text)):
                return i
    address = draft.values["email"][0].text if draft.values.get("email") else ""
    for i, a in enumerate(people):
        if address and a.one("email") == address and (not draft.name or not a.name):
            return i
    nameless = [i for i, a in enumerate(people) if not a.name]
    if len(nameless) == 1 and len(people) == 1:
        return nameless[0]
    return 0 if len(people) == 1 and not draft.name else None


_RENAMES = re.compile(
    r"\bnev\w*\b[^.!?]{0,40}\b(?:helyesen|valojaban|pontosan|elirt\w*|rosszul|hibas\w*|teves\w*)|\b(?:elirt\w*|helyesen|rosszul|hibasan|tevesen)\b[^.!?]{0,40}\bnev\w*"
)


def _renamed(mail: Mail, people: list[Applicant]) -> list[Applicant]:
    """ "a nevét elírtam, helyesen Vassy Hajnalka": the right name is the last one of the sentence."""
    out = list(people)
    for block, index, line in (
        (b, i, line) for b in mail.blocks if b.layer == 0 and b.role is Role.BODY for i, line in enumerate(b.lines)
    ):
        spotted = persons.find(line) if _RENAMES.search(fold(line)) else []
        if not spotted:
            continue
        name = spotted[-1].name
        if any(a.name and same_name(a.name[0].text, name) for a in out):
            continue
        words = {fold(p) for p in parts(name)}
        alike = [i for i, a in enumerate(out) if a.name and words & {fold(p) for p in parts(a.name[0].text)}]
        target = alike[0] if len(alike) == 1 else 0 if len(out) == 1 else None
        if target is not None:
            right = Value(name, evidence(block, index, line), name, labelled=True)
            lifted = tuple(code for code in out[target].lifted if not code.startswith("name."))
            out[target] = replace(out[target], name=(right,), lifted=lifted)
    return out


def _part_of(a: str, b: str) -> bool:
    x, y = {fold(p) for p in parts(a)}, {fold(p) for p in parts(b)}
    return (len(x) >= 2 and x <= y) or (len(y) >= 2 and y <= x)


def _update(applicant: Applicant, draft: Draft, body: str, wrong: set[str]) -> Applicant:
    changes: dict[str, object] = {}
    if draft.names and (not applicant.name or "name" in wrong) and is_full(draft.name):
        changes["name"] = (draft.names[0],)
    for field in (*FIELDS, "email"):
        values = draft.values.get(field)
        if values and {v.text for v in values} != {v.text for v in getattr(applicant, field)}:
            changes[field] = _newest(field, values)
    if draft.programs:
        changes["programs"] = _programs(applicant.programs, draft.programs, body)
    if changes and applicant.lifted:  # what an officer settled was about the old value
        changes["lifted"] = tuple(c for c in applicant.lifted if c.partition(".")[0] not in changes)
    return replace(applicant, **changes) if changes else applicant  # type: ignore[arg-type]


def _newest(field: str, values: list[Value]) -> tuple[Value, ...]:
    distinct = list({v.text: v for v in values}.values())
    if field == "email" and len(distinct) > 1:
        valid = [v for v in distinct if is_valid(v.text)]
        distinct = valid or distinct
    return tuple(distinct)


def _programs(old: tuple[Mention, ...], new: list[Mention], body: str) -> tuple[Mention, ...]:
    """The newest mail wins; what resolved before stays when the answer only settles what was unclear, or says "is", "mellé"."""
    resolved = [m for m in old if m.status == "resolved"]
    unclear = [m for m in old if m.status != "resolved"]
    fresh = list({(m.status, m.programs, m.value.text if m.status == "unknown" else ""): m for m in new}.values())
    if unclear or not old or _ADDS.search(body):
        kept = [m for m in resolved if not any(n.programs == m.programs for n in fresh)]
        return (*kept, *fresh)
    return tuple(fresh)


def _without(applicant: Applicant, refusals: frozenset[str]) -> Applicant:
    """Programs expressly taken back ("nem X, hanem Y", "X helyett Y") and wishes that were unclear and are now not wanted."""
    if not refusals:
        return applicant
    kept = tuple(m for m in applicant.programs if not (m.status == "resolved" and m.programs[0] in refusals))
    return replace(applicant, programs=kept) if kept and kept != applicant.programs else applicant


def _with_loose(people: list[Applicant], found: Findings, wrong: dict[int, set[str]], body: str) -> list[Applicant]:
    for field in (*FIELDS, "email", "name"):
        items = [item for item in found.loose if item.name == field and item.value.evidence.standing == 3]
        items = [item for item in items if item.value.labelled] or items
        if not items:
            continue
        values = tuple({item.value.text: item.value for item in items}.values())
        lacking = [i for i in range(len(people)) if field in wrong.get(i, set())]
        targets = lacking
        if field in {"email", "name"}:
            targets = (
                lacking if len(lacking) == 1 else ([0] if len(people) == 1 and (lacking or field == "email") else [])
            )
        elif not lacking and (_labelled(items) or _CORRECTION.search(body)):
            targets = (
                list(range(len(people)))
                if len({getattr(a, field)[:1] and getattr(a, field)[0].text for a in people}) == 1
                else []
            )
        for i in targets:
            if {v.text for v in values} != {v.text for v in getattr(people[i], field)}:
                people[i] = replace(people[i], **{field: values})  # type: ignore[arg-type]
    mentions = [m for m, _, _ in found.programs if m.value.evidence.standing == 3]
    if mentions:
        lacking = [i for i in range(len(people)) if "programs" in wrong.get(i, set())]
        for i in lacking or ([0] if len(people) == 1 else []):
            people[i] = replace(people[i], programs=_programs(people[i].programs, mentions, body))
    return people


def _labelled(items: list[Loose]) -> bool:
    return any(item.value.labelled for item in items)


def _added(mail: Mail, people: list[Applicant], new: list[Draft], found: Findings) -> list[Applicant]:
    """Further applicants of the answer; they take the case's municipality, PIR and county unless they bring their own."""
    if not new:
        return people
    added = assemble_applicants(mail, Findings(new, found.loose, [] if len(people) + len(new) > 1 else found.programs))
    if (
        len(people) == 1 and not people[0].name and not people[0].email
    ):  # the placeholder is replaced when real applicants come
        base, people = people[0], []
    else:
        base = people[0] if people else Applicant()
    filled = []
    for applicant in added:
        changes = {f: getattr(base, f) for f in FIELDS if not getattr(applicant, f) and _agreed(people or [base], f)}
        filled.append(replace(applicant, **changes))
    return people + filled


def _agreed(people: list[Applicant], field: str) -> bool:
    return len({tuple(v.text for v in getattr(a, field)) for a in people}) == 1
