"""The way back from Moodle: who of a batch was enrolled, and what Moodle did not report (MOODLE.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from processor.batches.content import Content, Enrolment
from processor.batches.imports import ImportFault
from processor.batches.results import lacking
from processor.batches.results import read as read_result
from processor.cases.states import Status
from processor.letters.compose import render
from processor.letters.post import Office, Posting, post
from processor.store import Store, Transaction
from processor.store.rows import BatchedRow, BatchRow
from processor.worktime import Clock
from rules.hungarian.catalogue import programs as catalogue


@dataclass(slots=True)
class Confirmed:
    """`done`: how many were enrolled as asked. `errors`: "név (hivatkozás): a Moodle nem jelezte vissza: ..."."""

    done: int = 0
    errors: list[str] = field(default_factory=list)


class Confirm:
    """Confirms batches. It can be done again: those taken out before stay out, the accounts are written once more."""

    def __init__(self, store: Store, office: Office, clock: Clock, closing_letter: bool = False) -> None:
        self.store, self.office, self.clock, self.closing_letter = store, office, clock, closing_letter

    def confirm(self, name: str, result: Sequence[Sequence[str]] | None) -> Confirmed:
        """`result`: the lines of Moodle's list; None: everybody was enrolled. ImportFault when there is no such batch
        or the list is another's."""
        now = self.clock()
        with self.store.begin() as session:
            batch = _batch(session, name)
            enrolments = {one.email: one for one in Content.from_json(batch["content"]).enrolments}
            unconfirmed = _unconfirmed(name, list(enrolments.values()), result) if result is not None else {}
            out = Confirmed()
            enrolled: list[int] = []  # the cases of those who were
            confirmed: dict[str, Enrolment] = {}  # by address; whoever was taken out has no account by it
            for applicant in session.batches.applicants(batch["id"]):
                address = (applicant["email"] or "").lower()
                if trouble := unconfirmed.get(address):
                    _reopen(session, applicant, trouble, now)
                    out.errors.append(f"{applicant['name']} ({applicant['reference']}): {trouble}")
                elif address in enrolments:
                    out.done += 1
                    enrolled.append(applicant["case_id"])
                    confirmed[address] = enrolments[address]
                    session.cases.note(applicant["case_id"], now, "confirmed", name)
            _remember(session, list(confirmed.values()))
            if batch["confirmed_at"] is None:
                session.batches.confirm(batch["id"], now)
                if self.closing_letter:
                    for case_id in dict.fromkeys(enrolled):
                        self._letter(session, case_id, name)
        return out

    def _letter(self, session: Transaction, case_id: int, batch: str) -> None:
        """Only when nobody of the case waits for anything any more."""
        case = session.cases.get(case_id=case_id)
        if case is None or case["status"] != Status.CLOSED:
            return
        people = [
            {
                "name": row["name"],
                "email": row["email"],
                "programs": [catalogue()[p].short for p in row["new_programs"] if p in catalogue()],
            }
            for row in session.cases.applicants(case_id)
            if row["batch_id"] is not None
        ]
        made = render("enrolled", reference=case["reference"], people=people)
        post(
            session,
            self.office,
            made,
            self.clock(),
            Posting(case_id, case["reference"], "enrolled", f"beiratva.{batch}"),
        )


def _batch(session: Transaction, name: str) -> BatchRow:
    """The batch with its content. ImportFault when there is none, or its people were erased."""
    batch = session.batches.get(name)
    if batch is None:
        raise ImportFault(f"Nincs ilyen köteg: {name}.")
    if not batch["files"]:
        raise ImportFault(f"A köteg ({name}) személyes adatai már törölve vannak.")
    return batch


def _reopen(session: Transaction, applicant: BatchedRow, trouble: str, now: dt.datetime) -> None:
    """Whom Moodle did not take leaves the batch and goes to an officer."""
    session.batches.take_out(applicant["id"])
    note = f"{applicant['name']}: {trouble}"
    session.cases.update(applicant["case_id"], now, status=Status.REVIEW, note=note)
    session.cases.note(applicant["case_id"], now, "moodle_error", note)


def _remember(session: Transaction, enrolled: Sequence[Enrolment]) -> None:
    """Their accounts are known from now on, with the programs known before and the new ones."""
    known = session.known.facts([one.email for one in enrolled]).accounts
    session.known.import_accounts(
        [
            {
                "address": one.email,
                "name": one.name,
                "username": one.username,
                "municipality": one.institution,
                "programs": sorted({*one.programs, *(known[one.email].programs if one.email in known else ())}),
            }
            for one in enrolled
        ]
    )


def _unconfirmed(name: str, enrolments: Sequence[Enrolment], result: Sequence[Sequence[str]]) -> dict[str, str]:
    """Address to what Moodle's list did not report of that person. ImportFault when the list is not this batch's."""
    said, foreign = read_result(enrolments, result)
    sure = "biztosan ehhez a köteghez tartozik?"
    if not any(one.named for one in said):
        raise ImportFault(f"A fájlban a köteg ({name}) egyetlen felhasználója sem szerepel; {sure}")
    if foreign:
        raise ImportFault(f"A fájl sorai nem a köteg ({name}) sorai; {sure}")
    lacks = {enrolment.email: lacking(enrolment, one) for enrolment, one in zip(enrolments, said, strict=True)}
    return {address: trouble for address, trouble in lacks.items() if trouble}
