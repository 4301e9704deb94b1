"""The look of the whole window, light or dark as the system says.

Turns `ui.tokens` into Qt's palette and style sheet. Widgets that paint themselves take the `Theme`
and read `colors`; they repaint when it says `changed`.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.style import style_sheet
from ui.tokens import DARK, LIGHT, Colors


class Theme(QObject):
    """The colors in use; follows the system's scheme for as long as it lives."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        application.setStyle("Fusion")
        hints = application.styleHints()
        self.colors = _colors_for(hints.colorScheme(), application)
        self._apply()
        hints.colorSchemeChanged.connect(self.follow)

    def follow(self, scheme: Qt.ColorScheme) -> None:
        """Take on a scheme: the system's, whenever it changes."""
        self.colors = _colors_for(scheme, self._application)
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        self._application.setPalette(palette(self.colors))
        self._application.setStyleSheet(style_sheet(self.colors))


def _colors_for(scheme: Qt.ColorScheme, application: QApplication) -> Colors:
    if scheme is Qt.ColorScheme.Unknown:  # a desktop that says nothing: judge by its palette
        is_dark = application.style().standardPalette().window().color().lightness() < 128
        return DARK if is_dark else LIGHT
    return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def palette(colors: Colors) -> QPalette:
    """Qt's palette in these colors, so that whatever the style sheet leaves out fits too."""
    made = QPalette()
    for role, color in {
        QPalette.ColorRole.Window: colors.frame,
        QPalette.ColorRole.WindowText: colors.text,
        QPalette.ColorRole.Base: colors.surface,
        QPalette.ColorRole.AlternateBase: colors.raised,
        QPalette.ColorRole.Text: colors.text,
        QPalette.ColorRole.Button: colors.raised,
        QPalette.ColorRole.ButtonText: colors.text,
        QPalette.ColorRole.BrightText: colors.bad,
        QPalette.ColorRole.ToolTipBase: colors.surface,
        QPalette.ColorRole.ToolTipText: colors.text,
        QPalette.ColorRole.PlaceholderText: colors.muted,
        QPalette.ColorRole.Highlight: colors.selection,
        QPalette.ColorRole.HighlightedText: colors.text,
        QPalette.ColorRole.Link: colors.accent,
        QPalette.ColorRole.LinkVisited: colors.accent,
        QPalette.ColorRole.Accent: colors.accent,
    }.items():
        made.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.muted))
    return made
