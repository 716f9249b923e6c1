"""What the sample records become, quad by quad and rule by rule."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from fairpapers.extract.records import Record
from fairpapers.graph.aliases import shipped_aliases
from fairpapers.graph.iris import Iris
from fairpapers.graph.mapping import Context, MappedPaper, map_paper, map_shared
from fairpapers.graph.resolution import Resolver, Resource
from fairpapers.ontology import metrics
from fairpapers.ontology.terms import FP, PREFIXES

GOLDEN = Path(__file__).parent / "sample.trig"
CLAIMABLE = {FP.introduces, FP.uses, FP.mentions, FP.addressesTask}


def mapped(
    records: Sequence[Record],
    iris: Iris,
    *,
    materialize_mentions: bool = True,
    min_confidence: float = 0.0,
) -> tuple[list[MappedPaper], list[Quad]]:
    resolver = Resolver(shipped_aliases())
    for record in records:
        resolver.add(record)
    context = Context(iris, resolver.resolve(), materialize_mentions, min_confidence)
    papers = [map_paper(record, context) for record in records]
    counts: Counter[str] = Counter()
    for paper in papers:
        counts.update(paper.resources.keys())
    shared = map_shared(
        counts,
        {iri: resource for paper in papers for iri, resource in paper.resources.items()},
        {pair for paper in papers for pair in paper.evaluated},
        {paper.generator for paper in papers},
        metrics(),
        iris,
    )
    return papers, [*(quad for paper in papers for quad in paper.quads), *shared]


@pytest.fixture(scope="module")
def quads(sample: tuple[Record, ...], iris: Iris) -> list[Quad]:
    return mapped(sample, iris)[1]


def objects(quads: Iterable[Quad], subject: str, predicate: str) -> set[str]:
    return {
        str(quad.object.value)
        for quad in quads
        if quad.subject == NamedNode(subject)
        and quad.predicate == NamedNode(predicate)
        and isinstance(quad.object, NamedNode | Literal)
    }


def _by_graph(quad: Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def test_the_sample_becomes_the_reviewed_graph(quads: list[Quad]) -> None:
    """Set UPDATE_GOLDEN=1 to write the graph anew, and read the difference before committing."""
    if os.environ.get("UPDATE_GOLDEN"):
        text = serialize(sorted(quads, key=_by_graph), format=RdfFormat.TRIG, prefixes=PREFIXES)
        assert text is not None
        GOLDEN.write_bytes(text)
    expected = Dataset(parse(path=str(GOLDEN), format=RdfFormat.TRIG))
    found = Dataset(quads)
    missing = sorted(str(quad) for quad in expected if quad not in found)
    surplus = sorted(str(quad) for quad in found if quad not in expected)
    assert (missing, surplus) == ([], [])


def test_no_quad_comes_twice_and_no_triple_is_in_two_graphs(quads: list[Quad]) -> None:
    assert len({quad.triple for quad in quads}) == len(quads)


def test_there_are_no_blank_nodes(quads: list[Quad]) -> None:
    assert not [q for q in quads if BlankNode in {type(q.subject), type(q.object)}]


def test_the_mapping_is_the_same_every_time(
    sample: tuple[Record, ...], iris: Iris, quads: list[Quad]
) -> None:
    assert mapped(sample, iris)[1] == quads


def test_every_claimable_statement_has_one_claim_with_a_mention(
    quads: list[Quad], iris: Iris
) -> None:
    core = NamedNode(iris.graph("core"))
    stated = Counter(
        (quad.subject, quad.predicate.value, quad.object)
        for quad in quads
        if quad.graph_name == core and quad.predicate.value in CLAIMABLE
    )
    by_claim: dict[str, dict[str, list[object]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and "/c/" in quad.subject.value:
            by_claim.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(
                quad.object
            )
    rdf = PREFIXES["rdf"]
    claimed = Counter(
        (
            claim[rdf + "subject"][0],
            str(claim[rdf + "predicate"][0])[1:-1],
            claim[rdf + "object"][0],
        )
        for claim in by_claim.values()
    )
    assert claimed == stated
    assert set(claimed.values()) == {1}
    assert all(claim[FP.supportedBy] for claim in by_claim.values())


def test_only_the_most_specific_relation_is_asserted(quads: list[Quad], iris: Iris) -> None:
    core = NamedNode(iris.graph("core"))
    relations = Counter(
        (quad.subject, quad.object)
        for quad in quads
        if quad.graph_name == core and quad.predicate.value in CLAIMABLE - {FP.addressesTask}
    )
    assert set(relations.values()) == {1}


def test_mentions_are_materialized_in_their_own_graph_or_not_at_all(
    sample: tuple[Record, ...], iris: Iris, quads: list[Quad]
) -> None:
    inferred = NamedNode(iris.graph("inferred"))
    without = mapped(sample, iris, materialize_mentions=False)[1]
    more = set(quads) - set(without)
    assert set(without) <= set(quads)
    assert {quad.predicate.value for quad in more} == {FP.mentions}
    assert {quad.graph_name for quad in more} == {inferred}
    stronger = [q for q in without if q.predicate.value in {FP.introduces, FP.uses}]
    assert {(q.subject, q.object) for q in more} == {(q.subject, q.object) for q in stronger}


def test_two_entities_of_one_resource_are_one_relation_of_the_stronger_role(
    sample: tuple[Record, ...], iris: Iris
) -> None:
    record = sample[4]
    names = {entity.canonical: entity for entity in record.entities}
    acronym = replace(
        names["natural language inference"], id="e99", canonical="NLI", surfaces=("NLI",)
    )
    entities = (*record.entities, replace(acronym, role="introduced", confidence=0.4))
    mentions = tuple(
        replace(each, entity="e99") if each.text == "NLI" else each for each in record.mentions
    )
    paper, found = iris.paper(record.key), iris.resource("Task", "natural-language-inference")
    quads = mapped([replace(record, entities=entities, mentions=mentions)], iris)[1]
    assert found in objects(quads, paper, FP.introduces)
    assert found not in objects(quads, paper, FP.uses)
    claims = [
        q.subject for q in quads if q.object == NamedNode(found) and "object" in str(q.predicate)
    ]
    for claim in claims:
        assert isinstance(claim, NamedNode)
        assert objects(quads, claim.value, FP.confidence) == {"0.4"}
        assert len(objects(quads, claim.value, FP.supportedBy)) == 2


def test_a_background_task_is_not_addressed(quads: list[Quad], iris: Iris) -> None:
    survey = iris.paper("arxiv:2405.06789")
    assert objects(quads, survey, FP.addressesTask) == {
        iris.resource("Task", "natural-language-inference")
    }


def test_a_data_set_can_be_what_is_measured(sample: tuple[Record, ...], iris: Iris) -> None:
    data = next(each for each in sample[0].entities if each.label == "Dataset")
    figure = replace(sample[0].results[0], subject=data.canonical)
    _, quads = mapped([replace(sample[0], results=(figure,))], iris)
    measured = objects(quads, iris.result(sample[0].key, 1), FP.ofDataset)
    assert [iri.rsplit("/", 2)[1] for iri in measured] == ["dataset"]


def test_only_absolute_results_say_what_a_model_was_evaluated_on(
    quads: list[Quad], iris: Iris
) -> None:
    assert objects(quads, iris.resource("Model", "spanforge"), FP.evaluatedOn) == {
        iris.resource("Dataset", "conll-2003"),
        iris.resource("Dataset", "ontonotes-5.0"),
    }
    assert objects(quads, iris.resource("Model", "tagllama"), FP.evaluatedOn)
    # Methods are not models, and a gain is no score.
    assert not objects(quads, iris.resource("Method", "literag"), FP.evaluatedOn)


def test_figures_without_decimal_or_metric_are_counted(
    sample: tuple[Record, ...], iris: Iris
) -> None:
    vague = replace(sample[0].results[0], value="many")
    [paper] = mapped([replace(sample[0], results=(vague,))], iris)[0]
    assert paper.skipped == {"no decimal value": 1}
    lost = replace(sample[0].results[0], metric="nothing of the sort")
    [paper] = mapped([replace(sample[0], results=(lost, *sample[0].results[1:]))], iris)[0]
    assert paper.skipped == {"no metric": 1}
    # The others keep their numbers.
    made = {str(q.subject)[1:-1] for q in paper.quads if q.predicate.value == FP.byMetric}
    assert made == {iris.result(sample[0].key, n) for n in range(2, 7)}


def test_a_range_has_both_its_ends(
    quads: list[Quad], sample: tuple[Record, ...], iris: Iris
) -> None:
    result = iris.result(sample[3].key, 2)
    assert objects(quads, result, FP.value) == {"55"}
    assert objects(quads, result, FP.upperValue) == {"60"}


def test_a_size_hangs_at_its_data_set_with_number_words_and_evidence(
    quads: list[Quad], sample: tuple[Record, ...], iris: Iris
) -> None:
    size, paper = iris.size(sample[3].key, 1), iris.paper(sample[3].key)
    assert objects(quads, paper, FP.reportsSize) == {size}
    assert objects(quads, iris.resource("Dataset", "fragebank"), FP.size) == {size}
    said = {p: objects(quads, size, p) for p in (FP.value, FP.valueLexical, FP.counted)}
    assert said == {FP.value: {"30000"}, FP.valueLexical: {"30k"}, FP.counted: {"questions"}}
    (mention,) = objects(quads, size, FP.supportedBy)
    assert objects(quads, mention, FP.surfaceForm) == {"FrageBank"}
    assert len(objects(quads, size, PREFIXES["prov"] + "wasGeneratedBy")) == 1


def test_sizes_of_nobody_of_no_number_or_below_the_threshold_give_nothing(
    sample: tuple[Record, ...], iris: Iris
) -> None:
    (good,) = sample[3].sizes
    bad = [
        replace(good, entity=None),
        replace(good, entity="nobody"),
        replace(good, entity="question answering"),
        replace(good, number="many"),
        replace(good, number="-1"),
        replace(good, confidence=0.2),
    ]
    record = replace(sample[3], sizes=(*bad, good))
    _, quads = mapped([record], iris, min_confidence=0.3)
    # What is left out does not shift the numbers of the others.
    assert objects(quads, iris.paper(record.key), FP.reportsSize) == {iris.size(record.key, 7)}


def test_parameters_are_those_of_the_model_where_a_data_set_has_its_name(
    sample: tuple[Record, ...], iris: Iris
) -> None:
    record = sample[3]
    model = next(each for each in record.entities if each.label == "Model")
    renamed = tuple(
        replace(each, canonical="FrageBank") if each == model else each for each in record.entities
    )
    (good,) = record.sizes
    sizes = (good, replace(good, of="parameters"))
    _, quads = mapped([replace(record, entities=renamed, sizes=sizes)], iris)
    for label, n in (("Dataset", 1), ("Model", 2)):
        resource = iris.resource(label, "fragebank")
        assert objects(quads, resource, FP.size) == {iris.size(record.key, n)}


def test_an_entity_without_mention_gives_nothing(sample: tuple[Record, ...], iris: Iris) -> None:
    record = sample[0]
    [paper], quads = mapped([replace(record, mentions=(), results=(), sizes=())], iris)
    assert paper.unsupported == len(record.entities)
    assert not paper.resources
    assert not [quad for quad in quads if quad.predicate.value in CLAIMABLE]


def test_long_surface_forms_are_cut(sample: tuple[Record, ...], iris: Iris) -> None:
    record = sample[0]
    long = replace(record.mentions[0], end=record.mentions[0].start + 100, text="𝔸" * 100)
    quads = mapped([replace(record, mentions=(long, *record.mentions[1:]))], iris)[1]
    iri = iris.mention(record.key, long.start, long.end)
    assert objects(quads, iri, FP.surfaceForm) == {"𝔸" * 80}


def test_offsets_lead_to_the_surface_form_in_the_text(
    sample: tuple[Record, ...], sample_texts: dict[str, str]
) -> None:
    """The sample itself: its offsets and digests belong to its texts."""
    for record in sample:
        text = sample_texts[record.id]
        assert len(text) == record.text_length
        assert all(text[m.start : m.end] == m.text for m in record.mentions)
        assert all(text[r.start : r.end] == r.value for r in record.results)
        assert all(text[s.start : s.end] == f"{s.value} {s.of}" for s in record.sizes)


def test_metadata_that_is_no_rdf_is_left_out(sample: tuple[Record, ...], iris: Iris) -> None:
    source = replace(sample[0].source, doi="not a doi", url="not a url", year=20230, venue="")
    quads = mapped([replace(sample[0], key="title:x", source=source)], iris)[1]
    paper = iris.paper("title:x")
    for predicate in (FP.doi, FP.venueName, PREFIXES["schema"] + "url"):
        assert not objects(quads, paper, predicate)
    assert not objects(quads, paper, PREFIXES["schema"] + "datePublished")


def test_metrics_know_which_way_is_better(quads: list[Quad], iris: Iris) -> None:
    better = {
        slug: objects(quads, iris.resource("Metric", slug), FP.direction)
        for slug in ("f1", "word-error-rate")
    }
    assert better == {
        "f1": {PREFIXES["fpv"] + "higher-is-better"},
        "word-error-rate": {PREFIXES["fpv"] + "lower-is-better"},
    }


def test_metrics_know_their_range_and_unit(quads: list[Quad], iris: Iris) -> None:
    properties = (FP.lowestValue, FP.highestValue, FP.canonicalUnit)
    known = {
        slug: [objects(quads, iris.resource("Metric", slug), each) for each in properties]
        for slug in ("f1", "word-error-rate", "latency", "throughput")
    }
    unitless, seconds = ({PREFIXES["unit"] + name} for name in ("UNITLESS", "SEC"))
    assert known == {
        "f1": [{"0"}, {"1"}, unitless],
        "word-error-rate": [{"0"}, set(), unitless],
        "latency": [{"0"}, set(), seconds],
        "throughput": [{"0"}, set(), set()],
    }


def test_metrics_are_linked_with_the_vocabulary(quads: list[Quad], iris: Iris) -> None:
    same, entry = PREFIXES["skos"] + "exactMatch", PREFIXES["fpv"] + "metric-f1"
    f1 = NamedNode(iris.resource("Metric", "f1"))
    links = NamedNode(iris.graph("links"))
    assert Quad(f1, NamedNode(same), NamedNode(entry), links) in quads


def test_a_metric_that_papers_confuse_with_another_has_what_both_have(iris: Iris) -> None:
    other = Resource("Metric", "MAE", "mae", ("RMSE", "mean absolute error"))
    variant = Resource("Metric", "macro F1", "macro-f1", ())
    resources = {iris.resource("Metric", each.slug): each for each in (other, variant)}
    found = list(map_shared(Counter(resources.keys()), resources, (), (), metrics(), iris))

    mae, macro = resources
    assert objects(found, mae, FP.direction) == {PREFIXES["fpv"] + "lower-is-better"}
    assert objects(found, mae, PREFIXES["skos"] + "exactMatch") == set()
    assert objects(found, macro, PREFIXES["skos"] + "broadMatch") == {PREFIXES["fpv"] + "metric-f1"}
