"""The weekly batch. Who is queued goes into one batch, once; batch, applicants and the mail to the administrator are
one transaction.

The files are written after the commit, from the store; what a crash left unwritten is written at the next start or
export.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from processor import settings
from processor.batches.content import LOCAL, Content, Enrolment, batch_name, described, forget, missing, sweep, write
from processor.batches.moodle import altered, csv_bytes, fault, text, unlike, username
from processor.batches.workbook import workbook_bytes
from processor.cases.states import Outcome, Status
from processor.letters.compose import render
from processor.letters.wire import message
from processor.store import Store, Transaction, requests
from processor.store.rows import QueuedRow
from processor.worktime import Clock
from rules.clerk import is_clerk
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.names import same_name, split
from rules.hungarian.places import settlement
from rules.hungarian.words import fold
from rules.model import Facts

log = structlog.get_logger()

_MEDIA = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class Made:
    """A batch that was made: its name, the number of its people, its files on disk."""

    name: str
    count: int
    paths: list[Path]


@dataclass(frozen=True, slots=True)
class _Person:
    """A person of the batch, and the applicants (rows of the store) behind the person."""

    enrolment: Enrolment
    applicants: tuple[QueuedRow, ...]


@dataclass(slots=True)
class _Gathered:
    """Who is handed over, and whom something keeps back: that applicant and why, in Hungarian."""

    people: list[_Person] = field(default_factory=list)
    faulty: list[tuple[QueuedRow, str]] = field(default_factory=list)


def files_of(content: Content) -> dict[str, bytes]:
    """The batch's files by name."""
    return {f"{content.name}.xlsx": workbook_bytes(content), f"{content.name}.csv": csv_bytes(content)}


class Export:
    """Makes batches."""

    def __init__(self, store: Store, export: settings.Export, smtp: settings.Smtp, clock: Clock) -> None:
        self.store, self.settings, self.smtp, self.clock = store, export, smtp, clock

    def preview(self) -> tuple[Content | None, list[str]]:
        """What the next batch would hold, and who would be left out and why ("név: ok"); nothing is made."""
        with self.store.read() as session:
            gathered = self._gather(session)
            content = self._content(session, "előnézet", gathered.people, self.clock()) if gathered.people else None
        return content, [f"{row['name']}: {trouble}" for row, trouble in gathered.faulty]

    def make(self, who: str = "") -> list[Made]:
        """The batch of everybody queued, or several when there are more people than `most_rows`; empty when nobody
        is. `who`: for the journal."""
        now = self.clock()
        self.restore()
        made: list[tuple[str, int, dict[str, bytes]]] = []
        with self.store.begin() as session:
            gathered = self._gather(session)
            for row, trouble in gathered.faulty:
                session.cases.set_outcome(row["id"], Outcome.REVIEW)
                session.cases.update(
                    row["case_id"],
                    now,
                    status=Status.REVIEW,
                    note=f"{row['name']}: nem kerülhetett a kötegbe: {trouble}.",
                )
                session.cases.note(row["case_id"], now, "left_out", trouble)
            for start in range(0, len(gathered.people), self.settings.most_rows):
                made.append(self._record(session, gathered.people[start : start + self.settings.most_rows], now))
            if not made and self.settings.notice_when_empty:
                self._mail(session, "nobatch", now.strftime("nobatch-%Y%m%d%H%M%S"), {}, now)
            session.marks.set("export:last", now.isoformat())
            if who:
                session.users.journal(now, who, "batch made", ", ".join(name for name, _, _ in made))
        if not made:
            log.info("batch_empty", left_out=len(gathered.faulty))
        for name, count, _ in made:
            log.info("batch_made", batch=name, rows=count, left_out=len(gathered.faulty))
        return [Made(name, count, write(self.settings.folder, name, files)) for name, count, files in made]

    def restore(self) -> list[Path]:
        """Writes the files of recorded batches that are not on disk as they were."""
        sweep(self.settings.folder)
        written: list[Path] = []
        with self.store.read() as session:
            lost = [row for row in session.batches.all() if missing(self.settings.folder, row["name"], row["files"])]
            kept = {row["name"]: session.batches.kept_files(row["id"]) for row in lost}
        for name, files in kept.items():
            written.extend(write(self.settings.folder, name, files))
            log.warning("batch_files_restored", batch=name)
        return written

    def forget(self) -> int:
        """Removes the files of batches whose people were erased from the store; how many batches. It can be done
        again at any time."""
        with self.store.read() as session:
            erased = [row["name"] for row in session.batches.all() if not row["files"]]
        gone = sum(forget(self.settings.folder, name) for name in erased)
        if gone:
            log.info("batch_files_erased", batches=gone)
        return gone

    # ------------------------------------------------------------ who is in it

    def _gather(self, session: Transaction) -> _Gathered:
        """Everybody queued, a person an address; the first name that came with it is the person's."""
        out = _Gathered()
        people: dict[str, list[QueuedRow]] = {}
        for row in session.batches.queued():
            people.setdefault(_address(row), []).append(row)
        before = session.batches.exported_addresses(list(people))
        for address, rows in people.items():
            mine, others = _of_the_first_name(rows)
            out.faulty.extend((row, "ugyanezzel az e-mail-címmel más név is szerepel") for row in others)
            enrolment = _enrolment(mine, existing=bool(rows[0]["account"]) or address in before)
            if trouble := fault(enrolment) or altered(enrolment, self.settings.profile_fields):
                out.faulty.extend((row, trouble) for row in mine)
            else:
                out.people.append(_Person(enrolment, tuple(mine)))
        out.people.sort(key=_by_workplace)
        return out

    def _content(self, session: Transaction, name: str, people: Sequence[_Person], now: dt.datetime) -> Content:
        waiting = {
            status: count
            for status, count in session.cases.count_by_status().items()
            if status in {"waiting", "review"}
        }
        made = now.astimezone(LOCAL).replace(tzinfo=None).isoformat(timespec="seconds")
        return Content(name, made, tuple(p.enrolment for p in people), waiting, dict(self.settings.profile_fields))

    def _record(
        self, session: Transaction, people: Sequence[_Person], now: dt.datetime
    ) -> tuple[str, int, dict[str, bytes]]:
        name = batch_name(now, [row["name"] for row in session.batches.all()])
        content = self._content(session, name, people, now)
        files = files_of(content)
        if broken := unlike(content, files[f"{name}.csv"]):  # each row was read alone before; now the very bytes
            raise ValueError(f"the CSV of {name} would not be read as meant, rows {sorted(broken)}")
        recorded = [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in described(files)]
        batch_id = session.batches.new(
            name=name, created_at=now, rows=len(people), content=content.to_json(), files=recorded
        )
        session.batches.keep_files(batch_id, files)
        session.batches.put([row["id"] for p in people for row in p.applicants], batch_id)
        cases: dict[int, list[str]] = {}
        for person in people:
            for row in person.applicants:
                cases.setdefault(row["case_id"], []).append(row["name"] or "")
        for case_id, names in cases.items():
            session.cases.note(case_id, now, "exported", f"{name}: {', '.join(names)}")
        session.cases.close_finished(list(cases), now)
        self._mail(
            session,
            "batch",
            name,
            files,
            now,
            batch=name,
            count=len(people),
            courses=sum(len(p.enrolment.programs) for p in people),
        )
        return name, len(people), files

    def _mail(
        self,
        session: Transaction,
        template: str,
        name: str,
        files: Mapping[str, bytes],
        now: dt.datetime,
        **values: Any,
    ) -> None:
        """One letter a recipient, so that one refused address does not hold up another."""
        if not self.settings.recipients:
            return
        letter = render(template, **values)
        attached = [(file, data, _MEDIA[file[file.rindex(".") :]]) for file, data in files.items()]
        domain = self.smtp.address.rpartition("@")[2]
        for recipient in self.settings.recipients:
            mark = hashlib.sha256(recipient.encode()).hexdigest()[:12]
            message_id = f"<beirato.{name}.{mark}@{domain}>"
            raw = message(
                letter,
                sender=self.smtp.sender,
                recipients=[recipient],
                message_id=message_id,
                now=now,
                loop=self.smtp.address,
                files=attached,
            )
            session.outbox.post(
                case_id=None,
                mail_id=None,
                message_id=message_id,
                purpose="batch",
                recipients=[recipient],
                first_recipient=recipient.lower(),
                envelope_sender=self.smtp.address,
                raw=raw,
                state="pending",
                next_try=now,
                created_at=now,
            )


