"""Numbers as quantities: "$1.2 million", "eight", "a quarter", "three decades", "first".

Only what is written is compared: nothing is added up, and no unit is turned into another but
decades and centuries into years, cents into dollars, and fractions into percents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen
""".split()  # noqa: SIM905  # lists of words read better so
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()  # noqa: SIM905
_GERMAN = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()  # noqa: SIM905
_WORDS = (
    {word: number for number, word in enumerate(_UNITS)}
    | {word: 10 * number for number, word in enumerate(_TENS, start=2)}
    | {word: number for number, word in enumerate(_GERMAN)}
)
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "dozen": 12.0, "hundert": 1e2, "tausend": 1e3, "millionen": 1e6, "milliarden": 1e9,
    "m": 1e6, "bn": 1e9, "k": 1e3,
}  # fmt: skip
_FRACTIONS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_YEARS = {"decade": 10.0, "decades": 10.0, "century": 100.0, "centuries": 100.0}

_CURRENCIES = {"$": "$", "€": "€", "£": "£", "¥": "¥", "dollars": "$", "euros": "€", "pounds": "£"}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"""(?P<sign>[$€£¥]\s?)?
    (?:(?<![\w.,])(?<![^\W\d_]-)(?P<digits>\d+(?:,\d{{3}})+(?:\.\d+)?|\d*\.?\d+)(?P<nth>st|nd|rd|th)?
      |\b(?P<word>(?:{_WORD})(?:[\s-](?:{_WORD}))?)\b
      |\b(?P<a>an?|half\ an?|quarter\ of\ an?|a\ half|another|further|next|last|past)
        \s(?={_SCALE}\b|decade|century)
    )
    (?P<scale>(?:[\s-]?(?:{_SCALE})\b)*)
    (?:[\s-]?(?P<unit>%|percent\b|per\ cent\b|dollars\b|euros\b|pounds\b|cents\b
       |decades?\b|century\b|centuries\b))?
    (?![^\W\d_]*\d|[^\W_\d])""",
    re.IGNORECASE | re.VERBOSE,
)
_FRACTION = re.compile(
    r"\b(?P<top>an?|one|two|three)[\s-](?P<part>half|third|quarter|fifth|tenth)s?\b(?!\s+of\s+an?\s)",
    re.IGNORECASE,
)
_IN = re.compile(rf"\b(?P<top>one|1) in (?P<bottom>{_WORD}|\d+)\b", re.IGNORECASE)
_DATE = re.compile(r"(?<![\w/.])\d{1,2}([/.])\d{1,2}\1(?P<year>\d{4}|\d{2})(?![\w/])")
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)


class Unit(StrEnum):
    """What kind of quantity it is; of a plain number nothing is known."""

    PLAIN = ""
    PERCENT = "%"
    MONEY = "$"
    ORDINAL = "th"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text: `digits` times `scale` is its value."""

    digits: float
    scale: float
    unit: Unit
    currency: str
    start: int  # in the text

    @property
    def value(self) -> float:
        return self.digits * self.scale

    def agrees_with(self, other: Quantity) -> bool:
        """Whether both may be one number; where one of them names no scale, a table's head may."""
        if Unit.PLAIN not in (self.unit, other.unit) and self.unit is not other.unit:
            return False
        if Unit.ORDINAL in (self.unit, other.unit) and self.unit is not other.unit:
            return self.value == other.value > 10  # "the 21st" and "21", but not "first" and "1"
        if self.currency and other.currency and self.currency != other.currency:
            return False
        return _same(self.value, other.value) or (
            1 in (self.scale, other.scale) and _same(self.digits, other.digits)
        )


def quantities_of(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in order."""
    found = [*_numbers(_IN.sub(_blank, text)), *_shares(text), *_ordinals(text), *_years(text)]
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def _blank(match: re.Match[str]) -> str:
    """As many spaces: "one in four" is a quarter, and neither one nor four."""
    return " " * len(match[0])


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other))


def _numbers(text: str) -> Iterator[Quantity]:
    for match in _QUANTITY.finditer(text):
        digits, scale = _digits(match), 1.0
        for word in re.split(r"[\s-]+", match["scale"].lower()):
            scale *= _SCALES.get(word, 1.0)
        unit, named = Unit.PLAIN, (match["unit"] or "").lower()
        currency = _CURRENCIES.get((match["sign"] or "").strip(), "") or _CURRENCIES.get(named, "")
        if named in ("%", "percent", "per cent"):
            unit = Unit.PERCENT
        elif named == "cents":
            digits, currency = digits / 100, "$"
        elif named in _YEARS:
            digits *= _YEARS[named]
        if currency:
            unit = Unit.MONEY
        if match["nth"]:
            unit = Unit.ORDINAL
        yield Quantity(digits, scale, unit, currency, match.start())


def _digits(match: re.Match[str]) -> float:
    if match["digits"]:
        return float(match["digits"].replace(",", ""))
    if match["word"]:
        return float(sum(_WORDS[word] for word in re.split(r"[\s-]", match["word"].lower())))
    article = match["a"].lower()
    return 0.5 if "half" in article else 0.25 if "quarter" in article else 1.0


def _shares(text: str) -> Iterator[Quantity]:
    tops = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
    for match in _FRACTION.finditer(text):
        percent = tops[match["top"].lower()] * _FRACTIONS[match["part"].lower()]
        yield Quantity(percent, 1.0, Unit.PERCENT, "", match.start())
    for match in _IN.finditer(text):
        bottom = match["bottom"].lower()
        parts = _WORDS.get(bottom) or (float(bottom) if bottom.isdigit() else 0)
        if parts:
            yield Quantity(100 / parts, 1.0, Unit.PERCENT, "", match.start())


def _ordinals(text: str) -> Iterator[Quantity]:
    for match in _ORDINAL.finditer(text):
        number = _ORDINALS.index(match[0].lower()) + 1
        yield Quantity(float(number), 1.0, Unit.ORDINAL, "", match.start())


def _years(text: str) -> Iterator[Quantity]:
    """The years of dates such as 12/31/02: a number of two digits below 70 is of this century."""
    for match in _DATE.finditer(text):
        year = float(match["year"])
        year += 0 if year >= 100 else 2000 if year < 70 else 1900
        yield Quantity(year, 1.0, Unit.PLAIN, "", match.start())
