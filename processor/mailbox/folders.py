"""Folders of a mailbox: what a configured name is on this server, and folders made when missing.

RFC 2342 (NAMESPACE).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from imaplib import IMAP4

from imapclient import IMAPClient


class Folders:
    """The user's own folders on one connection."""

    def __init__(self, client: IMAPClient) -> None:
        self._client = client
        self._prefix, self._separator = _personal(client)
        self._ensured: dict[str, str] = {}

    def full(self, name: str) -> str:
        """A configured name as this server has it. "/" in it is a level."""
        full = name.replace("/", self._separator) if self._separator else name
        return full if full.startswith(self._prefix) else self._prefix + full

    def ensure(self, name: str) -> str:
        """The folder's full name; it is made and subscribed when missing."""
        if name not in self._ensured:
            full = self.full(name)
            if not self._client.folder_exists(full):
                self._client.create_folder(full)
                with contextlib.suppress(IMAP4.error):  # a server that knows no subscriptions
                    self._client.subscribe_folder(full)
            self._ensured[name] = full
        return self._ensured[name]

    def missing(self, names: Iterable[str]) -> list[str]:
        """Which of the configured folders do not exist yet."""
        return [name for name in names if not self._client.folder_exists(self.full(name))]


def _personal(client: IMAPClient) -> tuple[str, str]:
    """Prefix and separator of the user's own folders."""
    if client.has_capability("NAMESPACE") and (personal := client.namespace().personal):
        prefix, separator = personal[0]
        return str(prefix or ""), str(separator or "")
    listed = client.list_folders("", "")
    return "", (listed[0][1] or b"").decode() if listed else ""
