"""A model's Markdown becomes HTML that can do no harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.conversation.markdown import plain_to_html, to_html


def test_a_marker_of_a_citation_becomes_a_chip() -> None:
    html = to_html("The seal is part 7 [2].", {2})
    assert 'href="cite:2"' in html
    assert "[2]" not in html


def test_a_marker_with_several_numbers_becomes_several_chips() -> None:
    html = to_html("Both say so [1, 2][3].", {1, 2, 3})
    assert [f"cite:{n}" in html for n in (1, 2, 3)] == [True] * 3


def test_a_number_that_is_no_citation_stays_text() -> None:
    assert "[7]" in to_html("See [7].", {1})
    assert "[1, 7]" in to_html("See [1, 7].", {1})


def test_a_marker_in_code_stays_code() -> None:
    assert "cite:" not in to_html("`a[1]` and\n\n```\nb[1]\n```", {1})


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=y> b",
        "<b>bold</b>",
        '<a href="cite:1">1</a>',
    ],
)
def test_raw_html_is_shown_as_text(markdown: str) -> None:
    html = to_html(markdown, {1})
    assert "&lt;" in html
    for tag in ("<script", "<img", "<b>", "<a "):
        assert tag not in html


@pytest.mark.parametrize(
    "markdown",
    [
        "[x](javascript:alert(1))",
        "[x](file:///etc/passwd)",
        "[x](data:text/html,hi)",
        "[x](cite:1)",
        "<cite:1>",
    ],
)
def test_a_link_that_leads_nowhere_good_is_no_link(markdown: str) -> None:
    assert "href" not in to_html(markdown, {1})


def test_a_picture_is_its_words() -> None:
    html = to_html("![a plan](https://example.org/plan.png)")
    assert "a plan" in html
    assert "example.org" not in html


def test_code_keeps_its_signs() -> None:
    assert "a &lt; b &amp;&amp; c" in to_html("```\na < b && c\n```")


@given(st.text(max_size=60))
def test_a_quotation_is_never_markup(text: str) -> None:
    html = plain_to_html(text)
    assert html.replace("<p>", "").replace("</p>", "").count("<") == 0
