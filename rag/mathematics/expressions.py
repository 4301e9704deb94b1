r"""An expression, in LaTeX or as it is typed, as a tree. Nothing is computed, nothing is evaluated.

The grammar is that of school: numbers, letters, the four operations, powers, roots, fractions,
percentages, factorials, the usual functions, `\frac{d}{dx}` and `\int … dx`. All else is no
expression: whoever asks says nothing about it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rag.mathematics.signs import CONSTANTS, Sign, signs

DEEPEST = 40  # brackets within brackets
LONGEST = 500  # characters
_DEFINED = frozenset("fghFGH")  # letters that a bracket behind them makes a function


class NoExpression(ValueError):
    """The text is no expression of this grammar."""


@dataclass(frozen=True, slots=True)
class Node:
    """A number, a name or an operation over `parts`.

    Kinds: number, symbol, constant; + - * / ^ ± negative percent degrees ! root binom; function
    and log (with its base); apply, a function that the text defines, with a ' for each derivative;
    derivative, of the order and by the variable that `value` names; integral by `value`.
    """

    kind: str
    value: str = ""
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read what is ambiguous."""

    decimal_mark: str = "."
    is_wide: bool = False  # d/dx takes in the sum that follows, not only its first term


READINGS = tuple(Reading(mark, is_wide) for mark in ".," for is_wide in (False, True))


def parse(source: str, reading: Reading = READINGS[0]) -> Node:
    """The tree of an expression. Raises NoExpression."""
    if len(source) > LONGEST:
        raise NoExpression("it is too long")
    found = signs(source, decimal_mark=reading.decimal_mark)
    if found is None:
        raise NoExpression("it has unknown signs")
    return _Parser(found, reading, 0).whole()


