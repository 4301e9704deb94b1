"""The conversation pane, by what a person sees in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from app.messages import (
    Answered,
    Ask,
    Done,
    EngineLost,
    Failed,
    Found,
    Loading,
    Quoted,
    Ready,
    Stop,
    WasStopped,
    Words,
)
from rag.types import (
    Answer,
    Citation,
    Claim,
    FoundPassage,
    Kind,
    Mark,
    Mode,
    PageRef,
    Passage,
    Quotation,
    Span,
    Timings,
    Tokens,
    Turn,
)
from ui.conversation.pane import ConversationPane

PAGES = (PageRef(6, "iv"),)
SEAL = Citation(
    1, "d", "/m.pdf", "Manual", Kind.PDF, ("Parts",), PAGES, Span(0, 9), "The seal is part 7.", ()
)
QUOTED = Quotation("The seal is part 7. [1]", (), (SEAL,))
NEAR = FoundPassage(
    1, 0.4, 0.3, 0.2, 1, "d", "/m.pdf", "Manual", Kind.PDF,
    Passage(Span(0, 20), "The filter is part 9.", (), PAGES), (Mark(6, 4, 20),),
)  # fmt: skip
STARTER = Ready(0, "SmolLM2", True, "")
PHI = Ready(0, "phi-4", False, "")


def answer(text: str, *, words: str = "", model: str = "phi-4", **rest: Any) -> Answer:
    return Answer(
        text=text,
        words=words,
        is_abstention=rest.get("is_abstention", False),
        claims=rest.get("claims", ()),
        citations=(SEAL,),
        passages=rest.get("passages", ()),
        evidence=0.9,
        turn=Turn("prompt", text),
        tokens=Tokens(),
        timings=Timings(total=2.6),
        model=model,
        notes=rest.get("notes", ()),
    )


@pytest.fixture
def pane(qtbot: QtBot, link: Any, actions: Any, theme: Any) -> ConversationPane:
    made = ConversationPane(link, actions, theme)
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    return made


def texts(pane: QWidget) -> str:
    """All words that are visible, from top to bottom."""
    QApplication.processEvents()  # new widgets are shown and laid out by events
    shown = [
        widget
        for kind in (QLabel, QPushButton, QTextBrowser)
        for widget in pane.findChildren(kind)
        if widget.isVisible()
    ]
    shown.sort(key=lambda widget: widget.mapTo(pane, widget.rect().topLeft()).y())
    return "\n".join(
        widget.toPlainText() if isinstance(widget, QTextBrowser) else widget.text()
        for widget in shown
    )


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def ask(pane: ConversationPane, door: Any, question: str = "Which part is the seal?") -> int:
    pane.composer.box.setPlainText(question)
    pane.composer.submit()
    request: int = door.last(Ask).request_id
    return request


# --- writing a question


def test_enter_sends_and_shift_enter_starts_a_line(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    box = pane.composer.box
    qtbot.keyClicks(box, "One")
    qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(box, "two?")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert door.last(Ask).question == "One\ntwo?"
    assert box.toPlainText() == ""
    assert "One\ntwo?" in texts(pane)


def test_an_empty_question_is_not_sent(pane: ConversationPane, door: Any, actions: Any) -> None:
    pane.composer.box.setPlainText("  \n ")
    pane.composer.submit()
    assert door.sent == []
    assert not actions.ask.isEnabled()


def test_the_next_question_can_be_written_but_not_sent_while_an_answer_comes(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    ask(pane, door)
    qtbot.keyClicks(pane.composer.box, "And then?")
    qtbot.keyClick(pane.composer.box, Qt.Key.Key_Return)
    assert pane.composer.box.toPlainText() == "And then?"
    assert len(door.sent) == 1


def test_the_mode_is_asked_with_the_question(qtbot: QtBot, pane: Any, door: Any) -> None:
    assert pane.composer.mode is Mode.DOCUMENTS
    assistant = pane.composer.findChild(QWidget, "assistant")
    qtbot.mouseClick(assistant, Qt.MouseButton.LeftButton)
    ask(pane, door)
    assert door.last(Ask).mode is Mode.ASSISTANT


def test_files_dropped_on_the_question_are_left_to_the_window(pane: ConversationPane) -> None:
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile("/a/b.pdf")])
    assert not pane.composer.box.canInsertFromMimeData(dragged)
    dragged = QMimeData()
    dragged.setText("words")
    assert pane.composer.box.canInsertFromMimeData(dragged)


def test_a_suggested_question_is_asked_with_a_click(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    pane.empty.suggest(["What does E4 mean?"])
    button = next(b for b in pane.findChildren(QPushButton) if b.text() == "What does E4 mean?")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert door.last(Ask).question == "What does E4 mean?"
    assert not pane.empty.isVisible()


# --- an answer as it comes


def test_a_question_before_the_engine_is_ready_waits_and_says_so(
    pane: ConversationPane, door: Any
) -> None:
    ask(pane, door)
    assert "still starting" in texts(pane)
    door.say(Loading(0, "the language model"))
    assert "Loading the language model; the question waits" in texts(pane)


def test_the_quotation_is_there_before_the_model_speaks(pane: ConversationPane, door: Any) -> None:
    door.say(STARTER)
    request = ask(pane, door)
    door.say(Found(request, (NEAR,), 0.9, 0.1), Quoted(request, QUOTED))
    assert in_order(texts(pane), "Which part", "From your documents", "The seal is part 7.")


def test_a_starter_models_words_stand_apart_beneath_the_quotation(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    door.say(STARTER)
    request = ask(pane, door)
    door.say(Quoted(request, QUOTED), Words(request, "It is **par"), Words(request, "t 70**."))
    qtbot.waitUntil(lambda: "It is part 70." in texts(pane))
    final = answer(QUOTED.text, words="It is part 70!", model="SmolLM2")
    door.say(Answered(request, final), Done(request))
    shown = texts(pane)
    assert in_order(shown, "The seal is part 7.", "often wrong, for demonstration", "part 70!")


def test_a_real_models_answer_leads_and_the_quotation_folds_away(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    door.say(PHI)
    request = ask(pane, door)
    door.say(Quoted(request, QUOTED), Words(request, "It is"))
    door.say(Answered(request, answer("It is part 7 [1].")), Done(request))
    assert "It is part 7" in texts(pane)
    assert "demonstration" not in texts(pane)
    assert "The seal is part 7." not in texts(pane)
    fold = next(b for b in pane.findChildren(QPushButton) if "Quoted from" in b.text())
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert in_order(texts(pane), "It is part 7", "Quoted from", "The seal is part 7.")


def test_an_answer_without_a_model_is_the_quotation(pane: ConversationPane, door: Any) -> None:
    door.say(Ready(0, "", False, ""))
    request = ask(pane, door)
    door.say(Quoted(request, QUOTED))
    door.say(Answered(request, answer(QUOTED.text, model="")), Done(request))
    assert "The seal is part 7." in texts(pane)
    assert "demonstration" not in texts(pane)


def test_a_model_that_says_nothing_is_told_of(pane: ConversationPane, door: Any) -> None:
    door.say(PHI)
    request = ask(pane, door)
    door.say(Answered(request, answer("")), Done(request))
    assert "The model has ended its answer without a word." in texts(pane)


def test_what_could_not_be_verified_is_counted(pane: ConversationPane, door: Any) -> None:
    door.say(PHI)
    request = ask(pane, door)
    claims = (Claim("It is part 7.", (1,), True, 0.9), Claim("It is blue.", (), False, 0.1))
    door.say(Answered(request, answer("It is part 7 [1]. It is blue.", claims=claims)))
    assert "1 sentence not verified (dotted)" in texts(pane)


def test_how_it_was_searched_is_told_where_that_is_worth_it(
    pane: ConversationPane, door: Any
) -> None:
    request = ask(pane, door, "Which documents mention the seal?")
    door.say(Answered(request, answer("Two.", notes=("Read 4 of 4 documents.",))))
    assert "Read 4 of 4 documents." in texts(pane)


def test_an_abstention_offers_the_nearest_passages(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    door.say(PHI)
    request = ask(pane, door)
    nothing = answer("Nothing found.", is_abstention=True, passages=(NEAR,), model="")
    door.say(Quoted(request, Quotation("", (), ())), Answered(request, nothing), Done(request))
    assert in_order(texts(pane), "Not in your documents", "Nothing found.", "The nearest passages")
    entry = next(b for b in pane.findChildren(QPushButton) if "The filter" in b.text())
    assert "p. iv · page 6 of the file" in entry.text()
    with qtbot.waitSignal(pane.place_opened) as opened:
        qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    assert opened.args[0].quote == "The filter is part 9."
    assert opened.args[0].marks == NEAR.marks


def test_a_citation_in_an_answer_opens_its_place(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    door.say(STARTER)
    request = ask(pane, door)
    door.say(Quoted(request, QUOTED))
    words = next(w for w in pane.findChildren(QTextBrowser) if w.isVisible())
    with qtbot.waitSignal(pane.place_opened) as opened:
        words.anchorClicked.emit(QUrl("cite:1"))
    assert opened.args[0].path == "/m.pdf"


# --- how it ends


def test_stop_is_offered_while_an_answer_comes_and_keeps_what_came(
    pane: ConversationPane, door: Any, actions: Any
) -> None:
    door.say(PHI)
    assert not actions.stop.isEnabled()
    request = ask(pane, door)
    door.say(Words(request, "It is"))
    actions.stop.trigger()
    assert door.last(Stop) == Stop(request)
    door.say(WasStopped(request))
    assert in_order(texts(pane), "It is", "Stopped.")
    assert not actions.stop.isEnabled()


@pytest.mark.parametrize("kind", [Failed, EngineLost])
def test_a_failure_is_told_in_the_conversation(pane: Any, door: Any, kind: Any) -> None:
    request = ask(pane, door)
    door.say(kind(request, "The question is too long.", "Shorten it."))
    assert in_order(texts(pane), "Which part", "The question is too long.", "Shorten it.")
    assert not pane.composer.box.isReadOnly()


def test_the_next_question_carries_the_turns_before_it(pane: ConversationPane, door: Any) -> None:
    for text in ("first", "second"):
        request = ask(pane, door)
        door.say(Answered(request, answer(text)), Done(request))
    ask(pane, door)
    assert [turn.answer for turn in door.last(Ask).history] == ["first", "second"]


def test_a_new_conversation_forgets_and_stops(
    pane: ConversationPane, door: Any, actions: Any
) -> None:
    request = ask(pane, door)
    actions.new_conversation.trigger()
    assert door.last(Stop) == Stop(request)
    door.say(Answered(request, answer("late")), WasStopped(request))
    assert pane.empty.isVisible()
    ask(pane, door, "Again?")
    assert door.last(Ask).history == ()


def test_the_newest_words_stay_in_view_unless_one_scrolls_back(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    door.say(PHI)
    request = ask(pane, door)
    bar = pane.scroll_bar
    door.say(Words(request, "A line.\n\n" * 80))
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(10)
    door.say(Words(request, "A line.\n\n" * 80))
    qtbot.wait(300)
    assert bar.value() == 10


def test_a_stopped_answer_stays_in_the_conversation(pane: ConversationPane, door: Any) -> None:
    request = ask(pane, door)
    half = replace(answer("It is"), was_stopped=True)
    door.say(Words(request, "It is"), Answered(request, half), WasStopped(request))
    assert in_order(texts(pane), "It is", "Stopped.")
    ask(pane, door, "And then?")
    assert door.last(Ask).history == (half.turn,)
