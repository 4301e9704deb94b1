"""Every action of the window, in one place: its words, its shortcut, its icon.

Who carries an action out connects to it; menus and buttons show it.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from ui.icons import line_icon
from ui.theme import Theme

_Key = QKeySequence.StandardKey


class Actions(QObject):
    """The actions; icons follow the theme."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawn: list[tuple[QAction, str]] = []
        self.add_files = self._make("&Add files…", _Key.Open, "add-files")
        self.add_folder = self._make("Add f&older…", "Ctrl+Shift+O", "add-folder")
        self.add_samples = self._make("Add the &sample documents")
        self.remove = self._make("&Remove from the library", "Del", "remove")
        self.remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.new_collection = self._make("New &collection…", "Ctrl+Shift+N", "new-collection")
        self.rename_collection = self._make("Re&name the collection…", "F2")
        self.delete_collection = self._make("&Delete the collection")
        self.take_out = self._make("&Take out of the collection")
        self.followed_folders = self._make("&Followed folders…", "Ctrl+Shift+F", "folders")
        self.look_again = self._make("&Look for changes now", "F5")
        self.models = self._make("&Models…", "Ctrl+M")
        self.put_into_menu = QMenu("&Put into")  # filled by whoever knows the collections
        for action in (self.rename_collection, self.delete_collection, self.take_out):
            action.setEnabled(False)
        self.quit = self._make("&Quit", "Ctrl+Q")
        self.ask = self._make("&Send the question", "", "send")
        self.stop = self._make("S&top answering", "Esc", "stop")
        self.stop.setEnabled(False)
        self.filter = self._make("&Keep the question to…", "Ctrl+Shift+K", "filter")
        self.thorough = self._make("Answer thorou&ghly", "Ctrl+Shift+G", "thorough")
        self.thorough.setCheckable(True)
        self.ask_about_selected = self._make("Ask about the selected &documents", "Ctrl+Shift+D")
        self.ask_about_selected.setEnabled(False)
        self.ask_about_shown = self._make("Ask about &this document", "Ctrl+Shift+T", "ask-about")
        self.ask_about_shown.setEnabled(False)
        self.new_conversation = self._make("&New conversation", _Key.New, "new")
        self.focus_question = self._make("&Write a question", "Ctrl+L")
        self.focus_library = self._make("Go to the &library", "Ctrl+1")
        self.focus_viewer = self._make("Go to the &page", "Ctrl+2")
        self.zoom_in = self._make("Zoom &in", _Key.ZoomIn, "zoom-in")
        self.zoom_out = self._make("Zoom &out", _Key.ZoomOut, "zoom-out")
        self.fit_width = self._make("&Fit the width", "Ctrl+0", "fit-width")
        self.previous_page = self._make("&Previous page", "Ctrl+PgUp", "previous")
        self.open_in_zotero = self._make("Open in &Zotero", "Ctrl+Shift+Z", "zotero")
        self.next_page = self._make("&Next page", "Ctrl+PgDown", "next")
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def fill(self, bar: QMenuBar) -> None:
        """Put every action into the menus."""
        file = bar.addMenu("&File")
        file.addActions([self.add_files, self.add_folder, self.add_samples])
        file.addSeparator()
        file.addActions([self.followed_folders, self.look_again])
        file.addSeparator()
        file.addActions([self.models])
        file.addSeparator()
        file.addActions([self.remove])
        file.addSeparator()
        file.addActions([self.quit])
        collection = bar.addMenu("C&ollection")
        collection.addActions([self.new_collection, self.rename_collection, self.delete_collection])
        collection.addSeparator()
        collection.addMenu(self.put_into_menu)
        collection.addActions([self.take_out])
        conversation = bar.addMenu("&Conversation")
        conversation.addActions([self.focus_question, self.ask, self.stop])
        conversation.addSeparator()
        conversation.addActions([self.filter, self.thorough])
        conversation.addActions([self.ask_about_selected, self.ask_about_shown])
        conversation.addSeparator()
        conversation.addActions([self.new_conversation])
        view = bar.addMenu("&View")
        view.addActions([self.previous_page, self.next_page])
        view.addSeparator()
        view.addActions([self.zoom_in, self.zoom_out, self.fit_width])
        view.addSeparator()
        view.addActions([self.open_in_zotero])
        view.addSeparator()
        view.addActions([self.focus_library, self.focus_viewer])

    def _make(self, text: str, key: QKeySequence.StandardKey | str = "", icon: str = "") -> QAction:
        action = QAction(text, self)
        if key:
            action.setShortcut(QKeySequence(key))
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        plain = text.replace("&", "")
        action.setToolTip(f"{plain} ({shortcut})" if shortcut else plain)
        if icon:
            self._drawn.append((action, icon))
        return action

    def _draw_icons(self) -> None:
        for action, name in self._drawn:
            action.setIcon(line_icon(name, self._theme.colors.text))
            action.setIconVisibleInMenu(False)
