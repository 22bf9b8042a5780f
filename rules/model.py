"""The words in which the floors speak to each other: what was asked for, where it was found, what is wrong with it.

All of it is frozen data without behaviour beyond look-ups; texts are as the sender wrote them unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal


class Kind(StrEnum):
    """What a mail is (POLICY section 1)."""

    REGISTRATION = "registration"
    COMPLETION = "completion"
    PASSWORD_HELP = "password_help"
    ACCESS_HELP = "access_help"
    AUTOMATIC = "automatic"
    ACKNOWLEDGEMENT = "acknowledgement"
    OTHER = "other"


FIELDS = ("name", "municipality", "pir", "county", "email", "programs")

# Standing of a place (POLICY section 2): a value in a higher place wins over one in a lower.
BODY, SUBJECT, SIGNATURE = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value was found: `place` in Hungarian ("levéltörzs", "melléklet: a.xlsx"), 1-based `line`, the text
    there."""

    place: str
    line: int
    text: str
    standing: int = BODY


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it will be judged (`text`) with its evidence; `raw` is how it was written."""

    text: str
    evidence: Evidence
    raw: str = ""
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """One wish for a program. `programs`: ProBono identifiers it resolves to (one when resolved, more when
    ambiguous)."""

    status: Literal["resolved", "ambiguous", "unknown"]
    programs: tuple[str, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person to be registered. A single-valued field holds every different value of the highest standing: more than
    one is a conflict."""

    name: tuple[Value, ...] = ()
    municipality: tuple[Value, ...] = ()
    pir: tuple[Value, ...] = ()
    county: tuple[Value, ...] = ()
    email: tuple[Value, ...] = ()
    programs: tuple[Mention, ...] = ()
    aliases: tuple[str, ...] = ()  # other names of the person that an address may hold (name at birth)
    lifted: tuple[str, ...] = ()  # codes of findings that an officer has settled
    dropped: bool = False  # an officer has taken the applicant out of the case

    def one(self, name: str) -> str | None:
        """The field's only value, or None when there is none or several."""
        values: tuple[Value, ...] = getattr(self, name)
        return values[0].text if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class Person:
    """A mail address (lower case) with its display name."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Open:
    """Something in the mail that could not be accounted for (POLICY section 5, reading.open).

    `text`: the words, `where`: place and line, `why`: what is unclear, both in Hungarian. `applicant`: whose it bears
    on; None: everybody's.
    """

    text: str
    where: str
    why: str
    applicant: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a mail (or a whole case) asks for. `recipients` are those of To and Cc without our own addresses."""

    applicants: tuple[Applicant, ...] = ()
    sender: Person | None = None
    recipients: tuple[Person, ...] = ()
    clerks_named: tuple[str, ...] = ()  # names and addresses that the mail itself calls the jegyző
    clerk_before: bool = False  # the clerk was in copy in an earlier mail of the case
    unreadable: tuple[str, ...] = ()  # names of attachments that cannot be read as text
    open: tuple[Open, ...] = ()  # what the reader could not account for
    doubt: str = ""  # why the sender is not to be trusted, in Hungarian; "" when nothing speaks against it


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who has an account or is already queued. `programs`: those known to be given, by ProBono identifier."""

    address: str
    name: str = ""
    programs: frozenset[str] = frozenset()
    username: str = ""
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """One public body of the loaded register."""

    pir: str
    name: str
    county: str = ""
    clerk_name: str = ""
    clerk_address: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may know beyond the mail. Given to them, never fetched by them."""

    accounts: Mapping[str, Account] = field(default_factory=lambda: MappingProxyType({}))
    register: Mapping[str, Body] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: `code` as in POLICY.md, the applicant's index (None: the mail's own), what the reply's
    sentence needs."""

    code: str
    applicant: int | None = None
    value: str = ""
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        return self.code.partition(".")[0]
