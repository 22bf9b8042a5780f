"""The demo's servers, on loopback: IMAP in memory (pymap) and an SMTP sink (aiosmtpd). Both are in the extra `demo`."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from importlib.util import find_spec
from typing import Any

PACKAGES = ("aiosmtpd", "pymap")
_START_SECONDS = 20


def missing() -> list[str]:
    """Which packages of the extra are not installed."""
    return [package for package in PACKAGES if find_spec(package) is None]


class Sink:
    """aiosmtpd's handler: keeps what was sent."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def imap_server(port: int, user: str, password: str) -> Iterator[None]:
    """pymap on a loopback port, everything in memory."""
    command = [
        sys.executable,
        "-c",
        "from pymap.main import main; main()",
        "--no-service",
        "admin",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
    ]
    server = subprocess.Popen(
        [*command, "dict", "--demo-user", user, "--demo-password", password],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("A beépített IMAP-kiszolgáló nem indult el.")
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(10)


@contextlib.contextmanager
def smtp_sink(port: int) -> Iterator[Sink]:
    """Keeps what it gets."""
    from aiosmtpd.controller import Controller  # may be missing (`missing` above)

    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
