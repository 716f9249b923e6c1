"""What every description of a release says: what it is, how it may be used, who made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..licences import APACHE, CC0, CC_BY
from .release import Release


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence by its SPDX identifier and its name."""

    spdx: str
    name: str


LICENCES: Final = {
    CC0: Licence("CC0-1.0", "CC0 1.0 Universal"),
    CC_BY: Licence("CC-BY-4.0", "Creative Commons Attribution 4.0 International"),
    APACHE: Licence("Apache-2.0", "Apache License 2.0"),
}

KEYWORDS: Final = (
    "benchmarks",
    "data sets",
    "evaluation results",
    "information extraction",
    "knowledge graph",
    "machine learning models",
    "RDF",
    "scholarly communication",
)


def licence(iri: str) -> Licence:
    """A licence by its IRI; one that is not ours to know is named by the IRI."""
    return LICENCES.get(iri, Licence(iri, iri))


def title(release: Release) -> str:
    """Title of the release as a data set."""
    return f"Research resources in {_papers(release)}"


def description(release: Release) -> str:
    """What is in it and what is not, in a few sentences."""
    return (
        f"Datasets, models, methods, metrics, tasks and results that the titles and abstracts of"
        f" {_papers(release)} name, extracted by fairpapers {release.snapshot.version} as RDF."
        " Each statement stands beside a claim with its confidence and the place in the text that"
        " supports it. The texts themselves are not part of it: a digest and a length identify"
        " them. What was extracted by a program may be wrong; the graph says how often, as"
        " measured on annotated papers, where that is known."
    )


def citation(release: Release) -> str:
    """How to cite it."""
    where = release.homepage or release.iri
    return (
        f"{release.creator} ({release.issued.year}). {title(release)}."
        f" Version {release.version} [data set]. {where}"
    )


def _papers(release: Release) -> str:
    count = release.snapshot.papers
    return "1 paper" if count == 1 else f"{count:,} papers"
