"""What a Word paragraph is by its style and numbering: heading, title, list item or plain.

See ECMA-376 part 1, sections 17.3.1.20 (outline level), 17.7 (styles) and 17.9 (numbering).
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
BODY_LEVEL = 9  # the outline level of what is no heading
BULLET = "-"
MOST_INHERITED = 20  # styles based on styles; a loop ends here


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph stands in the text."""

    heading_level: int = 0  # from 1; 0 where it is no heading
    is_title: bool = False
    marker: str = ""  # of a list item: "-" or "3."; empty where it is none
    depth: int = 0  # of a list item, from 0


class Styles:
    """The styles and numberings of one document, and how far its numbered lists have come."""

    def __init__(self, document: Any) -> None:
        self._styles = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iterchildren(qn("w:style"))
        }
        self._formats = _number_formats(document)
        self._counts: Counter[tuple[str, int]] = Counter()

    def look_of(self, paragraph: Any) -> Look:
        """The look; a numbered item's number counts up with each that is asked for."""
        own = paragraph.find(qn("w:pPr"))
        properties = [own] if own is not None else []
        name = ""
        style = self._styles.get(_value(own, "w:pStyle"))
        for _ in range(MOST_INHERITED):
            if style is None:
                break
            name = name or _value(style, "w:name")
            properties += style.findall(qn("w:pPr"))
            style = self._styles.get(_value(style, "w:basedOn"))
        level = _heading_level(name, properties)
        if level:
            return Look(heading_level=level)
        if name.lower() in ("title", "subtitle"):
            return Look(is_title=name.lower() == "title")
        return self._list_look(properties)

    def _list_look(self, properties: list[Any]) -> Look:
        for part in properties:
            numbering = part.find(qn("w:numPr"))
            if numbering is None:
                continue
            number_id = _value(numbering, "w:numId")
            if number_id in ("", "0"):  # 0 takes the paragraph out of its style's list
                return Look()
            depth = min(_whole(_value(numbering, "w:ilvl")), BODY_LEVEL - 1)
            return Look(marker=self._marker(number_id, depth), depth=depth)
        return Look()

    def _marker(self, number_id: str, depth: int) -> str:
        if self._formats.get((number_id, depth), "bullet") in ("bullet", "none"):
            return BULLET
        self._counts[number_id, depth] += 1
        for deeper in range(depth + 1, BODY_LEVEL):
            self._counts.pop((number_id, deeper), None)
        return f"{self._counts[number_id, depth]}."


def _heading_level(name: str, properties: list[Any]) -> int:
    if named := HEADING.fullmatch(name):
        return int(named[1])
    for part in properties:
        stated = _value(part, "w:outlineLvl")
        if stated:
            level = _whole(stated)
            return level + 1 if level < BODY_LEVEL else 0
    return 0


def _number_formats(document: Any) -> dict[tuple[str, int], str]:
    """The number format of each list and level: "bullet", "decimal" and so on."""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):  # there is none, and python-docx makes none
        return {}
    levels = {
        (abstract.get(qn("w:abstractNumId")), _whole(level.get(qn("w:ilvl"), ""))): _value(
            level, "w:numFmt"
        )
        for abstract in numbering.iterchildren(qn("w:abstractNum"))
        for level in abstract.iterchildren(qn("w:lvl"))
    }
    return {
        (number.get(qn("w:numId"), ""), depth): number_format
        for number in numbering.iterchildren(qn("w:num"))
        for (abstract_id, depth), number_format in levels.items()
        if abstract_id == _value(number, "w:abstractNumId")
    }


def _value(parent: Any, name: str) -> str:
    child = parent.find(qn(name)) if parent is not None else None
    return child.get(qn("w:val"), "") if child is not None else ""


def _whole(number: str) -> int:
    return int(number) if number.isdecimal() and len(number) < 4 else 0
