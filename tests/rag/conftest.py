"""Real parts for the tests of the engine: models, libraries on disk, and one with the samples."""

from __future__ import annotations

import datetime
import ipaddress
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.embedding.onnx import OnnxEmbedder, Precision
from rag.generation import LocalModel, Plan
from rag.library import Library
from rag.models import Catalogue, ModelStore
from rag.retrieval.retriever import Retriever
from rag.scheduler import Scheduler, Work
from rag.types import AddedFile
from rag.vectors import VectorStore

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "assets" / "samples"
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


def load(path: Path) -> LocalModel:
    """One thread: several wait for each other at every step, which beside other work takes long."""
    return LocalModel.load(path, Plan(4096, threads=1), name=path.stem)


@pytest.fixture(scope="session")
def starter(starter_path: Path) -> Iterator[LocalModel]:
    with closing(load(starter_path)) as model:
        yield model


@pytest.fixture(scope="session")
def phi4(phi4_path: Path) -> Iterator[LocalModel]:
    with closing(load(phi4_path)) as model:
        yield model


@pytest.fixture(scope="session")
def hello_model(declared_path: Path) -> Iterator[LocalModel]:
    with closing(load(declared_path)) as model:
        yield model


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This machine's own, with its key: signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub")])
    now = datetime.datetime.now(datetime.UTC)
    place = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(place, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "hub.pem"
    encoding = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        made.public_bytes(encoding)
        + key.private_bytes(encoding, form, serialization.NoEncryption())
    )
    return path


# --- libraries ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def embedder_folder(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = ModelStore(tmp_path_factory.mktemp("no-models"), catalogue)
    return store.embedder_folder("minilm")


@pytest.fixture(scope="session")
def embedder(embedder_folder: Path) -> Embedder:
    """As it runs everywhere: in float32, so that no test depends on the processor."""
    embedder = OnnxEmbedder(
        embedder_folder,
        name="minilm",
        threads=1,
        graphs=ROOT / "assets" / "embedders",
        precision=Precision.FLOAT32,
    )
    embedder.load()
    return embedder


@pytest.fixture(scope="session")
def reranker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make("reranker_shape.py", tmp_path_factory.mktemp("models") / "reranker")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        yield catalog


@pytest.fixture
def vectors(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path / "chroma", embedder="minilm")


@pytest.fixture
def library(catalog: Catalog, vectors: VectorStore, embedder: Embedder) -> Library:
    return Library(catalog, vectors, embedder, passage_tokens=180)


@pytest.fixture
def retriever(catalog: Catalog, vectors: VectorStore, embedder: Embedder) -> Retriever:
    return Retriever(catalog, vectors, embedder)


@pytest.fixture
def work() -> Work:
    return Work(Scheduler())


@pytest.fixture
def add(library: Library, work: Work) -> Callable[..., AddedFile]:
    """Adds a file to the library and gives its verdict."""

    def add(path: Path, collection: str = "Library") -> AddedFile:
        (added,) = add_all(library, [path], work, collection)
        return added

    return add


def add_all(
    library: Library, files: Sequence[Path], work: Work, collection: str = "Library"
) -> list[AddedFile]:
    """The files' verdicts, in the order in which they came."""
    steps = library.add(files, collection=collection, work=work).run()
    return [step for step in steps if isinstance(step, AddedFile)]


@pytest.fixture(scope="session")
def samples(
    embedder: Embedder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Catalog, Retriever]]:
    """A library that holds the samples, for tests that only read."""
    folder = tmp_path_factory.mktemp("samples")
    vectors = VectorStore(folder / "chroma", embedder="minilm")
    with closing(Catalog(folder / "catalog.sqlite3")) as catalog:
        library = Library(catalog, vectors, embedder, passage_tokens=180)
        added = add_all(library, sorted(SAMPLES.iterdir()), Work(Scheduler()))
        assert all(file.verdict.is_success for file in added)
        yield catalog, Retriever(catalog, vectors, embedder)
