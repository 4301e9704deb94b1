"""The model of the library changes only what differs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ui.library.model import LibraryModel
from ui.library.rows import Row, Tone


def row(title: str, state: str = "Ready") -> Row:
    return Row(title, f"/{title}", title, "PDF", state, Tone.QUIET, "", None)


TITLES = st.sets(st.sampled_from("abcdefgh"), max_size=8).map(sorted)


@given(before=TITLES, after=TITLES)
def test_the_model_shows_the_rows_it_was_given_last(before: list[str], after: list[str]) -> None:
    model = LibraryModel()
    tester = QAbstractItemModelTester(model)
    model.replace([row(title) for title in before])
    model.replace([row(title, "Waiting") for title in after])
    assert [shown.title for shown in model.rows] == after
    assert {shown.state for shown in model.rows} <= {"Waiting"}
    del tester


def test_a_row_that_stays_keeps_its_place_in_the_selection() -> None:
    model = LibraryModel()
    model.replace([row("a"), row("c")])
    kept = QPersistentModelIndex(model.index(1))
    model.replace([row("b"), row("c")])
    assert kept.isValid()
    assert (kept.row(), kept.data()) == (1, "c")


def test_other_rows_altogether_come_in_one_step(qtbot: QtBot) -> None:
    model = LibraryModel()
    model.replace([row("a"), row("b")])
    with qtbot.waitSignal(model.modelReset):
        model.show([row("c")])
    assert [each.title for each in model.rows] == ["c"]
