"""The design's smallest parts: the colors of both themes, the spacing scale, the radii.

Plain values; nothing here knows a widget. `ui.theme` turns them into palettes and style sheets.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colors:
    """The colors of one theme, as #rrggbb. Each text color reads on each ground (WCAG 4.5:1)."""

    is_dark: bool
    # grounds, from the window's frame to what lies on top of it
    frame: str
    surface: str
    raised: str
    line: str
    # text
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    # tints behind text
    accent_tint: str
    warn_tint: str
    bad_tint: str
    selection: str
    # the viewer
    desk: str  # what pages lie on
    paper: str
    marker: str  # the mark over a passage


LIGHT = Colors(
    is_dark=False,
    frame="#f4f5f7",
    surface="#ffffff",
    raised="#eef0f3",
    line="#d9dde3",
    text="#1c2025",
    muted="#58616c",
    accent="#2f55c8",
    on_accent="#ffffff",
    good="#1f7340",
    warn="#8a5200",
    bad="#b3261e",
    accent_tint="#e6ecfb",
    warn_tint="#fdf3e0",
    bad_tint="#fcebea",
    selection="#d3defa",
    desk="#e4e7eb",
    paper="#ffffff",
    marker="#ffe066",
)

DARK = Colors(
    is_dark=True,
    frame="#1b1d21",
    surface="#22252a",
    raised="#2b2f36",
    line="#3a3f48",
    text="#e7e9ec",
    muted="#a4acb7",
    accent="#9db4ff",
    on_accent="#121c3d",
    good="#7fd19b",
    warn="#f0b860",
    bad="#ff9d94",
    accent_tint="#2b3557",
    warn_tint="#3a3020",
    bad_tint="#402726",
    selection="#3a4875",
    desk="#151719",
    paper="#ffffff",
    marker="#ffe066",
)

# Distances in device-independent pixels; every margin and gap is one of them.
HAIR = 2
TIGHT = 4
SMALL = 8
MEDIUM = 12
LARGE = 16
WIDE = 24

RADIUS = 8
COLUMN = 760  # the widest that a line of conversation gets
