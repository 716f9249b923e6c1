"""The links of a release are a valid mapping set from which the same graph can be built."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fairpapers.graph.export.links import LINKS_FILE, Links
from fairpapers.graph.iris import Iris
from fairpapers.graph.links import (
    PREDICATES,
    Link,
    SkippedLink,
    grounds_quads,
    link_quad,
    read_links,
)
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.ontology.terms import DEFAULT_BASE, PREFIXES

from .conftest import Export


@pytest.fixture(scope="module")
def released(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("links") / "release"
    export(folder, (Links(),))
    return folder / LINKS_FILE


def read(path: Path) -> list[Link]:
    skipped: list[SkippedLink] = []
    links = list(read_links(path, skipped.append))
    assert skipped == []
    return links


def test_every_link_of_the_graph_is_a_row(released: Path, demo_graph: Path) -> None:
    relations = " ".join(f"<{each}>" for each in PREDICATES)
    with EmbeddedStore(current_snapshot(demo_graph).store) as store:
        stated = store.select(
            f"SELECT ?s ?p ?o {{ VALUES ?p {{ {relations} }}"
            f" GRAPH <{DEFAULT_BASE}/graph/links> {{ ?s ?p ?o }} }}"
        ).rows
    rows = {(link.subject, link.predicate, link.object) for link in read(released)}
    assert rows == {tuple(str(term).strip("<>") for term in row) for row in stated}
    assert len(rows) > 10


def test_a_build_with_these_links_states_the_same(released: Path, demo_graph: Path) -> None:
    links, iris = read(released), Iris(DEFAULT_BASE)
    quads = [*(link_quad(link, iris) for link in links), *grounds_quads(links, iris)]
    written = {str(quad.triple) for quad in quads}
    with EmbeddedStore(current_snapshot(demo_graph).store) as store:
        graph = f"<{DEFAULT_BASE}/graph/links>"
        stated = store.construct(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        )
    assert written == {str(triple) for triple in stated}


def test_sssom_validates_it(released: Path, validator: Path) -> None:
    """L3 of the checks."""
    done = subprocess.run([validator, "validate", released], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr + done.stdout


def test_sssom_finds_a_planted_fault(released: Path, validator: Path, tmp_path: Path) -> None:
    """Shows that the test above can fail."""
    broken = tmp_path / "broken.sssom.tsv"
    broken.write_text(released.read_text().replace("wd:Q", "nobody:Q"))
    done = subprocess.run([validator, "validate", broken], capture_output=True, text=True)
    assert done.returncode or "ERROR" in done.stderr + done.stdout


def test_nothing_is_said_to_be_the_same(released: Path) -> None:
    """L1 of the checks."""
    text = released.read_text()
    assert "sameAs" not in text
    assert all(link.justification.startswith(PREFIXES["semapv"]) for link in read(released))


@pytest.fixture(scope="module")
def validator(root: Path) -> Path:
    path = root / ".validators" / "bin" / "sssom"
    if not path.is_file():
        pytest.skip("sssom is not installed: make .validators/bin/python")
    return path
