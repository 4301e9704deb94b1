"""Tells garbled text from good: what a page's text looks like when its characters mean others.

Judges the text alone. It errs on the side of good: tables, formulas and lists of codes are text.
"""

import re
import unicodedata

ENOUGH = 40  # characters, blanks apart: of fewer nothing is said but by the useless ones among them
ENOUGH_LETTERS = 150
FEW = 3  # useless characters: a bullet or two before a number
USELESS_SHARE = 0.25  # of all characters: bullets and symbols in private use are far rarer
PLAIN_SHARE = 0.3  # of letters and digits among all; pages of formulas have more than half
MOJIBAKE_SHARE = 0.05  # of words: even a language full of accents, read wrongly, has more
# Latin languages have a third to a half of vowels; what stands for other letters rarely does.
VOWEL_SHARES = (0.2, 0.75)

# No letters, or none that anybody reads: control, half of a pair, private use.
USELESS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]"
)
# UTF-8 that was read as Windows-1252: an accented letter, a section sign, a curly quotation mark.
MOJIBAKE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u2018-\u2022\u02c6\u02dc\u20ac\u2122]"
    "|\u00e2\u20ac[\u0080-\u00bf\u0152\u0153\u02dc\u201c\u201d\u2122]"
)
REPEATED = re.compile(r"(.)\1{2,}")  # dot leaders, rules
LATIN = re.compile("[a-z]")
VOWELS = "aeiouy"


def is_garbled(text: str) -> bool:
    """Whether hardly anyone could read or search the text."""
    inked = "".join(text.split())
    if len(USELESS.findall(inked)) > max(FEW, USELESS_SHARE * len(inked)):
        return True
    plain = REPEATED.sub(r"\1", inked)
    if len(plain) < ENOUGH:
        return False
    has_symbols_alone = sum(map(str.isalnum, plain)) < PLAIN_SHARE * len(plain)
    return has_symbols_alone or _is_mojibake(text) or _has_odd_vowels(plain)


def _is_mojibake(text: str) -> bool:
    return len(MOJIBAKE.findall(text)) > MOJIBAKE_SHARE * len(text.split())


def _has_odd_vowels(plain: str) -> bool:
    """Letters of other scripts say nothing here; accents are taken off first."""
    bare = unicodedata.normalize("NFD", plain).lower()
    letter_count, latin_count = sum(map(str.isalpha, bare)), len(LATIN.findall(bare))
    if latin_count < max(ENOUGH_LETTERS, 0.8 * letter_count):
        return False
    vowel_share = sum(map(bare.count, VOWELS)) / latin_count
    lowest, highest = VOWEL_SHARES
    return not lowest <= vowel_share <= highest
