"""Real servers for the tests, each rootless in a folder of its own on free loopback ports: Dovecot, aiosmtpd,
PostgreSQL."""

from __future__ import annotations

import base64
import contextlib
import grp
import hashlib
import hmac
import itertools
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
_DOVECOT = "/usr/sbin/dovecot"
_SECONDS = 30  # for a server to start


def _apt(*packages: str) -> None:
    subprocess.run([str(ROOT / "scripts" / "apt"), *packages], check=True, stdout=subprocess.DEVNULL)


# Below the ports that the system gives to outgoing connections (32768 and up), so that none of those takes a port
# between our finding it free and a server's opening it. Each worker of pytest-xdist has a range of its own.
_FIRST_PORT, _PORTS_OF_A_WORKER, _MOST_WORKERS = 12_000, 2_500, 8


def _ports() -> Iterator[int]:
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _MOST_WORKERS
    begin = os.getpid() % _PORTS_OF_A_WORKER  # elsewhere than the run before, whose connections may still linger
    for number in itertools.count(begin):
        yield _FIRST_PORT + worker * _PORTS_OF_A_WORKER + number % _PORTS_OF_A_WORKER


_next_ports = _ports()


def free_port() -> int:
    """A loopback port on which nobody listens, never the same twice in a row."""
    for port in itertools.islice(_next_ports, _PORTS_OF_A_WORKER):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No free port.")


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The server did not start: {log.read_text() if log and log.exists() else ''}")
        time.sleep(0.02)


def _unprivileged() -> tuple[list[str], pwd.struct_passwd]:
    """A command prefix that gives up root, which these servers refuse, and whom we then are."""
    if os.geteuid() != 0:
        return [], pwd.getpwuid(os.geteuid())
    nobody = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"], nobody


@contextlib.contextmanager
def own_folder(prefix: str) -> Iterator[tuple[Path, list[str], pwd.struct_passwd]]:
    """A folder that belongs to whoever runs the server. (pytest's own folders are closed to other users.)"""
    prefix_command, user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    try:
        if os.geteuid() == 0:
            os.chown(folder, user.pw_uid, user.pw_gid)
        yield folder, prefix_command, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------- Dovecot

_CONF = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
mail_home = {folder}/home/%u
mail_location = {location}
mailbox_list_index = yes
mail_fsync = never
disable_plaintext_auth = no
ssl = {ssl}
{certificates}
auth_mechanisms = plain login xoauth2
imap_capability = {capability}
imap_max_line_length = 1M
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  prefix = {prefix}
  separator = {separator}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
"""


# Tokens are checked by Dovecot itself, with a key of ours (introspection_mode = local).
_OAUTH = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
active_attribute =
active_value =
"""
_OAUTH_KEY = b"a key for tests only"


