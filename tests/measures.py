"""What is still too much of the code, measured: complexity and length of functions, imports within them.

`python tests/measures.py` writes the lists of what is still too much anew; tests/test_house.py compares.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

from radon.complexity import cc_visit
from radon.visitors import Class, Function

ROOT = Path(__file__).parent.parent
MOST_COMPLEX, MOST_LINES = 12, 60
_LAZY = "processor/commands/"  # each loads what it needs (the reason stands in pyproject.toml, at PLC0415)
_Definition = ast.FunctionDef | ast.AsyncFunctionDef
_NO_REASON = re.compile(r"#\s*(?:noqa|type:|pragma)")  # a word to a tool explains nothing to a reader


def _gathered(measure: Callable[[str, str], dict[str, int]], most: int, *folders: str) -> dict[str, int]:
    """What is above `most` in the modules of the folders."""
    out: dict[str, int] = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            out |= measure(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    return {name: number for name, number in out.items() if number > most}


def _largest(found: Iterator[tuple[str, int]]) -> dict[str, int]:
    """Of several that bear one name the largest; zeros are left out."""
    out: dict[str, int] = {}
    for name, number in found:
        if number > out.get(name, 0):
            out[name] = number
    return out


def complexities_of(text: str, path: str) -> dict[str, int]:
    """Of every function of a module, as radon counts (branches, conditions, comprehensions)."""

    def walk(block: Function, outer: str) -> Iterator[tuple[str, int]]:
        yield f"{path}::{outer}{block.name}", block.complexity
        for inner in block.closures:
            yield from walk(inner, f"{outer}{block.name}.")

    blocks = [block for block in cc_visit(text) if not isinstance(block, Class)]
    return _largest(one for block in blocks for one in walk(block, f"{block.classname}." if block.classname else ""))


def _functions(tree: ast.AST, outer: str = "") -> Iterator[tuple[str, _Definition]]:
    for node in ast.iter_child_nodes(tree):
        inside = outer
        if isinstance(node, _Definition | ast.ClassDef):
            inside = f"{outer}{node.name}."
            if isinstance(node, _Definition):
                yield inside[:-1], node
        yield from _functions(node, inside)


def lengths_of(text: str, path: str) -> dict[str, int]:
    """Lines of every function of a module, from `def` to the last one."""
    functions = _functions(ast.parse(text))
    return _largest((f"{path}::{name}", (node.end_lineno or 0) - node.lineno + 1) for name, node in functions)


def _reasons(text: str) -> set[int]:
    """The numbers of the lines with a comment that a person reads."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {t.start[0] for t in tokens if t.type == tokenize.COMMENT and not _NO_REASON.match(t.string)}


def _unexplained(body: list[ast.stmt], reasons: set[int]) -> Iterator[ast.stmt]:
    """Imports with no comment on their own line or on the line above the run of imports in which they stand."""
    explained, last = False, 0
    for node in body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if node.lineno != last + 1:
            explained = node.lineno - 1 in reasons
        last = node.end_lineno or node.lineno
        if not explained and not reasons & set(range(node.lineno, last + 1)):
            yield node


def _bodies(function: _Definition) -> Iterator[list[ast.stmt]]:
    """The function's lists of statements, those of functions within it left out."""
    todo: list[ast.AST] = [function]
    while todo:
        node = todo.pop()
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                yield value
            children = value if isinstance(value, list) else [value]
            todo += [c for c in children if isinstance(c, ast.AST) and not isinstance(c, _Definition | ast.Lambda)]


def inner_imports_of(text: str, path: str) -> dict[str, int]:
    """How many imports within each function have no comment that says why they don't stand at the top."""
    reasons = _reasons(text)
    return _largest(
        (f"{path}::{name}", sum(1 for body in _bodies(function) for _ in _unexplained(body, reasons)))
        for name, function in _functions(ast.parse(text))
    )


LISTS: dict[str, Callable[[], dict[str, int]]] = {
    "complexity.txt": lambda: _gathered(complexities_of, MOST_COMPLEX, "processor", "rules"),
    "lengths.txt": lambda: _gathered(lengths_of, MOST_LINES, "processor", "rules"),
    "inner_imports.txt": lambda: {
        name: count for name, count in _gathered(inner_imports_of, 0, "processor").items() if not name.startswith(_LAZY)
    },
}


def _lines(name: str) -> list[str]:
    return (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()


def listed(name: str) -> dict[str, int]:
    """What the list of that name holds; lines that begin with # are for its readers."""
    pairs = (line.rsplit(maxsplit=1) for line in _lines(name) if line and not line.startswith("#"))
    return {what: int(number) for what, number in pairs}


def main() -> None:
    for name, measure in LISTS.items():
        head = [line for line in _lines(name) if line.startswith("#")]
        found = [f"{what} {number}" for what, number in sorted(measure().items())]
        (Path(__file__).parent / name).write_text("\n".join([*head, *found, ""]), encoding="utf-8")
        print(f"tests/{name}: {len(found)}")


if __name__ == "__main__":
    main()
