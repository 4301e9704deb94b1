"""Where formulas and code stand, and that streaming keeps them whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.mathematics.formulas import formula_at, parts
from rag.mathematics.whole_pieces import WholePieces

FORMULAS = [
    ("so $x^2$ is", ["x^2"]),
    ("so $$x^2$$ is", ["x^2"]),
    (r"so \(x^2\) is", ["x^2"]),
    ("so \\[\nx^2\n\\] is", ["x^2"]),
    ("$$\n\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}\n$$", None),
    (r"$a \$ b$", [r"a \$ b"]),
    ("$a$, $b$ and $c$.", ["a", "b", "c"]),
    (r"$\$5 + \$6 = \$11$", [r"\$5 + \$6 = \$11"]),
    ("two\nlines $a +\nb$ of it", ["a +\nb"]),
    ("> $$x$$\n> $y$", ["x", "y"]),
]

NO_FORMULAS = [
    "It costs $5 and $6.",
    "between $5-$6 a piece",
    "$5/$6",
    "US$5 or 6$ more, then $7",
    "$20 million, or 30$",
    r"\$x\$",
    r"\\(no\\)",
    "`$x$` is code",
    "``a ` $x$`` is code",
    "```latex\n$x$\n```",
    "~~~\n$$x$$\n~~~",
    "    ```\n$x$ unclosed fence",
    "$ x $",
    "$x and\n\nno end$",
    "$$",
    "$$$$",
    "a lone $ sign",
]


@pytest.mark.parametrize(("text", "found"), FORMULAS)
def test_formulas_are_found(text: str, found: list[str] | None) -> None:
    formulas = [part.content for part in parts(text) if part.is_formula]
    assert formulas == found if found else len(formulas) == 1


@pytest.mark.parametrize("text", NO_FORMULAS)
def test_prices_escapes_and_code_are_no_formulas(text: str) -> None:
    assert [part.content for part in parts(text) if part.is_formula] == []


@pytest.mark.parametrize(("text", "found"), FORMULAS)
def test_a_formula_is_found_at_its_place(text: str, found: list[str] | None) -> None:
    for part in parts(text):
        assert formula_at(text, part.span.start) == part


@pytest.mark.parametrize("text", [text for text, _ in FORMULAS] + NO_FORMULAS)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_no_piece_ends_within_a_formula_or_code(text: str, size: int) -> None:
    text = f"Before. {text}\nAfter: $y$ and `code`."
    ends, whole = _ends_of_pieces(text, size, WholePieces())
    assert whole == text
    for part in parts(text):
        assert not [end for end in ends if part.span.start < end < part.span.end]


def test_code_can_be_given_out_line_by_line() -> None:
    text = "Look:\n```python\na = '$x'\nb = 2\n```\nand $z$"
    ends, whole = _ends_of_pieces(text, 1, WholePieces(is_code_whole=False))
    assert whole == text
    code = text.index("```"), text.index("\nand")
    assert {text[end - 1] for end in ends if code[0] < end < code[1]} == {"\n"}


def test_a_price_holds_nothing_back() -> None:
    assert WholePieces().feed("It costs $5 in all, which ").endswith("which ")


def test_an_opening_without_an_end_is_let_go() -> None:
    pieces = WholePieces()
    assert pieces.feed(r"See \(a ") == "See "
    assert pieces.feed("b " * 400).startswith(r"\(a b")


@given(st.lists(st.sampled_from(list("$$`~\\()[]\n 5ax")), max_size=60).map("".join))
def test_streaming_loses_nothing(text: str) -> None:
    assert _ends_of_pieces(text, 3, WholePieces())[1] == text
    assert _ends_of_pieces(text, 2, WholePieces(is_code_whole=False))[1] == text


@given(st.lists(st.sampled_from(list("$$`~\\()[]\n 5ax")), max_size=60).map("".join))
def test_parts_lie_in_the_text_one_after_the_other(text: str) -> None:
    end = 0
    for part in parts(text):
        assert end <= part.span.start < part.span.end <= len(text)
        assert part.content.strip() in text[part.span.start : part.span.end]
        end = part.span.end


def _ends_of_pieces(text: str, size: int, pieces: WholePieces) -> tuple[list[int], str]:
    whole, ends = "", []
    for start in range(0, len(text), size):
        whole += pieces.feed(text[start : start + size])
        ends.append(len(whole))
    return ends, whole + pieces.finish()
