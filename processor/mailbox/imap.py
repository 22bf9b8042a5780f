"""The connection to the mailbox (IMAP): login, new mail by UID beyond the last one seen, fetched in groups. Knows no
store and no mail's content.

RFC 3501 (UID, UIDVALIDITY, BODY.PEEK).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from imaplib import IMAP4
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, LoginError

from processor.mailbox.folders import Folders
from processor.settings import Mailbox

GROUP_BYTES = 8_000_000  # mails fetched together; bounds the memory of a pass
LARGEST = 40_000_000  # a mail beyond this is stored by its header alone and goes to a person
_SIZES_AT_ONCE = 1000  # UIDs in one command; servers bound the length of a line


class MailboxError(RuntimeError):
    """The mailbox cannot be used now; the message says why and what to do, in Hungarian."""


class NotFetched(RuntimeError):
    """One mail cannot be had, the others can; the message says why, in Hungarian."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as the server gave it. `size` in bytes; `whole` is False when only the header was fetched."""

    uid: int
    raw: bytes
    size: int
    whole: bool = True


# What an operator reads, and which key to look at. The first kind that fits counts.
_TROUBLES: tuple[tuple[type[Exception], str], ...] = (
    (
        LoginError,
        "A postafiók ({where}) nem fogadta el a felhasználónevet vagy a jelszót ({said}). "
        "Ellenőrizze: mailbox.username, mailbox.password.",
    ),
    (
        ssl.SSLCertVerificationError,
        "A postafiók ({where}) tanúsítványa nem fogadható el: {said}. "
        "Saját hitelesítő esetén adja meg: mailbox.ca_file.",
    ),
    (CapabilityError, "A postafiók ({where}) nem tud ilyet: {said}. Ellenőrizze: mailbox.security."),
    (IMAP4.error, "A postafiók ({where}) hibát jelzett: {said}"),
    (
        subprocess.SubprocessError,
        "A hozzáférési jelsort (token) előállító parancs nem sikerült: {said}. "
        "Ellenőrizze: mailbox.oauth_token_command.",
    ),
    (
        OSError,
        "A postafiók ({where}) nem érhető el vagy megszakadt a kapcsolat: {said}. "
        "Ellenőrizze: mailbox.host, mailbox.port, mailbox.security.",
    ),
)


@contextlib.contextmanager
def connect(mailbox: Mailbox, readonly: bool = False) -> Iterator[Box]:
    """A logged-in connection with the folder selected. Everything that goes wrong inside is a MailboxError.

    `readonly`: opened by EXAMINE, with which the server itself lets nothing be changed.
    """
    client: IMAPClient | None = None
    try:
        client = _open(mailbox)
        _login(client, mailbox)
        yield Box(client, mailbox.folder, readonly)
    except tuple(kind for kind, _ in _TROUBLES) as error:
        words = next(words for kind, words in _TROUBLES if isinstance(error, kind))
        raise MailboxError(words.format(where=f"{mailbox.host}:{mailbox.port}", said=_said(error))) from error
    finally:
        if client is not None:
            with contextlib.suppress(Exception):
                client.logout()


