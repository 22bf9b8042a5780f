"""Which of the programs that a text names are wished for: in running text a word of the catalogue may be a job or an
ordinary word, and a wish may be refused ("a VIR-t nem kérjük").

The words stand in courses.toml.
"""

from __future__ import annotations

import re
from functools import cache

from rules.hungarian.catalogue import ANYWHERE, LABELLED, context, filler
from rules.hungarian.hits import WORD, Hit, Named
from rules.hungarian.lexicon import load

_SEPARATOR = re.compile(r"[,;/+&\n|•*]|\b(?:es|valamint|illetve|ill|meg|tovabba|plusz|vagy)\b")
_APART = re.compile(r"[,;\n|]|\b(?:es|valamint|illetve|meg|tovabba)\b")
_BESIDE_IDENTIFIER = {"azonosito", "probono", "azonositoju"}
_WISH_ENDS = re.compile(r"\b(?:kell|kellene|kene|kerem|kerjuk|kernem|kernenk|kerunk|szeretn\w+)\s*[,;]")
WANTED = re.compile(r"\b(?:ker|szeretn|igeny|kell|szukseg)")
_WISHED_NEXT = re.compile(r"\w{0,4}\s+(?:kell|kellene|szukseges|erdekel|kene)\b")
_ABOUT = {"szolo", "cimu", "nevu", "valo", "szerinti", "elnevezesu"}  # "az adóról szóló tananyag"
# "Lévai Katalinnak (levai.katalin@x.hu) a hagyaték ...": what somebody is to have.
_FOR_SOMEBODY = re.compile(r"\w{2}n[ae]k\s*(?:\([^()]*\)|\S+@\S+)?\s*,?\s*(?:(?:pedig|csak|meg)\s+)?(?:az?\s+)$")
# "Érkeztetni és postázni fog, ezek tananyagára van szüksége"
_SPOKEN_OF_AFTER = re.compile(
    r"\w{0,4}[^.!?@]{0,40}\b(?:ezek|ennek|ezeknek|azok|ehhez|ezekhez)\s+(?:(?:a|az)\s+)?"
    r"(?:tananyag|kepzes|modul|kurzus|szakrendszer)"
)
# Characters that are looked at before and behind a program.
_NEAR, _BEFORE_SOMEBODY, _BEFORE_WISH, _AFTER_JOB = 60, 90, 80, 40


def wished(named: Named, labelled: bool, listed: bool) -> list[Hit]:
    """The hits that are wished for, in order. `labelled`: everything named is a wish unless it is refused; `listed`:
    the text stands beside a person, where wishes are listed."""
    chains = _chains(named)
    ends = [0, *(chain[-1].end for chain in chains)]
    starts = [*(chain[0].start for chain in chains), len(named.folded)]
    between = [named.folded[end:start] for end, start in zip(ends, starts, strict=True)]
    out: list[Hit] = []
    for chain, before, after in zip(chains, between, between[1:], strict=False):
        kept = chain if labelled else _spoken_of(named, chain, listed)
        if kept:
            list_begins = labelled or listed or before.rstrip().endswith(":")
            out += _not_refused(named, kept, before, after if kept[-1] is chain[-1] else "", list_begins)
    return out


# ------------------------------------------------------------------ enumerations


def _chains(named: Named) -> list[list[Hit]]:
    """Hits in enumerations: nothing but separators and fillers between them, a separator or a paired identifier at
    least."""
    chains: list[list[Hit]] = []
    for hit in named.hits:
        if chains and _goes_on(named.folded[chains[-1][-1].end : hit.start]):
            chains[-1].append(hit)
        else:
            chains.append([hit])
    return chains


def _goes_on(between: str) -> bool:
    """Whether an enumeration goes on behind what stands between two programs."""
    if not all(word in filler() for word in WORD.findall(between)):
        return False
    if _WISH_ENDS.search(between) or "." in between.replace("asp.", ""):
        return False
    return _SEPARATOR.search(between) is not None or is_pair(between)


def is_pair(between: str) -> bool:
    """Whether a name and an identifier with only this between them speak of one program."""
    return not _APART.search(between) and all(word in _BESIDE_IDENTIFIER for word in WORD.findall(between))


# ------------------------------------------------------------------ spoken of


def _spoken_of(named: Named, chain: list[Hit], listed: bool) -> list[Hit]:
    """Of an enumeration in running text, the hits that really speak of programs."""
    chain = _without_jobs(named.folded, chain)
    if not chain or listed or any(hit.level == ANYWHERE for hit in chain) or _is_in_context(named, chain):
        return chain
    return _unmistakable(named, chain)


