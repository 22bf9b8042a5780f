"""What an officer does to a case. Every act is one transaction and one line of the case's history: who, when, what,
why."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from processor.acts.amend import Refused, amended, joined, lacking, refuse_impossible, said, shown, with_applicant
from processor.acts.settle import Judged, judge, judge_case, keep, kind_of
from processor.cases.contract import applicant_rows
from processor.cases.states import HELP, Decided, LetterState, Outcome, Status
from processor.cases.vocabulary import FIELD_WORDS, actor_words, step_words
from processor.letters.compose import Letter, own_words
from processor.letters.post import Office, Posting, post
from processor.letters.wire import reworded, text_of
from processor.store import Store, Transaction, requests
from processor.store.rows import ApplicantRow, CaseRow, LetterRow
from processor.worktime import Clock
from rules import check
from rules.model import Applicant, Facts, Kind, Request
from rules.programs import wanted

__all__ = ["Officer", "Refused", "Stale"]

_LONGEST_QUOTE = 2_000  # characters of a letter kept in the history
_TOO_MANY = "A levél nem mehet ki: a címzett vagy az ügy ma már elérte a napi felső határt."
_IN_BATCH = "Ez a kérelmező már kötegben van; a köteg nem változik."
_STILL_LACKING = "Még hiányos: pótolja, vagy írjon az önkormányzatnak."
# Findings that a corrected row of somebody who was registered cannot help having.
_OF_THE_SAME_PERSON = ("account.known", "account.changed", "email.shared", "clerk.missing", "clerk.unconfirmed")


class Stale(Refused):
    """Somebody else changed the case, or the letter, since the officer looked at it; nothing was saved."""


class Officer:
    """`who`: the officer's user name. `seen`: the case's `updated_at` when the officer looked at it; an act on another
    state is `Stale`."""

    def __init__(self, store: Store, office: Office, clock: Clock, who: str, seen: str = "") -> None:
        self.store, self.office, self.clock, self.who, self.seen = store, office, clock, who, seen

    # ------------------------------------------------------------ applicants

    def approve(self, reference: str, number: int, reason: str, values: Mapping[str, str] | None = None) -> None:
        """Lets an applicant (counted from 1) through whatever the rules say, with `values` corrected first. Every field
        must be there."""
        if not reason.strip():
            raise Refused("Kérjük, indokolja a jóváhagyást.")

        def act(request: Request, facts: Facts) -> Request:
            applicant = amended(_applicant(request, number), values or {})
            request = with_applicant(request, number, applicant)
            if fields := lacking(applicant):
                raise Refused(f"Előbb adja meg: {', '.join(fields)}.")
            found = (f for f in check(request, facts) if f.applicant in {number - 1, None})
            codes = tuple(dict.fromkeys(f.code for f in found if f.code != "account.known"))
            return with_applicant(request, number, replace(applicant, lifted=(*applicant.lifted, *codes)))

        detail = f"{number}. kérelmező: {reason.strip()}{said(values or {})}"
        self._change(reference, "approved", detail, act, number)

    def set(self, reference: str, number: int, values: Mapping[str, str]) -> None:
        """Gives fields of an applicant values, all of them or none. Programs by short name or ProBono identifier,
        separated by semicolons. A value that can't be right is refused; `approve` takes it, with a reason."""
        refuse_impossible(values)
        self._amend(reference, "set", f"{number}. kérelmező{said(values)}", number, lambda a: amended(a, values))

    def drop(self, reference: str, number: int, reason: str) -> None:
        """Takes an applicant out of the case."""
        detail = f"{number}. kérelmező: {reason.strip()}"
        self._amend(reference, "dropped", detail, number, lambda a: replace(a, dropped=True))

    def restore(self, reference: str, number: int) -> None:
        """Takes an applicant who was dropped back into the case."""
        self._amend(reference, "restored", f"{number}. kérelmező", number, lambda a: replace(a, dropped=False))

    def correct(self, reference: str, number: int, values: Mapping[str, str], reason: str) -> None:
        """For whoever is in a batch already: a corrected row in the next one; the batch that was made stays as it
        is."""
        refuse_impossible(values)
        now = self.clock()
        with self._case(reference) as (session, case):
            request = requests.load(case["request"])
            applicant = _applicant(request, number)
            mine = _row(session, case, number)
            if mine is None or mine["batch_id"] is None:
                raise Refused("Ez a kérelmező még nincs kötegben; a mező egyszerűen javítható.")
            new = amended(applicant, values)
            new = replace(new, lifted=(*new.lifted, *_OF_THE_SAME_PERSON))
            # The row that was in the batch is judged no more.
            changed = with_applicant(request, number, replace(applicant, dropped=True))
            changed = replace(changed, applicants=(*changed.applicants, new))
            judged = judge(session, Kind.COMPLETION, changed, case["id"])
            remark = "javítás: " + "; ".join(
                f"{FIELD_WORDS[field]}: {shown(mine['row'].get(field))} helyett {value.strip()}"
                for field, value in values.items()
            )
            self._keep_correction(session, case, judged, now, remark, new)
            session.cases.note(
                case["id"], now, "corrected", f"{number}. kérelmező, {remark}. {reason.strip()}", self.who
            )

    def _keep_correction(
        self, session: Transaction, case: CaseRow, judged: Judged, now: dt.datetime, remark: str, new: Applicant
    ) -> None:
        before = {row["position"]: row for row in session.cases.applicants(case["id"])}
        rows = applicant_rows(judged.request, judged.decision, judged.facts, before, now)
        for row in rows:
            if row["position"] == len(judged.request.applicants) - 1:
                row["row"] = {**row["row"], "remark": remark}
                row["new_programs"] = list(wanted(new))
        keep(session, case["id"], judged, now, note="")
        session.cases.replace_applicants(case["id"], rows)

    # ------------------------------------------------------------ letters to the municipality

    def draft(self, reference: str) -> Letter | None:
        """The letter that `ask` would send now; None when there is nothing to write."""
        with self.store.read() as session:
            case = self._get(session, reference)
            judged = judge_case(session, case)
            if not judged.request.applicants and Kind(case["kind"]) not in HELP:
                return None
            return judged.letter(replace(self.office, acknowledge=True), case["reference"])

    def write(self, reference: str, text: str) -> str:
        """Sends the municipality a letter in the officer's own words; gives its Message-ID. The case waits for the
        answer, if it asks for registration."""
        if not text.strip():
            raise Refused("A levél szövege üres.")
        with self._case(reference) as (session, case):
            judged = judge_case(session, case)
            decided = judged.decision.decision
            status = Status.WAITING if judged.request.applicants else Status.ANSWERED
            if judged.request.applicants and decided in {Decided.QUEUE, Decided.ANSWER}:
                status = judged.status  # whoever is complete waits for the batch, whatever the letter says
            made = Letter(f"[{case['reference']}] Regisztrációs kérelem", *own_words(text), awaits=True)
            purpose = Decided.ASK if status == Status.WAITING else Decided.ANSWER
            posted = self._post(session, case, made, purpose)
            session.cases.update(case["id"], self.clock(), status=status, note="", silent=False)
            self._note(session, case, "written", text.strip()[:_LONGEST_QUOTE])
        return posted

    def ask(self, reference: str) -> str:
        """Writes to the municipality again, after the case as it now stands; gives the letter's Message-ID."""
        with self._case(reference) as (session, case):
            judged = judge_case(session, case)
            made = judged.letter(replace(self.office, acknowledge=True), case["reference"])
            if made is None:
                raise Refused("Ebben az ügyben most nincs mit írni: előbb a kérdéses adatokat kell rendezni.")
            now, decided = self.clock(), judged.decision.decision
            session.cases.update(case["id"], now, status=judged.status, decision=decided, note="", silent=False)
            posted = self._post(session, case, made, decided)
            self._note(session, case, "asked again", data=judged.said)
        return posted

    def _post(self, session: Transaction, case: CaseRow, made: Letter, purpose: Decided, held: bool = False) -> str:
        now = self.clock()
        key = f"kezi.{now:%Y%m%d%H%M%S%f}"
        posted = post(session, self.office, made, now, Posting(case["id"], case["reference"], purpose, key, held=held))
        if not posted and not held:
            raise Refused(_TOO_MANY)
        return posted

    # ------------------------------------------------------------ the case

    def close(self, reference: str, reason: str) -> None:
        """Nothing more is done in the case; letters that have not gone out are withdrawn."""
        with self._case(reference) as (session, case):
            session.cases.update(case["id"], self.clock(), status=Status.CLOSED, note=reason.strip(), silent=False)
            session.outbox.withdraw(case["id"])
            session.cases.unqueue(case["id"])
            self._note(session, case, "closed", reason.strip())

    def reopen(self, reference: str, reason: str) -> None:
        """A closed case goes to review; those whom closing took out of the queue are judged anew."""
        self._change(reference, "reopened", reason.strip(), lambda request, _: request, status=Status.REVIEW)

    def settle(self, reference: str, reason: str = "") -> None:
        """The officer has looked at what the reader left open, and at a doubtful sender: the case goes on as its data
        are."""

        def act(request: Request, _: Facts) -> Request:
            if not request.open and not request.doubt:
                raise Refused("Ebben az ügyben nincs tisztázandó.")
            return replace(request, open=(), doubt="")

        self._change(reference, "settled", reason.strip(), act)

    def merge(self, reference: str, other: str) -> None:
        """The case's people, mails and threads go over to another case, which is decided anew; this one is closed."""
        now = self.clock()
        with self._case(reference) as (session, case):
            target = self._get(session, other)
            if case["id"] == target["id"]:
                raise Refused("Egy ügy önmagával nem vonható össze.")
            if any(row["batch_id"] is not None for row in session.cases.applicants(case["id"])):
                raise Refused("Az ügyben van, aki már kötegben van; az ilyen ügy nem vonható össze.")
            merged = joined(requests.load(target["request"]), requests.load(case["request"]))
            session.cases.unqueue(case["id"])
            session.outbox.withdraw(case["id"])
            session.cases.relink(case["id"], target["id"])
            keep(session, target["id"], judge(session, Kind.COMPLETION, merged, target["id"]), now)
            note = f"Összevonva: {target['reference']}."
            session.cases.update(case["id"], now, status=Status.CLOSED, note=note, silent=False)
            self._note(session, case, "merged", f"ide: {target['reference']}")
            self._note(session, target, "merged", f"innen: {case['reference']}")

    def hold(self, reference: str, held: bool) -> None:
        """Letters of the case wait for a person, or no longer do."""
        with self._case(reference) as (session, case):
            session.cases.update(case["id"], self.clock(), held=held)
            self._note(session, case, "held" if held else "released")

    # ------------------------------------------------------------ held letters

    def release(self, letter_id: int) -> None:
        """A held letter goes out."""
        with self.store.begin() as session:
            self._settle_letter(session, _held(session, letter_id), LetterState.PENDING, "letter approved")

    def edit(self, letter_id: int, text: str, seen: str) -> None:
        """Gives a held letter another text. `seen`: the text that the officer began with; `Stale` when the letter says
        something else by now."""
        if not text.strip():
            raise Refused("A levél szövege üres.")
        with self.store.begin() as session:
            letter = _held(session, letter_id)
            before = text_of(bytes(letter["raw"]))
            if before.split() != seen.split():
                raise Stale("A levél szövegét közben más módosította; az Ön változtatása nem lett mentve.")
            if before.split() == text.split():
                return
            session.outbox.set(letter_id, raw=reworded(bytes(letter["raw"]), *own_words(text)), drafted=False)
            self._note_letter(session, letter, "letter edited", text.strip()[:_LONGEST_QUOTE])

    def reject(self, letter_id: int, reason: str) -> None:
        """A held letter does not go out; its case goes to review."""
        with self.store.begin() as session:
            letter = _held(session, letter_id)
            self._settle_letter(session, letter, LetterState.WITHDRAWN, "letter rejected", reason)
            if letter["case_id"] is not None:
                note = f"A válaszlevelet elvetették. {reason}".strip()
                session.cases.update(letter["case_id"], self.clock(), status=Status.REVIEW, note=note)

    def _settle_letter(
        self, session: Transaction, letter: LetterRow, state: LetterState, action: str, reason: str = ""
    ) -> None:
        # A copy may lie in Drafts; the next poll takes it away.
        session.outbox.set(letter["id"], state=state, next_try=self.clock(), drafted=True)
        self._note_letter(session, letter, action, reason)

    def _note_letter(self, session: Transaction, letter: LetterRow, action: str, detail: str) -> None:
        if letter["case_id"] is not None:
            session.cases.note(letter["case_id"], self.clock(), action, detail, self.who)

    # ------------------------------------------------------------ how

    @contextlib.contextmanager
    def _case(self, reference: str) -> Iterator[tuple[Transaction, CaseRow]]:
        """A transaction with the case that the officer looked at; `Stale` when it is another by now."""
        with self.store.begin() as session:
            case = self._get(session, reference)
            if self.seen and case["updated_at"].isoformat() != self.seen:
                last = session.cases.history(case["id"])[-1]
                step = step_words(last["action"], last["detail"][:200], last["data"])
                raise Stale(
                    f"Az ügyet közben {actor_words(last['actor'])} módosította ({step}). "
                    "Az Ön változtatása nem lett mentve; nyissa meg újra az ügyet."
                )
            yield session, case

    def _get(self, session: Transaction, reference: str) -> CaseRow:
        case = session.cases.get(reference=reference.upper())
        if case is None:
            raise Refused(f"Nincs ilyen ügy: {reference}.")
        return case

    def _note(
        self, session: Transaction, case: CaseRow, action: str, detail: str = "", data: dict[str, Any] | None = None
    ) -> None:
        session.cases.note(case["id"], self.clock(), action, detail, self.who, data)

    def _amend(
        self, reference: str, action: str, detail: str, number: int, act: Callable[[Applicant], Applicant]
    ) -> None:
        """Changes one applicant."""

        def change(request: Request, _: Facts) -> Request:
            return with_applicant(request, number, act(_applicant(request, number)))

        self._change(reference, action, detail, change, number)

    def _change(
        self,
        reference: str,
        action: str,
        detail: str,
        act: Callable[[Request, Facts], Request],
        number: int = 0,
        status: Status | None = None,
    ) -> None:
        """`number`: the applicant whom it is about (from 1; 0: none), who must not be in a batch; `status`: the case's
        afterwards, by default what follows from the decision."""
        now = self.clock()
        with self._case(reference) as (session, case):
            row = _row(session, case, number)
            if row is not None and row["batch_id"] is not None:
                raise Refused(_IN_BATCH)
            before = judge_case(session, case)
            judged = judge(session, Kind.COMPLETION, act(before.request, before.facts), case["id"])
            after = status or _status_after(session, case, judged)
            note = ""
            if after == Status.WAITING and case["status"] == Status.REVIEW:
                after, note = Status.REVIEW, _STILL_LACKING  # nobody has been asked for what is lacking
            keep(session, case["id"], judged, now, status=after, note=note)
            self._note(session, case, action, detail)
            self._rewrite_held(session, case, replace(judged, kind=kind_of(case)))

    def _rewrite_held(self, session: Transaction, case: CaseRow, judged: Judged) -> None:
        """A held letter that speaks of the case as it was gives way to one that speaks of it as it is."""
        if not session.outbox.withdraw_held(case["id"]):
            return
        session.cases.note(case["id"], self.clock(), "letter rewritten")
        made = judged.letter(self.office, case["reference"])
        if made is not None:
            self._post(session, case, made, judged.decision.decision, held=True)


def _applicant(request: Request, number: int) -> Applicant:
    if not 1 <= number <= len(request.applicants):
        raise Refused(f"Nincs {number}. kérelmező az ügyben; {len(request.applicants)} van.")
    return request.applicants[number - 1]


def _row(session: Transaction, case: CaseRow, number: int) -> ApplicantRow | None:
    return next((a for a in session.cases.applicants(case["id"]) if a["position"] == number - 1), None)


def _status_after(session: Transaction, case: CaseRow, judged: Judged) -> Status:
    """What follows from the decision; closed when nobody of the case is to be dealt with any more."""
    if not judged.request.applicants:
        return Status.REVIEW  # a question: the officer writes the answer
    batched = {a["position"] for a in session.cases.applicants(case["id"]) if a["batch_id"] is not None}
    left = (o for i, o in enumerate(judged.decision.outcomes) if i not in batched)
    return judged.status if any(o != Outcome.DROPPED for o in left) else Status.CLOSED


def _held(session: Transaction, letter_id: int) -> LetterRow:
    letter = session.outbox.get(letter_id)
    if letter is None or letter["state"] != LetterState.HELD:
        raise Refused(f"Nincs ilyen visszatartott levél: {letter_id}.")
    return letter
