"""The course and any graph in Jupyter: ``%load_ext fairpapers.api.notebook``.

``%%sparql`` asks the sample of the course, a graph directory or an endpoint and gives a pandas
DataFrame; ``%%exercise 3.2`` checks what the cell holds. Needs ``fairpapers[jupyter]``.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import pyoxigraph as ox

from ..graph.errors import GraphError, QueryError, QuerySyntaxError
from ..graph.lexer import tokens
from ..ontology.terms import DEFAULT_BASE, PREFIXES
from ..queries import Parameter, ParameterError, QueriesError, Table, Triples, Truth
from ..queries.answers import Answer, Term
from ..queries.course import COURSE_PREFIXES, CourseStore, check, load_course
from ..queries.parameters import bind
from ..queries.query import query_form
from .errors import ApiError
from .inspection import inspect
from .problems import syntax_problem
from .settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    from IPython.core.interactiveshell import InteractiveShell

# Hosts besides this machine that ``--endpoint`` may name, separated by commas.
HOSTS: Final = "FAIRPAPERS_NOTEBOOK_HOSTS"
_HERE: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_SECONDS: Final = 60
_MOST_BYTES: Final = 64 * 1024 * 1024
_XSD: Final = PREFIXES["xsd"]
_INTEGERS: Final = frozenset(
    _XSD + each for each in ("integer", "int", "long", "nonNegativeInteger", "gYear")
)
_REALS: Final = frozenset(_XSD + each for each in ("decimal", "double", "float"))
_DATES: Final = frozenset(_XSD + each for each in ("date", "dateTime"))
_RESOURCE: Final = re.compile(r"[a-z]+(?:/[^/\s]+)+")


class _UsageError(Exception):
    """Wrong use of a magic; the message is for the learner."""


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{message}. {self.format_usage().strip()}")


class _NoRedirects(HTTPRedirectHandler):
    """An allowed host may not send us to another one."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add both magics to a notebook or to IPython."""
    from IPython.core.error import UsageError

    def sparql(line: str, cell: str) -> Any:
        try:
            return run_sparql(line, cell, shell.user_ns)
        except _UsageError as error:
            raise UsageError(str(error)) from None

    def exercise(line: str, cell: str) -> Any:
        try:
            return run_exercise(line, cell)
        except _UsageError as error:
            raise UsageError(str(error)) from None

    register: Callable[..., None] = shell.register_magic_function
    register(sparql, "cell", "sparql")
    register(exercise, "cell", "exercise")


def run_sparql(line: str, cell: str, names: dict[str, Any]) -> pd.DataFrame | bool | None:
    """Answer the query of a cell.

    Args:
        line: options; ``--help`` is not among them, a wrong one shows all.
        cell: the query.
        names: variables of the notebook, for ``--to``.

    Returns:
        A DataFrame of the rows or triples, or a truth value; None where ``--to`` takes it.
    """
    parser = _Arguments(prog="%%sparql", add_help=False)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--graph", type=Path, metavar="DIR")
    where.add_argument("--endpoint", metavar="URL")
    where.add_argument("--data", choices=("sample", "faults"), default="sample")
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--to", metavar="NAME")
    options = parser.parse_args(shlex.split(line))
    if options.to and not options.to.isidentifier():
        raise _UsageError(f"--to {options.to!r} is no name of a Python variable")
    try:
        text = _bound(cell, options.param)
        answer = _answer(text, options)
    except QuerySyntaxError as error:
        raise _UsageError(_explain(error, cell)) from error
    except (QueryError, GraphError, QueriesError, ApiError) as error:
        raise _UsageError(str(error)) from error
    found = answer.value if isinstance(answer, Truth) else frame(answer)
    if options.to:
        names[options.to] = found
        return None
    return found


def run_exercise(line: str, cell: str) -> pd.DataFrame | None:
    """Check the answer in a cell, print the verdict, and give the rows that it found."""
    course = load_course()
    try:
        exercise = course.exercise(line.strip())
    except QueriesError as error:
        raise _UsageError(str(error)) from error
    verdict = check(course, exercise, cell)
    print(verdict)  # noqa: T201 - what a cell prints stands below it
    if verdict.answer is None or isinstance(verdict.answer, Truth):
        return None
    return frame(verdict.answer)


def frame(answer: Table | Triples) -> pd.DataFrame:
    """An answer as a DataFrame whose columns have the types of their terms.

    Whole numbers and years become ``Int64``, other numbers ``Float64``, truth values ``boolean``,
    dates ``datetime64``; everything else, and what is mixed, is text. Empty cells are missing.
    """
    import pandas as pd

    table = answer.table() if isinstance(answer, Triples) else answer
    columns = {}
    for place, name in enumerate(table.variables):
        columns[name] = _column([row[place] for row in table.rows])
    return pd.DataFrame(columns, columns=list(table.variables))


