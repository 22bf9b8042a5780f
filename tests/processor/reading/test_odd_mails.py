"""Odd mails, of the kinds that programs have written in thirty years: what is in them is read, none is taken for a
registration, none is the end."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from processor.explain import explain
from tests.servers import ROOT

HEAD = b"From: Minta =?utf-8?q?M=C3=A1ria?= <minta.maria@mintafalu.hu>\r\nSubject: Udvozlet\r\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="xx"\r\n\r\n'
PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"

# Each holds the word "almafa".
ODD: dict[str, bytes] = {
    "bare line feeds": HEAD.replace(b"\r\n", b"\n") + b"\nalmafa\n",
    "bare carriage returns in the body": HEAD + b"\r\nalmafa\rkorte\r",
    "an mbox line in front": b"From minta@mintafalu.hu Mon Nov 16 09:00:00 2026\n" + HEAD + b"\r\nalmafa\r\n",
    "no empty line before the body": HEAD + b"almafa kertje\r\nkorte\r\n",
    "a header without a colon": HEAD + b"Ez nem fejlec\r\nX-Masik: 1\r\n\r\nalmafa\r\n",
    "a continuation line first": b" almafa\r\n" + HEAD + b"\r\nalmafa\r\n",
    "no headers at all": b"\r\nalmafa\r\n",
    "multipart without a boundary": HEAD
    + b"Content-Type: multipart/mixed\r\n\r\n--xx\r\n"
    + PLAIN
    + b"almafa\r\n--xx--",
    "an empty boundary": HEAD
    + b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n'
    + PLAIN
    + b"almafa\r\n----\r\n",
    "the closing boundary is missing": MIXED + b"--xx\r\n" + PLAIN + b"almafa\r\n",
    "the boundary never comes": MIXED + b"almafa\r\n",
    "text before and after the parts": MIXED + b"korte\r\n--xx\r\n" + PLAIN + b"almafa\r\n--xx--\r\nszilva\r\n",
    "a part without headers": MIXED + b"--xx\r\n\r\nalmafa\r\n--xx--\r\n",
    "multipart in a 7bit text's clothes": HEAD + b"Content-Type: text/plain; boundary=xx\r\n\r\nalmafa\r\n",
    "a type that is no type": HEAD + b"Content-Type: text\r\n\r\nalmafa\r\n",
    "an unknown charset": HEAD + b"Content-Type: text/plain; charset=utf-99\r\n\r\nalmafa\r\n",
    "a charset with a newline in it": HEAD + b'Content-Type: text/plain; charset="utf-8\r\n "\r\n\r\nalmafa\r\n',
    "an unknown encoding": HEAD + b"Content-Transfer-Encoding: x-sajat\r\n\r\nalmafa\r\n",
    "base64 with rubbish between": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\nYWx!!tYW\r\n*Zh\r\n",
    "base64 cut off": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\nYWxtYWZhIGtvcnR\r\n",
    "quoted-printable with a lone sign": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nalma=66a =\r\n",
    "uuencoded in the old way": HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\n&86QM869A\n`\nend\n",
    "utf-8 that says it is ascii": HEAD + b"Content-Type: text/plain; charset=us-ascii\r\n\r\n\xc3\xa9s almafa\r\n",
    "windows-1250 that says nothing": HEAD + b"\r\n\xf5sz almafa\r\n",
    "8-bit bytes in a header": HEAD.replace(b"Udvozlet", b"\xdcdv\xf6zlet") + b"\r\nalmafa\r\n",
    "an encoded word that never ends": HEAD.replace(b"Udvozlet", b"=?utf-8?B?YWxt") + b"\r\nalmafa\r\n",
    "two subjects, two senders": HEAD + HEAD + b"\r\nalmafa\r\n",
    "a name in RFC 2231 with gaps": MIXED + b"--xx\r\n" + PLAIN + b"almafa\r\n--xx\r\nContent-Type: application/x; "
    b"name*1*=%C3%A9; name*3=x\r\n\r\nx\r\n--xx--\r\n",
    "a date of no calendar": HEAD + b"Date: Thu, 32 Nov 20266 99:99:99 +9999\r\n\r\nalmafa\r\n",
    "a digest of letters": HEAD
    + b"Content-Type: multipart/digest; boundary=xx\r\n\r\n--xx\r\n\r\n"
    + HEAD
    + b"\r\nalmafa\r\n--xx--\r\n",
    "a letter in a letter without headers": MIXED
    + b"--xx\r\nContent-Type: message/rfc822\r\n\r\n\r\nalmafa\r\n--xx--\r\n",
    "a NUL among the letters": HEAD + b"\r\nalma\x00fa almafa\r\n",
    "headers without end": HEAD + b"X-Hosszu: " + b"a" * 200_000 + b"\r\n\r\nalmafa\r\n",
}


# Of these no part can be told; the whole is an attachment that cannot be read, and so a person's.
UNREADABLE = {"multipart without a boundary", "the boundary never comes"}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_mail_is_read(name: str):
    """Its text is found, or it is said that there is something that cannot be read; it asks for nobody."""
    one = explain(ODD[name], name)
    said = [line for block in one.mail.blocks for line in block.lines]
    assert any("almafa" in line for line in said) == (name not in UNREADABLE)
    assert name not in UNREADABLE or any(attachment.trouble for attachment in one.mail.attachments)
    assert one.understood.kind != "registration"
    assert (one.mail.sender is None) == (name == "no headers at all")


def _pythons_mails(folder: Path) -> list[Path]:
    """The fixtures of Python's own email tests: the interpreter's, or those of Debian's package, which leaves them
    out of its small one."""
    spec = importlib.util.find_spec("test")
    places = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    if not any((place / "test_email" / "data").is_dir() for place in places):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        subprocess.run([str(ROOT / "scripts" / "unpack"), f"libpython{version}-testsuite", str(folder)], check=True)
        places = [folder / "usr" / "lib" / f"python{version}" / "test"]
    return sorted(file for place in places for file in (place / "test_email" / "data").glob("*.txt"))


@pytest.mark.service
def test_pythons_own_test_mails(tmp_path: Path):
    """Each ends with a verdict, none with a registration."""
    mails = _pythons_mails(tmp_path)
    assert len(mails) > 40
    kinds = {path.name: explain(path.read_bytes(), path.name).understood.kind for path in mails}
    assert [name for name, kind in kinds.items() if kind == "registration"] == []
