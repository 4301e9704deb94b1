"""What an EPUB's package document says: title, reading order, chapter titles, protection.

See https://www.w3.org/TR/epub-33/#sec-package-doc; the chapters themselves are for `epub`.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from rag.documents.draft import one_line
from rag.documents.packages import local_name, parse_xml

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PAGES = ("application/xhtml+xml", "text/html")


@dataclass(frozen=True, slots=True)
class Book:
    """A book's parts by their names in the package."""

    title: str
    chapters: tuple[str, ...]  # in reading order, without the table of contents
    titles: dict[str, str]  # the chapters' titles, of those that have one
    is_protected: bool


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry of the manifest."""

    name: str  # in the package
    media_type: str
    properties: tuple[str, ...]


def read_book(package: ZipFile) -> Book:
    """The book; raises whatever the libraries raise where it is none."""
    opf_name = next(_named(parse_xml(package.read(CONTAINER)), "rootfile")).get("full-path")
    opf = parse_xml(package.read(opf_name))
    items = {
        item.get("id"): _Item(
            name=_resolved(opf_name, item.get("href", "")),
            media_type=item.get("media-type", ""),
            properties=tuple(item.get("properties", "").split()),
        )
        for item in _named(opf, "item")
    }
    spine = [items[ref.get("idref")] for ref in _named(opf, "itemref") if ref.get("idref") in items]
    chapters = tuple(
        item.name for item in spine if item.media_type in PAGES and "nav" not in item.properties
    )
    protected = _protected(package)
    return Book(
        title=one_line(next((title.text or "" for title in _named(opf, "title")), "")),
        chapters=chapters,
        titles=_titles(package, items),
        is_protected=not protected.isdisjoint(chapters),
    )


def _titles(package: ZipFile, items: dict[str, _Item]) -> dict[str, str]:
    """Each file's title in the table of contents: the first entry that leads into it."""
    titles: dict[str, str] = {}
    for item in items.values():
        if item.name not in package.namelist():
            continue
        if "nav" in item.properties:
            entries = _nav_entries(parse_xml(package.read(item.name)))
        elif item.media_type == "application/x-dtbncx+xml":
            entries = _ncx_entries(parse_xml(package.read(item.name)))
        else:
            continue
        for href, title in entries:
            if title:
                titles.setdefault(_resolved(item.name, href), one_line(title))
    return titles


def _nav_entries(root: Any) -> Iterator[tuple[str, str]]:
    """The links of the navigation document's table of contents, and of no other list of it."""
    for nav in _named(root, "nav"):
        kinds = [value for name, value in nav.items() if name.endswith("}type")]
        if not kinds or "toc" in kinds[0].split():
            for link in _named(nav, "a"):
                yield link.get("href", ""), "".join(link.itertext())


def _ncx_entries(root: Any) -> Iterator[tuple[str, str]]:
    for point in _named(root, "navPoint"):
        label = next(_named(point, "text"), None)
        content = next(_named(point, "content"), None)
        if label is not None and content is not None:
            yield content.get("src", ""), label.text or ""


def _protected(package: ZipFile) -> set[str]:
    """The parts that are encrypted. Fonts may be, in any book."""
    if ENCRYPTION not in package.namelist():
        return set()
    references = _named(parse_xml(package.read(ENCRYPTION)), "CipherReference")
    return {unquote(reference.get("URI", "")) for reference in references}


def _named(root: Any, name: str) -> Iterator[Any]:
    return (element for element in root.iter() if local_name(element) == name)


def _resolved(base: str, href: str) -> str:
    """The name in the package of what a part links to."""
    target = unquote(href.split("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target))
