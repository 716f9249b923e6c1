"""Queries that ask other endpoints too: their SERVICE clauses, and answers that are stored.

Nothing here opens a connection. Whoever may ask puts the rows of an answer in the place of its
clause (`api.federation`); who may not, or has no network, takes the stored ones (`fixtures`).
"""

from .clauses import Clause, ClauseError, Federated, Local, find_clauses
from .fixtures import (
    Fixture,
    FixtureError,
    StoredAnswer,
    fixture_folder,
    fixture_path,
    load_fixture,
)
from .replay import hosts, replayed, stored_text
from .tables import (
    NOTHING_KNOWN,
    Rows,
    UnusableAnswerError,
    read_rows,
    values_block,
)

__all__ = [
    "NOTHING_KNOWN",
    "Clause",
    "ClauseError",
    "Federated",
    "Fixture",
    "FixtureError",
    "Local",
    "Rows",
    "StoredAnswer",
    "UnusableAnswerError",
    "find_clauses",
    "fixture_folder",
    "fixture_path",
    "hosts",
    "load_fixture",
    "read_rows",
    "replayed",
    "stored_text",
    "values_block",
]
