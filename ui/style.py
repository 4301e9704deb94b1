"""The style sheet: one text for the whole window, in one theme's colors.

Widgets choose a look by a dynamic property (`look`), never by a style sheet of their own.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.icons import ICONS
from ui.tokens import LARGE, MEDIUM, RADIUS, SMALL, TIGHT, Colors

# Seen on light and on dark: a style sheet cannot tint it.
_DROP_ARROW = (ICONS / "style" / "drop-arrow.svg").as_posix()


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget one of the looks that the style sheet knows."""
    widget.setProperty("look", look)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    # One that was not shown yet is polished when it is, and doing it twice takes long.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def change_look(widget: QWidget, look: str) -> None:
    """The same for a widget that is told again and again: costs nothing where it has the look."""
    if widget.property("look") != look:
        set_look(widget, look)


def style_sheet(colors: Colors) -> str:
    """The style sheet of the whole window."""
    return "\n".join((_grounds(colors), _buttons(colors), _fields(colors), _bars(colors)))


def _grounds(c: Colors) -> str:
    return f"""
QWidget[look="pane"] {{ background: {c.frame}; }}
QWidget[look="surface"], QScrollArea[look="surface"] {{ background: {c.surface}; border: none; }}
QWidget[look="header"] {{ background: {c.frame}; border-bottom: 1px solid {c.line}; }}
QFrame[look="rule"] {{ background: {c.line}; }}
QLabel[look="title"] {{ font-weight: 600; }}
QLabel[look="dim-title"] {{ font-weight: 600; color: {c.muted}; }}
QLabel[look="headline"] {{ font-size: 17pt; font-weight: 600; }}
QLabel[look="muted"], QLabel[look="caption"] {{ color: {c.muted}; }}
QLabel[look="caption"] {{ font-size: 9pt; font-weight: 600; }}
QLabel[look="fine"] {{ color: {c.muted}; font-size: 9pt; }}
QLabel[look="good"] {{ color: {c.good}; }}
QLabel[look="warn"] {{ color: {c.warn}; }}
QLabel[look="bad"] {{ color: {c.bad}; }}
QLabel[look="reason"] {{ background: {c.bad_tint}; color: {c.text}; border-radius: {RADIUS}px;
    padding: {SMALL}px {MEDIUM}px; }}
QLabel[look="question"] {{ background: {c.raised}; border-radius: {RADIUS}px;
    padding: {SMALL}px {MEDIUM}px; font-weight: 600; }}
QFrame[look="quotation"] {{ border: none; border-left: 3px solid {c.accent};
    padding-left: {MEDIUM}px; }}
QFrame[look="demonstration"] {{ background: {c.warn_tint}; border: 1px dashed {c.warn};
    border-radius: {RADIUS}px; }}
QFrame[look="demonstration"] QLabel[look="caption"] {{ color: {c.warn}; }}
QFrame[look="failure"] {{ background: {c.bad_tint}; border: none; border-radius: {RADIUS}px; }}
QFrame[look="notice"] {{ background: {c.warn_tint}; border: none;
    border-bottom: 1px solid {c.line}; }}
QFrame[look="card"] {{ background: {c.surface}; border: 1px solid {c.line};
    border-radius: {RADIUS}px; }}
QFrame[look="row"] {{ background: transparent; border: 1px solid transparent;
    border-bottom: 1px solid {c.line}; }}
QFrame[look="row"]:focus, QFrame[look="card"]:focus {{ border: 1px solid {c.accent}; }}
QFrame[look="toast"] {{ background: {c.raised}; border: none; border-radius: {RADIUS}px; }}
QFrame[look="drop"] {{ background: #d8{c.accent_tint[1:]}; border: 2px dashed {c.accent};
    border-radius: {RADIUS}px; }}
QFrame[look="drop"] QLabel {{ color: {c.accent}; font-size: 15pt; font-weight: 600; }}
QTextBrowser {{ background: transparent; border: none; }}
QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.line};
    padding: {SMALL}px; }}
"""