def _column(cells: list[Term | None]) -> pd.Series[Any]:
    import pandas as pd

    values = [None if cell is None else getattr(cell, "value", str(cell)) for cell in cells]
    types = {
        cell.datatype.value if isinstance(cell, ox.Literal) else ""
        for cell in cells
        if cell is not None
    }
    try:
        if types and types <= _INTEGERS:
            whole = [None if value is None else int(value) for value in values]
            return pd.Series(whole, dtype="Int64")
        if types and types <= _INTEGERS | _REALS:
            real = [None if value is None else float(value) for value in values]
            return pd.Series(real, dtype="Float64")
        if types and types <= _DATES:
            return pd.to_datetime(pd.Series(values), utc=True, format="ISO8601")
    except (ValueError, OverflowError):
        # A literal that its type does not allow stays the text that it is.
        return pd.Series(values, dtype="string")
    if types == {_XSD + "boolean"}:
        truths = [None if value is None else value in ("true", "1") for value in values]
        return pd.Series(truths, dtype="boolean")
    return pd.Series(values, dtype="string")


def _bound(text: str, assignments: Iterable[str]) -> str:
    values = {}
    for each in assignments:
        name, equals, value = each.partition("=")
        if not equals:
            raise _UsageError(f"--param {each!r} is not NAME=VALUE")
        values[name] = value
    used = {token.label for token in tokens(text) if token.kind == "parameter"}
    if unused := sorted(set(values) - used):
        raise _UsageError(f"the query has no ${unused[0]}; write it where the value is to stand")
    parameters = [_parameter(name, value) for name, value in values.items()]
    try:
        return bind(text, parameters, values, DEFAULT_BASE)
    except ParameterError as error:
        raise _UsageError(str(error)) from error


def _parameter(name: str, value: str) -> Parameter:
    """A parameter of the type that a value looks like."""
    kind = "string"
    if re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        kind = "integer"
    elif re.fullmatch(r"[+-]?[0-9]{1,18}\.[0-9]{1,18}", value):
        kind = "decimal"
    elif value.startswith(("http://", "https://")) or _RESOURCE.fullmatch(value):
        kind = "resource"
    try:
        return Parameter.model_validate(
            {"name": name, "type": kind, "label": name, "description": name, "default": value}
        )
    except ValueError as error:
        raise _UsageError(f"--param {name}: a name begins with a small letter") from error


def _answer(text: str, options: argparse.Namespace) -> Answer:
    # As at the endpoint: no query opens a connection or changes anything.
    inspect(text, max_depth=Settings().max_query_depth)
    if options.endpoint:
        return _remote(options.endpoint, _declared(text))
    if options.graph is None:
        store = CourseStore.of(options.data)
        try:
            return store.answer(text)
        finally:
            store.close()
    from ..graph.snapshot import current_snapshot
    from ..graph.store import EmbeddedStore
    from .cli.answers import ask

    with EmbeddedStore(current_snapshot(options.graph).store) as opened:
        try:
            return ask(opened, _declared(text))
        except QuerySyntaxError as error:
            # The line of declarations is ours.
            line = error.line - 1 if error.line else None
            told = re.sub(r"error at [0-9]+", f"error at {line}", str(error))
            raise QuerySyntaxError(told, line, error.column) from error


def _declared(text: str) -> str:
    """The query below one line that declares the prefixes of the course; its own win."""
    lines = (f"PREFIX {name}: <{iri}>" for name, iri in COURSE_PREFIXES.items())
    return f"{' '.join(lines)}\n{text}"


def _remote(url: str, text: str) -> Answer:
    host = urlsplit(url).hostname or ""
    named = {each.strip() for each in os.environ.get(HOSTS, "").split(",")}
    if urlsplit(url).scheme not in ("http", "https") or host not in _HERE | named - {""}:
        raise _UsageError(
            f"{url} is not on this machine; to allow its host set {HOSTS}={host or 'HOST'} "
            "before the notebook starts"
        )
    triples = query_form(text) in ("CONSTRUCT", "DESCRIBE")
    headers: Mapping[str, str] = {
        "Accept": "application/n-triples" if triples else "application/sparql-results+json",
        "Content-Type": "application/sparql-query",
    }
    request = Request(url, text.encode(), dict(headers), method="POST")  # noqa: S310 - see above
    try:
        with build_opener(_NoRedirects, ProxyHandler({})).open(request, timeout=_SECONDS) as reply:
            body = reply.read(_MOST_BYTES + 1)
    except URLError as error:
        detail = error.read(2000).decode("utf-8", "replace") if hasattr(error, "read") else ""
        raise _UsageError(f"{url} gave no answer: {error.reason}. {detail}".strip()) from error
    if len(body) > _MOST_BYTES:
        raise _UsageError(f"the answer of {url} is larger than 64 MiB; ask for less with LIMIT")
    if triples:
        quads = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        return Triples(tuple(sorted({quad.triple for quad in quads}, key=str)))
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return Truth(bool(found))
    assert isinstance(found, ox.QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    return Table(names, tuple(tuple(row) for row in found))


def _explain(error: QuerySyntaxError, text: str) -> str:
    """The fault with the line that it is in and a mark below its place."""
    fault = syntax_problem(str(error))
    lines = text.splitlines()
    line, column = fault.line, fault.column
    if line is None or column is None or not 0 < line <= len(lines):
        return str(fault)
    return f"{fault}\n  {lines[line - 1]}\n  {' ' * (column - 1)}^"
