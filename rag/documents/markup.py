"""HTML into a draft: headings, paragraphs, lists, code, and tables row by row.

What is not read is left out: scripts, styles, navigation, what is hidden. Where the HTML comes
from (a web page, a chapter, a message) is the readers'.
"""

import html
import re
from html.entities import html5
from typing import Any

from lxml import etree

from rag.documents.draft import Draft, one_line
from rag.documents.markup_hidden import WHOLE, take_out_hidden
from rag.documents.markup_tables import has_header, is_data_table, table_rows
from rag.documents.packages import local_name, parse_xml
from rag.documents.tables import table_lines

HEADING = re.compile(r"h([1-6])")
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.IGNORECASE)
LONGEST_PROLOG = 4096  # characters, within which the declaration and the document type stand
NAMED_ENTITY = re.compile(r"&(\w+;)")
OF_XML = ("amp;", "lt;", "gt;", "quot;", "apos;")
WHITE = re.compile(r"[ \t\r\n\f]+")

BLOCKS = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset"
    " figcaption figure footer form header hgroup hr html legend main option p section summary"
    " table tbody td tfoot th thead tr"
)
LISTS = ("ul", "ol", "menu")
# Not text of the page: programs, looks, pictures, fields to fill in, ways to other pages.
SKIPPED = (
    "annotation applet audio button canvas datalist embed frame frameset head iframe input map nav"
    " noscript object script select style svg template textarea title video"
)
SKIPPED_ROLES = ("navigation", "search", "banner", "contentinfo", "menu", "menubar", "toolbar")
# As Wikipedia, Sphinx and rustdoc call what they write between the lines.
SKIPPED_CLASSES = frozenset(("doc-anchor", "headerlink", "mw-editsection", "navbox", "noprint"))
IS_BLOCK = frozenset(BLOCKS.split())
IS_SKIPPED = frozenset(SKIPPED.split())


def parse_html(text: str) -> Any:
    """The root of the tree, made as browsers make it; `None` where there is nothing."""
    if not text.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # The declaration of an encoding is not true any more: the text is decoded.
    undeclared = XML_DECLARATION.sub("", text, count=1)
    return etree.fromstring(undeclared.encode("utf-8", "replace"), parser)


def parse_xhtml(text: str) -> Any:
    """The root of an XHTML document's tree, read as HTML where it is no sound XML.

    HTML knows no `<title/>`: to it, the whole book would be a title.
    """
    prolog, rest = text[:LONGEST_PROLOG], text[LONGEST_PROLOG:]
    bare = DOCTYPE.sub("", XML_DECLARATION.sub("", prolog, count=1), count=1) + rest
    try:
        return parse_xml(NAMED_ENTITY.sub(_character, bare).strip().encode("utf-8", "replace"))
    except etree.XMLSyntaxError:
        return parse_html(text)


def title_of(root: Any) -> str:
    """What the `title` element says."""
    titles = (element for element in root.iter() if local_name(element) == "title")
    return one_line(next((title.text or "" for title in titles), ""))


def main_part(root: Any) -> Any:
    """The part that says of itself that it is the main one, or the root."""
    articles = []
    for element in root.iter():
        is_main = local_name(element) == "main" or element.get("role") == "main"
        if is_main and has_text(element):
            return element
        if local_name(element) == "article":
            articles.append(element)
    return articles[0] if len(articles) == 1 else root


def has_text(element: Any) -> bool:
    """Whether there is more than white space in an element, scripts included."""
    return any(text.strip() for text in element.itertext())


def text_of(element: Any) -> str:
    """What is in an element, on one line."""
    inner = Draft()
    _Writer(inner, 0).write(element)
    return one_line(inner.text)


def write_html(draft: Draft, root: Any, *, levels_above: int = 0) -> None:
    """Adds the main text below the root; headings go `levels_above` levels deeper.

    What is hidden is taken out of the tree, and noted in the draft.
    """
    draft.note_hidden(take_out_hidden(root, is_skipped))
    _Writer(draft, levels_above).write(main_part(root))


