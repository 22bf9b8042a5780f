"""An answer into its case: the newest mail's value wins over an older mail's (POLICY sections 1 and 6). Pure: the case
comes in, the whole case as it now stands goes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from processor.reading import Mail, bounds
from processor.understanding.answer import Reply
from processor.understanding.answer import read as read_reply
from processor.understanding.draft import Draft, Loose
from processor.understanding.reader import Known
from rules.clerk import in_copy
from rules.hungarian.addresses import is_valid
from rules.hungarian.names import is_full, parts, same_name
from rules.hungarian.words import fold
from rules.model import Applicant, Facts, Finding, Kind, Mention, Person, Request, Value

SHARED = ("municipality", "pir", "county")  # fields that a case's applicants have in common
_BODY = 3  # the standing of the mail's own text


@dataclass(frozen=True, slots=True)
class Answer:
    """`kind`: completion | acknowledgement | other. `request`: the whole case after it (unchanged unless
    completion). `reason`: why a person has to look, in Hungarian."""

    kind: Kind
    request: Request
    reason: str = ""


def answer(mail: Mail, own: frozenset[str], case: Request, findings: Sequence[Finding]) -> Answer:
    """What a person's mail means in the case. `findings`: what is wrong with it so far (what our letter asked for)."""
    expected = frozenset(f.field for f in findings if f.applicant is not None)
    reply = read_reply(mail, own, expected, _known(case, findings))
    if reply.found.too_many:
        return Answer(Kind.OTHER, case, bounds.TOO_MANY)
    merged = merge(mail, own, case, findings, reply)
    merged = replace(merged, open=tuple(dict.fromkeys((*case.open, *reply.open))))
    if merged.applicants != case.applicants:
        return Answer(Kind.COMPLETION, merged)
    kind = _kind_without_data(reply, case, merged, clerk_asked=any(f.applicant is None for f in findings))
    if kind == Kind.ACKNOWLEDGEMENT and (reply.open or reply.strangers):
        first = (*reply.open, *reply.strangers)[0]
        return Answer(Kind.OTHER, case, f"köszönet, de tisztázandó is van benne: „{first.text}” ({first.why})")
    return Answer(kind, merged if kind == Kind.COMPLETION else case)


def _known(case: Request, findings: Sequence[Finding]) -> list[Known]:
    """The applicants of the case who have a name, with what is in order of each."""
    out = []
    for index, applicant in enumerate(case.applicants):
        wrong = {finding.field for finding in findings if finding.applicant == index}
        held = {field for field in (*SHARED, "email", "programs") if getattr(applicant, field) and field not in wrong}
        if applicant.name:
            out.append(Known(applicant.name[0].text, frozenset(held)))
    return out


def _kind_without_data(reply: Reply, case: Request, merged: Request, clerk_asked: bool) -> Kind:
    """What a mail is that changes no applicant: the clerk's copy alone completes a case that lacked only that."""
    if reply.withdraws:
        return Kind.OTHER
    if clerk_asked and in_copy(merged, Facts()):
        return Kind.COMPLETION
    if reply.thanks:
        return Kind.ACKNOWLEDGEMENT
    copied = clerk_asked and merged.recipients != case.recipients
    return Kind.COMPLETION if copied and not reply.asks else Kind.OTHER


def merge(mail: Mail, own: frozenset[str], case: Request, findings: Sequence[Finding], reply: Reply) -> Request:
    """The case with what the reply gives."""
    people = list(case.applicants)
    wrong = {i: {f.field for f in findings if f.applicant == i} for i in range(len(people))}
    people, strangers = _told_apart(reply, people, wrong)
    people = _renamed(reply.renamed, people)
    strangers = [d for d in strangers if not any(_is_named(a, d.name) for a in people)]
    people = _with_loose(reply, people, wrong)
    people = [_without(a, reply.refused) for a in people]
    people = _with_newcomers(mail, reply, people, strangers)
    return replace(
        case,
        applicants=tuple(people),
        sender=mail.sender,
        recipients=_recipients(mail, own, case),
        clerks_named=tuple(dict.fromkeys((*case.clerks_named, *reply.found.clerks))),
        clerk_before=in_copy(case, Facts()),
        unreadable=tuple(dict.fromkeys((*case.unreadable, *(a.name for a in mail.attachments if a.trouble)))),
    )


