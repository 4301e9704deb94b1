"""Running heads and feet: what every page has, and what only looks like it."""

from collections.abc import Sequence

import pytest

from rag.documents.pdf_lines import Line
from rag.documents.pdf_margins import Margins, part_margins
from rag.types import Run


def line(text: str, y: float, *, x: float = 50) -> Line:
    return Line(text, (Run(0, 0, len(text)),), x, y, 10, True, x + 5 * len(text))


BODY = [line(f"Text {name}", 700 - 12 * at) for at, name in enumerate("abcdefgh")]


def page(
    *, head: Sequence[Line] = (), foot: Sequence[Line] = (), name: str = ""
) -> tuple[Line, ...]:
    body = [line(f"{each.text} {name}", each.y) for each in BODY]
    return (*head, *body, *foot)


def parted(*pages: tuple[Line, ...]) -> list[Margins]:
    return list(part_margins(pages, [str(number) for number in range(1, len(pages) + 1)]))


def texts(lines: Sequence[Line]) -> list[str]:
    return [each.text for each in lines]


def test_what_stands_on_top_and_at_the_foot_of_each_page_is_parted_off() -> None:
    pages = [
        page(
            head=[line("Keeping bees", 800), line(f"Chapter {number}", 800, x=400)],
            foot=[line(f"Bees Ltd. | {number} of 3", 40)],
            name="xyz"[number - 1],
        )
        for number in (1, 2, 3)
    ]
    for number, margins in enumerate(parted(*pages), start=1):
        assert texts(margins.head) == ["Keeping bees", f"Chapter {number}"]
        assert texts(margins.foot) == [f"Bees Ltd. | {number} of 3"]
        assert len(margins.body) == len(BODY)


@pytest.mark.parametrize("number", ["2", "- 2 -", "Page 2", "2 / 9"])
def test_a_lone_page_number_is_known_at_once(number: str) -> None:
    (_, second) = parted(page(name="a"), page(name="b", foot=[line(number, 40)]))
    assert texts(second.foot) == [number]


def test_a_page_label_in_roman_numerals_is_a_page_number() -> None:
    (margins,) = part_margins([page(foot=[line("iv", 40)])], ["iv"])
    assert texts(margins.foot) == ["iv"]


def test_heads_on_every_other_page_are_parted_off() -> None:
    heads = ["Bees", "Their food"] * 3
    pages = [page(head=[line(head, 800)], name=str(at) * 3) for at, head in enumerate(heads)]
    pages = [
        (*lines[:1], *(line(f"{at} {each.text}", each.y) for each in lines[1:]))
        for at, lines in enumerate(pages)
    ]
    assert [texts(margins.head) for margins in parted(*pages)] == [[head] for head in heads]


def test_what_stands_close_to_the_text_belongs_to_it() -> None:
    pages = [page(head=[line("Code  Meaning", 714)], name=name) for name in "abc"]
    assert all(margins.head == () for margins in parted(*pages))


def test_a_foot_on_most_pages_may_stand_close_to_the_text() -> None:
    pages = [page(foot=[line("Bees Ltd. 2024", 604)], name=name) for name in "abc"]
    assert all(texts(margins.foot) == ["Bees Ltd. 2024"] for margins in parted(*pages))


def test_a_foot_that_follows_the_text_wherever_it_ends_is_a_foot() -> None:
    pages = [
        (*page(name=name)[: at + 3], line(f"Bees Ltd. | {at}", 600 - 50 * at))
        for at, name in enumerate("abcd")
    ]
    assert [texts(margins.foot) for margins in parted(*pages)] == [
        [f"Bees Ltd. | {at}"] for at in range(4)
    ]


def test_a_head_on_two_pages_is_none() -> None:
    pages = [page(head=[line("Bees", 800)], name=name) for name in "ab"]
    assert all(margins.head == () for margins in parted(*pages))


def test_pages_that_are_all_the_same_keep_their_text() -> None:
    pages = [(line("This page was left empty", 400),)] * 4
    assert all(margins.body == pages[0] for margins in parted(*pages))


def test_no_line_is_lost() -> None:
    assert parted(()) == [Margins((), (), ())]
    (margins,) = parted(page(foot=[line("1", 40)]))
    assert len(margins.head) + len(margins.body) + len(margins.foot) == len(BODY) + 1
