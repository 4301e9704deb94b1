"""Models of other programs, found in folders as these programs make them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import BadRequest
from rag.models import Catalogue, Elsewhere, ModelStore, Source
from rag.models.other_programs import OtherPrograms

PHI4: dict[str, Any] = {"architecture": "phi3", "layers": 40, "kv_heads": 10, "file_type": 15}
LINUX = ".local/share"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def elsewhere(home: Path) -> Elsewhere:
    return Elsewhere(home, {}, "linux")


@pytest.fixture
def store(tmp_path: Path, catalogue: Catalogue, elsewhere: Elsewhere) -> ModelStore:
    return ModelStore(tmp_path / "models", catalogue, elsewhere=elsewhere)


def found(elsewhere: Elsewhere) -> list[tuple[str, str]]:
    return [(model.owner, model.name) for model in OtherPrograms(elsewhere).models()]


@pytest.mark.parametrize(
    ("platform", "place", "owner", "name"),
    [
        ("linux", ".lmstudio/models/unsloth/Llama-GGUF/llama-Q4_K_M.gguf", "LM Studio", ""),
        ("linux", ".cache/lm-studio/models/me/mine/llama-Q4_K_M.gguf", "LM Studio", ""),
        ("linux", f"{LINUX}/Jan/data/llamacpp/models/me/tiny/model.gguf", "Jan", "tiny"),
        ("linux", "jan/models/llama-Q4_K_M/llama-Q4_K_M.gguf", "Jan", ""),
        ("darwin", "Library/Application Support/Jan/data/llamacpp/models/tiny/model.gguf", "Jan",
         "tiny"),
        ("win32", "AppData/Roaming/Jan/data/llamacpp/models/tiny/model.gguf", "Jan", "tiny"),
        ("linux", f"{LINUX}/nomic.ai/GPT4All/llama-Q4_K_M.gguf", "GPT4All", ""),
        ("darwin", "Library/Application Support/nomic.ai/GPT4All/llama-Q4_K_M.gguf", "GPT4All", ""),
        ("win32", "AppData/Local/nomic.ai/GPT4All/llama-Q4_K_M.gguf", "GPT4All", ""),
        ("linux", ".cache/llama.cpp/llama-Q4_K_M.gguf", "llama.cpp", ""),
        ("darwin", "Library/Caches/llama.cpp/llama-Q4_K_M.gguf", "llama.cpp", ""),
        ("win32", "AppData/Local/llama.cpp/llama-Q4_K_M.gguf", "llama.cpp", ""),
        ("win32", ".cache/huggingface/hub/models--me--tiny/snapshots/0a1b/llama-Q4_K_M.gguf",
         "Hugging Face", ""),
    ],
)  # fmt: skip
def test_a_model_is_found_where_its_program_keeps_it(
    write_gguf: Callable[..., Path], home: Path, platform: str, place: str, owner: str, name: str
) -> None:
    write_gguf(home / place)
    assert found(Elsewhere(home, {}, platform)) == [(owner, name or "llama-Q4_K_M")]


@pytest.mark.parametrize(
    ("variable", "below", "owner"),
    [
        ("LLAMA_CACHE", "", "llama.cpp"),
        ("HF_HOME", "hub/models--a--b/snapshots/c", "Hugging Face"),
        ("HF_HUB_CACHE", "models--a--b/snapshots/c", "Hugging Face"),
        ("XDG_DATA_HOME", "nomic.ai/GPT4All", "GPT4All"),
        ("XDG_CACHE_HOME", "llama.cpp", "llama.cpp"),
    ],
)
def test_a_folder_that_the_environment_names_is_looked_into(
    write_gguf: Callable[..., Path], tmp_path: Path, variable: str, below: str, owner: str
) -> None:
    write_gguf(tmp_path / "chosen" / below / "m.gguf")
    environment = {variable: str(tmp_path / "chosen")}
    assert found(Elsewhere(tmp_path / "home", environment, "linux")) == [(owner, "m")]


def test_a_folder_that_a_program_s_settings_name_is_looked_into(
    write_gguf: Callable[..., Path], home: Path, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    write_gguf(tmp_path / "disk" / "me" / "repository" / "one.gguf")
    write_gguf(tmp_path / "other disk" / "two.gguf")
    (home / ".lmstudio").mkdir(parents=True)
    settings = {"downloadsFolder": str(tmp_path / "disk")}
    (home / ".lmstudio" / "settings.json").write_text(json.dumps(settings))
    (home / ".config" / "nomic.ai").mkdir(parents=True)
    ini = f"[General]\nmodelPath={tmp_path / 'other disk'}\n"
    (home / ".config" / "nomic.ai" / "GPT4All.ini").write_text(ini)
    assert found(elsewhere) == [("LM Studio", "one"), ("GPT4All", "two")]


def test_lm_studio_s_home_may_be_elsewhere(
    write_gguf: Callable[..., Path], home: Path, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    write_gguf(tmp_path / "its home" / "models" / "me" / "repository" / "one.gguf")
    home.mkdir()
    (home / ".lmstudio-home-pointer").write_text(f"{tmp_path / 'its home'}\n")
    assert found(elsewhere) == [("LM Studio", "one")]


@pytest.mark.parametrize("content", ["", "[]", "{", "\0", '{"downloadsFolder": 7}'])
def test_settings_that_make_no_sense_are_passed_over(
    home: Path, elsewhere: Elsewhere, content: str
) -> None:
    places = (".lmstudio/settings.json", ".config/nomic.ai/GPT4All.ini", ".lmstudio-home-pointer")
    for place in places:
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_text(content)
    assert found(elsewhere) == []


# --- what is a language model ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"architecture": "clip"},
        {"architecture": "bert"},
        {"architecture": "qwen3", "pooling_type": 4},  # ranks
        {"architecture": "flux"},  # draws
        {"kind": "mmproj"},
        {"kind": "adapter"},
    ],
)
def test_what_writes_no_text_is_passed_over(
    write_gguf: Callable[..., Path], home: Path, elsewhere: Elsewhere, said: dict[str, Any]
) -> None:
    write_gguf(home / ".lmstudio/models/a/b/m.gguf", **said)
    assert found(elsewhere) == []


def test_what_cannot_be_read_is_passed_over(
    write_gguf: Callable[..., Path], home: Path, elsewhere: Elsewhere
) -> None:
    folder = home / ".lmstudio/models/a/b"
    whole = write_gguf(folder / "whole.gguf").read_bytes()
    for length in (0, 3, 4, 23, 60, 200):
        (folder / f"cut-{length}.gguf").write_bytes(whole[:length])
    (folder / "page.gguf").write_text("<html>")
    (folder / "folder.gguf").mkdir()
    (folder / "broken.gguf").symlink_to(folder / "nowhere")
    (folder / "circle").symlink_to(folder)
    (folder / "itself").symlink_to(folder / "itself")
    (folder / "closed").mkdir(mode=0o000)
    assert found(elsewhere) == [("LM Studio", "whole")]


def test_a_model_in_parts_is_found_once_and_only_whole(
    write_gguf: Callable[..., Path], home: Path, elsewhere: Elsewhere
) -> None:
    folder = home / ".lmstudio/models/a/b"
    sizes = [write_gguf(folder / f"m-0000{n}-of-00002.gguf").stat().st_size for n in (1, 2)]
    write_gguf(folder / "incomplete-00001-of-00002.gguf")
    (model,) = OtherPrograms(elsewhere).models()
    assert (model.name, model.size_bytes) == ("m", sum(sizes))


def test_one_file_behind_several_names_is_found_once(
    write_gguf: Callable[..., Path], home: Path, elsewhere: Elsewhere
) -> None:
    hub = home / ".cache/huggingface/hub/models--a--b"
    blob = write_gguf(hub / "blobs" / "0123")
    for snapshot in ("one", "two"):
        (hub / "snapshots" / snapshot).mkdir(parents=True)
        (hub / "snapshots" / snapshot / "m.gguf").symlink_to(blob)
    assert found(elsewhere) == [("Hugging Face", "m")]


# --- Ollama ---------------------------------------------------------------------------------------


def ollama(folder: Path, manifest: str, model: Path) -> str:
    """Put a file into Ollama's folder as it does itself; its SHA-256."""
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    (folder / "blobs").mkdir(parents=True, exist_ok=True)
    model.rename(folder / "blobs" / f"sha256-{digest}")
    layers = [
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"},
        {"mediaType": "application/vnd.ollama.image.license", "digest": "sha256:" + "0" * 64},
    ]
    path = folder / "manifests" / manifest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"schemaVersion": 2, "layers": layers}))
    return digest


