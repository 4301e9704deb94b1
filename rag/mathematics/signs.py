r"""A formula's text, in LaTeX or as it is typed, as a row of signs: numbers, letters, operators.

What the row means is for `expressions` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ANGLES = ("sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan")
FUNCTIONS = frozenset((*_ANGLES, "sinh", "cosh", "tanh", "ln", "log", "exp"))
CONSTANTS = frozenset({"pi"})
_GREEK = frozenset(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi "
        "psi omega varphi vartheta varepsilon Delta Gamma Omega Theta Phi Psi Lambda Sigma",
    )
)
_OPERATORS = {
    r"\cdot": "*",
    r"\times": "*",
    r"\ast": "*",
    r"\div": "/",
    r"\pm": "±",
    r"\int": "∫",
    r"\frac": "frac",
    r"\dfrac": "frac",
    r"\tfrac": "frac",
    r"\binom": "binom",
    r"\sqrt": "sqrt",
    r"\circ": "°",
    r"\%": "%",
    r"\{": "(",
    r"\}": ")",
    "×": "*",
    "·": "*",
    "⋅": "*",
    "**": "^",
    "÷": "/",
    "−": "-",
    "–": "-",
    "∛": "∛",
    "′": "'",
    "[": "[",
    "]": "]",
}
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_PARTS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}

_SILENT = re.compile(
    r"\\(?:left|right|big[lr]?|Big[lr]?|bigg[lr]?|displaystyle|limits|quad|qquad|mathrm\{d\}(?=x))"
    r"(?![A-Za-z])|\\[,;:! ]|[\s&~$€£\u00a0\u202f\u2009]+"
)
_DERIVATIVE = re.compile(
    r"\\[dt]?frac\s*\{\s*(?:d|\\mathrm\{d\})(?:\^\{?(\d)\}?)?\s*\}"
    r"\s*\{\s*(?:d|\\mathrm\{d\})\s*([a-z])(?:\^\{?(\d)\}?)?\s*\}"
    r"|\bd(?:\^(\d))?/d([a-z])(?:\^(\d))?(?![A-Za-z])"
)
_DIFFERENTIAL = re.compile(r"(?:d|\\mathrm\{d\})\s?([a-z])(?![A-Za-z])")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[%{}])")
_WORD = re.compile(r"[A-Za-z]+")
_LETTERS_AND_DIGIT = re.compile(r"[A-Za-z]{3,}\d")  # log2(8), whatever it means
_RAISED = re.compile(f"[{''.join(_SUPERSCRIPTS)}]+")
_NUMBERS = {
    ".": re.compile(r"(?:[1-9]\d{0,2}(?:(?:,|\{,\}|\\,|\u202f)\d{3})+|\d+)(?:\.\d+)?|\.\d+"),
    ",": re.compile(r"(?:[1-9]\d{0,2}(?:(?:\.|\\,|\u202f)\d{3})+|\d+)(?:(?:,|\{,\})\d+)?"),
}
_MORE_DIGITS = re.compile(r"(?:[.,]|\{,\})\d|\d|[eE][+-]?\d")


@dataclass(frozen=True, slots=True)
class Sign:
    """Its kind (number, letter, name, derivative, differential, operator) and its plain text.

    A number has a point before its decimals; a derivative's text is its order and its variable.
    """

    kind: str
    text: str


def signs(source: str, *, decimal_mark: str) -> list[Sign] | None:
    """The signs in their order, or nothing where one is unknown."""
    found: list[Sign] = []
    at = 0
    while at < len(source):
        if silent := _SILENT.match(source, at):
            at = silent.end()
            continue
        step = _sign(source, at, decimal_mark)
        if step is None:
            return None
        at, more = step
        found += more
    return found


def _sign(source: str, at: int, decimal_mark: str) -> tuple[int, list[Sign]] | None:
    """Where the sign at this place ends, and what it stands for."""
    if number := _NUMBERS[decimal_mark].match(source, at):
        return _number(source, number, decimal_mark)
    if derivative := _DERIVATIVE.match(source, at):
        return _derivative(derivative)
    if differential := _DIFFERENTIAL.match(source, at):
        return differential.end(), [Sign("differential", differential[1])]
    if command := _COMMAND.match(source, at):
        return _command(command)
    if _LETTERS_AND_DIGIT.match(source, at):
        return None
    if word := _WORD.match(source, at):
        return _word(word)
    if raised := _RAISED.match(source, at):
        digits = "".join(_SUPERSCRIPTS[digit] for digit in raised[0])
        return raised.end(), _power(digits)
    return _operator(source, at)


def _number(source: str, number: re.Match[str], decimal_mark: str) -> tuple[int, list[Sign]] | None:
    if _MORE_DIGITS.match(source, number.end()):
        return None
    digits = number[0].replace("{,}", ",").replace(r"\,", "").replace("\u202f", "")
    digits = digits.replace("," if decimal_mark == "." else ".", "").replace(",", ".")
    return number.end(), [Sign("number", digits)]


def _derivative(match: re.Match[str]) -> tuple[int, list[Sign]] | None:
    first, variable, second = match[1] or match[4], match[2] or match[5], match[3] or match[6]
    if first != second:
        return None
    return match.end(), [Sign("derivative", f"{first or 1}{variable}")]


def _command(match: re.Match[str]) -> tuple[int, list[Sign]] | None:
    name = match[0][1:]
    if match[0] in _OPERATORS:
        return match.end(), [Sign("operator", _OPERATORS[match[0]])]
    if name in FUNCTIONS or name in CONSTANTS:
        return match.end(), [Sign("name", name)]
    return (match.end(), [Sign("letter", name)]) if name in _GREEK else None


def _word(match: re.Match[str]) -> tuple[int, list[Sign]] | None:
    """Two letters are a product; more are a word, which no formula has."""
    word = match[0]
    if word in FUNCTIONS or word in CONSTANTS:
        return match.end(), [Sign("name", word)]
    if word in ("sqrt", "of"):
        return match.end(), [Sign("operator", word)]
    return (match.end(), [Sign("letter", letter) for letter in word]) if len(word) < 3 else None


def _power(digits: str) -> list[Sign]:
    sign = [Sign("operator", "-")] if digits.startswith("-") else []
    return [Sign("operator", "^"), *sign, Sign("number", digits.strip("-") or "0")]


def _operator(source: str, at: int) -> tuple[int, list[Sign]] | None:
    if source.startswith("**", at):
        return at + 2, [Sign("operator", "^")]
    character = source[at]
    if character in _PARTS:
        return at + 1, [Sign("number", _PARTS[character])]
    if character == "π":
        return at + 1, [Sign("name", "pi")]
    known = _OPERATORS.get(character, character if character in "+-*/^_(){}!%°√∫±'" else "")
    return (at + 1, [Sign("operator", known)]) if known else None
