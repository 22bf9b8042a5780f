"""What was decided stands in the history as data; what is needed to answer a mail stands beside it."""

import re

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


def upgrade() -> None:
    op.add_column("mails", sa.Column("answering", sa.JSON))
    op.add_column("history", sa.Column("data", sa.JSON))
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
