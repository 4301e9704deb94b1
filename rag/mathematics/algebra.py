"""Trees of expressions as SymPy's, built node by node: no text is ever evaluated.

What would take minutes or gigabytes is refused before it is begun, where that can be foreseen.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from rag.mathematics.expressions import Node

MOST_DIGITS = 4000  # of a power's value
LARGEST_FACTORIAL = 1500

_FUNCTIONS = {
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "cot": sp.cot,
    "sec": sp.sec,
    "csc": sp.csc,
    "arcsin": sp.asin,
    "arccos": sp.acos,
    "arctan": sp.atan,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "ln": sp.log,
    "exp": sp.exp,
}
_CONSTANTS = {"pi": sp.pi, "e": sp.E}

Functions = Mapping[str, tuple[sp.Symbol, sp.Expr]]  # f: its variable and its term


class NotComputable(ValueError):
    """Too large, not defined, or with functions that nobody has defined."""


def algebra(node: Node, functions: Functions) -> sp.Expr:
    """The expression. Raises NotComputable."""
    match node:
        case Node("number"):
            return sp.Rational(node.value)
        case Node("symbol"):
            return sp.Symbol(node.value)
        case Node("constant"):
            return _CONSTANTS[node.value]
        case Node("apply"):
            return _applied(node, functions)
        case Node("derivative"):
            term = algebra(node.parts[0], functions)
            return sp.diff(term, sp.Symbol(node.value[1:]), int(node.value[0]))
    return _operation(node, [algebra(part, functions) for part in node.parts])


def variables(node: Node) -> frozenset[str]:
    """The letters in it that stand for some value; that of a definite integral does not."""
    if node.kind == "symbol":
        return frozenset({node.value})
    found = frozenset[str]().union(*(variables(part) for part in node.parts))
    is_definite = node.kind == "integral" and len(node.parts) > 1
    return found - {node.value} if is_definite else found


def kinds(node: Node) -> frozenset[str]:
    """What kinds of nodes are in it."""
    return frozenset({node.kind}).union(*(kinds(part) for part in node.parts))


def _operation(node: Node, parts: list[sp.Expr]) -> sp.Expr:
    match node.kind, parts:
        case "+", [left, right]:
            return left + right
        case "-", [left, right]:
            return left - right
        case "*", [left, right]:
            return left * right
        case "/", [left, right]:
            return _quotient(left, right)
        case "^", [base, exponent]:
            return _power(base, exponent)
        case "negative", [term]:
            return -term
        case "percent", [term]:
            return term / 100
        case "degrees", [term]:
            return term * sp.pi / 180
        case "!", [term]:
            return _factorial(term)
        case "root", [term, degree]:
            return _root(term, degree)
        case "binom", [n, k]:
            return sp.binomial(_small(n), _small(k))
        case "log", [term, *base]:
            return sp.log(term, *(base or [10]))
        case "function", [term]:
            return _FUNCTIONS[node.value](term)
        case "integral", [term, *bounds]:
            variable = sp.Symbol(node.value)
            return sp.integrate(term, (variable, *bounds) if bounds else variable)
    raise NotComputable(node.kind)


def _applied(node: Node, functions: Functions) -> sp.Expr:
    name, order = node.value.rstrip("'"), node.value.count("'")
    if name not in functions:
        raise NotComputable(f"{name} is not known")
    variable, term = functions[name]
    return sp.diff(term, variable, order).subs(variable, algebra(node.parts[0], functions))


def _quotient(left: sp.Expr, right: sp.Expr) -> sp.Expr:
    if right.is_zero:
        raise NotComputable("it is divided by zero")
    return left / right


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    if base.is_Rational and exponent.is_Rational:
        largest = max(abs(base.p), base.q)
        if abs(exponent) > MOST_DIGITS * 4 or largest.bit_length() * abs(exponent) > (
            MOST_DIGITS * 4
        ):
            raise NotComputable("the power is too large")
        if base.is_zero and exponent <= 0:
            raise NotComputable("zero to the power of zero or less")
        if base.is_negative and not exponent.is_Integer:
            raise NotComputable("an even root of a negative number")
    elif exponent.is_Rational and abs(exponent) > 60:
        raise NotComputable("the power is too large")
    elif not exponent.is_Rational and base.is_Rational and exponent.is_number:
        _sized(exponent * sp.log(abs(base) + 1))
    return base**exponent


def _sized(exponent: sp.Expr) -> None:
    if abs(exponent.evalf(5)) > MOST_DIGITS * 2:
        raise NotComputable("the power is too large")


def _root(term: sp.Expr, degree: sp.Expr) -> sp.Expr:
    if not degree.is_Integer or not 2 <= degree <= 60:
        raise NotComputable("it is no root")
    if term.is_negative:
        if degree % 2 == 0:
            raise NotComputable("an even root of a negative number")
        return -sp.root(-term, degree)
    return sp.root(term, degree)


def _factorial(term: sp.Expr) -> sp.Expr:
    return sp.factorial(_small(term))


def _small(term: sp.Expr) -> sp.Expr:
    if not term.is_Integer or not 0 <= term <= LARGEST_FACTORIAL:
        raise NotComputable("it is no small whole number")
    return term
