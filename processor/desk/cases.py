"""One case: its page, and the acts of officers on it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from processor.acts.officer import Officer
from processor.cases.states import REQUESTS, LetterState, Outcome, Status
from processor.cases.vocabulary import FIELD_WORDS, code_words
from processor.desk import casepage, mailview
from processor.desk.forms import applicant_number, hands, letter_text, written
from processor.desk.roles import open_to
from processor.desk.surroundings import about
from processor.store import requests
from processor.store.rows import ApplicantRow, CaseRow, LetterRow
from rules.model import Open, Request

_SAID = (LetterState.SENT, LetterState.PENDING)  # letters that the municipality has, or gets

blueprint = Blueprint("cases", __name__)


# ---------------------------------------------------------------- the page


@blueprint.get("/ugy/<reference>")
def show(reference: str) -> str:
    with about().store.begin() as records:
        case = records.cases.get(reference=reference.upper())
        if case is None:
            abort(404, "Nincs ilyen ügy.")
        applicants = records.cases.applicants(case["id"])
        history = records.cases.history(case["id"])
        letters = records.outbox.letters(case_id=case["id"])
        mails = [
            (m["id"], m["received_at"], m["kind"], bytes(m["raw"] or b"")) for m in records.mails.of_case(case["id"])
        ]
        following = records.cases.next_in_review(case["id"])
        batches = {one["id"]: one["name"] for one in records.batches.all()}
        records.users.journal(about().clock(), g.user, "case viewed", case["reference"])
    asked = requests.load(case["request"])
    return render_template(
        "case.html",
        case=case,
        applicants=casepage.applicants(applicants, batches),
        clerk_said=bool(applicants) and _clerk_said(case),
        mails=[
            (number, at, kind, mailview.show(raw, about().office.own, asked))
            for number, at, kind, raw in reversed(mails)
            if raw
        ],
        left_open=_left_open(asked),
        history=history,
        letters=[(letter, mailview.letter(bytes(letter["raw"]))) for letter in letters],
        following=following if following != case["reference"] else None,
        draft=hands().draft(case["reference"]) if _unsaid(case, letters) else None,
    )


def _clerk_said(case: CaseRow) -> bool:
    """Whether the clerk is known to know of the request."""
    return case["kind"] in REQUESTS and not any(code.startswith("clerk.") for code in case["problems"])


def _left_open(asked: Request) -> tuple[Open, ...]:
    """What an officer has to look at before the case goes on: why the sender is not to be trusted, and what the reader
    could not account for."""
    if not asked.doubt:
        return asked.open
    return (Open(asked.sender.address if asked.sender else "–", "fejléc", asked.doubt), *asked.open)


def _unsaid(case: CaseRow, letters: list[LetterRow]) -> bool:
    """Whether the municipality may have to hear something: the case changed after our last letter, or it waits for an
    answer; no letter waits."""
    if case["status"] in {Status.CLOSED, Status.ANSWERED} or any(
        letter["state"] == LetterState.HELD for letter in letters
    ):
        return False
    last = max((letter["created_at"] for letter in letters if letter["state"] in _SAID), default=None)
    return case["status"] in {Status.WAITING, Status.REVIEW} or last is None or last < case["updated_at"]


# ---------------------------------------------------------------- acts on an applicant


@blueprint.post("/ugy/<reference>/adatok")
@open_to("officer")
def set_fields(reference: str) -> ResponseReturnValue:
    number = applicant_number()
    mine, changed = _changes(reference, number)
    if not changed:
        return _to_case(reference, "Nem változott semmi.", "note")
    if mine["batch_id"] is not None:
        hands().correct(reference, number, changed, written("reason") or "javítás")
        return _to_case(reference, "Javítva: új sorként a következő kötegbe kerül, ha minden adata rendben van.")
    hands().set(reference, number, changed)
    return _to_case(reference, _after_saving(reference, number))


@blueprint.post("/ugy/<reference>/jovahagyas")
@open_to("officer")
def approve(reference: str) -> ResponseReturnValue:
    _, changed = _changes(reference, applicant_number())
    hands().approve(reference, applicant_number(), written("reason"), changed)
    return _to_case(reference, "Jóváhagyva, a következő kötegbe kerül.")


@blueprint.post("/ugy/<reference>/visszavetel")
@open_to("officer")
def restore(reference: str) -> ResponseReturnValue:
    hands().restore(reference, applicant_number())
    return _to_case(reference, "A kérelmezőt visszavettük az ügybe.")


@blueprint.post("/ugy/<reference>/kivetel")
@open_to("officer")
def drop(reference: str) -> ResponseReturnValue:
    hands().drop(reference, applicant_number(), written("reason"))
    return _to_case(reference, "A kérelmezőt kivettük az ügyből.")


def _changes(reference: str, number: int) -> tuple[ApplicantRow, dict[str, str]]:
    """The applicant's row, and the fields of the form that say something else than it."""
    found = _applicant(reference, number)
    if found is None:
        abort(404, "Nincs ilyen kérelmező.")
    _, mine = found
    given = {field: written(f"f-{field}") for field in FIELD_WORDS if f"f-{field}" in request.form}
    return mine, {field: text for field, text in given.items() if text != casepage.value_of(mine["row"], field)}


