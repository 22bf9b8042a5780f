"""Bytes to text in whatever charset they really are, and the repair of text that somebody decoded wrongly before us."""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy

_ALIASES = {
    "iso-8859-1": "windows-1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi": "windows-1250",
    "cp-1250": "windows-1250",
    "unicode": "utf-16",
    "x-user-defined": "utf-8",
    "utf8mb4": "utf-8",
}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Their bytes may all be ASCII, so that they would pass for UTF-8.
_BEFORE_UTF_8 = ("utf-16", "utf-7", "iso-2022", "hz")
_LATIN_1 = frozenset({"windows-1252", "iso-8859-15"})
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]+")
# Whole characters of several bytes to one broken byte. In windows-1250 nearly every accented letter is a broken byte.
_CLEARLY = 4


def decode(data: bytes, declared: str | None = None) -> str:
    """`data` as text. Never raises. UTF-8 is believed before any declaration (it cannot happen by chance), also where a
    few of its bytes are broken; Latin-1 declared over Hungarian bytes is read as windows-1250, where the Hungarian
    double accents are."""
    if data.startswith(_BYTE_ORDER_MARKS):
        return data.decode("utf-16", "replace")
    name = _charset(declared)
    if name.startswith(_BEFORE_UTF_8) and (text := _strictly(data, name)) is not None:
        return text
    if (text := _utf_8(data)) is not None:
        return text
    for candidate in _one_byte_charsets(data, name):
        if (text := _strictly(data, candidate)) is not None:
            return text
    return data.decode("iso-8859-2")  # has a character for every byte


def _charset(declared: str | None) -> str:
    """The charset that is meant by what is declared; empty where nothing is."""
    name = (declared or "").strip().strip("\"'").lower()
    return _ALIASES.get(name, name)


def _utf_8(data: bytes) -> str | None:
    """None where too much of it is none. A broken byte comes out as U+FFFD; the letters around it are right."""
    text = data.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    if not broken:
        return text
    whole = sum(map(len, _NOT_ASCII.findall(text)))
    return text if whole >= _CLEARLY * broken else None


def _one_byte_charsets(data: bytes, name: str) -> list[str]:
    """What bytes that are no UTF-8 may be, the likeliest first."""
    if name in _LATIN_1 and b"\xe3" not in data and b"\xf1" not in data:
        name = "windows-1250"  # õ and û of Latin-1 are ő and ű in a Hungarian mail; no Hungarian word has ã or ñ
    return [charset for charset in (name, "windows-1250") if charset and not charset.startswith("utf-8")]


def _strictly(data: bytes, charset: str) -> str | None:
    """None where some byte is not of that charset, or nobody knows such a one."""
    try:
        text = data.decode(charset)
    except (LookupError, ValueError):  # ValueError: also a name with a NUL in it
        return None
    return text.encode("utf-8", "replace").decode("utf-8")  # UTF-7 and escapes can spell half of a surrogate pair


_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_SUSPECT = re.compile("[ÃĂÄÅĹÂâ€\u0080-\u009fŐő]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_QUOTED_PRINTABLE = re.compile(r"(?:=[0-9A-F]{2})+")
_QUOTED_LEADS = ("=C", "=E", "=F")  # how an accented letter begins in it
_LATIN_1_ACCENTS = str.maketrans("õûÕÛ", "őűŐŰ")
# Letters of other scripts that look like Latin ones.
_LOOKALIKE = str.maketrans(
    "аеорсухіјѕһԁѵАВЕКМНОРСТУХІЈЅαοεικρτυνΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijshdvABEKMHOPCTYXIJSaoeikptuvABEZHIKMNOPTYX"
)
_FOREIGN = re.compile("[\u0370-\u052f]")
_TYPOGRAPHIC = str.maketrans(
    {
        "\u00a0": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2028": "\n",
        "\u2029": "\n",
        "\u0085": "\n",
    }
)


def mend(text: str) -> str:
    """Text as it was meant: mojibake, undecoded entities and quoted-printable undone, invisible characters taken out,
    NFC."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and "&" not in text and "=" not in text:
        return text
    text = _undo_encodings(text.translate(_TYPOGRAPHIC))
    text = _INVISIBLE.sub("", text).translate(_LATIN_1_ACCENTS)
    if _FOREIGN.search(text):
        text = text.translate(_LOOKALIKE)
    return unicodedata.normalize("NFC", text)


def _undo_encodings(text: str) -> str:
    """What is still encoded, or was decoded wrongly; each is looked for before the costly undoing of it."""
    if any(lead in text for lead in _QUOTED_LEADS):
        text = _undo_quoted_printable(text)
    if _ENTITY.search(text):
        text = html.unescape(text)
    if _SUSPECT.search(text):
        text = "\n".join(_undo_mojibake(line) for line in text.split("\n"))
    return text


_BROKEN = re.compile(
    "[ÃĂÄÅĹÂ][\u0080-\u00bf\u2018-\u203a\u20ac\u0104-\u017e\u02c7\u02d8-\u02dd§¨©«¬®°±´µ¶·¸»]|[ÃĂĹÅ].|â€"
)


def _undo_mojibake(line: str) -> str:
    """UTF-8 read as a one-byte charset, line by line: a mail may hold both whole and broken text."""
    if not _BROKEN.search(line):
        return line
    for wrong in ("windows-1250", "windows-1252", "iso-8859-2", "iso-8859-1"):
        try:
            fixed = line.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
        if not _BROKEN.search(fixed):
            return fixed
    return ftfy.fix_encoding(line)


def _undo_quoted_printable(text: str) -> str:
    def undo(match: re.Match[str]) -> str:
        data = bytes.fromhex(match.group().replace("=", ""))
        try:
            return data.decode("utf-8") if data[0] >= 0xC3 else match.group()
        except UnicodeError:
            return data.decode("windows-1250") if all(b >= 0xC0 for b in data) else match.group()

    return _QUOTED_PRINTABLE.sub(undo, text).replace("=\n", "") if len(_QUOTED_PRINTABLE.findall(text)) >= 2 else text
