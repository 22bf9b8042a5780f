"""One raw mail, one transaction. Ledger row, case, applicants, history and reply are committed together.

A mail that raises anywhere is put aside with its traceback, and the mails behind it go on. The move in the mailbox
comes later,
after the commit (`mailbox`), and the sending too (`outbox`).
"""

from __future__ import annotations

import datetime as dt
import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import sqlalchemy.exc
import structlog

from processor.cases.contract import applicant_rows
from processor.cases.decision import Decision, decide, review_reason
from processor.cases.place import STATUS, Found, Placement, Standing, has_code, place, references
from processor.letters.compose import Letter, letter
from processor.letters.post import Office, post
from processor.reading import Mail, read
from processor.store.repository import Row, Session, Store, dump_request, load_request
from processor.understanding.automatic import is_bounce, why
from rules import check
from rules.hungarian.words import fold
from rules.model import Facts, Person, Request

log = structlog.get_logger()

MOST_ROUNDS = 2  # letters that ask for something in one case; then a person goes on
_BOUNCE_BYTES = 500_000  # a bounce that returns the whole letter names its Message-ID well within this
_SILENT = frozenset({"automatic", "acknowledgement"})


@dataclass(frozen=True, slots=True)
class Dealt:
    """What became of a mail; `folder` is the decision's name among mailbox.folders, or "failed"."""

    mail_id: int
    kind: str
    decision: str
    folder: str
    reference: str = ""


@dataclass(slots=True)
class _Work:
    """One mail on its way through the transaction."""

    session: Session
    row: Row
    mail: Mail
    now: dt.datetime
    notes: list[tuple[str, str]] = field(default_factory=list)