def _unmistakable(named: Named, chain: list[Hit]) -> list[Hit]:
    """Ordinary words are programs where a wish stands right behind several of them, or they are written as names."""
    wish_next = _WISHED_NEXT.match(named.folded, chain[-1].end) is not None
    if wish_next and len({hit.programs for hit in chain}) > 1:  # "bank, pénztár és kötelezettségvállalás kell neki"
        return chain
    return [hit for hit in chain if (wish_next or _is_emphatic(named.text, hit)) and _has_capital(named.text, hit)]


def _without_jobs(folded: str, chain: list[Hit]) -> list[Hit]:
    """Without "iktató ügyintéző", which is somebody's job, and without words that count under a label only."""
    end = chain[-1].end
    last = -1 if _job().match(folded[end : end + _AFTER_JOB]) else len(chain)
    return [hit for hit in chain[:last] if hit.level < LABELLED]


def _is_in_context(named: Named, chain: list[Hit]) -> bool:
    """Whether the words around an enumeration say that it is of programs."""
    folded, start, end = named.folded, chain[0].start, chain[-1].end
    following = [token.word for token in named.tokens[chain[-1].last + 1 : chain[-1].last + 5]]
    return (
        _leads_to_context(following)
        or _SPOKEN_OF_AFTER.match(folded, end) is not None
        or _context_before(folded, start)
        or _FOR_SOMEBODY.search(folded[max(0, start - _BEFORE_SOMEBODY) : start]) is not None
    )


def _leads_to_context(following: list[str]) -> bool:
    for word in following:
        if context().match(word):
            return True
        if word not in filler() and word not in _ABOUT:
            return False
    return False


def _context_before(folded: str, start: int) -> bool:
    words = WORD.findall(folded[max(0, start - _NEAR) : start])[-2:]
    return any(context().match(word) for word in words) and folded[:start].rstrip()[-1:] in {":", "-", "(", '"'}


def _is_emphatic(text: str, hit: Hit) -> bool:
    """An ordinary word that is a program's short name, or one in capitals."""
    return hit.phrase is not None and (hit.phrase.common or text[hit.start : hit.end].isupper())


def _has_capital(text: str, hit: Hit) -> bool:
    written = text[hit.start : hit.end]
    if written.isupper() and not text.isupper():
        return True
    before = text[: hit.start].rstrip()
    return written[:1].isupper() and bool(before) and before[-1] not in ".!?:\n"


# ------------------------------------------------------------------ refused


def is_refused(folded: str, start: int, end: int) -> bool:
    """Whether the text around folded[start:end] says that it is not wished for, or not any more."""
    return bool(_excepted().search(folded[max(0, start - _NEAR) : start]) or _refused().match(folded[end:]))


def _not_refused(named: Named, chain: list[Hit], before: str, after: str, list_begins: bool) -> list[Hit]:
    """`list_begins`: the enumeration stands where wishes are listed, so that the first of them is one."""
    if _excepted().search(before[-_NEAR:]):
        return []
    refused = _refused().match(after)
    if refused is None:
        return chain
    others_wished = (
        (list_begins and len(chain) > 1)
        or WANTED.search(before[-_BEFORE_WISH:])
        or refused.group().rstrip().endswith(("nelkul", "kivetelevel", "helyett"))
    )
    return chain[: _last_part(named.folded, chain)] if others_wished else []


def _last_part(folded: str, chain: list[Hit]) -> int:
    """Where the refused part begins: "Kérjük az ADÓ-t, a VIR-t nem kérjük" refuses what stands behind the last comma
    only."""
    last = len(chain) - 1
    while last > 0 and "," not in folded[chain[last - 1].end : chain[last].start]:
        last -= 1
    return last or len(chain) - 1


# ------------------------------------------------------------------ the words


@cache
def _job() -> re.Pattern[str]:
    file = load("courses.toml")
    return re.compile(rf"^\W*(?:{file.either(file.data['job'])})")


@cache
def _refused() -> re.Pattern[str]:
    file = load("courses.toml")
    return re.compile(rf"^[^.!?\n]{{0,45}}?\b(?:{file.either(file.data['refused'])})")


@cache
def _excepted() -> re.Pattern[str]:
    file = load("courses.toml")
    return file.pattern(file.data["excepted"])
