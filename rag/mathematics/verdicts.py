"""What is said of a claim, and values as a person writes them."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

MOST_DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a claim is right, and what it should say."""

    is_right: bool
    expected: str


def in_words(value: sp.Expr) -> str:
    """A value as it is typed: 2·x^2, 0.25, ≈ 1.41421."""
    if value.is_Integer:
        return str(value)
    if value.is_Rational:
        return _decimals(value)
    if value.is_number and not value.has(sp.pi, sp.E, sp.I):
        return f"≈ {value.evalf(6)}"
    return str(value).replace("**", "^").replace("*", "·")


def decimals_of(value: sp.Rational) -> int | None:
    """How many decimals a fraction has; nothing where they do not end soon."""
    for count in range(MOST_DECIMALS + 1):
        if (value * 10**count).is_Integer:
            return count
    return None


def _decimals(value: sp.Rational) -> str:
    count = decimals_of(value)
    if count is None:
        return f"{value} ≈ {value.evalf(6)}"
    whole = str(abs(int(value * 10**count))).rjust(count + 1, "0")
    return f"{'-' if value < 0 else ''}{whole[:-count]}.{whole[-count:]}"
