"""Finding programs in text; what they are called is in `wordings.py`.

`find(text, where)` reads a text and gives the programs wished for in it. How freely wordings count depends on where
the text
stands: under a label or in a column of programs everything is a program; in running text only unmistakable names are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from rules.hungarian.catalogue import Phrase, phrases, programs
from rules.hungarian.lexicon import load
from rules.hungarian.words import fold, is_ending, key

__all__ = ["Found", "Where", "find", "programs", "refused"]
Status = Literal["resolved", "ambiguous", "unknown"]


class Where(IntEnum):
    """How certain it is that a text speaks of programs."""

    PROSE = 0  # running text
    LIST = 1  # a list item or table cell of mixed content beside a person
    LABEL = 2  # under a label or in a column of programs: nothing else can stand there


@dataclass(frozen=True, slots=True)
class Found:
    """A wish for a program at text[start:end]."""

    status: Status
    programs: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    start: int
    end: int


@cache
def _by_initial() -> dict[str, list[Phrase]]:
    index: dict[str, list[Phrase]] = {}
    for phrase in phrases():
        index.setdefault(phrase.words[0][0], []).append(phrase)
    return index


@cache
def _filler() -> frozenset[str]:
    return frozenset(word for text in load("catalogue.toml")["filler"]["words"] for word in key(text).split())


@cache
def _context() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(key(word)) for word in load("catalogue.toml")["filler"]["context"]))


_WORD = re.compile(r"[a-z0-9]+")
_IDENTIFIER = re.compile(r"(?<![a-z0-9])p\s?m[\s.\-_/]*(\d{4})(?:[\s.\-_/]*(\d{4}))?(?:[\s.\-_/]*bs)?(?![a-z0-9])")
_TYPO_FROM, _TWO_TYPOS_FROM = (
    7,
    11,
)  # shorter words are too near each other for a typing error to be told from another word
_LABEL_TYPO_FROM = 5
_NO_TYPO = 99  # longer than any word


@lru_cache(maxsize=32768)
def _same(token: str, word: str, typo_from: int) -> bool:
    """Whether a word of the text is a word of the catalogue: exact, inflected, or mistyped."""
    if token == word:
        return True
    if token[0] != word[0]:
        return False
    if len(word) >= 3 and token.startswith(word) and is_ending(token[len(word) :]):
        return True
    if len(word) >= 6 and token.startswith(word) and re.match(r"[oea]?s[a-z]{0,4}$", token[len(word) :]):
        return True  # "érkeztetős", "portálosra"
    if len(word) < typo_from or abs(len(token) - len(word)) > 5 or token in _filler():
        return False
    limit = 2 if len(word) >= _TWO_TYPOS_FROM else 1
    lengths = range(len(token), len(word) - limit - 1, -1)
    return any(is_ending(token[n:]) and OSA.distance(token[:n], word, score_cutoff=limit) <= limit for n in lengths)


@lru_cache(maxsize=8192)
def _starters(token: str, typo_from: int) -> tuple[Phrase, ...]:
    return tuple(p for p in _by_initial().get(token[0], ()) if _same(token, p.words[0], typo_from))


def _tokens(folded: str) -> list[Token]:
    out: list[Token] = []
    for match in _WORD.finditer(folded):
        word, start = match.group(), match.start()
        # "VIR-t", "ELÜGY-et": what stands behind the hyphen is an ending of the word before it.
        if out and len(word) <= 4 and folded[start - 1] == "-" and out[-1].end == start - 1 and is_ending(word):
            out[-1] = Token(out[-1].word, out[-1].start, match.end())
        else:
            out.append(Token(word, start, match.end()))
    return out


@dataclass(frozen=True, slots=True)
class _Hit:
    phrase: Phrase | None  # None: an identifier
    programs: tuple[str, ...]
    first: int  # numbers of tokens, `last` inclusive
    last: int
    start: int
    end: int


def _scan(folded: str, tokens: list[Token], typo_from: int) -> list[_Hit]:
    """Every wording and identifier, leftmost longest."""
    identifiers = list(_IDENTIFIER.finditer(folded))
    hits: list[_Hit] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        match = next((m for m in identifiers if m.start() <= token.start < m.end()), None)
        if match is not None:
            last = i
            while last + 1 < len(tokens) and tokens[last + 1].start < match.end():
                last += 1
            hits.append(_Hit(None, _identified(match), i, last, match.start(), match.end()))
            i = last + 1
            continue
        phrase = _phrase_here(tokens, i, typo_from)
        if phrase is None:
            i += 1
            continue
        n = len(phrase.words)
        hits.append(_Hit(phrase, phrase.programs, i, i + n - 1, token.start, tokens[i + n - 1].end))
        i += n
    return hits


def _phrase_here(tokens: list[Token], i: int, typo_from: int) -> Phrase | None:
    """The wording that begins at a token: the one of most words; of two, the one that is written without a typing
    error."""
    best: Phrase | None = None
    for phrase in _starters(tokens[i].word, typo_from):
        n = len(phrase.words)
        if best is not None and (n < len(best.words) or not _is_here(phrase, tokens, i, _NO_TYPO)):
            continue
        if _is_here(phrase, tokens, i, typo_from) and not (phrase.level == 2 and _longer_next(tokens, i, n, typo_from)):
            if _is_here(phrase, tokens, i, _NO_TYPO):
                return phrase
            best = best or phrase
    return best


def _is_here(phrase: Phrase, tokens: list[Token], i: int, typo_from: int) -> bool:
    n = len(phrase.words)
    first = typo_from != _NO_TYPO or _same(
        tokens[i].word, phrase.words[0], typo_from
    )  # `_starters` has looked at it otherwise
    return (
        first
        and i + n <= len(tokens)
        and all(_same(tokens[i + k].word, phrase.words[k], typo_from) for k in range(1, n))
    )


def _longer_next(tokens: list[Token], i: int, n: int, typo_from: int) -> bool:
    """ "az összes irat modul": a better wording begins one word later and goes further than "az összes"."""
    if i + 1 >= len(tokens):
        return False
    return any(
        p.level < 2 and len(p.words) > n - 1 and _is_here(p, tokens, i + 1, typo_from)
        for p in _starters(tokens[i + 1].word, typo_from)
    )


def _identified(match: re.Match[str]) -> tuple[str, ...]:
    first, second = match.groups()
    return tuple(p for p in programs() if p.split("-")[1] == first and (second is None or p.split("-")[2] == second))


_SEPARATOR = re.compile(r"[,;/+&\n|•*]|\b(?:es|valamint|illetve|ill|meg|tovabba|plusz|vagy)\b")
_JOB = re.compile(
    r"^\W*(?:ugyintezo|eloado|referens|munkatars|munkakor|kezelo|szerkeszto|felelos|vezeto|osztaly|iroda|csoport|kolleg|dolgoz|"
    r"ugyosztaly|hatosag|tarsulas|feladat|beosztas|kezeles|ugyek)"
)
_REFUSED_AFTER = re.compile(
    r"^[^.!?\n]{0,45}?\b(?:(?:nem|sem)\s+(?:is\s+)?(?:ker|kell|szukseg|igeny|akar|szeretn|lesz\s+szukseg)|nincs\s+(?:ra\s+)?szukseg|nem\s+szukseges|"
    r"kivetelevel|nelkul|elvegezt(?:em|e|uk|ek|ette\w*)?\b|vegigcsinalt\w*|befejezt\w*|teljesitett\w*|mar\s+(?:megvan|elveg|hozzafer)|nem(?=\s*(?:[.,;!)]|$))|helyett\b)"
)
_EXCEPT_BEFORE = re.compile(
    r"(?:\bkiveve|\bkihagyva|\bnem\s+(?:ker(?:i|em|jem|juk|unk|nek)|kell|igenyl\w*|szukseges))\W+(?:(?:a|az|ki|neki|tovabbra|most)\W+)*$|\bnem\s+(?:a\s+|az\s+)?$"
)
_WANTED = re.compile(r"\b(?:ker|szeretn|igeny|kell|szukseg)")


def find(text: str, where: Where) -> list[Found]:
    """The programs wished for in `text`, in order. What is refused ("a VIR-t nem kérjük") is left out."""
    if not text:
        return []
    folded = fold(text)
    tokens = _tokens(folded)
    hits = _scan(folded, tokens, _LABEL_TYPO_FROM if where == Where.LABEL else _TYPO_FROM)
    chains = _chains(folded, hits)
    wanted: list[_Hit] = []
    for index, chain in enumerate(chains):
        before = folded[chains[index - 1][-1].end if index else 0 : chain[0].start]
        after = folded[chain[-1].end : chains[index + 1][0].start if index + 1 < len(chains) else len(folded)]
        kept = chain if where == Where.LABEL else _spoken_of(text, folded, tokens, chain, where)
        if kept:
            wanted += _not_refused(
                kept,
                before,
                after if kept[-1] is chain[-1] else "",
                folded,
                listed=where != Where.PROSE or before.rstrip().endswith(":"),
            )
    found = _settle(folded, tokens, wanted)
    if where == Where.LABEL:
        found += _unknown(text, folded, tokens, hits)
    elif where == Where.PROSE:
        found += _unknown_named(text, folded, hits)
    return sorted(found, key=lambda f: f.start)


def refused(text: str) -> frozenset[str]:
    """Identifiers of programs that the text expressly does not want or takes back."""
    found = {f.programs[0] for f in find(text, Where.PROSE) if f.status == "resolved"}
    folded = fold(text)
    named = {
        h.programs[0]
        for h in _scan(folded, _tokens(folded), _TYPO_FROM)
        if len(h.programs) == 1 and (h.phrase is None or h.phrase.level < 2)
    }
    return frozenset(
        p
        for p in named - found
        if any(_is_refused(folded, h) for h in _scan(folded, _tokens(folded), _TYPO_FROM) if h.programs == (p,))
    )


def _is_refused(folded: str, hit: _Hit) -> bool:
    return bool(
        _EXCEPT_BEFORE.search(folded[max(0, hit.start - 60) : hit.start]) or _REFUSED_AFTER.match(folded[hit.end :])
    )


def _chains(folded: str, hits: list[_Hit]) -> list[list[_Hit]]:
    """Hits in enumerations: nothing but separators and fillers between them, a separator or a paired identifier at
    least."""
    chains: list[list[_Hit]] = []
    for hit in hits:
        if chains:
            between = folded[chains[-1][-1].end : hit.start]
            plain = all(w in _filler() for w in _WORD.findall(between))
            if (
                plain
                and not _WISH_ENDS.search(between)
                and (_SEPARATOR.search(between) or _pairs(between))
                and "." not in between.replace("asp.", "")
            ):
                chains[-1].append(hit)
                continue
        chains.append([hit])
    return chains


_WISH_ENDS = re.compile(r"\b(?:kell|kellene|kene|kerem|kerjuk|kernem|kernenk|kerunk|szeretn\w+)\s*[,;]")


def _pairs(between: str) -> bool:
    """Whether a name and an identifier with only this between them speak of one program."""
    return not re.search(r"[,;\n|]|\b(?:es|valamint|illetve|meg|tovabba)\b", between) and all(
        w in {"azonosito", "probono", "azonositoju"} for w in _WORD.findall(between)
    )


def _spoken_of(text: str, folded: str, tokens: list[Token], chain: list[_Hit], where: Where) -> list[_Hit]:
    """Of an enumeration in running text, the hits that really speak of programs."""
    tail = folded[chain[-1].end : chain[-1].end + 40]
    if _JOB.match(tail):  # "iktató ügyintéző": a job
        chain = chain[:-1]
    chain = [hit for hit in chain if hit.phrase is None or hit.phrase.level < 2]
    if not chain:
        return []
    following = [t.word for t in tokens[chain[-1].last + 1 : chain[-1].last + 5]]
    context = (
        _context_near(following)
        or bool(_SPOKEN_OF_AFTER.match(folded, chain[-1].end))
        or _context_before(folded, chain[0].start)
        or bool(_FOR_SOMEBODY.search(folded[max(0, chain[0].start - 90) : chain[0].start]))
    )
    strong = context or where == Where.LIST or any(h.phrase is None or h.phrase.level == 0 for h in chain)
    if strong:
        return chain
    wished = bool(_WISHED_NEXT.match(folded, chain[-1].end))
    if wished and len({h.programs for h in chain}) > 1:  # "bank, pénztár és kötelezettségvállalás kell neki"
        return chain
    return [
        h
        for h in chain
        if h.phrase is not None and (h.phrase.common or wished or text[h.start : h.end].isupper()) and _capital(text, h)
    ]


# "Lévai Katalinnak (levai.katalin@x.hu) a hagyaték ...": what somebody is to have.
_FOR_SOMEBODY = re.compile(r"\w{2}n[ae]k\s*(?:\([^()]*\)|\S+@\S+)?\s*,?\s*(?:(?:pedig|csak|meg)\s+)?(?:az?\s+)$")
# "Érkeztetni és postázni fog, ezek tananyagára van szüksége"
_SPOKEN_OF_AFTER = re.compile(
    r"\w{0,4}[^.!?@]{0,40}\b(?:ezek|ennek|ezeknek|azok|ehhez|ezekhez)\s+(?:(?:a|az)\s+)?(?:tananyag|kepzes|modul|kurzus|szakrendszer)"
)
_WISHED_NEXT = re.compile(r"\w{0,4}\s+(?:kell|kellene|szukseges|erdekel|kene)\b")


def _context_near(following: list[str]) -> bool:
    for word in following:
        if _context().match(word):
            return True
        if word not in _filler() and word not in {"szolo", "cimu", "nevu", "valo", "szerinti", "elnevezesu"}:
            return False
    return False


def _context_before(folded: str, start: int) -> bool:
    words = _WORD.findall(folded[max(0, start - 60) : start])[-3:]
    return any(_context().match(w) for w in words[-2:]) and folded[:start].rstrip()[-1:] in {":", "-", "(", '"'}


def _capital(text: str, hit: _Hit) -> bool:
    written = text[hit.start : hit.end]
    if written.isupper() and not text.isupper():
        return True
    before = text[: hit.start].rstrip()
    return written[:1].isupper() and bool(before) and before[-1] not in ".!?:\n"


def _not_refused(chain: list[_Hit], before: str, after: str, folded: str, listed: bool) -> Iterator[_Hit]:
    """`listed`: the text stands where wishes are listed, so that the first of them is one."""
    if _EXCEPT_BEFORE.search(before[-60:]):
        return
    refused = _REFUSED_AFTER.match(after)
    if not refused:
        yield from chain
        return
    # "Kérjük az ADÓ-t, a VIR-t nem kérjük": the refusal is of what stands behind the last comma only.
    last = len(chain) - 1
    if (
        (listed and len(chain) > 1)
        or _WANTED.search(before[-80:])
        or refused.group().rstrip().endswith(("nelkul", "kivetelevel", "helyett"))
    ):
        while last > 0 and "," not in folded[chain[last - 1].end : chain[last].start]:
            last -= 1
        if last == 0:
            last = len(chain) - 1 if len(chain) > 1 else 0
        yield from chain[:last]


def _settle(folded: str, tokens: list[Token], hits: list[_Hit]) -> list[Found]:
    """Pairs names with identifiers, drops the general word before a particular one ("Irat: Iktató, Postázó")."""
    out: list[Found] = []
    i = 0
    while i < len(hits):
        hit, partner = hits[i], hits[i + 1] if i + 1 < len(hits) else None
        if (
            partner is not None
            and (hit.phrase is None) != (partner.phrase is None)
            and _pairs(folded[hit.end : partner.start])
        ):
            named, coded = (hit, partner) if hit.phrase is not None else (partner, hit)
            if len(coded.programs) == 1 and coded.programs[0] in named.programs:
                out.append(Found("resolved", coded.programs, hit.start, partner.end))
            else:
                out.append(
                    Found("ambiguous", tuple(dict.fromkeys(named.programs + coded.programs)), hit.start, partner.end)
                )
            i += 2
            continue
        if len(hit.programs) > 1 and hit.phrase is not None:
            if not _narrowed(folded, hit, partner):
                out.append(Found("ambiguous", hit.programs, hit.start, hit.end))
        elif hit.programs:
            out.append(Found("resolved", hit.programs, hit.start, hit.end))
        else:
            out.append(Found("unknown", (), hit.start, hit.end))
        i += 1
    return out


def _narrowed(folded: str, general: _Hit, partner: _Hit | None) -> bool:
    if partner is None or len(partner.programs) != 1 or partner.programs[0] not in general.programs:
        return False
    between = folded[general.end : partner.start]
    if re.search(r"[,;\n|+]|\b(?:es|valamint|illetve|meg)\b", between) and not re.search(r"[:(]", between):
        return False
    return all(
        w in _filler()
        or is_ending(w)
        or w in {"belul", "kozul", "bol", "szakrendszerbol", "szakrendszeren"}
        or _context().match(w)
        for w in _WORD.findall(between)
    )


_ITEM = re.compile(r"[,;/+&\n|•]|\s-\s|\b(?:es|valamint|illetve|ill|meg|tovabba|plusz)\b")
_BLANK = re.compile(r"^(?:nincs|nem tudom|nem tudjuk|kesobb|\W|\d{1,2}[.)]?|n/a)*$")


def _unknown(text: str, folded: str, tokens: list[Token], hits: list[_Hit]) -> list[Found]:
    """Under a label: the items of the list in which nothing was recognised."""
    out: list[Found] = []
    start = 0
    bounds = [
        *(
            (m.start(), m.end())
            for m in _ITEM.finditer(folded)
            if not any(h.start < m.end() and m.start() < h.end for h in hits)
        ),
        (len(folded), len(folded)),
    ]
    for left, right in bounds:
        item = folded[start:left]
        inside = any(h.start < left and h.end > start for h in hits)
        words = [w for w in _WORD.findall(item) if w not in _filler() and not (w.isdigit() and len(w) < 4)]
        words = [w for w in words if not any(is_ending(w[len(f) :]) for f in _context_stems() if w.startswith(f))]
        if not inside and words and not _BLANK.match(item.strip()) and not _SENTENCE.search(item):
            lead = len(item) - len(item.lstrip(" -–:.("))
            out.append(Found("unknown", (), start + lead, start + len(item.rstrip())))
        start = right
    return out


# "a Népességnyilvántartás tananyagát", "és a Közterület modult": a name with its capital right before the word for a
# course.
_NAMED = re.compile(
    r"(?:\b(?:az?|és|valamint|illetve)|,)\s+(?P<name>[A-ZÁÉÍÓÖŐÚÜŰ][a-záéíóöőúüű]{4,}(?:[ -][a-záéíóöőúüű]{3,}){0,2}?)\s+(?:tananyag|képzés|modul|kurzus)\w*"
)
_NO_NAME = re.compile(
    r"\b(?:asp|magyar|allamkincstar\w*|kincstar\w*|oktatas\w*|online|moodle|probono|kozszolgalati|kozigazgatasi|kotelezo|onkormanyzat\w*|hivatal\w*|polgarmester\w*|jegyzo\w*|portal\w*|elearning|tovabb\w*|szakmai|belso|kulso|alap\w*|uj|tobbi)\b"
)


def _unknown_named(text: str, folded: str, hits: list[_Hit]) -> list[Found]:
    """In a sentence that wishes for something: the name of a course that the catalogue does not have."""
    out = []
    for match in _NAMED.finditer(text):
        start, end = match.span("name")
        name = folded[start:end]
        sentence = folded[max(folded.rfind(".", 0, start), 0) : end + 90]
        if (
            any(h.start < end and start < h.end for h in hits)
            or _NO_NAME.search(name)
            or any(w in _filler() for w in name.split())
            or not _WANTED.search(sentence)
        ):
            continue
        if not _REFUSED_AFTER.match(folded[match.end() :]) and not _EXCEPT_BEFORE.search(folded[:start]):
            out.append(Found("unknown", (), start, end))
    return out


_SENTENCE = re.compile(
    r"\b(?:nem|kivetel|kiveve|koszon|udv|tisztel|amennyiben|hogy|mert|mint|akkor|kerul|csatol|mellekel|szives|indokl|regisztr|megjegyz|dolgozik|vagyunk)"
)


@cache
def _context_stems() -> tuple[str, ...]:
    return tuple(key(word) for word in load("catalogue.toml")["filler"]["context"])
