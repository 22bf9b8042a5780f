"""The tables. Times are UTC; personal data stand in mails, cases, applicants, outbox, accounts and register only."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Utc(sa.TypeDecorator[dt.datetime]):
    """A time with its zone, UTC; SQLite, which knows no zones, gives it back with one too."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: sa.Dialect) -> dt.datetime | None:
        return value.astimezone(dt.UTC) if value is not None else None

    def process_result_value(self, value: dt.datetime | None, _dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


_when = Utc()

# The ledger: one row a mail that was ever fetched, raw. state: processor.cases.states.MailState
mails = sa.Table(
    "mails",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("mailbox", sa.Text, nullable=False),
    sa.Column("uidvalidity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),  # SHA-256 of what its sender wrote (reading.digest)
    sa.Column("raw", sa.LargeBinary),
    sa.Column("received_at", _when, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("kind", sa.String(24)),
    sa.Column("decision", sa.String(12)),
    sa.Column("case_id", _id),
    sa.Column("folder", sa.String(12)),  # the decision's name among mailbox.folders; where the mail is to be moved
    sa.Column("moved", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("trouble", sa.Text),
    sa.Column("answering", sa.JSON),  # what a letter needs that answers it (letters.post.Answering), without its text
    sa.UniqueConstraint("mailbox", "uidvalidity", "uid"),
    sa.Index("ix_mails_message", "message_id", "digest"),
    sa.Index("ix_mails_case", "case_id"),
)
for _state in ("new", "failed"):  # one each: no planner concludes from state = 'new' to an index of two states
    sa.Index(
        f"ix_mails_{_state}", mails.c.id, sqlite_where=mails.c.state == _state, postgresql_where=mails.c.state == _state
    )
sa.Index("ix_mails_to_move", mails.c.moved, sqlite_where=~mails.c.moved, postgresql_where=~mails.c.moved)

# status: processor.cases.states.Status
cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("reference", sa.String(32), nullable=False, unique=True),
    sa.Column("status", sa.String(12), nullable=False, index=True),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("decision", sa.String(12), nullable=False),
    sa.Column("problems", sa.JSON, nullable=False),
    sa.Column("request", sa.JSON, nullable=False),  # the whole case as rules.model.Request
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", _when, nullable=False),
    sa.Column("updated_at", _when, nullable=False),
    sa.Column("asked_at", _when),  # when our last letter that awaits an answer was made
    sa.Column("reminded_at", _when),
    # closed because no answer came; the answer opens it again
    sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()),  # its letters wait for a person
    # names, places, numbers and addresses, folded; what officers search in
    sa.Column("search", sa.Text, nullable=False, server_default=""),
)
sa.Index(
    "ix_cases_asked",
    cases.c.asked_at,
    sqlite_where=cases.c.status == "waiting",
    postgresql_where=cases.c.status == "waiting",
)

# Every Message-ID of a case, theirs and ours; how an answer finds its case.
threads = sa.Table(
    "threads",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("case_id", _id, sa.ForeignKey("cases.id"), nullable=False, index=True),
)

# Who belongs to a case: sender, recipients, applicants.
parties = sa.Table(
    "parties",
    metadata,
    sa.Column("case_id", _id, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("address", sa.String(320), primary_key=True, index=True),
)

# One row an applicant of a case as it now stands. outcome: processor.cases.states.Outcome
applicants = sa.Table(
    "applicants",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("case_id", _id, sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("email", sa.String(320), index=True),
    sa.Column("outcome", sa.String(8), nullable=False),
    sa.Column("row", sa.JSON, nullable=False),  # the applicant as CONTRACT.md gives it
    # what the batch will ask for: programs the person does not have yet
    sa.Column("new_programs", sa.JSON, nullable=False),
    sa.Column("queued_at", _when),
    sa.Column("batch_id", _id, index=True),
    sa.UniqueConstraint("case_id", "position"),
)
sa.Index(
    "ix_applicants_queue",
    applicants.c.queued_at,
    sqlite_where=applicants.c.batch_id.is_(None) & (applicants.c.outcome == "queue"),
    postgresql_where=applicants.c.batch_id.is_(None) & (applicants.c.outcome == "queue"),
)

# Letters to be sent. state: processor.cases.states.LetterState. The Message-ID is fixed when the row is made.
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("case_id", _id, index=True),
    sa.Column("mail_id", _id),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("purpose", sa.String(24), nullable=False),
    sa.Column("recipients", sa.JSON, nullable=False),
    sa.Column("first_recipient", sa.String(320), nullable=False),
    sa.Column("envelope_sender", sa.String(320), nullable=False),
    sa.Column("raw", sa.LargeBinary, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_try", _when, nullable=False),
    sa.Column("created_at", _when, nullable=False),
    sa.Column("sent_at", _when),
    sa.Column("trouble", sa.Text),
    # a held letter lies in the mailbox's Drafts too
    sa.Column("drafted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_outbox_due", "state", "next_try"),
    sa.Index("ix_outbox_recipient", "first_recipient", "created_at"),
)

sa.Index("ix_outbox_drafted", outbox.c.id, sqlite_where=outbox.c.drafted, postgresql_where=outbox.c.drafted)

batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("name", sa.String(24), nullable=False, unique=True),
    sa.Column("created_at", _when, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),  # processor.batches.content.Content
    sa.Column("files", sa.JSON, nullable=False),  # [{"name", "sha256", "size"}]
    sa.Column("confirmed_at", _when),
)

# The files themselves, so that lost ones are written again byte for byte, by whatever version of the program.
batch_files = sa.Table(
    "batch_files",
    metadata,
    sa.Column("batch_id", _id, sa.ForeignKey("batches.id"), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("address", sa.String(320), primary_key=True),
    sa.Column("name", sa.Text, nullable=False, server_default=""),
    sa.Column("username", sa.Text, nullable=False, server_default=""),
    sa.Column("municipality", sa.Text, nullable=False, server_default=""),
    sa.Column("programs", sa.JSON, nullable=False),
)

register = sa.Table(
    "register",
    metadata,
    sa.Column("pir", sa.String(6), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("county", sa.Text, nullable=False, server_default=""),
    sa.Column("clerk_name", sa.Text, nullable=False, server_default=""),
    sa.Column("clerk_address", sa.String(320), nullable=False, server_default="", index=True),
)

# What happened to a case, never deleted. actor: "program" or a person's user name.
history = sa.Table(
    "history",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("case_id", _id, nullable=False, index=True),
    sa.Column("at", _when, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),  # what a person said, or names
    sa.Column("data", sa.JSON),  # what was decided: {"decision", "kind", "codes"}; put into words when shown
)

# Officers who may use the desk. role: viewer | officer | administrator
users = sa.Table(
    "users",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("password", sa.Text, nullable=False),  # argon2
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created_at", _when, nullable=False),
)

# Who looked at which case or person, and who logged in.
journal = sa.Table(
    "journal",
    metadata,
    sa.Column("id", _id, primary_key=True),
    sa.Column("at", _when, nullable=False),
    sa.Column("actor", sa.String(80), nullable=False),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("detail", sa.Text, nullable=False, server_default=""),
)

# Markers and counters: the last UID seen in a folder, the next case number, the last export.
markers = sa.Table(
    "markers",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
