"""Mails for the tests, of invented people."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage

DESK = "aspoktatas@allamkincstar.gov.hu"
CLERK = "Mintafalu Jegyző <jegyzo@mintafalu.hu>"
FIELDS = {
    "Név": "Kovács Anna",
    "Önkormányzat": "Mintafalu Község Önkormányzata",
    "PIR": "731234",
    "Vármegye": "Pest",
    "E-mail": "kovacs.anna@mintafalu.hu",
    "Szakrendszer": "ADÓ",
}


def mail(
    text: str,
    *,
    sender: str = "Minta Mária <minta.maria@mintafalu.hu>",
    subject: str = "Regisztráció",
    message_id: str = "<elso@mintafalu.hu>",
    cc: str = CLERK,
    answers: str = "",
    headers: dict[str, str] | None = None,
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
) -> bytes:
    """A mail to the desk. `answers`: the Message-ID that it replies to."""
    out = EmailMessage(policy=policy.SMTP)
    out["From"], out["To"], out["Subject"] = sender, f"ASP Oktatás <{DESK}>", subject
    if cc:
        out["Cc"] = cc
    if message_id:
        out["Message-ID"] = message_id
    out["Date"] = "Mon, 16 Nov 2026 09:00:00 +0100"
    if answers:
        out["In-Reply-To"] = out["References"] = answers
    for name, value in (headers or {}).items():
        out[name] = value
    out.set_content(text, cte="8bit")
    if html:
        out.add_alternative(html, subtype="html", cte="8bit")
    for name, data in files:
        out.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return out.as_bytes()


def request(without: tuple[str, ...] = (), *, values: dict[str, str] | None = None, **options: object) -> bytes:
    """A labelled request, complete but for the labels in `without`."""
    fields = {**FIELDS, **(values or {})}
    lines = [f"{label}: {value}" for label, value in fields.items() if label not in without]
    return mail(
        "Tisztelt Cím!\n\nKérem az alábbi kolléga regisztrációját:\n\n"
        + "\n".join(lines)
        + "\n\nÜdvözlettel:\nMinta Mária\n",
        **options,
    )  # type: ignore[arg-type]


def reply(
    letter: EmailMessage,
    text: str,
    *,
    message_id: str = "<valasz@mintafalu.hu>",
    sender: str = "Minta Mária <minta.maria@mintafalu.hu>",
    cc: str = "",
    quote: bool = True,
    **options: object,
) -> bytes:
    """What somebody writes on pressing Reply on a letter of ours."""
    body = letter.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in (body.get_content() if body else "").splitlines())
    whole = f"{text}\n\nASP Oktatás <{DESK}> ezt írta (2026. nov. 16., H 10:00):\n\n{quoted}\n" if quote else text
    return mail(
        whole,
        sender=sender,
        subject=f"Re: {letter['Subject']}",
        message_id=message_id,
        cc=cc,
        answers=str(letter["Message-ID"]),
        **options,
    )  # type: ignore[arg-type]
