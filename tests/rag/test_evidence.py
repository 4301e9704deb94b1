"""What a model is given to read: laws of its budget and windows, and what comes with what."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence import Excerpt, gather
from rag.folding import fold
from rag.types import FoundPassage, Kind, PageRef, Passage, Span
from rag.words import content_words

WORDS = ["heron", "eel", "reed", "boat", "river", "mill", "stood", "waited", "in", "the", "7"]
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(
    lambda words: " ".join(words).capitalize() + "."
)
TEXT = st.lists(SENTENCE, min_size=1, max_size=8).map(" ".join)


def found(
    text: str,
    *,
    rank: int = 1,
    score: float = 0.5,
    document: str = "d1",
    start: int = 0,
    headings: tuple[str, ...] = (),
    header: str = "",
    page: int = 0,
) -> FoundPassage:
    pages = (PageRef(page, str(page)),) if page else ()
    folded = fold(f"{header}\n{text}") if header else ""
    passage = Passage(Span(start, start + len(text)), text, headings, pages, folded)
    return FoundPassage(
        rank,
        score,
        0.5,
        0.5,
        rank,
        document,
        f"/{document}.md",
        "Manual",
        Kind.MARKDOWN,
        passage,
        (),
    )


def passages_of(texts: list[str]) -> list[FoundPassage]:
    return [
        found(text, rank=rank, score=1 / rank, document=f"d{rank % 3}", start=1_000 * rank)
        for rank, text in enumerate(texts, start=1)
    ]


def words(text: str) -> int:
    return len(text.split())


def gathered(question: str, *passages: FoundPassage, budget: int = 1_000) -> tuple[Excerpt, ...]:
    return gather(question, passages, budget, count=words)


@given(st.lists(TEXT, max_size=6), st.integers(0, 120))
def test_excerpts_stay_within_the_budget(texts: list[str], budget: int) -> None:
    excerpts = gather("Where did the heron stand?", passages_of(texts), budget, count=words)
    assert sum(words(f"[1] {e.place}\n{e.text}") for e in excerpts) <= budget


@given(st.lists(TEXT, max_size=6))
def test_windows_lie_in_order_in_their_passages_and_cut_out_their_text(texts: list[str]) -> None:
    for excerpt in gather("Did the eel wait?", passages_of(texts), 80, count=words):
        (whole,) = excerpt.passages
        assert all(one.end < other.start for one, other in pairwise(excerpt.windows))
        start = whole.passage.span.start
        for window in excerpt.windows:
            inside = Span(window.start - start, window.end - start)
            assert inside.of(whole.passage.text) in excerpt.text


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_with_room_for_all_everything_is_told_once(texts: list[str]) -> None:
    excerpts = gather("Which boat?", passages_of(texts), 100_000, count=words)
    told = [s for e in excerpts for s in e.text.split(".") if s.strip(" …")]
    wanted = {s.strip() for text in texts for s in text.split(".") if s.strip()}
    assert {sentence.strip(" …") for sentence in told} <= wanted
    assert content_words(" ".join(told)) == content_words(" ".join(told + list(wanted)))


def test_the_sentence_that_answers_is_taken_and_the_rest_left() -> None:
    passage = found("The mill is old. The heron eats eels at dawn. Boats pass. Reeds grow. Rain.")
    (excerpt,) = gathered("What does the heron eat at dawn?", passage, budget=20)
    assert excerpt.text == "The heron eats eels at dawn."


def test_what_lies_between_two_chosen_sentences_is_dots_unless_it_is_one_sentence() -> None:
    near = found("Herons eat eels. They wait. Herons eat frogs.")
    filling = "In the mill by the river there was a wheel of wood that turned all night."
    far = found(f"Herons eat eels. {filling} So it is. {filling} Herons eat frogs.")
    assert gathered("Herons eat?", near, budget=30)[0].text == near.passage.text
    assert gathered("Herons eat?", far, budget=19)[0].text == "Herons eat eels. … Herons eat frogs."


def test_the_best_excerpt_comes_first() -> None:
    worse = found("The mill has a wheel.", rank=1, score=0.6)
    better = found("The heron eats eels.", rank=2, score=0.5, document="d2")
    first, _ = gathered("What does the heron eat?", worse, better)
    assert first.passages == (better,)


def test_a_sentence_that_says_the_same_is_left_out() -> None:
    first = found("The grey heron stood in reeds near Graz and waited for eels.")
    again = found(
        "The grey heron stood in the reeds near Graz and waited for eels.", rank=2, document="d2"
    )
    changed = found(
        "The grey heron stood in the 3 reeds near Graz and waited for eels.", rank=3, document="d3"
    )
    told = gathered("Where was the heron?", first, again, changed)
    assert {excerpt.passages[0].document for excerpt in told} == {"d1", "d3"}


def test_neighbouring_passages_are_one_excerpt() -> None:
    first = found("The heron eats eels.", headings=("Birds",), page=3)
    second = found("The heron eats frogs.", rank=2, start=22, headings=("Birds",), page=4)
    other = found("The heron eats mice.", rank=3, start=45, headings=("More birds",), page=5)
    one, two = gathered("What does the heron eat?", second, first, other)
    assert one.text == "The heron eats eels.\nThe heron eats frogs."
    assert one.place == "Manual > Birds, pages 3 to 4"
    assert two.place == "Manual > More birds, page 5"


def test_the_rows_of_a_short_table_stay_together() -> None:
    table = "Year\tHerons\n2019\t12\n2020\t15\n2021\t9"
    text = f"We count each spring.\n\n{table}\n\nThe mill is old and has a wheel of oak."
    (excerpt,) = gathered("How many herons in 2021?", found(text), budget=20)
    assert excerpt.text == table


def test_a_row_of_a_long_table_comes_with_the_names_of_its_columns() -> None:
    rows = [f"{year}\t{year % 7}\t{'seen at the mill ' * 12}" for year in range(2010, 2030)]
    table = "\n".join(["Year\tHerons\tPlace", *rows])
    (excerpt,) = gathered("How many in 2021?", found(table), budget=120)
    assert excerpt.text.startswith("Year\tHerons\tPlace")
    assert "2021\t" in excerpt.text
    middle = found("\n".join(rows[10:]), header="Year\tHerons\tPlace")
    (excerpt,) = gathered("How many in 2021?", middle, budget=120)
    assert excerpt.text.startswith("Year Herons Place\n")


def test_an_item_of_a_long_list_comes_with_what_announces_it() -> None:
    items = [f"- {food} {'in the evening when it is quiet ' * 10}" for food in ("bread", "eels")]
    text = "\n".join(["Feed the herons this:", *items, "- frogs", "- mice"])
    (excerpt,) = gathered("Who eats eels?", found(text), budget=160)
    assert excerpt.text.startswith("Feed the herons this:")
    assert "- eels" in excerpt.text


def test_one_document_does_not_crowd_out_another_that_has_something_to_say() -> None:
    crowd = [found(f"The heron of lake {n} eats eels.", rank=n, score=0.9) for n in range(1, 9)]
    other = found("A heron eats eels and mice.", rank=9, score=0.7, document="d2")
    told = gathered("What does the heron eat?", *crowd, other, budget=60)
    assert {e.passages[0].document for e in told} == {"d1", "d2"}


def test_without_passages_or_room_there_is_no_evidence() -> None:
    assert gathered("What does the heron eat?") == ()
    assert gathered("What does the heron eat?", found("The heron eats eels."), budget=3) == ()
