"""Addresses and PIRs in a line of running text, each with its place in the line."""

from __future__ import annotations

import re

from rules.hungarian.words import fold

_KUKAC = re.compile(r"\s*(?:[\[({<]\s*(?:kukac|at)\s*[\])}>])\s*|(?<=[a-z0-9])\s+kukac\s+(?=[a-z0-9])", re.I)
_PONT = re.compile(r"\s*[\[({<]\s*(?:pont|dot)\s*[\])}>]\s*", re.I)


def plain_addresses(line: str) -> str:
    """ "kovacs.anna (kukac) falu.hu" as an address."""
    small = line.lower()
    if not any(sign in small for sign in ("kukac", "(at)", "[at]", "{at}")):
        return line
    return _PONT.sub(".", _KUKAC.sub("@", line))


_UNBROKEN = re.compile(r"[^\s<>()\[\]{},;:\"|„”]+")
_MOST_AT = 3  # in a word that may hold an address; of more the pattern tries each with each
_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:\"|„”]+@[^\s<>()\[\]{},;:\"|„”@]*[^\s<>()\[\]{},;:\"|„”@.!?]")


def addresses(line: str) -> list[tuple[int, int, str]]:
    """(start, end, address in small letters) of everything that holds an @, valid or not."""
    if "@" not in line:
        return []
    out = []
    words = (word for word in _UNBROKEN.finditer(line) if 1 <= word.group().count("@") <= _MOST_AT)
    for match in (match for word in words for match in _ADDRESS.finditer(line, *word.span())):
        text = match.group().removeprefix("mailto:").strip("'`*_-/\\=").rstrip(".-")
        if text.count("@") == 1 and len(text) <= 254:
            start = match.start() + match.group().find(text)
            out.append((start, start + len(text), text.lower()))
    return out


_NUMBER = r"(?:\d{8}-\d-\d{2}|\d{3}[ .\-–/]\d{3}(?!\d)|\d{2}[ \-–.]\d{2}[ \-–.]\d{2}(?!\d)|\d(?:[ ]\d){5}(?!\d)|\d{6}(?!\d)|\d+(?:-\d+)+|\d+)"
_PIR_LABEL = r"(?:\bpir\b|\bpir(?=szam|azon|kod)|\btorzskonyvi|\btorzsszam)"
_PIR_AHEAD = re.compile(rf"{_PIR_LABEL}(?P<between>[^\d\n;|]{{0,60}}?)(?P<number>{_NUMBER})")
_PIR_BEHIND = re.compile(
    r"(?<![\d/\-.+])(?P<number>\d{3}[ \-–]?\d{3})(?![\d/])(?:-?[ae]?s)?\s*(?:szamu\s*)?\(?\s*(?:(?:az?|a|ez|onkormanyzatunk|hivatalunk|a hivatal|intezmenyunk)\s+)*(?:pir\b|torzskonyvi|torzsszam)"
)
_RATHER = re.compile(rf"[\")]*\s*,?\s*hanem\s*:?\s*(?:(?:a|az|helyesen)\s+)*(?P<number>{_NUMBER})")
_NOT_PIR = re.compile(r"adoszam|telefon|iktato|ksh|bankszam|iranyito|mobil|fax")


def pirs(line: str) -> list[tuple[int, int, str]]:
    """(start, end, digits and separators as written) of numbers that a label in the text calls the PIR."""
    folded = fold(line)
    if "pir" not in folded and "torzs" not in folded:
        return []
    out: list[tuple[int, int, str]] = []
    for match in _PIR_AHEAD.finditer(folded):
        if _NOT_PIR.search(match.group("between")):
            continue
        if withdrawn(folded, match.start("number"), match.end("number")):
            if right := _RATHER.match(folded, match.end("number")):
                out.append(
                    (right.start("number"), right.end("number"), line[right.start("number") : right.end("number")])
                )
        else:
            out.append((match.start("number"), match.end("number"), line[match.start("number") : match.end("number")]))
    for match in _PIR_BEHIND.finditer(folded):
        if not any(s < match.end("number") and match.start("number") < e for s, e, _ in out) and not withdrawn(
            folded, match.start("number"), match.end("number")
        ):
            out.append((match.start("number"), match.end("number"), line[match.start("number") : match.end("number")]))
    return out


_WITHDRAWN_BEFORE = re.compile(
    r"(?:\bnem\s+(?:(?:a|az|pedig|jo a|a regi)\s+)*|\bteves(?:en)?\s*:?\s*|\bhibas(?:an)?\s*:?\s*|\belirt\s*:?\s*|\bregi\s*:?\s*|\bkorabbi\s*:?\s*)[\"(]*$"
)
_WITHDRAWN_AFTER = re.compile(
    r"^[\")]*(?:-?(?:a|e)?t|-?[oe]s|-?as)?(?:\s+(?:cim|szam|pir)\w*)?[\")]*\s+(?:helyett\b|nem jo|teves|hibas|elirt|elirtam|rossz|mar nem el|megszunt|nem el\b)"
)


def withdrawn(folded: str, start: int, end: int) -> bool:
    """Whether the sentence takes the value back: "nem Y, hanem X", "Y helyett X" (POLICY section 6)."""
    return bool(
        _WITHDRAWN_BEFORE.search(folded[max(0, start - 25) : start]) or _WITHDRAWN_AFTER.match(folded[end : end + 30])
    )