@pytest.mark.parametrize(
    ("manifest", "name"),
    [
        ("registry.ollama.ai/library/llama3.2/latest", "llama3.2:latest"),
        ("registry.ollama.ai/somebody/tiny/7b", "somebody/tiny:7b"),
        ("hf.co/bartowski/tiny-GGUF/Q4_K_M", "hf.co/bartowski/tiny-GGUF:Q4_K_M"),
    ],
)
def test_a_model_of_ollama_has_the_name_that_ollama_lists(
    write_gguf: Callable[..., Path], tmp_path: Path, manifest: str, name: str
) -> None:
    digest = ollama(tmp_path / "models", manifest, write_gguf(tmp_path / "m"))
    environment = {"OLLAMA_MODELS": str(tmp_path / "models")}
    (model,) = OtherPrograms(Elsewhere(tmp_path, environment, "darwin")).models()
    assert (model.owner, model.name, model.sha256) == ("Ollama", name, digest)
    assert model.path == tmp_path / "models" / "blobs" / f"sha256-{digest}"


@pytest.mark.parametrize(
    "manifest",
    ["", "[]", "{", '{"layers": 7}', '{"layers": [{"mediaType": "x"}]}', '{"layers": [7]}',
     '{"layers": [{"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:../x"}]}'],
)  # fmt: skip
def test_a_manifest_that_makes_no_sense_is_passed_over(
    home: Path, elsewhere: Elsewhere, manifest: str
) -> None:
    path = home / ".ollama/models/manifests/registry.ollama.ai/library/m/latest"
    path.parent.mkdir(parents=True)
    path.write_text(manifest)
    assert found(elsewhere) == []


