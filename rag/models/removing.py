"""Models taken away: deleted where they are Deskbook's own, forgotten where they are not."""

from __future__ import annotations

import shutil
from pathlib import Path

from rag.errors import BadRequest
from rag.models.disk import failures_told
from rag.models.gguf import file_parts
from rag.models.installed import InstalledModel
from rag.models.whereabouts import Whereabouts


def remove_model(model: InstalledModel, whereabouts: Whereabouts) -> None:
    """Delete a model from the models folder, or forget one that was taken over in place.

    Raises BadRequest where it is not ours, ModelUnusable where it resists.
    """
    if model.is_in_place:
        return _forget(model.path, whereabouts)
    if model.path.parent != whereabouts.folder:
        whose = f"{model.owner}'s" if model.owner else "not Deskbook's to remove"
        raise BadRequest(
            f"“{model.name}” is not in the models folder, so it is {whose}.",
            remedy="Delete the file yourself if you no longer want it.",
        )
    with failures_told(f"“{model.path.name}” cannot be removed"):
        for path in file_parts(model.path):
            _delete(path)


def remove_remains(name: str, whereabouts: Whereabouts) -> None:
    """Forget a model whose file is gone; delete what has arrived of one that is not here.

    Raises ModelUnusable where it resists.
    """
    if (place := whereabouts.gone().get(name)) is not None:
        _forget(place, whereabouts)
    with failures_told(f"What has arrived of “{name}” cannot be removed"):
        for path in whereabouts.parts_of(name):
            _delete(path)


def _forget(place: Path, whereabouts: Whereabouts) -> None:
    with failures_told(f"The place of “{place.name}” cannot be forgotten"):
        for name, known in whereabouts.places.read().items():
            if known == place:
                whereabouts.places.forget(name)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
