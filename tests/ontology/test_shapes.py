"""The shapes accept a good graph and refuse each fault with a message that names it."""

from __future__ import annotations

import pytest
from pyshacl import validate
from rdflib import SH, Graph

from fairpapers.ontology.terms import PREFIXES

PAPER = "<https://w3id.org/fairpapers/id/paper/doi:10.1000:foo>"
TASK = "<https://w3id.org/fairpapers/id/task/tagging>"
TEXT = "<https://w3id.org/fairpapers/id/paper/doi:10.1000:foo/text>"


def without(kind: str, path: str) -> str:
    return f"DELETE {{ ?s {path} ?old }} WHERE {{ ?s a {kind} ; {path} ?old }}"


def instead(kind: str, path: str, value: str) -> str:
    return (
        f"DELETE {{ ?s {path} ?old }} INSERT {{ ?s {path} {value} }} "
        f"WHERE {{ ?s a {kind} ; {path} ?old }}"
    )


def beside(kind: str, path: str, value: str) -> str:
    return f"INSERT {{ ?s {path} {value} }} WHERE {{ ?s a {kind} }}"


def stray(kind: str, node: str = "<https://example.org/wrong>") -> str:
    return f"INSERT DATA {{ {node} a {kind} }}"


_PAPER_FAULTS = [
    ("is an fp:Paper whose IRI is not", stray("fp:Paper")),
    ("is an fp:Paper whose IRI is not", stray("fp:Paper", "[]")),
    (
        "needs exactly one dcterms:title, a non-empty xsd:string",
        without("fp:Paper", "dcterms:title"),
    ),
    ("needs exactly one dcterms:title, a non-empty", instead("fp:Paper", "dcterms:title", '""')),
    ("needs exactly one dcterms:title, a non-empty", beside("fp:Paper", "dcterms:title", '"B"')),
    ("needs exactly one dcterms:identifier", without("fp:Paper", "dcterms:identifier")),
    ("needs exactly one dcterms:identifier", instead("fp:Paper", "dcterms:identifier", '"x:1"')),
    ("needs exactly one fp:hasText", without("fp:Paper", "fp:hasText")),
    (
        "has a schema:datePublished that is not one xsd:gYear",
        instead("fp:Paper", "schema:datePublished", '"2024"'),
    ),
    (
        "has a schema:datePublished that is not one xsd:gYear",
        beside("fp:Paper", "schema:datePublished", '"2025"^^xsd:gYear'),
    ),
    ("has an fp:authorName that is no", beside("fp:Paper", "fp:authorName", '"Zoë"@de')),
    ("has an fp:venueName that is not one", beside("fp:Paper", "fp:venueName", '"Elsewhere"')),
    ("has an fp:doi that is not one", instead("fp:Paper", "fp:doi", '"10.1000/FOO"')),
    ("has an fp:doi that is not one", instead("fp:Paper", "fp:doi", '"https://doi.org/10.1000/a"')),
    ("has a dcterms:source that is not", instead("fp:Paper", "dcterms:source", "schema:Thing")),
    ("has a schema:url that is not one IRI", instead("fp:Paper", "schema:url", '"example.org"')),
    ("is an fp:SourceText whose IRI is not", stray("fp:SourceText")),
    ("needs exactly one fp:textSha256", instead("fp:SourceText", "fp:textSha256", '"ab"')),
    (
        "needs exactly one fp:textSha256",
        instead("fp:SourceText", "fp:textSha256", '"abcd"^^xsd:hexBinary'),
    ),
    ("needs exactly one fp:textLength", instead("fp:SourceText", "fp:textLength", '"62"')),
    ("needs exactly one fp:normalization", instead("fp:SourceText", "fp:normalization", "fpv:NFC")),
    ("has a dcterms:language that is", instead("fp:SourceText", "dcterms:language", '"English"')),
]
_RESOURCE_FAULTS = [
    ("is an fp:ResearchResource whose IRI is not", stray("fp:Task")),
    (
        "needs an rdf:type among fp:Dataset",
        stray("fp:ResearchResource", "<https://w3id.org/fairpapers/id/thing/x>"),
    ),
    ("needs exactly one skos:prefLabel", without("fp:Task", "skos:prefLabel")),
    ("needs exactly one skos:prefLabel", instead("fp:Task", "skos:prefLabel", '"tagging"@en')),
    ("needs exactly one skos:prefLabel", beside("fp:Benchmark", "skos:altLabel", '"FooBank"')),
    ("has a skos:altLabel that is no", beside("fp:Task", "skos:altLabel", '""')),
    ("needs exactly one fp:paperCount", without("fp:Task", "fp:paperCount")),
    ("needs exactly one fp:paperCount", instead("fp:Task", "fp:paperCount", "-1")),
    ("has an fp:direction that is not", instead("fp:Metric", "fp:direction", "fpv:absolute")),
    ("has an fp:direction that is not", beside("fp:Metric", "fp:direction", "fpv:lower-is-better")),
    ("has an fp:lowestValue that is not", instead("fp:Metric", "fp:lowestValue", "0")),
    ("has an fp:lowestValue that is not", instead("fp:Metric", "fp:lowestValue", "1.5")),
    ("has an fp:highestValue that is not", beside("fp:Metric", "fp:highestValue", "100.0")),
    ("has an fp:canonicalUnit that is not", instead("fp:Metric", "fp:canonicalUnit", '"%"')),
    (
        "has a direction, range or canonical unit of a metric and is neither",
        beside("fp:Task", "fp:direction", "fpv:lower-is-better"),
    ),
    ("has fp:evaluatedOn or fp:variantOf and is no", beside("fp:Task", "fp:evaluatedOn", TASK)),
    ("and is no fp:Paper", beside("fp:Task", "fp:uses", TASK)),
]
_RESULT_FAULTS = [
    ("is an fp:Result whose IRI is not", stray("fp:Result")),
    ("needs exactly one paper that fp:reportsResult it", without("fp:Paper", "fp:reportsResult")),
    ("needs exactly one fp:byMetric", without("fp:Result", "fp:byMetric")),
    ("needs exactly one fp:byMetric", beside("fp:Result", "fp:byMetric", "fp:x")),
    ("needs exactly one fp:valueLexical", without("fp:Result", "fp:valueLexical")),
    ("needs exactly one fp:value, an xsd:decimal", without("fp:Result", "fp:value")),
    ("needs exactly one fp:value, an xsd:decimal", instead("fp:Result", "fp:value", "91.3e0")),
    ("needs exactly one fp:value, an xsd:decimal", instead("fp:Result", "fp:value", '"91.3"')),
    ("has an fp:upperValue that", beside("fp:Result", "fp:upperValue", '"95"')),
    ("has an fp:valueNormalized that", beside("fp:Result", "fp:valueNormalized", "0.92")),
    ("has an fp:unit that is not one unit", instead("fp:Result", "fp:unit", '"%"')),
    ("has an fp:unit that is not one unit", beside("fp:Result", "fp:unit", "unit:SEC")),
    ("needs exactly one fp:valueKind", without("fp:Result", "fp:valueKind")),
    ("needs exactly one fp:valueKind", instead("fp:Result", "fp:valueKind", "fpv:equal-to")),
    ("needs exactly one fp:comparator", instead("fp:Result", "fp:comparator", '"="')),
    ("needs exactly one fp:inText", without("fp:Result", "fp:inText")),
    ("needs exactly one fp:start", without("fp:Result", "fp:start")),
    ("needs exactly one fp:end", without("fp:Result", "fp:end")),
    ("needs exactly one fp:confidence", without("fp:Result", "fp:confidence")),
    (
        "has a prov:wasGeneratedBy that is not one fp:ExtractionActivity",
        instead("fp:Result", "prov:wasGeneratedBy", PAPER),
    ),
]
_SIZE_FAULTS = [
    ("is an fp:Size whose IRI is not", stray("fp:Size")),
    ("needs exactly one paper that fp:reportsSize it", without("fp:Paper", "fp:reportsSize")),
    ("needs exactly one resource whose fp:size it is", without("fp:Benchmark", "fp:size")),
    (
        "needs exactly one resource whose fp:size it is",
        beside("fp:Model", "fp:size", "<https://w3id.org/fairpapers/id/paper/doi:10.1000:foo/s/1>"),
    ),
    ("needs exactly one fp:counted", without("fp:Size", "fp:counted")),
    ("needs exactly one fp:counted", instead("fp:Size", "fp:counted", '"questions"@en')),
    ("needs exactly one fp:valueLexical", without("fp:Size", "fp:valueLexical")),
    ("needs exactly one fp:value, an xsd:decimal from 0", without("fp:Size", "fp:value")),
    ("needs exactly one fp:value, an xsd:decimal from 0", instead("fp:Size", "fp:value", "137000")),
    (
        "needs exactly one fp:value, an xsd:decimal from 0",
        instead("fp:Size", "fp:value", '"-1"^^xsd:decimal'),
    ),
    ("needs exactly one fp:comparator", without("fp:Size", "fp:comparator")),
    ("needs exactly one fp:inText", without("fp:Size", "fp:inText")),
    ("needs exactly one fp:start", without("fp:Size", "fp:start")),
    ("needs exactly one fp:end", without("fp:Size", "fp:end")),
    ("needs exactly one fp:confidence", without("fp:Size", "fp:confidence")),
    (
        "has a prov:wasGeneratedBy that is not one fp:ExtractionActivity",
        instead("fp:Size", "prov:wasGeneratedBy", PAPER),
    ),
    ("is neither fp:Dataset nor fp:Model", beside("fp:Task", "fp:size", TASK)),
]
_EVIDENCE_FAULTS = [
    ("is an fp:Mention whose IRI is not", stray("fp:Mention")),
    (
        "needs exactly one fp:start",
        instead("fp:Mention", "fp:start", "7"),
    ),
    ("needs exactly one fp:start", instead("fp:Mention", "fp:start", "0.0")),
    ("needs exactly one fp:end", instead("fp:Mention", "fp:end", '"7"')),
    ("needs exactly one fp:confidence", instead("fp:Mention", "fp:confidence", "1.01")),
    (
        "needs exactly one fp:confidence",
        instead("fp:Mention", "fp:confidence", '"-0.1"^^xsd:decimal'),
    ),
    ("needs exactly one fp:confidence", instead("fp:Mention", "fp:confidence", "9.3e-1")),
    ("needs exactly one fp:surfaceForm", instead("fp:Mention", "fp:surfaceForm", f'"{"x" * 81}"')),
    ("needs exactly one fp:surfaceForm", without("fp:Mention", "fp:surfaceForm")),
    ("needs an oa:hasBody", without("fp:Mention", "oa:hasBody")),
    ("is an fp:Claim whose IRI is not", stray("fp:Claim")),
    ("needs at least one fp:supportedBy", without("fp:Claim", "fp:supportedBy")),
    ("needs exactly one prov:wasGeneratedBy", without("fp:Claim", "prov:wasGeneratedBy")),
    ("needs exactly one rdf:subject, an fp:Paper", instead("fp:Claim", "rdf:subject", TASK)),
    ("needs exactly one rdf:predicate", instead("fp:Claim", "rdf:predicate", "schema:mentions")),
    (
        "needs exactly one rdf:object, an fp:ResearchResource",
        instead("fp:Claim", "rdf:object", PAPER),
    ),
    ("needs exactly one rdf:object, an IRI", beside("fp:Claim", "rdf:object", TASK)),
    ("is an fp:ExtractionActivity whose IRI is not", stray("fp:ExtractionActivity")),
    ("needs a prov:used, an fp:Corpus", instead("fp:ExtractionActivity", "prov:used", TASK)),
    (
        "needs exactly one prov:wasAssociatedWith",
        without("fp:ExtractionActivity", "prov:wasAssociatedWith"),
    ),
    ("needs exactly one fp:modelName", without("fp:ExtractionActivity", "fp:modelName")),
    ("has an fp:modelSha256 that", instead("fp:ExtractionActivity", "fp:modelSha256", '"none"')),
    ("is a prov:SoftwareAgent without IRI", stray("prov:SoftwareAgent", "[]")),
    ("needs exactly one schema:name", without("prov:SoftwareAgent", "schema:name")),
    (
        "needs exactly one schema:softwareVersion",
        without("prov:SoftwareAgent", "schema:softwareVersion"),
    ),
    ("is an fp:Corpus without IRI", stray("fp:Corpus", "[]")),
    ("needs exactly one non-empty dcterms:title", without("fp:Corpus", "dcterms:title")),
    ("has an fp:minConfidence that is not", beside("fp:Corpus", "fp:minConfidence", "1.5")),
]
_TIME = '"2026-11-30T00:00:00Z"^^xsd:dateTime'
_REVIEW_FAULTS = [
    (
        "is rejected without the time of it",
        "DELETE { ?s prov:invalidatedAtTime ?t } WHERE { ?s prov:invalidatedAtTime ?t }",
    ),
    (
        "has one and is not rejected",
        f"INSERT {{ ?s prov:invalidatedAtTime {_TIME} }} "
        "WHERE { ?s fp:reviewStatus fpv:corrected }",
    ),
    (
        "has an fp:reviewStatus that is not one",
        "INSERT { ?s fp:reviewStatus fpv:absolute } WHERE { ?s fp:reviewStatus fpv:corrected }",
    ),
    ("needs exactly one fp:reviewedIn", without("fp:Claim", "fp:reviewedIn")),
    ("needs exactly one fp:reviewedIn", instead("fp:Claim", "fp:reviewedIn", TASK)),
    ("is an fp:Review whose IRI is not", stray("fp:Review")),
    (
        "needs exactly one prov:wasAssociatedWith, a prov:Person",
        without("fp:Review", "prov:wasAssociatedWith"),
    ),
    ("needs exactly one prov:endedAtTime", instead("fp:Review", "prov:endedAtTime", '"today"')),
    ("has an rdfs:comment that is not", instead("fp:Review", "rdfs:comment", '""')),
    ("is a prov:Person without IRI", stray("prov:Person", "[]")),
    ("has a schema:sameAs that is not", instead("prov:Person", "schema:sameAs", TASK)),
]
MEASUREMENT = "dqv:QualityMeasurement"
_QUALITY_FAULTS = [
    ("is a dqv:QualityMeasurement whose IRI is not", stray(MEASUREMENT)),
    ("needs exactly one dqv:isMeasurementOf", without(MEASUREMENT, "dqv:isMeasurementOf")),
    ("needs exactly one dqv:isMeasurementOf", instead(MEASUREMENT, "dqv:isMeasurementOf", TASK)),
    ("needs exactly one dqv:computedOn", instead(MEASUREMENT, "dqv:computedOn", TASK)),
    ("needs exactly one dqv:value", without(MEASUREMENT, "dqv:value")),
    ("needs exactly one dqv:value", instead(MEASUREMENT, "dqv:value", "71.0")),
    ("needs exactly one dqv:value", instead(MEASUREMENT, "dqv:value", '"0.71"')),
    ("needs exactly one dqv:value", instead(MEASUREMENT, "dqv:value", "-1")),
    (
        "has a prov:wasGeneratedBy that is not one fp:Evaluation",
        instead(MEASUREMENT, "prov:wasGeneratedBy", TASK),
    ),
    ("has an fp:measuredClass that", instead(MEASUREMENT, "fp:measuredClass", "fp:Paper")),
    (
        "measures accuracy and needs a prov:wasGeneratedBy",
        without(MEASUREMENT, "prov:wasGeneratedBy"),
    ),
    ("is an fp:Evaluation without IRI", stray("fp:Evaluation", "[]")),
    ("needs exactly one prov:used, an fp:GoldStandard", without("fp:Evaluation", "prov:used")),
    (
        "needs the one prov:SoftwareAgent that measured",
        without("fp:Evaluation", "prov:wasAssociatedWith"),
    ),
    ("needs the fp:modelName of the one model", without("fp:Evaluation", "fp:modelName")),
    ("needs the fp:modelSha256 of the one model", without("fp:Evaluation", "fp:modelSha256")),
    ("needs the one fp:minConfidence that was set", without("fp:Evaluation", "fp:minConfidence")),
    ("is an fp:GoldStandard without IRI", stray("fp:GoldStandard", "[]")),
    ("dcterms:title, the name of the file", without("fp:GoldStandard", "dcterms:title")),
    ("needs exactly one fp:goldSha256", instead("fp:GoldStandard", "fp:goldSha256", '"none"')),
]
_RANGE_FAULTS = [
    (f"is no fp:{kind}", beside(subject, path, TEXT if kind != "SourceText" else TASK))
    for kind, subject, path in (
        ("ResearchResource", "fp:Paper", "fp:introduces"),
        ("ResearchResource", "fp:Paper", "fp:uses"),
        ("ResearchResource", "fp:Paper", "fp:mentions"),
        ("ResearchResource", "fp:Mention", "oa:hasBody"),
        ("Model", "fp:Result", "fp:ofModel"),
        ("Model", "fp:Model", "fp:variantOf"),
        ("Method", "fp:Result", "fp:ofMethod"),
        ("Dataset", "fp:Result", "fp:ofDataset"),
        ("Dataset", "fp:Result", "fp:onDataset"),
        ("Dataset", "fp:Model", "fp:evaluatedOn"),
        ("Metric", "fp:Result", "fp:byMetric"),
        ("Task", "fp:Result", "fp:forTask"),
        ("Task", "fp:Paper", "fp:addressesTask"),
        ("Result", "fp:Paper", "fp:reportsResult"),
        ("Size", "fp:Paper", "fp:reportsSize"),
        ("Size", "fp:Model", "fp:size"),
        ("SourceText", "fp:Paper", "fp:hasText"),
        ("SourceText", "fp:Mention", "fp:inText"),
        ("Mention", "fp:Claim", "fp:supportedBy"),
    )
]
FAULTS = [
    *_PAPER_FAULTS,
    *_RESOURCE_FAULTS,
    *_RESULT_FAULTS,
    *_SIZE_FAULTS,
    *_EVIDENCE_FAULTS,
    *_REVIEW_FAULTS,
    *_QUALITY_FAULTS,
    *_RANGE_FAULTS,
]


