"""Which words of a text matter, which are kin, and which numbers are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.words import content_stems, content_words, numbers_of, stem, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Send an e-mail, please!", ["send", "an", "e-mail", "please"]),
        ("The KX-200 weighs 3.5 kg.", ["the", "kx-200", "weighs", "3.5", "kg"]),
        ("1,200 or 1,234,567.5, 12,34", ["1200", "or", "1234567.5", "12", "34"]),
        ("Don\u2019t", ["don't"]),
        ("the station's range", ["the", "station", "range"]),
        ("the bees\u2019 honey", ["the", "bees", "honey"]),
        ("Größe: 5 €", ["größe", "5"]),
        ("🐝 … ?!", []),
        ("", []),
    ],
)
def test_words_are_lower_case_and_whole(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_words_that_any_text_has_do_not_matter() -> None:
    assert content_words("What is the range of the range finder?") == ["range", "finder"]
    assert content_words("Wie lange hält die Batterie?") == ["lange", "hält", "batterie"]
    assert content_words("Who is it, and what's that?") == []


@pytest.mark.parametrize(
    "kin",
    [
        "battery batteries",
        "install installs installed installing",
        "measure measures measured measuring",
        "family families",
        "apply applies applied",
        "glass glasses",
        "speed speeds",
        "string strings",
        "bus buses",
        "accurate accurately",
        "monthly month months",
        "box boxes",
    ],
)
def test_words_of_one_kin_have_one_stem(kin: str) -> None:
    assert len({stem(word) for word in kin.split()}) == 1


@pytest.mark.parametrize("strangers", ["string strong", "speed spent", "glass glad", "wing wine"])
def test_other_words_keep_stems_of_their_own(strangers: str) -> None:
    first, second = strangers.split()
    assert stem(first) != stem(second)


@given(st.text(max_size=20))
def test_a_stem_begins_its_word_and_has_three_letters_of_it(word: str) -> None:
    assert word.startswith(stem(word))
    assert len(stem(word)) >= min(3, len(word))


def test_stems_are_those_of_the_words_that_matter() -> None:
    assert content_stems("The batteries were replaced.") == {stem("battery"), stem("replace")}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,200 litres", {"1200"}),
        ("1200 litres", {"1200"}),
        ("0.35 °C between \N{MINUS SIGN}45 and 60", {"0.35", "45", "60"}),
        ("on 18 April 2026, at 9", {"18", "2026", "9"}),
        ("1,200,000.5", {"1200000.5"}),
        ("the KX-200", {"200"}),
        ("1, 2, 3", {"1", "2", "3"}),
        ("none", set()),
    ],
)
def test_numbers_are_the_same_however_they_are_grouped(text: str, numbers: set[str]) -> None:
    assert numbers_of(text) == numbers
