"""Learns the kinds of mail from tests/corpus: writes rules/hungarian/acts.txt, and prints how right it is on draws that
it has not seen.

    python tests/learn.py        (make learn)

Two linear support vector machines (squared hinge loss, dual coordinate descent as in LIBLINEAR: Hsieh et al. 2008) in
plain Python: additions and multiplications in a fixed order only, so a second run writes the same file bit for bit.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from processor.explain import OUR_ADDRESSES
from processor.reading import Mail, read
from processor.understanding import acts, automatic
from rules.model import Kind

CORPUS = Path(__file__).parent / "corpus"
STORED = Path(__file__).parent.parent / "rules" / "hungarian" / "acts.txt"
RIGHT = 0.99  # of the accepted verdicts, at least
HARMLESS = (Kind.OTHER, Kind.AUTOMATIC)  # kinds that an officer looks at
HARMFUL = 0.002  # of the accepted verdicts, at most, may be mistaken for another kind; the ledger stands behind them
DRAWS = 2  # a feature of one draw only is somebody's habit, or a name
COST = {"kind": 0.5, acts.REQUEST: 1.0}  # of a mistake beside large weights; tried: 0.3 to 10
LEAST = 0.6  # margin of a registration, however well less would do: too little said is none
SAFETY = 0.06  # beyond the bounds that would just do
ROUNDS = 3  # of choosing the sentences that ask
WITNESSES = 2  # sentences of a registration that may be the ones that ask
SMALLEST = 0.05  # weight that is kept; 0.02 is no better, and half as large again
CONSTANT = 0.3  # the value of the feature that every mail has
_PASSES = 40
_STILL = 1e-3  # the largest change of a pass at which it is at rest
NO_BOUND = acts.Bounds(registration=0.0, other=0.0, request=-9.0, silent=9.0)

Features = Collection[str]
Sentences = tuple[tuple[str, ...], ...]  # the features of each


@dataclass(frozen=True)
class Example:
    """A known mail: its draw and right kind, and the features of its words and of each sentence."""

    name: str
    draw: str
    kind: str
    mail: Mail
    said: tuple[acts.Sentence, ...] = ()
    words: tuple[str, ...] = ()
    asks: Sentences = ()


_DRAW = re.compile(r"[ow]\d|d\d(?=-)|[a-z]+")


def draw_of(name: str) -> str:
    """Whose hand wrote it: b, c, ..., k, o1, o2, w1, d1, dev. (The mail systems' bounces are in c.)"""
    match = _DRAW.match(name)
    return match.group() if match and not name.startswith("bounce_") else "c"


def examples(corpus: Path = CORPUS) -> list[Example]:
    """Every mail of the corpus, in the order of names."""
    out = []
    for path in sorted(corpus.rglob("*.eml"), key=lambda path: path.stem):
        mail = read(path.read_bytes(), OUR_ADDRESSES)
        kind = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["kind"]
        said = acts.sentences(mail)
        asks = tuple(tuple(sorted(features)) for one in said if (features := acts.request_features(one)))
        words = tuple(sorted(acts.kind_features(said)))
        out.append(Example(path.stem, draw_of(path.stem), kind, mail, said, words, asks))
    return out


# ---------------------------------------------------------------- learning


@dataclass(frozen=True)
class _Sample:
    """Numbers of the features that it has, all of one value; which side it is on, and what a mistake in it costs."""

    features: tuple[int, ...]
    value: float
    side: int
    cost: float


def _machine(samples: Sequence[_Sample], size: int) -> list[float]:
    """Weights of the features, the constant's last."""
    weights, alpha = [0.0] * (size + 1), [0.0] * len(samples)
    order, chance = list(range(len(samples))), random.Random(1)
    for _ in range(_PASSES):
        chance.shuffle(order)
        if max((_step(samples[n], n, alpha, weights) for n in order), default=0.0) < _STILL:
            break
    return weights


def _step(sample: _Sample, n: int, alpha: list[float], weights: list[float]) -> float:
    """One coordinate brought to its optimum; how far it went."""
    slack = 0.5 / sample.cost
    gradient = sample.side * _score(sample, weights) - 1.0 + slack * alpha[n]
    length = sample.value * sample.value * len(sample.features) + CONSTANT * CONSTANT + slack
    moved = max(alpha[n] - gradient / length, 0.0)
    step = (moved - alpha[n]) * sample.side
    if step:
        alpha[n] = moved
        for f in sample.features:
            weights[f] += step * sample.value
        weights[-1] += step * CONSTANT
    return abs(step)


def _score(sample: _Sample, weights: Sequence[float]) -> float:
    total = 0.0
    for f in sample.features:  # `sum` rounds otherwise from Python 3.12 on
        total += weights[f]
    return sample.value * total + CONSTANT * weights[-1]


class _Vocabulary:
    """The features that at least two draws have, numbered in order."""

    def __init__(self, seen: Iterable[tuple[str, Features]]) -> None:
        draws: defaultdict[str, set[str]] = defaultdict(set)
        for draw, features in seen:
            for feature in features:
                draws[feature].add(draw)
        self.names = sorted(feature for feature, of in draws.items() if len(of) >= DRAWS)
        self.number = {name: number for number, name in enumerate(self.names)}

    def sample(self, features: Features, side: int, cost: float) -> _Sample:
        known = tuple(self.number[f] for f in features if f in self.number)
        return _Sample(known, acts.value_of(features), side, cost)

    def named(self, weights: Sequence[float]) -> dict[str, float]:
        """As they are stored: rounded, small ones dropped; the constant with its value."""
        named = dict(zip(self.names, weights, strict=False)) | {acts.ALWAYS: weights[-1] * CONSTANT}
        return {name: round(weight, 3) for name, weight in named.items() if abs(weight) >= SMALLEST}


def _kinds(known: Sequence[Example]) -> dict[str, dict[str, float]]:
    """One machine a kind against all others; the rarer side weighs as much as the other."""
    vocabulary = _Vocabulary((one.draw, one.words) for one in known)
    columns = {}
    for kind in acts.KINDS:
        count = Counter(one.kind == kind for one in known)
        samples = [
            vocabulary.sample(
                one.words,
                1 if one.kind == kind else -1,
                COST["kind"] * len(known) / (2 * count[one.kind == kind]),
            )
            for one in known
        ]
        columns[str(kind)] = vocabulary.named(_machine(samples, len(vocabulary.names)))
    return columns


def _requests(known: Sequence[Example]) -> dict[str, float]:
    """No sentence of another mail asks for registration; of a registration's sentences its strongest do (mi-SVM).

    At first every sentence of a registration counts for its share, then the two that the last round found strongest.
    """
    vocabulary = _Vocabulary((one.draw, features) for one in known for features in one.asks)
    asking = [one.asks for one in known if one.kind == Kind.REGISTRATION and one.asks]
    others = [one.asks for one in known if one.kind != Kind.REGISTRATION]
    against = [vocabulary.sample(one, -1, COST[acts.REQUEST]) for some in others for one in some]
    chosen, weights = asking, [0.0]
    for _ in range(ROUNDS):
        share = COST[acts.REQUEST] * len(against) / len(asking)  # both sides weigh the same
        samples = [vocabulary.sample(one, 1, share / len(some)) for some in chosen for one in some]
        weights = _machine(samples + against, len(vocabulary.names))
        chosen = [_witnesses(sentences, vocabulary, weights) for sentences in asking]
    return vocabulary.named(weights)


def _witnesses(sentences: Sentences, vocabulary: _Vocabulary, weights: Sequence[float]) -> Sentences:
    def score(features: tuple[str, ...]) -> float:
        return _score(vocabulary.sample(features, 1, 1.0), weights)

    return tuple(sorted(sentences, key=score, reverse=True)[:WITNESSES])


def learn(known: Sequence[Example], bound: acts.Bounds) -> acts.Learned:
    """Both models and their bounds, as the file holds them."""
    columns = {**_kinds(known), acts.REQUEST: _requests(known)}
    columns[acts.BOUND] = {f"<{name}>": value for name, value in asdict(bound).items()}
    weights: dict[str, dict[str, float]] = {}
    for column, named in columns.items():
        for feature, weight in named.items():
            weights.setdefault(feature, {})[column] = weight
    return acts.Learned(weights)


def written(learned: acts.Learned) -> str:
    """The file's text."""
    lines = (f"{f} {c} {w:.3f}" for f, columns in learned.weights.items() for c, w in columns.items())
    return "\n".join(sorted(lines)) + "\n"


# ---------------------------------------------------------------- bounds, on draws left out


@dataclass(frozen=True)
class Left:
    """A mail, and what it leans to by what the other draws taught."""

    one: Example
    leaning: acts.Leaning

    @property
    def right(self) -> bool:
        return self.leaning.likely == self.one.kind


def left_out(known: Sequence[Example]) -> list[Left]:
    """Every mail judged without its draw."""
    out = []
    for draw in sorted({one.draw for one in known}):
        by = learn([one for one in known if one.draw != draw], NO_BOUND)
        out += [Left(one, acts.lean(one.said, by)) for one in known if one.draw == draw]
    return out


def unknown(judged: Iterable[Left]) -> list[Left]:
    """Without the automatic mails that automatic.py knows: nobody asks for a verdict on those."""
    return [
        one for one in judged if one.one.kind != Kind.AUTOMATIC or automatic.why(one.one.mail, OUR_ADDRESSES) is None
    ]


def bounds(judged: Sequence[Left]) -> acts.Bounds:
    """Those that accept most with at least RIGHT of them right and at most HARMFUL mistaken, and a little more, for the
    next draw's sake."""
    asks = [one for one in judged if one.leaning.likely == Kind.REGISTRATION]
    others = [one for one in judged if one.leaning.likely not in (Kind.REGISTRATION, *HARMLESS)]
    margin, request = _loosest(asks, lambda margin, request: replace(NO_BOUND, registration=margin, request=request))
    other, silent = _loosest(others, lambda margin, silent: replace(NO_BOUND, other=margin, silent=silent))
    return acts.Bounds(max(margin + SAFETY, LEAST), other + SAFETY, request + SAFETY, silent - SAFETY)


def _loosest(judged: Sequence[Left], bound: Callable[[float, float], acts.Bounds]) -> tuple[float, float]:
    """The two bounds by which most are accepted with few enough mistakes; far ones where none will do."""
    best, most = (9.0, 0.0), 0
    for margin, request in product(range(0, 150, 2), range(10, 100, 5)):
        taken = accepted(judged, bound(margin / 100, request / 100))
        if len(taken) > most and _is_right_enough(taken):
            best, most = (margin / 100, request / 100), len(taken)
    return best


def _is_right_enough(taken: Sequence[Left]) -> bool:
    wrong = [one for one in taken if not one.right]
    mistaken = sum(one.leaning.likely not in HARMLESS for one in wrong)
    return len(wrong) <= (1 - RIGHT) * len(taken) and mistaken <= HARMFUL * len(taken)


# ---------------------------------------------------------------- the report


def report(judged: Sequence[Left], bound: acts.Bounds) -> None:
    """Right of all, accepted, right of accepted; which kinds are taken for which."""
    nested = [one for draw in sorted({one.one.draw for one in judged}) for one in _nested(judged, draw)]
    print(f"judged by the other draws: right {_share(judged)}; bounds {bound}")
    print(f"accepted {len(accepted(judged, bound))}, right of those {_share(accepted(judged, bound))}")
    print(f"accepted where the bounds too are the other draws': {len(nested)}, right of those {_share(nested)}")
    print("right kind: likely kinds (how many of them accepted)")
    for kind in acts.KINDS:
        of = [one for one in judged if one.one.kind == kind]
        likely = Counter(one.leaning.likely for one in of)
        sure = Counter(one.leaning.likely for one in accepted(of, bound))
        print(f"  {kind:16}{len(of):4}:", ", ".join(f"{k} {n} ({sure[k]})" for k, n in likely.most_common()))
    _report_wrong([one for one in judged if not one.right], bound)


def _report_wrong(wrong: Sequence[Left], bound: acts.Bounds) -> None:
    for one in wrong:
        leaning = one.leaning
        state = "ACCEPTED" if leaning.is_certain(bound) else "open"
        print(f"  {one.one.name}: {one.one.kind} as {leaning.likely}", end=", ")
        print(f"{leaning.margin:.2f}, {leaning.request:.2f}, {state}")


def _share(judged: Sequence[Left]) -> str:
    right = sum(one.right for one in judged)
    return f"{right}/{len(judged)} ({right / max(1, len(judged)):.3f})"


def accepted(judged: Sequence[Left], bound: acts.Bounds) -> list[Left]:
    """Those whose verdict is certain by that bound."""
    return [one for one in judged if one.leaning.is_certain(bound)]


def _nested(judged: Sequence[Left], draw: str) -> list[Left]:
    bound = bounds([one for one in judged if one.one.draw != draw])
    return accepted([one for one in judged if one.one.draw == draw], bound)


def main() -> None:
    known = examples()
    judged = unknown(left_out(known))
    bound = bounds(judged)
    report(judged, bound)
    text = written(learn(known, bound))
    STORED.write_text(text, encoding="utf-8")
    print(f"{STORED.name}: {len(text.splitlines())} lines, {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
