"""The redirects for w3id.org: each IRI of ours leads to the file or page that is about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph

from fairpapers.extract.records import LABELS
from fairpapers.graph.iris import GRAPHS, Iris
from fairpapers.ontology import (
    aligned_statements_file,
    metric_vocabulary_file,
    ontology_file,
    strict_mls_file,
    vocabulary_file,
)
from fairpapers.ontology.terms import DEFAULT_BASE, ONTOLOGY_IRI, PREFIXES

HOST = "https://fairpapers.example.org"
LATEST = f"{HOST}/releases/latest/ontology"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CONDITION = re.compile(r"RewriteCond %\{HTTP_ACCEPT\} (!?)(\S+) \[NC\]")
RULE = re.compile(r"RewriteRule (\S+) (\S+) \[([A-Z0-9=,]+)\]")
OTHER = re.compile(r"#.*|Options .*|AddType .*|RewriteEngine On|")
V = version("fairpapers")


@dataclass(frozen=True)
class Rule:
    pattern: re.Pattern[str]
    target: str
    flags: frozenset[str]
    conditions: tuple[tuple[bool, re.Pattern[str]], ...]


@pytest.fixture(scope="module")
def rules(root: Path) -> tuple[Rule, ...]:
    """Every rule with its conditions; a line that is none of what we know fails."""
    found: list[Rule] = []
    conditions: list[tuple[bool, re.Pattern[str]]] = []
    for line in (root / "ontology" / "w3id" / ".htaccess").read_text("utf-8").splitlines():
        if match := CONDITION.fullmatch(line):
            conditions.append((not match[1], re.compile(match[2], re.IGNORECASE)))
        elif match := RULE.fullmatch(line):
            flags = frozenset(match[3].split(","))
            found.append(Rule(re.compile(match[1]), match[2], flags, tuple(conditions)))
            conditions = []
        else:
            assert OTHER.fullmatch(line), line
    assert not conditions
    return tuple(found)


def follow(rules: tuple[Rule, ...], iri: str, accept: str = "text/turtle") -> str | None:
    """Where mod_rewrite would send a request for the IRI."""
    assert iri.startswith(DEFAULT_BASE)
    path = iri.partition("#")[0].removeprefix(DEFAULT_BASE).removeprefix("/")
    for rule in rules:
        wanted = all(bool(each.search(accept)) == yes for yes, each in rule.conditions)
        if wanted and (match := rule.pattern.search(path)):
            return re.sub(r"\$([1-9])", lambda group: match[int(group[1])] or "", rule.target)
    return None


def test_every_rule_is_a_final_redirect_to_the_one_host(rules: tuple[Rule, ...]) -> None:
    assert rules
    for rule in rules:
        assert rule.target.startswith(f"{HOST}/")
        assert "L" in rule.flags
        assert {"R=303", "R=307"} & rule.flags
        assert rule.pattern.pattern.startswith("^")
        assert rule.pattern.pattern.endswith("$")


@pytest.mark.parametrize(
    ("iri", "accept", "target"),
    [
        (ONTOLOGY_IRI, "text/turtle", f"{LATEST}/fairpapers.ttl"),
        (ONTOLOGY_IRI, "application/rdf+xml", f"{LATEST}/fairpapers.rdf"),
        (ONTOLOGY_IRI, "application/n-triples", f"{LATEST}/fairpapers.nt"),
        (ONTOLOGY_IRI, BROWSER, f"{HOST}/ontology"),
        (ONTOLOGY_IRI, "text/turtle, text/html;q=0.5", f"{LATEST}/fairpapers.ttl"),
        (ONTOLOGY_IRI, "*/*", f"{LATEST}/fairpapers.ttl"),
        (f"{ONTOLOGY_IRI}#uses", BROWSER, f"{HOST}/ontology"),
        (PREFIXES["fpv"], "text/turtle", f"{LATEST}/vocab.ttl"),
        (PREFIXES["fpv"], BROWSER, f"{HOST}/vocab/"),
        (f"{PREFIXES['fpv']}used", BROWSER, f"{HOST}/vocab/used"),
        (f"{PREFIXES['fpv']}metric-bleu", BROWSER, f"{HOST}/vocab/metric-bleu"),
        (f"{DEFAULT_BASE}/shapes#PaperShape", BROWSER, f"{LATEST}/shapes.ttl"),
        (f"{DEFAULT_BASE}/context", "application/ld+json", f"{LATEST}/context.jsonld"),
        (f"{DEFAULT_BASE}/context.jsonld", "*/*", f"{LATEST}/context.jsonld"),
        (
            f"{DEFAULT_BASE}/context/0.1.0",
            "*/*",
            f"{HOST}/releases/0.1.0/ontology/context.jsonld",
        ),
        (f"{ONTOLOGY_IRI}/alignments.sssom.tsv", "*/*", f"{LATEST}/alignments.sssom.tsv"),
        (DEFAULT_BASE, BROWSER, f"{HOST}/"),
        (f"{DEFAULT_BASE}/", BROWSER, f"{HOST}/"),
        (f"{DEFAULT_BASE}/agent/authors", BROWSER, f"{HOST}/"),
        (f"{DEFAULT_BASE}/sparql", "*/*", f"{HOST}/sparql"),
        (f"{DEFAULT_BASE}/queries/F02", "*/*", f"{HOST}/queries/F02"),
    ],
)
def test_an_IRI_leads_to_what_is_about_it(
    rules: tuple[Rule, ...], iri: str, accept: str, target: str
) -> None:
    assert follow(rules, iri, accept) == target


@pytest.mark.parametrize(
    "path", ["ontology/1", "ontologies", "vocab/Used", "vocab/a/b", "x", "id/", "shapes/x"]
)
def test_what_is_not_ours_leads_nowhere(rules: tuple[Rule, ...], path: str) -> None:
    assert follow(rules, f"{DEFAULT_BASE}/{path}") is None


def test_every_concept_leads_to_the_file_that_defines_it(rules: tuple[Rule, ...]) -> None:
    for path in (vocabulary_file(), metric_vocabulary_file()):
        concepts = {str(each) for each in Graph().parse(path).subjects(RDF.type)}
        ours = {each for each in concepts if each.startswith(PREFIXES["fpv"])}
        assert len(ours) > 20
        for iri in ours:
            assert follow(rules, iri) == f"{LATEST}/{path.name}", iri


@pytest.mark.parametrize("accept", ["text/turtle", "*/*", BROWSER])
def test_every_version_leads_to_its_own_file(
    rules: tuple[Rule, ...], root: Path, accept: str
) -> None:
    folder = f"{HOST}/releases/{V}/ontology"
    files = [root / "ontology" / name for name in ("fairpapers.ttl", "vocab.ttl", "shapes.ttl")]
    for path in (*files, aligned_statements_file(), strict_mls_file()):
        graph = Graph().parse(path)
        (header,) = graph.subjects(RDF.type, OWL.Ontology)
        iri = str(graph.value(header, OWL.versionIRI))
        assert follow(rules, iri, accept) == f"{folder}/{path.name}", iri
        latest = follow(rules, str(header))
        assert latest == f"{LATEST}/{path.name}", header


def test_every_kind_of_IRI_in_a_graph_leads_to_the_server(rules: tuple[Rule, ...]) -> None:
    iris = Iris(DEFAULT_BASE)
    paper = "doi:10.18653/v1/w19-3630"
    made = [
        iris.paper(paper),
        iris.text(paper),
        iris.mention(paper, 0, 5),
        iris.claim(paper, 1),
        iris.corpus(),
        iris.agent("fairpapers", "0.1.0"),
        *(iris.resource(label, "a-b.c") for label in LABELS),
        *(iris.graph(name) for name in GRAPHS),
    ]
    for iri in made:
        assert follow(rules, iri, BROWSER) == HOST + iri.removeprefix(DEFAULT_BASE)


def test_the_ontology_is_one_of_the_files(rules: tuple[Rule, ...]) -> None:
    assert follow(rules, ONTOLOGY_IRI) == f"{LATEST}/{ontology_file().name}"
