"""One query of the library: its front matter, its text and how its blanks are filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from ..graph.lexer import tokens
from ..ontology.terms import DEFAULT_BASE, PREFIXES
from .errors import UnknownParameterError
from .metadata import Form, Metadata, Parameter
from .parameters import bind

_FORMS = get_args(Form)


class Query(Metadata):
    """A query with everything that its front matter says.

    Attributes:
        text: the SPARQL below the front matter, with ``$name`` where a parameter goes.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
        slug: the file name without id and suffix, such as ``datasets-a-to-z``.
    """

    text: str
    form: Form
    slug: str

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name.

        Raises:
            UnknownParameterError: there is none.
        """
        for each in self.parameters:
            if each.name == name:
                return each
        raise UnknownParameterError(self.id, name, (each.name for each in self.parameters))

    def bind(self, values: Mapping[str, str] | None = None, *, base: str = DEFAULT_BASE) -> str:
        """Fill the blanks; the result can be executed.

        Args:
            values: text by parameter name; a parameter that is missing takes its default.
            base: base IRI of the graph that will answer, for short forms of resources.

        Raises:
            UnknownParameterError: a value for a parameter that the query does not have.
            ParameterError: a value that its parameter does not take.
        """
        given = values or {}
        for name in given:
            self.parameter(name)
        return bind(self.text, self.parameters, given, base)

    def choices_query(self, name: str) -> str | None:
        """The SELECT of ``?value`` and ``?label`` that offers values; None where there is none.

        Raises:
            UnknownParameterError: the query has no such parameter.
        """
        values = self.parameter(name).values
        if not isinstance(values, str):
            return None
        declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
        return f"{declared}{values}\n"

    @property
    def sampled(self) -> bool:
        """Whether it asks for any rows: a LIMIT without ORDER BY leaves open which ones."""
        words = {token.text.upper() for token in tokens(self.text) if token.kind == "word"}
        return "LIMIT" in words and "ORDER" not in words


def query_form(text: str) -> Form | None:
    r"""The form of a query, or None where no such keyword comes first.

    >>> query_form("# select\nPREFIX ask: <urn:ask> DESCRIBE ask:x")
    'DESCRIBE'
    """
    words = (token.text.upper() for token in tokens(text) if token.kind == "word")
    first = next((word for word in words if word not in {"PREFIX", "BASE"}), None)
    return cast(Form, first) if first in _FORMS else None
