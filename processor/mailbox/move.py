"""Mails moved to folders, and drafts laid into one, so that each step can be done again after a crash.

RFC 6851 (MOVE), RFC 4315 (UIDPLUS: UID EXPUNGE).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from processor.mailbox.imap import Box


def move(box: Box, uids: Sequence[int], folder: str, doubtful: Mapping[int, str] | None = None) -> None:
    """Moves mails; those no longer there are passed over.

    `doubtful`: UID to Message-ID of mails that an interrupted pass may have copied already, for servers without MOVE.
    """
    target = box.folders.ensure(folder)
    if box.can("MOVE"):
        box.client.move(list(uids), target)
        return
    present = [uid for uid in box.client.fetch(list(uids), ["UID"]) if uid in set(uids)]
    copied = _copied(box, target, {uid: known for uid, known in (doubtful or {}).items() if uid in present})
    if to_copy := [uid for uid in present if uid not in copied]:
        box.client.copy(to_copy, target)
    _remove(box, present)


def _copied(box: Box, target: str, message_ids: Mapping[int, str]) -> frozenset[int]:
    """Which of the mails lie in the folder already. A mail without Message-ID cannot be found again."""
    known = {uid: message_id for uid, message_id in message_ids.items() if message_id}
    if not known:
        return frozenset()
    with box.inside(target, readonly=True):
        return frozenset(uid for uid, message_id in known.items() if box.find(message_id))


def put_draft(box: Box, folder: str, message_id: str, raw: bytes) -> None:
    """Lays a letter into a folder of drafts, in the place of an older copy of it."""
    target = box.folders.ensure(folder)
    with box.inside(target, readonly=True):
        before = box.find(message_id)
    box.client.append(target, raw, flags=[b"\\Draft", b"\\Seen"])
    _take_out(box, target, before)


def drop_draft(box: Box, folder: str, message_id: str) -> None:
    """Takes a letter out of the folder of drafts, if it is there."""
    target = box.folders.ensure(folder)
    with box.inside(target, readonly=True):
        found = box.find(message_id)
    _take_out(box, target, found)


def _take_out(box: Box, target: str, uids: Sequence[int]) -> None:
    if uids:
        with box.inside(target):
            _remove(box, uids)


def _remove(box: Box, uids: Sequence[int]) -> None:
    """Takes mails out of the open folder. Without UIDPLUS an EXPUNGE would take what others have marked too: the
    mails stay marked, and the ledger knows them."""
    if uids:
        box.client.add_flags(list(uids), [b"\\Deleted"], silent=True)
        if box.can("UIDPLUS"):
            box.client.expunge(list(uids))
