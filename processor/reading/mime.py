"""Raw bytes to Mail. `read` never raises: what cannot be read becomes a fault that a person sees.

Walks the MIME tree with bounds on depth, parts and sizes (RFC 2045-2049), decodes headers and bodies of every charset.
"""

from __future__ import annotations

import email.message
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rules.hungarian.words import fold, squeeze
from rules.model import Person

from . import bounds
from .attachments import Unreadable, read_attachment
from .charset import decode, mend
from .decoration import is_decoration
from .headers import date_of, header_text, kept_headers, message_ids, parsed, people
from .html import Segment, segments
from .mail import Attachment, Block, Layer, Mail, Report, Role
from .quoting import FORWARD_SUBJECT, Splitter
from .report import read_bounce, read_report
from .sender import sender_of

# What our own letters write into a subject; a check code of digits alone would look like a PIR.
_OURS = re.compile(r"\[?\bASPO-\d{4}-\d{6}\b\]?|#[0-9a-f]{6}\b")


def read(raw: bytes, own: frozenset[str] = frozenset()) -> Mail:
    """The mail in `raw`. `own`: our own addresses in lower case (letters from them are quotes, never a source of
    values)."""
    faults: list[str] = []
    try:
        return _Reader(parsed(raw, faults), own, faults).mail()
    except (RecursionError, MemoryError):
        faults.append("túl mélyen egymásba ágyazott levél")
    # The standard library's parser raises many kinds on hostile input; the mail must not be lost.
    except Exception as error:
        faults.append(f"hibás levél ({type(error).__name__})")
    return _salvage(raw, faults)


@dataclass(frozen=True, slots=True)
class Whole:
    """A mail with what people look at beside our reading of it.

    `html`: its own HTML as it came, hostile as it may be; "" when its text was read from plain text. `covered`: which
    of `mail.blocks` the HTML
    shows. `files`: the content of each of `mail.attachments`.
    """

    mail: Mail
    html: str = ""
    covered: frozenset[int] = frozenset()
    files: tuple[bytes, ...] = ()


def read_whole(raw: bytes, own: frozenset[str] = frozenset()) -> Whole:
    """Like `read`, with the mail's own HTML and files."""
    faults: list[str] = []
    try:
        reader = _Reader(parsed(raw, faults), own, faults)
        mail = reader.mail()
    except Exception:  # as in `read`, which says what was wrong
        return Whole(read(raw, own))
    return Whole(mail, "\n".join(reader.html), frozenset(reader.covered), tuple(reader.files))


def _salvage(raw: bytes, faults: list[str]) -> Mail:
    """Sender, subject and Message-ID by hand from a mail that the parser gave up on."""
    head = decode(raw[:20_000].split(b"\r\n\r\n")[0].split(b"\n\n")[0])

    def header(name: str) -> str:
        match = re.search(rf"^{name}:[ \t]*(.*)$", head, re.I | re.M)
        text, said = bounds.header(squeeze(match.group(1)) if match else "")
        faults.extend(said)
        return text

    sender = next(iter(people(header("From"), faults)), None)
    return Mail(message_id=header("Message-ID"), sender=sender, subject=header("Subject"), faults=tuple(faults))


