"""What the commands show to people on a terminal, in Hungarian and in colour (Rich)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from processor.batches.content import LOCAL, Content
from processor.cases.vocabulary import (
    DECISION_WORDS,
    FIELD_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    STATUS_WORDS,
    actor_words,
    code_words,
    step_words,
)
from processor.explain import Explained
from rules import CODES
from rules.hungarian.catalogue import programs as catalogue
from rules.model import Applicant, Finding, Value

COLOURS = {
    "queue": "green",
    "ask": "yellow",
    "review": "magenta",
    "answer": "cyan",
    "known": "cyan",
    "ignore": "bright_black",
    "failed": "red",
}
_WINDOW = 60  # characters of the mail shown around a value
_LONG_WISH = 40  # characters; a longer one is the sentence around a program's name


def coloured(word: str, words: Mapping[str, str]) -> Text:
    return Text(words.get(word, word), style=COLOURS.get(word, ""))


def explained(one: Explained) -> RenderableType:
    """One mail: what was understood, from where, each rule's verdict, the reply."""
    mail = one.mail
    head = Table.grid(padding=(0, 2))
    for label, value in (
        ("Feladó", f"{mail.sender.name} <{mail.sender.address}>" if mail.sender else "(nincs)"),
        (
            "Másolat, címzettek",
            ", ".join(f"{p.name} <{p.address}>".strip() for p in one.understood.request.recipients)
            or "(rajtunk kívül senki)",
        ),
        ("Tárgy", mail.subject or "(nincs)"),
    ):
        head.add_row(Text(label, style="dim"), Text(value))
    head.add_row(
        Text("Fajtája", style="dim"),
        Text(KIND_WORDS[one.understood.kind] + (f" ({one.understood.reason})" if one.understood.reason else "")),
    )
    head.add_row(Text("Döntés", style="dim"), coloured(one.decision.decision, DECISION_WORDS))
    parts: list[RenderableType] = [head]
    if one.understood.kind in {"registration", "completion"}:
        parts += [_applicant(a, i, one) for i, a in enumerate(one.understood.request.applicants)]
        parts.append(_verdict("jegyző másolatban", [f for f in one.decision.findings if f.applicant is None]))
    for attachment in mail.attachments:
        if attachment.trouble:
            parts.append(
                Text(f"  ! melléklet, amely nem olvasható: {attachment.name}: {attachment.trouble}", style="yellow")
            )
    parts += [Text(f"  ! {fault}", style="yellow") for fault in mail.faults]
    if one.letter and one.to:
        parts.append(
            Panel(
                Text(one.letter.text.rstrip()),
                title=Text(f"Válasz: {one.letter.subject}"),
                subtitle=Text(one.to),
                title_align="left",
                border_style="blue",
            )
        )
    else:
        parts.append(Text("  Válasz nem megy ki.", style="dim"))
    return Group(Rule(Text(one.name, style="bold"), align="left"), *parts, "")


def _applicant(applicant: Applicant, index: int, one: Explained) -> RenderableType:
    title = Text.assemble(
        (f"{index + 1}. ", "bold"),
        (applicant.one("name") or "(név nélkül)", "bold"),
        "  ",
        coloured(one.decision.outcomes[index], OUTCOME_WORDS),
    )
    table = Table(title=title, title_justify="left", expand=False, show_edge=False, pad_edge=False, title_style="")
    for column in ("mező", "érték", "honnan"):
        table.add_column(column, overflow="fold")
    table.add_column("ítélet", overflow="fold", max_width=60)
    own = [f for f in one.decision.findings if f.applicant == index]
    for field, word in FIELD_WORDS.items():
        findings = [f for f in own if f.field == field]
        values: list[Value] = (
            [m.value for m in applicant.programs] if field == "programs" else list(getattr(applicant, field))
        )
        shown = "\n".join(_programs(applicant)) if field == "programs" else "\n".join(v.text for v in values)
        table.add_row(
            word, Text(shown or "–"), Text("\n".join(_where(v) for v in values), style="dim"), _verdict("", findings)
        )
    others = [f for f in own if f.field not in FIELD_WORDS]
    if others:
        table.add_row("", "", "", _verdict("", others))
    return table


