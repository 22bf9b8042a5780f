"""The whole policy at a glance. A rule is a module with CODES (the sentence of each code) and check(request, facts)
-> findings.

All findings are collected, so the order is presentation only; `attachment` comes last because it depends on what is
missing.
"""

from __future__ import annotations

from rules.model import Facts, Finding, Request

from . import account, attachment, clerk, county, email, municipality, name, open, pir, programs, sender

RULES = (name, municipality, pir, county, email, programs, account, clerk, sender, open)

CODES: dict[str, str] = {code: sentence for rule in (*RULES, attachment) for code, sentence in rule.CODES.items()}


def check(request: Request, facts: Facts) -> tuple[Finding, ...]:
    """Everything that is wrong with the request, by POLICY sections 3 and 4."""
    found = tuple(finding for rule in RULES for finding in rule.check(request, facts))
    found += tuple(attachment.check(request, facts, found))
    return tuple(finding for finding in found if not _settled(finding, request))


def _settled(finding: Finding, request: Request) -> bool:
    """Whether an officer has lifted the finding, or taken its applicant out."""
    if finding.applicant is None:
        return False
    applicant = request.applicants[finding.applicant]
    return applicant.dropped or finding.code in applicant.lifted
