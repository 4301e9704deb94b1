"""The parts of the library, and what belongs to each."""

from __future__ import annotations

from rag.types import CollectionEntry
from ui.library.rows import Row, Tone
from ui.library.sections import Choice, Section, sections_of

BEES = Row("d1", "/bees.md", "Bees", "MD", "Ready", Tone.QUIET, "", None, ("Insects", "Library"))
BROKEN = Row("", "/x.pdf", "x.pdf", "PDF", "Could not be read", Tone.BAD, "Mend it.", None)


def test_all_comes_first_then_problems_then_collections() -> None:
    sections = sections_of([BEES, BROKEN], [CollectionEntry("Insects", 1)])
    assert [(section.title, section.count) for section in sections] == [
        ("All documents", 2),
        ("Problems", 1),
        ("Insects", 1),
    ]


def test_where_nothing_is_amiss_there_is_no_section_for_it() -> None:
    assert [section.choice for section in sections_of([BEES], [])] == [Choice.ALL]


def test_the_collection_that_nobody_made_is_part_of_all() -> None:
    assert len(sections_of([BEES], [CollectionEntry("Library", 1)])) == 1


def test_each_section_holds_its_own() -> None:
    everything = Section(Choice.ALL, "", 2)
    problems = Section(Choice.PROBLEMS, "", 1)
    insects = Section(Choice.COLLECTION, "Insects", 1)
    assert everything.holds(BEES)
    assert everything.holds(BROKEN)
    assert (problems.holds(BEES), problems.holds(BROKEN)) == (False, True)
    assert (insects.holds(BEES), insects.holds(BROKEN)) == (True, False)


def test_a_section_says_itself() -> None:
    assert Section(Choice.COLLECTION, "Insects", 1).spoken == "Insects, 1 document"
