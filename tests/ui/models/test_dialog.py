"""The window of models, by what a person sees and does in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.door import EndReason, EngineEnd
from app.messages import (
    AddPaths,
    Done,
    Downloading,
    Failed,
    GetModel,
    ImportModel,
    ListModels,
    Loading,
    Models,
    Ready,
    RemoveModel,
    Stop,
    UseModel,
    WasStopped,
)
from rag.types import ModelOffer, ModelState
from ui.models.dialog import ModelsDialog
from ui.window import MainWindow

MACHINE = "This computer can run models of up to 11 GB; Phi-4 writes about 5 words a second on it."


def offer(name: str, title: str, state: ModelState, **more: Any) -> ModelOffer:
    values: dict[str, Any] = {
        "size_bytes": 2_500_000_000, "licence": "MIT", "note": "", "path": "", "owner": "",
        "is_fitting": True, "is_recommended": False, "is_demonstration": False,
        "fit": "Fits.", "reading_speed": 0.0, "writing_speed": 0.0,
    }  # fmt: skip
    return ModelOffer(name, title, state, **(values | more))


STARTER = offer("starter", "SmolLM2 135M", ModelState.IN_USE, is_demonstration=True)
PHI = offer(
    "phi-4", "Phi-4 14B", ModelState.AVAILABLE, size_bytes=9_050_000_000, is_recommended=True,
    fit="Fits, with 16,384 tokens of context; about 5 words a second.",
)  # fmt: skip
MINI = offer("phi-4-mini", "Phi-4-mini", ModelState.INSTALLED)
QWEN = offer("qwen3-4b", "Qwen3 4B", ModelState.FOUND, owner="LM Studio", path="/m/q.gguf")
HUGE = offer(
    "huge", "Huge 70B", ModelState.AVAILABLE, is_fitting=False, fit="Wants 44 GB; 12 GB are free."
)


@pytest.fixture
def dialog(window: MainWindow, door: Any) -> ModelsDialog:
    """On five models, of which one is recommended and one does not fit."""
    window.actions_of_window.models.trigger()
    tell(door, HUGE, STARTER, PHI, MINI, QWEN)
    return window.findChild(ModelsDialog)


def tell_again(window: MainWindow, door: Any, *offers: ModelOffer) -> None:
    window.models.shelf.refresh()
    tell(door, *offers)


def tell(door: Any, *offers: ModelOffer) -> None:
    request = door.last(ListModels).request_id
    door.say(Models(request, MACHINE, offers), Done(request))


def button(widget: QWidget, name: str) -> QPushButton:
    buttons = [each for each in widget.findChildren(QPushButton) if each.isVisible()]
    return next(each for each in buttons if each.accessibleName() == name or each.text() == name)


def press(widget: QWidget, name: str) -> None:
    button(widget, name).click()  # by mouse it would move away while its place is still sought


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def start_download(dialog: ModelsDialog, door: Any) -> int:
    press(dialog, "Get it, 9.05 GB")
    request = door.last(GetModel)
    assert request.name == "phi-4"
    door.say(Downloading(request.request_id, "phi-4", 3_050_000_000, 9_050_000_000, 600.0))
    return int(request.request_id)


def test_it_says_what_the_computer_can_run_and_what_is_right_for_it(dialog: ModelsDialog) -> None:
    assert words(dialog).startswith(MACHINE)
    assert "The right one for this computer\nPhi-4 14B\n9.05 GB · MIT licence" in words(dialog)


def test_the_models_stand_under_headings_with_where_they_come_from(dialog: ModelsDialog) -> None:
    said = words(dialog)
    headings = ("In use", "Installed", "Found on this computer", "To be had")
    places = [said.index(heading) for heading in headings]
    assert places == sorted(places)
    assert "2.50 GB · MIT licence · from LM Studio, used where it lies" in said


def test_one_that_does_not_fit_is_there_and_says_why(dialog: ModelsDialog) -> None:
    assert "Wants 44 GB; 12 GB are free." in words(dialog)
    assert not button(dialog, "Get: Huge 70B").isEnabled()


def test_a_download_shows_how_far_it_is(dialog: ModelsDialog, door: Any) -> None:
    start_download(dialog, door)
    assert "3.05 GB of 9.05 GB · 10 MB/s · 10 min left" in words(dialog)


def test_it_goes_on_when_the_dialog_is_closed(
    dialog: ModelsDialog, window: MainWindow, door: Any
) -> None:
    request = start_download(dialog, door)
    dialog.close()
    assert window.status.downloads.text == "Phi-4 14B: 34%, 10 min left"
    door.say(Done(request))
    assert window.status.downloads.text == "Phi-4 14B is here"
    press(window.status, "Use it now: Phi-4 14B")
    assert door.last(UseModel).name == "phi-4"


def test_it_pauses_and_goes_on(dialog: ModelsDialog, door: Any) -> None:
    request = start_download(dialog, door)
    press(dialog, "Pause: Phi-4 14B")
    assert door.last(Stop).request_id == request
    door.say(WasStopped(request))
    assert "3.05 GB of 9.05 GB · paused; what has arrived is kept" in words(dialog)
    press(dialog, "Resume: Phi-4 14B")
    assert door.last(GetModel).request_id != request


def test_a_second_download_waits_for_the_first(
    dialog: ModelsDialog, window: MainWindow, door: Any
) -> None:
    first = start_download(dialog, door)
    tell_again(window, door, PHI, STARTER, replace(QWEN, state=ModelState.AVAILABLE, owner=""))
    press(dialog, "Get: Qwen3 4B")
    assert "Begins when the download before it is done" in words(dialog)
    assert window.status.downloads.text == "Phi-4 14B: 34%, 10 min left (and 1 more)"
    door.say(Done(first))
    second = door.last(GetModel).request_id
    door.say(Downloading(second, "qwen3-4b", 10**9, 25 * 10**8, 75.0))
    assert "1.00 GB of 2.50 GB · 20 MB/s · 80 s left" in words(dialog)


def test_a_download_that_fails_says_so_in_place_and_can_go_on(
    dialog: ModelsDialog, door: Any
) -> None:
    request = start_download(dialog, door)
    door.say(Failed(request, "The network is gone.", "Check it and resume."))
    assert "The network is gone. Check it and resume." in words(dialog)
    assert button(dialog, "Resume: Phi-4 14B").isEnabled()


def test_one_that_never_began_is_got_and_not_gone_on_with(dialog: ModelsDialog, door: Any) -> None:
    press(dialog, "Get it, 9.05 GB")
    door.say(Failed(door.last(GetModel).request_id, "The network is gone.", "Check it."))
    assert "Nothing has arrived yet" in words(dialog)
    press(dialog, "Get it, 9.05 GB")
    assert sum(isinstance(request, GetModel) for request in door.sent) == 2


def test_a_lost_engine_keeps_the_download_to_go_on_with(dialog: ModelsDialog, door: Any) -> None:
    start_download(dialog, door)
    door.die(EngineEnd(EndReason.CRASHED, "signal 11"))
    press(dialog, "Resume: Phi-4 14B")
    assert "3.05 GB of 9.05 GB" in words(dialog)
    assert door.last(GetModel).name == "phi-4"


def test_what_has_arrived_is_offered_for_use(dialog: ModelsDialog, door: Any) -> None:
    request = start_download(dialog, door)
    door.say(Done(request))
    tell(door, STARTER, replace(PHI, state=ModelState.INSTALLED))
    press(dialog, "Use it now: Phi-4 14B")
    request = door.last(UseModel).request_id
    door.say(Loading(request, "Phi-4 14B"))
    assert "Loading Phi-4 14B…" in words(dialog)
    door.say(Ready(request, "phi-4", False, ""), Done(request))
    tell(door, replace(STARTER, state=ModelState.INSTALLED), replace(PHI, state=ModelState.IN_USE))
    assert "In use · The right one for this computer" in words(dialog)


def test_one_that_cannot_be_used_says_why(dialog: ModelsDialog, door: Any) -> None:
    press(dialog, "Use: Qwen3 4B")
    request = door.last(UseModel)
    assert request.name == "qwen3-4b"
    door.say(Failed(request.request_id, "“q.gguf” is damaged.", "Get it again."))
    tell(door, STARTER, QWEN)
    assert "“q.gguf” is damaged. Get it again." in words(dialog)


def test_loading_is_stopped_and_all_is_as_before(dialog: ModelsDialog, door: Any) -> None:
    press(dialog, "Use: Qwen3 4B")
    request = door.last(UseModel).request_id
    press(dialog, "Stop: Qwen3 4B")
    assert door.last(Stop).request_id == request
    door.say(WasStopped(request))
    assert button(dialog, "Use: Qwen3 4B").isEnabled()


def test_a_model_is_removed_after_a_question(dialog: ModelsDialog, door: Any) -> None:
    press(dialog, "Remove… Phi-4-mini")
    assert "Delete “Phi-4-mini” from this computer? That frees 2.50 GB" in words(dialog)
    press(dialog, "Keep it")
    assert not any(isinstance(request, RemoveModel) for request in door.sent)
    press(dialog, "Remove… Phi-4-mini")
    press(dialog, "Remove")
    assert door.last(RemoveModel).name == "phi-4-mini"


def test_other_programs_models_and_the_starter_cannot_be_removed(dialog: ModelsDialog) -> None:
    names = [each.text() for each in dialog.findChildren(QPushButton) if each.isVisible()]
    assert names.count("Remove…") == 1
    assert "Forget…" not in names


def test_one_that_lies_elsewhere_is_forgotten_and_stays(
    dialog: ModelsDialog, window: MainWindow, door: Any
) -> None:
    tell_again(window, door, STARTER, replace(MINI, is_in_place=True))
    assert "2.50 GB · MIT licence · used where it lies" in words(dialog)
    press(dialog, "Forget… Phi-4-mini")
    assert "Its file stays as it is." in words(dialog)
    press(dialog, "Forget")
    assert door.last(RemoveModel).name == "phi-4-mini"


def test_a_dropped_model_is_imported_where_it_lies_or_as_a_copy(
    window: MainWindow, door: Any
) -> None:
    drop(window, "/m/a.gguf", "/m/notes.pdf")
    dialog = window.findChild(ModelsDialog)
    assert door.last(AddPaths).paths == ("/m/notes.pdf",)
    press(dialog, "Use it where it lies")
    request = door.last(ImportModel)
    assert (request.path, request.is_copied) == ("/m/a.gguf", False)
    door.say(Models(request.request_id, MACHINE, (STARTER,)), Done(request.request_id))
    assert "“a.gguf” is in the list now." in words(dialog)
    drop(dialog, "/m/b.gguf")
    press(dialog, "Copy it")
    assert door.last(ImportModel).is_copied


def test_an_import_that_fails_says_why(dialog: ModelsDialog, door: Any) -> None:
    dialog.offer_import(["/m/a.gguf"])
    press(dialog, "Use it where it lies")
    request = door.last(ImportModel).request_id
    door.say(Failed(request, "“a.gguf” is no GGUF file.", "Choose another."))
    assert "“a.gguf” is no GGUF file. Choose another." in words(dialog)


def test_the_focus_stays_where_it_is_while_a_download_goes_on(
    dialog: ModelsDialog, door: Any
) -> None:
    start_download(dialog, door)
    pause = button(dialog, "Pause: Phi-4 14B")
    pause.setFocus()
    tell(door, HUGE, STARTER, PHI, QWEN)
    assert button(dialog, "Pause: Phi-4 14B") is pause
    assert dialog.focusWidget() is pause


def test_everything_is_reached_by_tab_and_has_a_name(dialog: ModelsDialog) -> None:
    reached = [
        each
        for each in dialog.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled()
    ]
    assert all(each.accessibleName() or getattr(each, "text", str)() for each in reached)
    said = "\n".join(each.accessibleName() for each in reached)
    assert all(title in said for title in ("Huge 70B", "SmolLM2", "Phi-4 14B", "Qwen3 4B"))


def test_tab_goes_from_top_to_bottom(
    qtbot: QtBot, dialog: ModelsDialog, window: MainWindow, door: Any
) -> None:
    tell_again(
        window, door, HUGE, STARTER, replace(QWEN, is_recommended=True), MINI
    )  # the card is made last
    qtbot.wait(50)  # each has its place
    button(dialog, "Use it: Qwen3 4B").setFocus()
    reached = []
    for _ in range(4):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        reached.append(dialog.focusWidget().accessibleName())
    assert [name[:20] for name in reached] == [
        "SmolLM2 135M, 2.50 G", "Use: Phi-4-mini", "Remove… Phi-4-mini", "Huge 70B, 2.50 GB · ",
    ]  # fmt: skip


def test_of_many_models_all_are_shown_in_their_order(
    qtbot: QtBot, dialog: ModelsDialog, window: MainWindow, door: Any
) -> None:
    many = [offer(f"m{n}", f"Model {n:02}", ModelState.FOUND) for n in range(20)]
    tell_again(window, door, PHI, STARTER, *many)
    qtbot.waitUntil(lambda: words(dialog).count("\nModel ") == len(many))
    places = [words(dialog).index(each.title) for each in many]
    assert places == sorted(places)
    assert "Huge 70B" not in words(dialog)


def test_a_row_has_room_for_what_it_says_after_the_list_was_arranged_anew(
    qtbot: QtBot, dialog: ModelsDialog, window: MainWindow, door: Any
) -> None:
    many = [offer(f"m{n}", f"Model {n:02}", ModelState.FOUND) for n in range(20)]
    tell_again(window, door, PHI, STARTER, *many)  # more than can be seen
    qtbot.waitUntil(lambda: words(dialog).count("\nModel ") == len(many))
    view = button(dialog, "Get it, 9.05 GB").parentWidget()
    press(dialog, "Get it, 9.05 GB")
    door.say(Failed(door.last(GetModel).request_id, "The network is gone. " * 9, "Check it."))
    qtbot.waitUntil(lambda: view.height() >= view.heightForWidth(view.width()), timeout=2_000)


def test_the_name_of_the_model_opens_it(window: MainWindow, door: Any) -> None:
    door.say(Ready(0, "phi-4", False, ""))
    press(window.status, "Model: phi-4")
    assert window.findChild(ModelsDialog).isVisible()


def test_models_that_cannot_be_listed_say_why(window: MainWindow, door: Any) -> None:
    window.actions_of_window.models.trigger()
    request = door.last(ListModels).request_id
    door.say(Failed(request, "The models cannot be read.", "Look at the folder."))
    assert "The models cannot be read. Look at the folder." in words(window.findChild(ModelsDialog))


def drop(widget: QWidget, *paths: str) -> None:
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(path) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(QPointF(9, 9), copy, dragged, left, none)
    QApplication.sendEvent(widget, enter)
    QApplication.sendEvent(widget, QDropEvent(QPointF(9, 9), copy, dragged, left, none))
