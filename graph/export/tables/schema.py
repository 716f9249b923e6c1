"""The tables of a release: every column, what it means and which property it is in the graph."""

from __future__ import annotations

from typing import Final

from ....ontology.terms import FP, PREFIXES
from .columns import Column, Table

_RDF, _PROV, _OWL, _SSSOM = (PREFIXES[name] for name in ("rdf", "prov", "owl", "sssom"))
_LABEL, _NOTATION = PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "notation"
_PAPER, _RESOURCE = "papers.paper", "resources.resource"


def _resource(
    name: str, what: str, predicate: str, *, required: bool = False
) -> tuple[Column, ...]:
    """A resource and its name."""
    return (
        Column(name, what, property=predicate, required=required, references=_RESOURCE),
        _named(name, _LABEL, f"Name of the {name.replace('_', ' ')}.", required=required),
    )


def _named(of: str, predicate: str, what: str, *, required: bool = False) -> Column:
    """A name for people beside the IRI that it belongs to."""
    suffix = "_label" if predicate == _LABEL else "_name"
    return Column(of + suffix, what, "string", predicate, required, about=of)


def _standing(what: str) -> tuple[Column, ...]:
    """Where a figure stands in the text, how sure it is, what backs it and what found it."""
    place = f"of the {what} in the text of the paper"
    return (
        Column("start", f"Start {place}.", "count", FP.start, True, unit="code points"),
        Column("end", f"End {place}, exclusive.", "count", FP.end, True, unit="code points"),
        *_sureness(what),
    )


def _sureness(what: str) -> tuple[Column, ...]:
    return (
        Column(
            "confidence",
            f"Calibrated probability that the {what} is right.",
            "share",
            FP.confidence,
            True,
        ),
        Column(
            "review_status",
            "What a person decided of it; empty where nobody has looked at it.",
            property=FP.reviewStatus,
        ),
        _named("review_status", _NOTATION, "The same as a word."),
        Column("mentions", "Mentions that support it.", property=FP.supportedBy, many=True),
        Column(
            "run",
            "Run of the extraction that found it.",
            property=_PROV + "wasGeneratedBy",
            required=True,
            references="runs.run",
        ),
    )


def _comparing(what: str) -> tuple[Column, ...]:
    return (
        Column(
            "comparator",
            f"How {what} compares with the figure.",
            property=FP.comparator,
            required=True,
        ),
        _named("comparator", _NOTATION, "The same as a sign: = ≈ > ≥ < ≤.", required=True),
    )


_OF_PAPER: Final = Column("paper", "The paper.", required=True, references=_PAPER)

