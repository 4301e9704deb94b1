"""Words with citation chips: Markdown or plain, as tall as they are, never loading anything.

Chips are real text, so they can be reached by Tab, read aloud and copied; their pill is painted
beneath them.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRectF, QSizeF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QToolTip

from rag.code_running import CodeResult
from rag.types import Citation, Claim, Span
from ui.conversation.cards import card
from ui.conversation.chips import chip_boxes, chip_spans
from ui.conversation.claims import locate
from ui.conversation.code_blocks import (
    COPY,
    RUN,
    CodeShown,
    code_css,
    in_html,
    refused_in_html,
    source_of,
    tip,
)
from ui.conversation.formula_lines import put_on_line
from ui.conversation.formulas import SCHEME, picture, setting_at
from ui.conversation.links import is_offered, offer_link
from ui.conversation.markdown import CITATION_SCHEME, plain_to_html, to_html
from ui.theme import Theme
from ui.tokens import Colors
from ui.utf16 import document_span


class RichText(QTextBrowser):
    """One piece of an answer."""

    citation_opened = Signal(object)  # Citation
    run_asked = Signal(str)  # the Python of a block of code

    def __init__(self, theme: Theme, accessible_name: str) -> None:
        super().__init__()
        self.setAccessibleName(accessible_name)
        self._theme = theme
        self._html = ""
        self._markdown = ""
        self._code = CodeShown()
        self._citations: dict[int, Citation] = {}
        self._claims: tuple[Claim, ...] = ()
        self._boxes: list[QRectF] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(20)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.anchorClicked.connect(self._follow)
        theme.changed.connect(self._render)

    def show_markdown(
        self, text: str, citations: Sequence[Citation] = (), claims: tuple[Claim, ...] = ()
    ) -> None:
        """Show a model's Markdown; claims that are not supported are underlined."""
        self._citations = {citation.n: citation for citation in citations}
        self._claims = claims
        self._markdown = text
        self._html = to_html(text, self._citations, self._code)
        self._render()

    def offer_running(self) -> None:
        """Put a link to run it beside Python; what came of it is then shown beneath."""
        self._show_code(CodeShown(can_run=True, results=self._code.results))

    def show_code_result(self, source: str, result: CodeResult) -> None:
        """What came of running a block of code."""
        self._show_code(
            replace(self._code, results={**self._code.results, source: in_html(result)})
        )

    def show_code_refused(self, source: str, what: str, remedy: str) -> None:
        """Why a block of code was not run."""
        told = refused_in_html(what, remedy)
        self._show_code(replace(self._code, results={**self._code.results, source: told}))

    def _show_code(self, code: CodeShown) -> None:
        self._code = code
        if self._markdown:
            self._html = to_html(self._markdown, self._citations, code)
            self._render()

    def show_plain(self, text: str, citations: Sequence[Citation] = ()) -> None:
        """Show words that are no Markdown, such as a quotation."""
        self._citations = {citation.n: citation for citation in citations}
        self._claims = ()
        self._markdown = ""
        self._html = plain_to_html(text, self._citations)
        self._render()

    def _render(self) -> None:
        document = self.document()
        document.setDefaultStyleSheet(_css(self._theme.colors))
        self._boxes = None
        self.setHtml(self._html)
        put_on_line(document, QFontMetricsF(self.font()), self._font_px)
        self._underline_unsupported()

    def _underline_unsupported(self) -> None:
        unsupported = [claim for claim in self._claims if not claim.is_supported]
        if not unsupported:
            return
        shown = self.document().toPlainText()
        chips = chip_spans(self.document())
        for claim in unsupported:
            span = locate(claim.text, shown, chips)
            if span is not None:
                self._underline(document_span(shown, span))

    def _underline(self, span: Span) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(span.start)
        cursor.setPosition(span.end, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        look.setUnderlineColor(QColor(self._theme.colors.warn))
        cursor.mergeCharFormat(look)

    @property
    def _font_px(self) -> float:
        return float(self.fontInfo().pixelSize())

    def _fit(self, size: QSizeF) -> None:
        self._boxes = None
        self.setFixedHeight(math.ceil(size.height()) + 2)

    def _follow(self, url: QUrl) -> None:
        address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        citation = self._cited(address)
        if citation is not None:
            self.citation_opened.emit(citation)
        elif address.startswith(COPY):
            QGuiApplication.clipboard().setText(source_of(address))
        elif address.startswith(RUN):
            self.run_asked.emit(source_of(address))
        elif is_offered(url):
            offer_link(url, self)

    def _cited(self, address: str) -> Citation | None:
        if not address.startswith(CITATION_SCHEME):
            return None
        number = address.removeprefix(CITATION_SCHEME)
        return self._citations.get(int(number)) if number.isdecimal() else None

    # --- Qt's events

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Formulas are drawn; nothing that an answer names is ever loaded from disk or network."""
        source = name.toString() if isinstance(name, QUrl) else name
        is_picture = kind == QTextDocument.ResourceType.ImageResource.value
        setting = setting_at(source) if is_picture and source.startswith(SCHEME) else None
        return setting and picture(
            setting,
            font_px=self._font_px,
            font_descent=QFontMetricsF(self.font()).descent(),
            color=self._theme.colors.text,
            ratio=self.devicePixelRatioF(),
            widest=max(100.0, self.viewport().width() - 4.0),
        )

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        address = self.anchorAt(self.viewport().mapFrom(self, event.pos()))
        citation = self._cited(address)
        words = card(citation, self._theme.colors) if citation else html.escape(tip(address))
        QToolTip.showText(event.globalPos() + QPoint(0, 8), words, self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the conversation scrolls, not its parts

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._boxes is None:
            self._boxes = chip_boxes(self.document())
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colors.accent_tint))
        for box in self._boxes:
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.end()
        super().paintEvent(event)


def _css(colors: Colors) -> str:
    return f"""
p, ul, ol, table {{ margin-top: 0; margin-bottom: 8px; }}
p, li {{ line-height: 125%; }}
li {{ margin-bottom: 2px; }}
pre {{ margin: 0; white-space: pre-wrap; }}
h1, h2, h3, h4 {{ font-size: large; margin-top: 8px; margin-bottom: 4px; }}
a {{ color: {colors.accent}; }}
a.chip {{ color: {colors.accent}; text-decoration: none; font-size: small; font-weight: 600; }}
code, pre {{ font-family: "DejaVu Sans Mono", "Menlo", "Consolas", monospace; }}
code, td.code {{ background-color: {colors.raised}; }}
blockquote {{ color: {colors.muted}; }}
table {{ border-color: {colors.line}; border-style: solid; }}
{code_css(colors)}"""
