"""A read mail to what it asks for. Pure. `understand` is the way in; a layout of mail is a finder of FINDERS."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from processor.reading import Mail, Role, bounds
from rules.hungarian.addresses import spells
from rules.hungarian.names import eastern, is_full, parts, same_name, tidy
from rules.hungarian.offices import examples
from rules.hungarian.words import fold
from rules.model import Applicant, Evidence, Kind, Open, Person, Request, Value

from . import bodies, corrections, forms, people, persons, tables, text
from .assemble import applicants as assemble_applicants
from .assemble import loose_applicant, wish_of
from .draft import Draft, Findings
from .gate import unaccounted, unanswered
from .kind import Signals, classify
from .people import is_first_person
from . import reader


@dataclass(frozen=True, slots=True)
class Understood:
    """`kind` as in POLICY section 1; `reason`: why a mail is automatic or too much to be understood, in Hungarian."""

    kind: Kind
    request: Request
    reason: str = ""


def find(
    mail: Mail, own: frozenset[str], expected: frozenset[str] = frozenset(), known: tuple[str, ...] = ()
) -> Findings:
    """Everything that any finder found. `expected` and `known` as in `text.read`."""
    found = Findings()
    mail = forms.plain(mail)
    extra: dict[int, list[str]] = {}
    for number, block in enumerate(mail.blocks):
        if block.rows and block.role is not Role.QUOTED:
            left = tables.find(block, number, found)
            if left:
                extra[number] = left
    read = text.read(mail, extra, found, expected, known)
    nobody = own | examples()
    read.scraps = [s for s in read.scraps if not (s.field == "email" and s.value and s.value.text in nobody)]
    for draft in found.drafts:
        if "email" in draft.values:
            draft.values["email"] = [v for v in draft.values["email"] if v.text not in nobody] or []
            if not draft.values["email"]:
                del draft.values["email"]
    rows = list(found.drafts)
    found.too_many |= _crowded(rows, read)
    if found.too_many:
        return found
    people.gather(mail, read, found, rows)
    corrections.apply(mail, found)
    found.too_many = len(found.drafts) > bounds.MOST_PEOPLE or _scattered(found)
    return found


def _crowded(rows: list[Draft], read: text.Text) -> bool:
    """Whether more was found in tables and text than can be compared."""
    addresses = {s.value.text for s in read.scraps if s.field == "email" and s.value}
    people = max(len(rows), len(read.people), len(addresses))
    return people > bounds.MOST_PEOPLE or len(read.scraps) > bounds.MOST_VALUES


def _scattered(found: Findings) -> bool:
    """Whether more stands there for nobody in particular, or for one person, than anybody would write."""
    fields = Counter(name for name, _ in {(item.name, item.value.text) for item in found.loose})
    wishes = [[m for m, _, _ in found.programs], *(d.programs for d in found.drafts)]
    different = [len({wish_of(m) for m in mentions}) for mentions in wishes if len(mentions) > bounds.MOST_LOOSE]
    return max([*fields.values(), *different, len(set(found.clerks))]) > bounds.MOST_LOOSE


def understand(mail: Mail, own: frozenset[str]) -> Understood:
    """What a person's mail asks for (`automatic.why` tells the others). `own`: our own addresses, in lower case."""
    import os
    mode = os.environ.get("MODE", "r")
    if mode == "g":
        return _one(mail, own, "g")
    if mode in {"r", "rg"}:
        return _one(mail, own, mode)
    r, g = _one(mail, own, "r"), _one(mail, own, "g")
    if r.kind == g.kind and _same(r.request, g.request):
        if mode == "agree":
            return replace(r, request=replace(r.request, open=()))
        return r
    return replace(r, request=replace(r.request, open=(*r.request.open, Open("zwei", "x", "y"))))


def _same(a: Request, b: Request) -> bool:
    def sig(x):
        return frozenset(tidy(fold(x.name[0].text)) if x.name else "" for _ in (1,)), frozenset(fold(v.text) for v in x.email), frozenset(v.text for v in x.pir), frozenset(v.text for v in x.county), frozenset(p for m in x.programs for p in m.programs), frozenset(fold(m.value.text) for m in x.programs if m.status != "resolved")
    return sorted(map(repr, (tuple(sorted(map(str, s)) for s in sig(x)) for x in a.applicants))) == sorted(map(repr, (tuple(sorted(map(str, s)) for s in sig(x)) for x in b.applicants)))


