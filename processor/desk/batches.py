"""The batches: the next one as it would be, those made, and Moodle's word on who was enrolled."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from processor.batches.confirm import Confirm
from processor.batches.imports import lines
from processor.desk.roles import open_to
from processor.desk.surroundings import about
from processor.schedule import next_due

blueprint = Blueprint("batches", __name__)


@blueprint.get("/kotegek")
def show() -> str:
    content, left_out = about().export.preview()
    with about().store.begin() as records:
        made = records.batches.all()
        records.users.journal(about().clock(), g.user, "batches viewed")
    return render_template(
        "batches.html",
        content=content,
        left_out=left_out,
        made=made[::-1],
        due=next_due(about().cron, about().clock()),
    )


@blueprint.post("/kotegek/keszites")
@open_to("officer")
def make() -> ResponseReturnValue:
    made = about().export.make(who=g.user)
    if made:
        flash(f"Elkészült: {', '.join(f'{one.name} ({one.count} fő)' for one in made)}.", "ok")
    else:
        flash("Nincs beíratandó kérelmező.", "ok")
    return redirect(url_for("batches.show"))


@blueprint.post("/kotegek/<name>/visszaigazolas")
@open_to("officer")
def confirm(name: str) -> ResponseReturnValue:
    reported = _reported()
    if reported is None and not request.form.get("everybody"):
        flash("Adja meg a Moodle eredményét, vagy jelölje, hogy mindenki beíratva.", "error")
        return redirect(url_for("batches.show"))
    result = _table(reported) if reported is not None else None
    confirming = Confirm(about().store, about().office, about().clock, about().closing_letter)
    confirmed = confirming.confirm(name, result)
    with about().store.begin() as records:
        records.users.journal(about().clock(), g.user, "batch confirmed", name)
    flash(f"{confirmed.done} fő visszaigazolva, {len(confirmed.errors)} nincs (ellenőrzendő lett).", "ok")
    for line in confirmed.errors:
        flash(line, "error")
    return redirect(url_for("batches.show"))


def _reported() -> bytes | None:
    """Moodle's result as it was uploaded, else as it was pasted; None when the form holds neither."""
    uploaded, pasted = request.files.get("file"), request.form.get("pasted", "")
    if uploaded and uploaded.filename:
        return bytes(uploaded.read())
    return pasted.encode() if pasted.strip() else None


def _table(reported: bytes) -> list[list[str]]:
    """The lines of Moodle's result. ImportFault when it is none."""
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(reported)
        kept.flush()
        return lines(Path(kept.name))
