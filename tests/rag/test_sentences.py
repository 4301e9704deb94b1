"""Texts into sentences: none lost, none overlapping, cut where a reader would cut."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.sentences import LONGEST, split_sentences

PIECES = st.sampled_from(
    ["Bees fly. ", "Dr. Smith said so", "\n", "\n\n", "\r\n", "- item ", "| a | b |", "# Title",
     "```", "1. ", " ", "\t", "\f", "😀", "e.g. this", "?!", "12 % 3 4", "\u2028", "a\tb",
     "word" * 200, "a " * 400]
)  # fmt: skip


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bees fly. Do they? Yes!", ["Bees fly.", "Do they?", "Yes!"]),
        ("Dr. Smith paid 3.5 USD, e.g. to U.S. firms.", None),
        ("One line\nruns on. Next.", ["One line\nruns on.", "Next."]),
        ("One line\r\nruns on. Next.", ["One line\r\nruns on.", "Next."]),
        ("no end\n\nnew paragraph", ["no end", "new paragraph"]),
        ("no end\r\n \t\r\nnew paragraph", ["no end", "new paragraph"]),
        ("A page ends\n\fwithin a sentence.", ["A page ends\n\fwithin a sentence."]),
        ("# Title\ntext\n## Next\nmore", ["# Title", "text", "## Next", "more"]),
        ("- one. Two.\n- three\n  goes on", ["- one.", "Two.", "- three\n  goes on"]),
        ("1. First\n2) Second", ["1. First", "2) Second"]),
        ("| a. B | c |\n|---|---|\n| 1 | 2 |", ["| a. B | c |", "|---|---|", "| 1 | 2 |"]),
        ("```\nx = 1. Y\n# no\n```\nEnd.", ["```", "x = 1. Y", "# no", "```", "End."]),
        ("U.S. $ 836 $ 617 8 %\nX 5 6 (20)", ["U.S. $ 836 $ 617 8 %", "X 5 6 (20)"]),
        ("It fell in 2020, 2021\nand 2022.", ["It fell in 2020, 2021\nand 2022."]),
        ("Codes:\nE1\tNo. Nil\tAsk.\nE2\tLow", ["Codes:", "E1\tNo. Nil\tAsk.", "E2\tLow"]),
        ("1.\tFirst one. It\nruns on.\n2.\ton", ["1.\tFirst one.", "It\nruns on.", "2.\ton"]),
        ("(a)\tFirst one,\nit runs on.", ["(a)\tFirst one,\nit runs on."]),
        ("\tindented, it\nruns on.", ["indented, it\nruns on."]),
        ("1 Bees . . . . . 3\n2 Food . . . . . 4", ["1 Bees . . . . . 3", "2 Food . . . . . 4"]),
        ("", []),
        (" \n\t", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_sentences_end(text: str, expected: list[str] | None) -> None:
    assert sentences(text) == ([text] if expected is None else expected)


def test_a_row_is_never_cut() -> None:
    row = "E4\tWind cups\t" + "turn them and turn them " * 40 + "end"
    assert sentences(f"Above.\n{row}\nBelow.") == ["Above.", row, "Below."]


def test_what_runs_on_is_cut_at_line_ends_before_blanks() -> None:
    rows = "\n".join("name of a row and its many words " * 3 for _ in range(10))
    found = sentences(rows)
    assert len(found) > 1
    assert all(len(sentence) <= LONGEST for sentence in found)
    assert all(sentence.startswith("name of") for sentence in found)


@given(text=st.lists(PIECES, max_size=12).map("".join))
@example(text="1. 2. 3.")
@example(text="\x85.\x1c a")
def test_sentences_hold_all_that_is_not_white_in_order(text: str) -> None:
    end = 0
    for span in split_sentences(text):
        assert not text[end : span.start].strip()
        assert span.of(text).strip() == span.of(text) != ""
        end = span.end
    assert not text[end:].strip()


@given(text=st.text(max_size=60))
def test_any_text_whatever_keeps_its_characters(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
