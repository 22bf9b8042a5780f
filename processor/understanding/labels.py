"""Labels of fields: "PIR szám: 731234", a column headed "E-mail cím". The wordings stand in
rules/hungarian/labels.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from processor.reading import bounds
from rules.hungarian.lexicon import load
from rules.hungarian.words import fold, squeeze


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    file = load("labels.toml")
    file.words(*(entry.get(kind, ()) for entry in file.data["label"] for kind in ("words", "stems")))
    return tuple((entry["field"], file.pattern(entry)) for entry in file.data["label"])


_EDGES = re.compile(r"^[\s\-–•*·>#\"'.]*(?:\d{1,2}[.)]\s*|[a-h]\)\s*)?|[\s:*?.!\"'=–-]+$")
_LONGEST = 75  # characters; the FAQ's own longest label has 61
_WIDEST = 3 * bounds.LONGEST_GAP  # characters of a separator: signs with gaps about them


@lru_cache(maxsize=4096)
def field_of(text: str) -> str | None:
    """The field that a label or column header announces; None when it is no label. "ignore" for one that is none of
    ours."""
    folded = squeeze(fold(text))
    if not folded or len(folded) > _LONGEST or "@" in folded:
        return None
    bare = _EDGES.sub("", folded)
    for candidate in dict.fromkeys((bare, _EDGES.sub("", re.sub(r"\s*\([^)]*\)", "", bare)), bare.replace("*", ""))):
        if candidate:
            for field, pattern in _patterns():
                if pattern.fullmatch(candidate):
                    return field
    return None


@lru_cache(maxsize=4096)
def mistyped(text: str) -> str | None:
    """The field of a label with a typing error in it ("Önkrományzat", "Megey"), for what stands before a colon; None
    when it is near none."""
    folded = " ".join(re.sub(r"[^a-z]+", " ", fold(text)).split())
    if not 3 <= len(folded) <= _LONGEST_TYPO:
        return None
    fields = set()
    for field, plain in _plain_labels():
        limit = 2 if len(plain) >= _TWO_TYPOS_FROM else 1
        near = OSA.distance(folded, plain, score_cutoff=limit) <= limit
        # Of a short one only letters may have changed places.
        if near and (len(plain) > 4 or sorted(folded) == sorted(plain)):
            fields.add(field)
    return fields.pop() if len(fields) == 1 else None


@cache
def _plain_labels() -> tuple[tuple[str, str], ...]:
    """(field, wording) of the labels that are known again when mistyped."""
    return tuple(
        (entry["field"], " ".join(re.sub(r"[^a-z]+", " ", fold(word)).split()))
        for entry in load("labels.toml").data["label"]
        for word in entry.get("mistyped", ())
    )


_LONGEST_TYPO = 30  # characters
_TWO_TYPOS_FROM = 10  # characters


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled piece of a line: `value` may be empty (it then stands on the next line). Columns are those of the value."""

    field: str
    value: str
    start: int
    end: int
    label_start: int


_SEPARATOR = re.compile(r"\s*[:=]+\s*|\t+\s*|\s+[–—-]+\s+|\s{3,}|\s*[–—-]>\s*")
_STOP = re.compile(r"[,;)]")
_LONGEST_BARE = 45  # characters of a line that is a label and nothing else, and one less
_PIECE = re.compile(r"[;|\t(]|,\s+|\s{3,}|\s/\s|\.\s+(?=\S)")


_Label = tuple[int, int, str]  # where the label starts, where its value starts, field


@lru_cache(maxsize=2048)
def labelled(line: str) -> tuple[Labelled, ...]:
    """The labelled pieces of a line, in order: one at its start, more behind commas, semicolons, bars and wide gaps."""
    starts = [0]
    if ":" in line or "=" in line:
        starts += [m.end() for m in _PIECE.finditer(line)]
    found: list[_Label] = []
    for start in starts:
        if found and start < found[-1][1]:
            continue
        if (label := _label_at(line, start)) is not None:
            found.append(label)
    if not found:
        return _bare_label(line)
    ends = [*(label_start for label_start, _, _ in found[1:]), len(line)]
    return tuple(_with_value(line, label, end) for label, end in zip(found, ends, strict=True))


def _label_at(line: str, start: int) -> _Label | None:
    """The label that begins there, up to the first separator behind which it has a value."""
    for separator in _SEPARATOR.finditer(line, start, start + _LONGEST + _WIDEST):
        strong = any(c in separator.group() for c in ":=\t")
        if separator.start() - start > _LONGEST or (start and not strong):
            return None
        label = line[start : separator.start()]
        field = field_of(label) or (mistyped(label) if ":" in separator.group() else None)
        if field is not None and (strong or _fits(field, line[separator.end() :])):
            return start, separator.end(), field
        if strong:
            return None
    return None


def _bare_label(line: str) -> tuple[Labelled, ...]:
    """A label alone on its line."""
    bare = line.strip()
    if not bare or len(bare) >= _LONGEST_BARE or any(c.isdigit() for c in bare):
        return ()
    field = field_of(bare)
    if field is None or field in {"clerk_name", "ignore"} or not _alone(fold(line)):
        return ()
    return (Labelled(field, "", len(line), len(line), 0),)


def _with_value(line: str, label: _Label, end: int) -> Labelled:
    """The label with what stands up to `end`; within a sentence one of none of ours has less: "(számlaszám: 11741031,
    Nógrád vármegye) kérem ..."."""
    label_start, value_start, field = label
    if field == "ignore" and label_start and (stop := _STOP.search(line, value_start, end)):
        end = stop.start()
    value = line[value_start:end].rstrip().rstrip(";|,/").rstrip()
    return Labelled(field, value, value_start, value_start + len(value), label_start)


def _fits(field: str, value: str) -> bool:
    """A dash or a gap is a weak separator: the value must look like the field's."""
    if field == "ignore" or not value.strip():
        return False
    if field in {"email", "clerk_email"}:
        return "@" in value
    if field == "pir":
        return any(c.isdigit() for c in value[:12])
    return value.strip()[0].isupper() or field in {"programs", "county"}


def _alone(folded: str) -> bool:
    """A label alone on its line, its value on the next: only unmistakable ones ("E-mail cím"), not a word of a
    sentence."""
    return not re.search(r"[.!?]\s*$", folded) and folded.strip() not in {
        "asp oktatas",
        "oktatas",
    }  # the desk's own name at the head of a letter
