"""Reads source code: the text is the file's own, and functions and classes are its headings.

Python is parsed; for other languages a line is looked at, which finds most definitions and a few
that are none. Where they stand is what counts: a passage is cited by the one it stands in.
"""

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from rag.documents.code_rules import LATEX_LEVELS, RULES
from rag.documents.encoding import read_text
from rag.types import Document, Heading, Kind, Span

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
PYTHON = (".py", ".pyi")
LOOKED_AT = 300  # characters of a line; a program that was made small is one line of a million
LONGEST_TITLE = 100  # characters
WIDTH_OF_TAB = 4


def read(path: Path) -> Document:
    """The file under its name. Raises `DamagedFile` where it does not hold text."""
    text = read_text(path)
    suffix = path.suffix.lower()
    headings = _python_headings(text) if suffix in PYTHON else None
    if headings is None:
        headings = tuple(_found_headings(text, RULES[suffix]))
    return Document(kind=Kind.CODE, title=path.name, text=text, pages=(), headings=headings)


# --- Python -------------------------------------------------------------------------------------


def _python_headings(text: str) -> tuple[Heading, ...] | None:
    """The definitions of a Python file; `None` where it is of another version, or broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a wrong escape is the file's concern
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    starts = [line.start() for line in LINE.finditer(text)]
    headings = []
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting:
        parent, level = waiting.pop()
        for node in ast.iter_child_nodes(parent):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                headings.append(_heading_of(node, level, text, starts))
                waiting.append((node, level + 1))
            else:
                waiting.append((node, level))
    return tuple(sorted(headings, key=lambda heading: heading.span.start))


def _heading_of(
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
    level: int,
    text: str,
    starts: list[int],
) -> Heading:
    """From the first decorator to the end of the line that says the name."""
    word = "class" if isinstance(node, ast.ClassDef) else "def"
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    line = LINE.match(text, starts[node.lineno - 1])
    assert line is not None
    return Heading(f"{word} {node.name}", level, _stripped(text, starts[first - 1], line.end()))


# --- other languages ----------------------------------------------------------------------------


def _found_headings(text: str, rule: re.Pattern[str]) -> Iterator[Heading]:
    """The lines that the rule finds; one that is indented further stands below the one above."""
    indents: list[int] = []
    for line in LINE.finditer(text):
        found = rule.match(line[0].rstrip("\r\n")[:LOOKED_AT])
        if found is None:
            continue
        indent = len(found["indent"].expandtabs(WIDTH_OF_TAB))
        del indents[bisect_right(indents, indent - 1) :]
        indents.append(indent)
        title = " ".join(found["title"].split())[:LONGEST_TITLE].rstrip(" {(:=")
        span = _stripped(text, line.start(), line.end())
        if title:
            yield Heading(title, _level(found, len(indents)), span)


def _level(found: re.Match[str], depth: int) -> int:
    """Its depth, or what the language itself says of it: "sub" three times in LaTeX."""
    stated = found.groupdict().get("level")
    return depth if stated is None else LATEX_LEVELS.index(stated) + 1


def _stripped(text: str, start: int, end: int) -> Span:
    inside = text[start:end]
    return Span(start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip()))
