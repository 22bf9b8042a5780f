"""Which letters lie in the Drafts folder is asked for at every poll."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_outbox_drafted", "outbox", ["id"], sqlite_where=sa.text("drafted"), postgresql_where=sa.text("drafted")
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_drafted", "outbox")
