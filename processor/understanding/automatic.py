"""Mails that no person wrote to us: bounces, autoreplies, receipts, bulk mail, our own coming back. They are never
answered.

Headers are preferred, each with its source; wordings serve for what comes without them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from processor.reading import Mail
from processor.reading.report import is_bouncer
from rules.hungarian.words import fold

# RFC 3834 section 5: anything but "no" was sent by a machine.
_HEADERS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("auto-submitted", lambda v: bool(v) and not v.lower().startswith("no"), "RFC 3834"),
    (
        "precedence",
        lambda v: v.strip().lower() in {"bulk", "junk", "list", "auto_reply", "auto-reply"},
        "Sendmail's convention; RFC 3834 section 2",
    ),
    ("return-path", lambda v: v.strip() == "<>", "RFC 5321 section 4.5.5: the null reverse-path"),
    ("list-id", bool, "RFC 2919"),
    ("list-unsubscribe", bool, "RFC 2369"),
    ("list-post", bool, "RFC 2369"),
    ("x-autoreply", lambda v: v.strip().lower() not in {"", "no"}, "autoresponders (practice)"),
    ("x-autorespond", bool, "autoresponders (practice)"),
    ("x-autoresponder", bool, "autoresponders (practice)"),
    ("x-failed-recipients", bool, "Exim's bounces"),
    ("x-loop", bool, "procmail's convention"),
    ("x-beirato", bool, "our own letters"),
    ("x-ms-exchange-inbox-rules-loop", bool, "Exchange rules"),
    ("feedback-id", bool, "bulk senders (Google's Feedback Loop)"),
    ("x-campaign", bool, "bulk senders"),
    ("x-mc-user", bool, "Mailchimp"),
    ("x-mailman-version", bool, "Mailman"),
)
# "X-Auto-Response-Suppress: All" alone only asks for silence (MS-OXCMAIL 2.2.3.2.14); Outlook sets other values on
# ordinary mails.


def _any(*wordings: str) -> str:
    """A pattern for one of the wordings, which are folded (no accents, lower case)."""
    return f"(?:{'|'.join(wordings)})"


_MACHINES = re.compile(
    _any(
        *("mailer-daemon", "postmaster", "mail-daemon", r"bounce\w*", "listserv", "majordomo"),
        *("no-?reply", r"noreply-\w+", "do-?not-?reply", "nevalaszolj", "ne-?valaszolj"),
        *("autoreply", "auto-reply", "notification", "notifications"),
    )
    + r"[@+\-.]"
)

# What clients and servers write into subjects (DOMAIN.md "What mail clients add"; Exchange, Postfix, Exim, qmail,
# Gmail).
_UNDELIVERED = (
    *("nem kezbesitheto", "kezbesithetetlen", "sikertelen kezbesites", "nem sikerult kezbesiteni"),
    *("kezbesitesi (?:hiba|jelentes|allapot)", "visszakuldott level"),
    *(r"undeliver\w*", "undelivered", "returned mail", "failure notice", "delivery report"),
    "delivery (?:status notification|failure|has failed|delayed)",
    "mail delivery (?:failed|failure|system|subsystem)",
)
_AUTOREPLY = (
    *("automatikus valasz", "automatikus (?:uzenet|ertesites|visszajelzes)"),
    *("auto(?:matic)? ?-?reply", "autoreply", "out of (?:the )?office", "auto(?:matisch|reply)", "abwesenheit"),
)
_RECEIPT = (
    *("olvasva", "elolvasva", "olvasatlan(?:ul torolve)?", "visszaigazolas olvasasrol", "kezbesitve", "tovabbitva:"),
    *("read receipt", "read:", "not read:", "disposition notification", "delivered:", "relayed:"),
)
_SUBJECT = re.compile(rf"\s*{_any(*_AUTOREPLY, *_UNDELIVERED, *_RECEIPT)}\s*(?::|-|\(|\b)")
# Of bounces that neither report (RFC 3464) nor are known to flufl.bounce (`reading.report`).
_BOUNCE_SUBJECT = re.compile(
    r"\s*"
    + _any(
        *("nem kezbesitheto", "kezbesithetetlen", "sikertelen kezb"),
        *("undeliver", "delivery (?:status|failure|has failed)", "returned mail", "mail delivery", "failure notice"),
    )
)
# People write these subjects too; only a text that asks for nothing makes the mail a machine's.
_AWAY_SUBJECT = re.compile(r"\s*(?:hazon kivul|szabadsag|tavollet|irodan kivul)")
_ASKS = re.compile(r"\bpir\b|szakrendszer|tananyag|regisztr|oktatasi portal|hozzafer")
_ASKS_PLAINLY = re.compile(r"\bpir\b|szakrendszer|tananyag|regisztral|kerem|kernem")
_VACATION = re.compile(
    _any(
        *("automatikus (?:valasz|uzenet)", "(?:hazon|irodan|irodamon) kivul", "nem erem el (?:az )?(?:e-?mail|level)"),
        *("szabadsagon (?:vagyok|leszek|tartozkodom)", "tavol (?:vagyok|leszek)"),
        *(r"nem tartozkodom (?:az? )?(?:iroda|hivatal)", "e-?mailjeimet nem olvasom", "leveleimet nem olvasom"),
        *("tappenzen vagyok", "szulesi szabadsagon vagyok", r"visszaerkezes\w* utan valaszol"),
        *("tavolletem (?:ideje|alatt|idejen)", "szabadsagom (?:ideje|alatt|idejen)"),
        *("out of (?:the )?office", "i am (?:currently )?(?:out of|away)", "on (?:annual )?leave"),
    )
)
_ABOUT_AWAY = re.compile(
    _any(
        *("surgos", "halaszthatatlan", "tavollet", "visszaer", "helyettes", "keress", "fordulj", "valaszol"),
        *("elerheto", "olvas", "urgent", "contact", "return"),
    )
)
_SYSTEM_SENT = (
    r"(?:ezt a|ez a) (?:valasz|level|uzenet)\w* (?:\w+ )?"
    r"(?:levelezorendszer|levelezo rendszer|rendszer|szamitogep)\w* (?:kuldi|kuldte|irta|generalta)"
)
_RECEIVED = re.compile(
    _any(
        _SYSTEM_SENT,
        *(r"ez egy automatikus(?:an generalt)? (?:uzenet|level|valasz)", "automatikusan generalt"),
        *(r"kerjuk,? (?:erre a levelre )?ne valaszoljon", "megkereseset (?:megkaptuk|rogzitettuk|iktattuk)"),
        *("automatikus visszaigazolas", "this is an automat"),
    )
)
_BULK = re.compile(
    _any(
        *(r"leiratkoz\w*", "unsubscribe", r"hirlevel\w* (?:lemond|leiratk)", "hirleveluink"),
        "ha a jovoben nem (?:szeretne|kivan)",
    )
)
_BOUNCE_TEXT = re.compile(
    _any(
        *("undeliverable", "could not be delivered", "delivery to the following recipients? failed"),
        *("nem (?:sikerult|lehetett) kezbesiteni", r"a kovetkezo cimzett\w* (?:nem|kezbesit)"),
        *("user unknown", "mailbox (?:full|unavailable|not found)", r"5\.\d\.\d{1,2}\b"),
        *("permanent (?:fatal )?error", "recipient address rejected"),
    )
)
_RETURNED = re.compile("undeliver|nem kezbesit|failure|returned|kezbesit")
_LONGEST_CONFIRMATION = 1_500  # characters of an acknowledgement that a system sends; people's letters say more
_EARLY = 700  # characters in which an absent person's text comes to the point


@dataclass(frozen=True, slots=True)
class _Words:
    """A mail's sender's address, and its subject and text, folded."""

    address: str
    subject: str
    text: str
    everything: str  # attachments and forwarded letters too


def _is_away_by_subject(words: _Words) -> bool:
    return bool(_AWAY_SUBJECT.match(words.subject)) and not _ASKS.search(words.text)


def _is_vacation(words: _Words) -> bool:
    """An out-of-office text without its header: it speaks of being away, early, and asks for nothing."""
    away = _VACATION.search(words.text[:_EARLY]) and _ABOUT_AWAY.search(words.text)
    return bool(away) and not _ASKS_PLAINLY.search(words.text)


def _is_machine(words: _Words) -> bool:
    return bool(_MACHINES.match(words.address))


def _is_confirmation(words: _Words) -> bool:
    short = len(words.text) < _LONGEST_CONFIRMATION and "regisztral" not in words.text
    return short and bool(_RECEIVED.search(words.text))


def _is_bulk(words: _Words) -> bool:
    """A line in an office's footer makes no newsletter (POLICY section 1)."""
    return bool(_BULK.search(words.text)) and not _ASKS.search(words.everything)


