"""The plain values that pass between the rooms and through the door to the window.

All are frozen and hold nothing but plain values and each other: no library's object, no open file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# --- places in a text ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters [start, end) in a document's text as it was read."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span cannot run from {self.start} to {self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The characters of `text` at this span."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a page's text whose characters follow each other in PDFium's order too.

    A page is drawn by PDFium, and PDFium finds the rectangles of its own characters for every
    rotation and crop; so what is kept is not boxes but PDFium's character numbers.
    """

    start: int  # offset in the document's text
    index: int  # PDFium's number of the first character, from 0 on each page
    length: int  # characters


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is drawn, its rotation and crop applied.

    In points from the drawn page's top left: x runs to the right, y down.
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A line that was recognised (OCR) in the picture of a page."""

    span: Span
    box: Box
    score: float  # 0 to 1: how sure the recognition is of its characters


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document that has pages.

    Words of a page with `lines` were recognised in its picture, and are in none of its runs.
    """

    number: int  # the physical page, from 1
    label: str  # what is printed on it: "iv", "217"; the number itself where the file names none
    span: Span
    runs: tuple[Run, ...]
    lines: tuple[ScannedLine, ...] = ()  # in reading order, their spans in the document's text
    is_unread: bool = False  # it shows text that can only be recognised, and was not yet


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """What was recognised in the picture of one page; `text` is empty where nothing was."""

    number: int  # the physical page, from 1
    text: str  # a line feed after each line, a blank line between paragraphs
    lines: tuple[ScannedLine, ...]  # in reading order, their spans in `text`


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page by its physical number (from 1) and its printed label."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters to be marked on a drawn page, by PDFium's numbers: [index, index + length)."""

    page: int  # the physical page, from 1
    index: int
    length: int


@dataclass(frozen=True, slots=True)
class BoxMark:
    """A rectangle to be marked on a drawn page, over words that were recognised in a picture."""

    page: int  # the physical page, from 1
    box: Box
    score: float  # 0 to 1: how sure the recognition is of the words


# --- a document's way in ------------------------------------------------------------------------


class Kind(StrEnum):
    """What a document is. A PDF and a picture are shown as pages, all else as its text."""

    PDF = "pdf"
    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"
    EPUB = "epub"
    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    PPTX = "pptx"
    XLSX = "xlsx"
    CSV = "csv"
    NOTEBOOK = "notebook"
    CODE = "code"
    EMAIL = "email"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its title, its level (1 is the highest) and where it stands in the text."""

    title: str
    level: int
    span: Span


@dataclass(frozen=True, slots=True)
class Table:
    """A table: each of its rows is a line of the text, with a tab between two cells."""

    span: Span
    header: Span  # the row that names the columns, on this page or on one before; empty where none


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read: its text and what is known of the text's structure.

    Paragraphs are parted by blank lines, pages (where there are any) by form feeds, the cells of
    a table's row by tabs. The text of a text file is the file's own, character for character.
    """

    kind: Kind
    title: str
    text: str
    pages: tuple[Page, ...]  # empty where the format has none
    headings: tuple[Heading, ...]  # in reading order
    tables: tuple[Table, ...] = ()  # in reading order
    marginalia: tuple[Span, ...] = ()  # running heads and feet, what is hidden: in no passage
    keywords: tuple[str, ...] = ()  # tags and other names: searched with the title, shown nowhere
    hidden: tuple[str, ...] = ()  # what nobody sees in the file, to tell of it; in no passage


@dataclass(frozen=True, slots=True)
class Passage:
    """A few neighbouring sentences of a document under one heading: what is searched and cited."""

    span: Span
    text: str  # the document's text at the span
    heading_path: tuple[str, ...]  # from the highest heading down
    pages: tuple[PageRef, ...]  # the pages it touches; empty where the format has none
    folded: str = ""  # what is searched and embedded in place of the text, where it differs


class State(StrEnum):
    """How far a document has come, or why it went no further."""

    QUEUED = "queued"
    SEARCHABLE = "searchable"  # by keyword; the embeddings are still to come
    READY = "ready"  # by meaning too
    NO_TEXT = "no_text"
    PASSWORD = "password"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"


class Verdict(StrEnum):
    """What became of one file that was added."""

    READY = "ready"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    NO_TEXT = "no_text"
    PASSWORD = "password"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"

    @property
    def is_success(self) -> bool:
        """Whether the file's text can now be searched."""
        return self in (Verdict.READY, Verdict.UNCHANGED, Verdict.DUPLICATE)


