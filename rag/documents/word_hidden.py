"""Runs of a Word document that nobody sees: taken out of its XML before it is read.

Hidden text (ECMA-376 part 1, section 17.3.2.41), text as white as the page (17.3.2.6) and type of
next to no size (17.3.2.38), stated in the run or in its styles.
"""

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

OFF = ("0", "false", "off")
WHITES = ("FFFFFF", "FEFEFE", "FDFDFD", "FCFCFC")
LEAST_HALF_POINTS = 3  # of type that can be seen at all
MOST_INHERITED = 20  # styles based on styles; a loop ends here


class HiddenRuns:
    """What the styles of one document hide."""

    def __init__(self, styles: Any) -> None:
        """`styles` is the root of the part that defines them."""
        self._styles = {
            style.get(qn("w:styleId")): style for style in styles.iterchildren(qn("w:style"))
        }

    def take_out(self, root: Any) -> list[str]:
        """Removes the text of hidden runs below the root; gives what they say, by paragraph."""
        said: dict[Any, str] = {}
        for run in [run for run in root.iter(qn("w:r")) if self._is_hidden(run)]:
            texts = list(run.iter(qn("w:t")))
            paragraph = next(run.iterancestors(qn("w:p")), None)
            said[paragraph] = said.get(paragraph, "") + "".join(t.text or "" for t in texts)
            for text in texts:
                text.text = ""
        return list(said.values())

    def _is_hidden(self, run: Any) -> bool:
        looks = list(self._looks(run))
        if _is_on(_stated(looks, "w:vanish")) or _is_on(_stated(looks, "w:specVanish")):
            return True
        size = _stated(looks, "w:sz")
        if size is not None and 0 <= _whole(size.get(qn("w:val"), "")) < LEAST_HALF_POINTS:
            return True
        color = _stated(looks, "w:color")
        is_white = color is not None and color.get(qn("w:val"), "").upper() in WHITES
        return is_white and not _is_on_color(run, looks)

    def _looks(self, run: Any) -> Iterator[Any]:
        """The properties that a run has, the nearest first."""
        own = run.find(qn("w:rPr"))
        if own is not None:
            yield own
            yield from self._of_style(own.find(qn("w:rStyle")))
        paragraph = next(run.iterancestors(qn("w:p")), None)
        about = paragraph.find(qn("w:pPr")) if paragraph is not None else None
        if about is not None:
            yield from self._of_style(about.find(qn("w:pStyle")))

    def _of_style(self, named: Any) -> Iterator[Any]:
        for _ in range(MOST_INHERITED):
            style = self._styles.get(named.get(qn("w:val"))) if named is not None else None
            if style is None:
                return
            look = style.find(qn("w:rPr"))
            if look is not None:
                yield look
            named = style.find(qn("w:basedOn"))


def _stated(looks: list[Any], name: str) -> Any:
    return next((found for look in looks if (found := look.find(qn(name))) is not None), None)


def _is_on(switch: Any) -> bool:
    return switch is not None and switch.get(qn("w:val"), "true") not in OFF


def _is_on_color(run: Any, looks: list[Any]) -> bool:
    """Whether something colors what is behind a white run, or may: a table's style, a shape."""
    if _stated(looks, "w:shd") is not None or _stated(looks, "w:highlight") is not None:
        return True
    for above in run.iterancestors():
        name = above.tag.rpartition("}")[2] if isinstance(above.tag, str) else ""
        if name in ("txbxContent", "background"):
            return True
        about = above.find(qn(f"w:{name}Pr"))
        if about is None:
            continue
        if about.find(qn("w:shd")) is not None or about.find(qn("w:tblStyle")) is not None:
            return True
    document = run.getroottree().getroot()
    return document.find(qn("w:background")) is not None


def _whole(number: str) -> int:
    return int(number) if number.isdecimal() and len(number) < 5 else -1
