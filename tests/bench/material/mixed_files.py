"""Generated files of many kinds, such as people have: the same for the same seed, whatever runs.

Texts are sentences of drawn words, which mean nothing; among the files are copies, empty ones,
damaged ones and such that no reader reads.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pypdf
from PIL import Image, ImageDraw, ImageFont
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

VOCABULARY = """
    harbor ferry lantern orchard meadow granite turbine ledger window copper engine valley pepper
    saddle violin anchor basket candle desert ember falcon garden hammer island jacket kettle ladder
    magnet needle oyster pillow quarry ribbon silver timber umbrella velvet willow zephyr bridge
    carpet dragon fabric gravel hollow insect jungle kitten lizard mirror napkin onion
    """
WORDS = tuple(VOCABULARY.split())
LINES_A_PAGE = 44
SCANS_EVERY = 150  # files: recognition takes far longer than all else

Write = Callable[[Path, random.Random], None]


def make_files(folder: Path, count: int, *, seed: int, by_kind: bool = False) -> list[Path]:
    """So many files below the folder, which is made: each kind in turn, or in its own folder."""
    drawn = random.Random(seed)
    made: list[Path] = []
    for number in range(count):
        suffix, write = KINDS[number % len(KINDS)]
        if number % SCANS_EVERY == SCANS_EVERY - 1:
            suffix, write = "scan.pdf", write_scan
        shelf = suffix if by_kind else f"shelf {number % 5}"
        path = folder / shelf / f"{number:04}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if suffix == "copy.md":
            path.write_bytes(drawn.choice([p for p in made if p.suffix == ".md"]).read_bytes())
        else:
            write(path, drawn)
        made.append(path)
    return made


def change_files(files: list[Path], *, seed: int) -> None:
    """What happens to files over time: notes get longer, others move or go."""
    drawn = random.Random(seed)
    for path in drawn.sample(files, len(files) // 5):
        match drawn.randrange(3):
            case 0 if path.suffix in (".md", ".txt"):
                path.write_text(path.read_text("utf-8") + "\n\n" + paragraph(drawn), "utf-8")
            case 1:
                path.rename(path.with_stem(path.stem + " moved"))
            case 2:
                path.unlink()


# --- texts --------------------------------------------------------------------------------------


def sentence(drawn: random.Random) -> str:
    """Six to sixteen words that are everywhere, and one that is rare."""
    rare = f"{drawn.choice(WORDS)}{drawn.randrange(30)}"
    return " ".join([*drawn.choices(WORDS, k=drawn.randint(6, 16)), rare]).capitalize() + "."


def paragraph(drawn: random.Random) -> str:
    """Three to nine sentences."""
    return " ".join(sentence(drawn) for _ in range(drawn.randint(3, 9)))


def title(drawn: random.Random) -> str:
    """Three words."""
    return " ".join(drawn.sample(WORDS, 3)).title()


def chapters(drawn: random.Random, mark: str = "#") -> str:
    """A text with headings."""
    parts = [f"{mark} {title(drawn)}"]
    for _ in range(drawn.randint(2, 6)):
        parts += [f"{mark}{mark} {title(drawn)}", *(paragraph(drawn) for _ in range(3))]
    return "\n\n".join(parts)


# --- files --------------------------------------------------------------------------------------


def write_markdown(path: Path, drawn: random.Random) -> None:
    path.write_text(chapters(drawn), "utf-8")


def write_text(path: Path, drawn: random.Random) -> None:
    path.write_text("\n\n".join(paragraph(drawn) for _ in range(drawn.randint(1, 12))), "utf-8")


def write_web_page(path: Path, drawn: random.Random) -> None:
    body = "".join(f"<h2>{title(drawn)}</h2><p>{paragraph(drawn)}</p>" for _ in range(6))
    path.write_text(f"<title>{title(drawn)}</title><body>{body}</body>", "utf-8")


def write_table(path: Path, drawn: random.Random) -> None:
    rows = (",".join(drawn.choices(WORDS, k=4)) for _ in range(drawn.randint(5, 60)))
    path.write_text("\n".join(("who,what,where,when", *rows)), "utf-8")


def write_code(path: Path, drawn: random.Random) -> None:
    names = drawn.sample(WORDS, 8)
    body = (f'def {name}():\n    """{sentence(drawn)}"""\n    return {name!r}\n' for name in names)
    path.write_text("\n\n".join(body), "utf-8")


def write_notebook(path: Path, drawn: random.Random) -> None:
    cells = [{"cell_type": "markdown", "source": f"# {title(drawn)}\n\n{paragraph(drawn)}"}] * 3
    about = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    path.write_text(json.dumps(about | {"cells": cells}), "utf-8")


def write_mail(path: Path, drawn: random.Random) -> None:
    head = f"From: a@example.org\nTo: b@example.org\nSubject: {title(drawn)}\n"
    path.write_text(f"{head}\n{paragraph(drawn)}\n", "utf-8")


def write_word(path: Path, drawn: random.Random) -> None:
    word = docx.Document()
    for _ in range(drawn.randint(2, 5)):
        word.add_heading(title(drawn), 1)
        word.add_paragraph(paragraph(drawn))
    word.save(str(path))


def write_pdf(path: Path, drawn: random.Random) -> None:
    write_pdf_of(path, [paragraph(drawn) for _ in range(drawn.randint(6, 40))])


def write_pdf_of(path: Path, paragraphs: list[str]) -> None:
    """A PDF with these paragraphs, its lines broken after so many words."""
    lines: list[str] = []
    for text in paragraphs:
        words = text.split()
        lines += [" ".join(words[at : at + 11]) for at in range(0, len(words), 11)] + [""]
    writer = pypdf.PdfWriter()
    for first in range(0, len(lines), LINES_A_PAGE):
        shown = "".join(f"({line}) Tj T*\n" for line in lines[first : first + LINES_A_PAGE])
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 11 Tf 15 TL 60 780 Td\n{shown}ET".encode())
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = _helvetica()
        page[NameObject("/Contents")] = writer._add_object(content)
    writer.write(path)


def _helvetica() -> DictionaryObject:
    def name(text: str) -> NameObject:
        return NameObject(f"/{text}")

    font = DictionaryObject({name("Type"): name("Font"), name("Subtype"): name("Type1")})
    font[name("BaseFont")] = name("Helvetica")
    return DictionaryObject({name("Font"): DictionaryObject({name("F1"): font})})


def write_scan(path: Path, drawn: random.Random) -> None:
    picture = Image.new("L", (1_000, 240), 255)
    font = ImageFont.load_default(size=36)
    ImageDraw.Draw(picture).text((40, 90), " ".join(drawn.sample(WORDS, 5)), font=font)
    picture.save(path, resolution=120)


def write_archive(path: Path, drawn: random.Random) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"inside/{number}.md", chapters(drawn))


def write_nothing(path: Path, drawn: random.Random) -> None:
    path.touch()


def write_half_a_pdf(path: Path, drawn: random.Random) -> None:
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<</Type/Cat" + drawn.randbytes(40))


def write_song(path: Path, drawn: random.Random) -> None:
    path.write_bytes(drawn.randbytes(400))


KINDS: tuple[tuple[str, Write], ...] = (
    ("md", write_markdown),
    ("pdf", write_pdf),
    ("txt", write_text),
    ("html", write_web_page),
    ("md", write_markdown),
    ("csv", write_table),
    ("docx", write_word),
    ("pdf", write_pdf),
    ("py", write_code),
    ("copy.md", write_markdown),
    ("ipynb", write_notebook),
    ("eml", write_mail),
    ("md", write_markdown),
    ("zip", write_archive),
    ("empty.txt", write_nothing),
    ("half.pdf", write_half_a_pdf),
    ("txt", write_text),
    ("mp3", write_song),
)
