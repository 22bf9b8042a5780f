"""Mails that no person wrote to us: bounces, autoreplies, receipts, bulk mail, our own coming back. They are never answered.

Headers are preferred; wordings serve for what comes without them. Each pattern carries its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from processor.reading import Mail
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
# "X-Auto-Response-Suppress: All" alone only asks for silence (MS-OXCMAIL 2.2.3.2.14); Outlook sets other values on ordinary mails.

_SENDERS = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|no-?reply|do-?not-?reply|nevalaszolj|ne-?valaszolj|autoreply|auto-reply|bounce\w*|listserv|majordomo|notification|notifications|noreply-\w+)[@+\-.]"
)
_BOUNCERS = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|microsoftexchange\w*)[@+\-.]")

# What clients and servers write into subjects (DOMAIN.md "What mail clients add"; Exchange, Postfix, Exim, qmail, Gmail).
_SUBJECT = re.compile(
    r"^\s*(?:automatikus valasz|auto(?:matic)? ?-?reply|autoreply|out of (?:the )?office|auto(?:matisch|reply)|abwesenheit|automatikus (?:uzenet|ertesites|visszajelzes)|"
    r"nem kezbesitheto|kezbesithetetlen|kezbesitesi (?:hiba|jelentes|allapot)|sikertelen kezbesites|undeliver\w*|undelivered|delivery (?:status notification|failure|has failed|delayed)|returned mail|mail delivery (?:failed|failure|system|subsystem)|failure notice|delivery report|nem sikerult kezbesiteni|visszakuldott level|"
    r"olvasva|elolvasva|olvasatlan(?:ul torolve)?|read receipt|read:|not read:|visszaigazolas olvasasrol|disposition notification|kezbesitve|delivered:|relayed:|tovabbitva:)\s*(?::|-|\(|\b)"
)
# People write these subjects too; only a text that asks for nothing makes the mail a machine's.
_AWAY_SUBJECT = re.compile(r"^\s*(?:hazon kivul|szabadsag|tavollet|irodan kivul)")
_ASKS = re.compile(r"\bpir\b|szakrendszer|tananyag|regisztr|oktatasi portal|hozzafer")
_VACATION = re.compile(
    r"(?:automatikus (?:valasz|uzenet)|(?:hazon|irodan|irodamon) kivul|out of (?:the )?office|szabadsagon (?:vagyok|leszek|tartozkodom)|tavol (?:vagyok|leszek)|nem tartozkodom (?:az? )?(?:iroda|hivatal)|e-?mailjeimet nem olvasom|leveleimet nem olvasom|nem erem el (?:az )?(?:e-?mail|level)|"
    r"i am (?:currently )?(?:out of|away)|on (?:annual )?leave|tappenzen vagyok|szulesi szabadsagon vagyok|visszaerkezes\w* utan valaszol|tavolletem (?:ideje|alatt|idejen)|szabadsagom (?:ideje|alatt|idejen))"
)
_ABOUT_AWAY = re.compile(
    r"(?:surgos|halaszthatatlan|tavollet|visszaer|helyettes|keress|fordulj|valaszol|elerheto|urgent|contact|return|olvas)"
)
_RECEIVED = re.compile(
    r"(?:(?:ezt a|ez a) (?:valasz|level|uzenet)\w* (?:\w+ )?(?:levelezorendszer|levelezo rendszer|rendszer|szamitogep)\w* (?:kuldi|kuldte|irta|generalta)|ez egy automatikus(?:an generalt)? (?:uzenet|level|valasz)|automatikusan generalt|kerjuk,? (?:erre a levelre )?ne valaszoljon|megkereseset (?:megkaptuk|rogzitettuk|iktattuk)|automatikus visszaigazolas|this is an automat)"
)
_BULK = re.compile(
    r"(?:leiratkoz\w*|unsubscribe|hirlevel\w* (?:lemond|leiratk)|ha a jovoben nem (?:szeretne|kivan)|hirleveluink)"
)
_BOUNCE_TEXT = re.compile(
    r"(?:undeliverable|could not be delivered|delivery to the following recipients? failed|nem (?:sikerult|lehetett) kezbesiteni|a kovetkezo cimzett\w* (?:nem|kezbesit)|user unknown|mailbox (?:full|unavailable|not found)|5\.\d\.\d{1,2}\b.*|permanent (?:fatal )?error|recipient address rejected)"
)


def why(mail: Mail, own: frozenset[str] = frozenset()) -> str | None:
    """Why the mail is automatic, for the history; None for a person's mail. `own`: our addresses."""
    if mail.sender is not None and mail.sender.address in own:
        return "saját levelünk"
    if mail.content_type == "multipart/report" or (mail.report is not None and not mail.blocks):
        return "kézbesítési vagy olvasási jelentés"
    for name, test, source in _HEADERS:
        if name in mail.headers and test(mail.headers[name]):
            return f"{name} fejléc ({source})"
    address = mail.sender.address if mail.sender else ""
    if _BOUNCERS.match(address):
        return "levelezőrendszer üzenete"
    subject = fold(mail.subject)
    if _SUBJECT.match(subject):
        return "automatikus tárgy"
    text = fold(mail.written())
    if _AWAY_SUBJECT.match(subject) and not _ASKS.search(text):
        return "automatikus tárgy"
    if _is_vacation(text):
        return "házon kívül"
    if _SENDERS.match(address):
        return "gépi feladó"
    if _RECEIVED.search(text) and len(text) < 1500 and "regisztral" not in text:
        return "automatikus visszaigazolás"
    # A line in an office's footer makes no newsletter (POLICY section 1).
    if _BULK.search(text) and not _ASKS.search(_everything(mail)):
        return "hírlevél"
    if _BOUNCE_TEXT.search(text) and re.search(
        r"undeliver|nem kezbesit|failure|returned|kezbesit", subject + text[:300]
    ):
        return "visszapattant levél"
    return None


def _everything(mail: Mail) -> str:
    """What stands in the mail, its attachments and forwarded letters too."""
    lines = (line for b in mail.blocks for line in (*b.lines, *(" ".join(row) for row in b.rows)))
    return fold("\n".join(lines))


def is_bounce(mail: Mail) -> bool:
    """Whether the automatic mail says that a letter of ours was not delivered."""
    if mail.report is not None:
        return not mail.report.delivered and bool(mail.report.failed)
    address = mail.sender.address if mail.sender else ""
    return bool(_BOUNCERS.match(address)) or bool(
        re.match(
            r"^\s*(?:nem kezbesitheto|kezbesithetetlen|undeliver|delivery (?:status|failure|has failed)|returned mail|mail delivery|failure notice|sikertelen kezb)",
            fold(mail.subject),
        )
    )


def _is_vacation(text: str) -> bool:
    """An out-of-office text without its header: it speaks of being away, early, and asks for nothing."""
    match = _VACATION.search(text[:700])
    return (
        bool(match)
        and bool(_ABOUT_AWAY.search(text))
        and not re.search(r"\bpir\b|szakrendszer|tananyag|regisztral|kerem|kernem", text)
    )
