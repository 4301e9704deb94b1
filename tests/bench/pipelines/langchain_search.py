"""LangChain's tutorial pipeline asked: the baseline of `retrieval`, in its own environment.

Takes in the files named in a JSON request, unless its store is there, and answers each question
with the nearest of its pieces and the seconds it took. Loading and splitting are the tutorial's
(`langchain_tutorial`); the questions' vectors count in the time.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from langchain_tutorial import load

WHOLE = "whole.txt"  # stands in a store that was made to its end
BATCH = 500


def main(request: Path, store_folder: Path, model: str) -> None:
    """Answer the request's questions, a line of JSON each."""
    asked = json.loads(request.read_text("utf-8"))
    embeddings = HuggingFaceEmbeddings(model_name=model)
    store = Chroma(embedding_function=embeddings, persist_directory=str(store_folder))
    if not (store_folder / WHOLE).is_file():
        take_in(store, [Path(path) for path in asked["files"]])
        (store_folder / WHOLE).touch()
    store.similarity_search_with_score("warm", k=asked["limit"])
    for question in asked["questions"]:
        started = time.perf_counter()
        found = store.similarity_search_with_score(question, k=asked["limit"])
        told = {"question": question, "seconds": time.perf_counter() - started}
        print(json.dumps(told | {"found": [hit(*each) for each in found]}), flush=True)


def take_in(store: Chroma, files: list[Path]) -> None:
    """Load, split and add all files."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=1000, chunk_overlap=200, add_start_index=True
    )
    splits = splitter.split_documents([page for path in files for page in load(path)])
    for first in range(0, len(splits), BATCH):
        store.add_documents(splits[first : first + BATCH])
        print(f"LangChain: {first} of {len(splits)} pieces", file=sys.stderr, flush=True)


def hit(piece: Document, distance: float) -> dict[str, Any]:
    """A piece with its place: the page (from 0, or none) and the offset in it."""
    return {
        "source": Path(piece.metadata["source"]).name,
        "page": piece.metadata.get("page"),
        "start": piece.metadata["start_index"],
        "text": piece.page_content,
        "distance": distance,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
