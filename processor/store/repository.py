"""What the edges ask of the database, in their words. Every function takes the open transaction; committing is the
caller's."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy import RowMapping
from sqlalchemy.dialects import postgresql, sqlite

from rules.hungarian.words import fold
from rules.model import Account, Body, Facts, Request
from rules.pir import digits

from . import statements
from .engine import migrate, open_engine
from .handover import HandOver
from .office import OfficeRecords
from .privacy import Privacy
from .schema import accounts, applicants, cases, history, mails, markers, outbox, parties, register, threads

Row = RowMapping


@cache
def _requests() -> TypeAdapter[Request]:
    return TypeAdapter(Request)


_DIALECTS: dict[str, Any] = {"postgresql": postgresql, "sqlite": sqlite}


@cache
def _upsert(dialect: str, table: sa.Table, columns: tuple[str, ...], keys: tuple[str, ...], update: bool) -> Any:
    insert = _DIALECTS[dialect].insert(table)
    changed = {name: insert.excluded[name] for name in columns if name not in keys}
    return (
        insert.on_conflict_do_update(index_elements=list(keys), set_=changed)
        if update and changed
        else insert.on_conflict_do_nothing(index_elements=list(keys))
    )


@cache
def _counting(dialect: str) -> Any:
    """Sets a marker's number one higher, or to 1, and gives it."""
    following = sa.cast(sa.cast(markers.c.value, sa.Integer) + 1, sa.Text)
    insert = _DIALECTS[dialect].insert(markers)
    return insert.on_conflict_do_update(index_elements=["key"], set_={"value": following}).returning(markers.c.value)


def dump_request(request: Request) -> dict[str, Any]:
    value: dict[str, Any] = _requests().dump_python(request, mode="json")
    return value


def search_text(request: Mapping[str, Any]) -> str:
    """What a case is found by: names, workplaces, PIR and addresses of its people, and who wrote; folded."""
    words: list[str] = []
    for applicant in request.get("applicants", ()):
        for name in ("name", "municipality", "pir", "email"):
            words += [value["text"] for value in applicant.get(name, ())]
    sender = request.get("sender") or {}
    words += [sender.get("name", ""), sender.get("address", "")]
    return fold(" ".join(dict.fromkeys(w for w in words if w)))[:4000]


def load_request(data: Any) -> Request:
    return _requests().validate_python(data)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it came from the mailbox. `digest`: of its content; `trouble`: why it is not whole (too large), in
    Hungarian."""

    uid: int
    raw: bytes
    message_id: str
    digest: str
    trouble: str = ""


class Store:
    """The database. `begin()` opens one transaction; leaving it with an error rolls everything back."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        migrate(self.engine)

    @contextlib.contextmanager
    def begin(self) -> Iterator[Session]:
        with self.engine.begin() as connection:
            yield Session(connection)

    def note_round(self, name: str, now: dt.datetime) -> None:
        """When a round ("poll", "send") last came to its end; what the desk shows and /healthz goes by."""
        with self.begin() as session:
            session.set_marker(f"ok:{name}", now.isoformat())

    def close(self) -> None:
        self.engine.dispose()


