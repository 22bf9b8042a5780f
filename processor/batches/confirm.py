"""The way back from Moodle: who of a batch was enrolled, and where it failed, in Moodle's own words (MOODLE.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from processor.batches.content import Content
from processor.batches.imports import ImportFault
from processor.letters.compose import render
from processor.letters.post import Office, post, to_answer
from processor.store.repository import Session, Store
from processor.worktime import Clock
from rules.hungarian.courses import programs as catalogue

# Words of Moodle's result cells that mean failure, English and Hungarian. "Errors: 0" at the end says nothing: an unknown course is not counted there.
_FAILED = re.compile(
    r"\berror\b|\bhiba|not added|nem lett hozzáadva|unknown course|ismeretlen kurzus|duplicate|ismétlődő|duplik|invalid|érvénytelen|missing|hiányz|not updated|skipped|kihagy|failed|sikertelen|cannot|nem lehet",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Confirmed:
    """`errors`: "név (hivatkozás): a Moodle szavai"."""

    done: int = 0
    errors: list[str] = field(default_factory=list)


class Confirm:
    """Confirms batches. It can be done again: those taken out before stay out, the accounts are written once more."""

    def __init__(self, store: Store, office: Office, clock: Clock, closing_letter: bool = False) -> None:
        self.store, self.office, self.clock, self.closing_letter = store, office, clock, closing_letter

    def confirm(self, name: str, result: Sequence[Sequence[str]] | None) -> Confirmed:
        """`result`: the lines of Moodle's list; None: everybody was enrolled. ImportFault when there is no such batch or the list is another's."""
        now = self.clock()
        out = Confirmed()
        with self.store.begin() as session:
            batch = session.batch(name)
            if batch is None:
                raise ImportFault(f"Nincs ilyen köteg: {name}.")
            if not batch["files"]:
                raise ImportFault(f"A köteg ({name}) személyes adatai már törölve vannak.")
            rows = {row.email: row for row in Content.from_json(batch["content"]).rows}
            failures = _failures({row.username: address for address, row in rows.items()}, result) if result is not None else {}
            if result is not None and len(failures) == len(rows) and set(failures.values()) == {_ABSENT}:
                raise ImportFault(f"A fájlban a köteg ({name}) egyetlen felhasználója sem szerepel; biztosan ehhez a köteghez tartozik?")
            finished: Counter[int] = Counter()
            for applicant in session.batch_applicants(batch["id"]):
                address = (applicant["email"] or "").lower()
                if trouble := failures.get(address):
                    session.take_out_of_batch(applicant["id"])
                    session.update_case(applicant["case_id"], now, status="review", note=f"{applicant['name']}: a Moodle-ben hiba volt: {trouble}")
                    session.note(applicant["case_id"], now, "moodle_error", f"{applicant['name']}: {trouble}")
                    out.errors.append(f"{applicant['name']} ({applicant['reference']}): {trouble}")
                elif address in rows:
                    out.done += 1
                    finished[applicant["case_id"]] += 1
                    session.note(applicant["case_id"], now, "confirmed", name)
            good = [row for address, row in rows.items() if address not in failures]
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
            {"name": row["name"], "email": row["email"], "programs": [catalogue()[p].short for p in row["new_programs"] if p in catalogue()]}
            for row in session.case_applicants(case_id)
            if row["batch_id"] is not None
        ]
        mail = to_answer(session, self.office, case_id)
        made = render("enrolled", reference=case["reference"], people=people)
        post(session, self.office, made, self.clock(), case_id=case_id, reference=case["reference"], mail=mail, purpose="enrolled", key=f"beiratva.{batch}")


_ABSENT = "nem szerepel a Moodle eredményében"


def _failures(usernames: dict[str, str], result: Sequence[Sequence[str]]) -> dict[str, str]:
    """Address to what went wrong. Whoever the list does not name was not uploaded."""
    out: dict[str, str] = {}
    seen: set[str] = set()
    for cells in result:
        words = {word for cell in cells for word in re.split(r"[\s;,|\t]+", cell.strip().lower())}
        for username in words & usernames.keys():
            seen.add(username)
            wrong = [" ".join(cell.split()) for cell in cells if _FAILED.search(cell)]
            if wrong:
                out[usernames[username]] = "; ".join(wrong)[:500]
    out.update({address: _ABSENT for username, address in usernames.items() if username not in seen})
    return out
