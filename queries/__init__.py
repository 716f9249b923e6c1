"""The query library: curated SPARQL with metadata, typed parameters and golden results.

The layer stands on `fairpapers.graph` and knows nothing of HTTP; ``README.md`` beside this file
says how to use it and how to add a query.
"""

from .answers import Answer, Table, Triples, Truth
from .errors import (
    Fault,
    FederatedQueryError,
    FormatError,
    LibraryError,
    ParameterError,
    QueriesError,
    UnknownParameterError,
    UnknownQueryError,
)
from .library import Library, library_folder, load_library
from .metadata import Column, Form, Metadata, Parameter
from .query import Query
from .rendering import formats, render
from .runner import Choice, choices, run
from .sib import library_quads, library_triples

__all__ = [
    "Answer",
    "Choice",
    "Column",
    "Fault",
    "FederatedQueryError",
    "Form",
    "FormatError",
    "Library",
    "LibraryError",
    "Metadata",
    "Parameter",
    "ParameterError",
    "QueriesError",
    "Query",
    "Table",
    "Triples",
    "Truth",
    "UnknownParameterError",
    "UnknownQueryError",
    "choices",
    "formats",
    "library_folder",
    "library_quads",
    "library_triples",
    "load_library",
    "render",
    "run",
]
