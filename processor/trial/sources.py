"""Where the mails of a trial come from: files, or the mailbox, which is only looked at. One mail at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from processor.mailbox.imap import LARGEST, Box, NotFetched
from processor.mailbox.saved import Saved

TOO_LARGE = f"{LARGEST // 1_000_000} MB-nál nagyobb levél, csak a fejlécét olvastuk be"
EMPTY = "üres fájl"
_MOST_HEAD = 200_000  # bytes of a too large mail in which its header is looked for
_ENDS = (b"\r\n\r\n", b"\n\n")  # of a header


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail as it came. `trouble`: why there is no more than its header, or nothing, in Hungarian."""

    name: str
    raw: bytes
    trouble: str = ""


def of_files(mails: Iterable[Saved]) -> Iterator[Taken]:
    """Each mail; one that cannot be read says why."""
    for mail in mails:
        try:
            raw = mail.take(LARGEST + 1)
        except OSError as error:
            yield Taken(mail.name, b"", f"nem olvasható: {error.strerror or error}")
            continue
        if len(raw) > LARGEST:
            yield Taken(mail.name, _head(raw), TOO_LARGE)
        else:
            yield Taken(mail.name, raw, "" if raw.strip() else EMPTY)


def _head(raw: bytes) -> bytes:
    head = raw[:_MOST_HEAD]
    return head[: min((at for end in _ENDS if (at := head.find(end)) >= 0), default=len(head))]


def uids(box: Box, last: int | None, since: dt.date | None) -> list[int]:
    """Of the mails in the open folder those that arrived on the day or later, and of these the `last`, oldest
    first."""
    found = box.uids_after(0)
    if since is not None:
        recent = box.uids_since(since)
        found = [uid for uid in found if uid in recent]
    return found if last is None else found[-last:]


def of_mailbox(box: Box, wanted: Iterable[int]) -> Iterator[Taken]:
    """Each mail by its UID; one that cannot be had says why."""
    for uid in wanted:
        name = f"UID {uid}"
        try:
            arrived = box.one(uid)
        except NotFetched as error:
            yield Taken(name, b"", str(error))
            continue
        yield Taken(name, arrived.raw, "" if arrived.whole else TOO_LARGE)
