"""The baseline of `ingest`: LangChain's tutorial pipeline over a folder, in its own environment.

PyPDFLoader (notes by TextLoader), RecursiveCharacterTextSplitter 1000/200, HuggingFaceEmbeddings,
and Chroma, which keeps the texts. It reads every file anew at each run, so there is no second one.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from pathlib import Path

from phase import phase, size_of

warnings.simplefilter("ignore", DeprecationWarning)  # langchain-community says it is being sunset

from langchain_chroma import Chroma  # noqa: E402
from langchain_community.document_loaders import PyPDFLoader, TextLoader  # noqa: E402
from langchain_core.documents import Document  # noqa: E402
from langchain_huggingface import HuggingFaceEmbeddings  # noqa: E402
from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: E402


def main(source: Path, store_folder: Path, model: str) -> None:
    """Take in all files below `source`, then remove the one with the most passages."""
    with phase("start"):
        embeddings = HuggingFaceEmbeddings(model_name=model)
        embeddings.embed_query("warm")
        store = Chroma(embedding_function=embeddings, persist_directory=str(store_folder))
    files = sorted(path for path in source.rglob("*") if path.is_file())
    with phase("import"):
        loaded = [document for path in files for document in load(path)]
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        splits = splitter.split_documents(loaded)
        store.add_documents(splits)
    with phase("disk") as told:
        told["disk_bytes"] = size_of(store_folder)
        told["text_bytes"] = sum(len(document.page_content.encode()) for document in loaded)
    sources = Counter(split.metadata["source"] for split in splits)
    largest, _ = sources.most_common(1)[0]
    with phase("remove") as told:
        passage_ids = store.get(where={"source": largest}, include=[])["ids"]
        store.delete(ids=passage_ids)
        told["passages"] = len(passage_ids)


def load(path: Path) -> list[Document]:
    """A file's text, a PDF's page by page."""
    if path.suffix == ".pdf":
        return PyPDFLoader(str(path)).load()
    return TextLoader(str(path), encoding="utf-8").load()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
