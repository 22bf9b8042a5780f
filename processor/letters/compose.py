"""A decision to a letter: subject, text, HTML, and the message with its headers. Pure; the templates say what is said.

Headers follow RFC 3834 (Auto-Submitted, no answer to machines) and RFC 5322; X-Auto-Response-Suppress is Exchange's
word for the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP, Compat32
from email.policy import default as default_policy
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound
from markupsafe import Markup, escape

from processor.cases.decision import Decision
from processor.reading import Mail
from processor.reading.quoting import OUR_LAST_LINE
from rules import CODES
from rules.account import fresh
from rules.hungarian.catalogue import programs as catalogue
from rules.hungarian.counties import names as counties
from rules.hungarian.counties import recognise
from rules.model import Applicant, Facts, Finding, Person, Request
from rules.pir import is_valid
from rules.programs import wanted


class _Wire(Compat32):
    """Headers as they were given: `message` has encoded and folded them; the library would do it again for each,
    slowly."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return f"{name}: {value}{self.linesep}".encode()


_WIRE = _Wire(linesep="\r\n")
NO_REFERENCE = "ASPO-ÉÉÉÉ-NNNNNN"  # what explain shows where no case exists


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. `awaits`: an answer is expected, so that a bounce of it must reach us."""

    subject: str
    text: str
    html: str
    awaits: bool = False


class _Loader(BaseLoader):
    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        try:
            return resources.files("templates").joinpath("mails", template).read_text(encoding="utf-8"), template, None
        except FileNotFoundError as error:
            raise TemplateNotFound(template) from error


@cache
def _environment(html: bool) -> Environment:
    return Environment(
        loader=_Loader(),
        undefined=StrictUndefined,
        autoescape=html,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def render(name: str, **values: Any) -> Letter:
    """The letter `templates/mails/<name>.jinja`. A missing value is an error, never an empty place in a letter."""
    values = {"last_line": OUR_LAST_LINE, **values}
    subject, text, _ = _environment(False).get_template(f"{name}.jinja").render(values).split("=====\n")
    _, _, html = _environment(True).get_template(f"{name}.jinja").render(values).split("=====\n")
    lines = [line.rstrip() for line in text.strip().split("\n")]
    tidy = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return Letter(" ".join(subject.split()), "\n".join(tidy) + "\n", html.strip() + "\n")


def own_words(text: str) -> tuple[str, str]:
    """An officer's text as a letter's (text, HTML). It ends with our last line, by which an answer below its quote is
    told apart."""
    text = text.strip()
    if OUR_LAST_LINE not in text:
        text += f"\n\n{OUR_LAST_LINE}"
    paragraphs = "".join(
        f"<p>{escape(part).replace(Markup(chr(10)), Markup('<br>'))}</p>" for part in text.split("\n\n")
    )
    page = f'<!DOCTYPE html>\n<html lang="hu"><head><meta charset="utf-8"></head><body style="font-family:Calibri,Arial,sans-serif;font-size:15px">{paragraphs}</body></html>\n'
    return text + "\n", page


def text_of(raw: bytes) -> str:
    """What a letter of ours says, as plain text."""
    body = message_from_bytes(raw, policy=default_policy).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def reworded(raw: bytes, text: str, html: str) -> bytes:
    """The letter with another text; its headers, its Message-ID among them, stay."""
    made = message_from_bytes(
        raw, policy=SMTP.clone(refold_source="none")
    )  # a long Message-ID must not be folded or encoded anew
    for subtype, content in (("plain", text), ("html", html)):
        body = made.get_body((subtype,))
        if body is not None:
            body.set_content(content, subtype=subtype, cte="base64")
    return made.as_bytes()


def letter(
    kind: str,
    request: Request,
    decision: Decision,
    reference: str,
    facts: Facts,
    *,
    thanks: bool = False,
    acknowledge: bool = True,
    reminder: bool = False,
) -> Letter | None:
    """What is to be written to the sender; None when nothing is."""
    if decision.decision in {"review", "ignore"}:
        return None
    if kind in {"password_help", "access_help"}:
        return render(kind, reference=reference, programs=list(catalogue().values()))
    people = [_person(a, i, decision, facts) for i, a in enumerate(request.applicants) if not a.dropped]
    by = {o: [p["name"] or p["title"] for p in people if p["outcome"] == o] for o in ("queue", "known", "review")}
    if decision.decision == "ask":
        codes = {f.code for f in decision.findings if f.applicant is None or decision.outcomes[f.applicant] == "ask"}
        asked = [p for p in people if p["outcome"] == "ask"]
        made = render(
            "ask",
            reference=reference,
            thanks=thanks,
            reminder=reminder,
            clerk=[CODES[code] for code in decision.problems],
            people=asked,
            clerk_only=[p["name"] or p["title"] for p in asked if not p["needs"]],
            queued=by["queue"],
            known=by["known"],
            others_later=others_later(request, decision),
            counties=list(counties()) if codes & {"county.missing", "county.unknown"} else [],
            programs=list(catalogue().values()) if codes & {"programs.missing", "programs.unknown"} else [],
        )
        return Letter(made.subject, made.text, made.html, awaits=True)
    if decision.decision == "queue":
        if not acknowledge:
            return None
        return render(
            "queued",
            reference=reference,
            accepted_people=[p for p in people if p["outcome"] == "queue"],
            known=by["known"],
        )
    return render("known", reference=reference, known=by["known"])


def others_later(request: Request, decision: Decision) -> bool:
    """Whether somebody waits for an officer who is certainly an applicant: a whole name, and nothing about the name
    in doubt (POLICY section 5)."""
    waiting = [i for i, outcome in enumerate(decision.outcomes) if outcome == "review"]
    return any(
        request.applicants[i].one("name") and not {"name.conflict", "reading.open"} & set(decision.codes(i))
        for i in waiting
    )


def _person(applicant: Applicant, index: int, decision: Decision, facts: Facts) -> dict[str, Any]:
    own = [f for f in decision.findings if f.applicant == index]
    name = applicant.one("name") or ""
    account = facts.accounts.get(applicant.one("email") or "")
    programs = fresh(wanted(applicant), account.programs) if account else wanted(applicant)
    return {
        "name": name,
        "title": name or f"{index + 1}. kérelmező" if len(decision.outcomes) > 1 else name or "A kérelmező adatai",
        "outcome": decision.outcomes[index],
        "email": applicant.one("email") or "",
        "programs": [catalogue()[p].short for p in programs],
        "needs": [_need(f) for f in own if f.code != "account.known"],
        "accepted": _accepted(applicant, {f.field for f in own}, facts),
    }


def _need(finding: Finding) -> dict[str, Any]:
    value = "" if finding.code.endswith(".missing") else finding.value
    choices: list[str] = []
    if finding.code == "programs.ambiguous":
        choices = [catalogue()[p].short for p in finding.choices]
    return {"code": finding.code, "sentence": CODES[finding.code], "value": value, "choices": choices}


_FIELD_WORDS = {"municipality": "munkahely", "pir": "PIR szám", "county": "vármegye", "email": "e-mail-cím"}


def _accepted(applicant: Applicant, wrong: set[str], facts: Facts) -> list[str]:
    """What has been accepted already, so that nobody sends it twice."""
    out = []
    for field, word in _FIELD_WORDS.items():
        value = applicant.one(field)
        if not value or field in wrong or (field == "pir" and not is_valid(value, facts)):
            continue
        out.append(f"{word}: {recognise(value) or value}" if field == "county" else f"{word}: {value}")
    if programs := [catalogue()[p].short for p in wanted(applicant)]:
        out.append(f"tananyag: {', '.join(programs)}")
    return out


# ---------------------------------------------------------------- the message


def addressee(mail: Mail, own: frozenset[str], is_party: Callable[[str], bool]) -> Person | None:
    """Whom to answer: Reply-To, else the sender; only a party of the case, and never ourselves."""
    for person in (mail.reply_to, mail.sender):
        if person is not None and person.address and person.address not in own and is_party(person.address):
            return person
    return None


def message(
    letter: Letter,
    *,
    sender: str,
    recipients: Sequence[str],
    message_id: str,
    now: dt.datetime,
    answers: Mail | None = None,
    loop: str = "",
    files: Sequence[tuple[str, bytes, str]] = (),
) -> bytes:
    """The letter on the wire. `answers`: the mail that it replies to. `files`: (name, content, media type) to attach.

    Made with the older half of the standard library's email package, which is five times as quick as its header
    registry; every header
    value goes through `_line`, so that none can bring a header of its own.
    """
    body = MIMEMultipart("alternative", policy=_WIRE)
    body.attach(MIMEText(letter.text, "plain", "utf-8", policy=_WIRE))
    body.attach(MIMEText(letter.html, "html", "utf-8", policy=_WIRE))
    out: MIMEBase = body
    if files:
        out = MIMEMultipart("mixed", policy=_WIRE)
        out.attach(body)
        for name, content, media in files:
            part = MIMEBase(*media.split("/", 1), policy=_WIRE)
            part.set_payload(content)
            encode_base64(part)
            part.add_header("Content-Disposition", "attachment", filename=name)
            out.attach(part)
    display, address = parseaddr(_line(sender))
    out["From"] = formataddr((display, address))
    out["To"] = ",\r\n ".join(map(_line, recipients))
    out["Subject"] = Header(_line(letter.subject), "utf-8", header_name="Subject").encode(linesep="\r\n")
    out["Date"] = format_datetime(now)
    out["Message-ID"] = _line(message_id)
    if answers is not None and answers.message_id.startswith("<"):
        out["In-Reply-To"] = _line(answers.message_id)
        out["References"] = "\r\n ".join(
            map(_line, dict.fromkeys((*answers.references[-20:], *answers.in_reply_to[:1], answers.message_id)))
        )
    out["Auto-Submitted"] = "auto-replied" if answers is not None else "auto-generated"
    out["X-Auto-Response-Suppress"] = "All"
    if loop:
        out["X-Loop"] = _line(loop)
    return out.as_bytes()


def _line(text: str) -> str:
    """One line, whatever came: no value can end its header and begin another."""
    return " ".join(text.split())
