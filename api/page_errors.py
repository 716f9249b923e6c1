"""Errors of pages and of the query library over HTTP.

ApiError
├── PageNotFoundError        404, no such page
├── UnknownEntityError       404, no statement about an IRI
├── QueryNotFoundError       404, with ids that look like it
├── InvalidParameterError    400, with the parameter named
├── UnreadableAnswerError    500, an answer in another form than was asked for
└── NoSearchIndexError       503, the snapshot cannot be searched
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlencode

from ..queries import ParameterError, UnknownParameterError, UnknownQueryError
from .errors import ApiError

# What keys are made of besides words.
_WORDS = re.compile(r"[^A-Za-z0-9]+")


class PageNotFoundError(ApiError):
    """No page has that path."""

    status, slug, title = 404, "not-found", "There is no such page"

    def __init__(self, path: str, hint: str = "", see: str = "") -> None:
        super().__init__(f"no page has the path {path}{f'; {hint}' if hint else ''}")
        self.path = path
        self.near: Sequence[tuple[str, str]] = [(see, see)] if see else []


class UnknownEntityError(ApiError):
    """The graph says nothing about an IRI."""

    status, slug, title = 404, "unknown-entity", "The graph does not know this thing"

    def __init__(self, iri: str) -> None:
        super().__init__(f"no statement of this graph is about {iri}")
        self.iri = iri
        words = _WORDS.sub(" ", unquote(iri.rpartition("/")[2])).strip()[:60]
        self.see = f"/queries/A05?{urlencode({'text': words})}" if words else ""

    @property
    def members(self) -> dict[str, object]:
        """The IRI that was asked for, and a search for the words at its end."""
        return {"iri": self.iri, "see": self.see} if self.see else {"iri": self.iri}


class QueryNotFoundError(ApiError):
    """The library has no query of that id; ``near`` holds ids that look like it."""

    status, slug, title = 404, "unknown-query", "There is no such query"

    def __init__(self, error: UnknownQueryError) -> None:
        super().__init__(str(error))
        self.near: Sequence[str] = error.near

    @property
    def members(self) -> dict[str, object]:
        """Ids that look like the one asked for."""
        return {"near": list(self.near)}


class InvalidParameterError(ApiError):
    """A parameter that the query does not have, or a value that it does not take."""

    status, slug, title = 400, "invalid-parameter", "A parameter is not valid"

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name = name

    @classmethod
    def of(cls, error: ParameterError | UnknownParameterError) -> InvalidParameterError:
        """Make it from the library's own error."""
        name = error.parameter if isinstance(error, ParameterError) else error.name
        return cls(name, str(error))

    @property
    def members(self) -> dict[str, object]:
        """The parameter at fault."""
        return {"parameter": self.name}


class UnreadableAnswerError(ApiError):
    """A query process answered in another form than it was asked for."""

    status, slug, title = 500, "unreadable-answer", "The answer could not be read"

    def __init__(self) -> None:
        super().__init__(
            "the answer of the graph could not be read; the cause is in the server's log"
        )


class NoSearchIndexError(ApiError):
    """The snapshot that is served has no search index."""

    status, slug, title = 503, "no-search-index", "This graph cannot be searched now"

    def __init__(self) -> None:
        super().__init__(
            "this snapshot was made by an older version, or by an update that left no time for "
            "its search index; build the graph again, or ask query A05"
        )
