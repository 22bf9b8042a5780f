"""A read mail to what it asks for. Pure. `understand` is the way in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from processor.reading import Mail, bounds
from rules.hungarian.words import short
from rules.model import Kind, Open, Request

from . import acts, forms, reader
from .answer import is_thanks, own_words
from .assemble import applicants as assemble_applicants
from .assemble import loose_applicant, wish_of
from .draft import Findings


@dataclass(frozen=True, slots=True)
class Understood:
    """`kind` as in POLICY section 1; `reason`: why a mail is automatic or too much to be understood, in Hungarian."""

    kind: Kind
    request: Request
    reason: str = ""


def understand(mail: Mail, own: frozenset[str]) -> Understood:
    """What a person's mail asks for (`automatic.why` tells the others). `own`: our own addresses, in lower case."""
    recipients = tuple(p for p in (*mail.to, *mail.cc) if p.address not in own)
    empty = Request(sender=mail.sender, recipients=recipients)
    plain = forms.plain(mail)
    verdict = acts.judge(plain)
    kind = _kind(mail, verdict)
    if verdict.kind is not None and kind != Kind.REGISTRATION:
        return Understood(kind, empty)
    read = reader.read(plain, own)
    found = read.found
    if found.too_many or _scattered(found):
        return Understood(Kind.OTHER, empty, reason=bounds.TOO_MANY)
    if kind != Kind.REGISTRATION or (verdict.kind is None and not _holds_anything(read)):
        return Understood(Kind.OTHER, empty)
    doubtful = () if verdict.kind else (Open(short(mail.subject or "–"), "levél", _doubt(verdict)),)
    cut = tuple(Open(short(fault), "levél", "ezt a részt a program nem olvasta el") for fault in mail.faults)
    request = Request(
        tuple(assemble_applicants(mail, found)) or (loose_applicant(found),),
        mail.sender,
        recipients,
        tuple(dict.fromkeys(found.clerks)),
        unreadable=tuple(a.name for a in mail.attachments if a.trouble),
        open=tuple(dict.fromkeys((*read.open, *cut, *doubtful))),
    )
    return Understood(kind, request)


def _kind(mail: Mail, verdict: acts.Verdict) -> Kind:
    """Nothing is passed over or answered on a leaning: what is not surely something else is for a person. Thanks hold
    nothing else."""
    if verdict.kind == Kind.ACKNOWLEDGEMENT and not is_thanks(own_words(mail)):
        return Kind.OTHER
    if verdict.kind is not None and verdict.kind != Kind.AUTOMATIC:
        return verdict.kind
    return Kind.REGISTRATION if verdict.likely == Kind.REGISTRATION else Kind.OTHER


def _holds_anything(read: reader.Read) -> bool:
    return bool(read.found.drafts or read.found.loose or read.found.programs or read.open)


def _doubt(verdict: acts.Verdict) -> str:
    return "nem egyértelmű, mit kér (" + ", ".join(verdict.words) + ")"


def _scattered(found: Findings) -> bool:
    """Whether more stands there for nobody in particular, or for one person, than anybody would write."""
    fields = Counter(name for name, _ in {(item.name, item.value.text) for item in found.loose})
    wishes = [[m for m, _, _ in found.programs], *(d.programs for d in found.drafts)]
    different = [len({wish_of(m) for m in mentions}) for mentions in wishes if len(mentions) > bounds.MOST_LOOSE]
    return max([*fields.values(), *different, len(set(found.clerks))]) > bounds.MOST_LOOSE
