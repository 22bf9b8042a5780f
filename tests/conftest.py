"""Servers that many tests share, started once a worker. Each test uses a mailbox (user name) of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests import servers
from tests.desk import Desk, open_desk

_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)  # before pytest itself looks at -m
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever drives a browser is `service` (make test-service), wherever it stands."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.service)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Path, Path]]:
    """A certificate authority made on the spot, and a certificate and key for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    issued = ca.issue_cert("127.0.0.1", "localhost")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for number, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(folder / "cert.pem", append=number > 0)
    return folder / "ca.pem", (folder / "cert.pem", folder / "key.pem")


@pytest.fixture(scope="session")
def dovecot(authority: tuple[Path, tuple[Path, Path]]) -> Iterator[servers.Dovecot]:
    with servers.dovecot(tls=authority[1]) as server:
        yield server


@pytest.fixture
def user() -> str:
    """A mailbox that no other test uses."""
    return f"aspoktatas{next(_numbers)}"


@pytest.fixture
def sink() -> Iterator[servers.Sink]:
    with servers.smtp() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture
def desk(tmp_path: Path, dovecot: servers.Dovecot, user: str, sink: servers.Sink) -> Iterator[Desk]:
    with open_desk(tmp_path, dovecot, user, sink) as made:
        yield made
