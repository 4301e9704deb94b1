"""Where things lie and what the person has chosen: read once at the edge and handed down.

Defaults live in the dataclasses alone. Nothing here opens the library or loads a model.
"""

from __future__ import annotations

import difflib
import logging
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

from rag.errors import DeskbookError

log = logging.getLogger(__name__)

ASSETS = Path(__file__).resolve().parent.parent / "assets"
DEFAULT_COLLECTION = "Library"


class SettingsWrong(DeskbookError):
    """The settings file holds a value that makes no sense."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where one library and everything that belongs to it lies."""

    data: Path
    settings_file: Path
    logs: Path

    @property
    def catalog(self) -> Path:
        return self.data / "catalog.sqlite3"

    @property
    def embedder_choice(self) -> Path:
        return self.data / "embedder.json"

    @property
    def vectors(self) -> Path:
        return self.data / "chroma"

    @property
    def unpacked(self) -> Path:
        return self.data / "unpacked"

    @property
    def pending(self) -> Path:
        return self.data / "pending"

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def model_choice(self) -> Path:
        return self.data / "model.json"  # the language model that the person chose

    @property
    def speeds(self) -> Path:
        return self.data / "speeds.json"  # of models on this machine, as measured

    @property
    def card_in_use(self) -> Path:
        return self.data / "graphics-in-use"  # there while a model lies on a graphics card

    @property
    def states(self) -> Path:
        return self.data / "states"  # what models have read, to go on from there

    @property
    def kept_passwords(self) -> Path:
        return self.data / "kept-passwords.json"  # of which files; the keyring has the passwords

    @property
    def lock(self) -> Path:
        return self.data / "library.lock"

    @classmethod
    def of(cls, data_dir: Path | None) -> Paths:
        """The places below `data_dir`, or the system's own for this person's programs."""
        if data_dir is not None:
            data = data_dir.expanduser().absolute()
            return cls(data=data, settings_file=data / "settings.toml", logs=data / "logs")
        name = "Deskbook"
        return cls(
            data=platformdirs.user_data_path(name, appauthor=False),
            settings_file=platformdirs.user_config_path(name, appauthor=False) / "settings.toml",
            logs=platformdirs.user_log_path(name, appauthor=False),
        )


@dataclass(frozen=True, slots=True)
class Range:
    """The whole numbers that a setting may be, both ends included."""

    least: int
    most: int

    def __contains__(self, value: int) -> bool:
        return self.least <= value <= self.most


def _number(default: int, *, least: int, most: int) -> int:
    """A setting that is a whole number."""
    number: int = field(default=default, metadata={"range": Range(least, most)})
    return number


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The language model and how it is run."""

    name: str = ""  # a catalogue name or a path; empty for the best one installed
    context_tokens: int = _number(16_384, least=512, most=1_000_000)  # less where it fits not
    threads: int = _number(0, least=0, most=1_000)  # 0 for the physical cores
    gpu_layers: int = _number(-1, least=-1, most=1_000)  # -1 for as many as the GPU takes
    rest_minutes: int = _number(15, least=0, most=10_000)  # unloaded when unused so long; 0 never
    states_mb: int = _number(4_000, least=0, most=1_000_000)  # of conversations, on disk


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How much is read and written for one answer."""

    evidence_tokens: int = _number(0, least=0, most=1_000_000)  # 0 for what this machine reads
    is_thorough: bool = False  # read more, and take longer
    reads_ahead: bool = True  # while the person types; never on battery
    answer_tokens: int = _number(600, least=1, most=1_000_000)


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """How documents are cut and embedded."""

    embedder: str = ""  # a name of `deskbook models list`; empty for the one the library has
    # MiniLM reads 256, and the heading path comes in front.
    passage_tokens: int = _number(180, least=16, most=8_192)
    chroma_server: str = ""  # "host:port" of `chroma run`; empty for the store on this machine
    ocr: bool = True  # read pages that are pictures of text, last and in the background


@dataclass(frozen=True, slots=True)
class DownloadSettings:
    """Where models come from."""

    hub: str = "https://huggingface.co"  # an address that speaks as this one does
    proxy: str = ""  # "http://user:password@host:port"; empty for the system's own


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """A server that answers in place of the model on this machine."""

    address: str = ""  # "http://localhost:8080/v1" of an OpenAI-compatible one; empty for none
    model: str = ""  # its name there; empty for the first that the server names
    key: str = field(default="", repr=False)
    context_tokens: int = _number(16_384, least=512, most=10_000_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the program is told before it starts."""

    paths: Paths
    model: ModelSettings = field(default_factory=ModelSettings)
    answers: AnswerSettings = field(default_factory=AnswerSettings)
    library: LibrarySettings = field(default_factory=LibrarySettings)
    downloads: DownloadSettings = field(default_factory=DownloadSettings)
    server: ServerSettings = field(default_factory=ServerSettings)


def read_settings(paths: Paths) -> Settings:
    """The settings in `paths.settings_file`, or the defaults where there is no such file.

    An unknown key is a warning in the log. Raises SettingsWrong where the file is no TOML or a
    value is not allowed.
    """
    try:
        table = tomllib.loads(paths.settings_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return Settings(paths)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsWrong(
            f"The settings file {paths.settings_file} cannot be read: {error}.",
            remedy="Mend it, or delete it to go back to the defaults.",
        ) from error
    _warn_of_unknown(
        table, {"model", "answers", "library", "downloads", "server"}, where="the top level"
    )
    return Settings(
        paths,
        model=_part(ModelSettings, table, "model", paths),
        answers=_part(AnswerSettings, table, "answers", paths),
        library=_part(LibrarySettings, table, "library", paths),
        downloads=_part(DownloadSettings, table, "downloads", paths),
        server=_part(ServerSettings, table, "server", paths),
    )


Part = TypeVar(
    "Part", ModelSettings, AnswerSettings, LibrarySettings, DownloadSettings, ServerSettings
)


def _part(kind: type[Part], table: Mapping[str, object], name: str, paths: Paths) -> Part:
    values = table.get(name, {})
    if not isinstance(values, dict):
        raise _wrong(paths, name, values, "a table")
    defaults = {item.name: item for item in fields(kind)}
    _warn_of_unknown(values, set(defaults), where=f"[{name}]")
    known = {key: value for key, value in values.items() if key in defaults}
    for key, value in known.items():
        if not _is_allowed(value, defaults[key]):
            raise _wrong(paths, f"{name}.{key}", value, _allowed(defaults[key]))
    return kind(**known)


def _is_allowed(value: object, item: Field[Any]) -> bool:
    if type(value) is not type(item.default):  # `true` is an int to Python, and none here
        return False
    return "range" not in item.metadata or value in item.metadata["range"]


def _allowed(item: Field[Any]) -> str:
    if "range" in item.metadata:
        numbers: Range = item.metadata["range"]
        return f"a whole number from {numbers.least} to {numbers.most}"
    return "true or false" if isinstance(item.default, bool) else "a text in quotes"


def _wrong(paths: Paths, key: str, found: object, allowed: str) -> SettingsWrong:
    return SettingsWrong(
        f"In {paths.settings_file}, {key} is {found!r}, but it must be {allowed}.",
        remedy="Mend the line, or delete it to go back to the default.",
    )


def _warn_of_unknown(table: Mapping[str, object], known: set[str], *, where: str) -> None:
    for key in table.keys() - known:
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        log.warning("unknown setting %r in %s is ignored%s", key, where, hint)