class Session(HandOver, OfficeRecords, Privacy):
    """One transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._loaded: dict[str, bool] = {}
        self._secrets: dict[str, str] = {}

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """Work on one mail: undone by itself when it raises, while the group's transaction goes on."""
        with self.connection.begin_nested():
            yield

    def _insert(self, table: sa.Table, values: Mapping[str, Any]) -> int:
        result = self.connection.execute(sa.insert(table), dict(values))
        return int(result.inserted_primary_key[0])  # type: ignore[index]

    def _upsert(
        self, table: sa.Table, rows: Sequence[Mapping[str, Any]], keys: Sequence[str], update: bool = True
    ) -> None:
        if rows:
            statement = _upsert(self.connection.dialect.name, table, tuple(rows[0]), tuple(keys), update)
            for start in range(0, len(rows), 500):
                self.connection.execute(statement, list(rows[start : start + 500]))

    # ------------------------------------------------------------ markers

    def marker(self, key: str) -> str | None:
        value: str | None = self.connection.scalar(sa.select(markers.c.value).where(markers.c.key == key))
        return value

    def set_marker(self, key: str, value: str) -> None:
        self._upsert(markers, [{"key": key, "value": value}], ["key"])

    def next_number(self, key: str) -> int:
        """The next of a running number; two transactions never get the same."""
        return int(
            self.connection.execute(_counting(self.connection.dialect.name), {"key": key, "value": "1"}).scalar_one()
        )

    def secret(self, key: str) -> str:
        """A random secret of this store's own, made at the first asking."""
        if key not in self._secrets:
            if self.marker(key) is None:
                self._upsert(markers, [{"key": key, "value": secrets.token_hex(32)}], ["key"], update=False)
            self._secrets[key] = self.marker(key) or ""
        return self._secrets[key]

    # ------------------------------------------------------------ the ledger of mails

    def store_mails(self, mailbox: str, uidvalidity: int, fetched: Sequence[Fetched], now: dt.datetime) -> None:
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
                "state": "new",
                "moved": False,
                "trouble": mail.trouble or None,
            }
            for mail in fetched
        ]
        self._upsert(mails, rows, ["mailbox", "uidvalidity", "uid"], update=False)

    def new_mails(self, limit: int) -> list[Row]:
        """Mails that wait to be dealt with, oldest first, without their raw text (`raw_mail`)."""
        columns = (
            mails.c.id,
            mails.c.mailbox,
            mails.c.uidvalidity,
            mails.c.uid,
            mails.c.message_id,
            mails.c.digest,
            mails.c.received_at,
            mails.c.trouble,
        )
        query = sa.select(*columns).where(mails.c.state == statements.inline("new")).order_by(mails.c.id).limit(limit)
        return list(self.connection.execute(query).mappings())

    def raw_mail(self, mail_id: int) -> bytes:
        return bytes(self.connection.scalar(statements.RAW_MAIL, {"id": mail_id}) or b"")

    def dealt_with_before(self, mail: Row) -> Row | None:
        """The mail with the same Message-ID and content that was dealt with before: the same mail delivered or moved
        again."""
        values = {"message_id": mail["message_id"], "digest": mail["digest"], "id": mail["id"]}
        return self.connection.execute(statements.DEALT_WITH_BEFORE, values).mappings().first()

    def finish_mail(self, mail_id: int, **values: Any) -> None:
        self.connection.execute(statements.FINISH_MAIL, {"mail": mail_id, **values})

    def to_move(self, mailbox: str, uidvalidity: int, limit: int = 1000) -> list[Row]:
        query = (
            sa.select(mails.c.id, mails.c.uid, mails.c.folder, mails.c.message_id)
            .where(
                ~mails.c.moved,
                mails.c.mailbox == mailbox,
                mails.c.uidvalidity == uidvalidity,
                mails.c.folder.is_not(None),
            )
            .order_by(mails.c.id)
            .limit(limit)
        )
        return list(self.connection.execute(query).mappings())

    def set_moved(self, ids: Iterable[int]) -> None:
        ids = list(ids)
        if ids:
            self.connection.execute(sa.update(mails).where(mails.c.id.in_(ids)).values(moved=True))

    def failed_mails(self) -> list[Row]:
        query = (
            sa.select(mails.c.id, mails.c.message_id, mails.c.received_at, mails.c.trouble)
            .where(mails.c.state == statements.inline("failed"))
            .order_by(mails.c.id)
        )
        return list(self.connection.execute(query).mappings())

    def retry_mail(self, mail_id: int) -> bool:
        """A mail that was put aside is new again; it stays in the folder where it is."""
        done = self.connection.execute(
            sa.update(mails).where(mails.c.id == mail_id, mails.c.state == "failed").values(state="new", trouble=None)
        )
        return done.rowcount == 1

    def ledger(self, limit: int = 1000) -> list[Row]:
        """The newest mails, oldest of them first, without their raw text."""
        columns = (
            mails.c.id,
            mails.c.message_id,
            mails.c.received_at,
            mails.c.state,
            mails.c.kind,
            mails.c.decision,
            mails.c.folder,
            mails.c.moved,
            mails.c.case_id,
        )
        rows = self.connection.execute(sa.select(*columns).order_by(mails.c.id.desc()).limit(limit)).mappings()
        return list(rows)[::-1]

    def last_mails(self, case_id: int, most: int = 20) -> Iterator[bytes]:
        """The raw texts of the case's newest mails that a person wrote, newest first."""
        query = (
            sa.select(mails.c.raw)
            .where(mails.c.case_id == case_id, mails.c.kind != "automatic")
            .order_by(mails.c.id.desc())
            .limit(most)
        )
        yield from (bytes(raw) for raw in self.connection.scalars(query))

    def case_mails(self, case_id: int) -> list[Row]:
        query = (
            sa.select(mails.c.id, mails.c.message_id, mails.c.received_at, mails.c.kind, mails.c.raw)
            .where(mails.c.case_id == case_id)
            .order_by(mails.c.id)
        )
        return list(self.connection.execute(query).mappings())

    # ------------------------------------------------------------ cases

    def new_case(self, now: dt.datetime, **values: Any) -> tuple[int, str]:
        year = now.year
        reference = f"ASPO-{year}-{self.next_number(f'case-{year}'):06d}"
        search = search_text(values.get("request") or {})
        return self._insert(
            cases,
            {"reference": reference, "created_at": now, "updated_at": now, "note": "", "search": search, **values},
        ), reference

    def update_case(self, case_id: int, now: dt.datetime, **values: Any) -> None:
        if "request" in values:
            values["search"] = search_text(values["request"])
        self.connection.execute(statements.SET_CASE, {"case": case_id, "updated_at": now, **values})

    def is_held(self, case_id: int) -> bool:
        """Whether the case's letters wait for a person."""
        return bool(self.connection.scalar(statements.IS_HELD, {"case": case_id}))

    def case(self, *, case_id: int | None = None, reference: str | None = None) -> Row | None:
        condition = cases.c.id == case_id if case_id is not None else cases.c.reference == reference
        return self.connection.execute(sa.select(cases).where(condition)).mappings().first()

    def cases(self, status: str | None = None, limit: int = 100_000) -> list[Row]:
        query = sa.select(cases).order_by(cases.c.id)
        if status:
            query = query.where(cases.c.status == status)
        return list(self.connection.execute(query.limit(limit)).mappings())

    def case_of_messages(self, message_ids: Sequence[str]) -> int | None:
        """The case that one of these Message-IDs belongs to, the last one named first."""
        if not message_ids:
            return None
        found = dict(
            self.connection.execute(
                sa.select(threads.c.message_id, threads.c.case_id).where(threads.c.message_id.in_(list(message_ids)))
            ).all()
        )
        return next((found[mid] for mid in reversed(list(message_ids)) if mid in found), None)

    def link_messages(self, message_ids: Iterable[str], case_id: int) -> None:
        rows = [{"message_id": message_id, "case_id": case_id} for message_id in message_ids if message_id]
        self._upsert(threads, rows, ["message_id"], update=False)

    def add_parties(self, case_id: int, addresses: Iterable[str]) -> None:
        self._upsert(
            parties,
            [{"case_id": case_id, "address": a[:320]} for a in dict.fromkeys(addresses) if a],
            ["case_id", "address"],
            update=False,
        )

    def relink(self, case_id: int, target: int) -> None:
        """Mails, threads and parties of a case become another's."""
        mine = sa.select(parties.c.address).where(parties.c.case_id == case_id)
        self.add_parties(target, list(self.connection.scalars(mine)))
        self.connection.execute(sa.update(mails).where(mails.c.case_id == case_id).values(case_id=target))
        self.connection.execute(sa.update(threads).where(threads.c.case_id == case_id).values(case_id=target))

    def party_addresses(self, case_id: int) -> frozenset[str]:
        return frozenset(self.connection.scalars(sa.select(parties.c.address).where(parties.c.case_id == case_id)))

    def open_cases_of(self, address: str) -> list[int]:
        """Cases waiting for an answer to which this address belongs, among the newest of its cases."""
        mine = list(self.connection.scalars(statements.CASES_OF_ADDRESS, {"address": address}))
        return list(self.connection.scalars(statements.WAITING_AMONG, {"ids": mine})) if mine else []

    def asked_before(self, when: dt.datetime, limit: int = 500) -> list[Row]:
        """Waiting cases that were asked for something before then, oldest first."""
        query = (
            sa.select(cases)
            .where(cases.c.status == statements.inline("waiting"), cases.c.asked_at < when)
            .order_by(cases.c.asked_at)
        )
        return list(self.connection.execute(query.limit(limit)).mappings())

    def message_ids(self, case_id: int) -> list[str]:
        return [
            row["message_id"]
            for row in self.connection.execute(
                sa.select(mails.c.message_id).where(mails.c.case_id == case_id).order_by(mails.c.id)
            ).mappings()
        ]

    # ------------------------------------------------------------ applicants

    def case_applicants(self, case_id: int) -> list[Row]:
        return list(
            self.connection.execute(
                sa.select(applicants).where(applicants.c.case_id == case_id).order_by(applicants.c.position)
            ).mappings()
        )

    def replace_applicants(self, case_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """The case's applicants as they now stand; those already in a batch stay untouched."""
        self.connection.execute(
            sa.delete(applicants).where(applicants.c.case_id == case_id, applicants.c.batch_id.is_(None))
        )
        self.add_applicants(case_id, rows)

    def add_applicants(self, case_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self.connection.execute(sa.insert(applicants), [{"case_id": case_id, **row} for row in rows])

    def count_open(self) -> dict[str, int]:
        return dict(self.connection.execute(sa.select(cases.c.status, sa.func.count()).group_by(cases.c.status)).all())

    # ------------------------------------------------------------ facts for the rules

    def facts(
        self,
        addresses: Iterable[str],
        pirs: Iterable[str] = (),
        clerks: Iterable[str] = (),
        except_case: int | None = None,
    ) -> Facts:
        """What is known of these addresses and numbers: accounts, people queued or exported before, the register."""
        known: dict[str, Account] = {}
        wanted = [a for a in dict.fromkeys(addresses) if a]
        if wanted and self._is_loaded(accounts):
            for row in self.connection.execute(sa.select(accounts).where(accounts.c.address.in_(wanted))).mappings():
                known[row["address"]] = Account(
                    row["address"], row["name"], frozenset(row["programs"]), row["username"], row["municipality"]
                )
        if wanted:
            values = {"addresses": wanted, "except_case": except_case or 0}
            for email, name, row_data in self.connection.execute(statements.QUEUED_BY_ADDRESS, values):
                before = known.get(email)
                known[email] = Account(
                    email,
                    (before.name if before else "") or name or "",
                    (before.programs if before else frozenset()) | frozenset(row_data["programs"]),
                    before.username if before else "",
                    row_data.get("municipality") or "",
                )
        bodies: dict[str, Body] = {}
        numbers, people = [n for p in dict.fromkeys(pirs) if (n := digits(p))], [c for c in dict.fromkeys(clerks) if c]
        if (numbers or people) and self._is_loaded(register):
            query = sa.select(register).where(
                sa.or_(register.c.pir.in_(numbers or [""]), register.c.clerk_address.in_(people or ["-"]))
            )
            for body in self.connection.execute(query.limit(200)).mappings():
                bodies[body["pir"]] = Body(
                    body["pir"], body["name"], body["county"], body["clerk_name"], body["clerk_address"]
                )
        return Facts(known, bodies)

    def _is_loaded(self, table: sa.Table) -> bool:
        """Whether the table holds anything; asked once a transaction."""
        if table.name not in self._loaded:
            self._loaded[table.name] = (
                self.connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None
            )
        return self._loaded[table.name]

    def import_accounts(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._upsert(accounts, rows, ["address"])

    def import_register(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._upsert(register, rows, ["pir"])

    def count(self, what: str) -> int:
        return int(
            self.connection.scalar(
                sa.select(sa.func.count()).select_from(
                    {"accounts": accounts, "register": register, "mails": mails, "cases": cases, "outbox": outbox}[what]
                )
            )
            or 0
        )

    # ------------------------------------------------------------ the outbox

    def post(self, **values: Any) -> int:
        return self._insert(outbox, values)

    def due(self, now: dt.datetime, limit: int = 50) -> list[Row]:
        return list(self.connection.execute(statements.DUE, {"now": now, "most": limit}).mappings())

    def set_letter(self, letter_id: int, **values: Any) -> None:
        self.connection.execute(statements.SET_LETTER, {"letter": letter_id, **values})

    def undrafted(self) -> list[Row]:
        """Held letters that are not in the Drafts folder yet."""
        query = (
            sa.select(outbox.c.id, outbox.c.message_id, outbox.c.raw)
            .where(outbox.c.state == "held", ~outbox.c.drafted)
            .order_by(outbox.c.id)
            .limit(100)
        )
        return list(self.connection.execute(query).mappings())

    def drafts_left(self) -> list[Row]:
        """Letters that lie in the Drafts folder and wait for nobody any more."""
        query = (
            sa.select(outbox.c.id, outbox.c.message_id)
            .where(outbox.c.drafted, outbox.c.state != "held")
            .order_by(outbox.c.id)
            .limit(100)
        )
        return list(self.connection.execute(query).mappings())

    def letters(self, case_id: int | None = None, state: str | None = None) -> list[Row]:
        query = sa.select(outbox).order_by(outbox.c.id)
        if case_id is not None:
            query = query.where(outbox.c.case_id == case_id)
        if state is not None:
            query = query.where(outbox.c.state == state)
        return list(self.connection.execute(query).mappings())

    def letter(self, letter_id: int) -> Row | None:
        return self.connection.execute(sa.select(outbox).where(outbox.c.id == letter_id)).mappings().first()

    def count_letters(self, case_id: int, purpose: str) -> int:
        query = (
            sa.select(sa.func.count())
            .select_from(outbox)
            .where(outbox.c.case_id == case_id, outbox.c.purpose == purpose, outbox.c.state != "withdrawn")
        )
        return int(self.connection.scalar(query) or 0)

    def withdraw_letters(self, case_id: int) -> None:
        """Letters of the case that have not gone out will not."""
        self.connection.execute(
            sa.update(outbox)
            .where(outbox.c.case_id == case_id, outbox.c.state.in_(["pending", "held"]))
            .values(state="withdrawn")
        )

    def withdraw_held(self, case_id: int) -> bool:
        """Letters of the case that wait for a person's approval will not go out; whether there were any."""
        return (
            self.connection.execute(
                sa.update(outbox).where(outbox.c.case_id == case_id, outbox.c.state == "held").values(state="withdrawn")
            ).rowcount
            > 0
        )

    def case_of_letter(self, message_id: str) -> Row | None:
        return (
            self.connection.execute(sa.select(outbox.c.id, outbox.c.case_id).where(outbox.c.message_id == message_id))
            .mappings()
            .first()
        )

    def letters_since(self, since: dt.datetime, address: str, case_id: int) -> tuple[int, int]:
        """How many replies went (or are to go) since then: to the address, and in the case."""
        row = self.connection.execute(
            statements.LETTERS_SINCE, {"since": since, "address": address, "case": case_id}
        ).one()
        return int(row[0]), int(row[1])

    # ------------------------------------------------------------ batches and history

    def note(self, case_id: int, now: dt.datetime, action: str, detail: str = "", actor: str = "program") -> None:
        self._insert(history, {"case_id": case_id, "at": now, "actor": actor, "action": action, "detail": detail})

    def history(self, case_id: int) -> list[Row]:
        return list(
            self.connection.execute(
                sa.select(history).where(history.c.case_id == case_id).order_by(history.c.id)
            ).mappings()
        )
