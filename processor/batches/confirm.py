"""The way back from Moodle: who of a batch was enrolled, and what Moodle did not report (MOODLE.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from processor.batches.content import Content, Row
from processor.batches.imports import ImportFault
from processor.batches.results import lacking
from processor.batches.results import read as read_result
from processor.letters.compose import render
from processor.letters.post import Office, post, to_answer
from processor.store.repository import Session, Store
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
        now = self.clock()
        out = Confirmed()
        with self.store.begin() as session:
            batch = session.batch(name)
            if batch is None:
                raise ImportFault(f"Nincs ilyen köteg: {name}.")
            if not batch["files"]:
                raise ImportFault(f"A köteg ({name}) személyes adatai már törölve vannak.")
            rows = {row.email: row for row in Content.from_json(batch["content"]).rows}
            unconfirmed = _unconfirmed(name, list(rows.values()), result) if result is not None else {}
            finished: Counter[int] = Counter()
            for applicant in session.batch_applicants(batch["id"]):
                address = (applicant["email"] or "").lower()
                if trouble := unconfirmed.get(address):
                    session.take_out_of_batch(applicant["id"])
                    note = f"{applicant['name']}: {trouble}"
                    session.update_case(applicant["case_id"], now, status="review", note=note)
                    session.note(applicant["case_id"], now, "moodle_error", note)
                    out.errors.append(f"{applicant['name']} ({applicant['reference']}): {trouble}")
                elif address in rows:
                    out.done += 1
                    finished[applicant["case_id"]] += 1
                    session.note(applicant["case_id"], now, "confirmed", name)
            good = [row for address, row in rows.items() if address not in unconfirmed]
            known = session.facts([row.email for row in good]).accounts
            session.import_accounts(
                [
                    {
                        "address": row.email,
                        "name": row.name,
                        "username": row.username,
                        "municipality": row.institution,
                        "programs": sorted({*row.programs, *(known[row.email].programs if row.email in known else ())}),
                    }
                    for row in good
                ]
            )
            if batch["confirmed_at"] is None:
                session.confirm_batch(batch["id"], now)
                if self.closing_letter:
                    for case_id in finished:
                        self._letter(session, case_id, name)
        return out

    def _letter(self, session: Session, case_id: int, batch: str) -> None:
        """Only when nobody of the case waits for anything any more."""
        case = session.case(case_id=case_id)
        if case is None or case["status"] != "closed":
            return
        people = [
            {
                "name": row["name"],
                "email": row["email"],
                "programs": [catalogue()[p].short for p in row["new_programs"] if p in catalogue()],
            }
            for row in session.case_applicants(case_id)
            if row["batch_id"] is not None
        ]
        mail = to_answer(session, self.office, case_id)
        made = render("enrolled", reference=case["reference"], people=people)
        post(
            session,
            self.office,
            made,
            self.clock(),
            case_id=case_id,
            reference=case["reference"],
            mail=mail,
            purpose="enrolled",
            key=f"beiratva.{batch}",
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
