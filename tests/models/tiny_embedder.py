"""Makes a tiny embedder with random weights, in the folder that sentence-transformers would save.

`python tests/models/tiny_embedder.py FOLDER TOKENIZER [--seed N] [--pooling cls] [--longest N]
[--shape nomic]`: a model of two layers, with the tokenizer in the folder TOKENIZER.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

WIDTH = 32
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


SIZES = {
    "hidden_size": WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 2 * WIDTH,
    "initializer_range": 0.3,  # with the usual one all texts are alike
    "vocab_size": 30_528,
}


def make(
    folder: Path, tokenizer: Path, *, seed: int, shape: str, pooling: str, longest: int
) -> None:
    """Write the model's folder."""
    import torch
    import transformers as of

    torch.manual_seed(seed)
    model: of.PreTrainedModel
    match shape:
        case "nomic":
            model = of.NomicBertModel(of.NomicBertConfig(**SIZES))
        case "modernbert":
            model = of.ModernBertModel(of.ModernBertConfig(**SIZES, pad_token_id=0))
        case _:
            model = of.BertModel(of.BertConfig(**SIZES))
    model.save_pretrained(folder)
    if shape == "nomic":
        name_code_of_its_own(folder / "config.json")
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


def name_code_of_its_own(path: Path) -> None:
    """As the published model does, whose names of sizes are other ones besides."""
    owner = "nomic-ai/nomic-bert-2048--"
    own = {
        "AutoConfig": f"{owner}configuration_hf_nomic_bert.NomicBertConfig",
        "AutoModel": f"{owner}modeling_hf_nomic_bert.NomicBertModel",
    }
    more = {"n_embd": WIDTH, "n_layer": 2, "activation_function": "swiglu", "auto_map": own}
    write(path, json.loads(path.read_text("utf-8")) | more)


def write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--shape", choices=("bert", "nomic", "modernbert"), default="bert")
    parser.add_argument("--pooling", choices=("cls_token", "mean_tokens"), default="mean_tokens")
    parser.add_argument("--longest", type=int, default=128)
    options = parser.parse_args()
    make(**vars(options))
