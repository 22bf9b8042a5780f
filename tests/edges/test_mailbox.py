"""The mailbox against a real Dovecot."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from processor.mailbox.imap import MailboxError, connect
from processor.mailbox.move import move
from processor.settings import Mailbox
from tests import servers


def access_to(server: servers.Dovecot, user: str, **changes: Any) -> Mailbox:
    known = {"port": server.port, "security": "none", "password": server.password, "timeout_seconds": 10}
    return Mailbox(host="127.0.0.1", username=user, **{**known, **changes})


@contextlib.contextmanager
def client(server: servers.Dovecot, user: str) -> Iterator[IMAPClient]:
    with IMAPClient("127.0.0.1", server.port, ssl=False) as imap:
        imap.plain_login(user, server.password)
        yield imap


def mail(number: int) -> bytes:
    return (
        f"From: a@b.hu\r\nMessage-ID: <m{number}@b.hu>\r\nSubject: level {number}\r\n\r\nSzöveg {number}\r\n".encode()
    )


def deliver(server: servers.Dovecot, user: str, *mails: bytes, when: dt.datetime | None = None) -> None:
    with client(server, user) as imap:
        for one in mails:
            imap.append("INBOX", one, msg_time=when)


def subjects(server: servers.Dovecot, user: str, folder: str) -> list[bytes]:
    with client(server, user) as imap:
        if not imap.folder_exists(folder):
            return []
        imap.select_folder(folder, readonly=True)
        found = imap.fetch(imap.search(), ["BODY.PEEK[HEADER.FIELDS (SUBJECT)]"]) if imap.search() else {}
        return sorted(data[b"BODY[HEADER.FIELDS (SUBJECT)]"].split(b": ", 1)[1].strip() for data in found.values())


def fetch_all(access: Mailbox) -> list[bytes]:
    with connect(access) as box:
        return [arrived.raw for group in box.groups(box.uids_after(0), 2) for arrived in box.fetch(group)]


class TestLogin:
    """Every way in, and what an operator reads when there is none."""

    def test_tls_with_the_offices_own_authority(self, dovecot, user, authority):
        """A certificate of the office's own authority is accepted once mailbox.ca_file names it."""
        with connect(access_to(dovecot, user, security="tls", port=dovecot.tls_port, ca_file=str(authority[0]))) as box:
            assert box.count == 0

    def test_tls_with_an_unknown_certificate_is_refused(self, dovecot, user):
        """Without it the connection is not made, and the message names the key to set."""
        with (
            pytest.raises(MailboxError, match=r"tanúsítványa.*mailbox\.ca_file"),
            connect(access_to(dovecot, user, security="tls", port=dovecot.tls_port)),
        ):
            pass

    def test_starttls(self, dovecot, user, authority):
        """STARTTLS on the plain port."""
        with connect(access_to(dovecot, user, security="starttls", ca_file=str(authority[0]))) as box:
            assert box.uidvalidity > 0

    def test_starttls_does_not_fall_back_to_plain(self, dovecot, user):
        """A certificate that cannot be checked ends the attempt before the password is sent."""
        with pytest.raises(MailboxError, match="tanúsítványa"), connect(access_to(dovecot, user, security="starttls")):
            pass

    def test_xoauth2(self, dovecot, user):
        """An access token instead of a password."""
        with connect(access_to(dovecot, user, oauth_token_command=f"echo {servers.token(user)}")) as box:
            assert box.count == 0

    def test_a_stale_token_is_an_error_that_names_the_login(self, dovecot, user):
        """A token of somebody else."""
        with (
            pytest.raises(MailboxError, match=r"mailbox\.username"),
            connect(access_to(dovecot, user, oauth_token_command=f"echo {servers.token('masvalaki')}")),
        ):
            pass

    def test_a_wrong_password(self, dovecot, user):
        """The message names the keys to look at."""
        with (
            pytest.raises(MailboxError, match=r"mailbox\.password"),
            connect(access_to(dovecot, user, password="rossz")),
        ):
            pass

    def test_nobody_listens(self, user):
        """The message names host and port."""
        access = Mailbox(
            host="127.0.0.1", port=servers.free_port(), security="none", username=user, password="x", timeout_seconds=5
        )
        with pytest.raises(MailboxError, match=r"mailbox\.host"), connect(access):
            pass

    def test_a_folder_that_does_not_exist(self, dovecot, user):
        """A mistyped mailbox.folder."""
        with pytest.raises(MailboxError, match="hibát jelzett"), connect(access_to(dovecot, user, folder="Nincs")):
            pass


