"""The figures of a graph are those that can be counted by hand, and move with what they measure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest
from pyoxigraph import NamedNode, Store

from fairpapers.extract.records import Record
from fairpapers.graph.build import build_graph
from fairpapers.graph.double_types import double_types
from fairpapers.graph.iris import Iris
from fairpapers.graph.measures import measure
from fairpapers.graph.quotation import quoted_shares
from fairpapers.graph.snapshot import current_snapshot
from fairpapers.graph.store import EmbeddedStore
from fairpapers.ontology.terms import FP, GRAPH_METRICS, PREFIXES

Records = tuple[Record, ...]
CORE, EVIDENCE, LINKS = (
    f"<https://w3id.org/fairpapers/graph/{name}>" for name in ("core", "evidence", "links")
)
PREFIX = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())


class Built(Protocol):
    def open(self) -> Store: ...


@pytest.fixture
def store(built: Built) -> Store:
    copy = Store()
    copy.bulk_extend(built.open())
    return copy


def figures(store: Store, iris: Iris) -> dict[tuple[str, str | None], float | int]:
    return {(each.metric, each.label): each.value for each in measure(store, iris)}


def linked(store: Store) -> tuple[int, int]:
    """Number of resources, and of those with a link to what is not ours."""
    count, links = NamedNode(FP.paperCount), NamedNode(LINKS[1:-1])
    resources = {quad.subject for quad in store.quads_for_pattern(None, count, None)}
    far = {
        quad.subject
        for quad in store.quads_for_pattern(None, None, None, links)
        if isinstance(quad.object, NamedNode)
        and not quad.object.value.startswith("https://w3id.org/fairpapers/")
    }
    return len(resources), len(resources & far)


def test_figures_are_those_of_the_records(sample: Records, store: Store, iris: Iris) -> None:
    found = figures(store, iris)
    kinds = dict.fromkeys(("Dataset", "Model", "Method", "Metric", "Task"), 0)
    for record in sample:
        named = {entity.id for entity in record.entities} & {m.entity for m in record.mentions}
        for label in {entity.label for entity in record.entities if entity.id in named}:
            kinds[label] += 1
    assert {label: found["papers-with-resource", label] for label in kinds} == {
        label: count / len(sample) for label, count in kinds.items()
    }
    years = sum(record.source.year is not None for record in sample)
    assert found["papers-with-year", None] == years / len(sample)
    assert found["papers-with-digest", None] == 1
    resources, links = linked(store)
    assert found["linked-resources", None] == links / resources


def test_texts_are_quoted_as_far_as_their_spans_go(
    sample: Records, store: Store, iris: Iris
) -> None:
    shares = dict(quoted_shares(store, iris))
    for record in sample:
        quoted: set[int] = set()
        for mention in record.mentions:
            quoted.update(range(mention.start, mention.end))
        for size in record.sizes:
            quoted.update(range(size.start, size.end))
        share = shares[iris.text(record.key)]
        assert len(quoted) / record.text_length <= share <= 1
        if not record.results:
            assert share == len(quoted) / record.text_length


CHANGES = {
    ("papers-with-resource", None): f"DELETE WHERE {{ GRAPH {CORE} {{ ?p fp:uses ?r }} }};"
    f" DELETE WHERE {{ GRAPH {CORE} {{ ?p fp:introduces ?r }} }};"
    f" DELETE WHERE {{ GRAPH {CORE} {{ ?p fp:mentions ?r }} }}",
    ("papers-with-resource", "Model"): f"DELETE WHERE {{ GRAPH {CORE} {{ ?r a fp:Model }} }}",
    ("papers-with-result", None): f"DELETE WHERE {{ GRAPH {CORE} {{ ?p fp:reportsResult ?r }} }}",
    ("papers-with-digest", None): f"DELETE WHERE {{ GRAPH {EVIDENCE} {{ ?t fp:textSha256 ?d }} }}",
    ("papers-with-year", None): f"DELETE WHERE {{ GRAPH {CORE} {{ ?p schema:datePublished ?d }} }}",
    ("papers-with-doi", None): f"DELETE WHERE {{ GRAPH {CORE} {{ ?p fp:doi ?d }} }}",
    ("results-without-dataset", None): f"DELETE WHERE {{ GRAPH {CORE} {{ ?r fp:onDataset ?d }} }}",
    (
        "metrics-without-direction",
        None,
    ): f"DELETE WHERE {{ GRAPH {CORE} {{ ?m fp:direction ?d }} }}",
    (
        "mentions-without-resource",
        None,
    ): f"DELETE WHERE {{ GRAPH {EVIDENCE} {{ ?m oa:hasBody ?r }} }}",
    ("double-typed-names", None): f"""INSERT {{ GRAPH {CORE} {{
        ?r skos:prefLabel "SQuAD" . ?s skos:prefLabel "squad" }} }}
        WHERE {{ GRAPH {CORE} {{ ?r a fp:Dataset . ?s a fp:Model }} }}""",
    ("ambiguous-names", None): f"""INSERT {{ GRAPH {CORE} {{ ?r skos:altLabel ?name }} }} WHERE {{
        GRAPH {CORE} {{ ?r a fp:Model . ?s a fp:Model ; skos:prefLabel ?name
                        FILTER(?r != ?s) }} }}""",
    ("blank-labels", None): f"""INSERT {{ GRAPH {CORE} {{ ?r skos:altLabel "  " }} }} WHERE {{
        GRAPH {CORE} {{ ?r a fp:Model }} }}""",
    ("resources-in-one-paper", None): f"""DELETE {{ GRAPH {CORE} {{ ?r fp:paperCount 1 }} }}
        INSERT {{ GRAPH {CORE} {{ ?r fp:paperCount 2 }} }}
        WHERE {{ GRAPH {CORE} {{ ?r fp:paperCount 1 }} }}""",
    ("linked-resources", "Model"): f"""INSERT {{ GRAPH {LINKS} {{
        ?r skos:exactMatch <http://www.wikidata.org/entity/Q1> }} }}
        WHERE {{ GRAPH {CORE} {{ ?r a fp:Model }} }}""",
    ("quoted-share", None): f"DELETE WHERE {{ GRAPH {EVIDENCE} {{ ?m fp:inText ?t }} }}",
    ("largest-quoted-share", None): f"DELETE WHERE {{ GRAPH {EVIDENCE} {{ ?m fp:inText ?t }} }}",
    ("texts-quoted-at-length", None): f"""DELETE {{ GRAPH {EVIDENCE} {{ ?t fp:textLength ?n }} }}
        INSERT {{ GRAPH {EVIDENCE} {{ ?t fp:textLength 20 }} }}
        WHERE {{ GRAPH {EVIDENCE} {{ ?t fp:textLength ?n }} }}""",
}


def test_every_figure_is_tried() -> None:
    assert {metric for metric, _ in CHANGES} == GRAPH_METRICS.keys() - {"shaped-papers"}


@pytest.mark.parametrize(("figure", "update"), CHANGES.items(), ids=lambda each: str(each)[:50])
def test_a_figure_moves_with_what_it_measures(
    figure: tuple[str, str | None], update: str, store: Store, iris: Iris
) -> None:
    before = figures(store, iris)[figure]
    store.update(PREFIX + update)
    assert figures(store, iris)[figure] != before


def test_links_to_our_own_vocabularies_do_not_count(store: Store, iris: Iris) -> None:
    before = figures(store, iris)["linked-resources", None]
    store.update(
        f"{PREFIX} INSERT {{ GRAPH {LINKS} {{ ?r skos:exactMatch fpv:used }} }}"
        f" WHERE {{ GRAPH {CORE} {{ ?r a fp:Model }} }}"
    )
    assert figures(store, iris)["linked-resources", None] == before


def test_names_of_several_kinds_are_listed_with_their_resources(store: Store, iris: Iris) -> None:
    model, method = (f"https://w3id.org/fairpapers/id/{kind}/x-net" for kind in ("model", "method"))
    store.update(
        f"{PREFIX} INSERT DATA {{ GRAPH {CORE} {{ <{model}> a fp:Model ; skos:prefLabel 'X-Net' ."
        f" <{method}> a fp:Method ; skos:prefLabel 'x net' }} }}"
    )
    (found,) = (each for each in double_types(store, iris) if each.name == "X-Net")
    assert found.resources == (("Model", model), ("Method", method))


def test_an_empty_store_has_counts_and_no_shares(iris: Iris) -> None:
    assert {each.value for each in measure(Store(), iris)} == {0}


def test_the_graph_states_its_figures_and_that_it_conforms(
    sample: Records, tmp_path: Path, iris: Iris
) -> None:
    papers = [replace(each, source=replace(each.source, year=None)) for each in sample]
    build_graph(papers, tmp_path)
    with EmbeddedStore(current_snapshot(tmp_path).store) as asked:
        stated = asked.select(
            f"""{PREFIX} SELECT ?name ?value WHERE {{ GRAPH <{iris.graph("meta")}> {{
                  ?corpus a fp:Corpus ; dqv:hasQualityMeasurement ?measured .
                  ?measured dqv:isMeasurementOf ?metric ; dqv:value ?value ; dqv:computedOn ?corpus
                  FILTER NOT EXISTS {{ ?measured fp:measuredClass ?class }} }}
                  ?metric skos:notation ?name ; dqv:expectedDataType ?type
                  FILTER(DATATYPE(?value) = ?type) }}"""
        ).rows
        reported = asked.ask(
            f"""{PREFIX} ASK {{ GRAPH <{iris.graph("meta")}> {{
                  ?corpus dqv:hasQualityMetadata ?report .
                  ?report a sh:ValidationReport ; sh:conforms true
                  FILTER NOT EXISTS {{ ?report sh:result ?result }} }} }}"""
        )
    values = {getattr(name, "value", ""): getattr(value, "value", "") for name, value in stated}
    assert values["papers-with-year"] == "0"
    assert values["shaped-papers"] == "5"
    assert values.keys() == GRAPH_METRICS.keys()
    assert reported


def test_stores_filled_in_another_order_give_the_same_figures(built: Built, iris: Iris) -> None:
    turned = Store()
    for quad in sorted(built.open(), key=str, reverse=True):
        turned.add(quad)
    assert measure(turned, iris) == measure(built.open(), iris)
