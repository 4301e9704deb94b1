"""Numbers as they are written down: right to the digits given, or not.

"1/3 = 0.333" is right, "2/3 = 0.666" is cut and not called wrong, "1/3 = 0.34" is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from rag.mathematics.expressions import Node
from rag.mathematics.verdicts import Verdict, decimals_of, in_words

_NEAR = sp.Rational(1, 100)  # a result of rounded numbers may be off by so much, as a share
_ABOUT = sp.Rational(1, 20)  # "≈" may be
_CENT = sp.Rational(1, 100)  # to it sums of money are rounded without saying so
_MANY_DIGITS = 100  # from here on a whole number may be a rounded one


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it is given, and what its last digit is worth; nothing where it is exact."""

    value: sp.Expr
    unit: sp.Expr | None
    is_percent: bool = False


def literal(node: Node) -> Literal | None:
    """The number that a node is, with its sign, percent sign or power of ten."""
    match node:
        case Node("number"):
            decimals = len(node.value.partition(".")[2])
            return Literal(sp.Rational(node.value), sp.Rational(1, 10**decimals))
        case Node("negative", parts=(part,)):
            found = literal(part)
            return found and Literal(-found.value, found.unit, found.is_percent)
        case Node("percent", parts=(part,)):
            found = literal(part)
            return found and _scaled(found, sp.Rational(1, 100), is_percent=True)
        case Node("*", parts=(part, Node("^", parts=(Node("number", "10"), exponent)))):
            found, power = literal(part), literal(exponent)
            if found is None or power is None or abs(power.value) > 400:
                return None
            return _scaled(found, sp.Integer(10) ** power.value, is_percent=False)
    return None


def _scaled(found: Literal, factor: sp.Expr, *, is_percent: bool) -> Literal:
    return Literal(found.value * factor, (found.unit or 1) * factor, is_percent)


def compare(
    value: sp.Expr, given: Literal, *, is_rounded: bool, has_decimals: bool
) -> Verdict | None:
    """Whether a value is what is given; nothing where rounding may be meant."""
    expected = _expected(value, given)
    if _is_same(value, given.value):
        return Verdict(True, expected)
    if given.is_percent and _is_same(value, given.value * 100):
        return Verdict(True, expected)  # "3/12 × 100 = 25 %"
    gap = abs(value - given.value)
    gap = gap if gap.is_Rational else gap.evalf(30)
    if given.unit is not None and gap <= given.unit * sp.Rational(500001, 1000000):
        return _rounded(value, given, expected, is_rounded)
    is_shorter = bool(abs(given.value) <= abs(value))
    if given.unit is not None and gap < given.unit and is_shorter and _is_cut(given):
        return None
    share = gap / max(abs(value.evalf(30)), sp.Float("1e-30"))
    if is_rounded:
        return None if share < _ABOUT else Verdict(False, expected)
    is_inexact = given.unit is None or not _fits(value, given)
    if share < _NEAR and is_inexact and (has_decimals or given.unit is None):
        return None
    return Verdict(False, expected)


def _rounded(value: sp.Expr, given: Literal, expected: str, is_rounded: bool) -> Verdict | None:
    """It is the value, rounded. With "=" a whole number must be it, and a short decimal too."""
    if is_rounded:
        return Verdict(True, expected)
    if _is_cut(given):
        is_short = value.is_Rational and decimals_of(value) is not None
        return None if is_short and (given.unit or 0) > _CENT else Verdict(True, expected)
    is_long = abs(given.value) >= _MANY_DIGITS * (given.unit or 1)
    return None if is_long else Verdict(False, expected)


def _is_cut(given: Literal) -> bool:
    """Whether it has decimals, or is a percentage: those are rounded without saying so."""
    return given.is_percent or not (given.value.is_Integer and given.unit == 1)


def _fits(value: sp.Expr, given: Literal) -> bool:
    """Whether the exact value has no more decimals than are given: then nothing was rounded."""
    return given.unit is not None and bool((value / given.unit).is_Integer)


def _is_same(value: sp.Expr, other: sp.Expr) -> bool:
    if value == other:
        return True
    if value.is_Rational and other.is_Rational:
        return False
    scale = max(abs(value.evalf(40)), abs(other.evalf(40)), sp.Float("1e-30"))
    return bool(abs((value - other).evalf(40)) < scale * sp.Float("1e-25"))


def _expected(value: sp.Expr, given: Literal) -> str:
    return f"{in_words(value * 100)} %" if given.is_percent else in_words(value)