def _recipients(mail: Mail, own: frozenset[str], case: Request) -> tuple[Person, ...]:
    written_to = (p for p in (*mail.to, *mail.cc) if p.address not in own)
    return tuple({p.address: p for p in (*case.recipients, *written_to)}.values())


# ---------------------------------------------------------------- whom the reply speaks of


def _told_apart(
    reply: Reply, people: list[Applicant], wrong: dict[int, set[str]]
) -> tuple[list[Applicant], list[Draft]]:
    """The case's applicants with what the reply says of each; and drafts of people whom the case does not know."""
    people, strangers = list(people), []
    for draft in reply.found.drafts:
        index = _who(draft, people)
        if index is not None:
            people[index] = _updated(people[index], draft, reply, wrong.get(index, set()))
        elif draft.name and (draft.values.get("email") or draft.programs or draft.strong):
            strangers.append(draft)
    return people, strangers


def _who(draft: Draft, people: Sequence[Applicant]) -> int | None:
    """Which applicant of the case a draft speaks of: by name, by address, or the only one when it names nobody."""
    for i, applicant in enumerate(people):
        if draft.name and (_is_named(applicant, draft.name) or _is_partly_named(applicant, draft.name)):
            return i
    for i, applicant in enumerate(people):
        if _has_address(applicant, draft):
            return i
    return 0 if len(people) == 1 and (not draft.name or not people[0].name) else None


def _has_address(applicant: Applicant, draft: Draft) -> bool:
    """The same address, where not both are named: two names with one address are two people."""
    address = draft.values["email"][0].text if draft.values.get("email") else ""
    return bool(address) and applicant.one("email") == address and not (draft.name and applicant.name)


def _is_named(applicant: Applicant, name: str) -> bool:
    return bool(applicant.name) and same_name(applicant.name[0].text, name)


def _is_partly_named(applicant: Applicant, name: str) -> bool:
    """One of the two names within the other: a married name, a second given name left out."""
    if not applicant.name:
        return False
    x, y = {fold(p) for p in parts(name)}, {fold(p) for p in parts(applicant.name[0].text)}
    return (len(x) >= 2 and x <= y) or (len(y) >= 2 and y <= x)


def _renamed(names: Iterable[Value], people: Sequence[Applicant]) -> list[Applicant]:
    """Right names in the place of wrong ones."""
    out = list(people)
    for value in names:
        target = None if any(_is_named(a, value.text) for a in out) else _misnamed(value.text, out)
        if target is not None:
            lifted = tuple(code for code in out[target].lifted if not code.startswith("name."))
            out[target] = replace(out[target], name=(value,), lifted=lifted)
    return out


def _misnamed(name: str, people: Sequence[Applicant]) -> int | None:
    """Whose name was written wrongly: the only one who shares a word with the right one, or the only applicant."""
    if len(people) == 1:
        return 0
    words = {fold(p) for p in parts(name)}
    alike = [i for i, a in enumerate(people) if a.name and words & {fold(p) for p in parts(a.name[0].text)}]
    return alike[0] if len(alike) == 1 else None


# ---------------------------------------------------------------- what it changes


def _updated(applicant: Applicant, draft: Draft, reply: Reply, wrong: set[str]) -> Applicant:
    changes: dict[str, object] = {}
    if draft.names and (not applicant.name or "name" in wrong) and is_full(draft.name):
        changes["name"] = (draft.names[0],)
    given = {field: draft.values[field] for field in (*SHARED, "email") if draft.values.get(field)}
    for field, values in given.items():
        if _texts(values) != _texts(getattr(applicant, field)):
            changes[field] = _newest(field, values)
    if draft.programs:
        changes["programs"] = _programs(applicant.programs, draft.programs, reply.adds)
    return _changed(applicant, changes)


def _changed(applicant: Applicant, changes: dict[str, object]) -> Applicant:
    if not changes:
        return applicant
    # What an officer settled was about the old value.
    lifted = tuple(code for code in applicant.lifted if code.partition(".")[0] not in changes)
    return replace(applicant, lifted=lifted, **changes)  # type: ignore[arg-type]


def _texts(values: Iterable[Value]) -> set[str]:
    return {v.text for v in values}


