"""Write an answer for a terminal, for a spreadsheet or for a program.

CSV, TSV and JSON follow the SPARQL 1.1 Query Results formats; RDF is written by the store's own
serializers.
"""

from __future__ import annotations

import csv
import io
import json
import re

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, serialize
from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ..ontology.terms import DEFAULT_BASE, PREFIXES
from .answers import Answer, Table, Term, Triples, Truth
from .errors import FormatError

_RDF = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES}
_XSD_STRING = PREFIXES["xsd"] + "string"
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def formats(answer: Answer) -> tuple[str, ...]:
    """The formats in which an answer can be written, the one for people first."""
    if isinstance(answer, Table):
        return ("table", "csv", "tsv", "json")
    return ("table", "json") if isinstance(answer, Truth) else ("table", *_RDF)


def render(answer: Answer, format: str, *, base: str = DEFAULT_BASE, width: int = 100) -> str:  # noqa: A002
    """Write an answer.

    Args:
        answer: what `run` gave.
        format: one of `formats`.
        base: base IRI of the graph; a ``table`` shows resources by their path below it, in the
            form in which they can be given as parameters again.
        width: of a ``table``, in characters.

    Raises:
        FormatError: the answer cannot be written in that format.
    """
    valid = formats(answer)
    if format not in valid:
        raise FormatError(format, valid)
    if isinstance(answer, Truth):
        return _truth(answer, format)
    if isinstance(answer, Triples) and format in _RDF:
        return _rdf(answer, format)
    table = answer.table() if isinstance(answer, Triples) else answer
    match format:
        case "csv":
            return _csv(table)
        case "tsv":
            return _tsv(table)
        case "json":
            return _json(table)
        case _:
            return _text(table, base, width)


def compact(term: Term, base: str = DEFAULT_BASE) -> str:
    """A term as people read it.

    >>> compact(NamedNode("https://w3id.org/fairpapers/id/dataset/squad"))
    'dataset/squad'
    >>> compact(NamedNode("https://w3id.org/fairpapers/ontology#uses"))
    'fp:uses'
    >>> compact(Literal("SQuAD", language="en"))
    'SQuAD'
    """
    if isinstance(term, Literal):
        return term.value
    if not isinstance(term, NamedNode):
        return str(term)
    below = f"{base.rstrip('/')}/id/"
    if term.value.startswith(below):
        return term.value.removeprefix(below)
    for prefix, namespace in PREFIXES.items():
        local = term.value.removeprefix(namespace)
        if local != term.value and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return term.value


def _truth(answer: Truth, format: str) -> str:  # noqa: A002
    if format == "json":
        return json.dumps({"head": {}, "boolean": answer.value}) + "\n"
    return "yes\n" if answer.value else "no\n"


def _rdf(answer: Triples, format: str) -> str:  # noqa: A002
    out = io.BytesIO()
    serialize(answer.triples, out, format=_RDF[format], prefixes=PREFIXES)
    return out.getvalue().decode()


def _csv(table: Table) -> str:
    out = io.StringIO()
    # RFC 4180 line ends, as the SPARQL results format asks for.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.variables)
    writer.writerows([_plain(term) for term in row] for row in table.rows)
    return out.getvalue()


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def _tsv(table: Table) -> str:
    rows = ["\t".join("" if term is None else str(term) for term in row) for row in table.rows]
    return "\n".join(["\t".join(f"?{name}" for name in table.variables), *rows]) + "\n"


def _json(table: Table) -> str:
    bindings = [
        {
            name: _json_term(term)
            for name, term in zip(table.variables, row, strict=True)
            if term is not None
        }
        for row in table.rows
    ]
    document = {"head": {"vars": table.variables}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if not isinstance(term, Literal):
        raise FormatError("json", ("table", "tsv"))
    written = {"type": "literal", "value": term.value}
    if term.language:
        written["xml:lang"] = term.language
    elif term.datatype.value != _XSD_STRING:
        written["datatype"] = term.datatype.value
    return written


def _text(table: Table, base: str, width: int) -> str:
    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False)
    numeric = _numeric_columns(table)
    for index, name in enumerate(table.variables):
        drawn.add_column(
            Text(name), overflow="fold", justify="right" if index in numeric else "left"
        )
    for row in table.rows:
        # Text and not str: a label may hold what rich takes for markup.
        drawn.add_row(*(Text("" if term is None else compact(term, base)) for term in row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(drawn)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).strip("\n") + "\n"


def _numeric_columns(table: Table) -> set[int]:
    return {
        index
        for index, cells in enumerate(zip(*table.rows, strict=True))
        if all(cell is None or _is_number(cell) for cell in cells)
    }


def _is_number(term: Term) -> bool:
    return isinstance(term, Literal) and term.datatype.value in {
        PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "nonNegativeInteger")
    }
