"""Which case a mail belongs to, what it does there, and which states follow (POLICY sections 1 and 6). Pure.

The store's rows come in as `Standing`; `place` says what becomes of the mail, `intake` carries it out.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from processor.reading import Mail, Role
from processor.understanding import Understood, understand
from processor.understanding.answer import Answer, answer
from rules.hungarian.names import is_full, same_name
from rules.hungarian.offices import freemail
from rules.hungarian.words import fold
from rules.model import Applicant, Finding, Person, Request

# The case's status that follows from its decision.
STATUS = {"ask": "waiting", "review": "review", "queue": "queued", "answer": "answered"}
STATUSES = ("waiting", "review", "queued", "answered", "closed")
STATUS_WORDS = {
    "waiting": "hiánypótlásra vár",
    "review": "ellenőrzendő",
    "queued": "sorban",
    "answered": "megválaszolva",
    "closed": "lezárva",
    "failed": "hibás levél",
}

_REFERENCE = re.compile(r"\bASPO-(\d{4})-(\d{6})\b", re.IGNORECASE)
_CORRECTION = re.compile(
    r"\b(?:elir\w*|helyesen|helyesbit\w*|javit\w*|teves\w*|hibasan|pontosit\w*|rosszul|elgepel\w*|helyett)\b"
)

_CODE_BYTES = 3  # 24 bits: nobody guesses one among the few letters that anybody may send a day


def code(secret: str, reference: str) -> str:
    """The check code of a case's reference, six hexadecimal digits: whoever has it has seen a letter of ours in the
    case."""
    return hmac.new(secret.encode(), reference.encode(), hashlib.sha256).hexdigest()[: 2 * _CODE_BYTES]


def has_code(subject: str, secret: str, reference: str) -> bool:
    return re.search(rf"#{code(secret, reference)}\b", subject, re.IGNORECASE) is not None


Found = Literal["thread", "reference", "sender"]


def references(subject: str) -> tuple[str, ...]:
    """Case references in a subject, upper case: `ASPO-2026-000042`."""
    return tuple(dict.fromkeys(f"ASPO-{y}-{n}" for y, n in _REFERENCE.findall(subject)))


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands. `batched`: positions of applicants who are in a batch already. `findings`: what is wrong
    with it."""

    id: int
    reference: str
    status: str
    request: Request
    parties: frozenset[str] = frozenset()
    batched: frozenset[int] = frozenset()
    findings: tuple[Finding, ...] = ()
    found: Found = "thread"
    sure: bool = True  # found by a letter of ours, or by a reference with its check code
    silent: bool = False  # closed because no answer came


@dataclass(frozen=True, slots=True)
class Placement:
    """What becomes of a mail.

    `action`: "merge" (the case takes `request`), "new" (a case of its own), "note" (recorded in the case, which stays
    as it is),
    "review" (recorded in the case, which a person looks at). `reason`: for the history, in Hungarian.
    """

    action: Literal["merge", "new", "note", "review"]
    kind: str
    request: Request
    reason: str = ""


def is_party(address: str, parties: Iterable[str]) -> bool:
    """Whether an address is a party of a case, or stands at a party's own domain (POLICY section 6); never by a
    free-mail provider's."""
    known = frozenset(parties)
    domain = address.rpartition("@")[2]
    return address in known or (
        bool(domain) and domain not in freemail() and any(p.rpartition("@")[2] == domain for p in known)
    )


def doubt(mail: Mail, own: frozenset[str], parties: Iterable[str] = ()) -> str:
    """Why the mail's sender is not to be trusted, in Hungarian; "" when nothing speaks against it.

    `parties`: those of the case that it answers. A Reply-To that is no party gets no letter: whoever forges a sender
    wants the answer elsewhere.
    """
    if mail.doubt or mail.reply_to is None or mail.reply_to.address in own:
        return mail.doubt
    known = {p.address for p in (mail.sender, *mail.to, *mail.cc) if p is not None} - own
    return "" if is_party(mail.reply_to.address, known | set(parties)) else "a válaszcím (Reply-To) más helyre mutat"


def alone(mail: Mail, own: frozenset[str]) -> Understood:
    """The mail judged by itself, without any case."""
    understood = understand(mail, own)
    if understood.kind == "automatic":
        return understood
    return replace(understood, request=replace(understood.request, doubt=doubt(mail, own)))


def belongs(sender: Person, standing: Standing) -> bool:
    """Whether a sender belongs to the case: named in it, or writing from the same organisation's domain.

    Somebody of the case who writes from another address (POLICY section 6) is known by the whole name.
    """
    address = sender.address
    if address in standing.parties:
        return True
    known = (standing.request.sender, *standing.request.recipients)
    if is_full(sender.name) and any(
        p is not None and is_full(p.name) and same_name(p.name, sender.name) for p in known
    ):
        return True
    domain = address.rpartition("@")[2]
    return bool(domain) and domain not in freemail() and any(p.rpartition("@")[2] == domain for p in standing.parties)


def _brought_in(mail: Mail, standing: Standing) -> bool:
    """Somebody new who answers our very letter with somebody of the case in copy: the clerk from a private address,
    say."""
    return (
        standing.sure
        and standing.found == "thread"
        and any(p.address in standing.parties for p in (*mail.to, *mail.cc))
    )


