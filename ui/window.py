"""The main window: library, conversation and viewer side by side, and what connects them."""

from __future__ import annotations

import logging

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QSplitter

from ui.actions import Actions
from ui.conversation.pane import ConversationPane
from ui.drop import DropVeil, dropped_paths, is_model
from ui.focus import neighbour
from ui.library.folders_dialog import FoldersDialog
from ui.library.pane import LibraryPane
from ui.library.password_prompt import PasswordPrompt
from ui.library.shelf import Shelf
from ui.link import EngineLink
from ui.models.corner import ModelsCorner
from ui.passwords import Passwords
from ui.remembered import Remembered
from ui.samples import holds_samples, sample_documents, sample_questions
from ui.status import StatusLine
from ui.theme import Theme
from ui.viewer.pane import ViewerPane
from ui.viewer.texts import Texts

log = logging.getLogger(__name__)

_WIDTHS = (290, 560, 590)


class MainWindow(QMainWindow):
    """Builds the panes and connects them; opens the link once it has been painted."""

    painted = Signal()  # for the first time

    def __init__(
        self, link: EngineLink, theme: Theme, remembered: Remembered | None = None
    ) -> None:
        """Without `remembered`, what is dismissed comes back with the next window."""
        super().__init__()
        self.setWindowTitle("Deskbook")
        self.setAcceptDrops(True)
        self.resize(sum(_WIDTHS), 880)
        self._link = link
        self._theme = theme
        self._folders: FoldersDialog | None = None  # made when it is first asked for
        self.actions_of_window = Actions(theme, self)
        self.actions_of_window.fill(self.menuBar())
        self.shelf = Shelf(link, self)
        self.library = LibraryPane(self.shelf, self.actions_of_window, theme)
        self.conversation = ConversationPane(link, self.actions_of_window, theme)
        passwords = Passwords(link, self)
        self.viewer = ViewerPane(Texts(link, self), passwords, self.actions_of_window, theme)
        self.password_prompt = PasswordPrompt(self.shelf, passwords, self)
        self.status = StatusLine()
        self.models = ModelsCorner(
            link, self.actions_of_window, self.status, remembered or Remembered(), self
        )
        self.conversation.empty.add_invitation(self.models.invitation)
        self.setStatusBar(self.status)
        self.setCentralWidget(self._make_splitter())
        self._veil = DropVeil(self)
        self._samples = sample_documents()
        self._connect()
        self._is_painted = False
        self.conversation.installEventFilter(self)
        self.conversation.composer.box.setFocus()

    def _make_splitter(self) -> QSplitter:
        splitter = QSplitter(Qt.Orientation.Horizontal, handleWidth=1, childrenCollapsible=False)
        panes = (self.library, self.conversation, self.viewer)
        for pane, width, least in zip(panes, _WIDTHS, (200, 320, 260), strict=True):
            pane.setMinimumWidth(least)
            splitter.addWidget(pane)
            splitter.setStretchFactor(splitter.count() - 1, 0 if pane is self.library else width)
        splitter.setSizes(list(_WIDTHS))
        return splitter

    def _connect(self) -> None:
        actions = self.actions_of_window
        actions.add_files.triggered.connect(self._choose_files)
        actions.add_folder.triggered.connect(self._choose_folder)
        actions.add_samples.triggered.connect(self._add_samples)
        actions.add_samples.setVisible(bool(self._samples))
        actions.quit.triggered.connect(self.close)
        actions.focus_library.triggered.connect(self.library.focus_list)
        actions.followed_folders.triggered.connect(self.show_followed_folders)
        actions.look_again.triggered.connect(lambda: self.shelf.followed.look_again())
        self.library.place_opened.connect(self.viewer.show_place)
        self.library.collection_chosen.connect(self.conversation.scope.choose_collection)
        self.library.asked_about.connect(self.conversation.ask_about)
        self.viewer.asked_about.connect(self.conversation.ask_about)
        self.conversation.scope.collection_cleared.connect(self.library.choose_all)
        self.conversation.place_opened.connect(self.viewer.show_place)
        self.library.password_wanted.connect(self.password_prompt.ask)
        self.viewer.password_wanted.connect(self.password_prompt.ask)
        self.password_prompt.offered.connect(self.library.offer_password)
        self.password_prompt.failed.connect(self.library.show_failure)
        self.password_prompt.opened.connect(self.viewer.show_opened)
        self.shelf.changed.connect(self._greet)
        self._link.loading.connect(self.status.show_loading)
        self._link.ready.connect(self.status.show_ready)
        self._link.embedder_changing.connect(self.status.show_changing)
        self._link.refused.connect(self.status.show_refused)
        self._link.lost.connect(self.status.show_lost)
        self.status.restart_asked.connect(self._link.open)

    def show_followed_folders(self) -> None:
        """Show which folders are followed, beside this window."""
        if self._folders is None:
            self._folders = FoldersDialog(
                self.shelf.followed, self.actions_of_window, self._theme, self
            )
            self._folders.dropped.connect(self.shelf.add)
            self._folders.removal_asked.connect(self.shelf.remove_documents)
        self._folders.show()
        self._folders.raise_()

    def _choose_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, "Add files")
        self.shelf.add(paths)

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Add a folder")
        self.shelf.add([folder] if folder else [])

    def _add_samples(self) -> None:
        self.shelf.add([str(path) for path in self._samples])

    def _greet(self) -> None:
        """Say in the empty conversation what the library now allows."""
        documents = self.shelf.documents
        self.conversation.scope.show_library(documents)
        self.conversation.empty.show_library(has_documents=bool(documents))
        has_samples = holds_samples(entry.path for entry in documents)
        self.conversation.empty.suggest(sample_questions() if has_samples else ())

    # --- Qt's events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._is_painted:
            self._is_painted = True
            watched.removeEventFilter(self)
            # Once the paint that is under way has reached the screen.
            QTimer.singleShot(0, self._tell_painted)
        return super().eventFilter(watched, event)

    def _tell_painted(self) -> None:
        log.info("window painted")
        self.painted.emit()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Called for every Tab in the window: Qt asks a widget's parents, up to here."""
        panes = (self.library, self.conversation, self.viewer)
        found = neighbour(panes, self.focusWidget(), 1 if next else -1)
        if found is None:
            return False
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        found.setFocus(reason)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if paths := dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._veil.cover(self.shelf.collection, are_models=all(map(is_model, paths)))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        paths = dropped_paths(event.mimeData())
        self.models.offer_import([path for path in paths if is_model(path)])
        self.shelf.add([path for path in paths if not is_model(path)])
