"""The acts of officers on cases, letters and batches. Every one needs the role "officer"; users need an administrator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, flash, g, redirect, request, url_for

from processor.desk import need
from processor.hands import Hands, Refused

if TYPE_CHECKING:
    from processor.desk import Surroundings


def add(app: Flask, about: Surroundings) -> None:
    def hands() -> Hands:
        need("officer")
        return Hands(about.store, about.office, about.clock, g.user)

    def unchanged(reference: str) -> None:
        """Two officers on one case: the second to save is told what the first did."""
        seen = request.form.get("updated", "")
        with about.store.begin() as records:
            row = records.case(reference=reference)
            if row is None:
                abort(404, "Nincs ilyen ügy.")
            if row["updated_at"].isoformat() != seen:
                last = records.history(row["id"])[-1]
                abort(409, f"Az ügyet közben {last['actor']} módosította ({last['action']} {last['detail']}). Az Ön változtatása nem lett mentve; nyissa meg újra az ügyet.")

    def act(reference: str, what: Callable[[Hands], Any], done: str, following: bool = False) -> Any:
        mine = hands()
        unchanged(reference)
        try:
            what(mine)
        except Refused as error:
            flash(str(error), "error")
        else:
            flash(done, "ok")
        return redirect(url_for("case", reference=reference))

    def form(name: str) -> str:
        return request.form.get(name, "").strip()[:20_000]

    @app.post("/ugy/<reference>/mezo")
    def set_field(reference: str) -> Any:
        number = request.form.get("number", 1, type=int)
        if request.form.get("batched"):
            return act(reference, lambda h: h.correct(reference, number, form("field"), form("value"), form("reason")), "A javított sor a következő kötegbe kerül.")
        return act(reference, lambda h: h.set(reference, number, form("field"), form("value")), "Mentve.")

    @app.post("/ugy/<reference>/jovahagyas")
    def approve(reference: str) -> Any:
        return act(reference, lambda h: h.approve(reference, request.form.get("number", 1, type=int), form("reason")), "Jóváhagyva, a következő kötegbe kerül.")

    @app.post("/ugy/<reference>/kivetel")
    def drop(reference: str) -> Any:
        return act(reference, lambda h: h.drop(reference, request.form.get("number", 1, type=int), form("reason")), "A kérelmezőt kivettük az ügyből.")

    @app.post("/ugy/<reference>/level")
    def write(reference: str) -> Any:
        return act(reference, lambda h: h.write(reference, request.form.get("text", "").replace("\r\n", "\n")[:20_000]), "A levél a kimenők között van.")

    @app.post("/ugy/<reference>/allapot")
    def status(reference: str) -> Any:
        what, reason = form("what"), form("reason")
        acts: dict[str, tuple[Callable[[Hands], Any], str]] = {
            "close": (lambda h: h.close(reference, reason or "lezárva"), "Az ügyet lezártuk."),
            "not_request": (lambda h: h.close(reference, reason or "nem kérelem"), "Nem kérelem: az ügyet lezártuk."),
            "reopen": (lambda h: h.reopen(reference, reason or "újra megnyitva"), "Az ügyet újra megnyitottuk."),
            "hold": (lambda h: h.hold(reference, True), "Az ügy levelei jóváhagyásra várnak."),
            "release": (lambda h: h.hold(reference, False), "Az ügy levelei ismét maguktól kimennek."),
        }
        if what not in acts:
            abort(400, "Ismeretlen művelet.")
        return act(reference, *acts[what])

    @app.post("/ugy/<reference>/osszevonas")
    def merge(reference: str) -> Any:
        return act(reference, lambda h: h.merge(reference, form("other")), "Az ügyet összevontuk.")

    @app.post("/kimeno/<what>")
    def letters_act(what: str) -> Any:
        mine = hands()
        done = 0
        for letter in request.form.getlist("letter", type=int):
            try:
                if what == "jovahagyas":
                    mine.release(letter)
                elif what == "elvetes":
                    mine.reject(letter, form("reason"))
                else:
                    abort(404)
                done += 1
            except Refused as error:
                flash(str(error), "error")
        flash(f"{done} levél {'elküldhető' if what == 'jovahagyas' else 'elvetve'}.", "ok")
        return redirect(url_for("letters"))

    @app.post("/kotegek/keszites")
    def make_batch() -> Any:
        need("officer")
        made = about.export.make()
        with about.store.begin() as records:
            records.journal(about.clock(), g.user, "batch made", ", ".join(one.name for one in made))
        flash(f"Elkészült: {', '.join(f'{one.name} ({one.count} fő)' for one in made)}." if made else "Nincs beíratandó kérelmező.", "ok")
        return redirect(url_for("batches"))

    @app.post("/kotegek/<name>/visszaigazolas")
    def confirm(name: str) -> Any:
        need("officer")
        import tempfile
        from pathlib import Path

        from processor.confirm import Confirm
        from processor.imports import ImportFault, lines

        uploaded, pasted = request.files.get("file"), request.form.get("pasted", "")
        result = None
        try:
            if (uploaded and uploaded.filename) or pasted.strip():
                with tempfile.NamedTemporaryFile() as kept:
                    kept.write(uploaded.read() if uploaded and uploaded.filename else pasted.encode())
                    kept.flush()
                    result = lines(Path(kept.name))
            confirmed = Confirm(about.store, about.office, about.clock).confirm(name, result)
        except ImportFault as error:
            flash(str(error), "error")
            return redirect(url_for("batches"))
        with about.store.begin() as records:
            records.journal(about.clock(), g.user, "batch confirmed", name)
        flash(f"{confirmed.done} fő visszaigazolva, {len(confirmed.errors)} hibás.", "ok")
        for line in confirmed.errors:
            flash(line, "error")
        return redirect(url_for("batches"))

    @app.post("/rendszer/felhasznalo")
    def put_user() -> Any:
        need("administrator")
        from processor.desk import ROLES
        from processor.desk.users import hashed

        name, role = form("name")[:80], form("role")
        if not name or role not in ROLES:
            abort(400, "Név és szerep kell.")
        try:
            password = hashed(request.form.get("password", ""))
        except ValueError as error:
            flash(str(error), "error")
            return redirect(url_for("system"))
        with about.store.begin() as records:
            records.put_user(name, password, role, about.clock())
            records.journal(about.clock(), g.user, "user saved", f"{name} ({role})")
        flash("Felhasználó mentve.", "ok")
        return redirect(url_for("system"))
