"""Personal data are kept no longer than configured, and a person's own rights (GDPR articles 15 and 17).

What must stay for the numbers (kinds, decisions, counties, programs, dates) stays without persons.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import structlog

from processor.settings import Retention
from processor.store import Store
from processor.worktime import Clock

log = structlog.get_logger()


def expire(store: Store, retention: Retention, clock: Clock) -> Counter[str]:
    """One round: how many mails, letters and cases lost their personal data. It can be done again at any time."""
    now = clock()
    done: Counter[str] = Counter()
    if retention.mail_days:
        with store.begin() as session:
            done["mails"], done["letters"] = session.privacy.erase_raw(now - dt.timedelta(days=retention.mail_days))
    if retention.person_days:
        with store.begin() as session:
            done["cases"] = session.privacy.erase_people(now - dt.timedelta(days=retention.person_days))
    if any(done.values()):
        log.info("personal_data_erased", **done)
    return done


def export_person(store: Store, address: str, who: str, clock: Clock) -> dict[str, Any]:
    """All that is stored about an address."""
    with store.begin() as session:
        session.users.journal(clock(), who, "person exported")
        return session.privacy.about_person(address.lower())


def erase_person(store: Store, address: str, who: str, clock: Clock) -> int:
    """Takes a person out of everything but the numbers; how many places were changed. The batches that were made keep
    their count only."""
    with store.begin() as session:
        changed = session.privacy.erase_person(address.lower())
        session.users.journal(clock(), who, "person erased", "")
    return changed
