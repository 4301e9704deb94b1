"""Which language a text is in, told by its commonest words, and the stemmer of each language.

Only languages for which there is a stemmer are told apart; others are "" and are not stemmed.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import Stemmer

# A language's ISO 639-1 code, its stemmer, and words that are common in it and few of the others.
_TABLE = """
en english: the of and to is that was for it with on are this from by which not have what
  how when where who why does do did can you i my
de german: der die und das den nicht ist ein eine einen mit dem auf für sich auch wie wird
  was wer wo wann warum welche welcher viel ich im zu
fr french: le la les des et est une un de du pour dans qui que pas sur avec au sont ce par
  il en quel quelle comment combien où je
es spanish: el la los las y de una un del por para con que como más pero su lo al está son
  en qué cuál cómo cuándo cuánto dónde
it italian: il la di che è gli della per non sono con una un nel anche alla delle più dei
  quanto quale come dove quando cosa
pt portuguese: o os as e de uma um do da em não com para dos ao mais pelo são das foi que
  qual como onde quando quanto
nl dutch: het de een van en niet is zijn voor met dat op te aan ook door wordt bij naar
  wat hoe waar wanneer wie
sv swedish: och att det som är inte för av med till den ett har på om var från hur vad
da danish: og det som er ikke til af med den et har på at fra der blev hvad hvordan
no norwegian: og det som er ikke til av med den et har på å fra ble hva hvordan jeg
fi finnish: ja on ei se että hän oli mutta kun ovat myös joka tai mitä niin miten
hu hungarian: az és hogy nem egy is volt ez meg csak már de van mint kell vagy hol
pl polish: i w na z do nie się to że jest jak po ale co dla od przez są gdzie kiedy
cs czech: a v na se je s z do že to jako pro jsou které však při také od kde kdy jak
ro romanian: și în la de este nu cu pe din care mai pentru sau sunt să prin unde când
tr turkish: ve bir bu için ile da çok olarak daha ne gibi olan değil kadar nerede
ru russian: и в не на что с по как это он к но из у за от так для же где когда
el greek: και το να η της του με για που στο είναι από δεν τα οι τι πού πώς
ar arabic: في من على أن إلى هذا التي عن مع الذي كان لا ما هذه كيف متى أين
"""  # noqa: RUF001  # Greek and Cyrillic letters are meant
_LINE = re.compile(r"^(\w\w) (\w+): (.*(?:\n  .*)*)", re.MULTILINE)
_STEMMER_NAMES: dict[str, str] = {code: name for code, name, _ in _LINE.findall(_TABLE)}
_LANGUAGES_OF_WORD: dict[str, list[str]] = {}
for _code, _, _words in _LINE.findall(_TABLE):
    for _word in _words.split():
        _LANGUAGES_OF_WORD.setdefault(_word, []).append(_code)
STEMMED_LANGUAGES = tuple(_STEMMER_NAMES)
STEMMERS = f"Snowball {Stemmer.version()}"  # another version may give other stems

_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 20_000  # characters
_KEPT_STEMS = 50_000  # of a language and thread: 10 MB at most
_SURE = 0.05  # of a text's words at least: a language's commonest are a quarter of all


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...


class _Stems(dict[str, str]):
    """The stems of one language by word, as many as were asked for: five times as fast."""

    def __init__(self, language: str) -> None:
        self._stemmer: _Stemmer = Stemmer.Stemmer(_STEMMER_NAMES[language])

    def __missing__(self, word: str) -> str:
        if len(self) >= _KEPT_STEMS:
            self.clear()
        stem = self[word] = self._stemmer.stemWord(word)
        return stem


class _Stemmers(threading.local):
    """One of each language a thread: they may not be shared."""

    def __init__(self) -> None:
        self.there: dict[str, _Stems] = {}


_STEMMERS = _Stemmers()


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language that a text is in, as far as it can be told; else ""."""
    words = _WORD.findall(text[:_LOOKED_AT].lower())
    votes = Counter(code for word in words for code in _LANGUAGES_OF_WORD.get(word, ()))
    if not votes:
        return ""
    code, count = votes.most_common(1)[0]
    return code if count >= _SURE * len(words) else ""


def name_of(language: str) -> str:
    """The English name of a language's ISO 639-1 code; empty for one that is not told apart."""
    return _STEMMER_NAMES.get(language, "").capitalize()


def is_latin(text: str) -> bool:
    """Whether at least half of a text's letters are Latin ones."""
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters)
    return latin >= len(letters) / 2


def is_common(word: str, language: str) -> bool:
    """Whether a word in lower case is one of the commonest of a language: it says nothing."""
    return language in _LANGUAGES_OF_WORD.get(word, ())


def stems_of(words: Sequence[str], language: str) -> list[str]:
    """The stems (Snowball; Porter, 2001) of words in lower case; in "" the words themselves."""
    if language not in _STEMMER_NAMES:
        return list(words)
    stems = _STEMMERS.there.get(language)
    if stems is None:
        stems = _STEMMERS.there[language] = _Stems(language)
    return list(map(stems.__getitem__, words))
