"""Real models for the tests of the engine: the starter, and tiny ones in Phi-4's shape."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.generation import LanguageModel
from rag.models import Catalogue, ModelStore

ROOT = Path(__file__).parents[2]
MAKERS = ROOT / "tests" / "models"
HELLO = 15339  # the token "hello" in Phi-4's vocabulary


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.read(ROOT / "assets" / "models.toml")


@pytest.fixture(scope="session")
def starter_path(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = ModelStore(tmp_path_factory.mktemp("no-models"), catalogue)
    return store.find("starter").path


@pytest.fixture(scope="session")
def phi4_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names the wrong end token, as early files do, and always says <|im_end|>."""
    return make_phi4(tmp_path_factory.mktemp("phi4"), "--eos", "100257", "--says", "100265")


@pytest.fixture(scope="session")
def declared_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Declares <|im_sep|> as a user-defined token, and always says hello."""
    return make_phi4(
        tmp_path_factory.mktemp("declared"), "--declared", "<|im_sep|>", "--says", str(HELLO)
    )


@pytest.fixture
def embedder_path(tmp_path: Path) -> Path:
    """A GGUF file that is whole, and no language model."""
    return make("embedder_shape.py", tmp_path / "embedder.gguf")


def make_phi4(folder: Path, *options: str) -> Path:
    return make("phi4_shape.py", folder / "phi-4-shape.gguf", *options)


def make(maker: str, path: Path, *options: str) -> Path:
    subprocess.run([sys.executable, MAKERS / maker, path, *options], check=True, timeout=60)
    return path


def load(path: Path) -> LanguageModel:
    """One thread: several wait for each other at every step, which beside other work takes long."""
    return LanguageModel.load(path, name=path.stem, context_tokens=4096, threads=1, gpu_layers=0)


@pytest.fixture(scope="session")
def starter(starter_path: Path) -> Iterator[LanguageModel]:
    with closing(load(starter_path)) as model:
        yield model


@pytest.fixture(scope="session")
def phi4(phi4_path: Path) -> Iterator[LanguageModel]:
    with closing(load(phi4_path)) as model:
        yield model


@pytest.fixture(scope="session")
def hello_model(declared_path: Path) -> Iterator[LanguageModel]:
    with closing(load(declared_path)) as model:
        yield model
