"""The learner sample: about 300 triples of the demo graph, few enough for one picture.

The papers, things and claims are chosen by hand, so that each lesson finds what it speaks of; which
triples they bring is a rule. ``make golden`` writes the file from the demo graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from ...graph.store import Store
from ...ontology.terms import DEFAULT_BASE, FP, PREFIXES

_ID: Final = f"{DEFAULT_BASE}/id/"
CLIP_DATA: Final = "paper/title:77371d4b9df8c37f"
_PAPERS: Final = (
    CLIP_DATA,
    "paper/title:977accd037d24392",
    "paper/title:c79b3812ade82f47",
    "paper/title:41a1107d2fbc004d",
    "paper/title:6e24d8c41a9bd2d9",
    "paper/title:67e0e5dd1564cf5b",
    "paper/title:8a78888e66aaff6f",
)
_THINGS: Final = (
    *("dataset/imagenet", "dataset/common-crawl", "dataset/cifar-10", "dataset/c4"),
    *("dataset/wikipedia", "dataset/gsm8k", "dataset/litsearch"),
    *("model/clip", "model/metaclip", "model/llama-2", "model/llama-2-13b", "model/llama-2-70b"),
    *("method/bm25", "method/google-search", "method/transformer", "method/deep-learning-scaling"),
    *("metric/accuracy", "metric/top-1-accuracy", "metric/perplexity", "metric/recall-at-5"),
    *("task/zero-shot-classification", "task/language-modeling"),
    *("task/scientific-literature-search", "task/machine-translation"),
)
_RESULTS: Final = (
    f"{CLIP_DATA}/r/1",
    f"{CLIP_DATA}/r/2",
    "paper/title:977accd037d24392/r/1",
    "paper/title:977accd037d24392/r/4",
    "paper/title:67e0e5dd1564cf5b/r/1",
    "paper/title:41a1107d2fbc004d/r/2",
)
_SIZES: Final = ("paper/title:67e0e5dd1564cf5b/s/1", "paper/title:6e24d8c41a9bd2d9/s/1")
# Nodes outside the instances that a kept triple may lead to.
_NAMESPACES: Final = tuple(PREFIXES[name] for name in ("fp", "fpv", "skos", "unit", "wd", "qudt"))
# Where it stands, by which run and in which text: shown for one paper only.
_EVIDENCE: Final = frozenset(
    (FP.start, FP.end, FP.inText, FP.supportedBy, PREFIXES["prov"] + "wasGeneratedBy")
)
_GRAPHS: Final = ("core", "evidence", "links")
# Derived statements are left out, so that lessons can show what a rule adds, but for these.
_DERIVED: Final = (FP.variantOf, FP.evaluatedOn)


def sample_triples(store: Store) -> list[Triple]:
    """The triples of the sample, sorted.

    Args:
        store: the demo graph, with the default base.
    """
    chosen = {_ID + each for each in (*_PAPERS, *_THINGS, *_RESULTS, *_SIZES)}
    claims = set(_iris(store, _claims(chosen)))
    shown = set(_iris(store, _support()))
    runs = set(_iris(store, _behind(shown)))
    subjects = chosen | claims | shown | runs
    kept = {
        triple
        for subject in sorted(subjects)
        for triple in store.construct(_about(subject))
        if _is_kept(triple, subjects, evidence=subject in shown)
    }
    concepts = {
        triple.object.value
        for triple in kept
        if triple.predicate.value in (FP.valueKind, FP.comparator)
        and isinstance(triple.object, NamedNode)
    }
    for concept in sorted(concepts):
        kept |= set(store.construct(_notation(concept)))
    return sorted(kept, key=str)


def sample_turtle(store: Store) -> str:
    """The sample as a Turtle file."""
    used = ("dcterms", "fp", "fpv", "oa", "prov", "rdf", "schema", "skos", "unit", "wd", "xsd")
    prefixes = {name: PREFIXES[name] for name in used}
    body = serialize(sample_triples(store), format=RdfFormat.TURTLE, prefixes=prefixes)
    assert body is not None
    return body.decode()


def _claims(chosen: set[str]) -> str:
    listed = " ".join(f"<{iri}>" for iri in sorted(chosen))
    return f"""
SELECT ?claim WHERE {{
  VALUES ?paper {{ {listed} }} VALUES ?thing {{ {listed} }}
  ?thing a <{FP.Dataset}> .
  ?claim a <{FP.Claim}> ; <{PREFIXES["rdf"]}subject> ?paper ; <{PREFIXES["rdf"]}object> ?thing
}}"""


def _support() -> str:
    """One claim with all that is behind it: the mentions of ImageNet in the first paper."""
    return f"""
SELECT ?node WHERE {{
  ?claim a <{FP.Claim}> ; <{PREFIXES["rdf"]}subject> <{_ID}{CLIP_DATA}> ;
         <{PREFIXES["rdf"]}object> <{_ID}dataset/imagenet> .
  ?claim <{FP.supportedBy}>* ?node
}}"""


def _behind(nodes: set[str]) -> str:
    listed = " ".join(f"<{iri}>" for iri in sorted(nodes))
    prov = PREFIXES["prov"]
    return f"""
SELECT ?behind WHERE {{
  VALUES ?node {{ {listed} }}
  {{ ?node <{FP.inText}> ?behind }}
  UNION {{ ?node <{prov}wasGeneratedBy> ?behind }}
  UNION {{ ?node <{prov}wasGeneratedBy>/<{prov}wasAssociatedWith> ?behind }}
}}"""


def _notation(concept: str) -> str:
    notation = PREFIXES["skos"] + "notation"
    return f"CONSTRUCT {{ <{concept}> <{notation}> ?n }} WHERE {{ <{concept}> <{notation}> ?n }}"


def _about(subject: str) -> str:
    graphs = " ".join(f"<{DEFAULT_BASE}/graph/{name}>" for name in _GRAPHS)
    derived = " ".join(f"<{iri}>" for iri in _DERIVED)
    return f"""
CONSTRUCT {{ <{subject}> ?predicate ?object }}
WHERE {{
  {{ VALUES ?graph {{ {graphs} }} GRAPH ?graph {{ <{subject}> ?predicate ?object }} }}
  UNION
  {{ VALUES ?predicate {{ {derived} }} <{subject}> ?predicate ?object }}
}}"""


def _iris(store: Store, query: str) -> Iterator[str]:
    for row in store.select(query).rows:
        if isinstance(row[0], NamedNode):
            yield row[0].value


def _is_kept(triple: Triple, subjects: set[str], *, evidence: bool) -> bool:
    predicate, object_ = triple.predicate.value, triple.object
    if predicate in _EVIDENCE and not evidence:
        return False
    if isinstance(object_, Literal):
        return True
    if not isinstance(object_, NamedNode):
        return False
    if predicate == PREFIXES["rdf"] + "type":
        return object_.value.startswith(PREFIXES["fp"]) or "prov#" in object_.value
    if predicate == PREFIXES["rdf"] + "predicate":
        return True
    return object_.value in subjects or object_.value.startswith(_NAMESPACES)
