"""The query library: curated SPARQL with metadata, typed parameters and golden results.

The layer stands on `fairpapers.graph` and knows nothing of HTTP; ``README.md`` beside this file
says how to use it and how to add a query.
"""

from .errors import (
    Fault,
    FormatError,
    GoldenError,
    LibraryError,
    ParameterError,
    QueriesError,
    UnknownParameterError,
    UnknownQueryError,
)
from .library import Library, library_folder, load_library
from .metadata import Column, Form, Metadata, Parameter
from .query import Query

__all__ = [
    "Column",
    "Fault",
    "Form",
    "FormatError",
    "GoldenError",
    "Library",
    "LibraryError",
    "Metadata",
    "Parameter",
    "ParameterError",
    "QueriesError",
    "Query",
    "UnknownParameterError",
    "UnknownQueryError",
    "library_folder",
    "load_library",
]
