"""All that is said through the door between the window and the engine.

A request has a `request_id` that the asker chooses; every event that answers it carries the same.
Each request is answered by any number of events and then by exactly one `Ended`. Events with the
request id 0 answer nobody: they tell how the engine is.
"""

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
    Mode,
    ModelOffer,
    Quotation,
    Scope,
    Span,
    Turn,
)

# --- requests -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddPaths:
    """Add files and folders to a collection. Answered by `Adding` and `Added`.

    Folders are followed from then on; `left_out` are patterns for them, beside those they have.
    """

    request_id: int
    paths: tuple[str, ...]
    collection: str  # empty for none
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecognizeScans:
    """Recognise the scanned pages that wait for it. Answered by `Adding` and `Added`."""

    request_id: int


@dataclass(frozen=True, slots=True)
class RemoveDocuments:
    """Take documents out of the library. Answered by `LibraryChanged`."""

    request_id: int
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListDocuments:
    """What is in the library, or in one collection if one is named. Answered by `Documents`."""

    request_id: int
    collection: str


@dataclass(frozen=True, slots=True)
class ReadText:
    """A document's text as it was read. Answered by `DocumentText`."""

    request_id: int
    document: str


@dataclass(frozen=True, slots=True)
class TryPassword:
    """Try a password on protected files. Answered by `PasswordTried` for each.

    From then on the engine knows which files it opens: add them again to have them read.
    """

    request_id: int
    paths: tuple[str, ...]
    password: str = field(repr=False)
    is_to_be_kept: bool  # for those that it opens, in the computer's keyring


@dataclass(frozen=True, slots=True)
class FindPasswords:
    """What may open a protected file. Answered by `PasswordsFound`."""

    request_id: int
    path: str


@dataclass(frozen=True, slots=True)
class FindKeyring:
    """Whether this computer can keep passwords safe. Answered by `KeyringFound`."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Search:
    """Ranked passages. Answered by `Found`."""

    request_id: int
    question: str
    scope: Scope
    limit: int


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. Answered by `Found`, `Quoted`, `Words` and `Answered`, in that order."""

    request_id: int
    question: str
    mode: Mode
    scope: Scope  # the part of the library that is asked
    history: tuple[Turn, ...]  # the conversation so far, oldest first


@dataclass(frozen=True, slots=True)
class Anticipate:
    """Read ahead for a question that is still being typed. Answered by nothing but its end.

    The next one, and every `Ask`, stops it.
    """

    request_id: int
    question: str  # as far as it goes
    mode: Mode
    scope: Scope
    history: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ListModels:
    """The models here and those to be had, and what runs. Answered by `Models`."""

    request_id: int


@dataclass(frozen=True, slots=True)
class GetModel:
    """Download a model of the catalogue. Answered by `Downloading`.

    Stopped, it keeps what has arrived, and the same request goes on from there.
    """

    request_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ImportModel:
    """Take over a model's file or folder: where it lies, or as a copy. Answered by `Models`."""

    request_id: int
    path: str
    is_copied: bool


@dataclass(frozen=True, slots=True)
class UseModel:
    """Answer with this model from now on. Answered by `Loading` and `Ready`."""

    request_id: int
    name: str  # one that `Models` told


@dataclass(frozen=True, slots=True)
class RemoveModel:
    """Delete a model from the models folder, or forget where it lies. Answered by `Models`."""

    request_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ListCollections:
    """The collections there are. Answered by `Collections`."""

    request_id: int


@dataclass(frozen=True, slots=True)
class MakeCollection:
    """Make a collection, with documents and followed folders. Answered by `LibraryChanged`."""

    request_id: int
    name: str
    members: CollectionMembers


@dataclass(frozen=True, slots=True)
class RenameCollection:
    """Give a collection another name. Answered by `LibraryChanged`."""

    request_id: int
    name: str
    new_name: str


@dataclass(frozen=True, slots=True)
class DeleteCollection:
    """Delete a collection; its documents stay. Answered by `CollectionDeleted`."""

    request_id: int
    name: str


@dataclass(frozen=True, slots=True)
class AssignDocuments:
    """Put documents into a collection, or take them out of it. Answered by `LibraryChanged`."""

    request_id: int
    documents: tuple[str, ...]  # ids
    collection: str
    are_members: bool  # from now on


@dataclass(frozen=True, slots=True)
class ListFolders:
    """The followed folders and what is left out. Answered by `Folders`."""

    request_id: int


@dataclass(frozen=True, slots=True)
class UnfollowFolder:
    """Keep in step with a folder no longer. Answered by `Concerned`: its documents, which stay."""

    request_id: int
    path: str


@dataclass(frozen=True, slots=True)
class SetPatterns:
    """Set what is left out in a followed folder, or in all of them where the path is empty.

    Answered by `Concerned`: the documents that are left out now, which stay until removed.
    """

    request_id: int
    path: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Look at a followed folder soon, or at all of them where the path is empty."""

    request_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the request that has this id; that request then ends as stopped."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Pause:
    """Let the request that has this id wait, until `Resume` or `Stop`."""

    request_id: int


@dataclass(frozen=True, slots=True)
class Resume:
    """Let the request that has this id go on."""

    request_id: int


Request: TypeAlias = (
    AddPaths
    | RecognizeScans
    | RemoveDocuments
    | ListDocuments
    | ReadText
    | TryPassword
    | FindPasswords
    | FindKeyring
    | Search
    | Ask
    | ListCollections
    | MakeCollection
    | RenameCollection
    | DeleteCollection
    | AssignDocuments
    | ListFolders
    | UnfollowFolder
    | SetPatterns
    | LookAgain
    | Stop
    | Pause
    | Resume
)

# --- events -------------------------------------------------------------------------------------


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
