"""What an officer does to a case. Every act is one transaction and one line of the case's history: who, when, what,
why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from processor.cases.contract import applicant_rows
from processor.cases.decision import Decision, decide, review_reason
from processor.cases.place import STATUS
from processor.cases.vocabulary import FIELD_WORDS, actor_words, step_words
from processor.letters.compose import Letter, letter, own_words, reworded, text_of
from processor.letters.post import Office, post, to_answer
from processor.store.repository import Row, Session, Store, dump_request, load_request
from processor.worktime import Clock
from rules import check
from rules.hungarian.addresses import is_valid as is_address
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.counties import recognise
from rules.hungarian.courses import Where, find
from rules.hungarian.words import fold
from rules.model import Applicant, Evidence, Facts, Mention, Request, Value
from rules.pir import is_valid
from rules.programs import wanted

FIELDS = ("name", "municipality", "pir", "county", "email", "programs")
_NEEDED = {"name": "név", "municipality": "munkahely", "pir": "PIR szám", "county": "vármegye", "email": "e-mail-cím"}


_NOT_A_WISH = re.compile(r"\b(?:nem|ne|mar|nelkul|kiveve|korabbi|torl\w*|torol\w*|helyett)\b")


class Refused(ValueError):
    """The act is not possible; the message says why, in Hungarian."""


class Stale(Refused):
    """Somebody else changed the case, or the letter, since the officer looked at it; nothing was saved."""


class Hands:
    """`who`: the officer's user name. `seen`: the case's `updated_at` when the officer looked at it; an act on
    another state is `Stale`."""

    def __init__(self, store: Store, office: Office, clock: Clock, who: str, seen: str = "") -> None:
        self.store, self.office, self.clock, self.who, self.seen = store, office, clock, who, seen

    # ------------------------------------------------------------ applicants

    def approve(self, reference: str, number: int, reason: str, values: Mapping[str, str] | None = None) -> None:
        """Lets an applicant (counted from 1) through whatever the rules say, with `values` corrected first. Every
        field must be there."""
        if not reason.strip():
            raise Refused("Kérjük, indokolja a jóváhagyást.")

        def act(request: Request, facts: Facts) -> Request:
            applicant = _amended(self._applicant(request, number), values or {})
            request = _with(request, number, applicant)
            lacking = [word for field, word in _NEEDED.items() if applicant.one(field) is None]
            if not wanted(applicant):
                lacking.append("tananyag")
            if lacking:
                raise Refused(f"Előbb adja meg: {', '.join(lacking)}.")
            codes = tuple(
                dict.fromkeys(
                    f.code
                    for f in check(request, facts)
                    if f.applicant in {number - 1, None} and f.code != "account.known"
                )
            )
            return _with(request, number, replace(applicant, lifted=(*applicant.lifted, *codes)))

        self._change(
            reference,
            "approved",
            f"{number}. kérelmező: {reason.strip()}{_said(values or {})}",
            act,
            batched_stays=number,
        )

    def set(self, reference: str, number: int, values: Mapping[str, str]) -> None:
        """Gives fields of an applicant values, all of them or none. Programs by short name or ProBono identifier,
        separated by semicolons.

        A value that can't be right is refused: what an officer mistypes is no answer of the municipality. `approve`
        takes it, with a reason.
        """
        for field, value in values.items():
            _must_be_possible(field, value.strip())
        self._change(
            reference,
            "set",
            f"{number}. kérelmező{_said(values)}",
            lambda request, _: _with(request, number, _amended(self._applicant(request, number), values)),
            batched_stays=number,
        )

    def correct(self, reference: str, number: int, values: Mapping[str, str], reason: str) -> None:
        """For whoever is in a batch already: a corrected row in the next one; the batch that was made stays as it
        is."""
        now = self.clock()
        for field, value in values.items():
            _must_be_possible(field, value.strip())
        with self.store.begin() as session:
            case, request, _ = self._load(session, reference)
            applicant = self._applicant(request, number)
            rows = {row["position"]: row for row in session.case_applicants(case["id"])}
            if (mine := rows.get(number - 1)) is None or mine["batch_id"] is None:
                raise Refused("Ez a kérelmező még nincs kötegben; a mező egyszerűen javítható.")
            new = _amended(applicant, values)
            new = replace(
                new,
                lifted=(
                    *new.lifted,
                    "account.known",
                    "account.changed",
                    "email.shared",
                    "clerk.missing",
                    "clerk.unconfirmed",
                ),
            )
            changed = _with(
                request, number, replace(applicant, dropped=True)
            )  # the row that was in the batch is judged no more
            changed = replace(changed, applicants=(*changed.applicants, new))
            facts = self._facts(session, changed, case["id"])
            decision = decide("completion", changed, check(changed, facts))
            made = applicant_rows(changed, decision, facts, rows, now)
            remark = "javítás: " + "; ".join(
                f"{FIELD_WORDS[field]}: {_shown(mine['row'].get(field))} helyett {value.strip()}"
                for field, value in values.items()
            )
            for row in made:
                if row["position"] == len(changed.applicants) - 1:
                    row["row"] = {**row["row"], "remark": remark}
                    row["new_programs"] = list(wanted(new))
            session.update_case(
                case["id"],
                now,
                status=STATUS[decision.decision],
                decision=decision.decision,
                request=dump_request(changed),
                note="",
                silent=False,
            )
            session.replace_applicants(case["id"], made)
            session.note(
                case["id"], now, "corrected", f"{number}. kérelmező, {remark}. {reason.strip()}", actor=self.who
            )

    def drop(self, reference: str, number: int, reason: str) -> None:
        """Takes an applicant out of the case."""
        self._change(
            reference,
            "dropped",
            f"{number}. kérelmező: {reason.strip()}",
            lambda request, _: _with(request, number, replace(self._applicant(request, number), dropped=True)),
            batched_stays=number,
        )

    def restore(self, reference: str, number: int) -> None:
        """Takes an applicant who was dropped back into the case."""
        self._change(
            reference,
            "restored",
            f"{number}. kérelmező",
            lambda request, _: _with(request, number, replace(self._applicant(request, number), dropped=False)),
            batched_stays=number,
        )

    # ------------------------------------------------------------ the case

    def draft(self, reference: str) -> Letter | None:
        """The letter that `ask` would send now; None when there is nothing to write."""
        with self.store.begin() as session:
            case, request, facts = self._load(session, reference)
            if not request.applicants and case["kind"] not in {"password_help", "access_help"}:
                return None
            decision = decide(_kind(case), request, check(request, facts))
            return letter(_kind(case), request, decision, case["reference"], facts, acknowledge=True)

    def write(self, reference: str, text: str) -> str:
        """Sends the municipality a letter in the officer's own words; gives its Message-ID. The case waits for the
        answer, if it asks for registration."""
        if not text.strip():
            raise Refused("A levél szövege üres.")
        now = self.clock()
        with self.store.begin() as session:
            case, request, facts = self._load(session, reference)
            decided = decide(_kind(case), request, check(request, facts)).decision
            # Whoever is complete waits for the batch, whatever the letter says; a question about anything else is
            # answered with it.
            status = (
                STATUS[decided]
                if request.applicants and decided in {"queue", "answer"}
                else "waiting"
                if request.applicants
                else "answered"
            )
            made = Letter(f"[{case['reference']}] Regisztrációs kérelem", *own_words(text), awaits=True)
            mail = to_answer(session, self.office, case["id"])
            posted = post(
                session,
                self.office,
                made,
                now,
                case_id=case["id"],
                reference=case["reference"],
                mail=mail,
                purpose="ask" if status == "waiting" else "answer",
                key=f"kezi.{now:%Y%m%d%H%M%S}",
            )
            if not posted:
                raise Refused("A levél nem mehet ki: a címzett vagy az ügy ma már elérte a napi felső határt.")
            session.update_case(case["id"], now, status=status, note="", silent=False)
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
            mail = to_answer(session, self.office, case["id"])
            session.update_case(
                case["id"], now, status=STATUS[decision.decision], decision=decision.decision, note="", silent=False
            )
            key = f"kezi.{now:%Y%m%d%H%M%S}"
            posted = post(
                session,
                self.office,
                made,
                now,
                case_id=case["id"],
                reference=case["reference"],
                mail=mail,
                purpose=decision.decision,
                key=key,
            )
            session.note(case["id"], now, "asked again", decision.decision, actor=self.who)
        if not posted:
            raise Refused("A levél nem mehet ki: a címzett vagy az ügy ma már elérte a napi felső határt.")
        return posted

    def close(self, reference: str, reason: str) -> None:
        """Nothing more is done in the case; letters that have not gone out are withdrawn."""
        self._status(reference, "closed", "closed", reason, withdraw=True)

    def reopen(self, reference: str, reason: str) -> None:
        """A closed case goes to review; those whom closing took out of the queue are judged anew."""
        self._change(
            reference, "reopened", reason.strip(), lambda request, _: request, batched_stays=0, status="review"
        )

    def settle(self, reference: str, reason: str = "") -> None:
        """The officer has looked at what the reader left open, and at a doubtful sender: the case goes on as its data
        are."""

        def act(request: Request, _: Facts) -> Request:
            if not request.open and not request.doubt:
                raise Refused("Ebben az ügyben nincs tisztázandó.")
            return replace(request, open=(), doubt="")

        self._change(reference, "settled", reason.strip(), act, batched_stays=0)

    def merge(self, reference: str, other: str) -> None:
        """The case's people, mails and threads go over to another case, which is decided anew; this one is closed."""
        now = self.clock()
        with self.store.begin() as session:
            case, request, _ = self._load(session, reference)
            target, into, _ = self._load(session, other, other=True)
            if case["id"] == target["id"]:
                raise Refused("Egy ügy önmagával nem vonható össze.")
            if any(row["batch_id"] is not None for row in session.case_applicants(case["id"])):
                raise Refused("Az ügyben van, aki már kötegben van; az ilyen ügy nem vonható össze.")
            known = {(a.one("name"), a.one("email")): a for a in into.applicants if a.one("name")}
            people = [a for a in request.applicants if (a.one("name"), a.one("email")) not in known and not a.dropped]
            twins = {(a.one("name"), a.one("email")): a for a in request.applicants if not a.dropped}
            mine = tuple(
                _joined(a, twins[key]) if (key := (a.one("name"), a.one("email"))) in twins and key in known else a
                for a in into.applicants
            )
            recipients = tuple({p.address: p for p in (*into.recipients, *request.recipients)}.values())
            clerks = tuple(dict.fromkeys((*into.clerks_named, *request.clerks_named)))
            merged = replace(
                into,
                applicants=(*mine, *people),
                recipients=recipients,
                clerks_named=clerks,
                clerk_before=into.clerk_before or request.clerk_before,
            )
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
            session.update_case(
                case["id"], now, status="closed", note=f"Összevonva: {target['reference']}.", silent=False
            )
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

    def edit(self, letter_id: int, text: str, seen: str) -> None:
        """Gives a held letter another text. `seen`: the text that the officer began with; `Stale` when the letter
        says something else by now."""
        if not text.strip():
            raise Refused("A levél szövege üres.")
        now = self.clock()
        with self.store.begin() as session:
            row = self._held(session, letter_id)
            before = text_of(bytes(row["raw"]))
            if before.split() != seen.split():
                raise Stale("A levél szövegét közben más módosította; az Ön változtatása nem lett mentve.")
            if before.split() == text.split():
                return
            session.set_letter(letter_id, raw=reworded(bytes(row["raw"]), *own_words(text)), drafted=False)
            if row["case_id"] is not None:
                session.note(row["case_id"], now, "letter edited", text.strip()[:2000], actor=self.who)

    def reject(self, letter_id: int, reason: str) -> None:
        """A held letter does not go out; its case goes to review."""
        self._letter(letter_id, "withdrawn", "letter rejected", reason)

    # ------------------------------------------------------------ how

    def _letter(self, letter_id: int, state: str, action: str, reason: str = "") -> None:
        now = self.clock()
        with self.store.begin() as session:
            row = self._held(session, letter_id)
            session.set_letter(
                letter_id, state=state, next_try=now, drafted=True
            )  # a copy may lie in Drafts; the next poll takes it away
            if row["case_id"] is not None:
                session.note(row["case_id"], now, action, reason, actor=self.who)
                if state == "withdrawn":
                    session.update_case(
                        row["case_id"], now, status="review", note=f"A válaszlevelet elvetették. {reason}".strip()
                    )

    def _held(self, session: Session, letter_id: int) -> Row:
        row = session.letter(letter_id)
        if row is None or row["state"] != "held":
            raise Refused(f"Nincs ilyen visszatartott levél: {letter_id}.")
        return row

    def _load(self, session: Session, reference: str, other: bool = False) -> tuple[Row, Request, Facts]:
        """`other`: not the case that the officer looked at."""
        case = session.case(reference=reference.upper())
        if case is None:
            raise Refused(f"Nincs ilyen ügy: {reference}.")
        if self.seen and not other and case["updated_at"].isoformat() != self.seen:
            last = session.history(case["id"])[-1]
            raise Stale(
                f"Az ügyet közben {actor_words(last['actor'])} módosította ({step_words(last['action'], last['detail'][:200])}). Az Ön változtatása nem lett mentve; nyissa meg újra az ügyet."
            )
        request = load_request(case["request"])
        return case, request, self._facts(session, request, case["id"])

    def _applicant(self, request: Request, number: int) -> Applicant:
        if not 1 <= number <= len(request.applicants):
            raise Refused(f"Nincs {number}. kérelmező az ügyben; {len(request.applicants)} van.")
        return request.applicants[number - 1]

    def _change(
        self,
        reference: str,
        action: str,
        detail: str,
        act: Callable[[Request, Facts], Request],
        batched_stays: int,
        status: str = "",
    ) -> None:
        """`status`: the case's afterwards; by default what follows from the decision."""
        now = self.clock()
        with self.store.begin() as session:
            case, request, facts = self._load(session, reference)
            rows = {row["position"]: row for row in session.case_applicants(case["id"])}
            if (mine := rows.get(batched_stays - 1)) is not None and mine["batch_id"] is not None:
                raise Refused("Ez a kérelmező már kötegben van; a köteg nem változik.")
            changed = act(request, facts)
            facts = self._facts(session, changed, case["id"])
            decision = decide("completion", changed, check(changed, facts))
            batched = {position for position, row in rows.items() if row["batch_id"] is not None}
            open_ = any(outcome != "dropped" and i not in batched for i, outcome in enumerate(decision.outcomes))
            after, note = status or (STATUS[decision.decision] if open_ else "closed"), ""
            if (
                after == "waiting" and case["status"] == "review"
            ):  # nobody has been asked for what is lacking: it stays on the officers' list
                after, note = "review", "Még hiányos: pótolja, vagy írjon az önkormányzatnak."
            session.update_case(
                case["id"],
                now,
                status=after,
                decision=decision.decision,
                problems=list(decision.problems),
                request=dump_request(changed),
                note=note,
                silent=False,
            )
            session.replace_applicants(case["id"], applicant_rows(changed, decision, facts, rows, now))
            session.note(case["id"], now, action, detail, actor=self.who)
            self._rewrite_held(session, case, changed, decision, facts, now)

    def _rewrite_held(
        self, session: Session, case: Row, request: Request, decision: Decision, facts: Facts, now: dt.datetime
    ) -> None:
        """A held letter that speaks of the case as it was gives way to one that speaks of it as it is."""
        if not session.withdraw_held(case["id"]):
            return
        session.note(case["id"], now, "letter rewritten")
        made = letter(_kind(case), request, decision, case["reference"], facts, acknowledge=self.office.acknowledge)
        if made is not None:
            mail = to_answer(session, self.office, case["id"])
            post(
                session,
                self.office,
                made,
                now,
                case_id=case["id"],
                reference=case["reference"],
                mail=mail,
                purpose=decision.decision,
                key=f"kezi.{now:%Y%m%d%H%M%S%f}",
                held=True,
            )

    def _facts(self, session: Session, request: Request, case_id: int) -> Facts:
        addresses = [v.text for a in request.applicants for v in a.email]
        people = [p.address for p in (*request.recipients, request.sender) if p is not None]
        return session.facts(
            addresses, [v.text for a in request.applicants for v in a.pir], people, except_case=case_id
        )

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


