"""A person's own models taken over: where they lie, or as a copy."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import BadRequest, DownloadFailed, ModelMissing, ModelUnusable
from rag.models import Catalogue, ModelKind, ModelStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def store(folder: Path, catalogue: Catalogue) -> ModelStore:
    return ModelStore(folder, catalogue)


@pytest.fixture
def mine(write_gguf: Callable[..., Path], tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "disk" / "Mine.gguf")


def names(store: ModelStore) -> list[str]:
    return [model.name for model in store.list()]


def test_a_file_is_used_where_it_lies(store: ModelStore, folder: Path, mine: Path) -> None:
    (model,) = store.import_path(mine, is_copied=False)
    assert (model.name, model.path, model.is_in_place) == ("Mine", mine, True)
    assert [path.name for path in folder.iterdir()] == ["places.json"]
    assert store.find("mine") == store.default() == model


def test_it_is_remembered_by_the_next_store(
    store: ModelStore, folder: Path, catalogue: Catalogue, mine: Path
) -> None:
    (model,) = store.import_path(mine, is_copied=False)
    assert ModelStore(folder, catalogue).find("Mine") == model


def test_what_is_in_place_is_forgotten_and_never_deleted(store: ModelStore, mine: Path) -> None:
    store.import_path(mine, is_copied=False)
    store.remove("Mine")
    assert names(store) == ["starter"]
    assert mine.exists()


def test_a_file_that_has_gone_since_is_told(store: ModelStore, mine: Path) -> None:
    store.import_path(mine, is_copied=False)
    mine.unlink()
    assert names(store) == ["starter"]
    assert store.gone() == {"Mine": mine}
    with pytest.raises(ModelMissing, match=rf"“Mine” was at {mine} and is not there any more\."):
        store.find("Mine")
    store.remove("Mine")
    assert store.gone() == {}


def test_a_copy_is_ours(store: ModelStore, folder: Path, mine: Path) -> None:
    (model,) = store.import_path(mine, is_copied=True)
    assert (model.path, model.is_in_place) == (folder / "Mine.gguf", False)
    mine.unlink()
    assert store.find("Mine") == model


@pytest.mark.parametrize("is_copied", [False, True])
def test_to_take_a_model_over_twice_is_no_more_than_once(
    store: ModelStore, mine: Path, is_copied: bool
) -> None:
    (model,) = store.import_path(mine, is_copied=is_copied)
    assert store.import_path(model.path, is_copied=is_copied) == (model,)
    assert names(store) == ["Mine", "starter"]


def test_another_model_of_the_same_name_is_told(
    store: ModelStore, mine: Path, write_gguf: Callable[..., Path], tmp_path: Path
) -> None:
    store.import_path(mine, is_copied=False)
    other = write_gguf(tmp_path / "other" / "mine.gguf")
    with pytest.raises(BadRequest, match=rf"There is a model “mine” already, at {mine}"):
        store.import_path(other, is_copied=False)


@pytest.mark.parametrize("is_copied", [False, True])
def test_a_model_of_the_catalogue_is_known_by_its_file_s_name(
    store: ModelStore, write_gguf: Callable[..., Path], tmp_path: Path, is_copied: bool
) -> None:
    path = write_gguf(tmp_path / "disk" / "phi-4-Q4_K_M.gguf")
    (model,) = store.import_path(path, is_copied=is_copied)
    assert model.name == "phi-4"
    assert store.find("phi-4") == model
    store.remove("phi-4")
    assert names(store) == ["starter"]
    assert path.exists()


# --- folders --------------------------------------------------------------------------------------


def test_all_models_in_a_folder_are_taken_over(
    store: ModelStore, write_gguf: Callable[..., Path], tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    for name in ("b.gguf", "a.gguf", "deeper/c.gguf"):
        write_gguf(disk / name)
    write_gguf(disk / "mmproj-a.gguf", kind="mmproj", architecture="clip")
    models = store.import_path(disk, is_copied=False)
    assert sorted(model.name for model in models) == ["a", "b", "c"]


def test_one_that_is_damaged_stops_all_of_a_folder(
    store: ModelStore, write_gguf: Callable[..., Path], tmp_path: Path
) -> None:
    write_gguf(tmp_path / "disk" / "a.gguf")
    cut = write_gguf(tmp_path / "disk" / "b.gguf")
    cut.write_bytes(cut.read_bytes()[:-40])
    with pytest.raises(ModelUnusable, match=r"“b\.gguf” is damaged or not whole"):
        store.import_path(tmp_path / "disk", is_copied=False)
    assert names(store) == ["starter"]


@pytest.mark.parametrize("is_copied", [False, True])
@pytest.mark.parametrize("part", [1, 2])
def test_a_model_in_parts_is_taken_over_by_any_of_them(
    store: ModelStore, split: tuple[Path, ...], is_copied: bool, part: int
) -> None:
    (model,) = store.import_path(split[part - 1], is_copied=is_copied)
    assert model.path.name == split[0].name
    assert model.size_bytes == sum(path.stat().st_size for path in split)
    assert store.find("tiny") == model


def test_a_model_that_lacks_a_part_is_told(store: ModelStore, split: tuple[Path, ...]) -> None:
    split[1].unlink()
    with pytest.raises(ModelUnusable, match=r"is one of 2 parts .*00002.*is missing"):
        store.import_path(split[0], is_copied=False)


@pytest.fixture
def split(write_gguf: Callable[..., Path], tmp_path: Path) -> tuple[Path, ...]:
    """A model in two parts."""
    paths = tuple(tmp_path / "disk" / f"tiny-0000{n}-of-00002.gguf" for n in (1, 2))
    for number, path in enumerate(paths):
        write_gguf(path, split=(number, 2))
    return paths


def test_an_embedder_is_used_where_it_lies(
    store: ModelStore, embedder_folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "My embedder"
    own.symlink_to(embedder_folder)
    (model,) = store.import_path(own, is_copied=False)
    assert (model.name, model.kind, model.path) == (model.name, ModelKind.EMBEDDER, own)
    assert store.embedder(model.name).folder == own
    store.remove(model.name)
    assert store.imported_embedders() == ()
    assert (embedder_folder / "modules.json").exists()


@pytest.mark.parametrize("is_copied", [False, True])
def test_an_embedder_of_the_catalogue_is_known_by_its_folder_s_name(
    store: ModelStore, embedder_folder: Path, tmp_path: Path, is_copied: bool
) -> None:
    own = Path(shutil.copytree(embedder_folder, tmp_path / "disk" / "bge-small-en-v1.5"))
    (model,) = store.import_path(own, is_copied=is_copied)
    assert (model.name, model.entry) == (own.name, store.catalogue.find(own.name))
    assert store.import_path(model.path, is_copied=is_copied) == (model,)
    assert store.embedder(own.name).question_prefix.startswith("Represent this sentence")
    assert store.embedder(own.name).folder == model.path
    store.remove(own.name)
    assert store.installed(store.catalogue.find(own.name)) is None
    assert own.exists()


@pytest.mark.parametrize("is_copied", [False, True])
def test_a_reranker_of_one_s_own_is_used(
    store: ModelStore, reranker: Path, is_copied: bool
) -> None:
    (model,) = store.import_path(reranker, is_copied=is_copied)
    assert (model.name, model.kind) == ("own-reranker", ModelKind.RERANKER)
    assert store.reranker_folder() == model.path
    store.remove("own-reranker")
    assert store.reranker_folder() is None
    assert reranker.exists()


@pytest.fixture
def reranker(tmp_path: Path) -> Path:
    """The files of one; nobody loads it here."""
    folder = tmp_path / "disk" / "own-reranker"
    folder.mkdir(parents=True)
    config = {"architectures": ["BertForSequenceClassification"], "num_labels": 1}
    (folder / "config.json").write_text(json.dumps(config))
    for name in ("vocab.txt", "model.safetensors"):
        (folder / name).write_text(name)
    return folder


# --- what cannot be taken over --------------------------------------------------------------------


def test_an_empty_folder_and_a_missing_path_are_told(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"There is no model in .* Give a GGUF file, a folder"):
        store.import_path(tmp_path, is_copied=False)
    with pytest.raises(ModelMissing, match=r"There is no model file “.*none\.gguf”"):
        store.import_path(tmp_path / "none.gguf", is_copied=False)


def test_an_embedder_in_a_gguf_is_no_language_model(store: ModelStore, embedder_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"“embedder\.gguf” is no language model but “bert”"):
        store.import_path(embedder_path, is_copied=False)


def test_a_copy_without_room_is_not_begun(store: ModelStore, folder: Path, mine: Path) -> None:
    os.truncate(mine, shutil.disk_usage(mine).free + 10**9)  # takes no room itself
    with pytest.raises(DownloadFailed, match=r"“Mine\.gguf” needs .* GB of disk space, and"):
        store.import_path(mine, is_copied=True)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"places": 7}', "\0", '{"places": {"a": 7}}'])
def test_places_that_cannot_be_read_are_none(
    store: ModelStore, folder: Path, mine: Path, content: str
) -> None:
    folder.mkdir()
    (folder / "places.json").write_text(content)
    assert names(store) == ["starter"]
    store.import_path(mine, is_copied=False)
    assert json.loads((folder / "places.json").read_text())["places"] == {"Mine": str(mine)}