def place(mail: Mail, own: frozenset[str], standing: Standing | None) -> Placement:
    """What becomes of a mail that is not automatic. `standing`: the case that its thread, reference or sender points
    at, if any."""
    if standing is None:
        mine = alone(mail, own)
        return Placement("new", mine.kind, mine.request)
    if reason := doubt(mail, own, standing.parties):
        return Placement("review", "other", standing.request, f"a feladó nem megbízható: {reason}")
    if (
        mail.sender is None
        or not (belongs(mail.sender, standing) or _brought_in(mail, standing))
        or not (standing.sure or mail.sender.address in standing.parties)
    ):
        return _foreign(mail, own, standing)
    if not standing.request.applicants:
        return _no_request(mail, own, standing)
    if standing.found == "sender":
        return _by_sender(mail, own, standing)
    answered = answer(mail, own, standing.request, standing.findings)
    if standing.status in {"waiting", "review"} or standing.silent:
        return _waiting(answered, standing)
    return _finished(mail, own, standing, answered)


def _no_request(mail: Mail, own: frozenset[str], standing: Standing) -> Placement:
    """A further mail in a case that asked for nobody: help that did not help is for a person, a request is a case of
    its own."""
    mine = alone(mail, own)
    if mine.kind == "acknowledgement":
        return Placement("note", mine.kind, standing.request, "köszönet vagy tudomásulvétel")
    if mine.kind == "registration":
        return Placement("new", mine.kind, mine.request)
    return Placement("review", mine.kind, standing.request, "a válaszunk után is maradt kérdés")


def _waiting(answered: Answer, standing: Standing) -> Placement:
    if answered.kind == "completion":
        return _merge(answered, standing)
    if answered.kind == "acknowledgement":
        return Placement("note", "acknowledgement", standing.request, "köszönet vagy tudomásulvétel")
    return Placement(
        "review", answered.kind, standing.request, "kérdés, visszavonás vagy más, amit munkatársnak kell megnéznie"
    )


def _merge(answered: Answer, standing: Standing) -> Placement:
    """Applicants who are in a batch already stay as they are; changing one is for a person (POLICY section 3,
    account.known)."""
    people = list(answered.request.applicants)
    touched = [i for i in standing.batched if i < len(people) and people[i] != standing.request.applicants[i]]
    for i in touched:
        people[i] = standing.request.applicants[i]
    request = replace(answered.request, applicants=tuple(people))
    if touched:
        return Placement("review", "completion", request, "már kötegben lévő kérelmező adatát javítaná")
    return Placement("merge", "completion", request)


def _finished(mail: Mail, own: frozenset[str], standing: Standing, answered: Answer) -> Placement:
    """An answer in a case that waits for nothing: a correction before the batch, a new request, thanks, or something
    else."""
    if answered.kind == "acknowledgement":
        return Placement("note", "acknowledgement", standing.request, "köszönet vagy tudomásulvétel")
    before = standing.request.applicants
    after = answered.request.applicants
    changed = [i for i, a in enumerate(before) if i < len(after) and after[i] != a]
    mine = alone(mail, own)
    newcomers = mine.kind == "registration" and not _only_known(mine.request.applicants, before)
    correcting = bool(changed) and (bool(_CORRECTION.search(_body(mail))) or not newcomers)
    if correcting and answered.kind == "completion":
        if any(i in standing.batched for i in changed) or standing.status == "closed":
            return Placement("review", "completion", standing.request, "javítás a köteg elkészülte után")
        if standing.status == "queued":
            return Placement(
                "merge",
                "completion",
                replace(answered.request, applicants=after[: len(before)]) if newcomers else answered.request,
            )
    if mine.kind == "registration" or mine.kind in {"password_help", "access_help", "acknowledgement"}:
        return Placement("new", mine.kind, mine.request)
    return Placement("review", mine.kind, standing.request, "válasz egy lezárult ügyben")


def _by_sender(mail: Mail, own: frozenset[str], standing: Standing) -> Placement:
    """Thread and reference are lost, and exactly one waiting case is the sender's: an answer only if it asks for
    nobody else."""
    mine = alone(mail, own)
    if mine.kind == "registration" and not _only_known(mine.request.applicants, standing.request.applicants):
        return Placement("new", mine.kind, mine.request)
    if mine.kind in {"password_help", "access_help", "acknowledgement"}:
        return Placement("new", mine.kind, mine.request)
    answered = answer(mail, own, standing.request, standing.findings)
    if answered.kind == "completion":
        return _merge(answered, standing)
    return Placement("new", mine.kind, mine.request)


def _foreign(mail: Mail, own: frozenset[str], standing: Standing) -> Placement:
    """Somebody who does not belong to the case: a request of their own is a new case, anything else is for a person.
    The case stays untouched."""
    mine = alone(mail, own)
    if _is_own_request(mine, standing):
        return Placement("new", mine.kind, mine.request)
    kind = mine.kind if mine.kind in {"acknowledgement"} else "other"
    return Placement("new", kind, mine.request, f"a feladó nem tartozik a hivatkozott ügyhöz ({standing.reference})")


def _is_own_request(mine: Understood, standing: Standing) -> bool:
    if mine.kind in {"password_help", "access_help"}:
        return True
    named = [a for a in mine.request.applicants if a.name]
    return mine.kind == "registration" and bool(named) and not _only_known(tuple(named), standing.request.applicants)


def _only_known(people: tuple[Applicant, ...], known: tuple[Applicant, ...]) -> bool:
    """Whether every named one of `people` is an applicant of the case already."""
    return all(any(_is_same(a, k) for k in known) for a in people if a.name)


def _is_same(a: Applicant, b: Applicant) -> bool:
    if a.name and b.name and same_name(a.name[0].text, b.name[0].text):
        return True
    address = a.one("email")
    return bool(address) and address == b.one("email")


def _body(mail: Mail) -> str:
    return "\n".join(fold(line) for b in mail.blocks if b.layer == 0 and b.role is Role.BODY for line in b.lines)
