"""``croissant.json``: the tables for loaders of data sets, in Croissant 1.1 (MLCommons).

With it the Responsible AI vocabulary 1.0: how the data came about and what it is not good for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from . import about
from .release import Release, ReleaseFile
from .tables import TABLES
from .tables.columns import Column, Table
from .tables.part import FOLDER

CROISSANT_FILE: Final = "croissant.json"
CROISSANT: Final = "http://mlcommons.org/croissant/1.1"
RAI: Final = "http://mlcommons.org/croissant/RAI/1.0"
# The context that the specification recommends; loaders warn of any other.
_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
# Loaders of Croissant know no decimals: they read floats, the Parquet files hold exact ones.
_TYPES: Final = {
    "iri": "sc:URL",
    "string": "sc:Text",
    "sha256": "sc:Text",
    "count": "sc:Integer",
    "year": "sc:Integer",
    "decimal": "sc:Float",
    "share": "sc:Float",
}
# The media type that loaders know Parquet by; the registered one is younger.
_PARQUET: Final = "application/x-parquet"
_RAI: Final = {
    "rai:dataCollection": (
        "Titles and abstracts of the papers in a list that whoever built the graph chose. The texts"
        " themselves are not part of the data: a digest, a length and offsets are, and surface"
        " forms of at most 80 code points."
    ),
    "rai:dataCollectionType": ["Secondary Data Analysis", "Software Collection"],
    "rai:machineAnnotationTools": ["fairpapers"],
    "rai:dataAnnotationProtocol": (
        "Every statement was made by a program; what a person has looked at since has a review"
        " status, which is empty for all others. A trained recogniser"
        " finds names in the text, rules and models group them, tell what the paper does with them"
        " and attach reported figures."
    ),
    "rai:dataPreprocessingProtocol": [
        "Unicode NFC, and one space for any run of white space, before offsets are counted.",
        "Names that spell one thing differently become one resource by rules and a reviewed list.",
    ],
    "rai:dataLimitations": [
        "Only titles and abstracts were read, so what a paper says elsewhere is missing.",
        "Statements are wrong at times: confidence tells how often to expect it, and the table"
        " quality, where it has rows, how good the program was on annotated papers.",
        "One thing under two names may stay two resources, and two things under one name become"
        " one.",
        "Figures are those that abstracts state; conditions that make two of them comparable are"
        " not recorded.",
    ],
    "rai:dataBiases": [
        "The papers are whichever the list named, and the program learned from abstracts of"
        " computational linguistics and machine learning: it finds less in other fields."
    ],
    "rai:personalSensitiveInformation": [
        "Names of authors, where the source of the papers gave them."
    ],
    "rai:dataUseCases": [
        "Finding papers by the data sets, models, methods, metrics and tasks that they name.",
        "Not for ranking models or people: reported results are neither complete nor checked.",
    ],
}


class Croissant:
    """``croissant.json``: the tables for loaders of data sets; after them, for it has their digests."""

    name = "croissant"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write it; nothing where the tables were left out."""
        if any(file.path == _parquet(TABLES[0]) for file in release.files):
            text = json.dumps(croissant(release), ensure_ascii=False, indent=2) + "\n"
            release.path(CROISSANT_FILE).write_text(text, encoding="utf-8")
            yield ReleaseFile(
                path=CROISSANT_FILE,
                title="The tables described for loaders of data sets (Croissant)",
                media_type="application/ld+json",
                licence=release.licence,
                conforms_to=(CROISSANT, RAI),
            )


def croissant(release: Release) -> dict[str, Any]:
    """Describe the tables of a release that has them."""
    files = {file.path: file for file in release.files}
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": release.iri,
        "conformsTo": [CROISSANT, RAI],
        "name": about.title(release),
        "description": about.description(release),
        "url": release.homepage or release.iri,
        "license": release.licence,
        "creator": {"@type": "sc:Organization", "name": release.creator},
        "publisher": {"@type": "sc:Organization", "name": release.creator},
        "datePublished": release.issued.isoformat(),
        "version": release.version,
        "isLiveDataset": False,
        "inLanguage": "en",
        "keywords": list(about.KEYWORDS),
        "citeAs": _citation(release),
        **_RAI,
    }
    described["distribution"] = [
        _file(files[path], media_type)
        for table in TABLES
        for path, media_type in ((_parquet(table), _PARQUET), (_csv(table), "text/csv"))
    ]
    described["recordSet"] = [_record_set(table) for table in TABLES]
    return described


def _citation(release: Release) -> str:
    """BibTeX, which the specification asks for."""
    fields: Mapping[str, str] = {
        "title": f"{{{_escaped(about.title(release))}}}",
        "author": f"{{{_escaped(release.creator)}}}",
        "year": str(release.issued.year),
        "version": _escaped(release.version),
        "url": release.homepage or release.iri,
    }
    body = ", ".join(f"{name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{fairpapers-{release.issued.year}, {body}}}"


def _escaped(text: str) -> str:
    """Text that stands in braces of BibTeX."""
    return "".join(f"\\{char}" if char in "\\{}%&$#_" else char for char in text)


def _file(file: ReleaseFile, media_type: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": file.title,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": media_type,
        "sha256": file.sha256,
    }


def _record_set(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        **({"dataType": table.type} if table.type else {}),
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES[column.kind],
        "source": {"fileObject": {"@id": _parquet(table)}, "extract": {"column": column.name}},
    }
    if column.property and "{" not in column.property and not (column.about or column.value):
        field["equivalentProperty"] = column.property
    if column.many:
        field |= {"isArray": True, "arrayShape": "-1"}
    if column.references and column.required and not column.references.startswith(table.name):
        other, name = column.references.split(".")
        field["references"] = {"field": {"@id": f"{other}/{name}"}}
    return field


def _parquet(table: Table) -> str:
    return f"{FOLDER}/{table.name}.parquet"


def _csv(table: Table) -> str:
    return f"{FOLDER}/{table.name}.csv"
