"""What the engine is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from rag.types import (
    CollectionMembers,
    Mode,
    Scope,
    Turn,
)


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
    is_thorough: bool = False  # read more evidence, and take longer


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
    is_thorough: bool = False


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
    | Anticipate
    | ListModels
    | GetModel
    | ImportModel
    | UseModel
    | RemoveModel
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
