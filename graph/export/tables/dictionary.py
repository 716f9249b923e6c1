"""The data dictionary: every table and column in words, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ....ontology.terms import PREFIXES
from ..release import Release
from .columns import Column, Table
from .schema import TABLES

README: Final = "README.md"
_TYPES: Final = {
    "iri": "IRI",
    "string": "text",
    "count": "integer",
    "decimal": "decimal(38,18)",
    "share": "decimal(5,4), 0 to 1",
    "year": "year",
    "sha256": "SHA-256",
}
_HEAD: Final = """\
# Tables of the fairpapers graph, release {version}

The graph as {tables} tables. Each is there twice with the same rows: `.parquet` (Zstandard, numbers \
typed, decimals exact) and `.csv` (RFC 4180, UTF-8, a header, an empty cell for nothing). \
`csvw-metadata.json` says what each column of the CSV files is in RDF, and `../croissant.json` \
describes the Parquet files to loaders of data sets.

```python
import pandas

statements = pandas.read_parquet("statements.parquet")
papers = pandas.read_parquet("papers.parquet")
used = statements[(statements.relation_name == "uses") & (statements.resource_kind == "Dataset")]
print(used.merge(papers, on="paper")[["title", "resource_label", "confidence"]])
```

- IRIs are those of the graph, so a row leads back to it. A column `x_label` or `x_name` is for \
people: the name of what `x` is.
- A list of IRIs is a list in Parquet and has spaces between in CSV.
- Offsets count Unicode code points; the end is exclusive.
- Rows stand in the order of the IRIs in the sorted N-Quads of the release.
- Everything was extracted by a program from titles and abstracts: `confidence` is its calibrated \
probability, and `quality` how good it was on annotated papers.
"""


def data_dictionary(release: Release, rows: Mapping[str, int]) -> str:
    """Describe every table.

    Args:
        release: that the tables belong to.
        rows: number of rows by name of table.
    """
    head = _HEAD.format(version=release.version, tables=len(TABLES))
    return "\n".join([head, *(line for table in TABLES for line in _table(table, rows))])


def _table(table: Table, rows: Mapping[str, int]) -> Iterator[str]:
    yield f"## {table.name}"
    key = " and ".join(f"`{name}`" for name in table.key)
    yield f"{table.description} {rows[table.name]:,} rows; key: {key}.\n"
    yield "| column | type | may be empty | meaning | in RDF |"
    yield "|---|---|---|---|---|"
    for column in table.columns:
        kind = f"list of {_TYPES[column.kind]}s" if column.many else _TYPES[column.kind]
        empty = "no" if column.required else "yes"
        yield f"| `{column.name}` | {kind} | {empty} | {_meaning(column)} | {_rdf(column, table)} |"
    yield ""


def _meaning(column: Column) -> str:
    words = column.description
    if column.unit:
        words += f" Unit: {column.unit}."
    if column.references:
        words += f" Refers to `{column.references}`."
    return words


def _rdf(column: Column, table: Table) -> str:
    """The triple of a cell, with names of columns for what they hold."""
    if column.property is None:
        return f"a `{curie(table.type)}`" if column.name == table.about and table.type else ""
    subject, value = column.about or table.about, column.value or column.name
    return f"`{subject}` `{curie(column.property)}` `{value}`"


def curie(iri: str) -> str:
    """Prefixed name of a term; what no prefix of ours fits as it stands."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
