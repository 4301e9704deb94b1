"""The embedder through onnxruntime and tokenizers: at work in a third of a second, without torch.

The graph, some kilobytes, was exported once (packaging/export_embedder.py) and holds no weights;
these are mapped from the model's own folder when it is loaded.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from rag.embedding.embedder import Vectors
from rag.embedding.tokens import TokenIds, Tokens
from rag.embedding.weights import mark_of, quantize, read_tensors, unusable

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

PARTS = ("embeddings.", "encoder.")  # of the weights: the pooler's are not used


class Precision(StrEnum):
    """The numbers that the encoder's matrices are multiplied in."""

    FLOAT32 = "float32"
    INT8 = "int8"

    def graph(self, graphs: Path, name: str) -> Path:
        """Where the graph of an embedder lies; not every embedder has every graph."""
        return graphs / f"{name}-{self}.onnx"


class OnnxEmbedder:
    """A BERT model with mean pooling, computed by onnxruntime (see Embedder).

    Each text is computed by itself and by one thread: nothing is padded, a vector does not depend
    on what else was asked for, and texts side by side cost less than threads that share one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        threads: int,
        graphs: Path,
        precision: Precision,
        tokens: Tokens | None = None,
    ) -> None:
        """`folder` is in sentence-transformers' form, `tokens` its tokenizer, if it is loaded.

        Raises ModelMissing, ModelUnusable.
        """
        self.name = name
        self.precision = precision
        self._folder = folder
        self._graph = precision.graph(graphs, name)
        self._tokens = tokens or Tokens(folder, name=name)
        self._thread_count = threads
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="embedding")
        self._loading = threading.Lock()
        self._session: InferenceSession | None = None
        suffix = "" if precision is Precision.FLOAT32 else f"-{precision}"
        self.fingerprint = f"{name}-{mark_of(folder)}{suffix}"

    @property
    def longest_passage(self) -> int:
        """How many tokens of a passage are read."""
        return self._tokens.longest_text

    def count(self, text: str) -> int:
        """How many tokens a text has, start and end tokens left aside."""
        return self._tokens.count(text)

    def load(self) -> None:
        """Load the model now: a third of a second. Raises ModelUnusable."""
        with self._loading:
            if self._session is None:
                self._session = self._open()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in their order. What goes beyond the longest input is not read."""
        self.load()
        if not texts:
            return np.zeros((0, 0), dtype=np.float32)
        inputs = [self._tokens.ids(text) for text in texts]
        # The longest first, so that no thread is left alone with a long one at the end.
        waiting = deque(sorted(range(len(inputs)), key=lambda index: -len(inputs[index])))
        vectors: dict[int, NDArray[np.float32]] = {}

        def compute() -> None:
            while waiting:
                try:
                    index = waiting.popleft()
                except IndexError:  # another thread was quicker
                    return
                vectors[index] = self.vector(inputs[index])

        # Who asks computes as well: a question never queues up behind an import's texts.
        beside = min(self._thread_count, len(inputs)) - 1
        others = [self._threads.submit(compute) for _ in range(beside)]
        compute()
        for other in others:
            if not other.cancel():
                other.result()
        return np.stack([vectors[index] for index in range(len(inputs))])

    def question(self, text: str) -> Vectors:
        """The vector of a question, as one row; it is read as a passage is."""
        return self.embed([text])

    def vector(self, ids: TokenIds) -> NDArray[np.float32]:
        """The vector of one text's token ids; the model must be loaded."""
        assert self._session is not None
        (vector,) = self._session.run(None, {"ids": ids})
        return cast("NDArray[np.float32]", vector)

    def _open(self) -> InferenceSession:
        import onnxruntime

        tensors: Mapping[str, NDArray[np.float32] | NDArray[np.int8]]
        tensors = read_tensors(self._folder / "model.safetensors")
        if self.precision is Precision.INT8:
            tensors = quantize(tensors)
        used = {name: tensor for name, tensor in tensors.items() if name.startswith(PARTS)}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_external_initializers(
            list(used), [onnxruntime.OrtValue.ortvalue_from_numpy(t) for t in used.values()]
        )
        with self._translated():
            return onnxruntime.InferenceSession(
                self._graph.read_bytes(), options, providers=["CPUExecutionProvider"]
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from onnxruntime.capi import onnxruntime_pybind11_state as native

        try:
            yield
        except (native.Fail, native.InvalidArgument, native.InvalidGraph) as error:
            raise unusable(self._folder, error) from error