class _Reader:
    def __init__(self, message: email.message.Message, own: frozenset[str], faults: list[str]) -> None:
        self.message, self.own, self.faults = message, own, faults
        self.layers: list[Layer] = []
        self.blocks: list[Block] = []
        self.attachments: list[Attachment] = []
        self.files: list[bytes] = []  # the content of each attachment
        self.html: list[str] = []  # the mail's own, where that was read
        self.covered: list[int] = []  # the blocks made of it
        self.report: Report | None = None
        self.parts = self.read_files = 0
        self.room = bounds.Room()

    def mail(self) -> Mail:
        head = self.message
        sender, doubt = sender_of(head, lambda value: people(value, self.faults))
        subject = header_text(head["Subject"], self.faults)
        self.layers.append(Layer("mail", sender))
        if subject:
            self.blocks.append(Block("tárgy", Role.SUBJECT, lines=(_OURS.sub("", subject),)))
        self._part(head, 0, forward=bool(FORWARD_SUBJECT.match(fold(subject))), layer=0, place="levéltörzs")
        if self._written() > bounds.MOST_JUDGED:
            self.faults.append(bounds.JUDGED)
        return Mail(
            message_id=next(iter(message_ids(head["Message-ID"])), squeeze(str(head["Message-ID"] or ""))[:900]),
            in_reply_to=message_ids(head["In-Reply-To"]),
            references=message_ids(head["References"]),
            sender=sender,
            doubt=doubt,
            reply_to=self._person(head["Reply-To"]),
            to=tuple(people(head["To"], self.faults)),
            cc=tuple(people(head["Cc"], self.faults)),
            subject=subject,
            date=date_of(head),
            content_type=head.get_content_type(),
            headers=kept_headers(head),
            report=read_bounce(head, sender.address if sender else "", self.report),
            layers=tuple(self.layers),
            blocks=tuple(self.blocks),
            attachments=tuple(self.attachments),
            faults=tuple(dict.fromkeys(self.faults)),
        )

    def _written(self) -> int:
        """Characters of the sender's own words, and of those whose letters are passed on."""
        own = (b for b in self.blocks if b.role is Role.BODY and self.layers[b.layer].kind != "document")
        return sum(len(line) + 1 for block in own for line in block.lines)

    def _person(self, value: object) -> Person | None:
        return next(iter(people(value, self.faults)), None)

    def _bounded(self, content: Iterable[Segment]) -> list[Segment]:
        """What of the text there is room for."""
        out = []
        for segment in content:
            if segment.rows:
                rows, self.room, said = bounds.rows(segment.rows, self.room)
                out.append(Segment(rows=rows))
            else:
                lines, self.room, said = bounds.lines(segment.lines, self.room)
                out.append(Segment(lines=lines))
            self.faults.extend(said)
        return out

    def _part(self, part: email.message.Message, depth: int, forward: bool, layer: int, place: str) -> None:
        self.parts += 1
        if depth > bounds.DEEPEST_PART or self.parts > bounds.MOST_PARTS:
            self.faults.append(bounds.PARTS)
            return
        kind = part.get_content_type()
        if kind == "multipart/alternative":
            self._alternative(part, depth, forward, layer, place)
        elif kind == "multipart/report":
            self.report = self.report or read_report(part)
            self._parts(list(_children(part))[:1], depth, forward, layer, place)
        elif kind.startswith("message/"):
            self._message(part, kind, depth)
        elif part.is_multipart():
            self._parts(_children(part), depth, forward, layer, place)
        elif kind in {"text/plain", "text/html"} and not _is_attached(part):
            self._text([part], forward, layer, place)
        else:
            self._attached(part, kind, layer, depth)

    def _parts(self, parts: Iterable[email.message.Message], depth: int, forward: bool, layer: int, place: str) -> None:
        """The parts of one that stands at `depth`."""
        for part in parts:
            self._part(part, depth + 1, forward, layer, place)

    def _message(self, part: email.message.Message, kind: str, depth: int) -> None:
        """A letter passed on, or what a machine says about one."""
        if kind == "message/rfc822":
            for child in _children(part):
                self._forwarded(child, depth)
        else:
            self.report = self.report or read_report(self.message)

    def _alternative(self, part: email.message.Message, depth: int, forward: bool, layer: int, place: str) -> None:
        texts: list[email.message.Message] = []
        others: list[email.message.Message] = []
        for child in _children(part):
            if child.get_content_type() in {"text/plain", "text/html"}:
                texts.append(child)
            elif child.get_content_type() == "multipart/related":
                inner = list(_children(child))
                texts += [c for c in inner if c.get_content_type() == "text/html"][:1]
                others += [c for c in inner if c.get_content_type() != "text/html"]
            else:
                others.append(child)
        if texts:
            self._text(texts[:4], forward, layer, place)
        ignored = {"text/calendar", "text/x-amp-html", "text/enriched"}
        self._parts((c for c in others if c.get_content_type() not in ignored), depth, forward, layer, place)

    def _text(self, versions: list[email.message.Message], forward: bool, layer: int, place: str) -> None:
        """One of the versions of a text: HTML, for its tables, links and strike-through, unless it says less than the
        plain one."""
        plain = next((v for v in versions if v.get_content_type() == "text/plain"), None)
        html = next((v for v in versions if v.get_content_type() == "text/html"), None)
        chosen: list[Segment] = []
        source = ""
        if html is not None:
            source, chosen = self._page(self._source(html))
        if plain is not None:
            text = self._source(plain)
            if html is None or sum(map(_length, chosen)) * 3 < len(text.strip()):
                chosen, source = [Segment(lines=_unflow(text, plain))], ""
        start = len(self.blocks)
        splitter = Splitter(place, forward, self.own, layers=self.layers, blocks=self.blocks)
        splitter.split(self._bounded(chosen), layer)
        if source and layer == 0:
            self.html.append(source)
            self.covered += range(start, len(self.blocks))

    def _source(self, part: email.message.Message) -> str:
        charset = part.get_content_charset() if isinstance(part.get_param("charset"), str) else None
        return self._taken(decode(_payload(part), charset))

    def _taken(self, text: str) -> str:
        text, self.room, said = bounds.source(text, self.room)
        self.faults.extend(said)
        return mend(text)

    def _page(self, html: str) -> tuple[str, list[Segment]]:
        """The HTML of which there is room for, and its text."""
        html, self.room, said = bounds.page(html, self.room)
        self.faults.extend(said)
        return html, segments(html)

    def _forwarded(self, message: email.message.Message, depth: int) -> None:
        sender = self._person(message["From"])
        if sender is not None and sender.address in self.own:
            return  # our own letter attached: a quote
        self.layers.append(Layer("forwarded", sender))
        layer = len(self.layers) - 1
        subject = header_text(message["Subject"], self.faults)
        if subject:
            self.blocks.append(Block("továbbított levél tárgya", Role.SUBJECT, lines=(subject,), layer=layer))
        self._part(
            message,
            depth + 1,
            forward=bool(FORWARD_SUBJECT.match(fold(subject))),
            layer=layer,
            place="továbbított levél",
        )

    def _attached(self, part: email.message.Message, kind: str, layer: int, depth: int) -> None:
        name = header_text(part.get_filename() or part.get_param("name") or "", self.faults)
        data = _payload(part)
        if name.lower().endswith(".eml") and depth < bounds.DEEPEST_PART:
            self._forwarded(parsed(data, self.faults), depth)
            return
        if name.lower() == "winmail.dat" or kind in {"application/ms-tnef", "application/vnd.ms-tnef"}:
            self._tnef(data, layer)
            return
        self._file(name, kind, data, inline=_is_inline(part))

    def _attach(self, attachment: Attachment, data: bytes) -> None:
        self.attachments.append(attachment)
        self.files.append(data)

    def _file(self, name: str, kind: str, data: bytes, inline: bool) -> None:
        shown = name or "névtelen melléklet"
        if is_decoration(name, kind, len(data), inline):
            self._attach(Attachment(shown, kind, len(data), decoration=True), data)
            return
        try:
            parts = self._contents(name, kind, data)
        except Unreadable as error:
            self._attach(Attachment(shown, kind, len(data), trouble=str(error)), data)
            return
        self._attach(Attachment(shown, kind, len(data)), data)
        self._documents(shown, parts)

    def _contents(self, name: str, kind: str, data: bytes) -> list[tuple[str, list[Segment]]]:
        """The file's parts as (title, segments); raises `Unreadable`, also when too many were read before."""
        self.read_files += 1
        if self.read_files > bounds.MOST_FILES:
            raise Unreadable("túl sok melléklet")
        return read_attachment(name, kind, data)

    def _documents(self, shown: str, parts: list[tuple[str, list[Segment]]]) -> None:
        """A layer for each part (title, segments) of the file that people know as `shown`."""
        if len(parts) > bounds.MOST_SHEETS:
            self.faults.append(bounds.SHEETS)
        for title, content in parts[: bounds.MOST_SHEETS]:
            place = f"melléklet: {shown}" + (f" / {title}" if title else "")
            self.layers.append(Layer("document", None))
            splitter = Splitter(place, False, self.own, document=True, layers=self.layers, blocks=self.blocks)
            splitter.split(self._bounded(content), len(self.layers) - 1)

    def _tnef(self, data: bytes, layer: int) -> None:
        """winmail.dat: the files that Outlook wrapped into it, and its text when the mail has none of its own."""
        if len(data) > bounds.LARGEST_FILE:
            self._closed_tnef(data, "túl nagy a fájl")
            return
        try:
            # only for what some Outlooks wrap as winmail.dat
            from tnefparse import TNEF

            tnef = TNEF(data, do_checksum=False)
            self._wrapped_files(tnef)
            if not any(b.lines and b.role is not Role.SUBJECT for b in self.blocks):
                self._wrapped_text(tnef.body or tnef.htmlbody or b"", layer)
        except Exception as error:  # tnefparse raises struct.error, ValueError and more on broken input
            self._closed_tnef(data, f"hibás fájl ({type(error).__name__})")

    def _closed_tnef(self, data: bytes, trouble: str) -> None:
        """A winmail.dat that stays as it came; `trouble` says why."""
        self._attach(Attachment("winmail.dat", "application/ms-tnef", len(data), trouble=trouble), data)

    def _wrapped_files(self, tnef: Any) -> None:
        """The files in a `tnefparse.TNEF`, which has no types."""
        if len(tnef.attachments) > bounds.MOST_WRAPPED:
            self.faults.append(bounds.WRAPPED)
        for wrapped in tnef.attachments[: bounds.MOST_WRAPPED]:
            name = str(wrapped.long_filename() or wrapped.name)
            self._file(name, "application/octet-stream", bytes(wrapped.data), inline=False)

    def _wrapped_text(self, body: str | bytes, layer: int) -> None:
        text = self._taken(body if isinstance(body, str) else decode(body))
        content = self._page(text)[1] if "<html" in text[:2_000].lower() else [Segment(lines=text.split("\n"))]
        splitter = Splitter("levéltörzs", False, self.own, layers=self.layers, blocks=self.blocks)
        splitter.split(self._bounded(content), layer)


