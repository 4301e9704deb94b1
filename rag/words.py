"""The words of a text that matter: for the keyword leg, for quotations and for checking claims."""

from __future__ import annotations

import re

# "e-mail", "3.5", "don't", "KX-200" and "1,200" stay whole.
_WORD = re.compile(r"\w+(?:[-.'\u2019]\w+|(?<=\d),\d{3}(?!\d))*")
_AS_TYPED = {0x2019: "'", ord(","): None}
_VOWEL = re.compile("[aeiouyäöü]")  # without one, what is left of "string" is no word
_ENDINGS = ("ingly", "edly", "ely", "lies", "lied", "ies", "ied", "ing", "es", "ed", "ly", *"sey")
_NO_ENDINGS = ("eed", "ss", "us", "is")  # "speed", "glass", "status", "analysis"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

# Function words and the words that questions are made of, English and German.
STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be because been before being between both but by
    can could did do does doing down during each few for from further give had has have having he
    her here hers him his how i if in into is it its itself just me more most must my no nor not
    now of off on once only or other our out over own per please same shall she should so some such
    tell than that the their theirs them then there these they this those through to too under
    until up upon us very was we were what when where which while who whom whose why will with
    would you your yours
    aber alle als am an auch auf aus bei bin bis bist da damit dann das dass dein dem den der des
    die dies diese dieser dieses doch dort du durch ein eine einem einen einer eines er es für
    hat habe haben hatte hier ich ihr ihre im in ist ja kann kein keine man mein mit muss nach
    nicht noch nur ob oder ohne sehr sein seine sich sie sind so soll um und uns unser unter vom
    von vor wann war warum was wegen wenn wer werden wie wieder wir wird wo wurde zu zum zur über
    """.split()  # noqa: SIM905  # a list of them would fill 200 lines
)


def words_of(text: str) -> list[str]:
    """All words, in lower case and in order; numbers and identifiers stay whole.

    A genitive's ending is left out, so that "the station's" asks for "station"; a number's
    separators of thousands are, so that "1,200" asks for "1200".
    """
    words = (word.lower().translate(_AS_TYPED) for word in _WORD.findall(text))
    return [word.removesuffix("'s") for word in words]


def content_words(text: str) -> list[str]:
    """The words that are no stop words, each once, in order."""
    return list(dict.fromkeys(word for word in words_of(text) if word not in STOP_WORDS))


def stem(word: str) -> str:
    """A word without its commonest English endings: enough to see that two words are kin."""
    if word.endswith(_NO_ENDINGS):
        return word
    for ending in _ENDINGS:
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3:
            return root if _VOWEL.search(root) else word
    return word


def content_stems(text: str) -> set[str]:
    """The stems of the content words."""
    return {stem(word) for word in content_words(text)}


def numbers_of(text: str) -> set[str]:
    """The numbers in a text, without separators of thousands: "1,200" and "1200" are one."""
    return {re.sub(r",(?=\d{3})", "", number) for number in _NUMBER.findall(text)}
