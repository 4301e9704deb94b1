"""What the window's tests share: a door that says what a test tells it to, and the widgets."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import TypeVar, cast

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.door import Door, EngineEnd
from app.messages import Ended, EngineLost, Event, Request, Stop
from ui.actions import Actions
from ui.immortal import keep_constants_alive
from ui.link import EngineLink
from ui.restarts import RestartLimit
from ui.theme import Theme
from ui.window import MainWindow

keep_constants_alive()

Kind = TypeVar("Kind")


def pytest_configure(config: pytest.Config) -> None:
    """Let the screenless platform say what it cannot do; every other warning fails a test."""
    config.addinivalue_line("qt_log_ignore", "^This plugin does not support ")


class ScriptedDoor:
    """A door without an engine: records what is sent, says what the test wants said."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._open: set[int] = set()
        self.sent: list[Request] = []
        self.open_count = 0
        self.is_closed = False

    def made_for(
        self, on_event: Callable[[Event], None], on_end: Callable[[EngineEnd], None]
    ) -> Door:
        """This door, in the place of the real one."""
        self._on_event, self._on_end = on_event, on_end
        return cast(Door, self)

    def open(self) -> None:
        self.open_count += 1

    def close(self) -> None:
        self.is_closed = True

    def new_request_id(self) -> int:
        return next(self._ids)

    def send(self, request: Request) -> None:
        self.sent.append(request)
        if not isinstance(request, Stop):
            self._open.add(request.request_id)

    def say(self, *events: Event) -> None:
        """Tell the window something, as the engine would."""
        for event in events:
            if isinstance(event, Ended):
                self._open.discard(event.request_id)
            self._on_event(event)
        QApplication.processEvents()

    def die(self, end: EngineEnd) -> None:
        """End as a real engine does: each open request is lost, then the end is told."""
        for request_id in sorted(self._open):
            self._on_event(EngineLost(request_id, end.sentence, "Ask again once it is ready."))
        self._open.clear()
        self._on_end(end)
        QApplication.processEvents()

    def last(self, kind: type[Kind]) -> Kind:
        """The latest request of a kind."""
        return [request for request in self.sent if isinstance(request, kind)][-1]


@pytest.fixture
def door() -> ScriptedDoor:
    """Set when the link is made; a test speaks through it."""
    return ScriptedDoor()


@pytest.fixture
def link(qapp: QApplication, door: ScriptedDoor) -> EngineLink:
    return EngineLink(door.made_for, RestartLimit(limit=2))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp)


@pytest.fixture
def actions(theme: Theme) -> Actions:
    return Actions(theme)


@pytest.fixture
def window(qtbot: QtBot, link: EngineLink, theme: Theme) -> MainWindow:
    """The whole window, shown, with its engine opened."""
    made = MainWindow(link, theme)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.painted):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    link.open()
    return made
