"""What the desk has loaded or learnt, as facts for the rules: accounts, people queued before, the register of
bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from rules.model import Account, Body, Facts
from rules.pir import digits

from . import statements
from .records import Records
from .schema import accounts, register

_MOST_BODIES = 200  # of the register for one case


class Known(Records):
    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._loaded: dict[str, bool] = {}

    def facts(
        self,
        addresses: Iterable[str],
        pirs: Iterable[str] = (),
        clerks: Iterable[str] = (),
        except_case: int | None = None,
    ) -> Facts:
        """What is known of these addresses and numbers. `except_case`: whose own queue is no news to it."""
        wanted = [a for a in dict.fromkeys(addresses) if a]
        known = self._accounts(wanted)
        self._add_queued(known, wanted, except_case)
        numbers = [n for p in dict.fromkeys(pirs) if (n := digits(p))]
        return Facts(known, self._bodies(numbers, [c for c in dict.fromkeys(clerks) if c]))

    def _accounts(self, wanted: Sequence[str]) -> dict[str, Account]:
        if not wanted or not self._is_loaded(accounts):
            return {}
        rows = self._all(sa.select(accounts).where(accounts.c.address.in_(list(wanted))))
        return {
            row["address"]: Account(
                row["address"], row["name"], frozenset(row["programs"]), row["username"], row["municipality"]
            )
            for row in rows
        }

    def _add_queued(self, known: dict[str, Account], wanted: Sequence[str], except_case: int | None) -> None:
        """Whoever is queued or was in a batch counts as one who has the programs asked for."""
        if not wanted:
            return
        values = {"addresses": list(wanted), "except_case": except_case or 0}
        for email, name, row in self.connection.execute(statements.QUEUED_BY_ADDRESS, values):
            before = known.get(email, Account(email))
            programs = before.programs | frozenset(row["programs"])
            municipality = row.get("municipality") or ""
            known[email] = Account(email, before.name or name or "", programs, before.username, municipality)

    def _bodies(self, numbers: Sequence[str], people: Sequence[str]) -> dict[str, Body]:
        if not (numbers or people) or not self._is_loaded(register):
            return {}
        named = sa.or_(register.c.pir.in_(list(numbers)), register.c.clerk_address.in_(list(people)))
        rows = self._all(sa.select(register).where(named).limit(_MOST_BODIES))
        return {
            row["pir"]: Body(row["pir"], row["name"], row["county"], row["clerk_name"], row["clerk_address"])
            for row in rows
        }

    def _is_loaded(self, table: sa.Table) -> bool:
        """Whether the table holds anything; asked once a transaction."""
        if table.name not in self._loaded:
            first = self.connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
            self._loaded[table.name] = first is not None
        return self._loaded[table.name]

    def import_accounts(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._upsert(accounts, rows, ["address"])

    def import_register(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._upsert(register, rows, ["pir"])

    def count_accounts(self) -> int:
        return self._count(accounts)

    def count_register(self) -> int:
        return self._count(register)
