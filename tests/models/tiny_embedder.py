"""Makes a tiny embedder with random weights, in the folder that sentence-transformers would save.

`python tests/models/tiny_embedder.py FOLDER TOKENIZER [--seed N] [--pooling cls] [--longest N]`:
a BERT of two layers, with the tokenizer in the folder TOKENIZER.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

WIDTH = 32
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def make(folder: Path, tokenizer: Path, *, seed: int, pooling: str, longest: int) -> None:
    """Write the model's folder."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    config = BertConfig(
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=2 * WIDTH,
        initializer_range=0.3,  # with the usual one all texts are alike
        vocab_size=30_522,
    )
    BertModel(config).save_pretrained(folder)
    for name in TOKENIZER_FILES:
        shutil.copyfile(tokenizer / name, folder / name)
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (path, kind) in enumerate(kinds.items())
    ]
    pooled = {"word_embedding_dimension": WIDTH, f"pooling_mode_{pooling}": True}
    pooled |= {"pooling_mode_mean_tokens": pooling == "mean_tokens"}
    write(folder / "modules.json", modules)
    write(folder / "1_Pooling" / "config.json", pooled)
    write(folder / "sentence_bert_config.json", {"max_seq_length": longest, "do_lower_case": False})


def write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pooling", choices=("cls_token", "mean_tokens"), default="mean_tokens")
    parser.add_argument("--longest", type=int, default=128)
    options = parser.parse_args()
    make(**vars(options))