def _said(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return " ".join(str(error).split())[:300] or type(error).__name__


def _open(mailbox: Mailbox) -> IMAPClient:
    context = ssl.create_default_context(cafile=mailbox.ca_file or None)
    if mailbox.security == "tls":
        return IMAPClient(mailbox.host, mailbox.port, ssl=True, ssl_context=context, timeout=mailbox.timeout_seconds)
    client = IMAPClient(mailbox.host, mailbox.port, ssl=False, timeout=mailbox.timeout_seconds)
    if mailbox.security == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            with contextlib.suppress(Exception):
                client.shutdown()
            raise
    return client


def _login(client: IMAPClient, mailbox: Mailbox) -> None:
    if token := mailbox.token():
        client.oauth2_login(mailbox.username, token)
        return
    password = mailbox.secret()
    if (mailbox.username + password).isascii():
        client.login(mailbox.username, password)
    else:  # LOGIN carries ASCII only; AUTHENTICATE PLAIN is UTF-8 (RFC 4616)
        client.plain_login(mailbox.username, password)


class Box:
    """One connection with a folder open. UIDs are that folder's."""

    def __init__(self, client: IMAPClient, folder: str, readonly: bool = False) -> None:
        self.client = client
        self.folders = Folders(client)
        self._selected, self._readonly = folder, readonly
        opened: Mapping[bytes, Any] = client.select_folder(folder, readonly=readonly)
        self.uidvalidity = int(opened.get(b"UIDVALIDITY", 0))
        self.uidnext = int(opened.get(b"UIDNEXT", 0))
        self.count = int(opened.get(b"EXISTS", 0))

    def can(self, capability: str) -> bool:
        return bool(self.client.has_capability(capability))

    @contextlib.contextmanager
    def inside(self, folder: str, readonly: bool = False) -> Iterator[None]:
        """Another folder is open within the block."""
        try:
            self.client.select_folder(folder, readonly=readonly)
            yield
        finally:
            self.client.select_folder(self._selected, readonly=self._readonly)

    def find(self, message_id: str) -> list[int]:
        """UIDs in the open folder."""
        return list(self.client.search(["HEADER", "Message-ID", message_id]))

    def uids_after(self, last: int) -> list[int]:
        """UIDs beyond `last`, ascending. ("n:*" always names the newest mail too, whatever its UID: RFC 3501 section
        6.4.8.)"""
        return sorted(uid for uid in self.client.search(["UID", f"{last + 1}:*"]) if uid > last)

    def uids_since(self, day: dt.date) -> frozenset[int]:
        """UIDs of the mails that arrived on this day or later, by the server's own date."""
        return frozenset(self.client.search(["SINCE", day]))

    def groups(self, uids: Sequence[int], most: int) -> Iterator[list[tuple[int, int]]]:
        """The UIDs in fetchable groups of (uid, size in bytes); those gone meanwhile are left out."""
        group: list[tuple[int, int]] = []
        room = GROUP_BYTES
        for uid, size in self._sizes(uids):
            if group and (len(group) >= most or size > room):
                yield group
                group, room = [], GROUP_BYTES
            group.append((uid, size))
            room -= min(size, LARGEST)
        if group:
            yield group

    def _sizes(self, uids: Sequence[int]) -> Iterator[tuple[int, int]]:
        for start in range(0, len(uids), _SIZES_AT_ONCE):
            part = uids[start : start + _SIZES_AT_ONCE]
            sizes = self.client.fetch(part, ["RFC822.SIZE"])
            yield from ((uid, int(sizes[uid].get(b"RFC822.SIZE", 0))) for uid in part if uid in sizes)

    def fetch(self, group: Sequence[tuple[int, int]]) -> list[Arrived]:
        """The mails of a group, by UID ascending; of one beyond all measure the header. The server's \\Seen flags stay
        as they are."""
        whole = [uid for uid, size in group if size <= LARGEST]
        large = {uid: size for uid, size in group if size > LARGEST}
        arrived = [Arrived(uid, raw, len(raw)) for uid, raw in self._parts(whole, "")]
        arrived += [Arrived(uid, raw, large[uid], whole=False) for uid, raw in self._parts(list(large), "HEADER")]
        return sorted(arrived, key=lambda mail: mail.uid)

    def one(self, uid: int) -> Arrived:
        """A single mail. NotFetched when it is gone, or when the server cannot give this one."""
        try:
            arrived = self.fetch(list(self._sizes([uid])))
        except IMAP4.abort:  # the connection is broken
            raise
        except IMAP4.error as error:
            raise NotFetched(f"a kiszolgáló nem adta ki: {_said(error)}") from error
        if not arrived:
            raise NotFetched("időközben elkerült a mappából")
        return arrived[0]

    def _parts(self, uids: Sequence[int], part: str) -> Iterator[tuple[int, bytes]]:
        """A part ("": all) of each mail that is still there."""
        key = f"BODY[{part}]".encode()
        for uid, data in (self.client.fetch(uids, [f"BODY.PEEK[{part}]"]) if uids else {}).items():
            if key in data:
                yield uid, data[key] or b""
