"""What the commands show to people on a terminal, in Hungarian and in colour (Rich)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from processor.reading import Mail
from processor.trial.words import Section
from rules import CODES
from rules.hungarian.catalogue import programs as catalogue
from rules.model import Applicant, Finding, Mention, Open, Value

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
_MOST_MEANT = 4  # programs that one word may mean


def _listed(*columns: str, **looks: Any) -> Table:
    """A table without a frame, whose cells break anywhere rather than lose their end."""
    table = Table(title_justify="left", show_edge=False, **looks)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def coloured(word: str, words: Mapping[str, str]) -> Text:
    return Text(words.get(word, word), style=COLOURS.get(word, ""))


def explained(one: Explained) -> RenderableType:
    """One mail: what was understood, from where, each rule's verdict, what is open, the reply."""
    parts: list[RenderableType] = [_head(one)]
    if one.understood.kind in {"registration", "completion"}:
        parts += [_applicant(a, i, one) for i, a in enumerate(one.understood.request.applicants)]
        parts.append(_verdict("jegyző másolatban", [f for f in one.decision.findings if f.applicant is None]))
    if left_open := one.understood.request.open:
        parts.append(_left_open(left_open))
    parts += [Text(f"  ! {trouble}", style="yellow") for trouble in _troubles(one.mail)]
    parts.append(_reply(one))
    return Group(Rule(Text(one.name, style="bold"), align="left"), *parts, "")


def _head(one: Explained) -> Table:
    mail, understood = one.mail, one.understood
    sender = f"{mail.sender.name} <{mail.sender.address}>" if mail.sender else "(nincs)"
    others = ", ".join(f"{p.name} <{p.address}>".strip() for p in understood.request.recipients)
    reason = f" ({understood.reason})" if understood.reason else ""
    head = Table.grid(padding=(0, 2))
    for label, value in (
        ("Feladó", Text(sender)),
        ("Másolat, címzettek", Text(others or "(rajtunk kívül senki)")),
        ("Tárgy", Text(mail.subject or "(nincs)")),
        ("Fajtája", Text(KIND_WORDS[understood.kind] + reason)),
        ("Döntés", coloured(one.decision.decision, DECISION_WORDS)),
    ):
        head.add_row(Text(label, style="dim"), value)
    return head


def _left_open(entries: Sequence[Open]) -> Table:
    """The ledger: what the reader could not account for."""
    table = _listed("szöveg", "hol", "miért", title="Tisztázandó", title_style="bold magenta", pad_edge=False)
    for entry in entries:
        table.add_row(Text(f"„{entry.text}”"), Text(entry.where, style="dim"), Text(entry.why))
    return table


def _troubles(mail: Mail) -> Iterator[str]:
    for attachment in mail.attachments:
        if attachment.trouble:
            yield f"melléklet, amely nem olvasható: {attachment.name}: {attachment.trouble}"
    yield from mail.faults


def _reply(one: Explained) -> RenderableType:
    if one.letter is None or one.to is None:
        return Text("  Válasz nem megy ki.", style="dim")
    return Panel(
        Text(one.letter.text.rstrip()),
        title=Text(f"Válasz: {one.letter.subject}"),
        subtitle=Text(one.to),
        title_align="left",
        border_style="blue",
    )


def _applicant(applicant: Applicant, index: int, one: Explained) -> RenderableType:
    title = Text.assemble(
        (f"{index + 1}. ", "bold"),
        (applicant.one("name") or "(név nélkül)", "bold"),
        "  ",
        coloured(one.decision.outcomes[index], OUTCOME_WORDS),
    )
    table = _listed("mező", "érték", "honnan", title=title, title_style="", pad_edge=False)
    table.add_column("ítélet", overflow="fold", max_width=60)
    own = [finding for finding in one.decision.findings if finding.applicant == index]
    for field, word in FIELD_WORDS.items():
        verdict = _verdict("", [finding for finding in own if finding.field == field])
        table.add_row(word, *_read(applicant, field), verdict)
    if others := [finding for finding in own if finding.field not in FIELD_WORDS]:
        table.add_row("", "", "", _verdict("", others))
    return table


def _read(applicant: Applicant, field: str) -> tuple[Text, Text]:
    """A field's values, and where each of them was found."""
    values = _values(applicant, field)
    shown = _programs(applicant) if field == "programs" else [value.text for value in values]
    return Text("\n".join(shown) or "–"), Text("\n".join(map(_where, values)), style="dim")


def _values(applicant: Applicant, field: str) -> list[Value]:
    if field == "programs":
        return [mention.value for mention in applicant.programs]
    return list(getattr(applicant, field))


def _programs(applicant: Applicant) -> list[str]:
    """Each wish as written, and the programs that it may mean; a wish that is a whole sentence is not written out
    again."""
    return [_wish(mention) for mention in applicant.programs]