def _amended(applicant: Applicant, values: Mapping[str, str]) -> Applicant:
    """The applicant with other values; what was let through for a field before is looked at again."""
    for field, value in values.items():
        if field not in FIELDS:
            raise Refused(f"Nincs ilyen mező: {field}. Lehet: {', '.join(FIELDS)}.")
        lifted = tuple(code for code in applicant.lifted if not code.startswith(f"{field}."))
        given: tuple[Mention, ...] | tuple[Value, ...] = (
            _programs(value)
            if field == "programs"
            else (_value(value.strip().lower() if field == "email" else value.strip()),)
            if value.strip()
            else ()
        )
        applicant = replace(applicant, lifted=lifted, **{field: given})  # type: ignore[arg-type]
    return applicant


def _joined(a: Applicant, b: Applicant) -> Applicant:
    """One person of two cases: what only one of them has is taken over; different values are a conflict, which a
    person settles."""
    values: dict[str, tuple[Value, ...]] = {}
    for field in ("municipality", "pir", "county"):
        one, other = getattr(a, field), getattr(b, field)
        values[field] = (
            one or other
            if not one or not other or {v.text for v in one} == {v.text for v in other}
            else (*one, *(v for v in other if v.text not in {w.text for w in one}))
        )
    programs = (
        *a.programs,
        *(m for m in b.programs if (m.status, m.programs) not in {(n.status, n.programs) for n in a.programs}),
    )
    return replace(a, programs=programs, **values)  # type: ignore[arg-type]


