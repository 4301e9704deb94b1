"""Follow-up questions made whole with the conversation before them, by rules and without a model.

What comes out is for the search alone: the question as it was asked is what a model reads, which
has the conversation before it anyway.
"""

from __future__ import annotations

import re

from rag.types import Turn
from rag.words import content_words, stem

LONGEST_REFERENCE = 12  # words; a longer question names what it is about
MOST_NAMES = 4  # taken over from the answer

_CONNECTIVE = re.compile(
    r"(?:and|but|or|so|then|also|what about|how about|what of|und|aber|oder|dann|auch|"
    r"was ist mit|wie ist es mit|wie sieht es mit)\b[\s,:]*",
    re.IGNORECASE,
)
# Words that point at what was said before, unless the question itself has said it by then.
_POINTERS = frozenset(
    """
    it its they them their theirs he him his she her hers this that these those there one ones same
    former latter ihn ihm ihr ihre ihrer sein seine seiner dieser dieses diese diesen diesem dort
    davon dafür damit daran darin dazu deren dessen letztere
    """.split()  # noqa: SIM905  # reads better than a list
)
_WORD = re.compile(r"[^\W_]+(?:[-.'\u2019][^\W_]+)*")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NAME = re.compile(r"[^\W\d_a-z][\w'\u2019-]+(?: (?:of |de |von |van )?[^\W\d_a-z][\w'\u2019-]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|\n)\s*\Z")


def standalone(question: str, history: tuple[Turn, ...]) -> str:
    """The question with what it leaves to the conversation; itself where it leaves nothing.

    "And in 2019?" takes the question before with the year changed; a question that points at
    something ("what does it cost?") or hardly names anything takes the words of the one before,
    and the names in its answer.
    """
    asked = next((turn for turn in reversed(history) if turn.question), None)
    if asked is None or not _leans(question):
        return question
    years = _YEAR.findall(question)
    if len(years) == 1 and set(content_words(_without_connective(question))) <= set(years):
        return (
            _YEAR.sub(years[0], asked.question)
            if _YEAR.search(asked.question)
            else (f"{asked.question.rstrip(' ?.!')} {years[0]}?")
        )
    return " ".join([question, *_topic(question, asked, changes_year=bool(years))])


def _leans(question: str) -> bool:
    """Whether the question cannot be understood alone."""
    begins = _without_connective(question)
    own = content_words(begins)
    if begins != question or len(own) < 2:
        return len(own) <= LONGEST_REFERENCE
    return len(_WORD.findall(question)) <= LONGEST_REFERENCE and _points_back(question)


def _without_connective(question: str) -> str:
    return (
        _CONNECTIVE.sub("", question.strip(), count=1)
        if _CONNECTIVE.match(question.strip())
        else question
    )


def _points_back(question: str) -> bool:
    """Whether a pronoun stands in it before anything that it could mean.

    A noun right behind it ("this report") is what is pointed at, and so is still of before; a
    name before it ("When did Marie Curie win her prize?") is what it means.
    """
    words = _WORD.findall(question)
    for at, word in enumerate(words):
        if word.lower() in _POINTERS:
            return not any(_could_be_meant(before) for before in words[1:at])
    return False


def _could_be_meant(word: str) -> bool:
    return bool(content_words(word)) and (word[0].isupper() or len(word) > 4)


def _topic(question: str, asked: Turn, *, changes_year: bool) -> list[str]:
    """The words of the turn before that the question does not have itself."""
    before = _YEAR.sub("", asked.question) if changes_year else asked.question
    own = {stem(word) for word in content_words(question)}
    wanted = [word for word in content_words(before) if stem(word) not in own]
    return [*wanted, *_names_in(asked.answer, own | {stem(word) for word in wanted})]


def _names_in(answer: str, known: set[str]) -> list[str]:
    """Names in an answer that are not known yet: what a pronoun most likely means."""
    names = (
        found[0]
        for found in _NAME.finditer(answer)
        if not _SENTENCE_START.search(answer[: found.start()]) or " " in found[0]
    )
    new = [name for name in dict.fromkeys(names) if not _stems(name) <= known]
    return new[:MOST_NAMES]


def _stems(name: str) -> set[str]:
    return {stem(word) for word in content_words(name)}
