"""The right model is offered before the first question, while only the starter is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.messages import Done, Downloading, Failed, GetModel, ListModels, Models, Ready
from rag.types import ModelOffer, ModelState
from ui.models.dialog import ModelsDialog
from ui.models.invitation import Invitation
from ui.remembered import Remembered
from ui.window import MainWindow

MACHINE = "This computer can run Phi-4; it writes about 5 words a second."
PHI = ModelOffer(
    "phi-4", "Phi-4 14B", ModelState.AVAILABLE, 9_050_000_000, "MIT", "", "", "",
    is_fitting=True, is_recommended=True, is_demonstration=False, fit="Fits.",
    reading_speed=60.0, writing_speed=6.5,
)  # fmt: skip


def start(door: Any, *offers: ModelOffer, is_demonstration: bool = True) -> None:
    door.say(Ready(0, "SmolLM2", is_demonstration, ""))
    tell(door, *offers)


def tell(door: Any, *offers: ModelOffer) -> None:
    request = door.last(ListModels).request_id
    door.say(Models(request, MACHINE, offers), Done(request))


@pytest.fixture
def invitation(window: MainWindow) -> Invitation:
    return window.models.invitation


def press(widget: QWidget, text: str) -> None:
    button = next(each for each in widget.findChildren(QPushButton) if each.text() == text)
    button.click()


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def test_it_says_what_the_computer_can_run_and_that_quotations_work_without(
    invitation: Invitation, door: Any
) -> None:
    start(door, PHI)
    assert MACHINE in words(invitation)
    assert "That needs neither a model of this kind nor the network." in words(invitation)


def test_one_button_begins_the_download_and_shows_how_far_it_is(
    invitation: Invitation, door: Any
) -> None:
    start(door, PHI)
    press(invitation, "Get it, 9.05 GB")
    request = door.last(GetModel)
    door.say(Downloading(request.request_id, "phi-4", 10**9, 9_050_000_000, 600.0))
    assert "1.00 GB of 9.05 GB" in words(invitation)


def test_without_a_network_it_says_so_in_place(invitation: Invitation, door: Any) -> None:
    start(door, PHI)
    press(invitation, "Get it, 9.05 GB")
    door.say(Failed(door.last(GetModel).request_id, "There is no network.", "Try again later."))
    assert "There is no network. Try again later." in words(invitation)


@pytest.mark.parametrize(
    "offer", [replace(PHI, is_recommended=False), replace(PHI, is_demonstration=True)]
)
def test_nothing_is_offered_where_nothing_is_right(
    invitation: Invitation, door: Any, offer: ModelOffer
) -> None:
    start(door, offer)
    assert not invitation.isVisible()


def test_nothing_is_offered_where_a_real_model_answers(invitation: Invitation, door: Any) -> None:
    start(door, PHI, is_demonstration=False)
    assert not invitation.isVisible()


def test_it_goes_once_the_model_is_in_use(invitation: Invitation, door: Any) -> None:
    start(door, PHI)
    tell_again(door, replace(PHI, state=ModelState.IN_USE))
    assert not invitation.isVisible()


def tell_again(door: Any, offer: ModelOffer) -> None:
    door.say(Ready(0, "phi-4", False, ""))
    tell(door, offer)


def test_the_other_models_are_a_click_away(
    window: MainWindow, invitation: Invitation, door: Any
) -> None:
    start(door, PHI)
    press(invitation, "Other models…")
    assert window.findChild(ModelsDialog).isVisible()


def test_dismissed_it_does_not_come_back_in_the_next_window(
    qtbot: QtBot, link: Any, theme: Any, door: Any, tmp_path: Path
) -> None:
    for is_shown in (True, False):
        window = MainWindow(link, theme, Remembered(tmp_path / "data" / "window.json"))
        qtbot.addWidget(window)
        window.show()
        start(door, PHI)
        assert window.models.invitation.isVisible() is is_shown
        press(window.models.invitation, "Do not show this again")
        assert not window.models.invitation.isVisible()
