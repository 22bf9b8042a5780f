"""A mail as read: who, to whom, and blocks of text or table with the role that each plays. Pure data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rules.model import BODY, SIGNATURE, SUBJECT, Person


class Role(StrEnum):
    """What part of the mail a block is."""

    SUBJECT = "subject"
    BODY = "body"
    SIGNATURE = "signature"
    LETTERHEAD = "letterhead"
    QUOTED = "quoted"  # our own letter, a third person's, or the FAQ: never a source of values


STANDING = {
    Role.SUBJECT: SUBJECT,
    Role.BODY: BODY,
    Role.SIGNATURE: SIGNATURE,
    Role.LETTERHEAD: SIGNATURE,
    Role.QUOTED: 0,
}


@dataclass(frozen=True, slots=True)
class Block:
    """Either `lines` of text or the `rows` of a table. `place`: where it stands, in Hungarian; `first_line`: its
    number there."""

    place: str
    role: Role
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    layer: int = 0
    first_line: int = 1

    @property
    def standing(self) -> int:
        return STANDING[self.role]


@dataclass(frozen=True, slots=True)
class Layer:
    """One letter within the mail: the mail itself (number 0), a forwarded one, a document. `sender` wrote it, if
    known."""

    kind: str  # mail | forwarded | document
    sender: Person | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """`trouble`: why it could not be read as text, in Hungarian; empty when it could. `decoration`: a logo, a key, a
    calendar entry."""

    name: str
    content_type: str
    size: int
    trouble: str = ""
    decoration: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report (RFC 3464) or disposition notification (RFC 8098): the Message-ID and addresses it speaks
    of."""

    message_id: str = ""
    failed: tuple[str, ...] = ()
    reason: str = ""
    delivered: bool = False  # a delay or success, no failure


@dataclass(frozen=True, slots=True)
class Mail:
    """What `read` makes of raw bytes. `faults`: what could not be read, for people. `headers`: lower-case names, last
    one wins."""

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Person | None = None
    doubt: str = ""  # why the sender's headers are not to be trusted, in Hungarian
    reply_to: Person | None = None
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    subject: str = ""
    date: dt.datetime | None = None
    content_type: str = "text/plain"
    headers: Mapping[str, str] = field(default_factory=dict)
    report: Report | None = None
    layers: tuple[Layer, ...] = (Layer("mail"),)
    blocks: tuple[Block, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    faults: tuple[str, ...] = ()

    def written(self) -> str:
        """All text that its sender wrote in the body (no quotes), for judging what kind of mail it is."""
        parts = [
            line for b in self.blocks if b.role in {Role.BODY, Role.SIGNATURE} and b.layer == 0 for line in b.lines
        ]
        parts += [" ".join(row) for b in self.blocks if b.role is Role.BODY and b.layer == 0 for row in b.rows]
        return "\n".join(parts)
