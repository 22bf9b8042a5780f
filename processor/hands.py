"""Floor 5: what an officer does to a case. Every act is one transaction and one line of the case's history: who, when, what, why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from processor.cases import STATUS
from processor.contract import applicant_rows
from processor.decision import decide, review_reason
from processor.posting import Office, post
from processor.reading import read
from processor.replies import Letter, as_html, letter
from processor.rounds import Clock
from processor.store.repository import Row, Session, Store, dump_request, load_request
from rules import check
from rules.catalogue import programs as catalogue
from rules.model import Applicant, Evidence, Facts, Mention, Request, Value
from rules.programs import wanted

FIELDS = ("name", "municipality", "pir", "county", "email", "programs")
_NEEDED = {"name": "név", "municipality": "munkahely", "pir": "PIR szám", "county": "vármegye", "email": "e-mail-cím"}


class Refused(ValueError):
    """The act is not possible; the message says why, in Hungarian."""


class Hands:
    """`who`: the officer's user name."""

    def __init__(self, store: Store, office: Office, clock: Clock, who: str) -> None:
        self.store, self.office, self.clock, self.who = store, office, clock, who

    # ------------------------------------------------------------ applicants

    def approve(self, reference: str, number: int, reason: str) -> None:
        """Lets an applicant (counted from 1) through whatever the rules say. Every field must be there; a conflict is settled by `set` first."""
        if not reason.strip():
            raise Refused("Kérjük, indokolja a jóváhagyást.")

        def act(request: Request, facts: Facts) -> Request:
            applicant = self._applicant(request, number)
            lacking = [word for field, word in _NEEDED.items() if applicant.one(field) is None]
            if not wanted(applicant):
                lacking.append("tananyag")
            if lacking:
                raise Refused(f"Előbb adja meg: {', '.join(lacking)}.")
            codes = tuple(dict.fromkeys(f.code for f in check(request, facts) if f.applicant == number - 1 and f.code != "account.known"))
            return replace(_with(request, number, replace(applicant, lifted=(*applicant.lifted, *codes))), clerk_before=True)

        self._change(reference, "approved", f"{number}. kérelmező: {reason.strip()}", act, batched_stays=number)

    def set(self, reference: str, number: int, field: str, value: str) -> None:
        """Gives a field a value. Programs by short name or ProBono identifier, separated by semicolons."""
        if field not in FIELDS:
            raise Refused(f"Nincs ilyen mező: {field}. Lehet: {', '.join(FIELDS)}.")

        def act(request: Request, _: Facts) -> Request:
            applicant = self._applicant(request, number)
            lifted = tuple(code for code in applicant.lifted if not code.startswith(f"{field}."))
            new = replace(applicant, lifted=lifted, **{field: _programs(value) if field == "programs" else (_value(value.strip()),)})  # type: ignore[arg-type]
            return _with(request, number, new)

        self._change(reference, "set", f"{number}. kérelmező, {field}: {value.strip()}", act, batched_stays=number)

    def correct(self, reference: str, number: int, field: str, value: str, reason: str) -> None:
        """For whoever is in a batch already: a corrected row in the next one; the batch that was made stays as it is."""
        if field not in FIELDS:
            raise Refused(f"Nincs ilyen mező: {field}. Lehet: {', '.join(FIELDS)}.")
        now = self.clock()
        with self.store.begin() as session:
            case, request, _ = self._load(session, reference)
            applicant = self._applicant(request, number)
            rows = {row["position"]: row for row in session.case_applicants(case["id"])}
            if (mine := rows.get(number - 1)) is None or mine["batch_id"] is None:
                raise Refused("Ez a kérelmező még nincs kötegben; a mező egyszerűen javítható.")
            lifted = (*(c for c in applicant.lifted if not c.startswith(f"{field}.")), "account.known", "account.changed", "email.shared")
            new = replace(applicant, lifted=lifted, **{field: _programs(value) if field == "programs" else (_value(value.strip()),)})  # type: ignore[arg-type]
            changed = replace(request, applicants=(*request.applicants, new), clerk_before=True)
            facts = self._facts(session, changed, case["id"])
            decision = decide("completion", changed, check(changed, facts))
            made = applicant_rows(changed, decision, facts, rows, now)
            remark = f"javítás ({field}): {mine['row'].get(field) or '–'} helyett {value.strip()}"
            for row in made:
                if row["position"] == len(changed.applicants) - 1:
                    row["row"] = {**row["row"], "remark": remark}
                    row["new_programs"] = list(wanted(new))
            session.update_case(case["id"], now, status=STATUS[decision.decision], decision=decision.decision, request=dump_request(changed), note="", silent=False)
            session.replace_applicants(case["id"], made)
            session.note(case["id"], now, "corrected", f"{number}. kérelmező, {remark}. {reason.strip()}", actor=self.who)

    def drop(self, reference: str, number: int, reason: str) -> None:
        """Takes an applicant out of the case."""
        self._change(
            reference, "dropped", f"{number}. kérelmező: {reason.strip()}", lambda request, _: _with(request, number, replace(self._applicant(request, number), dropped=True)), batched_stays=number
        )

    # ------------------------------------------------------------ the case

    def draft(self, reference: str) -> Letter | None:
        """The letter that `ask` would send now; None when there is nothing to write."""
        with self.store.begin() as session:
            case, request, facts = self._load(session, reference)
            decision = decide(_kind(case), request, check(request, facts))
            return letter(_kind(case), request, decision, case["reference"], facts, acknowledge=True)

    def write(self, reference: str, text: str) -> str:
        """Sends the municipality a letter in the officer's own words; gives its Message-ID. The case waits for the answer."""
        if not text.strip():
            raise Refused("A levél szövege üres.")
        now = self.clock()
        with self.store.begin() as session:
            case, _, _ = self._load(session, reference)
            made = Letter(f"[{case['reference']}] Regisztrációs kérelem", text.strip() + "\n", as_html(text), awaits=True)
            mail = read(session.last_mail(case["id"]), self.office.own)
            posted = post(session, self.office, made, now, case_id=case["id"], reference=case["reference"], mail=mail, purpose="ask", key=f"kezi.{now:%Y%m%d%H%M%S}")
            if not posted:
                raise Refused("A levél nem mehet ki: a címzett vagy az ügy ma már elérte a napi felső határt.")
            session.update_case(case["id"], now, status="waiting", note="", silent=False)
            session.note(case["id"], now, "written", text.strip()[:2000], actor=self.who)
        return posted

    def ask(self, reference: str) -> str:
        """Writes to the municipality again, after the case as it now stands; gives the letter's Message-ID."""
        now = self.clock()
        with self.store.begin() as session:
            case, request, facts = self._load(session, reference)
            decision = decide(_kind(case), request, check(request, facts))
            made = letter(_kind(case), request, decision, case["reference"], facts, acknowledge=True)
            if made is None:
                raise Refused("Ebben az ügyben most nincs mit írni: előbb a kérdéses adatokat kell rendezni.")
            mail = read(session.last_mail(case["id"]), self.office.own)
            session.update_case(case["id"], now, status=STATUS[decision.decision], decision=decision.decision, note="", silent=False)
            key = f"kezi.{now:%Y%m%d%H%M%S}"
            posted = post(session, self.office, made, now, case_id=case["id"], reference=case["reference"], mail=mail, purpose=decision.decision, key=key)
            session.note(case["id"], now, "asked again", decision.decision, actor=self.who)
        if not posted:
            raise Refused("A levél nem mehet ki: a címzett vagy az ügy ma már elérte a napi felső határt.")
        return posted

    def close(self, reference: str, reason: str) -> None:
        """Nothing more is done in the case; letters that have not gone out are withdrawn."""
        self._status(reference, "closed", "closed", reason, withdraw=True)

    def reopen(self, reference: str, reason: str) -> None:
        """A closed case goes to review."""
        self._status(reference, "review", "reopened", reason)

    def merge(self, reference: str, other: str) -> None:
        """The case's people, mails and threads go over to another case, which is decided anew; this one is closed."""
        now = self.clock()
        with self.store.begin() as session:
            case, request, _ = self._load(session, reference)
            target, into, _ = self._load(session, other)
            if case["id"] == target["id"]:
                raise Refused("Egy ügy önmagával nem vonható össze.")
            if any(row["batch_id"] is not None for row in session.case_applicants(case["id"])):
                raise Refused("Az ügyben van, aki már kötegben van; az ilyen ügy nem vonható össze.")
            known = {(a.one("name"), a.one("email")) for a in into.applicants}
            people = [a for a in request.applicants if (a.one("name"), a.one("email")) not in known and not a.dropped]
            recipients = tuple({p.address: p for p in (*into.recipients, *request.recipients)}.values())
            clerks = tuple(dict.fromkeys((*into.clerks_named, *request.clerks_named)))
            merged = replace(into, applicants=(*into.applicants, *people), recipients=recipients, clerks_named=clerks, clerk_before=into.clerk_before or request.clerk_before)
            session.unqueue(case["id"])
            session.withdraw_letters(case["id"])
            session.relink(case["id"], target["id"])
            facts = self._facts(session, merged, target["id"])
            decision = decide("completion", merged, check(merged, facts))
            rows = {row["position"]: row for row in session.case_applicants(target["id"])}
            session.update_case(
                target["id"],
                now,
                status=STATUS[decision.decision],
                decision=decision.decision,
                problems=list(decision.problems),
                request=dump_request(merged),
                note=review_reason(merged, decision),
                silent=False,
            )
            session.replace_applicants(target["id"], applicant_rows(merged, decision, facts, rows, now))
            session.update_case(case["id"], now, status="closed", note=f"Összevonva: {target['reference']}.", silent=False)
            session.note(case["id"], now, "merged", f"ide: {target['reference']}", actor=self.who)
            session.note(target["id"], now, "merged", f"innen: {case['reference']}", actor=self.who)

    def hold(self, reference: str, held: bool) -> None:
        """Letters of the case wait for a person, or no longer do."""
        now = self.clock()
        with self.store.begin() as session:
            case, _, _ = self._load(session, reference)
            session.update_case(case["id"], now, held=held)
            session.note(case["id"], now, "held" if held else "released", actor=self.who)

    # ------------------------------------------------------------ letters

    def release(self, letter_id: int) -> None:
        """A held letter goes out."""
        self._letter(letter_id, "pending", "letter approved")

    def reject(self, letter_id: int, reason: str) -> None:
        """A held letter does not go out; its case goes to review."""
        self._letter(letter_id, "withdrawn", "letter rejected", reason)

    # ------------------------------------------------------------ how

    def _letter(self, letter_id: int, state: str, action: str, reason: str = "") -> None:
        now = self.clock()
        with self.store.begin() as session:
            row = session.letter(letter_id)
            if row is None or row["state"] != "held":
                raise Refused(f"Nincs ilyen visszatartott levél: {letter_id}.")
            session.set_letter(letter_id, state=state, next_try=now)
            if row["case_id"] is not None:
                session.note(row["case_id"], now, action, reason, actor=self.who)
                if state == "withdrawn":
                    session.update_case(row["case_id"], now, status="review", note=f"A válaszlevelet elvetették. {reason}".strip())

    def _load(self, session: Session, reference: str) -> tuple[Row, Request, Facts]:
        case = session.case(reference=reference.upper())
        if case is None:
            raise Refused(f"Nincs ilyen ügy: {reference}.")
        request = load_request(case["request"])
        return case, request, self._facts(session, request, case["id"])

    def _applicant(self, request: Request, number: int) -> Applicant:
        if not 1 <= number <= len(request.applicants):
            raise Refused(f"Nincs {number}. kérelmező az ügyben; {len(request.applicants)} van.")
        return request.applicants[number - 1]

    def _change(self, reference: str, action: str, detail: str, act: Callable[[Request, Facts], Request], batched_stays: int) -> None:
        now = self.clock()
        with self.store.begin() as session:
            case, request, facts = self._load(session, reference)
            rows = {row["position"]: row for row in session.case_applicants(case["id"])}
            if (mine := rows.get(batched_stays - 1)) is not None and mine["batch_id"] is not None:
                raise Refused("Ez a kérelmező már kötegben van; a köteg nem változik.")
            changed = act(request, facts)
            facts = self._facts(session, changed, case["id"])
            decision = decide("completion", changed, check(changed, facts))
            waiting = STATUS[decision.decision] if set(decision.outcomes) - {"dropped"} else "closed"
            session.update_case(case["id"], now, status=waiting, decision=decision.decision, problems=list(decision.problems), request=dump_request(changed), note="", silent=False)
            session.replace_applicants(case["id"], applicant_rows(changed, decision, facts, rows, now))
            session.note(case["id"], now, action, detail, actor=self.who)

    def _facts(self, session: Session, request: Request, case_id: int) -> Facts:
        addresses = [v.text for a in request.applicants for v in a.email]
        people = [p.address for p in (*request.recipients, request.sender) if p is not None]
        return session.facts(addresses, [v.text for a in request.applicants for v in a.pir], people, except_case=case_id)

    def _status(self, reference: str, status: str, action: str, reason: str, withdraw: bool = False) -> None:
        now = self.clock()
        with self.store.begin() as session:
            case, _, _ = self._load(session, reference)
            session.update_case(case["id"], now, status=status, note=reason.strip(), silent=False)
            if withdraw:
                session.withdraw_letters(case["id"])
                session.unqueue(case["id"])
            session.note(case["id"], now, action, reason.strip(), actor=self.who)


def _kind(case: Row) -> str:
    return "registration" if case["kind"] in {"registration", "completion", "other"} else str(case["kind"])


def _with(request: Request, number: int, applicant: Applicant) -> Request:
    people = list(request.applicants)
    people[number - 1] = applicant
    return replace(request, applicants=tuple(people))


def _value(text: str) -> Value:
    return Value(text, Evidence("munkatárs", 1, text), text, labelled=True)


def _programs(text: str) -> tuple[Mention, ...]:
    by_word = {word: ident for ident, program in catalogue().items() for word in (ident.lower(), program.short.lower())}
    out = []
    for piece in text.split(";"):
        word = piece.strip().lower()
        if word and word not in by_word:
            raise Refused(f'Nincs ilyen tananyag: "{piece.strip()}". A portálon használt rövid név vagy a ProBono azonosító kell, pontosvesszővel elválasztva.')
        if word:
            out.append(Mention("resolved", (by_word[word],), _value(piece.strip())))
    return tuple(out)
