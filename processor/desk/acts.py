"""The acts of officers on cases, letters and batches. Every one needs the role "officer"; users need an
administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, flash, g, redirect, request, url_for

from processor.acts.officer import Officer, Refused, Stale
from processor.cases.vocabulary import FIELD_WORDS, code_words
from processor.desk import ROLE_WORDS, ROLES, need
from processor.desk.casepage import value_of
from processor.desk.pages import failure
from processor.desk.users import hashed
from processor.store.rows import ApplicantRow

if TYPE_CHECKING:
    from processor.desk import Surroundings


def add(app: Flask, about: Surroundings) -> None:
    def hands() -> Officer:
        """The officer's hands, on the case as the page showed it: the second of two to save is told what the first
        did."""
        need("officer")
        return Officer(about.store, about.office, about.clock, g.user, seen=request.form.get("updated", ""))

    def act(reference: str, what: Callable[[Officer], Any], done: str, said: int = 0, target: str = "") -> Any:
        """`said`: the applicant whose state is said in the place of `done`; `target`: the case to go on to."""
        try:
            what(hands())
        except Stale as error:
            return failure(409, str(error))
        except Refused as error:
            return failure(422, str(error))
        flash(_how(reference, said) if said else done, "ok")
        return redirect(url_for("case", reference=target or reference))

    def _how(reference: str, number: int) -> str:
        """What saving came to."""
        with about.store.begin() as records:
            row = records.cases.get(reference=reference.upper())
            mine = (
                next((a for a in records.cases.applicants(row["id"]) if a["position"] == number - 1), None)
                if row is not None
                else None
            )
        if mine is None:
            return "Mentve."
        if mine["outcome"] == "queue":
            return "Mentve. Minden adata rendben, a kérelmező a következő kötegbe kerül."
        return (
            "Mentve. Még nincs rendben: "
            + "; ".join(
                code_words(code) for code in (*mine["row"]["problems"], *(row["problems"] if row is not None else ()))
            )
            + "."
        )

    def form(name: str) -> str:
        return request.form.get(name, "").strip()[:20_000]

    def text() -> str:
        """A letter's text, never cut: a letter to fifty applicants is long."""
        return request.form.get("text", "").replace("\r\n", "\n")

    @app.post("/ugy/<reference>/adatok")
    def set_fields(reference: str) -> Any:
        need("officer")
        number = request.form.get("number", 1, type=int)
        mine, changed = changes(reference, number)
        if not changed:
            flash("Nem változott semmi.", "note")
            return redirect(url_for("case", reference=reference))
        if mine["batch_id"] is not None:
            return act(
                reference,
                lambda h: h.correct(reference, number, changed, form("reason") or "javítás"),
                "Javítva: új sorként a következő kötegbe kerül, ha minden adata rendben van.",
            )
        return act(reference, lambda h: h.set(reference, number, changed), "", said=number)

    def changes(reference: str, number: int) -> tuple[ApplicantRow, dict[str, str]]:
        """The applicant's row, and the fields of the form that say something else than it."""
        with about.store.begin() as records:
            row = records.cases.get(reference=reference.upper())
            mine = (
                next((a for a in records.cases.applicants(row["id"]) if a["position"] == number - 1), None)
                if row is not None
                else None
            )
        if mine is None:
            abort(404, "Nincs ilyen kérelmező.")
        return mine, {
            field: form(f"f-{field}")
            for field in FIELD_WORDS
            if f"f-{field}" in request.form and form(f"f-{field}") != value_of(mine["row"], field)
        }

    @app.post("/ugy/<reference>/jovahagyas")
    def approve(reference: str) -> Any:
        need("officer")
        number = request.form.get("number", 1, type=int)
        _, changed = changes(reference, number)
        return act(
            reference,
            lambda h: h.approve(reference, number, form("reason"), changed),
            "Jóváhagyva, a következő kötegbe kerül.",
        )

    @app.post("/ugy/<reference>/visszavetel")
    def restore(reference: str) -> Any:
        return act(
            reference,
            lambda h: h.restore(reference, request.form.get("number", 1, type=int)),
            "A kérelmezőt visszavettük az ügybe.",
        )

    @app.post("/ugy/<reference>/kivetel")
    def drop(reference: str) -> Any:
        return act(
            reference,
            lambda h: h.drop(reference, request.form.get("number", 1, type=int), form("reason")),
            "A kérelmezőt kivettük az ügyből.",
        )

    @app.post("/ugy/<reference>/level")
    def write(reference: str) -> Any:
        return act(reference, lambda h: h.write(reference, text()), "A levél a kimenők között van.")

    @app.post("/ugy/<reference>/allapot")
    def status(reference: str) -> Any:
        what, reason = form("what"), form("reason")
        acts: dict[str, tuple[Callable[[Officer], Any], str]] = {
            "close": (lambda h: h.close(reference, reason), "Az ügyet lezártuk."),
            "not_request": (lambda h: h.close(reference, reason or "nem kérelem"), "Nem kérelem: az ügyet lezártuk."),
            "reopen": (lambda h: h.reopen(reference, reason), "Az ügyet újra megnyitottuk."),
            "settle": (lambda h: h.settle(reference, reason), "Rendben, az ügy az adatai szerint megy tovább."),
            "hold": (lambda h: h.hold(reference, True), "Az ügy levelei jóváhagyásra várnak."),
            "release": (lambda h: h.hold(reference, False), "Az ügy levelei ismét maguktól kimennek."),
        }
        if what == "nothing":  # Enter in the reason's box decides nothing
            flash("Nem történt semmi: válassza ki gombbal, mi legyen az üggyel.", "note")
            return redirect(url_for("case", reference=reference))
        if what not in acts:
            abort(400, "Ismeretlen művelet.")
        return act(reference, *acts[what])

    @app.post("/ugy/<reference>/osszevonas")
    def merge(reference: str) -> Any:
        return act(
            reference,
            lambda h: h.merge(reference, form("other")),
            f"{reference.upper()} levelei és kérelmezői ebbe az ügybe kerültek.",
            target=form("other").upper(),
        )

    @app.post("/kimeno/<what>")
    def letters_act(what: str) -> Any:
        mine = hands()
        if what not in {"jovahagyas", "elvetes"}:
            abort(404)
        done = 0
        for letter in request.form.getlist("letter", type=int):
            try:
                if what == "jovahagyas":
                    mine.release(letter)
                else:
                    mine.reject(letter, form("reason"))
                done += 1
            except Refused as error:
                flash(str(error), "error")
        flash(
            f"{done} levél {'küldésre vár' if what == 'jovahagyas' else 'elvetve'}."
            if done
            else "Egy levél sem volt kijelölve.",
            "ok" if done else "note",
        )
        return redirect(_back())

    @app.post("/kimeno/<int:letter>/szoveg")
    def edit_letter(letter: int) -> Any:
        mine = hands()
        try:
            mine.edit(letter, text(), request.form.get("before", ""))
            if request.form.get("what") == "send":
                mine.release(letter)
        except Stale as error:
            return failure(409, str(error))
        except Refused as error:
            return failure(422, str(error))
        flash(
            "A levél küldésre vár." if request.form.get("what") == "send" else "Mentve; a levél még jóváhagyásra vár.",
            "ok",
        )
        return redirect(_back())

    def _back() -> str:
        back = form("back").upper()
        return url_for("case", reference=back) if back else url_for("letters")

    @app.post("/kotegek/keszites")
    def make_batch() -> Any:
        need("officer")
        made = about.export.make(who=g.user)
        flash(
            f"Elkészült: {', '.join(f'{one.name} ({one.count} fő)' for one in made)}."
            if made
            else "Nincs beíratandó kérelmező.",
            "ok",
        )
        return redirect(url_for("batches"))

    @app.post("/kotegek/<name>/visszaigazolas")
    def confirm(name: str) -> Any:
        need("officer")
        import tempfile
        from pathlib import Path

        from processor.batches.confirm import Confirm
        from processor.batches.imports import ImportFault, lines

        uploaded, pasted = request.files.get("file"), request.form.get("pasted", "")
        result = None
        if not request.form.get("everybody") and not (uploaded and uploaded.filename) and not pasted.strip():
            flash("Adja meg a Moodle eredményét, vagy jelölje, hogy mindenki beíratva.", "error")
            return redirect(url_for("batches"))
        try:
            if (uploaded and uploaded.filename) or pasted.strip():
                with tempfile.NamedTemporaryFile() as kept:
                    kept.write(uploaded.read() if uploaded and uploaded.filename else pasted.encode())
                    kept.flush()
                    result = lines(Path(kept.name))
            confirmed = Confirm(about.store, about.office, about.clock, about.closing_letter).confirm(name, result)
        except ImportFault as error:
            return failure(422, str(error))
        with about.store.begin() as records:
            records.users.journal(about.clock(), g.user, "batch confirmed", name)
        flash(f"{confirmed.done} fő visszaigazolva, {len(confirmed.errors)} nincs (ellenőrzendő lett).", "ok")
        for line in confirmed.errors:
            flash(line, "error")
        return redirect(url_for("batches"))

    @app.post("/rendszer/felhasznalo")
    def put_user() -> Any:
        need("administrator")
        name, role = form("name")[:80], form("role")
        if not name or role not in ROLES:
            abort(400, "Név és szerep kell.")
        try:
            password = hashed(request.form.get("password", ""))
        except ValueError as error:
            flash(str(error), "error")
            return redirect(url_for("system"))
        with about.store.begin() as records:
            records.users.put(name, password, role, about.clock())
            records.users.journal(about.clock(), g.user, "user saved", f"{name} ({ROLE_WORDS[role]})")
        flash("Felhasználó mentve.", "ok")
        return redirect(url_for("system"))

    @app.post("/rendszer/felhasznalo/torles")
    def remove_user() -> Any:
        need("administrator")
        name = form("name")
        if name == g.user:
            flash("Saját magát nem törölheti.", "error")
            return redirect(url_for("system"))
        with about.store.begin() as records:
            if not records.users.delete(name):
                abort(404, "Nincs ilyen felhasználó.")
            records.users.journal(about.clock(), g.user, "user removed", name)
        flash("Felhasználó törölve.", "ok")
        return redirect(url_for("system"))
