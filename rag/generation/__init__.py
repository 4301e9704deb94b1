"""Language models that answer a conversation: llama.cpp on this machine, or a server by address.

`LanguageModel` is the seam: who answers need not know where the words come from.
"""

from rag.generation.language_model import LanguageModel
from rag.generation.local_model import LocalModel
from rag.generation.plan import CacheType, Plan

__all__ = ["CacheType", "LanguageModel", "LocalModel", "Plan"]
