"""Applicants out of what the finders found. Conflicts are decided here only (POLICY section 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from processor.reading import Mail
from rules.hungarian import counties
from rules.hungarian.names import words_of
from rules.hungarian.places import same_body
from rules.hungarian.words import key
from rules.model import BODY, Applicant, Mention, Value
from rules.pir import digits

from .draft import Draft, Findings, Loose

_MOST_DIFFERENT = 20  # values of one field; they are a conflict long before
_NEAR = 2  # lines between a PIR and the organisation that it belongs to

FILLED = ("municipality", "pir", "county")  # stated once, they count for everybody


def applicants(mail: Mail, found: Findings) -> list[Applicant]:
    """The applicants in the order of the mail."""
    drafts = _merged(found.drafts)
    _share_programs(drafts, found)
    if not drafts:
        return []
    for name in FILLED:
        _fill(name, drafts, found.loose)
    for draft in drafts:
        if "county" not in draft.values:
            for value in draft.values.get("municipality", ()):
                if (capital := counties.of_body(value.text)) is not None:
                    draft.add("county", Value(capital, value.evidence, value.raw))
                    break
    return [_finish(draft) for draft in sorted(drafts, key=lambda d: d.order)]


def loose_applicant(found: Findings) -> Applicant:
    """The placeholder where nobody is named: empty but for what the mail itself gives (POLICY section 5)."""
    draft = Draft((0, 0, 0))
    draft.programs = [m for m, _, _ in found.programs]
    for name in (*FILLED, "email"):
        values = _highest([item.value for item in found.loose if item.name == name])
        draft.values[name] = list(values)
    return _finish(draft)


def _merged(drafts: Iterable[Draft]) -> list[Draft]:
    """One draft a person: rows and text that name the same person are put together."""
    out: list[Draft] = []
    named: dict[tuple[str, ...], int] = {}  # numbers among `out`
    addressed: dict[str, int] = {}
    for draft in sorted(drafts, key=lambda d: d.order):
        number = named.get(words_of(draft.name)) if draft.name else None
        if number is None and not draft.names and draft.values.get("email"):
            number = addressed.get(draft.values["email"][0].text)
        if number is None:
            number = len(out)
            out.append(draft)
            if words_of(draft.name):
                named.setdefault(words_of(draft.name), number)
        else:
            twin = out[number]
            for name, values in draft.values.items():
                for value in values:
                    twin.add(name, value)
            twin.programs += draft.programs
            twin.aliases += draft.aliases
        for value in draft.values.get("email", ()):
            addressed[value.text] = min(number, addressed.get(value.text, number))
    return out


def _share_programs(drafts: list[Draft], found: Findings) -> None:
    """Programs that stand for nobody in particular are everybody's where nobody has his own; a sole applicant's
    anyway."""
    shared = {id(mention) for mention, _, _ in found.programs}
    own = len(drafts) > 1 and any(id(m) not in shared for d in drafts for m in d.programs)
    first: dict[object, Mention] = {}
    for mention, _, _ in found.programs:
        first.setdefault((wish_of(mention), mention.value.evidence.standing), mention)
    body = [m for m in first.values() if m.value.evidence.standing == BODY]
    for draft in drafts if not own else ():
        draft.programs += body
    for mention in first.values():
        if mention.value.evidence.standing != BODY:
            _share_lower(mention, drafts)


def _share_lower(mention: Mention, drafts: list[Draft]) -> None:
    """A wish in the subject or signature counts for those who have none of a higher standing."""
    for draft in drafts:
        if all(m.value.evidence.standing == mention.value.evidence.standing for m in draft.programs):
            draft.programs.append(mention)


def wish_of(mention: Mention) -> tuple[str, tuple[str, ...], str]:
    """What makes two wishes for programs one and the same."""
    return mention.status, mention.programs, key(mention.value.text) if mention.status == "unknown" else ""


def _fill(name: str, drafts: list[Draft], loose: list[Loose]) -> None:
    """Gives every applicant what is stated once; where several bodies are spoken of in turn, what stands nearest
    before."""
    best = _best(name, loose)
    distinct = _distinct(name, [item.value for item in best])
    beside = _beside(best, loose) if name == "pir" else []
    in_turn = best if len(distinct) > 1 and len(drafts) > 1 and _are_several_bodies(loose) else []
    for draft in drafts:
        before = [item.value for item in in_turn if item.order < draft.order]
        if draft.values.get(name) or before:
            draft.values[name] = draft.values.get(name) or before[-1:]
            _conflict_with_body(draft, beside)
        elif distinct:
            draft.values[name] = list(distinct)
    _from_others(name, drafts)


def _best(name: str, loose: list[Loose]) -> list[Loose]:
    """The values of a field that count: those of the body, else of the highest standing; labelled bodies alone."""
    mine = [item for item in loose if item.name == name]
    best = [item for item in mine if item.value.evidence.standing == BODY] or _top(mine)
    labelled = [item for item in best if item.value.labelled] if name == "municipality" else []
    return labelled or best


def _are_several_bodies(loose: list[Loose]) -> bool:
    """Whether a mail speaks of more than one organisation or PIR, so that values stand in turn."""
    pirs = {digits(item.value.text) for item in loose if item.name == "pir"}
    bodies = _distinct("municipality", [item.value for item in loose if item.name == "municipality"])
    return len(pirs) > 1 or len(bodies) > 1


def _conflict_with_body(draft: Draft, beside: list[tuple[Value, tuple[str, ...]]]) -> None:
    """Two different PIRs for the same organisation are a conflict wherever in body and attachments they stand."""
    for value, nearest in beside:
        if any(_same_value("pir", value, v) for v in draft.values["pir"]):
            continue
        named = draft.values.get("municipality", [])
        if not named or not nearest or any(same_body(n.text, b) for n in named for b in nearest):
            draft.add("pir", value)


def _beside(pirs: list[Loose], loose: list[Loose]) -> list[tuple[Value, tuple[str, ...]]]:
    """PIRs of the body, each once with the organisations that it stands beside; with all of them when none is near."""
    bodies = [i.value for i in loose if i.name == "municipality" and i.value.evidence.standing == BODY]
    everywhere = tuple(dict.fromkeys(b.text for b in bodies))
    at: defaultdict[tuple[str, int], list[Value]] = defaultdict(list)
    for body in bodies:
        at[body.evidence.place, body.evidence.line].append(body)
    out: dict[tuple[str, tuple[str, ...]], Value] = {}
    for pir in (item.value for item in pirs if item.value.evidence.standing == BODY):
        out.setdefault((pir.text, _nearest(pir, at) or everywhere), pir)
    return [(pir, nearest) for (_, nearest), pir in out.items()]


def _nearest(pir: Value, at: Mapping[tuple[str, int], list[Value]]) -> tuple[str, ...]:
    """The organisations on its line, else on the nearest one, before rather than after."""
    here, line = pir.evidence.place, pir.evidence.line
    near = [b for n in range(line - _NEAR, line + _NEAR + 1) for b in at.get((here, n), ())]
    closest = min((_distance(line, b) for b in near), default=None)
    return tuple(b.text for b in near if _distance(line, b) == closest)


def _distance(line: int, body: Value) -> tuple[int, bool]:
    return abs(body.evidence.line - line), body.evidence.line > line


def _from_others(name: str, drafts: list[Draft]) -> None:
    """An empty cell takes the value of the other rows of the same municipality when they agree; one value in the whole
    mail counts for all."""
    for draft in drafts:
        if draft.values.get(name):
            continue
        others = [d for d in drafts if d is not draft and d.values.get(name)]
        if name != "municipality":
            others = [d for d in others if _may_be_of_one_body(draft, d)]
        distinct = _distinct(name, [v for d in others for v in d.values[name]])
        if len(distinct) == 1:
            draft.values[name] = list(distinct)


def _may_be_of_one_body(draft: Draft, other: Draft) -> bool:
    here, there = draft.values.get("municipality"), other.values.get("municipality")
    return not here or not there or any(same_body(a.text, b.text) for a in here for b in there)


def _top(items: list[Loose]) -> list[Loose]:
    top = max((item.value.evidence.standing for item in items), default=0)
    return [item for item in items if item.value.evidence.standing == top]


def _highest(values: list[Value]) -> tuple[Value, ...]:
    top = max((v.evidence.standing for v in values), default=0)
    return tuple(v for v in values if v.evidence.standing == top)


def _same_value(name: str, a: Value, b: Value) -> bool:
    if name == "municipality":
        return same_body(a.text, b.text)
    if name == "pir":
        x, y = digits(a.text), digits(b.text)
        return x == y if x and y else key(a.text) == key(b.text)
    return key(a.text) == key(b.text) if name != "email" else a.text == b.text


def _distinct(name: str, values: list[Value]) -> tuple[Value, ...]:
    """Different values; of two ways to write one, the labelled, then the longer is kept."""
    out: list[Value] = []
    for value in values:
        twin = next((i for i, other in enumerate(out) if _same_value(name, value, other)), None)
        if twin is None:
            out.append(value)
            if len(out) >= _MOST_DIFFERENT:
                break
        elif (
            (value.labelled, len(value.text)) > (out[twin].labelled, len(out[twin].text))
            and name == "municipality"
            and not (out[twin].labelled and not value.labelled)
        ):
            out[twin] = value
    return tuple(out)


def _single(name: str, values: list[Value]) -> tuple[Value, ...]:
    kept = _highest(values)
    if name == "municipality" and any(v.labelled for v in kept):
        kept = tuple(v for v in kept if v.labelled)
    return _distinct(name, list(kept))


def _finish(draft: Draft) -> Applicant:
    programs: dict[tuple[str, tuple[str, ...], str], Mention] = {}
    for mention in draft.programs:
        programs.setdefault(wish_of(mention), mention)
    single = {name: _single(name, draft.values.get(name, [])) for name in ("municipality", "pir", "county", "email")}
    return Applicant(
        name=_distinct("name", draft.names[:1]),
        municipality=single["municipality"],
        pir=tuple(Value(digits(v.text) or v.text, v.evidence, v.raw, v.labelled) for v in single["pir"]),
        county=single["county"],
        email=single["email"],
        programs=tuple(programs.values()),
        aliases=tuple(dict.fromkeys(draft.aliases)),
    )
