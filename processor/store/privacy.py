"""What retention and a person's own rights (GDPR articles 15 and 17) ask of the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from processor.cases.states import GONE, OPEN, WAITING_TO_GO, LetterState, MailState, Outcome, Status

from .records import Records
from .rows import Json
from .schema import accounts, applicants, batch_files, batches, cases, history, mails, outbox, parties

_MOST_CASES = 5_000  # emptied in one round
_EMPTY: Json = {
    "applicants": [],
    "recipients": [],
    "clerks_named": [],
    "unreadable": [],
    "open": [],
    "doubt": "",
    "sender": None,
    "clerk_before": False,
}
_KEPT = ("county", "programs", "problems", "outcome")  # of an applicant's row: what the numbers need
_BLANK: Json = {"name": None, "municipality": None, "pir": None, "email": None, "evidence": {}}
_NO_LETTER: Json = {"raw": b"", "recipients": [], "first_recipient": ""}


class Privacy(Records):
    # ------------------------------------------------------------ what has been kept long enough

    def erase_raw(self, before: dt.datetime) -> tuple[int, int]:
        """Raw mails and letters older than that, of cases that wait for nothing; (mails, letters)."""
        live = sa.select(cases.c.id).where(cases.c.status.in_(OPEN))
        old_mails = (
            mails.c.received_at < before,
            mails.c.raw.is_not(None),
            mails.c.state.in_([MailState.DONE, MailState.DUPLICATE]),
            sa.or_(mails.c.case_id.is_(None), mails.c.case_id.not_in(live)),
        )
        old_letters = (
            outbox.c.created_at < before,
            outbox.c.raw != b"",
            outbox.c.state.in_(GONE),
            sa.or_(outbox.c.case_id.is_(None), outbox.c.case_id.not_in(live)),
        )
        gone = self._forget_mails(*old_mails)
        return gone, self.connection.execute(sa.update(outbox).where(*old_letters).values(_NO_LETTER)).rowcount

    def erase_people(self, before: dt.datetime) -> int:
        """The people of finished cases not touched since then, and the batches' content of that age; how many cases."""
        finished = cases.c.status.in_([Status.CLOSED, Status.ANSWERED])
        query = sa.select(cases.c.id).where(cases.c.updated_at < before, finished, cases.c.search != "")
        ids = list(self.connection.scalars(query.limit(_MOST_CASES)))
        for case_id in ids:
            self._empty_case(case_id)
        old = list(self.connection.scalars(sa.select(batches.c.id).where(batches.c.created_at < before)))
        if old:
            self.connection.execute(sa.delete(batch_files).where(batch_files.c.batch_id.in_(old)))
            emptied = sa.update(batches).where(batches.c.id.in_(old)).values(content={"rows": []}, files=[])
            self.connection.execute(emptied)
        return len(ids)

    # ------------------------------------------------------------ one person

    def about_person(self, address: str) -> Json:
        """Everything that names the address, for the person who asks for it."""
        of_parties = sa.select(parties.c.case_id).where(parties.c.address == address)
        of_applicants = sa.select(applicants.c.case_id).where(applicants.c.email == address)
        case_ids = sorted({*self.connection.scalars(of_parties), *self.connection.scalars(of_applicants)})
        mine = (
            sa.select(applicants.c.row, applicants.c.queued_at, cases.c.reference)
            .join(cases, cases.c.id == applicants.c.case_id)
            .where(applicants.c.email == address)
        )
        account = self._first(sa.select(accounts).where(accounts.c.address == address))
        letters = sa.select(outbox.c.created_at, outbox.c.raw).where(outbox.c.first_recipient == address)
        named = sa.select(cases.c.reference, cases.c.status, cases.c.created_at).where(cases.c.id.in_(case_ids))
        return {
            "address": address,
            "account": dict(account) if account else None,
            "applicant": [
                {**row["row"], "reference": row["reference"], "queued": _iso(row["queued_at"])}
                for row in self._all(mine)
            ],
            "cases": [
                {"reference": row["reference"], "status": row["status"], "created": _iso(row["created_at"])}
                for row in self._all(named)
            ],
            "letters": [
                {"created": _iso(row["created_at"]), "letter": bytes(row["raw"]).decode("utf-8", "replace")}
                for row in self._all(letters)
            ],
        }

    def erase_person(self, address: str) -> int:
        """Takes a person out of everything but the numbers; how many places were changed.

        A case in which somebody else applies too stays, without this applicant; a batch that was made keeps its count.
        """
        changed = self.connection.execute(sa.delete(accounts).where(accounts.c.address == address)).rowcount
        rows: list[Any] = self._all(sa.select(applicants).where(applicants.c.email == address))
        for row in rows:
            self._erase_applicant(address, row)
        changed += len(rows)
        to_person = outbox.c.first_recipient == address
        self._withdraw(to_person)
        changed += self.connection.execute(sa.update(outbox).where(to_person).values(_NO_LETTER)).rowcount
        changed += self.connection.execute(sa.delete(parties).where(parties.c.address == address)).rowcount
        return changed + self._erase_from_batches(address)

    def _erase_applicant(self, address: str, row: Any) -> None:
        case_id = row["case_id"]
        else_one = sa.or_(applicants.c.email.is_(None), applicants.c.email != address)
        if self._count(applicants, applicants.c.case_id == case_id, else_one):
            self._blank_in_request(case_id, row["position"])
            self._empty_applicant(row["id"], row["row"])
            self.connection.execute(sa.update(cases).where(cases.c.id == case_id).values(note=""))
        else:
            self._empty_case(case_id)
            self.connection.execute(sa.update(cases).where(cases.c.id == case_id).values(status=Status.CLOSED))
        unbatched = (applicants.c.id == row["id"], applicants.c.batch_id.is_(None))
        self.connection.execute(sa.update(applicants).where(*unbatched).values(outcome=Outcome.DROPPED))
        self._forget_mails(mails.c.case_id == case_id)
        self.connection.execute(sa.update(outbox).where(outbox.c.case_id == case_id).values(raw=b""))
        self._withdraw(outbox.c.case_id == case_id)
        self._blank_history(case_id)

    def _erase_from_batches(self, address: str) -> int:
        changed = 0
        for batch_id, content in self.connection.execute(sa.select(batches.c.id, batches.c.content)).all():
            kept = [row for row in content.get("rows", []) if row.get("email") != address]
            if len(kept) == len(content.get("rows", [])):
                continue
            emptied = sa.update(batches).where(batches.c.id == batch_id)
            self.connection.execute(emptied.values(content={**content, "rows": kept}, files=[]))
            self.connection.execute(sa.delete(batch_files).where(batch_files.c.batch_id == batch_id))
            handed_over = (outbox.c.purpose == "batch", outbox.c.message_id.like(f"<beirato.{content['name']}.%"))
            self._withdraw(*handed_over)  # an empty mail would go to the administrator
            self.connection.execute(sa.update(outbox).where(*handed_over).values(raw=b""))
            changed += 1
        return changed

    # ------------------------------------------------------------ one place each

    def _forget_mails(self, *which: sa.ColumnElement[bool]) -> int:
        forgotten = {"raw": None, "message_id": "", "answering": sa.null()}
        return self.connection.execute(sa.update(mails).where(*which).values(forgotten)).rowcount

    def _withdraw(self, *which: sa.ColumnElement[bool]) -> None:
        waiting = outbox.c.state.in_(WAITING_TO_GO)
        self.connection.execute(sa.update(outbox).where(*which, waiting).values(state=LetterState.WITHDRAWN))

    def _empty_case(self, case_id: int) -> None:
        emptied = sa.update(cases).where(cases.c.id == case_id).values(request=_EMPTY, search="", note="")
        self.connection.execute(emptied)
        self.connection.execute(sa.delete(parties).where(parties.c.case_id == case_id))
        self._blank_history(case_id)
        for row in self._all(sa.select(applicants).where(applicants.c.case_id == case_id)):
            self._empty_applicant(row["id"], row["row"])

    def _blank_history(self, case_id: int) -> None:
        self.connection.execute(sa.update(history).where(history.c.case_id == case_id).values(detail=""))

    def _empty_applicant(self, applicant_id: int, row: Json) -> None:
        kept = {key: row.get(key) for key in _KEPT}
        emptied = sa.update(applicants).where(applicants.c.id == applicant_id)
        self.connection.execute(emptied.values(name=None, email=None, row={**_BLANK, **kept}))

    def _blank_in_request(self, case_id: int, position: int) -> None:
        kept = self._first(sa.select(cases.c.request, cases.c.search).where(cases.c.id == case_id))
        request = {**kept["request"], "open": []}  # what was left open quotes the mail
        people = list(request.get("applicants", []))
        if position < len(people):
            people[position] = {"dropped": True}
        emptied = {"request": {**request, "applicants": people}, "search": kept["search"] and "(törölve)"}
        self.connection.execute(sa.update(cases).where(cases.c.id == case_id).values(emptied))


def _iso(when: dt.datetime | None) -> str | None:
    return when.isoformat() if when else None