def _one(mail: Mail, own: frozenset[str], mode: str) -> Understood:
    recipients = tuple(p for p in (*mail.to, *mail.cc) if p.address not in own)
    ropen = ()
    if mode == "g":
        found = find(mail, own)
    else:
        read = reader.read(forms.plain(mail), own)
        found, ropen = read.found, read.open
    if found.too_many:
        return Understood(Kind.OTHER, Request(sender=mail.sender, recipients=recipients), reason=bounds.TOO_MANY)
    unreadable = tuple(a.name for a in mail.attachments if a.trouble)
    applicants = assemble_applicants(mail, found)
    kind = Kind(classify(mail, _signals(mail, found, applicants, bool(unreadable))))
    if kind != Kind.REGISTRATION:
        return Understood(kind, Request(sender=mail.sender, recipients=recipients, open=unanswered(mail, kind)))
    if not applicants:
        applicants = [loose_applicant(found)]
    applicants = _sender_address(mail, found, applicants)
    request = Request(
        tuple(applicants), mail.sender, recipients, tuple(dict.fromkeys(found.clerks)), unreadable=unreadable
    )
    if mode == "r":
        from .gate import _Gate
        from .kind import asks_for_registration
        left = tuple(_Gate(mail, own, request, Request()).cut_off())
        if not left and not ropen and not asks_for_registration(mail):
            left = (Open(mail.subject or "–", "levél", "nem egyértelmű, hogy regisztrációt kér-e"),)
    else:
        left = unaccounted(forms.plain(mail), own, request, mode=mode)
    return Understood(kind, replace(request, open=tuple(dict.fromkeys((*ropen, *left)))))


def _signals(mail: Mail, found: Findings, applicants: list[Applicant], unreadable: bool) -> Signals:
    named = sum(1 for a in applicants if a.name)
    values = {name for d in found.drafts for name in d.values} | {
        item.name for item in found.loose if item.value.evidence.standing >= 2
    }
    programs = sum(len(a.programs) for a in applicants) or len(found.programs)
    documents = (
        any(not a.trouble and not a.decoration for a in mail.attachments)
        or len({b.layer for b in mail.blocks if b.role is Role.BODY}) > 1
    )
    return Signals(named, len(values), programs, unreadable, documents)


def _layers_text(mail: Mail, layer: int) -> str:
    return "\n".join(
        line for b in mail.blocks if b.layer == layer and b.role in {Role.BODY, Role.SUBJECT} for line in b.lines
    )


def _first_person(mail: Mail, found: Findings) -> None:
    """No labelled name and a request in the first person: the applicant is its writer (POLICY section 2)."""
    if any(d.names for d in found.drafts):
        return
    for layer, about in enumerate(mail.layers):
        if not is_first_person(_layers_text(mail, layer)):
            continue
        name = _writer(mail, layer)
        draft = next((d for d in found.drafts if not d.names), None)
        if draft is None:
            draft = Draft((0, 0, 0), layer=layer)
            found.drafts.append(draft)
        if name:
            draft.names.append(Value(name, Evidence("aláírás vagy feladó", 1, name, 1), name))
        draft.layer = layer
        _claim(mail, found, draft, about.sender, name)
        return


def _claim(mail: Mail, found: Findings, draft: Draft, sender: Person | None, name: str) -> None:
    """The writer's own address: one in the body; in the signature only when it is spelled from the name; else the sender's."""
    if "email" in draft.values:
        return
    loose = [item for item in found.loose if item.name == "email"]
    body = [item.value for item in loose if item.value.evidence.standing == 3]
    signed = [
        item.value for item in loose if item.value.evidence.standing == 1 and name and spells(item.value.text, name)
    ]
    if body or signed:
        for value in body or signed[:1]:
            draft.add("email", value)
    elif sender is not None and sender.address:
        draft.add("email", Value(sender.address, Evidence("feladó", 1, sender.address, 1), sender.address))


def _writer(mail: Mail, layer: int) -> str:
    """Who wrote that letter: named by the signature, else by the display name if that is a person's."""
    for block in mail.blocks:
        if block.layer == layer and block.role is Role.SIGNATURE:
            for line in block.lines:
                if spotted := persons.find(line):
                    return eastern(spotted[0].name)
                bare = persons.loose(line) if len(line) < 50 else None
                sender = mail.layers[layer].sender
                if bare and is_full(bare) and sender and (same_name(bare, sender.name) or spells(sender.address, bare)):
                    return eastern(tidy(bare))
    lines = [line for b in mail.blocks if b.layer == layer and b.role is Role.BODY for line in b.lines if line.strip()]
    for line in lines[-3:]:
        if len(line) < 50 and (spotted := persons.find(line)):
            return eastern(spotted[0].name)
    sender = mail.layers[layer].sender
    if sender and sender.name and (persons.find(sender.name) or _person_by_address(sender)):
        name = persons.loose(sender.name)
        return eastern(name) if name and is_full(name) else ""
    return ""


def _person_by_address(sender: Person) -> bool:
    return len(parts(sender.name)) >= 2 and spells(sender.address, sender.name) and not bodies.is_body(sender.name)


def _sender_address(mail: Mail, found: Findings, applicants: list[Applicant]) -> list[Applicant]:
    """No address for a sole applicant who is the sender: the sender's address is the applicant's (POLICY section 2)."""
    if len(applicants) != 1 or applicants[0].email or not applicants[0].name:
        return applicants
    name = applicants[0].name[0].text
    layer = next((d.layer for d in found.drafts if d.names), 0)
    for sender in (
        mail.layers[layer].sender if layer < len(mail.layers) else None,
        mail.sender if layer == 0 else None,
    ):
        if (
            sender
            and sender.address
            and (
                same_name(sender.name, name)
                or (spells(sender.address, name) and fold(name.split()[-1])[:3] in fold(sender.address))
            )
        ):
            return [
                replace(
                    applicants[0],
                    email=(Value(sender.address, Evidence("feladó", 1, sender.address, 1), sender.address),),
                )
            ]
    return applicants
