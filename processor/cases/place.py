"""Which case a mail belongs to, and what it does there (POLICY sections 1 and 6). Pure.

The store's rows come in as `Case`; `place` says what becomes of the mail, `acts.intake` carries it out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from processor.cases.merge import Answer, answer
from processor.cases.parties import doubt, is_party
from processor.cases.states import HELP, Status
from processor.reading import Mail, Role
from processor.understanding import Understood, understand
from rules.hungarian.names import is_full, same_name
from rules.hungarian.words import fold
from rules.model import Applicant, Finding, Kind, Person, Request

_CORRECTION = re.compile(
    r"\b(?:elir\w*|helyesen|helyesbit\w*|javit\w*|teves\w*|hibasan|pontosit\w*|rosszul|elgepel\w*|helyett)\b"
)
_ALSO_ALONE = HELP | {Kind.ACKNOWLEDGEMENT}  # what a mail may be beside a case of its sender
_THANKS = "köszönet vagy tudomásulvétel"
_FOR_A_PERSON = "kérdés, visszavonás vagy más, amit munkatársnak kell megnéznie"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands. `batched`: positions of applicants who are in a batch already. `findings`: what is wrong.

    `found`: how the mail led to it; `sure`: by a letter of ours, or by a reference with its check code; `silent`: it
    was closed because no answer came.
    """

    id: int
    reference: str
    status: Status
    request: Request
    parties: frozenset[str] = frozenset()
    batched: frozenset[int] = frozenset()
    findings: tuple[Finding, ...] = ()
    found: Literal["thread", "reference", "sender"] = "thread"
    sure: bool = True
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """What becomes of a mail.

    `action`: "merge" (the case takes `request`), "new" (a case of its own), "note" (recorded in the case, which stays
    as it is), "review" (recorded in the case, which a person looks at). `reason`: for the history, in Hungarian.
    """

    action: Literal["merge", "new", "note", "review"]
    kind: Kind
    request: Request
    reason: str = ""


def alone(mail: Mail, own: frozenset[str]) -> Understood:
    """The mail of a person judged by itself, without any case."""
    understood = understand(mail, own)
    return replace(understood, request=replace(understood.request, doubt=doubt(mail, own)))


def belongs(sender: Person, case: Case) -> bool:
    """Whether a sender belongs to the case: named in it, or writing from the same organisation's domain.

    Somebody of the case who writes from another address (POLICY section 6) is known by the whole name.
    """
    if is_party(sender.address, case.parties):
        return True
    known = (case.request.sender, *case.request.recipients)
    names = [p.name for p in known if p is not None and is_full(p.name)]
    return is_full(sender.name) and any(same_name(name, sender.name) for name in names)


def _brought_in(mail: Mail, case: Case) -> bool:
    """Somebody new who answers our very letter with somebody of the case in copy: the clerk from a private address."""
    in_copy = any(p.address in case.parties for p in (*mail.to, *mail.cc))
    return in_copy and case.sure and case.found == "thread"


def _may_answer(mail: Mail, case: Case) -> bool:
    if mail.sender is None or not (case.sure or mail.sender.address in case.parties):
        return False
    return belongs(mail.sender, case) or _brought_in(mail, case)


def place(mail: Mail, own: frozenset[str], case: Case | None) -> Placement:
    """What becomes of a person's mail. `case`: that its thread, reference or sender points at, if any."""
    if case is None:
        return _of_its_own(alone(mail, own))
    if reason := doubt(mail, own, case.parties):
        return Placement("review", Kind.OTHER, case.request, f"a feladó nem megbízható: {reason}")
    if not _may_answer(mail, case):
        return _foreign(mail, own, case)
    if not case.request.applicants:
        return _no_request(mail, own, case)
    if case.found == "sender":
        return _by_sender(mail, own, case)
    answered = answer(mail, own, case.request, case.findings)
    if case.status in {Status.WAITING, Status.REVIEW} or case.silent:
        return _waiting(answered, case)
    return _finished(mail, own, case, answered)


def _of_its_own(mine: Understood, reason: str = "") -> Placement:
    """A case of its own, with the reason why a person has to look, where the mail gives one. `reason`: as an answer."""
    return Placement("new", mine.kind, mine.request, mine.reason or reason)


def _said(words: str, reason: str) -> str:
    """The words for the history, with the reason that the mail itself gives, if any."""
    return f"{words}: {reason}" if reason else words


def _no_request(mail: Mail, own: frozenset[str], case: Case) -> Placement:
    """A further mail in a case that asked for nobody: help that did not help is for a person, a request is a case of
    its own."""
    mine = alone(mail, own)
    if mine.kind == Kind.ACKNOWLEDGEMENT:
        return Placement("note", mine.kind, case.request, _THANKS)
    if mine.kind == Kind.REGISTRATION:
        return _of_its_own(mine)
    return Placement("review", mine.kind, case.request, _said("a válaszunk után is maradt kérdés", mine.reason))


