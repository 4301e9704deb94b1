"""What is set before any test imports a library that reads the environment once."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # no screen is needed
os.environ["HF_HUB_OFFLINE"] = "1"  # nobody asks a hub whether a model is newer there
os.environ["TOKENIZERS_PARALLELISM"] = "false"
# Threads that wait for each other sleep: on a busy machine spinning takes many times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
