"""GGUF models in several files, as llama.cpp splits them: `name-00001-of-00003.gguf` and so on.

The first part has the header of the whole; llama.cpp is given it and finds the others beside it.
"""

from __future__ import annotations

import re
from pathlib import Path

PART_NAME = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})", re.ASCII)


def is_later_part(path: Path) -> bool:
    """Whether the file is the second or a later part, by its name."""
    match = PART_NAME.fullmatch(path.stem)
    return match is not None and int(match["number"]) != 1


def parts_of(path: Path) -> tuple[Path, ...]:
    """All files of the model to which the file belongs, there or not, in order."""
    match = PART_NAME.fullmatch(path.stem)
    if match is None:
        return (path,)
    count = int(match["count"])
    names = (f"{match['stem']}-{n:05}-of-{count:05}{path.suffix}" for n in range(1, count + 1))
    return tuple(path.with_name(name) for name in names)


def stem_of(path: Path) -> str:
    """The model's name: the file's without its ending and the number of its part."""
    match = PART_NAME.fullmatch(path.stem)
    return match["stem"] if match else path.stem