def _is_returned(words: _Words) -> bool:
    return bool(_BOUNCE_TEXT.search(words.text) and _RETURNED.search(words.subject + words.text[:300]))


_BY_WORDS: tuple[tuple[Callable[[_Words], bool], str], ...] = (
    (lambda words: is_bouncer(words.address), "levelezőrendszer üzenete"),
    (lambda words: bool(_SUBJECT.match(words.subject)), "automatikus tárgy"),
    (_is_away_by_subject, "automatikus tárgy"),
    (_is_vacation, "házon kívül"),
    (_is_machine, "gépi feladó"),
    (_is_confirmation, "automatikus visszaigazolás"),
    (_is_bulk, "hírlevél"),
    (_is_returned, "visszapattant levél"),
)


def why(mail: Mail, own: frozenset[str] = frozenset()) -> str | None:
    """Why the mail is automatic, for the history; None for a person's mail. `own`: our addresses."""
    address = mail.sender.address if mail.sender else ""
    if address and address in own:
        return "saját levelünk"
    if mail.content_type == "multipart/report" or (mail.report is not None and not mail.blocks):
        return "kézbesítési vagy olvasási jelentés"
    for name, test, source in _HEADERS:
        if name in mail.headers and test(mail.headers[name]):
            return f"{name} fejléc ({source})"
    words = _Words(address, fold(mail.subject), fold(mail.written()), _everything(mail))
    return next((reason for test, reason in _BY_WORDS if test(words)), None)


def _everything(mail: Mail) -> str:
    """What stands in the mail, its attachments and forwarded letters too."""
    lines = (line for b in mail.blocks for line in (*b.lines, *(" ".join(row) for row in b.rows)))
    return fold("\n".join(lines))


def is_bounce(mail: Mail) -> bool:
    """Whether the automatic mail says that a letter of ours was not delivered and never will be."""
    report = mail.report
    if report is not None and (report.failed or report.delivered):
        return bool(report.failed)
    address = mail.sender.address if mail.sender else ""
    return is_bouncer(address) or bool(_BOUNCE_SUBJECT.match(fold(mail.subject)))
