"""Rows as lines that can be read alone, and which first rows name the columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.tables import is_header, row_line, table_lines
from rag.sentences import split_sentences


@pytest.mark.parametrize(
    ("row", "names_columns"),
    [
        (["Name", "Born"], True),
        (["", "2022", "2023"], True),
        (["Item", "2022", "2023"], True),
        (["Ada", "1815"], False),
        (["Sold", "5", "6.5%"], False),
        (["same", "same"], False),
        (["alone", ""], False),
        (["Name:", "Ada"], False),
        (["Name", "word " * 30], False),
    ],
)
def test_names_of_columns_are_short_and_different_words(
    row: list[str], names_columns: bool
) -> None:
    assert is_header(row) is names_columns


def test_what_is_empty_or_has_no_name_is_left_out() -> None:
    assert row_line(["Ada", "", "x"], ["Name:", "Born"]) == "| Name: Ada · x |"
    assert row_line(["", ""]) == ""


def test_a_header_alone_is_a_row() -> None:
    assert list(table_lines([["Name", "Born"]], has_header=True)) == ["| Name · Born |"]


@given(rows=st.lists(st.lists(st.text("ab .!?\t\n1|-", max_size=400), max_size=4), max_size=5))
def test_each_row_is_one_sentence(rows: list[list[str]]) -> None:
    lines = list(table_lines(rows))
    text = "\n".join(lines)
    assert [span.of(text) for span in split_sentences(text)] == lines
