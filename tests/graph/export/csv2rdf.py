"""Triples of CSV files by their CSVW metadata alone: the part of csv2rdf that the tables need."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

XSD = "http://www.w3.org/2001/XMLSchema#"


def triples(metadata: Path) -> Iterator[tuple[str, Triple]]:
    """Every triple that the cells of a table group state, with the URL of its table."""
    for table in json.loads(metadata.read_text("utf-8"))["tables"]:
        schema = table["tableSchema"]
        with (metadata.parent / table["url"]).open(encoding="utf-8", newline="") as lines:
            for cells in csv.DictReader(lines):
                for column in schema["columns"]:
                    for triple in _cell(column, schema["aboutUrl"], cells):
                        yield table["url"], triple


def _cell(column: Mapping[str, Any], about: str, cells: Mapping[str, str]) -> Iterator[Triple]:
    text = cells.get(column["name"], "")
    if column.get("suppressOutput") or not (text or column.get("virtual")):
        return
    separator = column.get("separator")
    for value in text.split(separator) if separator else [text]:
        row = {**cells, column["name"]: value}
        subject = NamedNode(_expand(column.get("aboutUrl", about), row))
        predicate = NamedNode(_expand(column["propertyUrl"], row))
        if "valueUrl" in column:
            yield Triple(subject, predicate, NamedNode(_expand(column["valueUrl"], row)))
        else:
            yield Triple(subject, predicate, _literal(value, column["datatype"]))


def _expand(template: str, row: Mapping[str, str]) -> str:
    return re.sub(r"\{\+(\w+)\}", lambda match: row[match[1]], template)


def _literal(value: str, datatype: Any) -> Literal:
    base = datatype if isinstance(datatype, str) else datatype["base"]
    return Literal(value) if base == "string" else Literal(value, datatype=NamedNode(XSD + base))