def _enrolment(rows: Sequence[QueuedRow], existing: bool) -> Enrolment:
    """One person's entry from all their queued wishes; the newest one's name and workplace stand."""
    last = rows[-1]
    address, name, workplace = _address(last), last["name"] or "", _said(last, "municipality")
    lastname, firstname = split(name)
    return Enrolment(
        username=last["username"] or username(address),
        firstname=text(firstname),
        lastname=text(lastname),
        email=address,
        institution=text(workplace),
        city=text(settlement(workplace)),
        name=text(name),
        pir=_said(last, "pir"),
        county=_said(last, "county"),
        programs=_programs(rows),
        references=tuple(dict.fromkeys(row["reference"] for row in rows)),
        clerk=_clerk(last),
        received=_local(rows[0]["case_created_at"]),
        queued=_local(last["queued_at"]),
        existing=existing,
        remark="; ".join(dict.fromkeys(remark for row in rows if (remark := _said(row, "remark")))),
    )


def _of_the_first_name(rows: Sequence[QueuedRow]) -> tuple[list[QueuedRow], list[QueuedRow]]:
    """(those of the first one's name, others). Two names at one address may be two people."""
    first, *rest = rows
    mine: list[QueuedRow] = [first]
    others: list[QueuedRow] = []
    for row in rest:
        (mine if same_name(row["name"] or "", first["name"] or "") else others).append(row)
    return mine, others


def _by_workplace(person: _Person) -> tuple[str, str, str]:
    one = person.enrolment
    return fold(one.institution), fold(one.lastname), fold(one.firstname)


def _programs(rows: Sequence[QueuedRow]) -> tuple[str, ...]:
    """Everything that was wished for, in the catalogue's order."""
    wanted = {program for row in rows for program in row["new_programs"]}
    return tuple(program for program in catalogue() if program in wanted)


def _address(row: QueuedRow) -> str:
    return (row["email"] or "").lower()


def _said(row: QueuedRow, field: str) -> str:
    return row["row"].get(field) or ""


def _clerk(row: QueuedRow) -> str:
    request = requests.load(row["case_request"])
    people = (*request.recipients, *((request.sender,) if request.sender else ()))
    return next((person.address for person in people if is_clerk(person, request, Facts())), "")


def _local(when: dt.datetime | None) -> str:
    if when is None:
        return ""
    return when.astimezone(LOCAL).date().isoformat()
