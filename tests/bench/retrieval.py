"""How well the passages that answer a question are found, and how short the evidence is.

Questions with the exact places that answer them, split by a hash into a half for choosing weights
and a half that is reported. Measures ranked passages, the evidence cut at some budgets of tokens,
pages, and the time from a question to them; nothing is said of what a model makes of it.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from retrieval_evaluation import absence, corpora, headings, latency, pdfs, reports
from retrieval_evaluation.gold import Half
from retrieval_evaluation.libraries import KEPT
from retrieval_evaluation.run import Run
from retrieval_evaluation.tables import Table, rounded, show
from retrieval_evaluation.targets import beside_targets
from spine import ROOT, commit, machine

SHARED = ROOT.parent / "shared" / "data"
SETS = {
    "corpora": corpora.measure,
    "pdfs": pdfs.measure,
    "reports": reports.measure,
    "headings": headings.measure,
    "absence": absence.measure,
    "latency": latency.measure,
}


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--half", type=Half, choices=list(Half), default=Half.REPORTING)
    parser.add_argument("--set", choices=SETS, action="append", help="all sets without it")
    parser.add_argument("--keep", type=Path, default=KEPT, help="where libraries are kept")
    parser.add_argument("--no-baseline", action="store_true", help="LangChain is not asked")
    parser.add_argument("--json", action="store_true", help="the JSON line alone")
    arguments = parser.parse_args()
    run = Run(arguments.folder, arguments.keep, arguments.half, not arguments.no_baseline)
    figures: dict[str, Table] = {}
    for name in arguments.set or SETS:
        tables = SETS[name](run)
        if not arguments.json:
            show(tables)
        figures |= tables
    summary = beside_targets(figures)
    if not arguments.json:
        show(summary)
    about = {"half": arguments.half, "machine": machine(), "commit": commit()}
    print(json.dumps(about | {"figures": rounded(figures | summary)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