class TestFetching:
    """New mail is what lies beyond the last UID."""

    def test_beyond_the_last_uid_only(self, dovecot, user):
        """ "n:*" names the newest mail even when nothing is new; it is not taken twice."""
        deliver(dovecot, user, mail(1), mail(2), mail(3))
        with connect(access_to(dovecot, user)) as box:
            assert [box.uids_after(n) for n in (0, 1, 3, 7)] == [[1, 2, 3], [2, 3], [], []]

    def test_mails_stay_unseen_and_whole(self, dovecot, user):
        """What an officer has not opened stays unread, and the bytes are those that came."""
        deliver(dovecot, user, mail(1), mail(2), mail(3))
        assert fetch_all(access_to(dovecot, user)) == [mail(1), mail(2), mail(3)]
        with client(dovecot, user) as imap:
            assert imap.folder_status("INBOX", ["UNSEEN"])[b"UNSEEN"] == 3

    def test_groups_are_bounded_by_number_and_by_size(self, dovecot, user, monkeypatch):
        """Large mails make smaller groups, so that a pass needs little memory."""
        monkeypatch.setattr("processor.mailbox.imap.GROUP_BYTES", 25_000)
        large = mail(9) + b"x" * 20_000
        deliver(dovecot, user, mail(1), mail(2), mail(3), large, large, mail(4))
        with connect(access_to(dovecot, user)) as box:
            assert [[uid for uid, _ in group] for group in box.groups(box.uids_after(0), 2)] == [[1, 2], [3, 4], [5, 6]]

    def test_a_mail_beyond_all_measure_is_fetched_by_its_header(self, dovecot, user, monkeypatch):
        """It is not lost and costs no memory."""
        monkeypatch.setattr("processor.mailbox.imap.LARGEST", 10_000)
        deliver(dovecot, user, mail(1) + b"x" * 20_000, mail(2))
        with connect(access_to(dovecot, user)) as box:
            got = [arrived for group in box.groups(box.uids_after(0), 10) for arrived in box.fetch(group)]
        assert [(a.whole, b"level" in a.raw, a.size > 20_000) for a in got] == [
            (False, True, True),
            (True, True, False),
        ]
        assert len(got[0].raw) < 1000

    def test_since_goes_by_the_day_of_arrival(self, dovecot, user):
        """Old mails of an old mailbox can be told from new ones."""
        deliver(dovecot, user, mail(1), when=dt.datetime(2019, 5, 5, 12, tzinfo=dt.UTC))
        deliver(dovecot, user, mail(2))
        with connect(access_to(dovecot, user)) as box:
            assert box.uids_since(dt.date(2026, 1, 1)) == {2}


FOLDER = "Hiánypótlás"


class TestMoving:
    """A mail that has been dealt with goes to a folder by decision."""

    def test_to_a_folder_with_an_accented_name_that_is_made(self, dovecot, user):
        """The folder is made and subscribed, so that Outlook shows it."""
        deliver(dovecot, user, mail(1), mail(2))
        with connect(access_to(dovecot, user)) as box:
            move(box, [1], FOLDER)
        assert (subjects(dovecot, user, "INBOX"), subjects(dovecot, user, FOLDER)) == ([b"level 2"], [b"level 1"])
        with client(dovecot, user) as imap:
            assert FOLDER in [name for _, _, name in imap.list_sub_folders()]

    def test_moving_again_does_nothing(self, dovecot, user):
        """After a crash the same move is asked for again."""
        deliver(dovecot, user, mail(1))
        for _ in range(2):
            with connect(access_to(dovecot, user)) as box:
                move(box, [1], FOLDER)
        assert subjects(dovecot, user, FOLDER) == [b"level 1"]

    def test_a_folder_below_another(self, dovecot, user):
        """A slash in a configured name is a level, whatever the server's own separator is."""
        deliver(dovecot, user, mail(1))
        with connect(access_to(dovecot, user)) as box:
            move(box, [1], "Beirató/Sorban")
        assert subjects(dovecot, user, "Beirató/Sorban") == [b"level 1"]

    def test_a_server_whose_folders_lie_under_inbox(self, user):
        """Courier's way: prefix "INBOX." and a dot between levels."""
        with servers.dovecot(prefix="INBOX.", separator=".") as courier:
            deliver(courier, user, mail(1))
            with connect(access_to(courier, user)) as box:
                assert box.folders.missing([FOLDER]) == [FOLDER]
                move(box, [1], FOLDER)
                assert box.folders.missing([FOLDER]) == []
            assert subjects(courier, user, f"INBOX.{FOLDER}") == [b"level 1"]


@pytest.fixture(scope="module")
def old() -> Iterator[servers.Dovecot]:
    """A server that lacks MOVE."""
    with servers.dovecot(capability="IMAP4rev1 UIDPLUS NAMESPACE AUTH=PLAIN AUTH=LOGIN SASL-IR LITERAL+") as server:
        yield server


class TestWithoutMove:
    """Servers that lack MOVE: COPY, \\Deleted, UID EXPUNGE."""

    def test_only_our_mail_is_expunged(self, old, user):
        """What somebody else has marked as deleted stays."""
        deliver(old, user, mail(1), mail(2), mail(3))
        with client(old, user) as imap:
            imap.select_folder("INBOX")
            imap.add_flags([3], [b"\\Deleted"])
        with connect(access_to(old, user)) as box:
            move(box, [1], FOLDER)
        assert (subjects(old, user, "INBOX"), subjects(old, user, FOLDER)) == ([b"level 2", b"level 3"], [b"level 1"])

    def test_a_move_killed_between_copy_and_expunge_makes_no_second_copy(self, old, user):
        """The copy is found by its Message-ID; the original goes."""
        deliver(old, user, mail(1), mail(2))
        with connect(access_to(old, user)) as box:
            box.folders.ensure(FOLDER)
        with client(old, user) as imap:
            imap.select_folder("INBOX")
            imap.copy([1], FOLDER)
        with connect(access_to(old, user)) as box:
            move(box, [1, 2], FOLDER, doubtful={1: "<m1@b.hu>", 2: "<m2@b.hu>"})
        assert (subjects(old, user, "INBOX"), subjects(old, user, FOLDER)) == ([], [b"level 1", b"level 2"])


def test_the_server_goes_away_in_the_middle(user, tmp_path: Path):
    """A connection that breaks is a MailboxError, not a crash."""
    with servers.dovecot() as server:
        deliver(server, user, mail(1))
        with pytest.raises(MailboxError, match=r"megszakadt|hibát jelzett"), connect(access_to(server, user)) as box:
            server.kill()
            box.uids_after(0)
