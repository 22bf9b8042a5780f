"""Which attachments say nothing: signatures, keys, calendar entries, logos. Pure."""

from __future__ import annotations

import re

from rules.hungarian.words import fold

_KINDS = {
    "text/calendar",
    "application/pkcs7-signature",
    "application/pgp-signature",
    "text/vcard",
    "text/x-vcard",
    "application/pgp-keys",
}
_ENDING = re.compile(r"\.(?:p7s|p7m|asc|sig|vcf|ics|gpg|eml\.sig)$")
_LOGO = re.compile(
    r"(?:^|[^a-z])(?:logo|image\d{2,4}|cimer|banner|facebook|linkedin|outlook-|signature|alairas|icon|ikon)"
)
_SMALLEST_SCAN = 20_000  # bytes; a picture under that inside the HTML is a logo


def is_decoration(name: str, kind: str, size: int, inline: bool) -> bool:
    """Whether nobody needs to read the file. `size` in bytes; `inline`: it is shown within the mail's text."""
    lower = fold(name)
    if kind in _KINDS or _ENDING.search(lower):
        return True
    if not kind.startswith(("image/", "audio/", "video/")):
        return False
    return kind == "image/gif" or (inline and size < _SMALLEST_SCAN) or bool(_LOGO.search(lower))
