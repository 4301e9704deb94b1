"""Python's constants outlive any number of calls into Qt."""

from __future__ import annotations

import subprocess
import sys

MANY_CALLS = """
from ui.immortal import keep_constants_alive
keep_constants_alive()
from PySide6.QtCore import QObject
thing = QObject()
for _ in range(50_000):
    thing.setObjectName("x")
    thing.blockSignals(False)
print("alive")
"""


def test_python_outlives_many_calls_of_qt() -> None:
    child = subprocess.run(
        [sys.executable, "-c", MANY_CALLS], capture_output=True, text=True, timeout=60
    )
    assert (child.stdout.strip(), child.returncode) == ("alive", 0), child.stderr[-500:]
