"""Every namespace and term that fairpapers writes or asks for, as constants.

``tests/ontology`` holds these equal to what ``fairpapers.ttl`` and ``vocab.ttl`` define.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ONTOLOGY_IRI: Final = "https://w3id.org/fairpapers/ontology"
DEFAULT_BASE: Final = "https://w3id.org/fairpapers"

# The namespaces that may occur in our graphs and their exports; a test refuses any other.
PREFIXES: Final[dict[str, str]] = {
    "fp": "https://w3id.org/fairpapers/ontology#",
    "fpv": "https://w3id.org/fairpapers/vocab/",
    "as": "http://www.w3.org/ns/activitystreams#",
    "bibo": "http://purl.org/ontology/bibo/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
    "ldqd": "http://www.w3.org/2016/05/ldqd#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spex": "https://purl.expasy.org/sparql-examples/ontology#",
    "sssom": "https://w3id.org/sssom/",
    "unit": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class FP:
    """Terms of the fairpapers ontology."""

    _NS: Final = PREFIXES["fp"]

    # Classes
    Paper: Final = _NS + "Paper"
    SourceText: Final = _NS + "SourceText"
    ResearchResource: Final = _NS + "ResearchResource"
    Dataset: Final = _NS + "Dataset"
    Benchmark: Final = _NS + "Benchmark"
    Model: Final = _NS + "Model"
    Method: Final = _NS + "Method"
    Metric: Final = _NS + "Metric"
    Task: Final = _NS + "Task"
    Result: Final = _NS + "Result"
    Size: Final = _NS + "Size"
    Mention: Final = _NS + "Mention"
    Claim: Final = _NS + "Claim"
    ExtractionActivity: Final = _NS + "ExtractionActivity"
    Corpus: Final = _NS + "Corpus"
    Evaluation: Final = _NS + "Evaluation"
    GoldStandard: Final = _NS + "GoldStandard"
    Review: Final = _NS + "Review"

    # Paper: authorName and venueName are names as written, doi is bare and lower-case
    authorName: Final = _NS + "authorName"
    venueName: Final = _NS + "venueName"
    doi: Final = _NS + "doi"

    # Paper to resource; introduces and uses are sub-properties of mentions
    mentions: Final = _NS + "mentions"
    uses: Final = _NS + "uses"
    introduces: Final = _NS + "introduces"
    addressesTask: Final = _NS + "addressesTask"

    # Paper to text, results and sizes
    hasText: Final = _NS + "hasText"
    reportsResult: Final = _NS + "reportsResult"
    reportsSize: Final = _NS + "reportsSize"

    # Result; ofDataset where a data set is what is measured, onDataset where it is the yardstick
    ofModel: Final = _NS + "ofModel"
    ofMethod: Final = _NS + "ofMethod"
    ofDataset: Final = _NS + "ofDataset"
    onDataset: Final = _NS + "onDataset"
    byMetric: Final = _NS + "byMetric"
    forTask: Final = _NS + "forTask"
    value: Final = _NS + "value"
    upperValue: Final = _NS + "upperValue"
    valueLexical: Final = _NS + "valueLexical"
    valueNormalized: Final = _NS + "valueNormalized"
    unit: Final = _NS + "unit"
    valueKind: Final = _NS + "valueKind"
    comparator: Final = _NS + "comparator"

    # Size, which has value, valueLexical and comparator too
    size: Final = _NS + "size"
    counted: Final = _NS + "counted"

    # Evidence
    inText: Final = _NS + "inText"
    start: Final = _NS + "start"
    end: Final = _NS + "end"
    surfaceForm: Final = _NS + "surfaceForm"
    confidence: Final = _NS + "confidence"
    supportedBy: Final = _NS + "supportedBy"
    textSha256: Final = _NS + "textSha256"
    textLength: Final = _NS + "textLength"
    normalization: Final = _NS + "normalization"
    modelName: Final = _NS + "modelName"
    modelSha256: Final = _NS + "modelSha256"

    # What people decided; a claim, result or size without a status is fpv:auto
    reviewStatus: Final = _NS + "reviewStatus"
    reviewedIn: Final = _NS + "reviewedIn"

    # Derived and descriptive
    evaluatedOn: Final = _NS + "evaluatedOn"
    paperCount: Final = _NS + "paperCount"
    direction: Final = _NS + "direction"
    lowestValue: Final = _NS + "lowestValue"
    highestValue: Final = _NS + "highestValue"
    canonicalUnit: Final = _NS + "canonicalUnit"
    variantOf: Final = _NS + "variantOf"

    # The graph as a whole, and how good the extraction is
    minConfidence: Final = _NS + "minConfidence"
    measuredClass: Final = _NS + "measuredClass"
    goldSha256: Final = _NS + "goldSha256"


class FPV:
    """Concepts and concept schemes of the fairpapers vocabularies."""

    _NS: Final = PREFIXES["fpv"]

    # Schemes
    RoleScheme: Final = _NS + "role"
    ValueKindScheme: Final = _NS + "value-kind"
    ComparatorScheme: Final = _NS + "comparator"
    NormalizationScheme: Final = _NS + "normalization"
    DirectionScheme: Final = _NS + "direction"
    ReviewStatusScheme: Final = _NS + "review-status"

    # How a paper relates to a resource
    introduced: Final = _NS + "introduced"
    used: Final = _NS + "used"
    mentioned: Final = _NS + "mentioned"

    # What a figure states
    absolute: Final = _NS + "absolute"
    improvement: Final = _NS + "improvement"
    relativeImprovement: Final = _NS + "relative-improvement"
    ratio: Final = _NS + "ratio"
    range: Final = _NS + "range"
    bound: Final = _NS + "bound"

    # How the measured quantity compares with the figure
    equalTo: Final = _NS + "equal-to"
    approximately: Final = _NS + "approximately"
    greaterThan: Final = _NS + "greater-than"
    atLeast: Final = _NS + "at-least"
    lessThan: Final = _NS + "less-than"
    atMost: Final = _NS + "at-most"

    # How the text that offsets count in was normalized
    nfcSingleSpace: Final = _NS + "nfc-single-space"

    # Which way a metric improves
    higherIsBetter: Final = _NS + "higher-is-better"
    lowerIsBetter: Final = _NS + "lower-is-better"

    # What people decided of a statement
    auto: Final = _NS + "auto"
    confirmed: Final = _NS + "confirmed"
    rejected: Final = _NS + "rejected"
    corrected: Final = _NS + "corrected"


# The scheme of the metrics, whose concepts `listed_metrics` gives.
METRIC_SCHEME: Final = PREFIXES["fpv"] + "metric"

# A concept by its skos:notation, which is what records write.
ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {"introduced": FPV.introduced, "used": FPV.used, "mentioned": FPV.mentioned}
)
VALUE_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "absolute": FPV.absolute,
        "improvement": FPV.improvement,
        "relative-improvement": FPV.relativeImprovement,
        "ratio": FPV.ratio,
        "range": FPV.range,
        "bound": FPV.bound,
    }
)
COMPARATORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "=": FPV.equalTo,
        "≈": FPV.approximately,
        ">": FPV.greaterThan,
        "≥": FPV.atLeast,
        "<": FPV.lessThan,
        "≤": FPV.atMost,
    }
)
REVIEW_STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "auto": FPV.auto,
        "confirmed": FPV.confirmed,
        "rejected": FPV.rejected,
        "corrected": FPV.corrected,
    }
)
# A dqv:Metric by its skos:notation, which is what `extract.quality` writes.
QUALITY_METRICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: PREFIXES["fpv"] + name
        for name in (
            *(
                f"{task}-{measure}"
                for task in ("mention", "overlap", "entity", "result")
                for measure in ("precision", "recall", "f1")
            ),
            "role-accuracy",
            "subject-accuracy",
            "dataset-accuracy",
            "mention-calibration-error",
            "entity-calibration-error",
        )
    }
)
# A dqv:Metric of the graph itself by its skos:notation, which is what `graph.measures` counts.
GRAPH_METRICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: PREFIXES["fpv"] + name
        for name in (
            "papers-with-resource",
            "papers-with-result",
            "papers-with-digest",
            "papers-with-year",
            "papers-with-doi",
            "results-without-dataset",
            "metrics-without-direction",
            "mentions-without-resource",
            "double-typed-names",
            "shaped-papers",
            "ambiguous-names",
            "blank-labels",
            "resources-in-one-paper",
            "linked-resources",
            "quoted-share",
            "largest-quoted-share",
            "texts-quoted-at-length",
        )
    }
)
