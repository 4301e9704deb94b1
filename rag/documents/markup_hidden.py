"""Elements of HTML that nobody sees: taken out of the tree before it is read, their texts given.

Looks at the `hidden` attribute, at styles in the element and at rules for one class or id in the
page's own style sheets (CSS 2.2 and its like). What scripts and other files do is not known.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lxml import etree

from rag.documents.packages import local_name
from rag.orders import orders_in

WHOLE = ("html", "body")  # a saved page may keep its body hidden until a script has run

COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;{}]+)")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CONDITIONAL = re.compile(r"@[\w-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")  # for print, for phones
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ONE_NAME = re.compile(r"[\w*]*([.#][\w-]+)")
LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|ex|ch|%|vw|vh|cm|mm|in)?")
RGB = re.compile(r"rgba?\(([^)]*)\)")

# What type of 1 px is in other units; less is not seen.
LEAST_SIZES = {"px": 2.0, "pt": 1.5, "em": 0.1, "rem": 0.1, "ex": 0.2, "%": 10.0, "": 0.5}
LEAST_SIZES |= {"vw": 0.15, "vh": 0.15, "cm": 0.05, "mm": 0.5, "in": 0.02}
FAR_OFF = {"px": 400.0, "pt": 300.0, "em": 30.0, "rem": 30.0, "%": 99.0, "vw": 99.0, "vh": 99.0}
FAR_OFF |= {"cm": 10.0, "mm": 100.0, "in": 4.0}
LEAST_ALPHA = 0.06
ALIKE = 10  # steps of 255 between two colors that the eye takes for one
WHITE = (255, 255, 255)
NAMED_COLORS = {"white": WHITE, "snow": (255, 250, 250), "black": (0, 0, 0)}
NAMED_COLORS |= {"red": (255, 0, 0), "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255)}

Color = tuple[int, ...]
Style = dict[str, str]


def take_out_hidden(root: Any, is_skipped: Callable[[Any], bool]) -> list[str]:
    """Removes what is hidden below the root, but not what follows it; gives the texts.

    Texts of what `is_skipped` anyway, menus for example, are not given, nor removed.
    """
    looks, found = _Looks(root), []
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        name = local_name(element)
        if name in WHOLE:
            continue
        if not name or is_skipped(element):
            walk.skip_subtree()
        elif looks.hide(element):
            walk.skip_subtree()
            found.append(element)
    texts = [" ".join("".join(element.itertext()).split()) for element in found]
    for element in found:
        element.clear(keep_tail=True)
    return texts


def orders_in_comments(text: str) -> list[str]:
    """Those of a page's comments that address the assistant; no reader reads any."""
    return [comment for comment in COMMENT.findall(text) if orders_in(comment)]


def hides(style: Style) -> bool:
    """Whether an element with these declarations is not seen, whatever is around it."""
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _is_transparent(style)
        or _is_tiny(style)
        or _is_off(style)
        or _is_cut_away(style)
        or _is_as_its_background(style)
    )


def declarations(text: str) -> Style:
    """The declarations of a style, names and values in small letters."""
    plain = CSS_COMMENT.sub("", text).lower().replace("!important", "")
    return {name: value.strip() for name, value in DECLARATION.findall(plain)}


class _Looks:
    """The declarations of one page's elements, as far as the page itself says them."""

    def __init__(self, root: Any) -> None:
        whole = root.getroottree().getroot()
        sheets = ["".join(sheet.itertext()) for sheet in _elements(whole, "style")]
        self._rules = dict(_rules(sheets))
        links = (link.get("rel", "").lower() for link in _elements(whole, "link"))
        is_styled = any("stylesheet" in rel for rel in links)
        self._is_on_white = not is_styled and not any("background" in sheet for sheet in sheets)

    def hide(self, element: Any) -> bool:
        """Whether the element is not seen."""
        if element.get("hidden") is not None:
            return True
        style = self._style_of(element)
        if not style:
            return False
        if hides(style):
            return True
        color = color_of(style.get("color", ""))
        behind = self._color_behind(element) if color is not None else None
        return color is not None and behind is not None and _are_alike(color, behind)

    def _style_of(self, element: Any) -> Style:
        style: Style = {}
        if self._rules:
            names = [f".{name}" for name in element.get("class", "").split()]
            for name in (*names, f"#{element.get('id', '')}"):
                style |= self._rules.get(name, {})
        if local_name(element) == "font" and element.get("color"):
            style["color"] = element.get("color").lower()
        own = element.get("style")
        return style | declarations(own) if own else style

    def _color_behind(self, element: Any) -> Color | None:
        """The color that the element stands on; None where it cannot be told."""
        for above in (element, *element.iterancestors()):
            style = self._style_of(above)
            stated = (
                style.get("background-color") or style.get("background") or above.get("bgcolor")
            )
            if stated:
                return color_of(stated.lower())
        return WHITE if self._is_on_white else None


