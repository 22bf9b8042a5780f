"""Units to applicants: who is meant, in which role, and whose everything else is, by a closed list of reasons (READER.md).

What finds no owner, no explanation and no place stays open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from processor.reading import Mail, Role
from rules.hungarian import clerks as clerk
from rules.hungarian.addresses import spells, tokens
from rules.hungarian.offices import examples
from rules.hungarian.lexicon import load
from rules.hungarian.words import fold, is_ending, short
from rules.model import Open, Value
from rules.hungarian.names import same_name, eastern, given, given_names, is_full, nicknames, parts, tidy

from . import grids, mentions, persons, units
from .cells import note_clerk
from .draft import Draft, Findings, Loose, mention
from .mentions import Mention
from .people import is_first_person
from .units import Unit, Units

_CLAUSE = re.compile(r"[,;:()]|\s[–-]\s|\b(?:viszont|pedig|de|hanem|mig|ellenben|azonban|ugyanakkor)\b")
_CONTRAST = re.compile(r";|\b(?:viszont|pedig|de|hanem|mig|ellenben|azonban|ugyanakkor|most|inkabb|helyette|csak|kizarolag)\b")
_ENUMERATES = re.compile(r"^[\s,;/()\[\]]*(?:\S+@\S+[\s,;/()\[\]]*)?(?:es|valamint|illetve|meg|tovabba|,|;)?[\s,;/()\[\]]*(?:a|az|dr\.?)?\s*$")


@cache
def _words(section: str, name: str) -> re.Pattern[str]:
    table: dict[str, Any] = load("roles.toml").data[section]
    return re.compile("|".join(rf"\b{re.escape(w)}" for w in sorted(table[name], key=len, reverse=True)))


@cache
def _pronouns() -> frozenset[str]:
    return frozenset(load("roles.toml").data["pronoun"]["words"])


_PLAIN = frozenset("szakrendszer modul tananyag kepzes kurzus az azt ezek ezen azon belul tovabba pedig viszont neki csak egyedul ugyancsak ahhoz hozza illetve vagyis azaz is de ill programok tananyagok anyaga anyagara".split())
_MYSELF = re.compile(
    r"\b(?:regisztraciom|regisztralasom|felvetelem|hozzaferesem|beiratasom|beiskolazasom|magam(?:at|nak|ra|hoz)|sajat (?:regisztr|hozzafer|fiok|reszem)|reszemre|szamomra|engem|jomagam|alulirott\b.*(?:reszemre|magam|regisztraciom)|szeretnek (?:regisztralni|jelentkezni|hozzaferni|csatlakozni|beiratkozni|bekerulni|tanulni))"
)
_ORDINAL = re.compile(r"\b(?P<word>elso|masodik|harmadik|negyedik|elobbi|utobbi|utobb|legutolso|utolso)(?:n[ae]k|t|k[ae]t)?(?P<pair>\s+(?:ketto|ket)\w*)?")
_LEARNS = re.compile(r"regisztr|felven|felvetel|beirat|hozzafer|beiskolaz|fiok|tananyag|kepzes|tanfolyam|kurzus|oktat|tanul|pm-\d{4}|szakrendszer|modul")
_NO_NAMES = frozenset("kedves tisztelt ket harom negy jelszo udv mivel mert ezert nala neki".split())


@dataclass(slots=True)
class Referent:
    """Somebody who is named. `at`: (unit, start, end) of each whole name; `role`: "" until decided."""

    name: str
    at: list[tuple[int, int, int]] = field(default_factory=list)
    sure: bool = False
    role: str = ""
    layer: int = 0
    aliases: list[str] = field(default_factory=list)
    called: set[str] = field(default_factory=set)  # nicknames given behind the name: "Garay Bianka (Bia)"

    @property
    def words(self) -> frozenset[str]:
        return frozenset(fold(p) for p in parts(self.name))


@dataclass(slots=True)
class Read:
    """What was read: findings as the assembly takes them, and what is left open."""

    found: Findings
    open: list[Open]


class Reader:
    def __init__(self, mail: Mail, own: frozenset[str], known: tuple[str, ...] = ()) -> None:
        self.mail, self.own = mail, own
        self.units: Units = units.split(mail)
        for number, block in self.units.tables:
            grids.read(number, block, self.units)
        self.mentions: dict[int, list[Mention]] = {u.index: mentions.find(u) for u in self.units.all}
        self.found = Findings()
        self.open: list[Open] = []
        self.people: list[Referent] = []
        self.drafts: dict[int, Draft] = {}
        self.known = known
        self.nobody = own | examples()
        self.writer: Referent | None = None
        self.refused: set[str] = set()
        self.several_bodies = False
        self.addresses_used: set[str] = set()

    # ------------------------------------------------------------ the whole

    def _lists(self) -> None:
        """Lines of one paragraph that each begin with somebody's name are items; so is a line of a name with the lines
        of data below it."""
        box = max(self.units.boxes, default=0)
        for number, members in list(self.units.boxes.items()):
            begins = [u for u in members if u.sort == "sentence" and u.own and any(m.sort == "person" and m.start <= 3 for m in self.mentions[u.index])]
            lines = {u.line for u in begins}
            if not begins or (len(lines) < 2 and not self._heads_block(begins[0], members)):
                continue
            current = number
            for u in members:
                if any(u is b for b in begins):
                    box += 1
                    current = box
                if current != number:
                    moved = replace(u, box=current, sort="item" if u.sort == "sentence" else u.sort)
                    self.units.all[u.index] = moved
                    self.units.boxes.setdefault(current, []).append(moved)
            self.units.boxes[number] = [u for u in members if self.units.all[u.index].box == number]

    def _heads_block(self, unit: Unit, members: Sequence[Unit]) -> bool:
        """A name alone on its line, with short lines of data below."""
        below = [u for u in members if u.index > unit.index]
        return len(unit.text) < 60 and bool(below) and all(len(u.text) < 140 for u in below) and unit.line != below[0].line

    def _headings(self) -> None:
        """What stands below a label without a value is its value: "Igényelt tananyagok:" and a list."""
        label, block, left = "", -1, 0
        for u in list(self.units.all):
            if u.sort == "heading":
                label, block, left = u.label, u.block, 12 if u.label == "programs" else 1
            elif label and u.block == block and left and u.sort in {"item", "sentence"} and not u.label and len(u.text) < 160:
                own = [m.sort for m in self.mentions[u.index]]
                if u.sort == "sentence" and (label != "programs" and "person" in own and label != "name"):
                    label = ""
                    continue
                if label == "programs" and (u.sort == "sentence" and not ("program" in own) or "person" in own):
                    label = ""
                    continue
                moved = replace(u, label=label, sort="label")
                self._put(u, moved)
                self.mentions[u.index] = mentions.find(moved)
                left -= 1
            elif u.label:
                label = ""

    def _put(self, old: Unit, new: Unit) -> None:
        self.units.all[old.index] = new
        members = self.units.boxes[old.box]
        self.units.boxes[old.box] = [new if u.index == old.index else u for u in members]

    def read(self) -> Read:
        self._headings()
        self._lists()
        self._clerks()
        self._gather()
        self._birth_names()
        self._find_writer()
        self._roles()
        self._make_drafts()
        self._attach_addresses()
        self._attach_programs()
        self._attach_places()
        self._leftovers()
        return Read(self.found, list(dict.fromkeys(self.open)))

    def _left(self, unit: Unit, text: str, why: str) -> None:
        self.open.append(Open(short(text, 100), f"{unit.source.place}, {unit.source.first_line + unit.line}. sor", why))

    # ------------------------------------------------------------ who is named

    def _clerks(self) -> None:
        for unit in self.units.all:
            if unit.label in {"clerk_name", "clerk_email"}:
                note_clerk(unit.text, self.found)
            elif clerk.says_clerk(unit.text) or "jegyzo" in unit.folded:
                note_clerk_in(unit, self.mentions[unit.index], self.found)

        for above, unit in zip(self.units.all, self.units.all[1:], strict=False):
            if above.block == unit.block and unit.line - above.line <= 1 and len(unit.text) < 60 and clerk.says_clerk(unit.text):
                if not any(m.sort == "person" for m in self.mentions[unit.index]):
                    self.found.clerks += [m.text for m in self.mentions[above.index] if m.sort == "person" and len(above.text) < 60]

    def _gather(self) -> None:
        self._apart()
        for unit in self.units.all:
            for m in self.mentions[unit.index]:
                if m.sort == "person":
                    self._refer(m, unit)

    def _apart(self) -> None:
        """ "keresztnév: Melinda, vezetéknév: Huszár-Búzási": one person of two labels."""
        for members in self.units.boxes.values():
            halves = {u.label: u for u in members if u.label in {"surname", "given"} and u.sort == "label"}
            if len(halves) == 2:
                name = tidy(f"{halves['surname'].text} {halves['given'].text}")
                unit = halves["surname"]
                m = Mention("person", unit.index, 0, len(unit.text), name, sure=True)
                self.mentions[unit.index].append(m)

    def _refer(self, m: Mention, unit: Unit) -> None:
        if fold(m.text.split()[0]) in _NO_NAMES:
            return
        words = frozenset(fold(p) for p in parts(m.text))
        known = next((r for r in self.people if words == r.words or (len(words) > 1 and len(r.words) > 1 and (words <= r.words or r.words <= words))), None)
        if known is None:
            known = Referent(m.text, layer=unit.layer)
            self.people.append(known)
        elif len(m.text) > len(known.name) or (m.sure and not known.sure):
            known.name = m.text if len(words) >= len(known.words) else known.name
        known.at.append((unit.index, m.start, m.end))
        if nick := re.match(r"\s*\((?:becenev\w*:?\s*)?([^\W\d_]{2,12})\)", unit.text[m.end :]):
            known.called.add(fold(nick.group(1)))
        known.sure = known.sure or m.sure

    def _birth_names(self) -> None:
        """Another name of a person in the same box: a label of the name at birth, or "született X", "leánykori nevén X"."""
        for unit in self.units.all:
            if unit.label == "birth_name" or (unit.said and re.search(r"leany|szulet|lany", fold(unit.said))):
                mates = [r for r in self.people if any(self.units.all[u].box == unit.box for u, _, _ in r.at)]
                if len(mates) == 1 and (name := persons.loose(unit.text)):
                    mates[0].aliases.append(name)
        for r in list(self.people):
            for u, start, _ in r.at:
                before = self.units.all[u].folded[max(0, start - 30) : start]
                if re.search(r"\b(?:szuletett|szul\.?|leanykori|lanykori|leanynev|szuletesi|ne\.)\W*(?:nev\w*)?\W*(?:is|ugyanez)?\W*$", before):
                    mates = [p for p in self.people if p is not r and any(self.units.all[x].box == self.units.all[u].box for x, _, _ in p.at)]
                    nearest = [p for p in mates if any(x == u and s < start for x, s, _ in p.at)] or mates
                    if nearest:
                        nearest[-1].aliases.append(r.name)
                    if len(r.at) == 1 and r in self.people:
                        self.people.remove(r)
                    break

    def _find_writer(self) -> None:
        """Who wrote: the signature's name, else the display name (POLICY section 2); of the letter within that asks in the
        first person, where the mail itself does not."""
        self.layer = 0
        asking = [i for i in range(len(self.mail.layers)) if is_first_person("\n".join(u.text for u in self.units.all if u.own and u.layer == i))]
        if asking and 0 not in asking:
            self.layer = asking[0]
        signed = [r for r in self.people if any(self.units.all[u].layer == self.layer and self._signs(self.units.all[u]) for u, _, _ in r.at)]
        sender = self.mail.layers[self.layer].sender if self.layer else self.mail.sender
        by_name = [r for r in self.people if sender and sender.name and same_name(r.name, eastern(persons.loose(sender.name) or ""))]
        if signed or by_name:
            self.writer = (signed or by_name)[0]
            return
        name = persons.loose(sender.name) if sender and sender.name and persons.find(sender.name) else None
        if name and is_full(name):
            self.writer = Referent(eastern(tidy(name)), layer=self.layer)

    def _signs(self, unit: Unit) -> bool:
        if unit.role is Role.SIGNATURE:
            return True
        sender = self.mail.layers[unit.layer].sender if unit.layer < len(self.mail.layers) else None
        people = [m for m in self.mentions[unit.index] if m.sort == "person"]
        if unit.own and unit.sort == "sentence" and len(people) == 1 and len(unit.text) < len(people[0].text) + 8 and sender and same_name(eastern(sender.name), people[0].text):
            return True
        return unit.own and unit.last and unit.sort == "sentence" and len(unit.text) < 45 and unit.layer == 0

    # ------------------------------------------------------------ in which role

    def _roles(self) -> None:
        strong, weak = self._first_person()
        for r in self.people:
            r.role = self._role(r)
        self._only_one()
        others = any(r.role in {"beneficiary", "open"} for r in self.people if r is not self.writer)
        if self.writer is not None and (strong or (weak and not others)):
            self.writer.role = "beneficiary"
            if self.writer not in self.people:
                self.people.append(self.writer)
        for r in self.people:
            if r.role == "open":
                unit = self.units.all[r.at[0][0]]
                self._left(unit, r.name, "nem derül ki, kérelmező-e")

    def _only_one(self) -> None:
        """Nobody else is named in a mail that asks for somebody: the one of whom nothing speaks against it."""
        if any(r.role == "beneficiary" for r in self.people):
            return
        left = [r for r in self.people if r.role == "open" and r is not self.writer]
        wish = any(u.own and _words("wish", "words").search(u.folded) and _LEARNS.search(u.folded) for u in self.units.all)
        if len(left) == 1 and wish and not any(self._against(left[0])):
            left[0].role = "beneficiary"

    def _against(self, r: Referent) -> Iterator[str]:
        for u, s, e in r.at:
            unit = self.units.all[u]
            if unit.own and (vote := self._vote(r, unit, s, e)) not in {"strong", "weak", ""}:
                yield vote

    def _first_person(self) -> tuple[bool, bool]:
        """Whether the writer asks for himself or herself: in so many words; or perhaps."""
        own = [u for u in self.units.all if u.own and u.layer == self.layer]
        strong = any(_MYSELF.search(u.folded) and _words("wish", "words").search(u.folded) for u in own)
        return strong, is_first_person("\n".join(u.text for u in own))

    def _is_clerk(self, r: Referent) -> bool:
        return any("@" not in c and r.words <= frozenset(fold(p) for p in parts(c)) for c in self.found.clerks)

    def _role(self, r: Referent) -> str:
        spots = [(self.units.all[u], s, e) for u, s, e in r.at]
        body = [(u, s, e) for u, s, e in spots if u.own and not (r is self.writer and self._signs(u))]
        if not body:
            return "writer" if any(self._signs(u) for u, _, _ in spots) else "subject" if spots and spots[0][0].role is Role.SUBJECT else "mentioned"
        votes = [self._vote(r, u, s, e) for u, s, e in body]
        votes += [v for u, s, e in self._called(r) if (v := self._vote(r, u, s, e)) != ""]
        if self._is_clerk(r) and not any(v == "strong" for v in votes):
            return "clerk"
        against = [v for v in votes if v not in {"strong", "weak", ""}]
        if "strong" in votes:
            return "open" if against and not all(v in {"office"} for v in against) else "beneficiary"
        if "weak" in votes and not against:
            return "beneficiary"
        if against:
            return "open" if "weak" in votes and set(against) <= {"office", "done"} else against[0]
        return "open"

    def _called(self, r: Referent) -> Iterator[tuple[Unit, int, int]]:
        """Where the person is named by a part of the name that nobody else bears."""
        for unit in self.units.all:
            if not unit.own or any(u == unit.index for u, _, _ in r.at):
                continue
            named = [(m.start, m.end) for m in self.mentions[unit.index] if m.sort in {"county", "body", "address", "person"}]
            for match in re.finditer(r"[^\W\d_]{3,}", unit.text):
                word = match.group()
                if not word[0].isupper() or any(s <= match.start() < e for s, e in named) or not _bears(r, word):
                    continue
                if sum(1 for p in self.people if _bears(p, word)) == 1:
                    yield unit, match.start(), match.end()
                    break

    def _vote(self, r: Referent, unit: Unit, start: int, end: int) -> str:
        """What one naming says: strong | weak | "" | why not."""
        if unit.label == "name":
            return "strong"
        clause = self._around(unit, start, end)
        here = self.mentions[unit.index]
        wanted = any(m.sort == "program" and self._wanted(unit, m) == "wanted" for m in here)
        alone = sum(1 for m in here if m.sort == "person") == 1
        whole = f"{fold(unit.said)} {unit.folded}"
        if alone and not wanted and _words("person", "contact").search(whole) and (any(m.sort == "address" for m in here) or re.search(r"\d{6}|\d[ /-]\d{3}", whole)):
            return "contact"
        if alone and not wanted and _words("person", "declined").search(whole):
            return "declined"
        after = unit.folded[end : end + 70]
        for sort in ("declined", "predecessor", "contact", "done"):
            if wanted and sort in {"declined", "done", "contact"}:
                continue
            if _words("person", sort).search(clause) or _words("person", sort).search(after.split(".")[0][:45]):
                return sort
        if _words("person", "office").search(unit.folded[max(0, start - 25) : start]) or _words("person", "office").match(after.lstrip(" ,(")):
            return "office"
        box = self.units.boxes[unit.box]
        held = [m for u in box for m in self.mentions[u.index]]
        others = {p.name for p in self.people for x, _, _ in p.at if self.units.all[x].box == unit.box} - {r.name}
        has_program = any(m.sort == "program" for m in held)
        has_address = any(m.sort == "address" and m.text not in self.nobody for m in held)
        if unit.sort in {"item", "cell", "line"} and not others and (has_program or has_address or unit.sort == "item"):
            return "strong"
        wish = bool(_words("wish", "words").search(unit.folded))
        if wish and (any(m.sort in {"program", "address"} for m in here) or re.search(r"regisztral|felven|felvetel|beirat|hozzafer|beiskolaz|fiok|bejelent", unit.folded)):
            return "strong"
        if any(m.sort in {"program", "address"} for m in here):
            return "weak"
        return "weak" if wish or unit.sort == "item" else ""

    def _around(self, unit: Unit, start: int, end: int) -> str:
        """The clause around a place."""
        left = max((m.end() for m in _CLAUSE.finditer(unit.folded, 0, start)), default=0)
        right = next((m.start() for m in _CLAUSE.finditer(unit.folded, end)), len(unit.folded))
        return unit.folded[left:right]

    # ------------------------------------------------------------ applicants

    def _make_drafts(self) -> None:
        chosen = [r for r in self.people if r.role == "beneficiary"]
        if not chosen and self.writer is None and self.mail.sender and any(self._first_person()):
            from rules.model import Evidence

            draft = Draft((0, 0, 0))
            where = Evidence("feladó", 1, self.mail.sender.address, 1)
            draft.add("email", Value(self.mail.sender.address, where, self.mail.sender.address))
            self.found.drafts.append(draft)
        for r in chosen:
            u = self.units.all[r.at[0][0]] if r.at else None
            order = (u.block, u.line, r.at[0][1]) if u else (0, 0, 0)
            draft = Draft(order, layer=r.layer, strong=True, aliases=list(r.aliases))
            where = u.evidence() if u else None
            if where is not None:
                draft.names.append(Value(eastern(r.name), where, r.name, labelled=True))
            else:
                from rules.model import Evidence

                draft.names.append(Value(eastern(r.name), Evidence("aláírás vagy feladó", 1, r.name, 1), r.name))
            self.drafts[id(r)] = draft
            self.found.drafts.append(draft)

    @property
    def applicants(self) -> list[Referent]:
        return [r for r in self.people if id(r) in self.drafts]

    def _named_in(self, unit: Unit) -> list[tuple[Referent, int]]:
        """The applicants of whom a unit speaks, with the place: by whole name, or by a given name, surname or nickname
        that only one of them bears."""
        out: list[tuple[Referent, int]] = [(r, s) for r in self.applicants for u, s, _ in r.at if u == unit.index]
        named = [(m.start, m.end) for m in self.mentions[unit.index] if m.sort in {"county", "body", "address", "program"}]
        for match in re.finditer(r"[^\W\d_]+", unit.text):
            word = match.group()
            if any(s <= match.start() < e for s, e in named):
                continue
            if (not word[0].isupper() and not unit.text.islower()) or any(s <= match.start() < s + len(r.name) + 4 for r, s in out):
                continue
            bearers = [r for r in self.applicants if _bears(r, word)]
            if len(bearers) == 1:
                out.append((bearers[0], match.start()))
        return sorted(out, key=lambda pair: pair[1])

    # ------------------------------------------------------------ whose is it

    def _owner(self, unit: Unit, at: int) -> tuple[list[Referent], str]:
        """Whose something at a place of a unit is, and by which reason; ([], "") when nothing says it."""
        groups = self._groups(unit)
        if not groups:
            return self._from_context(unit)
        if len(groups) == 1:
            people = groups[0][0]
            return people, "only person in the clause" if len(people) == 1 else "one request over several people"
        return self._among(unit, groups, at)

    def _groups(self, unit: Unit) -> list[tuple[list[Referent], int, int]]:
        """(people, start, end) of whom a unit speaks: people enumerated are one group; "mindketten", "az utóbbi"."""
        spots: list[tuple[list[Referent], int, int]] = [([r], s, s + len(r.name)) for r, s in self._named_in(unit)]
        spots += [(people, s, e) for people, s, e in self._counted(unit)]
        spots.sort(key=lambda spot: spot[1])
        out: list[tuple[list[Referent], int, int]] = []
        for people, start, end in spots:
            if out and _ENUMERATES.match(unit.folded[out[-1][2] : start]) and not self._things(unit, out[-1][2], start):
                out[-1] = ([*out[-1][0], *(p for p in people if p not in out[-1][0])], out[-1][1], end)
            else:
                out.append((people, start, end))
        return out

    def _things(self, unit: Unit, start: int, end: int) -> list[Mention]:
        return [m for m in self.mentions[unit.index] if m.sort == "program" and start <= m.start < end]

    def _counted(self, unit: Unit) -> Iterator[tuple[list[Referent], int, int]]:
        people = [r for r in self.applicants]
        if len(people) < 2:
            return
        if m := _words("all", "words").search(unit.folded):
            yield people, m.start(), m.end()
        for m in _ORDINAL.finditer(unit.folded):
            word, pair = m.group("word"), bool(m.group("pair"))
            if word in {"elobbi"} and len(people) == 2:
                yield people[:1], m.start(), m.end()
            elif word in {"utobbi", "utobb"}:
                yield (people[-2:] if pair else people[1:] if len(people) == 2 else people[-1:]), m.start(), m.end()
            elif word == "elso":
                yield people[: 2 if pair else 1], m.start(), m.end()
            elif word in {"masodik", "harmadik", "negyedik"}:
                n = ("masodik", "harmadik", "negyedik").index(word) + 1
                if n < len(people):
                    yield [people[n]], m.start(), m.end()
            elif word.endswith("utolso"):
                yield people[-2 if pair else -1 :], m.start(), m.end()

    def _among(
        self, unit: Unit, groups: Sequence[tuple[list[Referent], int, int]], at: int
    ) -> tuple[list[Referent], str]:
        """Several people in one sentence: each has what follows the own name, where something follows each; or what stands
        before it, where something stands before each."""
        ends = [s for _, s, _ in groups[1:]] + [len(unit.text) + 1]
        told = [bool(self._things(unit, s, e)) for (_, s, _), e in zip(groups, ends, strict=True)]
        later = [{id(r) for (people, _, _), has in zip(groups[i + 1 :], told[i + 1 :], strict=True) if has for r in people} for i in range(len(groups))]
        groups = [g for i, g in enumerate(groups) if told[i] or not {id(r) for r in g[0]} <= later[i]]
        if len(groups) == 1:
            return groups[0][0], "only person in the clause"
        bounds = [s for _, s, _ in groups] + [len(unit.text) + 1]
        after = [self._things(unit, bounds[i], bounds[i + 1]) for i in range(len(groups))]
        before = self._things(unit, 0, bounds[0])
        mine = max((i for i, s in enumerate(bounds[:-1]) if s <= at), default=-1)
        if re.search(r"\b(?:illetve|ill\.|sorrendben)\b", unit.folded) and not all(after):
            return [], ""
        if all(after) and not before and mine >= 0:
            return groups[mine][0], "only person in the clause"
        if before and not after[-1] and all(after[:-1]):  # "az ADÓ-t Anna, a Keretet Béla kéri"
            return groups[min(mine + 1, len(groups) - 1)][0], "only person in the clause"
        return [], ""

    def _from_context(self, unit: Unit) -> tuple[list[Referent], str]:
        """Nobody is named in the unit: its box, the sentence before, the only applicant."""
        box = [r for u in self.units.boxes[unit.box] for r, _ in self._named_in(u)]
        distinct = list({id(r): r for r in box}.values())
        if len(distinct) == 1 and unit.sort in {"item", "cell", "label", "line"}:
            return distinct, "own list item" if unit.sort != "cell" else "own cell or labelled block"
        if len(self.applicants) == 1:
            return self.applicants, "sole applicant"
        if distinct:
            before = [u for u in self.units.boxes[unit.box] if u.index < unit.index]
            last = next((people for u in reversed(before) if (people := self._named_in(u))), [])
            people = list({id(r): r for r, _ in last}.values())
            if len(people) == 1 and (unit.sort == "label" or self._has_pronoun(unit)):
                return people, "anaphora"
            if len(people) > 1:
                return [], ""
        return [], ""

    def _has_pronoun(self, unit: Unit) -> bool:
        return bool(_pronouns() & set(re.findall(r"[a-z-]+", unit.folded)[:8]))

    # ------------------------------------------------------------ addresses

    def _attach_addresses(self) -> None:
        loose: list[tuple[Unit, Mention]] = []
        for unit in self.units.all:
            for m in self.mentions[unit.index]:
                if m.sort != "address" or m.taken_back or m.text in self.nobody:
                    continue
                if not self._give_address(unit, m):
                    loose.append((unit, m))
        self._ordered(loose)
        if len(self.applicants) == 1 and "email" not in self.drafts[id(self.applicants[0])].values:
            self._sender_address(self.applicants[0])

    def _give_address(self, unit: Unit, m: Mention) -> bool:
        """True when the address has an owner or an explanation."""
        spelled = [r for r in self.applicants if spells(m.text, r.name)]
        if not unit.own:
            mine = [self.writer] if self.writer is not None and id(self.writer) in self.drafts and "sajat" in unit.folded else []
            for r in spelled if len(spelled) == 1 else mine:
                if "email" not in self.drafts[id(r)].values and not self._is_senders(m.text, r):
                    self._add(r, "email", m, unit)
            return True
        others = [r for r in self.people if id(r) not in self.drafts and any(u == unit.index for u, _, _ in r.at)]
        people = self._near_address(unit, m)
        if people and (not others or people[0] in spelled or self._right_behind(unit, m, people[0])):
            for r in people:
                self._add(r, "email", m, unit)
            return True
        if others or self._is_written_to(m.text) or _words("person", "contact").search(unit.folded):
            return not spelled or bool(others)
        if len(spelled) == 1:
            self._add(spelled[0], "email", m, unit)
            return True
        return False

    def _right_behind(self, unit: Unit, m: Mention, r: Referent) -> bool:
        """The address stands in brackets or right behind the name."""
        return any(r2 is r and 0 <= m.start - (s + len(r.name)) <= 12 for r2, s in self._named_in(unit))

    def _near_address(self, unit: Unit, m: Mention) -> list[Referent]:
        here = self._named_in(unit)
        if len({id(r) for r, _ in here}) > 1:
            near = [r for r, s in here if -2 <= m.start - (s + len(r.name)) <= 8]
            if len(near) == 1:
                return near
            before = [r for r, s in here if s <= m.start]
            addresses = [x for x in self.mentions[unit.index] if x.sort == "address"]
            if len(addresses) == len(here) and before and all(s < a.start for (_, s), a in zip(here, addresses, strict=True)) and all(a.start < s for a, (_, s) in zip(addresses, here[1:], strict=False)):
                return before[-1:]
            spelled = [r for r, _ in here if spells(m.text, r.name)]
            if len(spelled) == 1:
                return spelled
            if len(addresses) == 1 and _words("all", "words").search(unit.folded):
                return [r for r, _ in here]
            return []
        if here:
            return [here[0][0]]
        people, _ = self._from_context(unit)
        return people if len(people) == 1 else []

    def _is_written_to(self, address: str) -> bool:
        people = (*self.mail.to, *self.mail.cc, *((self.mail.sender,) if self.mail.sender else ()))
        return any(p.address == address for p in people) or address in self.found.clerks

    def _is_senders(self, address: str, r: Referent) -> bool:
        return self.mail.sender is not None and self.mail.sender.address == address and r is not self.writer

    def _ordered(self, loose: list[tuple[Unit, Mention]]) -> None:
        """Addresses listed in the order of the names (as many as people who lack one, none spelled as another's)."""
        lacking = [r for r in self.applicants if "email" not in self.drafts[id(r)].values]
        left = [(u, m) for u, m in loose if not self._is_written_to(m.text)]
        if left and len(left) == len(lacking) and len({u.block for u, _ in left}) == 1:
            fits = all(not any(spells(m.text, o.name) for o in self.applicants if o is not r) for r, (_, m) in zip(lacking, left, strict=True))
            if fits:
                for r, (u, m) in zip(lacking, left, strict=True):
                    self._add(r, "email", m, u)
                return
        for u, m in loose:
            self._left(u, m.text, "nem derül ki, kinek az e-mail-címe")

    def _sender_address(self, r: Referent) -> None:
        layers = self.mail.layers
        for sender in (layers[r.layer].sender if r.layer < len(layers) else None, self.mail.sender):
            if sender and sender.address and (r is self.writer or same_name(eastern(sender.name), r.name) or spells(sender.address, r.name)):
                from rules.model import Evidence

                self.drafts[id(r)].add("email", Value(sender.address, Evidence("feladó", 1, sender.address, 1), sender.address))
                return

    def _add(self, r: Referent, name: str, m: Mention, unit: Unit) -> None:
        if name == "email":
            self.addresses_used.add(m.text)
        self.drafts[id(r)].add(name, Value(m.text, unit.evidence(), m.text, labelled=True))

    # ------------------------------------------------------------ programs

    def _attach_programs(self) -> None:
        pending: list[tuple[Unit, Mention]] = []
        for unit in self.units.all:
            if unit.role in {Role.SIGNATURE, Role.LETTERHEAD, Role.SUBJECT}:
                continue
            for m in self.mentions[unit.index]:
                if m.sort != "program" or m.found is None:
                    continue
                verdict = self._wanted(unit, m)
                if verdict == "wanted" and self._is_about_others(unit):
                    self.refused |= set(m.found.programs)
                elif verdict == "wanted":
                    if not self._give_program(unit, m):
                        pending.append((unit, m))
                elif verdict == "refused":
                    self.refused |= set(m.found.programs)
                elif verdict == "open" and not self._has(m):
                    self._left(unit, unit.text, "nem egyértelmű, kérik-e")
        self._share(pending)
        self._residue()
        if not any(d.programs for d in self.drafts.values()):
            self._from_subject()

    def _residue(self) -> None:
        """A piece of an enumeration of programs in which no program was found may be one that the catalogue lacks."""
        for unit in self.units.all:
            wished = [m for m in self.mentions[unit.index] if m.sort == "program" and m.found is not None]
            if not unit.own or len(wished) < 2:
                continue
            start, end = wished[0].end, wished[-1].start
            at = start
            for piece in re.split(r"[,;/]|\bes\b|\bvalamint\b|\billetve\b|\bmeg\b", unit.folded[start:end]):
                left = at
                at = unit.folded.find(piece, left) + len(piece) if piece else at
                words = [w for w in re.findall(r"[a-z]{3,}", piece) if w not in _PLAIN and not _words("wish", "words").match(w)]
                inside = any(m.start < at and m.end > left for m in self.mentions[unit.index] if m.sort != "number")
                told = re.search(r"\b(?:es|majd|aki|akinek|ami|amely|ha|hogy|mert|is)\b|_", piece) or _words("wish", "refused").search(piece) or _words("wish", "done").search(piece)
                if 1 <= len(words) <= 3 and not inside and not told and not self._names_somebody(words):
                    self._left(unit, piece.strip(), "tananyag is lehet, amely nincs a katalógusban")

    def _names_somebody(self, words: Sequence[str]) -> bool:
        return any(_bears(r, w.capitalize()) for r in self.people for w in words)

    def _others_here(self, unit: Unit) -> bool:
        mine = {(u, s) for r in self.applicants for u, s, _ in r.at}
        return any(m.sort == "person" and (unit.index, m.start) not in mine for m in self.mentions[unit.index])

    def _is_about_others(self, unit: Unit) -> bool:
        """A sentence of people who are no applicants, and of nobody else."""
        return self._others_here(unit) and not self._groups(unit) and unit.sort == "sentence"

    def _from_subject(self) -> None:
        for unit in self.units.all:
            if unit.role is Role.SUBJECT:
                for m in self.mentions[unit.index]:
                    if m.sort == "program" and m.found is not None and len(self.applicants) == 1:
                        self._wish(self.applicants[0], unit, m)

    def _has(self, m: Mention) -> bool:
        """Whether the same program is asked for elsewhere in the mail."""
        assert m.found is not None
        return any(set(m.found.programs) & set(w.programs) for d in self.drafts.values() for w in d.programs)

    def _wanted(self, unit: Unit, m: Mention) -> str:
        """wanted | refused | open: by what the words of its clause say, else those of its side of a contrast."""
        listed = unit.sort in {"item", "cell", "label", "line"}
        folded = unit.folded
        for x in self.mentions[unit.index]:
            if x.sort == "program":
                folded = folded[: x.start] + "_" * (x.end - x.start) + folded[x.end :]
        for start, end in (self._clause(unit, m, _CLAUSE), self._clause(unit, m, _CONTRAST), (0, len(unit.folded))):
            said = _polarity(folded[start:end])
            if said == {"wish"}:
                return "wanted"
            if said and "wish" not in said:
                return "open" if said == {"maybe"} else "refused"
            if len(said) > 1:
                return "open"
        return "wanted" if listed or self._named_in(unit) or self._in_listing(unit) else "open"

    def _clause(self, unit: Unit, m: Mention, marks: re.Pattern[str]) -> tuple[int, int]:
        left = max((x.end() for x in marks.finditer(unit.folded, 0, m.start)), default=0)
        right = next((x.start() for x in marks.finditer(unit.folded, m.end)), len(unit.folded))
        return left, right

    def _in_listing(self, unit: Unit) -> bool:
        """A sentence of programs alone, below one that announces them."""
        words = [w for w in re.findall(r"[a-z]+", unit.folded) if len(w) > 3]
        return len(words) <= 6

    def _give_program(self, unit: Unit, m: Mention) -> bool:
        people, _ = self._owner(unit, m.start)
        for r in people:
            self._wish(r, unit, m)
        return bool(people)

    def _wish(self, r: Referent, unit: Unit, m: Mention) -> None:
        assert m.found is not None
        found = replace(m.found, start=0, end=len(m.text))
        self.drafts[id(r)].programs.append(mention(found, m.text, unit.evidence()))

    def _share(self, pending: list[tuple[Unit, Mention]]) -> None:
        """Programs of one request that names nobody are everybody's, where nobody has any of the own."""
        people = self.applicants
        if not people:
            for unit, m in pending:
                assert m.found is not None
                self.found.programs.append((mention(m.found, unit.text, unit.evidence()), (unit.block, unit.line, m.start), unit.layer))
            return
        own = [r for r in people if self.drafts[id(r)].programs]
        if pending and not own and len({u.box for u, _ in pending}) <= 2:
            for unit, m in pending:
                for r in people:
                    self._wish(r, unit, m)
            return
        for unit, m in pending:
            self._left(unit, m.text, "nem derül ki, kinek kérik")

    # ------------------------------------------------------------ bodies, PIR, county

    def _attach_places(self) -> None:
        fields = {"pir": "pir", "county": "county", "body": "municipality"}
        named = {m.text for u in self.units.all if u.own for m in self.mentions[u.index] if m.sort == "pir"}
        self.several_bodies = len(named) > 1
        for unit in self.units.all:
            for m in self.mentions[unit.index]:
                if m.sort not in fields or m.taken_back:
                    continue
                value = Value(m.text, unit.evidence(), m.text, labelled=m.sure or unit.sort == "label")
                owner = self._own_box(unit)
                if owner is not None:
                    self.drafts[id(owner)].add(fields[m.sort], value)
                else:
                    self.found.loose.append(Loose(fields[m.sort], value, (unit.block, unit.line, m.start), unit.layer))

    def _own_box(self, unit: Unit) -> Referent | None:
        """The applicant whose row or item it is, where there are several."""
        if len(self.applicants) < 2:
            return None
        if unit.sort == "sentence" and self.several_bodies:
            groups = self._groups(unit)
            return groups[0][0][0] if len(groups) == 1 and len(groups[0][0]) == 1 else None
        if unit.sort not in {"item", "cell", "label"}:
            return None
        people = {id(r): r for u in self.units.boxes[unit.box] for r, _ in self._named_in(u)}
        return next(iter(people.values())) if len(people) == 1 else None

    # ------------------------------------------------------------ what is left

    def _might_be(self) -> None:
        """Nothing is asked for that the mail might hold: an address, a program or a duty that nobody was given."""
        lacking = [r for r in self.applicants if "email" not in self.drafts[id(r)].values]
        sender = self.mail.sender.address if self.mail.sender else ""
        for unit in self.units.all if lacking else ():
            for m in self.mentions[unit.index]:
                if m.sort != "address" or m.text in self.nobody or m.text in self.addresses_used or m.taken_back:
                    continue
                named = [p for p in self.people if id(p) not in self.drafts and spells(m.text, p.name)]
                if not named and not any(m.text == p.address for p in self.mail.cc) and not (m.text == sender and not unit.own):
                    self._left(unit, m.text, "ez is lehet a hiányzó e-mail-cím")
        wanting = [r for r in self.applicants if not self.drafts[id(r)].programs]
        for unit in self.units.all if wanting else ():
            if unit.own and _words("wish", "duty").search(unit.folded) and not _words("wish", "refused").search(unit.folded):
                self._left(unit, unit.text, "ebből a tananyag is kiderülhet")
                break
        if not self.applicants:
            for r in self.people:
                if r.role not in {"writer", "clerk", "contact", "office"} and r is not self.writer:
                    unit = self.units.all[r.at[0][0]]
                    self._left(unit, r.name, "nem derül ki, kérelmező-e")

    def _leftovers(self) -> None:
        self._might_be()
        used = {re.sub(r"\D", "", v.text) for d in self.found.drafts for v in d.values.get("pir", ())}
        used |= {re.sub(r"\D", "", item.value.text) for item in self.found.loose if item.name == "pir"}
        for unit in self.units.all:
            if not unit.own:
                continue
            for m in self.mentions[unit.index]:
                if m.sort == "number" and m.text not in used:
                    self._left(unit, m.text, "PIR-szám is lehet")


def _polarity(folded: str) -> set[str]:
    """What a piece says of the programs in it: wish, refused, done, maybe."""
    out = {name for name in ("refused", "done", "maybe") if _words("wish", name).search(folded)}
    for name in ("refused", "done"):
        folded = _words("wish", name).sub(" ", folded)
    return out | ({"wish"} if _words("wish", "words").search(folded) else set())


def note_clerk_in(unit: Unit, found: Sequence[Mention], out: Findings) -> None:
    """Names and addresses that a sentence calls the clerk's."""
    people = [m for m in found if m.sort == "person"]
    for m in people:
        near = unit.folded[max(0, m.start - 30) : m.start] + " | " + unit.folded[m.end : m.end + 25]
        if re.search(r"jegyzo(?!i)", near):
            out.clerks.append(m.text)
    for m in found:
        if m.sort == "address" and re.search(r"jegyzo(?!i)", unit.folded[max(0, m.start - 60) : m.start]) and len(people) <= 1:
            out.clerks.append(m.text)


def _bears(r: Referent, word: str) -> bool:
    """Whether the word, whatever its ending, is a part of the name or a nickname of it."""
    folded = fold(word)
    if len(folded) < 3:
        return False
    bases = {folded, *(folded[:-n] for n in range(1, 5) if len(folded) - n >= 3 and is_ending(folded[-n:]))}
    if (base := given(word)) is not None:
        bases.add(fold(base))
    if bases & r.words or bases & r.called:
        return True
    if any(set(nicknames().get(b, ())) & r.words for b in bases):
        return True
    return word[0].isupper() and len(folded) <= 7 and any(w[:3] == folded[:3] and w in given_names() for w in r.words)