def _waiting(answered: Answer, case: Case) -> Placement:
    if answered.kind == Kind.COMPLETION:
        return _merge(answered, case)
    if answered.kind == Kind.ACKNOWLEDGEMENT:
        return Placement("note", Kind.ACKNOWLEDGEMENT, case.request, _THANKS)
    return Placement("review", answered.kind, case.request, answered.reason or _FOR_A_PERSON)


def _merge(answered: Answer, case: Case) -> Placement:
    """Applicants who are in a batch already stay as they are; changing one is for a person (POLICY section 3,
    account.known)."""
    people = list(answered.request.applicants)
    touched = [i for i in case.batched if i < len(people) and people[i] != case.request.applicants[i]]
    for i in touched:
        people[i] = case.request.applicants[i]
    request = replace(answered.request, applicants=tuple(people))
    if touched:
        return Placement("review", Kind.COMPLETION, request, "már kötegben lévő kérelmező adatát javítaná")
    return Placement("merge", Kind.COMPLETION, request)


def _finished(mail: Mail, own: frozenset[str], case: Case, answered: Answer) -> Placement:
    """An answer in a case that waits for nothing: a correction before the batch, a new request, thanks, or else."""
    if answered.kind == Kind.ACKNOWLEDGEMENT:
        return Placement("note", Kind.ACKNOWLEDGEMENT, case.request, _THANKS)
    mine = alone(mail, own)
    asks_anew = mine.kind == Kind.REGISTRATION and not _only_known(mine.request.applicants, case.request.applicants)
    if (corrected := _corrected(mail, case, answered, asks_anew)) is not None:
        return corrected
    words = _said("válasz egy lezárult ügyben", mine.reason or answered.reason)
    if _leaves_open(mine, answered):
        return Placement("review", answered.kind, case.request, words)
    named = any(applicant.name for applicant in mine.request.applicants)
    if (mine.kind == Kind.REGISTRATION and named) or mine.kind in _ALSO_ALONE:
        return _of_its_own(mine)
    return Placement("review", mine.kind, case.request, words)


def _leaves_open(mine: Understood, answered: Answer) -> bool:
    """Thanks by itself, which as an answer to the case needs a person."""
    return mine.kind == Kind.ACKNOWLEDGEMENT and bool(answered.reason)


def _corrected(mail: Mail, case: Case, answered: Answer, asks_anew: bool) -> Placement | None:
    """What a correction of the case's applicants comes to; None when the answer is none."""
    before, after = case.request.applicants, answered.request.applicants
    changed = {i for i, a in enumerate(before) if i < len(after) and after[i] != a}
    if not changed or answered.kind != Kind.COMPLETION or (asks_anew and not _CORRECTION.search(_body(mail))):
        return None
    if changed & case.batched or case.status == Status.CLOSED:
        return Placement("review", Kind.COMPLETION, case.request, "javítás a köteg elkészülte után")
    if case.status != Status.QUEUED:
        return None
    request = replace(answered.request, applicants=after[: len(before)]) if asks_anew else answered.request
    return Placement("merge", Kind.COMPLETION, request)


def _by_sender(mail: Mail, own: frozenset[str], case: Case) -> Placement:
    """Thread and reference are lost, and exactly one waiting case is the sender's: an answer only if it asks for
    nobody else."""
    mine = alone(mail, own)
    if mine.kind == Kind.REGISTRATION and not _only_known(mine.request.applicants, case.request.applicants):
        return _of_its_own(mine)
    answered = answer(mail, own, case.request, case.findings)
    if _leaves_open(mine, answered):
        return Placement("review", answered.kind, case.request, answered.reason)
    if mine.kind in _ALSO_ALONE:
        return _of_its_own(mine)
    if answered.kind == Kind.COMPLETION:
        return _merge(answered, case)
    return _of_its_own(mine, answered.reason)


def _foreign(mail: Mail, own: frozenset[str], case: Case) -> Placement:
    """Somebody who does not belong to the case: a request of their own is a new case, anything else is for a person.
    The case stays untouched."""
    mine = alone(mail, own)
    if _is_own_request(mine, case):
        return _of_its_own(mine)
    kind = mine.kind if mine.kind == Kind.ACKNOWLEDGEMENT else Kind.OTHER
    stranger = f"a feladó nem tartozik a hivatkozott ügyhöz ({case.reference})"
    return Placement("new", kind, replace(mine.request, applicants=()), _said(stranger, mine.reason))


def _is_own_request(mine: Understood, case: Case) -> bool:
    if mine.kind in HELP:
        return True
    named = [a for a in mine.request.applicants if a.name]
    return mine.kind == Kind.REGISTRATION and bool(named) and not _only_known(tuple(named), case.request.applicants)


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