def _said(values: Mapping[str, str]) -> str:
    return "".join(f", {FIELD_WORDS.get(field, field)}: {value.strip() or '–'}" for field, value in values.items())


def _must_be_possible(field: str, value: str) -> None:
    if field == "pir" and value and not is_valid(value, Facts()):
        raise Refused(
            f'"{value}" nem lehet PIR szám: hat számjegy, helyes ellenőrző számmal. Ha biztosan ez az, a jóváhagyással együtt, indokolva adja meg.'
        )
    if field == "county" and value and recognise(value) is None:
        raise Refused(f'"{value}" nem vármegye.')
    if field == "email" and value and not is_address(value):
        raise Refused(f'"{value}" nem e-mail-cím.')


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(catalogue()[p].short if p in catalogue() else str(p) for p in value) or "–"
    return str(value or "–")


def _value(text: str) -> Value:
    return Value(text, Evidence("munkatárs", 1, text), text, labelled=True)


def _programs(text: str) -> tuple[Mention, ...]:
    """The programs of a list separated by semicolons: short names, ProBono identifiers, or what the catalogue
    understands without doubt."""
    by_word = {word: ident for ident, program in catalogue().items() for word in (ident.lower(), program.short.lower())}
    out = []
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        if _NOT_A_WISH.search(fold(piece)):
            raise Refused(f'"{piece}": csak a kért tananyagok álljanak itt, pontosvesszővel elválasztva.')
        exact = by_word.get(piece.lower())
        found = [] if exact else list(find(piece, Where.LABEL))
        if exact is None and (not found or any(f.status != "resolved" for f in found)):
            meant = [catalogue()[p].short for f in found for p in f.programs]
            hint = (
                f" Ezek közül melyik: {', '.join(meant)}?"
                if meant
                else " A Katalógus oldalon megnézheti, melyik szövegből mit ért a program."
            )
            raise Refused(f'Nincs ilyen tananyag: "{piece}".{hint}')
        out += [
            Mention("resolved", (ident,), _value(piece))
            for ident in ([exact] if exact else [p for f in found for p in f.programs])
        ]
    return tuple(out)
