"""What a GGUF file says of itself, in sentences for a person: what it is, and whether it is usable.

Only headers are read; `rag.models.gguf` reads them. Whether it fits the machine is
`rag.generation.fit`'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError, ModelUnusable
from rag.models.architectures import LANGUAGE_MODELS, OTHER_MODELS
from rag.models.disk import gigabytes
from rag.models.gguf import Header, read_header
from rag.models.glance import PLAIN, Glance
from rag.models.parts import parts_of

TEMPLATE = "tokenizer.chat_template"
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
        header = _whole_header(path)
    except ModelError as error:
        return Judgement(path, "", "", _size(path), 0, False, error.what, error.remedy, ())
    glance, fault, remedy = Glance(header.metadata), "", ""
    if glance.architecture in OTHER_MODELS or _is_no_model(glance):
        fault = f"“{path.name}” is no language model but “{_kind(glance)}”."
        remedy = "Choose a model that writes text, such as “instruct” or “chat” ones."
    has_template = TEMPLATE in header.metadata
    return Judgement(
        path=path,
        architecture=glance.architecture,
        quantization=glance.quantization,
        size_bytes=_size(path),
        context_tokens=header.number("context_length"),
        has_template=has_template,
        fault=fault,
        remedy=remedy,
        cautions=() if fault else tuple(_cautions(path, glance, has_template=has_template)),
    )


def check_language_model(path: Path) -> Judgement:
    """The judgement on a file that can be used. Raises ModelMissing and ModelUnusable."""
    _whole_header(path)
    judgement = judge(path)
    if judgement.fault:
        raise ModelUnusable(judgement.fault, remedy=judgement.remedy)
    return judgement


def _whole_header(path: Path) -> Header:
    """The header of the first part; every part is there and whole. Raises ModelError."""
    parts = parts_of(path)
    missing = next((part for part in parts[1:] if not part.exists()), None)
    if missing is not None:
        raise ModelUnusable(
            f"“{path.name}” is one of {len(parts)} parts, and “{missing.name}” is not beside it.",
            remedy="Put all parts of the model into one folder.",
        )
    headers = [read_header(part) for part in parts]
    return headers[0]


def _is_no_model(glance: Glance) -> bool:
    kind = str(glance.metadata.get("general.type", ""))
    return kind not in PLAIN or glance.number("pooling_type") > 0


def _kind(glance: Glance) -> str:
    kind = str(glance.metadata.get("general.type", ""))
    if kind not in PLAIN:
        return kind
    return glance.architecture or "unnamed"


def _cautions(path: Path, glance: Glance, *, has_template: bool) -> list[str]:
    sentences = []
    if glance.architecture not in LANGUAGE_MODELS:
        sentences.append(f"“{path.name}” {UNKNOWN_KIND.format(glance.architecture)}")
    if not has_template:
        sentences.append(f"“{path.name}” {NO_TEMPLATE}")
    return sentences


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in parts_of(path) if part.is_file())