def token(user: str) -> str:
    """An OAuth access token (a JWT, RFC 7519) that Dovecot takes."""

    def part(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    head = (
        part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
        + b"."
        + part(json.dumps({"sub": user, "iat": 1_600_000_000, "exp": 4_102_444_800}).encode())
    )
    return (head + b"." + part(hmac.new(_OAUTH_KEY, head, hashlib.sha256).digest())).decode()


@dataclass
class Dovecot:
    """A running Dovecot. Every user name is a mailbox; the password is the same for all."""

    port: int
    tls_port: int
    folder: Path
    command: list[str]
    process: subprocess.Popen[bytes]
    password: str = "titok-ékezettel"

    def kill(self) -> None:
        """All of its processes at once, open connections too."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def restart(self) -> None:
        self.kill()
        self.process = subprocess.Popen(self.command, start_new_session=True)
        wait_for(self.port, self.process, self.folder / "log")


@contextlib.contextmanager
def dovecot(
    *,
    prefix: str = "",
    separator: str = "/",
    capability: str = "",
    tls: tuple[Path, Path] | None = None,
    ssl: str = "yes",
    location: str = "maildir:~/Maildir",
    password: str = "titok-ékezettel",
) -> Iterator[Dovecot]:
    """`tls`: certificate and key; `capability`: what the server claims ("" for all that it can); `prefix`: "INBOX."
    as Courier has it."""
    if not Path(_DOVECOT).exists():
        _apt("dovecot-imapd")
    with own_folder("beirato-dovecot-") as (folder, drop, user):
        certificates = ""
        if tls:
            for file, name in zip(tls, ("cert.pem", "key.pem"), strict=True):
                shutil.copy(file, folder / name)
                (folder / name).chmod(0o644)
            certificates = f"ssl_cert = <{folder}/cert.pem\nssl_key = <{folder}/key.pem"
        port, tls_port = free_port(), free_port()
        values: dict[str, Any] = {
            "folder": folder,
            "user": user.pw_name,
            "group": grp.getgrgid(user.pw_gid).gr_name,
            "ssl": ssl if tls else "no",
            "certificates": certificates,
            "capability": capability,
            "prefix": prefix,
            "separator": separator,
            "port": port,
            "tls_port": tls_port if tls else 0,
            "location": location,
            "password": password,
        }
        (folder / "dovecot.conf").write_text(_CONF.format(**values), encoding="utf-8")
        (folder / "oauth2.conf").write_text(_OAUTH.format(folder=folder))
        keys = folder / "keys" / "default" / "HS256"
        keys.mkdir(parents=True)
        (keys / "default").write_bytes(base64.b64encode(_OAUTH_KEY))
        for name in ("run", "state", "home"):
            (folder / name).mkdir()
            if os.geteuid() == 0:
                os.chown(folder / name, user.pw_uid, user.pw_gid)
        command = [*drop, _DOVECOT, "-F", "-c", str(folder / "dovecot.conf")]
        server = Dovecot(port, tls_port, folder, command, subprocess.Popen(command, start_new_session=True), password)
        try:
            wait_for(port, server.process, folder / "log")
            yield server
        finally:
            if server.process.poll() is None:
                server.kill()


# ---------------------------------------------------------------- SMTP


@dataclass
class Sink:
    """What an SMTP server got. `script`: what it says to the next letters, e.g. "451 later", "550 no", "drop", before
    it takes them."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    script: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        said = self.script.pop(0) if self.script else ""
        if said == "drop":
            server.transport.abort()
            return "451 gone"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        if said and not said.startswith("taken"):
            return said
        self.letters.append(letter)
        self.envelopes.append(((envelope.mail_from or "").strip("<>"), list(envelope.rcpt_tos)))
        if said == "taken, then drop":
            server.transport.abort()
        return "250 OK"

    def text(self, number: int = -1) -> str:
        body = self.letters[number].get_body(("plain",))
        assert body is not None
        return str(body.get_content())


@contextlib.contextmanager
def smtp(port: int | None = None, **options: Any) -> Iterator[Sink]:
    """An SMTP server that keeps what it gets. `options`: aiosmtpd's, e.g. authenticator, tls_context,
    require_starttls."""
    from aiosmtpd.controller import Controller

    sink = Sink(port or free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


# ---------------------------------------------------------------- PostgreSQL


def _postgres_bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own; gives SQLAlchemy's URL."""
    if _postgres_bin() is None:
        _apt("postgresql")
    binaries = _postgres_bin()
    assert binaries is not None
    with own_folder("beirato-pg-") as (folder, drop, _user):
        data = folder / "data"
        subprocess.run(
            [
                *drop,
                str(binaries / "initdb"),
                "-D",
                str(data),
                "-U",
                "beirato",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = free_port()
        command = [
            *drop,
            str(binaries / "postgres"),
            "-D",
            str(data),
            "-p",
            str(port),
            "-k",
            str(folder),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "fsync=off",
        ]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(port, server, folder / "log")
            _until_ready(binaries, port)
            yield f"postgresql+psycopg://beirato@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(20)


def _until_ready(binaries: Path, port: int) -> None:
    deadline = time.monotonic() + _SECONDS
    while subprocess.run(
        [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)], check=False
    ).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not get ready.")
        time.sleep(0.05)
