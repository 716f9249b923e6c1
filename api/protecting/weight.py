"""How much of the engine's stack a query may take, told from its tokens before it runs.

The engine recurses over nested brackets, and over chains such as ``1+1+…`` or a thousand OPTIONAL
in a row, one frame an element; a stack that overflows takes the process along. Lists of data (the
rows of VALUES, what INSERT DATA holds) and arguments between commas do not recurse.
"""

from __future__ import annotations

from typing import Final

from ..errors import QueryTooComplexError, QueryTooDeepError

_OPENING: Final = "({["
_CLOSING: Final = ")}]"
# What may stand between VALUES and its block.
_BEFORE_DATA: Final = ("variable", "parameter")


class Weight:
    """Adds up the tokens that the engine holds frames for at the same time.

    These are the tokens of the brackets that are open, up to where the reading is; what stands in
    brackets that were closed again counts as one.
    """

    def __init__(self, max_depth: int, max_terms: int) -> None:
        self.depth = 0
        self._max_depth = max_depth
        self._max_terms = max_terms
        self._open: list[tuple[int, bool, bool]] = []
        self._here = 0
        self._outside = 0
        self._is_data = False
        self._is_list = False
        self._data_follows = False
        self._last = ("", -1)

    def take(self, kind: str, text: str, start: int) -> None:
        """Count a token, which is neither a comment nor white space.

        Raises:
            QueryTooDeepError: brackets nest deeper than allowed.
            QueryTooComplexError: more tokens than allowed.
        """
        if kind == "other":
            self._take_mark(text, start)
        elif kind == "word" and text.upper() in ("VALUES", "DATA"):
            self._data_follows = True
        elif kind not in _BEFORE_DATA:
            self._data_follows = False
        if not self._is_data:
            self._here += 1
            if self._here + self._outside > self._max_terms:
                raise QueryTooComplexError(self._max_terms)

    def _take_mark(self, mark: str, start: int) -> None:
        # "<<" opens a triple term or a reified triple; a single "<" compares.
        doubled = mark in "<>" and self._last == (mark, start - 1)
        self._last = ("", -1) if doubled else (mark, start)
        if mark in _OPENING or (doubled and mark == "<"):
            self._enter(mark)
        elif mark in _CLOSING or doubled:
            self._leave()
        elif mark == "," and self._is_list:
            self._here = 0
        if mark not in "()":
            self._data_follows = False

    def _enter(self, mark: str) -> None:
        self.depth += 1
        if self.depth > self._max_depth:
            raise QueryTooDeepError(self._max_depth)
        self._open.append((self._here, self._is_data, self._is_list))
        self._outside += self._here
        self._here = 0
        self._is_data |= mark == "{" and self._data_follows
        self._is_list = mark == "("

    def _leave(self) -> None:
        self.depth -= 1
        if self._open:
            self._here, self._is_data, self._is_list = self._open.pop()
            self._outside -= self._here