def _buttons(c: Colors) -> str:
    return f"""
QPushButton {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 6px;
    padding: 5px {MEDIUM}px; color: {c.text}; }}
QPushButton:hover {{ background: {c.raised}; }}
QPushButton:focus, QToolButton:focus {{ border: 1px solid {c.accent}; }}
QPushButton:disabled {{ color: {c.muted}; }}
QPushButton[look="primary"] {{ background: {c.accent}; color: {c.on_accent};
    border: 1px solid {c.accent}; font-weight: 600; }}
QPushButton[look="primary"]:focus {{ border: 2px solid {c.text}; }}
QPushButton[look="primary"]:disabled {{ background: {c.raised}; color: {c.muted};
    border-color: {c.line}; }}
QPushButton[look="entry"] {{ text-align: left; padding: {SMALL}px {MEDIUM}px;
    border-radius: {RADIUS}px; }}
QPushButton[look="link"] {{ background: transparent; border: 1px solid transparent;
    color: {c.accent}; padding: 2px {TIGHT}px; text-align: left; }}
QPushButton[look="link"]:hover {{ text-decoration: underline; }}
QPushButton[look="link"]:focus {{ border: 1px solid {c.accent}; }}
QPushButton[look="quiet"] {{ background: transparent; border: 1px solid transparent;
    color: {c.muted}; padding: 2px {TIGHT}px; }}
QPushButton[look="quiet"]:hover {{ color: {c.text}; text-decoration: underline; }}
QPushButton[look="quiet"]:focus {{ border: 1px solid {c.accent}; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 6px;
    padding: {TIGHT}px; color: {c.text}; }}
QToolButton:hover {{ background: {c.raised}; }}
QToolButton[look="segment"] {{ padding: {TIGHT}px 10px; color: {c.muted}; }}
QToolButton[look="chip"] {{ padding: 2px {SMALL}px; border-radius: 10px; font-size: 9pt;
    background: {c.accent_tint}; color: {c.accent}; }}
QToolButton[look="chip"]:hover {{ background: {c.raised}; }}
QToolButton[look="toggle"] {{ padding: 2px {SMALL}px; border: 1px solid {c.muted};
    border-radius: 10px; }}
QToolButton[look="toggle"]:focus {{ border: 1px solid {c.accent}; }}
QToolButton[look="toggle"]:checked {{ background: {c.accent}; color: {c.on_accent};
    border-color: {c.accent}; }}
QToolButton[look="toggle"]:checked:focus {{ border-color: {c.text}; }}
QToolButton[look="segment"]:checked {{ background: {c.accent_tint}; color: {c.accent};
    font-weight: 600; }}
"""


def _fields(c: Colors) -> str:
    return f"""
QFrame[look="composer"] {{ background: {c.surface}; border: 1px solid {c.line};
    border-radius: {MEDIUM}px; }}
QFrame[look="composer"][focused="true"] {{ border: 1px solid {c.accent}; }}
QPlainTextEdit {{ background: transparent; border: none; }}
QPlainTextEdit[look="note"] {{ background: {c.surface}; padding: {LARGE}px; }}
QPlainTextEdit[look="lines"] {{ background: {c.surface}; border: 1px solid {c.line};
    border-radius: 6px; padding: {TIGHT}px; }}
QLineEdit {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 6px;
    padding: {TIGHT}px {SMALL}px; }}
QComboBox, QDateEdit {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 6px;
    padding: {TIGHT}px {SMALL}px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{_DROP_ARROW}"); }}
QComboBox:focus, QDateEdit:focus {{ border: 1px solid {c.accent}; }}
QLineEdit:focus {{ border: 1px solid {c.accent}; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPlainTextEdit[look="lines"]:focus {{ border: 1px solid {c.accent}; }}
QListView {{ background: {c.frame}; border: none; outline: none; }}
QAbstractScrollArea[look="desk"] {{ background: {c.desk}; border: none; }}
"""


def _bars(c: Colors) -> str:
    return f"""
QMenuBar {{ background: {c.frame}; border-bottom: 1px solid {c.line}; padding: 2px {TIGHT}px; }}
QMenuBar::item {{ padding: {TIGHT}px {SMALL}px; border-radius: 6px; background: transparent; }}
QMenuBar::item:selected {{ background: {c.raised}; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.line}; padding: {TIGHT}px; }}
QMenu::item {{ padding: 5px {WIDE_ITEM}px 5px {LARGE}px; border-radius: {TIGHT}px; }}
QMenu::item:selected {{ background: {c.accent_tint}; }}
QMenu::item:disabled {{ color: {c.muted}; }}
QMenu::separator {{ height: 1px; background: {c.line}; margin: {TIGHT}px {SMALL}px; }}
QStatusBar {{ background: {c.frame}; border-top: 1px solid {c.line}; }}
QStatusBar::item {{ border: none; }}
QSplitter::handle {{ background: {c.line}; }}
QProgressBar {{ background: {c.raised}; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {c.line}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


WIDE_ITEM = 32  # room for the shortcut at a menu item's end
