"""How well true sentences about a passage are told from false ones, and how long a check takes.

Written claims with false variants on the development corpora (MIT licence; not in this repository),
each against its own passage, against another by chance and against the nearest wrong one of all
corpora by the embedder. A fixed hash halves them: weights were fitted on the tuning half, the
reporting half is told. Who wrote the claims wrote the lists of opposites too: other people's
sentences may fare worse. A nearest wrong passage may in truth bear a claim out; nobody has looked.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from grounding_figures.cases import make_cases
from grounding_figures.fitting import fit
from grounding_figures.measuring import Checked, check_all, other_table, table_of, worst
from retrieval_evaluation.gold import Half
from retrieval_evaluation.tables import Table, rounded, show
from spine import ROOT, commit, machine

from app.embedder_choice import STARTER
from app.model_store import model_store
from app.settings import Paths, Settings
from rag.embedding import Embedder
from rag.embedding.onnx import OnnxEmbedder, Precision

SHARED = ROOT.parent / "shared" / "data" / "retrieval"
KEPT = ROOT / "build" / "grounding"
WORST = 10


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--half", type=Half, choices=list(Half), default=Half.REPORTING)
    parser.add_argument(
        "--fit", action="store_true", help="print weights fitted on the tuning half"
    )
    parser.add_argument("--keep", type=Path, default=KEPT, help="where vectors are kept")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        sys.exit(f"The development corpora are not in {arguments.folder}: name their folder.")
    embedder = open_starter()
    half = Half.TUNING if arguments.fit else arguments.half
    cases = [c for c in make_cases(arguments.folder, embedder, arguments.keep) if c.half is half]
    checked, by_words = check_all(cases, embedder), check_all(cases, None)
    if arguments.fit:
        print(json.dumps({"with meaning": fit(checked, has_meaning=True)}))
        print(json.dumps({"words alone": fit(by_words, has_meaning=False)}))
        return 0
    tables: dict[str, Table] = {
        f"grounding, {half} half": table_of(checked),
        "without an embedder": table_of(by_words),
        "time, and what counts as the model's own": other_table(checked),
    }
    show(tables)
    tell_worst(worst(checked, WORST))
    print(
        json.dumps(
            {"half": half, "machine": machine(), "commit": commit(), "figures": rounded(tables)}
        )
    )
    return 0


def open_starter() -> Embedder:
    """The starter embedder on one core, in float32 as on every machine."""
    folder = model_store(Settings(Paths.of(None))).embedder_folder(STARTER)
    graphs = ROOT / "assets" / "embedders"
    embedder = OnnxEmbedder(
        folder, name=STARTER, threads=1, graphs=graphs, precision=Precision.FLOAT32
    )
    embedder.load()
    return embedder


def tell_worst(cases: list[Checked]) -> None:
    """Print the cases that went wrong most, with their passages."""
    print("the worst cases")
    for each in cases:
        passage = each.case.passage
        print(f"{each.score:.2f} {each.case.kind}: {each.case.sentence}")
        print(f"     {passage.corpus} {passage.start}: {' '.join(passage.text.split())[:300]}\n")


if __name__ == "__main__":
    sys.exit(main())
