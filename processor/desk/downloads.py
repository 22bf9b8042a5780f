"""What can be downloaded: a mail as it came, its attachments, a batch's files. Every download is in the journal;
nothing opens in the browser."""

from __future__ import annotations

import io

from flask import Blueprint, Response, abort, g, send_file

from processor.desk import mailview
from processor.desk.surroundings import about
from processor.store import Transaction
from processor.store.rows import MailRow

_LONGEST_NAME = 120  # characters of a file's name; the sender's may be any length

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/level/<int:mail>/eredeti")
def original(mail: int) -> Response:
    with about().store.begin() as records:
        row = _mail(records, mail)
        records.users.journal(about().clock(), g.user, "mail downloaded", _of(records, row))
    return _download(bytes(row["raw"] or b""), f"level-{mail}.eml")


@blueprint.get("/level/<int:mail>/melleklet/<int:number>")
def attachment(mail: int, number: int) -> Response:
    with about().store.begin() as records:
        row = _mail(records, mail)
        records.users.journal(about().clock(), g.user, "attachment downloaded", _of(records, row))
    found = mailview.file_of(bytes(row["raw"] or b""), about().office.own, number)
    if found is None:
        abort(404, "Nincs ilyen melléklet.")
    return _download(found[1], found[0])


@blueprint.get("/koteg/<name>/<file>")
def batch_file(name: str, file: str) -> Response:
    with about().store.begin() as records:
        row = records.batches.get(name)
        data = records.batches.kept_files(row["id"]).get(file) if row is not None else None
        if data is None:
            abort(404, "Nincs ilyen fájl.")
        records.users.journal(about().clock(), g.user, "batch downloaded", file)
    return _download(data, file)


def _mail(records: Transaction, number: int) -> MailRow:
    row = records.mails.get(number)
    if row is None or not row["raw"]:
        abort(404, "Nincs ilyen levél, vagy a szövege már nincs meg.")
    return row


def _of(records: Transaction, row: MailRow) -> str:
    case = records.cases.get(case_id=row["case_id"]) if row["case_id"] is not None else None
    return str(case["reference"]) if case is not None else f"{row['id']}. levél"


def _download(data: bytes, name: str) -> Response:
    """Always as a file to save: a name that says .html must not become a page of ours."""
    return send_file(
        io.BytesIO(data),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name="".join(c if c.isprintable() and c not in "/\\" else "_" for c in name)[:_LONGEST_NAME],
    )
