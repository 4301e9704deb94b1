"""The failures that are told to a person, each a sentence and what to do.

DeskbookError
├── DocumentError            one file cannot be read; the others can
│   ├── PasswordNeeded
│   ├── UnsupportedKind
│   ├── DamagedFile
│   └── ReaderLimit          the reader took too long, too much memory, or died
├── LibraryError             the library cannot be used
│   ├── LibraryInUse
│   ├── LibraryNotWritable
│   ├── LibraryDamaged
│   ├── LibraryTooNew
│   └── VectorServerAway
├── ModelError               the model cannot be used
│   ├── ModelMissing
│   ├── ModelUnusable
│   ├── ModelTooLarge        the memory does not suffice: one loaded smaller may run
│   └── ContextTooSmall
├── DownloadFailed
├── UnknownDocument
├── CodeNotRun               code from an answer cannot be run here without danger
└── BadRequest               the question or the command makes no sense as it stands

Bugs of ours are not here: they are `AssertionError`, `TypeError` and their like, and reach the log.
"""


class DeskbookError(Exception):
    """A failure told to a person: `what` went wrong with which thing, and the `remedy`."""

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class DocumentError(DeskbookError):
    """One file cannot be read; the others can."""


class PasswordNeeded(DocumentError):
    """The file is encrypted with a password."""


class UnsupportedKind(DocumentError):
    """The file is of a kind that no reader reads."""


class DamagedFile(DocumentError):
    """The file is missing, unreadable, or not what its name says."""


class ReaderLimit(DocumentError):
    """The reader process took too long, took too much memory, or died."""


class LibraryError(DeskbookError):
    """The library cannot be used."""


class LibraryInUse(LibraryError):
    """Another program writes to the library."""


class LibraryNotWritable(LibraryError):
    """The library's folder cannot be written to."""


class LibraryDamaged(LibraryError):
    """The catalog cannot be read."""


class LibraryTooNew(LibraryError):
    """A newer Deskbook wrote the library."""


class VectorServerAway(LibraryError):
    """Chroma's server, which the settings name, does not answer."""


class ModelError(DeskbookError):
    """The model cannot be used."""


class ModelMissing(ModelError):
    """No model of that name, or no file at that path."""


class ModelUnusable(ModelError):
    """The file is no GGUF, is damaged, or is of a kind that llama.cpp does not know."""


class ModelTooLarge(ModelError):
    """The memory for the model or its cache was refused: one step smaller may run."""


class ContextTooSmall(ModelError):
    """The question alone does not fit into the model's context window."""


class DownloadFailed(DeskbookError):
    """A download did not arrive whole."""


class UnknownDocument(DeskbookError):
    """The library holds no such document."""


class CodeNotRun(DeskbookError):
    """The system does not let a process be shut in, so code from an answer is not run."""


class BadRequest(DeskbookError):
    """The question or the command makes no sense as it stands."""


class Stopped(Exception):
    """The work was stopped because someone asked for it: an end, not a failure."""