TABLES: Final = (
    Table(
        "papers",
        "Papers",
        "A paper whose title and abstract were read.",
        "paper",
        ("paper",),
        (
            Column("paper", "IRI of the paper.", required=True),
            Column(
                "key",
                "Identifier with its scheme: doi, arxiv, acl, pmid, or a digest of the title.",
                "string",
                PREFIXES["dcterms"] + "identifier",
                True,
            ),
            Column("title", "Title.", "string", PREFIXES["dcterms"] + "title", True),
            Column("year", "Year of publication.", "year", PREFIXES["schema"] + "datePublished"),
            Column("venue", "Name of the venue as written.", "string", FP.venueName),
            Column("doi", "DOI, bare and lower-case.", "string", FP.doi),
            Column("source", "Where the DOI leads.", property=PREFIXES["dcterms"] + "source"),
            Column("url", "Web address that the source gives.", property=PREFIXES["schema"] + "url"),
            Column("text", "Its title and abstract.", property=FP.hasText, references="texts.text"),
        ),
        FP.Paper,
    ),
    Table(
        "authors",
        "Authors",
        "A name among the authors of a paper, as written; names do not identify people, and the"
        " graph does not keep their order.",
        "paper",
        ("paper", "name"),
        (_OF_PAPER, Column("name", "Name as written.", "string", FP.authorName, True)),
    ),
    Table(
        "texts",
        "Texts",
        "The text that offsets count in, without the text itself.",
        "text",
        ("text",),
        (
            Column("text", "IRI of the text.", required=True),
            Column("sha256", "Digest of the text in UTF-8.", "sha256", FP.textSha256, True),
            Column("length", "Length.", "count", FP.textLength, True, unit="code points"),
            Column("normalization", "How white space and characters were made uniform.",
                   property=FP.normalization, required=True),
        ),
        FP.SourceText,
    ),
    Table(
        "resources",
        "Resources",
        "A data set, model, method, metric or task, one row whatever the papers call it.",
        "resource",
        ("resource",),
        (
            Column("resource", "IRI of the resource.", required=True),
            Column("type", "Its class.", property=_RDF + "type", required=True),
            Column("kind", "The class by name: Dataset, Model, Method, Metric or Task.", "string",
                   required=True),
            Column("label", "Name.", "string", _LABEL, True),
            Column("paper_count", "Papers that name it.", "count", FP.paperCount, True,
                   unit="papers"),
            Column("direction", "Of a metric: which way it improves.", property=FP.direction),
            _named("direction", _NOTATION, "The same as words with hyphens."),
            Column("lowest_value", "Of a metric: the least value it can have.", "decimal",
                   FP.lowestValue, unit="see canonical_unit"),
            Column("highest_value", "Of a metric: the greatest value it can have.", "decimal",
                   FP.highestValue, unit="see canonical_unit"),
            Column("canonical_unit", "Of a metric: unit of its normalized values, in QUDT.",
                   property=FP.canonicalUnit),
            Column("variant_of", "The family that a model belongs to.", property=FP.variantOf,
                   references=_RESOURCE),
            Column("introduced_by", "Papers that introduce it.", many=True, references=_PAPER),
        ),
    ),
    Table(
        "aliases",
        "Aliases",
        "A further name of a resource; its first name is `label` in resources.",
        "resource",
        ("resource", "name"),
        (
            Column("resource", "The resource.", required=True, references=_RESOURCE),
            _named("resource", _LABEL, "Name of the resource.", required=True),
            Column("name", "Another name for it.", "string", PREFIXES["skos"] + "altLabel", True),
        ),
    ),
    Table(
        "statements",
        "Statements",
        "A claim of the extraction: this paper introduces, uses, mentions or addresses that"
        " resource.",
        "statement",
        ("statement",),
        (
            Column("statement", "IRI of the claim.", required=True),
            Column("paper", "The paper.", property=_RDF + "subject", required=True,
                   references=_PAPER),
            Column("relation", "The property between them.", property=_RDF + "predicate",
                   required=True),
            Column("relation_name", "The property by name.", "string", required=True),
            *_resource("resource", "The resource.", _RDF + "object", required=True),
            Column("resource_kind", "Kind of the resource.", "string", required=True),
            *_sureness("claim"),
            Column("stated", "The statement itself.", property="{relation}", about="paper",
                   value="resource", virtual=True),
        ),
        FP.Claim,
    ),
    Table(
        "mentions",
        "Mentions",
        "A span of the text of a paper and one resource that it names.",
        "mention",
        ("mention", "resource"),
        (
            Column("mention", "IRI of the mention.", required=True),
            _OF_PAPER,
            Column("text", "The text that it is in.", property=FP.inText, required=True,
                   references="texts.text"),
            Column("start", "Start in the text.", "count", FP.start, True, unit="code points"),
            Column("end", "End in the text, exclusive.", "count", FP.end, True, unit="code points"),
            Column("surface_form", "The words, at most 80 code points of them.", "string",
                   FP.surfaceForm, True),
            *_resource("resource", "The resource.", PREFIXES["oa"] + "hasBody", required=True),
            Column("resource_kind", "Kind of the resource.", "string", required=True),
            Column("confidence", "Calibrated probability that the mention is right.", "share",
                   FP.confidence, True),
        ),
        FP.Mention,
    ),
    Table(
        "results",
        "Results",
        "A figure that a paper reports: a value of a metric.",
        "result",
        ("result",),
        (
            Column("result", "IRI of the result.", required=True),
            Column("paper", "The paper.", property=FP.reportsResult, required=True,
                   about="paper", value="result", references=_PAPER),
            *_resource("metric", "The metric.", FP.byMetric, required=True),
            Column("value", "The figure, exactly; of a range the lower end.", "decimal", FP.value,
                   True, unit="see unit"),
            Column("upper_value", "The upper end of a range.", "decimal", FP.upperValue,
                   unit="see unit"),
            Column("value_lexical", "The figure as written.", "string", FP.valueLexical, True),
            Column("unit", "Unit in QUDT.", property=FP.unit),
            Column("value_normalized", "Value as a fraction, in seconds or in bytes.", "decimal",
                   FP.valueNormalized),
            Column("value_kind", "What the figure states: a score, a gain, a ratio.",
                   property=FP.valueKind, required=True),
            _named("value_kind", _NOTATION, "The same as a word.", required=True),
            *_comparing("the score"),
            *_resource("model", "The model that was measured.", FP.ofModel),
            *_resource("method", "The method that was measured.", FP.ofMethod),
            *_resource("measured_dataset", "The data set that was measured itself.", FP.ofDataset),
            *_resource("dataset", "The data set that it was measured on.", FP.onDataset),
            *_resource("task", "The task.", FP.forTask),
            *_standing("result"),
        ),
        FP.Result,
    ),
    Table(
        "sizes",
        "Sizes",
        "How large a data set or model is, as a paper states it.",
        "size",
        ("size",),
        (
            Column("size", "IRI of the size.", required=True),
            Column("paper", "The paper.", property=FP.reportsSize, required=True,
                   about="paper", value="size", references=_PAPER),
            Column("resource", "The data set or model.", property=FP.size, required=True,
                   about="resource", value="size", references=_RESOURCE),
            _named("resource", _LABEL, "Name of the data set or model.", required=True),
            Column("value", "The count.", "decimal", FP.value, True, unit="see counted"),
            Column("value_lexical", "The count as written.", "string", FP.valueLexical, True),
            Column("counted", "What is counted.", "string", FP.counted, True),
            *_comparing("the size"),
            *_standing("size"),
        ),
        FP.Size,
    ),
    Table(
        "evaluated_on",
        "Evaluations",
        "A model and a data set that it has a score on; follows from results.",
        "model",
        ("model", "dataset"),
        (
            Column("model", "The model.", required=True, references=_RESOURCE),
            _named("model", _LABEL, "Name of the model.", required=True),
            *_resource("dataset", "The data set.", FP.evaluatedOn, required=True),
        ),
    ),
    Table(
        "links",
        "Links",
        "A mapping from something here to something elsewhere.",
        "link",
        ("link",),
        (
            Column("link", "IRI of the mapping.", required=True),
            Column("subject", "What is linked.", property=_OWL + "annotatedSource", required=True),
            Column("subject_label", "Its name.", "string", _SSSOM + "subject_label", True),
            Column("predicate", "How.", property=_OWL + "annotatedProperty", required=True),
            Column("object", "What it is linked to.", property=_OWL + "annotatedTarget",
                   required=True),
            Column("object_label", "Its name there.", "string", _SSSOM + "object_label"),
            Column("justification", "On what grounds.", property=_SSSOM + "mapping_justification",
                   required=True),
            Column("confidence", "How sure it is, from 0 to 1.", "decimal",
                   _SSSOM + "confidence"),
            Column("comment", "What else is known of it.", "string",
                   PREFIXES["rdfs"] + "comment"),
            Column("stated", "The mapping itself.", property="{predicate}", about="subject",
                   value="object", virtual=True),
        ),
        _OWL + "Axiom",
    ),
    Table(
        "runs",
        "Runs",
        "Runs of the extraction by one program, version and model.",
        "run",
        ("run",),
        (
            Column("run", "IRI of the runs.", required=True),
            Column("agent", "The program in this version.", property=_PROV + "wasAssociatedWith",
                   required=True),
            Column("program", "Name of the program.", "string", PREFIXES["schema"] + "name",
                   about="agent"),
            Column("program_version", "Its version.", "string",
                   PREFIXES["schema"] + "softwareVersion", about="agent"),
            Column("model_name", "Name of the model.", "string", FP.modelName, True),
            Column("model_sha256", "Digest of the model.", "sha256", FP.modelSha256),
        ),
        FP.ExtractionActivity,
    ),
    Table(
        "measures",
        "Measures of the graph",
        "A measure of the graph itself: how complete, connected and consistent it is.",
        "measurement",
        ("measurement",),
        (
            Column("measurement", "IRI of the measurement.", required=True),
            Column("metric", "What is measured.", property=PREFIXES["dqv"] + "isMeasurementOf",
                   required=True),
            _named("metric", _NOTATION, "The same as words with hyphens.", required=True),
            Column("measured_class", "The class that it is about; empty for all together.",
                   property=FP.measuredClass),
            Column("measured_kind", "The class by name.", "string"),
            Column("value", "The figure: a share from 0 to 1, or a number of things.", "decimal",
                   required=True),
        ),
        PREFIXES["dqv"] + "QualityMeasurement",
    ),
    Table(
        "quality",
        "Quality of the extraction",
        "A measure of the extraction on annotated papers, which are not those of the graph.",
        "measurement",
        ("measurement",),
        (
            Column("measurement", "IRI of the measurement.", required=True),
            Column("metric", "What is measured.", property=PREFIXES["dqv"] + "isMeasurementOf",
                   required=True),
            _named("metric", _NOTATION, "The same as words with hyphens.", required=True),
            Column("measured_class", "The class that it is about; empty for all together.",
                   property=FP.measuredClass),
            Column("measured_kind", "The class by name.", "string"),
            Column("value", "The figure.", "share", PREFIXES["dqv"] + "value", True),
            Column("evaluation", "What measured it.", property=_PROV + "wasGeneratedBy",
                   required=True),
            Column("model_name", "Model that was measured.", "string", FP.modelName,
                   about="evaluation"),
            Column("gold", "The annotated papers.", property=_PROV + "used", about="evaluation"),
            Column("gold_title", "Their name.", "string", PREFIXES["dcterms"] + "title",
                   about="gold"),
        ),
        PREFIXES["dqv"] + "QualityMeasurement",
    ),
)  # fmt: skip


def table(name: str) -> Table:
    """The table of a name."""
    return next(table for table in TABLES if table.name == name)
