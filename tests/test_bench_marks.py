"""The command that draws a page with the marks of all its passages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "assets" / "samples" / "weather-station-manual.pdf"


def test_it_paints_the_passages_and_prints_them(tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    command = [sys.executable, "tests/bench/marks.py", str(MANUAL), "7", str(picture)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    assert "The rain gauge" in done.stdout
    with Image.open(picture) as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 24) or ()}
    assert (0xFF, 0xE0, 0x66) in colors
