"""The outbox: every letter that is to go, has gone, or will not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from processor.cases.states import WAITING_TO_GO, LetterState

from . import statements
from .records import Records
from .rows import LetterRow
from .schema import outbox

_MOST_DRAFTS = 100  # laid into or taken out of the Drafts folder in one round


class Outbox(Records):
    def post(self, **values: Any) -> int:
        """A letter to be sent; its Message-ID is fixed from now on. Gives its id."""
        return self._insert(outbox, values)

    def get(self, letter_id: int) -> LetterRow | None:
        found: LetterRow | None = self._first(sa.select(outbox).where(outbox.c.id == letter_id))
        return found

    def set(self, letter_id: int, **values: Any) -> None:
        self.connection.execute(statements.SET_LETTER, {"letter": letter_id, **values})

    def due(self, now: dt.datetime, limit: int = 50) -> list[LetterRow]:
        """Letters that are to be sent now, the longest due first."""
        return self._all(statements.DUE, {"now": now, "most": limit})

    def letters(self, case_id: int | None = None, state: str | None = None) -> list[LetterRow]:
        query = sa.select(outbox).order_by(outbox.c.id)
        if case_id is not None:
            query = query.where(outbox.c.case_id == case_id)
        return self._all(query if state is None else query.where(outbox.c.state == state))

    def in_states(self, states: Sequence[str], limit: int = 200) -> list[LetterRow]:
        """The newest first."""
        return self._all(
            sa.select(outbox).where(outbox.c.state.in_(list(states))).order_by(outbox.c.id.desc()).limit(limit)
        )

    def undrafted(self) -> list[LetterRow]:
        """Held letters that are not in the Drafts folder yet."""
        query = sa.select(outbox).where(outbox.c.state == LetterState.HELD, ~outbox.c.drafted)
        return self._all(query.order_by(outbox.c.id).limit(_MOST_DRAFTS))

    def drafts_left(self) -> list[LetterRow]:
        """Letters that lie in the Drafts folder and wait for nobody any more."""
        query = sa.select(outbox).where(outbox.c.drafted, outbox.c.state != LetterState.HELD)
        return self._all(query.order_by(outbox.c.id).limit(_MOST_DRAFTS))

    def of_message(self, message_id: str) -> LetterRow | None:
        found: LetterRow | None = self._first(sa.select(outbox).where(outbox.c.message_id == message_id))
        return found

    def withdraw(self, case_id: int) -> None:
        """Letters of the case that have not gone out will not."""
        mine = (outbox.c.case_id == case_id, outbox.c.state.in_(WAITING_TO_GO))
        self.connection.execute(sa.update(outbox).where(*mine).values(state=LetterState.WITHDRAWN))

    def withdraw_held(self, case_id: int) -> bool:
        """Letters of the case that wait for a person's approval will not go out; whether there were any."""
        mine = (outbox.c.case_id == case_id, outbox.c.state == LetterState.HELD)
        return self.connection.execute(sa.update(outbox).where(*mine).values(state=LetterState.WITHDRAWN)).rowcount > 0

    def count(self, case_id: int, purpose: str) -> int:
        """Letters of that purpose in the case that were not withdrawn."""
        mine = (outbox.c.case_id == case_id, outbox.c.purpose == purpose)
        return self._count(outbox, *mine, outbox.c.state != LetterState.WITHDRAWN)

    def since(self, since: dt.datetime, address: str, case_id: int) -> tuple[int, int]:
        """How many replies went (or are to go) since then: to the address, and in the case."""
        values = {"since": since, "address": address, "case": case_id}
        row = self.connection.execute(statements.LETTERS_SINCE, values).one()
        return int(row[0]), int(row[1])

    def due_since(self, when: dt.datetime) -> int:
        """How many should have gone out before then and still wait."""
        return self._count(outbox, outbox.c.state == LetterState.PENDING, outbox.c.next_try < when)

    def count_held(self) -> int:
        return self._count(outbox, outbox.c.state == LetterState.HELD)

    def count_by_state(self) -> dict[str, int]:
        query = sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)
        return dict(self.connection.execute(query).all())