def _length(segment: Segment) -> int:
    return sum(map(len, segment.lines)) + sum(len(cell) for row in segment.rows for cell in row)


def _children(part: email.message.Message) -> Iterator[email.message.Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (child for child in payload if isinstance(child, email.message.Message))


def _payload(part: email.message.Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _disposition(part: email.message.Message) -> str:
    return str(part.get("Content-Disposition") or "").strip().lower()


def _is_attached(part: email.message.Message) -> bool:
    return _disposition(part).startswith("attachment") or bool(part.get_filename())


def _is_inline(part: email.message.Message) -> bool:
    return bool(part.get("Content-ID")) or _disposition(part).startswith("inline")


def _unflow(text: str, part: email.message.Message) -> list[str]:
    """The lines of a plain text; soft breaks of format=flowed joined (RFC 3676)."""
    lines = text.split("\n")
    if str(part.get_param("format") or "").lower() != "flowed":
        return [line.rstrip() for line in lines]
    return [line.rstrip() if line != "-- " else line for line in _joined(lines)]


def _joined(lines: list[str]) -> list[str]:
    joined: list[list[str]] = []
    soft = False
    for line in lines:
        line = line[1:] if line.startswith(" ") else line
        if soft and not line.startswith(">"):
            joined[-1].append(line.rstrip() if line == "-- " else line)
        else:
            joined.append([line])
        soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
    return ["".join(pieces) for pieces in joined]
