"""What the engine tells: of its own accord, or in answer to a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from rag.types import (
    AddedFile,
    Answer,
    CollectionEntry,
    CollectionMembers,
    DocumentEntry,
    FollowedFolder,
    FoundPassage,
    Kind,
    ModelOffer,
    Quotation,
    Span,
)


@dataclass(frozen=True, slots=True)
class Loading:
    """The engine starts: `what` it loads just now, in words for a person."""

    request_id: int
    what: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine is ready for questions; `model` is empty where no language model is installed.

    A model that `is_demonstration` moves the machinery and is often wrong. `notice` is a sentence
    for the person where something is amiss with the model; otherwise empty.
    """

    request_id: int
    model: str
    is_demonstration: bool
    notice: str
    context_tokens: int = 0  # that a prompt and its answer may have together; 0 where none answers
    host: str = ""  # the other computer that questions go to; empty where they stay on this one
    quick_s: float = 0.0  # of reading before an answer begins; 0 where it is not known
    thorough_s: float = 0.0  # the same where it is to be thorough


@dataclass(frozen=True, slots=True)
class Adding:
    """A file has reached a stage. `done` of `total` files are finished; of pages, in the last."""

    request_id: int
    path: str
    stage: str  # "reading", "embedding" or "recognizing"
    done: int
    total: int
    seconds_left: float  # for all of them; infinite until it can be told


@dataclass(frozen=True, slots=True)
class Added:
    """A file has its verdict. `done` of `total` files are finished, this one included."""

    request_id: int
    file: AddedFile
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class LibraryChanged:
    """Documents came, went or changed state: ask again for what is shown of them."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ChangingEmbedder:
    """The library is read by another embedder, in the background; it is used once all is read.

    Told as `done` grows, and once with a `notice` where the change cannot go on: then the library
    keeps the embedder that it has.
    """

    request_id: int
    embedder: str  # the one to come
    done: int  # passages
    total: int
    is_in_use: bool  # the change is complete
    notice: str  # a sentence and what to do; empty where there is nothing to say


@dataclass(frozen=True, slots=True)
class Documents:
    """What is in the library."""

    request_id: int
    documents: tuple[DocumentEntry, ...]


@dataclass(frozen=True, slots=True)
class Models:
    """The models here and those to be had, the best first, and what this machine can run."""

    request_id: int
    machine: str  # a sentence for a person
    models: tuple[ModelOffer, ...]


@dataclass(frozen=True, slots=True)
class Downloading:
    """How far a download has come, all its files together."""

    request_id: int
    name: str
    done_bytes: int
    total_bytes: int
    seconds_left: float  # infinite until it can be told


@dataclass(frozen=True, slots=True)
class Collections:
    """The collections there are."""

    request_id: int
    collections: tuple[CollectionEntry, ...]


@dataclass(frozen=True, slots=True)
class CollectionDeleted:
    """A collection is deleted; what was in it, to make it again."""

    request_id: int
    name: str
    members: CollectionMembers


@dataclass(frozen=True, slots=True)
class Folders:
    """The followed folders, and the patterns of what is left out in all of them."""

    request_id: int
    folders: tuple[FollowedFolder, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concerned:
    """The documents that a change of followed folders concerns; nothing was done to them."""

    request_id: int
    documents: tuple[str, ...]  # ids


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document's text as it was read."""

    request_id: int
    document: str
    kind: Kind
    text: str
    headings: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PasswordTried:
    """Whether a password opens a file; `reason` is a sentence and what to do where it does not."""

    request_id: int
    path: str
    is_opened: bool
    reason: str


@dataclass(frozen=True, slots=True)
class PasswordsFound:
    """What may open a protected file; empty where nothing is known."""

    request_id: int
    path: str
    passwords: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyringFound:
    """Whether this computer can keep passwords safe."""

    request_id: int
    is_usable: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The ranked passages for a question."""

    request_id: int
    passages: tuple[FoundPassage, ...]
    evidence: float  # 0 to 1: how likely it is that the library holds the answer
    seconds: float


@dataclass(frozen=True, slots=True)
class Quoted:
    """The sentences that answer, before the model has said a word."""

    request_id: int
    quotation: Quotation


@dataclass(frozen=True, slots=True)
class Words:
    """The next piece of what the model says."""

    request_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole answer, checked. It replaces what was shown while it came."""

    request_id: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Done:
    """The request is done."""

    request_id: int


@dataclass(frozen=True, slots=True)
class WasStopped:
    """The request was stopped by `Stop`; what was done until then stays."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The request failed: what went wrong with which thing, and the remedy."""

    request_id: int
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class EngineLost:
    """The engine ended before the request did. Told by the door, not by the engine."""

    request_id: int
    what: str
    remedy: str


Ended: TypeAlias = Done | WasStopped | Failed | EngineLost
Event: TypeAlias = (
    Loading
    | Ready
    | Adding
    | Added
    | LibraryChanged
    | ChangingEmbedder
    | Documents
    | Models
    | Downloading
    | Collections
    | CollectionDeleted
    | Folders
    | Concerned
    | DocumentText
    | PasswordTried
    | PasswordsFound
    | KeyringFound
    | Found
    | Quoted
    | Words
    | Answered
    | Ended
)
