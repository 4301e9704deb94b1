"""What of the evidence that was read ahead is kept when other evidence is wanted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import Excerpt
from rag.reading_ahead import ReadingAhead
from rag.types import EVERYWHERE, FoundPassage, Kind, Passage, Scope, Span, Turn

SENTENCES = tuple(f"The lamp number {n} is blue. " for n in range(12))
LENGTH = [len(sentence) for sentence in SENTENCES]
TEXT = "".join(SENTENCES)
FOUND = FoundPassage(
    1, 1.0, 0.5, 0.5, 7, "d1", "/m.pdf", "Manual", Kind.PDF,
    Passage(Span(0, len(TEXT)), TEXT, (), ()), (),
)  # fmt: skip
AMPLE = 100_000


def words(text: str) -> int:
    return len(text.split())


def sentences(*numbers: int) -> Excerpt:
    """An excerpt of these sentences, each by itself."""
    starts = [sum(LENGTH[:number]) for number in range(13)]
    windows = tuple(Span(starts[n], starts[n + 1] - 1) for n in numbers)
    return Excerpt((FOUND,), windows)


def having_read(*excerpts: Excerpt, is_read: bool = True) -> ReadingAhead:
    ahead = ReadingAhead()
    ahead.begin(EVERYWHERE, ())
    ahead.note(excerpts, is_read=is_read)
    return ahead


def numbers_in(evidence: tuple[Excerpt, ...]) -> list[str]:
    return [word for excerpt in evidence for word in excerpt.text.split() if word.isdigit()]


def test_what_was_read_comes_first_and_what_is_new_behind_it() -> None:
    ahead = having_read(sentences(3), sentences(1))
    arranged = ahead.arrange((sentences(0, 1), sentences(3)), AMPLE, words)
    assert arranged == (sentences(3), sentences(1), sentences(0))


def test_with_nothing_read_the_evidence_is_what_is_wanted() -> None:
    wanted = (sentences(2), sentences(0))
    assert ReadingAhead().arrange(wanted, AMPLE, words) == wanted


def test_what_was_read_for_nothing_is_cut_off() -> None:
    ahead = having_read(sentences(3), sentences(8, 9, 10))
    assert ahead.arrange((sentences(3),), 20, words) == (sentences(3),)


def test_what_has_hardly_begun_to_be_read_is_not_kept_for_nothing() -> None:
    ahead = having_read(sentences(3), sentences(8, 9), is_read=False)
    assert ahead.arrange((sentences(3, 4),), AMPLE, words) == (sentences(3), sentences(4))


@given(
    read=st.lists(st.sets(st.integers(0, 11), min_size=1, max_size=3), max_size=4),
    wanted=st.sets(st.integers(0, 11), min_size=1),
    tokens=st.integers(0, 120),
)
def test_nothing_that_is_wanted_is_left_out(
    read: list[set[int]], wanted: set[int], tokens: int
) -> None:
    ahead = having_read(*(sentences(*sorted(each)) for each in read))
    arranged = ahead.arrange(tuple(sentences(n) for n in sorted(wanted)), tokens, words)
    assert {str(n) for n in wanted} <= set(numbers_in(arranged))
    if set(numbers_in(arranged)) > {str(n) for n in wanted}:
        assert sum(words(f"{e.place} {e.text}") + 6 for e in arranged) <= tokens


def test_another_part_of_the_library_or_conversation_begins_anew() -> None:
    for scope, history in ((Scope(collection="A"), ()), (EVERYWHERE, (Turn("a", "b"),))):
        ahead = having_read(sentences(3))
        ahead.begin(scope, history)
        assert ahead.arrange((sentences(1),), AMPLE, words) == (sentences(1),)


def test_the_next_step_reads_what_was_not_read() -> None:
    ahead = having_read(sentences(3), sentences(1))
    evidence = (sentences(3), sentences(1), sentences(0))
    assert list(ahead.steps(evidence)) == [3]
    assert list(ahead.steps((sentences(3), sentences(4)))) == [2]
    ahead.note(evidence[:2], is_read=False)
    assert list(ahead.steps(evidence)) == [2, 3]


def test_evidence_has_settled_when_half_of_it_was_wanted_before() -> None:
    ahead = having_read()
    verdicts = []
    for wanted in ((1, 2, 3), (1, 2, 4), (7, 8, 1), (7, 8, 1)):
        ahead.arrange(tuple(sentences(n) for n in wanted), AMPLE, words)
        verdicts.append(ahead.has_settled(words))
    assert verdicts == [False, True, False, True]
