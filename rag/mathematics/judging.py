"""Whether what an answer claims is so: each claim in turn, with what was claimed before it.

Nothing is said where it is not sure: of equations that are to be solved, of roundings that may be
meant, of numbers whose notation is ambiguous.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import sympy as sp

from rag.mathematics.algebra import NotComputable, algebra, kinds, variables
from rag.mathematics.equations import Claim
from rag.mathematics.expressions import READINGS, Node, NoExpression, parse
from rag.mathematics.rounding import Literal, compare, literal
from rag.mathematics.verdicts import Verdict, in_words

_ATOMS = frozenset({"number", "symbol", "constant"})
_PLAIN = frozenset({*_ATOMS, "negative"})


@dataclass
class Judge:
    """Remembers the functions and the equations of one answer."""

    _functions: dict[str, tuple[sp.Symbol, sp.Expr]] = field(default_factory=dict)
    _equations: dict[str, sp.Expr] = field(default_factory=dict)  # by unknown: left minus right
    _solved: set[str] = field(default_factory=set)

    def judge(self, claim: Claim) -> Verdict | None:
        """Right, wrong, or nothing, where it is not sure or not to be computed."""
        if claim.begins_anew:
            self._equations.clear()
            self._solved.clear()
        found = [self._judge_pair(claim, left, right) for left, right in _pairs(claim)]
        if right := next((verdict for verdict in found if verdict and verdict.is_right), None):
            return right
        is_sure = bool(found) and all(found) and not claim.is_doubtful
        return found[0] if is_sure else None

    def _judge_pair(self, claim: Claim, left: Node, right: Node) -> Verdict | None:
        try:
            if left.kind == "apply" and self._defines(left, right):
                return None
            if right.kind in _PLAIN and left.kind not in _PLAIN:
                return self._compared(claim, left, right)
            if left.kind in _PLAIN and right.kind not in _PLAIN and not variables(left):
                return self._compared(claim, right, left)
            return self._compared(claim, left, right)
        except (NotComputable, TypeError, ValueError, ArithmeticError, NotImplementedError):
            return None  # what SymPy cannot do is not wrong

    def _compared(self, claim: Claim, left: Node, right: Node) -> Verdict | None:
        unknowns = variables(left) | variables(right)
        if left.kind == "symbol" and not variables(right):
            return self._solution(claim, left.value, right)
        if left.kind == "integral" and len(left.parts) == 1:
            return self._integrated(left, right)
        value = algebra(left, self._functions)
        if not unknowns:
            return _numbers(claim, left, value, right, algebra(right, self._functions))
        return self._symbolic(claim, left, value, right)

    def _defines(self, left: Node, right: Node) -> bool:
        """f(x) = …, which is a definition where f is not known yet."""
        variable = left.parts[0]
        if "'" in left.value or variable.kind != "symbol":
            return False
        if variables(right) - {variable.value}:
            self._functions.pop(left.value, None)
            return True
        term = algebra(right, self._functions)
        known = self._functions.get(left.value)
        self._functions[left.value] = (sp.Symbol(variable.value), term)
        return known is None or sp.simplify(known[1] - term) != 0

    def _integrated(self, left: Node, right: Node) -> Verdict | None:
        """An antiderivative is right where its derivative is the integrand."""
        integrand = algebra(left.parts[0], self._functions)
        variable = sp.Symbol(left.value)
        found = algebra(right, self._functions)
        if _is_zero(sp.diff(found, variable) - integrand):
            return Verdict(True, in_words(found))
        expected = sp.integrate(integrand, variable)
        is_known = not expected.has(sp.Integral)
        return Verdict(False, f"{in_words(expected)} + C") if is_known else None

    def _symbolic(self, claim: Claim, left: Node, value: sp.Expr, right: Node) -> Verdict | None:
        """Identities are right; else it is an equation to be solved, unless it says otherwise."""
        other = algebra(right, self._functions)
        if _is_zero(value - other):
            return None if left == right else Verdict(True, in_words(other))
        says_so = {"derivative", "apply"} & kinds(left) and not {"apply"} & kinds(right)
        if says_so or (claim.is_identity and variables(left) and variables(right)):
            is_same_letters = value.free_symbols >= other.free_symbols
            expected = in_words(sp.expand(value))
            return Verdict(False, expected) if is_same_letters or says_so else None
        self._note_equation(variables(left) | variables(right), value - other)
        return None

    def _note_equation(self, unknowns: frozenset[str], difference: sp.Expr) -> None:
        for name in unknowns & self._solved:
            self._equations.pop(name, None)
            self._solved.discard(name)
        if len(unknowns) == 1:
            (name,) = unknowns
            self._equations.setdefault(name, difference)

    def _solution(self, claim: Claim, name: str, right: Node) -> Verdict | None:
        """x = 3, measured by the first equation for x since x was found last."""
        if name not in self._equations or claim.is_hypothetical:
            return None
        self._solved.add(name)
        symbol = sp.Symbol(name)
        difference = self._equations[name]
        values = [algebra(node, self._functions) for node in _both_signs(right)]
        if all(_is_zero(difference.subs(symbol, value)) for value in values):
            return Verdict(True, " or ".join(map(in_words, values)))
        solutions = [found for found in sp.solve(difference, symbol) if found.is_real]
        if not solutions:
            return None
        verdicts = [_numbers(claim, Node("symbol", name), s, right, values[0]) for s in solutions]
        if any(verdict is None or verdict.is_right for verdict in verdicts):
            return next((verdict for verdict in verdicts if verdict and verdict.is_right), None)
        return Verdict(False, " or ".join(f"{name} = {in_words(value)}" for value in solutions))


def _pairs(claim: Claim) -> Iterator[tuple[Node, Node]]:
    """The sides as they can be read, each way once."""
    seen = set()
    for reading in READINGS:
        try:
            pair = parse(claim.left, reading), parse(claim.right, reading)
        except NoExpression:
            continue
        if pair not in seen:
            seen.add(pair)
            yield pair


def _both_signs(node: Node) -> tuple[Node, ...]:
    if node.kind == "±":
        return tuple(Node(sign, parts=node.parts) for sign in "+-")
    return (node,)


def _numbers(
    claim: Claim, left: Node, value: sp.Expr, right: Node, other: sp.Expr
) -> Verdict | None:
    if left.kind in ("number", "constant") and right.kind == "number" and not claim.is_rounded:
        return None  # nothing was computed
    if not (_is_finite(value) and _is_finite(other)):
        return None
    given = literal(right) or Literal(other, None, is_percent=right.kind == "percent")
    is_angle_open = "function" in kinds(left) and not {"degrees", "constant"} & kinds(left)
    verdict = compare(value, given, is_rounded=claim.is_rounded, has_decimals=_has_decimals(left))
    return None if verdict and not verdict.is_right and is_angle_open else verdict


def _is_finite(value: sp.Expr) -> bool:
    return bool(value.is_number and value.is_finite and value.is_real)


def _has_decimals(node: Node) -> bool:
    return "." in node.value or any(_has_decimals(part) for part in node.parts)


def _is_zero(difference: sp.Expr) -> bool:
    if difference.is_number and abs(difference.evalf(30)) > 1e-20:
        return False
    return bool(difference == 0 or sp.simplify(sp.expand(difference)) == 0)