def _elements(root: Any, name: str) -> Iterator[Any]:
    yield from root.iter(name, f"{{http://www.w3.org/1999/xhtml}}{name}")


def _rules(sheets: Iterable[str]) -> Iterator[tuple[str, Style]]:
    """What the page's own style sheets say of one class or id, outside of any condition."""
    for sheet in sheets:
        for selectors, body in RULE.findall(CONDITIONAL.sub("", CSS_COMMENT.sub("", sheet))):
            style = declarations(body)
            for selector in selectors.split(","):
                if name := ONE_NAME.fullmatch(selector.strip()):
                    yield name[1], style


def color_of(text: str) -> Color | None:
    """Red, green and blue from 0 to 255; None for what is no plain color."""
    text = text.strip()
    if text in NAMED_COLORS:
        return NAMED_COLORS[text]
    digits = text.removeprefix("#")
    if text.startswith("#") and re.fullmatch("[0-9a-f]{3,8}", digits):
        wide = "".join(c + c for c in digits) if len(digits) < 6 else digits
        return tuple(int(wide[at : at + 2], 16) for at in (0, 2, 4))
    if found := RGB.match(text):
        parts = re.findall(r"\d*\.?\d+%?", found[1])[:3]
        scaled = [float(p[:-1]) * 2.55 if p.endswith("%") else float(p) for p in parts]
        return tuple(round(part) for part in scaled) if len(scaled) == 3 else None
    return None


def _are_alike(one: Color, other: Color) -> bool:
    return all(abs(a - b) <= ALIKE for a, b in zip(one, other, strict=True))


def _is_as_its_background(style: Style) -> bool:
    color = color_of(style.get("color", ""))
    behind = color_of(style.get("background-color") or style.get("background", ""))
    return color is not None and behind is not None and _are_alike(color, behind)


def _is_transparent(style: Style) -> bool:
    if style.get("color") == "transparent" or _alpha(style.get("color", "")) < LEAST_ALPHA:
        return True
    opacity = LENGTH.match(style.get("opacity", ""))
    if opacity is None:
        return False
    return float(opacity[1]) / (100 if opacity[2] == "%" else 1) < LEAST_ALPHA


def _alpha(color: str) -> float:
    found = RGB.match(color)
    parts = re.findall(r"\d*\.?\d+%?", found[1]) if found else []
    if len(parts) < 4:
        return 1.0
    return float(parts[3].rstrip("%")) / (100 if parts[3].endswith("%") else 1)


def _is_tiny(style: Style) -> bool:
    """Its type or its box is next to nothing."""
    size = LENGTH.match(style.get("font-size", "") or _size_in(style.get("font", "")))
    if size and float(size[1]) < LEAST_SIZES.get(size[2] or "", 0.0):
        return True
    if re.search(r"scale\w*\(\s*0*\.?0*\s*[,)]", style.get("transform", "")):
        return True
    cuts = "hidden" in style.get("overflow", "") or "clip" in style.get("overflow", "")
    boxes = (LENGTH.match(style.get(side, "")) for side in ("height", "width", "max-height"))
    return cuts and any(box and float(box[1]) <= 1 for box in boxes)


def _size_in(font: str) -> str:
    """The size in the short form of a font's declaration: `0 Arial`, `bold 1px/1 serif`."""
    found = re.search(r"(?:^|\s)(\d*\.?\d+(?:px|pt|em|rem|%)?)(?:\s|/)", font)
    return found[1] if found else ""


def _is_off(style: Style) -> bool:
    """It is moved far off the page."""
    moved = [style.get("text-indent", ""), *re.findall(r"-[\d.]+\w+", style.get("transform", ""))]
    if style.get("position") in ("absolute", "fixed", "relative"):
        moved += [style.get(side, "") for side in ("left", "right", "top", "bottom")]
    moved += [style.get(side, "") for side in ("margin-left", "margin-top")]
    lengths = (LENGTH.match(value) for value in moved)
    return any(
        length and float(length[1]) <= -FAR_OFF.get(length[2] or "px", 400.0) for length in lengths
    )


def _is_cut_away(style: Style) -> bool:
    clip = style.get("clip", "")
    if clip.startswith("rect("):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", clip)]
        return len(numbers) == 4 and max(numbers) <= 1
    return bool(re.match(r"inset\(\s*(?:50|100)%|circle\(\s*0", style.get("clip-path", "")))
