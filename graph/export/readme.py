"""``README.md`` and ``LICENSES.md``: a release as its reader meets it first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from ...ontology.terms import FP, PREFIXES
from ..iris import GRAPHS
from ..licences import CC0, CC_BY
from . import about
from .changes import CHANGES_FILE
from .checksums import CHECKSUMS_FILE
from .release import QUADS_FILE, Release, ReleaseFile
from .rocrate import CRATE_FILE

README_FILE: Final = "README.md"
LICENSES_FILE: Final = "LICENSES.md"
_COUNTED: Final = {
    "papers": FP.Paper,
    "data sets": FP.Dataset,
    "models": FP.Model,
    "methods": FP.Method,
    "metrics": FP.Metric,
    "tasks": FP.Task,
    "results": FP.Result,
    "sizes": FP.Size,
    "mentions": FP.Mention,
    "claims": FP.Claim,
}
_HOLDS: Final = {
    "core": "papers, resources, relations, results, sizes",
    "evidence": "texts by digest, mentions, claims, runs",
    "inferred": "statements derived from the core",
    "vocab": "closed lists of values",
    "ontology": "classes and properties",
    "links": "links to other data",
    "meta": "figures, quality, prefixes",
    "queries": "the query library",
}


class Readme:
    """Start in five minutes, what each file is, figures, limits, citation, licences."""

    name = "readme"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write both pages."""
        pages = (
            (LICENSES_FILE, "Which licence holds for which file", _licences(release)),
            (README_FILE, "Where to start", _readme(release)),
        )
        for file, title, lines in pages:
            text = "".join(f"{line}\n" for line in lines)
            release.path(file).write_text(text, encoding="utf-8")
            yield ReleaseFile(file, title, "text/markdown", CC0)


def _readme(release: Release) -> Iterator[str]:
    yield f"# {about.title(release)}, release {release.version}"
    yield ""
    yield about.description(release)
    yield ""
    yield f"Issued {release.issued.isoformat()} by {release.creator}. What changed since the release before: [{CHANGES_FILE}]({CHANGES_FILE})."
    yield ""
    yield from _start(release)
    yield from _figures(release)
    yield from _files(release)
    yield from _limits(release)
    yield "## Cite"
    yield "Cite the papers that a statement is from, and the release:"
    yield ""
    yield f"> {about.citation(release)}"
    yield ""
    yield "`CITATION.cff` and `datacite.json` say the same to programs."
    yield ""
    yield "## Licences"
    yield f"Data: {about.licence(release.licence).name} (<{release.licence}>). Each file's: [{LICENSES_FILE}]({LICENSES_FILE})."


def _start(release: Release) -> Iterator[str]:
    query = (
        f"PREFIX fp: <{PREFIXES['fp']}>\nPREFIX skos: <{PREFIXES['skos']}>\n"
        "SELECT ?dataset (COUNT(?paper) AS ?papers) {\n"
        "  GRAPH ?core { ?paper fp:uses ?iri . ?iri a fp:Dataset ; skos:prefLabel ?dataset }\n"
        "} GROUP BY ?dataset ORDER BY DESC(?papers) ?dataset LIMIT 10"
    )
    yield f"""## Start
`sha256sum --check --quiet {CHECKSUMS_FILE}` says whether the files are whole. Everything is in `{QUADS_FILE}`; all other files are made from it or describe it. Which data sets do most papers use?

With pyoxigraph (`pip install pyoxigraph`):

```python
import gzip
import pyoxigraph

store = pyoxigraph.Store()
store.bulk_load(gzip.open("{QUADS_FILE}"), format=pyoxigraph.RdfFormat.N_QUADS)
query = \"\"\"
{query}
\"\"\"
for row in store.query(query):
    print(row["dataset"].value, row["papers"].value)
```

With rdflib (`pip install rdflib`), which holds small graphs only:

```python
import gzip
import rdflib

graph = rdflib.Graph()
graph.parse(gzip.open("data/core.ttl.gz"), format="turtle")
query = \"\"\"
{query.replace("GRAPH ?core { ", "").replace(" }", "", 1)}
\"\"\"
for row in graph.query(query):
    print(row.dataset, row.papers)
```
"""
    tables = [file.path for file in release.files if file.path.endswith("papers.parquet")]
    if tables:
        yield f"""With pandas (`pip install pandas pyarrow`):

```python
import pandas

print(pandas.read_parquet("{tables[0]}").head())
```
"""
    yield f"""As an endpoint, with the server of Oxigraph (`pip install oxigraph`):

```sh
oxigraph load --location db --file {QUADS_FILE}
oxigraph serve-read-only --location db
```
"""


