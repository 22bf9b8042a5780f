"""One raw mail, one transaction: ledger row, case, applicants, history and reply are committed together.

A mail that raises anywhere is put aside with its traceback, and the mails behind it go on. The move in the mailbox
comes
later, after the commit (`service.poll`), and the sending too (`letters.send`).
"""

from __future__ import annotations

import datetime as dt
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy.exc
import structlog

from processor.acts.settle import Judged, facts_about, judge, keep, open_case
from processor.cases.parties import Answering
from processor.cases.place import Case, Placement, place
from processor.cases.reference import has_code, references
from processor.cases.states import SILENT, Decided, MailState, Status
from processor.letters.compose import Letter
from processor.letters.post import Office, Posting, post
from processor.reading import Mail, read
from processor.store import Store, Transaction, requests
from processor.store.rows import CaseRow, MailRow
from processor.understanding.automatic import is_bounce, why
from rules import check
from rules.hungarian.words import fold
from rules.model import Kind, Person, Request

log = structlog.get_logger()

MOST_ROUNDS = 2  # letters that ask for something in one case; then a person goes on
FAILED = "failed"  # the folder of mails that were put aside
_BOUNCE_BYTES = 500_000  # a bounce that returns the whole letter names its Message-ID well within this
_LONGEST_TROUBLE = 20_000  # characters of a traceback
_TRYING = "intake:trying"  # which left-over mail is at work, and for the how manieth time
_MOST_TRIES = 2


@dataclass(frozen=True, slots=True)
class Dealt:
    """What became of a mail; `folder` is the decision's name among mailbox.folders, or "failed"."""

    mail_id: int
    kind: str
    decision: str
    folder: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class _Work:
    """One mail on its way through the transaction."""

    session: Transaction
    row: MailRow
    mail: Mail
    now: dt.datetime


