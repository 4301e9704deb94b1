"""What a GGUF file says of itself, in sentences for a person: what it is, and whether it is usable.

Only headers are read; `rag.models.gguf` reads them. Whether it fits the machine is
`rag.generation.fit`'s to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError, ModelUnusable
from rag.models.architectures import LANGUAGE_MODELS, OTHER_MODELS
from rag.models.disk import gigabytes
from rag.models.gguf import Header, file_parts, read_header
from rag.models.glance import PLAIN, Glance

UNKNOWN_KIND = (
    "is of a kind, “{}”, that this Deskbook does not know: it may fail to load. Update Deskbook, "
    "or choose another model."
)
NO_TEMPLATE = (
    "has no chat template, so Deskbook asks it in a plain way: answers may be worse. Choose an "
    "“instruct” or “chat” model."
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a file is. Texts are empty and numbers 0 where it does not say, or cannot be read."""

    path: Path
    architecture: str
    quantization: str
    size_bytes: int  # of all parts
    context_tokens: int  # the longest that it was trained for
    has_template: bool
    fault: str  # why it cannot be used: a sentence; empty where it can
    remedy: str
    cautions: tuple[str, ...]  # what may go wrong, a sentence each

    @property
    def is_usable(self) -> bool:
        """Whether it is a whole file of a language model."""
        return not self.fault

    @property
    def sentence(self) -> str:
        """What it is, in one sentence; why it cannot be used, where it cannot."""
        if self.fault:
            return f"{self.fault} {self.remedy}"
        template = "with its chat template" if self.has_template else "without a chat template"
        kind = f"“{self.architecture}” in {self.quantization or 'an unnamed quantization'}"
        return (
            f"{kind}, {gigabytes(self.size_bytes)}, a context of {self.context_tokens:,} tokens, "
            f"{template}."
        )


def judge(path: Path) -> Judgement:
    """What the file at `path` is, the first of several parts where it has them."""
    try:
        return _judged(path, read_header(path))
    except ModelError as error:
        return Judgement(path, "", "", _size(path), 0, False, error.what, error.remedy, ())


def check_language_model(path: Path) -> Judgement:
    """The judgement on a file that can be used. Raises ModelMissing and ModelUnusable."""
    judgement = _judged(path, read_header(path))
    if judgement.fault:
        raise ModelUnusable(judgement.fault, remedy=judgement.remedy)
    return judgement


def _judged(path: Path, header: Header) -> Judgement:
    glance, fault, remedy = Glance(header.metadata), "", ""
    if glance.architecture in OTHER_MODELS or _is_no_model(glance):
        fault = f"“{path.name}” is no language model but “{_kind(glance)}”."
        remedy = "Choose a model that writes text, such as “instruct” or “chat” ones."
    return Judgement(
        path=path,
        architecture=header.architecture,
        quantization=header.quantization,
        size_bytes=_size(path),
        context_tokens=header.number("context_length"),
        has_template=header.has_chat_template,
        fault=fault,
        remedy=remedy,
        cautions=() if fault else tuple(_cautions(path, header)),
    )


def _is_no_model(glance: Glance) -> bool:
    kind = str(glance.metadata.get("general.type", ""))
    return kind not in PLAIN or glance.number("pooling_type") > 0


def _kind(glance: Glance) -> str:
    kind = str(glance.metadata.get("general.type", ""))
    if kind not in PLAIN:
        return kind
    return glance.architecture or "unnamed"


def _cautions(path: Path, header: Header) -> Iterator[str]:
    if header.architecture not in LANGUAGE_MODELS:
        yield f"“{path.name}” {UNKNOWN_KIND.format(header.architecture)}"
    if not header.has_chat_template:
        yield f"“{path.name}” {NO_TEMPLATE}"


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in file_parts(path) if part.is_file())
