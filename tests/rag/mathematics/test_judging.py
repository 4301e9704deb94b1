"""What is right, what is wrong, and of what nothing is said."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.mathematics.equations import claims
from rag.mathematics.judging import Judge

RIGHT = [
    "17 × 24 = 408",
    "So 17 * 24 = 408.",
    "17 x 24 = 408",
    "**17 × 24 = 408**",
    "- 5 + 3 = 8",
    "1. 5 + 3 = 8",
    "$17 \\times 24 = 408$",
    "\\(\\frac{3}{4} + \\frac{1}{4} = 1\\)",
    "$$\\boxed{12 \\cdot 12 = 144}$$",
    "1/3 = 0.333",
    "2/3 = 0.667",
    "2/3 ≈ 0.67",
    "√2 ≈ 1.414",
    "\\(\\sqrt{2} \\approx 1.41\\)",
    "$\\pi \\approx 3.14159$",
    "20% of 50 is 10",
    "20 % of 50 = 10",
    "15% × 80 = 12",
    "1/4 = 25%",
    "3/12 × 100 = 25%",
    "2^10 = 1024",
    "2**10 = 1024",
    "2¹⁰ = 1024",
    "$2^{-2} = 0.25$",
    "1,250 × 4 = 5,000",
    "$5 × 3 = $15",
    "3,5 × 2 = 7,0",
    "5! = 120",
    "$\\binom{5}{2} = 10$",
    "$\\sqrt[3]{27} = 3$",
    "$\\log_2 8 = 3$",
    "$\\ln e = 1$",
    "$\\sin 30^\\circ = 0.5$",
    "$\\sin(\\pi/2) = 1$",
    "$(a+b)^2 = a^2 + 2ab + b^2$",
    "$x^2 - 9 = (x-3)(x+3)$",
    "$\\frac{d}{dx} x^3 = 3x^2$",
    "$\\frac{d}{dx}(x^2 + 3x) = 2x + 3$",
    "d/dx x^2 = 2x",
    "$\\int 2x \\, dx = x^2 + C$",
    "$\\int_0^1 x^2 \\, dx = \\frac{1}{3}$",
    "$f(x) = x^3$, so $f'(x) = 3x^2$",
    "$f(x) = x^2 + 1$ and $f(3) = 10$",
    "$2x + 1 = 7$, hence $x = 3$",
    "2x + 1 = 7, so x = 3.",
    "$x^2 = 4$, so $x = \\pm 2$",
    "$x^2 = 2$, so $x \\approx 1.414$",
    "area = 5 × 3 = 15",
    "$$\\begin{aligned} 2(3+4) &= 2 \\cdot 7 \\\\ &= 14 \\end{aligned}$$",
    "$10\\% \\cdot 200 = 20$",
    "6.02 × 10^3 = 6020",
    "0.1 + 0.2 = 0.3",
    "2 + 3 = 5, which is odd",
    "(3 + 4) × 2 = 14",
    "-3 + 5 = 2",
    "$1{,}000 + 1 = 1{,}001$",
    "$1{,}000 \\times (1 + 0.05)^3 = 1157.63$",
    "1/36 ≈ 0.0278 (2.78 %)",
    "f(x) = 2x + 3, f(4) = 11, f'(x) = 2",
    "2 + 2 = 4 (of course)",
]

WRONG = [
    ("17 × 24 = 418", "408"),
    ("$17 \\times 24 = 418$", "408"),
    ("1/3 = 0.34", "1/3 ≈ 0.333333"),
    ("10/3 = 3", "10/3 ≈ 3.33333"),
    ("√2 ≈ 1.5", "≈ 1.41421"),
    ("20% of 50 is 12", "10"),
    ("1/4 = 20%", "25 %"),
    ("19.99 × 3 = 59.98", "59.97"),
    ("0.1 + 0.2 = 0.4", "0.3"),
    ("2^10 = 1000", "1024"),
    ("$\\frac{1}{2} + \\frac{1}{3} = \\frac{2}{5}$", "5/6 ≈ 0.833333"),
    ("$\\frac{d}{dx} x^3 = 3x$", "3·x^2"),
    ("$\\int 2x \\, dx = x^3 + C$", "x^2 + C"),
    ("$\\int_0^1 x^2 \\, dx = \\frac{1}{2}$", "1/3 ≈ 0.333333"),
    ("$f(x) = x^3$, so $f'(x) = 3x$", "3·x^2"),
    ("$f(x) = x^2$ and $f(3) = 6$", "9"),
    ("$2x + 1 = 7$, hence $x = 4$", "x = 3"),
    ("2x + 1 = 7, so x = 4.", "x = 3"),
    ("Expand: $(a+b)^2 = a^2 + b^2$", "a^2 + 2·a·b + b^2"),
    ("3.5 × 2 = 8", "7"),
    ("3,5 × 2 = 8,0", "7"),
    ("(3 + 4) × 2 = 11", "14"),
    ("$5! = 60$", "120"),
    ("2 + 2 = 5 (a joke)", "4"),
    ("g(x) = x^2, g'(x) = 3x", "2·x"),
    ("| 3 × 4 = 12 | 5 × 5 = 24 |", "25"),
]

NOTHING = [
    "x = 3",
    "1 = 1",
    "the area = large",
    "60 min - 30 = 30",
    "half of 10 + 2 = 7",
    "5 × 200,000 = 1 million",
    "250 / 1000 = 250 g",
    "500 × 2 = 1 kg",
    "7 + 8 = 3 (mod 12)",
    "$7 + 8 = 3 \\pmod{12}$",
    "pages 3-5 = 3 pages",
    "1.250 × 4 = 5.000",  # right in German, and in English
    "1,250 × 4 = 5",
    "1 1/2 = 1.5",
    "$1\\frac{1}{2} = 0.5$",
    "2/3 = 0.666",
    "1/8 = 0.13",
    "$x^2 = 4$",
    "$x + y = 3$",
    "1/0 = 5",
    "0^0 = 7",
    "sin(30) = 0.5",
    "`2 + 2 = 5`",
    "```\n2 + 2 = 5\n```",
    "2x + 1 = 7; if x = 4, it is 9",
    "version 3.11.7 = 5",
    "$P(A) = 0.5$",
    "$E = mc^2$",
    "$a_1 = 3 \\cdot 2 = 5_2$",
    "$10^{10^{10}} = 5$",
    "10**10**10 = 5",
    "9^9^9^9 = 1",
    "99999! = 1",
    "2^0.5^-99999999999 = 1",
    "(" * 300 + "1" + ")" * 300 + " = 2",
    "$" + "{" * 200 + "1" + "}" * 200 + " = 2$",
    "__import__('os').system('true') = 0",
    "$__import__ = 0$",
    "$().__class__ = 0$",
    "lambda: 0 = 1",
    "1" * 600 + " + 1 = 2",
    "= = = 5",
    "5 = ",
    "$=$",
    "$\\text{total} = 5$",
    "$\\frac{1}{} = 2$",
    "$\\sqrt{-4} = 2$",
    "5 + 10% = 5.5",
    "17 × 24 ≠ 418",
    "17 × 24 < 418",
    "$3 \\neq 2 + 2$",
    "The equation factors as $(x-2)(x-3) = 0$",
    "log2(8) = 3",
    "50 ± 1.96 × 2 = 50 ± 3.92",
    "7 mod 2 = 1. 2^3 = 8",
    "name(x) = 2x, so 2 + 2 = 5px",
    "$\\sum_{i=1}^{10} i = 55$",
    "$x^2 - 4x + 3 = 0$ has its axis of symmetry $x = 2$",
    "3 apples + 4 apples = 7 apples",
    "17 / 5 = 3 remainder 2",
]

PIECES = [
    "1",
    "23",
    ".5",
    ",",
    " ",
    "x",
    "=",
    "≈",
    "+",
    "-",
    "/",
    "^",
    "(",
    ")",
    "{",
    "}",
    "$",
    "%",
]
PIECES += [
    "\\frac",
    "\\sqrt",
    "\n",
    " of ",
    "f",
    "'",
    "!",
    "\\(",
    "\\)",
    "±",
    "**",
    "\\\\",
    "&",
    "d/dx",
]


def verdicts_of(text: str) -> list[tuple[bool, str]]:
    judge = Judge()
    found = [judge.judge(claim) for claim in claims(text)]
    return [(verdict.is_right, verdict.expected) for verdict in found if verdict]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_so_is_right(text: str) -> None:
    found = verdicts_of(text)
    assert found
    assert all(is_right for is_right, _ in found), found


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_what_is_not_so_is_wrong(text: str, expected: str) -> None:
    assert (False, expected) in verdicts_of(text)


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_said_where_nothing_is_sure(text: str) -> None:
    assert [found for found in verdicts_of(text) if not found[0]] == []


def test_a_claim_stands_where_it_says() -> None:
    text = "Well, **17 × 24 = 408**, and $1 + 1 = 3$."
    assert [text[c.span.start : c.span.end] for c in claims(text)] == ["17 × 24 = 408", "1 + 1 = 3"]


def test_a_chain_is_judged_link_by_link() -> None:
    assert [right for right, _ in verdicts_of("2 + 3 × 4 = 2 + 12 = 15")] == [True, False]


def test_a_new_heading_forgets_the_equation() -> None:
    assert verdicts_of("$2x = 6$\n\n# Second\n\n$x = 5$") == []
    assert verdicts_of("$2x = 6$\n\n$x = 5$") == [(False, "x = 3")]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_written_claims_lie_in_it_and_are_judged(text: str) -> None:
    verdicts_of(text)
    for claim in claims(text):
        assert 0 <= claim.span.start <= claim.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 5000 + " ö = 2",
        "1,1." * 2000 + " ö = 2",
        "$" + "a=" * 4000 + "$",
        "$$" + "a=" * 1400 + "$$",
        "1+1=" * 700 + "2",
        "= " * 4000,
        "(" * 4000 + "=" + ")" * 4000,
        "- " * 4000 + "= 1",
        "**" * 3000 + " = 1",
        "\\boxed{" * 300 + "1=2",
        "20% of " * 1500 + " is 3",
    ],
)
def test_long_texts_take_no_longer_than_they_must(text: str) -> None:
    began = time.process_time()
    verdicts_of(text)
    assert time.process_time() - began < 3
