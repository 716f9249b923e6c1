"""CSVW metadata of the CSV files (W3C Recommendation of 17 December 2015).

With it `csv2rdf` tools turn the files back into triples of the graph, and validators check types,
ranges, keys and references.
"""

from __future__ import annotations

from typing import Any, Final

from ....ontology.terms import ONTOLOGY_IRI, PREFIXES
from ..release import Release
from .columns import LIST_SEPARATOR, Column, Table
from .schema import TABLES

METADATA: Final = "csvw-metadata.json"
CSVW: Final = "http://www.w3.org/ns/csvw"
_DATATYPES: Final[dict[str, Any]] = {
    "iri": "anyURI",
    "string": "string",
    "count": {"base": "integer", "minimum": 0},
    "decimal": "decimal",
    "share": {"base": "decimal", "minimum": 0, "maximum": 1},
    "year": "gYear",
    "sha256": {"base": "hexBinary", "format": "[0-9a-f]{64}"},
}


def csvw_metadata(release: Release) -> dict[str, Any]:
    """Describe all tables as one table group."""
    return {
        "@context": [CSVW, {"@language": "en"}],
        "@type": "TableGroup",
        "dc:title": f"Tables of the fairpapers graph, release {release.version}",
        "dc:creator": release.creator,
        "dc:issued": {"@value": release.issued.isoformat(), "@type": "xsd:date"},
        "dc:license": {"@id": release.licence},
        "dc:conformsTo": {"@id": ONTOLOGY_IRI},
        "tables": [_table(table) for table in TABLES],
    }


def _table(table: Table) -> dict[str, Any]:
    # A foreign key may not be null there, so what refers to nothing at times is no such key.
    keys = [
        {
            "columnReference": [column.name],
            "reference": {
                "resource": f"{other}.csv",
                "columnReference": [name],
            },
        }
        for column in table.columns
        if column.references and column.required
        for other, name in [column.references.split(".")]
    ]
    return {
        "@type": "Table",
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.description,
        "tableSchema": {
            "@type": "Schema",
            "aboutUrl": _template(table.about),
            "columns": [_column(column) for column in table.columns] + _virtual(table),
            "primaryKey": list(table.key),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "@type": "Column",
        "name": column.name,
        "titles": [column.name],
        "dc:description": column.description,
        "datatype": _DATATYPES[column.kind],
        "required": column.required,
    }
    if column.many:
        described["separator"] = LIST_SEPARATOR
    if column.unit:
        described["schema:unitText"] = column.unit
    return described | _triple(column)


def _triple(column: Column) -> dict[str, Any]:
    """The triple that a cell states; none for a cell without a property."""
    if column.property is None:
        return {"suppressOutput": True}
    named = column.property.strip("{}")
    triple = {"propertyUrl": _template(named) if named != column.property else column.property}
    if column.about:
        triple["aboutUrl"] = _template(column.about)
    if column.value or column.kind == "iri":
        triple["valueUrl"] = _template(column.value or column.name)
    return triple


def _virtual(table: Table) -> list[dict[str, Any]]:
    """Columns that no file has, each with a triple that every row states."""
    stated = [
        {"name": column.name, "virtual": True} | _triple(column)
        for column in table.declared
        if column.virtual
    ]
    if table.type:
        of = {"propertyUrl": PREFIXES["rdf"] + "type", "valueUrl": table.type}
        stated.append({"name": "class", "virtual": True} | of)
    return stated


def _template(column: str) -> str:
    """URI template that is the IRI in a column as it stands (RFC 6570, 3.2.3)."""
    return f"{{+{column}}}"
