"""IMAP. New mail by UID beyond the last one seen, fetched in groups; moved to folders afterwards. Knows no store and
no mail's content.

RFC 3501 (UID, UIDVALIDITY, BODY.PEEK), RFC 6851 (MOVE), RFC 4315 (UIDPLUS: UID EXPUNGE), RFC 2342 (NAMESPACE).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ssl
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from imaplib import IMAP4
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, LoginError

GROUP_BYTES = 8_000_000  # mails fetched together; bounds the memory of a pass
LARGEST = 40_000_000  # a mail beyond this is stored by its header alone and goes to a person


class MailboxError(RuntimeError):
    """The mailbox cannot be used now; the message says why and what to do, in Hungarian."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the mailbox. `password` and `token` are asked for at every login, since tokens expire."""

    host: str
    port: int
    security: str  # tls | starttls | none
    username: str
    password: Callable[[], str]
    token: Callable[[], str]  # an OAuth access token for XOAUTH2, or ""
    folder: str = "INBOX"
    ca_file: str = ""
    timeout_seconds: float = 60

    @property
    def name(self) -> str:
        """What the ledger calls the mailbox."""
        return f"{self.username}/{self.folder}"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as the server gave it. `size` in bytes; `whole` is False when only the header was fetched."""

    uid: int
    raw: bytes
    size: int
    whole: bool = True


@contextlib.contextmanager
def connect(access: Access) -> Iterator[Box]:
    """A logged-in connection with the folder selected. Everything that goes wrong inside is a MailboxError."""
    where = f"{access.host}:{access.port}"
    client: IMAPClient | None = None
    try:
        client = _open(access)
        _login(client, access)
        yield Box(client, access)
    except LoginError as error:
        raise MailboxError(
            f"A postafiók ({where}) nem fogadta el a felhasználónevet vagy a jelszót ({_text(error)}). Ellenőrizze: mailbox.username, mailbox.password."
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise MailboxError(
            f"A postafiók ({where}) tanúsítványa nem fogadható el: {error.verify_message}. Saját hitelesítő esetén adja meg: mailbox.ca_file."
        ) from error
    except CapabilityError as error:
        raise MailboxError(
            f"A postafiók ({where}) nem tud ilyet: {_text(error)}. Ellenőrizze: mailbox.security."
        ) from error
    except IMAP4.error as error:
        raise MailboxError(f"A postafiók ({where}) hibát jelzett: {_text(error)}") from error
    except subprocess.SubprocessError as error:
        raise MailboxError(
            f"A hozzáférési jelsort (token) előállító parancs nem sikerült: {_text(error)}. Ellenőrizze: mailbox.oauth_token_command."
        ) from error
    except OSError as error:
        raise MailboxError(
            f"A postafiók ({where}) nem érhető el vagy megszakadt a kapcsolat: {_text(error)}. Ellenőrizze: mailbox.host, mailbox.port, mailbox.security."
        ) from error
    finally:
        if client is not None:
            with contextlib.suppress(Exception):
                client.logout()


def _text(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _open(access: Access) -> IMAPClient:
    context = ssl.create_default_context(cafile=access.ca_file or None)
    if access.security == "tls":
        return IMAPClient(access.host, access.port, ssl=True, ssl_context=context, timeout=access.timeout_seconds)
    client = IMAPClient(access.host, access.port, ssl=False, timeout=access.timeout_seconds)
    if access.security == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            with contextlib.suppress(Exception):
                client.shutdown()
            raise
    return client


def _login(client: IMAPClient, access: Access) -> None:
    if token := access.token():
        client.oauth2_login(access.username, token)
        return
    password = access.password()
    if (access.username + password).isascii():
        client.login(access.username, password)
    else:  # LOGIN carries ASCII only; AUTHENTICATE PLAIN is UTF-8 (RFC 4616)
        client.plain_login(access.username, password)


class Box:
    """The selected folder of one connection."""

    def __init__(self, client: IMAPClient, access: Access) -> None:
        self._client = client
        self._folders: dict[str, str] = {}
        self._selected = access.folder
        self._namespace = self._personal()
        opened: Mapping[bytes, Any] = client.select_folder(access.folder)
        self.uidvalidity = int(opened.get(b"UIDVALIDITY", 0))
        self.uidnext = int(opened.get(b"UIDNEXT", 0))
        self.count = int(opened.get(b"EXISTS", 0))

    def _can(self, capability: str) -> bool:
        return bool(self._client.has_capability(capability))

    # ------------------------------------------------------------ reading

    def uids_after(self, last: int) -> list[int]:
        """UIDs beyond `last`, ascending. ("n:*" always names the newest mail too, whatever its UID: RFC 3501 section
        6.4.8.)"""
        return sorted(uid for uid in self._client.search(["UID", f"{last + 1}:*"]) if uid > last)

    def uids_since(self, day: dt.date) -> frozenset[int]:
        """UIDs of the mails that arrived on this day or later, by the server's own date."""
        return frozenset(self._client.search(["SINCE", day]))

    def groups(self, uids: Sequence[int], most: int) -> Iterator[list[tuple[int, int]]]:
        """The UIDs in fetchable groups of (uid, size in bytes); those gone meanwhile are left out."""
        group: list[tuple[int, int]] = []
        room = GROUP_BYTES
        for start in range(0, len(uids), 1000):
            part = uids[start : start + 1000]
            sizes = self._client.fetch(part, ["RFC822.SIZE"])
            for uid in part:
                if uid not in sizes:
                    continue
                size = int(sizes[uid].get(b"RFC822.SIZE", 0))
                if group and (len(group) >= most or size > room):
                    yield group
                    group, room = [], GROUP_BYTES
                group.append((uid, size))
                room -= min(size, LARGEST)
        if group:
            yield group

    def fetch(self, group: Sequence[tuple[int, int]]) -> list[Arrived]:
        """The mails of a group, by UID ascending. The server's \\Seen flags stay as they are."""
        out = []
        whole = [uid for uid, size in group if size <= LARGEST]
        large = {uid: size for uid, size in group if size > LARGEST}
        if whole:
            for uid, data in self._client.fetch(whole, ["BODY.PEEK[]"]).items():
                if b"BODY[]" in data:
                    raw = data[b"BODY[]"] or b""
                    out.append(Arrived(uid, raw, len(raw)))
        if large:
            for uid, data in self._client.fetch(list(large), ["BODY.PEEK[HEADER]"]).items():
                if b"BODY[HEADER]" in data:
                    out.append(Arrived(uid, data[b"BODY[HEADER]"] or b"", large[uid], whole=False))
        return sorted(out, key=lambda mail: mail.uid)

    # ------------------------------------------------------------ moving

    def move(self, uids: Sequence[int], folder: str, doubtful: Mapping[int, str] | None = None) -> None:
        """Moves mails; those no longer there are passed over (a move can be repeated).

        `doubtful`: UID to Message-ID of mails that an interrupted pass may have copied already, for servers without
        MOVE.
        """
        target = self.ensure(folder)
        if self._can("MOVE"):
            self._client.move(list(uids), target)
            return
        present = [uid for uid in self._client.fetch(list(uids), ["UID"]) if uid in set(uids)]
        copied = self._copied(target, {u: m for u, m in (doubtful or {}).items() if u in present and m})
        if to_copy := [uid for uid in present if uid not in copied]:
            self._client.copy(to_copy, target)
        if present:
            self._client.add_flags(present, [b"\\Deleted"], silent=True)
            if self._can("UIDPLUS"):
                self._client.expunge(present)
            # Without UIDPLUS an EXPUNGE would take what others have marked too; the mails stay marked, and the ledger
            # knows them.

    def _copied(self, target: str, message_ids: Mapping[int, str]) -> frozenset[int]:
        if not message_ids:
            return frozenset()
        try:
            self._client.select_folder(target, readonly=True)
            return frozenset(
                uid for uid, mid in message_ids.items() if self._client.search(["HEADER", "Message-ID", mid])
            )
        finally:
            self._client.select_folder(self._selected)

    def put_draft(self, folder: str, message_id: str, raw: bytes) -> None:
        """Lays a letter into a folder of drafts, in the place of an older copy of it. It can be done again after a
        crash."""
        target = self.ensure(folder)
        before = self._drafts(target, message_id)
        self._client.append(target, raw, flags=[b"\\Draft", b"\\Seen"])
        self._remove(target, before)

    def drop_draft(self, folder: str, message_id: str) -> None:
        """Takes a letter out of the folder of drafts, if it is there."""
        target = self.ensure(folder)
        self._remove(target, self._drafts(target, message_id))

    def _drafts(self, target: str, message_id: str) -> list[int]:
        try:
            self._client.select_folder(target, readonly=True)
            return list(self._client.search(["HEADER", "Message-ID", message_id]))
        finally:
            self._client.select_folder(self._selected)

    def _remove(self, target: str, uids: Sequence[int]) -> None:
        if not uids:
            return
        try:
            self._client.select_folder(target)
            self._client.add_flags(list(uids), [b"\\Deleted"], silent=True)
            if self._can("UIDPLUS"):
                self._client.expunge(list(uids))
        finally:
            self._client.select_folder(self._selected)

    def ensure(self, folder: str) -> str:
        """The folder's full name on this server, made and subscribed when missing. "/" in a configured name is a
        level."""
        if folder in self._folders:
            return self._folders[folder]
        prefix, delimiter = self._namespace
        full = folder.replace("/", delimiter) if delimiter else folder
        if prefix and not full.startswith(prefix):
            full = prefix + full
        if not self._client.folder_exists(full):
            self._client.create_folder(full)
            with contextlib.suppress(IMAP4.error):  # a server that knows no subscriptions
                self._client.subscribe_folder(full)
        self._folders[folder] = full
        return full

    def missing(self, folders: Iterable[str]) -> list[str]:
        """Which of the configured folders do not exist yet."""
        prefix, delimiter = self._namespace
        return [
            f
            for f in folders
            if not self._client.folder_exists(
                (prefix if not f.startswith(prefix) else "") + (f.replace("/", delimiter) if delimiter else f)
            )
        ]

    def _personal(self) -> tuple[str, str]:
        """Prefix and delimiter of the user's own folders."""
        if self._can("NAMESPACE"):
            personal = self._client.namespace().personal
            if personal:
                prefix, delimiter = personal[0]
                return str(prefix or ""), str(delimiter or "")
        listed = self._client.list_folders("", "")
        return "", (listed[0][1] or b"").decode() if listed else ""
