"""The figures of the grounding benchmark, and the claims that it is made of."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

with pytest.MonkeyPatch.context() as patch:
    patch.setattr(sys, "path", [*sys.path, str(Path(__file__).parent / "bench")])
    from grounding_figures.cases import CHANGED, tells_the_same
    from grounding_figures.claims import CorpusPassage, passage_of, plain, read_claims
    from grounding_figures.fitting import regression
    from grounding_figures.measuring import auroc
    from retrieval_evaluation.gold import Half

CORPORA = Path(__file__).parents[2] / "shared" / "data" / "retrieval" / "corpora"
SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def test_there_are_over_200_claims_on_five_corpora_in_two_halves() -> None:
    claims = read_claims()
    assert len({claim.text for claim in claims}) == len(claims) > 200
    assert len({claim.corpus for claim in claims}) == 5
    for half in Half:
        assert sum(claim.half is half for claim in claims) > 100


def test_each_variant_differs_from_its_claim_and_says_what_was_changed() -> None:
    for claim in read_claims():
        assert set(claim.false) <= set(CHANGED)
        variants = [text for texts in claim.false.values() for text in texts]
        assert variants
        assert claim.text not in variants


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the development corpora are not here")
def test_no_claim_is_a_copy_of_its_passage() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in CORPORA.glob("*.md")}
    for claim in read_claims():
        passage = passage_of(claim, texts).text
        assert claim.end - claim.start == len(texts[claim.corpus][claim.start : claim.end])
        assert claim.text not in " ".join(passage.split())


def test_a_torn_text_is_put_together() -> None:
    assert plain("some 10 @,@ 247 one @-@ day tickets") == "some 10,247 one-day tickets"


def test_passages_tell_the_same_where_they_overlap_or_share_a_long_sentence() -> None:
    long = "The observatory on the tower was discontinued in 1821."
    one = CorpusPassage("a", 0, 60, long)
    assert tells_the_same(one, CorpusPassage("a", 50, 90, "Other words."))
    assert tells_the_same(one, CorpusPassage("b", 500, 600, f"Once more. {long}"))
    assert not tells_the_same(one, CorpusPassage("a", 60, 90, "Other words."))


def test_auroc_counts_the_pairs_in_the_right_order() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1
    assert auroc([0.9, 0.1], [0.5]) == 0.5
    assert auroc([0.5], [0.5]) == 0.5


@given(SCORES, SCORES)
def test_auroc_of_the_two_exchanged_is_what_is_left_to_1(
    one: list[float], two: list[float]
) -> None:
    assert auroc(one, two) + auroc(two, one) == pytest.approx(1)


def test_the_regression_weighs_what_tells_and_not_what_does_not() -> None:
    random = np.random.default_rng(7)
    signals = random.random((400, 2))
    labels = (signals[:, 0] + random.normal(0, 0.1, 400) > 0.5).astype(float)
    telling, idle = regression(signals, labels, np.ones(400))
    assert telling > 5
    assert abs(idle) < telling / 10
