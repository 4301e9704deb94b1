"""Text of an OpenDocument file that nobody sees: taken out of its XML before it is read.

By its style (ODF 1.3, part 3, section 20): not displayed, white on the page, of next to no size;
or because it is hidden text or a hidden paragraph (section 7.7).
"""

import re
from collections.abc import Iterator
from typing import Any

from rag.documents.packages import local_name

STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

WHITES = ("#ffffff", "#fefefe", "#fdfdfd", "#fcfcfc")
LEAST_POINTS = 1.5  # of type that can be seen at all
POINTS = re.compile(r"(\d*\.?\d+)pt")
MOST_INHERITED = 20  # styles with parents; a loop ends here


def take_out_hidden(content: Any, named: Any) -> list[str]:
    """Removes what is hidden from the root of `content.xml`; gives the texts.

    `named` is the root of `styles.xml`, or None where the package has none.
    """
    roots = [root for root in (content, named) if root is not None]
    styles = {
        style.get(f"{STYLE}name"): style for root in roots for style in root.iter(f"{STYLE}style")
    }
    hidden = [element for element in content.iter() if _is_hidden(element, styles)]
    texts = [_text(element) for element in hidden if not _is_inside(element, hidden)]
    for element in hidden:
        element.clear(keep_tail=True)
    return texts


def _text(element: Any) -> str:
    return f"{element.get(f'{TEXT}string-value', '')}{''.join(element.itertext())}"


def _is_inside(element: Any, others: list[Any]) -> bool:
    return any(above in others for above in element.iterancestors())


def _is_hidden(element: Any, styles: dict[str, Any]) -> bool:
    if local_name(element) == "hidden-text" or _says_it_is_hidden(element):
        return True
    name = element.get(f"{TEXT}style-name")
    if name is None or local_name(element) not in ("span", "p", "h"):
        return False
    looks = list(_looks(name, styles))
    if _stated(looks, f"{TEXT}display") == "none":
        return True
    size = POINTS.fullmatch(_stated(looks, f"{FO}font-size"))
    if size and float(size[1]) < LEAST_POINTS:
        return True
    is_white = _stated(looks, f"{FO}color").lower() in WHITES
    return is_white and not _is_on_color(element, looks, styles)


def _says_it_is_hidden(element: Any) -> bool:
    return any(local_name(child) == "hidden-paragraph" for child in element.iterchildren())


def _looks(name: str | None, styles: dict[str, Any]) -> Iterator[Any]:
    """The properties that a style gives, the nearest first."""
    for _ in range(MOST_INHERITED):
        style = styles.get(name or "")
        if style is None:
            return
        yield from (child for child in style.iterchildren() if "properties" in local_name(child))
        name = style.get(f"{STYLE}parent-style-name")


def _stated(looks: list[Any], name: str) -> str:
    return next((value for look in looks if (value := look.get(name))), "")


def _is_on_color(element: Any, looks: list[Any], styles: dict[str, Any]) -> bool:
    """Whether something colors what is behind a white text, or may: its cell, a shape."""
    above: list[Any] = []
    for ancestor in element.iterancestors():
        if local_name(ancestor) in ("table-cell", "text-box", "frame", "custom-shape"):
            return True
        above += _looks(ancestor.get(f"{TEXT}style-name"), styles)
    behind = _stated([*looks, *above], f"{FO}background-color")
    return behind not in ("", "transparent", *WHITES)
