"""Figures as exact decimals, and units as QUDT IRIs with their factor to the coherent unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Final

from ..ontology.terms import PREFIXES

_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?"
)
_RANGE = re.compile(
    r"(?P<low>[0-9.,]+)(?:\s?\\?%)?(?:\s?[-–—]\s?|\s(?:to|and)\s)(?P<high>[0-9.,]+)(?:\s?%)?"
)
_WORDS: Final = MappingProxyType(
    {
        "twice": "2",
        "two": "2",
        "thrice": "3",
        "three": "3",
        "four": "4",
        "five": "5",
        "six": "6",
        "seven": "7",
        "eight": "8",
        "nine": "9",
        "ten": "10",
        "twelve": "12",
    }
)
# Stores compute with 18 digits behind the point and 20 before; a factor may take three of each.
_MOST_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement.

    Attributes:
        iri: the unit in the QUDT vocabulary.
        factor: what a value is multiplied by to bring it to a fraction, seconds or bytes; None
            where values of this unit do not compare across metrics.
    """

    iri: str
    factor: Decimal | None


def _unit(name: str, factor: str | None) -> Unit:
    return Unit(PREFIXES["unit"] + name, Decimal(factor) if factor else None)


# QUDT has no unit for a step on a metric's own scale, which is what "points" are: UNITLESS without
# a factor keeps them apart from percentages, of which a BLEU point is none.
_UNITS: Final = (
    (("%", "percent", "per cent"), _unit("PERCENT", "0.01")),
    (("percentage points", "percentage point", "pp", "%p", "p.p."), _unit("PERCENT", "0.01")),
    (("points", "point", "pts"), _unit("UNITLESS", None)),
    (("x", "×", "times", "fold"), _unit("UNITLESS", "1")),
    (("s", "sec", "second", "seconds"), _unit("SEC", "1")),
    (("ms", "millisecond", "milliseconds"), _unit("MilliSEC", "0.001")),
    (("min", "minute", "minutes"), _unit("MIN", "60")),
    (("h", "hour", "hours"), _unit("HR", "3600")),
    (("KB",), _unit("KiloBYTE", "1000")),
    (("MB",), _unit("MegaBYTE", "1000000")),
    (("GB",), _unit("GigaBYTE", "1000000000")),
    (("dB",), _unit("DeciB", None)),
)


def find_unit(written: str | None) -> Unit | None:
    """Unit of a record; None where there is none or QUDT has none for it.

    >>> find_unit("ms").iri
    'http://qudt.org/vocab/unit/MilliSEC'
    >>> find_unit("tokens per second") is None
    True
    """
    name = (written or "").strip()
    for names, unit in _UNITS:
        if name in names:
            return unit
    return None


def parse_decimal(written: str) -> Decimal | None:
    """Exact value of a figure; None for what is no decimal figure or has over 15 digits a side.

    A sign (``−`` too), groups of thousands with commas, a point and an exponent are understood, and
    the words of multiples: "twice", "three".

    >>> [parse_decimal(text) for text in ("1,200", "60.83", "−3.2", "1.2e-3", "55 and 60", "1,20")]
    [Decimal('1200'), Decimal('60.83'), Decimal('-3.2'), Decimal('0.0012'), None, None]
    """
    plain = written.strip().replace("−", "-")
    plain = _WORDS.get(plain.lower(), plain)
    if not _NUMBER.fullmatch(plain):
        return None
    value = Decimal(plain.replace(",", ""))
    digits = canonical_decimal(value).lstrip("-").partition(".")
    return value if max(len(digits[0]), len(digits[2])) <= _MOST_DIGITS else None


def parse_range(written: str) -> tuple[Decimal, Decimal] | None:
    """Ends of a range, the lower one first; None for what is no range of two decimal figures.

    >>> parse_range("15%-50"), parse_range("55 and 60"), parse_range("6-2")
    ((Decimal('15'), Decimal('50')), (Decimal('55'), Decimal('60')), None)
    """
    match = _RANGE.fullmatch(written.strip())
    if not match:
        return None
    low, high = map(parse_decimal, match.group("low", "high"))
    return (low, high) if low is not None and high is not None and low < high else None


def normalize(value: Decimal, unit: Unit | None) -> Decimal | None:
    """Value in the coherent unit, exactly; None where the unit has no factor.

    >>> str(normalize(Decimal("68.05"), find_unit("%")))
    '0.6805'
    """
    if unit is None or unit.factor is None:
        return None
    with localcontext() as context:
        context.prec = 60
        return value * unit.factor


def canonical_decimal(value: Decimal) -> str:
    """Canonical lexical form of ``xsd:decimal`` (XML Schema 1.1, part 2, 3.3.3.2).

    >>> [canonical_decimal(Decimal(text)) for text in ("0.50", "1.0", "-0.0", "1.2E-3", "2E3")]
    ['0.5', '1', '0', '0.0012', '2000']
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
