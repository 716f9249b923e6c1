"""The library as a part of a release: its files, what each query answers there, and RDF."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from ..graph.errors import QueryError, QuerySyntaxError
from ..graph.export import Release, ReleaseFile
from ..graph.export.turtle import Turtle
from ..graph.iris import Iris
from ..graph.licences import CC0
from ..graph.store import Store
from ..ontology.terms import PREFIXES
from .answers import Answer, Table, Truth
from .catalog import library_table
from .errors import FederatedQueryError
from .federation import fixture_folder
from .library import Library, library_folder, load_library
from .query import Query
from .rendering import render
from .runner import run
from .sib import library_triples

FOLDER: Final = "queries"
MOST_ROWS: Final = 10_000

_USED: Final = ("dcterms", "rdf", "rdfs", "schema", "sh", "spex", "xsd")
_SPARQL: Final = "https://www.w3.org/TR/sparql11-query/"
_EXAMPLES: Final = "https://github.com/sib-swiss/sparql-examples"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a query with the defaults of its parameters.

    Attributes:
        text: its rows or triples as TSV, or ``true`` or ``false``; None where it was not answered.
        note: in a few words, for the index.
    """

    text: str | None
    note: str


class QueryLibrary:
    """The query library, with what every query answers on this graph with its defaults."""

    name = "queries"

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._most_rows = most_rows

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write each query, its answer, the library as RDF, and an index."""
        library, base = load_library(), release.iris.base
        outcomes = {}
        for done, query in enumerate(library.values(), 1):
            name = f"{query.id}-{query.slug}.rq"
            text = (library_folder() / name).read_text("utf-8")
            yield _written(release, name, text, query.title, "application/sparql-query", query)
            if query.fixture is not None:
                stored = (fixture_folder() / query.fixture).read_text("utf-8")
                title = f"Stored answers of the endpoints that query {query.id} asks"
                yield _written(
                    release, f"fixtures/{query.fixture}", stored, title, "application/json", query
                )
            outcomes[query.id] = outcome = answered(release.store, query, base, self._most_rows)
            if outcome.text is not None:
                title = f"What query {query.id} answers on this graph, {outcome.note}"
                kind = "text/plain" if query.form == "ASK" else "text/tab-separated-values"
                path = f"results/{query.id}{'.txt' if query.form == 'ASK' else '.tsv'}"
                yield _written(release, path, outcome.text, title, kind)
            release.progress(self.name, done, len(library))
        yield _written(
            release,
            "library.ttl",
            _turtle(library, release.iris),
            "The queries as RDF, in the form from which SPARQL editors list examples",
            "text/turtle",
        )
        yield _written(release, "README.md", _index(library, outcomes), "Index", "text/markdown")


def _turtle(library: Library, iris: Iris) -> str:
    subjects: defaultdict[NamedNode, list[Triple]] = defaultdict(list)
    for triple in library_triples(library, iris):
        assert isinstance(triple.subject, NamedNode)
        subjects[triple.subject].append(triple)
    out = io.BytesIO()
    turtle = Turtle(out, prefixes={name: PREFIXES[name] for name in _USED})
    for subject, triples in subjects.items():
        turtle.subject(subject, triples)
    return out.getvalue().decode()


def answered(store: Store, query: Query, base: str, most_rows: int) -> Outcome:
    """Answer a query with its defaults, no more than so many rows of it.

    The engine is told of the bound too, so that no larger answer is held in memory.
    """
    bounded = query.model_copy(update={"text": f"{query.text.rstrip()}\nLIMIT {most_rows + 1}\n"})
    try:
        try:
            answer = run(store, bounded, base=base)
        except QuerySyntaxError:
            # It has a bound of its own, behind which there can be no other.
            answer = run(store, query, base=base)
    except FederatedQueryError as error:
        return Outcome(None, f"not run: it asks {', '.join(error.hosts)} too")
    except QueryError as error:
        return Outcome(None, f"not run: {error}")
    return _outcome(answer, query, most_rows)


def _outcome(answer: Answer, query: Query, most_rows: int) -> Outcome:
    if isinstance(answer, Truth):
        word = str(answer.value).lower()
        return Outcome(f"{word}\n", word)
    table = answer if isinstance(answer, Table) else answer.table()
    count = len(table.rows)
    what = "triples" if query.form in ("CONSTRUCT", "DESCRIBE") else "rows"
    if count > most_rows:
        table = Table(table.variables, table.rows[:most_rows])
        note = f"the first {most_rows:,} {what}"
    else:
        note = f"{count:,} {what}"
    if query.sampled or (count > most_rows and not _ordered(query)):
        # Which rows these are is left open, so they would differ from release to release.
        return Outcome(render(Table(table.variables, ()), "tsv"), f"{note}, any of the graph")
    return Outcome(render(table, "tsv"), note)


def _ordered(query: Query) -> bool:
    return "ORDER BY" in query.text.upper()


def _index(library: Library, outcomes: dict[str, Outcome]) -> str:
    notes = "".join(f"| {id_} | {each.note} |\n" for id_, each in outcomes.items())
    return (
        "# Queries\n\n"
        "Each `.rq` file is a query with its metadata in lines that start with `#+`; `$name` is a"
        " parameter. `results/` holds what each answered on this graph with the defaults of its"
        " parameters; `library.ttl` is all of them as RDF, ready to run. `fixtures/` holds stored"
        " answers of other endpoints, for the queries that ask any.\n\n"
        f"{library_table(library)}\n"
        f"## Answers\n\n| query | with its defaults |\n| --- | --- |\n{notes}"
    )


def _written(
    release: Release, name: str, text: str, title: str, media_type: str, query: Query | None = None
) -> ReleaseFile:
    path = f"{FOLDER}/{name}"
    release.path(path).write_text(text, "utf-8", newline="\n")
    licence = release.licence
    if query is not None:
        licence = (
            CC0 if query.licence == "CC0-1.0" else f"https://spdx.org/licenses/{query.licence}"
        )
    conforms = {"application/sparql-query": (_SPARQL,), "text/turtle": (_EXAMPLES,)}
    return ReleaseFile(path, title, media_type, licence, conforms_to=conforms.get(media_type, ()))
