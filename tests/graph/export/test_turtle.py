"""Turtle and TriG hold the quads of the graph, as two parsers read them."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from fairpapers.graph.export.release import QUADS_FILE
from fairpapers.graph.export.trig import TRIG_FILE, Trig
from fairpapers.graph.export.turtle import Turtle, TurtleFiles
from fairpapers.graph.iris import Iris
from fairpapers.ontology.terms import DEFAULT_BASE, PREFIXES

from .conftest import Export

BASE = "https://example.org/kg/"


@pytest.fixture(scope="module")
def release(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("turtle") / "release"
    export(folder, (TurtleFiles(), Trig()))
    return folder


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def quads(release: Path) -> set[Quad]:
    return set(parse(content(release / QUADS_FILE), format=RdfFormat.N_QUADS))


def test_the_trig_is_the_graph(release: Path) -> None:
    read = list(parse(content(release / TRIG_FILE), format=RdfFormat.TRIG))
    assert len(read) == len(set(read))
    assert set(read) == quads(release)


def test_each_named_graph_has_its_turtle(release: Path) -> None:
    read = set()
    for path in sorted((release / "data").glob("*.ttl*")):
        graph = NamedNode(Iris(DEFAULT_BASE).graph(path.name.partition(".")[0]))
        for quad in parse(content(path), format=RdfFormat.TURTLE):
            read.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    assert read == quads(release)


# What rdflib deprecates here it calls itself.
@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")
def test_a_second_parser_reads_the_same(release: Path) -> None:
    by_name = rdflib.Dataset()
    by_name.parse(data=content(release / TRIG_FILE), format="trig")
    lines = rdflib.Dataset()
    lines.parse(data=content(release / QUADS_FILE), format="nquads")
    assert set(lines.quads()) == set(by_name.quads())
    for path in sorted((release / "data").glob("*.ttl*")):
        name = path.name.partition(".")[0]
        turtle = rdflib.Graph().parse(data=content(path), format="turtle")
        assert len(turtle) > 0
        of_trig = by_name.graph(rdflib.URIRef(Iris(DEFAULT_BASE).graph(name)))
        if len(turtle) < 2000:
            assert isomorphic(turtle, of_trig)
        else:
            assert set(turtle) == set(of_trig)


def test_each_subject_is_written_once_in_a_graph(release: Path) -> None:
    lines = content(release / "data/core.ttl.gz").decode().splitlines()
    subjects = [
        line.split(" ")[0] for line in lines if line.startswith(("<", "fp")) and " a " in line
    ]
    assert len(subjects) == len(set(subjects)) > 100


def test_it_reads_as_people_write(release: Path) -> None:
    text = content(release / "data/core.ttl.gz").decode()
    assert text.startswith(f"@base <{DEFAULT_BASE}/> .\n@prefix as: ")
    assert '\n<id/dataset/imagenet> a fp:Dataset ;\n    skos:prefLabel "ImageNet" ;\n' in text


def written(triples: list[Triple], *, declare_base: bool = True) -> bytes:
    out = io.BytesIO()
    turtle = Turtle(out, base=BASE, declare_base=declare_base)
    for triple in triples:
        turtle.subject(triple.subject, [triple])
    return out.getvalue()


TAILS = st.text(st.sampled_from("ab1/:.-_~%2é'()!,;=@+&$*#?"), max_size=12)
NAMESPACES = st.sampled_from([BASE, PREFIXES["fp"], PREFIXES["schema"], "urn:x:", BASE[:-1]])


@st.composite
def iris(draw: st.DrawFn) -> NamedNode:
    iri = (draw(NAMESPACES) + draw(TAILS)).replace("%", "%2F")
    try:
        return NamedNode(iri)
    except ValueError:
        return NamedNode(BASE + "x")


LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])).map(Literal),
    st.text("ab\n\"'\\").map(lambda text: Literal(text, language="en")),
    st.tuples(
        st.text("0123456789.+-eE", max_size=6),
        st.sampled_from(["integer", "decimal", "double", "gYear", "hexBinary"]),
    ).map(lambda pair: Literal(pair[0], datatype=NamedNode(PREFIXES["xsd"] + pair[1]))),
)


@given(st.lists(st.builds(Triple, iris(), iris(), st.one_of(iris(), LITERALS)), max_size=4))
def test_every_term_comes_back_as_it_was(triples: list[Triple]) -> None:
    read = {quad.triple for quad in parse(written(triples), format=RdfFormat.TURTLE)}
    assert read == set(triples)


@given(st.builds(Triple, iris(), iris(), iris()))
def test_the_base_may_be_where_the_file_lies(triple: Triple) -> None:
    content = written([triple], declare_base=False)
    assert b"@base" not in content
    read = [quad.triple for quad in parse(content, format=RdfFormat.TURTLE, base_iri=BASE)]
    assert read == [triple]


def test_the_same_graph_gives_the_same_bytes(release: Path, export: Export, tmp_path: Path) -> None:
    again = tmp_path / "again"
    files = export(again, (TurtleFiles(), Trig()))
    for file in files:
        assert (again / file.path).read_bytes() == (release / file.path).read_bytes()