def _programs(applicant: Applicant) -> list[str]:
    """Each wish as written, and the programs that it may mean; a wish that is a whole sentence is not written out
    again."""
    out = []
    for mention in applicant.programs:
        meant = " | ".join(catalogue()[p].short for p in mention.programs[:4]) or "?"
        written = " ".join((mention.value.raw or mention.value.text).split())
        out.append(
            meant
            if written == meant or (len(written) > _LONG_WISH and mention.programs)
            else f"{written[:_LONG_WISH]} → {meant}"
        )
    return out


def _where(value: Value) -> str:
    """The place and the words around the value."""
    text = " ".join(value.evidence.text.split())
    at = max(0, text.find(" ".join((value.raw or value.text).split())))
    start = max(0, min(at - _WINDOW // 3, len(text) - _WINDOW))
    shown = f"{'…' if start else ''}{text[start : start + _WINDOW]}{'…' if start + _WINDOW < len(text) else ''}"
    return f"{value.evidence.place}, {value.evidence.line}. sor: {shown}"


def _verdict(label: str, findings: Sequence[Finding]) -> Text:
    start = f"  {label}: " if label else ""
    if not findings:
        return Text.assemble(start, ("✓ rendben", "green"))
    lines = Text(start)
    for i, finding in enumerate(findings):
        lines.append(
            ("\n" if i else "") + f"✗ {finding.code}", style="cyan" if finding.code == "account.known" else "red"
        )
        lines.append(f" {CODES[finding.code]}")
    return lines


# ---------------------------------------------------------------- cases and batches


def cases(rows: Iterable[Mapping[Any, Any]]) -> Table:
    """`rows` as `case_json` makes them."""
    table = Table(show_edge=False)
    for column in ("hivatkozás", "állapot", "fajta", "kérelmezők", "megjegyzés"):
        table.add_column(column, overflow="fold")
    for row in rows:
        people = ", ".join(a["name"] or a["email"] or "?" for a in row["applicants"])
        table.add_row(
            row["reference"],
            STATUS_WORDS.get(row["status"], row["status"]),
            KIND_WORDS.get(row["kind"], row["kind"]),
            escape(people),
            escape(row["note"] or ""),
        )
    return table


def case(
    row: Mapping[Any, Any], history: Iterable[Mapping[Any, Any]], letters: Iterable[Mapping[Any, Any]]
) -> RenderableType:
    parts: list[RenderableType] = [
        Text(
            f"{row['reference']}  {STATUS_WORDS.get(row['status'], row['status'])}  ({KIND_WORDS.get(row['kind'], row['kind'])})",
            style="bold",
        )
    ]
    if row["note"]:
        parts.append(Text(row["note"], style="yellow"))
    if row["problems"]:
        parts.append(Text("\n".join(f"✗ {code} {CODES.get(code, '')}" for code in row["problems"]), style="red"))
    for number, applicant in enumerate(row["applicants"], start=1):
        table = Table(
            title=Text(
                f"{number}. {applicant['name'] or '(név nélkül)'}  {OUTCOME_WORDS.get(applicant['outcome'], '')}"
            ),
            title_justify="left",
            show_edge=False,
            show_header=False,
            title_style="",
        )
        for field, word in FIELD_WORDS.items():
            value = applicant[field]
            shown = "\n".join(catalogue()[p].short for p in value if p in catalogue()) if field == "programs" else value
            table.add_row(word, Text(shown or "–"))
        for code in applicant["problems"]:
            table.add_row("✗", Text(f"{code} {CODES.get(code, '')}", style="red"))
        parts.append(table)
    steps = Table(title="Előzmények", title_justify="left", show_edge=False, show_header=False, title_style="bold")
    for step in history:
        steps.add_row(
            _when(step["at"]),
            escape(actor_words(step["actor"])),
            escape(step_words(step["action"], step["detail"], step["data"])),
        )
    parts.append(steps)
    parts += [
        Text(f"Levelünk: {letter['purpose']}, {letter['state']}, {letter['message_id']}", style="dim")
        for letter in letters
    ]
    return Group(*parts)


def failed(rows: Iterable[Mapping[Any, Any]]) -> Table:
    table = Table(show_edge=False)
    for column in ("sorszám", "érkezett", "Message-ID", "hiba"):
        table.add_column(column, overflow="fold")
    for row in rows:
        last = (row["trouble"] or "").strip().rpartition("\n")[2]
        table.add_row(str(row["id"]), _when(row["received_at"]), escape(row["message_id"]), escape(last))
    return table


def preview(content: Content | None, left_out: Sequence[str]) -> RenderableType:
    """The next batch as it would be."""
    if content is None:
        table: RenderableType = Text("Nincs beíratandó kérelmező.")
    else:
        table = Table(show_edge=False, title=f"A következő köteg: {len(content.rows)} fő", title_justify="left")
        for column in ("név", "munkahely", "e-mail-cím", "tananyag", "fiók"):
            table.add_column(column, overflow="fold")
        for row in content.rows:
            table.add_row(
                escape(row.name),
                escape(row.institution),
                escape(row.email),
                "; ".join(catalogue()[p].short for p in row.programs),
                "meglévő" if row.existing else "új",
            )
    return Group(table, *(Text(f"kimaradna: {line}", style="yellow") for line in left_out))


FIGURE_WORDS = {
    "mails": "levelek",
    "registrations": "regisztrációs kérelmek",
    "straight_through": "első levélre teljes (arány)",
    "hours_to_queue": "óra az első levéltől a sorba kerülésig (medián)",
    "hours_to_batch": "óra az első levéltől a kötegig (medián)",
    "kinds": "levelek fajta szerint",
    "decisions": "levelek döntés szerint",
    "missing": "mi hiányzik vagy hibás leggyakrabban",
    "counties": "beíratottak vármegyénként",
    "programs": "beíratások tananyagonként",
    "cases": "ügyek állapot szerint",
}


def figures(found: Mapping[str, Any]) -> Table:
    """What `figures.figures` counted."""
    table = Table(show_edge=False, show_header=False)
    words = {**KIND_WORDS, **DECISION_WORDS, **STATUS_WORDS, **{code: code_words(code) for code in CODES}}
    for key, label in FIGURE_WORDS.items():
        value = found[key]
        if isinstance(value, dict):
            table.add_section()
            table.add_row(Text(label, style="bold"), "")
            for name, count in value.items():
                table.add_row(f"  {words.get(name, name)}", str(count))
        else:
            table.add_row(label, "–" if value is None else str(value))
    return table


def letters(rows: Iterable[Mapping[Any, Any]]) -> Table:
    table = Table(show_edge=False)
    for column in ("sorszám", "címzett", "mire", "állapot", "készült", "hiba"):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(
            str(row["letter"]),
            escape(", ".join(row["to"])),
            row["purpose"],
            row["state"],
            row["created"][:16].replace("T", " "),
            escape(row["trouble"] or ""),
        )
    return table


def batches(rows: Iterable[Mapping[Any, Any]]) -> Table:
    table = Table(show_edge=False)
    for column in ("köteg", "készült", "fő", "visszaigazolva", "fájl", "SHA-256"):
        table.add_column(column, overflow="fold")
    for row in rows:
        for number, file in enumerate(row["files"]):
            first = (
                (row["name"], row["made"], str(row["rows"]), row["confirmed"] or "–")
                if not number
                else ("", "", "", "")
            )
            table.add_row(*first, file["path"], file["sha256"])
    return table


def _when(at: dt.datetime) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def console(stderr: bool = False) -> Console:
    """A console that keeps whole lines when its output goes to a file."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=160)


_MARKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "error": ("✗", "red")}


def checkup(what: str, state: str, words: str) -> Text:
    mark, colour = _MARKS[state]
    return Text.assemble((f"{mark} ", colour), (f"{what}: ", "bold"), words)
