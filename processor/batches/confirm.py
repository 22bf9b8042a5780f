"""The way back from Moodle: who of a batch was enrolled, and what Moodle did not report (MOODLE.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from processor.batches.content import Content, Row
from processor.batches.imports import ImportFault
from processor.batches.results import lacking
from processor.batches.results import read as read_result
from processor.cases.states import Status
from processor.letters.compose import render
from processor.letters.post import Office, Posting, post
from processor.store import Store, Transaction
from processor.store.rows import BatchRow
from processor.worktime import Clock
from rules.hungarian.catalogue import programs as catalogue


@dataclass(slots=True)
class Confirmed:
    """`done`: of whom everything was reported. `errors`: "név (hivatkozás): a Moodle nem jelezte vissza: ..."."""

    done: int = 0
    errors: list[str] = field(default_factory=list)


class Confirm:
    """Confirms batches. It can be done again: those taken out before stay out, the accounts are written once more."""

    def __init__(self, store: Store, office: Office, clock: Clock, closing_letter: bool = False) -> None:
        self.store, self.office, self.clock, self.closing_letter = store, office, clock, closing_letter

    def confirm(self, name: str, result: Sequence[Sequence[str]] | None) -> Confirmed:
        """`result`: the lines of Moodle's list; None: everybody was enrolled. ImportFault when there is no such batch
        or the list is another's."""
        with self.store.begin() as session:
            batch = session.batches.get(name)
            if batch is None:
                raise ImportFault(f"Nincs ilyen köteg: {name}.")
            if not batch["files"]:
                raise ImportFault(f"A köteg ({name}) személyes adatai már törölve vannak.")
            rows = {row.email: row for row in Content.from_json(batch["content"]).rows}
            unconfirmed = _unconfirmed(name, list(rows.values()), result) if result is not None else {}
            out, finished = self._settle(session, batch, rows, unconfirmed)
            _learn(session, [row for address, row in rows.items() if address not in unconfirmed])
            if batch["confirmed_at"] is None:
                session.batches.confirm(batch["id"], self.clock())
                for case_id in finished if self.closing_letter else ():
                    self._letter(session, case_id, name)
        return out

    def _settle(
        self, session: Transaction, batch: BatchRow, rows: Mapping[str, Row], unconfirmed: Mapping[str, str]
    ) -> tuple[Confirmed, list[int]]:
        """What is said of it, and the cases in which somebody was confirmed. Who was not goes to an officer."""
        out, finished = Confirmed(), {}
        now = self.clock()
        for applicant in session.batches.applicants(batch["id"]):
            address = (applicant["email"] or "").lower()
            if trouble := unconfirmed.get(address):
                session.batches.take_out(applicant["id"])
                note = f"{applicant['name']}: {trouble}"
                session.cases.update(applicant["case_id"], now, status=Status.REVIEW, note=note)
                session.cases.note(applicant["case_id"], now, "moodle_error", note)
                out.errors.append(f"{applicant['name']} ({applicant['reference']}): {trouble}")
            elif address in rows:
                out.done += 1
                finished[applicant["case_id"]] = True
                session.cases.note(applicant["case_id"], now, "confirmed", batch["name"])
        return out, list(finished)

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


def _learn(session: Transaction, confirmed: Sequence[Row]) -> None:
    """Who was enrolled has an account from now on."""
    known = session.known.facts([row.email for row in confirmed]).accounts
    before = {address: account.programs for address, account in known.items()}
    session.known.import_accounts(
        [
            {
                "address": row.email,
                "name": row.name,
                "username": row.username,
                "municipality": row.institution,
                "programs": sorted({*row.programs, *before.get(row.email, ())}),
            }
            for row in confirmed
        ]
    )


def _unconfirmed(name: str, rows: Sequence[Row], result: Sequence[Sequence[str]]) -> dict[str, str]:
    """Address to what Moodle's list did not report of that person. ImportFault when the list is not this batch's."""
    said, foreign = read_result(rows, result)
    sure = "biztosan ehhez a köteghez tartozik?"
    if not any(one.named for one in said):
        raise ImportFault(f"A fájlban a köteg ({name}) egyetlen felhasználója sem szerepel; {sure}")
    if foreign:
        raise ImportFault(f"A fájl sorai nem a köteg ({name}) sorai; {sure}")
    lacks = {row.email: lacking(row, one) for row, one in zip(rows, said, strict=True)}
    return {address: trouble for address, trouble in lacks.items() if trouble}
