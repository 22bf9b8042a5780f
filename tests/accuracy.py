"""How right are the answers? Compares `explain --json` with the answer that stands beside each mail of a corpus.

    python tests/accuracy.py [FOLDER...]        (make accuracy CORPUS=FOLDER)

A corpus is a folder of .eml files, each with the right answer beside it (.json: kind, decision, problems, applicants).
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

sys.path.insert(0, str(Path(__file__).parent.parent))
from processor.explain import explain

CORPUS = Path(__file__).parent / "corpus"
_TITLES = {"dr", "ifj", "id", "ozv", "prof", "phd"}
# Words that do not tell one body from another.
_GENERAL = {
    *("kozseg", "kozsegi", "nagykozseg", "nagykozsegi", "varos", "varosi", "megyei", "jogu"),
    *("onkormanyzata", "onkormanyzat", "helyi", "telepules"),
}

Answer = dict[str, Any]


def _bare(text: str) -> str:
    """Without accents, in lower case."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in folded if not unicodedata.combining(c))


def _words(text: str | None, without: set[str]) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", _bare(text or "")) if word not in without]


def _telling(text: str) -> list[str]:
    """The words that tell one body from another, with their accents: Komoró is not Kömörő."""
    composed = unicodedata.normalize("NFC", text.lower())
    return [word for word in re.findall(r"\w+", composed) if _bare(word) not in _GENERAL]


def same_place(right: str | None, got: str | None) -> bool:
    """The same words but for the general ones; accents count unless one of the two was written without any."""
    if not right or not got:
        return not right and not got
    if _words(right, _GENERAL) != _words(got, _GENERAL):
        return False
    without_accents = any(_bare(text) == text.lower() for text in (right, got))
    return without_accents or _telling(right) == _telling(got)


def wrong(right: Answer, got: Answer) -> list[str]:
    """What differs, in words; empty when the answer is wholly right."""
    out = [f"{key}: {right[key]!r}, got {got[key]!r}" for key in ("kind", "decision") if right[key] != got[key]]
    if right["kind"] not in {"registration", "completion"}:
        return out
    if sorted(right["problems"]) != sorted(got["problems"]):
        out.append(f"problems: {right['problems']}, got {got['problems']}")
    left = list(got["applicants"])
    for applicant in right["applicants"]:
        mine = max(left, key=lambda a: fuzz.ratio(_joined(applicant), _joined(a)), default=None)
        if mine is None:
            out.append(f"{applicant['name']}: not found")
            continue
        left.remove(mine)
        out += [f"{applicant['name']}: {difference}" for difference in _differences(applicant, mine)]
    return out + [f"invented: {a['name']}" for a in left]


def _joined(applicant: Answer) -> str:
    return f"{' '.join(_words(applicant['name'], _TITLES))} {applicant['email'] or ''}"


def _differences(right: Answer, got: Answer) -> Iterator[str]:
    if _words(right["name"], _TITLES) != _words(got["name"], _TITLES):
        yield f"name, got {got['name']!r}"
    if not same_place(right["municipality"], got["municipality"]):
        yield f"municipality {right['municipality']!r}, got {got['municipality']!r}"
    for key in ("pir", "county", "email", "outcome"):
        if (right[key] or None) != (got[key] or None):
            yield f"{key} {right[key]!r}, got {got[key]!r}"
    for key in ("programs", "problems"):
        if sorted(right[key]) != sorted(got[key]):
            yield f"{key} {right[key]}, got {got[key]}"


def queued_wrongly(right: Answer, got: Answer) -> list[str]:
    """Applicants who would be queued and should not, or with a wrong value."""
    by_address = {a["email"]: a for a in right["applicants"] if a["outcome"] == "queue"}
    return [
        a["name"]
        for a in got["applicants"]
        if a["outcome"] == "queue" and (a["email"] not in by_address or list(_differences(by_address[a["email"]], a)))
    ]


def answered(mail: Path) -> tuple[Answer, Answer]:
    """The right answer of a mail and ours."""
    return json.loads(mail.with_suffix(".json").read_text(encoding="utf-8")), explain(
        mail.read_bytes(), mail.name
    ).to_json()


def main() -> None:
    folders = [Path(arg) for arg in sys.argv[1:]] or [CORPUS]
    mails = sorted(path for folder in folders for path in folder.rglob("*.eml") if path.with_suffix(".json").exists())
    counts = dict.fromkeys(("kind right", "decision right", "wholly right", "queued wrongly", "replied wrongly"), 0)
    for mail in mails:
        right, got = answered(mail)
        misses = wrong(right, got)
        counts["kind right"] += right["kind"] == got["kind"]
        counts["decision right"] += right["decision"] == got["decision"]
        counts["wholly right"] += not misses
        counts["queued wrongly"] += bool(queued_wrongly(right, got))
        counts["replied wrongly"] += right["decision"] in {"review", "ignore"} and got["reply"] is not None
        for line in misses:
            print(f"{mail.name}: {line}")
    for name, count in counts.items():
        print(f"{name:18}{count:5}/{len(mails)}{count / max(1, len(mails)):8.3f}")


if __name__ == "__main__":
    main()
