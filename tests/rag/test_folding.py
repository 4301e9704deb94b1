"""What is searched: words whole, letters plain, and nothing else changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.folding import fold, words_in


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("consectetuer adip-\niscing elit", "consectetuer adipiscing elit"),
        ("adip-  \r\n  iscing", "adipiscing"),
        ("adip-\n\fiscing", "adipiscing"),  # over a page break
        ("adip\u2010\niscing", "adipiscing"),
        ("adip\u00ad\niscing, ma\u00adny", "adipiscing, many"),
        ("one-\n\nnew paragraph", "one- new paragraph"),
        ("the KX-\n200 and Anglo-\nSaxons", "the KX-200 and Anglo-Saxons"),
        ("pages 10-\n20", "pages 10-20"),
        ("a dash -\nand on", "a dash - and on"),
        ("mother-in-\nlaw", "mother-inlaw"),
        ("\ufb01nd the \ufb02ower, e\ufb03cient", "find the flower, efficient"),
        ("\uff35\uff33\uff21 \U0001d400\U0001d401", "USA AB"),
        ("\ufee3\ufeae\ufea3\ufe92\ufe8e", "\u0645\u0631\u062d\u0628\u0627"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("cafe\u0301", "caf\u00e9"),
        ("10\u00b2 m, \u00bd and \u2122", "10\u00b2 m, \u00bd and \u2122"),  # not 102 m
        ("E4\tWind cups\nnext\fpage", "E4 Wind cups next page"),
    ],
)
def test_a_text_is_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        ("", "longterm"),
        ("Long-term debt.", "long-term"),
        ("A long story and a short term.", "long-term"),
        ("Longterm is written so here, after a long term.", "longterm"),
    ],
)
def test_the_words_of_a_document_tell_compounds_from_parted_words(words: str, folded: str) -> None:
    assert fold("long-\nterm", words=words_in(words)) == folded


@given(text=st.text())
def test_folding_a_second_time_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(text=st.text(alphabet=st.characters(codec="ascii", exclude_characters="-")))
def test_plain_text_keeps_its_words(text: str) -> None:
    assert fold(text).split() == text.split()