@dataclass(frozen=True, slots=True)
class AddedFile:
    """The verdict on one file: `document` is empty and the counts are 0 where nothing was read."""

    path: str
    document: str
    verdict: Verdict
    reason: str  # a sentence and what to do; empty where there is nothing to say
    page_count: int
    passage_count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as the library lists it."""

    document: str
    path: str
    title: str
    kind: Kind
    state: State
    reason: str
    page_count: int
    passage_count: int
    collections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionEntry:
    """A collection as the library lists it."""

    name: str
    document_count: int


@dataclass(frozen=True, slots=True)
class CollectionMembers:
    """What goes to a collection: documents by id, and followed folders by path."""

    documents: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowedFolder:
    """A folder whose files the library follows."""

    path: str
    collection: str  # where its files go; empty for none
    patterns: tuple[str, ...]  # what is left out in it, besides what is everywhere
    looked_at: float  # seconds since 1970; 0 where it was not looked at yet
    is_away: bool  # it could not be reached when it was last looked at


# --- a question's way out -----------------------------------------------------------------------


class Mode(StrEnum):
    """Whether an answer comes from the documents alone or from the model alone."""

    DOCUMENTS = "documents"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the library that a search keeps to. What is empty keeps to nothing."""

    collection: str = ""
    documents: tuple[str, ...] = ()  # their ids; any of them
    kinds: tuple[Kind, ...] = ()  # any of them
    folder: str = ""  # a path: files in it and below
    modified_from: str = ""  # the first day, as 2026-01-31, on which files were last changed
    modified_until: str = ""  # the last day


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage as a search found it."""

    rank: int  # from 1
    score: float  # 0 to 1; orders the passages of one question, comparable to no other's
    dense_score: float  # cosine to the question, -1 to 1; 0 where the dense leg did not see it
    keyword_score: float  # BM25 over the best passage's, 0 to 1; 0 where that leg did not see it
    passage_id: int
    document: str
    path: str
    title: str
    kind: Kind
    passage: Passage
    marks: tuple[Mark | BoxMark, ...]  # where it stands on drawn pages; empty where there are none


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search found for one question."""

    passages: tuple[FoundPassage, ...]  # best first
    evidence: float  # 0 to 1: how likely it is that the library holds the answer
    seconds: float
    notes: tuple[str, ...] = ()  # sentences on how it was searched, where that is worth telling


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document that bears out a sentence of an answer."""

    n: int  # its number in the answer, from 1
    document: str
    path: str
    title: str
    kind: Kind
    heading_path: tuple[str, ...]
    pages: tuple[PageRef, ...]
    span: Span
    quote: str  # the document's text at the span
    marks: tuple[Mark | BoxMark, ...]  # where it stands on drawn pages; empty where there are none


class ClaimVerdict(StrEnum):
    """What a check found of one sentence of an answer."""

    BORNE_OUT = "borne_out"
    NOT_BORNE_OUT = "not_borne_out"  # it is about what the evidence is about: not that it is false
    OWN = "own"  # the model's own: it cites nothing, and no evidence is about it


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer and how well what it cites bears it out.

    The verdict of a claim that is supported is BORNE_OUT, and need not be said.
    """

    text: str  # without markers
    citations: tuple[int, ...]  # numbers of citations
    is_supported: bool
    score: float  # 0 to 1
    verdict: ClaimVerdict = ClaimVerdict.NOT_BORNE_OUT

    def __post_init__(self) -> None:
        if self.is_supported:
            object.__setattr__(self, "verdict", ClaimVerdict.BORNE_OUT)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer as the model saw them: the next prompt starts with them."""

    prompt: str
    answer: str
    question: str = ""  # as it was searched with, made whole; empty where nothing was searched


@dataclass(frozen=True, slots=True)
class Tokens:
    """Counted with the model's own tokenizer; `cached` of `prompt` needed no reading again."""

    prompt: int = 0
    cached: int = 0
    generated: int = 0


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds since the question was asked, but `generate`: from the first token to the last."""

    retrieve: float = 0.0
    first_token: float = 0.0
    generate: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Quotation:
    """The sentences that answer, taken from the evidence without a model."""

    text: str  # the sentences, each with its marker
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole of an answer.

    `text` holds markers like [1]. With a model that only demonstrates, `text` is the quotation
    and the model's own words stand apart in `words`; otherwise `words` is empty.
    """

    text: str
    words: str
    is_abstention: bool
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    passages: tuple[FoundPassage, ...]
    evidence: float  # 0 to 1: how likely it is that the library holds the answer
    turn: Turn
    tokens: Tokens
    timings: Timings
    model: str  # its name; empty where none was asked
    notes: tuple[str, ...] = ()  # see Retrieval
    was_stopped: bool = False  # it is what the model had said until then


class ModelState(StrEnum):
    """Where a model stands on this machine."""

    IN_USE = "in_use"
    INSTALLED = "installed"  # in Deskbook's own folder, or come with it
    FOUND = "found"  # another program's, usable where it lies
    AVAILABLE = "available"  # to be downloaded


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A language model, and how it would run on this machine."""

    name: str
    title: str
    state: ModelState
    size_bytes: int
    licence: str  # empty where it is not known
    note: str  # what it is good for, in a sentence
    path: str  # empty where it is not here
    owner: str  # the program that a found one belongs to: "LM Studio"; else empty
    is_fitting: bool
    is_recommended: bool  # the right one for this machine: at most one is
    is_demonstration: bool
    fit: str  # a sentence on memory and speed
    reading_speed: float  # tokens a second, measured or estimated; 0 where it is not known
    writing_speed: float
    is_in_place: bool = False  # taken over where it lies: it can be forgotten, not deleted
