"""The estimate of tokens beside two real tokenizers: rather too many."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generation import LocalModel
from rag.generation.token_estimate import estimated_tokens

ROOT = Path(__file__).parents[3]
TEXTS = {
    "english": (ROOT / "assets/samples/lunnsay-weekend.md").read_text("utf-8"),
    "code": (ROOT / "rag/retrieval/fusion.py").read_text("utf-8"),
    "german": "Die Geschäftsführung hat beschlossen, die Abschreibungsdauer für Sachanlagen von "
    "zehn auf fünfzehn Jahre zu verlängern. Größere Überschüsse wurden nicht ausgeschüttet.",
    "russian": "Согласно годовому отчёту, выручка компании увеличилась на 12,5 % по сравнению с "  # noqa: RUF001
    "предыдущим годом, а расходы на обслуживание долга заметно сократились.",  # noqa: RUF001
    "chinese": "根据年度报告公司的营业收入较上年增长了百分之十二点五。董事会建议派发末期股息。",
    "arabic": "وفقًا للتقرير السنوي، ارتفعت إيرادات الشركة بنسبة 12.5٪ مقارنة بالعام السابق.",
    "figures": "Revenue\t12,345.6\t11,987.2\nEPS\t$3.45\t$2.98\n2019-04-30 ISBN 978-3-16-148410-0",
}


@pytest.mark.parametrize("language", TEXTS)
def test_it_is_no_less_than_phi_4_counts_and_not_far_more(language: str, phi4: LocalModel) -> None:
    assert 1.0 <= estimated_tokens(TEXTS[language]) / phi4.count(TEXTS[language]) <= 1.75


@pytest.mark.parametrize("language", ["english", "code", "figures"])
def test_of_english_it_is_no_less_than_a_small_vocabulary_s(
    language: str, starter: LocalModel
) -> None:
    assert 1.0 <= estimated_tokens(TEXTS[language]) / starter.count(TEXTS[language]) <= 1.5


@given(text=st.text(), more=st.text())
def test_more_text_never_has_far_fewer_tokens(text: str, more: str) -> None:
    assert estimated_tokens(text + more) >= estimated_tokens(text) - 1


@given(text=st.text())
def test_a_token_has_at_least_a_byte(text: str) -> None:
    assert estimated_tokens(text) <= len(text.encode("utf-8", "replace"))


def test_no_text_has_no_tokens() -> None:
    assert estimated_tokens("") == 0
