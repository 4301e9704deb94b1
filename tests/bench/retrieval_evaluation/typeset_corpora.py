"""The corpora as PDFs of our own, kept beside the libraries, with the page of each character."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval_evaluation import typesetting
from retrieval_evaluation.aligning import Squeezed, squeeze
from retrieval_evaluation.gold import Question

from rag.types import Span

IN_COLUMNS = {"pubmed": 2, "wikitexts": 2}  # the others in one


@dataclass(frozen=True, slots=True)
class TypesetText:
    """A text that was typeset; places in it are numbers of its squeezed characters."""

    path: Path  # of the PDF
    squeezed: Squeezed
    drawn: Sequence[typesetting.Drawn]  # in the order of the text

    def pages(self, places: Iterable[Span]) -> set[int]:
        """The pages on which the characters at these places were drawn."""
        starts = [line.start for line in self.drawn]
        numbers = set()
        for place in places:
            first, last = (
                bisect_right(starts, self.squeezed.offsets[at]) - 1
                for at in (place.start, place.end - 1)
            )
            numbers |= {line.page for line in self.drawn[first : last + 1]}
        return numbers

    def on_page(self, number: int) -> Span:
        """The places that were drawn on a page; none where there is no such page."""
        lines = [line for line in self.drawn if line.page == number]
        if not lines:
            return Span(0, 0)
        return self.squeezed.span(Span(lines[0].start, lines[-1].end))

    def moved(self, question: Question) -> Question:
        """The question with the places of its answers in the PDF."""
        drawn = [
            tuple(filter(len, map(self.squeezed.span, places))) for places in question.alternatives
        ]
        kept = [places for places in drawn if places]
        return Question(
            question.text,
            self.path.name,
            tuple(first for first, *_ in kept),
            tuple(tuple(rest) for _, *rest in kept),
        )


def typeset_all(files: Sequence[Path], kept: Path) -> dict[str, TypesetText]:
    """Each file as a PDF, by the file's name."""
    return {path.name: typeset_one(path, kept) for path in files}


def typeset_one(path: Path, kept: Path) -> TypesetText:
    """The PDF of a text, made now unless it is there."""
    text = path.read_bytes().decode("utf-8")
    script = Path(typesetting.__file__).read_bytes()
    folder = kept / f"typeset-{hashlib.sha256(script + text.encode()).hexdigest()[:12]}"
    pdf, places = folder / f"{path.stem}.pdf", folder / f"{path.stem}.json"
    if not places.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        title, columns = path.stem.replace("_", " ").capitalize(), IN_COLUMNS.get(path.stem, 1)
        lines = typesetting.typeset(text, pdf, title=title, columns=columns)
        told = sorted((line.start, line.end, line.page) for line in lines)
        places.write_text(json.dumps(told), "utf-8")
    typesetting.load_fonts()
    drawn = [
        typesetting.Drawn(page, start, end)
        for start, end, page in json.loads(places.read_text("utf-8"))
    ]
    return TypesetText(pdf, squeeze(text, typesetting.is_drawable), drawn)
