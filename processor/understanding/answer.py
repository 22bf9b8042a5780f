"""A later mail of a case as its sender meant it: what it gives, takes back, corrects. Pure; what it changes is decided in `cases.merge`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from processor.reading import Mail, Role
from rules.hungarian.courses import refused
from rules.hungarian.words import fold
from rules.model import BODY, Applicant, Open, Value

from . import forms, persons, reader
from .assemble import applicants as assemble_applicants
from .draft import Findings, Loose, evidence
from .reader import Known

_WITHDRAWN = re.compile(
    r"\b(?:megsem (?:ker|kell|szukseg|akar|aktualis)\w*|visszavon\w*|targytalan\w*|elall\w* a kerelem|eltekint\w*|torolj(?:ek|uk)|megis ne|nem kerjuk (?:mar )?(?:a |az )?(?:regisztr|felvetel|kerelm)|mar nem (?:kell|szukseges|kerjuk|dolgozik|aktualis))"
)
_CORRECTION = re.compile(
    r"elir\w*|helyesen|helyesbit\w*|javit\w*|teves\w*|hibas\w*|pontosit\w*|modosit\w*|rosszul|elgepel\w*|felreert\w*|csere\w*|helyett|nem az?\b"
)
_ADDS = re.compile(
    r"\b(?:is\b|melle|tovabba|plusz|meg (?:a|az|kell|egy)|ezenkivul|ezen felul|valamint|kiegeszit|hozza)"
)
_RENAMES = re.compile(
    r"\bnev\w*\b[^.!?]{0,40}\b(?:helyesen|valojaban|pontosan|elirt\w*|rosszul|hibas\w*|teves\w*)|\b(?:elirt\w*|helyesen|rosszul|hibasan|tevesen)\b[^.!?]{0,40}\bnev\w*"
)


_THANKS = re.compile(
    r"koszon(?:om|juk|ettel|et)|koszi|kosz\b|rendben|megkaptam|megkaptuk|tudomasul v|vettem|vettuk|ok\b|oke\b|"
    r"megerkezett|megjott|sikerult|thank"
)
_GREETING = re.compile(r"(?:tisztelt|kedves|szia|hello|jo (?:napot|reggelt|estet))")
_DATA = re.compile(r"\?|\bpir\b|\b\d{6}\b|@|csatol|mellekel")
_ASKS = re.compile(r"\bker(?:em|juk|nem|nenk|ek|dez|des)\w*|szeretn|tananyag|megsem|nem tud|helyesen|kimaradt|potol")
_PROMISE = re.compile(
    r"\b(?:hamarosan|rovidesen|majd|holnap|jovo heten|kesobb|amint)\b[^.!?]{0,60}\b(?:potol|kuld|megkuld|valaszol)"
)
_LONGEST_THANKS = 700  # characters
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """`found`: what was read; `open`: what nothing accounts for; `refused`: programs taken back; `renamed`: right names given in the place of wrong ones.

    `adds`: a program named is one more; `corrects`: a value named is in the place of another; `asks`: a question mark; `strangers`: people spoken of whom
    the case does not know.
    """

    found: Findings
    open: tuple[Open, ...] = ()
    refused: frozenset[str] = frozenset()
    renamed: tuple[Value, ...] = ()
    withdraws: bool = False
    corrects: bool = False
    adds: bool = False
    thanks: bool = False
    asks: bool = False
    strangers: tuple[Open, ...] = ()

    def newcomers(self, mail: Mail, drafts: list[object], alone: bool) -> list[Applicant]:
        """Applicants of drafts that are nobody's of the case. `alone`: loose programs are the only newcomer's."""
        mine = Findings(drafts, self.found.loose, self.found.programs if alone else [])  # type: ignore[arg-type]
        return assemble_applicants(mail, mine)

    def loose(self, field: str) -> list[Loose]:
        """Values of a field that stand in the body for nobody in particular; labelled ones alone where there are any."""
        items = [item for item in self.found.loose if item.name == field and item.value.evidence.standing == 3]
        return [item for item in items if item.value.labelled] or items


def read(mail: Mail, own: frozenset[str], expected: frozenset[str], case: Sequence[Known]) -> Reply:
    """`expected`: fields that our letter asked for, whose bare values count; `case`: its applicants."""
    understood = reader.read(forms.plain(mail), own, case, expected)
    body = own_words(mail)
    return Reply(
        understood.found,
        understood.open,
        refused("\n".join(line for b in mail.blocks if b.role is Role.BODY for line in b.lines)),
        tuple(_renamed(mail)),
        withdraws=bool(_WITHDRAWN.search(body)),
        corrects=bool(_CORRECTION.search(body)),
        adds=bool(_ADDS.search(body)),
        thanks=not _says_more(understood) and is_thanks(body),
        asks="?" in body,
        strangers=understood.strangers,
    )


def own_words(mail: Mail) -> str:
    """The mail's own text with the line that begins its signature ("Köszönjük szépen!" may be all there is), folded."""
    own = [line for b in mail.blocks if b.layer == 0 and b.role is Role.BODY for line in b.lines]
    signed = [b.lines[0] for b in mail.blocks if b.layer == 0 and b.role is Role.SIGNATURE and b.lines]
    return "\n".join(fold(line) for line in (*own, *signed[:1]))


def _says_more(understood: reader.Read) -> bool:
    """Whether a mail of thanks names somebody new, a program or a value as well."""
    found = understood.found
    own = [item for item in found.loose if item.value.evidence.standing == BODY]
    return bool(found.drafts or found.programs or own)


def is_thanks(body: str) -> bool:
    """Thanks or "noted", perhaps with a promise to answer later, with no request and no data. `body` is folded."""
    if len(body) >= _LONGEST_THANKS or not _THANKS.search(body):
        return False
    if _PROMISE.search(body):
        return not _DATA.search(body)
    said = [part.strip() for part in _SENTENCE_END.split(body) if part.strip() and not _GREETING.match(part.strip())]
    rest = [part for part in said if not _THANKS.search(part) and len(part.split()) > _FEW_WORDS]
    return len(rest) <= 1 and not _DATA.search(body) and not _ASKS.search(body)


def _renamed(mail: Mail) -> list[Value]:
    """ "a nevét elírtam, helyesen Vassy Hajnalka": the right name is the last one of the sentence."""
    out = []
    for block in mail.blocks:
        if block.layer or block.role is not Role.BODY:
            continue
        for index, line in enumerate(block.lines):
            if _RENAMES.search(fold(line)) and (spotted := persons.find(line)):
                name = spotted[-1].name
                out.append(Value(name, evidence(block, index, line), name, labelled=True))
    return out