def _newest(field: str, values: Sequence[Value]) -> tuple[Value, ...]:
    distinct = list({v.text: v for v in values}.values())
    if field == "email" and len(distinct) > 1:
        distinct = [v for v in distinct if is_valid(v.text)] or distinct
    return tuple(distinct)


def _programs(old: Sequence[Mention], new: Sequence[Mention], adds: bool) -> tuple[Mention, ...]:
    """The newest mail wins; what resolved before stays when the answer only settles what was unclear, or adds."""
    resolved = [m for m in old if m.status == "resolved"]
    fresh = list({(m.status, m.programs, m.value.text if m.status == "unknown" else ""): m for m in new}.values())
    if old and len(resolved) == len(old) and not adds:
        return tuple(fresh)
    kept = [m for m in resolved if not any(n.programs == m.programs for n in fresh)]
    return (*kept, *fresh)


def _without(applicant: Applicant, refused: frozenset[str]) -> Applicant:
    """Without programs expressly taken back ("nem X, hanem Y"); the last one stays, for a person to see."""
    kept = tuple(m for m in applicant.programs if m.status != "resolved" or m.programs[0] not in refused)
    return replace(applicant, programs=kept) if kept and len(kept) < len(applicant.programs) else applicant


def _with_loose(reply: Reply, people: list[Applicant], wrong: dict[int, set[str]]) -> list[Applicant]:
    """Values that stand for nobody in particular go to whoever lacks one."""
    for field in (*SHARED, "email", "name"):
        items = reply.loose(field)
        values = tuple({item.value.text: item.value for item in items}.values())
        for i in _targets(field, items, reply, people, wrong) if values else ():
            if _texts(values) != _texts(getattr(people[i], field)):
                people[i] = replace(people[i], **{field: values})  # type: ignore[arg-type]
    return _with_loose_programs(reply, people, _lacking("programs", people, wrong))


def _with_loose_programs(reply: Reply, people: list[Applicant], lacking: list[int]) -> list[Applicant]:
    mentions = [m for m, _, _ in reply.found.programs if m.value.evidence.standing == _BODY]
    if mentions:
        for i in lacking or ([0] if len(people) == 1 else []):
            people[i] = replace(people[i], programs=_programs(people[i].programs, mentions, reply.adds))
    return people


def _lacking(field: str, people: Sequence[Applicant], wrong: dict[int, set[str]]) -> list[int]:
    return [i for i in range(len(people)) if field in wrong.get(i, set())]


def _targets(
    field: str, items: Sequence[Loose], reply: Reply, people: Sequence[Applicant], wrong: dict[int, set[str]]
) -> list[int]:
    """Whose a loose value of the field is: those of whom it is wrong or missing; else everybody's who agree in it."""
    lacking = _lacking(field, people, wrong)
    if field in {"email", "name"}:
        return _one_target(field, people, lacking)
    if lacking or not (reply.corrects or any(item.value.labelled for item in items)):
        return lacking
    return list(range(len(people))) if _agree(people, field) else []


def _one_target(field: str, people: Sequence[Applicant], lacking: list[int]) -> list[int]:
    """Of a field that is one person's own."""
    if len(lacking) == 1:
        return lacking
    return [0] if len(people) == 1 and (lacking or field == "email") else []


def _agree(people: Sequence[Applicant], field: str) -> bool:
    return len({tuple(v.text for v in getattr(a, field)) for a in people}) == 1


def _with_newcomers(mail: Mail, reply: Reply, people: list[Applicant], strangers: list[Draft]) -> list[Applicant]:
    """Further applicants of the answer; they take the case's municipality, PIR and county unless they bring their
    own."""
    if not strangers:
        return people
    added = reply.newcomers(mail, list(strangers), alone=len(people) + len(strangers) == 1)
    base = people[0] if people else Applicant()
    if len(people) == 1 and not people[0].name and not people[0].email:
        people = []  # the placeholder is replaced when real applicants come
    common = [f for f in SHARED if _agree(people or [base], f)]
    return people + [_filled(applicant, base, common) for applicant in added]


def _filled(applicant: Applicant, base: Applicant, fields: Iterable[str]) -> Applicant:
    lacking = {f: getattr(base, f) for f in fields if not getattr(applicant, f)}
    return replace(applicant, **lacking)
