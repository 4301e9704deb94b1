"""Whether what an answer says stands in its evidence: a claim, a passage, a score, no model."""

from rag.grounding.checking import BORNE_OUT, Check, check
from rag.grounding.ground import Ground, Wording
from rag.grounding.signals import Vector

__all__ = ["BORNE_OUT", "Check", "Ground", "Vector", "Wording", "check"]
