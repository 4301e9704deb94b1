"""What a question asks for: a fact, a summary, a comparison, or all there is. English and German.

Only what is said in so many words is seen; everything else is a question for a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class QuestionKind(StrEnum):
    """What kind of evidence a question wants."""

    FACT = "fact"  # the few passages nearest to it
    SUMMARY = "summary"  # something of every part of a document
    COMPARISON = "comparison"  # as much for the one side as for the other
    LISTING = "listing"  # every document looked through


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question asks for, and what it asks it of, as it stands in the question."""

    kind: QuestionKind
    sides: tuple[str, ...] = ()  # of a comparison, the two
    topic: str = ""  # of a listing, what is to be listed
    is_of_all: bool = False  # of a summary: not of one document, but of all there are


_SUMMARY = re.compile(
    r"""
    ^(?:please\s+|can\s+you\s+|could\s+you\s+|bitte\s+)*
    (?: summari[sz]e\b | sum\s+up\b | (?:give|write|make)\s+(?:me\s+)?an?\s+(?:\w+\s+)?
        (?:summary|overview|outline|abstract)\b
      | (?:summary|overview|outline|tl;?dr)\b
      | what\s+(?:is|are)\s+(?:this|these|the|my)\s+(?:\S+\s+){0,6}?about\b
      | what\s+(?:does|do)\s+(?:this|these|the|my)\s+(?:\S+\s+){0,6}?(?:deal\s+with|cover)\b
      | what\s+are\s+the\s+(?:main|key|central)\s+(?:points|ideas|findings|messages|results)
        (?=\s+(?:of|in)\b|\W*$)
      | fass?e?\b.*\bzusammen\b | (?:eine\s+)?(?:zusammenfassung|übersicht)\b
      | (?:gib|schreib)\w*\s+(?:mir\s+)?eine\s+(?:\w+\s+)?(?:zusammenfassung|übersicht)\b
      | wor(?:um|über)\s+(?:geht|handelt)\b | wovon\s+handel\w+\b
      | was\s+sind\s+die\s+(?:wichtigsten|zentralen)\s+\w+
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ALL = re.compile(
    r"\b(?:documents|files|papers|notes|reports|books|library|collection|everything|"
    r"dokumente|dateien|notizen|berichte|bücher|bibliothek|sammlung|alles)\b",
    re.IGNORECASE,
)
# "Summarise what it says about bees" asks for facts about bees.
_TOPIC = re.compile(
    r"\b(?:says?|said|about|regarding|concerning|sagt|sagen|über)\s+\w", re.IGNORECASE
)
_COMPARISONS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcompare\s+(.+?)\s+(?:with|to|and|against)\s+(.+)",
        r"\bdifferences?\s+(?:(?:is|are)\s+there\s+)?between\s+(.+?)\s+and\s+(.+)",
        r"\bhow\s+(?:do|does|did|is|are)\s+(.+?)\s+(?:differ\w*|compare)\s+(?:from|to|with)\s+(.+)",
        r"^(.+?)\s+(?:vs\.?|versus)\s+(.+)",
        r"\bvergleich\w*\s+(.+?)\s+(?:mit|und)\s+(.+)",
        r"\bunterschied\w*\s+(?:(?:besteht|gibt\s+es)\s+)?zwischen\s+(.+?)\s+und\s+(.+)",
    )
)
_LISTING = re.compile(
    r"""
    ^(?:please\s+|can\s+you\s+|could\s+you\s+|bitte\s+)*
    (?: (?:list|name|enumerate|find|show(?:\s+me)?|give\s+me)\s+(?:me\s+)?(?:all|every|each)\b
      | what\s+are\s+all\b
      | (?:in\s+)?(?:which|what|how\s+many)\s+(?:of\s+(?:my|the|these)\s+)?
        (?:documents?|files?|papers?|notes?|reports?|letters?|e-?mails?|books?|contracts?)\b
      | (?:liste|nenne|zeig\w*|finde)\s+(?:mir\s+)?(?:alle|jede)
      | (?:in\s+)?(?:welche[mnrs]?|wie\s+viele)\s+(?:meiner\s+|der\s+)?
        (?:dokumente?n?|dateie?n?|papiere?n?|notizen|berichte?n?|briefe?n?|e-?mails?|bücher|verträge?n?)\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)

# What stands between "which notes" and what they are to hold.
_HOLDING = re.compile(
    r"""
    ^(?: (?:documents?|files?|papers?|notes?|reports?)\b\s* )?
    (?: (?:that|which|in\s+which|where)\s+ )?
    (?: (?:are|is|talk|speak|say\s+something|tell|deal)\s+(?:about|on|of|with)\s+
      | (?:mention|contain|discuss|name|cover|hold|have)s?\s+
      | (?:erwähnen|enthalten|behandeln|nennen|steht\s+etwas\s+(?:über|zu))\s+ )?
    """,
    re.IGNORECASE | re.VERBOSE,
)


def wanted_by(question: str) -> Wanted:
    """What the question asks for."""
    question = " ".join(question.split())
    for pattern in _COMPARISONS:
        if found := pattern.search(question):
            sides = tuple(side.strip(" ?.!,;:") for side in found.groups())
            return Wanted(QuestionKind.COMPARISON, sides)
    if found := _LISTING.match(question):
        topic = _HOLDING.sub("", question[found.end() :].strip(), count=1)
        return Wanted(QuestionKind.LISTING, topic=topic or question)
    found = _SUMMARY.match(question)
    if found and not _TOPIC.search(question, found.end()):
        return Wanted(QuestionKind.SUMMARY, is_of_all=_ALL.search(question) is not None)
    return Wanted(QuestionKind.FACT)