class Intake:
    """Deals with the mails that the store holds as new."""

    def __init__(self, store: Store, office: Office, clock: Callable[[], dt.datetime]) -> None:
        self.store, self.office, self.clock = store, office, clock

    def work(self, limit: int) -> list[Dealt]:
        """Deals with up to `limit` new mails in one commit; an empty list when there is none.

        All together first; only when one of them raises, each with a savepoint of its own, so that the others are kept.
        """
        try:
            with self.store.begin() as session:
                done = [self._deal(session, row) for row in session.mails.new(limit)]
        except sqlalchemy.exc.OperationalError:
            raise  # the database is in trouble, not a mail
        except Exception:
            with self.store.begin() as session:
                done = [self._guarded(session, row) for row in session.mails.new(limit)]
        for one in done:
            decision = one.decision or one.folder
            log.info("mail_dealt_with", mail=one.mail_id, kind=one.kind, decision=decision, case=one.reference)
        return done

    def recover(self, stop: Callable[[], bool] = lambda: False) -> list[Dealt]:
        """Deals with what an earlier process left undone, each in a commit of its own: a mail that ended the process
        twice is put aside."""
        done: list[Dealt] = []
        while not stop():
            with self.store.begin() as session:
                row = next(iter(session.mails.new(1)), None)
                if row is None:
                    break
                if self._tries(session, row) > _MOST_TRIES:
                    log.error("mail_ends_the_process", mail=row["id"], tries=_MOST_TRIES)
                    reason = f"A levél feldolgozása közben a program {_MOST_TRIES} alkalommal leállt."
                    done.append(self._put_aside(session, row, reason))
                    continue
            done += self.work(1)
        return done

    def _tries(self, session: Transaction, row: MailRow) -> int:
        """For the how manieth time the mail is at work; noted before the work begins."""
        tried, _, times = (session.marks.get(_TRYING) or "").partition(":")
        count = int(times) + 1 if tried == str(row["id"]) else 1
        session.marks.set(_TRYING, f"{row['id']}:{count}" if count <= _MOST_TRIES else "")
        return count

    def _guarded(self, session: Transaction, row: MailRow) -> Dealt:
        try:
            with session.savepoint():
                return self._deal(session, row)
        except sqlalchemy.exc.OperationalError:
            raise
        except Exception as error:
            log.error("mail_failed", mail=row["id"], error=type(error).__name__)
            return self._put_aside(session, row, traceback.format_exc()[-_LONGEST_TROUBLE:])

    def _put_aside(self, session: Transaction, row: MailRow, trouble: str) -> Dealt:
        session.mails.finish(row["id"], state=MailState.FAILED, folder=FAILED, trouble=trouble)
        return Dealt(row["id"], "", "", FAILED)

    def _deal(self, session: Transaction, row: MailRow) -> Dealt:
        if before := session.mails.dealt_with_before(row):
            kind, decision, folder = before["kind"] or "", before["decision"] or "", before["folder"] or Decided.IGNORE
            session.mails.finish(row["id"], state=MailState.DUPLICATE, kind=kind, decision=decision, folder=folder)
            return Dealt(row["id"], kind, decision, folder)
        work = _Work(session, row, read(session.mails.raw(row["id"]), self.office.own), self.clock())
        if row["trouble"]:
            return self._new(work, Placement("new", Kind.OTHER, Request(sender=work.mail.sender), row["trouble"]))
        if (reason := why(work.mail, self.office.own)) is not None:
            return self._automatic(work, reason)
        case = self._case(work)
        placement = place(work.mail, self.office.own, case)
        if case is None or placement.action == "new":
            return self._new(work, placement)
        if placement.action == "merge":
            return self._merge(work, case, placement)
        return self._record(work, case, placement)

    # ------------------------------------------------------------ which case

    def _case(self, work: _Work) -> Case | None:
        """The case that the mail's thread, its reference or its sender points at."""
        session, mail = work.session, work.mail
        case_id = session.cases.of_messages([*mail.references, *mail.in_reply_to])
        if case_id is not None:
            return self._load(session, session.cases.get(case_id=case_id), "thread")
        for reference in references(mail.subject):
            if row := session.cases.get(reference=reference):
                sure = has_code(mail.subject, session.marks.secret("reference-key"), reference)
                return self._load(session, row, "reference", sure)
        waiting = session.cases.waiting_of(mail.sender.address) if mail.sender is not None else []
        if len(waiting) == 1:
            return self._load(session, session.cases.get(case_id=waiting[0]), "sender")
        return None

    def _load(
        self,
        session: Transaction,
        row: CaseRow | None,
        found: Literal["thread", "reference", "sender"],
        sure: bool = True,
    ) -> Case | None:
        if row is None:
            return None
        request = requests.load(row["request"])
        batched = (a["position"] for a in session.cases.applicants(row["id"]) if a["batch_id"] is not None)
        return Case(
            row["id"],
            row["reference"],
            Status(row["status"]),
            request,
            parties=session.cases.parties(row["id"]),
            batched=frozenset(batched),
            findings=check(request, facts_about(session, request, row["id"])),
            found=found,
            sure=sure,
            silent=row["silent"],
        )

    # ------------------------------------------------------------ what becomes of it

    def _automatic(self, work: _Work, reason: str) -> Dealt:
        """Never answered. A bounce is recorded on the case whose letter bounced, and that case goes to review (POLICY
        section 1)."""
        case_id = self._bounced_case(work) if is_bounce(work.mail) else None
        if case_id is not None:
            detail = work.mail.report.reason if work.mail.report else ""
            note = f"Válaszlevelünk visszapattant. {detail}".strip()
            work.session.cases.update(case_id, work.now, status=Status.REVIEW, note=note)
            work.session.cases.note(case_id, work.now, "bounce", detail)
        return self._ignored(work, Kind.AUTOMATIC, case_id=case_id, trouble=reason)

    def _ignored(self, work: _Work, kind: Kind, case_id: int | None = None, trouble: str | None = None) -> Dealt:
        decided = Decided.IGNORE
        work.session.mails.finish(
            work.row["id"],
            state=MailState.DONE,
            kind=kind,
            decision=decided,
            folder=decided,
            case_id=case_id,
            trouble=trouble,
        )
        return Dealt(work.row["id"], kind, decided, decided)

    def _bounced_case(self, work: _Work) -> int | None:
        ours = re.compile(rf"<beirato\.[^<>\s]{{1,200}}@{re.escape(self.office.domain)}>", re.IGNORECASE)
        text = work.session.mails.raw(work.row["id"])[:_BOUNCE_BYTES].decode("latin-1")
        about = [work.mail.report.message_id] if work.mail.report else []
        for message_id in dict.fromkeys([*about, *work.mail.in_reply_to, *work.mail.references, *ours.findall(text)]):
            letter = work.session.outbox.of_message(message_id)
            if letter is not None and letter["case_id"] is not None:
                return letter["case_id"]
        return None

    def _new(self, work: _Work, placement: Placement) -> Dealt:
        if placement.kind in SILENT and not placement.request.open:
            return self._ignored(work, placement.kind)
        judged = judge(work.session, placement.kind, placement.request, None)
        case_id, reference = open_case(work.session, judged, work.now, placement.reason)
        parties = (work.mail.sender, *work.mail.to, *work.mail.cc)
        self._add_parties(work, case_id, judged.request, parties)
        made = judged.letter(self.office, reference)
        return self._finish(work, case_id, reference, placement.kind, judged.decision.decision, made)

    def _merge(self, work: _Work, case: Case, placement: Placement) -> Dealt:
        judged = judge(work.session, Kind.COMPLETION, placement.request, case.id)
        decided = judged.decision.decision
        reason = self._enough(work, case, judged) if decided == Decided.ASK else ""
        if reason:
            decided = Decided.REVIEW
        keep(work.session, case.id, judged, work.now, decided=decided, note=reason or None)
        work.session.cases.note(case.id, work.now, "completed", reason, data={**judged.said, "decision": decided})
        self._add_parties(work, case.id, judged.request, (work.mail.sender,))
        made = None if reason else judged.letter(self.office, case.reference, thanks=True)
        return self._finish(work, case.id, case.reference, Kind.COMPLETION, decided, made)

    def _enough(self, work: _Work, case: Case, judged: Judged) -> str:
        """Why a person should go on instead of another letter: the same wrong value given again, or the third round.
        "" when neither."""
        if work.session.outbox.count(case.id, Decided.ASK) >= MOST_ROUNDS:
            return "Két hiánypótló levél után is hiányos; munkatárs folytassa."
        written = fold(work.mail.written())
        before = {(f.code, f.value) for f in case.findings if f.value}
        wrong = (f for f in judged.decision.findings if f.value and (f.code, f.value) in before)
        again = next((f for f in wrong if fold(f.value) in written), None)
        return f"Ugyanazt a hibás adatot küldték újra: {again.value}" if again else ""

    def _record(self, work: _Work, case: Case, placement: Placement) -> Dealt:
        """The mail belongs to the case and changes nothing in it; a person may have to look."""
        review = placement.action == "review"
        if review:
            work.session.cases.update(case.id, work.now, status=Status.REVIEW, note=placement.reason)
        work.session.cases.note(case.id, work.now, "review" if review else "noted", placement.reason)
        decided = Decided.REVIEW if review else Decided.IGNORE
        return self._finish(work, case.id, case.reference, placement.kind, decided, None)

    # ------------------------------------------------------------ writing it down

    def _add_parties(self, work: _Work, case_id: int, request: Request, people: Sequence[Person | None]) -> None:
        """Who becomes a party by this mail (POLICY section 6): nobody by a Reply-To, by thanks, or by what waits for a
        person."""
        applicants = (v.text for a in request.applicants for v in a.email if "@" in v.text)
        written = (p.address for p in people if p is not None)
        work.session.cases.add_parties(case_id, [a for a in (*written, *applicants) if a not in self.office.own])

    def _finish(
        self, work: _Work, case_id: int, reference: str, kind: Kind, decided: Decided, made: Letter | None
    ) -> Dealt:
        session, row = work.session, work.row
        answering = Answering.of(work.mail, self.office.own)
        posted = ""
        if made is not None:
            key = f"{row['id']}.{row['digest'][:20]}"
            about = Posting(case_id, reference, decided, key, answering, mail_id=row["id"])
            posted = post(session, self.office, made, work.now, about)
        if not posted:  # a letter that is posted links both
            session.cases.link_messages((work.mail.message_id,), case_id)
        folder = Decided.REVIEW if made is not None and not posted else decided
        session.mails.finish(
            row["id"],
            state=MailState.DONE,
            kind=kind,
            decision=decided,
            folder=folder,
            case_id=case_id,
            answering=answering.to_json(),
        )
        return Dealt(row["id"], kind, decided, folder, reference)
