"""The HTML documentation of the ontology, from the shipped files and from others."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef

from fairpapers.ontology.documenting import (
    Format,
    Place,
    Places,
    Sources,
    ontology_fragment,
    ontology_html,
    stylesheet,
)
from fairpapers.ontology.terms import PREFIXES

PAGES: tuple[Place, ...] = ("ontology", "vocabularies", "shapes")
SHAPES = "https://w3id.org/fairpapers/shapes#"
VOID = {"meta", "link", "br", "hr", "img", "input"}

HOSTILE = """
@prefix fp: <https://w3id.org/fairpapers/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://w3id.org/fairpapers/ontology> a owl:Ontology ;
  dcterms:title "<script>alert(1)</script>" ;
  dcterms:source <javascript:alert(2)> .
fp:Old a owl:Class ; rdfs:label "<b>old</b>" ; owl:deprecated true ;
  dcterms:isReplacedBy fp:New ; rdfs:seeAlso <javascript:alert(3)> .
fp:New a owl:Class ; rdfs:label "new" ; skos:example "<img src=x onerror=alert(4)>" .
"""

TABLE = """\
# curie_map:
#   ex: https://example.org/terms#
# mapping_set_id: https://example.org/set
subject_id\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tcomment
fp:New\tskos:closeMatch\tex:Thing\tA <thing>\tsemapv:ManualMappingCuration\tread by people
"""


class Page(HTMLParser):
    """Ids, links and the nesting of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags[tag] += 1
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(str(values["href"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def terms(graph: Graph, namespace: str, *types: URIRef) -> set[str]:
    found = {str(term) for kind in types for term in graph.subjects(RDF.type, kind)}
    return {iri.removeprefix(namespace) for iri in found if iri.startswith(namespace)}


def article(page: str, anchor: str) -> str:
    found = re.search(f'<article class="doc-term" id="{anchor}".*?</article>', page, re.DOTALL)
    assert found, anchor
    return found.group()


@pytest.fixture
def others(tmp_path: Path) -> Sources:
    (tmp_path / "hostile.ttl").write_text(HOSTILE)
    (tmp_path / "nothing.ttl").write_text("")
    (tmp_path / "table.tsv").write_text(TABLE)
    return Sources(
        tmp_path / "hostile.ttl",
        tmp_path / "nothing.ttl",
        tmp_path / "nothing.ttl",
        tmp_path / "table.tsv",
        tmp_path / "nothing.ttl",
    )


@pytest.mark.parametrize("of", PAGES)
def test_tags_nest_ids_are_unique_and_every_fragment_leads_to_one(of: Place) -> None:
    page = Page(ontology_html(of))
    assert page.open == []
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert page.tags["h1"] == page.tags["main"] == page.tags["nav"] == 1


def test_the_anchor_of_each_class_and_property_is_its_local_name(ontology: Graph) -> None:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    names = terms(ontology, PREFIXES["fp"], *kinds)
    assert len(names) > 50
    assert names <= set(Page(ontology_html()).ids)


def test_the_anchors_of_the_other_pages_are_local_names(vocabulary: Graph, shapes: Graph) -> None:
    kinds = (SKOS.Concept, SKOS.ConceptScheme, URIRef(PREFIXES["dqv"] + "Metric"))
    concepts = terms(vocabulary, PREFIXES["fpv"], *kinds)
    assert {"used", "comparator", "mention-f1"} <= concepts
    assert concepts <= set(Page(ontology_html("vocabularies")).ids)
    named = terms(shapes, SHAPES, SH.NodeShape, SH.PropertyShape)
    assert {"PaperShape", "confidence"} <= named
    assert named <= set(Page(ontology_html("shapes")).ids)


def test_the_page_of_the_ontology_has_the_concepts_and_the_shapes_too(
    vocabulary: Graph, shapes: Graph
) -> None:
    page = ontology_html()
    iris = {*vocabulary.subjects(RDF.type, SKOS.Concept), *shapes.subjects(RDF.type, SH.NodeShape)}
    assert len(iris) > 30
    for iri in iris:
        assert f'<p class="doc-iri">{iri}</p>' in page
    # The list has the local name of the property whose values it holds.
    assert "fpv:comparator" in article(page, "vocab-comparator")
    assert "fp:comparator" in article(page, "comparator")


def test_every_label_and_definition_is_shown(ontology: Graph, vocabulary: Graph) -> None:
    page = unescape(ontology_html())
    for graph, properties in (
        (ontology, (RDFS.label, RDFS.comment)),
        (vocabulary, (SKOS.prefLabel, SKOS.definition)),
    ):
        for name in properties:
            assert [str(text) for text in graph.objects(None, name) if str(text) not in page] == []


def test_a_class_is_linked_with_what_is_above_below_and_used_with_it() -> None:
    page = ontology_html()
    dataset = article(page, "Dataset")
    for target in ("ResearchResource", "Benchmark", "onDataset", "size"):
        assert f'href="#{target}"' in dataset
    assert 'href="https://schema.org/Dataset"' in dataset
    assert 'href="#Mention"' in article(page, "Claim")
    uses = article(page, "uses")
    for target in ("mentions", "Paper", "ResearchResource", "PaperSubject"):
        assert f'href="#{target}"' in uses


def test_constraints_are_summed_up_at_class_and_property() -> None:
    page = re.sub(r"<a [^>]*>|</a>", "", ontology_html())
    assert "<td>dcterms:title</td><td>exactly 1</td><td>xsd:string" in article(page, "Paper")
    assert "<td>fp:doi</td><td>at most 1</td>" in article(page, "Paper")
    assert "<td>fp:Paper</td><td>at most 1</td><td>xsd:string pattern" in article(page, "doi")
    values = "one of fp:Dataset fp:Benchmark fp:Model fp:Method fp:Metric fp:Task"
    assert f"<td>rdf:type</td><td>at least 1</td><td>{values}" in article(page, "ResearchResource")
    assert "xsd:decimal from 0.0 up to 1.0" in article(page, "shape-confidence")


def test_the_header_and_the_namespaces_are_shown() -> None:
    page = ontology_html()
    assert "https://creativecommons.org/licenses/by/4.0/" in page
    assert "The fairpapers authors" in page
    assert "https://w3id.org/fairpapers/ontology/0.1.0" in page
    for prefix, namespace in PREFIXES.items():
        assert f"<td><code>{prefix}</code></td><td><code>{namespace}</code></td>" in page


def test_a_whole_page_loads_nothing_and_runs_nothing() -> None:
    page = ontology_html(formats=[Format("Turtle", "ontology.ttl", "text/turtle")])
    assert "<script" not in page
    assert not re.findall(r"\s(?:src|on[a-z]+)=", page)
    assert 'rel="stylesheet"' not in page
    assert not re.findall(r"url\(|@import", stylesheet())
    assert '<link rel="alternate" type="text/turtle" href="ontology.ttl">' in page


def test_the_fragment_is_what_the_page_frames_and_has_no_style() -> None:
    fragment = ontology_fragment("vocabularies")
    assert fragment in ontology_html("vocabularies")
    assert "<style" not in fragment


def test_links_to_the_other_pages_follow_their_places() -> None:
    places = Places("../index.html", "../vocab/index.html", "../shapes.html")
    page = ontology_html("vocabularies", places)
    assert 'href="../index.html#uses"' in page
    assert 'href="../vocab/index.html#nfc-single-space"' in ontology_html("shapes", places)


def test_the_same_files_make_the_same_page() -> None:
    assert ontology_html() == ontology_html()


def test_what_the_files_say_is_text_and_never_markup(others: Sources) -> None:
    page = ontology_html(sources=others)
    assert "<script>alert" not in page
    assert "<b>old" not in page
    assert "<img" not in page
    assert "&lt;b&gt;old&lt;/b&gt;" in page
    assert not [link for link in Page(page).links if link.startswith("javascript:")]


def test_a_deprecated_term_is_marked_and_leads_to_what_replaces_it(others: Sources) -> None:
    page = ontology_html(sources=others)
    old, new = article(page, "Old"), article(page, "New")
    assert ">deprecated<" in old
    assert 'href="#New"' in old
    assert ">deprecated<" not in new
    assert "<pre" in new


def test_alignments_are_a_table_where_there_are_some(others: Sources, tmp_path: Path) -> None:
    page = ontology_html(sources=others)
    assert 'href="https://example.org/terms#Thing"' in page
    assert "A &lt;thing&gt;" in page
    without = Sources(alignments=tmp_path / "none.tsv")
    assert "section-alignments" not in ontology_html(sources=without)


def test_a_file_that_is_no_turtle_is_an_error(others: Sources, tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<a> <b>")
    with pytest.raises(SyntaxError):
        ontology_html(sources=Sources(broken, others.vocabularies, others.shapes))