_TRYING = "intake:trying"  # which left-over mail is at work, and for the how manieth time
_MOST_TRIES = 2


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
                done = [self._deal(session, row) for row in session.new_mails(limit)]
        except sqlalchemy.exc.OperationalError:
            raise  # the database is in trouble, not a mail
        except Exception:
            with self.store.begin() as session:
                done = [self._guarded(session, row) for row in session.new_mails(limit)]
        for dealt in done:
            log.info(
                "mail_dealt_with",
                mail=dealt.mail_id,
                kind=dealt.kind,
                decision=dealt.decision or dealt.folder,
                case=dealt.reference,
            )
        return done

    def recover(self, stop: Callable[[], bool] = lambda: False) -> list[Dealt]:
        """Deals with what an earlier process left undone, each in a commit of its own: a mail that ended the process
        twice is put aside."""
        done: list[Dealt] = []
        while not stop():
            with self.store.begin() as session:
                row = next(iter(session.new_mails(1)), None)
                if row is None:
                    break
                tried, _, times = (session.marker(_TRYING) or "").partition(":")
                count = int(times) + 1 if tried == str(row["id"]) else 1
                session.set_marker(_TRYING, f"{row['id']}:{count}" if count <= _MOST_TRIES else "")
                if count > _MOST_TRIES:
                    log.error("mail_ends_the_process", mail=row["id"], tries=_MOST_TRIES)
                    session.finish_mail(
                        row["id"],
                        state="failed",
                        folder="failed",
                        trouble=f"A levél feldolgozása közben a program {_MOST_TRIES} alkalommal leállt.",
                    )
                    done.append(Dealt(row["id"], "", "", "failed"))
                    continue
            done += self.work(1)
        return done

    def _guarded(self, session: Session, row: Row) -> Dealt:
        try:
            with session.savepoint():
                return self._deal(session, row)
        except sqlalchemy.exc.OperationalError:
            raise
        except Exception as error:
            log.error("mail_failed", mail=row["id"], error=type(error).__name__)
            session.finish_mail(row["id"], state="failed", folder="failed", trouble=traceback.format_exc()[-20_000:])
            return Dealt(row["id"], "", "", "failed")

    def _deal(self, session: Session, row: Row) -> Dealt:
        if before := session.dealt_with_before(row):
            session.finish_mail(
                row["id"], state="duplicate", kind=before["kind"], decision=before["decision"], folder=before["folder"]
            )
            return Dealt(row["id"], before["kind"] or "", before["decision"] or "", before["folder"] or "ignore")
        work = _Work(session, row, read(session.raw_mail(row["id"]), self.office.own), self.clock())
        if row["trouble"]:
            return self._new(work, Placement("new", "other", Request(sender=work.mail.sender), row["trouble"]))
        if (reason := why(work.mail, self.office.own)) is not None:
            return self._automatic(work, reason)
        standing = self._standing(work)
        placement = place(work.mail, self.office.own, standing)
        if standing is None or placement.action == "new":
            return self._new(work, placement)
        if placement.action == "merge":
            return self._merge(work, standing, placement)
        return self._record(work, standing, placement)

    # ------------------------------------------------------------ which case

    def _standing(self, work: _Work) -> Standing | None:
        session, mail = work.session, work.mail
        case_id = session.case_of_messages([*mail.references, *mail.in_reply_to])
        if case_id is not None:
            return self._load(session, session.case(case_id=case_id), "thread")
        for reference in references(mail.subject):
            if case := session.case(reference=reference):
                return self._load(
                    session, case, "reference", sure=has_code(mail.subject, session.secret("reference-key"), reference)
                )
        if mail.sender is not None:
            waiting = session.open_cases_of(mail.sender.address)
            if len(waiting) == 1:
                return self._load(session, session.case(case_id=waiting[0]), "sender")
        return None

    def _load(self, session: Session, case: Row | None, found: Found, sure: bool = True) -> Standing | None:
        if case is None:
            return None
        request = load_request(case["request"])
        batched = frozenset(
            row["position"] for row in session.case_applicants(case["id"]) if row["batch_id"] is not None
        )
        findings = check(request, self._facts(session, request, case["id"]))
        parties = session.party_addresses(case["id"])
        return Standing(
            case["id"],
            case["reference"],
            case["status"],
            request,
            parties,
            batched,
            findings,
            found,
            sure,
            case["silent"],
        )

    def _facts(self, session: Session, request: Request, case_id: int | None) -> Facts:
        addresses = [v.text for a in request.applicants for v in a.email]
        pirs = [v.text for a in request.applicants for v in a.pir]
        people = [p.address for p in (*request.recipients, request.sender) if p is not None]
        return session.facts(addresses, pirs, people, except_case=case_id)

    # ------------------------------------------------------------ what becomes of it

    def _automatic(self, work: _Work, reason: str) -> Dealt:
        """Never answered. A bounce is recorded on the case whose letter bounced, and that case goes to review (POLICY
        section 1)."""
        case_id = None
        if is_bounce(work.mail) and (case_id := self._bounced_case(work)) is not None:
            detail = work.mail.report.reason if work.mail.report else ""
            work.session.update_case(
                case_id,
                work.now,
                status="review",
                note="Válaszlevelünk visszapattant." + (f" {detail}" if detail else ""),
            )
            work.session.note(case_id, work.now, "bounce", detail)
        work.session.finish_mail(
            work.row["id"],
            state="done",
            kind="automatic",
            decision="ignore",
            folder="ignore",
            case_id=case_id,
            trouble=reason,
        )
        return Dealt(work.row["id"], "automatic", "ignore", "ignore")

    def _bounced_case(self, work: _Work) -> int | None:
        ours = re.compile(rf"<beirato\.[^<>\s]{{1,200}}@{re.escape(self.office.domain)}>", re.IGNORECASE)
        text = work.session.raw_mail(work.row["id"])[:_BOUNCE_BYTES].decode("latin-1")
        about = [work.mail.report.message_id] if work.mail.report else []
        for message_id in dict.fromkeys([*about, *work.mail.in_reply_to, *work.mail.references, *ours.findall(text)]):
            letter_row = work.session.case_of_letter(message_id)
            if letter_row is not None and letter_row["case_id"] is not None:
                return int(letter_row["case_id"])
        return None

    def _new(self, work: _Work, placement: Placement) -> Dealt:
        session = work.session
        if placement.kind in _SILENT and not placement.request.open:
            session.finish_mail(work.row["id"], state="done", kind=placement.kind, decision="ignore", folder="ignore")
            return Dealt(work.row["id"], placement.kind, "ignore", "ignore")
        facts = self._facts(session, placement.request, None)
        decision = decide(placement.kind, placement.request, check(placement.request, facts))
        case_id, reference = session.new_case(
            work.now,
            status=STATUS[decision.decision],
            kind=placement.kind,
            decision=decision.decision,
            problems=list(decision.problems),
            request=dump_request(placement.request),
            note=placement.reason or review_reason(placement.request, decision),
        )
        self._people(work, case_id, placement.request, decision, facts, is_new=True)
        codes = dict.fromkeys((*decision.problems, *(f.code for f in decision.findings)))
        session.note(
            case_id,
            work.now,
            "opened",
            placement.reason or f"{decision.decision} ({placement.kind}): {', '.join(codes)}".removesuffix(": "),
        )
        made = letter(
            placement.kind, placement.request, decision, reference, facts, acknowledge=self.office.acknowledge
        )
        everybody = (work.mail.sender, *work.mail.to, *work.mail.cc)
        return self._finish(
            work, case_id, reference, placement.kind, decision.decision, made, placement.request, everybody
        )

    def _merge(self, work: _Work, standing: Standing, placement: Placement) -> Dealt:
        session = work.session
        facts = self._facts(session, placement.request, standing.id)
        decision = decide("completion", placement.request, check(placement.request, facts))
        outcome, reason = decision.decision, ""
        if outcome == "ask" and (reason := self._enough(work, standing, decision)):
            outcome = "review"
        session.update_case(
            standing.id,
            work.now,
            status=STATUS[outcome],
            decision=outcome,
            problems=list(decision.problems),
            request=dump_request(placement.request),
            note=reason or review_reason(placement.request, decision),
            silent=False,
        )
        self._people(work, standing.id, placement.request, decision, facts)
        session.note(standing.id, work.now, "completed", reason or outcome)
        if reason:
            return self._finish(
                work,
                standing.id,
                standing.reference,
                "completion",
                outcome,
                None,
                placement.request,
                (work.mail.sender,),
            )
        made = letter(
            "completion",
            placement.request,
            decision,
            standing.reference,
            facts,
            thanks=True,
            acknowledge=self.office.acknowledge,
        )
        return self._finish(
            work,
            standing.id,
            standing.reference,
            "completion",
            decision.decision,
            made,
            placement.request,
            (work.mail.sender,),
        )

    def _enough(self, work: _Work, standing: Standing, decision: Decision) -> str:
        """Why a person should go on instead of another letter: the same wrong value given again, or the third round.
        "" when neither."""
        if work.session.count_letters(standing.id, "ask") >= MOST_ROUNDS:
            return "Két hiánypótló levél után is hiányos; munkatárs folytassa."
        written = fold(work.mail.written())
        before = {(f.code, f.value) for f in standing.findings if f.value}
        again = [f for f in decision.findings if f.value and (f.code, f.value) in before and fold(f.value) in written]
        return f"Ugyanazt a hibás adatot küldték újra: {again[0].value}" if again else ""

    def _record(self, work: _Work, standing: Standing, placement: Placement) -> Dealt:
        """The mail belongs to the case and changes nothing in it; a person may have to look."""
        review = placement.action == "review"
        if review:
            work.session.update_case(standing.id, work.now, status="review", note=placement.reason)
        work.session.note(standing.id, work.now, "review" if review else "noted", placement.reason)
        return self._finish(
            work,
            standing.id,
            standing.reference,
            placement.kind,
            "review" if review else "ignore",
            None,
            placement.request,
        )

    # ------------------------------------------------------------ writing it down

    def _people(
        self, work: _Work, case_id: int, request: Request, decision: Decision, facts: Facts, is_new: bool = False
    ) -> None:
        before = {} if is_new else {row["position"]: row for row in work.session.case_applicants(case_id)}
        rows = applicant_rows(request, decision, facts, before, work.now)
        if is_new:
            work.session.add_applicants(case_id, rows)
        else:
            work.session.replace_applicants(case_id, rows)

    def _finish(
        self,
        work: _Work,
        case_id: int,
        reference: str,
        kind: str,
        decision: str,
        made: Letter | None,
        request: Request,
        parties: Sequence[Person | None] = (),
    ) -> Dealt:
        """`parties`: who becomes one by this mail (POLICY section 6); nobody by a Reply-To, by thanks, or by what
        waits for a person."""
        session, mail = work.session, work.mail
        applicants = [
            v.text for a in request.applicants for v in a.email if "@" in v.text and v.text not in self.office.own
        ]
        people = [p.address for p in parties if p is not None and p.address not in self.office.own]
        session.add_parties(case_id, [*people, *(applicants if parties else ())])
        posted = ""
        if made is not None:
            posted = post(
                session,
                self.office,
                made,
                work.now,
                case_id=case_id,
                reference=reference,
                mail=mail,
                purpose=decision,
                key=f"{work.row['id']}.{work.row['digest'][:20]}",
                mail_id=work.row["id"],
            )
        folder = "review" if made is not None and not posted else decision
        if not posted:  # a letter that is posted links both
            session.link_messages((mail.message_id,), case_id)
        session.finish_mail(work.row["id"], state="done", kind=kind, decision=decision, folder=folder, case_id=case_id)
        return Dealt(work.row["id"], kind, decision, folder, reference)
