"""Which of the people named in the text are applicants, and which of the scraps around them are theirs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from processor.reading import Mail, Role
from rules.hungarian import clerks
from rules.hungarian.addresses import spells
from rules.hungarian.names import given, is_full, nicknames, parts, same_name, words_of
from rules.hungarian.words import fold, is_ending, key
from rules.model import Value

from .draft import SINGLE, Draft, Findings, Loose, Scrap
from .positions import Positions
from .text import Person, Text

_SURE = 3  # cue from which a name is an applicant's even beside others
_LIKELY = 1

_FIRST_PERSON = re.compile(
    r"\b(?:regisztraciom(?:at|hoz)?|regisztralasom(?:at)?|felvetelem(?:et)?|reszemre|szamomra|nekem|hozzaferesem(?:et)?|beiratasom(?:at)?|beiskolazasom(?:at)?|sajat regisztracio|"
    r"szeretnek (?:regisztralni|hozzaferni|hozzaferest|jelentkezni|regisztralast|regisztraciot|beiratkozni|fiokot|csatlakozni|tanuloi)|szeretnem (?:elvegezni|kerni (?:a )?(?:regisztraciom|felvetelem|hozzaferes))|(?:kerek|igenyelek|kernek) (?:\w+ )?(?:regisztraciot|hozzaferest|belepest)(?! (?:az alabbi|a kovetkezo))|"
    r"alulirott|engem|jomagam|sajat magam|magamnak|a magam|en is\b|(?:e-?mail )?cimem\b|munkahelyem|adataim|uj (?:dolgozo|munkatars|ugyintezo|kollega)(?:kent)? vagyok|vagyok (?:uj )?(?:ugyintezo|eloado|munkatars|dolgozo)|kezdtem dolgozni|fiokomat?|fel(?:ve)?tetelemet)\b"
)
_FOR_OTHERS = re.compile(r"\b(?:kolleg\w+|munkatars\w+|dolgozo\w*|alabbi|reszere kerek|kovetkezo szemely\w*)\b")


def is_first_person(text: str) -> bool:
    """Whether the writer asks for himself or herself."""
    return bool(_FIRST_PERSON.search(fold(text)))


def gather(mail: Mail, text: Text, out: Findings, rows: Sequence[Draft]) -> None:
    """Adds the applicants of the text to `out.drafts`, and what belongs to nobody yet to `out.loose` and `out.programs`."""
    _Gatherer(mail, text, out, rows).run()


class _Gatherer:
    def __init__(self, mail: Mail, text: Text, out: Findings, rows: Sequence[Draft]) -> None:
        self.mail, self.text, self.out = mail, text, out
        self.rows = list(rows)
        self.drafts: list[Draft] = []
        self.places = Positions(text)
        self.row_of: dict[tuple[str, ...], Draft] = {}
        for row in rows:
            self.row_of.setdefault(words_of(row.name), row)
        self.draft_of: dict[tuple[str, ...], Draft] = {}
        self.spelled: dict[str, list[Draft]] = {}  # address: those whose name it is spelled from
        self.bearers: dict[str, Draft | None] = {}  # word: the only one who bears that given name
        self.bearers_of: dict[int, tuple[list[tuple[int, int]], list[Draft | None]]] = {}  # the same by line
        self.clerks = frozenset(out.clerks)
        self.clerk_names = {words_of(c) for c in out.clerks if "@" not in c} - {()}
        self.recipients = frozenset(p.address for p in (*mail.to, *mail.cc))

    def run(self) -> None:
        self._choose()
        self._attach()
        self.out.drafts += self.drafts

    def _known(self, name: str) -> Draft | None:
        """The draft of that person, one of the text's before one of the tables'."""
        words = words_of(name)
        return (self.draft_of.get(words) or self.row_of.get(words)) if words else None

    def _spelled(self, address: str) -> list[Draft]:
        if address not in self.spelled:
            self.spelled[address] = spelled(address, (*self.drafts, *self.rows))
        return self.spelled[address]

    # -------------------------------------------------------------- who

    def _choose(self) -> None:
        text = self.text
        self._similar_addresses()
        people = [p for p in text.people if not self._is_clerk(p) or p.labelled]
        senders = {words_of(layer.sender.name) for layer in self.mail.layers if layer.sender} - {()}
        for p in people:
            role = text.lines[p.line].block.role
            if (
                not p.labelled
                and p.cue < 5
                and not text.lines[p.line].item
                and words_of(p.name) in senders
                and role is not Role.SUBJECT
            ):
                p.cue -= 3
        for p in people:
            if not p.labelled and p.cue < _SURE and self._signs(p):
                p.cue = min(p.cue, -3)
        for p, before in zip(people[1:], people, strict=False):
            if p.linked and p.line == before.line:  # an enumeration is asked for as one
                if before.cue >= _LIKELY and not p.labelled:
                    p.cue = max(p.cue, before.cue)
                elif p.cue >= _LIKELY and before.cue >= -1:
                    before.cue = max(before.cue, p.cue)
        body = [p for p in people if text.lines[p.line].block.role is not Role.SUBJECT]
        subject = [p for p in people if text.lines[p.line].block.role is Role.SUBJECT]
        chosen = [p for p in body if p.labelled or p.cue >= _SURE]
        if not any(p.name for p in chosen) and not self.rows:
            unnamed = chosen
            chosen = (
                [p for p in body if p.cue >= _LIKELY]
                or self._only([p for p in body if p.cue >= 0])
                or self._only([p for p in subject if p.cue > -3])
                or unnamed
            )
        elif not self.rows:
            lines = {p.line for p in chosen}
            chosen += [p for p in body if not p.labelled and 2 <= p.cue < _SURE and p.line in lines]
        # Tables name the applicants; the text counts for them, and for others only with data of their own
        if self.rows:
            rows = set(self.row_of) - {()}
            chosen = [p for p in body if (p.labelled and p.name) or p.cue >= 5 or words_of(p.name) in rows]
        picked = {id(p) for p in chosen}  # by identity: a list of thousands of people is compared once
        for p in sorted([*chosen, *self._nameless(chosen)], key=lambda p: (p.line, p.start)):
            self._mention(p)
        for p in people:
            if id(p) not in picked and p.name:
                draft = self._known(p.name)
                if draft is not None:
                    self.places.add(p, draft)

    def _nameless(self, chosen: list[Person]) -> list[Person]:
        """Items of a list of applicants with an address and a wish, but with no name that could be read: nobody of a list is passed over."""
        lines = self.text.lines
        listed = [p for p in chosen if lines[p.line].item and p.name]
        taken = {lines[p.line].group for p in self.text.people if p.name}
        wishing = {lines[s.line].group for s in self.text.scraps if s.program is not None}
        out = []
        for s in self.text.scraps:
            line = lines[s.line]
            if (
                s.field != "email"
                or s.value is None
                or not line.item
                or line.group in taken
                or line.block.role is not Role.BODY
                or not listed
            ):
                continue
            if line.group in wishing and s.value.text not in self.recipients and not clerks.says_clerk(line.text):
                taken.add(line.group)
                out.append(Person("", s.line, s.start, s.start, _SURE))
        return out

    def _signs(self, p: Person) -> bool:
        """A name alone on the last line, behind an empty one, of a mail that asks for others: its writer's."""
        lines = self.text.lines
        line = lines[p.line]
        if (
            line.block.role is not Role.BODY
            or p.line == 0
            or line.text.strip(" .,") != line.text[p.start : p.end].strip(" .,")
        ):
            return False
        follows = (
            p.line + 1 < len(lines)
            and lines[p.line + 1].number == line.number
            and lines[p.line + 1].block.role is Role.BODY
        )
        above = lines[p.line - 1]
        return (
            not follows
            and above.group != line.group
            and not above.text.rstrip().endswith(":")
            and above.number == line.number
        )

    def _only(self, people: list[Person]) -> list[Person]:
        """The people, if they are all one person."""
        return people if people and all(same_name(p.name, people[0].name) for p in people) else []

    def _similar_addresses(self) -> None:
        """A name whose own address stands in the same paragraph is an applicant's, wherever exactly the address stands."""
        lines = self.text.lines
        for p in self.text.people:
            if p.labelled or not p.name or lines[p.line].block.role in {Role.SIGNATURE, Role.LETTERHEAD, Role.SUBJECT}:
                continue
            for address in self.places.addresses.get(lines[p.line].group, ()) if -3 < p.cue < _SURE else ():
                if (address not in self.recipients or not clerks.is_clerk_address(address)) and spells(address, p.name):
                    p.cue = _SURE
                    break

    def _is_clerk(self, p: Person) -> bool:
        return bool(p.name) and p.cue < _SURE and words_of(p.name) in self.clerk_names

    def _mention(self, p: Person) -> None:
        line = self.text.lines[p.line]
        draft = self._known(p.name)
        if draft is None:
            draft = Draft(
                (line.number, line.index, p.start), layer=line.block.layer, strong=p.labelled or p.cue >= _SURE
            )
            if p.name and is_full(p.name):
                draft.names.append(Value(p.name, line.evidence(), p.name, labelled=p.labelled))
                self.draft_of.setdefault(words_of(p.name), draft)
            self.drafts.append(draft)
        self.places.add(p, draft)

    # -------------------------------------------------------------- what is whose

    def _attach(self) -> None:
        for scrap in self.text.scraps:
            owners = self._owners(scrap)
            if scrap.field == "birth_name":
                if owners and scrap.value:
                    owners[0].aliases.append(scrap.value.text)
            elif scrap.program is not None:
                for owner in owners:
                    owner.programs.append(scrap.program)
                if not owners:
                    line = self.text.lines[scrap.line]
                    self.out.programs.append((scrap.program, line.order, line.block.layer))
            elif scrap.value is not None:
                self._give(scrap, scrap.value, owners)

    def _give(self, scrap: Scrap, value: Value, owners: list[Draft]) -> None:
        line = self.text.lines[scrap.line]
        if scrap.field == "email":
            if self._is_contact(scrap, value):
                return
            several = len(self.rows) + len(self.drafts) > 1
            if (
                several
                and line.block.role is Role.BODY
                and self.places.emails[scrap.line] == 1
                and _ALL.search(fold(line.text))
            ):
                for draft in (*self.rows, *self.drafts):  # "mindkettőnknek ide lehet küldeni: ..."
                    if "email" not in draft.values:
                        draft.add("email", value)
                return
            if owners:
                owners[0].add("email", value)
                return
        elif len(owners) == 1 and self._is_own(scrap, owners[0]):
            owners[0].add(scrap.field, value)
            return
        self.out.loose.append(Loose(scrap.field, value, (line.number, line.index, scrap.start), line.block.layer))

    def _is_own(self, scrap: Scrap, owner: Draft) -> bool:
        """Municipality, PIR or county inside an applicant's own list item or labelled block; else it counts for
        everybody."""
        line = self.text.lines[scrap.line]
        here = self.places.by_group[line.group]
        if line.block.role in {Role.SUBJECT, Role.SIGNATURE, Role.LETTERHEAD}:
            return False
        if len({id(d) for _, d in here}) != 1:
            return False
        if any(p.labelled or self.text.lines[p.line].item for p, d in here if d is owner):
            return True
        return any(d is owner for _, d in self.places.by_line[scrap.line]) and len(self.drafts) + len(self.rows) > 1

    def _is_contact(self, scrap: Scrap, value: Value) -> bool:
        """The desk's, the clerk's, or an address for the answer: nobody's who is to be registered."""
        line = self.text.lines[scrap.line]
        folded = fold(line.text)
        near = folded[max(0, scrap.start - 50) : scrap.start + len(value.text) + 30]
        if (
            not scrap.labelled
            and re.search(
                r"visszajelz|valasz|ertesit|megkeres|erdeklod|keresheto|elerheto(?:k|seg)|jegyzo(?!i)\w* (?:e-?mail)?\s?cim|masolat",
                near,
            )
            and not re.search(r"azonosito", near)
        ):
            return not self._spelled(value.text)
        if value.text in self.clerks and not any(d.name and spells(value.text, d.name) for d in self.drafts):
            return True
        known = value.text in self.recipients or (
            self.mail.sender is not None and self.mail.sender.address == value.text
        )
        return not scrap.labelled and known and clerks.is_clerk_address(value.text)

    def _owners(self, scrap: Scrap) -> list[Draft]:
        """Whose a scrap is: one applicant's, several ones' (programs named behind them all), or nobody's in particular."""
        lines = self.text.lines
        line = lines[scrap.line]
        if line.block.role in {Role.SIGNATURE, Role.LETTERHEAD}:
            return self._spelled(scrap.value.text)[:1] if scrap.field == "email" and scrap.value else []
        same_line = self.places.by_line[scrap.line]
        if not same_line:
            same_line = self._by_given_name(scrap)
        if same_line:
            return self._among(scrap, same_line)
        here = self.places.by_group[line.group]
        here = [(p, d) for p, d in here if p.line < scrap.line] or here
        if here:
            last = max(p.line for p, _ in here)
            if scrap.field == "programs" and not scrap.labelled and _ALL.search(fold(line.text)):
                return _unique(d for _, d in here)
            return self._among(scrap, [(p, d) for p, d in here if p.line == last])
        if scrap.field == "email" and scrap.value:
            alike = self._spelled(scrap.value.text)
            if len(alike) == 1:
                return alike
            lacking = [d for d in self.drafts if "email" not in d.values and d.order < (line.number, line.index, 0)]
            if scrap.labelled and lacking and not self.rows:
                return lacking[-1:]
            return self.drafts[:1] if len(self.drafts) == 1 and not self.rows and line.block.role is Role.BODY else []
        if scrap.field == "programs":
            everybody = [*self.rows, *self.drafts]
            if len(everybody) == 1 and line.block.role is not Role.SUBJECT:
                return everybody
            above = [d for d in self.drafts if d.order < (line.number, line.index, 0)]
            if scrap.labelled and len(self.drafts) > 1 and above and self._next_to(above[-1], scrap):
                return above[-1:]
        return []

    def _next_to(self, draft: Draft, scrap: Scrap) -> bool:
        """The labelled block right behind an applicant's, with nobody between, and others after it."""
        line = self.text.lines[scrap.line]
        mine = self.places.last_group.get(id(draft), -9)
        return (line.group - mine <= 1 and any(d.order > (line.number, line.index, 0) for d in self.drafts)) or bool(
            line.group - mine <= 1 and not draft.programs and any(d.programs for d in self.drafts)
        )

    def _by_given_name(self, scrap: Scrap) -> list[tuple[Person, Draft]]:
        """ "Mónika saját címe", "Petrának az ELÜGY": a given name or nickname that only one applicant bears."""
        text = self.text.lines[scrap.line].text
        start = scrap.start or len(text)
        words, last = self._bearers(scrap.line)
        before = bisect_left(words, (start, 0))
        found = last[before]
        if before and words[before - 1][1] > start:  # within a word: its beginning alone
            found = self._bearer(text[words[before - 1][0] : start]) or last[before - 1]
        return [(Person(found.name, scrap.line, 0, 0, 0), found)] if found is not None else []

    def _bearers(self, line: int) -> tuple[list[tuple[int, int]], list[Draft | None]]:
        """The words of a line, as (start, end), and whom the last given name of its first n words names."""
        if line not in self.bearers_of:
            text = self.text.lines[line].text
            words = [match.span() for match in _LETTERS.finditer(text)]
            last: list[Draft | None] = [None]
            for begin, end in words:
                last.append(self._bearer(text[begin:end]) or last[-1])
            self.bearers_of[line] = words, last
        return self.bearers_of[line]

    def _bearer(self, word: str) -> Draft | None:
        if word not in self.bearers:
            self.bearers[word] = self._only_bearer(word)
        return self.bearers[word]

    def _only_bearer(self, word: str) -> Draft | None:
        base = given(word)
        folded = fold(base) if base is not None else _nickname(fold(word))
        if folded is None:
            return None
        names = {folded, *nicknames().get(folded, ())}
        fits = [d for d in (*self.drafts, *self.rows) if names & {fold(p) for p in parts(d.name)[1:]}]
        return fits[0] if len(fits) == 1 else None

    def _among(self, scrap: Scrap, candidates: list[tuple[Person, Draft]]) -> list[Draft]:
        drafts = _unique(d for _, d in candidates)
        if len(drafts) == 1:
            return drafts
        if scrap.field == "email" and scrap.value:
            alike = [d for d in drafts if d.name and spells(scrap.value.text, d.name)]
            only = self.places.emails[scrap.line] == 1
            if _ALL.search(fold(self.text.lines[scrap.line].text)) and (only or len(alike) != 1):
                for draft in drafts:
                    draft.add("email", scrap.value)
                return []
            if len(alike) == 1:
                return alike
        on_line = [(p, d) for p, d in candidates if p.line == scrap.line]
        before = [(p, d) for p, d in on_line if p.start < scrap.start]
        if scrap.field == "programs":
            return self._by_name_alone(scrap, drafts, before) or self._whose_programs(
                scrap, on_line or candidates, before
            )
        if scrap.field in SINGLE and scrap.field != "email":
            return drafts
        return [before[-1][1]] if before else [on_line[0][1]] if on_line else [candidates[-1][1]]

    def _by_name_alone(self, scrap: Scrap, drafts: list[Draft], before: list[tuple[Person, Draft]]) -> list[Draft]:
        """ "Réka a Gazdálkodás teljes, Imola a Hagyaték képzést": the nearest given name behind the full names, if one of theirs."""
        start = max((p.end for p, _ in before), default=0)
        for word in reversed(_LETTERS.findall(self.text.lines[scrap.line].text[start : scrap.start])):
            if not word[0].isupper() or (base := given(word)) is None:
                continue
            fits = [d for d in drafts if fold(base) in {fold(p) for p in parts(d.name)[1:]}]
            return fits if len(fits) == 1 else []
        return []

    def _whose_programs(
        self, scrap: Scrap, people: list[tuple[Person, Draft]], before: list[tuple[Person, Draft]]
    ) -> list[Draft]:
        """Programs behind an enumeration of people are everybody's in it; behind one person of several, that one's."""
        if not before:
            return _unique(d for _, d in people)
        text, wishes = self.text.lines[scrap.line].text, self.places.wishes[scrap.line]
        chain = [before[-1][1]]
        for (p, d), (q, _) in zip(reversed(before[:-1]), reversed(before), strict=False):
            if bisect_left(wishes, p.end) < bisect_left(wishes, q.start):
                break  # programs of their own stand between them
            if not (q.linked or _joined(text[p.end : q.start])):
                break
            chain.append(d)
        return _unique(reversed(chain))


