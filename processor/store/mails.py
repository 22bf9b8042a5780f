"""The ledger: every mail that was ever fetched, and how far it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from processor.cases.states import Decided, MailState
from rules.model import Kind

from . import statements
from .records import Records
from .rows import MailRow
from .schema import mails

_MOST_MOVES = 1_000
_MOST_ANSWERED = 20  # of a case's newest mails looked at for the one that is answered
_LISTED = tuple(column for column in mails.c if column.name not in {"raw", "answering"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it came from the mailbox.

    `digest`: SHA-256 of what its sender wrote (reading.digest); `trouble`: why it is not whole (too large), in
    Hungarian.
    """

    uid: int
    raw: bytes
    message_id: str
    digest: str
    trouble: str = ""


class Mails(Records):
    def store(self, mailbox: str, uidvalidity: int, fetched: Sequence[Fetched], now: dt.datetime) -> None:
        """Stores raw mails before anything else; one stored before is left as it is."""
        rows = [
            {
                "mailbox": mailbox,
                "uidvalidity": uidvalidity,
                "uid": mail.uid,
                "message_id": mail.message_id,
                "digest": mail.digest,
                "raw": mail.raw,
                "received_at": now,
                "state": MailState.NEW,
                "moved": False,
                "trouble": mail.trouble or None,
            }
            for mail in fetched
        ]
        self._upsert(mails, rows, ["mailbox", "uidvalidity", "uid"], update=False)

    def new(self, limit: int) -> list[MailRow]:
        """Mails that wait to be dealt with, oldest first."""
        return self._in_state(MailState.NEW, limit)

    def failed(self, limit: int = 10_000) -> list[MailRow]:
        return self._in_state(MailState.FAILED, limit)

    def _in_state(self, state: MailState, limit: int) -> list[MailRow]:
        query = sa.select(*_LISTED).where(mails.c.state == statements.inline(state)).order_by(mails.c.id).limit(limit)
        return self._all(query)

    def raw(self, mail_id: int) -> bytes:
        return bytes(self.connection.scalar(statements.RAW_MAIL, {"id": mail_id}) or b"")

    def get(self, mail_id: int) -> MailRow | None:
        found: MailRow | None = self._first(sa.select(mails).where(mails.c.id == mail_id))
        return found

    def dealt_with_before(self, mail: MailRow) -> MailRow | None:
        """The mail with the same Message-ID and content that was dealt with before: delivered or moved again."""
        values = {"message_id": mail["message_id"], "digest": mail["digest"], "id": mail["id"]}
        found: MailRow | None = self._first(statements.DEALT_WITH_BEFORE, values)
        return found

    def finish(self, mail_id: int, **values: Any) -> None:
        """What became of a mail: state, kind, decision, folder, case_id, trouble, answering."""
        self.connection.execute(statements.FINISH_MAIL, {"mail": mail_id, **values})

    def retry(self, mail_id: int) -> bool:
        """A mail that was put aside is new again; it stays in the folder where it is."""
        failed = sa.update(mails).where(mails.c.id == mail_id, mails.c.state == MailState.FAILED)
        return self.connection.execute(failed.values(state=MailState.NEW, trouble=None)).rowcount == 1

    def to_move(self, mailbox: str, uidvalidity: int, limit: int = _MOST_MOVES) -> list[MailRow]:
        mine = (~mails.c.moved, mails.c.mailbox == mailbox, mails.c.uidvalidity == uidvalidity)
        query = sa.select(*_LISTED).where(*mine, mails.c.folder.is_not(None)).order_by(mails.c.id).limit(limit)
        return self._all(query)

    def set_moved(self, ids: Iterable[int]) -> None:
        if moved := list(ids):
            self.connection.execute(sa.update(mails).where(mails.c.id.in_(moved)).values(moved=True))

    def ledger(self, limit: int = 1000) -> list[MailRow]:
        """The newest mails, oldest of them first."""
        return self._all(sa.select(*_LISTED).order_by(mails.c.id.desc()).limit(limit))[::-1]

    def of_case(self, case_id: int) -> list[MailRow]:
        """With their raw texts, oldest first."""
        return self._all(sa.select(mails).where(mails.c.case_id == case_id).order_by(mails.c.id))

    def answerable(self, case_id: int) -> list[Any]:
        """What is needed to answer each of the case's newest mails (`finish(answering=...)`), the newest first."""
        query = sa.select(mails.c.answering).where(mails.c.case_id == case_id, mails.c.kind != Kind.AUTOMATIC)
        newest = query.order_by(mails.c.id.desc()).limit(_MOST_ANSWERED)
        return [kept for kept in self.connection.scalars(newest) if kept]

    def message_ids(self, case_id: int) -> list[str]:
        """Of the mails received in the case, oldest first."""
        query = sa.select(mails.c.message_id).where(mails.c.case_id == case_id).order_by(mails.c.id)
        return list(self.connection.scalars(query))

    def by_week(self, since: dt.datetime) -> list[tuple[dt.datetime, str]]:
        """(when, decision) of the mails dealt with since then."""
        dealt = (mails.c.received_at >= since, mails.c.state == MailState.DONE)
        query = sa.select(mails.c.received_at, mails.c.decision).where(*dealt)
        return [(at, decision or Decided.IGNORE) for at, decision in self.connection.execute(query)]

    def count_since(self, since: dt.datetime) -> list[tuple[str, str, int]]:
        """(kind, decision, how many) of the mails dealt with since then."""
        dealt = (mails.c.received_at >= since, mails.c.state == MailState.DONE)
        query = sa.select(mails.c.kind, mails.c.decision, sa.func.count()).where(*dealt)
        grouped = self.connection.execute(query.group_by(mails.c.kind, mails.c.decision))
        return [(kind or "", decision or "", count) for kind, decision, count in grouped]

    def count_failed(self) -> int:
        return self._count(mails, mails.c.state == MailState.FAILED)

    def count(self) -> int:
        return self._count(mails)
