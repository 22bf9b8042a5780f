"""What was decided stands in the history as data; what is needed to answer a mail stands beside it."""

import email.parser
import email.policy
import email.utils
import re
from email.message import Message
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The prose of versions before: "ask (registration): pir.missing, county.missing"; the last time that it is read.
_OPENED = re.compile(
    r"(?P<decision>queue|ask|review|answer|ignore)(?: \((?P<kind>[a-z_]+)\))?(?:: (?P<codes>[a-z_., ]+))?"
)


_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_MOST_REFERENCES, _LONGEST = 20, 4_000


def _ids(head: Message, name: str) -> list[str]:
    return _MESSAGE_ID.findall(str(head[name] or "")[-_LONGEST:])


def _answering(raw: bytes) -> dict[str, Any]:
    """Whom a letter to this mail may answer, and its thread, as `cases.parties.Answering` keeps them."""
    head = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(raw)
    headers = [str(head[name] or "")[:_LONGEST] for name in ("Reply-To", "From")]
    to = [address.lower() for _, address in email.utils.getaddresses(headers) if "@" in address]
    mine = _ids(head, "Message-ID")[:1]
    before = [*_ids(head, "References")[-_MOST_REFERENCES:], *_ids(head, "In-Reply-To")[:1]]
    return {"to": list(dict.fromkeys(to)), "thread": list(dict.fromkeys([*before, *mine])) if mine else []}


def _fill_answering() -> None:
    """Of the mails whose text is still there: a case that waits for its answer must be reminded after the upgrade."""
    mails = sa.table("mails", sa.column("id"), sa.column("raw", sa.LargeBinary), sa.column("answering", sa.JSON))
    bind = op.get_bind()
    for number in bind.scalars(sa.select(mails.c.id).where(mails.c.raw.is_not(None))).all():
        raw = bind.scalar(sa.select(mails.c.raw).where(mails.c.id == number))
        bind.execute(sa.update(mails).where(mails.c.id == number).values(answering=_answering(bytes(raw or b""))))


def upgrade() -> None:
    op.add_column("mails", sa.Column("answering", sa.JSON))
    op.add_column("history", sa.Column("data", sa.JSON))
    _fill_answering()
    history = sa.table("history", *map(sa.column, ("id", "action", "detail")), sa.column("data", sa.JSON))
    told = op.get_bind().execute(
        sa.select(history.c.id, history.c.detail).where(history.c.action.in_(["opened", "completed", "asked again"]))
    )
    for step, detail in told.all():
        if said := _OPENED.fullmatch(detail):
            codes = [code for code in (said["codes"] or "").split(", ") if code]
            data = {"decision": said["decision"], "kind": said["kind"], "codes": codes}
            op.get_bind().execute(sa.update(history).where(history.c.id == step).values(data=data, detail=""))


def downgrade() -> None:
    op.drop_column("history", "data")
    op.drop_column("mails", "answering")
