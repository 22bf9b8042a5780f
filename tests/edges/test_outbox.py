"""The outbox against a real SMTP server."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from processor.letters.smtp import OutboxError, Outcome, connect
from processor.settings import Smtp
from tests import servers

LETTER = b"From: a@b.hu\r\nTo: c@d.hu\r\nSubject: x\r\n\r\nSzia\r\n"


def access_to(port: int, **changes: Any) -> Smtp:
    known = {"security": "none", "sender": "a@b.hu", "timeout_seconds": 5}
    return Smtp(host="127.0.0.1", port=port, **{**known, **changes})


def send(access: Smtp, times: int = 1) -> list[Outcome]:
    with connect(access) as line:
        return [line.send("a@b.hu", ["c@d.hu"], LETTER) for _ in range(times)]


def test_several_letters_over_one_connection(sink):
    """Sent, with our envelope."""
    assert send(access_to(sink.port), 3) == [Outcome("sent")] * 3
    assert sink.envelopes == [("a@b.hu", ["c@d.hu"])] * 3


def test_the_null_sender(sink):
    """RFC 3834: an answer that must not be answered goes out with an empty envelope sender."""
    with connect(access_to(sink.port)) as line:
        line.send("", ["c@d.hu"], LETTER)
    assert sink.envelopes == [("", ["c@d.hu"])]


def test_a_temporary_refusal_is_tried_again_later(sink):
    """4xx, with the server's own words."""
    sink.script = ["451 4.3.0 later please"]
    assert send(access_to(sink.port), 2) == [Outcome("retry", "451 4.3.0 later please"), Outcome("sent")]


def test_a_final_refusal(sink):
    """5xx: trying again would not help."""
    sink.script = ["550 5.1.1 no such user"]
    assert send(access_to(sink.port), 2) == [Outcome("failed", "550 5.1.1 no such user"), Outcome("sent")]


@pytest.mark.parametrize("script", ["drop", "taken, then drop"])
def test_a_lost_connection_is_a_retry_and_the_next_letter_opens_a_new_one(sink, script):
    """Whether the server took the letter or not cannot be known then; the same Message-ID goes again."""
    sink.script = [script]
    first, second = send(access_to(sink.port), 2)
    assert (first.state, second.state) == ("retry", "sent")


def test_nobody_listens():
    """The message names the keys to look at."""
    with pytest.raises(OutboxError, match=r"smtp\.host"):
        send(access_to(servers.free_port()))


class TestLogin:
    """With TLS and a password, as it will be in an office."""

    @pytest.fixture
    def strict(self, authority):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*authority[1])

        def authenticate(_server, _session, _envelope, _mechanism, data):
            return AuthResult(
                success=isinstance(data, LoginPassword)
                and (data.login, data.password) == (b"aspo", "titok-ő".encode()),
                handled=False,
            )

        with servers.smtp(
            tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True
        ) as server:
            yield server, str(authority[0])

    def test_starttls_and_a_password_with_accents(self, strict):
        """The usual way."""
        server, ca = strict
        assert send(access_to(server.port, security="starttls", ca_file=ca, username="aspo", password="titok-ő")) == [
            Outcome("sent")
        ]

    def test_a_wrong_password(self, strict):
        """No letter is given up for it: it is our login that is wrong."""
        server, ca = strict
        with pytest.raises(OutboxError, match=r"smtp\.password"):
            send(access_to(server.port, security="starttls", ca_file=ca, username="aspo", password="rossz"))

    def test_no_password_where_one_is_asked_for(self, strict):
        """530 is about us too, not about the letter."""
        server, ca = strict
        with pytest.raises(OutboxError, match=r"smtp\.username"):
            send(access_to(server.port, security="starttls", ca_file=ca))

    def test_an_unknown_certificate(self, strict):
        """Not trusted, nothing sent."""
        server, _ = strict
        with pytest.raises(OutboxError, match=r"smtp\.ca_file"):
            send(access_to(server.port, security="starttls"))
