"""The links of a graph as a mapping set in SSSOM/TSV.

Specification: https://mapping-commons.github.io/sssom/
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from ...extract.records import LABELS
from ...ontology.terms import PREFIXES
from ..iris import Iris
from .release import Release, ReleaseFile

LINKS_FILE: Final = "links.sssom.tsv"
SSSOM_SPECIFICATION: Final = "https://mapping-commons.github.io/sssom/"

_OWL: Final = PREFIXES["owl"]
_SSSOM: Final = PREFIXES["sssom"]
# Columns in the order of the specification, and the property of the mapping that fills each.
_COLUMNS: Final[Mapping[str, str]] = {
    "subject_id": _OWL + "annotatedSource",
    "subject_label": _SSSOM + "subject_label",
    "predicate_id": _OWL + "annotatedProperty",
    "object_id": _OWL + "annotatedTarget",
    "object_label": _SSSOM + "object_label",
    "mapping_justification": _SSSOM + "mapping_justification",
    "confidence": _SSSOM + "confidence",
    "comment": PREFIXES["rdfs"] + "comment",
}
_NEEDED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_LOCAL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


class Links:
    """The mapping set; there is none where the graph has no links."""

    name = "links"

    def write(self, release: Release) -> Iterator[ReleaseFile]:
        """Write one row a link, by resource; the links are held in memory, as a build holds them."""
        rows = sorted(_rows(release.quads("links")))
        if not rows:
            return
        content = sssom(rows, release.iris, release.version, release.licence)
        release.path(LINKS_FILE).write_text(content, "utf-8", newline="")
        yield ReleaseFile(
            path=LINKS_FILE,
            title="Links of resources to other data sets, as a SSSOM mapping set",
            media_type="text/tab-separated-values",
            licence=release.licence,
            conforms_to=(SSSOM_SPECIFICATION,),
        )


def _rows(quads: Iterable[Quad]) -> Iterator[tuple[str, ...]]:
    """The cells of each mapping, IRIs in full; a link without grounds is none."""
    for _, of_one in groupby(quads, lambda quad: quad.subject):
        values = {
            quad.predicate.value: quad.object.value
            for quad in of_one
            if isinstance(quad.object, NamedNode | Literal)
        }
        if all(_COLUMNS[name] in values for name in _NEEDED):
            yield tuple(values.get(of, "") for of in _COLUMNS.values())


def sssom(rows: Iterable[tuple[str, ...]], iris: Iris, version: str, licence: str) -> str:
    """A mapping set in SSSOM/TSV.

    Args:
        rows: cells in the order of the columns, IRIs in full.
        iris: of the graph.
        version: of the release.
        licence: IRI.
    """
    prefixes = _Prefixes(iris)
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        cells = dict(zip(_COLUMNS, row, strict=True))
        writer.writerow(
            prefixes.shorten(cell) if name in _NEEDED else cell for name, cell in cells.items()
        )
    head = [
        f"mapping_set_id: {iris.graph('links')}",
        f'mapping_set_version: "{version}"',
        "mapping_set_title: Links of the resources of a fairpapers graph to other data sets",
        f"license: {licence}",
        "curie_map:",
        *(f"  {prefix}: {namespace}" for prefix, namespace in sorted(prefixes.used.items())),
    ]
    return "".join(f"# {line}\n" for line in head) + table.getvalue()


class _Prefixes:
    """Short forms of IRIs, and the prefixes that they took."""

    def __init__(self, iris: Iris) -> None:
        kinds = {label.lower(): f"{iris.base}/id/{label.lower()}/" for label in LABELS}
        self._known = {namespace: prefix for prefix, namespace in (PREFIXES | kinds).items()}
        self.used: dict[str, str] = {}

    def shorten(self, iri: str) -> str:
        """Prefix and local name; where no known prefix fits, one is made for the namespace."""
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        namespace, local = iri[:cut], iri[cut:]
        if not _LOCAL.fullmatch(local):
            namespace, local = iri, ""
        prefix = self._known.setdefault(namespace, f"ns{len(self._known)}")
        self.used[prefix] = namespace
        return f"{prefix}:{local}"
