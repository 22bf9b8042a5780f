"""Reminders, cases closed for silence, held cases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("asked_at", sa.DateTime(timezone=True)))
    op.add_column("cases", sa.Column("reminded_at", sa.DateTime(timezone=True)))
    op.add_column("cases", sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("cases", sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
    where = sa.text("status = 'waiting'")
    op.create_index("ix_cases_asked", "cases", ["asked_at"], unique=False, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_cases_asked", table_name="cases")
    for column in ("held", "silent", "reminded_at", "asked_at"):
        op.drop_column("cases", column)
