"""What native libraries read from the environment when they are first loaded."""

from __future__ import annotations

import os


def prepare_libraries() -> None:
    """To be called before torch, llama.cpp and the hub's client are imported."""
    # Nothing leaves the machine, nor does anyone ask a hub whether a model is newer there.
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    # Threads that wait for each other sleep instead of spinning. With another program on one of
    # two cores, reading a prompt of 632 tokens took 8 s so, and 33 s with the default.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
