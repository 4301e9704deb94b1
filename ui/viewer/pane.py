"""The viewer: a place in a document, drawn or as text, with its passage marked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.zotero import zotero_link
from rag.types import Kind
from ui.actions import Actions
from ui.elided_label import ElidedLabel
from ui.parts import header, tool_button, two_lines
from ui.passwords import Passwords
from ui.places import Place
from ui.style import set_look
from ui.theme import Theme
from ui.viewer.note_view import NoteView
from ui.viewer.notice import Notice
from ui.viewer.page_view import PageView
from ui.viewer.pages import CannotShow, Pages, PasswordWanted
from ui.viewer.pdf_file import open_pdf
from ui.viewer.picture_file import open_pictures
from ui.viewer.texts import Texts
from ui.wording import page_in_words, scan_in_words

_INVITATION = "Click a citation or a document to read it here, with the passage marked."


class ViewerPane(QWidget):
    """Shows one place at a time."""

    password_wanted = Signal(str)  # path of the protected file
    asked_about = Signal(object)  # tuple[str, ...]: ids of documents to ask about

    def __init__(self, texts: Texts, passwords: Passwords, actions: Actions, theme: Theme) -> None:
        super().__init__()
        set_look(self, "pane")
        self._texts = texts
        self._passwords = passwords
        self._actions = actions
        self._place: Place | None = None
        self._pages: Pages | None = None
        self._pages_path = ""
        self._title = ElidedLabel()
        set_look(self._title, "title")
        self._where = ElidedLabel()
        set_look(self._where, "fine")
        self._zotero = tool_button(actions.open_in_zotero)
        self.pages = PageView(theme)
        self.note = NoteView(theme)
        self.notice = Notice()
        self._stack = QStackedWidget()
        for view in (self.notice, self.pages, self.note):
            self._stack.addWidget(view)
        self._lay_out()
        self._connect()
        self._say(_INVITATION, with_picture=True)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        actions = self._actions
        pages = (actions.previous_page, actions.next_page)
        zoom = (actions.zoom_out, actions.zoom_in, actions.fit_width)
        words = two_lines(self._title, self._where)
        asking = (actions.ask_about_shown,)
        column.addWidget(header((words, self._zotero), (*asking, *pages, *zoom)))
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        actions = self._actions
        self.pages.page_changed.connect(self._show_page_number)
        actions.previous_page.triggered.connect(lambda: self.pages.show_page(self.pages.page - 1))
        actions.next_page.triggered.connect(lambda: self.pages.show_page(self.pages.page + 1))
        actions.zoom_in.triggered.connect(lambda: self._zoomed().zoom_in())
        actions.zoom_out.triggered.connect(lambda: self._zoomed().zoom_out())
        actions.fit_width.triggered.connect(self.pages.fit_width)
        actions.focus_viewer.triggered.connect(self._focus)
        actions.ask_about_shown.triggered.connect(self._ask_about)
        actions.open_in_zotero.triggered.connect(self._open_in_zotero)
        self._offer_zotero(is_there=False)
        self.notice.acted.connect(self._ask_for_password)

    def _focus(self) -> None:
        view = self._stack.currentWidget()
        if view is not None:
            view.setFocus()

    def _ask_about(self) -> None:
        if self._place is not None:
            self.asked_about.emit((self._place.document,))

    def _offer_zotero(self, *, is_there: bool) -> None:
        self._actions.open_in_zotero.setVisible(is_there)
        self._zotero.setVisible(is_there)

    def _open_in_zotero(self) -> None:
        if self._place is not None:
            QDesktopServices.openUrl(QUrl(zotero_link(self._place.path)))

    def show_place(self, place: Place) -> None:
        """Open the document and bring the passage into view, marked."""
        self._place = place
        self._title.setText(place.title or Path(place.path).name)
        self._title.setToolTip(place.path)
        self._actions.ask_about_shown.setEnabled(True)
        self._offer_zotero(is_there=bool(zotero_link(place.path)))
        if place.kind in (Kind.PDF, Kind.PICTURE):
            self._show_pages(place)
        else:
            self._show_note(place)

    def show_opened(self, paths: Sequence[str]) -> None:
        """Passwords of these files are known now: the one that is to be shown opens."""
        if self._place is not None and self._place.path in paths:
            self.show_place(self._place)

    def _show_pages(self, place: Place) -> None:
        try:
            pages = self._open(place)
        except PasswordWanted:
            self._passwords.find(place.path, lambda found: self._show_protected(place, found))
            return
        except CannotShow as reason:
            self._say(str(reason), place.quote)
            return
        self._show_marked(pages, place)

    def _show_protected(self, place: Place, passwords: Sequence[str]) -> None:
        if self._place is not place:
            return
        try:
            pages = self._open(place, passwords)
        except PasswordWanted as reason:
            self._say(str(reason), place.quote, action="Enter the password")
        except CannotShow as reason:
            self._say(str(reason), place.quote)
        else:
            self._show_marked(pages, place)

    def _ask_for_password(self) -> None:
        if self._place is not None:
            self.password_wanted.emit(self._place.path)

    def _show_marked(self, pages: Pages, place: Place) -> None:
        self._switch(self.pages)
        self.pages.show_marks(pages, place.marks)
        if not place.marks and place.pages:
            self.pages.show_page(place.pages[0].number)
        self._show_page_number(self.pages.page)

    def _open(self, place: Place, passwords: Sequence[str] = ()) -> Pages:
        path = place.path
        if self._pages is None or self._pages_path != path or not Path(path).is_file():
            is_pdf = place.kind is Kind.PDF
            pages: Pages = open_pdf(path, self, passwords) if is_pdf else open_pictures(path, self)
            self.pages.show_pages(pages)
            if self._pages is not None:
                self._pages.deleteLater()
            self._pages, self._pages_path = pages, path
        return self._pages

    def _show_note(self, place: Place) -> None:
        def on_text(text: str) -> None:
            if self._place is place:
                self._switch(self.note)
                self.note.show_text(text, place.span)

        def on_failure(sentence: str) -> None:
            if self._place is place:
                self._say(sentence, place.quote)

        self._texts.read(place.document, on_text, on_failure)

    def _say(
        self, sentence: str, quote: str = "", *, with_picture: bool = False, action: str = ""
    ) -> None:
        self.notice.say(sentence, quote, with_picture=with_picture, action=action)
        self._switch(self.notice)

    def _switch(self, view: QWidget) -> None:
        self._stack.setCurrentWidget(view)
        actions = self._actions
        has_pages = view is self.pages
        for action in (actions.previous_page, actions.next_page, actions.fit_width):
            action.setEnabled(has_pages)
        for action in (actions.zoom_in, actions.zoom_out):
            action.setEnabled(view is not self.notice)
        if not has_pages:
            self._where.hide()

    def _zoomed(self) -> PageView | NoteView:
        return self.note if self._stack.currentWidget() is self.note else self.pages

    def _show_page_number(self, page: int) -> None:
        if self._pages is None or page < 1:
            return
        words = page_in_words(self._pages.ref(page)).removesuffix(" of the file")
        shown = f"{words} of {len(self._pages.sizes):,}"
        scan = scan_in_words(self._place.marks) if self._place else ""
        self._where.setText(" · ".join(filter(None, (shown, scan))))
        self._where.show()
        self.pages.setAccessibleName(f"{self._title.text()}, {shown}")