def _after_saving(reference: str, number: int) -> str:
    """What saving an applicant's fields came to."""
    found = _applicant(reference, number)
    if found is None:
        return "Mentve."
    case, mine = found
    if mine["outcome"] == Outcome.QUEUE:
        return "Mentve. Minden adata rendben, a kérelmező a következő kötegbe kerül."
    problems = (*mine["row"]["problems"], *case["problems"])
    return f"Mentve. Még nincs rendben: {'; '.join(map(code_words, problems))}."


def _applicant(reference: str, number: int) -> tuple[CaseRow, ApplicantRow] | None:
    """(case, applicant) as they are stored; None when there is none of that number."""
    with about().store.read() as records:
        case = records.cases.get(reference=reference.upper())
        applicants = records.cases.applicants(case["id"]) if case is not None else []
    mine = next((a for a in applicants if a["position"] == number - 1), None)
    return (case, mine) if case is not None and mine is not None else None


# ---------------------------------------------------------------- acts on the case

# What a button says: what is done with (hands, reference, reason), and what the page says then.
_STATUS_ACTS: dict[str, tuple[Callable[[Officer, str, str], None], str]] = {
    "close": (Officer.close, "Az ügyet lezártuk."),
    "not_request": (
        lambda officer, reference, reason: officer.close(reference, reason or "nem kérelem"),
        "Nem kérelem: az ügyet lezártuk.",
    ),
    "reopen": (Officer.reopen, "Az ügyet újra megnyitottuk."),
    "settle": (Officer.settle, "Rendben, az ügy az adatai szerint megy tovább."),
    "hold": (
        lambda officer, reference, _: officer.hold(reference, True),
        "Az ügy levelei jóváhagyásra várnak.",
    ),
    "release": (
        lambda officer, reference, _: officer.hold(reference, False),
        "Az ügy levelei ismét maguktól kimennek.",
    ),
}


@blueprint.post("/ugy/<reference>/allapot")
@open_to("officer")
def set_status(reference: str) -> ResponseReturnValue:
    what = written("what")
    if what == "nothing":  # Enter in the reason's box decides nothing
        return _to_case(reference, "Nem történt semmi: válassza ki gombbal, mi legyen az üggyel.", "note")
    if what not in _STATUS_ACTS:
        abort(400, "Ismeretlen művelet.")
    act, done = _STATUS_ACTS[what]
    act(hands(), reference, written("reason"))
    return _to_case(reference, done)


@blueprint.post("/ugy/<reference>/level")
@open_to("officer")
def write(reference: str) -> ResponseReturnValue:
    hands().write(reference, letter_text())
    return _to_case(reference, "A levél a kimenők között van.")


@blueprint.post("/ugy/<reference>/osszevonas")
@open_to("officer")
def merge(reference: str) -> ResponseReturnValue:
    into = written("other")
    hands().merge(reference, into)
    return _to_case(into.upper(), f"{reference.upper()} levelei és kérelmezői ebbe az ügybe kerültek.")


def _to_case(reference: str, said: str, category: str = "ok") -> ResponseReturnValue:
    """On to the case's page, which says what was done."""
    flash(said, category)
    return redirect(url_for("cases.show", reference=reference))