def _wish(mention: Mention) -> str:
    meant = " | ".join(catalogue()[program].short for program in mention.programs[:_MOST_MEANT]) or "?"
    written = " ".join((mention.value.raw or mention.value.text).split())
    is_sentence = len(written) > _LONG_WISH and mention.programs
    return meant if written == meant or is_sentence else f"{written[:_LONG_WISH]} → {meant}"


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
    table = _listed("hivatkozás", "állapot", "fajta", "kérelmezők", "megjegyzés")
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
    """`row` as `case_json` makes it."""
    status, kind = STATUS_WORDS.get(row["status"], row["status"]), KIND_WORDS.get(row["kind"], row["kind"])
    parts: list[RenderableType] = [Text(f"{row['reference']}  {status}  ({kind})", style="bold")]
    if row["note"]:
        parts.append(Text(row["note"], style="yellow"))
    if row["problems"]:
        parts.append(Text("\n".join(map(_problem, row["problems"])), style="red"))
    parts += [_case_applicant(number, applicant) for number, applicant in enumerate(row["applicants"], start=1)]
    parts.append(_history(history))
    parts += [
        Text(f"Levelünk: {letter['purpose']}, {letter['state']}, {letter['message_id']}", style="dim")
        for letter in letters
    ]
    return Group(*parts)


def _problem(code: str) -> str:
    return f"✗ {code} {CODES.get(code, '')}"


def _case_applicant(number: int, applicant: Mapping[Any, Any]) -> Table:
    title = f"{number}. {applicant['name'] or '(név nélkül)'}  {OUTCOME_WORDS.get(applicant['outcome'], '')}"
    table = Table(title=Text(title), title_justify="left", show_edge=False, show_header=False, title_style="")
    for field, word in FIELD_WORDS.items():
        value = applicant[field]
        if field == "programs":
            value = "\n".join(catalogue()[program].short for program in value if program in catalogue())
        table.add_row(word, Text(value or "–"))
    for code in applicant["problems"]:
        table.add_row("✗", Text(f"{code} {CODES.get(code, '')}", style="red"))
    return table


def _history(steps: Iterable[Mapping[Any, Any]]) -> Table:
    table = Table(title="Előzmények", title_justify="left", show_edge=False, show_header=False, title_style="bold")
    for step in steps:
        words = step_words(step["action"], step["detail"], step["data"])
        table.add_row(_when(step["at"]), escape(actor_words(step["actor"])), escape(words))
    return table


def failed(rows: Iterable[Mapping[Any, Any]]) -> Table:
    table = _listed("sorszám", "érkezett", "Message-ID", "hiba")
    for row in rows:
        last = (row["trouble"] or "").strip().rpartition("\n")[2]
        table.add_row(str(row["id"]), _when(row["received_at"]), escape(row["message_id"]), escape(last))
    return table


def preview(content: Content | None, left_out: Sequence[str]) -> RenderableType:
    """The next batch as it would be."""
    if content is None:
        table: RenderableType = Text("Nincs beíratandó kérelmező.")
    else:
        title = f"A következő köteg: {len(content.enrolments)} fő"
        table = _listed("név", "munkahely", "e-mail-cím", "tananyag", "fiók", title=title)
        for row in content.enrolments:
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


def figure_words(found: Mapping[str, Any]) -> dict[str, str]:
    """What the figures' own words are called, and those they count."""
    counted = {**KIND_WORDS, **DECISION_WORDS, **STATUS_WORDS, **{code: code_words(code) for code in found["missing"]}}
    return {**counted, **FIGURE_WORDS}


def figures(found: Mapping[str, Any]) -> Table:
    """What `figures.figures` counted."""
    table = Table(show_edge=False, show_header=False)
    words = figure_words(found)
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
    table = _listed("sorszám", "címzett", "mire", "állapot", "készült", "hiba")
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
    table = _listed("köteg", "készült", "fő", "visszaigazolva", "fájl", "SHA-256")
    for row in rows:
        about = (row["name"], row["made"], str(row["rows"]), row["confirmed"] or "–")
        for file in row["files"]:
            table.add_row(*about, file["path"], file["sha256"])
            about = ("", "", "", "")
    return table


def trial(found: Iterable[Section]) -> RenderableType:
    """The totals of a trial."""
    return Group(*(part for section in found for part in (_section(section), "")))


def _section(section: Section) -> Table:
    table = Table(show_edge=False, title_justify="left")
    for number, word in enumerate(section.head):
        table.add_column(word, justify="right" if number else "left", overflow="fold", min_width=0 if number else 50)
    for row in section.rows:
        table.add_row(*(Text(str(cell)) for cell in row))
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
