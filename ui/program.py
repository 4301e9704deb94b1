"""The window as a program of its own: Qt's loop, the engine's door, and the end of both."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from app.door import Door
from app.settings import Settings
from ui.icons import program_icon
from ui.immortal import keep_constants_alive
from ui.link import EngineLink
from ui.remembered import FILE, Remembered
from ui.theme import Theme
from ui.window import MainWindow

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def open_window(
    settings: Settings, *, on_shown: Callable[[MainWindow, EngineLink], None] | None = None
) -> int:
    """Show the window until it is closed; the exit code. No engine outlives it.

    `on_shown` is for those who watch it: it gets the window before Qt's loop runs.
    """
    keep_constants_alive()
    qInstallMessageHandler(_log_qt)
    # Qt's loop would swallow Ctrl+C; the engine ends by itself when this process is gone.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    application = make_application()
    link = EngineLink(lambda event, end: Door(settings, on_event=event, on_end=end))
    remembered = Remembered(settings.paths.data / FILE)
    window = MainWindow(link, Theme(application), remembered)
    window.actions_of_window.thorough.setChecked(settings.answers.is_thorough)
    window.painted.connect(link.open)
    window.show()
    if on_shown is not None:
        on_shown(window, link)
    try:
        return application.exec()
    finally:
        link.close()


def make_application() -> QApplication:
    """Qt's application object, named and with the program's icon."""
    QCoreApplication.setApplicationName("Deskbook")
    application = QApplication(sys.argv[:1])
    application.setApplicationDisplayName("Deskbook")
    application.setDesktopFileName("deskbook")
    application.setWindowIcon(program_icon())
    return application


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    log.log(_LEVELS[kind], "Qt: %s", message)
