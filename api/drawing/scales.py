"""From numbers to places, without overflow, for whatever a graph may hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

# Beyond these, steps of ticks would be lost in rounding; the ends are labelled alone.
_LEAST_SPAN: Final = 1e-9
_LARGEST: Final = 1e15
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A range of numbers, ``low`` to ``high``, both finite."""

    low: float
    high: float

    @classmethod
    def around(cls, values: Iterable[float], *, zero: bool = False) -> Scale:
        """The least range with all the values in it, and with 0 where asked for; 0 to 0 of none."""
        known = [value for value in values if math.isfinite(value)]
        if zero or not known:
            known.append(0.0)
        return cls(min(known), max(known))

    def share(self, value: float) -> float:
        """Where a value lies, from 0 at the low end to 1 at the high one; 0.5 in an empty range.

        >>> Scale(0, 4).share(1)
        0.25
        """
        # Halves first: the difference of the two largest floats is no float.
        span = self.high / 2 - self.low / 2
        if span <= 0:
            return 0.5
        return min(1.0, max(0.0, (value / 2 - self.low / 2) / span))

    def rounded(self, most: int = 5) -> Scale:
        """The range widened so that it begins and ends with a tick, where ticks are round.

        >>> Scale(0.0, 39.0).rounded(4)
        Scale(low=0.0, high=40.0)
        """
        if not self._has_steps:
            return self
        step = _step(self.high - self.low, most)
        low, high = math.floor(self.low / step) * step, math.ceil(self.high / step) * step
        # Never narrower, in spite of rounding.
        return Scale(min(self.low, low), max(self.high, high))

    @property
    def _has_steps(self) -> bool:
        largest = max(abs(self.low), abs(self.high))
        span = self.high / 2 - self.low / 2
        return largest <= _LARGEST and span > max(_LEAST_SPAN, largest * _LEAST_SPAN)

    def ticks(self, most: int = 5) -> Sequence[float]:
        """Round numbers within the range, in order; its two ends where there are none.

        >>> Scale(0.0, 34.0).ticks()
        (0.0, 10.0, 20.0, 30.0)
        >>> Scale(2016.0, 2025.0).ticks()
        (2020.0, 2025.0)
        """
        ends = (self.low,) if self.low == self.high else (self.low, self.high)
        if not self._has_steps:
            return ends
        step = _step(self.high - self.low, most)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        # Within the range, in spite of rounding.
        found = [min(self.high, max(self.low, n * step)) for n in range(first, last + 1)]
        return tuple(found) if len(found) > 1 else ends


def _step(span: float, most: int) -> float:
    """The least round step that makes at most so many ticks."""
    magnitude: float = 10.0 ** math.floor(math.log10(span / most))
    return next(
        size * magnitude for size in (*_STEPS, 20.0) if span / (size * magnitude) <= most - 1 + 1e-9
    )


def number(value: float) -> str:
    """A number as people read it.

    >>> number(1234), number(0.6812345), number(2.5e20), number(-0.0)
    ('1,234', '0.6812', '2.5e+20', '0')
    """
    if value == 0:
        return "0"
    if abs(value) < _LARGEST and value == int(value):
        return f"{int(value):,}"
    return f"{value:,.4g}"