class _Parser:
    """Goes through the signs once, from the left; each method takes what its name says."""

    def __init__(self, found: list[Sign], reading: Reading, depth: int) -> None:
        self._signs = [*found, Sign("end", "")]
        self._at = 0
        self._depth = depth
        self._reading = reading

    def whole(self) -> Node:
        node = self._sum()
        if self._next.kind != "end":
            raise NoExpression(f"{self._next.text} is not expected")
        return node

    @property
    def _next(self) -> Sign:
        return self._signs[self._at]

    def _is_next(self, *texts: str) -> bool:
        return self._next.kind == "operator" and self._next.text in texts

    def _take(self, *texts: str) -> str:
        sign = self._next
        if sign.kind == "end" or (texts and not self._is_next(*texts)):
            raise NoExpression(f"something is missing before {sign.text}")
        self._at += 1
        return sign.text

    def _deeper(self, part: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise NoExpression("it is too deep")
        node = part()
        self._depth -= 1
        return node

    # --- from sums down to single numbers

    def _sum(self) -> Node:
        if self._is_next("±"):
            self._take()
            return Node("±", parts=(Node("number", "0"), self._product()))
        node = self._product()
        while self._is_next("+", "-", "±"):
            sign = self._take()
            right = self._product()
            if right.kind == "percent" and node.kind not in ("percent", "+", "-"):
                raise NoExpression("it is a percentage of something")
            node = Node(sign, parts=(node, right))
        return node

    def _product(self) -> Node:
        node, is_slashed = self._signed(), False
        while True:
            if self._is_next("*", "/"):
                is_slashed = self._take() == "/"
                node = Node("/" if is_slashed else "*", parts=(node, self._signed()))
            elif self._is_next("of") and (is_slashed or node.kind == "percent"):
                self._take()
                node, is_slashed = Node("*", parts=(node, self._signed())), False
            elif self._starts_factor():
                node = self._implied(node, is_slashed)
            else:
                return node

    def _starts_factor(self) -> bool:
        is_named = self._next.kind in ("number", "letter", "name", "derivative")
        return is_named or self._is_next("(", "{", "frac", "sqrt", "√", "∛", "∫", "binom")

    def _implied(self, left: Node, is_slashed: bool) -> Node:
        """2x and (a)(b); but 1/2x is unclear, and 1 1/2 no product."""
        is_mixed = left.kind == "number" and self._is_next("frac")
        if self._next.kind == "number" or is_slashed or is_mixed or left.kind == "percent":
            raise NoExpression("it is not clear what is multiplied")
        return Node("*", parts=(left, self._power()))

    def _signed(self) -> Node:
        if self._is_next("-"):
            self._take()
            return Node("negative", parts=(self._deeper(self._signed),))
        return self._power()

    def _power(self) -> Node:
        node = self._postfixed(self._atom())
        while self._is_next("^"):
            self._take()
            node = self._raised(node)
        return self._postfixed(node)

    def _raised(self, base: Node) -> Node:
        if self._is_next("°"):
            self._take()
            return Node("degrees", parts=(base,))
        exponent = self._deeper(self._exponent)
        if exponent.kind == "degrees" and not exponent.parts:
            return Node("degrees", parts=(base,))
        return Node("^", parts=(base, exponent))

    def _exponent(self) -> Node:
        if self._is_next("{") and self._signs[self._at + 1].text == "°":
            self._take()
            self._take("°")
            self._take("}")
            return Node("degrees")
        node = self._group() if self._is_next("{", "(") else self._signed_atom()
        return node if not self._is_next("^") else self._raised_once_more(node)

    def _raised_once_more(self, base: Node) -> Node:
        self._take("^")
        return Node("^", parts=(base, self._deeper(self._exponent)))

    def _signed_atom(self) -> Node:
        if self._is_next("-"):
            self._take()
            return Node("negative", parts=(self._atom(),))
        return self._atom()

    def _postfixed(self, node: Node) -> Node:
        kinds = {"!": "!", "%": "percent", "°": "degrees"}
        while self._is_next(*kinds):
            node = Node(kinds[self._take()], parts=(node,))
        return node

    def _atom(self) -> Node:
        sign = self._next
        if sign.kind == "operator":
            return self._structure(sign.text)
        self._take()
        if sign.kind == "number":
            return Node("number", sign.text)
        if sign.kind == "letter":
            return self._letter(sign.text)
        if sign.kind == "derivative":
            return Node("derivative", sign.text, (self._deeper(self._derived),))
        if sign.kind == "name":
            is_constant = sign.text in CONSTANTS
            return Node("constant", sign.text) if is_constant else self._function(sign.text)
        raise NoExpression(f"{sign.text} is not expected")

    def _letter(self, name: str) -> Node:
        mark = self._at
        primes = ""
        while self._is_next("'"):
            primes += self._take()
        if name in _DEFINED and self._is_next("("):
            return Node("apply", name + primes, (self._group(),))
        if primes:
            raise NoExpression("a prime stands alone")
        self._at = mark
        return Node("constant", "e") if name == "e" else Node("symbol", name)

    def _derived(self) -> Node:
        return self._sum() if self._reading.is_wide else self._product()

    # --- signs with brackets of their own

    def _structure(self, sign: str) -> Node:
        if sign in ("(", "{"):
            return self._group()
        self._take()
        if sign == "frac":
            return Node("/", parts=(self._group("{"), self._group("{")))
        if sign == "binom":
            return Node("binom", parts=(self._group("{"), self._group("{")))
        if sign in ("sqrt", "√", "∛"):
            return self._root("3" if sign == "∛" else "2")
        if sign == "∫":
            return self._integral()
        raise NoExpression(f"{sign} is not expected")

    def _group(self, *openings: str) -> Node:
        opening = self._take(*(openings or ("(", "{")))
        node = self._deeper(self._sum)
        self._take(")" if opening == "(" else "}")
        return node

    def _root(self, degree: str) -> Node:
        index = Node("number", degree)
        if self._is_next("["):
            self._take()
            index = self._deeper(self._sum)
            self._take("]")
        return Node("root", parts=(self._deeper(self._atom), index))

    def _function(self, name: str) -> Node:
        base = self._low() if name == "log" and self._is_next("_") else None
        power = None
        if self._is_next("^"):
            self._take()
            power = self._deeper(self._exponent)
            if power.kind != "number":  # sin^{-1} is no power
                raise NoExpression("it is not clear what is raised")
        argument = self._deeper(self._argument)
        parts = (argument,) if base is None else (argument, base)
        node = Node("log" if name == "log" else "function", name, parts)
        return node if power is None else Node("^", parts=(node, power))

    def _argument(self) -> Node:
        """In brackets, or all factors up to the next operator: sin 2x."""
        if self._is_next("(", "{"):
            return self._group()
        node = self._power()
        while self._next.kind == "letter":
            node = Node("*", parts=(node, self._power()))
        return node

    def _low(self) -> Node:
        self._take("_")
        return self._group() if self._is_next("{") else self._atom()

    def _integral(self) -> Node:
        bounds: tuple[Node, ...] = ()
        if self._is_next("_"):
            low = self._low()
            self._take("^")
            bounds = (low, self._deeper(self._exponent))
        end = self._differential()
        body = self._signs[self._at : end] or [Sign("number", "1")]
        integrand = _Parser(body, self._reading, self._depth + 1).whole()
        self._at = end + 1
        return Node("integral", self._signs[end].text, (integrand, *bounds))

    def _differential(self) -> int:
        """Where the integrand ends."""
        for index in range(self._at, len(self._signs)):
            if self._signs[index].kind == "differential":
                return index
        raise NoExpression("it is not said by what is integrated")
