"""Our letters: those that wait for an officer's approval, with the acts on them, and those that went out lately."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from processor.acts.officer import Officer, Refused
from processor.cases.states import LetterState
from processor.desk import mailview
from processor.desk.forms import hands, letter_text, written
from processor.desk.roles import open_to
from processor.desk.surroundings import about

_WAIT_FOR_NOBODY = (LetterState.PENDING, LetterState.FAILED, LetterState.SENT)
_MOST_OTHERS = 60  # of them, listed

blueprint = Blueprint("letters", __name__)


@blueprint.get("/kimeno")
def outgoing() -> str:
    with about().store.begin() as records:
        held = records.outbox.in_states([LetterState.HELD])[::-1]
        others = records.outbox.in_states(_WAIT_FOR_NOBODY, _MOST_OTHERS)
        named = [row["case_id"] for row in (*held, *others) if row["case_id"] is not None]
        references = records.cases.references(named)
        people = records.cases.people_of([row["case_id"] for row in held if row["case_id"] is not None])
        records.users.journal(about().clock(), g.user, "letters viewed")
    return render_template(
        "letters.html",
        people=people,
        held=[(row, mailview.letter(bytes(row["raw"]))) for row in held],
        others=others,
        references=references,
    )


# What an address says: what is done with (hands, letter, reason), and what the page says then.
_ACTS: dict[str, tuple[Callable[[Officer, int, str], None], str]] = {
    "jovahagyas": (lambda officer, letter, _: officer.release(letter), "küldésre vár"),
    "elvetes": (Officer.reject, "elvetve"),
}


@blueprint.post("/kimeno/<what>")
@open_to("officer")
def decide(what: str) -> ResponseReturnValue:
    """Sends or rejects the letters that are ticked; one that can't be is named, the others are done."""
    if what not in _ACTS:
        abort(404)
    act, words = _ACTS[what]
    officer, done = hands(), 0
    for letter in request.form.getlist("letter", type=int):
        try:
            act(officer, letter, written("reason"))
            done += 1
        except Refused as error:
            flash(str(error), "error")
    if done:
        flash(f"{done} levél {words}.", "ok")
    else:
        flash("Egy levél sem volt kijelölve.", "note")
    return redirect(_back())


@blueprint.post("/kimeno/<int:letter>/szoveg")
@open_to("officer")
def edit(letter: int) -> ResponseReturnValue:
    officer = hands()
    officer.edit(letter, letter_text(), request.form.get("before", ""))
    if request.form.get("what") == "send":
        officer.release(letter)
        flash("A levél küldésre vár.", "ok")
    else:
        flash("Mentve; a levél még jóváhagyásra vár.", "ok")
    return redirect(_back())


def _back() -> str:
    """The case from whose page the letter was dealt with, else the list of letters."""
    reference = written("back").upper()
    return url_for("cases.show", reference=reference) if reference else url_for("letters.outgoing")
