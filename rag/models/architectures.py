"""The kinds of models that llama.cpp knows, by the names that GGUF files give them.

As of llama.cpp's release of autumn 2026; a file of a newer kind may run all the same, with a newer
llama.cpp, and only trying tells.
"""

from __future__ import annotations

# Those that write text, one word after the other.
LANGUAGE_MODELS = frozenset(
    """
    afmoe apertus arcee arctic arwkv7 baichuan bailingmoe bailingmoe2 bitnet bloom chameleon chatglm
    codeshell cogvlm cohere2 command-r dbrx deci deepseek deepseek2 deepseek2-ocr dots1 ernie4_5
    ernie4_5-moe exaone exaone-moe exaone4 falcon falcon-h1 gemma gemma2 gemma3 gemma3n gemma4
    glm-dsa glm4 glm4moe gpt-oss gpt2 gptj gptneox granite granitehybrid granitemoe grok grovemoe
    hunyuan-dense hunyuan-moe hunyuan_vl internlm2 jais jais2 jamba kimi-linear lfm2 lfm2moe llama
    llama4 maincoder mamba mamba2 mimo2 minicpm minicpm3 minimax-m2 mistral3 mistral4 mpt nemotron
    nemotron_h nemotron_h_moe olmo olmo2 olmoe openelm orion paddleocr pangu-embedded phi2 phi3
    phimoe plamo plamo2 plamo3 plm qwen qwen2 qwen2moe qwen2vl qwen3 qwen35 qwen35moe qwen3moe
    qwen3next qwen3vl qwen3vlmoe refact rwkv6 rwkv6qwen2 rwkv7 seed_oss smallthinker smollm3
    stablelm starcoder starcoder2 step35 xverse
    """.split()  # noqa: SIM905 - a hundred lines of one word each are no better to read
)

# Embedders, encoders, image readers, voices, and those that write a whole text at once.
OTHER_MODELS = frozenset(
    """
    bert clip dream eurobert gemma-embedding jina-bert-v2 jina-bert-v3 llada llada-moe llama-embed
    modern-bert neo-bert nomic-bert nomic-bert-moe rnd1 t5 t5encoder wavtokenizer-dec
    """.split()  # noqa: SIM905 - as above
)
