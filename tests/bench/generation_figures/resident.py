"""A process that loads a model, lets it read a little, and says what memory that took.

    python resident.py FILE CONTEXT_TOKENS mapped|repacked THREADS

All weights are used for each token, so all of them are in memory then. What Python and its
libraries take was measured before and is left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import psutil

from rag.generation import LocalModel, Plan
from rag.generation.llama import library
from rag.generation.templates import Message


def main() -> None:
    """Load, read, and print a line of JSON."""
    path, context_tokens, way, threads = sys.argv[1:]
    library()
    before = psutil.Process().memory_info().rss
    plan = Plan(int(context_tokens), int(threads), is_mapped=way == "mapped")
    model = LocalModel.load(Path(path), plan, name="measured")
    talk = [Message("user", "Which of the lamps is the blue one? " * 20)]
    for _ in model.generate(talk, max_tokens=2, temperature=0.0, is_stopped=lambda: False):
        pass
    taken = psutil.Process().memory_info().rss - before
    print(json.dumps({"taken": taken}))
    model.close()


if __name__ == "__main__":
    main()
