"""Mutated mails: whatever arrives, reading and understanding end with a verdict. `python tests/fuzz.py [COUNT]
[SEED]`."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from processor.explain import explain

ROOT = Path(__file__).parent.parent
FOLDERS = [ROOT / "tests" / "corpus", ROOT / "processor" / "commands" / "demo" / "samples"]
KINDS = {"registration", "password_help", "access_help", "automatic", "acknowledgement", "other"}
_PIECES = [
    *(b"\r\n", b"\n\n", b"--", b"\x00", b"\xff\xfe", b"@", b"<>", b"\xc5\x91", b"=3D", b"PIR: ", b"\xe2\x80\x8b"),
    *(b"=?utf-8?B?", b"=?x?Q?=FF?=", b"name*0*=utf-8''%", b'charset="utf-99"', b"begin 644 x\n"),
    *(b'Content-Type: multipart/mixed; boundary=""\r\n', b"Content-Transfer-Encoding: base64\r\n"),
    *(b"<table><tr><td>", b"</", b"&#0;", b";;;;", b",,,,", b"\t\t\t", b"PK\x03\x04", b"%PDF-1.4"),
]


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """`raw` with one to eight mishaps: bytes changed, cut out, doubled, moved; odd pieces put in."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(data) + 1), chance.choice([1, 2, 8, 60, 600])
        what = chance.randrange(6)
        if what == 0 and at < len(data):
            data[at] = chance.randrange(256)
        elif what == 1:
            del data[at : at + length]
        elif what == 2:
            data[at:at] = data[at : at + length]
        elif what == 3:
            data[at:at] = chance.choice(_PIECES) * chance.choice([1, 1, 1, 50])
        elif what == 4:
            other = chance.randrange(len(data) + 1)
            data[at:at] = data[other : other + length]
        else:
            data[at : at + length] = bytes(chance.randrange(256) for _ in range(min(length, len(data) - at)))
        data = data or bytearray(b"x")
    return bytes(data)


def mails() -> list[bytes]:
    found = [sorted(folder.rglob("*.eml")) for folder in FOLDERS]
    assert all(found), "a folder of FOLDERS has moved"
    return [path.read_bytes() for paths in found for path in paths]


def run(count: int, seed: int) -> Iterator[tuple[bytes, float]]:
    """Goes through `count` mutated mails; gives each with the seconds that it took. Raises what the program raises."""
    chance, sources = random.Random(seed), mails()
    for _ in range(count):
        raw = mutated(chance.choice(sources), chance)
        begin = time.perf_counter()
        one = explain(raw, "x")
        took = time.perf_counter() - begin
        assert one.understood.kind in KINDS, one.understood.kind
        one.to_json()
        yield raw, took


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    slowest = max((took for _, took in run(count, seed)), default=0)
    print(f"{count} mutated mails without an exception; the slowest took {1000 * slowest:.0f} ms")


if __name__ == "__main__":
    main()
