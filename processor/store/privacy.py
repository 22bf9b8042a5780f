"""What retention and a person's own rights ask of the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from .schema import accounts, applicants, batch_files, batches, cases, history, mails, outbox, parties

_EMPTY: dict[str, Any] = {
    "applicants": [],
    "recipients": [],
    "clerks_named": [],
    "unreadable": [],
    "sender": None,
    "clerk_before": False,
}
_KEPT = ("county", "programs", "problems", "outcome")  # of an applicant's row: what the numbers need


class Privacy:
    """The part of a transaction (`repository.Session`) that forgets."""

    connection: sa.Connection

    def erase_raw(self, before: dt.datetime) -> tuple[int, int]:
        """Raw mails and letters older than that, of cases that wait for nothing; (mails, letters)."""
        live = sa.select(cases.c.id).where(cases.c.status.in_(["waiting", "review", "queued"]))
        run = self.connection.execute
        gone = run(
            sa.update(mails)
            .where(
                mails.c.received_at < before,
                mails.c.raw.is_not(None),
                mails.c.state.in_(["done", "duplicate"]),
                sa.or_(mails.c.case_id.is_(None), mails.c.case_id.not_in(live)),
            )
            .values(raw=None, message_id="")
        )
        sent = run(
            sa.update(outbox)
            .where(
                outbox.c.created_at < before,
                outbox.c.raw != b"",
                outbox.c.state.in_(["sent", "failed", "withdrawn"]),
                sa.or_(outbox.c.case_id.is_(None), outbox.c.case_id.not_in(live)),
            )
            .values(raw=b"", recipients=[], first_recipient="")
        )
        return gone.rowcount, sent.rowcount

    def erase_people(self, before: dt.datetime) -> int:
        """The people of finished cases not touched since then, and the batches' content of that age; how many cases."""
        run = self.connection.execute
        query = sa.select(cases.c.id).where(
            cases.c.updated_at < before, cases.c.status.in_(["closed", "answered"]), cases.c.search != ""
        )
        ids = list(self.connection.scalars(query.limit(5000)))
        for case_id in ids:
            self._empty_case(case_id)
        old = list(self.connection.scalars(sa.select(batches.c.id).where(batches.c.created_at < before)))
        if old:
            run(sa.delete(batch_files).where(batch_files.c.batch_id.in_(old)))
            run(sa.update(batches).where(batches.c.id.in_(old)).values(content={"rows": []}, files=[]))
        return len(ids)

    def _empty_case(self, case_id: int) -> None:
        run = self.connection.execute
        run(sa.update(cases).where(cases.c.id == case_id).values(request=_EMPTY, search="", note=""))
        run(sa.delete(parties).where(parties.c.case_id == case_id))
        run(sa.update(history).where(history.c.case_id == case_id, history.c.action != "opened").values(detail=""))
        for row in run(sa.select(applicants.c.id, applicants.c.row).where(applicants.c.case_id == case_id)).all():
            self._empty_applicant(row[0], row[1])

    def _empty_applicant(self, applicant_id: int, row: dict[str, Any]) -> None:
        kept = {key: row.get(key) for key in _KEPT}
        blank: dict[str, Any] = {"name": None, "municipality": None, "pir": None, "email": None, "evidence": {}}
        self.connection.execute(
            sa.update(applicants)
            .where(applicants.c.id == applicant_id)
            .values(name=None, email=None, row={**blank, **kept})
        )

    def about_person(self, address: str) -> dict[str, Any]:
        """Everything that names the address, for the person who asks for it."""
        run = self.connection.execute
        case_ids = sorted(
            {
                *self.connection.scalars(sa.select(parties.c.case_id).where(parties.c.address == address)),
                *self.connection.scalars(sa.select(applicants.c.case_id).where(applicants.c.email == address)),
            }
        )
        mine = run(
            sa.select(applicants.c.row, applicants.c.queued_at, cases.c.reference)
            .join(cases, cases.c.id == applicants.c.case_id)
            .where(applicants.c.email == address)
        ).mappings()
        account = run(sa.select(accounts).where(accounts.c.address == address)).mappings().first()
        letters = run(
            sa.select(outbox.c.created_at, outbox.c.raw).where(outbox.c.first_recipient == address)
        ).mappings()
        references = run(
            sa.select(cases.c.reference, cases.c.status, cases.c.created_at).where(cases.c.id.in_(case_ids))
        ).mappings()
        return {
            "address": address,
            "account": dict(account) if account else None,
            "applicant": [
                {
                    **row["row"],
                    "reference": row["reference"],
                    "queued": row["queued_at"].isoformat() if row["queued_at"] else None,
                }
                for row in mine
            ],
            "cases": [
                {"reference": row["reference"], "status": row["status"], "created": row["created_at"].isoformat()}
                for row in references
            ],
            "letters": [
                {"created": row["created_at"].isoformat(), "letter": bytes(row["raw"]).decode("utf-8", "replace")}
                for row in letters
            ],
        }

    def erase_person(self, address: str) -> int:
        """Every applicant's row, account and letter of the address, and the whole of the cases in which they were the
        only applicant."""
        run = self.connection.execute
        changed = run(sa.delete(accounts).where(accounts.c.address == address)).rowcount
        rows = run(
            sa.select(applicants.c.id, applicants.c.case_id, applicants.c.row, applicants.c.position).where(
                applicants.c.email == address
            )
        ).all()
        for applicant_id, case_id, row, position in rows:
            others = self.connection.scalar(
                sa.select(sa.func.count())
                .select_from(applicants)
                .where(
                    applicants.c.case_id == case_id, sa.or_(applicants.c.email.is_(None), applicants.c.email != address)
                )
            )
            if not others:
                self._empty_case(case_id)
                run(sa.update(cases).where(cases.c.id == case_id).values(status="closed"))
            else:
                self._blank_in_request(case_id, position)
                self._empty_applicant(applicant_id, row)
                run(sa.update(cases).where(cases.c.id == case_id).values(note=""))
            run(
                sa.update(applicants)
                .where(applicants.c.id == applicant_id, applicants.c.batch_id.is_(None))
                .values(outcome="dropped")
            )
            run(sa.update(mails).where(mails.c.case_id == case_id).values(raw=None, message_id=""))
            run(sa.update(outbox).where(outbox.c.case_id == case_id).values(raw=b""))
            run(
                sa.update(outbox)
                .where(outbox.c.case_id == case_id, outbox.c.state.in_(["pending", "held"]))
                .values(state="withdrawn")
            )
            run(sa.update(history).where(history.c.case_id == case_id, history.c.action != "opened").values(detail=""))
            changed += 1
        waiting = outbox.c.state.in_(["pending", "held"])
        run(sa.update(outbox).where(outbox.c.first_recipient == address, waiting).values(state="withdrawn"))
        changed += run(
            sa.update(outbox)
            .where(outbox.c.first_recipient == address)
            .values(raw=b"", recipients=[], first_recipient="")
        ).rowcount
        changed += run(sa.delete(parties).where(parties.c.address == address)).rowcount
        for batch_id, content in run(sa.select(batches.c.id, batches.c.content)).all():
            kept = [row for row in content.get("rows", []) if row.get("email") != address]
            if len(kept) != len(content.get("rows", [])):
                run(
                    sa.update(batches)
                    .where(batches.c.id == batch_id)
                    .values(content={**content, "rows": kept}, files=[])
                )
                run(sa.delete(batch_files).where(batch_files.c.batch_id == batch_id))
                mine = (outbox.c.purpose == "batch", outbox.c.message_id.like(f"<beirato.{content['name']}.%"))
                run(
                    sa.update(outbox).where(*mine, waiting).values(state="withdrawn")
                )  # an empty mail would go to the administrator
                run(sa.update(outbox).where(*mine).values(raw=b""))
                changed += 1
        return changed

    def _blank_in_request(self, case_id: int, position: int) -> None:
        request, search = self.connection.execute(
            sa.select(cases.c.request, cases.c.search).where(cases.c.id == case_id)
        ).one()
        people = list(request.get("applicants", []))
        if position < len(people):
            people[position] = {"dropped": True}
        self.connection.execute(
            sa.update(cases)
            .where(cases.c.id == case_id)
            .values(request={**request, "applicants": people}, search=search and "(törölve)")
        )