# --- in the store ---------------------------------------------------------------------------------


def test_a_found_model_is_listed_with_its_owner_and_used_by_its_name(
    write_gguf: Callable[..., Path], home: Path, store: ModelStore
) -> None:
    path = write_gguf(home / ".lmstudio/models/a/b/Tiny-Q4_K_M.gguf")
    model = store.find("tiny-q4_k_m")
    assert (model.owner, model.path, model.entry) == ("LM Studio", path, None)
    assert model in store.list()


def test_a_found_model_that_nobody_chose_does_not_answer(
    write_gguf: Callable[..., Path], home: Path, store: ModelStore
) -> None:
    write_gguf(home / ".lmstudio/models/a/b/Tiny-Q4_K_M.gguf")
    default = store.default()
    assert default is not None
    assert default.name == "starter"


@pytest.mark.parametrize(
    ("place", "said", "name"),
    [
        (".lmstudio/models/x/phi-4-GGUF/phi-4-Q4_K_M.gguf", PHI4, "phi-4"),
        (".lmstudio/models/x/phi-4-GGUF/Phi-4-Q6_K.gguf", PHI4 | {"file_type": 18}, "phi-4-q6_k"),
        (".cache/llama.cpp/bartowski_phi-4-GGUF_phi-4-Q4_K_M.gguf", PHI4, "phi-4"),
        (".lmstudio/models/x/phi-4-GGUF/phi-4-Q4_K_M.gguf", {}, "phi-4-Q4_K_M"),
        (".lmstudio/models/x/phi-4-GGUF/phi-4-Q4_K_M.gguf", PHI4 | {"layers": 32}, "phi-4-Q4_K_M"),
        (".lmstudio/models/x/r/phi-4-reasoning-Q4_K_M.gguf", PHI4, "phi-4-reasoning-Q4_K_M"),
    ],
)
def test_a_model_of_the_catalogue_is_known_by_name_and_shape(
    write_gguf: Callable[..., Path],
    home: Path,
    store: ModelStore,
    place: str,
    said: dict[str, Any],
    name: str,
) -> None:
    write_gguf(home / place, **said)
    model = store.list()[0]
    assert (model.name, model.owner != "") == (name, True)
    assert (model.entry is not None) == (name in [e.name for e in store.catalogue.entries])


def test_phi_4_of_ollama_needs_no_download_and_answers(
    write_gguf: Callable[..., Path], home: Path, tmp_path: Path, store: ModelStore
) -> None:
    made = write_gguf(tmp_path / "m", **PHI4)
    ollama(home / ".ollama/models", "registry.ollama.ai/library/phi4/14b", made)
    nowhere = Source("http://127.0.0.1:1")
    got = store.get("phi-4", source=nowhere, on_progress=lambda _: None, is_stopped=lambda: False)
    assert (got.name, got.owner) == ("phi-4", "Ollama")
    assert store.default() == got == store.find("phi-4")


def test_a_checksum_of_the_catalogue_tells_whatever_the_name(
    write_gguf: Callable[..., Path], home: Path, tmp_path: Path, catalogue: Catalogue
) -> None:
    made = write_gguf(tmp_path / "m")
    digest = ollama(home / ".ollama/models", "registry.ollama.ai/me/own/latest", made)
    entry = catalogue.find("qwen3-4b")
    known = replace(entry, files=(replace(entry.files[0], sha256=digest),))
    store = ModelStore(
        tmp_path / "models", Catalogue((known,)), elsewhere=Elsewhere(home, {}, "linux")
    )
    assert [(model.name, model.owner) for model in store.list()] == [("qwen3-4b", "Ollama")]


def test_our_own_goes_before_another_program_s(
    write_gguf: Callable[..., Path], home: Path, tmp_path: Path, store: ModelStore
) -> None:
    write_gguf(home / ".lmstudio/models/x/y/phi-4-Q4_K_M.gguf", **PHI4)
    own = write_gguf(tmp_path / "models" / "phi-4-Q4_K_M.gguf")
    assert store.find("phi-4").path == own
    assert [model.name for model in store.list()] == ["phi-4", "starter"]


def test_two_models_of_one_name_are_told_apart(
    write_gguf: Callable[..., Path], home: Path, store: ModelStore
) -> None:
    write_gguf(home / ".lmstudio/models/x/y/m.gguf")
    write_gguf(home / ".cache/llama.cpp/m.gguf")
    assert [m.name for m in store.list() if m.owner] == ["m", "m (llama.cpp)"]
    assert store.find("m (llama.cpp)").owner == "llama.cpp"


def test_another_program_s_model_is_not_removed(
    write_gguf: Callable[..., Path], home: Path, store: ModelStore
) -> None:
    path = write_gguf(home / ".lmstudio/models/x/y/m.gguf")
    with pytest.raises(BadRequest, match="“m” is not in the models folder, so it is LM Studio's"):
        store.remove("m")
    assert path.exists()