def _character(entity: re.Match[str]) -> str:
    return entity[0] if entity[1] in OF_XML else html.escape(html5.get(entity[1], ""))


def is_skipped(element: Any) -> bool:
    """Whether the element is no text of the page, though it may be seen on it."""
    return (
        local_name(element) in IS_SKIPPED
        or element.get("aria-hidden") == "true"
        or element.get("role") in SKIPPED_ROLES
        or not SKIPPED_CLASSES.isdisjoint(element.get("class", "").split())
    )


class _Writer:
    """Walks a tree once, from its first tag to its last."""

    def __init__(self, draft: Draft, levels_above: int) -> None:
        self._draft = draft
        self._levels_above = levels_above
        self._words: list[str] = []  # of the paragraph, item or heading that is open
        self._items: list[str] = []  # lines of the outermost list that is open
        self._counters: list[int | None] = []  # of the lists that are open; a bulleted has none
        self._marker = ""  # of the list item whose text is still to come
        self._level = 0  # of the heading that is open; 0 where none is

    def write(self, root: Any) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = local_name(element).lower()
            if event == "end":
                self._end(name)
                if element is not root:
                    self._words.append(WHITE.sub(" ", element.tail or ""))
            elif self._is_taken_whole(element, name):
                walk.skip_subtree()
            else:
                self._start(name)
                self._words.append(WHITE.sub(" ", element.text or ""))
        self._flush()
        self._flush_items()

    def _is_taken_whole(self, element: Any, name: str) -> bool:
        """Whether the element, with all that is in it, is done with."""
        if not name or (name not in WHOLE and is_skipped(element)):
            return True
        if name == "pre":
            self._flush()
            self._flush_items()
            self._draft.add_code("".join(element.itertext()))
            return True
        if name == "table" and is_data_table(element):
            self._flush()
            self._flush_items()
            self._write_table(element)
            return True
        return False

    def _write_table(self, table: Any) -> None:
        for child in table.iterchildren():
            if local_name(child) == "caption":
                self._draft.add_paragraph(text_of(child))
        rows = list(table_rows(table, text_of))
        self._draft.add_lines(table_lines(rows, has_header=has_header(table)))

    def _start(self, name: str) -> None:
        if heading := HEADING.fullmatch(name):
            self._end_heading()
            self._flush()
            self._flush_items()
            self._level = int(heading[1])
        elif name in LISTS:
            self._flush()
            self._counters.append(0 if name == "ol" else None)
        elif name == "li":
            self._flush()
            self._marker = self._next_marker()
        elif name == "br":
            self._words.append("\n")
        elif name in IS_BLOCK:
            self._flush()

    def _end(self, name: str) -> None:
        if HEADING.fullmatch(name):
            self._end_heading()
            self._flush()
        elif name in LISTS:
            self._flush()
            self._counters.pop()
            if not self._counters:
                self._flush_items()
        elif name == "li" or name in IS_BLOCK:
            self._flush()

    def _end_heading(self) -> None:
        if self._level:
            title, self._words = "".join(self._words), []
            self._draft.add_heading(title, level=self._level + self._levels_above)
            self._level = 0

    def _next_marker(self) -> str:
        if not self._counters or self._counters[-1] is None:
            return "- "
        self._counters[-1] += 1
        return f"{self._counters[-1]}. "

    def _flush(self) -> None:
        """Ends the open paragraph or list item."""
        if self._level:
            self._words.append(" ")
            return
        text, self._words = "".join(self._words), []
        if not text.strip():
            return
        if self._counters:
            indent = "  " * (len(self._counters) - 1)
            self._items.append(f"{indent}{self._marker or '  '}{one_line(text)}")
            self._marker = ""
        else:
            self._draft.add_paragraph(text)

    def _flush_items(self) -> None:
        items, self._items = self._items, []
        self._draft.add_lines(items)
