"""Opens picture files: a page each, of a TIFF as many as it holds, and no text until recognised.

A page of a picture is drawn with one point a pixel, turned as its EXIF orientation says. What
stands on it is told by `ocr`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import TiffImageFile

from rag.documents.faults import file_faults, library_faults
from rag.documents.ocr_ink import Picture
from rag.errors import DamagedFile
from rag.types import Document, Kind, Page, Span

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "MPO")  # MPO: a JPEG with others behind it
TURNED = ("JPEG", "MPO", "TIFF")  # as cameras say; in other formats Qt does not heed it
MOST_PIXELS = 64_000_000  # a page of A4 at 600 dpi has 35 million; unpacked, they take 256 MB
LARGEST_PIXELS = 8_000_000  # what recognition gets to see: it finds no more in larger ones
PAGE_BREAK = "\n\n\f"
PLAIN_MODES = ("L", "RGB", "RGBA", "LA", "CMYK")  # those in which pixels can be averaged


def read(path: Path) -> Document:
    """The file's pages, all of them unread. Raises `DamagedFile`."""
    with _opened(path) as image:
        count = (
            image.n_frames if isinstance(image, TiffImageFile) else 1
        )  # others: animations, previews
        for page_index in reversed(range(count)):
            image.seek(page_index)
            _require_sane_size(image, path)
        _unpack(image, most_pixels=1)  # the first page: is there more to it than a header?
    starts = range(0, count * len(PAGE_BREAK), len(PAGE_BREAK))
    return Document(
        kind=Kind.PICTURE,
        title=path.stem,
        text=PAGE_BREAK * (count - 1),
        pages=tuple(
            Page(number, str(number), Span(start, start), runs=(), is_unread=True)
            for number, start in enumerate(starts, start=1)
        ),
        headings=(),
    )


def draw(path: Path, number: int) -> tuple[Picture, float]:
    """A page (from 1) in blue, green and red, and how many of its pixels make one of the file's.

    Raises `DamagedFile`.
    """
    with _opened(path) as image:
        image.seek(number - 1)
        _require_sane_size(image, path)
        pixels_in_file = image.width * image.height
        _unpack(image, most_pixels=LARGEST_PIXELS)
        shrunk = _shrunk(image)
        upright = ImageOps.exif_transpose(shrunk) if image.format in TURNED else shrunk
        scale = (upright.width * upright.height / pixels_in_file) ** 0.5
        return np.ascontiguousarray(np.asarray(_on_paper(upright))[..., ::-1]), scale


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture, its pixels not yet unpacked; all that fails inside is told of the file."""
    with file_faults(path), path.open("rb") as file, library_faults(path, "picture"):
        try:
            with Image.open(file, formats=FORMATS) as image:
                yield image
        except Image.DecompressionBombError as error:
            raise _too_large(path) from error


def _require_sane_size(image: Image.Image, path: Path) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _too_large(path)


def _too_large(path: Path) -> DamagedFile:
    return DamagedFile(
        f"“{path.name}” is a picture of more than {MOST_PIXELS // 1_000_000} million pixels.",
        remedy="Save a smaller copy of it and add that.",
    )


def _unpack(image: Image.Image, *, most_pixels: int) -> None:
    """Unpacks the pixels; a JPEG's at once at a half, a quarter or an eighth if that suffices."""
    factor = min(1.0, (most_pixels / (image.width * image.height)) ** 0.5)
    image.draft(None, (round(image.width * factor), round(image.height * factor)))
    image.load()


def _shrunk(image: Image.Image) -> Image.Image:
    """The picture with no more pixels than recognition needs."""
    plain = image if image.mode in PLAIN_MODES else _plain(image)
    factor = (LARGEST_PIXELS / (image.width * image.height)) ** 0.5
    if factor < 1:
        size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
        plain = plain.resize(size, Image.Resampling.BOX)
    return plain


def _plain(image: Image.Image) -> Image.Image:
    """Palettes and single bits as colors; of deeper pixels the part that can be seen."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float32)
        lowest, highest = float(values.min()), float(values.max())
        span = max(highest - lowest, 1e-9)
        return Image.fromarray(((values - lowest) * (255 / span)).astype(np.uint8))
    return image.convert("RGBA" if "transparency" in image.info else "RGB")


def _on_paper(image: Image.Image) -> Image.Image:
    """In red, green and blue; what can be seen through is white."""
    if image.mode not in ("RGBA", "LA"):
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