def _figures(release: Release) -> Iterator[str]:
    yield "## Figures"
    yield "| what | how many |"
    yield "|---|---|"
    for what, iri in _COUNTED.items():
        rows = release.store.select(f"SELECT (COUNT(*) AS ?n) {{ ?each a <{iri}> }}").rows
        yield f"| {what} | {int(str(getattr(rows[0][0], 'value', 0))):,} |"
    yield ""
    yield "| named graph | triples | what it holds |"
    yield "|---|---|---|"
    for name in GRAPHS:
        if count := release.triples(name):
            yield f"| `{release.iris.graph(name)}` | {count:,} | {_HOLDS[name]} |"
    yield f"| all | {release.triples():,} | |"
    yield ""


def _files(release: Release) -> Iterator[str]:
    yield "## Files"
    yield "| file | bytes | what it holds |"
    yield "|---|---|---|"
    last = ((CRATE_FILE, "The release as a research object"),)
    sums = ((CHECKSUMS_FILE, "SHA-256 of every other file"),)
    for folder, group in groupby(_shown(release), key=lambda file: _folder(file.path)):
        files = list(group)
        if len(files) > _MANY:
            size = sum(file.size for file in files)
            titles = sorted({file.title for file in files})
            what = ", ".join(titles[:_SHOWN]) + (" …" if len(titles) > _SHOWN else "")
            yield f"| `{folder}` ({len(files)} files) | {size:,} | {what} |"
            continue
        for file in files:
            yield f"| `{file.path}` | {file.size:,} | {file.title} |"
    for path, title in (*last, *sums):
        yield f"| `{path}` | | {title} |"
    yield ""


# A folder of more files, such as one a paper, is one line of the table.
_MANY: Final = 40
_SHOWN: Final = 3


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/" if "/" in path else ""


def _shown(release: Release) -> list[ReleaseFile]:
    return sorted(release.files, key=lambda file: (_folder(file.path), file.path))


def _limits(release: Release) -> Iterator[str]:
    yield "## Limits"
    yield "- A program extracted the statements; some are wrong, and what it did not see is missing. Every claim has a confidence. How often mentions, relations and figures are right on annotated papers is in the graph `meta` as DQV, where it is known for the model that was used."
    yield "- Only titles and abstracts were read. What the papers say elsewhere is not here."
    yield "- The texts are not here. A mention has its place in code points; with your own copy of the abstract, whose SHA-256 is stated, you find the sentence."
    yield "- Names that could not be told to mean one thing stay two resources."
    if release.example:
        yield f"- The IRIs below <{release.iris.base}/id/> are those of nobody in particular and do not resolve."
    yield ""


def _licences(release: Release) -> Iterator[str]:
    yield "# Licences"
    yield ""
    yield "The abstracts that the data were extracted from are not part of this release. Surface forms of mentions are quotations of at most 80 characters."
    yield ""
    yield f"Files of the whole graph hold the named graphs `ontology` and `vocab` too, which are {about.licence(CC_BY).spdx} wherever they stand, and `queries`, which is {about.licence(CC0).spdx}."
    by_licence: dict[str, list[ReleaseFile]] = {}
    for file in release.files:
        by_licence.setdefault(file.licence, []).append(file)
    for iri, files in sorted(by_licence.items()):
        known = about.licence(iri)
        yield ""
        yield f"## {known.name} ({known.spdx})"
        yield f"Text: <{iri}>. For:"
        yield ""
        for folder, group in groupby(
            sorted(files, key=lambda file: (_folder(file.path), file.path)),
            key=lambda file: _folder(file.path),
        ):
            inside = list(group)
            whole = len(inside) > _MANY
            yield from [f"- `{folder}`"] if whole else [f"- `{file.path}`" for file in inside]
    yield ""
    yield f"`{README_FILE}`, `{LICENSES_FILE}`, `{CRATE_FILE}` and `{CHECKSUMS_FILE}`: {about.licence(CC0).name}."
