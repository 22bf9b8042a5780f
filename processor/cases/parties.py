"""Who belongs to a case, and whom a letter answers (POLICY section 6). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from processor.reading import Mail
from rules.hungarian.offices import freemail

_MOST_REFERENCES = 20  # kept of a thread; RFC 5322 section 3.6.4 wants the last ones


def is_party(address: str, parties: Iterable[str]) -> bool:
    """Whether an address is a party of a case, or stands at a party's own domain; never by a free-mail provider's."""
    known = frozenset(parties)
    domain = address.rpartition("@")[2]
    if address in known:
        return True
    return bool(domain) and domain not in freemail() and any(p.rpartition("@")[2] == domain for p in known)


def doubt(mail: Mail, own: frozenset[str], parties: Iterable[str] = ()) -> str:
    """Why the mail's sender is not to be trusted, in Hungarian; "" when nothing speaks against it.

    `parties`: those of the case that it answers. A Reply-To that is no party gets no letter: whoever forges a sender
    wants the answer elsewhere.
    """
    if mail.doubt or mail.reply_to is None or mail.reply_to.address in own:
        return mail.doubt
    known = {p.address for p in (mail.sender, *mail.to, *mail.cc) if p is not None} - own
    return "" if is_party(mail.reply_to.address, known | set(parties)) else "a válaszcím (Reply-To) más helyre mutat"


@dataclass(frozen=True, slots=True)
class Answering:
    """What a letter needs of the mail that it answers; kept in the ledger, so that no raw mail is read again for it.

    `to`: whom it may answer, Reply-To before the sender. `thread`: Message-IDs for References, its own the last.
    """

    to: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()

    @classmethod
    def of(cls, mail: Mail, own: frozenset[str]) -> Answering:
        people = (person for person in (mail.reply_to, mail.sender) if person is not None)
        mine = (mail.message_id,) if mail.message_id.startswith("<") else ()
        before = (*mail.references[-_MOST_REFERENCES:], *mail.in_reply_to[:1])
        to = tuple(dict.fromkeys(p.address for p in people if p.address and p.address not in own))
        return cls(to, tuple(dict.fromkeys((*before, *mine))) if mine else ())

    def addressee(self, parties: Iterable[str]) -> str:
        """Whom the letter goes to; "" when nobody of them is a party."""
        known = frozenset(parties)
        return next((address for address in self.to if is_party(address, known)), "")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Answering:
        return cls(tuple(kept["to"]), tuple(kept["thread"]))
