"""One round of polling. Each step can be repeated after a crash at any line.

A group of mails: (1) the raw mails and the last UID seen, one commit; (2) ledger, cases and replies, one commit; (3)
the move in the mailbox; (4) the note that it was moved. Killed after 1, the stored mails are dealt with at the next
start; after 2 or 3, the move is done again, which passes over mails that are gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from processor.acts.intake import Dealt, Intake
from processor.mailbox import move
from processor.mailbox.imap import Arrived, Box, connect
from processor.reading import digest, message_id
from processor.settings import Mailbox, Replies
from processor.store import Fetched, Store
from processor.store.rows import MailRow
from processor.worktime import Clock

log = structlog.get_logger()

TOO_LARGE = "A levél túl nagy ({} MB), csak a fejlécét olvastuk be; az eredeti a postafiókban van."


def _never() -> bool:
    return False


@dataclass(slots=True)
class Polled:
    """What a polling round did: mails by decision ("failed" and "duplicate" among them)."""

    mails: Counter[str] = field(default_factory=Counter)


def poll(
    mailbox: Mailbox,
    replies: Replies,
    store: Store,
    intake: Intake,
    clock: Clock,
    stop: Callable[[], bool] = _never,
) -> Polled:
    """Everything that is in the mailbox. MailboxError when it cannot be reached; what is stored already is dealt with
    even then."""
    done = Polled()
    done.mails.update(_outcome(one) for one in intake.recover(stop))  # stored before a crash, or to be tried again
    with connect(mailbox) as box:
        _move(box, mailbox, store, leftovers=True)
        last = _last_seen(box, mailbox, store)
        for group in box.groups(_new_uids(box, mailbox, store, last), mailbox.group):
            if stop():
                return done
            _store(box, mailbox, store, group, clock)
            _work(intake, mailbox.group, done, stop)
            _move(box, mailbox, store)
        if replies.drafts_folder:
            _draft(box, replies.drafts_folder, store)
    store.note_round("poll", clock())
    return done


def _store(box: Box, mailbox: Mailbox, store: Store, group: list[tuple[int, int]], clock: Clock) -> None:
    """The first commit: raw mails, and how far we have seen."""
    arrived = [_fetched(mail) for mail in box.fetch(group)]
    with store.begin() as session:
        session.mails.store(mailbox.name, box.uidvalidity, arrived, clock())
        session.marks.set(_key(box, mailbox, "last"), str(group[-1][0]))


def _work(intake: Intake, group: int, done: Polled, stop: Callable[[], bool]) -> None:
    while not stop() and (dealt := intake.work(group)):
        done.mails.update(_outcome(one) for one in dealt)


def _outcome(dealt: Dealt) -> str:
    return dealt.folder if dealt.folder == "failed" else dealt.decision or "ignore"


def _fetched(mail: Arrived) -> Fetched:
    trouble = "" if mail.whole else TOO_LARGE.format(mail.size // 1_000_000)
    return Fetched(mail.uid, mail.raw, message_id(mail.raw), digest(mail.raw), trouble)


# ---------------------------------------------------------------- what is new


def _key(box: Box, mailbox: Mailbox, what: str) -> str:
    return f"uid-{what}:{mailbox.name}:{box.uidvalidity}"


def _last_seen(box: Box, mailbox: Mailbox, store: Store) -> int:
    """The last UID seen. At the first sight of a mailbox it is noted which mails were there, for `since`."""
    with store.begin() as session:
        last = session.marks.get(_key(box, mailbox, "last"))
        if last is None:
            log.info("mailbox_first_seen", uidvalidity=box.uidvalidity, mails=box.count)
            session.marks.set(_key(box, mailbox, "last"), "0")
            session.marks.set(_key(box, mailbox, "start"), str(max(0, box.uidnext - 1)))
        return int(last or 0)


def _new_uids(box: Box, mailbox: Mailbox, store: Store, last: int) -> list[int]:
    """UIDs beyond the last one; of those that were there at the first sight, the ones that arrived since the day."""
    uids = box.uids_after(last)
    if mailbox.since is None or not uids:
        return uids
    with store.read() as session:
        start = int(session.marks.get(_key(box, mailbox, "start")) or 0)
    if uids[0] > start:
        return uids
    recent = box.uids_since(mailbox.since)
    kept = [uid for uid in uids if uid > start or uid in recent]
    log.info("old_mails_left_alone", mails=len(uids) - len(kept))
    return kept


# ---------------------------------------------------------------- in the mailbox, after the commit


def _move(box: Box, mailbox: Mailbox, store: Store, leftovers: bool = False) -> None:
    """To the folder of each mail's decision. `leftovers`: an earlier round may have been killed while moving."""
    while True:
        with store.read() as session:
            rows = session.mails.to_move(mailbox.name, box.uidvalidity)
        if not rows:
            return
        by_folder: dict[str, list[MailRow]] = {}
        for row in rows:
            by_folder.setdefault(mailbox.folders.of(row["folder"] or ""), []).append(row)
        for folder, mails in by_folder.items():
            doubtful = {row["uid"]: row["message_id"] for row in mails} if leftovers else None
            move.move(box, [row["uid"] for row in mails], folder, doubtful)
        with store.begin() as session:
            session.mails.set_moved(row["id"] for row in rows)


def _draft(box: Box, folder: str, store: Store) -> None:
    """Copies of held letters for people to look at, gone when the letter is settled; what is sent is decided in the
    outbox alone."""
    with store.read() as session:
        held, settled = session.outbox.undrafted(), session.outbox.drafts_left()
    for letter in settled:
        move.drop_draft(box, folder, letter["message_id"])
        with store.begin() as session:
            session.outbox.set(letter["id"], drafted=False)
    for letter in held:
        move.put_draft(box, folder, letter["message_id"], bytes(letter["raw"]))
        with store.begin() as session:
            session.outbox.set(letter["id"], drafted=True)