def messages(data: Graph, shapes: Graph, ontology: Graph, *, meta: bool = False) -> list[str]:
    """The messages of the validation report; none where the data conform."""
    conforms, report, _ = validate(
        data, shacl_graph=shapes, ont_graph=ontology, meta_shacl=meta, inplace=False
    )
    assert isinstance(report, Graph)
    found = [str(text) for text in report.objects(None, SH.resultMessage)]
    assert conforms is not bool(found)
    return found


def broken(example: Graph, update: str) -> Graph:
    graph = Graph()
    graph += example
    graph.update(update, initNs=PREFIXES)
    assert set(graph) != set(example), "the update plants nothing"
    return graph


def test_shapes_are_valid_and_the_example_conforms(
    example: Graph, shapes: Graph, ontology: Graph
) -> None:
    assert messages(example, shapes, ontology, meta=True) == []


@pytest.mark.parametrize(("message", "update"), FAULTS)
def test_fault_is_reported(
    example: Graph, shapes: Graph, ontology: Graph, message: str, update: str
) -> None:
    found = messages(broken(example, update), shapes, ontology)
    assert [text for text in found if message in text], found


def test_every_message_has_a_fault(shapes: Graph) -> None:
    texts = {str(text) for text in shapes.objects(None, SH.message)}
    assert {text for text in texts if not any(message in text for message, _ in FAULTS)} == set()


def test_every_constraint_has_a_message(shapes: Graph) -> None:
    constrained = {
        *shapes.subjects(SH.path),
        *shapes.subjects(SH.pattern),
        *shapes.subjects(SH["class"]),
    }
    assert {shape for shape in constrained if (shape, SH.message, None) not in shapes} == set()


def test_a_paper_with_what_every_source_gives_conforms(
    example: Graph, shapes: Graph, ontology: Graph
) -> None:
    optional = [
        "schema:datePublished",
        "schema:url",
        "fp:doi",
        "fp:authorName",
        "fp:venueName",
        "dcterms:source",
    ]
    graph = broken(example, ";\n".join(without("fp:Paper", path) for path in optional))
    assert messages(graph, shapes, ontology) == []


def test_a_result_with_only_a_value_conforms(
    example: Graph, shapes: Graph, ontology: Graph
) -> None:
    optional = [
        "fp:valueNormalized",
        "fp:unit",
        "fp:ofModel",
        "fp:onDataset",
        "fp:forTask",
    ]
    graph = broken(example, ";\n".join(without("fp:Result", path) for path in optional))
    assert messages(graph, shapes, ontology) == []