_LETTERS = re.compile(r"[^\W\d_]+")


def _nickname(folded: str) -> str | None:
    """The nickname that a word is, whatever ending it stands with: "lacinak"."""
    if folded in nicknames():
        return folded
    return next((folded[:-n] for n in range(1, 5) if folded[:-n] in nicknames() and is_ending(folded[-n:])), None)


_ALL = re.compile(
    r"\b(?:mindket|mindharom|mindnegy|mindny|mindannyi|mindenki|valamennyi(?:uk|en)|mindegyik|kozos e?-?mail|fentiek|nevezettek|mindenkinek)"
)


def _joined(between: str) -> bool:
    """Only an address or brackets stand between two people of one enumeration."""
    rest = re.sub(r"\([^)]*\)|\S+@\S+|e-?mail(?:ek)?:?", " ", between)
    return not re.search(r"[.;!?]", rest) and all(
        w in {"es", "valamint", "illetve", "meg", "tovabba", "a", "az"} for w in key(rest).split()
    )


def _unique(drafts: Iterable[Draft]) -> list[Draft]:
    return list({id(draft): draft for draft in drafts}.values())


def spelled(address: str, drafts: Iterable[Draft]) -> list[Draft]:
    """Those whose name the address is spelled from."""
    return [d for d in drafts if d.names and spells(address, d.names[0].text)]
